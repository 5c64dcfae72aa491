/** What holds for a whole organisation: guardrails, opt-outs, regions, recorders. */
import type { ControlId } from '../../../controls';
import { deniesEverywhere, GUARDRAIL, together } from '../../facts/guardrails';
import type { Statement } from '../../facts/iam';
import type { Condition } from '../../facts/iam-conditions';
import { type Graph, UNIT } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, some, unknown, when } from '../../outcome';
import type { Resource, Unit } from '../../resource';
import { type Example, gap, type PerCloud, type RuleContext, rule } from '../../rule';

const ORGANISATION = 'AWS::Organizations::Organization';
const OPT_OUT = 'AISERVICES_OPT_OUT_POLICY';
const BINDING = ['SERVICE_CONTROL_POLICY', 'RESOURCE_CONTROL_POLICY', OPT_OUT];

/** A statement that denies everything, or all but a list, under a condition that excepts what is approved. */
const deniesUnless = (statement: Statement, excepts: (condition: Condition) => boolean): Outcome =>
  every(
    [
      () => statement.denies(),
      () => (statement.value.at('NotAction').state === 'absent' ? statement.coversAction('s3:*') : pass()),
      () =>
        some(
          statement.conditions(),
          (condition) =>
            condition.operator === undefined ? condition.value.asUnknown() : excepts(condition) ? pass() : fail('excepts something else'),
          'has no condition',
        ),
    ],
    (ask) => ask(),
  );

const namesRegions = ({ key, negated, values }: Condition): boolean => key === 'aws:requestedregion' && negated && values.length > 0;
const namesDeployers = ({ key, negated, values }: Condition): boolean => key === 'aws:principalarn' && negated && values.length > 0;

/** Services outside a list are denied, or only listed ones are allowed. */
const listsServices = (statement: Statement): Outcome => {
  const excepted = statement.value.at('NotAction').items();
  const listed = (values: readonly { readonly string: string | undefined }[]) =>
    values.length > 1 && values.every(({ string }) => string !== '*');
  if (listed(excepted) && statement.conditions().length === 0) return statement.denies();
  return listed(statement.actions()) ? statement.allows() : fail('is no list of services');
};

/** Data that AI services keep for themselves is opted out by default, and no service is opted in again. */
function optsOut(policy: Resource): Outcome {
  const services = policy.at('Content').json().at('services');
  if (services.state === 'unknown') return services.asUnknown();
  const assigned = services.entries().map(([name, value]) => [name, value.at('opt_out_policy').at('@@assign')] as const);
  const back = assigned.find(([, value]) => value.is('optIn').verdict === 'pass');
  if (back) return fail(`${back[0]} is opted in`, back[1].path);
  const byDefault = assigned.find(([name]) => name === 'default')?.[1];
  return byDefault ? byDefault.is('optOut') : fail('services.default is not opted out', 'Content');
}

// ── Regions ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Types that keep data. What a region must not hold is these; certificates and edge settings stand where the service wants them. */
const KEEPS_DATA =
  /^AWS::(S3::Bucket|S3Express::DirectoryBucket|DynamoDB::(Table|GlobalTable)|RDS::DB(Instance|Cluster)|DocDB::DBCluster|Neptune::DBCluster|Redshift::Cluster|RedshiftServerless::Namespace|EFS::FileSystem|FSx::FileSystem|OpenSearchService::Domain|Elasticsearch::Domain|ElastiCache::(ReplicationGroup|ServerlessCache)|MemoryDB::Cluster|SQS::Queue|Kinesis::Stream|EC2::Volume|DSQL::Cluster|Timestream::Database)$/;

const unitsWithData = (graph: Graph): ReadonlySet<Unit> =>
  graph.once('units that keep data', () => {
    const units = new Set<Unit>();
    for (const type of graph.types) if (KEEPS_DATA.test(type)) for (const store of graph.ofType(type)) units.add(store.unit);
    return units;
  });

function standsWherePromised(unit: Resource, graph: Graph, { profile }: RuleContext): Outcome {
  const residency = (profile as { readonly residency?: unknown } | null | undefined)?.residency;
  if (!Array.isArray(residency) || residency.length === 0) return notApplicable('the data profile promises no place');
  if (!unitsWithData(graph).has(unit.unit)) return notApplicable('keeps no data');
  const region = unit.at('region').string;
  if (region === undefined) return unknown('the region that it is deployed to', 'region');
  return residency.map(String).includes(region)
    ? pass()
    : fail(`is deployed to ${region}; the data profile promises ${residency.join(', ')}`, 'region');
}

