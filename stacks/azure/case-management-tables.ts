/** T-SQL beside the column rights: what the service itself reads to decide who reaches a record, and who is let into a case. */
import type { FieldCatalogue, RecordType } from '../../constructs/azure';
import { safeName } from '../../constructs/azure/database-columns';

/** Longest time for which somebody is let into a single case, in hours; the same as on the other cloud. */
export const LONGEST_GRANT_HOURS = 8;

const WHERE = 'reachScript';
/** Longest name of the engine, in bytes. */
const LONGEST_NAME = 128;
const name = (text: string): string => `[${safeName(WHERE, text, LONGEST_NAME).replaceAll(']', ']]')}]`;
const text = (value: string): string => `N'${value.replaceAll("'", "''")}'`;

/** The fields that say whose a record is: its key, its case, who is assigned, and by what it is listed. */
const bindings = (record: RecordType<string>): readonly string[] => [
  ...new Set([record.key, record.case, record.assignee, record.listedBy].filter((field) => field !== undefined)),
];

/**
 * Lets the service itself read the fields that say whose a record is, and none that says what is in it; and makes the tables in
 * which it keeps who acknowledged the notice and who was let into which case. A grant lasts eight hours at most, is for one
 * purpose, and is given by somebody else: the table refuses any other. Nothing of both is ever changed or deleted by the service.
 *
 * @param group group of the directory whose only member is the identity of the service
 * @throws RangeError for a name that cannot be written safely
 */
export function reachScript<R extends string>(catalogue: FieldCatalogue<R>, group: string): string {
  const [user, role] = [name(group), '[palisade_reach]'];
  const grants = Object.entries<RecordType<R>>(catalogue.records).map(
    ([record, type]) =>
      `GRANT SELECT ON OBJECT::[dbo].${name(record)} (${bindings(type as RecordType<string>)
        .map(name)
        .join(', ')}) TO ${role};`,
  );
  return [
    '-- Who reaches a record, and who is let into a case.',
    'SET XACT_ABORT ON;',
    `IF DATABASE_PRINCIPAL_ID(${text('palisade_reach')}) IS NULL CREATE ROLE ${role};`,
    `IF DATABASE_PRINCIPAL_ID(${text(group)}) IS NULL CREATE USER ${user} FROM EXTERNAL PROVIDER;`,
    `ALTER ROLE ${role} ADD MEMBER ${user};`,
    ...grants,
    `IF SCHEMA_ID(${text('access')}) IS NULL EXEC (${text('CREATE SCHEMA [access]')});`,
    `IF OBJECT_ID(${text('access.Grants')}) IS NULL CREATE TABLE [access].[Grants] (`,
    '  [caseId] nvarchar(128) NOT NULL,',
    '  [engineer] uniqueidentifier NOT NULL,',
    '  [grantedBy] uniqueidentifier NOT NULL,',
    '  [purpose] nvarchar(64) NOT NULL,',
    '  [ticket] nvarchar(64) NOT NULL CHECK (LEN([ticket]) > 0),',
    '  [from] datetime2 NOT NULL DEFAULT SYSUTCDATETIME(),',
    '  [until] datetime2 NOT NULL,',
    '  PRIMARY KEY ([caseId], [engineer], [from]),',
    '  CHECK ([grantedBy] <> [engineer]),',
    `  CHECK ([until] > [from] AND [until] <= DATEADD(hour, ${LONGEST_GRANT_HOURS}, [from]))`,
    ');',
    `IF OBJECT_ID(${text('access.Acknowledgements')}) IS NULL CREATE TABLE [access].[Acknowledgements] (`,
    '  [person] uniqueidentifier NOT NULL,',
    '  [notice] nvarchar(64) NOT NULL,',
    '  [version] nvarchar(64) NOT NULL,',
    '  [at] datetime2 NOT NULL DEFAULT SYSUTCDATETIME(),',
    '  PRIMARY KEY ([person], [notice], [version])',
    ');',
    `GRANT SELECT, INSERT ON SCHEMA::[access] TO ${role};`,
    `DENY UPDATE, DELETE ON SCHEMA::[access] TO ${role};`,
    '',
  ].join('\n');
}
