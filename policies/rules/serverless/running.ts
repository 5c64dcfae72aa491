/** How a function runs: in which network, how often at once, and what it leaves behind that can be read later. */
import type { ControlId } from '../../../controls';
import { FUNCTION, FUNCTIONS, roleOf, runsAtEdge, SAM_FUNCTION, servesDeployment, written } from '../../facts/functions';
import { statementsOf } from '../../facts/iam';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleContext, rule } from '../../rule';

const PERMISSION = 'AWS::Lambda::Permission';
const GROUP = 'AWS::Logs::LogGroup';
const POLICY = 'AWS::IAM::Policy';
const MANAGED_POLICY = 'AWS::IAM::ManagedPolicy';

/** Rules that ask nothing of functions which only serve deployment, or which CloudFront runs. */
const ofWorkloads =
  (check: (fn: Resource, graph: Graph, context: RuleContext) => Outcome) =>
  (fn: Resource, graph: Graph, context: RuleContext): Outcome => {
    if (servesDeployment(fn, graph)) return notApplicable('only CloudFormation calls it, while it deploys');
    return runsAtEdge(fn, graph) ? notApplicable('CloudFront runs it') : check(fn, graph, context);
  };

const inNetwork = (fn: Resource): Outcome => fn.at('VpcConfig.SubnetIds').isSet();

// ── Records ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Rights without which Lambda can write no line. */
const WRITES_LOGS = ['logs:CreateLogStream', 'logs:PutLogEvents'];
/** AWS's own policies that hold them. */
const LOGGING_POLICIES =
  /AWSLambda\w*ExecutionRole|AWSLambdaExecute|AWSLambda_FullAccess|CloudWatchLogsFullAccess|AdministratorAccess|PowerUserAccess|CloudWatchLambdaInsights/;

function mayLog(fn: Resource, graph: Graph): Outcome {
  const role = roleOf(fn, graph);
  if (!role) return notApplicable('its role is declared elsewhere');
  const managed = role.at('ManagedPolicyArns').items();
  const named = some(managed, (arn) => (graph.target(arn, MANAGED_POLICY) ? arn.asFailure() : arn.matches(LOGGING_POLICIES)), 'none');
  if (named.verdict !== 'fail') return named;
  const own = managed.flatMap((arn) => graph.target(arn, MANAGED_POLICY) ?? []);
  const documents = [
    ...role
      .at('Policies')
      .items()
      .map((policy) => policy.at('PolicyDocument')),
    ...[...own, ...graph.pointingAt(role, POLICY, 'Roles'), ...graph.pointingAt(role, MANAGED_POLICY, 'Roles')].map((policy) =>
      policy.at('PolicyDocument'),
    ),
  ];
  const statements = documents.flatMap((document) => statementsOf(document));
  const missing = WRITES_LOGS.map((action) => ({
    action,
    granted: some(
      statements,
      (statement) => (statement.allows().verdict === 'fail' ? statement.allows() : statement.coversAction(action)),
      'not granted',
    ),
  })).find(({ granted }) => granted.verdict !== 'pass');
  if (!missing) return pass();
  return missing.granted.verdict === 'unknown' ? missing.granted : fail(`its role ${role.logicalId} may not ${missing.action}`, 'Role');
}

/** Log groups by the function, or its name, that they are called after. */
function groupsOfFunctions(graph: Graph): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  for (const group of graph.ofType(GROUP, 'Custom::LogRetention')) {
    const name = group.at('LogGroupName');
    const [, of] = /^\/aws\/lambda\/(.+)$/.exec(name.shape ?? '') ?? [];
    for (const key of of === undefined ? [] : [of, ...name.targets]) found.set(key, [...(found.get(key) ?? []), group]);
  }
  return found;
}

/** A log group that somebody declared; otherwise Lambda makes one that keeps its records for ever. */
function hasOwnGroup(fn: Resource, graph: Graph): Outcome {
  if (fn.type === FUNCTION && fn.at('LoggingConfig.LogGroup').isSet().verdict === 'pass') return pass();
  const groups = graph.once(groupsOfFunctions, () => groupsOfFunctions(graph));
  const named = fn.names.length > 0 ? fn.at('FunctionName').shape : undefined;
  const own = [...(groups.get(fn.id) ?? []), ...((named !== undefined && groups.get(named)) || [])];
  return own.some((group) => graph.exists(group))
    ? pass()
    : fail('no log group is declared for it: Lambda makes one that keeps its records for ever');
}

// ── What calls and does not wait ───────────────────────────────────────────────────────────────────────────────────

const ASYNCHRONOUS = /^(s3|sns|events|ses|logs|config|codecommit|iot|iotevents|cloudformation|scheduler)\.amazonaws\.com$/;

