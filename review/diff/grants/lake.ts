/** Rights in the data lake: on databases, tables, columns and rows, and who decides about them. */

import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, type Reader, valueAt } from '../reading';
import { type Grant, name, type Read, type Readers, sorted, texts } from './parts';

/** Rights in words; the others by their names. */
const WORDS: Readonly<Record<string, string>> = {
  ALL: 'do everything with',
  SUPER_USER: 'do everything with',
  SELECT: 'read',
  INSERT: 'write to',
  DELETE: 'delete from',
  DESCRIBE: 'see',
  ALTER: 'alter',
  DROP: 'delete',
  CREATE_TABLE: 'create tables in',
  CREATE_DATABASE: 'create databases in',
  DATA_LOCATION_ACCESS: 'bring into the lake',
  ASSOCIATE: 'mark others with',
};
const WHOLE = ['ALL', 'SUPER', 'SUPER_USER'];
const GRAVE = new Set([...WHOLE, 'DROP']);
/** All that a right includes. */
const rightsIn = (right: string): readonly string[] => (WHOLE.includes(right) ? [...Object.keys(WORDS), ...WHOLE] : [right]);

interface Where {
  readonly words: string;
  readonly scopes: readonly string[];
}

const quoted = (value: Plain | undefined, reader: Reader): string => reader.words(asText(value) ?? 'unknown');

function tableIn(table: PlainMap, reader: Reader): Where {
  const database = quoted(table.DatabaseName, reader);
  if (table.TableWildcard !== undefined || table.Name === undefined)
    return { words: `every table of the database ${database}`, scopes: [`${database}/*`] };
  const whole = `${database}/${quoted(table.Name, reader)}`;
  const words = `the table ${quoted(table.Name, reader)} of the database ${database}`;
  const columns = texts(table.ColumnNames);
  if (columns.length > 0)
    return { words: `the columns ${sorted(columns)} of ${words}`, scopes: columns.map((column) => `${whole}/column/${column}`) };
  const excluded = texts(valueAt(table, 'ColumnWildcard.ExcludedColumnNames'));
  if (excluded.length === 0) return { words, scopes: [`${whole}/*`] };
  const spared = sorted(excluded.map((column) => `${whole}/column/${column}`));
  return { words: `${words} without the columns ${sorted(excluded)}`, scopes: [`${whole}/* but ${spared}`] };
}

/** What of the lake, in both forms of the resource. */
function whereIn(value: Plain | undefined, reader: Reader): Where {
  const form = asMap(value);
  const part = (key: string): PlainMap | undefined => {
    const found = form[key] ?? form[`${key}Resource`];
    return found === undefined ? undefined : asMap(found);
  };
  const table = part('TableWithColumns') ?? part('Table');
  if (table) return tableIn(table, reader);
  const database = part('Database');
  if (database) return { words: `the database ${quoted(database.Name, reader)}`, scopes: [`database ${quoted(database.Name, reader)}`] };
  const location = part('DataLocation');
  if (location) {
    const place = quoted(location.ResourceArn ?? location.S3Resource, reader);
    return { words: `the location ${place}`, scopes: [`location ${place}`] };
  }
  const filter = part('DataCellsFilter');
  if (filter) {
    const [named, held] = [quoted(filter.Name, reader), `${quoted(filter.DatabaseName, reader)}/${quoted(filter.TableName, reader)}`];
    return { words: `what the filter ${named} leaves of ${held}`, scopes: [`${held}/filter/${named}`] };
  }
  const policy = part('LFTagPolicy');
  if (policy) return taggedIn(policy, reader);
  const tag = part('LFTag');
  if (tag) {
    const key = quoted(tag.TagKey, reader);
    return { words: `the tag ${key}`, scopes: texts(tag.TagValues).map((one) => `tag ${key}=${one}`) };
  }
  return { words: 'the catalogue', scopes: ['the catalogue'] };
}

/** Whatever carries tags: each further condition leaves less of it, so that only the same expression reaches the same. */
function taggedIn({ Expression, ResourceType }: PlainMap, reader: Reader): Where {
  const tests = asList(Expression).map((item) => {
    const { TagKey, TagValues } = asMap(item);
    return `${quoted(TagKey, reader)} is ${[...texts(TagValues)].sort().join(' or ')}`;
  });
  const kind = asText(ResourceType) === 'DATABASE' ? 'database' : 'table';
  return { words: `every ${kind} of which ${tests.sort().join(' and ')}`, scopes: [`${kind} ${tests.join(' and ')}`] };
}

const rights =
  (principal: string): Read =>
  (properties, resource, reader) => {
    const who = asText(valueAt(properties, `${principal}.DataLakePrincipalIdentifier`));
    if (who === undefined) return [];
    const { scopes, words } = whereIn(properties.Resource, reader);
    const by = `, by ${name(resource, reader)}`;
    const on = (right: string) => `${WORDS[right] ?? right} ${words} in the lake`;
    return [
      ...texts(properties.Permissions).map(
        (right): Grant => ({
          who,
          can: `can ${on(right)}`,
          by,
          severity: GRAVE.has(right) ? 'critical' : right === 'DESCRIBE' ? 'low' : 'high',
          path: 'Permissions',
          reach: { of: 'the lake', rights: rightsIn(right), scopes },
        }),
      ),
      ...texts(properties.PermissionsWithGrantOption).map(
        (right): Grant => ({
          who,
          can: `can let others ${on(right)}`,
          by,
          severity: 'critical',
          path: 'PermissionsWithGrantOption',
          reach: { of: 'grants in the lake', rights: rightsIn(right), scopes },
        }),
      ),
    ];
  };

