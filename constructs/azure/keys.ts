import * as authorization from '@pulumi/azure-native/authorization';
import * as keyvault from '@pulumi/azure-native/keyvault';
import * as pulumi from '@pulumi/pulumi';
import { claims, relaxed, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert, queryAlert } from './detection-alerts';
import { assignRole, type Principal } from './identity-roles';
import { type EncryptionKey, keyProperties, rotationDays, type VaultKeyArgs } from './keys-vault-key';
import { diagnosticSettings, type LogSink, type LogsFor, sinkOf } from './logging-diagnostics';
import { physicalName, physicalUuid } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import { checkRelaxations, type Promises, WaiverRecord } from './relax';
import { whole } from './whole';

/** What a {@link SecureKeyVault} is made from. */
export interface SecureKeyVaultArgs extends SecureArgs {
  /** Directory whose identities the vault trusts. */
  readonly tenantId: pulumi.Input<string>;
  /** Globally unique, 3 to 24 letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly vaultName?: string;
  /** Where every use of a key is recorded. A function where the archive's own key is in this vault. */
  readonly logs: LogsFor<SecureKeyVault>;
  /** Action group that is told when a key, or the vault, is deleted or disabled (ENC-05). */
  readonly alerts: pulumi.Input<string>;
  /** Network from which the vault is reached; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
  /** Keys in hardware security modules (premium SKU). @default true at tier high */
  readonly hsm?: boolean;
  /** Who creates, rotates and deletes keys, and cannot use them (ENC-04). @default nobody but the deployment */
  readonly administrators?: readonly Principal[];
}

/** What an administrator of keys does: everything about a key, except to use it. */
const ADMINISTRATION = [
  'Microsoft.KeyVault/vaults/keys/read',
  'Microsoft.KeyVault/vaults/keys/create/action',
  'Microsoft.KeyVault/vaults/keys/update/action',
  'Microsoft.KeyVault/vaults/keys/rotate/action',
  'Microsoft.KeyVault/vaults/keys/delete',
  'Microsoft.KeyVault/vaults/keys/recover/action',
  'Microsoft.KeyVault/vaults/keyrotationpolicies/read',
  'Microsoft.KeyVault/vaults/keyrotationpolicies/write',
];

/** What the vault records when somebody destroys or disables. `KeyUpdate` is how a key is disabled. */
const DESTRUCTION = ['KeyDelete', 'KeyPurge', 'KeyUpdate', 'SecretDelete', 'SecretPurge', 'VaultDelete', 'VaultPurge'];

/**
 * A private, role-based key vault whose keys rotate, cannot be destroyed in a hurry, and say who used them.
 *
 * It keeps soft-deleted keys for 90 days and refuses to purge them, refuses the public network and access policies,
 * logs every use and alerts on destruction. Trusted Azure services may pass the firewall, because a storage account
 * reaches its key in no other way; they still need a role on that key.
 *
 * Guarantees ENC-03, ENC-05, ENC-07, ENC-09 and DHC-10; from the moderate tier on ENC-12 and DID-05.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const vault = new SecureKeyVault('vault', { profile, resourceGroupName, location, tenantId, logs, alerts: contacts.id, network });
 * const key = vault.key('attachments');
 */
