/** What everybody holds on one side. */
import { append } from '../../../policies/collect';
import { covers } from '../access/text';
import type { Estate } from './estate';
import type { Grant } from './grant';
import { TOKENS } from './identities';
import { verbOperation } from './operations';
import { type Region, regionsOf } from './regions';

const JOIN = verbOperation('join');
const BECOME = verbOperation('become');

const gives = (grant: Grant, operation: string): boolean => grant.blocks.some(({ allow }) => allow.includes(operation));

export class Holdings {
  readonly #grants = new Map<string, Grant[]>();
  readonly #regions = new Map<string, readonly Region[]>();
  readonly #groups = new Map<string, string[]>();
  readonly #members = new Map<string, string[]>();
  readonly #becomes = new Map<string, Grant>();

  constructor(
    grants: Iterable<Grant>,
    readonly estate: Estate,
  ) {
    for (const grant of grants) {
      append(this.#grants, grant.who.key, grant);
      if (gives(grant, JOIN) && grant.tests.length === 0) {
        append(this.#groups, grant.who.key, grant.scope.key);
        append(this.#members, grant.scope.key, grant.who.key);
      }
      if (gives(grant, BECOME) && !this.#becomes.has(grant.scope.key)) this.#becomes.set(grant.scope.key, grant);
    }
  }

  get holders(): readonly string[] {
    return [...this.#grants.keys()];
  }

  own(key: string): readonly Grant[] {
    return this.#grants.get(key) ?? [];
  }

  /** What the principal is given itself. */
  regions(key: string): readonly Region[] {
    return this.#all(key).filter(({ grant }) => grant.denies !== true);
  }

  denials(key: string): readonly Region[] {
    return this.#all(key).filter(({ grant }) => grant.denies === true);
  }

  #all(key: string): readonly Region[] {
    const known = this.#regions.get(key) ?? this.own(key).flatMap(regionsOf);
    this.#regions.set(key, known);
    return known;
  }

  /** With what its groups are given, and the tokens of which it is one. */
  effective(key: string): readonly Region[] {
    return [...this.regions(key), ...[...(this.#groups.get(key) ?? []), ...this.#patternsOf(key)].flatMap((other) => this.regions(other))];
  }

  #patternsOf(key: string): readonly string[] {
    if (!key.startsWith(TOKENS)) return [];
    return this.holders.filter((other) => other !== key && other.startsWith(TOKENS) && other.includes('*') && covers(other, key));
  }

  /** Members that the program names. */
  membersOf(group: string): readonly string[] {
    return this.#members.get(group) ?? [];
  }

  unknown(key: string): readonly Grant[] {
    return this.own(key).filter(({ missing }) => missing !== undefined);
  }

  /** Somebody who can become the identity, for the chain. */
  whoBecomes(key: string): Grant | undefined {
    return this.#becomes.get(key);
  }
}
