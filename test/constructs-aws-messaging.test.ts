import { type CfnResource, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { SubscriptionProtocol } from 'aws-cdk-lib/aws-sns';
import { UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { DefinitionBody, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  SecureBroker,
  type SecureBrokerProps,
  SecureBucket,
  SecureDeliveryStream,
  SecureEventBus,
  SecureKafka,
  SecureQueue,
  type SecureStack,
  SecureStateMachine,
  type SecureStateMachineProps,
  SecureStream,
  SecureTopic,
  SecureVpc,
} from '../constructs/aws';

import { messaging } from '../policies/rules/messaging';
import { stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';
import { brokenBy, expectNamedBy, failuresOf } from './support/weaken';

/** The tiers between which everything here changes; the claims are proven at all of them. */
const ENDS = ['low', 'high'] as const;
const OUTSIDER = '444455556666';
const resourceOf = (construct: IConstruct): CfnResource => construct.node.defaultChild as CfnResource;
const machine = (stack: SecureStack, id = 'Machine', props: Partial<SecureStateMachineProps> = {}) =>
  new SecureStateMachine(stack, id, { definitionBody: DefinitionBody.fromChainable(new Pass(stack, `${id}Pass`)), ...props });

const expectNamed = expectNamedBy(messaging);

describe('a secure queue', () => {
  it.each(ENDS)('is encrypted and has a last stop that keeps messages for 14 days, at tier %s', (tier) => {
    const stack = stackOf(tier);
    new SecureQueue(stack, 'Queue');
    const template = Template.fromStack(stack);
    expect(Object.keys(template.findResources('AWS::SQS::Queue')).filter((queue) => queue.startsWith('Queue'))).toHaveLength(2);
    const encryption = tier === 'low' ? { SqsManagedSseEnabled: true } : { KmsMasterKeyId: Match.anyValue() };
    template.hasResourceProperties('AWS::SQS::Queue', { ...encryption, RedrivePolicy: Match.objectLike({ maxReceiveCount: 5 }) });
    template.hasResourceProperties('AWS::SQS::Queue', { ...encryption, MessageRetentionPeriod: 1_209_600 });
    expect(Object.keys(template.findResources('AWS::KMS::Key')).filter((key) => key.startsWith('Queue'))).toHaveLength(
      tier === 'low' ? 0 : 1,
    );
  });

  it('keeps order in its last stop where it keeps it itself, and has none where it is the last stop', () => {
    const stack = stackOf('low');
    new SecureQueue(stack, 'Queue', { fifo: true });
    new SecureQueue(stack, 'Last', { deadLetterQueue: false });
    const queues = Object.values(Template.fromStack(stack).findResources('AWS::SQS::Queue'));
    expect(queues.map(({ Properties }) => Properties.FifoQueue)).toEqual([true, true, undefined]);
  });

  it('cannot be weakened by props that the type does not have', () => {
    const stack = stackOf('high');
    new SecureQueue(stack, 'Queue', { enforceSSL: false, encryption: 'NONE', visibilityTimeout: Duration.minutes(2) } as never);
    expect(failuresOf(stack, messaging)).toEqual([]);
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 120 });
  });

  it('refuses outsiders unless they are named in a waiver', () => {
    expect(() => new SecureQueue(stackOf('low'), 'Queue', { sharedWith: [OUTSIDER] })).toThrow(
      /Cases\/Queue: sharedWith breaks LPA-10.*keep the messages inside/,
    );
    const stack = stackOf('moderate');
    const queue = new SecureQueue(stack, 'Queue', { sharedWith: [OUTSIDER], relax: [relaxationOf('LPA-10')] });
    const policies = JSON.stringify(Template.fromStack(stack).findResources('AWS::SQS::QueuePolicy'));
    expect(policies).toContain(OUTSIDER);
    expect(JSON.stringify(resourceOf(queue).getMetadata('Palisade'))).toContain('LPA-10.messaging');
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(
      (stack, id) => new SecureQueue(stack, id, { deadLetterQueue: false }),
      [
        ['ENC-01.messaging', (queue) => override(queue, { KmsMasterKeyId: undefined, SqsManagedSseEnabled: false })],
        ['ENC-11.messaging', (queue) => override(queue, { KmsMasterKeyId: 'alias/aws/sqs' })],
        ['DHC-05.messaging', (queue) => queue.addToResourcePolicy(allow('sqs:SendMessage', new AnyPrincipal(), '*'))],
        ['LPA-02.messaging', (queue) => queue.addToResourcePolicy(allow('sqs:*', new AccountPrincipal('111122223333'), '*'))],
        ['TLS-03.messaging', (queue) => queue.node.tryRemoveChild('Policy')],
      ],
    );
  });
});

function override(construct: IConstruct, values: Readonly<Record<string, unknown>>): void {
  for (const [path, value] of Object.entries(values)) {
    if (value === undefined) resourceOf(construct).addPropertyDeletionOverride(path);
    else resourceOf(construct).addPropertyOverride(path, value);
  }
}

const allow = (action: string, principal: AnyPrincipal | AccountPrincipal, resource: string) =>
  new PolicyStatement({ actions: [action], principals: [principal], resources: [resource] });

describe('a secure topic', () => {
  it.each(ENDS)('is encrypted with a key of its own, so that services can publish, at tier %s', (tier) => {
    const stack = stackOf(tier);
    new SecureTopic(stack, 'Topic', { displayName: 'Cases' });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SNS::Topic', { DisplayName: 'Cases', KmsMasterKeyId: Match.anyValue() });
    expect(failuresOf(stack, messaging)).toEqual([]);
  });

  it('takes no subscription in clear text', () => {
    const topic = new SecureTopic(stackOf('low'), 'Topic');
    const plain = () => topic.addSubscription(new UrlSubscription('http://cases.example.com', { protocol: SubscriptionProtocol.HTTP }));
    expect(plain).toThrow(/Cases\/Topic: a subscription over http.*subscribe an https endpoint \(TLS-02\)/);
    topic.addSubscription(new UrlSubscription('https://cases.example.com'));
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(
      (stack, id) => new SecureTopic(stack, id),
      [
        ['ENC-01.messaging', (topic) => override(topic, { KmsMasterKeyId: undefined })],
        ['ENC-11.messaging', (topic) => override(topic, { KmsMasterKeyId: 'alias/aws/sns' })],
        ['DHC-05.messaging', (topic) => topic.addToResourcePolicy(allow('sns:Publish', new AnyPrincipal(), '*'))],
        ['TLS-03.messaging', (topic) => topic.node.tryRemoveChild('Policy')],
      ],
    );
  });
});

describe('a secure event bus', () => {
  it('delivers its records without the events at the high tier, and none below', () => {
    const high = stackOf('high');
    new SecureEventBus(high, 'Bus');
    const template = Template.fromStack(high);
    template.hasResourceProperties('AWS::Events::EventBus', { LogConfig: { Level: 'INFO', IncludeDetail: 'NONE' } });
    template.resourceCountIs('AWS::Logs::Delivery', 2);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
    const low = stackOf('low');
    new SecureEventBus(low, 'Bus');
    Template.fromStack(low).resourceCountIs('AWS::Logs::Delivery', 0);
  });

  it('refuses events of outsiders', () => {
    const stack = stackOf('low');
    new SecureEventBus(stack, 'Bus');
    Template.fromStack(stack).hasResourceProperties('AWS::Events::EventBusPolicy', {
      Statement: Match.objectLike({ Effect: 'Deny', Action: 'events:PutEvents' }),
    });
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(
      (stack, id) => new SecureEventBus(stack, id),
      [
        ['ENC-11.messaging', (bus) => override(bus, { KmsKeyIdentifier: undefined })],
        ['LOG-19.messaging', (bus) => override(bus, { 'LogConfig.Level': 'OFF' })],
        ['PRV-07.messaging', (bus) => override(bus, { 'LogConfig.IncludeDetail': 'FULL' })],
        ['DHC-05.messaging', (bus) => override(bus, { Policy: open('events:PutEvents') })],
      ],
    );
  });
});

const open = (Action: string) => ({ Statement: [{ Effect: 'Allow', Principal: '*', Action, Resource: '*' }] });

describe('a secure stream', () => {
  it.each(ENDS)('is encrypted and stays when its stack goes, at tier %s', (tier) => {
    const stack = stackOf(tier);
    new SecureStream(stack, 'Stream');
    const KeyId = tier === 'low' ? 'alias/aws/kinesis' : Match.anyValue();
    Template.fromStack(stack).hasResource('AWS::Kinesis::Stream', {
      DeletionPolicy: 'Retain',
      Properties: { StreamEncryption: { EncryptionType: 'KMS', KeyId } },
    });
  });

  it('goes with its stack where that is waived', () => {
    const stack = stackOf('low');
    new SecureStream(stack, 'Stream', { relax: [relaxationOf('DHC-10')] });
    Template.fromStack(stack).hasResource('AWS::Kinesis::Stream', { DeletionPolicy: 'Delete' });
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(
      (stack, id) => new SecureStream(stack, id),
      [
        ['ENC-01.messaging', (stream) => override(stream, { StreamEncryption: undefined })],
        ['ENC-11.messaging', (stream) => override(stream, { 'StreamEncryption.KeyId': 'alias/aws/kinesis' })],
        ['DHC-10.messaging', (stream) => resourceOf(stream).addOverride('DeletionPolicy', 'Delete')],
      ],
    );
  });
});

describe('a secure delivery stream', () => {
  const deliver = (stack: SecureStack, id = 'Delivery') =>
    new SecureDeliveryStream(stack, id, { bucket: new SecureBucket(stack, `${id}Events`, { retention: { atMostDays: 30 } }) });

  it.each(ENDS)('encrypts what it holds, at tier %s', (tier) => {
    const stack = stackOf(tier);
    deliver(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamEncryptionConfigurationInput: { KeyType: tier === 'low' ? 'AWS_OWNED_CMK' : 'CUSTOMER_MANAGED_CMK' },
      ExtendedS3DestinationConfiguration: { CloudWatchLoggingOptions: { Enabled: true } },
    });
  });

  it('wants one destination', () => {
    expect(() => new SecureDeliveryStream(stackOf('low'), 'Delivery', {})).toThrow('Cases/Delivery: write either bucket or destination');
  });

  it('is named by the right rule wherever it is weakened later', () => {
    const input = 'DeliveryStreamEncryptionConfigurationInput';
    expectNamed(deliver, [
      ['ENC-01.messaging', (delivery) => override(delivery, { [input]: undefined })],
      ['ENC-11.messaging', (delivery) => override(delivery, { [`${input}.KeyType`]: 'AWS_OWNED_CMK', [`${input}.KeyARN`]: undefined })],
    ]);
  });
});

