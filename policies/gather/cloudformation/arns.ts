/** ARNs that a template puts together from the name of a resource: the same value as its ARN, and read as that. */
import { type Node, Reference, Text } from '../../node';
import { asMap, concat, type NodeMap, type Part, Word } from './text';

/** How the ARN of a type is made: `N` its `Ref`, or the attribute `by`; `P` the partition, `R` the region, `A` the account. */
interface Form {
  readonly form: string;
  readonly by?: string;
  /** What gives the whole ARN; its `Ref` where nothing else is said. */
  readonly arn: string | undefined;
  /** What follows the name in the ARN itself. */
  readonly end?: string;
  /** Where the name stands below a path that it may have. */
  readonly path?: true;
}

const made = (form: string, more: Partial<Form> = {}): Form => ({ form, arn: 'Arn', ...more });
const TABLE = made('arn:P:dynamodb:R:A:table/N');
const KEY = made('arn:P:kms:R:A:key/N');
const FUNCTION = made('arn:P:lambda:R:A:function:N');

const FORMS: { readonly [type: string]: Form } = {
  'AWS::S3::Bucket': made('arn:P:s3:::N'),
  'AWS::DynamoDB::Table': TABLE,
  'AWS::DynamoDB::GlobalTable': TABLE,
  'AWS::SQS::Queue': made('arn:P:sqs:R:A:N', { by: 'QueueName' }),
  'AWS::SNS::Topic': made('arn:P:sns:R:A:N', { by: 'TopicName', arn: undefined }),
  'AWS::StepFunctions::StateMachine': made('arn:P:states:R:A:stateMachine:N', { by: 'Name', arn: undefined }),
  'AWS::Serverless::SimpleTable': TABLE,
  'AWS::KMS::Key': KEY,
  'AWS::KMS::ReplicaKey': KEY,
  'AWS::Lambda::Function': FUNCTION,
  'AWS::Serverless::Function': FUNCTION,
  'AWS::Logs::LogGroup': made('arn:P:logs:R:A:log-group:N', { end: ':*' }),
  'AWS::IAM::Role': made('arn:P:iam::A:role/N', { path: true }),
  'AWS::IAM::User': made('arn:P:iam::A:user/N', { path: true }),
  'AWS::IAM::Group': made('arn:P:iam::A:group/N', { path: true }),
  'AWS::IAM::InstanceProfile': made('arn:P:iam::A:instance-profile/N', { path: true }),
  'AWS::Kinesis::Stream': made('arn:P:kinesis:R:A:stream/N'),
  'AWS::KinesisFirehose::DeliveryStream': made('arn:P:firehose:R:A:deliverystream/N'),
  'AWS::ECS::Cluster': made('arn:P:ecs:R:A:cluster/N'),
  'AWS::EKS::Cluster': made('arn:P:eks:R:A:cluster/N'),
  'AWS::ECR::Repository': made('arn:P:ecr:R:A:repository/N'),
  'AWS::RDS::DBCluster': made('arn:P:rds:R:A:cluster:N', { arn: 'DBClusterArn' }),
  'AWS::RDS::DBInstance': made('arn:P:rds:R:A:db:N', { arn: 'DBInstanceArn' }),
  'AWS::Backup::BackupVault': made('arn:P:backup:R:A:backup-vault:N', { arn: 'BackupVaultArn' }),
  'AWS::CloudTrail::Trail': made('arn:P:cloudtrail:R:A:trail/N'),
  'AWS::EFS::FileSystem': made('arn:P:elasticfilesystem:R:A:file-system/N'),
  'AWS::OpenSearchService::Domain': made('arn:P:es:R:A:domain/N'),
  'AWS::Cognito::UserPool': made('arn:P:cognito-idp:R:A:userpool/N'),
  'AWS::CodeBuild::Project': made('arn:P:codebuild:R:A:project/N'),
};

/** Where a resource stands: what its ARN is made of besides its name. */
export interface Place {
  readonly partition: string;
  readonly region?: string | undefined;
  readonly account?: string | undefined;
  readonly resource: NodeMap;
}

const pseudo = (known: string | undefined, name: string): string => known ?? `\${${name}}`;
/** What comes before the name; undefined where a part of it is not known to be one of ours. */
const beforeName = (parts: readonly Part[]): string | undefined =>
  parts.every((part) => typeof part === 'string' || part instanceof Word)
    ? parts.map((part) => (typeof part === 'string' ? part : `\${${(part as Word).missing}}`)).join('')
    : undefined;

/** A text that is the ARN of one resource around its name, with what follows: as a reference to the ARN. Any other node as it is. */
export function asReference(node: Node | undefined, placeOf: (id: string) => Place | undefined): Node | undefined {
  if (!(node instanceof Text) || typeof node.parts[0] !== 'string' || !node.parts[0].startsWith('arn:')) return node;
  const at = node.parts.findIndex((part) => part instanceof Reference);
  const name = node.parts[at];
  const before = at < 0 ? undefined : beforeName(node.parts.slice(0, at));
  if (!(name instanceof Reference) || name.derived || before === undefined) return node;
  const place = placeOf(name.target);
  const { Properties, Type } = place?.resource ?? {};
  const form = typeof Type === 'string' && Object.hasOwn(FORMS, Type) ? FORMS[Type] : undefined;
  if (!place || !form || name.attribute !== form.by) return node;
  const path = asMap(Properties).Path;
  if (form.path && path !== undefined && path !== '/') return node;
  const letters: Readonly<Record<string, string>> = {
    P: place.partition,
    R: pseudo(place.region, 'AWS::Region'),
    A: pseudo(place.account, 'AWS::AccountId'),
    N: '',
  };
  if (before !== form.form.replaceAll(/(?<=[:/])[PRAN](?=[:/]|$)/g, (letter) => letters[letter] ?? letter)) return node;
  const [next, ...more] = node.parts.slice(at + 1);
  const rest = next === undefined ? '' : next;
  if (typeof rest !== 'string' || !rest.startsWith(form.end ?? '') || !/^($|[:/])/.test(rest.slice(form.end?.length ?? 0))) return node;
  return concat([new Reference(name.target, form.arn), rest.slice(form.end?.length ?? 0), ...more]);
}
