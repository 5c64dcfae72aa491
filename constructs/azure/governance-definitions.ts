import type { ControlId } from '../contract';

/** A definition that Azure brings along, what it takes, and the control that it enforces. */
export interface BuiltInPolicy {
  /** Name of the definition, the same in every directory. */
  readonly id: string;
  /** Control that it enforces. */
  readonly control: ControlId;
  /** What whoever is refused reads. */
  readonly message: string;
  /** Parameters, as the definition names them. @default none */
  readonly parameters?: Readonly<Record<string, unknown>>;
}

const DENY = { effect: 'Deny' };
const deny = (id: string, control: ControlId, message: string): BuiltInPolicy => ({ id, control, message, parameters: DENY });

/**
 * What is refused in every scope. Ids and parameters are those of the definitions as Azure publishes them; each takes the
 * effect as a parameter, unless it always denies.
 */
export const GUARDRAILS = {
  'storage-public-network': deny('b2982f36-99f2-4db5-8eff-283140c09693', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'storage-public-blobs': deny('4fa4b6c0-31ca-4c0d-b10d-24b96f62a751', 'DHC-05', 'Set allowBlobPublicAccess to false.'),
  'storage-shared-keys': deny('8c6a50c6-9ffd-4ae7-986f-5fa6111f9a54', 'LPA-14', 'Set allowSharedKeyAccess to false.'),
  'storage-clear-text': deny('404c3081-a854-4457-ae30-26a93ef643f9', 'TLS-03', 'Set supportsHttpsTrafficOnly to true.'),
  'storage-other-directories': deny('92a89a79-6c52-4a7e-a03f-61306fc49312', 'EXP-03', 'Set allowCrossTenantReplication to false.'),
  'storage-tls': {
    id: 'fe83a0eb-a853-422d-aac2-1bffd182c5d0',
    control: 'TLS-01',
    message: "Set minimumTlsVersion to 'TLS1_2'.",
    parameters: { ...DENY, minimumTlsVersion: 'TLS1_2' },
  },
  'vault-network': deny('55615ac9-af46-4a59-874e-391cc3dfb490', 'ENC-07', "Set networkAcls.defaultAction to 'Deny'."),
  'vault-roles': deny('12d4fa5e-1f9f-4c21-97a9-b99b3c6611b5', 'ENC-07', 'Set enableRbacAuthorization to true.'),
  'vault-purge': deny('0b60c0b2-2dc2-4e1c-b5c9-abbed971de53', 'ENC-05', 'Set enablePurgeProtection to true.'),
  'service-bus-public-network': deny('cbd11fd3-3002-4907-b6c8-579f0e700e13', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'service-bus-shared-keys': deny('cfb11c26-f069-4c14-8e36-56c394dae5af', 'LPA-14', 'Set disableLocalAuth to true.'),
  'event-hubs-public-network': deny('0602787f-9896-402a-a6e1-39ee63ee435e', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'event-hubs-shared-keys': deny('5d4e3c65-4873-47be-94f3-6f8b953a3598', 'LPA-14', 'Set disableLocalAuth to true.'),
  'event-grid-public-network': deny('1adadefe-5f21-44f7-b931-a59b54ccdb45', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'event-grid-shared-keys': deny('ae9fb87f-8a17-4428-94a4-8135d431055c', 'LPA-14', 'Set disableLocalAuth to true.'),
  'cosmos-public-network': deny('797b37f7-06b8-444c-b1ad-fc62867f335a', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'cosmos-shared-keys': deny('5450f5bd-9c72-4390-a9c4-a7aba4edfdd2', 'LPA-14', 'Set disableLocalAuth to true.'),
  'sql-public-network': deny('1b8ca024-1d5c-4dec-8995-b1a932b41780', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'sql-passwords': deny('abda6d70-9778-44e7-84a8-06713e6db027', 'LPA-14', 'Set administrators.azureADOnlyAuthentication to true.'),
  'sql-tls': deny('32e6bbec-16b6-44c2-be37-c5b672d103cf', 'TLS-01', "Set minimalTlsVersion to '1.2'."),
  'redis-public-network': deny('470baccb-7e51-4549-8b1a-3e5be069f663', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'redis-clear-text': deny('22bee202-a82f-4305-9a2a-6d7f44d4dedb', 'TLS-03', 'Set enableNonSslPort to false.'),
  'search-public-network': deny('ee980b6d-0eca-4501-8d54-f6290fd512c3', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'search-shared-keys': deny('6300012e-e9a4-4649-b41f-a85f5c43be91', 'LPA-14', 'Set disableLocalAuth to true.'),
  'registry-public-network': deny('0fdf0491-d080-4575-b627-ad0e843cba0f', 'DID-05', "Set publicNetworkAccess to 'Disabled'."),
  'registry-export': deny('524b0254-c285-4903-bee6-bb8126cde579', 'EXP-02', "Set policies.exportPolicy.status to 'disabled'."),
  'registry-administrator': deny('dc921057-6b28-4fbe-9b83-f7bec05db6c2', 'LPA-14', 'Set adminUserEnabled to false.'),
  'public-addresses': {
    id: '83a86a26-fd1f-447c-b59d-e51f44264114',
    control: 'DID-02',
    message: 'Network interfaces have no public address; come in through the declared edge.',
  },
} as const satisfies Readonly<Record<string, BuiltInPolicy>>;

/** What can be excepted by name. */
export type Guardrail = keyof typeof GUARDRAILS;

/** Definitions that take a list, each assigned by itself. */
export const LISTS = {
  locations: { id: 'e56962a6-4747-49cd-b67b-bf8b01975c4c', parameter: 'listOfAllowedLocations' },
  'group-locations': { id: 'e765b5de-1225-4ba3-bd56-1ac6695af988', parameter: 'listOfAllowedLocations' },
  types: { id: 'a08ec900-254a-4555-9bf5-e42af04b5c5c', parameter: 'listOfResourceTypesAllowed' },
} as const;

/** Refuses resource groups without a tag; the name of the tag is its parameter. */
export const TAG_ON_GROUPS = '96670d01-0a4d-4649-9c89-2d3abc0a5025';

/** Where a definition of Azure's own stands. */
export const builtIn = (id: string): string => `/providers/Microsoft.Authorization/policyDefinitions/${id}`;

/** Gives a resource the tag of its group. The definition that Azure brings along asks for the right to change everything. */
export const INHERIT_TAG = {
  mode: 'Indexed',
  parameters: { tagName: { type: 'String', metadata: { displayName: 'Tag', description: 'Name of the tag that is inherited' } } },
  policyRule: {
    if: {
      allOf: [
        { field: "[concat('tags[', parameters('tagName'), ']')]", exists: 'false' },
        { value: "[resourceGroup().tags[parameters('tagName')]]", notEquals: '' },
      ],
    },
    // biome-ignore lint/suspicious/noThenProperty: the policy language says so
    then: {
      effect: 'modify',
      details: {
        // Tag Contributor: writes tags, and nothing else.
        roleDefinitionIds: ['/providers/Microsoft.Authorization/roleDefinitions/4a9ae827-6dc8-4573-8ac7-8239d42aa03f'],
        operations: [
          {
            operation: 'add',
            field: "[concat('tags[', parameters('tagName'), ']')]",
            value: "[resourceGroup().tags[parameters('tagName')]]",
          },
        ],
      },
    },
  },
} as const;
