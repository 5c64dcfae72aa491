import { Names, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import { Connections, type IConnectable, type ISecurityGroup, type IVpc, Port, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnCluster } from 'aws-cdk-lib/aws-msk';
import type { Construct } from 'constructs';
import { claims, type Relaxation, relaxed } from '../contract';
import { SecureLogGroup } from './logging';
import { FAMILY, keyOf } from './messaging-floor';
import { SecureVpc } from './network';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Port on which brokers speak TLS with clients that sign in with IAM. */
const IAM_PORT = Port.tcp(9098);

/** Props of {@link SecureKafka}; every default is the hardened one. */
export interface SecureKafkaProps {
  /** Network of the brokers, such as a SecureVpc. */
  readonly vpc: IVpc;
  /** @default the data subnets of a SecureVpc, else the isolated subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** Guards the brokers; required in a network that is no SecureVpc. @default a group of the SecureVpc */
  readonly securityGroup?: ISecurityGroup;
  /** @default made of the path of the construct */
  readonly clusterName?: string;
  /** @default '3.8.x' */
  readonly kafkaVersion?: string;
  /** @default 'kafka.m7g.large' */
  readonly instanceType?: string;
  /** Brokers in each zone. @default 1 */
  readonly brokersPerZone?: number;
  /** Storage of each broker, in GiB. @default 100 */
  readonly storageGiB?: number;
  /** Key that encrypts the records. @default a SecureKey of its own */
  readonly key?: IKey;
  /** Where brokers record who connects and what fails. @default a SecureLogGroup of access records */
  readonly logs?: ILogGroup;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISES: Promises = {
  claims: claims(
    'SecureKafka',
    { control: 'TLS-06', from: 'moderate' },
    { control: 'ENC-11', from: 'moderate' },
    'LPA-14',
    'DHC-01',
    'DHC-05',
    'DHC-10',
    'LOG-13',
  ),
  families: [FAMILY],
  relaxable: { 'DHC-10': 'the cluster is deleted with its stack' },
  firm: { 'ENC-11': 'pass another key', 'LPA-14': 'let clients sign in with IAM', 'TLS-06': 'no client of Kafka needs clear text' },
};

/**
 * A cluster of Kafka that its network alone reaches, over TLS alone, and whose clients sign in with their roles.
 *
 * Guarantees LPA-14, DHC-01, DHC-05, DHC-10 and LOG-13; from the moderate tier on TLS-06 and ENC-11. Open it to a
 * service by its `connections`, on port 9098.
 *
 * @throws Error when brokers or storage are no positive numbers, or the security group is missing
 * @example
 * const kafka = new SecureKafka(stack, 'Events', { vpc });
 * kafka.grantConnect(caseService);
 */
export class SecureKafka extends Resource implements IConnectable {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISES.claims;

  /** Name of the cluster. */
  readonly clusterName: string;
  /** ARN of the cluster. */
  readonly clusterArn: string;
  /** Key that encrypts the records. */
  readonly key: IKey;
  /** Who reaches the brokers, on 9098. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: SecureKafkaProps) {
    profileOf(scope);
    checkRelaxations(scope, id, props.relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const { brokersPerZone = 1, storageGiB = 100, vpc } = props;
    for (const [name, value] of Object.entries({ brokersPerZone, storageGiB }))
      if (!(Number.isInteger(value) && value > 0)) throw new Error(`${where}: ${name} is ${value}; write a whole number, at least 1`);
    super(scope, id);
    const own = vpc instanceof SecureVpc ? vpc : undefined;
    const securityGroup = props.securityGroup ?? own?.securityGroup(`${id}Brokers`, { description: `Brokers of ${id}`, endpoints: false });
    if (!securityGroup) throw new Error(`${where}: no securityGroup; pass one, or a SecureVpc (EXP-05)`);
    const { subnetIds } = vpc.selectSubnets(props.vpcSubnets ?? (own ? SecureVpc.DATA : undefined));
    const logs = props.logs ?? new SecureLogGroup(this, 'Logs', { logClass: 'access' });
    this.key = keyOf(this, 'Data', props);
    this.clusterName = props.clusterName ?? Names.uniqueResourceName(this, { maxLength: 64, separator: '-' });

    const cluster = new CfnCluster(this, 'Resource', {
      clusterName: this.clusterName,
      kafkaVersion: props.kafkaVersion ?? '3.8.x',
      numberOfBrokerNodes: subnetIds.length * brokersPerZone,
      brokerNodeGroupInfo: {
        clientSubnets: subnetIds,
        connectivityInfo: { publicAccess: { type: 'DISABLED' } },
        instanceType: props.instanceType ?? 'kafka.m7g.large',
        securityGroups: [securityGroup.securityGroupId],
        storageInfo: { ebsStorageInfo: { volumeSize: storageGiB } },
      },
      clientAuthentication: { sasl: { iam: { enabled: true } }, unauthenticated: { enabled: false } },
      encryptionInfo: {
        encryptionAtRest: { dataVolumeKmsKeyId: this.key.keyArn },
        encryptionInTransit: { clientBroker: 'TLS', inCluster: true },
      },
      loggingInfo: { brokerLogs: { cloudWatchLogs: { enabled: true, logGroup: logs.logGroupName } } },
    });
    cluster.applyRemovalPolicy(relaxed(props.relax, 'DHC-10') ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN);
    this.clusterArn = cluster.attrArn;
    this.connections = new Connections({ securityGroups: [securityGroup], defaultPort: IAM_PORT });
    recordWaiver(props.relax, 'DHC-10', FAMILY, this);
  }

  /** Lets a role connect; which topics it reads and writes is granted by `grantTopic`. */
  grantConnect(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({
      grantee,
      actions: ['kafka-cluster:Connect', 'kafka-cluster:DescribeCluster'],
      resourceArns: [this.clusterArn],
    });
  }

  /**
   * Lets a role read or write one topic, and consume it in groups whose names begin with the topic's.
   *
   * @param topic name of the topic: `case-updates`
   */
  grantTopic(grantee: IGrantable, topic: string, right: 'read' | 'write'): Grant {
    const arn = (resource: string, name: string) =>
      Stack.of(this).formatArn({ service: 'kafka', resource, resourceName: `${this.clusterName}/*/${name}` });
    const topics = Grant.addToPrincipal({
      grantee,
      actions: ['kafka-cluster:DescribeTopic', right === 'read' ? 'kafka-cluster:ReadData' : 'kafka-cluster:WriteData'],
      resourceArns: [arn('topic', topic)],
    });
    if (right === 'write') return topics;
    return topics.combine(
      Grant.addToPrincipal({
        grantee,
        actions: ['kafka-cluster:AlterGroup', 'kafka-cluster:DescribeGroup'],
        resourceArns: [arn('group', `${topic}*`)],
      }),
    );
  }
}
