import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { context as flags } from '../cdk.json';
import { TAGS } from '../constructs/contract';
import { type CaseManagementProps, caseManagement } from '../stacks/aws/case-management';
import { CASE_FIELDS } from '../stacks/fields';
import { CASE_MANAGEMENT, CASE_WEB } from '../stacks/profile';

const make = (props?: CaseManagementProps, context: Record<string, unknown> = {}) => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'palisade-stacks-')), context });
  const stacks = caseManagement(app, props);
  const assembly = app.synth();
  const template = (name: string) => Template.fromJSON(assembly.getStackByName(name).template);
  return {
    stacks,
    assembly,
    logs: props?.archive ? undefined : template('case-management-logs'),
    network: template('case-management'),
    data: template('case-management-data'),
    access: template('case-management-access'),
    web: template('case-management-web'),
  };
};
const templatesOf = ({ logs, network, data, access, web }: ReturnType<typeof make>) => [
  ...(logs ? [logs] : []),
  network,
  data,
  access,
  web,
];
const usual = make();

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown>; DeletionPolicy?: string }>;
const resourcesOf = (template: Template | undefined) => (template?.toJSON().Resources ?? {}) as Resources;

describe('the case-management environment', () => {
  it('is of the high tier, and says so in every stack', () => {
    const { stacks, web, ...others } = usual;
    expect(stacks.network.profile.tier).toBe('high');
    for (const template of [others.logs, others.network, others.data, others.access])
      expect(template?.toJSON().Metadata.Palisade.profile).toEqual({ ...CASE_MANAGEMENT, residency: ['eu-central-1', 'eu-west-1'] });
    expect(web.toJSON().Metadata.Palisade.profile).toEqual({ ...CASE_WEB, residency: ['us-east-1'] });
  });

  it('synthesises without look-ups', () => {
    expect(usual.assembly.manifest.missing).toBeUndefined();
    expect(JSON.stringify(templatesOf(usual).map((template) => template.toJSON()))).not.toContain('dummy');
  });

  it('comes out the same each time', () => {
    const again = make();
    for (const [index, template] of templatesOf(again).entries()) expect(template.toJSON()).toEqual(templatesOf(usual)[index]?.toJSON());
  });

  it('means the same under the feature flags of cdk.json', () => {
    const flagged = make({}, flags);
    const count = (template: Template | undefined) => {
      const types = Object.values(resourcesOf(template)).map(({ Type }) => Type);
      return Object.fromEntries([...new Set(types)].sort().map((type) => [type, types.filter((each) => each === type).length]));
    };
    for (const [index, template] of templatesOf(flagged).entries()) expect(count(template)).toEqual(count(templatesOf(usual)[index]));
  });

  it('has no way in or out to the internet', () => {
    const ways = [
      'AWS::EC2::InternetGateway',
      'AWS::EC2::NatGateway',
      'AWS::EC2::EgressOnlyInternetGateway',
      'AWS::EC2::EIP',
      'AWS::EC2::Route',
    ];
    for (const type of ways) for (const template of templatesOf(usual)) template.resourceCountIs(type, 0);
    usual.network.hasResourceProperties('AWS::EC2::VPCBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-bidirectional' });
  });

  it('stays well below the limit of CloudFormation', () => {
    for (const template of templatesOf(usual)) expect(Object.keys(resourcesOf(template)).length).toBeLessThan(450);
  });

  it('keeps what holds data when its stacks go, and cannot be deleted by accident', () => {
    const stateful = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup', 'AWS::DynamoDB::GlobalTable', 'AWS::Cognito::UserPool'];
    for (const template of templatesOf(usual))
      for (const { Type, DeletionPolicy } of Object.values(resourcesOf(template)))
        if (stateful.includes(Type)) expect([Type, DeletionPolicy]).toEqual([Type, 'Retain']);
    for (const stack of usual.assembly.stacks) expect(stack.terminationProtection).toBe(true);
  });

  it('classifies its stores', () => {
    usual.data.allResourcesProperties('AWS::S3::Bucket', {
      Tags: Match.arrayWith([
        { Key: TAGS.sensitivity, Value: 'restricted' },
        { Key: TAGS.tier, Value: 'high' },
      ]),
    });
  });

  it('sends its trail to an archive that depends on nothing of it', () => {
    expect(usual.assembly.getStackByName('case-management').dependencies.map(({ id }) => id)).toContain('case-management-logs');
    expect(JSON.stringify(usual.logs?.toJSON())).not.toContain('Fn::ImportValue');
    usual.network.hasResourceProperties('AWS::CloudTrail::Trail', {
      S3BucketName: { 'Fn::ImportValue': Match.stringLikeRegexp('^case-management-logs:.*Archive') },
    });
  });

  it('records everything, write-once, and hears of it when it is tampered with', () => {
    usual.logs?.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 731 } } },
    });
    usual.network.resourceCountIs('AWS::SNS::Topic', 0);
    usual.network.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ 'Fn::ImportValue': Match.stringLikeRegexp('Alarms') }],
    });
  });

  it('takes attachments from the origin of the application only', () => {
    make({ origin: 'https://support.example.org' }).data.hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: { CorsRules: [Match.objectLike({ AllowedOrigins: ['https://support.example.org'] })] },
    });
    expect(() => caseManagement(new App(), { origin: '*' })).toThrow(/cors origin "\*" breaks DID-21/);
  });
});

