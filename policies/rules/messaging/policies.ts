/** Who may send, receive and subscribe, and over what: policies of queues, topics, buses, streams and clusters. */
import { isForeignAccount } from '../../facts/accounts';
import { grantsNobodyPublicly, Statement, statementsOf } from '../../facts/iam';
import { isPlainHttp } from '../../facts/iam-conditions';
import { bindsServices, keepOutsidersOut } from '../../facts/iam-grants';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, rule } from '../../rule';
import type { Value } from '../../value';

const QUEUE = 'AWS::SQS::Queue';
const TOPIC = 'AWS::SNS::Topic';
const BUS_POLICY = 'AWS::Events::EventBusPolicy';
const BUS = 'AWS::Events::EventBus';

/** Where each policy stands, and the service whose actions it speaks of. */
const POLICIES: Readonly<Record<string, readonly [path: string, service: string]>> = {
  'AWS::SQS::QueuePolicy': ['PolicyDocument', 'sqs'],
  'AWS::SQS::QueueInlinePolicy': ['PolicyDocument', 'sqs'],
  'AWS::SNS::TopicPolicy': ['PolicyDocument', 'sns'],
  'AWS::SNS::TopicInlinePolicy': ['PolicyDocument', 'sns'],
  [BUS]: ['Policy', 'events'],
  [BUS_POLICY]: ['Statement', 'events'],
  'AWS::Kinesis::ResourcePolicy': ['ResourcePolicy', 'kinesis'],
  'AWS::MSK::ClusterPolicy': ['Policy', 'kafka'],
  'AWS::EventSchemas::RegistryPolicy': ['Policy', 'schemas'],
};
const TYPES = Object.keys(POLICIES);

const documentOf = (policy: Resource): Value => policy.at(POLICIES[policy.type]?.[0] ?? '');
const serviceOf = (policy: Resource): string => POLICIES[policy.type]?.[1] ?? '';

/** The statements that grant something. The policy of a bus holds one statement, and not a document. */
function grantsOf(policy: Resource): readonly Statement[] {
  const statements = policy.type === BUS_POLICY ? [new Statement(documentOf(policy).json())] : statementsOf(documentOf(policy));
  return statements.filter((statement) => statement.allows().verdict !== 'fail');
}

const withPolicy = (policy: Resource, check: () => Outcome): Outcome =>
  documentOf(policy).state === 'absent' ? notApplicable('has no policy') : check();

/** The older form of a bus policy has no statement: it names an account, or everyone of an organisation. */
function oldFormIsClosed(policy: Resource): Outcome {
  const who = policy.at('Principal');
  const confined = allOf(
    policy.at('Condition.Key').is('aws:PrincipalOrgID'),
    policy.at('Condition.Type').is('StringEquals'),
    not(policy.at('Condition.Value').is('*'), 'every organisation'),
  );
  return anyOf([not(who.is('*'), who.describe()), confined], 'Principal is "*": every account may send events');
}

function isClosed(policy: Resource): Outcome {
  if (policy.type !== BUS_POLICY) return withPolicy(policy, () => grantsNobodyPublicly(documentOf(policy), `${serviceOf(policy)}:*`));
  if (documentOf(policy).state === 'absent') return oldFormIsClosed(policy);
  return every(grantsOf(policy), (statement) =>
    not(statement.isPublic(), 'Statement allows everyone without a condition that confines callers'),
  );
}

function staysInside(policy: Resource, graph: Graph): Outcome {
  if (policy.type !== BUS_POLICY || documentOf(policy).state !== 'absent')
    return withPolicy(policy, () => keepOutsidersOut(grantsOf(policy), graph, 'DHC-05'));
  const who = policy.at('Principal');
  return who.string === '*' ? notApplicable('lets in everyone, which DHC-05 judges') : isOurs(who, who.string, graph);
}

