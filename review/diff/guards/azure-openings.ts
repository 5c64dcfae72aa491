/**
 * Openings in networks of Azure that are no property of one thing: who gets through a perimeter, where names lead, which networks are
 * joined to a hub, and what administrators of networks let in over the heads of security groups.
 */
import { type Block, blockOf, isPrivate } from '../../../policies/facts/network';
import { covers } from '../exposure/filters-names';
import { isTheInternet, textOfBlock, union, without } from '../exposure/reach';
import { placeOf, shownAs } from '../reading';
import type { Aspected, Pairing, Side, Told } from '../side';
import { OPENERS } from './azure-openers';
import type { Opening } from './azure-opening';

export const openings: Aspected = (before, after, pairing) => {
  const [old, now] = [openingsIn(before, pairing), openingsIn(after, pairing)];
  return [...compared(old, now, pairing, true), ...compared(now, old, pairing, false)];
};

/** By the thing that is opened, for each what opens it. */
function openingsIn(side: Side, pairing: Pairing): ReadonlyMap<string, readonly Opening[]> {
  const found = new Map<string, Opening[]>();
  for (const { graph } of side.targets)
    for (const resource of graph.ofType(...OPENERS.keys())) {
      const opener = OPENERS.get(resource.type);
      if (!opener || resource.options.external === true) continue;
      for (const opening of opener(resource, graph, pairing)) found.set(opening.of, [...(found.get(opening.of) ?? []), opening]);
    }
  return found;
}

/** What stands in the later state and not in the earlier one; `forth` where it is read in the order of time. */
function* compared(
  earlier: ReadonlyMap<string, readonly Opening[]>,
  later: ReadonlyMap<string, readonly Opening[]>,
  pairing: Pairing,
  forth: boolean,
): Iterable<Told> {
  for (const [of, list] of later) {
    const others = earlier.get(of) ?? [];
    const known = union(others.flatMap(({ what }) => blockIn(what) ?? []));
    const byLine = new Map<string, { readonly opening: Opening; readonly whats: string[] }>();
    for (const opening of list) {
      const whats = opening.onlyMore === true && others.length === 0 ? [] : gained(opening, others, known);
      if (whats.length === 0) continue;
      const line = byLine.get(opening.line) ?? { opening, whats: [] };
      byLine.set(opening.line, line);
      line.whats.push(...whats);
    }
    for (const { opening, whats } of byLine.values()) yield told(opening, [...new Set(whats)].sort(), pairing, forth);
  }
}

const blockIn = (text: string): Block | undefined => blockOf(text);

/** Ranges count as one list, however they are cut; names by their patterns. */
function gained({ what }: Opening, others: readonly Opening[], known: readonly Block[]): readonly string[] {
  const block = blockIn(what);
  if (block) {
    const fresh = without([block], known);
    return isTheInternet(fresh) ? [what] : fresh.map(textOfBlock);
  }
  return others.some((other) => covers(other.what, what)) ? [] : [what];
}

function told(opening: Opening, whats: readonly string[], pairing: Pairing, forth: boolean): Told {
  const weaker = forth === (opening.protects !== true);
  const outside = whats.some((what) => {
    const block = blockIn(what);
    return block !== undefined && !isPrivate(block);
  });
  const boundary = opening.boundary ?? (outside ? 'internet' : undefined);
  const shown = whats.length > 5 ? `${whats.slice(0, 5).join(', ')}, ${whats.length - 5} more` : whats.join(', ');
  return {
    aspect: opening.aspect ?? 'exposure',
    direction: weaker ? 'weaker' : 'stronger',
    severity: weaker ? (opening.severity ?? 'high') : 'low',
    sentence: `${opening.name}: ${(forth ? opening.come : opening.gone)(shown)}`,
    subject: pairing.identity(opening.on),
    topic: `opening ${opening.line} ${shown}`,
    ...(weaker ? { approver: 'security' as const } : {}),
    ...(weaker && boundary ? { boundary } : {}),
    evidence: [{ resource: shownAs(opening.on), side: forth ? 'after' : 'before', ...placeOf(opening.on, opening.path), saw: shown }],
    causes: [{ resource: pairing.identity(opening.on), ...(opening.path === '' ? {} : { path: opening.path }) }],
  };
}
