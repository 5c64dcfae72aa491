/** Identification: findings reach somebody who has to act on them. */
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { DETECTOR, HUB, MACIE } from '../detection/services';

export const EVENT_RULE = 'AWS::Events::Rule';
const RESPONSE_PLAN = 'AWS::SSMIncidents::ResponsePlan';

/** Services whose findings are alerts, as EventBridge names them. */
const FINDERS: readonly string[] = ['aws.guardduty', 'aws.securityhub', 'aws.macie', 'aws.access-analyzer', 'aws.inspector2'];
/** Security Hub hands on what the others find. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  [DETECTOR]: ['aws.guardduty', 'aws.securityhub'],
  [HUB]: ['aws.securityhub'],
  [MACIE]: ['aws.macie', 'aws.securityhub'],
};

const patternOf = (one: Resource): Value => one.at('EventPattern').json();

/** Matches findings of one of these services. */
function matchesFindings(one: Resource, sources: readonly string[]): Outcome {
  const pattern = patternOf(one);
  if (pattern.state === 'unknown') return pattern.asUnknown();
  const kinds = pattern.at('detail-type').items();
  return allOf(
    some(pattern.at('source').items(), (source) => source.isOneOf(sources), 'is about something else'),
    kinds.length === 0 ? pass() : some(kinds, (kind) => kind.matches(/Finding/), 'is about other events'),
  );
}

/** What only keeps an event, and asks nobody to act on it. */
const KEEPS_ONLY = /^AWS::(Logs::LogGroup|KinesisFirehose::DeliveryStream)$/;
const KEEPS_ONLY_ARN = /^arn:[^:]*:(logs|firehose):/;

/** An item of work, a queue, a topic, a function or a workflow: something on which somebody has to act. */
function isFollowedUp(target: Value, graph: Graph): Outcome {
  const arn = target.at('Arn');
  const types = arn.targets.flatMap((id) => graph.get(id)?.type ?? []);
  if (types.length === 0 && arn.shape === undefined) return arn.asUnknown();
  const kept = types.some((type) => KEEPS_ONLY.test(type)) || KEEPS_ONLY_ARN.test(arn.shape ?? '');
  return kept ? fail('Targets only keep the findings: nobody has to act on them', arn.path) : pass();
}

/** Enabled, with a target that opens an item of work or tells somebody. */
export const tracks = (one: Resource, graph: Graph): Outcome =>
  allOf(
    one.at('State').isNoneOf(['DISABLED']),
    some(one.at('Targets').items(), (target) => isFollowedUp(target, graph), 'Targets names nothing that somebody has to act on'),
  );

/** A plan without people, chat or automation opens an incident of which nobody learns. */
const engages = (plan: Resource): Outcome =>
  anyOf(
    [plan.at('Engagements').isSet(), plan.at('Actions').isSet(), plan.at('ChatChannel.ChatbotSns').isSet()],
    'names neither Engagements nor Actions nor a ChatChannel: nobody is engaged',
  );

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:alerts';
const LOGS = 'arn:aws:logs:eu-central-1:111122223333:log-group:/findings';
const FINDINGS = { source: ['aws.guardduty'], 'detail-type': ['GuardDuty Finding'] };
const findings = (properties: object = {}, EventPattern: unknown = FINDINGS) => ({
  Findings: { Type: EVENT_RULE, Properties: { EventPattern, Targets: [{ Id: 't', Arn: TOPIC }], ...properties } },
});
const plan = (Properties: object) => ({ resources: { Plan: { Type: RESPONSE_PLAN, Properties: { Name: 'severe', ...Properties } } } });
const finder = (Type: string, rest: object = {}) => ({ Finder: { Type, Properties: {} }, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } };

