/** What selectors of resources take in: all without one; each takes in what meets all that it asks, several what meets any. */
import type { Plain } from '../../plain';
import { asList, asMap } from '../../reading';
import type { Said } from '../parts';
import { type Condition, relation } from './conditions';

/** More is weaker: of what exempts. What demands is weaker with less. */
export function selectorsCompared(before: Plain | undefined, after: Plain | undefined, what: string): readonly Said[] {
  const words = {
    more: 'more than before',
    less: 'less than before',
    unknown: 'something else: read whether that is as much as before',
  };
  const found = relation(selected(before), selected(after));
  if (found === 'same') return [];
  const direction = found === 'more' ? 'weaker' : found === 'less' ? 'stronger' : 'undecided';
  return [{ direction, words: `${what} is ${words[found]}, by kind or place of resources` }];
}

function selected(selectors: Plain | undefined): Condition {
  const all = asList(selectors);
  if (all.length === 0) return { all: [] };
  return {
    any: all.map((selector) => ({
      all: asList(asMap(selector).selectors).flatMap((one) => {
        const { in: only, kind, notIn } = asMap(one);
        return [
          [only, false],
          [notIn, true],
        ].flatMap(([list, not]) => {
          const values = asList(list as Plain | undefined).map((value) => String(value).toLowerCase().replaceAll(' ', ''));
          return values.length === 0 ? [] : [{ about: String(kind).toLowerCase(), test: 'in', not: not === true, values: values.sort() }];
        });
      }),
    })),
  };
}
