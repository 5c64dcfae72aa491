import { type App, Duration, SecretValue } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { CfnRotationSchedule, type CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { describe, expect, it } from 'vitest';
import { SecureSecret, type SecureSecretProps, SecureStack } from '../constructs/aws';
import type { Tier } from '../controls';
import { evaluate } from '../policies/evaluate';
import { gatherConstructs } from '../policies/gather/constructs';
import { RULES } from '../policies/rules';
import { PROFILES, stackOf } from './support/aws-constructs';
import { rotator } from './support/least/secrets';
import { relaxationOf } from './support/relaxation';

const SECRETS = 'AWS::SecretsManager::Secret';
const make = (props: SecureSecretProps = {}, tier: Tier = 'high') => {
  const stack = stackOf(tier);
  const secret = new SecureSecret(stack, 'Secret', { rotation: { rotationLambda: rotator(stack) }, ...props });
  return { stack, secret, template: () => Template.fromStack(stack) };
};
/** Failing rules of a stack, waived ones left out. */
const brokenBy = (stack: SecureStack): readonly string[] => {
  const app = stack.node.root as App;
  app.synth();
  const { graph, waivers } = gatherConstructs(app);
  const { findings } = evaluate(graph, { rules: RULES.filter(({ cloud }) => cloud === 'aws'), waivers, today: new Date('2026-11-22') });
  return [...new Set(findings.filter(({ verdict, waiver }) => verdict === 'fail' && !waiver).map(({ rule }) => rule))];
};

describe('a secure secret', () => {
  it('is generated, rotates monthly, refuses outsiders and stays when its stack goes', () => {
    const { template } = make();
    template().hasResource(SECRETS, { DeletionPolicy: 'Retain', Properties: { GenerateSecretString: {} } });
    template().hasResourceProperties('AWS::SecretsManager::RotationSchedule', { RotationRules: { ScheduleExpression: 'rate(30 days)' } });
    template().hasResourceProperties('AWS::SecretsManager::ResourcePolicy', {
      BlockPublicPolicy: true,
      ResourcePolicy: {
        Statement: Match.arrayWith([Match.objectLike({ Sid: 'DenyOutsiders', Effect: 'Deny', Action: 'secretsmanager:*' })]),
      },
    });
  });

  it('has a key of its own from the moderate tier on', () => {
    make({}, 'low').template().resourcePropertiesCountIs(SECRETS, { KmsKeyId: Match.anyValue() }, 0);
    make({}, 'moderate').template().resourcePropertiesCountIs(SECRETS, { KmsKeyId: Match.anyValue() }, 1);
    const { stack } = make();
    const mine = new Key(stack, 'Mine');
    new SecureSecret(stack, 'Other', { key: mine, rotation: { rotationLambda: rotator(stack, 'Again') } });
    Template.fromStack(stack).hasResourceProperties(SECRETS, { KmsKeyId: stack.resolve(mine.keyArn) });
  });

  it('does not synthesise when nothing rotates it, unless that is relaxed', () => {
    const stack = stackOf('high');
    new SecureSecret(stack, 'Secret');
    expect(() => Template.fromStack(stack)).toThrow(/Cases\/Secret: nothing rotates the secret \(IDA-12\)/);
    const relaxed = stackOf('high');
    new SecureSecret(relaxed, 'Secret', { relax: [relaxationOf('IDA-12')] });
    expect(brokenBy(relaxed)).toEqual([]);
  });

  it('takes a rotation that is added later', () => {
    const stack = stackOf('high');
    const secret = new SecureSecret(stack, 'Secret');
    secret.addRotationSchedule('Later', { rotationLambda: rotator(stack), automaticallyAfter: Duration.days(60) });
    expect(brokenBy(stack)).toEqual([]);
  });

  it.each([
    [{ secretStringValue: SecretValue.unsafePlainText('hunter22') }, /secretStringValue writes the secret into the template/],
    [
      { secretObjectValue: { username: SecretValue.unsafePlainText('app'), password: SecretValue.unsafePlainText('x1') } },
      /secretObjectValue\.password/,
    ],
    [{ sharedWith: ['444455556666'] }, /sharedWith breaks LPA-10/],
    [{ replicaRegions: [{ region: 'eu-west-1' }] }, /replica in eu-west-1 names no encryptionKey/],
  ] satisfies [SecureSecretProps, RegExp][])('refuses %j', (props, message) => {
    expect(() => make(props)).toThrow(message);
  });

  it('keeps its replicas within the residency of the profile', () => {
    const stack = new SecureStack(stackOf('high').node.root as App, 'Resident', {
      env: { region: 'eu-central-1' },
      profile: { ...PROFILES.high, residency: ['eu-central-1'] },
    });
    expect(() => new SecureSecret(stack, 'Secret', { replicaRegions: [{ region: 'us-east-1' }] })).toThrow(
      /promises to stay in eu-central-1 \(LOC-02\)/,
    );
  });

  it('takes references as values', () => {
    const { template } = make({
      secretObjectValue: { username: SecretValue.unsafePlainText('app'), password: SecretValue.secretsManager('elsewhere') },
    });
    expect(JSON.stringify(template().findResources(SECRETS))).toContain('{{resolve:secretsmanager:elsewhere');
  });

  it('refuses rotations that come too rarely', () => {
    const { secret, stack } = make();
    for (const days of [0, 91])
      expect(() =>
        secret.addRotationSchedule(`In${days}`, { rotationLambda: rotator(stack, `R${days}`), automaticallyAfter: Duration.days(days) }),
      ).toThrow(/write 1 to 90 \(IDA-12\)/);
  });
});

describe('weakening a secret is named', () => {
  it.each([
    [
      'IDA-12.secrets',
      ({ secret }) => {
        const schedule = secret.node.findAll().find((each) => each instanceof CfnRotationSchedule) as CfnRotationSchedule;
        schedule.addPropertyOverride('RotationRules', { AutomaticallyAfterDays: 365 });
      },
    ],
    ['IDA-13.secrets', ({ secret }) => (secret.node.defaultChild as CfnSecret).addPropertyOverride('SecretString', 'hunter22')],
    ['ENC-02.secrets', ({ secret }) => (secret.node.defaultChild as CfnSecret).addPropertyDeletionOverride('KmsKeyId')],
    ['DHC-10.secrets', ({ secret }) => (secret.node.defaultChild as CfnSecret).addOverride('DeletionPolicy', 'Delete')],
    [
      'ENC-07.secrets',
      ({ secret }) => {
        const policy = secret.node.findAll().find((each) => each.node.id === 'Resource' && each.node.path.includes('/Policy/'));
        (policy as CfnSecret).addPropertyOverride('ResourcePolicy', {
          Statement: [{ Effect: 'Allow', Principal: '*', Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
        });
      },
    ],
  ] satisfies [string, (made: ReturnType<typeof make>) => void][])('as %s', (rule, weaken) => {
    const made = make();
    weaken(made);
    expect(brokenBy(made.stack)).toContain(rule);
  });

  it('as no finding while the fence stands around a public grant, which outsiders still cannot use', () => {
    const { secret, stack } = make();
    secret.addToResourcePolicy(
      new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['secretsmanager:GetSecretValue'], resources: ['*'] }),
    );
    expect(brokenBy(stack)).not.toContain('ENC-07.secrets');
  });

  it('as LPA-10 when another account is let in', () => {
    const stack = new SecureStack(stackOf('high').node.root as App, 'Ours', {
      env: { account: '111122223333', region: 'eu-central-1' },
      profile: PROFILES.high,
    });
    const secret = new SecureSecret(stack, 'Secret', { rotation: { rotationLambda: rotator(stack) } });
    secret.addToResourcePolicy(
      new PolicyStatement({
        principals: [new AccountPrincipal('444455556666')],
        actions: ['secretsmanager:GetSecretValue'],
        resources: ['*'],
      }),
    );
    expect(brokenBy(stack)).toContain('LPA-10.secrets');
  });
});
