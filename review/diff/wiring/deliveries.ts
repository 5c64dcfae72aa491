/** What services of Azure send, copy and read by themselves, and where to: another place than before, somebody else's, a new one. */
import type { Resource } from '../../../policies/resource';
import { hasHole, isHole } from '../access/text';
import { asText, type Reader, valueAt } from '../reading';
import { resourcesOf, type Told } from '../side';
import { type Both, base } from './parts';
import { type Place, type Places, placesOnBoth } from './places';
import { WAYS, type Way, type Ways } from './ways';

/** Ways that lead elsewhere than before. */
export function* deliveries(both: Both): Iterable<Told> {
  const [old, now] = placesOnBoth(both);
  let earlier: ReadonlySet<string> | undefined;
  for (const resource of resourcesOf(both.after)) {
    const known = waysFor(resource);
    if (!known || resource.options.external === true) continue;
    const other = both.pairing.other(resource);
    if (other?.properties === resource.properties) continue;
    const read = known.read(both.now.of(resource));
    const was = other ? known.read(both.old.of(other)) : [];
    for (const what of new Set(read.map((way) => way.what))) {
      const is = leading(what, read, now);
      const come = is.filter(({ place }) => !leading(what, was, old).some((one) => now.same(place, one.place)));
      if (come.length === 0) continue;
      if (!other) {
        if (!known.carries && !known.opens && !(known.answers && joinsOthers(resource, both))) continue;
        earlier ??= new Set(allOf(both, old));
        const from = `${sourceOf(resource, both.now)} ${what}`;
        const news = come.filter(
          ({ place }) => (known.answers ? isOut(place) : isNews(place)) && !keysOf(place).some((key) => earlier?.has(`${from} ${key}`)),
        );
        const said = news.length > 0 ? line(resource, known, both, { what, come: news, gone: [], isNew: true }) : undefined;
        if (said) yield said;
        continue;
      }
      const gone = leading(what, was, old).filter(({ place }) => !is.some((one) => now.same(one.place, place)));
      const said = line(resource, known, both, { what, come, gone, isNew: false });
      if (said) yield said;
    }
  }
}

/** What it is a part of was there before: a new front of its own answers nobody yet who asked another. */
function joinsOthers(resource: Resource, { now, pairing }: Both): boolean {
  return PARENTS.some((key) => {
    const parent = now.referred(asText(valueAt(now.of(resource), key)) ?? '');
    return parent !== undefined && pairing.other(parent) !== undefined;
  });
}
const PARENTS = ['profileName', 'endpointName', 'originGroupName', 'ruleSetName'];

const BY_TYPE = new Map<string, Ways | undefined>();
function waysFor({ type }: Resource): Ways | undefined {
  if (!BY_TYPE.has(type))
    BY_TYPE.set(
      type,
      WAYS.find(({ on }) => on.test(type)),
    );
  return BY_TYPE.get(type);
}

const isOut = ({ kind }: Place): boolean => kind === 'elsewhere' || kind === 'outside';

/** Somebody who is written out, and of whom nothing here tells whether that is us. */
const isSomebody = ({ key, kind }: Place): boolean =>
  kind === 'unknown' && !hasHole(key) && (/^host /.test(key) || /^id [0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12} /.test(key));
/** What is asked of something new. */
const isNews = (place: Place): boolean => isOut(place) || isSomebody(place);
const keysOf = ({ domain, key }: Place): readonly string[] => (domain === undefined ? [key] : [key, `domain ${domain}`]);

