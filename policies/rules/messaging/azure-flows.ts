/** Workflows, subscriptions and streams of Azure: what they carry where, and what they leave behind. */
import type { ControlId } from '../../../controls';
import { recordedBy, settingsOf } from '../../facts/logging';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { present, setting } from '../setting';

const WORKFLOW = 'azure-native:logic:Workflow';
const SUBSCRIPTIONS = [
  'azure-native:eventgrid:EventSubscription',
  'azure-native:eventgrid:SystemTopicEventSubscription',
  'azure-native:eventgrid:TopicEventSubscription',
  'azure-native:eventgrid:DomainEventSubscription',
  'azure-native:eventgrid:DomainTopicEventSubscription',
  'azure-native:eventgrid:PartnerTopicEventSubscription',
];
const STREAM_JOB = 'azure-native:streamanalytics:StreamingJob';
const SETTING = 'azure-native:monitor:DiagnosticSetting';

// ── Logic Apps ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Steps of a workflow, also those inside of branches and loops. */
function stepsIn(container: Value): readonly (readonly [name: string, step: Value])[] {
  return container.entries().flatMap(([name, step]) => [
    [name, step] as const,
    ...stepsIn(step.at('actions')),
    ...stepsIn(step.at('else.actions')),
    ...stepsIn(step.at('default.actions')),
    ...step
      .at('cases')
      .entries()
      .flatMap(([, branch]) => stepsIn(branch.at('actions'))),
  ]);
}
const triggersOf = (workflow: Resource) => workflow.at('definition').json().at('triggers').entries();
const actionsOf = (workflow: Resource) => stepsIn(workflow.at('definition').json().at('actions'));

const isUnknown = (workflow: Resource): boolean => workflow.at('definition').json().state === 'unknown';

/** Whoever has the address of a request trigger starts the workflow, unless callers or tokens are limited. */
function limitsCallers(workflow: Resource): Outcome {
  if (isUnknown(workflow)) return workflow.at('definition').asUnknown();
  if (!triggersOf(workflow).some(([, trigger]) => trigger.at('type').is('Request').verdict !== 'fail'))
    return notApplicable('is not started from outside');
  const access = workflow.at('accessControl.triggers');
  return anyOf(
    [access.at('openAuthenticationPolicies.policies').isSet(), listsCallers(access.at('allowedCallerIpAddresses'))],
    'accessControl.triggers limits nobody: whoever has the address starts the workflow',
  );
}

const listsCallers = (list: Value): Outcome =>
  allOf(
    list.isSet(),
    every(list.items(), (range) =>
      not(range.at('addressRange').matches(/^(0\.0\.0\.0\/0|0\.0\.0\.0-255\.255\.255\.255)$/), 'lists the internet'),
    ),
  );

/** Steps that move content: what they send and get stands in the history of runs. */
const MOVES_CONTENT = [
  'Http',
  'ApiConnection',
  'Function',
  'Workflow',
  'ServiceProvider',
  'ApiConnectionWebhook',
  'HttpWebhook',
  'Request',
];

function hidesContent(workflow: Resource): Outcome {
  if (isUnknown(workflow)) return workflow.at('definition').asUnknown();
  const steps = [...triggersOf(workflow), ...actionsOf(workflow)].filter(
    ([, step]) => step.at('type').isOneOf(MOVES_CONTENT).verdict !== 'fail',
  );
  if (steps.length === 0) return notApplicable('moves no content');
  const open = steps.find(([, step]) => step.at('runtimeConfiguration.secureData.properties').isSet().verdict === 'fail');
  return open ? fail(`${open[0]} leaves its inputs and outputs in the history of runs`, open[1].path) : pass();
}

function callsOverTls(workflow: Resource): Outcome {
  if (isUnknown(workflow)) return workflow.at('definition').asUnknown();
  const calls = actionsOf(workflow).filter(([, step]) => step.at('inputs.uri').state !== 'absent');
  if (calls.length === 0) return notApplicable('calls nothing');
  return every(calls, ([name, step]) => not(step.at('inputs.uri').matches(/^http:/i), `${name} calls an address that starts with http:`));
}

const workflow = (properties: object, rest: object = {}) => ({ resources: { flow: { type: WORKFLOW, properties }, ...rest } });
const started = (accessControl: object, type = 'Request') => workflow({ definition: { triggers: { start: { type } } }, accessControl });
const SECURE = { runtimeConfiguration: { secureData: { properties: ['inputs', 'outputs'] } } };
const sending = (uri: unknown) => workflow({ definition: { actions: { send: { type: 'Http', inputs: { method: 'POST', uri } } } } });

// ── Event Grid ───────────────────────────────────────────────────────────────────────────────────────────────────────

