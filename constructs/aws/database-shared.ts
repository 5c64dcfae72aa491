/** What every store inside the network shares: where it stands, who reaches it, its key, its logs and its name. */

import type { CfnResource } from 'aws-cdk-lib';
import { ArnFormat, Names, Stack } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, Peer, Port, SecurityGroup, type SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Credentials } from 'aws-cdk-lib/aws-rds';
import type { Construct, IConstruct } from 'constructs';
import { type LogClass, reaches, type Tier } from '../contract';
import { fromSource } from './identity-perimeter';
import { SecureKey } from './keys';
import { SecureLogGroup } from './logging';
import { SecureVpc } from './network';

export const FAMILY = 'database';

/** Where a store stands, and who reaches it. */
export interface DatabaseNetworkProps {
  /** Network in which the store stands. */
  readonly vpc: IVpc;
  /**
   * Subnets in which the store stands; none may lead to the internet.
   * @default the data subnets of a SecureVpc, the isolated subnets of any other
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Groups that guard the store.
   * @default one of its own that lets nobody in; open it with `connections.allowDefaultPortFrom(service)`
   */
  readonly securityGroups?: readonly ISecurityGroup[];
  /**
   * Key that encrypts what is stored.
   * @default a SecureKey of its own from the moderate tier on; AWS's own encryption at low
   */
  readonly key?: IKey;
}

/**
 * The subnets of the store.
 *
 * @throws Error when one of them is public (DID-01)
 */
export function subnetsOf(where: string, { vpc, vpcSubnets }: DatabaseNetworkProps): SubnetSelection {
  if (!vpc) throw new Error(`${where}: vpc is missing; name the network in which the store stands (DID-01)`);
  const chosen = vpcSubnets ?? (vpc instanceof SecureVpc ? SecureVpc.DATA : { subnetType: SubnetType.PRIVATE_ISOLATED });
  if (vpc.selectSubnets(chosen).hasPublic)
    throw new Error(`${where}: vpcSubnets names public subnets; a store stands in isolated ones (DID-01)`);
  return chosen;
}

/** The groups that the props name, else one that lets nobody in or out. */
export function groupsOf(scope: Construct, id: string, { vpc, securityGroups }: DatabaseNetworkProps): ISecurityGroup[] {
  if (securityGroups?.length) return [...securityGroups];
  const group = new SecurityGroup(scope, `${id}Guard`, { vpc, description: `Guards ${scope.node.path}/${id}`, allowAllOutbound: false });
  // A group whose own list is empty is given "everything to everywhere" by EC2, and rules to other groups stand apart.
  group.addEgressRule(Peer.ipv4('127.0.0.1/32'), Port.icmpTypeAndCode(252, 86), 'Matches nothing');
  return [group];
}

/** The key that the props name, else one of its own where the tier asks for it (ENC-02). */
export function keyOf(scope: Construct, id: string, tier: Tier, given: IKey | undefined): IKey | undefined {
  if (given) return given;
  return reaches(tier, 'moderate') ? new SecureKey(scope, `${id}Key`, { description: `Encrypts ${scope.node.path}/${id}` }) : undefined;
}

/** A name that is known before deployment, so that its log groups can be made before the service makes weaker ones. */
export function nameOf(scope: Construct, id: string, longest = 60): string {
  const whole = `${Names.uniqueResourceName(scope, { maxLength: longest - 12, separator: '-', allowedSpecialCharacters: '-' })}-${id}`;
  const name = whole.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return name.slice(0, longest).replace(/^[^a-z]+|-$/g, '');
}

/** Log groups into which the service writes, made before the store, kept as long as the tier asks of the class. */
export function logsOf(store: Construct, names: Readonly<Record<string, string>>, logClass: LogClass = 'access'): SecureLogGroup[] {
  const groups = Object.entries(names).map(([id, logGroupName]) => new SecureLogGroup(store, `${id}Logs`, { logGroupName, logClass }));
  for (const child of store.node.children)
    if (!groups.includes(child as SecureLogGroup) && /^(Resource|Cluster)$/.test(child.node.id)) child.node.addDependency(...groups);
  return groups;
}

/** A role with which RDS writes the figures of the host, for this account only, into the group that it uses for all hosts. */
export function monitoringRole(scope: Construct, id: string): Role {
  const stack = Stack.of(scope);
  const group = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: 'RDSOSMetrics',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const allow = (actions: string[], resource: string) => new PolicyStatement({ actions, resources: [resource] });
  return new Role(scope, `${id}Monitoring`, {
    assumedBy: new ServicePrincipal('monitoring.rds.amazonaws.com', {
      conditions: fromSource(scope, {
        arn: stack.formatArn({ service: 'rds', resource: '*', resourceName: '*', arnFormat: ArnFormat.COLON_RESOURCE_NAME }),
      }),
    }),
    description: `Writes the figures of the hosts of ${id}`,
    inlinePolicies: {
      figures: new PolicyDocument({
        statements: [
          allow(['logs:CreateLogGroup', 'logs:PutRetentionPolicy'], group),
          allow(['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:GetLogEvents', 'logs:PutLogEvents'], `${group}:log-stream:*`),
        ],
      }),
    },
  });
}

/** Every resource of a type beneath a construct. */
export const resourcesOf = (scope: IConstruct, type: string): CfnResource[] =>
  scope.node.findAll().filter((each): each is CfnResource => (each as CfnResource).cfnResourceType === type);

/** The first user of a database whose password AWS makes and rotates: the CDK takes nothing but the name and the key then. */
export const ownerOf = (username: string, key: IKey | undefined): Credentials =>
  ({ username, ...(key ? { encryptionKey: key } : {}) }) as Credentials;
