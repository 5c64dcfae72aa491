import { Match, Template } from 'aws-cdk-lib/assertions';
import { AuthorizationType, type CfnGraphQLApi, type CfnGraphQLSchema } from 'aws-cdk-lib/aws-appsync';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Kind, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { type CaseRole, FieldSecuredApi, type FieldSecuredApiProps, SecureGraphqlApi } from '../constructs/aws';
import { schemaOf } from '../constructs/aws/edge-graphql-schema';
import { fieldCatalogue } from '../constructs/fields';
import { TIERS, type Tier } from '../controls';
import { stackOf } from './support/aws-constructs';
import { brokenRules } from './support/broken';
import { CASE_CATALOGUE } from './support/case-catalogue';
import { fieldSecuredParts } from './support/case-fields';
import { edge as least } from './support/least/edge';
import { relaxationOf } from './support/relaxation';

const make = (props: Partial<FieldSecuredApiProps<CaseRole>> = {}, tier: Tier = 'high') => {
  const stack = stackOf(tier);
  const api = new FieldSecuredApi(stack, 'Api', { name: 'cases', ...fieldSecuredParts(stack), ...props });
  return { stack, api, template: () => Template.fromStack(stack) };
};

describe('the schema of a catalogue', () => {
  const text = schemaOf(CASE_CATALOGUE, ['supervisor']);
  const { definitions } = parse(text);
  const objects = definitions.filter((each) => each.kind === Kind.OBJECT_TYPE_DEFINITION);
  const groupsOf = (node: (typeof objects)[number] | NonNullable<(typeof objects)[number]['fields']>[number]) =>
    node.directives?.flatMap(({ name, arguments: args }) =>
      name.value === 'aws_cognito_user_pools' && args?.[0]?.value.kind === Kind.LIST
        ? args[0].value.values.map((value) => (value.kind === Kind.STRING ? value.value : ''))
        : [],
    ) ?? [];
  const field = (type: string, name: string) =>
    objects.find((each) => each.name.value === type)?.fields?.find((each) => each.name.value === name);

  it('gives every type and every field to named groups', () => {
    for (const type of objects) {
      expect(groupsOf(type).length, type.name.value).toBeGreaterThan(0);
      for (const each of type.fields ?? []) expect(groupsOf(each).length, `${type.name.value}.${each.name.value}`).toBeGreaterThan(0);
    }
  });

  it('gives each field to the roles that read it, masked ones included', () => {
    const groups = (type: string, name: string) => groupsOf(field(type, name) as NonNullable<ReturnType<typeof field>>);
    expect(groups('Case', 'subject')).toEqual(['agent', 'supportEngineer']);
    expect(groups('Case', 'owner')).toEqual(['supervisor']);
    expect(groups('Case', 'phone')).toEqual(['agent', 'supportEngineer']);
    expect(groups('Query', 'casePage')).toEqual(['agent', 'supervisor']);
    expect(groups('Query', 'note')).toEqual(['supportEngineer', 'supervisor']);
    expect(groups('Mutation', 'alterNote')).toEqual(['supportEngineer']);
    expect(groups('Mutation', 'grantAccess')).toEqual(['supervisor']);
  });

  it('does not tell of a field that nobody reads', () => {
    expect(text).not.toContain('internalScore');
    expect(field('Case', 'internalScore')).toBeUndefined();
  });

  it('lets only those fields be changed that somebody may alter', () => {
    const change = definitions.find((each) => each.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && each.name.value === 'CaseChange');
    expect(change?.kind === Kind.INPUT_OBJECT_TYPE_DEFINITION && change.fields?.map(({ name }) => name.value)).toEqual(['owner', 'status']);
  });

  it('holds masked variants as text, and shows the notice and its acknowledgement', () => {
    expect(text).toMatch(/^ {2}phone: String @/m);
    expect(text).toMatch(/dataProtectionNotice: DataProtectionNotice! @/);
    expect(text).toMatch(/acknowledgeNotice\(version: String!\): NoticeAcknowledgement! @/);
  });

  it('has no way to grant access where nobody may', () => {
    expect(schemaOf(CASE_CATALOGUE, [])).not.toMatch(/grantAccess|CaseAccess/);
  });

  it('keeps descriptions inside their comments', () => {
    const catalogue = fieldCatalogue({
      records: {
        Case: {
          key: 'id',
          reach: { supervisor: 'all' },
          purposes: ['x'],
          fields: {
            id: { type: 'id', sensitivity: 'internal', read: ['supervisor'], description: 'a\n} type Query { everything: String' },
          },
        },
      },
    });
    expect(parse(schemaOf(catalogue, [])).definitions.map((each) => ('name' in each ? each.name?.value : ''))).not.toContain('everything');
    expect(schemaOf(catalogue, [])).toMatch(/# a } type Query { everything: String$/m);
  });
});

describe('a field-secured API', () => {
  it.each(TIERS)('is private, tells no schema, bounds requests and records fields at tier %s', (tier) => {
    make({}, tier)
      .template()
      .hasResourceProperties('AWS::AppSync::GraphQLApi', {
        AuthenticationType: 'AMAZON_COGNITO_USER_POOLS',
        AdditionalAuthenticationProviders: [{ AuthenticationType: 'AWS_IAM' }],
        Visibility: 'PRIVATE',
        IntrospectionConfig: 'DISABLED',
        QueryDepthLimit: 6,
        ResolverCountLimit: 10,
        XrayEnabled: true,
        LogConfig: { ExcludeVerboseContent: true, FieldLogLevel: tier === 'low' ? 'ERROR' : 'ALL' },
        EnvironmentVariables: { ACCESS_TABLE: 'access', AUDIT_TABLE: 'audit', TABLE_Case: 'cases', TABLE_Note: 'notes' },
        Tags: Match.arrayWith([
          { Key: 'palisade:notice', Value: 'support-notice@3' },
          { Key: 'palisade:tool', Value: 'internal' },
        ]),
      });
  });

  it('asks for the notice, for access and for a record in every pipeline, in this order', () => {
    const { template } = make({ grantors: ['supervisor'] });
    const resources = template();
    const nameOf = (attribute: { 'Fn::GetAtt': [string, string] }) =>
      resources.findResources('AWS::AppSync::FunctionConfiguration')[attribute['Fn::GetAtt'][0]]?.Properties.Name;
    const pipelines = Object.fromEntries(
      Object.values(resources.findResources('AWS::AppSync::Resolver', { Properties: { Kind: 'PIPELINE' } })).map(({ Properties }) => [
        Properties.FieldName,
        Properties.PipelineConfig.Functions.map(nameOf),
      ]),
    );
    expect(pipelines).toEqual({
      case: ['NoticeCheck', 'GrantCheck', 'CaseReadOne', 'CaseRecord'],
      casePage: ['NoticeCheck', 'GrantCheck', 'CaseReadPage', 'CaseRecord'],
      alterCase: ['NoticeCheck', 'GrantCheck', 'CaseAlter'],
      note: ['NoticeCheck', 'GrantCheck', 'NoteReadOne', 'NoteRecord'],
      alterNote: ['NoticeCheck', 'GrantCheck', 'NoteAlter'],
      grantAccess: ['NoticeCheck', 'GrantAccess'],
      endAccess: ['NoticeCheck', 'EndAccess'],
    });
  });

  it('gives each data source one thing to do, to one table, and no attribute that nobody reads', () => {
    const policies = Object.values(
      make({ grantors: ['supervisor'] })
        .template()
        .findResources('AWS::IAM::ManagedPolicy'),
    ).map(({ Properties }) => Properties);
    const actions = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement.flatMap(({ Action }: { Action: string }) => Action));
    expect(actions.filter((action: string) => /Scan|Batch|Export|\*|PartiQL|GetRecords/.test(action))).toEqual([]);
    const reader = policies.find(({ Description }) => Description.endsWith('CaseRead'))?.PolicyDocument.Statement;
    expect(reader).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:GetItem', 'dynamodb:Query'],
        Resource: [
          'arn:aws:dynamodb:eu-central-1:111122223333:table/cases',
          'arn:aws:dynamodb:eu-central-1:111122223333:table/cases/index/byAssignee',
          'arn:aws:dynamodb:eu-central-1:111122223333:table/cases/index/byTeam',
        ],
        Condition: {
          'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['id', 'owner', 'team', 'status', 'subject', 'phone'] },
          StringEqualsIfExists: { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' },
        },
      },
    ]);
    const writer = policies.find(({ Description }) => Description.endsWith('CaseAlter'))?.PolicyDocument.Statement;
    expect(writer[0]).toMatchObject({
      Action: 'dynamodb:UpdateItem',
      Condition: { 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['id', 'owner', 'team', 'status'] } },
    });
    const acknowledging = policies.find(({ Description }) => Description.endsWith('Acknowledge'))?.PolicyDocument.Statement;
    expect(acknowledging[0].Condition).toEqual({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['NOTICE#support-notice'] } });
  });

  it('lets data sources use the keys of their tables, and be assumed for this API only', () => {
    const stack = stackOf('high');
    const key = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-central-1:111122223333:key/a');
    const cases = Table.fromTableAttributes(stack, 'Cases', {
      tableArn: 'arn:aws:dynamodb:eu-central-1:111122223333:table/cases',
      encryptionKey: key,
    });
    const parts = fieldSecuredParts(stack);
    new FieldSecuredApi(stack, 'Api', { name: 'cases', ...parts, tables: { ...parts.tables, Case: cases } });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: Match.stringLikeRegexp('CaseRead$'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: Match.arrayWith(['kms:Decrypt']),
            Resource: key.keyArn,
            Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-central-1.amazonaws.com' } },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: { StringEquals: { 'aws:SourceAccount': Match.anyValue() }, ArnLike: { 'aws:SourceArn': Match.anyValue() } },
          }),
        ],
      },
    });
  });

  it('stays far below the limits of code and resources', () => {
    const template = make({ grantors: ['supervisor'] }).template();
    expect(Object.keys(template.toJSON().Resources).length).toBeLessThan(80);
    for (const { Properties } of Object.values(template.findResources('AWS::AppSync::FunctionConfiguration')))
      expect(Properties.Code.length).toBeLessThan(32_000);
  });

  const parts = fieldSecuredParts(stackOf('high'));
  it.each<[string, Partial<FieldSecuredApiProps<CaseRole>>, RegExp]>([
    ['a record without a table', { tables: { Case: parts.tables.Case } }, /tables has none for Note; write tables: \{ Note: … \}/],
    ['a table without a record', { tables: { ...parts.tables, Other: parts.audit } }, /tables names Other, which is not in the catalogue/],
    ['no notice', { notice: undefined as never }, /notice is incomplete.*PRV-03/],
    ['a notice without a text', { notice: { id: 'a', version: '1', text: ' ' } }, /notice is incomplete/],
    ['a version that breaks out of its tag', { notice: { id: 'a', version: '1@2', text: 'x' } }, /notice is incomplete/],
    ['pages of any size', { pageSize: 1000 }, /pageSize is 1000; write a whole number from 1 to 50 \(EXP-06\)/],
    ['no page at all', { pageSize: 0 }, /pageSize is 0/],
    [
      'a grantor that is no role',
      { grantors: ['admin' as CaseRole] },
      /grantors names "admin"; write one of agent, supportEngineer, supervisor/,
    ],
    [
      'an API key',
      { furtherAuthorization: [{ authorizationType: AuthorizationType.API_KEY }] },
      /holds an API key, which tells nobody apart.*DID-16/,
    ],
    ['one provider only', { furtherAuthorization: [] }, /furtherAuthorization is empty; AppSync then ignores the groups of nested fields/],
    ['a depth without end', { queryDepthLimit: 0 }, /queryDepthLimit is 0; write a whole number from 1 to 75/],
    ['resolvers without end', { resolverCountLimit: 1e6 }, /resolverCountLimit is 1000000/],
    ['a promise that is firm', { relax: [relaxationOf('PRV-01')] }, /PRV-01 cannot be relaxed on FieldSecuredApi: write the notice/],
  ])('refuses %s', (_, props, message) => {
    expect(() => make(props)).toThrow(message);
    expect(() => make(props)).toThrow(/^Cases\/Api: /);
  });

  it('stands behind a web ACL where it is public', () => {
    const template = make({ webAclArn: 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/cases/1' }).template();
    template.hasResourceProperties('AWS::AppSync::GraphQLApi', { Visibility: 'GLOBAL' });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('Api'), 'Arn'] },
    });
  });

  it('records the waiver of what is relaxed', () => {
    make({ relax: [relaxationOf('FLS-01')] })
      .template()
      .hasResource('AWS::AppSync::GraphQLApi', {
        Properties: { IntrospectionConfig: 'ENABLED' },
        Metadata: Match.objectLike({ Palisade: { waivers: [Match.objectLike({ rule: 'FLS-01.edge' })] } }),
      });
  });
});