/** Nothing is granted by wildcard, nor by naming what is not granted. */
function namesActions(policy: Resource): Outcome {
  const service = serviceOf(policy);
  return every(grantsOf(policy), (statement) => {
    if (statement.isPublic().verdict !== 'fail') return notApplicable('whom it lets in is the finding');
    if (statement.value.at('NotAction').state !== 'absent') return fail(`${statement.name} allows every action but some (NotAction)`);
    return not(statement.grantsEvery(`${service}:*`), `${statement.name} allows every action`);
  });
}

// ── Clear text ───────────────────────────────────────────────────────────────────────────────────────────────────

/** The policies of each kind of channel, where they name it, and the action that a denial must cover at least. */
const CHANNELS = {
  [QUEUE]: {
    policies: [
      ['AWS::SQS::QueuePolicy', 'Queues'],
      ['AWS::SQS::QueueInlinePolicy', 'Queue'],
    ],
    action: 'sqs:*',
  },
  [TOPIC]: {
    policies: [
      ['AWS::SNS::TopicPolicy', 'Topics'],
      ['AWS::SNS::TopicInlinePolicy', 'TopicArn'],
    ],
    action: 'sns:Publish',
  },
} as const;

function refusesClearText(channel: Resource, graph: Graph): Outcome {
  const { policies, action } = CHANNELS[channel.type as keyof typeof CHANNELS];
  const statements = policies.flatMap(([type, path]) =>
    graph.pointingAt(channel, type, path).flatMap((policy) => statementsOf(policy.at('PolicyDocument'))),
  );
  return some(
    statements,
    (statement) =>
      allOf(
        statement.denies(),
        statement.namesEveryone(),
        statement.coversAction(action),
        speaksOf(statement, channel),
        every(statement.conditions(), isPlainHttp),
        statement.conditions().length === 0 ? fail('denies everything') : pass(),
      ),
    `no policy denies ${action} to everyone over plain HTTP (aws:SecureTransport false)`,
  );
}

const speaksOf = (statement: Statement, channel: Resource): Outcome =>
  some(statement.resources(), (resource) => anyOf([resource.is('*'), resource.refersTo(channel)]), 'speaks of something else');

// ── Where things go ──────────────────────────────────────────────────────────────────────────────────────────────

/** Where each type names what it delivers to; `[]` stands for every entry of a list. */
const TARGETS: Readonly<Record<string, string>> = {
  'AWS::Events::Rule': 'Targets[].Arn',
  'AWS::Pipes::Pipe': 'Target',
  'AWS::Scheduler::Schedule': 'Target.Arn',
  'AWS::SNS::Subscription': 'Endpoint',
};

function targetsOf(resource: Resource): readonly Value[] {
  const [first = '', rest] = (TARGETS[resource.type] ?? '').split('[].');
  return rest === undefined
    ? [resource.at(first)]
    : resource
        .at(first)
        .items()
        .map((item) => item.at(rest));
}

/** The account in an ARN; undefined where the value is none, or names none. */
const accountIn = (target: Value): string | undefined => /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(target.string ?? '')?.[1];

function deliversInside(resource: Resource, graph: Graph): Outcome {
  return every(targetsOf(resource), (target) => {
    const account = accountIn(target);
    return account === undefined ? notApplicable('names no account') : isOurs(target, account, graph);
  });
}

function isOurs(value: Value, account: string | undefined, graph: Graph): Outcome {
  if (value.missing?.startsWith('AWS::AccountId')) return pass();
  if (account === undefined) return unknown(value.describe(), value.path);
  return not(isForeignAccount(account, graph), `${value.describe()}, an account of somebody else`);
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const OURS = '111122223333';
const AGENT = { AWS: `arn:aws:iam::${OURS}:role/agent` };
const IN_ORG = { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } };
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };
const send = (Principal: unknown, rest: object = {}) => ({
  Statement: [{ Effect: 'Allow', Principal, Action: ['sqs:SendMessage'], Resource: '*', ...rest }],
});
const queuePolicy = (PolicyDocument: unknown): Example['resources'] => ({
  Policy: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: [{ Ref: 'Queue' }], PolicyDocument } },
});
const topicPolicy = (PolicyDocument: unknown): Example['resources'] => ({
  Policy: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: [{ Ref: 'Topic' }], PolicyDocument } },
});
const busPolicy = (Properties: object): Example['resources'] => ({ Policy: { Type: BUS_POLICY, Properties } });
const put = (Principal: unknown, rest: object = {}) =>
  busPolicy({ Statement: { Effect: 'Allow', Principal, Action: ['events:PutEvents'], ...rest } });
