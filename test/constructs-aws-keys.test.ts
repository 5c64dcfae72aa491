import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, AnyPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { describe, expect, it } from 'vitest';
import { AlarmTopic, SecureKey, type SecureKeyProps, type SecureStack } from '../constructs/aws';
import { TIERS } from '../controls';
import { stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

const role = (stack: SecureStack, id: string) => new Role(stack, id, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

const make = (props?: SecureKeyProps, tier: (typeof TIERS)[number] = 'high') => {
  const stack = stackOf(tier);
  const key = new SecureKey(stack, 'Key', props);
  const template = () => Template.fromStack(stack);
  const resource = () => Object.entries(template().findResources('AWS::KMS::Key')).find(([id]) => id.startsWith('Key'))?.[1];
  return { stack, key, template, resource, statements: () => resource()?.Properties.KeyPolicy.Statement as Record<string, unknown>[] };
};

describe('a secure key', () => {
  it.each(TIERS)('rotates yearly, waits 30 days and stays when its stack goes, at tier %s', (tier) => {
    expect(make(undefined, tier).resource()).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { EnableKeyRotation: true, RotationPeriodInDays: 365, PendingWindowInDays: 30, KeySpec: 'SYMMETRIC_DEFAULT' },
    });
  });

  it('cannot be weakened by props that the type does not have', () => {
    const loose = { enableKeyRotation: false, pendingWindow: Duration.days(7), removalPolicy: 'destroy', policy: {} } as SecureKeyProps;
    expect(make(loose).resource()).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { EnableKeyRotation: true, PendingWindowInDays: 30 },
    });
  });

  it('gives wildcard actions to the account root only', () => {
    const { stack, statements } = make({ administrators: [], users: [] });
    new AlarmTopic(stack, 'Alarms');
    const wild = statements().filter((statement) => statement.Effect === 'Allow' && JSON.stringify(statement.Action).includes('*'));
    expect(wild).toHaveLength(1);
    expect(JSON.stringify(wild[0]?.Principal)).toContain(':root');
  });

  it('keeps administrators from using it and users from administering it', () => {
    const stack = stackOf('high');
    const key = new SecureKey(stack, 'Key', { administrators: [role(stack, 'Officer')], users: [role(stack, 'Agent')] });
    const statements = stack.resolve((key.node.defaultChild as never as { keyPolicy: unknown }).keyPolicy).Statement as {
      Sid?: string;
      Effect: string;
      Action: string[];
    }[];
    const by = (sid: string) => statements.find((statement) => statement.Sid === sid);
    expect(by('Administration')?.Action).not.toContain('kms:Decrypt');
    expect(by('AdministratorsDoNotUse')).toMatchObject({
      Effect: 'Deny',
      Action: expect.arrayContaining(['kms:Decrypt', 'kms:CreateGrant']),
    });
    expect(by('Use')?.Action).not.toContain('kms:PutKeyPolicy');
    expect(by('UsersDoNotAdminister')).toMatchObject({
      Effect: 'Deny',
      Action: expect.arrayContaining(['kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']),
    });
    expect(JSON.stringify(by('OnlyAdministratorsDestroy'))).toContain('Officer');
  });

  it('refuses one principal for both', () => {
    const stack = stackOf('high');
    const both = role(stack, 'Both');
    expect(() => new SecureKey(stack, 'Key', { administrators: [both], users: [both] })).toThrow(
      /both administers and uses the key.*ENC-04/,
    );
  });

  it.each([new AnyPrincipal(), new ServicePrincipal('s3.amazonaws.com')])('refuses %s as an administrator', (principal) => {
    expect(() => make({ administrators: [principal] })).toThrow(/administrators holds a principal that is no role or user.*grantToService/);
  });

  it('lets only administrators and the root destroy it', () => {
    make()
      .template()
      .hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Sid: 'OnlyAdministratorsDestroy',
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Action: Match.arrayWith(['kms:DisableKey', 'kms:ScheduleKeyDeletion']),
            }),
          ]),
        },
      });
  });

  it('lets nobody pass it on by a grant but services of AWS, for what they keep with it', () => {
    make()
      .template()
      .hasResourceProperties('AWS::KMS::Key', {
        KeyPolicy: {
          Statement: Match.arrayWith([
            {
              Sid: 'OnlyServicesPassItOn',
              Effect: 'Deny',
              Principal: { AWS: '*' },
              Action: 'kms:CreateGrant',
              Resource: '*',
              Condition: { BoolIfExists: { 'kms:GrantIsForAWSResource': 'false', 'aws:PrincipalIsAWSService': 'false' } },
            },
          ]),
        },
      });
  });

  it('names each use that it grants', () => {
    const { stack, template, key } = make();
    key.grantEncryptDecrypt(role(stack, 'Reader'));
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: [
              'kms:Decrypt',
              'kms:Encrypt',
              'kms:ReEncryptFrom',
              'kms:ReEncryptTo',
              'kms:GenerateDataKey',
              'kms:GenerateDataKeyWithoutPlaintext',
            ],
          }),
        ],
      },
    });
  });

  it('raises an alarm, once for all keys of a stack, when one is about to be destroyed or disabled', () => {
    const { stack, template } = make();
    new SecureKey(stack, 'Other');
    template().resourceCountIs('AWS::Events::Rule', 1);
    template().hasResourceProperties('AWS::Events::Rule', {
      State: 'ENABLED',
      EventPattern: { detail: { eventName: Match.arrayWith(['ScheduleKeyDeletion', 'DisableKey']) } },
      Targets: [Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('Alarms') } })],
    });
  });

  it('sends its alarm to the topic that it is given', () => {
    const stack = stackOf('high');
    const alarms = new AlarmTopic(stack, 'Mine');
    new SecureKey(stack, 'Key', { alarms });
    Template.fromStack(stack).resourceCountIs('AWS::SNS::Topic', 1);
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      Targets: [Match.objectLike({ Arn: stack.resolve(alarms.topicArn) })],
    });
  });

  it.each([KeySpec.RSA_2048, KeySpec.ECC_SECG_P256K1, KeySpec.SM2, KeySpec.HMAC_224])('refuses %s', (keySpec) => {
    expect(() => make({ keySpec })).toThrow(new RegExp(`Cases/Key: keySpec ${keySpec} is not approved.*ENC-09`));
  });

  it('refuses a rotation slower than a year, and takes a faster one', () => {
    expect(() => make({ rotationPeriod: Duration.days(400) })).toThrow(/rotationPeriod is 400 days; at most 365/);
    expect(make({ rotationPeriod: Duration.days(90) }).resource()?.Properties.RotationPeriodInDays).toBe(90);
  });

  it('signs with an asymmetric key, which does not rotate', () => {
    const properties = make({ keySpec: KeySpec.ECC_NIST_P384, keyUsage: KeyUsage.SIGN_VERIFY }).resource()?.Properties;
    expect(properties).toMatchObject({ KeySpec: 'ECC_NIST_P384', KeyUsage: 'SIGN_VERIFY' });
    expect(properties.EnableKeyRotation).toBeUndefined();
  });

  it('grants like any key of the CDK', () => {
    const { stack, key, template } = make();
    key.grantDecrypt(role(stack, 'Reader'));
    template().hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: Match.anyValue(), Resource: stack.resolve(key.keyArn) })] },
    });
  });

  it('binds a grant to a service to the account, or to the encryption context that the service sends', () => {
    const { key, statements } = make();
    key.grantToService('secretsmanager.amazonaws.com');
    key.grantToService('logs.eu-central-1.amazonaws.com', {
      encryptionContext: { 'aws:logs:arn': 'arn:aws:logs:eu-central-1:111122223333:*' },
    });
    const services = statements().filter((statement) => 'Service' in (statement.Principal as object));
    expect(services.map((statement) => statement.Condition)).toEqual([
      { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-central-1:111122223333:*' } },
    ]);
  });
});

