/** What texts of policies speak of, by the names that people use, and whether it was there before. */
import type { Resource } from '../../policies/resource';
import { shownHoles } from './access-words';
import { inWords } from './readable';
import { type Pairing, resourcesOf, type Side } from './side';

export class Things {
  readonly #names = new Map<string, string>();
  /** Identities of what was not there before. */
  readonly #fresh = new Set<string>();
  /** What an ARN names, by service and name; none for names that several things have. */
  readonly #byName = new Map<string, Resource | undefined>();

  constructor(
    before: Side,
    after: Side,
    private readonly pairing: Pairing,
  ) {
    for (const side of [before, after])
      for (const resource of resourcesOf(side)) {
        this.#names.set(pairing.identity(resource), pairing.name(resource));
        if (side === after && pairing.other(resource) === undefined) this.#fresh.add(pairing.identity(resource));
        this.#remember(resource);
      }
  }

  #remember(resource: Resource): void {
    const [, service] = resource.type.split('::');
    if (resource.cloud !== 'aws' || service === undefined || service === 'IAM') return;
    const shown = this.pairing.name(resource);
    for (const name of resource.names) {
      if (typeof name !== 'string') continue;
      const key = `${service.toLowerCase()} ${name.replace(/^\//, '')}`;
      const known = this.#byName.get(key);
      this.#byName.set(key, this.#byName.has(key) && (!known || this.pairing.name(known) !== shown) ? undefined : resource);
    }
  }

  /** `${identity.Arn}/*` becomes the name and the rest. */
  readonly named = (text: string): string =>
    text.includes('${') ? inWords(text, (hole) => this.#names.get(hole) ?? this.#names.get(hole.replace(/\.[\w.]+$/, ''))) : text;

  /** What an ARN names as a whole: `arn:aws:s3:::records/*`, `arn:aws:sqs:eu-central-1:111122223333:jobs`. */
  byArn(pattern: string): Resource | undefined {
    const [, service, account = '', rest = ''] = /^arn:[^:]*:([^:]+):[^:]*:([^:]*):(.+)$/.exec(pattern) ?? [];
    const found = service && this.#byName.get(`${service} ${rest.replace(/[/:]\*$/, '').replace(/^[\w-]+[/:]/, '')}`);
    return found && (!/^\d{12}$/.test(account) || found.unit.account === undefined || found.unit.account === account) ? found : undefined;
  }

  isFresh(identity: string): boolean {
    return this.#fresh.has(identity);
  }

  /** Whether a pattern speaks of one thing that was not there before. */
  speaksOfFresh(pattern: string): boolean {
    const [named, ...more] = shownHoles(pattern);
    const written = named === undefined && !pattern.includes('*') ? this.byArn(pattern) : undefined;
    if (written) return this.isFresh(this.pairing.identity(written));
    return named !== undefined && more.length === 0 && (this.isFresh(named) || this.isFresh(named.replace(/\.[\w.]+$/, '')));
  }
}
