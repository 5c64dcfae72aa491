import * as pulumi from '@pulumi/pulumi';
import { describe, expect, it } from 'vitest';
import {
  type Guardrail,
  PolicyException,
  type PolicyExceptionArgs,
  PolicyGuardrails,
  type PolicyGuardrailsArgs,
  SecureResourceGroup,
  type SecureResourceGroupArgs,
} from '../constructs/azure';
import { GUARDRAILS } from '../constructs/azure/governance-definitions';
import { decided } from '../constructs/contract';
import { CONTROLS } from '../controls';
import { evaluate } from '../policies/evaluate';
import { Graph } from '../policies/graph';
import { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import { PROFILES, TODAY } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';
import { run } from './support/azure-program';
import { relaxationOf } from './support/relaxation';

const profile = decided(PROFILES.high);
const GIVEN: PolicyGuardrailsArgs = {
  profile,
  location: 'westeurope',
  scope: { managementGroupId: 'workloads' },
  allowedLocations: ['westeurope', 'northeurope'],
  allowedTypes: ['Microsoft.Storage/storageAccounts'],
};
const guardrails = (args: Partial<PolicyGuardrailsArgs> = {}, use: (made: PolicyGuardrails) => void = () => {}) =>
  run(
    () => {
      const made = new PolicyGuardrails('rails', { ...GIVEN, ...args });
      use(made);
      return made;
    },
    { config: TODAY },
  );

describe('SecureResourceGroup', () => {
  const group = (args: Partial<SecureResourceGroupArgs> = {}) =>
    run(() => new SecureResourceGroup('cases', { profile, location: 'westeurope', ...args }), { config: TODAY });

  it('says what it holds, stands where it may, and is locked', async () => {
    const { program } = await group({ tags: { costs: '4711', 'palisade:tier': 'low' } });
    expect(program.named('cases-group').inputs).toMatchObject({
      location: 'westeurope',
      tags: { costs: '4711', 'palisade:tier': 'high', 'palisade:owner': 'support-data@example.com' },
    });
    expect(program.named('cases-group-lock').inputs).toMatchObject({
      level: 'CanNotDelete',
      scope: expect.stringContaining('cases-group'),
    });
  });

  it('does not stand where the data profile promises that the data are not', async () => {
    const european = decided({ ...PROFILES.high, residency: ['westeurope'] });
    await expect(group({ profile: european, location: 'eastus' })).rejects.toThrow(
      /SecureResourceGroup "cases": location is "eastus", but case-management promises to stay in westeurope \(LOC-01\)/,
    );
  });

  it('comes and goes where the lock is relaxed under a waiver', async () => {
    const { program } = await group({ relax: [relaxationOf('DHC-10')] });
    expect(program.of('authorization:ManagementLockByScope')).toEqual([]);
    expect(program.named('cases-waiver-dhc-10').inputs.rule).toBe('DHC-10');
  });
});

describe('PolicyGuardrails', () => {
  it('assigns every guardrail at the management group, enforced, and without holes', async () => {
    const { program } = await guardrails();
    const assignments = program.of('authorization:PolicyAssignment');
    expect(assignments.map(({ name }) => name).sort()).toEqual(
      ['rails-group-locations', 'rails-inherit-tags', 'rails-locations', 'rails-refuse', 'rails-types'].sort(),
    );
    for (const { inputs } of assignments) {
      expect(inputs).toMatchObject({
        scope: '/providers/Microsoft.Management/managementGroups/workloads',
        enforcementMode: 'Default',
        notScopes: [],
      });
      expect(inputs.policyAssignmentName.length).toBeLessThanOrEqual(24);
      expect(inputs.nonComplianceMessages.length).toBeGreaterThan(0);
    }
  });

  it('refuses other locations, for resources and for groups, and other types', async () => {
    const { program } = await guardrails();
    const places = { listOfAllowedLocations: { value: ['westeurope', 'northeurope'] } };
    expect(program.named('rails-locations').inputs.parameters).toEqual(places);
    expect(program.named('rails-group-locations').inputs.parameters).toEqual(places);
    expect(program.named('rails-types').inputs.parameters).toEqual({
      listOfResourceTypesAllowed: { value: ['Microsoft.Storage/storageAccounts'] },
    });
  });

  it('holds each guardrail once, denying, under its control, with words for whoever is refused', async () => {
    const { program } = await guardrails();
    const { policyDefinitionGroups, policyDefinitions } = program.named('rails-set-refuse').inputs;
    const messages = program.named('rails-refuse').inputs.nonComplianceMessages;
    const groups = policyDefinitionGroups.map(({ name }: { name: string }) => name);
    for (const [name, policy] of Object.entries(GUARDRAILS)) {
      const held = policyDefinitions.filter((one: { policyDefinitionReferenceId: string }) => one.policyDefinitionReferenceId === name);
      expect(held).toHaveLength(1);
      expect(held[0].policyDefinitionId).toBe(`/providers/Microsoft.Authorization/policyDefinitions/${policy.id}`);
      expect(held[0].groupNames).toEqual([policy.control]);
      expect(held[0].parameters.effect?.value ?? 'Deny').toBe('Deny');
      expect(messages).toContainEqual({ message: `${policy.message} (${policy.control})`, policyDefinitionReferenceId: name });
      expect(groups).toContain(policy.control);
      expect(CONTROLS[policy.control].title).toBeTruthy();
    }
  });

  it('names each built-in definition by an id of its own', () => {
    const ids = Object.values(GUARDRAILS).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('wants the tags of the data profile on groups, and gives them to what is in them, by a right over tags alone', async () => {
    const { program } = await guardrails();
    const { policyDefinitions } = program.named('rails-set-refuse').inputs;
    expect(policyDefinitions).toContainEqual(
      expect.objectContaining({ policyDefinitionReferenceId: 'tag-palisade-tier', parameters: { tagName: { value: 'palisade:tier' } } }),
    );
    expect(program.named('rails-inherit-tags').inputs).toMatchObject({ identity: { type: 'SystemAssigned' }, location: 'westeurope' });
    const rights = program.of('authorization:RoleAssignment');
    expect(rights.map(({ inputs }) => inputs.roleDefinitionId)).toEqual([
      '/providers/Microsoft.Authorization/roleDefinitions/4a9ae827-6dc8-4573-8ac7-8239d42aa03f',
    ]);
  });

  it('takes other tags, or none', async () => {
    const { program } = await guardrails({ requiredTags: [] });
    expect(program.of('authorization:RoleAssignment')).toEqual([]);
    expect(program.all.map(({ name }) => name)).not.toContain('rails-inherit-tags');
  });

  it('keeps its definitions in the subscription where that is the scope', async () => {
    const { program } = await guardrails({ scope: { subscriptionId: 'sub-1' } });
    expect(program.named('rails-set-refuse').type).toBe('azure-native:authorization:PolicySetDefinition');
    expect(program.named('rails-refuse').inputs.scope).toBe('/subscriptions/sub-1');
  });

  it('repairs by an identity with the rights that the definition asks for', async () => {
    const { program } = await guardrails({ requiredTags: [] }, (made) =>
      made.remediate('records', {
        definitionId: '/d/1',
        roles: ['r-1', 'r-2'],
        parameters: { to: pulumi.output('w') },
        message: 'Not recorded.',
      }),
    );
    expect(program.named('rails-records').inputs).toMatchObject({
      identity: { type: 'SystemAssigned' },
      parameters: { to: { value: 'w' } },
    });
    expect(program.of('authorization:RoleAssignment').map(({ inputs }) => inputs.roleDefinitionId.split('/').at(-1))).toEqual([
      'r-1',
      'r-2',
    ]);
  });

  it('only reports while that is relaxed, and records it on each assignment that refuses', async () => {
    const { program } = await guardrails({ relax: [relaxationOf('GOV-06')] });
    expect(program.named('rails-refuse').inputs.enforcementMode).toBe('DoNotEnforce');
    expect(program.named('rails-inherit-tags').inputs.enforcementMode).toBe('Default');
    expect(program.all.filter(({ name }) => name.startsWith('rails-waiver-gov-06'))).toHaveLength(4);
  });

  it.each<readonly [string, Partial<PolicyGuardrailsArgs>, RegExp]>([
    ['no locations', { allowedLocations: [] }, /PolicyGuardrails "rails": allowedLocations is empty/],
    ['no types', { allowedTypes: [] }, /allowedTypes is empty/],
    ['a type that is none', { allowedTypes: ['storage'] }, /allowedTypes has "storage", which is no type/],
    ['no scope', { scope: {} as never }, /scope is missing; write \{ managementGroupId \} or \{ subscriptionId \}/],
    [
      'a location outside of the promise',
      { profile: decided({ ...PROFILES.high, residency: ['West Europe'] }) },
      /allowedLocations has northeurope, but case-management promises to stay in westeurope/,
    ],
  ])('refuses %s', async (_, args, message) => {
    await expect(guardrails(args)).rejects.toThrow(message);
  });
});

describe('PolicyException', () => {
  const { control: _, ...waiver } = relaxationOf('LPA-14');
  const RESOURCE = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/legacy';
  const exception = (args: Partial<PolicyExceptionArgs> = {}) =>
    run(
      () => {
        const rails = new PolicyGuardrails('rails', GIVEN);
        const given = { guardrails: rails, guardrail: 'storage-shared-keys' as Guardrail, resourceId: RESOURCE };
        return new PolicyException('legacy', { ...waiver, ...given, ...args });
      },
      { config: TODAY },
    );

  it('is for one guardrail and one resource, until a day', async () => {
    const { program } = await exception();
    expect(program.one('authorization:PolicyExemption').inputs).toMatchObject({
      scope: RESOURCE,
      policyAssignmentId: expect.stringContaining('rails-refuse'),
      policyDefinitionReferenceIds: ['storage-shared-keys'],
      exemptionCategory: 'Waiver',
      expiresOn: '2027-01-31T23:59:59Z',
      description: waiver.reason,
      metadata: { control: 'LPA-14', owner: waiver.owner, approver: waiver.approver, ticket: waiver.ticket },
    });
  });

  it('excepts from an assignment of its own where the guardrail takes a list', async () => {
    const { inputs } = (await exception({ guardrail: 'locations' })).program.one('authorization:PolicyExemption');
    expect(inputs.policyAssignmentId).toContain('rails-locations');
    expect(inputs.policyDefinitionReferenceIds).toBeUndefined();
  });

  it.each<readonly [string, Partial<PolicyExceptionArgs>, RegExp]>([
    ['one that its owner approved', { approver: waiver.owner }, /PolicyException "legacy": .*approved by its own owner/],
    ['one that has ended', { expires: '2026-11-21' }, /LPA-14 expired on 2026-11-21/],
    ['one that runs longer than a control of its severity may wait', { expires: '2027-11-21' }, /runs 364 days; at most 90/],
    ['one without a reason', { reason: '' }, /lacks reason/],
    ['a resource group', { resourceId: '/subscriptions/s/resourceGroups/rg' }, /is no single resource.*GOV-04/],
    ['a management group', { resourceId: '/providers/Microsoft.Management/managementGroups/m' }, /is no single resource/],
  ])('refuses %s', async (_, args, message) => {
    await expect(exception(args)).rejects.toThrow(message);
  });
});

describe('what somebody weakens later', () => {
  const gathered = gatherStatement(`load('test/support/azure-components.ts').everyComponent('high', ['governance']);`);

  it.each<readonly [name: string, change: Record<string, unknown>, rule: string]>([
    ['policyguardrails-refuse', { enforcementMode: 'DoNotEnforce' }, 'GOV-06.governance'],
    ['policyguardrails-refuse', { notScopes: ['/subscriptions/s/resourceGroups/g'] }, 'GOV-04.governance'],
    ['policyguardrails-locations', { parameters: {} }, 'LOC-01.governance'],
    ['policyguardrails-types', { parameters: { listOfResourceTypesAllowed: { value: [] } } }, 'LOC-08.governance'],
    ['policyexception-exemption', { expiresOn: undefined }, 'GOV-03.governance'],
    ['policyexception-exemption', { scope: '/subscriptions/s' }, 'GOV-04.governance'],
    ['secureresourcegroup-group-lock', { level: 'NotSpecified' }, 'DHC-10.governance'],
  ])('is named: %s with %j', async (name, change, rule) => {
    const { graph } = await gathered;
    const weaken = ({ id, logicalId, type, token, names, path, parent, properties, unit }: Resource) =>
      new Resource(
        { id, logicalId, type, token, names, path, parent, properties: { ...(properties as object), ...change } as never },
        unit,
      );
    const judge = (resources: readonly Resource[]) =>
      evaluate(new Graph({ resources, units: graph.units }), { rules: RULES.filter(({ id, cloud }) => id === rule && cloud === 'azure') })
        .findings.filter(({ verdict }) => verdict === 'fail')
        .map(({ resource }) => resource.logicalId);
    const all = [...graph.resources()];
    expect(judge(all)).toEqual([]);
    expect(judge(all.map((one) => (one.logicalId === name ? weaken(one) : one)))).toEqual([
      name === 'secureresourcegroup-group-lock' ? 'secureresourcegroup-group' : name,
    ]);
  });
});

describe('what is relaxed in messaging, secrets, modules and governance', () => {
  it('breaks exactly those controls, each under a waiver that is sound and needed', async () => {
    const { graph, waivers } = await gatherStatement(
      `const azure = load('constructs/azure/index.ts');
      const { surroundings, TENANT } = load('test/support/azure-components.ts');
      const { relaxationOf } = load('test/support/relaxation.ts');
      const { common, contacts, logs, network, vault } = surroundings('high');
      const { location, profile } = common;
      const of = (...controls) => ({ relax: controls.map(relaxationOf) });
      const value = load('node_modules/@pulumi/pulumi').secret('x');
      const allowed = { allowedLocations: [location], allowedTypes: ['Microsoft.Storage/storageAccounts'] };
      new azure.PolicyGuardrails('rails', { profile, location, scope: { managementGroupId: 'w' }, ...allowed, ...of('GOV-06') });
      new azure.SecureResourceGroup('group', { profile, location, ...of('DHC-10') });
      new azure.SecureSecret('secret', { ...common, vault, value, contentType: 'password', expires: '2027-01-01', ...of('IDA-12') });
      new azure.SecureServiceBusNamespace('bus', { ...common, logs, network, key: vault.key('bus'), ...of('BCR-06', 'DHC-10') });
      new azure.SecureEventHubNamespace('hub', { ...common, logs, network, key: vault.key('hub'), ...of('BCR-06', 'DHC-10') });
      new azure.SecureEventGridTopic('topic', { ...common, logs, network, ...of('DHC-10') });
      new azure.SecureEventGridDomain('domain', { ...common, logs, network, ...of('DHC-10') });
      new azure.SecureManagedHsm('hsm', {
        ...common, logs, network, tenantId: TENANT, alerts: contacts.id, administrators: ['a', 'b'], ...of('DHC-10'),
      });`,
      TODAY,
    );
    const rules = RULES.filter(({ cloud }) => cloud === 'azure');
    const judged = evaluate(graph, { rules, waivers, today: new Date('2026-11-22T00:00:00Z') });
    expect(judged.findings.map(({ control, resource, waiver }) => `${control} on ${resource.logicalId}: ${waiver?.ticket}`).sort()).toEqual(
      [
        ...['group-locations', 'locations', 'refuse', 'types'].map((name) => `GOV-06 on rails-${name}: SEC-1201`),
        ...['bus-namespace', 'hub-namespace'].map((name) => `BCR-06 on ${name}: SEC-1201`),
        ...['bus-namespace', 'domain-domain', 'group-group', 'hsm-hsm', 'hub-namespace', 'topic-topic'].map(
          (name) => `DHC-10 on ${name}: SEC-1201`,
        ),
        'IDA-12 on secret-secret: SEC-1201',
      ].sort(),
    );
    expect(judged.waivers.map(({ message }) => message)).toEqual([]);
  });
});
