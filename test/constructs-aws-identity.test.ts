import { type App, Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import type { CfnUserPool, CfnUserPoolClient, CfnUserPoolRiskConfigurationAttachment } from 'aws-cdk-lib/aws-cognito';
import { type CfnRole, ManagedPolicy, OpenIdConnectProvider, PolicyStatement, SamlProvider } from 'aws-cdk-lib/aws-iam';
import type { CfnAssociation } from 'aws-cdk-lib/aws-ssm';
import { describe, expect, it } from 'vitest';
import {
  AccountPublicAccessBlock,
  FederatedRole,
  type FederatedRoleProps,
  PasswordPolicy,
  PermissionBoundary,
  PermissionSet,
  type PermissionSetProps,
  type SecureStack,
  share,
  UserDirectory,
  type UserDirectoryProps,
} from '../constructs/aws';
import type { Tier } from '../controls';
import { evaluate } from '../policies/evaluate';
import { gatherConstructs } from '../policies/gather/constructs';
import { RULES } from '../policies/rules';
import { stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

const MINE = RULES.filter(({ cloud, family }) => cloud === 'aws' && ['identity', 'logging', 'object-storage'].includes(family));
const brokenBy = (stack: SecureStack): readonly string[] => {
  const app = stack.node.root as App;
  app.synth();
  const { graph, waivers } = gatherConstructs(app);
  const { findings } = evaluate(graph, { rules: MINE, waivers, today: new Date('2026-11-22') });
  return [...new Set(findings.filter(({ verdict, waiver }) => verdict === 'fail' && !waiver).map(({ rule }) => rule))];
};
const github = (stack: SecureStack) =>
  OpenIdConnectProvider.fromOpenIdConnectProviderArn(
    stack,
    'GitHub',
    'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com',
  );
const people = (stack: SecureStack) => SamlProvider.fromSamlProviderArn(stack, 'Idp', 'arn:aws:iam::111122223333:saml-provider/idp');
const SUBJECT = 'repo:example/cases:environment:production';

describe('a federated role', () => {
  const make = (props: Partial<FederatedRoleProps> = {}, tier: Tier = 'high') => {
    const stack = stackOf(tier);
    return { stack, role: new FederatedRole(stack, 'Role', { saml: people(stack), ...props }) };
  };

  it('is pinned to the audience of sign-in, lasts an hour and is bounded', () => {
    const { stack } = make();
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      MaxSessionDuration: 3600,
      PermissionsBoundary: Match.anyValue(),
      AssumeRolePolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['sts:AssumeRoleWithSAML', 'sts:SetSourceIdentity', 'sts:TagSession'],
            Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
          }),
        ]),
      },
    });
  });

  it('lets a pipeline in by exact subject', () => {
    const stack = stackOf('high');
    new FederatedRole(stack, 'Deployer', { tokens: { provider: github(stack), subjects: [SUBJECT] } });
    const issuer = 'token.actions.githubusercontent.com';
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({ Condition: { StringEquals: { [`${issuer}:aud`]: 'sts.amazonaws.com', [`${issuer}:sub`]: SUBJECT } } }),
        ],
      },
    });
    expect(brokenBy(stack)).toEqual([]);
  });

  it('shares one boundary with the other roles of its stack, or takes the one that is shared above', () => {
    const { stack } = make();
    new FederatedRole(stack, 'Second', {
      saml: SamlProvider.fromSamlProviderArn(stack, 'Idp2', 'arn:aws:iam::111122223333:saml-provider/idp'),
    });
    Template.fromStack(stack).resourceCountIs('AWS::IAM::ManagedPolicy', 1);
    const shared = stackOf('high');
    const mine = new PermissionBoundary(shared, 'Mine');
    share(shared, 'permission-boundary', mine);
    const role = new FederatedRole(shared, 'Role', { saml: people(shared) });
    expect(shared.resolve((role.node.defaultChild as CfnRole).permissionsBoundary)).toEqual(shared.resolve(mine.managedPolicyArn));
  });

  it.each([
    ['low', Duration.hours(8), undefined],
    ['high', Duration.hours(8), /a session of 8 hours for a role that is privileged breaks IDA-14/],
    ['low', Duration.hours(12), /a session of 12 hours for a role that is not privileged breaks IDA-14/],
  ] as const)('at tier %s takes sessions of %s only as far as they go', (tier, maxSessionDuration, message) => {
    const act = () => make({ maxSessionDuration }, tier);
    if (message) expect(act).toThrow(message);
    else expect(act).not.toThrow();
  });

  it('refuses patterns, and trusts exactly one kind of provider', () => {
    const stack = stackOf('high');
    const provider = github(stack);
    expect(() => new FederatedRole(stack, 'A', { tokens: { provider, subjects: ['repo:example/*'] } })).toThrow(
      /"repo:example\/\*" is a pattern/,
    );
    expect(() => new FederatedRole(stack, 'B', { tokens: { provider, subjects: [] } })).toThrow(/tokens.subjects is empty/);
    expect(() => new FederatedRole(stack, 'C', {})).toThrow(/neither saml nor tokens is given/);
    expect(() => new FederatedRole(stack, 'D', { saml: people(stack), tokens: { provider, subjects: [SUBJECT] } })).toThrow(/both given/);
  });

  it('may keep longer sessions when that is relaxed', () => {
    const { stack } = make({ maxSessionDuration: Duration.hours(12), relax: [relaxationOf('IDA-14')] });
    expect(brokenBy(stack)).toEqual([]);
  });

  it.each([
    ['IDA-14.identity', 'MaxSessionDuration', 43200],
    ['LPA-03.identity', 'PermissionsBoundary', undefined],
    ['IDA-11.identity', 'AssumeRolePolicyDocument.Statement.0.Condition', undefined],
  ])('is named by %s when %s is overridden', (rule, path, value) => {
    const { stack, role } = make();
    (role.node.defaultChild as CfnRole).addPropertyOverride(path, value);
    expect(brokenBy(stack)).toContain(rule);
  });

  it('is named when it is made an administrator later', () => {
    const { stack, role } = make();
    role.addManagedPolicy(ManagedPolicy.fromAwsManagedPolicyName('AdministratorAccess'));
    expect(brokenBy(stack)).toContain('LPA-01.identity');
  });
});

