import { Stack } from 'aws-cdk-lib';
import { CfnFlowLog, type Vpc } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnResolverQueryLoggingConfig, CfnResolverQueryLoggingConfigAssociation } from 'aws-cdk-lib/aws-route53resolver';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IDependable } from 'constructs';
import { reaches, type Tier } from '../contract';
import { fromSource } from './identity-perimeter';
import { SecureLogGroup } from './logging';
import { acceptDelivery } from './logging-delivery';

/** Who spoke with whom, through which interface and way, and whether it was let through: the fields that an investigation asks for. */
const FIELDS = [
  'version',
  'account-id',
  'vpc-id',
  'subnet-id',
  'instance-id',
  'interface-id',
  'srcaddr',
  'dstaddr',
  'srcport',
  'dstport',
  'pkt-srcaddr',
  'pkt-dstaddr',
  'pkt-src-aws-service',
  'pkt-dst-aws-service',
  'protocol',
  'tcp-flags',
  'packets',
  'bytes',
  'start',
  'end',
  'flow-direction',
  'traffic-path',
  'action',
  'log-status',
];

/** Records accepted and rejected flows alike (LOG-12): each minute from the moderate tier on, every ten below. */
export function recordFlows(vpc: Vpc, tier: Tier, archive: IBucket | undefined): void {
  const common = {
    resourceId: vpc.vpcId,
    resourceType: 'VPC',
    trafficType: 'ALL',
    logFormat: FIELDS.map((field) => `\${${field}}`).join(' '),
    maxAggregationInterval: reaches(tier, 'moderate') ? 60 : 600,
  };
  if (archive) {
    const log = new CfnFlowLog(vpc, 'Flows', { ...common, logDestinationType: 's3', logDestination: archive.bucketArn });
    if (archive.policy && Stack.of(archive) === Stack.of(vpc)) log.node.addDependency(archive.policy);
    return;
  }
  const group = new SecureLogGroup(vpc, 'FlowRecords', { logClass: 'security' });
  new CfnFlowLog(vpc, 'Flows', {
    ...common,
    logDestinationType: 'cloud-watch-logs',
    logGroupName: group.logGroupName,
    deliverLogsPermissionArn: flowLogRole(vpc, group).roleArn,
  });
}

/** Records each name that is asked for, the answer and what the firewall did with it (LOG-12). */
export function recordQueries(vpc: Vpc, archive: IBucket | undefined): void {
  if (archive) {
    const { policy } = archive;
    sendQueries(vpc, archive.bucketArn, policy && Stack.of(policy) === Stack.of(vpc) ? policy : undefined);
    return;
  }
  const group = new SecureLogGroup(vpc, 'QueryRecords', { logClass: 'security' });
  sendQueries(vpc, group.logGroupArn, acceptDelivery(group));
}

function sendQueries(vpc: Vpc, destinationArn: string, after: IDependable | undefined): void {
  const config = new CfnResolverQueryLoggingConfig(vpc, 'Queries', { destinationArn });
  if (after) config.node.addDependency(after);
  new CfnResolverQueryLoggingConfigAssociation(vpc, 'QueriesOfTheNetwork', {
    resolverQueryLogConfigId: config.attrId,
    resourceId: vpc.vpcId,
  });
}

function flowLogRole(vpc: Vpc, group: LogGroup): Role {
  const flowLogs = Stack.of(vpc).formatArn({ service: 'ec2', resource: 'vpc-flow-log', resourceName: '*' });
  const role = new Role(vpc, 'FlowLogRole', {
    description: 'VPC flow logs writes its records to CloudWatch Logs',
    assumedBy: new ServicePrincipal('vpc-flow-logs.amazonaws.com').withConditions(fromSource(vpc, { arn: flowLogs })),
  });
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
      resources: [group.logGroupArn],
    }),
  );
  return role;
}
