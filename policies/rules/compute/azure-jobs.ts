/** Batch, Automation, desktops, notebooks and other services that run code for somebody. */
import type { ControlId } from '../../../controls';
import { every, fail, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { present, setting } from '../setting';

const AUTOMATION = 'azure-native:automation:AutomationAccount';
const BATCH = 'azure-native:batch:BatchAccount';
const POOL = 'azure-native:batch:Pool';
const HOST_POOL = 'azure-native:desktopvirtualization:HostPool';
const DESKTOPS = 'azure-native:desktopvirtualization:Workspace';
const COMPUTE = 'azure-native:machinelearningservices:Compute';
const WORKSPACE = 'azure-native:machinelearningservices:Workspace';
const FACTORY = 'azure-native:datafactory:Factory';
const DATABRICKS = 'azure-native:databricks:Workspace';
const HDINSIGHT = 'azure-native:hdinsight:Cluster';
const FABRIC = 'azure-native:servicefabric:ManagedCluster';

/** Channels by which what is on a desktop leaves it; each is open unless the properties of the pool close it. */
const CHANNELS: Readonly<Record<string, RegExp>> = {
  'the clipboard (redirectclipboard:i:0)': /redirectclipboard:i:0/i,
  'drives (drivestoredirect:s:)': /drivestoredirect:s:(;|$)/i,
  'printers (redirectprinters:i:0)': /redirectprinters:i:0/i,
};

function closesChannels(pool: Resource): Outcome {
  const written = pool.at('customRdpProperty');
  if (written.state === 'unknown') return written.asUnknown();
  const open = Object.entries(CHANNELS).find(([, closed]) => !closed.test(written.shape ?? ''))?.[0];
  return open ? fail(`customRdpProperty leaves open ${open}`, 'customRdpProperty') : pass();
}

const account = (properties: object) => ({ account: { type: BATCH, properties } });
const pool = (customRdpProperty?: unknown) => ({
  pool: { type: HOST_POOL, properties: customRdpProperty === undefined ? {} : { customRdpProperty } },
});
const CLOSED = 'drivestoredirect:s:;redirectclipboard:i:0;redirectprinters:i:0;';
const batchPool = (userAccounts: readonly object[]) => ({ pool: { type: POOL, properties: { userAccounts } } });

export const AZURE_JOBS = {
  'DID-05': {
    azure: [
      setting({
        on: AUTOMATION,
        at: 'publicNetworkAccess',
        is: [false],
        not: true,
        unset: true,
        severity: 'medium',
        from: 'moderate',
        fix: 'Set publicNetworkAccess: false and add a private endpoint.',
      }),
      setting({
        on: [WORKSPACE, FACTORY, DATABRICKS, HOST_POOL, DESKTOPS],
        at: 'publicNetworkAccess',
        is: ['Disabled'],
        not: 'Enabled',
        severity: 'medium',
        from: 'moderate',
        fix: "Set publicNetworkAccess: 'Disabled' and add a private endpoint.",
      }),
    ],
  },
  'LPA-14': {
    azure: [
      setting({
        on: AUTOMATION,
        at: 'disableLocalAuth',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set disableLocalAuth: true, so that agents and webhooks need an identity of the directory.',
      }),
      rule({
        on: BATCH,
        check: (one) => {
          const modes = one.at('allowedAuthenticationModes');
          if (modes.state === 'absent') return fail('allowedAuthenticationModes is not set: shared keys are accepted', modes.path);
          return every(modes.items(), (mode) =>
            mode.isNoneOf(['SharedKey']).verdict === 'pass'
              ? pass()
              : mode.state === 'known'
                ? fail(`${modes.path} lists SharedKey`, modes.path)
                : mode.asUnknown(),
          );
        },
        severity: 'medium',
        fix: "Set allowedAuthenticationModes: ['AAD', 'TaskAuthenticationToken'].",
        pass: [{ resources: account({ allowedAuthenticationModes: ['AAD', 'TaskAuthenticationToken'] }) }],
        fail: [{ resources: account({}) }, { resources: account({ allowedAuthenticationModes: ['SharedKey', 'AAD'] }) }],
        unknown: [{ resources: account({ allowedAuthenticationModes: { $unknown: 'config value' } }) }],
      }),
      setting({
        on: BATCH,
        at: 'autoStorage.authenticationMode',
        is: ['BatchAccountManagedIdentity'],
        not: 'StorageKeys',
        unset: 'StorageKeys',
        where: { at: 'autoStorage.storageAccountId', is: ['/storageAccounts/jobs'] },
        severity: 'medium',
        fix: "Set autoStorage.authenticationMode: 'BatchAccountManagedIdentity'.",
      }),
      setting({
        on: COMPUTE,
        at: 'properties.disableLocalAuth',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set properties.disableLocalAuth: true, so that nobody signs in to the compute by key or password.',
      }),
      setting({
        on: WORKSPACE,
        at: 'systemDatastoresAuthMode',
        is: ['Identity', 'UserDelegationSAS'],
        not: 'AccessKey',
        unset: 'AccessKey',
        severity: 'low',
        from: 'moderate',
        fix: "Set systemDatastoresAuthMode: 'Identity', so that the workspace reads its stores without account keys.",
      }),
    ],
  },
  'DID-22': {
    azure: [
      present({
        on: POOL,
        at: 'networkConfiguration.subnetId',
        like: '/virtualNetworks/n/subnets/jobs',
        else: 'networkConfiguration.subnetId is not set: jobs run on a shared network',
        from: 'moderate',
        fix: 'Set networkConfiguration.subnetId to a subnet of the workload.',
      }),
      present({
        on: COMPUTE,
        at: 'properties.properties.subnet',
        like: { id: '/virtualNetworks/n/subnets/ml' },
        where: { at: 'properties.computeType', is: ['AmlCompute', 'ComputeInstance'] },
        else: 'properties.properties.subnet is not set: notebooks and jobs run on a shared network',
        from: 'moderate',
        fix: 'Set properties.properties.subnet.id, or use the managed network of the workspace.',
      }),
      setting({
        on: DATABRICKS,
        at: 'parameters.enableNoPublicIp.value',
        is: [true],
        not: false,
        severity: 'medium',
        from: 'moderate',
        fix: 'Set parameters.enableNoPublicIp.value: true.',
      }),
      present({
        on: DATABRICKS,
        at: 'parameters.customVirtualNetworkId.value',
        like: '/virtualNetworks/n',
        else: 'parameters.customVirtualNetworkId is not set: clusters run on a network of the service',
        severity: 'medium',
        from: 'moderate',
        fix: 'Set parameters.customVirtualNetworkId.value and the names of its two subnets.',
      }),
    ],
  },
  'DID-04': {
    azure: [
      setting({
        on: COMPUTE,
        at: 'properties.properties.enableNodePublicIp',
        is: [false],
        not: true,
        unset: true,
        where: { at: 'properties.computeType', is: ['AmlCompute', 'ComputeInstance'] },
        from: 'moderate',
        severity: 'medium',
        fix: 'Set properties.properties.enableNodePublicIp: false; the SDK writes true.',
      }),
      setting({
        on: POOL,
        at: 'networkConfiguration.publicIPAddressConfiguration.provision',
        is: ['NoPublicIPAddresses'],
        not: 'BatchManaged',
        unset: 'BatchManaged',
        severity: 'medium',
        from: 'moderate',
        fix: "Set networkConfiguration.publicIPAddressConfiguration.provision: 'NoPublicIPAddresses'.",
      }),
    ],
  },
  'DID-12': {
    azure: [
      setting({
        on: COMPUTE,
        at: 'properties.properties.sshSettings.sshPublicAccess',
        is: ['Disabled'],
        not: 'Enabled',
        unset: 'Disabled',
        where: { at: 'properties.computeType', is: ['ComputeInstance'] },
        severity: 'high',
        fix: "Set properties.properties.sshSettings.sshPublicAccess: 'Disabled'.",
      }),
      setting({
        on: COMPUTE,
        at: 'properties.properties.remoteLoginPortPublicAccess',
        is: ['Disabled', 'NotSpecified'],
        not: 'Enabled',
        unset: 'NotSpecified',
        where: { at: 'properties.computeType', is: ['AmlCompute'] },
        severity: 'high',
        fix: "Set properties.properties.remoteLoginPortPublicAccess: 'Disabled'.",
      }),
      setting({
        on: FABRIC,
        at: 'allowRdpAccess',
        is: [false],
        not: true,
        unset: false,
        severity: 'high',
        fix: 'Set allowRdpAccess: false and administer nodes through Bastion.',
      }),
    ],
  },
  'DID-14': {
    azure: rule({
      on: POOL,
      check: (one) => every(one.at('userAccounts').items(), (user) => user.at('elevationLevel').orDefault('NonAdmin').is('NonAdmin')),
      severity: 'medium',
      fix: "Set elevationLevel: 'NonAdmin' for the accounts that tasks run as.",
      pass: [
        { resources: batchPool([{ name: 'u', elevationLevel: 'NonAdmin' }]) },
        { resources: { pool: { type: POOL, properties: {} } } },
      ],
      fail: [{ resources: batchPool([{ name: 'u', elevationLevel: 'Admin' }]) }],
    }),
  },
  'ENC-02': {
    azure: [
      setting({
        on: AUTOMATION,
        at: 'encryption.keySource',
        is: ['Microsoft.Keyvault'],
        not: 'Microsoft.Automation',
        unset: 'Microsoft.Automation',
        severity: 'medium',
        from: 'high',
        fix: "Set encryption: { keySource: 'Microsoft.Keyvault', keyVaultProperties } with a key of the workload.",
      }),
      setting({
        on: BATCH,
        at: 'encryption.keySource',
        is: ['Microsoft.KeyVault'],
        not: 'Microsoft.Batch',
        unset: 'Microsoft.Batch',
        severity: 'medium',
        from: 'moderate',
        fix: "Set encryption: { keySource: 'Microsoft.KeyVault', keyVaultProperties } with a key of the workload.",
      }),
      present({
        on: WORKSPACE,
        at: 'encryption.keyVaultProperties.keyIdentifier',
        like: 'https://v.vault.azure.net/keys/ml',
        else: 'encryption.keyVaultProperties is not set: Microsoft holds the key',
        severity: 'medium',
        from: 'moderate',
        fix: 'Set encryption with keyVaultProperties of a key of the workload.',
      }),
      present({
        on: FACTORY,
        at: 'encryption.keyName',
        like: 'factory',
        else: 'encryption.keyName is not set: Microsoft holds the key',
        severity: 'medium',
        from: 'moderate',
        fix: 'Set encryption with keyName, vaultBaseUrl and identity.',
      }),
    ],
  },
  'ENC-01': {
    azure: setting({
      on: HDINSIGHT,
      at: 'properties.computeProfile.roles[].encryptDataDisks',
      is: [true],
      not: false,
      unset: false,
      severity: 'medium',
      fix: 'Set encryptDataDisks: true for each role of the cluster.',
    }),
  },
  'TLS-06': {
    azure: setting({
      on: HDINSIGHT,
      at: 'properties.encryptionInTransitProperties.isEncryptionInTransitEnabled',
      is: [true],
      not: false,
      unset: false,
      fix: 'Set properties.encryptionInTransitProperties.isEncryptionInTransitEnabled: true.',
    }),
  },
  'IDA-10': {
    azure: rule({
      on: [AUTOMATION, BATCH, FACTORY],
      check: (one) => {
        const type = one.at('identity.type');
        return type.state === 'absent'
          ? fail('identity is not set: what runs there has to keep keys', 'identity')
          : type.matches(/Assigned/i);
      },
      severity: 'low',
      fix: "Set identity: { type: 'SystemAssigned' }, or UserAssigned with an identity of its own.",
      pass: [
        { resources: { one: { type: AUTOMATION, properties: { identity: { type: 'SystemAssigned' } } } } },
        { resources: { one: { type: BATCH, properties: { identity: { type: 'UserAssigned' } } } } },
        { resources: { one: { type: FACTORY, properties: { identity: { type: 'SystemAssigned' } } } } },
      ],
      fail: [
        { resources: { one: { type: AUTOMATION, properties: {} } } },
        { resources: { one: { type: BATCH, properties: { identity: { type: 'None' } } } } },
      ],
    }),
  },
  'EXP-09': {
    azure: rule({
      on: HOST_POOL,
      check: closesChannels,
      from: 'moderate',
      fix: `Set customRdpProperty to '${CLOSED}'.`,
      pass: [{ resources: pool(CLOSED) }, { resources: pool('redirectprinters:i:0;redirectclipboard:i:0;drivestoredirect:s:') }],
      fail: [
        { resources: pool() },
        { resources: pool('drivestoredirect:s:*;redirectclipboard:i:0;redirectprinters:i:0') },
        { resources: pool('audiomode:i:0') },
      ],
      unknown: [{ resources: pool({ $unknown: 'config value' }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