describe('the duties of case management', () => {
  it('knows three roles, and nobody who signs up', () => {
    const groups = Object.values(usual.access.findResources('AWS::Cognito::UserPoolGroup')).map(({ Properties }) => Properties.GroupName);
    expect(groups.sort()).toEqual(['agent', 'supervisor', 'supportEngineer']);
    usual.access.hasResourceProperties('AWS::Cognito::UserPool', { AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } });
  });

  it('authorises each field by role, from the one catalogue', () => {
    const [schema] = Object.values(usual.access.findResources('AWS::AppSync::GraphQLSchema'));
    const text = String(schema?.Properties.Definition);
    for (const [record, { fields }] of Object.entries(CASE_FIELDS.records))
      for (const [field, { alter = [], masked = {}, read = [] }] of Object.entries(fields))
        if (read.length + alter.length + Object.keys(masked).length === 0)
          expect([record, text.includes(` ${field}:`)]).toEqual([record, field === 'assignee']);
    expect(text).toContain('dataProtectionNotice');
  });

  it('puts every role of data and access under the boundary that denies export, but those that copy backups', () => {
    const limits = [usual.data, usual.access].flatMap((template) =>
      Object.entries(template.findResources('AWS::IAM::Role')).map(([id, { Properties }]) => [
        id,
        JSON.stringify(Properties.PermissionsBoundary).replace(/.*OutputRef(BackupBoundary|Boundary).*/, '$1'),
      ]),
    );
    for (const [id = '', limit] of limits) expect([id, limit]).toEqual([id, id.startsWith('Backup') ? 'BackupBoundary' : 'Boundary']);
    expect(limits.filter(([, limit]) => limit === 'BackupBoundary')).toHaveLength(2);
    const copying = Object.entries(usual.network.findResources('AWS::IAM::ManagedPolicy')).find(([id]) => id.startsWith('BackupBoundary'));
    expect(JSON.stringify(copying?.[1])).not.toContain('backup:CopyIntoBackupVault');
    const [boundary] =
      Object.entries(usual.network.findResources('AWS::IAM::ManagedPolicy')).find(([id]) => id.startsWith('Boundary')) ?? [];
    const { PolicyDocument } = usual.network.findResources('AWS::IAM::ManagedPolicy')[boundary ?? '']?.Properties ?? {};
    const denied = PolicyDocument.Statement.find(({ Sid }: { Sid: string }) => Sid === 'DenyExport');
    expect(denied.Effect).toBe('Deny');
    expect(denied.Action).toEqual(
      expect.arrayContaining(['dynamodb:ExportTableToPointInTime', 'rds:StartExportTask', 'ec2:ModifySnapshotAttribute']),
    );
  });

  it('lets people in through their own organisation where its metadata are named', () => {
    const { access } = make({ samlMetadataUrl: 'https://login.example.com/metadata.xml' });
    access.hasResourceProperties('AWS::Cognito::UserPoolIdentityProvider', {
      ProviderType: 'SAML',
      AttributeMapping: { email: Match.stringLikeRegexp('emailaddress$') },
    });
    access.hasResourceProperties('AWS::Cognito::UserPoolClient', {
      SupportedIdentityProviders: [{ Ref: Match.stringLikeRegexp('^Organisation') }],
    });
    usual.access.resourceCountIs('AWS::Cognito::UserPoolIdentityProvider', 0);
    usual.access.hasResourceProperties('AWS::Cognito::UserPoolClient', { SupportedIdentityProviders: ['COGNITO'] });
  });

  it('has a page to sign in on, and lets the page of the client call what it needs, and nothing else', () => {
    const { access, data, web } = make({ account: '111122223333' });
    access.hasResourceProperties('AWS::Cognito::UserPoolDomain', { Domain: 'case-management-111122223333' });
    access.hasResourceProperties('AWS::WAFv2::WebACLAssociation', {
      ResourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^People'), 'Arn'] },
    });
    data.hasResourceProperties('AWS::S3::Bucket', { BucketName: 'case-management-files-111122223333-eu-central-1' });
    const [headers] = Object.values(web.findResources('AWS::CloudFront::ResponseHeadersPolicy'));
    const { ContentSecurityPolicy } = headers?.Properties.ResponseHeadersPolicyConfig.SecurityHeadersConfig.ContentSecurityPolicy ?? {};
    const connects =
      String(ContentSecurityPolicy)
        .split('; ')
        .find((directive) => directive.startsWith('connect-src')) ?? '';
    expect(connects.split(' ').slice(1)).toEqual([
      "'self'",
      'https://*.appsync-api.eu-central-1.amazonaws.com',
      'https://*.execute-api.eu-central-1.amazonaws.com',
      'https://case-management-111122223333.auth.eu-central-1.amazoncognito.com',
      'https://case-management-files-111122223333-eu-central-1.s3.eu-central-1.amazonaws.com',
    ]);
    access.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'OPTIONS',
      Integration: {
        IntegrationResponses: [
          Match.objectLike({
            ResponseParameters: Match.objectLike({
              'method.response.header.Access-Control-Allow-Origin': "'https://cases.example.com'",
              'method.response.header.Access-Control-Allow-Headers': "'Authorization,Content-Type'",
            }),
          }),
        ],
      },
    });
    access.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { ORIGIN: 'https://cases.example.com' } } });
    access.resourceCountIs('AWS::ApiGateway::GatewayResponse', 2);
  });

  it('can sign what functions run before it deploys them', () => {
    usual.network.resourceCountIs('AWS::Signer::SigningProfile', 1);
    usual.network.hasOutput('SignWith', {});
    usual.access.resourceCountIs('AWS::Lambda::CodeSigningConfig', 0);
    usual.access.hasResourceProperties('AWS::Lambda::Function', {
      CodeSigningConfigArn: { 'Fn::ImportValue': Match.stringLikeRegexp('^case-management:.*Signing') },
    });
  });

  it('lists messages and files by their case, and asks the case who is assigned', () => {
    const [schema] = Object.values(usual.access.findResources('AWS::AppSync::GraphQLSchema'));
    const text = String(schema?.Properties.Definition);
    for (const page of ['messagePage', 'attachmentPage'])
      expect(text).toMatch(new RegExp(`${page}\\(case: ID!, purpose: Purpose!, .*cognito_groups: \\["agent", "supportEngineer"\\]`));
    const indexes = Object.values(usual.data.findResources('AWS::DynamoDB::GlobalTable')).map(({ Properties }) =>
      (Properties.GlobalSecondaryIndexes ?? []).map(({ IndexName }: { IndexName: string }) => IndexName),
    );
    expect(indexes).toEqual([['byAssignee', 'byTeam'], ['byCase'], ['byCase'], [], []]);
    usual.access.hasResourceProperties('AWS::IAM::ManagedPolicy', {
      Description: Match.stringLikeRegexp('MessageAssignment$'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'dynamodb:GetItem',
            Condition: Match.objectLike({ 'ForAllValues:StringEquals': { 'dynamodb:Attributes': ['id', 'assignee'] } }),
          }),
        ]),
      },
    });
  });

  it('keeps the API private, and the client behind a firewall at the edge', () => {
    usual.access.hasResourceProperties('AWS::AppSync::GraphQLApi', { Visibility: 'PRIVATE' });
    usual.access.hasResourceProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: Match.objectLike({ Types: ['PRIVATE'] }) });
    usual.web.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: Match.objectLike({ WebACLId: Match.anyValue() }),
    });
  });

  it('backs everything up, locked, and copies it to another account and region', () => {
    usual.data.hasResourceProperties('AWS::Backup::BackupVault', { LockConfiguration: Match.objectLike({ MinRetentionDays: 35 }) });
    usual.data.hasResourceProperties('AWS::Backup::BackupPlan', {
      BackupPlan: Match.objectLike({
        BackupPlanRule: Match.arrayWith([
          Match.objectLike({
            CopyActions: [Match.objectLike({ DestinationBackupVaultArn: Match.stringLikeRegexp('eu-west-1:444455556666') })],
          }),
        ]),
      }),
    });
  });
});

