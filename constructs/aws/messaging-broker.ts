import { ArnFormat, Names, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import { CfnBroker } from 'aws-cdk-lib/aws-amazonmq';
import { Connections, type IConnectable, type ISecurityGroup, type IVpc, Port, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { ResourcePolicy } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { claims, type Relaxation, relaxed } from '../contract';
import { fromSource } from './identity-perimeter';
import { FAMILY, keyOf } from './messaging-floor';
import { SecureVpc } from './network';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Engines of Amazon MQ: newest version that the service offers, port that speaks TLS, and how it survives a zone. */
const ENGINES = {
  ActiveMQ: { version: '5.18', port: 61617, deployment: 'ACTIVE_STANDBY_MULTI_AZ', zones: 2 },
  RabbitMQ: { version: '3.13', port: 5671, deployment: 'CLUSTER_MULTI_AZ', zones: undefined },
} as const;
/** An engine of Amazon MQ. */
export type BrokerEngine = keyof typeof ENGINES;

/** Props of {@link SecureBroker}; every default is the hardened one. */
export interface SecureBrokerProps {
  /** Network of the broker, such as a SecureVpc. */
  readonly vpc: IVpc;
  /** @default the data subnets of a SecureVpc, else the isolated subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** Guards the broker; required in a network that is no SecureVpc. @default a group of the SecureVpc */
  readonly securityGroup?: ISecurityGroup;
  /**
   * Name and password of the one user that the broker begins with, as `username` and `password`, such as a SecureSecret
   * that rotates. A password has 12 to 250 characters, without comma, colon and equals sign.
   */
  readonly credentials: ISecret;
  /** @default 'RabbitMQ' */
  readonly engine?: BrokerEngine;
  /** @default 5.18 of ActiveMQ, 3.13 of RabbitMQ */
  readonly engineVersion?: string;
  /** @default 'mq.m5.large' */
  readonly hostInstanceType?: string;
  /** @default made of the path of the construct */
  readonly brokerName?: string;
  /** Key that encrypts the messages. @default a SecureKey of its own */
  readonly key?: IKey;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISES: Promises = {
  claims: claims(
    'SecureBroker',
    { control: 'ENC-11', from: 'moderate' },
    'DHC-01',
    'DHC-05',
    'DHC-10',
    'LOG-13',
    { control: 'BCR-06', from: 'high' },
    'VUL-05',
    'VUL-10',
  ),
  families: [FAMILY],
  relaxable: { 'DHC-10': 'the broker is deleted with its stack' },
  firm: { 'BCR-06': 'a second broker in another zone is what takes over', 'ENC-11': 'pass another key' },
};

/**
 * A broker for what speaks AMQP or JMS: its network alone reaches it, over TLS alone, it survives the loss of a zone,
 * patches itself, and records who connects. Prefer `SecureQueue` and `SecureTopic` where clients can be chosen.
 *
 * Guarantees DHC-01, DHC-05, DHC-10, LOG-13, VUL-05 and VUL-10; from the moderate tier on ENC-11; from the high
 * tier on BCR-06. Open it to a
 * service by its `connections`. Amazon MQ writes its log groups itself and takes their key from nobody.
 *
 * @throws Error when the security group is missing
 * @example
 * import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
 *
 * const credentials = Secret.fromSecretNameV2(stack, 'BrokerUser', 'cases/broker');
 * const broker = new SecureBroker(stack, 'Broker', { vpc, credentials });
 * broker.connections.allowDefaultPortFrom(vpc.securityGroup('Workers', { description: 'Workers of cases' }));
 */
export class SecureBroker extends Resource implements IConnectable {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISES.claims;

  /** Id of the broker. */
  readonly brokerId: string;
  /** ARN of the broker. */
  readonly brokerArn: string;
  /** Key that encrypts the messages. */
  readonly key: IKey;
  /** Who reaches the broker, on the port of its engine that speaks TLS. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: SecureBrokerProps) {
    profileOf(scope);
    checkRelaxations(scope, id, props.relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const { credentials, engine = 'RabbitMQ', vpc } = props;
    const { deployment, port, version, zones } = ENGINES[engine];
    super(scope, id);
    const own = vpc instanceof SecureVpc ? vpc : undefined;
    const securityGroup = props.securityGroup ?? own?.securityGroup(`${id}Broker`, { description: `Broker ${id}`, endpoints: false });
    if (!securityGroup) throw new Error(`${where}: no securityGroup; pass one, or a SecureVpc (EXP-05)`);
    const { subnetIds } = vpc.selectSubnets(props.vpcSubnets ?? (own ? SecureVpc.DATA : undefined));
    this.key = keyOf(this, 'Data', props);
    const secretValue = (field: string) => credentials.secretValueFromJson(field).unsafeUnwrap();

    const broker = new CfnBroker(this, 'Resource', {
      autoMinorVersionUpgrade: true,
      brokerName: props.brokerName ?? Names.uniqueResourceName(this, { maxLength: 50, separator: '-' }),
      deploymentMode: deployment,
      encryptionOptions: { useAwsOwnedKey: false, kmsKeyId: this.key.keyArn },
      engineType: engine,
      engineVersion: props.engineVersion ?? version,
      hostInstanceType: props.hostInstanceType ?? 'mq.m5.large',
      // RabbitMQ records who connects in its general log.
      logs: engine === 'ActiveMQ' ? { general: true, audit: true } : { general: true },
      publiclyAccessible: false,
      securityGroups: [securityGroup.securityGroupId],
      subnetIds: zones === undefined ? subnetIds : subnetIds.slice(0, zones),
      users: [{ username: secretValue('username'), password: secretValue('password') }],
    });
    if (engine === 'ActiveMQ') broker.node.addDependency(letBrokersRecord(this));
    broker.applyRemovalPolicy(relaxed(props.relax, 'DHC-10') ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN);
    this.brokerId = broker.ref;
    this.brokerArn = broker.attrArn;
    this.connections = new Connections({ securityGroups: [securityGroup], defaultPort: Port.tcp(port) });
    recordWaiver(props.relax, 'DHC-10', FAMILY, this);
  }
}

/** ActiveMQ writes its log groups as the service, which the account has to let do so; RabbitMQ has a role of its own for it. */
function letBrokersRecord(scope: Construct): ResourcePolicy {
  const stack = Stack.of(scope);
  const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
  return new ResourcePolicy(scope, 'LogPolicy', {
    policyStatements: [
      new PolicyStatement({
        principals: [new ServicePrincipal('mq.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [stack.formatArn({ service: 'logs', resource: 'log-group', resourceName: '/aws/amazonmq/*', arnFormat })],
        conditions: fromSource(scope, { arn: stack.formatArn({ service: 'mq', resource: 'broker', resourceName: '*', arnFormat }) }),
      }),
    ],
  });
}