function keepsFailedEvents(fn: Resource, graph: Graph): Outcome {
  const callers = graph.pointingAt(fn, PERMISSION, 'FunctionName').filter((one) => ASYNCHRONOUS.test(one.at('Principal').string ?? ''));
  if (callers.length === 0) return notApplicable('nothing here calls it without waiting for the answer');
  if (written(fn, 'deadLetters').isSet().verdict === 'pass') return pass();
  const kept = graph
    .pointingAt(fn, 'AWS::Lambda::EventInvokeConfig', 'FunctionName')
    .some((config) => config.at('DestinationConfig.OnFailure.Destination').isSet().verdict === 'pass');
  return kept
    ? pass()
    : fail('an event that it fails to handle is dropped without a record', fn.type === FUNCTION ? 'DeadLetterConfig' : undefined);
}

const fn = (properties: object, rest: object = {}, Type: string = FUNCTION) => ({ Fn: { Type, Properties: properties }, ...rest });
const role = (properties: object, service = 'lambda.amazonaws.com') => ({
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: { Statement: [{ Effect: 'Allow', Principal: { Service: [service] }, Action: 'sts:AssumeRole' }] },
      ...properties,
    },
  },
});
const OF_ROLE = { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } };
const logging = (Action: readonly string[], Effect = 'Allow') => ({ Statement: [{ Effect, Action, Resource: '*' }] });
const AT_EDGE = { resources: fn(OF_ROLE, role({}, 'edgelambda.amazonaws.com')) };
const HELPER = {
  name: 'the handler of a custom resource, and what its framework calls',
  resources: {
    Handler: { Type: FUNCTION, Properties: {} },
    Framework: {
      Type: FUNCTION,
      Properties: { Environment: { Variables: { USER_ON_EVENT_FUNCTION_ARN: { 'Fn::GetAtt': ['Handler', 'Arn'] } } } },
    },
    Waiting: {
      Type: FUNCTION,
      Properties: { Environment: { Variables: { USER_IS_COMPLETE_FUNCTION_ARN: { 'Fn::GetAtt': ['Handler', 'Arn'] } } } },
    },
    Custom: { Type: 'AWS::CloudFormation::CustomResource', Properties: { ServiceToken: { 'Fn::GetAtt': ['Framework', 'Arn'] } } },
  },
};
const NETWORK = { VpcConfig: { SubnetIds: ['subnet-1'], SecurityGroupIds: ['sg-1'] } };
const called = (properties: object, rest: object = {}, Principal = 'sns.amazonaws.com') => ({
  resources: fn(properties, {
    Permission: { Type: PERMISSION, Properties: { FunctionName: { Ref: 'Fn' }, Principal, Action: 'lambda:InvokeFunction' } },
    ...rest,
  }),
});
const QUEUE = 'arn:aws:sqs:eu-west-1:111122223333:failed';