describe('a secure broker', () => {
  const brokerOf = (stack: SecureStack, props: Partial<SecureBrokerProps> = {}) => {
    const vpc = new SecureVpc(stack, 'Vpc', { blockInternetGateways: 'elsewhere' });
    const credentials = Secret.fromSecretNameV2(stack, 'User', 'cases/broker');
    return new SecureBroker(stack, 'Broker', { vpc, credentials, ...props });
  };
  const templateOf = (props: Partial<SecureBrokerProps> = {}) => {
    const stack = stackOf('high');
    brokerOf(stack, props);
    return Template.fromStack(stack);
  };
  const propertiesOf = (props: Partial<SecureBrokerProps> = {}) =>
    Object.values(templateOf(props).findResources('AWS::AmazonMQ::Broker'))[0];

  it('is private, encrypted, recorded and survives a zone, with a user whom only the secret knows', () => {
    const broker = propertiesOf();
    expect(broker?.Properties).toMatchObject({
      PubliclyAccessible: false,
      EncryptionOptions: { UseAwsOwnedKey: false, KmsKeyId: expect.anything() },
      DeploymentMode: 'CLUSTER_MULTI_AZ',
      Logs: { General: true },
    });
    expect(JSON.stringify(broker?.Properties.Users)).toMatch(/resolve:secretsmanager.*cases\/broker.*password/);
    expect(broker?.DeletionPolicy).toBe('Retain');
  });

  it('as ActiveMQ stands by in a second zone, and audits too', () => {
    const broker = propertiesOf({ engine: 'ActiveMQ' });
    expect(broker?.Properties).toMatchObject({ DeploymentMode: 'ACTIVE_STANDBY_MULTI_AZ', Logs: { General: true, Audit: true } });
    expect(broker?.Properties.SubnetIds).toHaveLength(2);
  });

  it('as ActiveMQ is let write its logs, for brokers of the account only', () => {
    const policy = (engine: 'ActiveMQ' | 'RabbitMQ') =>
      JSON.stringify(templateOf({ engine }).findResources('AWS::Logs::ResourcePolicy')).replaceAll('\\', '');
    expect(policy('ActiveMQ')).toMatch(/"Service":"mq\.amazonaws\.com"/);
    expect(policy('ActiveMQ')).toMatch(/log-group:\/aws\/amazonmq\/\*/);
    expect(policy('ActiveMQ')).toContain('aws:SourceAccount');
    expect(policy('RabbitMQ')).not.toContain('mq.amazonaws.com');
  });

  it('needs a security group in a network that is no SecureVpc', () => {
    const stack = stackOf('high');
    const vpc = Vpc.fromVpcAttributes(stack, 'Theirs', {
      vpcId: 'vpc-1',
      availabilityZones: ['a', 'b'],
      isolatedSubnetIds: ['s-1', 's-2'],
    });
    const credentials = Secret.fromSecretNameV2(stack, 'User', 'cases/broker');
    expect(() => new SecureBroker(stack, 'Broker', { vpc, credentials })).toThrow(
      'Cases/Broker: no securityGroup; pass one, or a SecureVpc (EXP-05)',
    );
  });

  it.each([
    ['PubliclyAccessible', true, 'DHC-05.messaging'],
    ['EncryptionOptions.KmsKeyId', undefined, 'ENC-11.messaging'],
    ['Logs', { General: false }, 'LOG-13.messaging'],
    ['DeploymentMode', 'SINGLE_INSTANCE', 'BCR-06.messaging'],
    ['AutoMinorVersionUpgrade', false, 'VUL-05.messaging'],
    ['EngineVersion', '3.8.22', 'VUL-10.messaging'],
  ])('weakened by %s = %j is named by its rule', (property, value, rule) => {
    const broken = brokenBy('high', brokerOf, (stack) =>
      (stack.node.findChild('Broker').node.defaultChild as CfnResource).addPropertyOverride(property, value),
    );
    expect(broken).toContain(rule);
  });
});

