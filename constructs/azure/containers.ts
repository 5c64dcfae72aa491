import * as containerregistry from '@pulumi/azure-native/containerregistry';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { claims, RECOVERY_DAYS, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole, type Principal } from './identity-roles';
import { allowEncryption } from './keys';
import type { EncryptionKey } from './keys-vault-key';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { physicalName } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import { type Promises, requireRelaxation } from './relax';
import { whole } from './whole';

/** What a {@link SecureRegistry} is made from. */
export interface SecureRegistryArgs extends SecureArgs {
  /** Globally unique, 5 to 50 letters and digits. @default from the component's name, the stack and a suffix */
  readonly registryName?: string;
  /** Key that encrypts the images; obligatory from tier moderate (ENC-02). RSA only. @default a key of the platform */
  readonly key?: EncryptionKey;
  /**
   * Which identity fetches the key. Azure creates an encrypted registry only with an identity of the user, which a vault behind its
   * firewall turns away; once the registry is there, its own identity passes. @default 'user-assigned', for the first deployment
   */
  readonly keyIdentity?: 'user-assigned' | 'system-assigned';
  /** Where sign-ins, pushes and pulls are recorded; obligatory from tier moderate (LOG-13). @default nowhere */
  readonly logs?: LogSink;
  /** Network from which images are pushed and pulled; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
  /**
   * Whether an image can be pulled only after a scanner has released it (SDC-14). Leaving it out at the high tier needs SDC-14
   * to be relaxed. @default true at tier high
   */
  readonly quarantine?: boolean;
  /**
   * Whether tokens that are meant for the control plane open the registry too; Container Apps pull with them. Letting them in at
   * the high tier needs LPA-14 to be relaxed. @default false at tier high, otherwise true
   */
  readonly controlPlaneTokens?: boolean;
}

/**
 * A private registry without passwords: nobody pulls anonymously, no image is exported to another registry, deleted ones can
 * be brought back, and every push and pull is recorded.
 *
 * Guarantees DHC-05 and LPA-14; from the moderate tier on DHC-10, DID-05, ENC-02, EXP-01 and LOG-13; from the high tier on
 * BCR-06, BCR-07, EXP-04, LPA-16 and SDC-14. It is of the Premium kind at every tier: the others have no private endpoint.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const images = new SecureRegistry('images', { profile, resourceGroupName, location, network, logs, key: vault.key('images') });
 * images.grantPull('service', { principalId, principalType: 'ServicePrincipal' });
 */
