/** Investigation: who may look, with what, and which questions are ready. */
import { type ActionTable, ALTERING_ACTIONS, REWRITING_ACTIONS, TAKEOVER_ACTIONS } from '../../facts/iam-actions';
import { managedPoliciesOf, ROLE, reachOf } from '../../facts/iam-permissions';
import { comesFromOutside, grantsHeldBy, isNoAdministration, nameOf } from '../../facts/iam-principals';
import { type Graph, UNIT } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';
import { DETECTOR, inBaselines } from '../detection/services';
import { EVENT_RULE, tracks } from './identification';
import { baselineWithout } from './samples';

const GRAPH = 'AWS::Detective::Graph';
const INVITATION = 'AWS::Detective::MemberInvitation';
const FILTER = 'AWS::Logs::MetricFilter';

// ── The role ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** A role that people take to investigate, by its name. */
const investigates = (role: Resource): boolean => /investigat|forensic/i.test(nameOf(role)) && comesFromOutside(role);

const ofInvestigators = (judge: (role: Resource, graph: Graph) => Outcome) => (role: Resource, graph: Graph) =>
  investigates(role) ? judge(role, graph) : notApplicable('is no role of investigators');

/** Answers are written into a place of their own, which changes nothing that is investigated. */
const BUT_ANSWERS: ActionTable = new Map(
  [...ALTERING_ACTIONS].map(([service, actions]) => [service, actions.filter(({ name }) => name !== 's3:PutObject')]),
);

/** Nothing that it grants changes anything. */
function readsOnly(role: Resource, graph: Graph): Outcome {
  const managed = managedPoliciesOf(role).find((policy) => ['administration', 'takeover', 'data'].includes(reachOf(policy) ?? ''));
  if (managed) return fail(`${managed.shape} lets it change what it investigates`, managed.path);
  return every(grantsHeldBy(role, graph), (grant) => {
    const whole = grant.wholeServices[0];
    if (whole) return fail(`${grant.name} allows ${whole}:*, which changes what it investigates`, grant.at);
    const altering = grant.reachesAll('s3').verdict === 'fail' ? BUT_ANSWERS : ALTERING_ACTIONS;
    const changes = [altering, REWRITING_ACTIONS, TAKEOVER_ACTIONS].map((table) => grant.names(table)).find(Boolean);
    return changes ? fail(`${grant.name} allows ${changes}, which changes what it investigates`, grant.at) : isNoAdministration(grant);
  });
}

/** A rule, or a filter on records of CloudTrail, that tells when somebody takes the role. */
function isTold(role: Resource, graph: Graph): Outcome {
  const rules = graph.ofType(EVENT_RULE).filter((one) => graph.exists(one));
  if (rules.some((one) => matchesUse(one, role) && tracks(one, graph).verdict === 'pass')) return pass();
  const filters = graph.ofType(FILTER).filter((one) => graph.exists(one));
  return some(filters, (one) => one.at('FilterPattern').matches(/AssumeRole/), 'nothing here tells when it is used');
}

function matchesUse(one: Resource, role: Resource): boolean {
  const detail = one.at('EventPattern').json().at('detail');
  const taken = detail
    .at('eventName')
    .items()
    .some((name) => /^AssumeRole/.test(name.string ?? ''));
  const named = detail.at('requestParameters.roleArn').items();
  return taken && (named.length === 0 || named.some((arn) => arn.refersTo(role).verdict === 'pass'));
}

