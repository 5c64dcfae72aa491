/** What a GraphQL schema says in its definition language: types, fields, and who may see each of them in AppSync. */
import type {
  ConstDirectiveNode,
  DefinitionNode,
  FieldDefinitionNode,
  ObjectTypeDefinitionNode,
  ObjectTypeExtensionNode,
} from 'graphql/language/ast';
import { Kind } from 'graphql/language/kinds';
import { parse } from 'graphql/language/parser';

/** Directives by which AppSync authorises, with the authentication type that each speaks of. */
export const AUTH_DIRECTIVES: Readonly<Record<string, string>> = {
  aws_auth: 'AMAZON_COGNITO_USER_POOLS',
  aws_cognito_user_pools: 'AMAZON_COGNITO_USER_POOLS',
  aws_iam: 'AWS_IAM',
  aws_lambda: 'AWS_LAMBDA',
  aws_oidc: 'OPENID_CONNECT',
  aws_api_key: 'API_KEY',
};

/** A directive that says who may see a type or a field. */
export interface Authorisation {
  readonly directive: string;
  /** Groups of the user pool; empty where the directive names none. */
  readonly groups: readonly string[];
}

/** A field of an object type. */
export interface SchemaField {
  /** `Case.subject` */
  readonly name: string;
  readonly type: string;
  readonly field: string;
  /** On the field itself, else on its type. */
  readonly authorisations: readonly Authorisation[];
  /** Whether the directives stand on the field itself. */
  readonly own: boolean;
}

/** A schema that was understood, or why it was not. */
export type SchemaReading = { readonly fields: readonly SchemaField[]; readonly roots: ReadonlySet<string> } | { readonly error: string };

/** Reads a schema in the definition language. */
export function readSchema(definition: string): SchemaReading {
  let definitions: readonly DefinitionNode[];
  try {
    ({ definitions } = parse(definition, { noLocation: true }));
  } catch (error) {
    return { error: error instanceof Error ? (error.message.split('\n')[0] as string) : String(error) };
  }
  const fields = definitions.filter(isObject).flatMap(fieldsOf);
  return { fields, roots: rootsOf(definitions) };
}

const isObject = (node: DefinitionNode): node is ObjectTypeDefinitionNode | ObjectTypeExtensionNode =>
  node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.OBJECT_TYPE_EXTENSION;

function fieldsOf(type: ObjectTypeDefinitionNode | ObjectTypeExtensionNode): readonly SchemaField[] {
  const common = authorisationsOf(type.directives);
  return (type.fields ?? []).map((field: FieldDefinitionNode): SchemaField => {
    const own = authorisationsOf(field.directives);
    return {
      name: `${type.name.value}.${field.name.value}`,
      type: type.name.value,
      field: field.name.value,
      authorisations: own.length > 0 ? own : common,
      own: own.length > 0,
    };
  });
}

const authorisationsOf = (directives: readonly ConstDirectiveNode[] | undefined): readonly Authorisation[] =>
  (directives ?? [])
    .filter(({ name }) => Object.hasOwn(AUTH_DIRECTIVES, name.value))
    .map(({ name, arguments: args }) => {
      const groups = args?.find((each) => each.name.value === 'cognito_groups')?.value;
      const values = groups?.kind === Kind.LIST ? groups.values : groups ? [groups] : [];
      return { directive: name.value, groups: values.flatMap((value) => (value.kind === Kind.STRING ? [value.value] : [])) };
    });

/** Names of the types that requests begin at. */
function rootsOf(definitions: readonly DefinitionNode[]): ReadonlySet<string> {
  const schemas = definitions.filter((node) => node.kind === Kind.SCHEMA_DEFINITION || node.kind === Kind.SCHEMA_EXTENSION);
  const named = schemas.flatMap(({ operationTypes = [] }) => operationTypes.map(({ type }) => type.name.value));
  return new Set(named.length > 0 ? named : ['Query', 'Mutation', 'Subscription']);
}
