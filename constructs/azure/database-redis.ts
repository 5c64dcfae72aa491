import * as redisenterprise from '@pulumi/azure-native/redisenterprise';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { SecureDatabase, type SecureDatabaseArgs } from './database-shared';
import { physicalName } from './naming';
import type { Promises } from './relax';
import { whole } from './whole';

/** What a {@link SecureRedis} is made from. */
export interface SecureRedisArgs extends SecureDatabaseArgs {
  /** Globally unique, 1 to 60 letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly clusterName?: string;
  /** Size, of one of the kinds of Azure Managed Redis. @default 'Balanced_B5' */
  readonly sku?: `${'Balanced_B' | 'MemoryOptimized_M' | 'ComputeOptimized_X'}${number}`;
  /** What goes when the memory is full. @default 'VolatileLRU': what was used longest ago, of what has an end */
  readonly eviction?: 'NoEviction' | 'VolatileLRU' | 'AllKeysLRU';
  /** Whether what was written is kept on disk, second by second, and is there again after a failure of all nodes. @default true */
  readonly persistent?: boolean;
}

const PORT = 10_000;
/** Kinds that are made today; those of Redis Enterprise and of Azure Cache for Redis are being retired. */
const SKU = /^(Balanced_B|MemoryOptimized_M|ComputeOptimized_X)\d+$/;

/** Operations after which data is gone, copied or open. */
const WEAKENINGS = [
  'Microsoft.Cache/redisEnterprise/delete',
  'Microsoft.Cache/redisEnterprise/databases/delete',
  'Microsoft.Cache/redisEnterprise/databases/export/action',
  'Microsoft.Cache/redisEnterprise/databases/flush/action',
  'Microsoft.Cache/redisEnterprise/databases/listKeys/action',
  'Microsoft.Cache/redisEnterprise/databases/accessPolicyAssignments/write',
];

/**
 * A cache of Azure Managed Redis that only named identities of the directory use, over TLS 1.2 and from a private network,
 * with its disks encrypted with the customer's key, and from tier moderate with a replica in another zone and a record of
 * every connection.
 *
 * The service stays at the version of its key; a deployment after a rotation, with `--refresh`, moves it on.
 *
 * Guarantees DHC-01, DHC-10, LPA-14, TLS-01 and TLS-05; from the moderate tier on DID-05, ENC-02, ENC-06, LOG-04, LOG-05 and
 * MON-04; from the high tier on BCR-06.
 *
 * @throws RangeError where the tier needs an argument that is missing, or a relaxation cannot stand
 * @example
 * const sessions = new SecureRedis('sessions', {
 *   profile, resourceGroupName, location, network, logs, key: vault.key('sessions'), alerts: contacts.id,
 * });
 * sessions.grant('portal', { objectId: identity.principalId });
 */