const destinationOf = (subscription: Resource): Value => {
  const own = subscription.at('destination');
  return own.state === 'absent' ? subscription.at('deliveryWithResourceIdentity.destination') : own;
};
const isHook = (subscription: Resource): Outcome => destinationOf(subscription).at('endpointType').is('WebHook');
const subscribed = (type: string, destination: object) => ({ resources: { it: { type, properties: { destination } } } });
const hook = (more: object, type = SUBSCRIPTIONS[0] as string) => subscribed(type, { endpointType: 'WebHook', ...more });
const QUEUE = { endpointType: 'ServiceBusQueue', resourceId: '/subscriptions/s/queue' };
const AS_ITSELF = { deliveryWithResourceIdentity: { identity: { type: 'SystemAssigned' }, destination: QUEUE } };

function deliversAsItself(subscription: Resource): Outcome {
  const kind = subscription.at('destination.endpointType');
  const takesIdentity = ['EventHub', 'ServiceBusQueue', 'ServiceBusTopic', 'StorageQueue'];
  return kind.isOneOf(takesIdentity).verdict === 'pass'
    ? fail('delivers with a key of the service: deliveryWithResourceIdentity is not set', 'destination')
    : subscription.at('deliveryWithResourceIdentity').isSet().verdict === 'pass'
      ? subscription.at('deliveryWithResourceIdentity.identity.type').isOneOf(['SystemAssigned', 'UserAssigned'])
      : notApplicable('delivers where no identity is taken');
}

const setFor = (logs: readonly object[]) => ({
  setting: { type: SETTING, properties: { resourceUri: { $ref: 'flow.id' }, logs, workspaceId: '/subscriptions/s/workspace' } },
});

