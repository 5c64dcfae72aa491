/** Lists of addresses, by what the rules that refer to them do: one more that is let through weakens, one less that is blocked does. */
import type { Resource } from '../../../policies/resource';
import type { Plain } from '../plain';
import { asList, asMap, asText, placeOf, type Reader, readerOf, shownAs } from '../reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from '../side';

type Use = 'through' | 'blocked';

const LIST = 'AWS::WAFv2::IPSet';
const PATH = 'Addresses';
const WORDS: Readonly<Record<Use, string>> = { through: 'the addresses that rules let pass', blocked: 'the addresses that rules block' };
const USERS = /^AWS::WAFv2::(WebACL|RuleGroup)$/;

/** Lists that let more through, or hold less off. */
export const lists: Aspected = (before, after, pairing) => {
  const lines: Told[] = [];
  let used: readonly [ReadonlyMap<string, ReadonlySet<Use>>, ReadonlyMap<string, ReadonlySet<Use>>] | undefined;
  const [old, now] = [readerOf(before, pairing), readerOf(after, pairing)];
  for (const resource of resourcesOf(before)) {
    const other = resource.type === LIST ? pairing.other(resource) : undefined;
    if (!other) continue;
    const items = (one: Resource, reader: Reader) => new Set(asList(reader.of(one)[PATH]).map(String));
    const [was, is] = [items(resource, old), items(other, now)];
    const [come, gone] = [[...is].filter((one) => !was.has(one)), [...was].filter((one) => !is.has(one))];
    if (come.length === 0 && gone.length === 0) continue;
    used ??= [usesIn(before, old, pairing), usesIn(after, now, pairing)];
    const identity = pairing.identity(other);
    for (const use of used[1].get(identity) ?? []) {
      // A list that is used in a new way is told by the rule that does so.
      if (!used[0].get(identity)?.has(use)) continue;
      const worse = use === 'through' ? come : gone;
      const better = use === 'through' ? gone : come;
      if (worse.length > 0)
        lines.push(lineOf(other, pairing, 'weaker', `${WORDS[use]}: ${use === 'through' ? 'now' : 'no longer'} ${shortened(worse, now)}`));
      if (better.length > 0)
        lines.push(
          lineOf(other, pairing, 'stronger', `${WORDS[use]}: ${use === 'through' ? 'no longer' : 'now'} ${shortened(better, now)}`),
        );
    }
  }
  return lines;
};

const shortened = (items: readonly string[], reader: Reader): string => {
  const words = items.map((item) => reader.words(item)).sort();
  return words.length > 5 ? `${words.slice(0, 5).join(', ')} and ${words.length - 5} more` : words.join(', ');
};

/** How the lists of a side are used, by identity. */
function usesIn(side: Side, reader: Reader, pairing: Pairing): ReadonlyMap<string, ReadonlySet<Use>> {
  const uses = new Map<string, Set<Use>>();
  const add = (text: string | undefined, use: Use) => {
    const list = text === undefined ? undefined : reader.referred(text);
    if (list?.type !== LIST) return;
    const identity = pairing.identity(list);
    uses.set(identity, (uses.get(identity) ?? new Set<Use>()).add(use));
  };
  for (const resource of resourcesOf(side)) {
    if (!USERS.test(resource.type)) continue;
    const { Rules } = reader.of(resource);
    for (const rule of asList(Rules)) {
      const { Action, Statement } = asMap(rule);
      if (asMap(Action).Count !== undefined) continue;
      const blocks = asMap(Action).Allow === undefined;
      for (const [text, inverted] of setsIn(Statement ?? null)) add(text, blocks === inverted ? 'through' : 'blocked');
    }
  }
  return uses;
}

/** Sets of addresses that a statement asks for, and whether for those outside of them. */
function* setsIn(value: Plain, inverted = false): Iterable<readonly [text: string | undefined, inverted: boolean]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    if (key === 'IPSetReferenceStatement') yield [asText(asMap(inner as Plain).Arn), inverted];
    else yield* setsIn(inner as Plain, key === 'NotStatement' ? !inverted : inverted);
}

const lineOf = (resource: Resource, pairing: Pairing, direction: 'weaker' | 'stronger', words: string): Told => ({
  aspect: 'exposure',
  direction,
  severity: direction === 'weaker' ? 'high' : 'low',
  sentence: `${pairing.name(resource)}: ${words}`,
  subject: pairing.identity(resource),
  topic: `list ${words}`,
  ...(direction === 'weaker' ? { approver: 'security' as const } : {}),
  evidence: [{ resource: shownAs(resource), side: 'after', ...placeOf(resource, PATH), saw: PATH }],
  causes: [{ resource: pairing.identity(resource), path: PATH }],
});
