import type { IClusterEngine, IInstanceEngine } from 'aws-cdk-lib/aws-rds';
import { reaches, type Tier } from '../contract';

/** How an engine is made to refuse clear text, to record statements, and to hand its records over. */
interface Engine {
  /** Beside the port that everybody tries first. */
  readonly port: number;
  /** Refuses sessions in clear text (TLS-05). */
  readonly tls: Readonly<Record<string, string>>;
  /** Records who connects, at every tier. */
  readonly sessions: Readonly<Record<string, string>>;
  /** Records statements, from the moderate tier on (LOG-06). */
  readonly audit: Readonly<Record<string, string>>;
  /** Logs that go to CloudWatch. */
  readonly exports: readonly string[];
  /** Records statements by an option instead of by parameters. */
  readonly auditOption?: string;
}

/** pgAudit also records sessions' role and the statement; parameters, which hold customer data, are left out. */
const POSTGRES: Engine = {
  port: 5433,
  tls: { 'rds.force_ssl': '1' },
  sessions: { log_connections: '1', log_disconnections: '1' },
  audit: { shared_preload_libraries: 'pgaudit,pg_stat_statements', 'pgaudit.log': 'ddl,read,role,write', 'pgaudit.log_parameter': '0' },
  exports: ['postgresql'],
};
const MYSQL_PORT = 3307;
const MYSQL_TLS = { require_secure_transport: 'ON' };

const ENGINES: Readonly<Record<string, Engine>> = {
  'aurora-postgresql': POSTGRES,
  // Aurora ships no log of upgrades.
  postgres: { ...POSTGRES, exports: [...POSTGRES.exports, 'upgrade'] },
  'aurora-mysql': {
    port: MYSQL_PORT,
    tls: MYSQL_TLS,
    sessions: {},
    audit: { server_audit_logging: '1', server_audit_events: 'CONNECT,QUERY_DCL,QUERY_DDL,QUERY_DML' },
    exports: ['audit', 'error'],
  },
  mysql: {
    port: MYSQL_PORT,
    tls: { require_secure_transport: '1' },
    sessions: {},
    audit: {},
    exports: ['audit', 'error'],
    auditOption: 'MARIADB_AUDIT_PLUGIN',
  },
  mariadb: {
    port: MYSQL_PORT,
    tls: { require_secure_transport: '1' },
    sessions: {},
    audit: {},
    exports: ['audit', 'error'],
    auditOption: 'MARIADB_AUDIT_PLUGIN',
  },
};

/** What the floor of an engine asks for at a tier. */
export interface EngineFloor {
  readonly port: number;
  readonly parameters: Readonly<Record<string, string>>;
  readonly exports: readonly string[];
  readonly auditOption: string | undefined;
}

/**
 * The floor of an engine: TLS always, statements from the moderate tier on.
 *
 * @throws Error when the engine cannot be made to keep TLS-05 and LOG-06 by parameters
 */
export function floorOf(where: string, engine: IClusterEngine | IInstanceEngine, tier: Tier): EngineFloor {
  const { engineType } = engine;
  const found = ENGINES[engineType];
  if (!found)
    throw new Error(`${where}: engine ${engineType} is not among those that are hardened: ${Object.keys(ENGINES).join(', ')} (TLS-05)`);
  const audited = reaches(tier, 'moderate');
  return {
    port: found.port,
    parameters: { ...found.sessions, ...(audited ? found.audit : {}), ...found.tls },
    exports: found.exports.filter((log) => log !== 'audit' || audited),
    auditOption: audited ? found.auditOption : undefined,
  };
}

/**
 * The user's parameters, and the floor over them. Libraries to preload are joined.
 *
 * @throws Error when a parameter of the user contradicts the floor
 */
export function parametersOf(where: string, floor: EngineFloor, user: Readonly<Record<string, string>> = {}): Record<string, string> {
  const libraries = 'shared_preload_libraries';
  for (const [name, value] of Object.entries(user)) {
    const wanted = floor.parameters[name];
    if (wanted !== undefined && name !== libraries && value !== wanted)
      throw new Error(`${where}: parameters sets ${name} to "${value}"; it has to be "${wanted}" (TLS-05, LOG-06)`);
  }
  const joined = [...new Set([...(floor.parameters[libraries]?.split(',') ?? []), ...(user[libraries]?.split(',') ?? [])])].join(',');
  return { ...user, ...floor.parameters, ...(joined ? { [libraries]: joined } : {}) };
}