export const tracked = [
  rule({
    on: EVENT_RULE,
    check: (one, graph) => {
      if (one.at('EventPattern').state === 'absent') return notApplicable('runs by the clock');
      return when(matchesFindings(one, FINDERS), () => tracks(one, graph));
    },
    fix: 'Give the rule for findings a target on which somebody has to act: an OpsItem, a queue, a topic with subscribers, a workflow.',
    pass: [
      { resources: findings() },
      { resources: findings({ State: 'ENABLED' }, { source: ['aws.inspector2'] }) },
      {
        resources: {
          ...findings({ Targets: [{ Id: 'q', Arn: { 'Fn::GetAtt': ['Queue', 'Arn'] } }] }),
          Queue: { Type: 'AWS::SQS::Queue' },
        },
      },
      { name: 'kept, and followed up', resources: findings({ Targets: [{ Arn: LOGS }, { Arn: TOPIC }] }) },
    ],
    fail: [
      { resources: findings({ State: 'DISABLED' }) },
      { resources: findings({ Targets: [] }) },
      { resources: findings({ Targets: [{ Id: 'l', Arn: LOGS }] }) },
      {
        resources: {
          ...findings({ Targets: [{ Arn: { 'Fn::GetAtt': ['Group', 'Arn'] } }] }),
          Group: { Type: 'AWS::Logs::LogGroup' },
        },
      },
    ],
    unknown: [
      { ...PARAMETER, resources: findings({ Targets: [{ Arn: { Ref: 'P' } }] }) },
      { ...PARAMETER, resources: findings({ State: 'DISABLED' }, { Ref: 'P' }) },
    ],
    skip: [
      { resources: findings({ Targets: [] }, { source: ['aws.guardduty'], 'detail-type': ['AWS API Call via CloudTrail'] }) },
      { resources: findings({ Targets: [] }, { source: ['aws.ec2'] }) },
      { resources: findings({ EventPattern: undefined, ScheduleExpression: 'rate(1 day)', Targets: [] }) },
    ],
  }),
  rule({
    on: RESPONSE_PLAN,
    check: engages,
    fix: 'Name in Engagements the contacts or escalation plan that the incident calls, or a ChatChannel or Actions.',
    pass: [
      plan({ Engagements: ['arn:aws:ssm-contacts:eu-central-1:111122223333:contact/on-call'] }),
      plan({ ChatChannel: { ChatbotSns: [TOPIC] } }),
      plan({ Actions: [{ SsmAutomation: { DocumentName: 'contain', RoleArn: 'arn:aws:iam::111122223333:role/r' } }] }),
    ],
    fail: [plan({}), plan({ Engagements: [] }), plan({ ChatChannel: {} })],
  }),
  rule({
    on: Object.keys(SOURCES),
    check: (service, graph) =>
      some(
        graph.ofType(EVENT_RULE).filter((one) => graph.exists(one)),
        (one) => every([() => matchesFindings(one, SOURCES[service.type] ?? []), () => tracks(one, graph)], (ask) => ask()),
        'no rule of EventBridge here hands its findings to anybody',
      ),
    severity: 'low',
    fix: 'Use ThreatDetection, SecurityPosture or DataDiscovery, or add an AWS::Events::Rule on its findings with a target on which somebody has to act.',
    pass: [
      { resources: finder(DETECTOR, findings()) },
      { resources: finder(HUB, findings({}, '{"source":["aws.securityhub"]}')) },
      { resources: finder(MACIE, findings({}, { source: ['aws.securityhub'], 'detail-type': ['Security Hub Findings - Imported'] })) },
    ],
    fail: [
      { resources: finder(DETECTOR) },
      { resources: finder(HUB, findings()) },
      { resources: finder(DETECTOR, findings({ State: 'DISABLED' })) },
      { resources: finder(DETECTOR, findings({ Targets: [{ Arn: LOGS }] })) },
      { resources: finder(DETECTOR, findings({}, { source: ['aws.guardduty'], 'detail-type': ['AWS API Call via CloudTrail'] })) },
    ],
    unknown: [{ ...PARAMETER, resources: finder(DETECTOR, findings({}, { Ref: 'P' })) }],
  }),
];
