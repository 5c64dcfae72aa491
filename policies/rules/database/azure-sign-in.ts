/** Who signs in to a database on Azure, and with what: identities of the directory, no keys and no passwords. */
import type { ControlId } from '../../../controls';
import { belongingTo } from '../../facts/azure';
import {
  CITUS,
  COSMOS,
  FILE_SYNC,
  KUSTO,
  MANAGED_INSTANCE,
  MYSQL,
  NETAPP,
  POSTGRES,
  REDIS,
  REDIS_DATABASE,
  SEARCH,
  SQL,
  SYNAPSE,
} from '../../facts/azure-databases';
import type { Graph } from '../../graph';
import { allOf, anyOf, fail, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import { setting } from '../setting';

/** Separate resources that say the same as the server itself: type, and how they name the server. */
const ONLY: Readonly<Record<string, readonly [type: string, path: string]>> = {
  [SQL]: ['azure-native:sql:ServerAzureADOnlyAuthentication', 'serverName'],
  [MANAGED_INSTANCE]: ['azure-native:sql:ManagedInstanceAzureADOnlyAuthentication', 'managedInstanceName'],
};
const ADMINISTRATORS: Readonly<Record<string, readonly [type: string, path: string]>> = {
  [SQL]: ['azure-native:sql:ServerAzureADAdministrator', 'serverName'],
  [MANAGED_INSTANCE]: ['azure-native:sql:ManagedInstanceAdministrator', 'managedInstanceName'],
  [POSTGRES]: ['azure-native:dbforpostgresql:Administrator', 'serverName'],
  [MYSQL]: ['azure-native:dbformysql:AzureADAdministrator', 'serverName'],
  'azure-native:dbforpostgresql:SingleServer': ['azure-native:dbforpostgresql:SingleServerServerAdministrator', 'serverName'],
  'azure-native:dbformysql:SingleServer': ['azure-native:dbformysql:SingleServerServerAdministrator', 'serverName'],
};
/** The same administrators under the name that the service gives them since 2025. */
const RENAMED: Readonly<Record<string, string>> = { [POSTGRES]: 'azure-native:dbforpostgresql:AdministratorsMicrosoftEntra' };
const MYSQL_PARAMETER = 'azure-native:dbformysql:Configuration';

function onlyDirectory(server: Resource, graph: Graph): Outcome {
  const [type, path] = ONLY[server.type] as readonly [string, string];
  const inline = server.at('administrators.azureADOnlyAuthentication').orDefault(false).isTrue();
  return anyOf(
    [inline, some(belongingTo(server, type, path, graph), (one) => one.at('azureADOnlyAuthentication').isTrue(), 'none')],
    'logins with a password work: azureADOnlyAuthentication is not true',
  );
}

/** Somebody of the directory administers the server, inline or beside it. */
function hasDirectoryAdministrator(server: Resource, graph: Graph): Outcome {
  const [named, path] = ADMINISTRATORS[server.type] as readonly [string, string];
  const types = [named, ...(RENAMED[server.type] === undefined ? [] : [RENAMED[server.type] as string])];
  const beside = types.some((type) => belongingTo(server, type, path, graph).length > 0);
  const inline = ONLY[server.type] !== undefined && server.at('administrators.sid').isSet().verdict === 'pass';
  if (beside || inline) return pass();
  const waiting = types.flatMap((type) => graph.ofType(type)).find((one) => one.at(path).state === 'unknown');
  return waiting ? waiting.at(path).asUnknown() : fail('no administrator of the directory is declared for the server');
}

function mysqlOnlyDirectory(server: Resource, graph: Graph): Outcome {
  return some(
    belongingTo(server, MYSQL_PARAMETER, 'serverName', graph).filter(
      (one) => one.at('configurationName').is('aad_auth_only').verdict !== 'fail',
    ),
    (one) => one.at('value').isOneOf(['on', '1', 'true']),
    'the parameter aad_auth_only is not set: logins with a password work',
  );
}

const server = (type: string, properties: object, rest: object = {}) => ({ resources: { server: { type, properties }, ...rest } });
const administrator = (of: string, renamed?: string) => {
  const [named, path] = ADMINISTRATORS[of] as readonly [string, string];
  const type = renamed ?? named;
  return { administrator: { type, properties: { [path]: { $ref: 'server.name' }, tenantId: 't' } } };
};
const only = (of: string, azureADOnlyAuthentication: unknown) => {
  const [type, path] = ONLY[of] as readonly [string, string];
  return { only: { type, properties: { [path]: { $ref: 'server.name' }, azureADOnlyAuthentication } } };
};
const parameter = (value: unknown) => ({
  parameter: { type: MYSQL_PARAMETER, properties: { serverName: { $ref: 'server.name' }, configurationName: 'aad_auth_only', value } },
});

const IDENTITY_ONLY: readonly RuleSpec[] = [
  rule({
    on: Object.keys(ONLY),
    check: onlyDirectory,
    fix: 'Set administrators.azureADOnlyAuthentication: true with a group of the directory as administrator.',
    pass: [
      ...Object.keys(ONLY).map((type) => server(type, { administrators: { azureADOnlyAuthentication: true } })),
      ...Object.keys(ONLY).map((type) => server(type, {}, only(type, true))),
    ],
    fail: [
      ...Object.keys(ONLY).map((type) => server(type, { administratorLogin: 'sa' })),
      server(SQL, { administrators: { azureADOnlyAuthentication: false } }),
      server(SQL, {}, only(SQL, false)),
    ],
    unknown: [server(SQL, { administrators: { azureADOnlyAuthentication: { $unknown: 'config value' } } })],
  }),
  setting({
    on: SYNAPSE,
    at: 'azureADOnlyAuthentication',
    is: [true],
    not: false,
    unset: false,
    fix: 'Set azureADOnlyAuthentication: true.',
  }),
  setting({
    on: [POSTGRES, CITUS],
    at: 'authConfig.passwordAuth',
    is: ['Disabled'],
    not: 'Enabled',
    unset: 'Enabled',
    fix: "Set authConfig: { activeDirectoryAuth: 'Enabled', passwordAuth: 'Disabled', tenantId }.",
  }),
  rule({
    on: MYSQL,
    check: mysqlOnlyDirectory,
    fix: "Add an AzureADAdministrator, and a Configuration aad_auth_only with the value 'ON'.",
    pass: [server(MYSQL, {}, parameter('ON'))],
    fail: [server(MYSQL, {}), server(MYSQL, {}, parameter('OFF'))],
    unknown: [server(MYSQL, {}, parameter({ $unknown: 'config value' }))],
  }),
  setting({
    on: COSMOS,
    at: 'disableLocalAuth',
    is: [true],
    not: false,
    unset: false,
    where: { at: 'kind', is: ['GlobalDocumentDB'], unset: 'GlobalDocumentDB' },
    fix: 'Set disableLocalAuth: true, and give clients data-plane roles (SqlResourceSqlRoleAssignment).',
  }),
  setting({
    on: SEARCH,
    at: 'disableLocalAuth',
    is: [true],
    not: false,
    unset: false,
    fix: 'Set disableLocalAuth: true, and give clients roles on the service.',
  }),
  setting({
    on: REDIS,
    at: 'disableAccessKeyAuthentication',
    is: [true],
    not: false,
    unset: false,
    fix: "Set disableAccessKeyAuthentication: true and redisConfiguration.aadEnabled: 'true', and assign access policies.",
  }),
  setting({
    on: REDIS_DATABASE,
    at: 'accessKeysAuthentication',
    is: ['Disabled'],
    not: 'Enabled',
    unset: 'Disabled',
    fix: "Set accessKeysAuthentication: 'Disabled', and assign access policies.",
  }),
  setting({
    on: REDIS,
    at: 'redisConfiguration.authnotrequired',
    is: [false],
    not: true,
    unset: false,
    severity: 'critical',
    fix: 'Remove redisConfiguration.authnotrequired: without it nobody reads the cache unasked.',
  }),
  setting({
    on: COSMOS,
    at: 'disableKeyBasedMetadataWriteAccess',
    is: [true],
    not: false,
    unset: false,
    severity: 'medium',
    where: { at: 'disableLocalAuth', is: [false], unset: false },
    fix: 'Set disableKeyBasedMetadataWriteAccess: true, or better disableLocalAuth: true: a key then changes no databases and containers.',
  }),
  setting({
    on: NETAPP,
    at: 'activeDirectories[].aesEncryption',
    is: [true],
    not: false,
    unset: false,
    severity: 'medium',
    fix: 'Set aesEncryption: true (and ldapSigning: true) on each Active Directory connection.',
  }),
];

/** Services that call others in the name of the system. */
const CALLERS = [SEARCH, KUSTO, FILE_SYNC] as const;

export const AZURE_SIGN_IN = {
  'LPA-14': { azure: IDENTITY_ONLY },
  'IDA-01': {
    azure: rule({
      on: Object.keys(ADMINISTRATORS),
      severity: 'medium',
      check: hasDirectoryAdministrator,
      fix: 'Declare a group of the directory as administrator (administrators.sid, ServerAzureADAdministrator or Administrator).',
      pass: [
        ...Object.keys(ADMINISTRATORS).map((type) => server(type, {}, administrator(type))),
        server(POSTGRES, {}, administrator(POSTGRES, RENAMED[POSTGRES])),
        ...Object.keys(ONLY).map((type) => server(type, { administrators: { sid: '11111111-1111-1111-1111-111111111111' } })),
      ],
      fail: Object.keys(ADMINISTRATORS).map((type) => server(type, {})),
      unknown: [
        {
          resources: {
            server: { type: SQL, properties: {} },
            administrator: { type: ADMINISTRATORS[SQL]?.[0] as string, properties: { serverName: { $unknown: 'config value' } } },
          },
        },
      ],
    }),
  },
  'IDA-10': {
    azure: rule({
      on: CALLERS,
      severity: 'low',
      check: (one) => {
        const identity = one.at('identity.type');
        return allOf(identity.isSet(), identity.isNoneOf(['None']));
      },
      fix: "Set identity.type: 'SystemAssigned' (or UserAssigned), and let what it calls accept the identity instead of a key.",
      pass: CALLERS.map((type) => ({ resources: { it: { type, properties: { identity: { type: 'SystemAssigned' } } } } })),
      fail: [
        ...CALLERS.map((type) => ({ resources: { it: { type, properties: {} } } })),
        { resources: { it: { type: SEARCH, properties: { identity: { type: 'None' } } } } },
      ],
      unknown: [{ resources: { it: { type: SEARCH, properties: { identity: { type: { $unknown: 'config value' } } } } } }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
