/** Durations as Azure writes them, in ISO 8601. */
import { type Outcome, pass } from '../outcome';
import type { Value } from '../value';

/** Days of some weeks: 13 of them are taken for a quarter of a year, so that a year is the same in weeks, months and years. */
export const daysOfWeeks = (weeks: number): number => (weeks > 0 && weeks % 13 === 0 ? (weeks * 365) / 52 : weeks * 7);

/** Hours of an ISO 8601 duration, in which twelve months are a year; undefined where it is none. */
export function hoursOf(duration: string): number | undefined {
  const [matched, years, months, weeks, days, hours, minutes, seconds] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration) ?? [];
  if (matched === undefined) return undefined;
  const whole = (text: string | undefined) => Number(text ?? 0);
  return (
    (whole(years) * 365 + (whole(months) * 365) / 12 + daysOfWeeks(whole(weeks)) + whole(days)) * 24 +
    whole(hours) +
    whole(minutes) / 60 +
    whole(seconds) / 3600
  );
}

/** Whether a duration is that many hours at most. */
export const lastsAtMost = (duration: Value, most: number): Outcome => {
  if (duration.string === undefined) return duration.state === 'absent' ? duration.asFailure() : duration.asUnknown();
  const hours = hoursOf(duration.string);
  return hours !== undefined && hours <= most ? pass() : duration.asFailure();
};
