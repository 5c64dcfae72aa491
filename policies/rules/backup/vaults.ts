import type { ControlId } from '../../../controls';
import { isClassified } from '../../facts/classification';
import { grantsNobodyPublicly, type Statement, statementsOf } from '../../facts/iam';
import { keepOutsidersOut } from '../../facts/iam-grants';
import { isOwnKey } from '../../facts/keys';
import { allOf, anyOf, fail, notApplicable, type Outcome, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { ALARM, EVENT_RULE, failuresAreHeard, restoresAreHeard } from './watching';

export const VAULT = 'AWS::Backup::BackupVault';
export const AIR_GAPPED = 'AWS::Backup::LogicallyAirGappedBackupVault';
const VAULTS = [VAULT, AIR_GAPPED] as const;

const grantsOf = (vault: Resource): readonly Statement[] =>
  statementsOf(vault.at('AccessPolicy')).filter((statement) => statement.allows().verdict !== 'fail');

/** A lock that nobody, the account root included, can take off once the cooling-off days are over. */
const isSealed = (vault: Resource): Outcome =>
  allOf(vault.at('LockConfiguration.MinRetentionDays').isSet(), vault.at('LockConfiguration.ChangeableForDays').isSet());

/** Denies everyone to delete recovery points; a condition may except a closed set of principals. */
function deniesRemoval(statement: Statement): Outcome {
  const conditions = statement.conditions();
  return allOf(
    statement.denies(),
    statement.coversAction('backup:DeleteRecoveryPoint'),
    anyOf(
      [
        allOf(statement.namesEveryone(), conditions.length === 0 ? statement.isUnconditional() : fail('has conditions')),
        fencedOff(statement),
      ],
      `${statement.name} does not deny everyone`,
    ),
  );
}

const fencedOff = (statement: Statement): Outcome => statement.fencesOff('backup:DeleteRecoveryPoint');

const vault = (Properties: object, rest: object = {}) => ({
  Vault: { Type: VAULT, Properties: { BackupVaultName: 'cases', ...Properties } },
  ...rest,
});
const gapped = (Properties: object) => ({ Vault: { Type: AIR_GAPPED, Properties: { BackupVaultName: 'cases', ...Properties } } });
const policy = (...Statement: readonly object[]) => vault({ AccessPolicy: { Statement } });
const denied = (rest: object = {}) =>
  policy({
    Effect: 'Deny',
    Principal: '*',
    Action: ['backup:DeleteRecoveryPoint', 'backup:UpdateRecoveryPointLifecycle'],
    Resource: '*',
    ...rest,
  });
const allowed = (principal: unknown, rest: object = {}) =>
  policy({ Effect: 'Allow', Principal: principal, Action: 'backup:CopyIntoBackupVault', Resource: '*', ...rest });
const watched = (EventPattern: object, rest: object = {}) => ({
  Watch: {
    Type: EVENT_RULE,
    Properties: { EventPattern, Targets: [{ Id: 'a', Arn: 'arn:aws:sns:eu-west-1:111122223333:alarms' }], ...rest },
  },
});
const failed = (detail: object) => ({ source: ['aws.backup'], 'detail-type': ['Backup Job State Change'], detail });
const told = (...BackupVaultEvents: readonly unknown[]) =>
  vault({ Notifications: { SNSTopicArn: 'arn:aws:sns:eu-west-1:111122223333:alarms', BackupVaultEvents } });
const LABELLED = {
  'palisade:sensitivity': 'confidential',
  'palisade:tier': 'moderate',
  'palisade:owner': 'team@example.com',
  'palisade:volume': 'few',
};
const KEY = { Key: { Type: 'AWS::KMS::Key' } };
const OURS = { account: '111122223333' };

export const VAULT_RULES = {
  'ENC-02': {
    aws: [
      rule({
        on: VAULT,
        check: (vault) => isOwnKey(vault.at('EncryptionKeyArn')),
        fix: 'Use SecureBackupVault, or set EncryptionKeyArn to the ARN of a key of your own.',
        pass: [
          { resources: vault({ EncryptionKeyArn: { 'Fn::GetAtt': ['Key', 'Arn'] } }, KEY) },
          { resources: vault({ EncryptionKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' }) },
        ],
        fail: [{ resources: vault({}) }, { resources: vault({ EncryptionKeyArn: 'arn:aws:kms:eu-west-1:111122223333:alias/aws/backup' }) }],
        unknown: [{ parameters: { Key: { Type: 'String' } }, resources: vault({ EncryptionKeyArn: { Ref: 'Key' } }) }],
        skip: [{ tier: 'low', resources: vault({}) }],
      }),
      rule({
        // The service's own key is out of everybody's reach, which is what the gap is for: a choice, from the high tier on.
        on: AIR_GAPPED,
        check: (vault) => isOwnKey(vault.at('EncryptionKeyArn')),
        from: 'high',
        severity: 'low',
        fix: 'Set EncryptionKeyArn to the ARN of a key of your own, kept in another account than the data.',
        pass: [{ resources: gapped({ EncryptionKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/1' }) }],
        fail: [{ resources: gapped({}) }],
        unknown: [{ parameters: { Key: { Type: 'String' } }, resources: gapped({ EncryptionKeyArn: { Ref: 'Key' } }) }],
        skip: [{ tier: 'moderate', resources: gapped({}) }],
      }),
    ],
  },

  'DHC-01': {
    aws: rule({
      on: VAULTS,
      check: isClassified,
      severity: 'low',
      fix: 'Use SecureBackupVault in a stack with a data profile, or set BackupVaultTags palisade:sensitivity, palisade:tier, palisade:owner and palisade:volume.',
      pass: [{ resources: vault({ BackupVaultTags: LABELLED }) }, { resources: gapped({ BackupVaultTags: LABELLED }) }],
      fail: [{ resources: vault({}) }, { resources: gapped({}) }],
      unknown: [{ parameters: { Tags: { Type: 'String' } }, resources: vault({ BackupVaultTags: { Ref: 'Tags' } }) }],
    }),
  },

  'DHC-05': {
    aws: rule({
      on: VAULTS,
      check: (vault) => {
        const policy = vault.at('AccessPolicy');
        return policy.state === 'absent' ? notApplicable('has no access policy') : grantsNobodyPublicly(policy, 'backup:*');
      },
      fix: 'Name the principals in AccessPolicy, or confine the grant with aws:PrincipalOrgID.',
      pass: [
        { resources: allowed({ AWS: 'arn:aws:iam::111122223333:root' }) },
        {
          name: 'fenced off by another statement',
          resources: policy(
            { Effect: 'Allow', Principal: '*', Action: 'backup:CopyIntoBackupVault', Resource: '*' },
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 'backup:*',
              Resource: '*',
              Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
            },
          ),
        },
        {
          name: 'the organisation only',
          resources: allowed('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }),
        },
      ],
      fail: [{ resources: allowed('*') }, { resources: allowed({ AWS: '*' }) }],
      unknown: [{ parameters: { Who: { Type: 'String' } }, resources: allowed({ Ref: 'Who' }) }],
      skip: [{ resources: vault({}) }],
    }),
  },

  'LPA-10': {
    aws: rule({
      on: VAULTS,
      check: (vault, graph) => {
        if (vault.at('AccessPolicy').state === 'absent') return notApplicable('has no access policy');
        return keepOutsidersOut(grantsOf(vault), graph, 'DHC-05');
      },
      fix: 'Use SecureBackupVault, or name accounts of your own in AccessPolicy, or confine the grant with aws:PrincipalOrgID.',
      pass: [
        { unit: OURS, resources: allowed({ AWS: 'arn:aws:iam::111122223333:root' }) },
        {
          unit: OURS,
          resources: allowed({ AWS: '444455556666' }, { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' } } }),
        },
      ],
      fail: [{ unit: OURS, resources: allowed({ AWS: '444455556666' }) }],
      unknown: [{ resources: allowed({ AWS: '444455556666' }) }],
      skip: [{ resources: vault({}) }, { name: 'everyone is another finding', resources: allowed('*') }],
    }),
  },

  'BCR-02': {
    aws: [
      rule({
        on: VAULT,
        check: (vault) => vault.at('LockConfiguration.MinRetentionDays').isAtLeast(1),
        severity: 'medium',
        fix: 'Use SecureBackupVault, or set LockConfiguration.MinRetentionDays, so that no recovery point is deleted before.',
        pass: [
          { resources: vault({ LockConfiguration: { MinRetentionDays: 35 } }) },
          { resources: vault({ LockConfiguration: { MinRetentionDays: '7', ChangeableForDays: 3 } }) },
        ],
        fail: [
          { resources: vault({}) },
          { resources: vault({ LockConfiguration: { MaxRetentionDays: 365 } }) },
          { resources: vault({ LockConfiguration: { MinRetentionDays: 0 } }) },
        ],
        unknown: [
          { parameters: { Days: { Type: 'Number' } }, resources: vault({ LockConfiguration: { MinRetentionDays: { Ref: 'Days' } } }) },
        ],
        skip: [{ tier: 'low', resources: vault({}) }],
      }),
      rule({
        // Without the days of grace the lock is in governance mode: who may delete the lock may delete the backups.
        on: VAULT,
        check: (vault) =>
          when(vault.at('LockConfiguration.MinRetentionDays').isSet(), () => vault.at('LockConfiguration.ChangeableForDays').isAtLeast(3)),
        from: 'high',
        fix: 'Use SecureBackupVault, or set LockConfiguration.ChangeableForDays (at least 3): after these days nobody can take the lock off.',
        pass: [{ resources: vault({ LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: 3 } }) }],
        fail: [{ resources: vault({ LockConfiguration: { MinRetentionDays: 35 } }) }],
        unknown: [
          {
            parameters: { Days: { Type: 'Number' } },
            resources: vault({ LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: { Ref: 'Days' } } }),
          },
        ],
        skip: [
          { name: 'without a lock, which the other rule judges', resources: vault({}) },
          { tier: 'moderate', resources: vault({ LockConfiguration: { MinRetentionDays: 35 } }) },
        ],
      }),
      rule({
        // Always locked; the service takes no less than a week.
        on: AIR_GAPPED,
        check: (vault) => vault.at('MinRetentionDays').isAtLeast(7),
        fix: 'Set MinRetentionDays to at least 7.',
        pass: [{ resources: gapped({ MinRetentionDays: 7 }) }],
        fail: [{ resources: gapped({ MinRetentionDays: 1 }) }],
        unknown: [{ parameters: { Days: { Type: 'Number' } }, resources: gapped({ MinRetentionDays: { Ref: 'Days' } }) }],
      }),
    ],
  },

  'BCR-05': {
    aws: [
      rule({
        on: VAULTS,
        check: restoresAreHeard,
        severity: 'low',
        fix: 'Use SecureBackupVault, or add RESTORE_JOB_STARTED to Notifications.BackupVaultEvents, or an EventBridge rule on StartRestoreJob with a target.',
        pass: [
          { resources: told('RESTORE_JOB_STARTED') },
          { resources: { ...vault({}), ...watched({ source: ['aws.backup'], 'detail-type': ['Restore Job State Change'] }) } },
          {
            resources: {
              ...vault({}),
              ...watched({ source: ['aws.backup'], detail: { eventSource: ['backup.amazonaws.com'], eventName: ['StartRestoreJob'] } }),
            },
          },
          {
            resources: { ...vault({}), ...watched({ detail: { eventSource: ['backup.amazonaws.com'], eventName: ['StartRestoreJob'] } }) },
          },
        ],
        fail: [
          { resources: vault({}) },
          { resources: told('BACKUP_JOB_FAILED') },
          { resources: { ...vault({}), ...watched(failed({ state: ['FAILED'] })) } },
          {
            resources: {
              ...vault({}),
              ...watched({ source: ['aws.backup'], 'detail-type': ['Restore Job State Change'] }, { State: 'DISABLED' }),
            },
          },
          {
            resources: {
              ...vault({}),
              ...watched({ source: ['aws.backup'], 'detail-type': ['Restore Job State Change'] }, { Targets: [] }),
            },
          },
          {
            name: 'restores that went wrong only',
            resources: {
              ...vault({}),
              ...watched({ source: ['aws.backup'], 'detail-type': ['Restore Job State Change'], detail: { status: ['FAILED'] } }),
            },
          },
        ],
        unknown: [{ parameters: { Event: { Type: 'String' } }, resources: told({ Ref: 'Event' }) }],
        skip: [{ tier: 'low', resources: vault({}) }],
      }),
      rule({
        on: AIR_GAPPED,
        check: (vault) => vault.at('MpaApprovalTeamArn').isSet(),
        from: 'high',
        severity: 'low',
        fix: 'Set MpaApprovalTeamArn to the approval team of AWS::MPA::ApprovalTeam, so that a restore needs a second person.',
        pass: [{ resources: gapped({ MpaApprovalTeamArn: 'arn:aws:mpa:us-east-1:111122223333:approval-team/t' }) }],
        fail: [{ resources: gapped({}) }],
        skip: [{ tier: 'moderate', resources: gapped({}) }],
      }),
    ],
  },

  'BCR-08': {
    aws: rule({
      on: VAULT,
      check: (vault) => {
        const statements = statementsOf(vault.at('AccessPolicy'));
        const seal = isSealed(vault);
        if (seal.verdict === 'pass') return seal;
        return anyOf(
          [seal, some(statements, deniesRemoval, 'none')],
          'neither a lock that stays nor AccessPolicy denies everyone backup:DeleteRecoveryPoint',
        );
      },
      severity: 'medium',
      fix: 'Use SecureBackupVault, or deny everyone backup:DeleteRecoveryPoint, backup:UpdateRecoveryPointLifecycle and backup:DeleteBackupVault in AccessPolicy (blockRecoveryPointDeletion: true).',
      pass: [
        { resources: denied() },
        {
          name: 'all but the people who may',
          resources: denied({ Condition: { ArnNotLike: { 'aws:PrincipalArn': 'arn:aws:iam::111122223333:role/backup-admin' } } }),
        },
        { resources: denied({ Action: 'backup:*' }) },
        {
          name: 'nobody can, once the lock is closed',
          resources: vault({ LockConfiguration: { MinRetentionDays: 35, ChangeableForDays: 3 } }),
        },
      ],
      fail: [
        { resources: vault({}) },
        { resources: denied({ Action: 'backup:DeleteBackupVault' }) },
        { resources: denied({ Principal: { AWS: 'arn:aws:iam::111122223333:role/app' } }) },
        { resources: denied({ Effect: 'Allow' }) },
        { name: 'only in daylight', resources: denied({ Condition: { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } } }) },
        { name: 'who may delete the lock may delete the rest', resources: vault({ LockConfiguration: { MinRetentionDays: 35 } }) },
      ],
      unknown: [{ parameters: { Policy: { Type: 'String' } }, resources: vault({ AccessPolicy: { Ref: 'Policy' } }) }],
    }),
  },

  'BCR-10': {
    aws: rule({
      on: VAULTS,
      check: failuresAreHeard,
      fix: 'Use SecureBackupVault, or add BACKUP_JOB_FAILED to Notifications.BackupVaultEvents with SNSTopicArn, or an EventBridge rule on "Backup Job State Change" with a target.',
      pass: [
        { resources: told('BACKUP_JOB_FAILED', 'COPY_JOB_FAILED') },
        { resources: told('BACKUP_JOB_COMPLETED') },
        { resources: { ...vault({}), ...watched(failed({ state: ['ABORTED', 'FAILED'] })) } },
        { resources: { ...vault({}), ...watched({ source: ['aws.backup'] }) } },
        {
          resources: {
            ...vault({}),
            Alarm: {
              Type: ALARM,
              Properties: { MetricName: 'NumberOfBackupJobsFailed', AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:alarms'] },
            },
          },
        },
      ],
      fail: [
        { resources: vault({}) },
        { resources: told('BACKUP_JOB_SUCCESSFUL') },
        { resources: vault({ Notifications: { BackupVaultEvents: ['BACKUP_JOB_FAILED'] } }) },
        { name: 'good news only', resources: { ...vault({}), ...watched(failed({ state: ['COMPLETED'] })) } },
        { name: 'switched off', resources: { ...vault({}), ...watched(failed({ state: ['FAILED'] }), { State: 'DISABLED' }) } },
        { name: 'heard by nobody', resources: { ...vault({}), ...watched(failed({ state: ['FAILED'] }), { Targets: [] }) } },
        { resources: { ...vault({}), ...watched({ source: ['aws.ec2'] }) } },
        { resources: { ...vault({}), ...watched({ source: ['aws.backup'], 'detail-type': ['Copy Job State Change'] }) } },
        { resources: { ...vault({}), Alarm: { Type: ALARM, Properties: { MetricName: 'NumberOfBackupJobsFailed' } } } },
        {
          resources: {
            ...vault({}),
            Alarm: {
              Type: ALARM,
              Properties: { MetricName: 'NumberOfBackupJobsCreated', AlarmActions: ['arn:aws:sns:eu-west-1:111122223333:alarms'] },
            },
          },
        },
      ],
      unknown: [{ parameters: { Event: { Type: 'String' } }, resources: told({ Ref: 'Event' }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
