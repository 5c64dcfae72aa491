import * as storage from '@pulumi/azure-native/storage';
import type * as pulumi from '@pulumi/pulumi';
import { claims, logProfileOf, type Retention } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole, type Principal } from './identity-roles';
import type { EncryptionKey } from './keys-vault-key';
import type { LogSink } from './logging-diagnostics';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import { type CorsRule, checkCors, letsWrite } from './object-storage-cors';
import {
  ACCOUNT_CLAIMS,
  blobService,
  hardenedAccount,
  lifecycle,
  recordAccess,
  type StorageService,
  type TrustedInstance,
  type WriteOnce,
} from './object-storage-floor';
import { scanUploads } from './object-storage-scan';
import { type Promises, requireRelaxation } from './relax';

/** What a {@link SecureStorageAccount} is made from. */
export interface SecureStorageAccountArgs extends SecureArgs {
  /** Globally unique, 3 to 24 lower-case letters and digits. @default from the component's name, the stack and a suffix */
  readonly accountName?: string;
  /** How long blobs are kept (DHC-06). `atLeastDays` makes the account write-once, for good: it cannot be taken back. */
  readonly retention: Retention;
  /**
   * Whether the minimum retention can no longer be shortened. Azure creates only unlocked policies: deploy once with
   * `false`, then for good without. @default true
   */
  readonly locked?: boolean;
  /** Key that encrypts the account; obligatory from tier moderate (ENC-02). @default a key of the platform */
  readonly key?: EncryptionKey;
  /** Where reads, writes and deletions are recorded; obligatory from tier moderate (LOG-04, LOG-05). @default nowhere */
  readonly logs?: LogSink;
  /** Network from which the account is reached; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
  /** Services that are reached by a private endpoint. @default ['blob'] */
  readonly services?: readonly StorageService[];
  /** Whether a copy is kept in the paired location too (LOC-02). @default 'zone' */
  readonly redundancy?: 'zone' | 'geo-zone';
  /** Location of the copy, where the profile promises a residency. @default none */
  readonly pairedLocation?: string;
  /** Named resources of other services that may pass the firewall (LPA-16). @default none */
  readonly trustedInstances?: readonly TrustedInstance[];
  /** Cross-origin rules of the blobs (DID-21). @default none */
  readonly cors?: readonly CorsRule[];
  /**
   * Has Defender for Storage scan what arrives. Leaving it out where browsers upload needs DID-19 to be relaxed.
   * @default true from the moderate tier on where cors lets browsers upload, otherwise false
   */
  readonly scanUploads?: boolean;
}

/** A right on the blobs of one container. */
export interface BlobGrant {
  /** Container whose blobs are meant. */
  readonly container: storage.BlobContainer;
  /** Who gets the right. */
  readonly principal: Principal;
  /** write: to read, store, change and delete. */
  readonly rights: 'read' | 'write';
}

/**
 * A storage account that only identities of its own directory reach, over TLS 1.2 and from a private network, and that
 * keeps what it must and no longer.
 *
 * It refuses public access, shared keys, copies to other directories, long-lived links and deletion; it encrypts twice,
 * from tier moderate with the customer's rotating key; it keeps versions and deleted blobs for 35 days; it spans zones.
 * From tier moderate it records every read, write and deletion.
 *
 * Guarantees ENC-01, TLS-01, TLS-03, DHC-01, DHC-05, DHC-06, DHC-08, DHC-10, LPA-14, LPA-16, EXP-03, EXP-08 and BCR-07;
 * from the moderate tier on ENC-02, ENC-03, ENC-06, LOG-04, LOG-05, BCR-06 and DID-05. It takes no
 * argument that breaks DID-19 or DID-21.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const attachments = new SecureStorageAccount('attachments', {
 *   profile, resourceGroupName, location, network, logs, key: vault.key('attachments'), retention: { atMostDays: 2555 },
 * });
 * const container = attachments.container('cases');
 * attachments.grant('agents', { container, rights: 'read', principal: { principalId, principalType: 'Group' } });
 */
