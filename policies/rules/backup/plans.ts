import type { ControlId } from '../../../controls';
import { residencyOf } from '../../facts/classification';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { isBackedUp, plansBackups, SELECTION, STORES } from './coverage';
import { PLAN, VOLUMES } from './samples';
import { AIR_GAPPED, VAULT } from './vaults';

/** Days within which a mistake is usually noticed; the window of point-in-time recovery of the managed databases. */
const WINDOW = 35;

const rulesOf = (plan: Resource): readonly Value[] => plan.at('BackupPlan.BackupPlanRule').items();
const copiesOf = (plan: Resource): readonly Value[] =>
  rulesOf(plan).flatMap((entry) =>
    entry
      .at('CopyActions')
      .items()
      .map((copy) => copy.at('DestinationBackupVaultArn')),
  );

type Place = 'region' | 'account';
const ARN = /^arn:[^:]*:backup:(?<region>\$\{[^}]*\}|[^:]*):(?<account>\$\{[^}]*\}|[^:]*):backup-vault:/;

/** Region or account of a vault, as far as the input tells: `own` is that of the plan. */
function placeOf(vault: Value, plan: Resource, graph: Graph, place: Place): string | undefined {
  const target = graph.target(vault, VAULT, AIR_GAPPED);
  if (target) return target.unit === plan.unit ? 'own' : target.unit[place];
  const written = ARN.exec(vault.shape ?? '')?.groups?.[place];
  if (written === undefined || !written.startsWith('${')) return written;
  return /^\$\{AWS::(Region|AccountId)/.test(written) ? 'own' : undefined;
}

/** The copy lies in another region or account than the plan. */
function isElsewhere(vault: Value, plan: Resource, graph: Graph, place: Place): Outcome {
  const there = placeOf(vault, plan, graph, place);
  const here = plan.unit[place];
  if (there === undefined) return unknown(`the ${place} of the copy: ${vault.describe()}`, vault.path);
  if (there === 'own' || there === here) return fail(`every copy stays in the same ${place}`, vault.path);
  // A number written beside an account that is left open is meant to be another one; a region is not that telling.
  if (here === undefined && place === 'region')
    return unknown(`whether ${there} is another region: that of the stack is not known`, vault.path);
  return pass();
}

function copiesElsewhere(plan: Resource, graph: Graph, place: Place): Outcome {
  return some(copiesOf(plan), (vault) => isElsewhere(vault, plan, graph, place), `no rule copies recovery points to another ${place}`);
}

/** What the service keeps in an air-gapped vault lies in an account of its own. */
const isAirGapped = (plan: Resource): Outcome =>
  some(rulesOf(plan), (entry) => entry.at('TargetLogicallyAirGappedBackupVaultArn').isSet(), 'uses no air-gapped vault');

const plan = (...BackupPlanRule: readonly object[]) => ({
  Plan: { Type: PLAN, Properties: { BackupPlan: { BackupPlanName: 'daily', BackupPlanRule } } },
});
const keeping = (DeleteAfterDays: unknown) => plan({ RuleName: 'daily', TargetBackupVault: 'cases', Lifecycle: { DeleteAfterDays } });
const copying = (...arns: readonly unknown[]) =>
  plan({ RuleName: 'daily', TargetBackupVault: 'cases', CopyActions: arns.map((arn) => ({ DestinationBackupVaultArn: arn })) });
const selection = (BackupSelection: object) => ({
  Selection: {
    Type: SELECTION,
    Properties: { BackupPlanId: { Ref: 'Plan' }, BackupSelection: { SelectionName: 'all', ...BackupSelection } },
  },
});
const ELSEWHERE = 'arn:aws:backup:eu-west-1:444455556666:backup-vault:cases';
const HERE = { region: 'eu-central-1', account: '111122223333' };
const OWN_ARN = { 'Fn::Sub': 'arn:aws:backup:${AWS::Region}:${AWS::AccountId}:backup-vault:other' };
const EUROPE = { profile: { residency: ['eu-central-1', 'eu-west-1'] } };
const table = (Properties: object = {}) => ({ Cases: { Type: 'AWS::DynamoDB::Table', Properties } });
const SELECT_TAGGED = selection({ ListOfTags: [{ ConditionType: 'STRINGEQUALS', ConditionKey: 'backup', ConditionValue: 'daily' }] });
const tags = (entries: object) => Object.entries(entries).map(([Key, Value]) => ({ Key, Value }));
const BACKED = { PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } };

export const PLAN_RULES = {
  'BCR-01': {
    aws: [
      rule({
        on: PLAN,
        check: (plan, graph) =>
          graph.pointingAt(plan, SELECTION, 'BackupPlanId').length > 0
            ? pass()
            : fail('no BackupSelection assigns anything to the plan: it backs up nothing'),
        fix: 'Use SecureBackupPlan, or add AWS::Backup::BackupSelection with BackupPlanId of the plan (plan.addSelection).',
        pass: [{ resources: { ...plan({ RuleName: 'daily' }), ...selection({ Resources: ['*'] }) } }],
        fail: [{ resources: plan({ RuleName: 'daily' }) }],
      }),
      rule({
        on: PLAN,
        check: (plan) =>
          some(
            rulesOf(plan),
            (entry) => entry.at('Lifecycle.DeleteAfterDays').orDefault(Number.MAX_SAFE_INTEGER).isAtLeast(WINDOW),
            `no rule keeps recovery points for ${WINDOW} days`,
          ),
        severity: 'low',
        from: 'moderate',
        fix: `Use SecureBackupPlan, or keep the recovery points of one rule for at least ${WINDOW} days (Lifecycle.DeleteAfterDays).`,
        pass: [{ resources: keeping(35) }, { name: 'for ever', resources: plan({ RuleName: 'daily' }) }],
        fail: [{ resources: keeping(7) }],
        unknown: [{ parameters: { Days: { Type: 'Number' } }, resources: keeping({ Ref: 'Days' }) }],
        skip: [{ tier: 'low', resources: keeping(7) }],
      }),
      rule({
        // Backups may be planned centrally, for the whole organisation.
        on: STORES,
        check: (store, graph) => (plansBackups(graph) ? notApplicable('the other rule judges') : isBackedUp(store, graph)),
        severity: 'low',
        fix: 'Use SecureBackupPlan, or turn on the backups of the store itself (point-in-time recovery, BackupPolicy ENABLED, BackupRetentionPeriod).',
        pass: [...VOLUMES.pass, { resources: table(BACKED) }, ...VOLUMES.own],
        fail: [...VOLUMES.fail, { resources: table() }, ...VOLUMES.none],
        unknown: [
          {
            parameters: { On: { Type: 'String' } },
            resources: table({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: { Ref: 'On' } } }),
          },
          ...VOLUMES.unknown,
        ],
        skip: [{ resources: { ...plan({}), ...selection({ Resources: ['arn:aws:ec2:*:*:volume/*'] }), ...table() } }, ...VOLUMES.skip],
      }),
      rule({
        on: STORES,
        check: (store, graph) => (plansBackups(graph) ? isBackedUp(store, graph) : notApplicable('nothing here plans backups')),
        fix: 'Let a BackupSelection select the store: name its ARN in Resources, or give it the tag that ListOfTags asks for.',
        pass: [
          { resources: { ...table(), ...plan({}), ...selection({ Resources: ['*'] }) } },
          { resources: { ...table(), ...plan({}), ...selection({ Resources: [{ 'Fn::GetAtt': ['Cases', 'Arn'] }] }) } },
          { resources: { ...table(), ...plan({}), ...selection({ Resources: ['arn:aws:dynamodb:*:*:table/*'] }) } },
          {
            name: 'by its name',
            resources: {
              ...table({ TableName: 'cases' }),
              ...plan({}),
              ...selection({ Resources: [{ 'Fn::Sub': 'arn:aws:dynamodb:${AWS::Region}:${AWS::AccountId}:table/cases' }] }),
            },
          },
          { resources: { ...table({ Tags: tags({ backup: 'daily' }) }), ...plan({}), ...SELECT_TAGGED } },
          {
            name: 'every table of production',
            resources: {
              ...table({ Tags: tags({ stage: 'prod-eu' }) }),
              ...plan({}),
              ...selection({
                Resources: ['*'],
                Conditions: { StringLike: [{ ConditionKey: 'aws:ResourceTag/stage', ConditionValue: 'prod-*' }] },
              }),
            },
          },
          {
            resources: {
              Files: { Type: 'AWS::EFS::FileSystem', Properties: { FileSystemTags: tags({ backup: 'daily' }) } },
              ...plan({}),
              ...SELECT_TAGGED,
            },
          },
          {
            resources: {
              Cases: {
                Type: 'AWS::DynamoDB::GlobalTable',
                Properties: { Replicas: [{ Region: 'eu-west-1', Tags: tags({ backup: 'daily' }) }] },
              },
              ...plan({}),
              ...SELECT_TAGGED,
            },
          },
          { name: 'it keeps backups of its own', resources: { ...table(BACKED), ...plan({}), ...SELECT_TAGGED } },
        ],
        fail: [
          { resources: { ...table(), ...plan({}), ...SELECT_TAGGED } },
          { resources: { ...table({ Tags: tags({ backup: 'weekly' }) }), ...plan({}), ...SELECT_TAGGED } },
          { resources: { ...table(), ...plan({}), ...selection({ Resources: ['arn:aws:rds:*:*:db:*'] }) } },
          {
            name: 'it is left out by name',
            resources: { ...table(), ...plan({}), ...selection({ Resources: ['*'], NotResources: ['arn:aws:dynamodb:*:*:table/*'] }) },
          },
          {
            resources: {
              ...table({ Tags: tags({ stage: 'prod' }) }),
              ...plan({}),
              ...selection({
                Resources: ['*'],
                Conditions: { StringNotEquals: [{ ConditionKey: 'aws:ResourceTag/stage', ConditionValue: 'prod' }] },
              }),
            },
          },
          {
            name: 'another table',
            resources: {
              ...table({ TableName: 'cases' }),
              ...plan({}),
              ...selection({ Resources: ['arn:aws:dynamodb:*:*:table/clients*'] }),
            },
          },
        ],
        unknown: [
          {
            parameters: { Tag: { Type: 'String' } },
            resources: { ...table({ Tags: tags({ backup: { Ref: 'Tag' } }) }), ...plan({}), ...SELECT_TAGGED },
          },
          {
            name: 'the name is not known before deployment',
            resources: { ...table(), ...plan({}), ...selection({ Resources: ['arn:aws:dynamodb:*:*:table/prod-*'] }) },
          },
        ],
        skip: [{ resources: table() }],
      }),
    ],
  },

  'BCR-03': {
    aws: rule({
      // A plan of a high system; a lesser one may keep its backups where it lives.
      on: PLAN,
      check: (plan, graph) =>
        allOf(
          anyOf([isAirGapped(plan), copiesElsewhere(plan, graph, 'account')], 'no rule copies recovery points to another account'),
          copiesElsewhere(plan, graph, 'region'),
        ),
      from: 'high',
      fix: 'Use SecureBackupPlan with copyTo, or add CopyActions with the DestinationBackupVaultArn of a vault in another account and another region.',
      pass: [
        { unit: HERE, resources: copying(ELSEWHERE) },
        {
          name: 'one copy for each',
          unit: HERE,
          resources: copying(
            'arn:aws:backup:eu-west-1:111122223333:backup-vault:a',
            'arn:aws:backup:eu-central-1:444455556666:backup-vault:a',
          ),
        },
        {
          name: 'an air-gapped vault lies in an account of the service',
          unit: HERE,
          resources: plan({
            TargetLogicallyAirGappedBackupVaultArn: 'arn:aws:backup:eu-central-1:111122223333:backup-vault:gap',
            CopyActions: [{ DestinationBackupVaultArn: 'arn:aws:backup:eu-west-1:111122223333:backup-vault:a' }],
          }),
        },
        { name: 'the account of the stack is left open', unit: { region: 'eu-central-1' }, resources: copying(ELSEWHERE) },
      ],
      fail: [
        { unit: HERE, resources: plan({ RuleName: 'daily' }) },
        { unit: HERE, resources: copying('arn:aws:backup:eu-west-1:111122223333:backup-vault:a') },
        { unit: HERE, resources: copying('arn:aws:backup:eu-central-1:444455556666:backup-vault:a') },
        { resources: copying(OWN_ARN) },
        {
          resources: {
            ...copying({ 'Fn::GetAtt': ['Other', 'BackupVaultArn'] }),
            Other: { Type: VAULT, Properties: { BackupVaultName: 'o' } },
          },
        },
      ],
      unknown: [
        { parameters: { Copy: { Type: 'String' } }, unit: HERE, resources: copying({ Ref: 'Copy' }) },
        { name: 'the region of the stack is left open', resources: copying(ELSEWHERE) },
      ],
      skip: [{ tier: 'moderate', resources: plan({ RuleName: 'daily' }) }],
    }),
  },

  'LOC-05': {
    aws: rule({
      on: PLAN,
      check: (plan, graph) => copiesElsewhere(plan, graph, 'region'),
      fix: 'Use SecureBackupPlan with copyTo, or add CopyActions with the DestinationBackupVaultArn of a vault in another region.',
      pass: [{ unit: HERE, resources: copying('arn:aws:backup:eu-west-1:111122223333:backup-vault:a') }],
      fail: [
        { unit: HERE, resources: plan({ RuleName: 'daily' }) },
        { unit: HERE, resources: copying('arn:aws:backup:eu-central-1:444455556666:backup-vault:a') },
        { resources: copying(OWN_ARN) },
        {
          resources: {
            ...copying({ 'Fn::GetAtt': ['Other', 'BackupVaultArn'] }),
            Other: { Type: VAULT, Properties: { BackupVaultName: 'o' } },
          },
        },
      ],
      unknown: [{ parameters: { Copy: { Type: 'String' } }, unit: HERE, resources: copying({ Ref: 'Copy' }) }],
      skip: [{ tier: 'moderate', resources: plan({ RuleName: 'daily' }) }],
    }),
  },

  'LOC-02': {
    aws: rule({
      on: PLAN,
      check: (plan, graph) => {
        const places = residencyOf(plan);
        if (!places) return notApplicable('the data profile promises no place');
        const copies = copiesOf(plan);
        if (copies.length === 0) return notApplicable('copies nothing');
        return every(copies, (vault) => {
          const region = placeOf(vault, plan, graph, 'region');
          if (region === undefined) return unknown(`the region of the copy: ${vault.describe()}`, vault.path);
          return region === 'own' || places.includes(region)
            ? pass()
            : fail(`recovery points are copied to ${region}; the data profile promises ${places.join(', ')}`, vault.path);
        });
      },
      fix: 'Copy to a vault in a region that the data profile promises (residency), or have the promise changed by the owner of the data.',
      pass: [
        { unit: EUROPE, resources: copying(ELSEWHERE) },
        { unit: EUROPE, resources: copying(OWN_ARN) },
        {
          unit: EUROPE,
          resources: {
            ...copying({ 'Fn::GetAtt': ['Other', 'BackupVaultArn'] }),
            Other: { Type: VAULT, Properties: { BackupVaultName: 'o' } },
          },
        },
      ],
      fail: [{ unit: EUROPE, resources: copying('arn:aws:backup:us-east-1:111122223333:backup-vault:a') }],
      unknown: [{ parameters: { Copy: { Type: 'String' } }, unit: EUROPE, resources: copying({ Ref: 'Copy' }) }],
      skip: [{ resources: copying(ELSEWHERE) }, { unit: EUROPE, resources: plan({}) }],
    }),
  },

  'DHC-06': {
    aws: rule({
      on: PLAN,
      check: (plan) => every(rulesOf(plan), (entry) => entry.at('Lifecycle.DeleteAfterDays').isSet()),
      severity: 'low',
      fix: 'Set Lifecycle.DeleteAfterDays on each rule (deleteAfter): otherwise recovery points are kept without end.',
      pass: [{ resources: keeping(35) }],
      fail: [
        { resources: plan({ RuleName: 'daily' }) },
        { resources: plan({ RuleName: 'daily', Lifecycle: { MoveToColdStorageAfterDays: 30 } }) },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
