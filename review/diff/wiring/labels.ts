/** How sensitive stores are said to be, and of which tier. */
import { SENSITIVITIES, TIERS } from '../../../controls';
import { append } from '../../../policies/collect';
import { type Label, labelOf } from '../../../policies/facts/classification';
import type { Resource } from '../../../policies/resource';
import { HOLDS } from '../data';
import { placeOf, shownAs } from '../reading';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';
import { base } from './parts';

const SCALES: Readonly<Partial<Record<Label, readonly string[]>>> = { sensitivity: SENSITIVITIES, tier: TIERS };
/** What a resource is said to be. */
export const said = (resource: Resource, label: Label): string | undefined => labelOf(resource, label)?.string?.toLowerCase();

interface Relabelled {
  readonly store: Resource;
  readonly weaker: boolean;
  readonly words: string;
}

/** Stores that are said to be less sensitive, or are no longer said to be anything: what is said of many at once is told once. */
export function labels(before: Side, pairing: Pairing): readonly Told[] {
  const byWords = new Map<string, Relabelled[]>();
  for (const resource of resourcesOf(before)) {
    const store = HOLDS.test(resource.type) ? pairing.other(resource) : undefined;
    if (!store) continue;
    const changed = (['sensitivity', 'tier'] as const).flatMap((label) => {
      const [was, is] = [said(resource, label), said(store, label)];
      const scale = SCALES[label] as readonly string[];
      if (was === undefined || was === is || labelOf(store, label)?.state === 'unknown') return [];
      return [{ label, was, is, step: is === undefined ? -1 : scale.indexOf(is) - scale.indexOf(was) }];
    });
    if (changed.length === 0) continue;
    const weaker = changed.some(({ step }) => step < 0);
    const words = changed
      .map(({ is, label, was }) =>
        is === undefined ? `its ${label} is no longer said (was ${was})` : `its ${label} goes from ${was} to ${is}`,
      )
      .join(', and ');
    append(byWords, `${weaker} ${words}`, { store, weaker, words });
  }
  return [...byWords.values()].map((some) => relabelled(some, pairing));
}

function relabelled(some: readonly Relabelled[], pairing: Pairing): Told {
  // By name, so that the order of the template does not matter.
  const stores = some.map(({ store }) => ({ store, name: pairing.name(store) })).sort((one, other) => (one.name < other.name ? -1 : 1));
  const [{ weaker, words }, [first]] = [some[0] as Relabelled, stores];
  const { store } = first as { readonly store: Resource };
  const names = stores.map(({ name }) => name);
  const more = names.length > 3 ? ` and ${names.length - 2} more` : '';
  const who =
    names.length === 1
      ? `${names[0]}: ${words}`
      : `${names.length} stores (${(more === '' ? names : names.slice(0, 2)).join(', ')}${more}): of each, ${words}`;
  return {
    ...base(store, pairing, weaker ? 'weaker' : 'stronger'),
    aspect: 'controls',
    severity: weaker ? 'high' : 'low',
    sentence: `${who}${weaker ? ', and less is asked of it' : ''}`,
    topic: 'label',
    ...(weaker ? { boundary: 'tier' as const, approver: 'data owner' as const } : {}),
    evidence: stores.map((one) => ({ resource: shownAs(one.store), side: 'after', ...placeOf(one.store) })),
    causes: stores.flatMap((one) => ['Tags', 'tags'].map((path) => ({ resource: pairing.identity(one.store), path }))),
  };
}