export class SecureStorageAccount extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureStorageAccount', ...ACCOUNT_CLAIMS, 'LPA-16');

  /** The account itself; every security property of it is written. */
  readonly account: storage.StorageAccount;
  /** Resource id of the account. */
  readonly id: pulumi.Output<string>;
  /** Physical name, for clients. */
  readonly accountName: pulumi.Output<string>;
  readonly #args: SecureStorageAccountArgs;
  readonly #blobs: storage.BlobServiceProperties;

  constructor(name: string, args: SecureStorageAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureStorageAccount', PROMISES, name, args, opts);
    this.#args = args;
    this.#check();
    const { resourceGroupName, retention } = args;
    const { atLeastDays } = retention;
    const writeOnce: WriteOnce | undefined =
      atLeastDays === undefined ? undefined : { days: atLeastDays, state: args.locked === false ? 'Unlocked' : 'Locked' };

    this.account = hardenedAccount(
      name,
      {
        accountName: args.accountName,
        resourceGroupName,
        location: this.location,
        tags: this.tags,
        sku: this.relaxes('BCR-06') ? 'Standard_LRS' : args.redundancy === 'geo-zone' ? 'Standard_GZRS' : 'Standard_ZRS',
        key: args.key,
        sharedKeys: this.relaxes('LPA-14'),
        bypass: this.relaxes('LPA-16') ? 'AzureServices' : 'None',
        trustedInstances: args.trustedInstances ?? [],
        copyScope: this.reaches('high') ? 'PrivateLink' : 'AAD',
        writeOnce,
        protect: !this.relaxes('DHC-10'),
      },
      this,
    );
    this.id = this.account.id;
    this.accountName = this.account.name;
    this.#blobs = blobService(
      name,
      {
        account: this.account,
        resourceGroupName,
        changeFeedDays: logProfileOf(this.tier).retention.access,
        cors: args.cors ?? [],
        recoverable: !this.relaxes('BCR-07'),
        writeOnce: writeOnce !== undefined,
      },
      this,
    );
    if (args.scanUploads ?? (this.#takesUploads && !this.relaxes('DID-19'))) scanUploads(name, this.account, this);
    if (!this.relaxes('DHC-06'))
      lifecycle(
        name,
        { account: this.account, resourceGroupName, atMostDays: retention.atMostDays },
        { parent: this, dependsOn: [this.#blobs] },
      );
    if (!this.relaxes('DHC-10')) this.lock('account', this.id, 'Customer data is not deleted with its resource group.');
    this.#connect();
    if (args.logs) recordAccess(name, { account: this.account, services: this.#services, logs: args.logs }, this);
    for (const control of ['BCR-06', 'DHC-06', 'DHC-10', 'LPA-14', 'LPA-16'] as const) this.waive(control, this.account);
    for (const control of ['BCR-07', 'DID-19', 'DID-21'] as const) this.waive(control, this.#blobs);
    this.registerOutputs({ id: this.id, accountName: this.accountName });
  }

  /**
   * A private container; write-once where the account is.
   * @param containerName 3 to 63 lower-case letters, digits and hyphens
   */
  container(containerName: string): storage.BlobContainer {
    return new storage.BlobContainer(
      `${this.label}-container-${containerName}`,
      {
        accountName: this.account.name,
        resourceGroupName: this.#args.resourceGroupName,
        containerName,
        publicAccess: 'None',
        defaultEncryptionScope: '$account-encryption-key',
        denyEncryptionScopeOverride: true,
      },
      { parent: this, dependsOn: [this.#blobs], protect: !this.relaxes('DHC-10') },
    );
  }

  /** Gives one principal a right on the blobs of one container, and on nothing else. */
  grant(name: string, { container, principal, rights }: BlobGrant): void {
    assignRole(
      `${this.label}-grant-${name}`,
      {
        role: rights === 'read' ? 'Storage Blob Data Reader' : 'Storage Blob Data Contributor',
        principal,
        scope: container.id,
        why: `${rights}s the blobs of one container`,
      },
      { parent: this },
    );
  }

  #check(): void {
    const { cors = [], key, logs, network, pairedLocation, redundancy, relax, retention } = this.#args;
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    this.need(key, 'key', 'moderate', 'ENC-02', 'pass a key of a SecureKeyVault: vault.key("attachments")');
    this.need(logs, 'logs', 'moderate', 'LOG-04', 'pass the sink of a SecureLogWorkspace');
    this.need(network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which the account is reached');
    if (!retention || !(Number.isInteger(retention.atMostDays) && retention.atMostDays > 0))
      refuse('retention.atMostDays is no number of days; write how long the data is kept (DHC-06)');
    const { atLeastDays, atMostDays } = retention;
    if (atLeastDays !== undefined && !(Number.isInteger(atLeastDays) && atLeastDays > 0 && atLeastDays <= atMostDays))
      refuse(`retention.atLeastDays is ${atLeastDays}; write 1 to atMostDays, ${atMostDays} (DHC-06)`);
    const residency = this.decided.profile.residency ?? [];
    const same = (a: string, b: string) => a.toLowerCase().replaceAll(' ', '') === b.toLowerCase().replaceAll(' ', '');
    if (redundancy === 'geo-zone' && residency.length > 0 && !residency.some((place) => same(place, pairedLocation ?? '')))
      refuse(
        `redundancy geo-zone copies to ${pairedLocation ?? 'a pairedLocation that is not named'}; ${this.decided.profile.system} promises to stay in ${residency.join(', ')} (LOC-02)`,
      );
    if (atLeastDays !== undefined && this.relaxes('BCR-07'))
      refuse('retention.atLeastDays needs versions; do not relax BCR-07 on a write-once account');
    for (const rule of cors) checkCors(this.where, rule, relax);
    if (this.#takesUploads && this.#args.scanUploads === false)
      requireRelaxation(this.where, relax, 'DID-19', 'scanUploads: false where browsers upload', 'have uploads scanned');
  }

  /** Whether browsers upload into an account whose tier asks for a scan. */
  get #takesUploads(): boolean {
    return this.reaches('moderate') && (this.#args.cors ?? []).some(letsWrite);
  }

  get #services(): readonly StorageService[] {
    return this.#args.services ?? ['blob'];
  }

  #connect(): void {
    const { network, resourceGroupName } = this.#args;
    if (!network) return;
    for (const service of this.#services)
      privateEndpoint(
        `${this.label}-${service}-endpoint`,
        { resourceGroupName, location: this.location, tags: this.tags, network, resourceId: this.id, service },
        { parent: this },
      );
  }
}

const PROMISES: Promises = {
  claims: SecureStorageAccount.claims,
  families: ['object-storage'],
  relaxable: {
    'BCR-06': 'the spread over zones, in a region that has none',
    'BCR-07': 'versions and soft delete: overwritten and deleted blobs are gone',
    'DHC-06': 'the deletion after the longest retention, under a legal hold',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
    'DID-19': 'the scan where browsers upload',
    'DID-21': 'the listing of origins and headers in cors',
    'LPA-14': 'the refusal of shared keys, for a service that knows nothing else',
    'LPA-16': 'the refusal of trusted services, for one that cannot be named as an instance',
  },
  firm: {
    'ENC-03': 'relax it at the key that cannot rotate: vault.key()',
    'ENC-02': 'a key of the platform cannot be revoked; pass `key`',
    'TLS-01': 'no supported client needs an older protocol',
    'TLS-03': 'no supported client needs clear text',
    'DHC-05': 'public content belongs behind an edge, not in a store of customer data',
    'EXP-03': 'copies go through the export that is approved and recorded',
    'EXP-08': 'a longer link outlives the right of whoever made it; use a role assignment',
    'DID-05': 'without an endpoint nothing reaches the account at all',
    'LOG-04': 'who read what must be answerable',
    'LOG-05': 'who altered what must be answerable',
  },
};
