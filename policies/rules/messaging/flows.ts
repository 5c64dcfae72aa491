/** Flows of messages: what is recorded of them, in clear text or not, and how long it is kept. */
import { isClassified } from '../../facts/classification';
import { servesDeployment } from '../../facts/functions';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type RuleContext, rule } from '../../rule';
import type { Value } from '../../value';

const MACHINE = 'AWS::StepFunctions::StateMachine';
const SAM_MACHINE = 'AWS::Serverless::StateMachine';
const TOPIC = 'AWS::SNS::Topic';
const SUBSCRIPTION = 'AWS::SNS::Subscription';
const BUS = 'AWS::Events::EventBus';
const PIPE = 'AWS::Pipes::Pipe';
const ARCHIVE = 'AWS::Events::Archive';
const WORKGROUP = 'AWS::Athena::WorkGroup';
const CONNECTION = 'AWS::Glue::Connection';

// ── Records of executions ────────────────────────────────────────────────────────────────────────────────────────

const loggingOf = (machine: Resource): Value => machine.at(machine.type === MACHINE ? 'LoggingConfiguration' : 'Logging');
const tracingOf = (machine: Resource): Value => machine.at(machine.type === MACHINE ? 'TracingConfiguration.Enabled' : 'Tracing.Enabled');

/** Every transition from the high tier on; below, failures at least. */
const recordsExecutions = (machine: Resource, graph: Graph, { tier }: RuleContext): Outcome =>
  servesDeployment(machine, graph)
    ? notApplicable('only CloudFormation starts it, while it deploys')
    : loggingOf(machine)
        .at('Level')
        .orDefault('OFF')
        .isOneOf(tier === 'high' ? ['ALL'] : ['ALL', 'ERROR', 'FATAL']);

/** Where each type says whether its records hold what passed. */
const PAYLOADS: Readonly<Record<string, readonly [path: string, without: readonly string[]]>> = {
  [MACHINE]: ['LoggingConfiguration.IncludeExecutionData', ['false']],
  [SAM_MACHINE]: ['Logging.IncludeExecutionData', ['false']],
  [BUS]: ['LogConfig.IncludeDetail', ['NONE']],
  [PIPE]: ['LogConfiguration.IncludeExecutionData', []],
};

function leavesPayloadsOut(resource: Resource): Outcome {
  const [path, without] = PAYLOADS[resource.type] ?? ['', []];
  return every(resource.at(path).items(), (value) => value.isOneOf(without));
}

/** Where each type says how much it records. */
const LEVELS: Readonly<Record<string, string>> = { [BUS]: 'LogConfig.Level', [PIPE]: 'LogConfiguration.Level' };

// ── Channels that leave ──────────────────────────────────────────────────────────────────────────────────────────

/** Protocols that carry messages out of the workload. */
const OUTBOUND = ['email', 'email-json', 'http', 'https', 'sms'];

/** Protocols of all subscriptions of a topic, inside it or separate. */
const protocolsOf = (topic: Resource, graph: Graph): readonly Value[] => [
  ...topic
    .at('Subscription')
    .items()
    .map((subscription) => subscription.at('Protocol')),
  ...graph.pointingAt(topic, SUBSCRIPTION, 'TopicArn').map((subscription) => subscription.at('Protocol')),
];

function inspectsWhatLeaves(topic: Resource, graph: Graph): Outcome {
  const leaving = some(protocolsOf(topic, graph), (protocol) => protocol.isOneOf(OUTBOUND), 'nothing leaves the workload by it');
  return when(leaving, () =>
    some(
      topic.at('DataProtectionPolicy').json().at('Statement').items(),
      (statement) => {
        const operation = statement.at('Operation');
        return operation.at('Deny').state !== 'absent' || operation.at('Deidentify').state !== 'absent'
          ? pass()
          : operation.state === 'unknown'
            ? operation.asUnknown()
            : fail('looks on only');
      },
      'DataProtectionPolicy has no statement that denies or masks restricted identifiers',
    ),
  );
}

/** Every protocol but `http`. */
const SEALED = ['application', 'email', 'email-json', 'firehose', 'https', 'lambda', 'sms', 'sqs'];

function sendsByTls(resource: Resource): Outcome {
  if (resource.type === SUBSCRIPTION) return resource.at('Protocol').isOneOf(SEALED);
  const inside = resource.at('Subscription').items();
  return inside.length === 0
    ? notApplicable('has no subscription in itself')
    : every(inside, (subscription) => subscription.at('Protocol').isOneOf(SEALED));
}