describe('a secure Kafka cluster', () => {
  const kafkaOf = (stack: SecureStack, id = 'Kafka') => {
    const vpc =
      (stack.node.tryFindChild('Network') as SecureVpc | undefined) ??
      new SecureVpc(stack, 'Network', { blockInternetGateways: 'elsewhere' });
    return new SecureKafka(stack, id, { vpc });
  };

  it('speaks TLS only with clients that sign in with their roles, one broker in each zone', () => {
    const stack = stackOf('high');
    const kafka = kafkaOf(stack);
    const role = new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    kafka.grantConnect(role);
    kafka.grantTopic(role, 'case-updates', 'read');
    const template = Template.fromStack(stack);
    template.hasResource('AWS::MSK::Cluster', {
      DeletionPolicy: 'Retain',
      Properties: {
        NumberOfBrokerNodes: 3,
        ClientAuthentication: { Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } },
        EncryptionInfo: Match.objectLike({ EncryptionInTransit: { ClientBroker: 'TLS', InCluster: true } }),
      },
    });
    const policy = JSON.stringify(
      template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^Reader') }] } }),
    );
    expect(policy).toContain('kafka-cluster:ReadData');
    expect(policy).not.toContain('kafka-cluster:WriteData');
  });

  it('says what is wrong with its size', () => {
    const vpc = new SecureVpc(stackOf('low'), 'Network');
    expect(() => new SecureKafka(vpc.stack, 'Kafka', { vpc, storageGiB: 0.5 })).toThrow(
      'Cases/Kafka: storageGiB is 0.5; write a whole number, at least 1',
    );
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(kafkaOf, [
      ['TLS-06.messaging', (weak) => override(weak, { 'EncryptionInfo.EncryptionInTransit.ClientBroker': 'TLS_PLAINTEXT' })],
      ['ENC-11.messaging', (weak) => override(weak, { 'EncryptionInfo.EncryptionAtRest': undefined })],
      ['LPA-14.messaging', (weak) => override(weak, { 'ClientAuthentication.Unauthenticated.Enabled': true })],
      ['DHC-05.messaging', (weak) => override(weak, { 'BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type': 'SERVICE_PROVIDED_EIPS' })],
      ['LOG-13.messaging', (weak) => override(weak, { LoggingInfo: undefined })],
      ['DHC-10.messaging', (weak) => resourceOf(weak).addOverride('DeletionPolicy', 'Delete')],
    ]);
  });
});

