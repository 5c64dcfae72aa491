/** The function behind `POST /attachments/{id}/link` of case management: API Gateway in, DynamoDB and S3 behind. */
import { randomUUID } from 'node:crypto';
import { type Answer, answer, type Stores, type Wish } from './link';

/** As much of the event of API Gateway as is read. */
interface Event {
  readonly pathParameters: { readonly id?: string } | null;
  readonly body: string | null;
  readonly requestContext: {
    readonly requestId: string;
    readonly identity: { readonly sourceIp: string };
    readonly authorizer?: { readonly claims?: Readonly<Record<string, string>> };
  };
}

/** As much of the AWS SDK, which the runtime brings, as is used. */
export interface Sdk {
  readonly DynamoDBClient: new (options: object) => { send(command: unknown): Promise<{ Item?: Item }> };
  readonly GetItemCommand: new (input: object) => unknown;
  readonly PutItemCommand: new (input: object) => unknown;
  readonly S3Client: new (options: object) => { send(command: unknown): Promise<{ TagSet?: readonly { Key: string; Value: string }[] }> };
  readonly GetObjectCommand: new (input: object) => unknown;
  readonly PutObjectCommand: new (input: object) => unknown;
  readonly GetObjectTaggingCommand: new (input: object) => unknown;
  readonly getSignedUrl: (client: unknown, command: unknown, options: { expiresIn: number }) => Promise<string>;
}
type Item = Readonly<Record<string, { readonly S?: string; readonly N?: string }>>;

const env = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
};

/** The stores of AWS; what is kept where is said by the environment. */
export function storesOf(sdk: Sdk): Stores {
  const table = new sdk.DynamoDBClient({});
  // By default the SDK signs the checksum of an empty body into a link for an upload, and S3 then refuses every file.
  const objects = new sdk.S3Client({ requestChecksumCalculation: 'WHEN_REQUIRED' });
  const Bucket = env('BUCKET');
  const get = async (
    TableName: string,
    key: Readonly<Record<string, string>>,
    attributes: readonly string[],
  ): Promise<Item | undefined> => {
    const command = new sdk.GetItemCommand({
      TableName,
      Key: Object.fromEntries(Object.entries(key).map(([name, S]) => [name, { S }])),
      ProjectionExpression: attributes.map((_, index) => `#${index}`).join(', '),
      ExpressionAttributeNames: Object.fromEntries(attributes.map((name, index) => [`#${index}`, name])),
      ConsistentRead: true,
    });
    return (await table.send(command)).Item;
  };
  return {
    attachment: async (id) => {
      const item = await get(env('ATTACHMENTS'), { id }, ['id', 'caseId']);
      return item?.id?.S && item.caseId?.S ? { id: item.id.S, caseId: item.caseId.S } : undefined;
    },
    assignee: async (id) => (await get(env('CASES'), { id }, ['id', 'assignee']))?.assignee?.S,
    acknowledgedAt: async (sub) => {
      const item = await get(env('ACCESS'), { pk: `NOTICE#${env('NOTICE')}`, sk: `PERSON#${sub}` }, ['version', 'acknowledgedAt']);
      return item?.version?.S === env('NOTICE_VERSION') ? Number(item.acknowledgedAt?.N) : undefined;
    },
    grant: async (caseId, sub) => {
      const item = await get(env('ACCESS'), { pk: `CASE#${caseId}`, sk: `PERSON#${sub}` }, ['purpose', 'expiresAt', 'approvedBy']);
      return item && { purpose: item.purpose?.S ?? '', expiresAt: Number(item.expiresAt?.N ?? 0), approvedBy: item.approvedBy?.S ?? '' };
    },
    isClean: async (Key) => {
      const { TagSet = [] } = await objects.send(new sdk.GetObjectTaggingCommand({ Bucket, Key })).catch(noSuchObject);
      return TagSet.some((tag) => tag.Key === 'GuardDutyMalwareScanStatus' && tag.Value === 'NO_THREATS_FOUND');
    },
    record: async (entry, caseId, deleteAfter) => {
      const values = Object.fromEntries(Object.entries(entry).map(([name, S]) => [name, { S }]));
      await table.send(
        new sdk.PutItemCommand({
          TableName: env('AUDIT'),
          Item: {
            pk: { S: `CASE#${caseId}` },
            sk: { S: `${entry.at}#${randomUUID()}` },
            deleteAfter: { N: String(deleteAfter) },
            ...values,
          },
          ConditionExpression: 'attribute_not_exists(pk)',
        }),
      );
    },
    link: (action, Key, expiresIn) => {
      // A file is saved, never shown: what customers sent does not run in a page.
      const command =
        action === 'read'
          ? new sdk.GetObjectCommand({ Bucket, Key, ResponseContentDisposition: 'attachment' })
          : new sdk.PutObjectCommand({ Bucket, Key });
      return sdk.getSignedUrl(objects, command, { expiresIn });
    },
  };
}

/**
 * Nothing was uploaded yet: there is nothing that a scan could have found clean. To a function that may not list the bucket
 * S3 says of a missing object that access is denied.
 */
function noSuchObject(error: unknown): { TagSet?: readonly { Key: string; Value: string }[] } {
  if (error instanceof Error && ['AccessDenied', 'NoSuchKey'].includes(error.name)) return {};
  throw error;
}

function loadSdk(): Sdk {
  const load = (name: string): object => require(name) as object;
  return Object.assign({}, load('@aws-sdk/client-dynamodb'), load('@aws-sdk/client-s3'), load('@aws-sdk/s3-request-presigner')) as Sdk;
}

let stores: Stores | undefined;
/** Made once, and kept from one call to the next. */
const behind = (): Stores => {
  stores ??= storesOf(loadSdk());
  return stores;
};

/** What is asked for; undefined where it is not understood. */
export function wishOf(event: Event): Wish | undefined {
  let body: unknown;
  try {
    body = JSON.parse(event.body ?? '{}');
  } catch {
    return undefined;
  }
  const { action, purpose } = (body ?? {}) as Record<string, unknown>;
  const attachment = event.pathParameters?.id ?? '';
  if ((action !== 'read' && action !== 'upload') || typeof purpose !== 'string' || !/^[\w-]{1,64}$/.test(attachment)) return undefined;
  return { action, attachment, purpose };
}

/** Entry point of the function. */
export async function handler(event: Event): Promise<{ statusCode: number; headers: Record<string, string>; body: string }> {
  const wish = wishOf(event);
  const { authorizer, identity, requestId } = event.requestContext;
  const claims = authorizer?.claims ?? {};
  const caller = {
    sub: claims.sub ?? '',
    name: claims['cognito:username'] ?? '',
    groups: (claims['cognito:groups'] ?? '').split(/[\s,[\]]+/).filter(Boolean),
    sourceIp: identity.sourceIp,
    requestId,
  };
  const result: Answer =
    wish && caller.sub !== ''
      ? await answer(wish, caller, behind(), Math.floor(Date.now() / 1000))
      : { status: 400, body: { error: 'Write action (read or upload) and purpose.' } };
  return {
    statusCode: result.status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      // The page of the client stands at another address than this interface.
      'access-control-allow-origin': env('ORIGIN'),
    },
    body: JSON.stringify(result.body),
  };
}
