/** Pairs on Azure about policies: what they refuse, of what, where, and what gets past them. */
import { armWith, GONE, harmless, pulumiWith, weakenings } from './pair';

const HOME = '/subscriptions/00000000-0000-0000-0000-000000000001';
const AUTHORIZATION = '/providers/Microsoft.Authorization';
const MANAGED = '/providers/Microsoft.Management/managementGroups';
/** Allowed locations, and storage accounts should restrict network access. */
const LOCATIONS = `${AUTHORIZATION}/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c`;
const NETWORKS = `${AUTHORIZATION}/policyDefinitions/34c877ad-507e-4c82-993e-3452a6e0ad3c`;
const TRANSFER = `${AUTHORIZATION}/policyDefinitions/404c3081-a854-4457-ae30-26a93ef643f9`;
const TYPES = `${AUTHORIZATION}/policyDefinitions/6c112d4e-5bc7-47ae-a041-ea2d9dccd749`;
const own = (name: string) => `${HOME}${AUTHORIZATION}/policyDefinitions/${name}`;
const set = (name: string) => `${HOME}${AUTHORIZATION}/policySetDefinitions/${name}`;

const azure = (type: string, inputs: object) => ({
  type: `azure-native:${type}`,
  provider: 'urn:pulumi:production::cases::pulumi:providers:azure-native::main::1',
  inputs,
});
const assigned = (policyAssignmentName: string, policyDefinitionId: string, more: object = {}) =>
  azure('authorization:PolicyAssignment', { policyAssignmentName, policyDefinitionId, scope: HOME, ...more });

/** What policies call the part that says what they do. */
const THEN = 'then';
const PUBLIC = { field: 'Microsoft.Storage/storageAccounts/allowBlobPublicAccess', notEquals: 'false' };
const OF_STORAGE = { field: 'type', equals: 'Microsoft.Storage/storageAccounts' };

/** Policies of our own and of Azure, alone and in a set, and what exempts. */
const DEMANDED: Readonly<Record<string, object>> = {
  main: { type: 'pulumi:providers:azure-native', id: '1', inputs: { subscriptionId: HOME.split('/').pop() } },
  group: azure('resources:ResourceGroup', { resourceGroupName: 'cases', location: 'westeurope' }),
  open: azure('authorization:PolicyDefinition', {
    policyDefinitionName: 'no-open-blobs',
    displayName: 'No open blobs',
    mode: 'All',
    policyRule: { if: { allOf: [OF_STORAGE, PUBLIC] }, [THEN]: { effect: 'deny' } },
  }),
  places: azure('authorization:PolicyDefinition', {
    policyDefinitionName: 'places',
    mode: 'Indexed',
    parameters: {
      effect: { type: 'String', defaultValue: 'Deny' },
      allowed: { type: 'Array', defaultValue: ['westeurope', 'northeurope'] },
      forbiddenKinds: { type: 'Array', defaultValue: ['Storage', 'BlobStorage'] },
    },
    policyRule: {
      if: {
        anyOf: [
          { field: 'location', notIn: "[parameters('allowed')]" },
          { allOf: [OF_STORAGE, { field: 'kind', in: "[parameters('forbiddenKinds')]" }] },
        ],
      },
      [THEN]: { effect: "[parameters('effect')]" },
    },
  }),
  audited: azure('authorization:PolicyDefinition', {
    policyDefinitionName: 'logged',
    mode: 'All',
    policyRule: {
      if: OF_STORAGE,
      [THEN]: {
        effect: 'auditIfNotExists',
        details: {
          type: 'Microsoft.Insights/diagnosticSettings',
          existenceCondition: { allOf: [{ field: 'Microsoft.Insights/diagnosticSettings/logs.enabled', equals: 'true' }] },
        },
      },
    },
  }),
  baseline: azure('authorization:PolicySetDefinition', {
    policySetDefinitionName: 'baseline',
    parameters: { networks: { type: 'String', defaultValue: 'Deny' } },
    policyDefinitions: [
      { policyDefinitionId: own('places'), policyDefinitionReferenceId: 'places' },
      {
        policyDefinitionId: NETWORKS,
        policyDefinitionReferenceId: 'networks',
        parameters: { effect: { value: "[parameters('networks')]" } },
      },
    ],
  }),
  openDemand: assigned('open', own('no-open-blobs'), { notScopes: [`${HOME}/resourceGroups/sandbox`] }),
  baselineDemand: assigned('baseline', set('baseline')),
  loggedDemand: assigned('logged', own('logged')),
  locations: assigned('locations', LOCATIONS, { parameters: { listOfAllowedLocations: { value: ['westeurope', 'northeurope'] } } }),
  types: assigned('types', TYPES, {
    parameters: { listOfResourceTypesNotAllowed: { value: ['Microsoft.Sql/servers', 'Microsoft.Cache/redis'] } },
  }),
  transfer: assigned('transfer', TRANSFER),
  spare: azure('authorization:PolicyExemption', {
    policyExemptionName: 'spare',
    policyAssignmentId: `${HOME}${AUTHORIZATION}/policyAssignments/baseline`,
    scope: `${HOME}/resourceGroups/cases`,
    exemptionCategory: 'Mitigated',
    expiresOn: '2026-12-31T00:00:00Z',
    policyDefinitionReferenceIds: ['places'],
  }),
  top: azure('management:ManagementGroup', { groupId: 'top' }),
  corp: azure('management:ManagementGroup', { groupId: 'corp', details: { parent: { id: `${MANAGED}/top` } } }),
  corpDemand: assigned('corp', NETWORKS, { scope: `${MANAGED}/corp`, parameters: { effect: { value: 'Deny' } } }),
  stack: azure('resources:DeploymentStackAtSubscription', {
    deploymentStackName: 'cases',
    actionOnUnmanage: { resources: 'detach' },
    denySettings: { mode: 'denyWriteAndDelete', applyToChildScopes: true },
  }),
};
const RULE = 'open.policyRule';
const ENTRIES = 'baseline.policyDefinitions';