// ── Recorders ────────────────────────────────────────────────────────────────────────────────────────────────────────

function recordsEverything(recorder: Resource): Outcome {
  const group = recorder.at('RecordingGroup');
  const strategy = group.at('RecordingStrategy.UseOnly');
  if (strategy.state !== 'absent') return strategy.isOneOf(['ALL_SUPPORTED_RESOURCE_TYPES', 'EXCLUSION_BY_RESOURCE_TYPES']);
  // Without a list of types Config records all that it supports.
  return group
    .at('AllSupported')
    .orDefault(group.at('ResourceTypes').state === 'absent')
    .isTrue();
}

/** Resources in a region that nobody looks at are in no inventory. */
function seesEveryRegion(aggregator: Resource): Outcome {
  const sources = [aggregator.at('OrganizationAggregationSource'), ...aggregator.at('AccountAggregationSources').items()].filter(
    ({ state }) => state !== 'absent',
  );
  return sources.length === 0 ? fail('names no source') : every(sources, (source) => source.at('AllAwsRegions').isTrue());
}

const AGGREGATOR = 'AWS::Config::ConfigurationAggregator';
const store = (Type: string, Properties: object): Example['resources'] => ({ Store: { Type, Properties } });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const scp = (statement: object, rest: object = {}) =>
  store(GUARDRAIL, {
    Type: 'SERVICE_CONTROL_POLICY',
    Content: { Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', ...statement }] },
    TargetIds: ['r-abcd'],
    ...rest,
  });
const optOut = (services: object) => store(GUARDRAIL, { Type: OPT_OUT, Content: { services } });
const assign = (value: unknown) => ({ opt_out_policy: { '@@assign': value } });
const REGIONS = { StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1'] } };
const DEPLOYERS = { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/cdk-*' } };
const EUROPE = { residency: ['eu-central-1', 'eu-west-1'] };
const BUCKET = { Bucket: { Type: 'AWS::S3::Bucket' } };
const RECORDER = 'AWS::Config::ConfigurationRecorder';
const EVALUATED = ['AWS::Config::OrganizationConformancePack', 'AWS::Config::OrganizationConfigRule'];
const SKIPPED = store(GUARDRAIL, { Type: 'TAG_POLICY', Content: {} });
const CHANGES = ['cloudformation:UpdateStack', 'cloudformation:CreateStack'] as const;

export const GUARDRAILS = {
  'GOV-06': {
    aws: [
      rule({
        on: GUARDRAIL,
        check: (policy) =>
          BINDING.includes(policy.at('Type').string ?? '') ? policy.at('TargetIds').isSet() : notApplicable('is no preventive guardrail'),
        severity: 'medium',
        fix: 'Name the root of the organisation in TargetIds; a policy that is attached to nothing forbids nothing.',
        pass: [{ resources: scp({}) }],
        fail: [
          { resources: scp({}, { TargetIds: [] }) },
          { resources: store(GUARDRAIL, { Type: 'RESOURCE_CONTROL_POLICY', Content: {} }) },
        ],
        skip: [{ resources: SKIPPED }],
      }),
      rule({
        on: ORGANISATION,
        check: (organisation) => organisation.at('FeatureSet').orDefault('ALL').is('ALL'),
        fix: 'Set FeatureSet: ALL; with consolidated billing alone no guardrail can be attached.',
        pass: [{ resources: store(ORGANISATION, { FeatureSet: 'ALL' }) }],
        fail: [{ resources: store(ORGANISATION, { FeatureSet: 'CONSOLIDATED_BILLING' }) }],
      }),
    ],
  },

  'GOV-07': {
    aws: rule({
      on: EVALUATED,
      check: (pack) =>
        pack.at('ExcludedAccounts').isSet().verdict === 'fail'
          ? pass()
          : fail(`${pack.at('ExcludedAccounts').describe()}: these are not evaluated`, 'ExcludedAccounts'),
      fix: 'Remove ExcludedAccounts, so that every account is evaluated.',
      pass: EVALUATED.map((type) => ({ resources: store(type, { ExcludedAccounts: [] }) })),
      fail: EVALUATED.map((type) => ({ resources: store(type, { ExcludedAccounts: ['111122223333'] }) })),
    }),
  },

  'DHC-02': {
    aws: gap(
      'What a class demands are the rules that start at its tier (ENC-02, LOG-06, BCR-06 and others); each is judged on each store.',
    ),
  },

  'EXP-11': {
    aws: rule({
      on: GUARDRAIL,
      check: (policy, graph) =>
        together(policy, graph, 'SERVICE_CONTROL_POLICY', (statements) => deniesEverywhere(statements, 'snowball:CreateJob')),
      severity: 'low',
      fix: 'Deny snowball:* on every resource in a service control policy.',
      pass: [{ resources: scp({ Action: ['snowball:*', 'importexport:*'] }) }],
      fail: [
        { resources: scp({ Action: 's3:DeleteBucket' }) },
        { resources: scp({ Effect: 'Allow' }) },
        { resources: scp({ Resource: 'arn:aws:s3:::x' }) },
      ],
      skip: [{ resources: SKIPPED }],
    }),
  },

  'PRV-09': {
    aws: [
      rule({
        on: GUARDRAIL,
        check: (policy) => when(policy.at('Type').is(OPT_OUT), () => optsOut(policy)),
        fix: 'Write Content with services.default.opt_out_policy.@@assign: optOut, and opt no service in again.',
        pass: [{ resources: optOut({ default: assign('optOut') }) }],
        fail: [
          { resources: optOut({ default: assign('optIn') }) },
          { resources: optOut({ default: assign('optOut'), rekognition: assign('optIn') }) },
          { resources: optOut({ rekognition: assign('optOut') }) },
        ],
        unknown: [{ ...PARAMETER, resources: store(GUARDRAIL, { Type: OPT_OUT, Content: { Ref: 'P' } }) }],
        skip: [{ resources: SKIPPED }],
      }),
      rule({
        on: ORGANISATION,
        severity: 'low',
        check: (_organisation, graph) =>
          some(
            graph.ofType(GUARDRAIL),
            (policy) => policy.at('Type').is(OPT_OUT),
            'no policy of type AISERVICES_OPT_OUT_POLICY is among what was read',
          ),
        fix: 'Add an AWS::Organizations::Policy of type AISERVICES_OPT_OUT_POLICY for the root.',
        pass: [{ resources: { ...store(ORGANISATION, {}), Policy: { Type: GUARDRAIL, Properties: { Type: OPT_OUT, Content: {} } } } }],
        fail: [
          { resources: store(ORGANISATION, {}) },
          { resources: { ...store(ORGANISATION, {}), Policy: { Type: GUARDRAIL, Properties: { Type: 'TAG_POLICY' } } } },
        ],
      }),
    ],
  },

  'SDC-01': {
    aws: rule({
      on: GUARDRAIL,
      check: (policy, graph) =>
        together(policy, graph, 'SERVICE_CONTROL_POLICY', (statements) =>
          every(CHANGES, (change) =>
            some(
              statements,
              (statement) =>
                every(
                  [
                    () => statement.denies(),
                    () => statement.coversAction(change),
                    () =>
                      some(
                        statement.conditions(),
                        (condition) =>
                          condition.operator === undefined
                            ? condition.value.asUnknown()
                            : namesDeployers(condition)
                              ? pass()
                              : fail('excepts nobody'),
                        'excepts nobody',
                      ),
                  ],
                  (ask) => ask(),
                ),
              `no guardrail here denies ${change} to everyone but the deployment roles (ArnNotLike aws:PrincipalArn)`,
            ),
          ),
        ),
      severity: 'low',
      fix: 'Deny cloudformation:* in a service control policy unless ArnNotLike aws:PrincipalArn names the deployment roles.',
      pass: [{ resources: scp({ Action: 'cloudformation:*', Condition: DEPLOYERS }) }],
      fail: [
        { resources: scp({ Action: 'cloudformation:*' }) },
        { resources: scp({ Action: 'cloudformation:DeleteStack', Condition: DEPLOYERS }) },
        { resources: scp({ Effect: 'Allow', Condition: DEPLOYERS }) },
      ],
      unknown: [{ ...PARAMETER, resources: scp({ Condition: { Ref: 'P' } }) }],
      skip: [{ resources: SKIPPED }],
    }),
  },

  'LOC-01': {
    aws: [
      rule({
        on: UNIT,
        check: standsWherePromised,
        fix: 'Deploy to a region that the data profile promises (residency), or have the promise changed by the owner of the data.',
        pass: [{ unit: { region: 'eu-west-1', profile: EUROPE }, resources: BUCKET }],
        fail: [{ unit: { region: 'us-east-1', profile: EUROPE }, resources: BUCKET }],
        unknown: [{ unit: { profile: EUROPE }, resources: BUCKET }],
        skip: [
          { unit: { region: 'us-east-1' }, resources: BUCKET },
          {
            name: 'keeps no data',
            unit: { region: 'us-east-1', profile: EUROPE },
            resources: { Certificate: { Type: 'AWS::CertificateManager::Certificate' } },
          },
        ],
      }),
      rule({
        on: GUARDRAIL,
        severity: 'low',
        check: (policy, graph) =>
          together(policy, graph, 'SERVICE_CONTROL_POLICY', (statements) =>
            some(
              statements,
              (statement) => deniesUnless(statement, namesRegions),
              'no guardrail here denies regions that are not approved (StringNotEquals aws:RequestedRegion)',
            ),
          ),
        fix: 'Deny everything but global services in a service control policy if StringNotEquals aws:RequestedRegion lists the approved regions.',
        pass: [
          { resources: scp({ Condition: REGIONS }) },
          { resources: scp({ Action: undefined, NotAction: ['iam:*', 'sts:*'], Condition: REGIONS }) },
        ],
        fail: [
          { resources: scp({ Condition: { StringEquals: REGIONS.StringNotEquals } }) },
          { resources: scp({ Action: 'ec2:*', Condition: REGIONS }) },
          { resources: scp({ Effect: 'Allow', Condition: REGIONS }) },
          { resources: scp({}) },
        ],
        unknown: [{ ...PARAMETER, resources: scp({ Condition: { Ref: 'P' } }) }],
        skip: [{ resources: SKIPPED }],
      }),
    ],
  },

  'LOC-07': {
    aws: [
      rule({
        on: RECORDER,
        check: recordsEverything,
        fix: 'Set RecordingGroup.AllSupported: true and IncludeGlobalResourceTypes: true, so that the inventory is whole.',
        pass: [
          { resources: store(RECORDER, { RecordingGroup: { AllSupported: true } }) },
          { resources: store(RECORDER, { RecordingGroup: { RecordingStrategy: { UseOnly: 'EXCLUSION_BY_RESOURCE_TYPES' } } }) },
          { resources: store(RECORDER, {}) },
        ],
        fail: [
          { resources: store(RECORDER, { RecordingGroup: { AllSupported: false } }) },
          { resources: store(RECORDER, { RecordingGroup: { ResourceTypes: ['AWS::S3::Bucket'] } }) },
          { resources: store(RECORDER, { RecordingGroup: { RecordingStrategy: { UseOnly: 'INCLUSION_BY_RESOURCE_TYPES' } } }) },
        ],
        unknown: [{ ...PARAMETER, resources: store(RECORDER, { RecordingGroup: { AllSupported: { Ref: 'P' } } }) }],
      }),
      rule({
        on: AGGREGATOR,
        check: seesEveryRegion,
        fix: 'Set AllAwsRegions: true in OrganizationAggregationSource, or in each of AccountAggregationSources.',
        pass: [
          { resources: store(AGGREGATOR, { OrganizationAggregationSource: { AllAwsRegions: true } }) },
          { resources: store(AGGREGATOR, { AccountAggregationSources: [{ AllAwsRegions: true }] }) },
        ],
        fail: [
          { resources: store(AGGREGATOR, {}) },
          { resources: store(AGGREGATOR, { OrganizationAggregationSource: { AllAwsRegions: false } }) },
          { resources: store(AGGREGATOR, { AccountAggregationSources: [{ AllAwsRegions: true }, { AwsRegions: ['eu-central-1'] }] }) },
        ],
        unknown: [{ ...PARAMETER, resources: store(AGGREGATOR, { OrganizationAggregationSource: { AllAwsRegions: { Ref: 'P' } } }) }],
      }),
    ],
  },

  'LOC-08': {
    aws: rule({
      on: GUARDRAIL,
      check: (policy, graph) =>
        together(policy, graph, 'SERVICE_CONTROL_POLICY', (statements) =>
          some(statements, listsServices, 'no guardrail here lists the approved services'),
        ),
      severity: 'low',
      fix: 'Deny everything but the services of a list (NotAction) in a service control policy.',
      pass: [
        { resources: scp({ Action: undefined, NotAction: ['s3:*', 'dynamodb:*'] }) },
        { resources: scp({ Effect: 'Allow', Action: ['s3:*', 'dynamodb:*'] }) },
      ],
      fail: [
        { resources: scp({ Effect: 'Allow', Action: ['*', 's3:*'] }) },
        { resources: scp({ Action: undefined, NotAction: ['s3:*', 'iam:*'], Condition: REGIONS }) },
      ],
      skip: [{ resources: SKIPPED }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
