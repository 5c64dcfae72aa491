/** Containers of Cosmos DB: how long items are kept, which fields only clients can read, and who may do what. */
import type * as cosmosdb from '@pulumi/azure-native/cosmosdb';
import type * as pulumi from '@pulumi/pulumi';
import type { Retention } from '../contract';

/** What a container is made from. */
export interface CosmosContainerArgs {
  /** Name of its database. */
  readonly database: string;
  /** Path of the field that spreads items, such as `/product`. */
  readonly partitionKey: string;
  /** How long items are kept, by the time of their last change (DHC-06); the service knows no least. */
  readonly retention: Omit<Retention, 'atLeastDays'>;
  /**
   * Paths of the fields that clients encrypt, each with the id of its client encryption key; obligatory at tier high (FLS-06).
   * The keys are made by a client, before the container. It cannot be changed.
   * @default none
   */
  readonly encrypted?: Readonly<Record<string, string>>;
  /** Those of them that are compared for equality: equal values look equal. @default none: equal values look different */
  readonly comparable?: readonly string[];
}

/** A container, as a grant needs to know it. */
export interface CosmosContainer {
  /** The container itself. */
  readonly container: cosmosdb.SqlResourceSqlContainer;
  /** Name of its database. */
  readonly databaseName: string;
  /** Name of the container. */
  readonly containerName: string;
}

/** A right on the items of one container. */
export interface CosmosGrant {
  /** Container whose items are meant. */
  readonly container: CosmosContainer;
  /** Object id of the identity, or of the group. */
  readonly principalId: pulumi.Input<string>;
  /** read: one by one and by queries. write: to create, change and delete besides. Neither follows the feed of changes. */
  readonly rights: 'read' | 'write';
}

const ACTIONS = 'Microsoft.DocumentDB/databaseAccounts';
const CONTAINER = `${ACTIONS}/sqlDatabases/containers`;
const READ = [`${ACTIONS}/readMetadata`, `${CONTAINER}/items/read`, `${CONTAINER}/executeQuery`];

/** What each right is, action by action (LPA-02). The feed of changes is a copy of the container (EXP-01). */
export const DATA_ACTIONS: Readonly<Record<CosmosGrant['rights'], readonly string[]>> = {
  read: READ,
  write: [...READ, ...['create', 'upsert', 'replace', 'delete'].map((action) => `${CONTAINER}/items/${action}`)],
};

const SECONDS_A_DAY = 86_400;

/** The container in the words of the service. */
export function containerArgs(id: string, args: CosmosContainerArgs, refuse: (what: string) => never) {
  const { comparable = [], encrypted, partitionKey, retention } = args;
  if (!args.database) refuse('database is missing; name the database of the container');
  if (!partitionKey?.startsWith('/')) refuse(`partitionKey is "${partitionKey}"; write the path of a field, such as /product`);
  const days = retention?.atMostDays;
  if (!(Number.isInteger(days) && days > 0)) refuse('retention.atMostDays is no number of days; write how long items are kept (DHC-06)');
  const paths = Object.entries(encrypted ?? {});
  if (encrypted !== undefined && paths.length === 0)
    refuse('encrypted names no path; name those of the most sensitive fields, or leave it out');
  const wrong = paths.find(([path, key]) => !/^\/[^/]+$/.test(path) || key === '');
  if (wrong) refuse(`encrypted names "${wrong[0]}"; write paths of the first level, such as /author, each with the id of its key (FLS-06)`);
  const unknown = comparable.find((path) => encrypted?.[path] === undefined);
  if (unknown !== undefined) refuse(`comparable names "${unknown}", which is none of the encrypted paths`);
  return {
    id,
    partitionKey: { kind: 'Hash', paths: [partitionKey], version: 2 },
    defaultTtl: days * SECONDS_A_DAY,
    ...(paths.length === 0
      ? {}
      : {
          clientEncryptionPolicy: {
            policyFormatVersion: 2,
            includedPaths: paths.map(([path, clientEncryptionKeyId]) => ({
              path,
              clientEncryptionKeyId,
              encryptionAlgorithm: 'AEAD_AES_256_CBC_HMAC_SHA256',
              // What decides where an item lies has to be found again by its value.
              encryptionType: comparable.includes(path) || path === partitionKey ? 'Deterministic' : 'Randomized',
            })),
          },
        }),
  };
}
