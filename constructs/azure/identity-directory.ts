import type * as pulumi from '@pulumi/pulumi';
import type { DecidedProfile, Relaxation } from '../contract';
import { SecureComponent } from './component';
import type { Promises } from './relax';

/** What a component takes that lives in no resource group and no location: roles, reviews and the directory. */
export interface DirectoryArgs {
  /** The decided profile of the system; see `declareProfile`. It fixes the tier, and with it what is obligatory. */
  readonly profile: DecidedProfile;
  /** Promises that are relaxed, each one with its reason, owner, approver, ticket and last day. @default none */
  readonly relax?: readonly Relaxation[];
}

/** A hardened component that lives in no location. */
export abstract class DirectoryComponent extends SecureComponent {
  protected constructor(token: string, promises: Promises, label: string, args: DirectoryArgs, opts?: pulumi.ComponentResourceOptions) {
    // The directory has no location to choose; the first that the profile promises stands for it.
    super(token, promises, label, { ...args, location: args?.profile?.profile?.residency?.[0] ?? 'global' }, opts);
  }

  /** Refuses an empty list where somebody has to be named. */
  protected someone<T>(list: readonly T[] | undefined, argument: string, control: string, hint: string): readonly T[] {
    if (!list || list.length === 0) throw new RangeError(`${this.where}: ${argument} is empty; ${hint} (${control})`);
    return list;
  }
}

/** Days between two dates, `2026-11-22` or with a time. @throws RangeError where one is none, or the end is not after the start */
export function daysBetween(where: string, from: string, until: string): number {
  const [start, end] = [
    ['from', from],
    ['until', until],
  ].map(([argument, text]) => {
    const time = Date.parse(text ?? '');
    if (!/^\d{4}-\d{2}-\d{2}/.test(text ?? '') || Number.isNaN(time))
      throw new RangeError(`${where}: ${argument} is "${text}"; write a date such as 2026-12-31`);
    return time;
  }) as [number, number];
  if (end <= start) throw new RangeError(`${where}: until is "${until}", which is not after from, "${from}"`);
  return (end - start) / 86_400_000;
}

/** The date as the services take it: with a time, in UTC. */
export const atMidnight = (date: string): string => (date.length === 10 ? `${date}T00:00:00Z` : date);
