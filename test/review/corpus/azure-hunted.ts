/** Pairs on Azure about what is replaced, left behind or only written otherwise: places, groups, components, aliases, conditions, ranges. */
import { armWith, GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const ONE = '/subscriptions/00000000-0000-0000-0000-000000000001';
const TEAM = '22222222-2222-2222-2222-222222222222';
const role = (id: string) => `/providers/Microsoft.Authorization/roleDefinitions/${id}`;
const BLOB_WRITER = role('ba92f5b4-2d11-453d-a403-e96b0029c9fe');
const CONTRIBUTOR = role('b24988ac-6180-42a0-ab88-20f7382dd24c');
const ACCESS_ADMIN = role('f58310d9-a9f6-439a-9e8d-f62e7b41a168');
const URN = 'urn:pulumi:production::cases::';
const GROUP = `${URN}azure-native:resources:ResourceGroup::group`;
const STORE = `${URN}azure-native:storage:StorageAccount::store`;
const STORE_ID = `${ONE}/resourceGroups/cases/providers/Microsoft.Storage/storageAccounts/caserecords`;

const azure = (type: string, inputs: object, more: object = {}) => ({ type: `azure-native:${type}`, inputs, ...more });
const inGroup = (type: string, inputs: object, more: object = {}) =>
  azure(
    type,
    { resourceGroupName: 'cases', location: 'westeurope', ...inputs },
    { propertyDependencies: { resourceGroupName: [GROUP] }, dependencies: [GROUP], ...more },
  );

const STORED = {
  accountName: 'caserecords',
  kind: 'StorageV2',
  sku: { name: 'Standard_ZRS' },
  allowSharedKeyAccess: false,
  allowBlobPublicAccess: false,
  publicNetworkAccess: 'Disabled',
};
const DELETES = "!(ActionMatches{'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'})";
const PATH = '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path]';
const ROLES = '@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]';
const KINDS = '@Request[Microsoft.Authorization/roleAssignments:PrincipalType]';
const WRITES = "!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})";
const READER_ROLE = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1';
const WRITER_ROLE = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';
const delegating = (roles: string) =>
  `((${WRITES}) OR (${ROLES} ForAnyOfAnyValues:GuidEquals {${roles}} AND ${KINDS} ForAnyOfAnyValues:StringEqualsIgnoreCase {'ServicePrincipal'}))`;

/** State of a program: a group with a store and a database in it, an identity, and what gives rights. */
const BASE: Readonly<Record<string, object>> = {
  group: azure('resources:ResourceGroup', { resourceGroupName: 'cases', location: 'westeurope' }, { id: `${ONE}/resourceGroups/cases` }),
  store: inGroup('storage:StorageAccount', STORED, { id: STORE_ID }),
  letters: inGroup(
    'storage:BlobContainer',
    { accountName: 'caserecords', containerName: 'letters', publicAccess: 'None' },
    {
      propertyDependencies: { resourceGroupName: [GROUP], accountName: [STORE] },
    },
  ),
  profiles: inGroup('cosmosdb:DatabaseAccount', {
    accountName: 'caseprofiles',
    databaseAccountOfferType: 'Standard',
    locations: [{ locationName: 'West Europe', failoverPriority: 0 }],
    disableLocalAuth: true,
    publicNetworkAccess: 'Disabled',
  }),
  worker: inGroup(
    'managedidentity:UserAssignedIdentity',
    { resourceName: 'worker' },
    {
      id: `${ONE}/resourceGroups/cases/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker`,
    },
  ),
  machine: inGroup('compute:VirtualMachine', { vmName: 'casemachine', hardwareProfile: { vmSize: 'Standard_D2s_v5' } }),
  flow: inGroup('logic:Workflow', {
    workflowName: 'caseflow',
    state: 'Enabled',
    definition: {},
    accessControl: { triggers: { allowedCallerIpAddresses: [{ addressRange: '10.0.0.0-10.255.255.255' }] } },
  }),
  writes: azure('authorization:RoleAssignment', {
    principalId: TEAM,
    principalType: 'Group',
    roleDefinitionId: BLOB_WRITER,
    scope: STORE_ID,
    conditionVersion: '2.0',
    condition: `((${DELETES}) OR (${PATH} StringLike 'tmp/*'))`,
  }),
  delegates: azure('authorization:RoleAssignment', {
    principalId: TEAM,
    principalType: 'Group',
    roleDefinitionId: ACCESS_ADMIN,
    scope: STORE_ID,
    conditionVersion: '2.0',
    condition: delegating(`${READER_ROLE}, ${WRITER_ROLE}`),
  }),
  deploys: azure('authorization:RoleAssignment', {
    principalId: TEAM,
    principalType: 'Group',
    roleDefinitionId: CONTRIBUTOR,
    scope: ONE,
  }),
};

const WORKER = `${ONE}/resourceGroups/cases/providers/Microsoft.ManagedIdentity/userAssignedIdentities/worker`;
const KEY = { type: 'UserAssigned', userAssignedIdentities: [WORKER] };

/** The store of the program, under another URN and with other options. */
const storeAs = (urn: string, more: object = {}): object => ({ ...(BASE.store as object), urn: `${URN}${urn}`, ...more });
const component = (name: string, more: object = {}) => ({
  type: 'acme:data:Store',
  custom: false,
  inputs: {},
  ...more,
  urn: `${URN}acme:data:Store::${name}`,
});
const BELOW = 'acme:data:Store$azure-native:storage:StorageAccount::store';
const { delegates: _delegates, writes: _writes, ...STORES } = BASE;
const PROTECTED = { ...STORES, store: { ...(BASE.store as object), protect: true } };

const HUNTED: Readonly<Record<string, Weakening>> = {
  ...weakenings(pulumiWith, BASE, {
    'on Azure, hunted: a resource group is renamed with all that is in it': [
      'data: the storage account store',
      {
        'group.resourceGroupName': 'support',
        'group@id': `${ONE}/resourceGroups/support`,
        'store.resourceGroupName': 'support',
        'store@id': STORE_ID.replace('groups/cases', 'groups/support'),
        'letters.resourceGroupName': 'support',
        'profiles.resourceGroupName': 'support',
      },
    ],
    'on Azure, hunted: a resource group moves': ['data: the storage account store', { 'group.location': 'northeurope' }],
    'on Azure, hunted: a resource group gets another name in the program': [
      'data: the storage account store',
      { 'group@urn': `${URN}azure-native:resources:ResourceGroup::support` },
    ],
    'on Azure, hunted: an account is replaced, and its containers go with it': ['data: letters', { 'store.kind': 'BlockBlobStorage' }],
    'on Azure, hunted: a store moves below a component': [
      'data: the storage account',
      { around: component('around'), store: storeAs(BELOW, { parent: `${URN}acme:data:Store::around` }) },
    ],
    'on Azure, hunted: the alias of a store is of another one': [
      'data: the storage account',
      {
        store: storeAs('azure-native:storage:StorageAccount::records', {
          aliases: [`${URN}azure-native:storage:StorageAccount::old-store-account`],
        }),
      },
    ],
    'on Azure, hunted: a condition lets other paths be deleted': [
      'access: the storage account store',
      { 'writes.condition': `((${DELETES}) OR (${PATH} StringLike 'letters/*'))` },
    ],
    'on Azure, hunted: a condition asks for something else': [
      'access: cannot be told',
      { 'writes.condition': `((${DELETES}) OR (@Environment[isPrivateLink] BoolEquals true))` },
    ],
    'on Azure, hunted: more roles may be given away': [
      'access: with fewer conditions',
      { 'delegates.condition': delegating(`${READER_ROLE}, ${WRITER_ROLE}, 18d7d88d-d35e-4fb5-a5c3-7773c20a72d9`) },
    ],
    'on Azure, hunted: callers of a flow come from more addresses': [
      'access: caseflow|flow',
      { 'flow.accessControl.triggers.allowedCallerIpAddresses.0.addressRange': '10.0.0.0-11.255.255.255' },
    ],
    'on Azure, hunted: a machine gets the identity': ['access: worker', { 'machine.identity': KEY }],
  }),
  ...weakenings(pulumiWith, PROTECTED, {
    'on Azure, hunted: a store is renamed and loses its protection in one change': [
      'data: is replaced by a new, empty one',
      { 'store.accountName': 'caserecords2', 'store@protect': false, 'letters.accountName': 'caserecords2', 'store@id': `${STORE_ID}2` },
    ],
  }),
};

const PROGRAM_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(pulumiWith, BASE, {
    'on Azure, hunted: places are written as people do': {
      'store.location': 'West Europe',
      'profiles.location': 'WestEurope',
      'group.location': 'West Europe',
    },
    'on Azure, hunted: names are written in other case': { 'letters.accountName': 'CaseRecords', 'store.kind': 'storagev2' },
    'on Azure, hunted: a store moves below a component that says where it stood': {
      around: component('around'),
      store: storeAs(BELOW, { parent: `${URN}acme:data:Store::around`, aliases: [{ noparent: true }] }),
    },
    'on Azure, hunted: a store is renamed in the program, with the alias of its name': {
      store: storeAs('azure-native:storage:StorageAccount::records', { aliases: [{ name: 'store' }] }),
    },
    'on Azure, hunted: the spaces of a condition change': {
      'writes.condition': `( ( !( ActionMatches{ 'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete' } ) )\n OR\n (${PATH} StringLike 'tmp/*') )`,
    },
    'on Azure, hunted: a condition lets fewer paths be deleted': {
      'writes.condition': `((${DELETES}) OR (${PATH} StringLike 'tmp/jobs/*'))`,
    },
    'on Azure, hunted: a condition names one path of those it let pass': {
      'writes.condition': `((${DELETES}) OR (${PATH} StringEquals 'tmp/jobs'))`,
    },
    'on Azure, hunted: fewer roles may be given away': { 'delegates.condition': delegating(READER_ROLE) },
    'on Azure, hunted: callers of a flow come from fewer addresses': {
      'flow.accessControl.triggers.allowedCallerIpAddresses.0.addressRange': '10.1.0.0/16',
    },
    'on Azure, hunted: a right shrinks from the subscription to a group in it': { 'deploys.scope': `${ONE}/resourceGroups/cases` },
    'on Azure, hunted: a right shrinks from the subscription to a store in it': { 'deploys.scope': STORE_ID },
    'on Azure, hunted: a store gets the identity that reads its key': { 'store.identity': KEY },
    'on Azure, hunted: what holds no data gets another name in the program': {
      'machine@urn': `${URN}azure-native:compute:VirtualMachine::worker-machine`,
    },
  }),
  'on Azure, hunted: a component that was renamed with an alias keeps the stores in it': {
    before: pulumiWith({ ...BASE, around: component('around'), store: storeAs(BELOW, { parent: `${URN}acme:data:Store::around` }) }),
    after: pulumiWith({
      ...BASE,
      around: component('records', { aliases: [{ name: 'around' }] }),
      store: storeAs(BELOW, { parent: `${URN}acme:data:Store::records` }),
    }),
  },
};