interface Led {
  readonly place: Place;
  readonly way: Way;
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const ADDRESS = /^\d{1,3}(\.\d{1,3}){3}$|^[0-9a-f]*:[0-9a-f:]+$/i;

/** Where the ways that are called so lead. */
function leading(what: string, ways: readonly Way[], places: Places): readonly Led[] {
  return ways.filter((way) => way.what === what).flatMap((way) => placesOf(way, places).map((place) => ({ place, way })));
}

function placesOf({ text, types }: Way, places: Places): readonly Place[] {
  if (types && !isHole(text) && !/[/.:=]/.test(text)) return [places.named(text, types)].flatMap((place) => place ?? []);
  const found = places.of(text, 'host');
  if (found.length > 0) return found;
  if (GUID.test(text)) return [{ key: `id ${text.toLowerCase()}`, words: text, kind: 'unknown' }];
  // Addresses of the own network are not all the same.
  return ADDRESS.test(text) ? [{ key: `address ${text}`, words: text, kind: 'ours' }] : [];
}

/** By what it comes from, what it is called and where it leads: all that the earlier state sends. */
function* allOf({ before, old }: Both, places: Places): Iterable<string> {
  for (const resource of resourcesOf(before)) {
    const known = waysFor(resource);
    if (!known?.carries && !known?.opens && !known?.answers) continue;
    for (const way of known.read(old.of(resource)))
      for (const place of placesOf(way, places)) for (const key of keysOf(place)) yield `${sourceOf(resource, old)} ${way.what} ${key}`;
  }
}

const SOURCES = [
  'scope',
  'topicName',
  'systemTopicName',
  'domainName',
  'partnerTopicName',
  'namespaceName',
  'accountName',
  'factoryName',
  'jobName',
  'name',
];
const sourceOf = (resource: Resource, reader: Reader): string =>
  SOURCES.map((key) => asText(valueAt(reader.of(resource), key)) ?? '').join('|');

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Change {
  readonly what: string;
  readonly come: readonly Led[];
  readonly gone: readonly Led[];
  readonly isNew: boolean;
}

const KINDS: readonly Place['kind'][] = ['elsewhere', 'outside', 'unknown', 'ours'];

function line(resource: Resource, ways: Ways, both: Both, { come, gone, isNew, what }: Change): Told | undefined {
  const { pairing } = both;
  const [worst] = [...come].sort(
    (a, b) => KINDS.indexOf(a.place.kind) - KINDS.indexOf(b.place.kind) || (a.place.key < b.place.key ? -1 : 1),
  );
  if (!worst) return undefined;
  const { kind } = worst.place;
  const names = (led: readonly Led[]): string => [...new Set(led.map(({ place }) => place.words))].sort().join(', ');
  const told = come.filter(({ place }) => place.kind === kind);
  const instead = gone.length > 0 ? ` instead of ${names(gone)}` : isNew ? '' : ' now';
  const sentence = `${pairing.name(resource)}${isNew ? ' is new' : ''}: ${what} ${names(told)}${instead}`;
  const { path } = worst.way;
  const common = {
    subject: pairing.identity(resource),
    topic: `way ${what}`,
    causes: [{ resource: pairing.identity(resource), path }],
    aspect: 'access' as const,
  };
  if (isOut(worst.place)) {
    return {
      ...common,
      ...base(resource, pairing, 'weaker', path),
      severity: ways.carries ? 'critical' : 'high',
      sentence: `${sentence}: ${kind === 'outside' ? 'that is not ours' : 'that is in none of our subscriptions'}`,
      boundary: kind === 'outside' ? 'internet' : 'organisation',
      approver: 'security',
    };
  }
  if (kind === 'unknown')
    return gone.length > 0 || ways.diverts || isNew || ((ways.carries || ways.opens) && isSomebody(worst.place))
      ? undecided(isSomebody(worst.place) ? 'nothing here tells whose that is' : 'nothing here tells what that is')
      : undefined;
  const settled = told.some(({ place }) => place.resource === undefined || pairing.other(place.resource) !== undefined);
  return gone.length > 0 && settled && !ways.moves ? undecided('nothing here tells whether that is meant') : undefined;

  function undecided(why: string): Told {
    return {
      ...common,
      ...base(resource, pairing, 'undecided', path),
      severity: 'medium',
      sentence: `${sentence}: ${why}`,
      approver: ways.moves ? 'security' : 'data owner',
    };
  }
}
