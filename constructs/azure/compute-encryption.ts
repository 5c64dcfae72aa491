import * as compute from '@pulumi/azure-native/compute';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { allowEncryption } from './keys';
import type { EncryptionKey } from './keys-vault-key';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link DiskEncryption} is made from. */
export interface DiskEncryptionArgs extends SecureArgs {
  /** Key that encrypts the disks: `vault.key('disks')`. */
  readonly key: EncryptionKey;
}

/** What hosts and clusters need to know of the key of their disks. {@link DiskEncryption} is one. */
export interface DiskKey {
  /** Resource id of the disk encryption set. */
  readonly id: pulumi.Input<string>;
}

/**
 * The key of disks, snapshots and images: a disk encryption set that follows the newest version of a key of your own.
 * From the high tier on, everything is encrypted twice, with a key of the platform as well.
 *
 * Guarantees ENC-03; from the moderate tier on DHC-10: without the set no disk can be read.
 *
 * @throws RangeError where a relaxation cannot stand
 * @example
 * const disks = new DiskEncryption('disks', { profile, resourceGroupName, location, key: vault.key('disks') });
 */
export class DiskEncryption extends SecureComponent implements DiskKey {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('DiskEncryption', 'ENC-03', { control: 'DHC-10', from: 'moderate' });

  /** The set itself. */
  readonly set: compute.DiskEncryptionSet;
  /** Resource id of the set. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: DiskEncryptionArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:DiskEncryption', PROMISES, name, args, opts);
    const { key, resourceGroupName } = args;
    if (!key) throw new RangeError(`${this.where}: key is missing; pass a key of a SecureKeyVault: vault.key("disks") (ENC-02)`);
    const identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, location: this.location, tags: this.tags },
      { parent: this },
    );
    const use = allowEncryption(`${name}-key-use`, { key, principalId: identity.principalId }, { parent: this });
    const child = `${name}-set`;
    const setArgs: compute.DiskEncryptionSetArgs = {
      resourceGroupName,
      location: this.location,
      encryptionType: this.reaches('high') ? 'EncryptionAtRestWithPlatformAndCustomerKeys' : 'EncryptionAtRestWithCustomerKey',
      // The service wants a version to begin with, and then moves on to newer ones by itself.
      activeKey: { keyUrl: key.versionedKeyUri ?? pulumi.interpolate`${key.vaultUri}/keys/${key.keyName}` },
      rotationToLatestKeyVersionEnabled: true,
      identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id] },
      tags: this.tags,
    };
    const guarded = { parent: this, dependsOn: [use], protect: !this.relaxes('DHC-10') };
    this.set = new compute.DiskEncryptionSet(child, setArgs, whole(child, setArgs, ['activeKey', 'identity'], guarded));
    this.id = this.set.id;
    if (!this.relaxes('DHC-10')) this.lock('set', this.id, 'Without the set nobody reads the disks that it encrypts.');
    this.waive('DHC-10', this.set);
    this.registerOutputs({ id: this.id });
  }
}

const PROMISES: Promises = {
  claims: DiskEncryption.claims,
  families: ['compute', 'keys'],
  relaxable: { 'DHC-10': 'the lock and the protection against deletion, for environments that come and go' },
  firm: { 'ENC-03': 'relax it at the key that cannot rotate: vault.key()' },
};
