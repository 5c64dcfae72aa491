import type { ControlId } from '../../../controls';
import { allOf, fail, type Outcome, pass, some, unknown } from '../../outcome';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { PLAN } from './samples';

const TEST_PLAN = 'AWS::Backup::RestoreTestingPlan';
const TEST_SELECTION = 'AWS::Backup::RestoreTestingSelection';

/** Days of a quarter, at most; months between two tests, at most. */
const QUARTER = { days: 92, months: 3 } as const;
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];

const monthOf = (text: string): number => (MONTHS.includes(text) ? MONTHS.indexOf(text) + 1 : Number(text));

/** The months of a cron field: `*`, `1/3`, `JAN,APR,JUL,OCT`, `1-6`; undefined for anything else. */
function monthsOf(field: string): readonly number[] | undefined {
  const months = field.split(',').flatMap((part) => {
    const [, from = '', to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    if (from === '') return [Number.NaN];
    const first = from === '*' ? 1 : monthOf(from);
    const last = to !== undefined ? monthOf(to) : from === '*' || step !== undefined ? 12 : first;
    const list: number[] = [];
    for (let month = first; month <= last; month += Number(step ?? 1)) list.push(month);
    return list.length > 0 ? list : [Number.NaN];
  });
  return months.every((month) => month >= 1 && month <= 12) ? [...new Set(months)].sort((a, b) => a - b) : undefined;
}

/** The schedule comes round at least once a quarter. */
function isQuarterly(schedule: Value): Outcome {
  const text = schedule.string;
  if (text === undefined) return schedule.state === 'absent' ? schedule.asFailure() : schedule.asUnknown();
  const [, count, unit = ''] = /^rate\((\d+) (hour|day)s?\)$/.exec(text) ?? [];
  if (count !== undefined) return Number(count) / (unit === 'hour' ? 24 : 1) <= QUARTER.days ? pass() : schedule.asFailure();
  const [, , , , months = ''] = /^cron\((\S+) (\S+) (\S+) (\S+) .*\)$/.exec(text.toUpperCase().replace('CRON', 'cron')) ?? [];
  const known = monthsOf(months);
  if (!known) return unknown(`how often it comes round: ${schedule.describe()}`, schedule.path);
  const gaps = known.map((month, index) => ((known[index + 1] ?? (known[0] as number) + 12) as number) - month);
  return Math.max(...gaps) <= QUARTER.months ? pass() : schedule.asFailure();
}

const test = (Properties: object) => ({
  Tests: { Type: TEST_PLAN, Properties: { RestoreTestingPlanName: 'monthly', ScheduleExpression: 'cron(0 5 1 * ? *)', ...Properties } },
});
const chosen = (Properties: object = {}) => ({
  Stores: { Type: TEST_SELECTION, Properties: { RestoreTestingPlanName: 'monthly', ProtectedResourceType: 'DynamoDB', ...Properties } },
});
const scheduled = (ScheduleExpression: unknown) => ({ ...test({ ScheduleExpression }), ...chosen() });
const plan = { Plan: { Type: PLAN, Properties: { BackupPlan: { BackupPlanName: 'daily' } } } };

export const RESTORE_RULES = {
  'BCR-04': {
    aws: [
      rule({
        on: TEST_PLAN,
        check: (plan, graph) =>
          allOf(
            isQuarterly(plan.at('ScheduleExpression')),
            graph.pointingAt(plan, TEST_SELECTION, 'RestoreTestingPlanName').length > 0
              ? pass()
              : fail('no RestoreTestingSelection names the plan: it restores nothing'),
          ),
        fix: 'Use RestoreTests, or run the plan at least once a quarter (ScheduleExpression) and add an AWS::Backup::RestoreTestingSelection for each kind of store.',
        pass: [
          { resources: { ...test({}), ...chosen() } },
          { resources: { ...test({}), ...chosen({ RestoreTestingPlanName: { Ref: 'Tests' } }) } },
          { resources: scheduled('cron(0 5 1 JAN,APR,JUL,OCT ? *)') },
          { resources: scheduled('cron(0 5 1 1/3 ? *)') },
          { resources: scheduled('rate(30 days)') },
        ],
        fail: [
          { resources: test({}) },
          { resources: scheduled('cron(0 5 1 1/6 ? *)') },
          { resources: scheduled('cron(0 5 1 JAN ? *)') },
          { name: 'not in the second half of the year', resources: scheduled('cron(0 5 1 1-6 ? *)') },
          { resources: scheduled('rate(180 days)') },
        ],
        unknown: [
          { parameters: { When: { Type: 'String' } }, resources: scheduled({ Ref: 'When' }) },
          { resources: scheduled('every full moon') },
        ],
        skip: [{ tier: 'low', resources: test({}) }],
      }),
      rule({
        // Nothing but a window leaves time to look into what was restored before it is deleted again.
        on: TEST_SELECTION,
        check: (selection) => selection.at('ValidationWindowHours').orDefault(0).isAtLeast(1),
        severity: 'low',
        fix: 'Use RestoreTests, or set ValidationWindowHours, and check the content of what was restored within it.',
        pass: [{ resources: chosen({ ValidationWindowHours: 24 }) }],
        fail: [{ resources: chosen() }, { resources: chosen({ ValidationWindowHours: 0 }) }],
        unknown: [{ parameters: { Hours: { Type: 'Number' } }, resources: chosen({ ValidationWindowHours: { Ref: 'Hours' } }) }],
      }),
      rule({
        on: PLAN,
        check: (_plan, graph) =>
          some(
            graph.ofType(TEST_PLAN),
            (tests) => (graph.exists(tests) ? pass() : fail('does not exist')),
            'nothing here proves that the recovery points can be restored: there is no RestoreTestingPlan',
          ),
        from: 'high',
        severity: 'low',
        fix: 'Use SecureBackupPlan, which brings RestoreTests, or add AWS::Backup::RestoreTestingPlan with its selections.',
        pass: [{ resources: { ...plan, ...test({}) } }],
        fail: [{ resources: plan }],
        skip: [{ tier: 'moderate', resources: plan }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
