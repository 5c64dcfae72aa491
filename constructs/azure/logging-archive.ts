import type * as storage from '@pulumi/azure-native/storage';
import type * as pulumi from '@pulumi/pulumi';
import { claims, RETENTION_DAYS } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole, type Principal } from './identity-roles';
import type { EncryptionKey } from './keys-vault-key';
import type { LogSink } from './logging-diagnostics';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import { ACCOUNT_CLAIMS, blobService, hardenedAccount, lifecycle, recordAccess } from './object-storage-floor';
import type { Promises } from './relax';

/** What a {@link LogArchive} is made from. */
export interface LogArchiveArgs extends SecureArgs {
  /** Globally unique, 3 to 24 lower-case letters and digits. @default from the component's name, the stack and a suffix */
  readonly accountName?: string;
  /** Key that encrypts the archive and nothing else; obligatory from tier moderate (LOG-11). @default a key of the platform */
  readonly key?: EncryptionKey;
  /** Where reads of the archive itself are recorded: a workspace, because an account cannot record itself. */
  readonly logs: LogSink;
  /** Network from which the archive is read; obligatory from tier moderate (DID-05). @default none: nobody reads it */
  readonly network?: EndpointNetwork;
  /** Days for which nobody can change or delete a record, at least the tier's (LOG-08, LOG-10). @default the tier's */
  readonly retention?: number;
  /** Who may read the archive (LOG-11). @default nobody */
  readonly readers?: readonly Principal[];
}

/** Days after the end of the write-once period in which the lifecycle removes a record. */
const REMOVAL_DAYS = 30;

/**
 * A write-once archive of log records: until the tier's retention has passed, nobody can change or delete a record, not
 * even an owner of the subscription, and afterwards they are removed.
 *
 * Azure Monitor, which writes the records, is let through the firewall as a trusted service; it cannot be named as a
 * single instance. Azure creates only unlocked policies: relax LOG-08 for the first deployment, then remove the
 * relaxation, and the policy is locked for good.
 *
 * Guarantees LOG-08, LOG-10, ENC-01, TLS-01, TLS-03, DHC-01, DHC-05, DHC-06, DHC-08, DHC-10, LPA-14, EXP-03, EXP-08 and
 * BCR-07; from the moderate tier on LOG-11, ENC-02, ENC-03, ENC-06, LOG-04, LOG-05, BCR-06 and DID-05.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const archive = new LogArchive('archive', { profile, resourceGroupName, location, network, key: vault.key('archive'), logs: workspace.sink });
 */
export class LogArchive extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('LogArchive', 'LOG-08', 'LOG-10', { control: 'LOG-11', from: 'moderate' }, ...ACCOUNT_CLAIMS);

  /** The account itself; every security property of it is written. */
  readonly account: storage.StorageAccount;
  /** Resource id of the account. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: LogArchiveArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:LogArchive', ARCHIVE_PROMISES, name, args, opts);
    const { key, logs, network, resourceGroupName } = args;
    this.need(key, 'key', 'moderate', 'LOG-11', 'pass a key of its own: vault.key("archive")');
    this.need(network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which investigators read');
    const { access, security } = RETENTION_DAYS[this.tier];
    const least = Math.max(security, access);
    const { retention = least } = args;
    if (!Number.isInteger(retention) || retention < least)
      throw new RangeError(`${this.where}: retention is ${retention}; tier ${this.tier} keeps records for at least ${least} days (LOG-10)`);

    this.account = hardenedAccount(
      name,
      {
        accountName: args.accountName,
        resourceGroupName,
        location: this.location,
        tags: this.tags,
        sku: this.relaxes('BCR-06') ? 'Standard_LRS' : 'Standard_ZRS',
        key,
        sharedKeys: false,
        bypass: 'AzureServices',
        trustedInstances: [],
        copyScope: this.reaches('high') ? 'PrivateLink' : 'AAD',
        writeOnce: { days: retention, state: this.relaxes('LOG-08') ? 'Unlocked' : 'Locked' },
        protect: !this.relaxes('DHC-10'),
      },
      this,
    );
    this.id = this.account.id;
    const blobs = blobService(
      name,
      { account: this.account, resourceGroupName, changeFeedDays: retention, cors: [], recoverable: true, writeOnce: true },
      this,
    );
    lifecycle(
      name,
      { account: this.account, resourceGroupName, atMostDays: retention + REMOVAL_DAYS },
      { parent: this, dependsOn: [blobs] },
    );
    if (!this.relaxes('DHC-10')) this.lock('account', this.id, 'Records of what happened are not deleted.');
    if (network) {
      const endpoint = { resourceGroupName, location: this.location, tags: this.tags, network };
      privateEndpoint(`${name}-blob-endpoint`, { ...endpoint, resourceId: this.id, service: 'blob' }, { parent: this });
    }
    const { workspaceId, workspaceLocation } = logs;
    recordAccess(name, { account: this.account, services: ['blob'], logs: { workspaceId, workspaceLocation } }, this);
    for (const [index, principal] of (args.readers ?? []).entries())
      assignRole(
        `${name}-reader-${index + 1}`,
        { role: 'Storage Blob Data Reader', principal, scope: this.id, why: 'Investigates' },
        { parent: this },
      );
    for (const control of ['LOG-08', 'BCR-06', 'DHC-10'] as const) this.waive(control, this.account);
    this.registerOutputs({ id: this.id });
  }
}

const ARCHIVE_PROMISES: Promises = {
  claims: LogArchive.claims,
  families: ['logging', 'object-storage'],
  relaxable: {
    'LOG-08': 'the lock of the write-once policy, for the first deployment',
    'BCR-06': 'the spread over zones, in a region that has none',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
  },
  firm: {
    'LOG-10': 'records that are gone answer no question',
    'LOG-11': 'a key that others share lets others read',
    'LPA-14': 'Azure Monitor and flow logs write with identities',
  },
};
