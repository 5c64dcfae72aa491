/** Readings of strengths that stand in no single property: the shortest of several retentions, the longest of several waits. */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { FOREVER } from './parts';

const numbers = (values: readonly Value[]): readonly number[] => values.flatMap(({ number }) => (number === undefined ? [] : [number]));
const least = (values: readonly number[]): number => (values.length === 0 ? FOREVER : Math.min(...values));
const enabledRules = (bucket: Resource): readonly Value[] =>
  bucket
    .at('LifecycleConfiguration.Rules')
    .items()
    .filter((rule) => rule.at('Status').string !== 'Disabled');

/** Days after which the first objects go. */
export const objectsKept = (bucket: Resource): number =>
  least(enabledRules(bucket).flatMap((rule) => numbers([rule.at('ExpirationInDays')])));
export const versionsKept = (bucket: Resource): number | undefined =>
  // Without versioning there are none to lose.
  bucket.at('VersioningConfiguration.Status').string !== 'Enabled'
    ? undefined
    : least(
        enabledRules(bucket).flatMap((rule) =>
          numbers([rule.at('NoncurrentVersionExpiration.NoncurrentDays'), rule.at('NoncurrentVersionExpirationInDays')]),
        ),
      );

/** Days of the default lock; none without. */
export function locked(bucket: Resource): number | undefined {
  const rule = bucket.at('ObjectLockConfiguration.Rule.DefaultRetention');
  if (rule.state === 'unknown') return undefined;
  return rule.at('Days').number ?? (rule.at('Years').number ?? 0) * 365;
}

const planRules = (plan: Resource): readonly Value[] => plan.at('BackupPlan.BackupPlanRule').items();
export const backupsKept = (plan: Resource): number =>
  least(planRules(plan).flatMap((rule) => numbers([rule.at('Lifecycle.DeleteAfterDays')])));
/** Of copies; undefined where none are made: that is told as such. */
export function copiesKept(plan: Resource): number | undefined {
  const copies = planRules(plan).flatMap((rule) => rule.at('CopyActions').items());
  return copies.length === 0 ? undefined : least(copies.flatMap((copy) => numbers([copy.at('Lifecycle.DeleteAfterDays')])));
}
/** Days between two backups; undefined for a schedule that is none of the usual. */
export function interval(plan: Resource): number | undefined {
  const each = planRules(plan).map((rule) => daysBetween(rule.at('ScheduleExpression').string ?? ''));
  return each.length === 0 || each.includes(undefined) ? undefined : least(each as number[]);
}
function daysBetween(schedule: string): number | undefined {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  if (count !== undefined) return (Number(count) * { minute: 1, hour: 60, day: 1440 }[unit as 'minute' | 'hour' | 'day']) / 1440;
  const [, , hour, date, month, weekday] = /^cron\((\S+) (\S+) (\S+) (\S+) (\S+) \S+\)$/.exec(schedule) ?? [];
  if (hour === undefined) return undefined;
  if (month !== '*') return 365;
  if (date !== '*' && date !== '?') return 30;
  if (weekday !== '*' && weekday !== '?') return 7 / (weekday ?? '').split(',').length;
  return hour === '*' ? 1 / 24 : 1 / hour.split(',').length;
}

export const containers = (task: Resource): readonly Value[] => task.at('ContainerDefinitions').items();
export const rateLimit = (acl: Resource): number =>
  least(
    acl
      .at('Rules')
      .items()
      .filter((rule) => rule.at('Action.Count').state === 'absent')
      .flatMap((rule) => numbers([rule.at('Statement.RateBasedStatement.Limit')])),
  );

/** Alarms go off above or below a threshold: what they need to go off, so that more is later. */
export function needed(alarm: Resource): number | undefined {
  const [threshold, operator] = [alarm.at('Threshold').number, alarm.at('ComparisonOperator').string ?? ''];
  if (threshold === undefined) return undefined;
  return operator.startsWith('Greater') ? threshold : /^LessThan(OrEqualTo)?Threshold$/.test(operator) ? -threshold : undefined;
}
export const waited = (alarm: Resource): number | undefined => {
  const [period, times] = [alarm.at('Period').number, alarm.at('EvaluationPeriods').number];
  return period === undefined || times === undefined ? undefined : period * times;
};
const SECONDS: Readonly<Record<string, number>> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };
export const validity = (token: 'AccessToken' | 'IdToken' | 'RefreshToken', usual: number) => (client: Resource) => {
  const [value, unit] = [
    client.at(`${token}Validity`),
    client.at(`TokenValidityUnits.${token}`).string ?? (token === 'RefreshToken' ? 'days' : 'hours'),
  ];
  return value.state === 'absent' ? usual : value.number === undefined ? undefined : value.number * (SECONDS[unit] ?? Number.NaN);
};
export const firstIs = (value: Value, words: RegExp): boolean => words.test(value.string ?? '');

/** Origins of a distribution that are websites of buckets: those speak no TLS, and take nobody's signature. */
export const websites = (distribution: Resource): number =>
  distribution
    .at('DistributionConfig.Origins')
    .items()
    .filter((origin) => {
      const domain = origin.at('DomainName');
      return /\.s3-website[.-]|WebsiteURL/.test(domain.shape ?? '');
    }).length;

/** Whether services that Azure trusts get past a list of networks: 1 where they do; undefined where nobody knows. */
export const passedBy =
  (path: string, absent: boolean) =>
  (resource: Resource): number | undefined => {
    const value = resource.at(path);
    if (value.state === 'absent') return Number(absent);
    if (value.boolean !== undefined) return Number(value.boolean);
    return value.string === undefined ? undefined : Number(/AzureServices/i.test(value.string));
  };

/** Limits of calls, the highest counts; an account without any takes 10,000 a second. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
export function throttled(stage: Resource): number | undefined {
  const written = [
    ...stage
      .at('MethodSettings')
      .items()
      .map((item) => item.at('ThrottlingRateLimit')),
    stage.at('DefaultRouteSettings.ThrottlingRateLimit'),
    stage.at('Throttle.RateLimit'),
  ].filter(({ state }) => state !== 'absent');
  if (written.some(({ number }) => number === undefined)) return undefined;
  return written.length === 0 ? 10_000 : Math.max(...numbers(written));
}

/** 1 where a bucket takes objects that callers encrypt themselves. */
export function callersKeys(bucket: Resource): number | undefined {
  const rules = bucket.at('BucketEncryption.ServerSideEncryptionConfiguration');
  if (rules.state === 'unknown') return undefined;
  const blocked = rules.items().some((rule) =>
    rule
      .at('BlockedEncryptionTypes.EncryptionType')
      .items()
      .some(({ string }) => string === 'SSE-C'),
  );
  return Number(!blocked);
}
