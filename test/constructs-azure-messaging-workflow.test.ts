import { describe, expect, it } from 'vitest';
import { SecureLogicApp, type SecureLogicAppArgs, type Tier, type WorkflowDefinition } from '../constructs/azure';
import { evaluate } from '../policies/evaluate';
import { Graph } from '../policies/graph';
import { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import { surroundings, TENANT } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';
import { run } from './support/azure-program';

const REQUEST = { type: 'Request', kind: 'Http', inputs: { schema: {} } };
const SECURE = { secureData: { properties: ['inputs', 'outputs'] } };
const CALLERS = { tenantId: TENANT, audience: 'api://triage' };

const workflow = (definition: WorkflowDefinition, args: Partial<SecureLogicAppArgs> = {}, tier: Tier = 'low') =>
  run(() => {
    const { common, logs } = surroundings(tier);
    return new SecureLogicApp('triage', { ...common, ...(tier === 'low' ? {} : { logs }), definition, ...args });
  });
const inputsOf = async (definition: WorkflowDefinition, args?: Partial<SecureLogicAppArgs>) =>
  (await workflow(definition, args)).program.named('triage-workflow').inputs;

describe('SecureLogicApp', () => {
  it('starts for tokens of the directory only, never for the signed address', async () => {
    const { accessControl, definition } = await inputsOf(
      { triggers: { start: REQUEST }, actions: {} },
      { callers: { ...CALLERS, objectId: 'caller-1', ranges: ['203.0.113.0/24'] } },
    );
    expect(accessControl.triggers).toEqual({
      openAuthenticationPolicies: {
        policies: {
          directory: {
            type: 'AAD',
            claims: [
              { name: 'iss', value: `https://sts.windows.net/${TENANT}/` },
              { name: 'aud', value: 'api://triage' },
              { name: 'oid', value: 'caller-1' },
            ],
          },
        },
      },
      allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }],
    });
    expect(definition.triggers.start.operationOptions).toBe('IncludeAuthorizationHeadersInOutputs');
    expect(definition.triggers.start.conditions).toEqual([
      { expression: "@startsWith(triggerOutputs()?['headers']?['Authorization'], 'Bearer')" },
    ]);
  });

  it('shows the contents of its history to nobody, or to the networks that are listed', async () => {
    const timed = { triggers: { daily: { type: 'Recurrence', recurrence: { frequency: 'Day', interval: 1 } } }, actions: {} };
    const nobody = { allowedCallerIpAddresses: [{ addressRange: '0.0.0.0-0.0.0.0' }] };
    expect((await inputsOf(timed)).accessControl).toEqual({ triggers: nobody, contents: nobody });
    expect((await inputsOf(timed, { historyReaders: ['203.0.113.0/24'] })).accessControl.contents).toEqual({
      allowedCallerIpAddresses: [{ addressRange: '203.0.113.0/24' }],
    });
  });

  it('keeps content out of the history, however deep the step stands, and leaves the rest as it is written', async () => {
    const send = {
      type: 'Http',
      inputs: { method: 'POST', uri: 'https://cases.example.com' },
      runtimeConfiguration: { contentTransfer: {} },
    };
    const { definition } = await inputsOf({
      triggers: { daily: { type: 'Recurrence' } },
      actions: {
        ask: { type: 'If', expression: {}, actions: { send }, else: { actions: { send } } },
        choose: { type: 'Switch', cases: { one: { case: 1, actions: { send } } }, default: { actions: { send } } },
        wait: { type: 'Wait', inputs: {} },
      },
    });
    const { ask, choose, wait } = definition.actions;
    for (const step of [ask.actions.send, ask.else.actions.send, choose.cases.one.actions.send, choose.default.actions.send])
      expect(step.runtimeConfiguration).toEqual({ contentTransfer: {}, ...SECURE });
    expect(choose.cases.one.case).toBe(1);
    expect(wait).toEqual({ type: 'Wait', inputs: {} });
    expect(definition.triggers.daily.conditions).toBeUndefined();
  });

  it('keeps conditions and options that the trigger has already', async () => {
    const start = { ...REQUEST, conditions: [{ expression: '@true' }], operationOptions: 'SuppressWorkflowHeaders' };
    const { definition } = await inputsOf({ triggers: { start }, actions: {} }, { callers: CALLERS });
    expect(definition.triggers.start.conditions).toHaveLength(2);
    expect(definition.triggers.start.operationOptions).toBe('SuppressWorkflowHeaders, IncludeAuthorizationHeadersInOutputs');
  });

  it('signs in with an identity of its own', async () => {
    const { made, program } = await workflow({ triggers: { daily: { type: 'Recurrence' } }, actions: {} });
    expect(program.named('triage-workflow').inputs.identity).toEqual({
      type: 'UserAssigned',
      userAssignedIdentities: [expect.stringContaining('triage-identity')],
    });
    await new Promise<void>((seen) => made.principalId.apply((id) => seen(expect(id).toBe('triage-identity-principal'))));
  });

  it.each<readonly [string, WorkflowDefinition, Partial<SecureLogicAppArgs>, RegExp]>([
    [
      'a request that nobody is named for',
      { triggers: { start: REQUEST }, actions: {} },
      {},
      /a request starts it, but callers is missing.*DID-16/,
    ],
    ['nothing that starts it', { triggers: {}, actions: {} }, {}, /definition has no triggers/],
    [
      'an address in clear text',
      {
        triggers: { daily: { type: 'Recurrence' } },
        actions: { send: { type: 'Http', inputs: { uri: 'http://cases.example.com/?code=s3cr3t' } } },
      },
      {},
      /step "send": calls "http:\/\/cases.example.com\/" in clear text.*TLS-02/,
    ],
    [
      'the internet as a list of networks',
      { triggers: { daily: { type: 'Recurrence' } }, actions: {} },
      { historyReaders: ['0.0.0.0/0'] },
      /historyReaders has 0.0.0.0\/0, which is the internet/,
    ],
  ])('refuses %s', async (_, definition, args, message) => {
    await expect(workflow(definition, args)).rejects.toThrow(message);
  });

  it('asks for logs from tier moderate', async () => {
    const timed = { triggers: { daily: { type: 'Recurrence' } }, actions: {} };
    await expect(workflow(timed, { logs: undefined } as never, 'moderate')).rejects.toThrow(/tier moderate needs `logs` \(LOG-19\)/);
    const { program } = await workflow(timed, {}, 'moderate');
    expect(program.named('triage-diagnostics').inputs.logs).toEqual([{ categoryGroup: 'allLogs', enabled: true }]);
  });
});

