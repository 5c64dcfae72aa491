import { App, type CfnResource } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { BackupPlanRule, BackupResource, BackupVault, type CfnBackupVault } from 'aws-cdk-lib/aws-backup';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import {
  AlarmTopic,
  declareOrganisation,
  RestoreTests,
  SecureBackupPlan,
  type SecureBackupPlanProps,
  SecureBackupVault,
  type SecureBackupVaultProps,
  SecureStack,
} from '../constructs/aws';
import type { Tier } from '../controls';
import { PROFILES, stackOf } from './support/aws-constructs';
import { brokenRules } from './support/broken';
import { relaxationOf } from './support/relaxation';

const broken = (stack: SecureStack) => brokenRules(stack, 'backup');

const makeVault = (props: SecureBackupVaultProps = {}, tier: Tier = 'high') => {
  const stack = stackOf(tier);
  const vault = new SecureBackupVault(stack, 'Vault', props);
  const cfn = vault.node.defaultChild as CfnBackupVault;
  return { stack, vault, cfn, resource: () => Object.values(Template.fromStack(stack).findResources('AWS::Backup::BackupVault'))[0] };
};

const elsewhere = (stack: SecureStack, arn = 'arn:aws:backup:eu-west-1:444455556666:backup-vault:cases') =>
  BackupVault.fromBackupVaultArn(stack, `Elsewhere${stack.node.children.length}`, arn);

const makePlan = (props: SecureBackupPlanProps = {}, tier: Tier = 'high') => {
  const stack = stackOf(tier);
  const plan = new SecureBackupPlan(stack, 'Backup', tier === 'high' ? { copyTo: [elsewhere(stack)], ...props } : props);
  return { stack, plan, template: () => Template.fromStack(stack) };
};