/** Where mail says that it travels by TLS or not at all, and how each type writes it. */
const MAIL: Readonly<Record<string, readonly [path: string, required: string]>> = {
  'AWS::SES::ConfigurationSet': ['DeliveryOptions.TlsPolicy', 'REQUIRE'],
  'AWS::SES::ReceiptRule': ['Rule.TlsPolicy', 'Require'],
};

/** Connections by JDBC take TLS only where they ask for it. */
function connectsByTls(connection: Resource): Outcome {
  const kind = connection.at('ConnectionInput.ConnectionType').string?.toUpperCase();
  const properties = connection.at('ConnectionInput.ConnectionProperties');
  if (kind === 'KAFKA') return properties.at('KAFKA_SSL_ENABLED').orDefault(true).isTrue();
  return kind === 'JDBC' ? properties.at('JDBC_ENFORCE_SSL').isTrue() : notApplicable('is no connection to a database or broker');
}

// ── Stores ───────────────────────────────────────────────────────────────────────────────────────────────────────

const STORES = [
  'AWS::SQS::Queue',
  TOPIC,
  'AWS::Kinesis::Stream',
  'AWS::KinesisFirehose::DeliveryStream',
  'AWS::KinesisVideo::Stream',
  'AWS::MSK::Cluster',
  'AWS::MSK::ServerlessCluster',
  'AWS::AmazonMQ::Broker',
] as const;
/** What keeps messages for longer than it takes to deliver them. */
const KEEPING = ['AWS::Kinesis::Stream', 'AWS::KinesisVideo::Stream', 'AWS::MSK::Cluster', 'AWS::AmazonMQ::Broker'] as const;
const RETAINED = ['Retain', 'RetainExceptOnCreate', 'Snapshot'];

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const one =
  (Type: string) =>
  (Properties: object, rest: object = {}): Example['resources'] => ({ One: { Type, Properties, ...rest } });
const machine = one(MACHINE);
const topic = one(TOPIC);
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };
const level = (Level: unknown) => machine({ LoggingConfiguration: { Level } });
const subscribed = (Protocol: unknown, Properties: object = {}) => ({
  ...topic(Properties),
  Subscription: { Type: SUBSCRIPTION, Properties: { TopicArn: { Ref: 'One' }, Protocol, Endpoint: 'support@example.com' } },
});
const protecting = (Operation: object) => ({ DataProtectionPolicy: { Statement: [{ Operation }] } });
const database = (ConnectionProperties: object, ConnectionType = 'JDBC') =>
  one(CONNECTION)({ ConnectionInput: { ConnectionType, ConnectionProperties } });
const LABELLED = {
  Tags: ['sensitivity', 'tier', 'owner', 'volume'].map((label) => ({ Key: `palisade:${label}`, Value: 'cases' })),
};
const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };

export const executionsAreRecorded = [
  rule({
    on: [MACHINE, SAM_MACHINE],
    severity: 'medium',
    check: recordsExecutions,
    fix: 'Use SecureStateMachine, or set LoggingConfiguration to Level ALL with a log group, without IncludeExecutionData.',
    pass: [
      { resources: level('ALL') },
      { tier: 'moderate', resources: level('ERROR') },
      { resources: one(SAM_MACHINE)({ Logging: { Level: 'ALL' } }) },
    ],
    fail: [
      { resources: machine({}) },
      { name: 'failures only', resources: level('ERROR') },
      { tier: 'moderate', resources: level('OFF') },
      { resources: one(SAM_MACHINE)({}) },
    ],
    unknown: [{ parameters: parameter, resources: level(VALUE) }],
    skip: [
      {
        name: 'the state machine with which the CDK waits for custom resources',
        resources: {
          ...machine({}),
          Framework: {
            Type: 'AWS::Lambda::Function',
            Properties: {
              Environment: { Variables: { USER_ON_EVENT_FUNCTION_ARN: 'arn', WAITER_STATE_MACHINE_ARN: { Ref: 'One' } } },
            },
          },
        },
      },
    ],
  }),
  rule({
    on: [MACHINE, SAM_MACHINE],
    check: (resource) => tracingOf(resource).isTrue(),
    fix: 'Use SecureStateMachine, or set TracingConfiguration.Enabled: true.',
    pass: [
      { resources: machine({ TracingConfiguration: { Enabled: true } }) },
      { resources: one(SAM_MACHINE)({ Tracing: { Enabled: true } }) },
    ],
    fail: [{ resources: machine({}) }, { resources: machine({ TracingConfiguration: { Enabled: false } }) }],
    unknown: [{ parameters: parameter, resources: machine({ TracingConfiguration: { Enabled: VALUE } }) }],
  }),
  rule({
    on: Object.keys(LEVELS),
    from: 'high',
    check: (resource) => resource.at(LEVELS[resource.type] ?? '').isOneOf(['ERROR', 'INFO', 'TRACE']),
    fix: 'Use SecureEventBus, or set LogConfig.Level (LogConfiguration.Level on pipes) to ERROR or INFO.',
    pass: [{ resources: one(BUS)({ LogConfig: { Level: 'ERROR' } }) }, { resources: one(PIPE)({ LogConfiguration: { Level: 'INFO' } }) }],
    fail: [
      { resources: one(BUS)({ Name: 'cases' }) },
      { resources: one(BUS)({ LogConfig: { Level: 'OFF' } }) },
      { resources: one(PIPE)({}) },
    ],
    unknown: [{ parameters: parameter, resources: one(BUS)({ LogConfig: { Level: VALUE } }) }],
  }),
];