export const AZURE_FLOWS = {
  'TLS-02': {
    azure: [
      rule({
        on: WORKFLOW,
        check: callsOverTls,
        fix: 'Call addresses that start with https.',
        pass: [sending('https://example.com')],
        fail: [
          sending('http://example.com'),
          workflow({
            definition: {
              actions: { loop: { type: 'Foreach', actions: { send: { type: 'Http', inputs: { uri: 'http://example.com' } } } } },
            },
          }),
        ],
        unknown: [workflow({ definition: { $unknown: 'a file' } })],
        skip: [workflow({ definition: { actions: { wait: {} } } })],
      }),
      rule({
        on: SUBSCRIPTIONS,
        check: (one) => {
          if (isHook(one).verdict === 'fail') return notApplicable('calls no address');
          return not(
            destinationOf(one)
              .at('endpointUrl')
              .matches(/^http:/i),
            'endpointUrl starts with http:',
          );
        },
        fix: 'Use an endpointUrl that starts with https.',
        pass: SUBSCRIPTIONS.map((type) => hook({ endpointUrl: 'https://example.com' }, type)),
        fail: SUBSCRIPTIONS.map((type) => hook({ endpointUrl: 'http://example.com' }, type)),
        skip: [subscribed(SUBSCRIPTIONS[0] as string, QUEUE)],
      }),
    ],
  },
  'DID-16': {
    azure: [
      rule({
        on: WORKFLOW,
        severity: 'medium',
        check: limitsCallers,
        fix: 'Set accessControl.triggers.openAuthenticationPolicies (tokens of the directory), or allowedCallerIpAddresses with your networks.',
        pass: [
          started({ triggers: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }] } }),
          started({ triggers: { openAuthenticationPolicies: { policies: { staff: { type: 'AAD' } } } } }),
        ],
        fail: [started({}), started({ triggers: { allowedCallerIpAddresses: [{ addressRange: '0.0.0.0/0' }] } })],
        unknown: [workflow({ definition: { $unknown: 'a file' } })],
        skip: [started({}, 'Recurrence')],
      }),
      rule({
        on: SUBSCRIPTIONS,
        severity: 'low',
        from: 'moderate',
        check: (one) =>
          isHook(one).verdict === 'fail'
            ? notApplicable('calls no address')
            : destinationOf(one).at('azureActiveDirectoryApplicationIdOrUri').isSet(),
        fix: 'Set azureActiveDirectoryApplicationIdOrUri and azureActiveDirectoryTenantId, so that the receiver can tell Event Grid from anybody else.',
        pass: SUBSCRIPTIONS.map((type) => hook({ azureActiveDirectoryApplicationIdOrUri: 'api://events' }, type)),
        fail: SUBSCRIPTIONS.map((type) => hook({}, type)),
        skip: [subscribed(SUBSCRIPTIONS[0] as string, QUEUE)],
      }),
    ],
  },
  'IDA-10': {
    azure: [
      rule({
        on: SUBSCRIPTIONS,
        severity: 'low',
        check: deliversAsItself,
        fix: 'Move destination under deliveryWithResourceIdentity, with an identity that has the role Data Sender there.',
        pass: SUBSCRIPTIONS.map((type) => ({ resources: { it: { type, properties: AS_ITSELF } } })),
        fail: SUBSCRIPTIONS.map((type) => subscribed(type, QUEUE)),
        skip: [hook({})],
      }),
      setting({
        on: STREAM_JOB,
        at: 'jobStorageAccount.authenticationMode',
        is: ['Msi'],
        not: 'ConnectionString',
        unset: 'Msi',
        severity: 'medium',
        fix: "Set jobStorageAccount.authenticationMode: 'Msi' and an identity; leave accountKey out.",
      }),
      present({
        on: STREAM_JOB,
        at: 'identity.type',
        like: 'SystemAssigned',
        else: 'identity is not set: the job reaches its inputs and outputs with keys',
        severity: 'low',
        fix: "Set identity.type: 'SystemAssigned', and authenticationMode 'Msi' on inputs and outputs.",
      }),
    ],
  },
  'PRV-07': {
    azure: [
      rule({
        on: WORKFLOW,
        severity: 'low',
        check: hidesContent,
        fix: "Set runtimeConfiguration.secureData.properties: ['inputs', 'outputs'] on each trigger and action that moves content.",
        pass: [
          workflow({ definition: { triggers: { start: { type: 'Request', ...SECURE } }, actions: { send: { type: 'Http', ...SECURE } } } }),
        ],
        fail: [
          workflow({ definition: { triggers: { start: { type: 'Request' } } } }),
          workflow({ definition: { triggers: { start: { type: 'Recurrence' } }, actions: { send: { type: 'Http' } } } }),
          workflow({ definition: { actions: { ask: { else: { actions: { send: { type: 'Http' } } } } } } }),
          workflow({ definition: { actions: { ask: { cases: { one: { actions: { send: { type: 'Http' } } } } } } } }),
        ],
        unknown: [workflow({ definition: { $unknown: 'a file' } })],
        skip: [workflow({ definition: { actions: { wait: {} } } })],
      }),
      rule({
        on: WORKFLOW,
        severity: 'low',
        from: 'moderate',
        check: (one) => listsCallers(one.at('accessControl.contents.allowedCallerIpAddresses')),
        fix: 'Set accessControl.contents.allowedCallerIpAddresses to your networks: the history of runs holds what was processed.',
        pass: [workflow({ accessControl: { contents: { allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }] } } })],
        fail: [
          workflow({}),
          workflow({ accessControl: { contents: { allowedCallerIpAddresses: [{ addressRange: '0.0.0.0-255.255.255.255' }] } } }),
        ],
      }),
    ],
  },
  'LOG-19': {
    azure: rule({
      on: WORKFLOW,
      severity: 'medium',
      check: (one, graph) => recordedBy(settingsOf(one, graph), ['WorkflowRuntime'], 'runs of the workflow'),
      fix: 'Add a DiagnosticSetting on the workflow with the category WorkflowRuntime.',
      pass: [
        workflow({}, setFor([{ category: 'WorkflowRuntime', enabled: true }])),
        workflow({}, setFor([{ categoryGroup: 'allLogs', enabled: true }])),
      ],
      fail: [workflow({}), workflow({}, setFor([{ category: 'WorkflowRuntime', enabled: false }]))],
      unknown: [workflow({}, setFor([{ category: 'WorkflowRuntime', enabled: { $unknown: 'config value' } }]))],
    }),
  },
  'EXP-10': {
    azure: gap(
      'Content of outgoing mail and files is inspected by data-loss prevention of Microsoft Purview, which has no Azure resource.',
    ),
  },
  'EXP-06': {
    azure: gap('No channel of Azure limits how much one reader takes; reads through an API are limited as EXP-06.edge.'),
  },
  'DHC-06': {
    azure: gap('Queues and hubs keep messages for days at most; archives that they are captured into are judged as DHC-06.object-storage.'),
  },
  'TLS-05': {
    azure: gap('Brokers of Azure take encrypted sessions only; the version is judged as TLS-01.'),
  },
  'ENC-01': { azure: gap('Azure encrypts what its brokers keep, always; whose key it is, is judged as ENC-11.') },
  'TLS-03': { azure: gap('Brokers refuse clear text by themselves; the version is judged as TLS-01, relays as TLS-02.') },
  'TLS-10': { azure: gap('Communication Services hands mail over with TLS where the receiver takes it; there is no setting.') },
  'DHC-05': { azure: gap('Brokers let nobody in unasked: anonymous sockets are judged as LPA-14, networks as DID-05.') },
  'EXP-03': {
    azure: gap('Where events go is named by their subscriptions; that addresses are known to the receiver is judged as DID-16.'),
  },
  'LPA-02': { azure: gap('Rights over messages are role assignments, judged as LPA-02.identity, and keys, judged as LPA-14.') },
  'LPA-16': { azure: gap('Services get in by their identity; a broker has no policy that could name them.') },
  'LOG-13': { azure: gap('Records of brokers are sent by diagnostic settings, judged as LOG-13.logging.') },
  'VUL-05': { azure: gap('Azure patches its brokers; there is no window to choose.') },
  'VUL-10': { azure: gap('Azure keeps the version of its brokers.') },
  'TLS-06': {
    azure: gap('Traffic between nodes of a broker is inside the service, and encrypted by Azure.'),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
