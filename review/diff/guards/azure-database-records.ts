/** Parameters of PostgreSQL and MySQL on Azure that decide which statements are recorded. */
import type { Plain, PlainMap } from '../plain';
import { asMap, asText } from '../reading';
import { all, none } from './azure-parts';
import { type Guard, turned } from './parts';

const POSTGRES = /^azure-native:dbforpostgresql:(SingleServer)?Configuration$/;
const MYSQL = /^azure-native:(dbformysql|dbformariadb):(SingleServer)?Configuration$/;

const nameOf = (parameter: Plain): string => (asText(asMap(parameter).configurationName) ?? '').toLowerCase();
const listOf = (parameter: PlainMap): readonly string[] =>
  (asText(parameter.value) ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
const lowerOf = (parameter: PlainMap): readonly string[] => listOf(parameter).map((one) => one.toLowerCase());

/** Classes of statements of the extension, as its list names them. */
const PGAUDIT = ['read', 'write', 'function', 'role', 'ddl', 'misc', 'misc_set'];
function audited(parameter: PlainMap): readonly string[] {
  const listed = lowerOf(parameter);
  const left = listed.flatMap((one) => (one.startsWith('-') ? [one.slice(1)] : []));
  return listed
    .flatMap((one) => (one === 'all' ? PGAUDIT : PGAUDIT.includes(one) ? [one] : []))
    .filter((one) => !left.includes(one) && !left.includes('all'));
}

/** Kinds of events, of which some stand for several others. */
const STATEMENTS = ['dml_select', 'dml_nonselect'];
const HOLDS: Readonly<Record<string, readonly string[]>> = {
  dml: STATEMENTS,
  general: [...STATEMENTS, 'ddl', 'dcl', 'admin'],
};
const events = (parameter: PlainMap): readonly string[] => lowerOf(parameter).flatMap((one) => HOLDS[one] ?? [one]);

const isCalled =
  (name: string, more: (parameter: PlainMap) => boolean = () => true) =>
  (parameter: Plain): boolean =>
    nameOf(parameter) === name && more(asMap(parameter));
const ENDS = 'statements are not recorded any more';

export const AZURE_DATABASE_RECORDS: readonly Guard[] = [
  {
    on: POSTGRES,
    aspect: 'logging',
    severity: 'high',
    ends: ENDS,
    when: isCalled('shared_preload_libraries', loadsAudit),
    parts: [
      turned(
        'value',
        loadsAudit,
        'statements are not recorded any more: the server does not load pgaudit',
        'statements can be recorded: the server loads pgaudit',
      ),
    ],
  },
  {
    on: POSTGRES,
    aspect: 'logging',
    severity: 'high',
    ends: ENDS,
    when: isCalled('pgaudit.log', (parameter) => audited(parameter).length > 0),
    parts: [all('value', 'the statements that it records', audited)],
  },
  {
    on: MYSQL,
    aspect: 'logging',
    severity: 'high',
    when: isCalled('audit_log_events'),
    parts: [all('value', 'what it records', events)],
  },
  {
    on: MYSQL,
    aspect: 'logging',
    severity: 'high',
    silences: 'what they do is not recorded',
    when: isCalled('audit_log_exclude_users', (parameter) => people(parameter).length > 0),
    parts: [none('value', 'whose statements it does not record', people)],
  },
  {
    on: MYSQL,
    aspect: 'logging',
    severity: 'high',
    silences: 'only the statements of those that it lists are recorded',
    when: isCalled('audit_log_include_users', (parameter) => listOf(parameter).length > 0),
    parts: [all('value', 'whose statements it records', listOf)],
  },
];

function loadsAudit(parameter: PlainMap): boolean {
  return lowerOf(parameter).includes('pgaudit');
}
/** The service itself signs in under this name; leaving it out is the default. */
function people(parameter: PlainMap): readonly string[] {
  return listOf(parameter).filter((one) => one.toLowerCase() !== 'azure_superuser');
}