export const payloadsStayOut = rule({
  on: Object.keys(PAYLOADS),
  severity: 'medium',
  from: 'high',
  check: leavesPayloadsOut,
  fix: 'Leave payloads out of the records: IncludeExecutionData false (nothing on pipes), IncludeDetail NONE.',
  pass: [
    { resources: machine({ LoggingConfiguration: { IncludeExecutionData: false } }) },
    { resources: one(BUS)({ LogConfig: { IncludeDetail: 'NONE' } }) },
  ],
  fail: [
    { resources: machine({ LoggingConfiguration: { IncludeExecutionData: true } }) },
    { resources: one(SAM_MACHINE)({ Logging: { IncludeExecutionData: true } }) },
    { resources: one(BUS)({ LogConfig: { IncludeDetail: 'FULL' } }) },
    { resources: one(PIPE)({ LogConfiguration: { IncludeExecutionData: ['ALL'] } }) },
  ],
  unknown: [{ parameters: parameter, resources: machine({ LoggingConfiguration: { IncludeExecutionData: VALUE } }) }],
});

export const outboundIsInspected = rule({
  on: TOPIC,
  severity: 'low',
  from: 'high',
  check: inspectsWhatLeaves,
  fix: 'Add a DataProtectionPolicy with an Operation Deny (or Deidentify) for the identifiers that must not leave.',
  pass: [
    { resources: subscribed('email', protecting({ Deny: {} })) },
    { resources: subscribed('https', protecting({ Deidentify: { MaskConfig: {} } })) },
  ],
  fail: [
    { resources: subscribed('email') },
    { resources: subscribed('sms', protecting({ Audit: {} })) },
    { resources: topic({ Subscription: [{ Protocol: 'email', Endpoint: 'support@example.com' }] }) },
  ],
  unknown: [{ parameters: parameter, resources: subscribed(VALUE) }],
  skip: [{ resources: subscribed('sqs') }],
});

export const subscriptionsUseTls = rule({
  on: [SUBSCRIPTION, TOPIC],
  check: sendsByTls,
  fix: 'Subscribe an https endpoint instead.',
  pass: [
    { resources: one(SUBSCRIPTION)({ Protocol: 'https', Endpoint: 'https://cases.example.com' }) },
    { resources: topic({ Subscription: [{ Protocol: 'sqs', Endpoint: 'arn' }] }) },
  ],
  fail: [
    { resources: one(SUBSCRIPTION)({ Protocol: 'http', Endpoint: 'http://cases.example.com' }) },
    { resources: topic({ Subscription: [{ Protocol: 'http', Endpoint: 'http://cases.example.com' }] }) },
  ],
  unknown: [{ parameters: parameter, resources: one(SUBSCRIPTION)({ Protocol: VALUE }) }],
  skip: [{ resources: topic({}) }],
});

export const mailUsesTls = rule({
  on: Object.keys(MAIL),
  severity: 'medium',
  check: (resource) => {
    const [path, required] = MAIL[resource.type] ?? ['', ''];
    return resource.at(path).is(required);
  },
  fix: "Set DeliveryOptions.TlsPolicy: 'REQUIRE' (Rule.TlsPolicy: 'Require' on receipt rules), so that mail is refused instead of sent in clear text.",
  pass: [
    { resources: one('AWS::SES::ConfigurationSet')({ DeliveryOptions: { TlsPolicy: 'REQUIRE' } }) },
    { resources: one('AWS::SES::ReceiptRule')({ Rule: { TlsPolicy: 'Require' } }) },
  ],
  fail: [
    { resources: one('AWS::SES::ConfigurationSet')({}) },
    { resources: one('AWS::SES::ConfigurationSet')({ DeliveryOptions: { TlsPolicy: 'OPTIONAL' } }) },
    { resources: one('AWS::SES::ReceiptRule')({ Rule: { TlsPolicy: 'Optional' } }) },
  ],
  unknown: [{ parameters: parameter, resources: one('AWS::SES::ConfigurationSet')({ DeliveryOptions: { TlsPolicy: VALUE } }) }],
});