export class SecureKeyVault extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureKeyVault',
    'ENC-03',
    'ENC-05',
    'ENC-07',
    'ENC-09',
    { control: 'ENC-12', from: 'moderate' },
    'DHC-10',
    { control: 'DID-05', from: 'moderate' },
    unclaimed(
      'ENC-04',
      'administration is a custom role without rights of use; the rule judges the built-in roles and finds nothing to judge',
    ),
  );

  /** The vault itself. */
  readonly vault: keyvault.Vault;
  /** Resource id of the vault. */
  readonly id: pulumi.Output<string>;
  /** `https://….vault.azure.net`, for clients. */
  readonly uri: pulumi.Output<string>;
  /** Where the vault, and whatever is made with it, sends its records. */
  readonly logs: LogSink;
  readonly #args: SecureKeyVaultArgs;
  readonly #hsm: boolean;

  constructor(name: string, args: SecureKeyVaultArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureKeyVault', PROMISES, name, args, opts);
    this.#args = args;
    this.#hsm = args.hsm ?? this.reaches('high');
    this.need(args.network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which the vault is reached');
    const child = { parent: this };

    this.vault = this.#createVault();
    this.id = this.vault.id;
    // The service's own answer, so that sovereign clouds work; before there is one, the name decides.
    this.uri = pulumi
      .all([this.vault.name, this.vault.properties])
      .apply(([vaultName, properties]) => properties?.vaultUri ?? `https://${vaultName}.vault.azure.net`);

    if (args.network) {
      const { network, resourceGroupName } = args;
      const endpoint = { resourceGroupName, location: this.location, tags: this.tags, network };
      privateEndpoint(`${name}-endpoint`, { ...endpoint, resourceId: this.id, service: 'vault' }, child);
    }
    if (!this.relaxes('DHC-10')) this.lock('vault', this.id, 'The keys of a system are not deleted with its resource group.');
    this.waive('DHC-10', this.vault);
    this.#administer(args.administrators ?? []);

    this.logs = sinkOf<SecureKeyVault>(args.logs, this);
    diagnosticSettings(
      `${name}-diagnostics`,
      { resourceId: this.id, logs: this.logs, categories: ['AuditEvent', 'AzurePolicyEvaluationDetails'] },
      child,
    );
    this.#alert();
    this.registerOutputs({ id: this.id, uri: this.uri });
  }

  /**
   * A key that rotates by itself, is not exportable and is of an approved size (ENC-03, ENC-09). One per purpose: a key
   * that is revoked takes only its own store with it (ENC-08).
   *
   * @throws RangeError for a rotation period outside 28 to 365 days, or a relaxation that cannot stand
   */
  key(name: string, args: VaultKeyArgs = {}): EncryptionKey {
    const where = `${this.where} key "${name}"`;
    checkRelaxations(where, args.relax, KEY_PROMISES);
    const unrotated = relaxed(args.relax, 'ENC-03');
    const child = `${this.label}-key-${name}`;
    const keyArgs: keyvault.KeyArgs = {
      resourceGroupName: this.#args.resourceGroupName,
      vaultName: this.vault.name,
      keyName: name,
      properties: keyProperties(args, this.#hsm, unrotated ? undefined : rotationDays(where, args)),
      tags: this.tags,
    };
    const opts = { parent: this, protect: !this.relaxes('DHC-10') };
    const key = new keyvault.Key(child, keyArgs, whole(child, keyArgs, ['properties'], opts));
    if (unrotated) new WaiverRecord(`${child}-waiver-enc-03`, key.urn, unrotated, this);
    return { keyId: key.id, keyName: name, vaultUri: this.uri, versionedKeyUri: key.keyUriWithVersion };
  }

  #createVault(): keyvault.Vault {
    const args = this.#args;
    const name = `${this.label}-vault`;
    const vaultArgs: keyvault.VaultArgs = {
      vaultName: args.vaultName ?? physicalName(this.label, 24, '-'),
      resourceGroupName: args.resourceGroupName,
      location: this.location,
      properties: {
        tenantId: args.tenantId,
        sku: { family: 'A', name: this.#hsm ? 'premium' : 'standard' },
        enableRbacAuthorization: true,
        accessPolicies: [],
        enableSoftDelete: true,
        softDeleteRetentionInDays: 90,
        enablePurgeProtection: true,
        enabledForDeployment: false,
        enabledForDiskEncryption: false,
        enabledForTemplateDeployment: false,
        publicNetworkAccess: 'disabled',
        networkAcls: { defaultAction: 'Deny', bypass: 'AzureServices', ipRules: [], virtualNetworkRules: [] },
      },
      tags: this.tags,
    };
    const opts = { parent: this, protect: !this.relaxes('DHC-10') };
    return new keyvault.Vault(name, vaultArgs, whole(name, vaultArgs, ['properties'], opts));
  }

  /** A role of its own: the built-in Crypto Officer could also decrypt. */
  #administer(administrators: readonly Principal[]): void {
    if (administrators.length === 0) return;
    const group = this.id.apply((id) => id.slice(0, id.indexOf('/providers/')));
    const role = new authorization.RoleDefinition(
      `${this.label}-key-administrator`,
      {
        scope: group,
        roleDefinitionId: physicalUuid(`${this.label}-key-administrator`),
        roleName: pulumi.interpolate`Key administrator of ${this.vault.name}, without use`,
        roleType: 'CustomRole',
        description: 'Creates, rotates and deletes keys; cannot encrypt, decrypt, wrap, unwrap or sign (ENC-04).',
        assignableScopes: [group],
        permissions: [{ actions: [], notActions: [], dataActions: ADMINISTRATION, notDataActions: [] }],
      },
      { parent: this },
    );
    administrators.forEach((principal, index) => {
      new authorization.RoleAssignment(
        `${this.label}-key-administrator-${index + 1}`,
        { ...principal, scope: this.id, roleDefinitionId: role.id, description: 'Administers keys, cannot use them' },
        { parent: this },
      );
    });
  }

  #alert(): void {
    const { alerts, resourceGroupName } = this.#args;
    const common = { resourceGroupName, alerts, tags: this.tags };
    activityAlert(
      `${this.label}-deletion-alert`,
      {
        ...common,
        description: 'The vault was deleted, purged, or the access to it was changed.',
        scopes: [this.id],
        operations: [
          'Microsoft.KeyVault/vaults/delete',
          'Microsoft.KeyVault/vaults/accessPolicies/write',
          'Microsoft.KeyVault/locations/deletedVaults/purge/action',
        ],
      },
      { parent: this },
    );
    queryAlert(
      `${this.label}-destruction-alert`,
      {
        ...common,
        location: this.logs.workspaceLocation,
        workspaceId: this.logs.workspaceId,
        description: 'A key or secret was deleted, purged or disabled.',
        query: pulumi.interpolate`AZKVAuditLogs | where _ResourceId =~ "${this.id}" | where OperationName in (${DESTRUCTION.map((operation) => `"${operation}"`).join(', ')})`,
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
  claims: SecureKeyVault.claims,
  families: ['keys'],
  relaxable: { 'DHC-10': 'the lock and the protection against deletion, for environments that come and go' },
  firm: {
    'ENC-03': 'it is promised for each key; relax it at vault.key()',
    'ENC-05': 'purge protection costs nothing and cannot be added after the loss',
    'ENC-07': 'a vault that the internet reaches protects no key',
    'ENC-09': 'every service that encrypts with a vault key takes RSA 3072',
  },
};

const KEY_PROMISES: Promises = {
  claims: claims('a key', 'ENC-03', 'ENC-09'),
  families: ['keys'],
  relaxable: { 'ENC-03': 'the rotation policy, for a consumer that cannot follow versions' },
};

/**
 * Lets one identity wrap and unwrap with one key, and with no other key of the vault (ENC-06).
 *
 * @example
 * allowEncryption('reports-key-use', { key, principalId: identity.principalId }, { parent: this });
 */
export function allowEncryption(
  name: string,
  args: { readonly key: EncryptionKey; readonly principalId: pulumi.Input<string> },
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  const principal: Principal = { principalId: args.principalId, principalType: 'ServicePrincipal' };
  const why = 'Wraps and unwraps the data keys of one store';
  return assignRole(name, { role: 'Key Vault Crypto Service Encryption User', principal, scope: args.key.keyId, why }, opts);
}
