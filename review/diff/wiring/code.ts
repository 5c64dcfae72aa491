/** Whose code runs with the rights of ours: another repository, a package of somebody, an image from elsewhere. */
import type { Resource } from '../../../policies/resource';
import { hasHole, show } from '../access/text';
import { Circle } from '../partners';
import type { Reader } from '../reading';
import { resourcesOf, type Told } from '../side';
import { ORIGINS, type Origin, type Origins } from './origins';
import { type Both, base } from './parts';
import { type Place, type Places, placesOnBoth } from './places';

/** Where code comes from, and whose that is. */
interface From extends Pick<Place, 'kind' | 'words'> {
  readonly key: string;
  /** Several places of the same owner: `github.com/example`. */
  readonly owner: string;
  readonly origin: Origin;
}

/** Code that comes from elsewhere than before. */
export function* code(both: Both): Iterable<Told> {
  const { after, before, pairing } = both;
  const [old, now] = placesOnBoth(both);
  const circle = new Circle(before, after);
  const read = (resource: Resource, known: Origins, reader: Reader, places: Places): readonly From[] =>
    known.read(reader.of(resource)).flatMap((origin) => fromOf(origin, reader, places, circle) ?? []);
  let owners: ReadonlySet<string> | undefined;
  for (const resource of resourcesOf(after)) {
    const known = originsFor(resource);
    if (!known || resource.options.external === true) continue;
    const other = pairing.other(resource);
    if (other?.properties === resource.properties || (!other && known.read(both.now.of(resource)).length === 0)) continue;
    const is = read(resource, known, both.now, now);
    const was = other ? read(other, known, both.old, old) : [];
    owners ??= new Set(
      [...resourcesOf(before)].flatMap((one) => {
        const row = originsFor(one);
        return row ? read(one, row, both.old, old).map(({ owner }) => owner) : [];
      }),
    );
    const come = is.filter(({ key }) => !was.some((one) => one.key === key));
    const gone = was.filter(({ key }) => !is.some((one) => one.key === key));
    const said =
      line({ resource, known, come, gone, owners, isNew: !other }, both) ??
      (other ? branched(resource, other, known, come, both) : undefined);
    if (said) yield said;
  }
}

const BY_TYPE = new Map<string, Origins | undefined>();
function originsFor({ type }: Resource): Origins | undefined {
  if (!BY_TYPE.has(type))
    BY_TYPE.set(
      type,
      ORIGINS.find(({ on }) => on.test(type)),
    );
  return BY_TYPE.get(type);
}

// ── Whose it is ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Everybody has repositories there, below a name of their own. */
const FORGES = /^(github\.com|gitlab\.com|bitbucket\.org|codeberg\.org|dev\.azure\.com|ghcr\.io|quay\.io|docker\.io|public\.ecr\.aws)$/;
/** What Microsoft and AWS publish for everybody. */
const VENDORS = /^(mcr\.microsoft\.com$|docker\.io\/amazon$|public\.ecr\.aws\/(aws-|amazon|lambda|docker$))/;
const AMAZON = /^(?:https?:\/\/)?(\d{12})\.dkr[.-]ecr[.-]/;

function fromOf(origin: Origin, reader: Reader, places: Places, circle: Circle): From | undefined {
  const { kind, text } = origin;
  const account = AMAZON.exec(text)?.[1] ?? /^s3:\/\/[^/]*?(?<!\d)(\d{12})(?!\d)/.exec(text)?.[1];
  if (account !== undefined) {
    const words = `${show(text.replace(/[:@][^/]*$/, ''))}, of the account ${account}`;
    const foreign = reader.foreignAccount(account) !== undefined && !circle.isOurs(account) && reader.unsure === undefined;
    return { key: `account ${account}`, owner: `account ${account}`, words, kind: foreign ? 'elsewhere' : 'ours', origin };
  }
  if (text.startsWith('s3://')) {
    const [, bucket = ''] = /^s3:\/\/([^/]+)/.exec(text) ?? [];
    const ours = reader.referred(bucket);
    const key = ours ? `resource ${reader.pairing.identity(ours)}` : `s3://${bucket}`;
    return {
      key,
      owner: key,
      words: ours ? reader.pairing.name(ours) : `the bucket ${show(bucket)}`,
      kind: ours ? 'ours' : 'unknown',
      origin,
    };
  }
  if (hasHole(text)) {
    const [place] = places.of(text, 'host');
    return place ? { key: place.key, owner: place.key, words: place.words, kind: place.kind, origin } : undefined;
  }
  const address = addressOf(kind, text);
  if (!address) return undefined;
  const [host = '', ...path] = address.split('/');
  const owner = FORGES.test(host) ? `${host}/${path[0] ?? ''}` : host;
  if (kind === 'image' && VENDORS.test(owner)) return { key: owner, owner, words: owner, kind: 'ours', origin };
  if (FORGES.test(host)) return { key: kind === 'image' ? owner : address, owner, words: address, kind: 'outside', origin };
  const [place] = places.of(host, 'host');
  // Names inside of our networks, and of services of the cloud itself, are nobody else's.
  if (!place) return undefined;
  const whole = kind === 'repository' ? address : place.key;
  return { key: whole, owner: place.domain ?? place.key, words: place.words, kind: place.kind, origin };
}