export class SecureRedis extends SecureDatabase {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureRedis',
    { control: 'BCR-06', from: 'high' },
    'DHC-01',
    'DHC-10',
    { control: 'DID-05', from: 'moderate' },
    { control: 'ENC-02', from: 'moderate' },
    { control: 'ENC-06', from: 'moderate' },
    { control: 'LOG-04', from: 'moderate' },
    { control: 'LOG-05', from: 'moderate' },
    'LPA-14',
    { control: 'MON-04', from: 'moderate' },
    'TLS-01',
    'TLS-05',
    unclaimed('BCR-01', 'persistence brings back the last state, and no earlier one; the service takes no copies by itself'),
    unclaimed('DID-01', 'a platform cache stands in no subnet; that only a private endpoint reaches it is DID-05'),
    unclaimed('ENC-03', 'the service stays at the version of its key until it is deployed again'),
    unclaimed('ENC-11', 'the service encrypts every cache, with no setting that could be judged; with which key is ENC-02'),
    unclaimed('LOG-13', 'connections are recorded as LOG-04; the service records no commands'),
    unclaimed('LPA-02', 'the service has one access policy, which allows every command; who has it is listed one by one'),
    unclaimed('TLS-06', 'traffic between the nodes is inside the service; that clients speak TLS is TLS-05'),
    unclaimed('VUL-06', 'Azure assesses the settings of SQL only'),
  );

  /** The cluster itself. */
  readonly cluster: redisenterprise.RedisEnterprise;
  /** Its one database. */
  readonly database: redisenterprise.Database;
  /** Resource id of the cluster. */
  readonly id: pulumi.Output<string>;
  /** Host that clients connect to. */
  readonly host: pulumi.Output<string>;
  /** Port that clients connect to. */
  readonly port = PORT;
  readonly #args: SecureRedisArgs;

  constructor(name: string, args: SecureRedisArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureRedis', PROMISES, name, args, opts);
    this.#args = args;
    if (args.sku !== undefined && !SKU.test(args.sku))
      this.refuse(`sku is "${args.sku}"; write one of Azure Managed Redis, such as Balanced_B5: other kinds are retired (VUL-10)`);
    this.cluster = this.#cluster();
    this.id = this.cluster.id;
    this.host = this.cluster.hostName;
    const persistent = args.persistent ?? true;
    this.database = new redisenterprise.Database(
      `${name}-database`,
      {
        resourceGroupName: args.resourceGroupName,
        clusterName: this.cluster.name,
        // The service knows no other name.
        databaseName: 'default',
        accessKeysAuthentication: 'Disabled',
        clientProtocol: 'Encrypted',
        clusteringPolicy: 'OSSCluster',
        deferUpgrade: 'NotDeferred',
        evictionPolicy: args.eviction ?? 'VolatileLRU',
        modules: [],
        persistence: { aofEnabled: persistent, ...(persistent ? { aofFrequency: '1s' } : {}), rdbEnabled: false },
        port: PORT,
      },
      { parent: this, protect: this.kept },
    );
    this.connect('endpoint', this.id, 'redis-enterprise');
    // Connections are records of the database; the cluster has figures only.
    this.record('diagnostics', this.database.id, { metrics: [] });
    this.record('cluster-diagnostics', this.id, { categories: [] });
    this.watch([this.id], WEAKENINGS);
    this.keep('cluster', this.cluster);
    for (const control of ['BCR-06', 'DHC-10'] as const) this.waive(control, this.cluster);
    this.registerOutputs({ id: this.id, host: this.host });
  }

  /** Lets one identity use the cache; the service knows no narrower right. */
  grant(name: string, principal: { readonly objectId: pulumi.Input<string> }): redisenterprise.AccessPolicyAssignment {
    return new redisenterprise.AccessPolicyAssignment(
      `${this.label}-grant-${name}`,
      {
        resourceGroupName: this.#args.resourceGroupName,
        clusterName: this.cluster.name,
        databaseName: this.database.name,
        accessPolicyAssignmentName: name.replace(/[^A-Za-z0-9]/g, ''),
        accessPolicyName: 'default',
        user: { objectId: principal.objectId },
      },
      { parent: this },
    );
  }

  #cluster(): redisenterprise.RedisEnterprise {
    const { key, resourceGroupName, sku = 'Balanced_B5' } = this.#args;
    const user = key && this.identity('identity', key);
    const name = `${this.label}-cluster`;
    const args: redisenterprise.RedisEnterpriseArgs = {
      clusterName: this.#args.clusterName ?? physicalName(this.label, 60, '-'),
      resourceGroupName,
      location: this.location,
      sku: { name: sku },
      // The nodes of such a cluster stand in different zones by themselves; the service refuses to be told which.
      highAvailability: this.reaches('moderate') && !this.relaxes('BCR-06') ? 'Enabled' : 'Disabled',
      minimumTlsVersion: '1.2',
      publicNetworkAccess: 'Disabled',
      ...(key && user
        ? {
            identity: { type: 'UserAssigned', userAssignedIdentities: [user.identity.id] },
            encryption: {
              customerManagedKeyEncryption: {
                keyEncryptionKeyUrl: this.versioned('key', key),
                keyEncryptionKeyIdentity: { identityType: 'userAssignedIdentity', userAssignedIdentityResourceId: user.identity.id },
              },
            },
          }
        : { identity: { type: 'None' } }),
      tags: this.tags,
    };
    const opts = { parent: this, protect: this.kept, dependsOn: [...(user?.ready ?? [])] };
    return new redisenterprise.RedisEnterprise(name, args, whole(name, args, ['encryption', 'identity'], opts));
  }
}

const PROMISES: Promises = {
  claims: SecureRedis.claims,
  families: ['database'],
  relaxable: {
    'BCR-06': 'the replica in another zone: the loss of a node empties the cache for a while',
    'DHC-10': 'the lock and the protection against deletion, for environments that come and go',
  },
  firm: {
    'DID-05': 'without an endpoint nothing reaches the cache at all',
    'ENC-02': 'a key of the platform cannot be revoked; pass `key`',
    'LPA-14': 'every supported client signs in by the directory',
    'TLS-05': 'every client speaks TLS',
  },
};
