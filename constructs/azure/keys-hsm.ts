import * as keyvault from '@pulumi/azure-native/keyvault';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert, queryAlert } from './detection-alerts';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { physicalName } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import type { Promises } from './relax';
import { whole } from './whole';

/** Fewest administrators: with one, who leaves or is locked out takes the keys of everybody along. */
const FEWEST_ADMINISTRATORS = 2;

/** What a {@link SecureManagedHsm} is made from. */
export interface SecureManagedHsmArgs extends SecureArgs {
  /** Directory whose identities the module trusts. */
  readonly tenantId: pulumi.Input<string>;
  /** Globally unique, 3 to 24 letters and digits. @default from the component's name, the stack and a suffix */
  readonly hsmName?: string;
  /** Object ids of the people who administer the module and hold its security domain; at least two. */
  readonly administrators: readonly pulumi.Input<string>[];
  /** Where every use of a key is recorded. */
  readonly logs: LogSink;
  /** Action group that is told when a key, or the module, is deleted or disabled (ENC-05). */
  readonly alerts: pulumi.Input<string>;
  /** Network from which the module is reached; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
}

/** What the module records when somebody destroys, disables, or changes who may. `KeyUpdate` is how a key is disabled. */
const DESTRUCTION = ['KeyDelete', 'KeyPurge', 'KeyUpdate', 'RoleAssignmentCreate', 'RoleAssignmentDelete', 'SecurityDomainDownload'];

/**
 * Hardware security modules of one's own: private, with deletion that cannot be made final for 90 days, and with a record of
 * every use.
 *
 * Once deployed it has to be activated: the administrators download its security domain, encrypted to at least three keys
 * that they hold apart, of which two open it. Only then has it keys; they are made by its own tools, because Azure Resource
 * Manager has no part in them.
 *
 * Guarantees ENC-05, ENC-07 and DHC-10; from the moderate tier on ENC-12 and DID-05.
 *
 * @throws RangeError with fewer than two administrators, where the tier needs an argument that is missing, or where a
 *   relaxation cannot stand
 * @example
 * const hsm = new SecureManagedHsm('hsm', {
 *   profile, resourceGroupName, location, tenantId, logs, network, alerts: contacts.id,
 *   administrators: ['6b0b5a1e-2d61-4c3c-9f1e-1f5d0c9a7b11', 'c2f7e1d4-8a5b-4f0e-b3a9-7d6c5e4f3a22'],
 * });
 */
export class SecureManagedHsm extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureManagedHsm',
    'ENC-05',
    'ENC-07',
    { control: 'ENC-12', from: 'moderate' },
    'DHC-10',
    { control: 'DID-05', from: 'moderate' },
    unclaimed('ENC-03', 'keys of the module, and how they rotate, are made in it after activation; no resource of Azure shows them'),
    unclaimed('ENC-04', 'rights inside the module are assigned in it; no resource of Azure shows them'),
    unclaimed('ENC-09', 'keys of the module are made in it after activation; no resource of Azure shows their size'),
  );

  /** The module itself; every security property of it is written. */
  readonly hsm: keyvault.ManagedHsm;
  /** Resource id of the module. */
  readonly id: pulumi.Output<string>;
  /** `https://….managedhsm.azure.net`, for clients. */
  readonly uri: pulumi.Output<string>;

  constructor(name: string, args: SecureManagedHsmArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureManagedHsm', PROMISES, name, args, opts);
    const { administrators, logs, network, resourceGroupName } = args;
    const known = administrators?.filter((each) => typeof each === 'string') ?? [];
    if ((administrators?.length ?? 0) < FEWEST_ADMINISTRATORS || new Set(known).size < known.length)
      throw new RangeError(
        `${this.where}: administrators names ${new Set(administrators).size} of at least ${FEWEST_ADMINISTRATORS} different people; whoever is alone can lose the keys of all (ENC-05)`,
      );
    this.need(network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which the module is reached');
    this.hsm = this.#createHsm(args);
    this.id = this.hsm.id;
    this.uri = this.hsm.name.apply((hsmName) => `https://${hsmName}.managedhsm.azure.net`);
    if (network)
      privateEndpoint(
        `${name}-endpoint`,
        { resourceGroupName, location: this.location, tags: this.tags, network, resourceId: this.id, service: 'managed-hsm' },
        { parent: this },
      );
    diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs, categories: ['AuditEvent'] }, { parent: this });
    if (!this.relaxes('DHC-10')) this.lock('hsm', this.id, 'The keys of an organisation are not deleted with their resource group.');
    this.waive('DHC-10', this.hsm);
    this.#alert(args);
    this.registerOutputs({ id: this.id, uri: this.uri });
  }

  #createHsm(args: SecureManagedHsmArgs): keyvault.ManagedHsm {
    const name = `${this.label}-hsm`;
    const hsmArgs: keyvault.ManagedHsmArgs = {
      resourceGroupName: args.resourceGroupName,
      location: this.location,
      name: args.hsmName ?? physicalName(this.label, 24, ''),
      sku: { family: 'B', name: 'Standard_B1' },
      properties: {
        tenantId: args.tenantId,
        createMode: 'default',
        initialAdminObjectIds: [...args.administrators],
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        publicNetworkAccess: 'Disabled',
        // Services reach their keys past the firewall, and need a right inside the module all the same.
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [], virtualNetworkRules: [] },
      },
      tags: this.tags,
    };
    const opts = { parent: this, protect: !this.relaxes('DHC-10') };
    return new keyvault.ManagedHsm(name, hsmArgs, whole(name, hsmArgs, ['properties'], opts));
  }

  #alert({ alerts, logs, resourceGroupName }: SecureManagedHsmArgs): void {
    const common = { resourceGroupName, alerts, tags: this.tags };
    activityAlert(
      `${this.label}-deletion-alert`,
      {
        ...common,
        description: 'The security module was deleted or purged.',
        scopes: [this.id],
        operations: ['Microsoft.KeyVault/managedHSMs/delete', 'Microsoft.KeyVault/locations/deletedManagedHsms/purge/action'],
      },
      { parent: this },
    );
    queryAlert(
      `${this.label}-destruction-alert`,
      {
        ...common,
        location: logs.workspaceLocation,
        workspaceId: logs.workspaceId,
        description: 'A key of the security module was deleted, purged or disabled, or the rights over keys were changed.',
        // Not every region writes the table of its own.
        query: pulumi.interpolate`union isfuzzy=true AZKVAuditLogs, AzureDiagnostics | where _ResourceId =~ "${this.id}" | where OperationName in (${DESTRUCTION.map((operation) => `"${operation}"`).join(', ')})`,
        fires: { operator: 'GreaterThan', threshold: 0 },
        every: 'PT5M',
        window: 'PT5M',
        severity: 1,
      },
      { parent: this },
    );
  }
}

const PROMISES: Promises = {
  claims: SecureManagedHsm.claims,
  families: ['keys'],
  relaxable: { 'DHC-10': 'the lock and the protection against deletion, for environments that come and go' },
  firm: {
    'DID-05': 'without an endpoint nothing reaches the module at all',
    'ENC-05': 'purge protection costs nothing and cannot be added after the loss',
    'ENC-07': 'a module that the internet reaches protects no key',
    'ENC-12': 'who used which key must be answerable',
  },
};
