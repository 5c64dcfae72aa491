/** Web ACLs: what they block, how many requests they take from one client, and what they record. */
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { allOf, every, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import type { Value } from '../../value';

const ACL = 'AWS::WAFv2::WebACL';
const CLASSIC_ACLS = ['AWS::WAF::WebACL', 'AWS::WAFRegional::WebACL'] as const;
const LOGGING = 'AWS::WAFv2::LoggingConfiguration';
const SECURE = 'Use SecureWebAcl, or ';

const rulesOf = (acl: Resource): readonly Value[] => acl.at('Rules').items();
const managed = (one: Value): Value => one.at('Statement.ManagedRuleGroupStatement');

/** Whether what a group of rules decides is carried out, and not merely counted. */
const inForce = (one: Value): Outcome =>
  one.at('OverrideAction.Count').state === 'absent' ? pass() : fail(`${one.path} only counts what it finds`, one.path);

const isGroup = (one: Value): boolean =>
  managed(one).state !== 'absent' || one.at('Statement.RuleGroupReferenceStatement').state !== 'absent';

/** Blocks what managed rules recognise; or lets through nothing that is not listed. */
function blocks(acl: Resource): Outcome {
  const rules = acl.at('Rules');
  if (rules.state === 'unknown') return rules.asUnknown();
  const groups = rulesOf(acl).filter(isGroup);
  const listed = acl.at('DefaultAction.Block').state !== 'absent' && rulesOf(acl).length > 0;
  if (listed) return pass();
  if (groups.length === 0) {
    const open = rulesOf(acl).find(({ state }) => state === 'unknown');
    return open ? open.asUnknown() : fail('no rule group recognises attacks, and what no rule speaks of is allowed', 'Rules');
  }
  return some(groups, inForce, 'every rule group only counts');
}

/** Sets of AWS that recognise requests with a known exploit in them, Log4j's among them. */
const BAD_INPUTS = 'AWSManagedRulesKnownBadInputsRuleSet';

function refusesKnownExploits(acl: Resource): Outcome {
  const rules = acl.at('Rules');
  if (rules.state === 'unknown') return rules.asUnknown();
  if (blocks(acl).verdict === 'fail') return notApplicable('blocks nothing at all, which is judged already');
  const groups = rulesOf(acl).filter(isGroup);
  if (groups.length === 0) return notApplicable('lets through only what is listed');
  // Groups of others, and groups of one's own, cannot be looked into.
  const foreign = groups.some((one) => managed(one).at('VendorName').orDefault('').is('AWS').verdict !== 'pass');
  if (foreign) return notApplicable('has rule groups that AWS did not write');
  return some(
    groups,
    (one) => allOf(managed(one).at('Name').is(BAD_INPUTS), inForce(one), exploitsAreBlocked(managed(one))),
    `${BAD_INPUTS} is not in force`,
  );
}

/** The rules against Log4j and deserialisation are not turned down to counting. */
const exploitsAreBlocked = (group: Value): Outcome =>
  every([...group.at('RuleActionOverrides').items(), ...group.at('ExcludedRules').items()], (override) => {
    const excluded = override.path.includes('ExcludedRules');
    const counted = excluded || override.at('ActionToUse.Count').state !== 'absent' || override.at('ActionToUse.Allow').state !== 'absent';
    const name = override.at('Name').string ?? '';
    return counted && /^(Log4JRCE|JavaDeserializationRCE)/.test(name)
      ? fail(`${override.path} only counts ${name}`, override.path)
      : pass();
  });

const limitsClients = (acl: Resource): Outcome => {
  const rules = acl.at('Rules');
  if (rules.state === 'unknown') return rules.asUnknown();
  return some(
    rulesOf(acl),
    (one) => {
      if (one.state === 'unknown') return one.asUnknown();
      if (one.at('Statement.RateBasedStatement.Limit').isSet().verdict === 'fail') return fail('no rule limits the requests of one client');
      return one.at('Action.Count').state === 'absent' ? pass() : fail(`${one.path} only counts those who ask too often`, one.path);
    },
    'no rule limits the requests of one client',
  );
};

const isRecorded = (acl: Resource, graph: Graph): Outcome =>
  graph.pointingAt(acl, LOGGING, 'ResourceArn').length > 0 ? pass() : fail('nothing records what it let through and what it blocked');

const measures = (acl: Resource): Outcome =>
  every([acl.at('VisibilityConfig'), ...rulesOf(acl).map((one) => one.at('VisibilityConfig'))], (visible) =>
    visible.state === 'absent'
      ? pass()
      : allOf(
          visible.at('CloudWatchMetricsEnabled').orDefault(true).isTrue(),
          visible.at('SampledRequestsEnabled').orDefault(true).isTrue(),
        ),
  );

/** What carries a session from one request to the next. */
const CREDENTIALS = ['authorization', 'cookie'] as const;

/** Records hide the credentials of requests: by the record's own list, or by the data protection of the web ACL. */
function hidesCredentials(logging: Resource, graph: Graph): Outcome {
  const redacted = logging.at('RedactedFields').items();
  const acl = graph.target(logging.at('ResourceArn'), ACL);
  const shielded = acl?.at('DataProtectionConfig.DataProtections').items() ?? [];
  return every(CREDENTIALS, (name) => {
    const byRecord = redacted.some((field) => field.at('SingleHeader.Name').string?.toLowerCase() === name);
    if (byRecord || shielded.some((entry) => shields(entry, name))) return pass();
    const open = redacted.find((field) => field.state === 'unknown' || field.at('SingleHeader.Name').state === 'unknown');
    return open ? open.asUnknown() : fail(`the header ${name} is recorded as it comes`, 'RedactedFields');
  });
}

function shields(entry: Value, name: string): boolean {
  const type = entry.at('Field.FieldType').string;
  const keys = entry
    .at('Field.FieldKeys')
    .items()
    .map(({ string }) => string?.toLowerCase());
  if (name === 'cookie' && type === 'SINGLE_COOKIE' && keys.length === 0) return true;
  return type === 'SINGLE_HEADER' && (keys.length === 0 || keys.includes(name));
}

/** The first generation knows no managed rules: it protects only by a list of what may pass. */
const allowsListedOnly = (acl: Resource): Outcome =>
  allOf(acl.at('DefaultAction.Type').is('BLOCK'), acl.at('Rules').isSet().verdict === 'fail' ? fail('Rules is empty', 'Rules') : pass());

const seen = { VisibilityConfig: { CloudWatchMetricsEnabled: true, SampledRequestsEnabled: true, MetricName: 'm' } };
const group = (Name: string, more: object = {}, one: object = { OverrideAction: { None: {} } }) => ({
  Name,
  Priority: 1,
  Statement: { ManagedRuleGroupStatement: { VendorName: 'AWS', Name, ...more } },
  ...one,
  ...seen,
});
const COMMON = group('AWSManagedRulesCommonRuleSet');
const limit = (Action: object) => ({
  Name: 'limit',
  Priority: 0,
  Action,
  Statement: { RateBasedStatement: { Limit: 2000, AggregateKeyType: 'IP' } },
  ...seen,
});
const acl = (Rules: unknown, properties: object = {}) => ({
  Acl: { Type: ACL, Properties: { Scope: 'REGIONAL', DefaultAction: { Allow: {} }, Rules, ...seen, ...properties } },
});
const IP_LIST = {
  Name: 'ours',
  Priority: 1,
  Action: { Allow: {} },
  Statement: { IPSetReferenceStatement: { Arn: 'arn:aws:wafv2:::ipset' } },
  ...seen,
};
const log = (RedactedFields?: unknown) => ({
  Log: {
    Type: LOGGING,
    Properties: {
      ResourceArn: { 'Fn::GetAtt': ['Acl', 'Arn'] },
      LogDestinationConfigs: ['arn:aws:logs:eu-west-1:111122223333:log-group:aws-waf-logs-x'],
      ...(RedactedFields ? { RedactedFields } : {}),
    },
  },
});
const header = (Name: unknown) => ({ SingleHeader: { Name } });
const first = (
  Type: string,
  DefaultAction: string,
  Rules: readonly object[] = [{ Priority: 1, RuleId: 'r', Action: { Type: 'ALLOW' } }],
) => ({
  resources: { Acl: { Type, Properties: { Name: 'a', MetricName: 'a', DefaultAction: { Type: DefaultAction }, Rules } } },
});
const byParameter = { parameters: { Value: { Type: 'String' } } };
const elsewhere = { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://templates/rules.yaml' } } };

export const firewall = {
  'DID-07': {
    aws: [
      rule({
        on: ACL,
        check: blocks,
        fix: `${SECURE}add managed rule groups (AWSManagedRulesCommonRuleSet, ${BAD_INPUTS}) with OverrideAction None.`,
        pass: [
          { resources: acl([COMMON]) },
          { name: 'only what is listed passes', resources: acl([IP_LIST], { DefaultAction: { Block: {} } }) },
          {
            name: "a group of one's own",
            resources: acl([{ ...COMMON, Statement: { RuleGroupReferenceStatement: { Arn: 'arn:aws:wafv2:::rulegroup' } } }]),
          },
        ],
        fail: [
          { resources: acl([]) },
          { name: 'counts only', resources: acl([group('AWSManagedRulesCommonRuleSet', {}, { OverrideAction: { Count: {} } })]) },
          { name: 'a list of addresses only', resources: acl([IP_LIST]) },
          { name: 'everything is refused, and nothing let through', resources: acl([], { DefaultAction: { Block: {} } }) },
        ],
        unknown: [{ resources: acl(elsewhere) }],
      }),
      rule({
        on: ACL,
        severity: 'low',
        check: refusesKnownExploits,
        fix: `${SECURE}add the managed rule group ${BAD_INPUTS} with OverrideAction None, and let its rules block.`,
        pass: [{ resources: acl([COMMON, group(BAD_INPUTS)]) }],
        fail: [
          { resources: acl([COMMON]) },
          { name: 'counts only', resources: acl([COMMON, group(BAD_INPUTS, {}, { OverrideAction: { Count: {} } })]) },
          {
            name: 'Log4j only counted',
            resources: acl([group(BAD_INPUTS, { RuleActionOverrides: [{ Name: 'Log4JRCE_HEADER', ActionToUse: { Count: {} } }] })]),
          },
          { name: 'Log4j let through', resources: acl([group(BAD_INPUTS, { ExcludedRules: [{ Name: 'Log4JRCE' }] })]) },
        ],
        skip: [
          { resources: acl([]) },
          { name: 'rules of another vendor', resources: acl([group('Exploits', { VendorName: 'Fortinet' })]) },
        ],
      }),
      rule({
        on: CLASSIC_ACLS,
        check: allowsListedOnly,
        fix: 'Move to SecureWebAcl (AWS WAF of the second generation) with managed rule groups; the first is no longer supported.',
        pass: [first(CLASSIC_ACLS[0], 'BLOCK'), first(CLASSIC_ACLS[1], 'BLOCK')],
        fail: [first(CLASSIC_ACLS[0], 'ALLOW'), first(CLASSIC_ACLS[1], 'ALLOW', []), first(CLASSIC_ACLS[1], 'BLOCK', [])],
      }),
    ],
  },

  'DID-08': {
    aws: rule({
      on: ACL,
      severity: 'low',
      check: limitsClients,
      fix: `${SECURE}add a rule with RateBasedStatement and Action Block.`,
      pass: [{ resources: acl([limit({ Block: {} })]) }],
      fail: [{ resources: acl([COMMON]) }, { resources: acl([limit({ Count: {} })]) }],
      unknown: [{ resources: acl(elsewhere) }],
    }),
  },

  'LOG-13': {
    aws: [
      rule({
        on: ACL,
        check: isRecorded,
        fix: `${SECURE}add AWS::WAFv2::LoggingConfiguration with the ARN of the web ACL and a log group whose name starts with aws-waf-logs-.`,
        pass: [{ resources: { ...acl([COMMON]), ...log() } }],
        fail: [{ resources: acl([COMMON]) }],
      }),
      rule({
        on: ACL,
        severity: 'low',
        check: measures,
        fix: `${SECURE}set CloudWatchMetricsEnabled and SampledRequestsEnabled to true in every VisibilityConfig.`,
        pass: [{ resources: acl([COMMON]) }],
        fail: [
          { resources: acl([COMMON], { VisibilityConfig: { ...seen.VisibilityConfig, CloudWatchMetricsEnabled: false } }) },
          { resources: acl([{ ...COMMON, VisibilityConfig: { ...seen.VisibilityConfig, SampledRequestsEnabled: 'false' } }]) },
        ],
      }),
    ],
  },

  'PRV-07': {
    aws: rule({
      on: LOGGING,
      severity: 'medium',
      from: 'moderate',
      check: hidesCredentials,
      fix: `${SECURE}list the headers authorization and cookie as SingleHeader in RedactedFields.`,
      pass: [
        { resources: log([header('authorization'), header('Cookie')]) },
        {
          name: 'hidden by the web ACL',
          resources: {
            ...log([header('authorization')]),
            ...acl([], { DataProtectionConfig: { DataProtections: [{ Action: 'SUBSTITUTION', Field: { FieldType: 'SINGLE_COOKIE' } }] } }),
          },
        },
        {
          name: 'headers hidden by the web ACL',
          resources: {
            ...log(),
            ...acl([], {
              DataProtectionConfig: {
                DataProtections: [{ Action: 'HASH', Field: { FieldType: 'SINGLE_HEADER', FieldKeys: ['cookie', 'authorization'] } }],
              },
            }),
          },
        },
      ],
      fail: [
        { resources: log() },
        { resources: log([header('authorization')]) },
        { resources: log([header('cookie'), { QueryString: {} }]) },
      ],
      unknown: [{ ...byParameter, resources: log([header({ Ref: 'Value' }), header('cookie')]) }],
    }),
  },
} as const satisfies Specs;
