/** Who newly gets something by a grant that is no policy: a share, an entry, an assignment, a copy to somebody else. */
import { append } from '../../policies/collect';
import type { Resource } from '../../policies/resource';
import type { Boundary } from '../schema-review';
import { servicesIn } from './access/action-sets';
import { VERBS, type Verb } from './access/actions';
import { type Access, mayDo } from './access/compare';
import { byKey, type Holder, holdersOf } from './access-holders';
import { type Grant, isWithin, listed, type Reach } from './grants/parts';
import { GRANTS } from './grants/readers';
import { Circle, OF_SUBCONTRACTOR, raised } from './partners';
import { placeOf, type Reader, readerOf, shownAs } from './reading';
import { type Aspected, type Pairing, resourcesOf, type Side, type Told } from './side';

/** Grants that came and went; what goes no further than another did before is neither. */
export const grants: Aspected = (before, after, pairing) => {
  const circle = new Circle(before, after);
  const [old, now] = [grantsOf(before, pairing, circle), grantsOf(after, pairing, circle)];
  const speak = new Speaker(pairing, after, circle);
  return [
    ...beyond(now, old).flatMap((held) => speak.of(held, 'weaker') ?? []),
    ...beyond(old, now).flatMap((held) => speak.of(held, 'stronger') ?? []),
  ];
};

interface Held {
  readonly grant: Grant;
  readonly resource: Resource;
  readonly reader: Reader;
  readonly boundary: Boundary | undefined;
}
type Grants = ReadonlyMap<string, Held>;

const BY_TYPE = new Map<string, readonly (typeof GRANTS)[number][]>();

/** By what they say: whether they stand in one resource or another does not matter. */
function grantsOf(side: Side, pairing: Pairing, circle: Circle): Grants {
  const reader = readerOf(side, pairing);
  const found = new Map<string, Held>();
  for (const resource of resourcesOf(side)) {
    const known = BY_TYPE.get(resource.type) ?? GRANTS.filter(([type]) => type.test(resource.type));
    BY_TYPE.set(resource.type, known);
    for (const [, read] of known)
      for (const grant of read(reader.of(resource), resource, reader)) {
        const boundary = boundaryOf(grant, reader, circle);
        if (grant.onlyOutside && boundary === undefined) continue;
        found.set(`${grant.who} ${grant.can}`, { grant, resource, reader, boundary });
      }
  }
  return found;
}

const holderOf = ({ who }: Grant, { of }: Reach): string => `${who}\n${of}`;

function beyond(wanted: Grants, others: Grants): readonly Held[] {
  const reaches = new Map<string, Reach[]>();
  for (const { grant } of others.values()) if (grant.reach) append(reaches, holderOf(grant, grant.reach), grant.reach);
  return [...wanted].flatMap(([key, held]) => {
    const { reach } = held.grant;
    const within = reach && isWithin(reach, reaches.get(holderOf(held.grant, reach)) ?? []);
    return others.has(key) || within ? [] : [held];
  });
}

function boundaryOf({ open, who }: Grant, reader: Reader, circle: Circle): Boundary | undefined {
  if (open) return 'internet';
  const account = reader.foreignAccount(who);
  return account === undefined || circle.isOurs(account) ? undefined : 'organisation';
}

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Things that are named in one sentence. */
const FEW = 3;

class Speaker {
  #holders: ReadonlyMap<string, Holder> | undefined;

  constructor(
    readonly pairing: Pairing,
    readonly after: Side,
    readonly circle: Circle,
  ) {}

  of({ boundary, grant, reader, resource }: Held, direction: 'weaker' | 'stronger'): Told | undefined {
    const { pairing } = this;
    const weaker = direction === 'weaker';
    if (grant.lasting && pairing.other(resource) === undefined) return undefined;
    // The id of a group or an account stands at the end.
    const theirs = [grant.who, grant.who.replace(/^.* /, '')].some((one) => this.circle.isSubcontractor(one));
    const who = `${whoIs(grant.who, reader)}${theirs ? OF_SUBCONTRACTOR : ''}`;
    const severity = theirs ? raised(grant.severity) : grant.severity;
    const subject = pairing.identity(resource);
    const through = weaker && grant.becomes !== undefined ? this.#through(grant.becomes, reader) : '';
    const { by = '', can, sources = [] } = grant;
    const unknown = grant.elsewhere === true && boundary === undefined;
    const unsure = weaker && boundary === 'organisation' ? reader.unsure : undefined;
    return {
      aspect: 'access',
      direction: weaker && unknown ? 'undecided' : direction,
      severity: weaker ? (boundary === undefined || grant.asSaid ? severity : 'critical') : 'low',
      sentence: weaker
        ? `${who} newly ${can}${by}${through}${unknown ? ': nothing here tells whose that is' : ''}`
        : `${who} no longer ${can}${by}`,
      subject,
      topic: `grant ${grant.who} ${can}`,
      ...(weaker && boundary !== undefined ? { boundary } : {}),
      ...(weaker ? { approver: 'security' as const } : {}),
      evidence: [
        {
          resource: shownAs(resource),
          side: weaker ? 'after' : 'before',
          ...placeOf(resource, grant.path),
          chain: [who, pairing.name(resource)],
          saw: unsure === undefined ? grant.path : `${grant.path}; ${unsure}`,
        },
      ],
      // What is not known does not go into a line about another part of the same resource.
      causes: grant.elsewhere
        ? [{ resource: subject, path: grant.path }]
        : [resource, ...sources].map((one) => ({ resource: pairing.identity(one) })),
    };
  }

  /** What the role may do, in a few words: whoever becomes it may do that. */
  #through(role: string, reader: Reader): string {
    const resource = reader.referred(role);
    this.#holders ??= byKey(holdersOf(this.after, this.pairing));
    const holder = resource && this.#holders.get(`identity ${this.pairing.identity(resource)}`);
    if (!holder) return '';
    const does = [...mayDo(holder.rights)]
      .sort((a, b) => Number(a.condition !== '') - Number(b.condition !== '') || heaviest(b.verbs) - heaviest(a.verbs))
      .map((one) => `${listed(one.verbs)} ${whatOf(one, reader)}${one.condition === '' ? '' : ` when ${reader.words(one.condition)}`}`);
    return does.length === 0 ? '' : `, and through it ${[...new Set(does)].slice(0, FEW).join('; ')}`;
  }
}

const heaviest = (verbs: readonly Verb[]): number => Math.max(...verbs.map((verb) => VERBS.indexOf(verb)));

/** Everything is said with the services where these are few. */
function whatOf({ actions, resource }: Access, reader: Reader): string {
  if (resource !== '*') return reader.words(resource).replace(/\/\*$/, '');
  const services = servicesIn(actions);
  return services && services.length <= FEW ? `everything in ${listed(services)}` : 'everything';
}

function whoIs(who: string, reader: Reader): string {
  if (who === '*') return 'everyone';
  if (/^\d{12}$/.test(who)) return `the account ${who}`;
  return reader.words(who);
}
