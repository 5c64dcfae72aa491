/** What every hardened database has in common: its key, its records, its endpoint, and who is told when it is weakened. */
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { type ControlId, relaxed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { activityAlert } from './detection-alerts';
import { allowEncryption } from './keys';
import type { EncryptionKey } from './keys-vault-key';
import { type DiagnosticArgs, diagnosticSettings, type LogSink } from './logging-diagnostics';
import { type EndpointNetwork, type PrivateService, privateEndpoint } from './network-endpoints';
import { type Promises, WaiverRecord } from './relax';

export const FAMILY = 'database';

/** A group of the directory that administers a database: sign-in by password is refused, and a person comes and goes. */
export interface DirectoryGroup {
  /** Display name of the group. */
  readonly name: pulumi.Input<string>;
  /** Object id of the group. */
  readonly objectId: pulumi.Input<string>;
  /** Directory of the group. */
  readonly tenantId: pulumi.Input<string>;
}

/** What every hardened database is made from. */
export interface SecureDatabaseArgs extends SecureArgs {
  /** Key that encrypts what is stored; obligatory from tier moderate (ENC-02). @default a key of the platform */
  readonly key?: EncryptionKey;
  /** Where reads and alterations are recorded; obligatory from tier moderate (LOG-04, LOG-05). @default nowhere */
  readonly logs?: LogSink;
  /** Network from which the database is reached; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
  /** Action group that is told when the database is deleted or opened; obligatory from tier moderate (MON-04). @default nobody */
  readonly alerts?: pulumi.Input<string>;
}

/** An identity of a store's own, and the right that lets it use its key and nothing else. */
export interface KeyUser {
  readonly identity: managedidentity.UserAssignedIdentity;
  /** What has to exist before the service asks for the key. */
  readonly ready: readonly pulumi.Resource[];
}

/** A hardened store that people and services query. */
export abstract class SecureDatabase extends SecureComponent {
  readonly #args: SecureDatabaseArgs;

  protected constructor(token: string, promises: Promises, name: string, args: SecureDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token, promises, name, args, opts);
    this.#args = args;
    this.need(args.key, 'key', 'moderate', 'ENC-02', 'pass a key of a SecureKeyVault: vault.key("cases")');
    this.need(args.logs, 'logs', 'moderate', 'LOG-04', 'pass the sink of a SecureLogWorkspace');
    this.need(args.network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which the database is reached');
    this.need(args.alerts, 'alerts', 'moderate', 'MON-04', 'pass the id of the SecurityContacts: contacts.id');
  }

  /** Whether the resource is protected against deletion (DHC-10). */
  protected get kept(): boolean {
    return !this.relaxes('DHC-10');
  }

  /** Refuses arguments, in one line. */
  protected refuse(what: string): never {
    throw new RangeError(`${this.where}: ${what}`);
  }

  /** An identity, with the right to one key where there is one. */
  protected identity(suffix: string, key: EncryptionKey | undefined, location: pulumi.Input<string> = this.location): KeyUser {
    const { resourceGroupName } = this.#args;
    const child = { parent: this };
    const tags = this.tags;
    const identity = new managedidentity.UserAssignedIdentity(`${this.label}-${suffix}`, { resourceGroupName, location, tags }, child);
    if (!key) return { identity, ready: [] };
    return { identity, ready: [allowEncryption(`${this.label}-${suffix}-key-use`, { key, principalId: identity.principalId }, child)] };
  }

  /** The uri of the key's newest version, for services that ask for one. */
  protected versioned(argument: string, key: EncryptionKey): pulumi.Input<string> {
    return (
      key.versionedKeyUri ??
      this.refuse(`${argument} has no versionedKeyUri, which this service asks for; pass a key of a SecureKeyVault, or write it (ENC-02)`)
    );
  }

  /**
   * Whether backups go to the location that Azure pairs with this one (BCR-03): unless the profile promises one place only,
   * or the paired location is none of those that it promises (LOC-02).
   */
  protected leaves(pairedLocation: string | undefined): boolean {
    const residency = this.decided.profile.residency ?? [];
    if (this.relaxes('BCR-03') || residency.length === 1 || !this.reaches('moderate')) return false;
    if (residency.length === 0) return true;
    if (pairedLocation === undefined)
      this.refuse(
        `pairedLocation is missing; ${this.decided.profile.system} promises to stay in ${residency.join(', ')}, name the location of them that Azure pairs with this one, or relax BCR-03`,
      );
    this.staysResident('pairedLocation', pairedLocation as string);
    return true;
  }

  /** Refuses a further location that the profile does not promise (LOC-02). */
  protected staysResident(argument: string, location: string): void {
    const residency = this.decided.profile.residency ?? [];
    if (residency.length > 0 && !residency.some((place) => samePlace(place, location)))
      this.refuse(`${argument} is "${location}"; ${this.decided.profile.system} promises to stay in ${residency.join(', ')} (LOC-02)`);
  }

  /** Lets the network reach the store (DID-05). */
  protected connect(suffix: string, resourceId: pulumi.Input<string>, service: PrivateService): void {
    const { network, resourceGroupName } = this.#args;
    if (!network) return;
    const where = { resourceGroupName, location: this.location, tags: this.tags, network };
    privateEndpoint(`${this.label}-${suffix}`, { ...where, resourceId, service }, { parent: this });
  }

  /** Records what the store can record (LOG-04, LOG-05). */
  protected record(suffix: string, resourceId: pulumi.Input<string>, more: Pick<DiagnosticArgs, 'categories' | 'metrics'> = {}): void {
    const { logs } = this.#args;
    if (logs) diagnosticSettings(`${this.label}-${suffix}`, { resourceId, logs, ...more }, { parent: this });
  }

  /** Tells the people who answer of operations that delete or open the store, or stop its records (MON-04). */
  protected watch(scopes: readonly pulumi.Input<string>[], operations: readonly string[]): void {
    const { alerts, resourceGroupName } = this.#args;
    if (alerts === undefined) return;
    const description = `${this.label} was deleted, opened, or its records were changed.`;
    activityAlert(
      `${this.label}-weakening-alert`,
      { resourceGroupName, alerts, tags: this.tags, description, scopes, operations },
      { parent: this },
    );
  }

  /** Records the waiver of a relaxed promise on a part of the store. */
  protected waiveOn(part: string, control: ControlId, resource: pulumi.Resource): void {
    const relaxation = relaxed(this.#args.relax, control);
    if (relaxation) new WaiverRecord(`${this.label}-${part}-waiver-${control.toLowerCase()}`, resource.urn, relaxation, this);
  }

  /** Locks the store against deletion, unless that is relaxed (DHC-10). */
  protected keep(resourceName: string, resource: pulumi.CustomResource): void {
    if (this.kept) this.lock(resourceName, resource.id, 'The data of a system is not deleted with its resource group.');
  }
}

const plain = (location: string) => location.toLowerCase().replaceAll(' ', '');

/** Whether two spellings name one location: `West Europe` and `westeurope`. */
export const samePlace = (one: string, other: string): boolean => plain(one) === plain(other);

/** The uri of a key without its version, so that the store follows its rotation (ENC-03). */
export const keyUri = ({ keyName, vaultUri }: EncryptionKey): pulumi.Output<string> =>
  pulumi.interpolate`${pulumi.output(vaultUri).apply((uri) => uri.replace(/\/$/, ''))}/keys/${keyName}`;
