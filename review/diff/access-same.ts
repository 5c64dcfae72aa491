/**
 * What a pattern reaches although it does not name it: `table/ca*` holds the table `cases` that a reference names. Of a reference
 * the ARN is known but for what only deployment knows, and this is compared with what is granted on the other side.
 */
import type { Resource } from '../../policies/resource';
import { type AccessChange, grantedRegions, type Rights } from './access/compare';
import { meet, type Region, type ResourceForm, regionsOf, uncovered } from './access/regions';
import { hasHole, hole, patternOf } from './access/text';
import { type Plain, plainNode } from './plain';
import { asText, type Reader } from './reading';
import { resourcesOf, type Side } from './side';

interface Form {
  readonly on: RegExp;
  /** The attribute that gives the ARN; none where `Ref` does. */
  readonly attribute: 'Arn' | undefined;
  readonly service: string;
  /** Before the name. */
  readonly prefix?: string;
  readonly name: string;
  /** Buckets are of no region and no account. */
  readonly global?: boolean;
}

const FORMS: readonly Form[] = [
  { on: /^AWS::S3::Bucket$/, attribute: 'Arn', service: 's3', name: 'BucketName', global: true },
  {
    on: /^AWS::(DynamoDB::(Global)?Table|Serverless::SimpleTable)$/,
    attribute: 'Arn',
    service: 'dynamodb',
    prefix: 'table/',
    name: 'TableName',
  },
  { on: /^AWS::SQS::Queue$/, attribute: 'Arn', service: 'sqs', name: 'QueueName' },
  { on: /^AWS::SNS::Topic$/, attribute: undefined, service: 'sns', name: 'TopicName' },
  { on: /^AWS::(Lambda|Serverless)::Function$/, attribute: 'Arn', service: 'lambda', prefix: 'function:', name: 'FunctionName' },
  { on: /^AWS::Kinesis::Stream$/, attribute: 'Arn', service: 'kinesis', prefix: 'stream/', name: 'Name' },
  { on: /^AWS::Logs::LogGroup$/, attribute: 'Arn', service: 'logs', prefix: 'log-group:', name: 'LogGroupName' },
  { on: /^AWS::KMS::Key$/, attribute: 'Arn', service: 'kms', prefix: 'key/', name: 'KeyId' },
  { on: /^AWS::SecretsManager::Secret$/, attribute: undefined, service: 'secretsmanager', prefix: 'secret:', name: 'Name' },
];

/** The ARNs that references stand for, as far as they are known. */
export class WrittenOut {
  readonly #named = new Map<string, readonly [resource: Resource, form: Form]>();

  constructor(
    side: Side,
    private readonly reader: Reader,
  ) {
    for (const resource of resourcesOf(side)) {
      const form = FORMS.find(({ on }) => on.test(resource.type));
      if (!form) continue;
      const identity = reader.pairing.identity(resource);
      this.#named.set(hole(form.attribute === undefined ? identity : `${identity}.${form.attribute}`), [resource, form]);
    }
  }

  /** What only seems to come or go: the other side, or this one, reaches it by another text. */
  isSame({ cause, region }: AccessChange, others: Rights): boolean {
    if (cause !== 'granted') return false;
    const written = this.#written(region);
    if (written === undefined) return false;
    // What others deny is told by where it is denied.
    if (regionsOf(others.grants).denies.some((denied) => meet(denied, region) !== undefined)) return false;
    return uncovered(written, grantedRegions(others), (named) => others.account !== undefined && named !== others.account).length === 0;
  }

  #written(region: Region): Region | undefined {
    const { except, pattern, text } = region.resource;
    const [first, ...rest] = typeof pattern === 'string' ? [] : Array.from(pattern);
    if (first === undefined || except.length > 0) return undefined;
    const [named, form] = this.#named.get(first) ?? [];
    if (!named || !form) return undefined;
    // All versions and aliases of a function are that function.
    if (form.service === 'lambda' && rest.join('') === ':*') return { ...region, resource: { ...region.resource, pattern: [first] } };
    const arn = arnOf(named, form, this.reader);
    const resource: ResourceForm = { except, text, pattern: [...Array.from(patternOf(arn)), ...rest] };
    return { ...region, resource };
  }
}

/** `arn:aws:dynamodb:eu-central-1:111122223333:table/cases`, with a hole for whatever is not known. */
function arnOf(resource: Resource, { global, name, prefix = '', service }: Form, reader: Reader): string {
  const told = (value: Parameters<typeof plainNode>[1]): Plain | undefined => plainNode(resource.scope, value, reader.names);
  const pseudo = (what: string, known: string | undefined): string => known ?? asText(told({ Ref: what })) ?? hole(what);
  const partition = asText(told({ Ref: 'AWS::Partition' }));
  const own = asText(reader.of(resource)[name]) ?? hole(`the name of ${reader.pairing.identity(resource)}`);
  const place = global ? ':' : `${pseudo('AWS::Region', resource.unit.region)}:${pseudo('AWS::AccountId', resource.unit.account)}`;
  return `arn:${partition === undefined || hasHole(partition) ? 'aws' : partition}:${service}:${place}:${prefix}${own}`;
}
