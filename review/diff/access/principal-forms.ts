/** Whom a region of access belongs to, in one spelling, and how two such forms lie to each other. */
import type { ListedPrincipals, PrincipalEntry } from './documents';
import { accountNamed } from './principals';
import { arnParts, overlaps, patternOf, sameText, show } from './text';

/**
 * `holder`: whoever the policies are attached to. `entry`: one principal that a policy names. `except`: everyone but those.
 */
export type PrincipalForm =
  | { readonly kind: 'holder' }
  | { readonly kind: 'entry'; readonly entry: PrincipalEntry }
  | { readonly kind: 'except'; readonly entries: readonly PrincipalEntry[] };

export const HOLDER: PrincipalForm = { kind: 'holder' };

/** The forms that an element stands for together. */
export const principalForms = (listed: ListedPrincipals | undefined): readonly PrincipalForm[] => {
  if (!listed) return [HOLDER];
  if (listed.except) return [{ kind: 'except', entries: listed.entries.map(spelled) }];
  return listed.entries.map((entry) => ({ kind: 'entry', entry: spelled(entry) }));
};

/** Everyone is `*`, an account is its number. */
function spelled({ kind, value }: PrincipalEntry): PrincipalEntry {
  if (value === '*' && (kind === 'AWS' || kind === '*')) return { kind: '*', value };
  if (kind === 'AWS') return { kind, value: accountNamed(value) ?? value };
  return kind === 'Service' ? { kind, value: value.toLowerCase() } : { kind, value };
}

/** How reports name them. */
export function principalText(form: PrincipalForm): string {
  switch (form.kind) {
    case 'holder':
      return '';
    case 'entry':
      return entryText(form.entry);
    case 'except':
      return `everyone but ${form.entries.map(entryText).sort().join(', ')}`;
  }
}

const entryText = ({ kind, value }: PrincipalEntry): string => (kind === '*' && value === '*' ? 'everyone' : show(value));

const isEveryone = ({ kind, value }: PrincipalEntry): boolean => kind === '*' && value === '*';

/** The account that the entry names as a whole. */
const asAccount = ({ kind, value }: PrincipalEntry): string | undefined =>
  kind === 'AWS' && arnParts(value).length < 6 ? value : undefined;
const accountWith = ({ kind, value }: PrincipalEntry): string | undefined => (kind === 'AWS' ? arnParts(value)[4] || undefined : undefined);

/**
 * Which accounts an entry stands for with all of their identities: all of them in denials; in grants not the resource's own,
 * because a grant to it only lets it decide.
 */
export type AccountRule = (account: string) => boolean;

function entryCovers(outer: PrincipalEntry, inner: PrincipalEntry, whole: AccountRule): boolean {
  if (isEveryone(outer)) return true;
  if (outer.kind === inner.kind && outer.value === inner.value) return true;
  if (outer.value === '*') return outer.kind === inner.kind;
  const account = asAccount(outer);
  return account !== undefined && whole(account) && accountWith(inner) === account;
}

/** Whether it is sure that whoever is `inner` is also `outer`. */
export function principalCovers(outer: PrincipalForm, inner: PrincipalForm, whole: AccountRule): boolean {
  if (outer.kind === 'holder' || inner.kind === 'holder') return outer.kind === inner.kind;
  if (outer.kind === 'entry') return inner.kind === 'entry' ? entryCovers(outer.entry, inner.entry, whole) : isEveryone(outer.entry);
  if (inner.kind === 'entry') return !isEveryone(inner.entry) && outer.entries.every((excepted) => !entriesMeet(excepted, inner.entry));
  return outer.entries.every((excepted) => inner.entries.some((other) => entryCovers(other, excepted, () => true)));
}

/** Whether somebody may be both. */
export function principalsMeet(left: PrincipalForm, right: PrincipalForm): boolean {
  if (left.kind === 'holder' || right.kind === 'holder') return left.kind === right.kind;
  if (left.kind === 'entry' && right.kind === 'entry') return entriesMeet(left.entry, right.entry);
  if (left.kind === 'except' && right.kind === 'except') return true;
  const [except, entry] = left.kind === 'except' ? [left, right] : [right, left];
  if (except.kind !== 'except' || entry.kind !== 'entry') return true;
  return !except.entries.some((excepted) => entryCovers(excepted, entry.entry, () => false));
}

function entriesMeet(left: PrincipalEntry, right: PrincipalEntry): boolean {
  if (isEveryone(left) || isEveryone(right)) return true;
  if (left.kind !== right.kind) return left.kind === '*' || right.kind === '*';
  if (left.value === '*' || right.value === '*') return true;
  const [account, other] = [asAccount(left) ?? accountWith(left), asAccount(right) ?? accountWith(right)];
  if (account !== undefined && other !== undefined && (asAccount(left) ?? asAccount(right)) !== undefined)
    return sameText(account, other) !== false;
  return overlaps(patternOf(left.value), patternOf(right.value));
}

/** The narrower of two that meet; the first where neither is narrower. */
export const narrowerPrincipal = (left: PrincipalForm, right: PrincipalForm): PrincipalForm =>
  principalCovers(left, right, () => true) ? right : left;
