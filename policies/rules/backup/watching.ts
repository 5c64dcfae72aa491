/** Who hears of what happens to backups: by the topic of a vault, a rule of EventBridge, or an alarm. */
import type { Graph } from '../../graph';
import { allOf, fail, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import type { Value } from '../../value';

export const EVENT_RULE = 'AWS::Events::Rule';
export const ALARM = 'AWS::CloudWatch::Alarm';

/** Rules of EventBridge that are on, have a target and are about AWS Backup. */
function backupEvents(graph: Graph): readonly Resource[] {
  return graph.ofType(EVENT_RULE).filter((one) => {
    if (!graph.exists(one) || one.at('State').is('DISABLED').verdict === 'pass' || one.at('Targets').isSet().verdict === 'fail')
      return false;
    const pattern = one.at('EventPattern').json();
    return (
      pattern
        .at('source')
        .items()
        .some((source) => source.string === 'aws.backup') ||
      pattern
        .at('detail.eventSource')
        .items()
        .some((source) => source.string === 'backup.amazonaws.com')
    );
  });
}

const listed = (values: readonly Value[], wanted: readonly string[]): boolean =>
  values.some((value) => wanted.includes(value.string ?? ''));

/** The rule hears of jobs of a kind in one of these states. */
function hearsOf(one: Resource, kind: string, states: readonly string[]): boolean {
  const pattern = one.at('EventPattern').json();
  const kinds = pattern.at('detail-type').items();
  if (kinds.length > 0 && !listed(kinds, [kind])) return false;
  const heard = [...pattern.at('detail.state').items(), ...pattern.at('detail.status').items()];
  return heard.length === 0 || listed(heard, states);
}

/** The topic of the vault is told of one of these events. */
const notifies = (vault: Resource, events: readonly string[]): Outcome =>
  allOf(
    vault.at('Notifications.SNSTopicArn').isSet(),
    some(vault.at('Notifications.BackupVaultEvents').items(), (event) => event.isOneOf(events), 'its topic is told of other events'),
  );

/** `COMPLETED` events tell of every end of a job, also of a bad one. */
const FAILURES = ['BACKUP_JOB_FAILED', 'BACKUP_JOB_COMPLETED'];
const RESTORES = ['RESTORE_JOB_STARTED', 'RESTORE_JOB_COMPLETED', 'RESTORE_JOB_SUCCESSFUL'];

/** Failed jobs reach somebody: by the vault's topic, by a rule of EventBridge, or by an alarm on the metric. */
export function failuresAreHeard(vault: Resource, graph: Graph): Outcome {
  const own = notifies(vault, FAILURES);
  if (own.verdict === 'pass') return own;
  const byRule = backupEvents(graph).some((one) => hearsOf(one, 'Backup Job State Change', ['FAILED']));
  const byAlarm = graph
    .ofType(ALARM)
    .some(
      (alarm) =>
        graph.exists(alarm) &&
        alarm.at('MetricName').string === 'NumberOfBackupJobsFailed' &&
        alarm.at('AlarmActions').isSet().verdict !== 'fail',
    );
  if (byRule || byAlarm) return pass();
  return own.verdict === 'unknown' ? own : fail('nobody is told when a backup job fails: no notification, event rule or alarm');
}

/** A restore leaves word of itself. */
export function restoresAreHeard(vault: Resource, graph: Graph): Outcome {
  const own = notifies(vault, RESTORES);
  if (own.verdict === 'pass') return own;
  const heard = backupEvents(graph).some((one) => {
    const calls = one.at('EventPattern').json().at('detail.eventName').items();
    return (
      listed(calls, ['StartRestoreJob']) ||
      (calls.length === 0 && hearsOf(one, 'Restore Job State Change', ['CREATED', 'PENDING', 'RUNNING', 'COMPLETED']))
    );
  });
  if (heard) return pass();
  return own.verdict === 'unknown' ? own : fail('nobody is told when data is restored: no notification and no event rule');
}