describe('a permission boundary', () => {
  it('grants nothing, stops escalation and stays within IAM limits', () => {
    const stack = stackOf('high');
    const boundary = new PermissionBoundary(stack, 'Boundary');
    const document = stack.resolve(boundary.document.toJSON());
    expect(JSON.stringify(document).length).toBeLessThan(6144);
    const denied = (sid: string) => document.Statement.find(({ Sid }: { Sid?: string }) => Sid === sid);
    expect(denied('NoEscalation').Action).toContain('iam:CreateAccessKey');
    expect(denied('RolesCarryThisBoundary').Condition.StringNotEquals).toHaveProperty('iam:PermissionsBoundary');
    expect(denied('ApprovedRegions').Condition).toEqual({ StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1'] } });
    // Buckets are listed in the region of nobody.
    expect(denied('ApprovedRegions').NotAction).toEqual(expect.arrayContaining(['iam:*', 's3:ListAllMyBuckets', 'sts:*']));
    expect(denied('DenyLogTampering').Action).toContain('cloudtrail:StopLogging');
    expect(brokenBy(stack)).toEqual([]);
  });

  it('needs a region', () => {
    expect(() => new PermissionBoundary(stackOf('high'), 'Boundary', { regions: [] })).toThrow(/regions is empty/);
  });
});

describe('a permission set', () => {
  const make = (props: Partial<PermissionSetProps> = {}, tier: Tier = 'high') => {
    const stack = stackOf(tier);
    const set = new PermissionSet(stack, 'Set', {
      instanceArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
      name: 'supervisor',
      description: 'Assigns cases',
      boundary: 'workload-boundary',
      statements: [
        new PolicyStatement({ actions: ['appsync:GraphQL'], resources: ['arn:aws:appsync:eu-central-1:111122223333:apis/cases'] }),
      ],
      ...props,
    });
    return { stack, set };
  };

  it('lasts an hour, is bounded and goes to groups', () => {
    const { stack, set } = make();
    set.assignTo('group', '111122223333');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::SSO::PermissionSet', {
      SessionDuration: 'PT1H',
      PermissionsBoundary: { CustomerManagedPolicyReference: { Name: 'workload-boundary' } },
    });
    template.hasResourceProperties('AWS::SSO::Assignment', { PrincipalType: 'GROUP', PrincipalId: 'group', TargetId: '111122223333' });
    expect(brokenBy(stack)).toEqual([]);
  });

  it.each([[['*']], [['dynamodb:*']]])('refuses the actions %j', (actions) => {
    expect(() => make({ statements: [new PolicyStatement({ actions, resources: ['*'] })] })).toThrow(/name the actions \(LPA-01\)/);
  });

  it('refuses everything but some actions, and long sessions', () => {
    expect(() => make({ statements: [new PolicyStatement({ notActions: ['iam:*'], resources: ['*'] })] })).toThrow(/everything but iam:\*/);
    expect(() => make({ sessionDuration: Duration.hours(4) })).toThrow(/breaks IDA-14/);
    expect(() => make({ sessionDuration: Duration.hours(4) }, 'moderate')).not.toThrow();
  });

  it.each([
    ['IDA-14.identity', 'SessionDuration', 'PT12H'],
    ['LPA-03.identity', 'PermissionsBoundary', undefined],
    ['LPA-01.identity', 'ManagedPolicies', ['arn:aws:iam::aws:policy/AdministratorAccess']],
  ])('is named by %s when %s is overridden', (rule, path, value) => {
    const { stack, set } = make();
    set.addPropertyOverride(path, value);
    expect(brokenBy(stack)).toContain(rule);
  });
});

