import * as compute from '@pulumi/azure-native/compute';
import type * as pulumi from '@pulumi/pulumi';
import { type Claim, type ControlId, claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { DiskKey } from './compute-encryption';
import type { Promises } from './relax';
import { whole } from './whole';

/** What disks and their snapshots have in common. */
export interface SecureVolumeArgs extends SecureArgs {
  /** Key of the disk; obligatory from tier moderate (ENC-02). @default a key of the platform */
  readonly encryption?: DiskKey;
}

/** What a {@link SecureDisk} is made from. */
export interface SecureDiskArgs extends SecureVolumeArgs {
  /** Size in GiB, 4 to 32767. */
  readonly sizeGiB: number;
  /** Kind of storage; the zone-redundant kinds survive the loss of a zone. @default 'Premium_ZRS' */
  readonly storage?: 'Premium_ZRS' | 'StandardSSD_ZRS' | 'Premium_LRS' | 'StandardSSD_LRS';
  /** Zone of a disk that is not zone-redundant: '1', '2' or '3'. @default none */
  readonly zone?: string;
  /** Id of the snapshot or disk that it starts as a copy of. @default empty */
  readonly copyOf?: pulumi.Input<string>;
}

/** What a {@link SecureSnapshot} is made from. */
export interface SecureSnapshotArgs extends SecureVolumeArgs {
  /** Id of the disk that is copied. */
  readonly diskId: pulumi.Input<string>;
}

const VOLUME_CLAIMS = [
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  'EXP-02',
  { control: 'LPA-14', from: 'high' },
  { control: 'DHC-10', from: 'moderate' },
] as const satisfies readonly (ControlId | Claim)[];

/** Nobody downloads it, from anywhere, and a link alone reads nothing. */
const CLOSED = {
  networkAccessPolicy: 'DenyAll',
  publicNetworkAccess: 'Disabled',
  dataAccessAuthMode: 'AzureActiveDirectory',
} as const;

abstract class SecureVolume extends SecureComponent {
  /** The volume's own encryption, at the tier that the key was made for. */
  protected encryptionOf({ encryption }: SecureVolumeArgs) {
    this.need(encryption, 'encryption', 'moderate', 'ENC-02', 'pass a DiskEncryption');
    const type = this.reaches('high') ? 'EncryptionAtRestWithPlatformAndCustomerKeys' : 'EncryptionAtRestWithCustomerKey';
    return encryption ? { type, diskEncryptionSetId: encryption.id } : { type: 'EncryptionAtRestWithPlatformKey' };
  }

  protected guard(volume: compute.Disk | compute.Snapshot): void {
    if (!this.relaxes('DHC-10')) this.lock('volume', volume.id, 'What is on a disk is not deleted with its machine.');
    this.waive('DHC-10', volume);
  }
}

/**
 * A disk that outlives its machine: encrypted with a key of your own, in every zone, and closed to every download.
 *
 * Guarantees ENC-01 and EXP-02; from the moderate tier on ENC-02 and DHC-10; from the high tier on LPA-14. Attach it as
 * `dataDisks` of a SecureVirtualMachine.
 *
 * @throws RangeError where the tier needs the key, or the size is none
 * @example
 * const encryption = new DiskEncryption('disks', { profile, resourceGroupName, location, key: vault.key('disks') });
 * const disk = new SecureDisk('exports', { profile, resourceGroupName, location, encryption, sizeGiB: 128 });
 */
export class SecureDisk extends SecureVolume {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureDisk', ...VOLUME_CLAIMS);

  /** The disk itself. */
  readonly disk: compute.Disk;
  /** Resource id of the disk. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecureDiskArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureDisk', DISK_PROMISES, name, args, opts);
    const { copyOf, resourceGroupName, sizeGiB, storage = 'Premium_ZRS', zone } = args;
    if (!(Number.isInteger(sizeGiB) && sizeGiB >= 4 && sizeGiB <= 32_767))
      throw new RangeError(`${this.where}: sizeGiB is ${sizeGiB}; write 4 to 32767`);
    if (zone !== undefined && storage.endsWith('_ZRS'))
      throw new RangeError(`${this.where}: zone is "${zone}", but ${storage} is in every zone; leave it out, or choose Premium_LRS`);
    const child = `${name}-disk`;
    const diskArgs: compute.DiskArgs = {
      resourceGroupName,
      location: this.location,
      sku: { name: storage },
      diskSizeGB: sizeGiB,
      creationData: copyOf === undefined ? { createOption: 'Empty' } : { createOption: 'Copy', sourceResourceId: copyOf },
      encryption: this.encryptionOf(args),
      ...CLOSED,
      maxShares: 1,
      ...(zone === undefined ? {} : { zones: [zone] }),
      tags: this.tags,
    };
    const guarded = { parent: this, protect: !this.relaxes('DHC-10') };
    this.disk = new compute.Disk(child, diskArgs, whole(child, diskArgs, ['encryption', 'creationData'], guarded));
    this.id = this.disk.id;
    this.guard(this.disk);
    this.registerOutputs({ id: this.id });
  }
}

/**
 * An incremental copy of a disk, with a key of your own and closed to every download.
 *
 * Guarantees ENC-01 and EXP-02; from the moderate tier on ENC-02 and DHC-10; from the high tier on LPA-14.
 *
 * @throws RangeError where the tier needs the key
 * @example
 * const encryption = new DiskEncryption('disks', { profile, resourceGroupName, location, key: vault.key('disks') });
 * const disk = new SecureDisk('exports', { profile, resourceGroupName, location, encryption, sizeGiB: 128 });
 * const before = new SecureSnapshot('before-migration', { profile, resourceGroupName, location, encryption, diskId: disk.id });
 */
export class SecureSnapshot extends SecureVolume {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureSnapshot', ...VOLUME_CLAIMS);

  /** The snapshot itself. */
  readonly snapshot: compute.Snapshot;
  /** Resource id of the snapshot. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecureSnapshotArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureSnapshot', SNAPSHOT_PROMISES, name, args, opts);
    const child = `${name}-snapshot`;
    const snapshotArgs: compute.SnapshotArgs = {
      resourceGroupName: args.resourceGroupName,
      location: this.location,
      sku: { name: 'Standard_ZRS' },
      incremental: true,
      creationData: { createOption: 'Copy', sourceResourceId: args.diskId },
      encryption: this.encryptionOf(args),
      ...CLOSED,
      tags: this.tags,
    };
    const guarded = { parent: this, protect: !this.relaxes('DHC-10') };
    this.snapshot = new compute.Snapshot(child, snapshotArgs, whole(child, snapshotArgs, ['encryption', 'creationData'], guarded));
    this.id = this.snapshot.id;
    this.guard(this.snapshot);
    this.registerOutputs({ id: this.id });
  }
}

const RELAXABLE = { 'DHC-10': 'the lock and the protection against deletion, for environments that come and go' } as const;
const FIRM = {
  'ENC-02': 'pass another DiskEncryption',
  'EXP-02': 'copies leave through the export that is approved and recorded',
  'LPA-14': 'a link that anybody can use is no export',
} as const;
const DISK_PROMISES: Promises = { claims: SecureDisk.claims, families: ['compute'], relaxable: RELAXABLE, firm: FIRM };
const SNAPSHOT_PROMISES: Promises = { claims: SecureSnapshot.claims, families: ['compute'], relaxable: RELAXABLE, firm: FIRM };
