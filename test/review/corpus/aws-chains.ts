/** Who gets the rights of whom on AWS: roles that become roles, roles that are passed on, code that runs as somebody else, rights over rights. */
import { arn, policy, ref, statement } from './aws-base';
import { PARTNER, PEOPLE } from './aws-base-people';
import { ACCOUNT, awsWith, type Changes, GONE, type Harmless, harmless, type Resources, type Weakening, weakenings } from './pair';

const trust = (Principal: object, more: object = {}) => policy({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...more });
const service = (name: string) => trust({ Service: name });
const inline = (...statements: readonly object[]) => [{ PolicyName: 'rights', PolicyDocument: policy(...statements) }];
const role = (RoleName: string, AssumeRolePolicyDocument: object, ...statements: readonly object[]) => ({
  Type: 'AWS::IAM::Role',
  Properties: { RoleName, AssumeRolePolicyDocument, Policies: inline(...statements) },
});
const ROOT = `arn:aws:iam::${ACCOUNT}:root`;
const ELSEWHERE = `arn:aws:iam::${ACCOUNT}:role/elsewhere`;
const MFA = { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } };
const objects = { 'Fn::Sub': '${Records.Arn}/*' };
const nothing = statement('cloudwatch:GetMetricData', '*');
const saml = policy({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::${ACCOUNT}:saml-provider/idp` },
  Action: 'sts:AssumeRoleWithSAML',
  Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
});

/** A partner comes in as Broker; developers come in by SAML; Reader, Auditor and Worker reach the store. */
export const CHAINS: Resources = {
  Key: PEOPLE.Key as object,
  Records: PEOPLE.Records as object,
  Secret: PEOPLE.Secret as object,
  Broker: role(
    'broker',
    trust({ AWS: `arn:aws:iam::${PARTNER}:role/reader` }, { Condition: { StringEquals: { 'sts:ExternalId': 'e-1' } } }),
    nothing,
  ),
  Reader: role('reader', trust({ AWS: ELSEWHERE }), statement('s3:GetObject', objects)),
  Auditor: role(
    'auditor',
    trust({ AWS: ROOT }, MFA),
    statement('s3:GetObject', objects),
    statement('secretsmanager:GetSecretValue', ref('Secret')),
  ),
  Dev: role('dev', saml, nothing),
  Lead: role('lead', saml, statement('sts:AssumeRole', arn('Auditor'))),
  Worker: role('worker', service('lambda.amazonaws.com'), statement('s3:GetObject', objects), statement('kms:Decrypt', arn('Key'))),
  Plain: role('plain', service('lambda.amazonaws.com'), nothing),
  Handler: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'handler',
      Code: { S3Bucket: 'code', S3Key: 'h.zip' },
      Handler: 'index.handler',
      Runtime: 'nodejs22.x',
      Role: arn('Worker'),
    },
  },
  Deployer: role('deployer', saml, statement('lambda:CreateFunction', '*')),
  Builder: role('builder', service('codebuild.amazonaws.com'), statement('secretsmanager:GetSecretValue', ref('Secret'))),
  Build: {
    Type: 'AWS::CodeBuild::Project',
    Properties: {
      Name: 'build',
      ServiceRole: arn('Builder'),
      EncryptionKey: arn('Key'),
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Source: { Type: 'NO_SOURCE', BuildSpec: 'version: 0.2' },
      Environment: { Type: 'LINUX_CONTAINER', ComputeType: 'BUILD_GENERAL1_SMALL', Image: 'aws/codebuild/standard:7.0' },
    },
  },
  Host: role('host', service('ec2.amazonaws.com'), statement('s3:GetObject', objects)),
  HostProfile: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [ref('Host')] } },
  Server: {
    Type: 'AWS::EC2::Instance',
    Properties: {
      ImageId: 'ami-1',
      InstanceType: 'm6g.large',
      IamInstanceProfile: ref('HostProfile'),
      MetadataOptions: { HttpTokens: 'required' },
    },
  },
  Robot: { Type: 'AWS::IAM::User', Properties: { UserName: 'robot', Policies: inline(statement('s3:PutObject', objects)) } },
  Shared: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { ManagedPolicyName: 'shared', Roles: [ref('Dev')], PolicyDocument: policy(statement('cloudwatch:ListMetrics', '*')) },
  },
  Vendors: {
    Type: 'AWS::SSO::PermissionSet',
    Properties: { InstanceArn: 'arn:aws:sso:::instance/ssoins-1', Name: 'support-subcontractors', InlinePolicy: policy(nothing) },
  },
};

const gains = (who: string, ...statements: readonly object[]): Changes => ({
  [`${who}.Policies.0.PolicyDocument.Statement`]: [
    ...((CHAINS[who] as { Properties: { Policies: { PolicyDocument: { Statement: object[] } }[] } }).Properties.Policies[0]?.PolicyDocument
      .Statement ?? []),
    ...statements,
  ],
});
const trusts = (who: string, Principal: object, more: object = {}): Changes => ({
  [`${who}.AssumeRolePolicyDocument`]: trust(Principal, more),
});
/** Both changes; what the first brought and the second takes away was never there. */
const then = (first: Changes, second: Changes): Changes =>
  Object.fromEntries(Object.entries({ ...first, ...second }).filter(([place, value]) => !(value === GONE && place in first)));
/** Changes of the base before the change that is told. */
const from = (prepared: Changes, told: string, changes: Changes): Weakening => {
  const [pair] = Object.values(weakenings(awsWith, CHAINS, { it: [told, then(prepared, changes)] }));
  return { ...(pair as Weakening), before: awsWith(CHAINS, prepared) };
};

export const CHAIN_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...weakenings(awsWith, CHAINS, {
    'a role lets in a role that a partner can become': [`access: ${PARTNER} [organisation]`, trusts('Reader', { AWS: arn('Broker') })],
    'a role that a partner can become gains a store': [
      `access: ${PARTNER} [organisation]`,
      gains('Broker', statement('s3:GetObject', objects)),
    ],
    'a role that a partner can become may become another': [
      `access: ${PARTNER} [organisation]`,
      { ...gains('Broker', statement('sts:AssumeRole', arn('Reader'))), ...trusts('Reader', { AWS: ROOT }) },
    ],
    'a developer may become an auditor': ['access: read the secret', gains('Dev', statement('sts:AssumeRole', arn('Auditor')))],
    'developers may become everybody who lets the account decide': [
      'access: through it read',
      gains('Dev', statement('sts:AssumeRole', '*')),
    ],
    'auditors need no second factor any more': ['access: multifactorauthpresent', trusts('Auditor', { AWS: ROOT })],
    'a deployer may pass a role to a function': [
      'access: through it decrypt the key Key',
      gains('Deployer', statement('iam:PassRole', arn('Worker'))),
    ],
    'a deployer may pass every role to functions': [
      'access: through it decrypt the key Key',
      gains('Deployer', statement('iam:PassRole', '*', { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } })),
    ],
    'a developer may change the code of a function': [
      'access: through it decrypt the key Key',
      gains('Dev', statement('lambda:UpdateFunctionCode', arn('Handler'))),
    ],
    'a developer may decide what is built': [
      'access: through it read the secret',
      gains('Dev', statement('codebuild:StartBuild', arn('Build'))),
    ],
    'a developer may open sessions on servers': [
      'access: through it read the bucket',
      gains('Dev', statement('ssm:StartSession', `arn:aws:ec2:eu-central-1:${ACCOUNT}:instance/*`)),
    ],
    'a developer may make keys of a user': [
      'access: through it write the bucket',
      gains('Dev', statement('iam:CreateAccessKey', arn('Robot'))),
    ],
    'a developer may change who becomes a role': [
      'access: through it read the bucket',
      gains('Dev', statement('iam:UpdateAssumeRolePolicy', arn('Reader'))),
    ],
    'a developer may give itself rights': ['access: administer everything', gains('Dev', statement('iam:PutRolePolicy', arn('Dev')))],
    'a developer may rewrite a policy that it carries': [
      'access: administer everything',
      gains('Dev', statement('iam:CreatePolicyVersion', ref('Shared'))),
    ],
    'a developer may give rights to a role that it may become': [
      'access: administer everything',
      gains('Dev', statement('iam:AttachRolePolicy', arn('Auditor')), statement('sts:AssumeRole', arn('Auditor'))),
    ],
    'subcontractors may read a secret': [
      'access: of a subcontractor',
      { 'Vendors.InlinePolicy': policy(nothing, statement('secretsmanager:GetSecretValue', ref('Secret'))) },
    ],
    'subcontractors may become auditors': [
      'access: of a subcontractor',
      { 'Vendors.InlinePolicy': policy(nothing, statement('sts:AssumeRole', arn('Auditor'))) },
    ],
  }),
  'a role may be passed to every service': from(
    gains(
      'Deployer',
      statement('iam:PassRole', arn('Worker'), { Condition: { StringEquals: { 'iam:PassedToService': 'ec2.amazonaws.com' } } }),
    ),
    'access: through it decrypt the key Key',
    gains('Deployer', statement('iam:PassRole', arn('Worker'))),
  ),
  'a function whose code developers change runs as another role': from(
    { ...gains('Dev', statement('lambda:UpdateFunctionCode', arn('Handler'))), 'Handler.Role': arn('Plain') },
    'access: Worker',
    { 'Handler.Role': arn('Worker') },
  ),
  'what a partner is denied through a role is denied no longer': from(
    gains('Broker', statement('s3:GetObject', '*'), { Effect: 'Deny', Action: 's3:GetObject', Resource: objects }),
    `access: ${PARTNER} [organisation]`,
    gains('Broker', statement('s3:GetObject', '*')),
  ),
  'a boundary kept a partner from the next role': from(
    {
      Limit: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: policy(statement('cloudwatch:*', '*')) } },
      'Broker.PermissionsBoundary': ref('Limit'),
      ...trusts('Reader', { AWS: arn('Broker') }),
    },
    `access: ${PARTNER} [organisation]`,
    { 'Broker.PermissionsBoundary': GONE },
  ),
  'a bucket lets in a role that a partner can become': from(
    {
      Policy: {
        Type: 'AWS::S3::BucketPolicy',
        Properties: {
          Bucket: ref('Records'),
          PolicyDocument: policy({
            Effect: 'Deny',
            Principal: '*',
            Action: 's3:*',
            Resource: objects,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
        },
      },
    },
    `access: ${PARTNER} [organisation]`,
    {
      'Policy.PolicyDocument.Statement.1': {
        Effect: 'Allow',
        Principal: { AWS: arn('Broker') },
        Action: 's3:GetObject',
        Resource: objects,
      },
    },
  ),
};

const Own = role('own', trust({ AWS: arn('Dev') }), statement('s3:GetObject', objects));
const prepared = (before: Changes, after: Changes): Harmless => ({
  before: awsWith(CHAINS, before),
  after: awsWith(CHAINS, then(before, after)),
});

export const CHAIN_HARMLESS: Readonly<Record<string, Harmless>> = {
  'a right moves into a role that only its holder may become': prepared(gains('Dev', statement('s3:GetObject', objects)), {
    ...gains('Dev', statement('sts:AssumeRole', arn('Own'))),
    Own,
  }),
  'a right moves into a role that its holder becomes already': prepared(
    { ...gains('Dev', statement('s3:GetObject', objects)), Own: role('own', trust({ AWS: arn('Dev') }), nothing) },
    { ...gains('Dev'), Own },
  ),
  'a trust names a role by its name instead of a reference': prepared(trusts('Reader', { AWS: arn('Broker') }), {
    ...trusts('Reader', { AWS: `arn:aws:iam::${ACCOUNT}:role/broker` }),
  }),
  'a trust in the account is narrowed to who may use it': prepared({}, trusts('Auditor', { AWS: arn('Lead') }, MFA)),
  'the role that may be become is named by its ARN instead of a reference': prepared(
    {},
    { 'Lead.Policies.0.PolicyDocument.Statement.0.Resource': `arn:aws:iam::${ACCOUNT}:role/auditor` },
  ),
  'a partner needs one thing more': prepared(trusts('Reader', { AWS: arn('Broker') }), trusts('Reader', { AWS: arn('Broker') }, MFA)),
  'a role is passed to fewer services': prepared(
    gains('Deployer', statement('iam:PassRole', arn('Worker'))),
    gains(
      'Deployer',
      statement('iam:PassRole', arn('Worker'), { Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } } }),
    ),
  ),
  'a function whose code developers change runs as a role that may less': prepared(
    gains('Dev', statement('lambda:UpdateFunctionCode', arn('Handler'))),
    { 'Handler.Code.S3Key': 'h-2.zip', 'Worker.Policies': inline(statement('s3:GetObject', objects)) },
  ),
  'a role that leads to others is called otherwise': prepared(trusts('Reader', { AWS: arn('Broker') }), {
    Broker: GONE,
    PartnerBroker: CHAINS.Broker,
    ...trusts('Reader', { AWS: arn('PartnerBroker') }),
  }),
  'a chain is taken apart': prepared(trusts('Reader', { AWS: [ELSEWHERE, arn('Broker')] }), trusts('Reader', { AWS: ELSEWHERE })),
  ...harmless(awsWith, CHAINS, {
    'a role that leads nowhere gets a description': { 'Broker.Description': 'for a partner' },
    'an auditor must come from the office as well': trusts(
      'Auditor',
      { AWS: ROOT },
      { Condition: { ...MFA.Condition, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } },
    ),
  }),
};