const other = (type: string, document: unknown): Example['resources'] => ({
  Policy: { Type: type, Properties: { [POLICIES[type]?.[0] ?? '']: document } },
});
const deny = (Resource: unknown, rest: object = {}) => ({
  Statement: [
    { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource, Condition: { Bool: { 'aws:SecureTransport': 'false' } }, ...rest },
  ],
});
const guardedQueue = (document: unknown) => ({ Queue: { Type: QUEUE, Properties: {} }, ...queuePolicy(document) });
const guardedTopic = (rest: object) => ({
  Topic: { Type: TOPIC, Properties: {} },
  ...topicPolicy(deny({ Ref: 'Topic' }, { Action: ['sns:Publish', 'sns:Subscribe'], ...rest })),
});
const QUEUE_ARN = { 'Fn::GetAtt': ['Queue', 'Arn'] };
const delivering = (type: string, Properties: object): Example['resources'] => ({ Source: { Type: type, Properties } });
const ruleTo = (Arn: unknown) => delivering('AWS::Events::Rule', { Targets: [{ Id: 'one', Arn }] });
const busOf = (account: string) => `arn:aws:events:eu-west-1:${account}:event-bus/cases`;

export const channelsRefuseClearText = rule({
  on: [QUEUE, TOPIC],
  severity: 'medium',
  check: refusesClearText,
  fix: 'Use SecureQueue or SecureTopic (enforceSSL: true), or add a policy that denies everyone sqs:* (sns:Publish) if Bool aws:SecureTransport false.',
  pass: [
    { resources: guardedQueue(deny(QUEUE_ARN)) },
    { resources: guardedQueue(deny('*', { Principal: { AWS: '*' }, Action: '*' })) },
    { resources: guardedTopic({}) },
    {
      name: 'in a policy of its own',
      resources: {
        Queue: { Type: QUEUE, Properties: {} },
        Policy: { Type: 'AWS::SQS::QueueInlinePolicy', Properties: { Queue: { Ref: 'Queue' }, PolicyDocument: deny(QUEUE_ARN) } },
      },
    },
    {
      name: 'of a topic, in a policy of its own',
      resources: {
        Topic: { Type: TOPIC, Properties: {} },
        Policy: {
          Type: 'AWS::SNS::TopicInlinePolicy',
          Properties: { TopicArn: { Ref: 'Topic' }, PolicyDocument: deny({ Ref: 'Topic' }, { Action: 'sns:Publish' }) },
        },
      },
    },
  ],
  fail: [
    { resources: { Queue: { Type: QUEUE, Properties: {} } } },
    { resources: { Topic: { Type: TOPIC, Properties: {} } } },
    { name: 'sending only', resources: guardedQueue(deny(QUEUE_ARN, { Action: 'sqs:SendMessage' })) },
    { name: 'for some', resources: guardedQueue(deny(QUEUE_ARN, { Principal: AGENT })) },
    { name: 'allows instead of denying', resources: guardedQueue(deny(QUEUE_ARN, { Effect: 'Allow' })) },
    { name: 'the wrong way round', resources: guardedQueue(deny(QUEUE_ARN, { Condition: { Bool: { 'aws:SecureTransport': 'true' } } })) },
    { name: 'another queue', resources: guardedQueue(deny(`arn:aws:sqs:eu-west-1:${OURS}:other`)) },
    { resources: guardedTopic({ Action: 'sns:Subscribe' }) },
    { name: 'denies everything', resources: guardedQueue(deny(QUEUE_ARN, { Condition: undefined })) },
  ],
  unknown: [{ parameters: parameter, resources: guardedQueue(VALUE) }],
});

