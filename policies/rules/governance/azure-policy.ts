/** What holds for subscriptions and management groups of Azure: policies, exemptions, stacks, places and services. */
import type { ControlId } from '../../../controls';
import { isGuardedFromDeletion } from '../../facts/azure';
import { labelOf, residencyOf } from '../../facts/classification';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { present, setting } from '../setting';

const ASSIGNMENT = 'azure-native:authorization:PolicyAssignment';
const EXEMPTION = 'azure-native:authorization:PolicyExemption';
const DEFINITIONS = [
  'azure-native:authorization:PolicyDefinition',
  'azure-native:authorization:PolicyDefinitionAtManagementGroup',
  'azure-native:authorization:PolicySetDefinition',
  'azure-native:authorization:PolicySetDefinitionAtManagementGroup',
];
const SETS = DEFINITIONS.slice(2);
const STACKS = ['ManagementGroup', 'ResourceGroup', 'Subscription'].map((scope) => `azure-native:resources:DeploymentStackAt${scope}`);
const BLUEPRINT = 'azure-native:blueprint:Assignment';
const HIERARCHY = 'azure-native:management:HierarchySetting';
const DATA_FACTORY = 'azure-native:datafactory:Factory';
const PEERING = 'azure-native:network:VirtualNetworkPeering';
const NETWORK = 'azure-native:network:VirtualNetwork';
const GROUP = 'azure-native:resources:ResourceGroup';
const APPLIANCE = 'azure-native:databox:Job';

// ── Policies ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Definitions that a set of the input holds, by id. */
const heldBySets = (graph: Graph): ReadonlySet<string> =>
  graph.once('definitions held by sets', () => {
    const sets = SETS.flatMap((type) => graph.ofType(type));
    return new Set(
      sets.flatMap((set) =>
        set
          .at('policyDefinitions')
          .items()
          .flatMap((one) => one.at('policyDefinitionId').targets),
      ),
    );
  });

const assignedUnknown = (graph: Graph): Value | undefined =>
  graph.once('assignments of unknown policies', () =>
    graph
      .ofType(ASSIGNMENT)
      .map((one) => one.at('policyDefinitionId'))
      .find((value) => value.state === 'unknown' && value.targets.length === 0),
  );

/** Assigned itself, or part of a set that the input holds: a set that nobody assigns is its own finding. */
function isEvaluated(definition: Resource, graph: Graph): Outcome {
  if (graph.pointingAt(definition, ASSIGNMENT, 'policyDefinitionId').length > 0 || heldBySets(graph).has(definition.id)) return pass();
  return assignedUnknown(graph)?.asUnknown() ?? fail('is assigned nowhere: it is evaluated for nothing');
}

/** One resource, not everything below a group, a subscription or a management group. */
const namesOneResource = (exemption: Resource): Outcome => {
  const scope = exemption.at('scope');
  if (scope.state === 'reference') return pass();
  if (scope.shape === undefined) return scope.state === 'absent' ? notApplicable('says nothing of its scope') : scope.asUnknown();
  return /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?\/?$|^\/providers\/Microsoft\.Management\/managementGroups\/[^/]+\/?$/i.test(
    scope.shape,
  )
    ? fail(`${scope.describe()}: everything below it is exempted`, 'scope')
    : pass();
};

// ── Places and services ──────────────────────────────────────────────────────────────────────────────────────────────

/** Built-in definitions and the parameter that holds their list; ids are the same in every tenant. */
const LOCATIONS: Readonly<Record<string, string>> = {
  'e56962a6-4747-49cd-b67b-bf8b01975c4c': 'listOfAllowedLocations',
  'e765b5de-1225-4ba3-bd56-1ac6695af988': 'listOfAllowedLocations',
};
const SERVICES: Readonly<Record<string, string>> = {
  'a08ec900-254a-4555-9bf5-e42af04b5c5c': 'listOfResourceTypesAllowed',
  '6c112d4e-5bc7-47ae-a041-ea2d9dccd749': 'listOfResourceTypesNotAllowed',
};

const listOf = (assignment: Resource, definitions: Readonly<Record<string, string>>): Value | undefined => {
  const id = assignment.at('policyDefinitionId').shape?.toLowerCase() ?? '';
  const found = Object.entries(definitions).find(([name]) => id.endsWith(`/${name}`));
  return found ? assignment.at(`parameters.${found[1]}.value`) : undefined;
};

const plain = (place: string): string => place.toLowerCase().replaceAll(' ', '');