const OWN = weakenings(pulumiWith, DEMANDED, {
  'on Azure, policies: one of ours only reports': ['controls: open', { [`${RULE}.then.effect`]: 'audit' }],
  'on Azure, policies: one of ours does nothing': ['controls: open', { [`${RULE}.then.effect`]: 'Disabled' }],
  'on Azure, policies: one of ours catches less': [
    'controls: open',
    { [`${RULE}.if`]: { allOf: [OF_STORAGE, PUBLIC, { field: 'location', equals: 'westeurope' }] } },
  ],
  'on Azure, policies: one of ours spares what is called so': [
    'controls: open',
    { [`${RULE}.if`]: { allOf: [OF_STORAGE, PUBLIC, { not: { field: 'name', like: 'tmp*' } }] } },
  ],
  'on Azure, policies: one of ours looks for something else': [
    'controls: open',
    { [`${RULE}.if.allOf.1`]: { field: 'kind', equals: 'Storage' } },
  ],
  'on Azure, policies: one of ours loses an alternative': [
    'controls: places',
    { 'places.policyRule.if': { field: 'location', notIn: "[parameters('allowed')]" } },
  ],
  'on Azure, policies: a default only reports': ['controls: places', { 'places.parameters.effect.defaultValue': 'Audit' }],
  'on Azure, policies: a default allows a place': [
    'controls: places',
    { 'places.parameters.allowed.defaultValue': ['westeurope', 'northeurope', 'eastus'] },
  ],
  'on Azure, policies: a default forbids fewer kinds': [
    'controls: places',
    { 'places.parameters.forbiddenKinds.defaultValue': ['Storage'] },
  ],
  'on Azure, policies: one of ours looks at fewer kinds of resources': ['controls: open', { 'open.mode': 'Indexed' }],
  'on Azure, policies: one of ours is content with less': [
    'controls: audited',
    {
      'audited.policyRule.then.details.existenceCondition': {
        anyOf: [
          { field: 'Microsoft.Insights/diagnosticSettings/logs.enabled', equals: 'true' },
          { field: 'name', like: '*' },
        ],
      },
    },
  ],
});

const SETS = weakenings(pulumiWith, DEMANDED, {
  'on Azure, policies: a set loses one': [
    'controls: baseline',
    { [ENTRIES]: [{ policyDefinitionId: NETWORKS, parameters: { effect: { value: 'Deny' } } }] },
  ],
  'on Azure, policies: an entry of a set only reports': ['controls: baseline', { [`${ENTRIES}.1.parameters.effect.value`]: 'Audit' }],
  'on Azure, policies: an entry of a set allows a place': [
    'controls: baseline',
    { [`${ENTRIES}.0.parameters`]: { allowed: { value: ['westeurope', 'northeurope', 'uksouth'] } } },
  ],
  'on Azure, policies: a default of a set only reports': ['controls: baseline', { 'baseline.parameters.networks.defaultValue': 'Audit' }],
  'on Azure, policies: an assignment has a set report': [
    'controls: baseline',
    { 'baselineDemand.parameters': { networks: { value: 'Audit' } } },
  ],
  'on Azure, policies: an override switches one of a set off': [
    'controls: baseline',
    {
      'baselineDemand.overrides': [
        { kind: 'policyEffect', value: 'Disabled', selectors: [{ kind: 'policyDefinitionReferenceId', in: ['places'] }] },
      ],
    },
  ],
  'on Azure, policies: an override has all report in one place': [
    'controls: baseline',
    { 'baselineDemand.overrides': [{ kind: 'policyEffect', value: 'Audit', selectors: [{ kind: 'resourceLocation', in: ['eastus'] }] }] },
  ],
  'on Azure, policies: one of a set is assigned instead of the set': [
    'controls: baseline',
    { 'baselineDemand.policyDefinitionId': NETWORKS },
  ],
});

