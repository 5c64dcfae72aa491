/** How often a schedule of EventBridge, Secrets Manager and their kin comes round. */

const UNIT_DAYS: Readonly<Record<string, number>> = { minute: 1 / 1440, hour: 1 / 24, day: 1 };
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const LONGEST_MONTH = 31;

/**
 * The longest time between two runs, in days: of `rate(30 days)` or `cron(0 4 1 * ? *)`. Undefined for what is neither.
 * Days of a month are taken as one run a month, unless every day is meant.
 */
export function daysBetween(expression: string): number | undefined {
  const [, amount, unit = ''] = /^\s*rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)\s*$/i.exec(expression) ?? [];
  if (amount !== undefined) return Number(amount) * (UNIT_DAYS[unit.toLowerCase()] ?? Number.NaN);
  const [, fields = ''] = /^\s*cron\((.*)\)\s*$/i.exec(expression) ?? [];
  const [, , day = '', month = '', weekday = '', year = '*'] = fields.trim().split(/\s+/);
  if (weekday === '' || year !== '*') return undefined;
  const months = monthsBetween(month.toUpperCase());
  if (months === undefined) return undefined;
  const within = isDaily(day) && isDaily(weekday) ? 1 : /[#L]/i.test(weekday) || isDaily(weekday) ? LONGEST_MONTH : 7;
  return months === 1 ? within : months * LONGEST_MONTH;
}

const isDaily = (field: string): boolean => field === '*' || field === '?';

/** The widest gap between the months that a field names, in months. */
function monthsBetween(field: string): number | undefined {
  if (field === '*') return 1;
  const numbers: number[] = [];
  for (const part of field.split(',')) {
    const [, from = '', to, step] = /^(\*|\d+|[A-Z]{3})(?:-(\d+|[A-Z]{3}))?(?:\/(\d+))?$/.exec(part) ?? [];
    const first = from === '*' ? 1 : monthOf(from);
    const last = to === undefined ? (step === undefined ? first : 12) : monthOf(to);
    if (!(first >= 1 && last <= 12)) return undefined;
    for (let month = first; month <= last; month += Math.max(1, Number(step ?? 1))) numbers.push(month);
  }
  const sorted = [...new Set(numbers)].sort((a, b) => a - b);
  const [first] = sorted;
  if (first === undefined) return undefined;
  return Math.max(...sorted.map((month, index) => (sorted[index + 1] ?? first + 12) - month));
}

const monthOf = (text: string): number => (/^\d+$/.test(text) ? Number(text) : MONTHS.indexOf(text) + 1);
