/** What a GraphQL schema shows to whom, field by field, and whether it shows the data-protection notice first. */
import { GRAPHQL_API, GRAPHQL_SCHEMA, HTTP_API, REST_API, tagOf } from '../../facts/apis';
import { AUTH_DIRECTIVES, readSchema, type SchemaField, type SchemaReading } from '../../facts/graphql';
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';

/** Marks an API as a tool for people inside; the notice is named with its version: `support-notice@3`. */
const TOOL = 'palisade:tool';
const NOTICE = 'palisade:notice';

type Read = Exclude<SchemaReading, { readonly error: string }>;

/** Judges the schema where it stands in the template and can be read. */
const onSchema =
  (check: (read: Read, schema: Resource, graph: Graph) => Outcome) =>
  (schema: Resource, graph: Graph): Outcome => {
    const definition = schema.at('Definition');
    if (definition.state === 'absent') return unknown('the schema, which is kept elsewhere', 'DefinitionS3Location');
    const text = definition.string;
    if (text === undefined) return definition.asUnknown();
    const read = definition.once(readSchema, () => readSchema(text));
    return 'error' in read ? unknown(`what the schema says: ${read.error}`, 'Definition') : check(read, schema, graph);
  };

const apiOf = (schema: Resource, graph: Graph): Resource | undefined => graph.target(schema.at('ApiId'), GRAPHQL_API);

const listed = (fields: readonly SchemaField[]): string =>
  `${fields
    .slice(0, 4)
    .map(({ name }) => name)
    .join(', ')}${fields.length > 4 ? ` and ${fields.length - 4} more` : ''}`;

/** A field that the schema gives to nobody in particular is given to every signed-in caller; at the root an API may deny that by default. */
function everyFieldIsGiven({ fields, roots }: Read, schema: Resource, graph: Graph): Outcome {
  const denies = apiOf(schema, graph)?.at('UserPoolConfig.DefaultAction').is('DENY').verdict === 'pass';
  const open = fields.filter(
    ({ authorisations, type }) =>
      (authorisations.length === 0 && !(denies && roots.has(type))) ||
      authorisations.some(({ directive, groups }) => isPool(directive) && groups.length === 0),
  );
  return open.length === 0 ? pass() : fail(`every signed-in caller may read ${listed(open)}`, 'Definition');
}

const isPool = (directive: string): boolean => AUTH_DIRECTIVES[directive] === 'AMAZON_COGNITO_USER_POOLS';

/**
 * AppSync reads `@aws_auth` on the fields at which requests begin only, and only where the user pool is the sole provider;
 * `@aws_cognito_user_pools` reaches every field, but only where there is a further provider.
 */
function directivesHaveEffect({ fields, roots }: Read, schema: Resource, graph: Graph): Outcome {
  const by = (name: string) => fields.filter(({ authorisations }) => authorisations.some(({ directive }) => directive === name));
  const old = by('aws_auth');
  const nested = by('aws_cognito_user_pools').filter(({ type }) => !roots.has(type));
  const deep = old.filter(({ type }) => !roots.has(type));
  if (deep.length > 0) return fail(`@aws_auth has no effect below the root: ${listed(deep)}`, 'Definition');
  if (old.length === 0 && nested.length === 0) return notApplicable('no directive depends on the providers');
  const further = apiOf(schema, graph)?.at('AdditionalAuthenticationProviders');
  if (!further) return unknown('the providers of the API', 'ApiId');
  if (further.state === 'unknown') return further.asUnknown();
  const several = further.items().length > 0;
  if (several && old.length > 0) return fail(`@aws_auth has no effect where the API has further providers: ${listed(old)}`, 'Definition');
  return !several && nested.length > 0
    ? fail(`@aws_cognito_user_pools has no effect below the root while the API has one provider only: ${listed(nested)}`, 'Definition')
    : pass();
}