describe('a GraphQL API', () => {
  it('keeps its records in a group that it may write to, and nothing else', () => {
    const stack = stackOf('high');
    const api = least.SecureGraphqlApi?.(stack, 'Api') as SecureGraphqlApi;
    expect(api).toBeInstanceOf(SecureGraphqlApi);
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: { 'Fn::Join': ['', ['/aws/appsync/apis/', Match.anyValue()]] },
      RetentionInDays: 731,
    });
    template.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [{ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Effect: 'Allow', Resource: Match.anyValue() }],
      },
    });
    template.hasResourceProperties('AWS::IAM::Role', { ManagedPolicyArns: Match.absent() });
    // The CDK's own way to a log group would race with this one.
    expect(Object.keys(template.findResources('Custom::LogRetention'))).toEqual([]);
  });
});

type Made = ReturnType<typeof make>;
const apiOf = ({ api }: Made) => api.node.findChild('Resource') as CfnGraphQLApi;
const schemaIn = ({ api }: Made) => api.node.findChild('Schema') as CfnGraphQLSchema;

describe('a field-secured API that was weakened later is told by', () => {
  const broken = (weaken: (subject: Made) => void) => {
    const subject = make();
    weaken(subject);
    // Tags are put on by synthesis.
    apiOf(subject).addPropertyOverride('Tags', [
      { Key: 'palisade:tool', Value: 'internal' },
      { Key: 'palisade:notice', Value: 'support-notice@3' },
    ]);
    return brokenRules(subject.stack, 'edge');
  };
  const rewritten = (from: RegExp, to: string) => (subject: Made) =>
    schemaIn(subject).addPropertyOverride('Definition', subject.api.schemaText.replaceAll(from, to));

  it('nothing, as long as nobody weakens it', () => {
    expect(broken(() => undefined)).toEqual([]);
  });

  it.each<[string, (subject: Made) => void, string]>([
    [
      'DID-16.edge: an API key',
      (one) => apiOf(one).addPropertyOverride('AdditionalAuthenticationProviders.0.AuthenticationType', 'API_KEY'),
      'DID-16.edge',
    ],
    ['DID-07.edge: the internet without a firewall', (one) => apiOf(one).addPropertyOverride('Visibility', 'GLOBAL'), 'DID-07.edge'],
    ['LOG-13.edge: no log', (one) => apiOf(one).addPropertyDeletionOverride('LogConfig'), 'LOG-13.edge'],
    ['LOG-04.edge: errors only', (one) => apiOf(one).addPropertyOverride('LogConfig.FieldLogLevel', 'ERROR'), 'LOG-04.edge'],
    ['PRV-07.edge: content in the log', (one) => apiOf(one).addPropertyOverride('LogConfig.ExcludeVerboseContent', false), 'PRV-07.edge'],
    ['LOG-19.edge: no traces', (one) => apiOf(one).addPropertyOverride('XrayEnabled', false), 'LOG-19.edge'],
    ['DID-17.edge: queries of any depth', (one) => apiOf(one).addPropertyOverride('QueryDepthLimit', 0), 'DID-17.edge'],
    ['FLS-01.edge: a schema that tells itself', (one) => apiOf(one).addPropertyOverride('IntrospectionConfig', 'ENABLED'), 'FLS-01.edge'],
    ['FLS-02.edge: a field for everybody', rewritten(/ {2}subject: .*/g, '  subject: String @aws_cognito_user_pools'), 'FLS-02.edge'],
    [
      'FLS-02.edge: directives without effect',
      (one) => apiOf(one).addPropertyDeletionOverride('AdditionalAuthenticationProviders'),
      'FLS-02.edge',
    ],
    ['DID-24.edge: a field for an API key', rewritten(/ {2}subject: .*/g, '  subject: String @aws_api_key'), 'DID-24.edge'],
    ['PRV-01.edge: no notice', rewritten(/ {2}dataProtectionNotice: .*/g, ''), 'PRV-01.edge'],
    ['PRV-02.edge: no acknowledgement', rewritten(/ {2}acknowledgeNotice.*/g, ''), 'PRV-02.edge'],
  ])('%s', (_, weaken, rule) => {
    expect(broken(weaken)).toContain(rule);
  });
});