export const channelsAreClosed = rule({
  on: TYPES,
  check: isClosed,
  fix: 'Name the principals, or add a condition StringEquals aws:PrincipalOrgID (aws:SourceArn for services) to the statement.',
  pass: [
    { resources: queuePolicy(send(AGENT)) },
    { resources: topicPolicy(send('*', { Action: ['sns:Publish'], Condition: IN_ORG })) },
    {
      name: 'as SNS writes it by default',
      resources: topicPolicy(send({ AWS: '*' }, { Action: ['SNS:Publish'], Condition: { StringEquals: { 'AWS:SourceOwner': OURS } } })),
    },
    { resources: put({ AWS: `arn:aws:iam::${OURS}:root` }) },
    { resources: busPolicy({ Principal: OURS, Action: 'events:PutEvents' }) },
    {
      resources: busPolicy({ Principal: '*', Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: 'o-a1b2c3d4e5' } }),
    },
    { resources: { Bus: { Type: BUS, Properties: { Policy: send(AGENT, { Action: ['events:PutEvents'] }) } } } },
  ],
  fail: [
    { resources: queuePolicy(send('*')) },
    { resources: queuePolicy(send({ AWS: ['*'] })) },
    { name: 'over TLS, but everyone', resources: queuePolicy(send('*', { Condition: { Bool: { 'aws:SecureTransport': ['true'] } } })) },
    { name: 'everyone but some', resources: topicPolicy(send(undefined, { NotPrincipal: AGENT })) },
    { resources: topicPolicy(send('*')) },
    { resources: topicPolicy(send({ AWS: '*' })) },
    { resources: other('AWS::SQS::QueueInlinePolicy', send('*')) },
    { resources: other('AWS::SNS::TopicInlinePolicy', send('*')) },
    { resources: other('AWS::Kinesis::ResourcePolicy', send('*', { Action: ['kinesis:GetRecords'] })) },
    { resources: other('AWS::MSK::ClusterPolicy', send('*', { Action: ['kafka-cluster:Connect'] })) },
    { resources: other('AWS::EventSchemas::RegistryPolicy', send('*', { Action: ['schemas:DescribeSchema'] })) },
    { resources: put('*') },
    { resources: busPolicy({ Principal: '*', Action: 'events:PutEvents' }) },
    { resources: busPolicy({ Principal: '*', Condition: { Type: 'StringLike', Key: 'aws:PrincipalOrgID', Value: 'o-a1b2c3d4e5' } }) },
    { resources: busPolicy({ Principal: '*', Condition: { Type: 'StringEquals', Key: 'aws:PrincipalOrgID', Value: '*' } }) },
    { resources: { Bus: { Type: BUS, Properties: { Policy: send('*', { Action: ['events:PutEvents'] }) } } } },
  ],
  unknown: [
    { parameters: parameter, resources: queuePolicy(VALUE) },
    { parameters: parameter, resources: busPolicy({ Principal: VALUE }) },
  ],
  skip: [{ resources: { Bus: { Type: BUS, Properties: { Name: 'cases' } } } }],
});

export const channelsStayInside = rule({
  on: TYPES,
  check: staysInside,
  fix: 'Remove the account, add a condition StringEquals aws:PrincipalOrgID with your organisation, or record the sharing as a waiver that expires.',
  pass: [
    { unit: { account: OURS }, resources: queuePolicy(send(AGENT)) },
    { unit: { account: OURS }, resources: busPolicy({ Principal: OURS }) },
    { resources: busPolicy({ Principal: { Ref: 'AWS::AccountId' } }) },
  ],
  fail: [
    { unit: { account: OURS }, resources: queuePolicy(send({ AWS: '444455556666' })) },
    { unit: { account: OURS }, resources: put({ AWS: 'arn:aws:iam::444455556666:root' }) },
    { unit: { account: OURS }, resources: busPolicy({ Principal: '444455556666' }) },
  ],
  unknown: [
    { resources: queuePolicy(send({ AWS: '444455556666' })) },
    { parameters: parameter, unit: { account: OURS }, resources: busPolicy({ Principal: VALUE }) },
  ],
  skip: [{ resources: busPolicy({ Principal: '*' }) }, { resources: { Bus: { Type: BUS, Properties: { Name: 'cases' } } } }],
});