const ASSIGNED = weakenings(pulumiWith, DEMANDED, {
  'on Azure, policies: a place is allowed': [
    'controls: locations',
    { 'locations.parameters.listOfAllowedLocations.value': ['westeurope', 'northeurope', 'eastus'] },
  ],
  'on Azure, policies: a type is no longer refused': [
    'controls: types',
    { 'types.parameters.listOfResourceTypesNotAllowed.value': ['Microsoft.Sql/servers'] },
  ],
  'on Azure, policies: a group is left out': ['controls: open', { 'openDemand.notScopes.1': `${HOME}/resourceGroups/cases` }],
  'on Azure, policies: only some kinds are looked at': [
    'controls: open',
    { 'openDemand.resourceSelectors': [{ name: 'west', selectors: [{ kind: 'resourceLocation', in: ['westeurope'] }] }] },
  ],
  'on Azure, policies: only a group is asked': ['controls: locations', { 'locations.scope': `${HOME}/resourceGroups/cases` }],
  'on Azure, policies: another one is asked for': ['controls: locations', { 'locations.policyDefinitionId': NETWORKS }],
  'on Azure, policies: another version is asked for': [
    'controls: types',
    { 'types.definitionVersion': '2.*.*', 'types.parameters.listOfResourceTypesNotAllowed.value': ['Microsoft.Sql/servers'] },
  ],
  'on Azure, policies: an assignment goes': ['controls: types', { types: GONE }],
  'on Azure, policies: an assignment moves into a group': [
    'controls: types',
    {
      types: GONE,
      typesHere: assigned('types-here', TYPES, {
        scope: `${HOME}/resourceGroups/cases`,
        parameters: { listOfResourceTypesNotAllowed: { value: ['Microsoft.Sql/servers', 'Microsoft.Cache/redis'] } },
      }),
    },
  ],
  'on Azure, policies: the assignment of a management group is in a subscription only': ['controls: corp', { 'corpDemand.scope': HOME }],
});

const EXEMPTED = weakenings(pulumiWith, DEMANDED, {
  'on Azure, policies: an exemption lasts longer': ['controls: spare', { 'spare.expiresOn': '2027-12-31T00:00:00Z' }],
  'on Azure, policies: an exemption never ends': ['controls: spare', { 'spare.expiresOn': GONE }],
  'on Azure, policies: an exemption waives': ['controls: spare', { 'spare.exemptionCategory': 'Waiver' }],
  'on Azure, policies: an exemption is from all': ['controls: spare', { 'spare.policyDefinitionReferenceIds': GONE }],
  'on Azure, policies: what leaves a stack is deleted': ['data: stack', { 'stack.actionOnUnmanage.resources': 'delete' }],
  'on Azure, policies: a stack refuses nothing inside of its resources': [
    'access: stack',
    { 'stack.denySettings.applyToChildScopes': false },
  ],
});

