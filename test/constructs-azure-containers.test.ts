import { describe, expect, it } from 'vitest';
import {
  type NodePoolSpec,
  SecureContainerApp,
  type SecureContainerAppArgs,
  SecureContainerEnvironment,
  type SecureContainerEnvironmentArgs,
  SecureKubernetesCluster,
  type SecureKubernetesClusterArgs,
  SecureRegistry,
  type SecureRegistryArgs,
  type Tier,
} from '../constructs/azure';
import { evaluate } from '../policies/evaluate';
import { RULES } from '../policies/rules';
import { bareSurroundings } from './support/azure-bare';
import { TODAY } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';
import { run } from './support/azure-program';
import { clusterArgs, IMAGE, leastEnvironment } from './support/least-azure/containers';
import { relaxationOf } from './support/relaxation';

const TIERS = ['low', 'moderate', 'high'] as const;

const registry = (tier: Tier, args: Partial<SecureRegistryArgs> = {}, use: (made: SecureRegistry) => void = () => {}) =>
  run(
    () => {
      const { common, logs, network, vault } = bareSurroundings(tier);
      const made = new SecureRegistry('images', { ...common, logs, network, key: vault.key('images'), ...args });
      use(made);
      return made;
    },
    { config: TODAY },
  );

describe('SecureRegistry', () => {
  it('refuses passwords, strangers, exports and every network, at every tier', async () => {
    for (const tier of TIERS) {
      const { inputs } = (await registry(tier)).program.named('images-registry');
      expect(inputs).toMatchObject({
        sku: { name: 'Premium' },
        adminUserEnabled: false,
        anonymousPullEnabled: false,
        dataEndpointEnabled: true,
        networkRuleBypassOptions: 'None',
        networkRuleSet: { defaultAction: 'Deny', ipRules: [] },
        publicNetworkAccess: 'Disabled',
        zoneRedundancy: 'Enabled',
      });
      expect(inputs.policies).toEqual({
        azureADAuthenticationAsArmPolicy: { status: tier === 'high' ? 'disabled' : 'enabled' },
        exportPolicy: { status: 'disabled' },
        quarantinePolicy: { status: tier === 'high' ? 'enabled' : 'disabled' },
        retentionPolicy: { status: 'disabled', days: 7 },
        softDeletePolicy: { status: 'enabled', retentionDays: 35 },
        trustPolicy: { type: 'Notary', status: 'disabled' },
      });
    }
  });

  it('encrypts with a key that it follows, by an identity that the vault lets through', async () => {
    const encryption = async (args: Partial<SecureRegistryArgs> = {}) =>
      (await registry('moderate', args)).program.named('images-registry').inputs.encryption;
    const { keyVaultProperties, status } = await encryption();
    expect(status).toBe('enabled');
    expect(keyVaultProperties.keyIdentifier).toMatch(/vault\.azure\.net\/keys\/images$/);
    expect((await encryption({ keyIdentity: 'system-assigned' })).keyVaultProperties.identity).toBe('system');
    const { program } = await registry('moderate', { keyIdentity: 'system-assigned' });
    expect(program.named('images-own-key-use').inputs.scope).toContain('images');
  });

  it('is reached by a private endpoint, for images and their layers, and records who came', async () => {
    const { program } = await registry('high');
    const zones = program.named('images-endpoint-dns').inputs.privateDnsZoneConfigs.map(({ name }: { name: string }) => name);
    expect(zones).toEqual(['privatelink-azurecr-io', 'westeurope-data-privatelink-azurecr-io']);
    expect(program.named('images-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
    expect(program.named('images-registry-lock').inputs.level).toBe('CanNotDelete');
  });

  it('lets one principal pull, and nothing else', async () => {
    const { program } = await registry('low', {}, (made) => made.grantPull('app', { principalId: 'p', principalType: 'ServicePrincipal' }));
    expect(program.named('images-pull-app').inputs).toMatchObject({
      scope: expect.stringContaining('images-registry'),
      roleDefinitionId: expect.stringContaining('7f951dda-4ed3-4680-a7ca-43fe172d538d'),
    });
  });

  it('asks for what its tier demands, and for a waiver where that is loosened', async () => {
    await expect(registry('moderate', { key: undefined } as never)).rejects.toThrow(/tier moderate needs `key` \(ENC-02\)/);
    await expect(registry('moderate', { network: undefined } as never)).rejects.toThrow(/needs `network` \(DID-05\)/);
    await expect(registry('high', { quarantine: false })).rejects.toThrow(/quarantine: false breaks SDC-14/);
    await expect(registry('high', { controlPlaneTokens: true })).rejects.toThrow(/controlPlaneTokens breaks LPA-14/);
    await expect(registry('low', { registryName: 'my-images' })).rejects.toThrow(
      /registryName is "my-images"; write 5 to 50 letters and digits/,
    );
    const { program } = await registry('high', { controlPlaneTokens: true, relax: [relaxationOf('LPA-14')] });
    expect(program.named('images-registry').inputs.policies.azureADAuthenticationAsArmPolicy.status).toBe('enabled');
    expect(program.named('images-waiver-lpa-14').inputs.ticket).toBe('SEC-1201');
  });
});

const cluster = (tier: Tier, args: Partial<SecureKubernetesClusterArgs> = {}, use: (made: SecureKubernetesCluster) => void = () => {}) =>
  run(
    () => {
      const made = new SecureKubernetesCluster('cases', { ...clusterArgs(bareSurroundings(tier), 'cases'), ...args });
      use(made);
      return made;
    },
    { config: TODAY },
  );
const clusterOf = async (tier: Tier, args: Partial<SecureKubernetesClusterArgs> = {}) =>
  (await cluster(tier, args)).program.named('cases-cluster').inputs;

describe('SecureKubernetesCluster', () => {
  it('is reached from its network only, by people whom the directory knows', async () => {
    for (const tier of TIERS) {
      const { aadProfile, apiServerAccessProfile, disableLocalAccounts, enableRBAC } = await clusterOf(tier);
      expect(apiServerAccessProfile).toEqual({
        enablePrivateCluster: true,
        enablePrivateClusterPublicFQDN: false,
        enableVnetIntegration: true,
        subnetId: expect.stringContaining('/subnets/apiserver'),
        privateDNSZone: expect.stringContaining('azmk8s'),
        disableRunCommand: true,
      });
      expect(aadProfile).toMatchObject({ managed: true, enableAzureRBAC: true, adminGroupObjectIDs: [] });
      expect({ disableLocalAccounts, enableRBAC }).toEqual({ disableLocalAccounts: true, enableRBAC: true });
    }
  });

  it('hardens every node of every pool', async () => {
    const { program } = await cluster('moderate', {}, (made) => made.pool('work', { size: 'Standard_D8s_v5', min: 1, fips: true }));
    const [system] = program.named('cases-cluster').inputs.agentPoolProfiles;
    const work = program.named('cases-pool-work').inputs;
    for (const pool of [system, work])
      expect(pool).toMatchObject({
        enableEncryptionAtHost: true,
        enableNodePublicIP: false,
        osSKU: 'AzureLinux',
        securityProfile: { enableSecureBoot: true, enableVTPM: true, sshAccess: 'Disabled' },
        vnetSubnetID: expect.stringContaining('/subnets/nodes'),
      });
    expect(system).toMatchObject({
      name: 'system',
      mode: 'System',
      nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
      minCount: 3,
      maxCount: 6,
    });
    expect(work).toMatchObject({ agentPoolName: 'work', mode: 'User', nodeTaints: [], minCount: 1, maxCount: 2, enableFIPS: true });
  });

  it('lets pods talk to named peers, and out through the firewall only', async () => {
    const { networkProfile } = await clusterOf('high', { serviceRange: '172.24.0.0/16' });
    expect(networkProfile).toMatchObject({
      networkPolicy: 'cilium',
      outboundType: 'userDefinedRouting',
      serviceCidr: '172.24.0.0/16',
      dnsServiceIP: '172.24.0.10',
    });
    expect(networkProfile).toMatchObject({ networkPluginMode: 'overlay', podCidr: '10.244.0.0/16' });
    const closed = await clusterOf('high', { bootstrapRegistryId: '/registries/bootstrap' });
    expect(closed.networkProfile.outboundType).toBe('none');
    expect(closed.bootstrapProfile).toEqual({ artifactSource: 'Cache', containerRegistryId: '/registries/bootstrap' });
  });

  it('places pods in a subnet with rules of its own where one is named', async () => {
    const { program } = await cluster('low', { podSubnetId: '/subnets/pods' }, (made) => made.pool('work', { size: 'Standard_D8s_v5' }));
    const { agentPoolProfiles, networkProfile } = program.named('cases-cluster').inputs;
    expect([agentPoolProfiles[0].podSubnetID, program.named('cases-pool-work').inputs.podSubnetID]).toEqual([
      '/subnets/pods',
      '/subnets/pods',
    ]);
    expect(networkProfile).toMatchObject({ networkPlugin: 'azure', networkPolicy: 'cilium' });
    expect([networkProfile.networkPluginMode, networkProfile.podCidr]).toEqual([undefined, undefined]);
  });

  it('has keys of the workload for disks from tier moderate, and for secrets at tier high', async () => {
    const moderate = await clusterOf('moderate');
    expect(moderate.diskEncryptionSetID).toContain('cases-disks-set');
    expect(moderate.securityProfile.azureKeyVaultKms).toEqual({ enabled: false });
    const { program } = await cluster('high');
    const { azureKeyVaultKms } = program.named('cases-cluster').inputs.securityProfile;
    expect(azureKeyVaultKms).toMatchObject({ enabled: true, keyVaultNetworkAccess: 'Private' });
    expect(azureKeyVaultKms.keyVaultResourceId).not.toContain('/keys/');
    expect(program.named('cases-role-secrets').inputs.roleDefinitionId).toContain('12338af0-0e69-4776-bea7-57ae8d297424');
  });

  it('is watched: audit log, Defender, policies, and the output of pods', async () => {
    const { program } = await cluster('moderate');
    const { addonProfiles, securityProfile } = program.named('cases-cluster').inputs;
    expect(addonProfiles).toMatchObject({
      azurepolicy: { enabled: true },
      azureKeyvaultSecretsProvider: { enabled: true, config: { enableSecretRotation: 'true' } },
      omsagent: { enabled: true, config: { useAADAuth: 'true' } },
    });
    expect(securityProfile.defender.securityMonitoring.enabled).toBe(true);
    expect(program.named('cases-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
    expect(program.named('cases-collection').inputs.dataCollectionRuleId).toContain('cases-pods');
  });

  it('gives people namespaces, pods identities, and nodes images', async () => {
    const { program } = await cluster('low', {}, (made) => {
      made.grantAccess('deployers', { principalId: 'g', principalType: 'Group' }, 'edit', ['cases']);
      made.workloadIdentity('importer', { namespace: 'cases', serviceAccount: 'importer' });
      made.allowPull('images', '/registries/images');
    });
    expect(program.named('cases-access-deployers-cases').inputs).toMatchObject({
      scope: expect.stringMatching(/cases-cluster\/namespaces\/cases$/),
      roleDefinitionId: expect.stringContaining('a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb'),
    });
    expect(program.named('cases-workload-importer-trust').inputs).toMatchObject({
      subject: 'system:serviceaccount:cases:importer',
      audiences: ['api://AzureADTokenExchange'],
    });
    expect(program.named('cases-pull-images').inputs).toMatchObject({
      principalId: 'cases-node-identity-principal',
      scope: '/registries/images',
    });
  });

  it('refuses what has no support, no network or no name, in one line', async () => {
    await expect(cluster('low', { version: '1.29' })).rejects.toThrow(/version is "1.29"; write 1.34 or later \(VUL-10\)/);
    await expect(cluster('low', { subnetId: '' })).rejects.toThrow(
      /subnetId is missing; the cluster stands in a network of yours \(DID-22\)/,
    );
    await expect(cluster('high', { key: undefined } as never)).rejects.toThrow(/tier high needs `key` \(ENC-02\)/);
    const key = { keyId: '/vaults/v/keys/k', keyName: 'k', vaultUri: 'https://v.vault.azure.net' };
    await expect(cluster('low', { key })).rejects.toThrow(/key has no versionedKeyUri/);
    const pool = (name: string, spec: Partial<NodePoolSpec> = {}) =>
      cluster('low', {}, (made) => made.pool(name, { size: 'Standard_D2s_v5', ...spec }));
    await expect(pool('Work')).rejects.toThrow(/pool "Work": write a name of 1 to 12 small letters and digits/);
    await expect(pool('work', { min: 5, max: 2 })).rejects.toThrow(/min is 5 and max is 2/);
    const everywhere = cluster('low', {}, (made) => made.grantAccess('x', { principalId: 'g', principalType: 'Group' }, 'view', []));
    await expect(everywhere).rejects.toThrow(/names no namespace.*\(LPA-01\)/);
  });
});

const environment = (tier: Tier, args: Partial<SecureContainerEnvironmentArgs> = {}) =>
  run(() => {
    const { common, logs } = bareSurroundings(tier);
    return new SecureContainerEnvironment('place', { ...common, logs, subnetId: '/virtualNetworks/n/subnets/apps', ...args });
  });

describe('SecureContainerEnvironment', () => {
  it('has no public address, and encrypts what apps say to each other', async () => {
    for (const tier of TIERS)
      expect((await environment(tier)).program.named('place-environment').inputs).toMatchObject({
        publicNetworkAccess: 'Disabled',
        vnetConfiguration: { infrastructureSubnetId: '/virtualNetworks/n/subnets/apps', internal: true },
        peerTrafficConfiguration: { encryption: { enabled: true } },
        peerAuthentication: { mtls: { enabled: tier === 'high' } },
        appLogsConfiguration: { destination: 'azure-monitor' },
        zoneRedundant: true,
      });
  });

  it('resolves the names of its apps within the network', async () => {
    const { program } = await environment('low');
    expect(program.named('place-zone-link').inputs.virtualNetwork.id).toBe('/virtualNetworks/n');
    expect(program.named('place-zone-apps').inputs).toMatchObject({ relativeRecordSetName: '*', recordType: 'A' });
  });

  it('has machines of its own where they are asked for', async () => {
    const { workloadProfiles } = (await environment('low', { workloadProfiles: [{ name: 'big', type: 'D8' }] })).program.named(
      'place-environment',
    ).inputs;
    expect(workloadProfiles).toEqual([
      { name: 'Consumption', workloadProfileType: 'Consumption' },
      { name: 'big', workloadProfileType: 'D8', minimumCount: 3, maximumCount: 6, enableFips: false },
    ]);
  });

  it('refuses to stand outside a network, or unrecorded from tier moderate', async () => {
    await expect(environment('low', { subnetId: '' })).rejects.toThrow(/subnetId is missing.*\(DID-22\)/);
    await expect(environment('moderate', { logs: undefined } as never)).rejects.toThrow(/tier moderate needs `logs` \(LOG-19\)/);
  });
});

const app = (tier: Tier, args: Partial<SecureContainerAppArgs> = {}) =>
  run(
    () => {
      const around = bareSurroundings(tier);
      return new SecureContainerApp('service', {
        ...around.common,
        environment: leastEnvironment(around, 'place'),
        containers: [{ name: 'service', image: IMAGE }],
        ingress: { port: 8080 },
        ...args,
      });
    },
    { config: TODAY },
  );
const appOf = async (tier: Tier, args: Partial<SecureContainerAppArgs> = {}) => (await app(tier, args)).program.named('service-app').inputs;

describe('SecureContainerApp', () => {
  it('is called over TLS and from inside only; at the high tier by whoever shows a certificate', async () => {
    for (const tier of TIERS)
      expect((await appOf(tier)).configuration.ingress).toMatchObject({
        external: false,
        allowInsecure: false,
        clientCertificateMode: tier === 'high' ? 'require' : 'accept',
      });
    const published = (await appOf('high', { ingress: { port: 8080, reach: 'network' } })).configuration.ingress;
    expect(published).toMatchObject({ external: true, allowInsecure: false, clientCertificateMode: 'accept' });
  });

  it('pulls images and reads secrets by its own identity, and holds neither', async () => {
    const { program } = await app('moderate', {
      registry: { id: '/registries/images', loginServer: 'cases.azurecr.io' },
      secrets: { database: { secretId: '/vaults/v/secrets/database', uri: 'https://v.vault.azure.net/secrets/database' } },
      containers: [{ name: 'service', image: IMAGE, secrets: { DB_PASSWORD: 'database' }, environment: { MODE: 'cases' } }],
    });
    const { configuration, template } = program.named('service-app').inputs;
    expect(configuration.registries).toEqual([{ server: 'cases.azurecr.io', identity: expect.stringContaining('service-identity') }]);
    expect(configuration.secrets).toEqual([
      {
        name: 'database',
        keyVaultUrl: 'https://v.vault.azure.net/secrets/database',
        identity: expect.stringContaining('service-identity'),
      },
    ]);
    expect(template.containers[0].env).toEqual([
      { name: 'MODE', value: 'cases' },
      { name: 'DB_PASSWORD', secretRef: 'database' },
    ]);
    expect(program.named('service-secret-database').inputs.scope).toBe('/vaults/v/secrets/database');
    expect(program.named('service-pull').inputs.scope).toBe('/registries/images');
  });

  it('is asked whether it works, and runs twice from tier moderate', async () => {
    const health = { path: '/healthy', port: 8080 };
    const { template } = await appOf('moderate', { containers: [{ name: 'service', image: IMAGE, health }] });
    expect(template.scale).toEqual({ minReplicas: 2, maxReplicas: 10 });
    expect(template.containers[0].probes.map(({ httpGet, type }: never) => [type, httpGet])).toEqual([
      ['Liveness', { ...health, scheme: 'HTTP' }],
      ['Readiness', { ...health, scheme: 'HTTP' }],
    ]);
    expect((await appOf('low')).template.containers[0].probes[0].tcpSocket).toEqual({ port: 8080 });
  });

  it('refuses images that can change, secrets that it has not, and callers from everywhere, in one line', async () => {
    const refused: readonly (readonly [Partial<SecureContainerAppArgs>, RegExp])[] = [
      [
        { containers: [{ name: 'a', image: 'cases.azurecr.io/a:1.0' }] },
        /image "cases.azurecr.io\/a:1.0" can change; name it by digest.*\(SDC-14\)/,
      ],
      [
        { containers: [{ name: 'a', image: IMAGE, secrets: { KEY: 'key' } }] },
        /reads the secret "key", which is not among the app's secrets/,
      ],
      [{ containers: [] }, /containers is empty/],
      [{ ingress: { port: 1, allowedOrigins: ['*'] } }, /allowedOrigins names "\*".*\(DID-21\)/],
      [{ ingress: { port: 1, clientCertificates: 'ignore' } }, /clientCertificates: 'ignore' breaks TLS-07/],
      [{ minReplicas: 3, maxReplicas: 2 }, /minReplicas is 3 and maxReplicas is 2/],
    ];
    for (const [args, message] of refused) await expect(app('high', args)).rejects.toThrow(message);
  });

  it('records the waiver where callers show no certificate', async () => {
    const { program } = await app('high', { ingress: { port: 1, clientCertificates: 'ignore' }, relax: [relaxationOf('TLS-07')] });
    expect(program.named('service-app').inputs.configuration.ingress.clientCertificateMode).toBe('ignore');
    expect(program.named('service-waiver-tls-07').inputs.rule).toBe('TLS-07');
  });
});

describe('what somebody weakens from outside', () => {
  const WEAKENED: readonly (readonly [type: string, path: string, value: unknown, rule: string])[] = [
    ['containerregistry:Registry', 'adminUserEnabled', true, 'LPA-14.containers'],
    ['containerregistry:Registry', 'policies.exportPolicy.status', 'enabled', 'EXP-01.containers'],
    ['containerregistry:Registry', 'networkRuleBypassOptions', 'AzureServices', 'LPA-16.containers'],
    ['containerservice:ManagedCluster', 'disableLocalAccounts', false, 'DID-15.containers'],
    ['containerservice:ManagedCluster', 'networkProfile.outboundType', 'loadBalancer', 'EXP-05.containers'],
    ['containerservice:ManagedCluster', 'securityProfile.azureKeyVaultKms.keyVaultNetworkAccess', 'Public', 'ENC-07.containers'],
    ['containerservice:AgentPool', 'enableNodePublicIP', true, 'DID-04.containers'],
    ['app:ManagedEnvironment', 'peerAuthentication.mtls.enabled', false, 'TLS-07.containers'],
    ['app:ContainerApp', 'configuration.ingress.allowInsecure', true, 'TLS-02.containers'],
    ['app:ContainerApp', 'template.containers.0.image', 'nginx', 'SDC-14.containers'],
  ];

  it('breaks its promises, each by its own rule', async () => {
    const { graph } = await gatherStatement(`
      const weakened = ${JSON.stringify(WEAKENED.map(([type, path, value]) => [`azure-native:${type}`, path.split('.'), value]))};
      load('node_modules/@pulumi/pulumi').runtime.registerStackTransformation(({ type, props, opts }) => {
        for (const [wanted, path, value] of weakened)
          if (wanted === type) path.slice(0, -1).reduce((at, key) => at[key], props)[path.at(-1)] = value;
        return { props, opts };
      });
      load('test/support/azure-components.ts').everyComponent('high', ['containers']);`);
    const { findings } = evaluate(graph, { rules: RULES.filter(({ cloud }) => cloud === 'azure') });
    const failed = new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ resource, rule }) => `${rule} ${resource.type}`));
    expect(WEAKENED.map(([type, , , rule]) => `${rule} azure-native:${type}`).filter((one) => !failed.has(one))).toEqual([]);
  });
});
