/**
 * Whom a `Principal` element names. How it names the caller decides what the grant is worth: one to the account only lets the
 * account decide, one to a role is limited by what limits the role, one to the very session or to everyone stands by itself.
 */
import { accountOf, type Caller, federatedArn, nameIn } from './callers';
import type { ListedPrincipals, PrincipalEntry } from './documents';
import { arnParts, hasHole, holesIn, sameText, show } from './text';
import { allOf, anyOf, isUnknown, not, type Truth } from './truth';

/** `itself`: the caller or everyone; `role`: the role of the session, or the user of a federated one; `account`: its account. */
export type Naming = 'itself' | 'role' | 'account';

export type Named = Readonly<Record<Naming, Truth>>;

const NOBODY: Named = { itself: false, role: false, account: false };

/** How an entry names the caller. */
function namedBy({ kind, value }: PrincipalEntry, caller: Caller): Named {
  if (value === '*') return kind === '*' || kind === 'AWS' || kind === kindOf(caller) ? { ...NOBODY, itself: true } : NOBODY;
  switch (kind) {
    case 'AWS':
      return namedByArn(value, caller);
    case 'Service':
      return caller.kind === 'service' ? { ...NOBODY, itself: sameText(value.toLowerCase(), caller.service.toLowerCase()) } : NOBODY;
    case 'Federated':
      return caller.kind === 'provider' ? { ...NOBODY, itself: sameText(value, caller.provider) } : NOBODY;
    case 'CanonicalUser':
      return namedByCanonicalId(value, caller);
    case '*':
      return { ...NOBODY, itself: hasHole(value) ? holesIn(value) : [`whom ${value} means`] };
  }
}

const kindOf = (caller: Caller): PrincipalEntry['kind'] | undefined =>
  caller.kind === 'service' ? 'Service' : caller.kind === 'provider' ? 'Federated' : undefined;

function namedByCanonicalId(value: string, caller: Caller): Named {
  if (!('canonicalId' in caller) || caller.canonicalId === undefined)
    return accountOf(caller) === null ? NOBODY : { ...NOBODY, account: [`the canonical user id of the caller's account`] };
  return nameAccount(sameText(value, caller.canonicalId), caller);
}

/** The account's own user is the account. */
const nameAccount = (truth: Truth, caller: Caller): Named =>
  caller.kind === 'root' ? { ...NOBODY, itself: truth } : { ...NOBODY, account: truth };

function namedByArn(value: string, caller: Caller): Named {
  const own = accountOf(caller);
  if (own === null) return NOBODY;
  const account = accountNamed(value);
  if (account !== undefined) return nameAccount(own === undefined ? [`the account of the caller`] : sameText(account, own), caller);
  if (/^(AIDA|AROA|ASIA)[A-Z0-9]+$/.test(value)) return namedById(value, caller);
  // What is written with wildcards is refused when the policy is saved: what it would mean is not documented.
  if (/[*?]/.test(value)) return { ...NOBODY, itself: [`a principal without wildcards instead of ${show(value)}`] };
  switch (caller.kind) {
    case 'user':
      return { ...NOBODY, itself: sameText(value, caller.arn) };
    case 'role':
      return namedAsRole(value, caller);
    case 'federated-user':
      return {
        ...NOBODY,
        itself: sameText(value, federatedArn(caller.account, caller.name)),
        role: caller.user === undefined ? (hasHole(value) ? holesIn(value) : false) : sameText(value, caller.user),
      };
    default:
      return NOBODY;
  }
}

/** The account in `123456789012` and `arn:aws:iam::123456789012:root`. */
export function accountNamed(value: string): string | undefined {
  if (/^\d{12}$/.test(value)) return value;
  const parts = arnParts(value);
  return parts.length === 6 && parts[2] === 'iam' && parts[5] === 'root' ? parts[4] : undefined;
}

function namedById(value: string, caller: Caller): Named {
  const truth: Truth = 'id' in caller && caller.id !== undefined ? caller.id === value : [`who ${value} is`];
  return caller.kind === 'role' ? { ...NOBODY, role: truth } : { ...NOBODY, itself: truth };
}

function namedAsRole(value: string, caller: Caller & { kind: 'role' }): Named {
  const parts = arnParts(value);
  if (!(parts[2] === 'sts' && parts[5]?.startsWith('assumed-role/'))) return { ...NOBODY, role: sameText(value, caller.arn) };
  const name = nameIn(caller.arn);
  const own = accountOf(caller);
  if (name === undefined || own === undefined || own === null) return { ...NOBODY, itself: [`the name of ${show(caller.arn)}`] };
  const [, role = '', session = ''] = parts[5].split('/');
  const sameRole = allOf([sameText(role, name), sameText(parts[4] ?? '', own)]);
  const sameSession = caller.session === undefined ? [`the session name of ${show(caller.arn)}`] : sameText(session, caller.session);
  return { ...NOBODY, itself: allOf([sameRole, sameSession]) };
}

/** How a whole element names the caller when it grants. */
export function grantedTo({ entries, except }: ListedPrincipals, caller: Caller): Named {
  const each = entries.map((entry) => namedBy(entry, caller));
  const named = (naming: Naming): Truth => anyOf(each.map((one) => one[naming]));
  if (!except) return { itself: named('itself'), role: named('role'), account: named('account') };
  const own = anyOf([named('itself'), named('role')]);
  const byAccount = named('account');
  // Everyone but those named. Whether naming an account names everyone in it, is not documented for grants.
  const left = own === false && byAccount !== false ? ['whether an excepted account means all of its identities'] : not(own);
  return { ...NOBODY, itself: left };
}

/** Whether a statement that denies speaks of the caller: naming the account names all of it. */
export function deniedTo({ entries, except }: ListedPrincipals, caller: Caller): Truth {
  const each = entries.map((entry) => namedBy(entry, caller));
  const named = (naming: Naming): Truth => anyOf(each.map((one) => one[naming]));
  if (!except) return anyOf([named('itself'), named('role'), named('account')]);
  if (entries.some(({ kind, value }) => value === '*' && (kind === '*' || kind === 'AWS'))) return false;
  const own = anyOf([named('itself'), named('role')]);
  if (own !== true || caller.kind === 'root' || accountOf(caller) === null) return not(own);
  // To be excepted for certain, the account must be listed, and the role beside its session.
  const chain = caller.kind === 'role' && named('role') !== true ? allOf([named('account'), named('role')]) : named('account');
  return chain === true ? false : isUnknown(chain) ? chain : ['whether the service checks the account, and the role, before the caller'];
}
