/** Changes behind conditions and parameters: what holds only in a deployment that is not the one by default. */
import { arn, OTHER, policy, RESTRICTED, ref, STORES, statement } from './aws-base';
import { awsWith, type Changes, GONE, type Harmless, type State, type Weakening } from './pair';

const when = (condition: string, yes: unknown, no: unknown) => ({ 'Fn::If': [condition, yes, no] });
const NOTHING = ref('AWS::NoValue');
const choice = (standard: string, ...AllowedValues: readonly string[]) => ({
  Type: 'String',
  Default: standard,
  ...(AllowedValues.length > 0 ? { AllowedValues } : {}),
});
const OPEN = { Type: 'String' };
const equals = (parameter: string, value: string) => ({ 'Fn::Equals': [ref(parameter), value] });
const not = (condition: unknown) => ({ 'Fn::Not': [condition] });

/** A parameter that is off, and one that says which environment it is. */
const SECTIONS = {
  Parameters: { Public: choice('false', 'true', 'false'), Env: choice('prod'), Stage: OPEN, Cidr: choice('10.0.0.0/8') },
  Conditions: {
    IsPublic: equals('Public', 'true'),
    IsProd: equals('Env', 'prod'),
    IsLive: equals('Stage', 'live'),
    IsTest: not({ Condition: 'IsProd' }),
  },
  Mappings: { Keep: { prod: { Days: 35 }, dev: { Days: 35 } } },
};
const state = (changes: Changes = {}, sections: object = SECTIONS): State => ({ ...awsWith(STORES, changes), sections });
const weaker = (
  changes: Changes,
  about: Weakening['about'],
  naming: string,
  { before = {}, sections = SECTIONS, boundary }: { before?: Changes; sections?: object; boundary?: Weakening['boundary'] } = {},
): Weakening => ({
  before: state(before),
  after: state({ ...before, ...changes }, sections),
  about,
  naming,
  ...(boundary === undefined ? {} : { boundary }),
});
const harmless = (before: Changes, after: Changes, sections: object = SECTIONS, old: object = SECTIONS): Harmless => ({
  before: state(before, old),
  after: state(after, sections),
});

const OPEN_RULE = { IpProtocol: 'tcp', FromPort: 6432, ToPort: 6432, CidrIp: '0.0.0.0/0' };
const STRANGER = {
  Type: 'AWS::S3::BucketPolicy',
  Condition: 'IsPublic',
  Properties: {
    Bucket: ref('AccessLogs'),
    PolicyDocument: policy(statement('s3:GetObject', { 'Fn::Sub': `\${AccessLogs.Arn}/*` }, { Principal: { AWS: OTHER } })),
  },
};
const role = (...statements: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }),
    Policies: [{ PolicyName: 'records', PolicyDocument: policy(...statements) }],
  },
});
const READS = statement('s3:GetObject', { 'Fn::Sub': `\${Records.Arn}/*` });
const DELETES = statement('s3:DeleteObject', { 'Fn::Sub': `\${Records.Arn}/*` });
const KEEP = { 'Fn::FindInMap': ['Keep', ref('Env'), 'Days'] };

export const WORLD_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  'a database is public behind a switch that is off': weaker(
    { 'Database.PubliclyAccessible': when('IsPublic', true, false) },
    ['exposure'],
    'when parameter Public is "true"',
  ),
  'the public access block is lifted behind a switch that is off': weaker(
    { 'Records.PublicAccessBlockConfiguration': when('IsPublic', NOTHING, blocked()) },
    ['access', 'exposure'],
    'when parameter Public is "true"',
  ),
  'a rule lets the internet in outside of production': weaker(
    { 'DatabaseGroup.SecurityGroupIngress.1': when('IsProd', NOTHING, OPEN_RULE) },
    ['exposure'],
    'when parameter Env is not "prod"',
  ),
  'a rule that only exists in another environment': weaker(
    {
      Extra: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Condition: 'IsTest',
        Properties: { GroupId: { 'Fn::GetAtt': ['DatabaseGroup', 'GroupId'] }, ...OPEN_RULE },
      },
    },
    ['exposure'],
    'when parameter Env is not "prod"',
  ),
  'a policy for a stranger exists behind a switch that is off': weaker({ AccessLogsPolicy: GONE, Stranger: STRANGER }, ['access'], OTHER, {
    boundary: 'organisation',
  }),
  'a right that only another stage gets': weaker(
    { App: role(READS, { 'Fn::If': ['IsLive', NOTHING, DELETES] }) },
    ['access'],
    'when parameter Stage is not "live"',
    { before: { App: role(READS) } },
  ),
  'a right that only one stage gets': weaker(
    { App: role(READS, { 'Fn::If': ['IsLive', DELETES, NOTHING] }) },
    ['access'],
    'when parameter Stage is "live"',
    { before: { App: role(READS) } },
  ),
  'a switch turns on by default': weaker({}, ['exposure'], 'Database', {
    before: { 'Database.PubliclyAccessible': when('IsPublic', true, false) },
    sections: { ...SECTIONS, Parameters: { ...SECTIONS.Parameters, Public: choice('true', 'true', 'false') } },
  }),
  'a parameter for a range of addresses opens by default': weaker({}, ['exposure'], 'Database', {
    before: { 'DatabaseGroup.SecurityGroupIngress.1': { ...OPEN_RULE, CidrIp: ref('Cidr') } },
    sections: { ...SECTIONS, Parameters: { ...SECTIONS.Parameters, Cidr: choice('0.0.0.0/0') } },
  }),
  'a condition is turned round': weaker({}, ['data'], 'Cases', {
    before: { 'Cases.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': when('IsProd', true, false) },
    sections: { ...SECTIONS, Conditions: { ...SECTIONS.Conditions, IsProd: not(equals('Env', 'prod')) } },
  }),
  'a value of one environment is weakened in a mapping': weaker({}, ['data'], 'when parameter Env is "dev"', {
    before: { 'Database.BackupRetentionPeriod': KEEP },
    sections: { ...SECTIONS, Mappings: { Keep: { prod: { Days: 35 }, dev: { Days: 0 } } } },
  }),
  'a parameter may make it public': weaker(
    { 'Database.PubliclyAccessible': ref('Public') },
    ['exposure'],
    'when parameter Public is "true"',
  ),
  'a condition of a store that exists only in another environment': weaker(
    { 'Drafts.PubliclyAccessible': true },
    ['exposure'],
    'when parameter Env is not "prod"',
    { before: { Drafts: { ...structuredClone(STORES.Database as object), Condition: 'IsTest' } } },
  ),
  'what an unchanged switch leaves open is opened': weaker(
    {
      RecordsPolicy: withStatement({
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: { 'Fn::Sub': `\${Records.Arn}/*` },
      }),
    },
    ['access', 'exposure'],
    'Records',
    { before: { 'Records.PublicAccessBlockConfiguration': when('IsPublic', NOTHING, blocked()) } },
  ),
};

