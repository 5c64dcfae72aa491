/** What playbooks do, in the workflow definition language. Each signs in with an identity of its own; none holds a secret. */
import type { WorkflowDefinition, WorkflowStep, WorkflowSteps } from './messaging-workflow-definition';

/** What a playbook is made of. */
export interface Steps {
  /** In words for whoever starts it. */
  readonly what: string;
  /** Kind of the entities of the incident that it acts on. */
  readonly kind: 'Account' | 'Host' | 'AzureResource';
  /** Which of them, as an expression of the workflow language. */
  readonly where: string;
  /** What is done with each. */
  readonly each: WorkflowSteps;
  /** Control-plane rights that it needs on what it may contain. */
  readonly actions: readonly string[];
  /** Parameters that it reads; what only the deployment knows comes by them, so that the definition is plain text. @default none */
  readonly reads?: readonly string[];
}

const CONNECTION = "@parameters('$connections')['azuresentinel']['connectionId']";
const INCIDENT = "@triggerBody()?['object']?['id']";
const ITEM = "items('each')?['properties']";

const as = (audience: string) => ({ type: 'ManagedServiceIdentity', audience });
const call =
  (audience: string) =>
  (method: string, uri: string, after: readonly string[] = [], body?: unknown): WorkflowStep => ({
    type: 'Http',
    runAfter: Object.fromEntries(after.map((step) => [step, ['Succeeded']])),
    inputs: { method, uri, ...(body === undefined ? {} : { body }), authentication: as(audience) },
  });
const arm = call('https://management.azure.com/');
const graph = call('https://graph.microsoft.com');
const MANAGEMENT = 'https://management.azure.com';
const USER = `https://graph.microsoft.com/v1.0/users/@{${ITEM}?['aadUserId']}`;

/** Disables an account of the directory and ends its sessions; new tokens are refused at once, old ones within the hour. */
export const freezeIdentity: Steps = {
  what: 'Disables the accounts of the incident, and ends their sessions',
  kind: 'Account',
  where: "not(empty(item()?['properties']?['aadUserId']))",
  each: {
    disable: graph('PATCH', USER, [], { accountEnabled: false }),
    revoke: graph('POST', `${USER}/revokeSignInSessions`, ['disable']),
  },
  actions: [],
};

const MACHINE = `@{${ITEM}?['azureID']}`;
const NIC = `${MANAGEMENT}@{items('interfaces')?['id']}?api-version=2024-05-01`;

/** Takes a snapshot of the disk of a machine as evidence, then cuts its interfaces off the network. */
export const isolateHost: Steps = {
  what: 'Takes snapshots of the machines of the incident as evidence, then cuts them off the network',
  kind: 'Host',
  where: "not(empty(item()?['properties']?['azureID']))",
  each: {
    machine: arm('GET', `${MANAGEMENT}${MACHINE}?api-version=2024-07-01`),
    preserve: arm(
      'PUT',
      `${MANAGEMENT}@{parameters('evidenceGroupId')}/providers/Microsoft.Compute/snapshots/@{concat(take(body('machine')?['name'], 40), '-', formatDateTime(utcNow(), 'yyyyMMddHHmmss'))}?api-version=2024-03-02`,
      ['machine'],
      {
        location: "@{body('machine')?['location']}",
        tags: { 'palisade:evidence': `@{last(split(triggerBody()?['object']?['id'], '/'))}` },
        properties: {
          creationData: {
            createOption: 'Copy',
            sourceResourceId: "@{body('machine')?['properties']?['storageProfile']?['osDisk']?['managedDisk']?['id']}",
          },
          incremental: true,
          networkAccessPolicy: 'DenyAll',
          publicNetworkAccess: 'Disabled',
        },
      },
    ),
    // The machine is cut off whether or not the snapshot could be taken.
    interfaces: {
      type: 'Foreach',
      foreach: "@body('machine')?['properties']?['networkProfile']?['networkInterfaces']",
      runAfter: { preserve: ['Succeeded', 'Failed', 'TimedOut'] },
      actions: {
        interface: arm('GET', NIC),
        isolate: arm(
          'PUT',
          NIC,
          ['interface'],
          `@setProperty(body('interface'), 'properties', setProperty(body('interface')?['properties'], 'networkSecurityGroup', json(concat('{"id":"', parameters('quarantineId'), '"}'))))`,
        ),
      },
    },
  },
  actions: [
    'Microsoft.Compute/virtualMachines/read',
    'Microsoft.Network/networkInterfaces/read',
    'Microsoft.Network/networkInterfaces/write',
  ],
  reads: ['evidenceGroupId', 'quarantineId'],
};