const SAME = harmless(pulumiWith, DEMANDED, {
  'on Azure, policies: tests in another order': { [`${RULE}.if.allOf`]: [PUBLIC, OF_STORAGE] },
  'on Azure, policies: a test is written otherwise': {
    [`${RULE}.if`]: {
      allOf: [{ not: { field: PUBLIC.field, equals: false } }, { field: 'TYPE', in: ['microsoft.storage/storageaccounts'] }],
    },
  },
  'on Azure, policies: one of ours catches more': { [`${RULE}.if`]: PUBLIC },
  'on Azure, policies: one of ours has an alternative more': {
    [`${RULE}.if`]: { anyOf: [{ allOf: [OF_STORAGE, PUBLIC] }, { field: 'type', equals: 'Microsoft.Storage/storageAccounts/localUsers' }] },
  },
  'on Azure, policies: titles, words and messages': {
    'open.displayName': 'Blobs stay closed',
    'open.metadata': { category: 'Storage', version: '1.0.1' },
    'openDemand.nonComplianceMessages': [{ message: 'Blobs are never open to everyone' }],
    'openDemand.description': 'asked by security',
  },
  'on Azure, policies: an effect is a parameter now': {
    'open.parameters': { effect: { type: 'String', defaultValue: 'audit' } },
    [`${RULE}.then.effect`]: "[parameters('effect')]",
    'openDemand.parameters': { effect: { value: 'Deny' } },
  },
  'on Azure, policies: a default is given': { 'baselineDemand.parameters': { networks: { value: 'deny' } } },
  'on Azure, policies: lists in another order': {
    'places.parameters.allowed.defaultValue': ['northeurope', 'westeurope'],
    'locations.parameters.listOfAllowedLocations.value': ['northeurope', 'westeurope'],
    [ENTRIES]: [
      {
        policyDefinitionId: NETWORKS,
        policyDefinitionReferenceId: 'networks',
        parameters: { effect: { value: "[parameters('networks')]" } },
      },
      { policyDefinitionId: own('places'), policyDefinitionReferenceId: 'places' },
    ],
  },
  'on Azure, policies: fewer places': { 'locations.parameters.listOfAllowedLocations.value': ['westeurope'] },
  'on Azure, policies: more types are refused': {
    'types.parameters.listOfResourceTypesNotAllowed.value': ['Microsoft.Sql/servers', 'Microsoft.Cache/redis', 'Microsoft.Web/sites'],
  },
  'on Azure, policies: ids with a slash and in other letters': {
    'openDemand.notScopes': [`${HOME}/resourceGroups/SANDBOX/`],
    'locations.policyDefinitionId': `${LOCATIONS.toUpperCase()}/`,
    'locations.scope': `${HOME}/`,
  },
  'on Azure, policies: nothing is left out': { 'openDemand.notScopes': GONE },
  'on Azure, policies: only a part of what was left out is': {
    'openDemand.notScopes.0': `${HOME}/resourceGroups/sandbox/providers/Microsoft.Web/sites/demo`,
  },
  'on Azure, policies: one is asked of a management group': { 'corpDemand.scope': `${MANAGED}/top` },
  'on Azure, policies: a set gets one more': {
    [`${ENTRIES}.2`]: { policyDefinitionId: TYPES, parameters: { listOfResourceTypesNotAllowed: { value: ['Microsoft.Web/sites'] } } },
  },
  'on Azure, policies: one is in a set instead of assigned alone': {
    transfer: GONE,
    [`${ENTRIES}.2`]: { policyDefinitionId: TRANSFER },
  },
  'on Azure, policies: an assignment is called otherwise': {
    types: GONE,
    notTypes: assigned('not-types', TYPES, {
      parameters: { listOfResourceTypesNotAllowed: { value: ['Microsoft.Sql/servers', 'Microsoft.Cache/redis'] } },
    }),
  },
  'on Azure, policies: an exemption ends sooner, and from less': {
    'spare.expiresOn': '2026-12-01T00:00:00Z',
  },
  'on Azure, policies: an exemption goes': { spare: GONE },
});

// ── A template ─────────────────────────────────────────────────────────────────────────────────────────────────────

const TEMPLATE: Readonly<Record<string, object>> = {
  Open: {
    type: 'Microsoft.Authorization/policyDefinitions',
    apiVersion: '2023-04-01',
    name: 'no-open-blobs',
    properties: {
      policyType: 'Custom',
      mode: 'All',
      parameters: { effect: { type: 'String', defaultValue: 'Deny' } },
      policyRule: { if: { allOf: [OF_STORAGE, PUBLIC] }, [THEN]: { effect: "[[parameters('effect')]" } },
    },
  },
  Demand: {
    type: 'Microsoft.Authorization/policyAssignments',
    apiVersion: '2024-04-01',
    name: 'open',
    properties: { policyDefinitionId: "[subscriptionResourceId('Microsoft.Authorization/policyDefinitions', 'no-open-blobs')]" },
  },
};
const TEMPLATES = weakenings(armWith, TEMPLATE, {
  'on Azure, policies in a template: an assignment has it report': [
    'controls: open',
    { 'Demand.parameters': { effect: { value: 'Audit' } } },
  ],
  'on Azure, policies in a template: a default has it report': ['controls: open', { 'Open.parameters.effect.defaultValue': 'Audit' }],
});
const TEMPLATES_SAME = harmless(armWith, TEMPLATE, {
  'on Azure, policies in a template: tests in another order': { 'Open.policyRule.if.allOf': [PUBLIC, OF_STORAGE] },
  'on Azure, policies in a template: the effect is written out': { 'Open.policyRule.then.effect': 'deny' },
});

export const POLICY_WEAKENINGS = { ...OWN, ...SETS, ...ASSIGNED, ...EXEMPTED, ...TEMPLATES };
export const POLICY_HARMLESS = { ...SAME, ...TEMPLATES_SAME };