describe('a lighter tier', () => {
  const light = (sensitivity: 'internal' | 'confidential', volume: 'few' | 'thousands') =>
    make({ profile: { ...CASE_MANAGEMENT, sensitivity, volume, exposure: 'organisation' } });
  const count = (made: ReturnType<typeof make>, type: string) =>
    templatesOf(made).reduce((sum, template) => sum + Object.keys(template.findResources(type)).length, 0);

  it('falls away step by step', () => {
    const [low, moderate, high] = [light('internal', 'few'), light('confidential', 'thousands'), usual];
    expect([low, moderate, high].map(({ stacks }) => stacks.network.profile.tier)).toEqual(['low', 'moderate', 'high']);
    const table = (type: string) => [low, moderate, high].map((made) => count(made, type));
    const [lowKeys = 0, moderateKeys = 0, highKeys = 0] = table('AWS::KMS::Key');
    expect(lowKeys).toBeLessThan(moderateKeys);
    expect(moderateKeys).toBeLessThanOrEqual(highKeys);
    expect(table('AWS::Route53Resolver::FirewallRuleGroup')).toEqual([1, 1, 1]);
    expect(table('AWS::Signer::SigningProfile')).toEqual([0, 0, 1]);
    const selectors = [low, moderate, high].map(
      ({ network }) =>
        Object.values(network.findResources('AWS::CloudTrail::Trail')).map(({ Properties }) => Properties.AdvancedEventSelectors.length)[0],
    );
    expect(selectors[0]).toBe(1);
    expect(selectors[1]).toBeGreaterThan(1);
    const copies = [low, moderate, high].map(({ data }) =>
      JSON.stringify(data.findResources('AWS::Backup::BackupPlan')).includes('DestinationBackupVaultArn'),
    );
    expect(copies).toEqual([false, false, true]);
    const locked = [low, moderate, high].map(({ logs }) => JSON.stringify(logs?.toJSON()).match(/"Days":(\d+)/)?.[1]);
    expect(locked).toEqual(['365', '365', '731']);
  });
});

