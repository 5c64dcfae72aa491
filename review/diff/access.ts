/** Who can newly do what, and who no longer can: principals and verbs, whatever the statements look like. */
import { append } from '../../policies/collect';
import type { ReviewEvidence } from '../schema-review';
import { type AccessChange, compareAccess, type Rights } from './access/compare';
import type { Policy } from './access/documents';
import type { Region } from './access/regions';
import { Chains, type Gain } from './access-chains/compare';
import type { Actor } from './access-chains/model';
import { byKey, holdersOf } from './access-holders';
import type { Holder } from './access-holders-parts';
import { WrittenOut } from './access-same';
import { Speaker } from './access-speaker';
import { canonical, type Plain } from './plain';
import { readerOf } from './reading';
import type { Aspected, Pairing, Told } from './side';

/** Access on AWS, by policies of identities, trust, resources, endpoints and the organisation, and by chains of them. */
export const access: Aspected = (before, after, pairing) => {
  const [old, now] = [byKey(holdersOf(before, pairing)), byKey(holdersOf(after, pairing))];
  const written = { lost: new WrittenOut(before, readerOf(before, pairing)), gained: new WrittenOut(after, readerOf(after, pairing)) };
  const found = [...new Set([...old.keys(), ...now.keys()])].flatMap((key): readonly Found[] => {
    const changes = compare(old.get(key), now.get(key)).filter(
      (change) =>
        !written[change.direction].isSame(change, (change.direction === 'gained' ? old.get(key)?.rights : now.get(key)?.rights) ?? NOTHING),
    );
    const holder = now.get(key) ?? old.get(key);
    if (!holder) return [];
    const refusals = changes.some(isLifted) ? [] : refusalsLifted(old.get(key), now.get(key), pairing);
    return [
      ...(changes.length > 0 ? [{ holder, changes }] : []),
      ...(refusals.length > 0 ? [{ holder: { ...holder, kind: 'refusal' as const }, changes: refusals }] : []),
    ];
  });
  const identityOf = (holder: Holder) => pairing.identity(holder.resource);
  const chains = Chains.of([before, old], [after, now], pairing, lifted(found, identityOf, 'gained'));
  const speak = new Speaker(before, after, pairing, chains, { before: old, after: now });
  const direct = found.flatMap(({ changes, holder }) => changes.flatMap((change) => speak.of(change, holder) ?? []));
  const indirect = chains
    .origins()
    .flatMap((origin) => speak.throughOthers(origin, untold(origin, chains, found, identityOf, 'gained'), 'gained'));
  const back = chains.reversed(lifted(found, identityOf, 'lost'));
  const spoken = new Speaker(after, before, pairing, back, { before: now, after: old });
  const lost = back.origins().flatMap((origin) => spoken.throughOthers(origin, untold(origin, back, found, identityOf, 'lost'), 'lost'));
  return withWays(withWays(direct, indirect), lost);
};

/** What changed of one holder. */
interface Found {
  readonly holder: Holder;
  readonly changes: readonly AccessChange[];
}

const NOTHING: Rights = { grants: [] };
/** Without an organisation's policy there is no limit. */
const UNLIMITED: Rights = { grants: [{ name: 'every right', document: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } }] };

/** Without a policy they are open to whoever the rest lets in: one less takes nothing away. */
const OPEN = /^AWS::(ApiGateway::RestApi|EFS::FileSystem)$/;

function compare(before: Holder | undefined, after: Holder | undefined): readonly AccessChange[] {
  const holder = after ?? before;
  if (!holder) return [];
  if (holder.lasting && !(before && after)) return [];
  if (!after && OPEN.test(holder.resource.type)) return [];
  const none = holder.kind === 'organisation' ? UNLIMITED : NOTHING;
  const [old, now] = [before?.rights ?? none, after?.rights ?? none];
  return sameText(old, now) ? [] : compareAccess(old, now);
}

const isLifted = ({ cause, direction }: AccessChange): boolean => cause === 'denial-lifted' && direction === 'gained';

/** Whom a policy that only refuses concerns: everybody whom some other policy lets in. */
const WHOEVER: Policy = {
  name: 'what another policy grants',
  document: { Statement: { Effect: 'Allow', Principal: '*', Action: '*', Resource: '*' } },
};
/** How a refusal of unprotected transport reads: rules tell its loss as what it is. */
const OF_TRANSPORT = /\b(aws:securetransport|s3:tlsversion)\b/i;

