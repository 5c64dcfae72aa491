/**
 * What a gatherer hands to a reader: plain JSON, with a *residue* wherever the value is not known before deployment.
 * A gatherer may leave intrinsics in place and let its {@link Scope} reduce them when a rule looks.
 */
export type Node = null | boolean | number | string | readonly Node[] | { readonly [key: string]: Node | undefined } | Residue;

/** Base of everything that is not plain JSON. */
export abstract class Residue {
  abstract readonly kind: 'reference' | 'unresolved' | 'text' | 'secret';
}

/** Points at a resource of the same graph: `Ref`, `Fn::GetAtt`, an output of another resource, `resourceId()`. */
export class Reference extends Residue {
  readonly kind = 'reference';
  /**
   * @param target id of the resource in the graph
   * @param attribute the attribute asked for; undefined means the resource itself (CloudFormation `Ref`, Azure `id`)
   * @param derived all that is known is that it is computed from the resource: itself, an attribute, or a text with one of them
   */
  constructor(
    readonly target: string,
    readonly attribute?: string,
    readonly derived = false,
  ) {
    super();
  }
}

/** Cannot be known before deployment. `missing` completes the sentence "depends on …". */
export class Unresolved extends Residue {
  readonly kind = 'unresolved';
  /** @param mentions ids of resources that the value is computed from, where the gatherer knows them */
  constructor(
    readonly missing: string,
    readonly mentions: readonly string[] = [],
  ) {
    super();
  }
}

/** A string of which some parts are known: `arn:…:${Key}/*`. */
export class Text extends Residue {
  readonly kind = 'text';
  constructor(readonly parts: readonly (string | Reference | Unresolved | Secret)[]) {
    super();
  }
}

/** Known to be a secret. Its value is never kept, so that no output can print it. */
export class Secret extends Residue {
  readonly kind = 'secret';
  /** @param shownIn where the input shows the value all the same: `the default of parameter Password` */
  constructor(readonly shownIn?: string) {
    super();
  }
}

/**
 * The conditions that nothing in the input decides. A rule is judged once per assumption; only a verdict that holds in
 * every world is a verdict (see `evaluate`).
 */
export class Worlds {
  readonly #assumed = new Map<string, boolean>();
  readonly #asked: string[] = [];
  #generation = 0;

  /** Grows with every world that differs from the last: what was read holds only as long as it stays the same. */
  get generation(): number {
    return this.#generation;
  }

  /**
   * The truth of an undecided, atomic condition in the world being judged; `condition` says in words what it depends on.
   * Conditions start out true. Scopes ask for atoms (`parameter Env equals "prod"`) and compute compounds themselves.
   */
  decide(condition: string): boolean {
    const known = this.#assumed.get(condition);
    if (known !== undefined) return known;
    this.#assumed.set(condition, true);
    this.#asked.push(condition);
    return true;
  }

  /** Conditions asked for since the last {@link reset}, in order. */
  get asked(): readonly string[] {
    return this.#asked;
  }

  /** What was assumed for a condition in this world. */
  assumed(condition: string): boolean | undefined {
    return this.#assumed.get(condition);
  }

  /** Starts another world with these assumptions. */
  reset(assumptions: readonly (readonly [string, boolean])[] = []): void {
    // Where nothing was asked and nothing is assumed, the next world is the same one.
    if (this.#asked.length === 0 && assumptions.length === 0) return;
    this.#generation += 1;
    this.#assumed.clear();
    this.#asked.length = 0;
    for (const [condition, truth] of assumptions) {
      this.#assumed.set(condition, truth);
      this.#asked.push(condition);
    }
  }
}

/** How one dialect (CloudFormation, ARM, Pulumi) is read. */
export interface Scope {
  /** Where the scope asks for conditions that nothing decides; absent where the dialect has none. */
  readonly worlds?: Worlds;
  /**
   * One step: turns what is written into its head form, which is a scalar, a list or map with unread children, or a
   * residue. `undefined` means that nothing is left (`AWS::NoValue`).
   */
  reduce(node: Node): Node | undefined;
  /** Ids of every resource that the subtree could refer to, in any world. */
  mentions(node: Node): readonly string[];
  /** What a deployment takes in and gives out, by name, as written; absent where the dialect has none. */
  readonly parameters?: Node;
  readonly outputs?: Node;
  /** Whether a named condition holds in the world being judged; absent where the dialect has no named conditions. */
  holds?(condition: string): boolean;
}

/** For gatherers that resolve everything while gathering. */
export const PLAIN_SCOPE: Scope = {
  reduce: (node) => node,
  mentions: (node) => {
    const found: string[] = [];
    collectMentions(node, found);
    return found;
  },
};

function collectMentions(node: Node | undefined, found: string[]): void {
  if (node === null || typeof node !== 'object') return;
  if (node instanceof Reference) found.push(node.target);
  else if (node instanceof Unresolved) found.push(...node.mentions);
  else if (node instanceof Text) for (const part of node.parts) typeof part !== 'string' && collectMentions(part, found);
  else if (node instanceof Residue) return;
  else if (Array.isArray(node)) for (const child of node) collectMentions(child, found);
  else for (const child of Object.values(node)) collectMentions(child as Node, found);
}