describe('a secure backup vault', () => {
  it('is locked for good after three days at high, in governance mode at moderate, and not at low', () => {
    expect(makeVault().resource()).toMatchObject({
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: 3 } },
    });
    expect(makeVault({}, 'moderate').resource()?.Properties.LockConfiguration).toEqual({ MinRetentionDays: 35 });
    expect(makeVault({}, 'low').resource()?.Properties.LockConfiguration).toBeUndefined();
  });

  it('takes its own retention, also at low', () => {
    const retention = { atLeastDays: 14, atMostDays: 400 };
    expect(makeVault({ retention, graceDays: 10 }).resource()?.Properties.LockConfiguration).toEqual({
      MinRetentionDays: 14,
      MaxRetentionDays: 400,
      ChangeableForDays: 10,
    });
    expect(makeVault({ retention }, 'low').resource()?.Properties.LockConfiguration).toEqual({
      MinRetentionDays: 14,
      MaxRetentionDays: 400,
    });
  });

  it('refuses everyone to delete, and outsiders to do anything, action by action', () => {
    const Statement = makeVault().resource()?.Properties.AccessPolicy.Statement;
    expect(Statement).toEqual([
      expect.objectContaining({
        Sid: 'DenyRemoval',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: expect.arrayContaining(['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle']),
      }),
      expect.objectContaining({ Sid: 'DenyOutsiders', Effect: 'Deny' }),
    ]);
    expect(JSON.stringify(Statement)).not.toContain('backup:*');
  });

  it('takes copies from accounts of the organisation', () => {
    const stack = stackOf('high');
    declareOrganisation(stack, 'o-exampleorgid');
    new SecureBackupVault(stack, 'Vault', { receivesFrom: ['444455556666'] });
    Template.fromStack(stack).hasResourceProperties('AWS::Backup::BackupVault', {
      AccessPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'ReceiveCopies',
            Action: 'backup:CopyIntoBackupVault',
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
          }),
        ]),
      },
    });
    expect(broken(stack)).toEqual([]);
  });

  it('tells the alarm topic, once, of failed jobs, of restores and of tampering', () => {
    const { stack } = makeVault();
    new SecureBackupVault(stack, 'Second');
    const rules = Template.fromStack(stack).findResources('AWS::Events::Rule', {
      Properties: { EventPattern: { source: ['aws.backup'] } },
    });
    expect(Object.values(rules).map(({ Properties }) => Properties.EventPattern['detail-type'])).toEqual([
      ['Backup Job State Change', 'Copy Job State Change'],
      ['AWS API Call via CloudTrail'],
      ['AWS API Call via CloudTrail'],
    ]);
  });

  it.each<[SecureBackupVaultProps, RegExp]>([
    [{ retention: { atLeastDays: 0 } }, /Cases\/Vault: retention.atLeastDays is 0; write a whole number of days, at least 1 \(BCR-02\)/],
    [{ retention: { atLeastDays: 40, atMostDays: 30 } }, /retention.atLeastDays 40 is more than atMostDays 30/],
    [{ graceDays: 1 }, /graceDays is 1; write a whole number of days, at least 3/],
    [{ receivesFrom: ['444455556666'] }, /receivesFrom needs the organisation; call declareOrganisation first/],
    [{ relax: [relaxationOf('ENC-02')] }, /ENC-02 cannot be relaxed on SecureBackupVault: pass another key; relaxable: BCR-02/],
  ])('refuses %j', (props, message) => {
    expect(() => makeVault(props)).toThrow(message);
  });

  it('can be left unlocked only with a waiver, which travels with it', () => {
    const { stack, resource } = makeVault({ relax: [relaxationOf('BCR-02')] });
    expect(resource()).toMatchObject({ Metadata: { Palisade: { waivers: [{ rule: 'BCR-02.backup' }] } } });
    expect(resource()?.Properties.LockConfiguration).toBeUndefined();
    expect(broken(stack)).toEqual([]);
  });

  it.each<[string, (cfn: CfnBackupVault, vault: SecureBackupVault) => void, readonly string[]]>([
    ['the lock is taken off', (cfn) => cfn.addPropertyDeletionOverride('LockConfiguration'), ['BCR-02.backup']],
    [
      'the lock can be taken off for ever',
      (cfn) => cfn.addPropertyDeletionOverride('LockConfiguration.ChangeableForDays'),
      ['BCR-02.backup'],
    ],
    ['the key goes', (cfn) => cfn.addPropertyDeletionOverride('EncryptionKeyArn'), ['ENC-02.backup']],
    [
      'policy and lock both go',
      (cfn) => {
        cfn.addPropertyDeletionOverride('AccessPolicy');
        cfn.addPropertyDeletionOverride('LockConfiguration');
      },
      ['BCR-02.backup', 'BCR-08.backup'],
    ],
    [
      'it is opened to everyone',
      (_, vault) =>
        vault.addToAccessPolicy(
          new PolicyStatement({ principals: [new AccountPrincipal('*')], actions: ['backup:CopyFromBackupVault'], resources: ['*'] }),
        ),
      ['DHC-05.backup'],
    ],
  ])('is named when %s', (_, weaken, rules) => {
    const { stack, cfn, vault } = makeVault();
    weaken(cfn, vault);
    expect(broken(stack)).toEqual(rules);
  });

  it('is named when nobody hears of its jobs any more', () => {
    const { stack } = makeVault();
    for (const child of stack.node.findAll()) {
      const resource = child as CfnResource;
      if (resource.cfnResourceType === 'AWS::Events::Rule') resource.addPropertyOverride('State', 'DISABLED');
    }
    expect(broken(stack)).toEqual(['BCR-05.backup', 'BCR-10.backup']);
  });

  it('is named when another account is let in', () => {
    const stack = new SecureStack(new App(), 'Cases', { env: { account: '111122223333', region: 'eu-central-1' }, profile: PROFILES.high });
    const vault = new SecureBackupVault(stack, 'Vault');
    vault.addToAccessPolicy(
      new PolicyStatement({
        principals: [new AccountPrincipal('444455556666')],
        actions: ['backup:CopyFromBackupVault'],
        resources: ['*'],
      }),
    );
    expect(broken(stack)).toEqual(['LPA-10.backup']);
  });
});

