import { describe, expect, it } from 'vitest';
import { daysBetween } from '../policies/facts/schedules';

describe('the longest time between two runs of a schedule', () => {
  it.each([
    ['rate(30 days)', 30],
    ['rate(1 day)', 1],
    ['rate(12 hours)', 0.5],
    ['cron(0 4 * * ? *)', 1],
    ['cron(0 4 ? * SUN *)', 7],
    ['cron(0 4 1 * ? *)', 31],
    ['cron(0 4 ? * 2#1 *)', 31],
    ['cron(0 4 1 */2 ? *)', 62],
    ['cron(0 4 1 1,4,7,10 ? *)', 93],
    ['cron(0 4 1 JAN ? *)', 372],
    ['cron(0 4 L JAN-JUN ? *)', 217],
  ])('of %s is %d days', (expression, days) => expect(daysBetween(expression)).toBe(days));

  it.each(['monthly', 'rate(2 fortnights)', 'cron(0 4 1 13 ? *)', 'cron(0 4 1 * ? 2027)', 'cron(0 4)'])('is not told by %s', (expression) =>
    expect(daysBetween(expression)).toBeUndefined(),
  );
});
