/** What every filter is made of: the names that it speaks of, and which patterns stand for which. */
import type { Resource } from '../../../policies/resource';

export interface Filter {
  readonly thing: Resource;
  /** Names are sent to; countries are answered. */
  readonly kind: 'names' | 'countries';
  /** Everything that it speaks of. */
  readonly names: readonly string[];
  readonly passes: (name: string) => boolean;
  /** What it is a part of: a name that another part let through is none that is new. */
  readonly of?: Resource;
  /** Lists that it takes its names from. */
  readonly on?: readonly Resource[];
}

/** Whether a pattern stands for a name, or for every name that another pattern stands for. */
export function covers(pattern: string, name: string): boolean {
  const [wide, narrow] = [pattern, name].map((text) => text.toLowerCase().replace(/\.$/, '')) as [string, string];
  if (wide === '*' || wide === narrow) return true;
  if (wide.startsWith('*.')) return narrow.endsWith(wide.slice(1));
  return wide.startsWith('.') && (narrow === wide.slice(1) || narrow.endsWith(wide));
}