describe('a user directory', () => {
  const make = (props: UserDirectoryProps = {}, tier: Tier = 'high') => {
    const stack = stackOf(tier);
    return { stack, users: new UserDirectory(stack, 'Users', props) };
  };
  const POOL = 'AWS::Cognito::UserPool';

  it.each([
    ['low', 'ESSENTIALS', 0, 0],
    ['moderate', 'PLUS', 1, 0],
    ['high', 'PLUS', 1, 1],
  ] as const)('asks for a second factor and strong passwords; at tier %s it has plan %s', (tier, plan, risks, logs) => {
    const template = Template.fromStack(make({}, tier).stack);
    template.hasResource(POOL, {
      DeletionPolicy: 'Retain',
      Properties: {
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
        DeletionProtection: 'ACTIVE',
        EnabledMfas: ['SOFTWARE_TOKEN_MFA'],
        MfaConfiguration: 'ON',
        UserPoolTier: plan,
        Policies: { PasswordPolicy: Match.objectLike({ MinimumLength: 14, PasswordHistorySize: 24, RequireSymbols: true }) },
        KeyConfiguration: logs ? Match.objectLike({ KeyType: 'CUSTOMER_MANAGED_KEY' }) : Match.absent(),
      },
    });
    template.resourceCountIs('AWS::Cognito::UserPoolRiskConfigurationAttachment', risks);
    template.resourceCountIs('AWS::Cognito::LogDeliveryConfiguration', logs);
  });

  it('lets the services that keep its users use its key, for directories of the account only', () => {
    const template = Template.fromStack(make({}, 'high').stack);
    const [key] = Object.entries(template.findResources('AWS::KMS::Key')).find(([id]) => id.startsWith('Users')) ?? [];
    const statements: { Principal: { Service?: string; AWS?: unknown }; Action: string[]; Condition?: object }[] =
      template.findResources('AWS::KMS::Key')[key ?? '']?.Properties.KeyPolicy.Statement;
    for (const service of ['cognito-idp.amazonaws.com', 'identitystore.amazonaws.com']) {
      const [use] = statements.filter(({ Principal }) => Principal.Service === service);
      expect(use?.Action).toEqual(expect.arrayContaining(['kms:Encrypt', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptTo']));
      expect(JSON.stringify(use?.Condition)).toMatch(/aws:SourceAccount.*aws:SourceArn.*:userpool\/\*/);
    }
    const people = statements.filter(({ Condition }) => JSON.stringify(Condition ?? {}).includes('kms:ViaService'));
    expect(people).toHaveLength(2);
    for (const { Condition } of people) expect(JSON.stringify(Condition)).toContain('kms:CallerAccount');
    expect(statements.map(({ Principal }) => Principal.Service)).toContain('delivery.logs.amazonaws.com');
  });

  it.each([
    ['low', 30 * 24 * 60],
    ['high', 8 * 60],
  ] as const)('gives its clients short tokens, at tier %s refresh tokens of %d minutes', (tier, RefreshTokenValidity) => {
    const { stack, users } = make({}, tier);
    users.addClient('Web', { oAuth: { callbackUrls: ['https://cases.example.com'] } });
    users.addClient('Plain');
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Cognito::UserPoolClient', {
      AccessTokenValidity: 60,
      EnableTokenRevocation: true,
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      IdTokenValidity: 60,
      PreventUserExistenceErrors: 'ENABLED',
      RefreshTokenRotation: { Feature: 'ENABLED', RetryGracePeriodSeconds: 0 },
      RefreshTokenValidity,
    });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', { AllowedOAuthFlows: ['code'], AllowedOAuthScopes: ['openid'] });
    template.hasResourceProperties('AWS::Cognito::UserPoolClient', { AllowedOAuthFlowsUserPoolClient: false });
    expect(brokenBy(stack)).toEqual([]);
  });

  it.each([
    [{ authFlows: { userPassword: true } }, /sends the password itself/],
    [{ oAuth: { flows: { implicitCodeGrant: true } } }, /implicitCodeGrant puts tokens into addresses/],
    [{ oAuth: { callbackUrls: ['http://cases.example.com'] } }, /clear-text address/],
    [{ accessTokenValidity: Duration.hours(2) }, /accessTokenValidity is 2 hours; at most 1 hour \(IDA-14\)/],
    [{ refreshTokenValidity: Duration.days(1) }, /refreshTokenValidity is 1 day; at most 8 hours/],
  ])('refuses a client with %j', (options, message) => {
    expect(() => make().users.addClient('Web', options)).toThrow(message);
  });

  it.each([
    [{ selfSignUpEnabled: true }, /selfSignUpEnabled breaks IDA-01/],
    [{ minPasswordLength: 8 }, /minPasswordLength is 8; write at least 14/],
    [{ tempPasswordValidity: Duration.days(30) }, /write at most 7/],
  ])('refuses %j', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });

  it('may be open to everybody, and do without threat protection, when that is relaxed', () => {
    const { stack } = make(
      { selfSignUpEnabled: true, relax: [relaxationOf('IDA-01'), relaxationOf('IDA-07'), relaxationOf('IDA-08')] },
      'moderate',
    );
    expect(brokenBy(stack)).toEqual([]);
    Template.fromStack(stack).hasResourceProperties(POOL, { UserPoolTier: 'ESSENTIALS' });
  });

  it.each([
    ['IDA-02.identity', 'MfaConfiguration', 'OPTIONAL'],
    ['IDA-03.identity', 'Policies.PasswordPolicy.MinimumLength', 8],
    ['IDA-04.identity', 'Policies.PasswordPolicy.PasswordHistorySize', 0],
    ['IDA-05.identity', 'Policies.PasswordPolicy.TemporaryPasswordValidityDays', 90],
    ['IDA-07.identity', 'UserPoolAddOns.AdvancedSecurityMode', 'AUDIT'],
    ['IDA-08.identity', 'UserPoolAddOns', undefined],
    ['IDA-01.identity', 'AdminCreateUserConfig.AllowAdminCreateUserOnly', false],
    ['ENC-02.identity', 'KeyConfiguration', undefined],
    ['DHC-10.identity', 'DeletionProtection', 'INACTIVE'],
  ])('is named by %s when %s is overridden', (rule, path, value) => {
    const { stack, users } = make();
    (users.node.defaultChild as CfnUserPool).addPropertyOverride(path, value);
    expect(brokenBy(stack)).toContain(rule);
  });

  it('is named when its reactions to risk are softened, or sign-ins are no longer recorded', () => {
    const { stack, users } = make();
    (users.node.findChild('Risks') as CfnUserPoolRiskConfigurationAttachment).addPropertyOverride(
      'CompromisedCredentialsRiskConfiguration.Actions.EventAction',
      'NO_ACTION',
    );
    users.node.tryRemoveChild('SignInDelivery');
    expect(brokenBy(stack)).toEqual(expect.arrayContaining(['IDA-08.identity', 'LOG-17.identity']));
  });

  it.each([
    ['IDA-14.identity', 'RefreshTokenValidity', 525600],
    ['IDA-15.identity', 'PreventUserExistenceErrors', 'LEGACY'],
    ['IDA-15.identity', 'AllowedOAuthFlows', ['implicit']],
  ])('has a client that is named by %s when %s is overridden', (rule, path, value) => {
    const { stack, users } = make();
    const client = users.addClient('Web', { oAuth: { callbackUrls: ['https://cases.example.com'] } });
    (client.node.defaultChild as CfnUserPoolClient).addPropertyOverride(path, value);
    expect(brokenBy(stack)).toContain(rule);
  });
});

