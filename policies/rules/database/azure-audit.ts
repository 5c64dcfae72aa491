/** What databases on Azure record, and how their settings and sessions are watched. */
import type { ControlId } from '../../../controls';
import { belongingTo } from '../../facts/azure';
import {
  COSMOS,
  MANAGED_INSTANCE,
  MARIADB,
  MYSQL,
  MYSQL_SINGLE,
  POSTGRES,
  POSTGRES_SINGLE,
  SQL,
  SQL_DATABASE,
} from '../../facts/azure-databases';
import type { Graph } from '../../graph';
import { allOf, anyOf, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import { present, setting } from '../setting';

// ── Auditing of Azure SQL ────────────────────────────────────────────────────────────────────────────────────────────

const SERVER_AUDITS = ['azure-native:sql:ServerBlobAuditingPolicy', 'azure-native:sql:ExtendedServerBlobAuditingPolicy'];
const DATABASE_AUDITS = ['azure-native:sql:DatabaseBlobAuditingPolicy', 'azure-native:sql:ExtendedDatabaseBlobAuditingPolicy'];
const AUDITS = [...SERVER_AUDITS, ...DATABASE_AUDITS];
/** Days for which an audit is kept in a storage account; as the CIS benchmark for Azure asks. 0 keeps it for ever. */
const LEAST_DAYS = 90;

/** On, and sent somewhere. */
const records = (audit: Resource): Outcome =>
  allOf(
    audit.at('state').orDefault('Enabled').is('Enabled'),
    anyOf(
      [audit.at('isAzureMonitorTargetEnabled').isTrue(), audit.at('storageEndpoint').isSet()],
      'is sent nowhere: neither storageEndpoint nor isAzureMonitorTargetEnabled is set',
    ),
  );

function auditIsKept(audit: Resource): Outcome {
  const days = audit.at('retentionDays');
  if (audit.at('storageEndpoint').isSet().verdict === 'fail')
    return notApplicable('is kept by the workspace: the days are those of storage accounts');
  return anyOf([days.orDefault(0).is(0), days.isAtLeast(LEAST_DAYS)], `${days.describe()}, less than ${LEAST_DAYS} days`);
}

/** Groups that record every statement; the service takes the first where nobody names any. */
const STATEMENT_GROUPS = ['BATCH_COMPLETED_GROUP', 'BATCH_STARTED_GROUP'];
/** What is recorded one by one where no group is: each on the tables, or schemas, that it names. */
const ACTIONS = ['SELECT', 'INSERT', 'UPDATE', 'DELETE'];

/** Reads and alterations are among what is recorded, and not only sign-ins and changes of rights. */
function recordsStatements(audit: Resource): Outcome {
  const groups = audit.at('auditActionsAndGroups');
  if (groups.state === 'unknown') return groups.asUnknown();
  const listed = groups.items();
  if (listed.length === 0) return pass();
  const group = some(listed, (one) => one.isOneOf(STATEMENT_GROUPS), `${groups.describe()}: no statement is recorded`);
  if (group.verdict !== 'fail') return group;
  return ACTIONS.every((action) => listed.some((one) => one.string?.toUpperCase().startsWith(`${action} ON `))) ? pass() : group;
}

const isAudited = (server: Resource, graph: Graph): Outcome =>
  some(
    SERVER_AUDITS.flatMap((type) => belongingTo(server, type, 'serverName', graph)),
    records,
    'no auditing policy records what happens in its databases',
  );

const audit = (properties: object, type = SERVER_AUDITS[0] as string) => ({
  audit: { type, properties: { serverName: { $ref: 'server.name' }, ...properties } },
});
const only = (properties: object, type = SERVER_AUDITS[0] as string) => ({ resources: { it: { type, properties } } });
const server = (rest: object = {}, type = SQL) => ({ resources: { server: { type, properties: {} }, ...rest } });
const TO_MONITOR = { state: 'Enabled', isAzureMonitorTargetEnabled: true };
const TO_STORAGE = { state: 'Enabled', storageEndpoint: 'https://audits.blob.core.windows.net' };

// ── Server parameters ────────────────────────────────────────────────────────────────────────────────────────────────

/** How each kind of server names its parameters. */
const PARAMETERS: Readonly<Record<string, string>> = {
  [POSTGRES]: 'azure-native:dbforpostgresql:Configuration',
  [POSTGRES_SINGLE]: 'azure-native:dbforpostgresql:SingleServerConfiguration',
  [MYSQL]: 'azure-native:dbformysql:Configuration',
  [MYSQL_SINGLE]: 'azure-native:dbformysql:SingleServerConfiguration',
  [MARIADB]: 'azure-native:dbformariadb:Configuration',
};

/** Asks one parameter of a server; `byDefault` is what the service uses where nobody sets it. */
function parameter(server: Resource, name: string, byDefault: string, graph: Graph, ask: (text: string) => boolean): Outcome {
  const set = belongingTo(server, PARAMETERS[server.type] as string, 'serverName', graph);
  const found = set.find((one) => one.at('configurationName').is(name).verdict === 'pass');
  if (!found) {
    const open = set.find((one) => one.at('configurationName').is(name).verdict === 'unknown');
    if (open) return open.at('configurationName').asUnknown();
    return ask(byDefault) ? pass() : fail(`${name} is not set, and is ${byDefault === '' ? 'empty' : byDefault} by default`);
  }
  const value = found.at('value');
  if (value.state !== 'known') return value.state === 'absent' ? fail(`${name} has no value`) : value.asUnknown();
  return ask((value.string ?? '').toLowerCase()) ? pass() : fail(`${name} is ${JSON.stringify(value.string)}`);
}

const isOn = (text: string): boolean => /^(on|1|true)$/.test(text);

interface Parameter {
  readonly types: readonly string[];
  readonly name: string;
  readonly byDefault: string;
  readonly ask: (text: string) => boolean;
  readonly good: string;
  readonly bad: string;
  readonly why: string;
  readonly severity: RuleSpec['severity'];
}

/** A rule for one parameter of a server, judged at the server: what nobody sets counts too. */
function parameterRule({ ask, bad, byDefault, good, name, severity, types, why }: Parameter): RuleSpec {
  const of = (type: string, value?: unknown) =>
    server(
      value === undefined
        ? {}
        : { parameter: { type: PARAMETERS[type], properties: { serverName: { $ref: 'server.name' }, configurationName: name, value } } },
      type,
    );
  const silent = types.map((type) => ({ name: `nothing said on ${type.split(':')[2]}`, ...of(type) }));
  const [first = ''] = types;
  return rule({
    on: types,
    ...(severity ? { severity } : {}),
    check: (one, graph) => parameter(one, name, byDefault, graph, ask),
    fix: `Set the server parameter ${name} to '${good}' (${why}).`,
    pass: [...types.map((type) => of(type, good)), ...(ask(byDefault) ? silent : [])],
    fail: [...types.map((type) => of(type, bad)), ...(ask(byDefault) ? [] : silent)],
    unknown: [of(first, { $unknown: 'config value' })],
  });
}

const SINGLE = [POSTGRES_SINGLE];
const SESSIONS: readonly RuleSpec[] = [
  { types: [POSTGRES, ...SINGLE], name: 'log_connections', byDefault: 'on', why: 'each sign-in is recorded' },
  { types: [POSTGRES, ...SINGLE], name: 'log_checkpoints', byDefault: 'on', why: 'failures of storage are seen' },
  { types: SINGLE, name: 'log_disconnections', byDefault: 'off', why: 'the end of each session is recorded' },
  { types: SINGLE, name: 'log_duration', byDefault: 'off', why: 'how long a statement took is recorded' },
].map((one) => parameterRule({ ...one, ask: isOn, good: 'on', bad: 'off', severity: 'medium' }));

const STATEMENTS: readonly RuleSpec[] = [
  parameterRule({
    types: [MYSQL, MYSQL_SINGLE, MARIADB],
    name: 'audit_log_enabled',
    byDefault: 'off',
    ask: isOn,
    good: 'ON',
    bad: 'OFF',
    why: 'statements are recorded',
    severity: 'medium',
  }),
  parameterRule({
    types: [POSTGRES],
    name: 'pgaudit.log',
    byDefault: 'none',
    // Reading is what a support system must account for; ALL includes it.
    ask: (text) => /\b(all|read)\b/.test(text) && !/-(all|read)\b/.test(text),
    good: 'ALL',
    bad: 'DDL',
    why: 'with pgaudit in azure.extensions and shared_preload_libraries, statements are recorded',
    severity: 'medium',
  }),
  present({
    on: 'azure-native:cosmosdb:CassandraCluster',
    at: 'properties.cassandraAuditLoggingEnabled',
    like: true,
    else: 'statements are not recorded: cassandraAuditLoggingEnabled is not set',
    severity: 'medium',
    fix: 'Set cassandraAuditLoggingEnabled: true.',
  }),
];

// ── Threats and weaknesses ───────────────────────────────────────────────────────────────────────────────────────────

const ALERTS = [
  'azure-native:sql:ServerSecurityAlertPolicy',
  'azure-native:sql:DatabaseSecurityAlertPolicy',
  'azure-native:sql:DatabaseThreatDetectionPolicy',
  'azure-native:dbforpostgresql:SingleServerServerSecurityAlertPolicy',
];
const ADVANCED = 'azure-native:security:AdvancedThreatProtection';
const PRICING = 'azure-native:security:Pricing';
/** Plans of Defender by the kind of database that they watch. */
const PLANS: Readonly<Record<string, string>> = { [SQL]: 'SqlServers', [MANAGED_INSTANCE]: 'SqlServers', [COSMOS]: 'CosmosDbs' };

/** A policy of its own, or the plan of the subscription, watches it. */
function isWatched(store: Resource, graph: Graph): Outcome {
  const plan = graph
    .ofType(PRICING)
    .filter((one) => graph.exists(one) && one.at('pricingName').is(PLANS[store.type] as string).verdict === 'pass');
  const own =
    store.type === SQL ? belongingTo(store, ALERTS[0] as string, 'serverName', graph) : graph.pointingAt(store, ADVANCED, 'resourceId');
  return anyOf(
    [
      some(plan, (one) => one.at('pricingTier').is('Standard'), 'none'),
      some(own, (one) => (one.type === ADVANCED ? one.at('isEnabled').isTrue() : one.at('state').is('Enabled')), 'none'),
    ],
    `nothing here watches it for threats: no policy of its own, and no Defender plan ${PLANS[store.type]}`,
  );
}

const ASSESSMENTS: Readonly<Record<string, readonly (readonly [type: string, path: string])[]>> = {
  [SQL]: [
    ['azure-native:sql:SqlVulnerabilityAssessmentsSetting', 'serverName'],
    ['azure-native:sql:ServerVulnerabilityAssessment', 'serverName'],
  ],
  [MANAGED_INSTANCE]: [['azure-native:sql:ManagedInstanceVulnerabilityAssessment', 'managedInstanceName']],
};

const isAssessed = (server: Resource, graph: Graph): Outcome =>
  some(
    (ASSESSMENTS[server.type] ?? []).flatMap(([type, path]) => belongingTo(server, type, path, graph)),
    (one) =>
      one.type.endsWith(':SqlVulnerabilityAssessmentsSetting')
        ? one.at('state').is('Enabled')
        : one.at('recurringScans.isEnabled').isTrue(),
    'no vulnerability assessment scans its databases regularly',
  );

const plan = (pricingTier: unknown, pricingName: string) => ({ plan: { type: PRICING, properties: { pricingName, pricingTier } } });
const scan = (properties: object, index = 0, of = SQL) => {
  const [type, path] = (ASSESSMENTS[of] ?? [])[index] as readonly [string, string];
  return { scan: { type, properties: { [path]: { $ref: 'server.name' }, ...properties } } };
};

export const AZURE_AUDIT = {
  'LOG-05': {
    azure: rule({
      on: SQL_DATABASE,
      severity: 'low',
      from: 'high',
      check: (one) => one.at('isLedgerOn').orDefault(false).isTrue(),
      fix: 'Set isLedgerOn: true when the database is made, so that each alteration can be proven; or make single tables ledger tables.',
      pass: [{ resources: { it: { type: SQL_DATABASE, properties: { isLedgerOn: true } } } }],
      fail: [{ resources: { it: { type: SQL_DATABASE, properties: {} } } }],
      unknown: [{ resources: { it: { type: SQL_DATABASE, properties: { isLedgerOn: { $unknown: 'config value' } } } } }],
    }),
  },
  'LOG-06': {
    azure: [
      rule({
        on: SQL,
        check: isAudited,
        fix: "Add an ExtendedServerBlobAuditingPolicy with state 'Enabled' and isAzureMonitorTargetEnabled: true, and a DiagnosticSetting on master.",
        pass: [server(audit(TO_MONITOR)), server(audit(TO_STORAGE)), server(audit(TO_MONITOR, SERVER_AUDITS[1]))],
        fail: [server(), server(audit({ ...TO_MONITOR, state: 'Disabled' })), server(audit({ state: 'Enabled' }))],
        unknown: [server(audit({ ...TO_MONITOR, state: { $unknown: 'config value' } }))],
      }),
      setting({
        on: AUDITS,
        at: 'state',
        is: ['Enabled'],
        not: 'Disabled',
        // Azure refuses a policy without a state.
        unset: 'Enabled',
        fix: "Set state: 'Enabled' with a destination.",
      }),
      rule({
        on: AUDITS,
        from: 'moderate',
        check: recordsStatements,
        fix: 'Add BATCH_COMPLETED_GROUP to auditActionsAndGroups, or leave the list out.',
        pass: [
          only({ ...TO_MONITOR, auditActionsAndGroups: ['FAILED_DATABASE_AUTHENTICATION_GROUP', 'BATCH_COMPLETED_GROUP'] }),
          only(TO_MONITOR, AUDITS[1]),
          only({ ...TO_MONITOR, auditActionsAndGroups: ACTIONS.map((action) => `${action} ON SCHEMA::dbo BY public`) }, AUDITS[2]),
        ],
        fail: [
          only({ ...TO_MONITOR, auditActionsAndGroups: ['FAILED_DATABASE_AUTHENTICATION_GROUP'] }),
          only({ ...TO_MONITOR, auditActionsAndGroups: ['SELECT ON SCHEMA::dbo BY public'] }, AUDITS[3]),
        ],
        unknown: [only({ ...TO_MONITOR, auditActionsAndGroups: { $unknown: 'config value' } })],
      }),
      ...STATEMENTS,
      ...SESSIONS,
    ],
  },
  'LOG-10': {
    azure: [
      rule({
        on: AUDITS,
        check: auditIsKept,
        fix: `Set retentionDays: 0 (for ever) or at least ${LEAST_DAYS}, and protect the container with an immutability policy.`,
        pass: [only({ ...TO_STORAGE, retentionDays: LEAST_DAYS }), only({ ...TO_STORAGE, retentionDays: 0 }), only(TO_STORAGE, AUDITS[3])],
        fail: [only({ ...TO_STORAGE, retentionDays: 30 }), only({ ...TO_STORAGE, retentionDays: 3 }, AUDITS[2])],
        unknown: [only({ ...TO_STORAGE, retentionDays: { $unknown: 'config value' } })],
        skip: [only({ ...TO_MONITOR, storageEndpoint: '', retentionDays: 3 })],
      }),
      parameterRule({
        types: SINGLE,
        name: 'log_retention_days',
        byDefault: '3',
        ask: (text) => Number(text) > 3,
        good: '7',
        bad: '3',
        why: 'the most that the server keeps itself',
        severity: 'medium',
      }),
    ],
  },
  'MON-01': {
    azure: [
      setting({
        on: ALERTS,
        at: 'state',
        is: ['Enabled'],
        not: 'Disabled',
        fix: "Set state: 'Enabled', or remove the policy and enable the Defender plan of the subscription.",
      }),
      rule({
        on: ALERTS,
        severity: 'medium',
        check: (one) =>
          one
            .at('disabledAlerts')
            .items()
            .some((alert) => alert.string !== '')
            ? fail(`${one.at('disabledAlerts').describe()}: these threats raise no alert`, 'disabledAlerts')
            : pass(),
        fix: 'Leave disabledAlerts empty.',
        pass: [only({ disabledAlerts: [] }, ALERTS[0]), only({ disabledAlerts: [''] }, ALERTS[0])],
        fail: [only({ disabledAlerts: ['Sql_Injection'] }, ALERTS[0])],
      }),
      rule({
        on: Object.keys(PLANS),
        severity: 'low',
        check: isWatched,
        fix: 'Enable the Defender plan of the subscription (security.Pricing SqlServers, CosmosDbs), or a policy for this one.',
        pass: [
          server(plan('Standard', 'SqlServers')),
          server(plan('Standard', 'CosmosDbs'), COSMOS),
          server({ policy: { type: ALERTS[0], properties: { serverName: { $ref: 'server.name' }, state: 'Enabled' } } }),
          server({ policy: { type: ADVANCED, properties: { resourceId: { $ref: 'server.id' }, isEnabled: true } } }, COSMOS),
        ],
        fail: [
          server(),
          server(plan('Standard', 'CosmosDbs')),
          server(plan('Free', 'SqlServers'), MANAGED_INSTANCE),
          server({ policy: { type: ALERTS[0], properties: { serverName: { $ref: 'server.name' }, state: 'Disabled' } } }),
          server({ policy: { type: ADVANCED, properties: { resourceId: { $ref: 'server.id' }, isEnabled: false } } }, COSMOS),
        ],
        unknown: [server(plan({ $unknown: 'config value' }, 'SqlServers'))],
      }),
    ],
  },
  'VUL-06': {
    azure: rule({
      on: Object.keys(ASSESSMENTS),
      check: isAssessed,
      fix: "Add a SqlVulnerabilityAssessmentsSetting with state 'Enabled' (a ManagedInstanceVulnerabilityAssessment with recurringScans on instances).",
      pass: [
        server(scan({ state: 'Enabled' })),
        server(scan({ recurringScans: { isEnabled: true } }, 1)),
        server(scan({ recurringScans: { isEnabled: true } }, 0, MANAGED_INSTANCE), MANAGED_INSTANCE),
      ],
      fail: [
        server(),
        server({}, MANAGED_INSTANCE),
        server(scan({ state: 'Disabled' })),
        server(scan({ recurringScans: { isEnabled: false } }, 1)),
      ],
      unknown: [server(scan({ state: { $unknown: 'config value' } }))],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