const trustOf = (Principal: object) => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] });
const SECURITY = { AWS: 'arn:aws:iam::444455556666:root' };
const allowing = (Action: unknown, rest: object = {}) => [
  { PolicyName: 'p', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*', ...rest }] } },
];
const investigator = (properties: object = {}, Principal: object = SECURITY) => ({
  Role: { Type: ROLE, Properties: { RoleName: 'investigation', AssumeRolePolicyDocument: trustOf(Principal), ...properties } },
});
const told = (detail: object, rest: object = {}) => ({
  Use: {
    Type: EVENT_RULE,
    Properties: { EventPattern: { detail }, Targets: [{ Arn: 'arn:aws:sns:eu-central-1:111122223333:alerts' }], ...rest },
  },
});
const USE = { eventName: ['AssumeRole'], requestParameters: { roleArn: [{ 'Fn::GetAtt': ['Role', 'Arn'] }] } };
const AUDIT = 'arn:aws:iam::aws:policy/SecurityAudit';

export const investigators = [
  rule({
    on: ROLE,
    check: ofInvestigators(readsOnly),
    fix: 'Use InvestigationRole, or grant only calls that read: Get, List, Describe, LookupEvents.',
    pass: [
      { resources: investigator({ ManagedPolicyArns: [AUDIT] }) },
      { resources: investigator({ Policies: allowing(['cloudtrail:LookupEvents', 'ec2:DescribeInstances']) }) },
      {
        name: 'writes answers down',
        resources: investigator({ Policies: allowing('s3:PutObject', { Resource: 'arn:aws:s3:::answers/*' }) }),
      },
    ],
    fail: [
      { resources: investigator({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) },
      { resources: investigator({ Policies: allowing(['ec2:DescribeInstances', 's3:DeleteObject']) }) },
      { resources: investigator({ Policies: allowing('s3:PutObject') }) },
      { resources: investigator({ Policies: allowing('s3:DeleteObject', { Resource: 'arn:aws:s3:::answers/*' }) }) },
      { resources: investigator({ Policies: allowing('s3:*') }) },
      { resources: investigator({ Policies: allowing('*') }) },
      { resources: investigator({ Policies: allowing('iam:AttachRolePolicy') }) },
    ],
    skip: [
      { resources: investigator({ RoleName: 'operations', Policies: allowing('s3:*') }) },
      { resources: investigator({ Policies: allowing('s3:*') }, { Service: 'lambda.amazonaws.com' }) },
    ],
  }),
  rule({
    on: ROLE,
    check: ofInvestigators(isTold),
    severity: 'low',
    fix: 'Use InvestigationRole, or add an AWS::Events::Rule on AssumeRole with the role in detail.requestParameters.roleArn and a target that alerts somebody.',
    pass: [
      { resources: { ...investigator(), ...told(USE) } },
      { resources: { ...investigator(), ...told({ eventName: ['AssumeRole'] }) } },
      {
        resources: {
          ...investigator(),
          Filter: { Type: FILTER, Properties: { FilterPattern: '{ $.eventName = AssumeRole }', LogGroupName: 'trail' } },
        },
      },
    ],
    fail: [
      { resources: investigator() },
      { resources: { ...investigator(), ...told(USE, { State: 'DISABLED' }) } },
      { resources: { ...investigator(), ...told(USE, { Targets: [] }) } },
      { resources: { ...investigator(), ...told({ eventName: ['AssumeRole'], requestParameters: { roleArn: ['arn:other'] } }) } },
      { resources: { ...investigator(), ...told({ eventName: ['ConsoleLogin'] }) } },
    ],
    unknown: [
      {
        parameters: { P: { Type: 'String' } },
        resources: { ...investigator(), Filter: { Type: FILTER, Properties: { FilterPattern: { Ref: 'P' } } } },
      },
    ],
    skip: [{ resources: investigator({ RoleName: 'operations' }) }],
  }),
  rule({
    on: UNIT,
    check: inBaselines((graph) =>
      graph.ofType(ROLE).some((role) => graph.exists(role) && investigates(role))
        ? pass()
        : fail('the baseline makes no role for investigators'),
    ),
    severity: 'low',
    fix: 'Add InvestigationRole, or a read-only AWS::IAM::Role named for investigation that trusts the security account.',
    pass: [{ resources: { ...baselineWithout(), ...investigator() } }],
    fail: [{ resources: baselineWithout() }, { resources: { ...baselineWithout(), ...investigator({ RoleName: 'operations' }) } }],
    skip: [{ resources: investigator() }],
  }),
];

// ── The graph ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** New accounts come in by themselves, or are invited by name. */
function seesMembers(one: Resource, graph: Graph): Outcome {
  if (graph.pointingAt(one, INVITATION, 'GraphArn').length > 0) return pass();
  return one.at('AutoEnableMembers').isNoneOf(['false']);
}

const behaviour = (Properties: object, rest: object = {}) => ({ Behaviour: { Type: GRAPH, Properties }, ...rest });

export const tooling = [
  rule({
    on: GRAPH,
    check: seesMembers,
    severity: 'low',
    fix: 'Use InvestigationGraph, or set AutoEnableMembers: true in the account that administers Detective for the organisation.',
    pass: [
      { resources: behaviour({ AutoEnableMembers: true }) },
      {
        resources: behaviour(
          { AutoEnableMembers: false },
          {
            Member: {
              Type: INVITATION,
              Properties: { GraphArn: { Ref: 'Behaviour' }, MemberId: '111122223333', MemberEmailAddress: 'a@example.com' },
            },
          },
        ),
      },
    ],
    fail: [{ resources: behaviour({ AutoEnableMembers: false }) }, { resources: behaviour({ AutoEnableMembers: 'false' }) }],
    unknown: [{ parameters: { P: { Type: 'String' } }, resources: behaviour({ AutoEnableMembers: { Ref: 'P' } }) }],
  }),
  rule({
    on: UNIT,
    check: (unit, graph) =>
      graph.ofType(DETECTOR).some((one) => one.unit === unit.unit && graph.exists(one))
        ? inBaselines((all) =>
            all.ofType(GRAPH).some((one) => all.exists(one)) ? pass() : fail('the baseline makes no behaviour graph of Detective'),
          )(unit, graph)
        : notApplicable('makes no GuardDuty detector'),
    severity: 'low',
    fix: 'Add InvestigationGraph, or AWS::Detective::Graph; waive it where a delegated administrator has it.',
    pass: [{ resources: { ...baselineWithout(), ...behaviour({}) } }],
    fail: [{ resources: baselineWithout() }],
    skip: [{ resources: { Detector: { Type: DETECTOR } } }, { resources: baselineWithout(DETECTOR) }],
  }),
];

// ── The questions ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Where a prepared query keeps its text. */
const QUERIES: Readonly<Record<string, string>> = {
  'AWS::Athena::NamedQuery': 'QueryString',
  'AWS::Athena::PreparedStatement': 'QueryStatement',
  'AWS::Logs::QueryDefinition': 'QueryString',
};
const queryOf = (query: Resource): Value => query.at(QUERIES[query.type] as string);

/** Asks records of CloudTrail who touched what. */
const asksForWho = (query: Resource): boolean => {
  const text = queryOf(query).shape ?? '';
  return /\buseridentity\b/i.test(text) && /\b(resources|requestparameters)\b/i.test(text);
};

/** Besides who and what, an answer says when and from where. */
function answers(query: Resource): Outcome {
  const text = queryOf(query);
  return allOf(
    /\bsourceipaddress\b/i.test(text.shape ?? '') ? pass() : fail('does not say from where (sourceIPAddress)', text.path),
    /\beventtime\b|@timestamp/i.test(text.shape ?? '') ? pass() : fail('does not say when (eventTime)', text.path),
  );
}

const WHO = 'SELECT eventtime, useridentity.arn, sourceipaddress, eventname, requestparameters FROM trail WHERE eventname = ?';
const QUERY_TYPES = Object.keys(QUERIES);
const asked = (type: string, text: string) => ({ Query: { Type: type, Properties: { [QUERIES[type] as string]: text } } });
const NAMED = 'AWS::Athena::NamedQuery';

export const questions = [
  rule({
    on: QUERY_TYPES,
    check: (query) => (asksForWho(query) ? answers(query) : notApplicable('does not ask who touched what')),
    severity: 'low',
    fix: 'Use InvestigationQueries, or select userIdentity, eventName, requestParameters, sourceIPAddress and eventTime.',
    pass: [
      ...QUERY_TYPES.map((type) => ({ resources: asked(type, WHO) })),
      {
        resources: asked(
          'AWS::Logs::QueryDefinition',
          'fields @timestamp, userIdentity.arn, sourceIPAddress, requestParameters.bucketName',
        ),
      },
    ],
    fail: QUERY_TYPES.flatMap((type) => [
      { resources: asked(type, WHO.replace('sourceipaddress, ', '')) },
      { resources: asked(type, WHO.replace('eventtime, ', '')) },
    ]),
    skip: [{ resources: asked(NAMED, 'SELECT count(*) FROM orders') }],
  }),
  rule({
    on: UNIT,
    check: inBaselines((graph) =>
      QUERY_TYPES.some((type) => graph.ofType(type).some((query) => graph.exists(query) && asksForWho(query)))
        ? pass()
        : fail('no prepared query here asks the records who touched what'),
    ),
    severity: 'low',
    fix: 'Add InvestigationQueries, or AWS::Athena::NamedQuery over the records of CloudTrail that selects who, what, when and from where.',
    pass: [{ resources: { ...baselineWithout(), ...asked(NAMED, WHO) } }],
    fail: [{ resources: baselineWithout() }, { resources: { ...baselineWithout(), ...asked(NAMED, 'SELECT 1') } }],
    skip: [{ resources: asked(NAMED, WHO) }],
  }),
];