describe('what somebody weakens later', () => {
  const gathered = gatherStatement(`load('test/support/azure-components.ts').everyComponent('high', ['messaging']);`);

  it.each<readonly [type: string, name: string, change: Record<string, unknown>, rule: string]>([
    ['servicebus:Namespace', 'secureservicebusnamespace-namespace', { disableLocalAuth: false }, 'LPA-14.messaging'],
    ['servicebus:Namespace', 'secureservicebusnamespace-namespace', { publicNetworkAccess: 'Enabled' }, 'DID-05.messaging'],
    ['servicebus:Namespace', 'secureservicebusnamespace-namespace', { minimumTlsVersion: '1.0' }, 'TLS-01.messaging'],
    ['servicebus:Namespace', 'secureservicebusnamespace-namespace', { encryption: {} }, 'ENC-11.messaging'],
    ['eventhub:Namespace', 'secureeventhubnamespace-namespace', { disableLocalAuth: false }, 'LPA-14.messaging'],
    ['eventhub:Namespace', 'secureeventhubnamespace-namespace', { zoneRedundant: false }, 'BCR-06.messaging'],
    ['eventgrid:Topic', 'secureeventgridtopic-topic', { minimumTlsVersionAllowed: '1.0' }, 'TLS-01.messaging'],
    ['eventgrid:Topic', 'secureeventgridtopic-topic', { publicNetworkAccess: 'Enabled' }, 'DID-05.messaging'],
    ['eventgrid:Domain', 'secureeventgriddomain-domain', { disableLocalAuth: false }, 'LPA-14.messaging'],
    [
      'eventgrid:SystemTopicEventSubscription',
      'secureeventgridsystemtopic-subscription-topic',
      { deliveryWithResourceIdentity: undefined, destination: { endpointType: 'EventHub', resourceId: '/subscriptions/s/hub' } },
      'IDA-10.messaging',
    ],
    ['logic:Workflow', 'securelogicapp-workflow', { accessControl: {} }, 'DID-16.messaging'],
    ['logic:Workflow', 'securelogicapp-workflow', { accessControl: {} }, 'PRV-07.messaging'],
  ])('is named: %s %s with %j', async (type, name, change, rule) => {
    const { graph } = await gathered;
    const changed = [...graph.resources()].map((one) => (one.logicalId === name ? weakened(one, change) : one));
    expect(changed.filter((one, index) => one !== [...graph.resources()][index]).map((one) => one.type)).toEqual([`azure-native:${type}`]);
    const { findings } = evaluate(new Graph({ resources: changed, units: graph.units }), { rules: RULES.filter(({ id }) => id === rule) });
    expect(findings.filter(({ verdict }) => verdict === 'fail').map(({ resource }) => resource.logicalId)).toContain(name);
  });
});

function weakened({ id, logicalId, type, token, names, path, parent, properties, options, unit }: Resource, change: object): Resource {
  return new Resource(
    { id, logicalId, type, token, names, path, parent, options, properties: { ...(properties as object), ...change } },
    unit,
  );
}