/** Types that keep data in the region that they name, and groups, where what they hold stands unless it says otherwise. */
const KEEPS_DATA =
  /^azure-native:(storage:StorageAccount|sql:(Server|Database|ManagedInstance)|dbforpostgresql:(Server|SingleServer|ServerGroupCluster)|dbformysql:(Server|SingleServer)|dbformariadb:Server|cosmosdb:DatabaseAccount|mongocluster:MongoCluster|redis:Redis|redisenterprise:RedisEnterprise|search:Service|synapse:Workspace|kusto:Cluster|databricks:Workspace|netapp:CapacityPoolVolume|servicebus:Namespace|eventhub:Namespace|eventgrid:(Topic|Domain|Namespace)|compute:(Disk|Snapshot|VirtualMachine)|operationalinsights:Workspace|recoveryservices:Vault|dataprotection:BackupVault|keyvault:(Vault|ManagedHsm)|resources:ResourceGroup)$/;

function standsWherePromised(store: Resource): Outcome {
  const places = residencyOf(store);
  if (!places) return notApplicable('the data profile promises no place');
  const location = store.at('location');
  if (location.state === 'absent') return notApplicable('stands where its resource group stands');
  if (location.string === undefined) return unknown(location.describe(), 'location');
  return places.includes(plain(location.string))
    ? pass()
    : fail(`${location.describe()}; the data profile promises ${places.join(', ')}`, 'location');
}

function listsOnlyPromised(assignment: Resource): Outcome {
  const list = listOf(assignment, LOCATIONS);
  if (!list) return notApplicable('is about something else');
  if (list.items().length === 0) return fail('names no allowed location', 'parameters');
  const places = residencyOf(assignment);
  return every(list.items(), (one) => {
    if (one.string === undefined) return one.asUnknown();
    return places && plain(one.string) !== 'global' && !places.includes(plain(one.string))
      ? fail(`${one.describe()}; the data profile promises ${places.join(', ')}`, one.path)
      : pass();
  });
}

/** A group that says what it holds: with it everything in it would be deleted. */
function isKept(group: Resource, graph: Graph): Outcome {
  const tier = labelOf(group, 'tier');
  if (tier === undefined) return notApplicable('does not say that it holds data');
  const guarded = isGuardedFromDeletion(group, graph);
  return tier.state === 'unknown' && guarded.verdict === 'fail' ? tier.asUnknown() : guarded;
}

// ── Environments ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Both networks say which environment they are. */
function staysInEnvironment(peering: Resource, graph: Graph): Outcome {
  const [near, far] = [
    graph.target(peering.at('virtualNetworkName'), NETWORK),
    graph.target(peering.at('remoteVirtualNetwork.id'), NETWORK),
  ];
  const [here, there] = [near, far].map((network) => (network ? labelOf(network, 'environment') : undefined));
  if (!here || !there) return notApplicable('the networks do not both say which environment they are');
  if (here.string === undefined || there.string === undefined) return (here.string === undefined ? here : there).asUnknown();
  return here.string.toLowerCase() === there.string.toLowerCase()
    ? pass()
    : fail(`joins the environments ${here.string} and ${there.string}`, 'remoteVirtualNetwork.id');
}

const it = (type: string, properties: object, rest: object = {}) => ({ resources: { it: { type, properties }, ...rest } });
const guard = (level: unknown) => ({
  lock: { type: 'azure-native:authorization:ManagementLockByScope', properties: { level, scope: { $ref: 'it' } } },
});
const assigned = (policyDefinitionId: unknown) => ({ assignment: { type: ASSIGNMENT, properties: { policyDefinitionId } } });
const EUROPE = { profile: { residency: ['westeurope', 'northeurope'] } };
const places = (...value: readonly unknown[]) =>
  it(ASSIGNMENT, {
    policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/e56962a6-4747-49cd-b67b-bf8b01975c4c',
    parameters: { listOfAllowedLocations: { value } },
  });
const services = (...value: readonly unknown[]) =>
  it(ASSIGNMENT, {
    policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/a08ec900-254a-4555-9bf5-e42af04b5c5c',
    parameters: { listOfResourceTypesAllowed: { value } },
  });
const OTHER_POLICY = it(ASSIGNMENT, { policyDefinitionId: '/providers/Microsoft.Authorization/policyDefinitions/other' });
const store = (location: unknown) => it('azure-native:storage:StorageAccount', { location });
const peered = (here: unknown, there: unknown) => ({
  resources: {
    peering: { type: PEERING, properties: { virtualNetworkName: { $ref: 'near.name' }, remoteVirtualNetwork: { id: { $ref: 'far.id' } } } },
    near: { type: NETWORK, properties: here === undefined ? {} : { tags: { environment: here } } },
    far: { type: NETWORK, properties: { tags: { environment: there } } },
  },
});
const [DEFINITION = '', , SET = ''] = DEFINITIONS;