/** A field that asks for less than the API does. */
const takesNoKeys = ({ fields }: Read): Outcome => {
  const open = fields.filter(({ authorisations }) => authorisations.some(({ directive }) => directive === 'aws_api_key'));
  return open.length === 0 ? pass() : fail(`an API key is enough for ${listed(open)}`, 'Definition');
};

const offers =
  (root: RegExp, field: RegExp, missing: string) =>
  ({ fields }: Read, schema: Resource, graph: Graph): Outcome => {
    const api = apiOf(schema, graph);
    if (!api || tagOf(api, NOTICE)?.isSet().verdict !== 'pass') return notApplicable('its API names no notice');
    return fields.some((each) => root.test(each.type) && field.test(each.field)) ? pass() : fail(missing, 'Definition');
  };

function namesNotice(api: Resource): Outcome {
  const tool = tagOf(api, TOOL);
  if (tool === undefined) return notApplicable('is not marked as an internal tool');
  if (tool.is('internal').verdict !== 'pass')
    return tool.is('internal').verdict === 'unknown' ? tool.asUnknown() : notApplicable('is no internal tool');
  const notice = tagOf(api, NOTICE);
  return notice ? notice.matches(/^[^@\s]+@[^@\s]+$/) : fail(`has no tag ${NOTICE}`, 'Tags');
}