/** What a resource refused whoever was granted it elsewhere, and does not any more. */
function refusalsLifted(before: Holder | undefined, after: Holder | undefined, pairing: Pairing): readonly AccessChange[] {
  if (before?.kind !== 'resource' || (!after && !pairing.other(before.resource))) return [];
  const [old, now] = [before.rights, after?.rights ?? NOTHING].map((rights) => ({ ...rights, grants: [...rights.grants, WHOEVER] }));
  return sameText(before.rights, after?.rights ?? NOTHING)
    ? []
    : compareAccess(old as Rights, now as Rights).filter((change) => isLifted(change) && !OF_TRANSPORT.test(change.condition));
}

const sameText = (old: Rights, now: Rights): boolean => canonical(textOf(old)) === canonical(textOf(now));
const textOf = ({ account = '', grants, limits = {} }: Rights): Plain => ({
  account,
  grants: grants.map(saying),
  limits: Object.fromEntries(Object.entries(limits).map(([name, policies]) => [name, policies.map(saying)])),
});
const saying = ({ document, id }: Policy): Plain => id ?? (document as Plain);

// ── Chains ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What identities are no longer denied, or newly. */
function lifted(
  found: readonly Found[],
  identity: (holder: Holder) => string,
  way: AccessChange['direction'],
): ReadonlyMap<string, readonly Region[]> {
  const regions = new Map<string, Region[]>();
  for (const { changes, holder } of found)
    for (const { cause, direction, region } of changes)
      if (holder.kind === 'identity' && direction === way && cause === 'denial-lifted') append(regions, identity(holder), region);
  return regions;
}

/** What somebody gains, or loses, through others and no line says of him: neither that he was let in, nor that he was granted the first step. */
function untold(
  origin: Actor,
  chains: Chains,
  found: readonly Found[],
  identity: (holder: Holder) => string,
  turned: AccessChange['direction'],
): readonly Gain[] {
  const gains = chains.gainsOf(origin);
  if (gains.length === 0) return [];
  const own = found.filter(({ holder }) => holder.kind === 'identity' && identity(holder) === origin.key);
  const granted = new Set(
    own.flatMap(({ changes }) =>
      changes.filter(({ direction }) => direction === turned).flatMap(({ region }) => chains.newStepsBy(origin.key, region)),
    ),
  );
  const trusting = new Set(
    found.flatMap(({ changes, holder }) =>
      holder.kind === 'trust' && changes.some(({ direction }) => direction === turned) ? [identity(holder)] : [],
    ),
  );
  return gains.filter(({ way: { steps } }) => {
    const [first] = steps;
    if (!first || !chains.isNew(first)) return true;
    return !granted.has(first) && !(first.needs.length === 0 && trusting.has(first.to));
  });
}

/** Ways of others that one line shows. */
const MOST_WAYS = 10;

/**
 * Where a line tells of the same cause already, whoever of ours gains by it through others is its evidence. Who comes from outside is
 * told himself, and the other line folds into his.
 */
function withWays(direct: readonly Told[], indirect: readonly Told[]): readonly Told[] {
  const lines = [...direct];
  const ways = new Map<number, ReviewEvidence[]>();
  for (const line of indirect) {
    const at = lines.findIndex((told) => tells(told, line));
    if (at < 0) lines.push(line);
    else if (line.boundary === undefined) append(ways, at, ...line.evidence.slice(0, 1));
    else lines.push({ ...line, causes: [...(line.causes ?? []), ...(lines[at]?.causes ?? [])] });
  }
  return lines.map((line, at) => ({ ...line, evidence: [...line.evidence, ...shown(ways.get(at) ?? [])] }));
}

function shown(ways: readonly ReviewEvidence[]): readonly ReviewEvidence[] {
  const last = ways[MOST_WAYS];
  if (!last) return ways;
  const { resource, side } = last;
  return [...ways.slice(0, MOST_WAYS), { resource, side, saw: `${ways.length - MOST_WAYS} more gain by it through others` }];
}

const tells = (told: Told, line: Told): boolean =>
  ((told.direction === 'weaker' && line.direction !== 'stronger') || told.direction === line.direction) &&
  (told.causes ?? []).some(({ resource }) => (line.causes ?? []).some((cause) => cause.resource === resource));
