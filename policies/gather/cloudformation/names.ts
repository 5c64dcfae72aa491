/** By what a service knows a resource: its name, and the ARN that others build from the name. */
import type { Node } from '../../node';

type Properties = { readonly [key: string]: Node | undefined };

/** Naming properties that do not follow from the type's last segment. */
const NAMING: { readonly [type: string]: readonly string[] } = {
  'AWS::EC2::SecurityGroup': ['GroupName'],
  'AWS::IAM::InstanceProfile': ['InstanceProfileName'],
  'AWS::IAM::ManagedPolicy': ['ManagedPolicyName'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name'],
  'AWS::KMS::Alias': ['AliasName'],
  'AWS::RDS::DBInstance': ['DBInstanceIdentifier'],
  'AWS::RDS::DBCluster': ['DBClusterIdentifier'],
  'AWS::DocDB::DBInstance': ['DBInstanceIdentifier'],
  'AWS::DocDB::DBCluster': ['DBClusterIdentifier'],
  'AWS::Neptune::DBInstance': ['DBInstanceIdentifier'],
  'AWS::Neptune::DBCluster': ['DBClusterIdentifier'],
  'AWS::RDS::DBParameterGroup': ['DBParameterGroupName'],
  'AWS::RDS::DBClusterParameterGroup': ['DBClusterParameterGroupName'],
  'AWS::RDS::DBSubnetGroup': ['DBSubnetGroupName'],
  'AWS::Redshift::Cluster': ['ClusterIdentifier'],
  'AWS::Redshift::ClusterParameterGroup': ['ParameterGroupName'],
  'AWS::ElastiCache::ReplicationGroup': ['ReplicationGroupId'],
  'AWS::ElastiCache::ParameterGroup': ['CacheParameterGroupName'],
  'AWS::DMS::ReplicationInstance': ['ReplicationInstanceIdentifier'],
  'AWS::DMS::Endpoint': ['EndpointIdentifier'],
  'AWS::Elasticsearch::Domain': ['DomainName'],
  'AWS::Backup::BackupVault': ['BackupVaultName'],
  'AWS::CloudTrail::Trail': ['TrailName'],
  'AWS::ECS::Service': ['ServiceName'],
  'AWS::ECS::TaskDefinition': ['Family'],
  'AWS::Serverless::Function': ['FunctionName'],
  'AWS::Serverless::SimpleTable': ['TableName'],
};

/** ARN of a named resource; `N` is the name, `P` the partition, `R` the region, `A` the account. */
const ARNS: { readonly [type: string]: string } = {
  'AWS::S3::Bucket': 'arn:P:s3:::N',
  'AWS::SNS::Topic': 'arn:P:sns:R:A:N',
  'AWS::SQS::Queue': 'arn:P:sqs:R:A:N',
  'AWS::KMS::Alias': 'arn:P:kms:R:A:N',
  'AWS::IAM::Role': 'arn:P:iam::A:role/N',
  'AWS::IAM::User': 'arn:P:iam::A:user/N',
  'AWS::IAM::ManagedPolicy': 'arn:P:iam::A:policy/N',
  'AWS::Lambda::Function': 'arn:P:lambda:R:A:function:N',
  'AWS::DynamoDB::Table': 'arn:P:dynamodb:R:A:table/N',
  'AWS::DynamoDB::GlobalTable': 'arn:P:dynamodb:R:A:table/N',
  'AWS::Kinesis::Stream': 'arn:P:kinesis:R:A:stream/N',
  'AWS::KinesisFirehose::DeliveryStream': 'arn:P:firehose:R:A:deliverystream/N',
  'AWS::Logs::LogGroup': 'arn:P:logs:R:A:log-group:N',
  'AWS::ECR::Repository': 'arn:P:ecr:R:A:repository/N',
  'AWS::Events::EventBus': 'arn:P:events:R:A:event-bus/N',
  'AWS::StepFunctions::StateMachine': 'arn:P:states:R:A:stateMachine:N',
  'AWS::RDS::DBInstance': 'arn:P:rds:R:A:db:N',
  'AWS::RDS::DBCluster': 'arn:P:rds:R:A:cluster:N',
  'AWS::Backup::BackupVault': 'arn:P:backup:R:A:backup-vault:N',
  'AWS::CloudTrail::Trail': 'arn:P:cloudtrail:R:A:trail/N',
};
const PSEUDO: { readonly [letter: string]: Node } = {
  P: { Ref: 'AWS::Partition' },
  R: { Ref: 'AWS::Region' },
  A: { Ref: 'AWS::AccountId' },
};

const candidates = new Map<string, readonly string[]>();
function namingProperties(type: string): readonly string[] {
  let found = candidates.get(type);
  if (!found) {
    const noun = type.slice(type.lastIndexOf(':') + 1);
    found = [...(NAMING[type] ?? []), `${noun}Name`, 'Name'];
    candidates.set(type, found);
  }
  return found;
}

/** Names as written (intrinsics are left in place), the ARN last where its form is known. */
export function namesOf(type: string, properties: Properties): readonly Node[] {
  for (const key of namingProperties(type)) {
    const name = properties[key];
    if (name === undefined || name === null || Array.isArray(name)) continue;
    const form = ARNS[type];
    if (!form) return [name];
    const parts = form.split(/([PRAN])(?=[:/]|$)/).map((part) => (part === 'N' ? name : (PSEUDO[part] ?? part)));
    return [name, { 'Fn::Join': ['', parts] }];
  }
  return [];
}