describe('a secure backup plan', () => {
  it('backs up the declared system daily and monthly, copies both, and tests the restores', () => {
    const { template } = makePlan();
    const copy = [{ DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:444455556666:backup-vault:cases' }];
    template().hasResourceProperties('AWS::Backup::BackupPlan', {
      BackupPlan: {
        BackupPlanRule: [
          Match.objectLike({
            RuleName: 'daily',
            Lifecycle: { DeleteAfterDays: 35 },
            CopyActions: [Match.objectLike({ ...copy[0], Lifecycle: { DeleteAfterDays: 35 } })],
          }),
          Match.objectLike({
            RuleName: 'monthly',
            Lifecycle: { DeleteAfterDays: 400 },
            CopyActions: [Match.objectLike(copy[0] as object)],
          }),
        ],
      },
    });
    template().hasResourceProperties('AWS::Backup::BackupSelection', {
      BackupSelection: {
        ListOfTags: [{ ConditionKey: 'palisade:system', ConditionType: 'STRINGEQUALS', ConditionValue: 'case-management' }],
      },
    });
    template().resourceCountIs('AWS::Backup::RestoreTestingSelection', 7);
  });

  it('needs no copies and no tests at low', () => {
    const { template } = makePlan({}, 'low');
    template().resourceCountIs('AWS::Backup::RestoreTestingPlan', 0);
    expect(JSON.stringify(template().findResources('AWS::Backup::BackupPlan'))).not.toContain('DestinationBackupVaultArn');
  });

  it('takes backups with a role that only AWS Backup takes on, for this account', () => {
    makePlan()
      .template()
      .hasResourceProperties('AWS::IAM::Role', {
        Description: 'Takes backups',
        AssumeRolePolicyDocument: {
          Statement: [
            Match.objectLike({
              Principal: { Service: 'backup.amazonaws.com' },
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            }),
          ],
        },
      });
  });

  it.each<[SecureBackupPlanProps, RegExp]>([
    [{ copyTo: [] }, /Cases\/Backup: backups without a copy in another account breaks BCR-03.*name a vault of another account in copyTo/],
    [{ dailyForDays: 7 }, /dailyForDays is 7; write a whole number of days, at least 35 \(BCR-01\)/],
    [{ monthlyForDays: 0.5 }, /monthlyForDays is 0.5/],
    [{ relax: [relaxationOf('BCR-01')] }, /BCR-01 cannot be relaxed on SecureBackupPlan: name other resources/],
  ])('refuses %j', (props, message) => {
    expect(() => makePlan(props)).toThrow(message);
  });

  it('refuses what the lock of its vault does not allow', () => {
    const stack = stackOf('moderate');
    const vault = new SecureBackupVault(stack, 'Vault', { retention: { atLeastDays: 60, atMostDays: 90 } });
    expect(() => new SecureBackupPlan(stack, 'A', { vault })).toThrow(
      /dailyForDays is 35, but the vault keeps every backup for at least 60 days/,
    );
    expect(() => new SecureBackupPlan(stack, 'B', { vault, dailyForDays: 60 })).toThrow(
      /monthlyForDays is 400, but the vault keeps no backup for more than 90/,
    );
  });

  it('refuses copies in the same region, and in regions that the profile does not promise', () => {
    const stack = stackOf('high');
    const near = elsewhere(stack, 'arn:aws:backup:eu-central-1:444455556666:backup-vault:cases');
    expect(() => new SecureBackupPlan(stack, 'A', { copyTo: [near] })).toThrow(/backups without a copy in another region breaks LOC-05/);
    const europe = new SecureStack(new App(), 'Europe', {
      env: { region: 'eu-central-1' },
      profile: { ...PROFILES.high, residency: ['eu-central-1'] },
    });
    expect(() => new SecureBackupPlan(europe, 'A', { copyTo: [elsewhere(europe)] })).toThrow(
      /a copy goes to eu-west-1; case-management promises to stay in eu-central-1 \(LOC-02\)/,
    );
  });

  it('keeps its backups where they are only with waivers', () => {
    const { stack, template } = makePlan({ copyTo: [], relax: [relaxationOf('BCR-03'), relaxationOf('LOC-05'), relaxationOf('BCR-04')] });
    template().resourceCountIs('AWS::Backup::RestoreTestingPlan', 0);
    expect(broken(stack)).toEqual([]);
  });

  it.each<[string, (plan: SecureBackupPlan, stack: SecureStack) => void, readonly string[]]>([
    [
      'the copies go',
      (plan) => {
        const cfn = plan.node.defaultChild as CfnResource;
        for (const index of [0, 1]) cfn.addPropertyDeletionOverride(`BackupPlan.BackupPlanRule.${index}.CopyActions`);
      },
      ['BCR-03.backup', 'LOC-05.backup'],
    ],
    ['a rule keeps backups without end', (plan) => plan.addRule(new BackupPlanRule({ ruleName: 'weekly' })), ['DHC-06.backup']],
    [
      'nothing is selected',
      (plan) => {
        plan.node.tryRemoveChild('Selection');
      },
      ['BCR-01.backup'],
    ],
    [
      'nothing is restored',
      (plan) => {
        plan.node.tryRemoveChild('RestoreTests');
      },
      ['BCR-04.backup'],
    ],
    [
      'tests run once a year',
      (plan) =>
        (plan.node.findChild('RestoreTests').node.defaultChild as CfnResource).addPropertyOverride(
          'ScheduleExpression',
          'cron(0 3 1 1 ? *)',
        ),
      ['BCR-04.backup'],
    ],
  ])('is named when %s', (_, weaken, rules) => {
    const { stack, plan } = makePlan();
    weaken(plan, stack);
    expect(broken(stack)).toEqual(rules);
  });

  it('backs up what it is told to', () => {
    const { template } = makePlan({ resources: [BackupResource.fromTag('stage', 'prod')] });
    template().hasResourceProperties('AWS::Backup::BackupSelection', {
      BackupSelection: { ListOfTags: [Match.objectLike({ ConditionKey: 'stage' })] },
    });
  });
});

describe('restore tests', () => {
  it('restore one recovery point of each kind a month, of the declared system, and keep it for a day', () => {
    const stack = stackOf('high');
    new AlarmTopic(stack, 'Alarms');
    new RestoreTests(stack, 'Tests', { vaults: [new SecureBackupVault(stack, 'Vault')], stores: ['DynamoDB', 'S3'] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Backup::RestoreTestingPlan', {
      ScheduleExpression: 'cron(0 3 1 * ? *)',
      RecoveryPointSelection: { Algorithm: 'LATEST_WITHIN_WINDOW', SelectionWindowDays: 31 },
    });
    template.resourceCountIs('AWS::Backup::RestoreTestingSelection', 2);
    template.hasResourceProperties('AWS::Backup::RestoreTestingSelection', {
      ProtectedResourceType: 'DynamoDB',
      ValidationWindowHours: 24,
      ProtectedResourceConditions: { StringEquals: [{ Key: 'aws:ResourceTag/palisade:system', Value: 'case-management' }] },
    });
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { 'detail-type': ['Restore Job State Change'], detail: { status: ['ABORTED', 'FAILED'] } },
    });
  });

  it('need a vault and a kind of store', () => {
    const stack = stackOf('high');
    expect(() => new RestoreTests(stack, 'A', { vaults: [] })).toThrow(/Cases\/A: vaults is empty/);
    expect(() => new RestoreTests(stack, 'B', { vaults: [elsewhere(stack)], stores: [] })).toThrow(/Cases\/B: stores is empty/);
  });
});