const tags = (values: object) => Object.entries(values).map(([Key, Value]) => ({ Key, Value }));
const api = (Properties: object = {}) => ({
  Api: { Type: GRAPHQL_API, Properties: { Name: 'cases', AuthenticationType: 'AMAZON_COGNITO_USER_POOLS', ...Properties } },
});
const schema = (Definition: unknown) => ({
  Schema: { Type: GRAPHQL_SCHEMA, Properties: { ApiId: { 'Fn::GetAtt': ['Api', 'ApiId'] }, Definition } },
});
const FOR_AGENTS = '@aws_cognito_user_pools(cognito_groups: ["agent"])';
const NOTICED = api({ Tags: tags({ [NOTICE]: 'support@1' }) });
const DENIED = api({ UserPoolConfig: { UserPoolId: 'p', DefaultAction: 'DENY' } });
const IAM_TOO = api({ AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_IAM' }] });

export const graphqlSchema = {
  'FLS-02': {
    aws: [
      rule({
        on: GRAPHQL_SCHEMA,
        check: onSchema(everyFieldIsGiven),
        from: 'high',
        fix: 'Use FieldSecuredApi, which writes the schema from the field catalogue, or put @aws_cognito_user_pools(cognito_groups: […]) on each type and field.',
        pass: [
          { name: 'on the type', resources: { ...schema(`type Query ${FOR_AGENTS} { case: String }`), ...api() } },
          { name: 'on the field', resources: { ...schema(`type Query { case: String ${FOR_AGENTS} }`), ...api() } },
          { name: 'a role', resources: { ...schema('type Query { case: String @aws_iam }'), ...api() } },
          { name: 'denied by default', resources: { ...schema('type Query { case: String }'), ...DENIED } },
        ],
        fail: [
          { name: 'denied by default reaches the root only', resources: { ...schema('type Case { notes: String }'), ...DENIED } },
          { resources: { ...schema('type Query { case: String }'), ...api() } },
          { name: 'one of two', resources: { ...schema(`type Query { case: String ${FOR_AGENTS} notes: String }`), ...api() } },
          { name: 'no group', resources: { ...schema('type Query { case: String @aws_cognito_user_pools }'), ...api() } },
          {
            name: 'an extension',
            resources: { ...schema(`type Query { case: String ${FOR_AGENTS} } extend type Query { notes: String }`), ...api() },
          },
        ],
        unknown: [
          { resources: { ...schema('type Query {'), ...api() } },
          {
            resources: {
              Schema: { Type: GRAPHQL_SCHEMA, Properties: { ApiId: 'a1', DefinitionS3Location: 's3://definitions/schema.graphql' } },
            },
          },
          { parameters: { Text: { Type: 'String' } }, resources: schema({ Ref: 'Text' }) },
        ],
      }),
      rule({
        on: GRAPHQL_SCHEMA,
        check: onSchema(directivesHaveEffect),
        severity: 'medium',
        fix: 'Write @aws_cognito_user_pools(cognito_groups: […]) instead of @aws_auth, and give the API a further provider such as AWS_IAM.',
        pass: [
          { resources: { ...schema('type Query { case: String @aws_auth(cognito_groups: ["agent"]) }'), ...api() } },
          { resources: { ...schema(`type Case { notes: String ${FOR_AGENTS} }`), ...IAM_TOO } },
        ],
        fail: [
          { resources: { ...schema(`type Case { notes: String ${FOR_AGENTS} }`), ...api() } },
          { resources: { ...schema('type Query { case: String @aws_auth(cognito_groups: ["agent"]) }'), ...IAM_TOO } },
          { resources: { ...schema('type Case { notes: String @aws_auth(cognito_groups: ["agent"]) }'), ...api() } },
        ],
        skip: [{ resources: { ...schema('type Query { case: String }'), ...api() } }],
      }),
    ],
  },

  'DID-24': {
    aws: rule({
      on: GRAPHQL_SCHEMA,
      check: onSchema(takesNoKeys),
      fix: 'Remove @aws_api_key from the type or field.',
      pass: [{ resources: { ...schema(`type Query { case: String ${FOR_AGENTS} }`), ...api() } }],
      fail: [
        { resources: { ...schema('type Query { case: String @aws_api_key }'), ...api() } },
        { resources: { ...schema('type Case @aws_api_key @aws_iam { notes: String }'), ...api() } },
      ],
    }),
  },

  'PRV-01': {
    aws: rule({
      on: GRAPHQL_SCHEMA,
      check: onSchema(offers(/^Query$/, /notice/i, 'no query returns the data-protection notice')),
      fix: 'Use FieldSecuredApi, or add a query that returns the current notice, and ask for it before anything else.',
      pass: [{ resources: { ...schema('type Query { dataProtectionNotice: String }'), ...NOTICED } }],
      fail: [{ resources: { ...schema('type Query { case: String }'), ...NOTICED } }],
      skip: [{ resources: { ...schema('type Query { case: String }'), ...api() } }],
    }),
  },

  'PRV-02': {
    aws: rule({
      on: GRAPHQL_SCHEMA,
      check: onSchema(offers(/^Mutation$/, /acknowledg|accept.*notice/i, 'no mutation records that the notice was acknowledged')),
      fix: 'Use FieldSecuredApi, or add a mutation that stores who acknowledged which version of the notice, and when.',
      pass: [{ resources: { ...schema('type Mutation { acknowledgeNotice(version: String!): Boolean }'), ...NOTICED } }],
      fail: [{ resources: { ...schema('type Mutation { closeCase: Boolean }'), ...NOTICED } }],
      skip: [{ resources: { ...schema('type Mutation { closeCase: Boolean }'), ...api() } }],
    }),
  },

  'PRV-03': {
    aws: rule({
      on: [GRAPHQL_API, REST_API, HTTP_API],
      check: namesNotice,
      fix: `Use FieldSecuredApi with notice, or tag the API ${NOTICE} with the id and version of its notice: support-notice@3.`,
      pass: [
        { resources: api({ Tags: tags({ [TOOL]: 'internal', [NOTICE]: 'support@1' }) }) },
        { resources: { Api: { Type: HTTP_API, Properties: { Tags: { [TOOL]: 'internal', [NOTICE]: 'support@1' } } } } },
      ],
      fail: [
        { resources: api({ Tags: tags({ [TOOL]: 'internal' }) }) },
        { name: 'without a version', resources: api({ Tags: tags({ [TOOL]: 'internal', [NOTICE]: 'support' }) }) },
      ],
      skip: [{ resources: api() }, { resources: api({ Tags: tags({ [TOOL]: 'public' }) }) }],
    }),
  },
} as const satisfies Specs;