/** Host and path, the same for every way to write it; without credentials, tags and query. */
function addressOf(kind: Origin['kind'], text: string): string | undefined {
  const plain = text
    .trim()
    .replace(/^git@([^:]+):/, '$1/')
    .replace(/^[a-z+]+:\/\//i, '')
    .replace(/^[^/@]*@(?=[^/]*\/)/, '')
    .replace(/[?#].*$/, '')
    .replace(/\/+$/, '')
    .replace(/\.git$/, '');
  if (kind === 'image') {
    const image = plain.replace(/@.*$/, '').replace(/:[^/]*$/, '');
    if (!/^[\w./:-]+$/.test(image)) return undefined;
    const [first = ''] = image.split('/');
    if (/[.:]/.test(first) && image.includes('/')) return image.toLowerCase().replace(/^(index|registry-1)\.docker\.io/, 'docker.io');
    return `docker.io/${image.includes('/') ? image : `library/${image}`}`.toLowerCase();
  }
  const known = plain
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/^raw\.githubusercontent\.com\/([^/]+\/[^/]+).*$/, 'github.com/$1')
    .replace(/^(?:api\.)?github\.com\/(?:repos\/)?([^/]+\/[^/]+).*$/, 'github.com/$1')
    .replace(/^([\w-]+)\.visualstudio\.com\/(?:defaultcollection\/)?/, 'dev.azure.com/$1/');
  if (/^[^/]+\.[^/]+(\/|$)/.test(known)) return known;
  // `owner/name`, of a connection that knows the rest.
  return kind === 'repository' && /^[\w.-]+\/[\w.-]+$/.test(known) ? `github.com/${known}` : undefined;
}

// ── In words ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Change {
  readonly resource: Resource;
  readonly known: Origins;
  readonly come: readonly From[];
  readonly gone: readonly From[];
  readonly owners: ReadonlySet<string>;
  readonly isNew: boolean;
}
const KINDS: readonly Place['kind'][] = ['elsewhere', 'outside', 'unknown', 'ours'];

function line({ come, gone, isNew, known, owners, resource }: Change, both: Both): Told | undefined {
  const forges = [...owners].some((owner) => FORGES.test(owner.split('/')[0] as string));
  const judged = come.map((from): From => {
    if (owners.has(from.owner) || from.kind === 'ours') return { ...from, kind: 'ours' };
    // Nothing tells whose a repository is as long as none of ours is known.
    return from.kind === 'outside' && isNew && from.origin.kind === 'repository' && !forges ? { ...from, kind: 'unknown' } : from;
  });
  const [worst] = judged.sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || (a.key < b.key ? -1 : 1));
  if (!worst) return undefined;
  const { kind, origin } = worst;
  if (isNew && !known.joins && (kind === 'unknown' || kind === 'ours' || origin.kind === 'image')) return undefined;
  if (kind === 'ours' && (isNew || origin.kind === 'image' || gone.length === 0)) return undefined;
  const { pairing } = both;
  const instead = gone.length > 0 ? ` instead of ${[...new Set(gone.map(({ words }) => words))].sort().join(', ')}` : '';
  const what = origin.kind === 'image' ? 'it runs an image of' : 'its code comes from';
  const sentence = `${pairing.name(resource)}${isNew ? ' is new' : ''}: ${what} ${worst.words}${instead || (isNew ? '' : ' now')}`;
  const common = { ...base(resource, pairing, 'undecided', origin.path), ...about(resource, both, origin.path) };
  if (kind === 'unknown' || kind === 'ours')
    return {
      ...common,
      severity: 'medium',
      sentence: `${sentence}: nothing here tells whether that is ${kind === 'ours' ? 'meant' : 'ours'}`,
    };
  return {
    ...common,
    direction: 'weaker',
    severity: kind === 'elsewhere' ? 'critical' : 'high',
    sentence: `${sentence}: what somebody else writes runs with its rights`,
    boundary: kind === 'elsewhere' ? 'organisation' : 'internet',
  };
}

/** The same repository at another state: whoever may write there, and who reviews that, may differ. */
function branched(resource: Resource, other: Resource, known: Origins, come: readonly From[], both: Both): Told | undefined {
  const { now, old, pairing } = both;
  if (come.length > 0 || !known.branch) return undefined;
  const [was, is] = [known.branch(old.of(other)), known.branch(now.of(resource))].map((all) =>
    all
      .map((one) => show(one))
      .sort()
      .join(', '),
  );
  // A commit is exactly one state, and moves with every release.
  if (was === is || !was || !is || /^[0-9a-f]{40}$/.test(is)) return undefined;
  return {
    ...base(resource, pairing, 'undecided'),
    ...about(resource, both),
    severity: 'medium',
    sentence: `${pairing.name(resource)}: its code comes from the branch ${is} instead of ${was}: nothing here tells who may write there`,
  };
}

const about = (resource: Resource, { pairing }: Both, path?: string) => ({
  aspect: 'access' as const,
  topic: 'code',
  approver: 'security' as const,
  causes: [{ resource: pairing.identity(resource), path }],
});