/** Whoever IAM lets in: nothing in the lake is asked of them. */
const EVERYBODY = 'IAM_ALLOWED_PRINCIPALS';

const settings: Read = (properties, resource, reader) => {
  const by = `, by ${name(resource, reader)}`;
  const named = (path: string, can: string, severity: Grant['severity']) =>
    asList(properties[path]).flatMap((item): readonly Grant[] => {
      const who = asText(asMap(item).DataLakePrincipalIdentifier) ?? asText(item);
      return who === undefined ? [] : [{ who, can, by, severity, path }];
    });
  const usual = (path: string, what: string) =>
    asList(properties[path]).flatMap((item): readonly Grant[] => {
      const who = asText(valueAt(item, 'Principal.DataLakePrincipalIdentifier'));
      if (who === undefined) return [];
      return texts(asMap(item).Permissions).map((right) => ({
        who: who === EVERYBODY ? 'whoever IAM lets in' : who,
        can: `can ${WORDS[right] ?? right} every new ${what} of the lake`,
        by,
        severity: 'high',
        path,
        reach: { of: `new ${what}`, rights: rightsIn(right), scopes: ['*'] },
      }));
    });
  const switched = (path: string, can: string): readonly Grant[] =>
    String(properties[path]) === 'true' ? [{ who: 'engines outside', can, by, severity: 'high', path }] : [];
  return [
    ...switched('AllowExternalDataFiltering', 'can read the lake and filter its rows and columns by themselves'),
    ...switched('AllowFullTableExternalDataAccess', 'can read whole tables of the lake without saying for whom'),
    ...named('Admins', 'administers the whole lake', 'critical'),
    ...named('ReadOnlyAdmins', 'sees everything that the lake knows of its data', 'medium'),
    ...named('ExternalDataFilteringAllowList', 'can read the lake with engines outside that filter by themselves', 'high'),
    ...named('TrustedResourceOwners', 'may act on resources of its own without being asked for tags of the session', 'medium'),
    ...usual('CreateDatabaseDefaultPermissions', 'database'),
    ...usual('CreateTableDefaultPermissions', 'table'),
  ];
};

/** A location that IAM opens by itself, beside the rights of the lake. */
const hybrid: Read = ({ HybridAccessEnabled, ResourceArn }, resource, reader) =>
  String(HybridAccessEnabled) === 'true'
    ? [
        {
          who: 'whoever IAM lets in',
          can: `can reach the location ${quoted(ResourceArn, reader)} without rights in the lake`,
          by: `, by ${name(resource, reader)}`,
          severity: 'high',
          path: 'HybridAccessEnabled',
          lasting: true,
        },
      ]
    : [];

/** What every new table of a database lets do. */
const database: Read = ({ DatabaseInput }, resource, reader) =>
  asList(asMap(DatabaseInput).CreateTableDefaultPermissions).flatMap((item) => {
    const who = asText(valueAt(item, 'Principal.DataLakePrincipalIdentifier'));
    if (who === undefined) return [];
    return texts(asMap(item).Permissions).map(
      (right): Grant => ({
        who: who === EVERYBODY ? 'whoever IAM lets in' : who,
        can: `can ${WORDS[right] ?? right} every new table of ${name(resource, reader)}`,
        severity: 'high',
        path: 'DatabaseInput',
        reach: { of: `new table of ${name(resource, reader)}`, rights: rightsIn(right), scopes: ['*'] },
      }),
    );
  });

/** What of a table is left to whoever is granted the filter. */
const filter: Read = ({ ColumnNames, ColumnWildcard, DatabaseName, Name, RowFilter, TableName }, resource, reader) => {
  const expression = asText(asMap(RowFilter).FilterExpression);
  const table = { DatabaseName: DatabaseName ?? 'unknown', Name: TableName ?? 'unknown' };
  const { scopes, words } = tableIn(
    { ...table, ...(ColumnNames === undefined ? {} : { ColumnNames }), ...(ColumnWildcard === undefined ? {} : { ColumnWildcard }) },
    reader,
  );
  const rows = expression === undefined || expression === 'true' ? '' : `the rows where ${reader.words(expression)} in `;
  return [
    {
      who: `whoever may read by the filter ${quoted(Name, reader)}`,
      can: `can read ${rows}${words} in the lake`,
      by: `, by ${name(resource, reader)}`,
      severity: 'high',
      path: rows === '' ? 'ColumnWildcard' : 'RowFilter',
      reach: { of: `filter ${expression}`, rights: rows === '' ? [rows, 'all rows'] : [rows], scopes },
      lasting: true,
    },
  ];
};

export const LAKE: Readers = [
  [/^AWS::LakeFormation::PrincipalPermissions$/, rights('Principal')],
  [/^AWS::LakeFormation::Permissions$/, rights('DataLakePrincipal')],
  [/^AWS::LakeFormation::DataLakeSettings$/, settings],
  [/^AWS::LakeFormation::DataCellsFilter$/, filter],
  [/^AWS::LakeFormation::Resource$/, hybrid],
  [/^AWS::Glue::Database$/, database],
];