export class SecureRegistry extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureRegistry',
    { control: 'BCR-06', from: 'high' },
    { control: 'BCR-07', from: 'high' },
    'DHC-05',
    { control: 'DHC-10', from: 'moderate' },
    { control: 'DID-05', from: 'moderate' },
    { control: 'ENC-02', from: 'moderate' },
    { control: 'EXP-01', from: 'moderate' },
    { control: 'EXP-04', from: 'high' },
    { control: 'LOG-13', from: 'moderate' },
    'LPA-14',
    { control: 'LPA-16', from: 'high' },
    { control: 'SDC-14', from: 'high' },
    unclaimed(
      'DID-14',
      'Azure locks single tags after the push, not those of a registry; name images by digest, as SecureContainerApp asks',
    ),
    unclaimed('LPA-10', 'a registry admits principals of its own directory only'),
    unclaimed('VUL-04', 'images are scanned by Defender for Containers, which is switched on for the subscription'),
  );

  /** The registry itself; every security property of it is written. */
  readonly registry: containerregistry.Registry;
  /** Resource id of the registry. */
  readonly id: pulumi.Output<string>;
  /** `….azurecr.io`, for clients and in the names of images. */
  readonly loginServer: pulumi.Output<string>;
  readonly #args: SecureRegistryArgs;

  constructor(name: string, args: SecureRegistryArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureRegistry', PROMISES, name, args, opts);
    this.#args = args;
    this.#check();
    const { key, keyIdentity, logs, network, resourceGroupName } = args;
    this.registry = this.#create();
    this.id = this.registry.id;
    this.loginServer = this.registry.loginServer;
    if (key && keyIdentity === 'system-assigned') this.#allowOwnIdentity(key);
    if (network) {
      const endpoint = { resourceGroupName, location: this.location, tags: this.tags, network };
      privateEndpoint(`${name}-endpoint`, { ...endpoint, resourceId: this.id, service: 'registry' }, { parent: this });
    }
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, { parent: this });
    if (!this.relaxes('DHC-10')) this.lock('registry', this.id, 'Without its images nothing of the system starts again.');
    for (const control of ['BCR-06', 'BCR-07', 'DHC-10', 'LPA-14', 'SDC-14'] as const) this.waive(control, this.registry);
    this.registerOutputs({ id: this.id, loginServer: this.loginServer });
  }

  /** Lets one principal pull images, and nothing else. */
  grantPull(name: string, principal: Principal): void {
    assignRole(`${this.label}-pull-${name}`, { role: 'AcrPull', principal, scope: this.id, why: 'Pulls images' }, { parent: this });
  }

  #check(): void {
    const { controlPlaneTokens, key, logs, network, quarantine, registryName, relax } = this.#args;
    this.need(key, 'key', 'moderate', 'ENC-02', 'pass a key of a SecureKeyVault: vault.key("images")');
    this.need(logs, 'logs', 'moderate', 'LOG-13', 'pass the sink of a SecureLogWorkspace');
    this.need(network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which images are pulled');
    if (registryName !== undefined && !/^[a-zA-Z0-9]{5,50}$/.test(registryName))
      throw new RangeError(`${this.where}: registryName is "${registryName}"; write 5 to 50 letters and digits`);
    if (!this.reaches('high')) return;
    if (quarantine === false) requireRelaxation(this.where, relax, 'SDC-14', 'quarantine: false', 'let a scanner release the images');
    if (controlPlaneTokens)
      requireRelaxation(this.where, relax, 'LPA-14', 'controlPlaneTokens', 'let clients ask for tokens of the registry');
  }

  #create(): containerregistry.Registry {
    const { key, keyIdentity, registryName, resourceGroupName } = this.#args;
    const name = `${this.label}-registry`;
    const place = { resourceGroupName, location: this.location, tags: this.tags };
    const identity = key && new managedidentity.UserAssignedIdentity(`${this.label}-identity`, place, { parent: this });
    const use = key && identity && allowEncryption(`${this.label}-key-use`, { key, principalId: identity.principalId }, { parent: this });
    const args: containerregistry.RegistryArgs = {
      registryName: registryName ?? physicalName(this.label, 50, ''),
      ...place,
      sku: { name: 'Premium' },
      adminUserEnabled: false,
      anonymousPullEnabled: false,
      dataEndpointEnabled: true,
      networkRuleBypassOptions: 'None',
      networkRuleSet: { defaultAction: 'Deny', ipRules: [] },
      publicNetworkAccess: 'Disabled',
      zoneRedundancy: this.relaxes('BCR-06') ? 'Disabled' : 'Enabled',
      policies: this.#policies(),
      identity: identity
        ? { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: identity.id.apply((id) => ({ [id]: {} })) }
        : { type: 'SystemAssigned' },
      encryption:
        key && identity
          ? {
              status: 'enabled',
              keyVaultProperties: {
                // Without a version, so that the registry follows the newest one.
                keyIdentifier: pulumi.interpolate`${key.vaultUri}/keys/${key.keyName}`,
                identity: keyIdentity === 'system-assigned' ? 'system' : identity.clientId,
              },
            }
          : { status: 'disabled' },
    };
    const opts = { parent: this, protect: !this.relaxes('DHC-10'), ...(use ? { dependsOn: [use] } : {}) };
    return new containerregistry.Registry(name, args, whole(name, args, ['identity', 'encryption', 'networkRuleSet', 'policies'], opts));
  }

  #policies() {
    const { controlPlaneTokens = !this.reaches('high'), quarantine = this.reaches('high') } = this.#args;
    return {
      azureADAuthenticationAsArmPolicy: { status: controlPlaneTokens ? 'enabled' : 'disabled' },
      exportPolicy: { status: 'disabled' },
      quarantinePolicy: { status: quarantine ? 'enabled' : 'disabled' },
      // Either manifests without a tag are removed, or deleted ones can be brought back: the service takes one of both.
      retentionPolicy: { status: 'disabled', days: 7 },
      softDeletePolicy: { status: this.relaxes('BCR-07') ? 'disabled' : 'enabled', retentionDays: RECOVERY_DAYS },
      // No longer offered to new registries; signatures are verified where the images run.
      trustPolicy: { type: 'Notary', status: 'disabled' },
    };
  }

  #allowOwnIdentity(key: EncryptionKey): void {
    const principalId = this.registry.identity.apply((identity) => identity?.principalId ?? '');
    allowEncryption(`${this.label}-own-key-use`, { key, principalId }, { parent: this });
  }
}

const PROMISES: Promises = {
  claims: SecureRegistry.claims,
  families: ['containers'],
  relaxable: {
    'BCR-06': 'the spread over zones, in a region that has none',
    'BCR-07': 'the soft delete, which is a preview of the service',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
    'LPA-14': 'the refusal of tokens for the control plane, for Container Apps',
    'SDC-14': 'the quarantine, where no scanner can release images',
  },
  firm: {
    'DHC-05': 'images that everybody may pull belong into a public registry',
    'DID-05': 'without an endpoint nothing reaches the registry at all',
    'ENC-02': 'pass another key',
    'EXP-01': 'copies of images are pushed to where they are needed, and recorded there',
  },
};