describe('settings of the account', () => {
  const ASSOCIATION = 'AWS::SSM::Association';

  it('ask for long passwords, none of the last 24, and a new one every 90 days', () => {
    const stack = stackOf('high');
    new PasswordPolicy(stack, 'Passwords', { minLength: 20 });
    Template.fromStack(stack).hasResourceProperties(ASSOCIATION, {
      Name: 'AWSConfigRemediation-SetIAMPasswordPolicy',
      ScheduleExpression: 'rate(1 day)',
      Parameters: { MaxPasswordAge: ['90'], MinimumPasswordLength: ['20'], PasswordReusePrevention: ['24'], RequireSymbols: ['true'] },
    });
  });

  it('block public access to every bucket', () => {
    const stack = stackOf('high');
    new AccountPublicAccessBlock(stack, 'Block');
    Template.fromStack(stack).hasResourceProperties(ASSOCIATION, {
      Parameters: { BlockPublicAcls: ['true'], BlockPublicPolicy: ['true'], IgnorePublicAcls: ['true'], RestrictPublicBuckets: ['true'] },
    });
  });

  it('refuse weak passwords, and old ones unless that is relaxed', () => {
    const stack = stackOf('high');
    expect(() => new PasswordPolicy(stack, 'A', { minLength: 8 })).toThrow(/minLength is 8; write 14 to 128/);
    expect(() => new PasswordPolicy(stack, 'B', { maxAgeDays: 365 })).toThrow(/maxAgeDays 365 breaks IDA-05/);
    const relaxed = stackOf('high');
    new PasswordPolicy(relaxed, 'C', { maxAgeDays: 365, relax: [relaxationOf('IDA-05')] });
    expect(brokenBy(relaxed)).toEqual([]);
  });

  it.each([
    ['IDA-03.identity', PasswordPolicy, 'MinimumPasswordLength', ['6']],
    ['IDA-04.identity', PasswordPolicy, 'PasswordReusePrevention', ['0']],
    ['IDA-05.identity', PasswordPolicy, 'MaxPasswordAge', ['0']],
    ['DHC-05.object-storage', AccountPublicAccessBlock, 'BlockPublicPolicy', ['false']],
  ] as const)('are named by %s when they are overridden', (rule, Setting, name, value) => {
    const stack = stackOf('high');
    const setting = new Setting(stack, 'Setting');
    (setting.node.findChild('Setting') as CfnAssociation).addPropertyOverride(`Parameters.${name}`, value);
    expect(brokenBy(stack)).toContain(rule);
  });
});