// ── In a template ──────────────────────────────────────────────────────────────────────────────────────────────────

const arm = (type: string, name: string, properties: object, more: object = {}) => ({
  type,
  apiVersion: '2023-05-01',
  name,
  ...more,
  properties,
});
const account = (name: string, properties: object = {}) =>
  arm(
    'Microsoft.Storage/storageAccounts',
    name,
    { allowSharedKeyAccess: false, allowBlobPublicAccess: false, publicNetworkAccess: 'Disabled', ...properties },
    { location: 'westeurope', kind: 'StorageV2', sku: { name: 'Standard_ZRS' } },
  );
const containers = (...names: readonly string[]) => ({
  ...arm(
    'Microsoft.Storage/storageAccounts/blobServices/containers',
    `[concat('caserecords/default/', createArray(${names.map((name) => `'${name}'`).join(', ')})[copyIndex()])]`,
    {
      publicAccess: 'None',
    },
  ),
  apiVersion: '2023-05-01',
  copy: { name: 'containers', count: names.length },
});
const grantOn = (container: string) =>
  arm(
    'Microsoft.Authorization/roleAssignments',
    '00000000-0000-0000-0000-0000000000aa',
    { principalId: TEAM, principalType: 'Group', roleDefinitionId: BLOB_WRITER },
    {
      scope: `Microsoft.Storage/storageAccounts/caserecords/blobServices/default/containers/${container}`,
    },
  );
const TEMPLATE: Readonly<Record<string, object>> = {
  account: account('caserecords'),
  containers: containers('cases', 'letters', 'exports'),
  grant: grantOn('cases'),
};

const TEMPLATED = weakenings(armWith, TEMPLATE, {
  'on Azure, hunted: a template no longer holds a store': [
    'data: caserecords is no longer there',
    { account: GONE, containers: GONE, grant: GONE },
  ],
  'on Azure, hunted: in a template, a loop over containers, and a right on another of them': [
    'access: exports',
    { containers: containers('exports', 'cases', 'letters'), grant: grantOn('exports') },
  ],
});
const TEMPLATED_HARMLESS = harmless(armWith, TEMPLATE, {
  'on Azure, hunted: in a template, a loop over containers goes in another order': {
    containers: containers('exports', 'letters', 'cases'),
  },
  'on Azure, hunted: in a template, a place is written as people do': { 'account@location': 'West Europe' },
});

export const HUNTED_AZURE_WEAKENINGS: Readonly<Record<string, Weakening>> = { ...HUNTED, ...TEMPLATED };
export const HUNTED_AZURE_HARMLESS: Readonly<Record<string, Harmless>> = { ...PROGRAM_HARMLESS, ...TEMPLATED_HARMLESS };