describe('another place', () => {
  it('refuses a region whose prefix lists are not known: functions would reach no table', () => {
    expect(() => make({ region: 'eu-west-1' })).toThrow(
      /^case-management: the prefix lists .* in eu-west-1 are not known.*pass prefixLists/,
    );
  });

  it('moves the residency with the region, and takes the prefix lists that are named', () => {
    const { stacks, network } = make({
      region: 'eu-west-1',
      prefixLists: { s3: 'pl-11111111', dynamodb: 'pl-22222222' },
      account: '111122223333',
      organisationId: 'o-exampleorgid',
      recoveryVaultArn: 'arn:aws:backup:eu-north-1:444455556666:backup-vault:cases',
    });
    expect(stacks.network.profile.profile.residency).toEqual(['eu-west-1', 'eu-north-1']);
    expect([...new Set(JSON.stringify(network.toJSON()).match(/pl-[0-9a-f]+/g))].sort()).toEqual(['pl-11111111', 'pl-22222222']);
    network.allResourcesProperties('AWS::EC2::VPCEndpoint', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:ResourceOrgID': 'o-exampleorgid' } },
          }),
        ]),
      },
    });
  });

  it('uses the archive of the security account, and then has no log stack', () => {
    const archive = {
      bucketName: 'org-log-archive',
      keyArn: 'arn:aws:kms:eu-central-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    };
    const { stacks, network } = make({ archive, securityMailbox: 'security@example.com' });
    expect(stacks.logs).toBeUndefined();
    network.hasResourceProperties('AWS::CloudTrail::Trail', { S3BucketName: 'org-log-archive', KMSKeyId: archive.keyArn });
    network.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'security@example.com' });
  });
});