describe('a secure state machine', () => {
  it.each(ENDS)('records and traces every transition without data, at tier %s', (tier) => {
    const stack = stackOf(tier);
    machine(stack);
    Template.fromStack(stack).hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { Level: 'ALL', IncludeExecutionData: false },
      TracingConfiguration: { Enabled: true },
      EncryptionConfiguration: tier === 'low' ? Match.absent() : { Type: 'CUSTOMER_MANAGED_KMS_KEY' },
    });
  });

  it('records data where the tier allows it, or a waiver does', () => {
    expect(() => machine(stackOf('high'), 'Machine', { includeExecutionData: true })).toThrow(
      /Cases\/Machine: includeExecutionData breaks PRV-07.*record transitions only/,
    );
    const stack = stackOf('high');
    machine(stack, 'Machine', { includeExecutionData: true, relax: [relaxationOf('PRV-07')] });
    machine(stackOf('moderate'), 'Machine', { includeExecutionData: true });
    Template.fromStack(stack).hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { IncludeExecutionData: true },
    });
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(machine, [
      ['LOG-19.messaging', (weak) => override(weak, { 'LoggingConfiguration.Level': 'OFF' })],
      ['LOG-19.messaging', (weak) => override(weak, { 'TracingConfiguration.Enabled': false })],
      ['PRV-07.messaging', (weak) => override(weak, { 'LoggingConfiguration.IncludeExecutionData': true })],
      ['ENC-11.messaging', (weak) => override(weak, { EncryptionConfiguration: undefined })],
    ]);
  });
});