export const running = {
  'DID-22': {
    aws: [
      rule({
        on: FUNCTIONS,
        from: 'high',
        check: ofWorkloads(inNetwork),
        fix: 'Use SecureFunction with vpc, or set VpcConfig.SubnetIds and SecurityGroupIds.',
        pass: [{ resources: fn(NETWORK) }, { resources: fn(NETWORK, {}, SAM_FUNCTION) }],
        fail: [{ resources: fn({}) }, { resources: fn({ VpcConfig: { SubnetIds: [] } }) }, { resources: fn({}, {}, SAM_FUNCTION) }],
        skip: [HELPER, AT_EDGE],
      }),
      rule({
        // Below the high tier a function may reach AWS services by their public, signed interfaces: advice.
        on: FUNCTIONS,
        severity: 'low',
        check: ofWorkloads((one, _graph, { tier }) => (tier === 'high' ? notApplicable('judged in full at this tier') : inNetwork(one))),
        fix: 'Set VpcConfig.SubnetIds and SecurityGroupIds where the function handles customer data.',
        pass: [{ tier: 'moderate', resources: fn(NETWORK) }],
        fail: [{ tier: 'moderate', resources: fn({}) }],
        skip: [{ resources: fn({}) }],
      }),
    ],
  },

  'DID-08': {
    aws: [
      rule({
        on: FUNCTIONS,
        severity: 'low',
        check: ofWorkloads((one) => one.at('ReservedConcurrentExecutions').isSet()),
        fix: 'Set ReservedConcurrentExecutions, so that a flood of calls neither starves other functions nor floods the store behind; SecureFunction does so.',
        pass: [{ resources: fn({ ReservedConcurrentExecutions: 10 }) }],
        fail: [{ resources: fn({}) }],
        skip: [HELPER, AT_EDGE],
      }),
      rule({
        on: FUNCTION,
        check: (one) =>
          one.at('RecursiveLoop').state === 'absent' ? notApplicable('loops are stopped') : one.at('RecursiveLoop').is('Terminate'),
        fix: "Leave out RecursiveLoop, or set it to 'Terminate'.",
        pass: [{ resources: fn({ RecursiveLoop: 'Terminate' }) }],
        fail: [{ resources: fn({ RecursiveLoop: 'Allow' }) }],
        skip: [{ resources: fn({}) }],
      }),
    ],
  },

  'LOG-19': {
    aws: [
      rule({
        on: FUNCTIONS,
        check: ofWorkloads((one) => written(one, 'tracing').orDefault('PassThrough').is('Active')),
        fix: "Use SecureFunction, or set TracingConfig.Mode (Tracing in SAM) to 'Active'.",
        pass: [{ resources: fn({ TracingConfig: { Mode: 'Active' } }) }, { resources: fn({ Tracing: 'Active' }, {}, SAM_FUNCTION) }],
        fail: [{ resources: fn({}) }, { resources: fn({ TracingConfig: { Mode: 'PassThrough' } }) }],
        unknown: [{ parameters: { Mode: { Type: 'String' } }, resources: fn({ TracingConfig: { Mode: { Ref: 'Mode' } } }) }],
        skip: [HELPER, AT_EDGE],
      }),
      rule({
        on: FUNCTION,
        severity: 'medium',
        check: ofWorkloads(mayLog),
        fix: 'Let the role create log streams and put events (AWSLambdaBasicExecutionRole, or logs:CreateLogStream and logs:PutLogEvents on the log group).',
        pass: [
          { resources: fn(OF_ROLE, role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'] })) },
          { resources: fn(OF_ROLE, role({ Policies: [{ PolicyName: 'logs', PolicyDocument: logging(['logs:*']) }] })) },
          {
            resources: fn(OF_ROLE, {
              ...role({}),
              Policy: {
                Type: POLICY,
                Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: logging(['logs:CreateLogStream', 'logs:PutLogEvents']) },
              },
            }),
          },
          {
            resources: fn(OF_ROLE, {
              ...role({ ManagedPolicyArns: [{ Ref: 'Own' }] }),
              Own: { Type: MANAGED_POLICY, Properties: { PolicyDocument: logging(['*']) } },
            }),
          },
        ],
        fail: [
          { resources: fn(OF_ROLE, role({})) },
          { resources: fn(OF_ROLE, role({ Policies: [{ PolicyName: 'logs', PolicyDocument: logging(['logs:PutLogEvents']) }] })) },
          { resources: fn(OF_ROLE, role({ Policies: [{ PolicyName: 'logs', PolicyDocument: logging(['logs:*'], 'Deny') }] })) },
          { resources: fn(OF_ROLE, role({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AmazonDynamoDBReadOnlyAccess'] })) },
        ],
        unknown: [{ parameters: { Arn: { Type: 'String' } }, resources: fn(OF_ROLE, role({ ManagedPolicyArns: [{ Ref: 'Arn' }] })) }],
        skip: [{ parameters: { Arn: { Type: 'String' } }, resources: fn({ Role: { Ref: 'Arn' } }) }, HELPER],
      }),
      rule({
        on: FUNCTIONS,
        check: ofWorkloads(keepsFailedEvents),
        fix: 'Set DeadLetterConfig.TargetArn (deadLetterQueue), or a destination for failures (AWS::Lambda::EventInvokeConfig).',
        pass: [
          called({ DeadLetterConfig: { TargetArn: QUEUE } }),
          called(
            {},
            {
              Config: {
                Type: 'AWS::Lambda::EventInvokeConfig',
                Properties: { FunctionName: { Ref: 'Fn' }, Qualifier: '$LATEST', DestinationConfig: { OnFailure: { Destination: QUEUE } } },
              },
            },
          ),
        ],
        fail: [called({})],
        skip: [called({}, {}, 'apigateway.amazonaws.com'), { resources: fn({}) }],
      }),
    ],
  },

  'DHC-06': {
    aws: rule({
      on: FUNCTIONS,
      severity: 'low',
      from: 'moderate',
      check: ofWorkloads(hasOwnGroup),
      fix: 'Use SecureFunction, or declare a log group with retention and name it in LoggingConfig.LogGroup (logGroup).',
      pass: [
        {
          resources: fn({ LoggingConfig: { LogGroup: { Ref: 'Group' } } }, { Group: { Type: GROUP, Properties: { RetentionInDays: 90 } } }),
        },
        { resources: fn({}, { Group: { Type: GROUP, Properties: { LogGroupName: { 'Fn::Sub': '/aws/lambda/${Fn}' } } } }) },
        { resources: fn({ FunctionName: 'cases' }, { Group: { Type: GROUP, Properties: { LogGroupName: '/aws/lambda/cases' } } }) },
        {
          resources: fn(
            {},
            {
              Retention: {
                Type: 'Custom::LogRetention',
                Properties: { LogGroupName: { 'Fn::Join': ['', ['/aws/lambda/', { Ref: 'Fn' }]] } },
              },
            },
          ),
        },
      ],
      fail: [
        { resources: fn({}) },
        { resources: fn({ FunctionName: 'cases' }, { Group: { Type: GROUP, Properties: { LogGroupName: '/aws/lambda/others' } } }) },
      ],
      skip: [HELPER],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