describe('relaxing a key', () => {
  it('lets it go with its stack, records the waiver in both forms, and keeps the rest', () => {
    const { key, resource, statements } = make({ relax: [relaxationOf('DHC-10')] });
    const { control: _, ...fields } = relaxationOf('DHC-10');
    expect(resource()).toMatchObject({
      DeletionPolicy: 'Delete',
      Properties: { PendingWindowInDays: 30, EnableKeyRotation: true },
      Metadata: { Palisade: { waivers: [{ rule: 'DHC-10.keys', resource: 'Cases/Key/Resource', ...fields }] } },
    });
    expect(statements().some((statement) => statement.Sid === 'OnlyAdministratorsDestroy')).toBe(false);
    const acknowledged = key.node.metadata.filter((entry) => entry.type === 'aws:cdk:acknowledged-rules').map((entry) => entry.data);
    expect(acknowledged).toEqual([
      {
        'Palisade::DHC-10.keys':
          'the importer cannot yet do otherwise | owner=support-data@example.com | approver=security@example.com | ticket=SEC-1201 | expires=2027-01-31',
      },
    ]);
  });

  it('shares it with a named account only together with a waiver', () => {
    expect(() => make({ sharedWith: ['444455556666'] })).toThrow(/Cases\/Key: sharedWith breaks LPA-10.*relax: \[\{ control: 'LPA-10'/);
    const { key, statements } = make({ sharedWith: ['444455556666'], relax: [relaxationOf('LPA-10.keys')] });
    key.grantDecrypt(new AccountPrincipal('444455556666'));
    expect(statements().find((statement) => statement.Sid === 'DenyOutsiders')?.Condition).toMatchObject({
      StringNotEquals: { 'aws:PrincipalAccount': [{ Ref: 'AWS::AccountId' }, '444455556666'] },
    });
  });
});