export const grantsNameActions = rule({
  on: TYPES.filter((type) => type !== BUS_POLICY),
  severity: 'medium',
  check: (policy) => withPolicy(policy, () => namesActions(policy)),
  fix: 'Name the actions that the principal needs, such as sqs:SendMessage or sns:Publish, instead of a wildcard or NotAction.',
  pass: [{ resources: queuePolicy(send(AGENT, { Action: 'sqs:SendMessage' })) }],
  fail: [
    { resources: queuePolicy(send(AGENT, { Action: 'sqs:*' })) },
    { resources: topicPolicy(send(AGENT, { Action: ['sns:Publish', 'SNS:*'] })) },
    { resources: queuePolicy(send(AGENT, { Action: '*' })) },
    { resources: topicPolicy(send(AGENT, { Action: undefined, NotAction: 'sns:Publish' })) },
    { resources: other('AWS::Kinesis::ResourcePolicy', send(AGENT, { Action: ['kinesis:*'] })) },
  ],
  unknown: [{ parameters: parameter, resources: queuePolicy(send(AGENT, { Action: VALUE })) }],
  skip: [
    { name: 'everyone is the finding of DHC-05', resources: queuePolicy(send('*', { Action: 'sqs:*' })) },
    { resources: { Bus: { Type: BUS, Properties: { Name: 'cases' } } } },
  ],
});

export const grantsBindServices = rule({
  on: TYPES,
  // What an unbound grant lets in is a message on behalf of somebody else: a nuisance, no loss of data.
  severity: 'low',
  check: (policy) => withPolicy(policy, () => every(grantsOf(policy), (statement) => bindsServices(statement))),
  fix: 'Add a condition on aws:SourceArn, aws:SourceAccount or aws:SourceOrgID to every statement that lets a service in.',
  pass: [
    { resources: queuePolicy(send({ Service: 'sns.amazonaws.com' }, { Condition: { StringEquals: { 'aws:SourceAccount': OURS } } })) },
  ],
  fail: [{ resources: topicPolicy(send({ Service: 'events.amazonaws.com' }, { Action: ['sns:Publish'] })) }],
  unknown: [
    {
      parameters: parameter,
      resources: queuePolicy(send({ Service: 'sns.amazonaws.com' }, { Condition: { ArnLike: { 'aws:SourceArn': VALUE } } })),
    },
  ],
  skip: [{ resources: queuePolicy(send({ AWS: [AGENT.AWS] })) }, { resources: { Bus: { Type: BUS, Properties: { Name: 'cases' } } } }],
});

export const deliveriesStayInside = rule({
  on: Object.keys(TARGETS),
  check: deliversInside,
  fix: 'Deliver to resources of your own organisation, or record the destination as a waiver that expires.',
  pass: [
    { unit: { account: OURS }, resources: ruleTo(busOf(OURS)) },
    {
      unit: { account: OURS },
      resources: delivering('AWS::SNS::Subscription', { Protocol: 'sqs', Endpoint: `arn:aws:sqs:eu-west-1:${OURS}:cases` }),
    },
  ],
  fail: [
    { unit: { account: OURS }, resources: ruleTo(busOf('444455556666')) },
    {
      unit: { account: OURS },
      resources: delivering('AWS::SNS::Subscription', { Protocol: 'sqs', Endpoint: 'arn:aws:sqs:eu-west-1:444455556666:q' }),
    },
    { unit: { account: OURS }, resources: delivering('AWS::Pipes::Pipe', { Target: busOf('444455556666') }) },
    { unit: { account: OURS }, resources: delivering('AWS::Scheduler::Schedule', { Target: { Arn: busOf('444455556666') } }) },
  ],
  unknown: [{ resources: ruleTo(busOf('444455556666')) }],
  skip: [
    { resources: ruleTo({ 'Fn::GetAtt': ['Queue', 'Arn'] }) },
    { resources: delivering('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'support@example.com' }) },
  ],
});