function blocked(): object {
  return { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true };
}
function withStatement(more: object): object {
  const { Properties, Type } = STORES.RecordsPolicy as unknown as {
    Type: string;
    Properties: { Bucket: object; PolicyDocument: { Statement: readonly object[] } };
  };
  return { Type, Properties: { Bucket: Properties.Bucket, PolicyDocument: policy(...Properties.PolicyDocument.Statement, more) } };
}

const TABLE = { 'Cases.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': when('IsProd', true, false) };
export const WORLD_HARMLESS: Readonly<Record<string, Harmless>> = {
  'a condition gets another name': harmless(
    TABLE,
    { 'Cases.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': when('Production', true, false) },
    { ...SECTIONS, Conditions: { ...SECTIONS.Conditions, Production: equals('Env', 'prod') } },
  ),
  'a condition is written the other way round': harmless(TABLE, {
    'Cases.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled': when('IsTest', false, true),
  }),
  'the sides of an equation change places': harmless(TABLE, TABLE, {
    ...SECTIONS,
    Conditions: { ...SECTIONS.Conditions, IsProd: { 'Fn::Equals': ['prod', ref('Env')] } },
  }),
  'a condition moves from a property to the whole of it': harmless(TABLE, {
    'Cases.PointInTimeRecoverySpecification': when('IsProd', { PointInTimeRecoveryEnabled: true }, { PointInTimeRecoveryEnabled: false }),
  }),
  'a parameter gets another name': harmless(TABLE, TABLE, {
    ...SECTIONS,
    Parameters: { Public: SECTIONS.Parameters.Public, Environment: choice('prod'), Stage: OPEN, Cidr: SECTIONS.Parameters.Cidr },
    Conditions: { ...SECTIONS.Conditions, IsProd: equals('Environment', 'prod') },
  }),
  'both branches of a condition say the same': harmless({}, { 'Database.PubliclyAccessible': when('IsPublic', false, false) }),
  'a condition is taken out where both branches say the same': harmless(
    { 'Database.PubliclyAccessible': when('IsLive', false, 'false') },
    {},
  ),
  'a value of one environment is strengthened in a mapping': harmless(
    { 'Database.BackupRetentionPeriod': KEEP },
    { 'Database.BackupRetentionPeriod': KEEP },
    SECTIONS,
    { ...SECTIONS, Mappings: { Keep: { prod: { Days: 35 }, dev: { Days: 7 } } } },
  ),
  'a mapping is written as a condition': harmless(
    { 'Database.BackupRetentionPeriod': KEEP },
    { 'Database.BackupRetentionPeriod': when('IsProd', 35, 35) },
  ),
  'a switch that weakened is taken out': harmless({ 'Database.PubliclyAccessible': when('IsPublic', true, false) }, {}),
  'something harmless is changed beside many switches': harmless(
    { 'Database.PubliclyAccessible': when('IsPublic', true, false), ...TABLE },
    {
      'Database.PubliclyAccessible': when('IsPublic', true, false),
      ...TABLE,
      'Key.Description': 'of the cases',
      'Cases.Tags': [...RESTRICTED, { Key: 'team', Value: 'cases' }],
    },
  ),
  'a right is split by a condition into two equal ones': harmless(
    { App: role(READS) },
    { App: role({ 'Fn::If': ['IsLive', READS, statement('s3:GetObject', { 'Fn::Join': ['', [arn('Records'), '/*']] })] }) },
  ),
};
