/** What an API tells of itself: the schemas of its records, and the operations with what they take and give. */
import type { FieldCatalogue, FieldType, RecordType } from '../fields';
import { HEADERS, type Operation, pathOf } from './edge-api-filter';

/** Types and formats of JSON Schema by what a field holds. */
const SCHEMAS: Readonly<Record<FieldType, object>> = {
  id: { type: 'string', maxLength: 128 },
  text: { type: 'string' },
  integer: { type: 'integer' },
  decimal: { type: 'number' },
  boolean: { type: 'boolean' },
  time: { type: 'string', format: 'date-time' },
  date: { type: 'string', format: 'date' },
  email: { type: 'string' },
  phone: { type: 'string' },
  address: { type: 'string' },
  url: { type: 'string' },
};

type Fields = RecordType<string>['fields'];

const closed = (properties: object, more: object = {}) => ({ type: 'object', additionalProperties: false, properties, ...more });
const propertiesOf = (fields: Fields, only: (field: Fields[string]) => boolean, nullable: boolean): object =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => only(field))
      .map(([name, { list, type = 'text' }]) => {
        const schema = list ? { type: 'array', items: SCHEMAS[type] } : SCHEMAS[type];
        return [name, nullable ? { ...schema, nullable: true } : schema];
      }),
  );

/** Fields that somebody sees, and fields that somebody alters; what nobody sees is in no schema (FLS-01). */
export function schemasOf<R extends string>(catalogue: FieldCatalogue<R>): Readonly<Record<string, object>> {
  return Object.fromEntries(
    Object.entries<RecordType<R>>(catalogue.records).flatMap(([record, { fields }]): [string, object][] => {
      const all = fields as Fields;
      const seen = propertiesOf(all, ({ masked, read }) => Boolean(read?.length) || Object.keys(masked ?? {}).length > 0, false);
      const altered = propertiesOf(all, ({ alter }) => Boolean(alter?.length), true);
      return [
        [record, closed(seen)],
        [
          `${record}Page`,
          closed(
            { items: { type: 'array', items: { $ref: `#/components/schemas/${record}` } }, nextToken: { type: 'string' } },
            { required: ['items'] },
          ),
        ],
        [`${record}Change`, closed(altered, { minProperties: 1 })],
      ];
    }),
  );
}

/** What an operation of the gateway takes and gives, in the words of its resource. */
export interface OperationShape {
  readonly displayName: string;
  readonly method: string;
  readonly urlTemplate: string;
  readonly templateParameters: readonly { readonly name: string; readonly type: string; readonly required: boolean }[];
  readonly request: object;
  readonly responses: readonly object[];
}

/** An operation of the API, with its headers, its parameters and the schema of what is sent and returned. */
export function shapeOf<R extends string>(
  catalogue: FieldCatalogue<R>,
  { id, kind, record, roles }: Operation,
  schemaId: string,
): OperationShape {
  const type = catalogue.records[record] as RecordType<R>;
  const bound = type.case !== undefined && type.case !== type.key;
  const parameter = (name: string, required: boolean, more: object = {}) => ({ name, type: 'string', required, ...more });
  const header = [
    parameter(HEADERS.purpose, true, { values: [...type.purposes] }),
    parameter(HEADERS.notice, true),
    ...(bound ? [parameter(HEADERS.case, true)] : []),
  ];
  const content = (typeName: string) => ({ contentType: 'application/json', schemaId, typeName });
  const query = ['limit', 'nextToken', ...(type.listedBy === undefined ? [] : [type.listedBy])].map((each) => parameter(each, false));
  const one = kind !== 'page';
  const title = { get: 'Read', page: 'List', alter: 'Alter' }[kind];
  return {
    displayName: `${title} ${record} (${id}), for ${roles.join(', ')}`.slice(0, 300),
    method: kind === 'alter' ? 'PATCH' : 'GET',
    urlTemplate: one ? `${pathOf(record)}/{id}` : pathOf(record),
    templateParameters: one ? [{ name: 'id', type: 'string', required: true }] : [],
    request: {
      headers: header,
      queryParameters: one ? [] : query,
      representations: kind === 'alter' ? [content(`${record}Change`)] : [],
    },
    responses: [
      {
        statusCode: 200,
        description: 'What the role of the caller may see',
        representations: kind === 'alter' ? [] : [content(one ? record : `${record}Page`)],
      },
    ],
  };
}