export const AZURE_POLICY = {
  'GOV-03': {
    azure: present({
      on: EXEMPTION,
      at: 'expiresOn',
      like: '2027-01-31T00:00:00Z',
      else: 'expiresOn is not set: the exemption holds for ever',
      fix: 'Set expiresOn, and say in description who asked for the exemption and why.',
    }),
  },
  'GOV-04': {
    azure: [
      rule({
        on: EXEMPTION,
        check: namesOneResource,
        fix: 'Set scope to the id of the one resource that is exempted.',
        pass: [
          it(EXEMPTION, { scope: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/a' }),
          it(EXEMPTION, { scope: { $ref: 'data.id' } }, { data: { type: 'azure-native:storage:StorageAccount', properties: {} } }),
        ],
        fail: [
          it(EXEMPTION, { scope: '/subscriptions/s' }),
          it(EXEMPTION, { scope: '/subscriptions/s/resourceGroups/g' }),
          it(EXEMPTION, { scope: '/providers/Microsoft.Management/managementGroups/m' }),
        ],
        unknown: [it(EXEMPTION, { scope: { $unknown: 'config value' } })],
        skip: [it(EXEMPTION, {})],
      }),
      rule({
        on: ASSIGNMENT,
        severity: 'medium',
        check: (one) =>
          one.at('notScopes').items().length === 0
            ? pass()
            : fail(`${one.at('notScopes').describe()}: the policy is silent about what is below them`, 'notScopes'),
        fix: 'Leave notScopes out, and write exemptions that expire for single resources.',
        pass: [it(ASSIGNMENT, { notScopes: [] })],
        fail: [it(ASSIGNMENT, { notScopes: ['/subscriptions/s/resourceGroups/g'] })],
      }),
    ],
  },
  'GOV-06': {
    azure: [
      setting({
        on: ASSIGNMENT,
        at: 'enforcementMode',
        is: ['Default'],
        not: 'DoNotEnforce',
        unset: 'Default',
        fix: "Set enforcementMode: 'Default'; what is not enforced refuses nothing.",
      }),
      setting({
        on: HIERARCHY,
        at: 'requireAuthorizationForGroupCreation',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set requireAuthorizationForGroupCreation: true, so that not everybody makes management groups.',
      }),
    ],
  },
  'GOV-07': {
    azure: rule({
      on: DEFINITIONS,
      check: isEvaluated,
      fix: 'Add a PolicyAssignment that names the definition, or a set that holds it.',
      pass: [
        ...DEFINITIONS.map((type) => it(type, {}, assigned({ $ref: 'it.id' }))),
        it(
          DEFINITION,
          {},
          {
            set: { type: SET, properties: { policyDefinitions: [{ policyDefinitionId: { $ref: 'it.id' } }] } },
            ...assigned({ $ref: 'set.id' }),
          },
        ),
      ],
      fail: [it(DEFINITION, {}), it(SET, {})],
      unknown: [it(DEFINITION, {}, assigned({ $unknown: 'config value' }))],
    }),
  },
  'DHC-02': {
    azure: gap(
      'What a class demands are the rules that start at its tier (ENC-02, LOG-06, BCR-06 and others); each is judged on each store.',
    ),
  },
  'DHC-10': {
    azure: rule({
      on: GROUP,
      severity: 'low',
      check: isKept,
      fix: "Use SecureResourceGroup, or put a ManagementLockByScope with level 'CanNotDelete' on the group, or set the resource option protect: true.",
      pass: [
        { resources: { it: { type: GROUP, properties: { tags: { 'palisade:tier': 'high' } }, options: { protect: true } } } },
        it(GROUP, { tags: { 'palisade:tier': 'high' } }, guard('CanNotDelete')),
      ],
      fail: [it(GROUP, { tags: { 'palisade:tier': 'high' } }), it(GROUP, { tags: { 'palisade:tier': 'low' } }, guard('NotSpecified'))],
      unknown: [
        it(GROUP, { tags: { 'palisade:tier': 'high' } }, guard({ $unknown: 'config value' })),
        it(GROUP, { tags: { $unknown: 'tags of the project' } }),
      ],
      skip: [it(GROUP, {}), it(GROUP, { tags: {} })],
    }),
  },
  'EXP-11': {
    azure: setting({
      on: APPLIANCE,
      at: 'transferType',
      is: ['ImportToAzure'],
      not: 'ExportFromAzure',
      unset: 'ImportToAzure',
      fix: 'Remove the order, or let whoever owns the data approve it: a waiver with owner, reason and expiry is the record of that.',
    }),
  },
  'PRV-09': {
    azure: gap(
      'What the provider may do with data stands in the contract; the setting of single services is made by request, and no resource shows it.',
    ),
  },
  'SDC-01': {
    azure: [
      setting({
        on: STACKS,
        at: 'denySettings.mode',
        is: ['DenyWriteAndDelete', 'DenyDelete'],
        not: 'None',
        severity: 'medium',
        fix: "Set denySettings.mode: 'DenyWriteAndDelete' with the identity of the pipeline among excludedPrincipals.",
      }),
      setting({
        on: BLUEPRINT,
        at: 'locks.mode',
        is: ['AllResourcesReadOnly', 'AllResourcesDoNotDelete'],
        not: 'None',
        severity: 'low',
        fix: "Set locks.mode: 'AllResourcesDoNotDelete', or move to a deployment stack: blueprints are being retired.",
      }),
      present({
        on: DATA_FACTORY,
        at: 'repoConfiguration.repositoryName',
        like: 'pipelines',
        else: 'repoConfiguration is not set: pipelines are changed in the live factory',
        severity: 'low',
        fix: 'Set repoConfiguration, so that changes of pipelines are reviewed.',
      }),
    ],
  },
  'SDC-04': {
    azure: gap('Azure Policy refuses what it cannot judge by itself; that assignments are enforced is judged as GOV-06.'),
  },
  'SDC-07': {
    azure: rule({
      on: PEERING,
      check: staysInEnvironment,
      fix: 'Remove the peering; let environments meet only where a gate inspects what passes.',
      pass: [peered('production', 'Production')],
      fail: [peered('production', 'test')],
      unknown: [peered('production', { $unknown: 'config value' })],
      skip: [peered(undefined, 'test')],
    }),
  },
  'SDC-09': { azure: gap('Pipelines stand in Azure DevOps or GitHub, which have no resources of Azure.') },
  'SDC-11': { azure: gap('Dependencies are pinned in the source, and checked by a pipeline outside of Azure.') },
  'SDC-16': { azure: gap('Repositories stand in Azure DevOps or GitHub, which have no resources of Azure.') },
  'VUL-07': { azure: gap('Bills of materials are made and scanned by a pipeline outside of Azure.') },
  'LOC-01': {
    azure: [
      rule({
        on: KEEPS_DATA,
        check: standsWherePromised,
        fix: 'Deploy to a region that the data profile promises (residency), or have the promise changed by the owner of the data.',
        pass: [
          { unit: EUROPE, ...store('West Europe') },
          { unit: EUROPE, ...it(GROUP, { location: 'northeurope' }) },
        ],
        fail: [
          { unit: EUROPE, ...store('eastus') },
          { unit: EUROPE, ...it(GROUP, { location: 'eastus' }) },
        ],
        unknown: [{ unit: EUROPE, ...store({ $unknown: 'config value' }) }],
        skip: [store('eastus'), { unit: EUROPE, ...it('azure-native:storage:StorageAccount', {}) }],
      }),
      rule({
        on: ASSIGNMENT,
        check: listsOnlyPromised,
        fix: 'Name only regions in listOfAllowedLocations that the data profile promises (residency).',
        pass: [{ unit: EUROPE, ...places('westeurope', 'global') }, places('eastus')],
        fail: [{ unit: EUROPE, ...places('westeurope', 'eastus') }, places()],
        unknown: [{ unit: EUROPE, ...places({ $unknown: 'config value' }) }],
        skip: [OTHER_POLICY],
      }),
    ],
  },
  'LOC-07': {
    azure: gap('Azure keeps the inventory itself (Resource Graph), for every subscription and without being asked.'),
  },
  'LOC-08': {
    azure: rule({
      on: ASSIGNMENT,
      check: (one) => {
        const list = listOf(one, SERVICES);
        return list
          ? some(list.items(), (type) => type.isSet(), 'names no resource type: it allows or refuses nothing')
          : notApplicable('is about something else');
      },
      fix: 'Name resource types in the parameter of the assignment.',
      pass: [services('Microsoft.Storage/storageAccounts')],
      fail: [services()],
      skip: [OTHER_POLICY],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
