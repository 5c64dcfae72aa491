/** Where applications send who has signed in, and what they ask to be given. */
import { APPLICATION, ESCALATING_PERMISSIONS, entra } from '../../../policies/facts/azure-directory';
import type { Resource } from '../../../policies/resource';
import { resourcesOf, type Side, type Told } from '../side';
import type { Estate } from './estate';
import { lineAbout } from './lines';
import { listed } from './speaker';

const REDIRECTS = entra('ApplicationRedirectUris');
const ACCESS = entra('ApplicationApiAccess');

/** What an application says itself or by resources beside it, by the application. */
interface Said {
  /** The application, for people. */
  readonly of: string;
  readonly at: Resource;
  readonly path: string;
  readonly value: string;
}

const INLINE = ['web', 'singlePageApplication', 'publicClient'].map((part) => `${part}.redirectUris`);

function saidIn(side: Side, estate: Estate): { readonly places: Map<string, Said[]>; readonly asks: Map<string, Said[]> } {
  const [places, asks] = [new Map<string, Said[]>(), new Map<string, Said[]>()];
  const add = (map: Map<string, Said[]>, key: string, said: Said) => map.set(key, [...(map.get(key) ?? []), said]);
  const application = (at: Resource) => estate.who(at.at('applicationId'));
  for (const at of resourcesOf(side)) {
    if (at.type === APPLICATION) {
      const { key, name: of } = estate.actor(at);
      for (const path of INLINE)
        for (const { shape } of at.at(path).items()) if (shape !== undefined) add(places, key, { of, at, path, value: shape });
      // Of what a user lets it do, he is asked himself.
      for (const api of at.at('requiredResourceAccesses').items())
        for (const entry of api.at('resourceAccesses').items())
          if (entry.at('type').string !== 'Scope')
            add(asks, key, { of, at, path: 'requiredResourceAccesses', value: entry.at('id').shape?.toLowerCase() ?? '' });
    }
    if (at.type === REDIRECTS)
      for (const { shape } of at.at('redirectUris').items())
        if (shape !== undefined) add(places, application(at).key, { of: application(at).name, at, path: 'redirectUris', value: shape });
    if (at.type === ACCESS)
      for (const { shape } of at.at('roleIds').items())
        if (shape !== undefined)
          add(asks, application(at).key, { of: application(at).name, at, path: 'roleIds', value: shape.toLowerCase() });
  }
  return { places, asks };
}

/** Where the person sits who signs in: nobody else gets the answer. */
const DEVICE = 'the device itself';

/** Scheme and name of who gets the answer: another path there is the same one. */
function hostOf(uri: string): string {
  const [, scheme = '', host = ''] = /^([a-z][\w+.-]*):\/\/([^/?#]+)/i.exec(uri) ?? [];
  if (host === '') return uri.toLowerCase();
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host) ? DEVICE : `${scheme}://${host}`.toLowerCase();
}

export function* applicationChanges(before: Side, after: Side, old: Estate, now: Estate): Iterable<Told> {
  const [was, is] = [saidIn(before, old), saidIn(after, now)];
  const known = new Set<string>();
  for (const resource of resourcesOf(before))
    if (resource.type === APPLICATION && now.pairing.other(resource)) known.add(old.actor(resource).key);
  for (const key of new Set([...was.places.keys(), ...is.places.keys()])) {
    if (!known.has(key)) continue;
    const [from, to] = [was.places.get(key) ?? [], is.places.get(key) ?? []];
    const hosts = (all: readonly Said[]) => new Set(all.map(({ value }) => hostOf(value)).filter((host) => host !== DEVICE));
    const [come, gone] = [[...hosts(to)].filter((host) => !hosts(from).has(host)), [...hosts(from)].filter((host) => !hosts(to).has(host))];
    const first = to.find(({ value }) => come.includes(hostOf(value)));
    if (first)
      yield lineAbout(first.at, now, {
        direction: 'weaker',
        severity: 'high',
        sentence: `who signs in to ${first.of} can be sent, with what lets him in, to ${listed(come.map((host) => now.words(host)).sort())}`,
        path: first.path,
      });
    const left = from.find(({ value }) => gone.includes(hostOf(value)));
    const about = left && now.pairing.other(left.at);
    if (about && come.length === 0)
      yield lineAbout(about, now, {
        direction: 'stronger',
        severity: 'low',
        sentence: `who signs in to ${left.of} is no longer sent to ${listed(gone.map((host) => old.words(host)).sort())}`,
        path: left.path,
      });
  }
  for (const [key, asks] of is.asks) {
    if (!known.has(key)) continue;
    const had = new Set(was.asks.get(key)?.map(({ value }) => value));
    const come = asks.filter(({ value }) => !had.has(value));
    const [first] = come;
    if (!first) continue;
    const names = come.map(({ value }) => ESCALATING_PERMISSIONS[value] ?? `the permission ${now.words(value)}`).sort();
    yield lineAbout(first.at, now, {
      direction: 'weaker',
      severity: come.some(({ value }) => ESCALATING_PERMISSIONS[value] !== undefined) ? 'high' : 'medium',
      sentence: `${first.of} asks to be given ${listed([...new Set(names)])}, which counts once an administrator agrees`,
      path: first.path,
    });
  }
}
