/** What the flexible servers of PostgreSQL and MySQL have in common: their parameters, copies and zones. */
import type * as pulumi from '@pulumi/pulumi';
import { RECOVERY_DAYS } from '../contract';
import { type DirectoryGroup, SecureDatabase, type SecureDatabaseArgs } from './database-shared';
import type { EncryptionKey } from './keys-vault-key';
import type { Promises } from './relax';

/** What every flexible server is made from. */
export interface FlexibleServerArgs extends SecureDatabaseArgs {
  /** Group of the directory that administers the server; sign-in by password is refused (LPA-14). */
  readonly administrators: DirectoryGroup;
  /** Globally unique, 3 to 63 lower-case letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly serverName?: string;
  /**
   * Key that encrypts the backups in the paired location; of a vault there, where keys are not reached across regions.
   * Obligatory from tier moderate, unless backups stay (BCR-03).
   * @default none
   */
  readonly backupKey?: EncryptionKey;
  /** Location that Azure pairs with this one, where the profile promises a residency of several places. @default none */
  readonly pairedLocation?: string;
  /** Size of the server; kinds that cannot span zones need BCR-06 to be relaxed. @default two virtual cores, General Purpose */
  readonly sku?: { readonly name: string; readonly tier: 'Burstable' | 'GeneralPurpose' | 'MemoryOptimized' };
  /** Size of its storage in GiB; it grows by itself. @default 128 */
  readonly storageGB?: number;
  /** Further parameters. Those that force TLS and record statements are set, and cannot be contradicted. @default none */
  readonly parameters?: Readonly<Record<string, string>>;
}

/** A flexible server, of either engine. */
export abstract class FlexibleServer extends SecureDatabase {
  /** Whether backups are copied to the paired location. */
  protected readonly copied: boolean;
  /** Whether it stands in two zones. */
  protected readonly zones: boolean;

  protected constructor(token: string, promises: Promises, name: string, args: FlexibleServerArgs, opts?: pulumi.ComponentResourceOptions) {
    super(token, promises, name, args, opts);
    if (!args.administrators)
      this.refuse('administrators is missing; name a group of the directory, nobody signs in by password (LPA-14, IDA-01)');
    this.copied = this.leaves(args.pairedLocation);
    this.zones = this.reaches('moderate') && !this.relaxes('BCR-06');
    if (this.copied && args.key)
      this.need(
        args.backupKey,
        'backupKey',
        'moderate',
        'BCR-03',
        'pass a key of a SecureKeyVault in the paired location, or relax BCR-03',
      );
    if (this.zones && args.sku?.tier === 'Burstable')
      this.refuse(`sku ${args.sku.name} cannot span zones (BCR-06); take GeneralPurpose or MemoryOptimized, or relax BCR-06`);
  }

  /** Backups for as long as the service keeps them. */
  protected get backup() {
    return { backupRetentionDays: RECOVERY_DAYS, geoRedundantBackup: this.copied ? 'Enabled' : 'Disabled' } as const;
  }

  /**
   * The parameters: those of the user, and those of the floor over them. Lists such as libraries are joined.
   *
   * @throws RangeError where a parameter of the user contradicts the floor
   */
  protected parameters(
    floor: Readonly<Record<string, string>>,
    user: Readonly<Record<string, string>> = {},
    lists: readonly string[] = [],
  ): readonly (readonly [name: string, value: string])[] {
    const joined = { ...user, ...floor };
    for (const [name, value] of Object.entries(user)) {
      const wanted = floor[name];
      if (wanted === undefined) continue;
      if (lists.includes(name))
        joined[name] = [...new Set([...wanted.split(','), ...value.split(',').map((part) => part.trim())])].join(',');
      else if (value.toLowerCase() !== wanted.toLowerCase())
        this.refuse(`parameters sets ${name} to "${value}"; it has to be "${wanted}" (TLS-05, LOG-06, LPA-14)`);
    }
    return Object.entries(joined);
  }

  /** Sets the parameters one after the other: the service refuses a second change while one is under way. */
  protected configure(
    parameters: readonly (readonly [name: string, value: string])[],
    after: pulumi.Resource,
    set: (
      name: string,
      configuration: { configurationName: string; value: string; source: string },
      opts: pulumi.CustomResourceOptions,
    ) => pulumi.Resource,
  ): pulumi.Resource {
    return parameters.reduce<pulumi.Resource>(
      (before, [configurationName, value]) =>
        set(
          `${this.label}-parameter-${configurationName.replaceAll(/[._]/g, '-')}`,
          { configurationName, value, source: 'user-override' },
          { parent: this, dependsOn: [before] },
        ),
      after,
    );
  }
}

/** What may be relaxed on a flexible server, and why the rest may not. */
export const FLEXIBLE_PROMISES = {
  families: ['database'],
  relaxable: {
    'BCR-03': 'backups stay in the location of the server',
    'BCR-06': 'the standby in another zone, for a size or a region that has none',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
  },
  firm: {
    'DID-05': 'without an endpoint nothing reaches the server at all',
    'ENC-02': 'a key of the platform cannot be revoked; pass `key`',
    'LOG-06': 'who read and altered what must be answerable',
    'LPA-14': 'every supported driver signs in by the directory',
    'TLS-05': 'every driver speaks TLS',
  },
} as const satisfies Omit<Promises, 'claims'>;