export const connectionsUseTls = rule({
  on: CONNECTION,
  severity: 'medium',
  check: connectsByTls,
  fix: 'Set JDBC_ENFORCE_SSL: true (KAFKA_SSL_ENABLED: true) in ConnectionProperties.',
  pass: [{ resources: database({ JDBC_ENFORCE_SSL: 'true' }) }, { resources: database({ KAFKA_SSL_ENABLED: 'true' }, 'KAFKA') }],
  fail: [
    { resources: database({ JDBC_CONNECTION_URL: 'jdbc:postgresql://db/cases' }) },
    { resources: database({ JDBC_ENFORCE_SSL: 'false' }) },
    { resources: database({ KAFKA_SSL_ENABLED: 'false' }, 'KAFKA') },
  ],
  unknown: [{ parameters: parameter, resources: database({ JDBC_ENFORCE_SSL: VALUE }) }],
  skip: [{ resources: database({}, 'NETWORK') }],
});

export const queriesAreCapped = rule({
  on: WORKGROUP,
  severity: 'low',
  check: (resource) => {
    const limits = resource.at('WorkGroupConfiguration');
    return limits.state === 'unknown'
      ? limits.asUnknown()
      : allOf(limits.at('BytesScannedCutoffPerQuery').isAtLeast(1), limits.at('EnforceWorkGroupConfiguration').orDefault(true).isTrue());
  },
  fix: 'Set WorkGroupConfiguration.BytesScannedCutoffPerQuery to what the largest query of your people needs, and leave EnforceWorkGroupConfiguration true.',
  pass: [{ resources: one(WORKGROUP)({ WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 10_000_000_000 } }) }],
  fail: [
    { resources: one(WORKGROUP)({}) },
    {
      resources: one(WORKGROUP)({
        WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 10_000_000_000, EnforceWorkGroupConfiguration: false },
      }),
    },
  ],
  unknown: [{ parameters: parameter, resources: one(WORKGROUP)({ WorkGroupConfiguration: { BytesScannedCutoffPerQuery: VALUE } }) }],
});

export const channelsAreClassified = rule({
  on: STORES,
  check: isClassified,
  fix: 'Use a Secure construct in a stack with a data profile, or tag it with palisade:sensitivity, palisade:tier, palisade:owner and palisade:volume.',
  pass: [
    { resources: one('AWS::SQS::Queue')(LABELLED) },
    {
      name: 'tags as a map',
      resources: one('AWS::MSK::Cluster')({ Tags: { classification: 'internal', 'risk-tier': 'low', owner: 'crm', 'data-volume': 'few' } }),
    },
  ],
  fail: [
    { resources: one('AWS::SQS::Queue')({}) },
    { resources: topic({}) },
    { resources: one('AWS::SQS::Queue')({ Tags: LABELLED.Tags.slice(1) }) },
  ],
  unknown: [{ parameters: parameter, resources: one('AWS::Kinesis::Stream')({ Tags: VALUE }) }],
});

export const archivesEnd = rule({
  on: ARCHIVE,
  severity: 'low',
  check: (resource) => resource.at('RetentionDays').isAtLeast(1),
  fix: 'Set RetentionDays; without it events are kept without end.',
  pass: [{ resources: one(ARCHIVE)({ RetentionDays: 90 }) }],
  fail: [{ resources: one(ARCHIVE)({}) }, { resources: one(ARCHIVE)({ RetentionDays: 0 }) }],
  unknown: [{ parameters: parameter, resources: one(ARCHIVE)({ RetentionDays: VALUE }) }],
});

export const channelsSurvive = rule({
  on: KEEPING,
  severity: 'low',
  check: (resource) => allOf(resource.option('DeletionPolicy').isOneOf(RETAINED), resource.option('UpdateReplacePolicy').isOneOf(RETAINED)),
  fix: 'Use a Secure construct, or keep what it holds: DeletionPolicy and UpdateReplacePolicy Retain (removalPolicy RETAIN).',
  pass: [{ resources: one('AWS::Kinesis::Stream')({ Name: 'cases' }, kept) }],
  fail: [
    { resources: one('AWS::Kinesis::Stream')({ Name: 'cases' }) },
    { resources: one('AWS::MSK::Cluster')({ ClusterName: 'cases' }, { DeletionPolicy: 'Retain' }) },
  ],
});
