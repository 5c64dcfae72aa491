/** Durations as Azure writes them, in ISO 8601. */
import { type Outcome, pass } from '../outcome';
import type { Value } from '../value';

/** Hours of an ISO 8601 duration; undefined where it is none. */
export function hoursOf(duration: string): number | undefined {
  const [matched, years, months, weeks, days, hours, minutes, seconds] =
    /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(duration) ?? [];
  if (matched === undefined) return undefined;
  const whole = (text: string | undefined) => Number(text ?? 0);
  return (
    (whole(years) * 365 + whole(months) * 30 + whole(weeks) * 7 + whole(days)) * 24 +
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