/** The account without the name of the service, with which records of it end. */
const ACCOUNT = `${MANAGEMENT}@{first(split(toLower(${ITEM}?['resourceId']), '/blobservices/'))}`;
const OF_STORAGE = 'api-version=2024-01-01';

/** Closes a storage account to every network but private ones, and makes every link and key that was handed out worthless. */
export const closeStore: Steps = {
  what: 'Closes the storage accounts of the incident, and rotates what opens them: links and keys that were handed out are worthless',
  kind: 'AzureResource',
  where: "contains(toLower(coalesce(item()?['properties']?['resourceId'], '')), '/microsoft.storage/storageaccounts/')",
  each: {
    close: arm('PATCH', `${ACCOUNT}?${OF_STORAGE}`, [], {
      properties: { publicNetworkAccess: 'Disabled', allowBlobPublicAccess: false, allowSharedKeyAccess: false },
    }),
    links: arm('POST', `${ACCOUNT}/revokeUserDelegationKeys?${OF_STORAGE}`, ['close']),
    key1: arm('POST', `${ACCOUNT}/regenerateKey?${OF_STORAGE}`, ['links'], { keyName: 'key1' }),
    key2: arm('POST', `${ACCOUNT}/regenerateKey?${OF_STORAGE}`, ['key1'], { keyName: 'key2' }),
  },
  actions: [
    'Microsoft.Storage/storageAccounts/read',
    'Microsoft.Storage/storageAccounts/write',
    'Microsoft.Storage/storageAccounts/regenerateKey/action',
    'Microsoft.Storage/storageAccounts/revokeUserDelegationKeys/action',
  ],
};

/** A playbook that Sentinel starts with an incident, by itself or because a responder says so; it comments what it did. */
export const playbook = ({ each, kind, reads = [], what, where }: Steps): WorkflowDefinition => ({
  parameters: {
    $connections: { type: 'Object', defaultValue: {} },
    ...Object.fromEntries(reads.map((name) => [name, { type: 'String' }])),
  },
  triggers: {
    Microsoft_Sentinel_incident: {
      type: 'ApiConnectionWebhook',
      inputs: { host: { connection: { name: CONNECTION } }, body: { callback_url: '@{listCallbackUrl()}' }, path: '/incident-creation' },
    },
  },
  actions: {
    entities: {
      type: 'Query',
      runAfter: {},
      inputs: {
        from: "@coalesce(triggerBody()?['object']?['properties']?['relatedEntities'], json('[]'))",
        where: `@and(equals(item()?['kind'], '${kind}'), ${where})`,
      },
    },
    each: { type: 'Foreach', foreach: "@body('entities')", runAfter: { entities: ['Succeeded'] }, actions: each },
    comment: {
      type: 'ApiConnection',
      runAfter: { each: ['Succeeded', 'Failed', 'TimedOut'] },
      inputs: {
        host: { connection: { name: CONNECTION } },
        method: 'post',
        path: '/Incidents/Comment',
        body: {
          incidentArmId: INCIDENT,
          message: `<p>${what}: @{length(body('entities'))} of them, @{if(equals(actions('each')?['status'], 'Succeeded'), 'done', 'NOT all done: look at the run')}.</p>`,
        },
      },
    },
  },
});

/** An incident that is made up, so that responders go through all of it (INC-12). */
export const exercise = (everyMonths: number): WorkflowDefinition => ({
  parameters: { workspaceId: { type: 'String' } },
  triggers: {
    schedule: {
      type: 'Recurrence',
      recurrence: { frequency: 'Month', interval: everyMonths, startTime: '2024-01-10T09:00:00Z', timeZone: 'UTC' },
    },
  },
  actions: {
    incident: arm(
      'PUT',
      `${MANAGEMENT}@{parameters('workspaceId')}/providers/Microsoft.SecurityInsights/incidents/@{guid()}?api-version=2024-09-01`,
      [],
      {
        properties: {
          title: 'Exercise: one identity read case data in bulk',
          description:
            'Go through every task of this incident as if it were real; write down how long each took. Start playbooks on test accounts only.',
          severity: 'High',
          status: 'New',
          labels: [{ labelName: 'exercise' }],
        },
      },
    ),
  },
});
