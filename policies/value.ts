import type { Holder } from './holder';
import { type Node, Reference, Residue, Secret, Text, Unresolved } from './node';
import { every, not, type Origin, type Outcome, pass } from './outcome';
import { couldEqual, holeOf, isCredential, parseJson, parseJsonWithHoles } from './text';
import { tracer } from './trace';

/** absent: nobody wrote it. reference / text: partly known. unknown: only deployment tells. secret: known, never shown. */
export type ValueState = 'absent' | 'known' | 'reference' | 'text' | 'unknown' | 'secret';

/** Ends the sentence about a value that the SDK wrote. */
export const WRITTEN_BY_SDK = "(the SDK's default; nobody wrote it)";
const PERHAPS_BY_SDK = "(the SDK's default, unless somebody wrote the same)";

const JSON_TEXT = Symbol('json');

const PATHS = new Map<string, readonly string[]>();
function segments(path: string): readonly string[] {
  let found = PATHS.get(path);
  if (!found) {
    found = path.split('.');
    PATHS.set(path, found);
  }
  return found;
}

/**
 * The three-valued reader. A value is asked in the words of the rule (`isTrue()`, `isOneOf([...])`) and answers with an
 * {@link Outcome} that already says what was seen, so that "cannot tell" can never be mistaken for an answer.
 * The only place, besides the scopes of the gatherers, that knows intrinsics, outputs and secrets.
 */
export class Value {
  /** World in which the two below were read. */
  #generation = 0;
  /** Key, value, key, value, … */
  #children: (string | Value)[] | undefined;
  #items: readonly Value[] | undefined;
  #derived: Map<unknown, unknown> | undefined;

  private constructor(
    readonly resource: Holder,
    /** `Rules[0].Status`; empty for the resource itself. */
    readonly path: string,
    private readonly node: Node | undefined,
    /** Where the value comes from when nobody wrote it. */
    private readonly assumed: 'service default' | undefined = undefined,
  ) {}

  static root(resource: Holder, properties: Node, path = ''): Value {
    return new Value(resource, path, resource.scope.reduce(properties));
  }

  get state(): ValueState {
    const { node } = this;
    if (node === undefined || node === null) return 'absent';
    if (node instanceof Residue) return node.kind === 'unresolved' ? 'unknown' : node.kind;
    return 'known';
  }

  /** Who wrote it; undefined where nobody can tell. */
  get origin(): Origin | undefined {
    if (this.state === 'absent' || this.assumed) return 'nobody';
    const { sdkDefaults } = this.resource;
    if (!sdkDefaults?.paths.has(this.path)) return 'author';
    return sdkDefaults.certain ? 'sdk' : undefined;
  }

  // ── Walking ────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Follows a dotted path. What is below an unknown is unknown, what is below nothing is absent. */
  at(path: string): Value {
    let current: Value = this;
    for (const key of segments(path)) current = current.child(key);
    return current;
  }

  private child(key: string): Value {
    if (tracer) return this.#read(key);
    this.#renew();
    // Rules read few properties of each value: a short list costs less than a map.
    const children = this.#children;
    if (!children) {
      const only = this.#read(key);
      this.#children = [key, only];
      return only;
    }
    for (let index = 0; index < children.length; index += 2) if (children[index] === key) return children[index + 1] as Value;
    const child = this.#read(key);
    children.push(key, child);
    return child;
  }

  #read(key: string): Value {
    const { node } = this;
    const path = this.path ? `${this.path}.${key}` : key;
    tracer?.(this.resource, path);
    if (node === undefined || node === null || typeof node !== 'object') return new Value(this.resource, path, undefined);
    if (node instanceof Secret) return new Value(this.resource, path, node);
    if (node instanceof Residue) return new Value(this.resource, path, this.asUnresolved());
    if (Array.isArray(node)) return new Value(this.resource, path, undefined);
    const raw = (node as { readonly [k: string]: Node | undefined })[key];
    return new Value(this.resource, path, raw === undefined ? undefined : this.resource.scope.reduce(raw));
  }

  /**
   * The items of a list. A single value counts as a list of one; nothing is an empty list; an unknown is a list of one
   * unknown, so that `some` and `every` come out unknown by themselves.
   */
  items(): readonly Value[] {
    const { node } = this;
    if (node === undefined || node === null) return [];
    if (!Array.isArray(node)) return [this];
    if (tracer) return this.#readItems(node);
    this.#renew();
    this.#items ??= this.#readItems(node);
    return this.#items;
  }

  #readItems(node: readonly Node[]): readonly Value[] {
    const items: Value[] = [];
    for (let index = 0; index < node.length; index += 1) {
      const reduced = this.resource.scope.reduce(node[index] as Node);
      if (reduced !== undefined) items.push(new Value(this.resource, `${this.path}[${index}]`, reduced));
    }
    return items;
  }

  /** The entries of a map, keys sorted as written. An unknown has none: ask {@link state} first where that matters. */
  entries(): readonly (readonly [string, Value])[] {
    const { node } = this;
    if (node === undefined || node === null || typeof node !== 'object' || node instanceof Residue || Array.isArray(node)) return [];
    return Object.keys(node)
      .map((key) => [key, this.child(key)] as const)
      .filter(([, value]) => value.state !== 'absent');
  }

  /** The value that the service uses when nobody writes one. */
  orDefault(value: Node): Value {
    return this.state === 'absent' ? new Value(this.resource, this.path, value, 'service default') : this;
  }

  /** Reads a string that holds JSON (a policy document given as text). Anything else is returned as it is. */
  json(): Value {
    return typeof this.node === 'string' || this.node instanceof Text ? this.once(JSON_TEXT, () => this.#readJson()) : this;
  }

  #readJson(): Value {
    const { node } = this;
    if (typeof node === 'string') {
      const parsed = parseJson(node);
      return parsed === undefined ? this : new Value(this.resource, this.path, parsed);
    }
    if (node instanceof Text) {
      const parsed = parseJsonWithHoles(node);
      return parsed === undefined ? this : new Value(this.resource, this.path, parsed);
    }
    return this;
  }

  /**
   * Something derived from this value alone, computed once for all rules of the resource being judged:
   * `value.once(statementsOf, () => …)`.
   */
  once<T>(key: unknown, compute: () => T): T {
    if (tracer) return compute();
    this.#renew();
    if (this.#derived?.has(key)) return this.#derived.get(key) as T;
    const derived = compute();
    this.#derived ??= new Map();
    this.#derived.set(key, derived);
    return derived;
  }

  /** Forgets what was read in another world. */
  #renew(): void {
    const generation = this.resource.scope.worlds?.generation ?? 0;
    if (this.#generation === generation) return;
    this.#generation = generation;
    this.#children = undefined;
    this.#items = undefined;
    this.#derived = undefined;
  }

  // ── Plain answers, for rules that must compute ─────────────────────────────────────────────────────────────────

  /** The string (numbers and booleans as text); undefined where it is not fully known. */
  get string(): string | undefined {
    return typeof this.node === 'string' || typeof this.node === 'number' || typeof this.node === 'boolean' ? String(this.node) : undefined;
  }

  /** The number, also when written as text; undefined where it is not fully known or not a number. */
  get number(): number | undefined {
    if (typeof this.node === 'number') return this.node;
    if (typeof this.node !== 'string' || this.node.trim() === '') return undefined;
    const parsed = Number(this.node);
    return Number.isNaN(parsed) ? undefined : parsed;
  }

  /** The boolean, also when written as text (`"true"`, `"True"`); undefined where it is not fully known. */
  get boolean(): boolean | undefined {
    if (typeof this.node === 'boolean') return this.node;
    if (typeof this.node !== 'string') return undefined;
    const text = this.node.toLowerCase();
    return text === 'true' ? true : text === 'false' ? false : undefined;
  }

  /** Whether the value is a list / a map as written. */
  get isList(): boolean {
    return Array.isArray(this.node);
  }
  get isMap(): boolean {
    return typeof this.node === 'object' && this.node !== null && !(this.node instanceof Residue) && !Array.isArray(this.node);
  }

  /**
   * A text in which each part that is not known stands as `${…}`: `arn:aws:s3:::${Stack/Bucket}/*`. Two values with the
   * same shape are the same value. Undefined for lists, maps, secrets and what is wholly unknown.
   */
  get shape(): string | undefined {
    const { node } = this;
    if (node instanceof Reference) return holeOf(node);
    if (node instanceof Text) return node.parts.map((part) => (typeof part === 'string' ? part : holeOf(part))).join('');
    return this.string;
  }

  /** Ids of the resources that the value points at (itself or inside a text). */
  get targets(): readonly string[] {
    const { node } = this;
    if (node instanceof Reference) return [node.target];
    if (node instanceof Unresolved) return node.mentions;
    if (node instanceof Text)
      return node.parts.flatMap((part) => (part instanceof Reference ? [part.target] : part instanceof Unresolved ? part.mentions : []));
    return [];
  }

  /** The attribute that a reference asks for (`Arn`); undefined where the value is no reference or asks for the resource itself. */
  get attribute(): string | undefined {
    return this.node instanceof Reference ? this.node.attribute : undefined;
  }

  /** Whether all that is known of a reference is what it is computed from. */
  get isDerived(): boolean {
    return this.node instanceof Reference && this.node.derived;
  }

  /** Whether the value, or a part of the text, is a secret. */
  get holdsSecret(): boolean {
    return this.secrets.length > 0;
  }

  /** Where the input shows the secret in clear text all the same: `the default of parameter Password`. */
  get shownIn(): string | undefined {
    return this.secrets.find(({ shownIn }) => shownIn !== undefined)?.shownIn;
  }

  /** The secret that it is, or those in the text. */
  get secrets(): readonly Secret[] {
    const { node } = this;
    if (node instanceof Secret) return [node];
    return node instanceof Text ? node.parts.filter((part) => part instanceof Secret) : [];
  }

  /** What is missing, where the state is unknown. */
  get missing(): string | undefined {
    return this.node instanceof Unresolved ? this.node.missing : undefined;
  }

  /** A failure that says what was seen; the sentence is put together only when somebody reads it. */
  asFailure(): Outcome {
    return new ValueOutcome('fail', this);
  }

  /** "Cannot tell", with what is missing. */
  asUnknown(): Outcome {
    return new ValueOutcome('unknown', this);
  }

  // ── Questions ──────────────────────────────────────────────────────────────────────────────────────────────────

  /** Somebody wrote it (an unknown counts: it is written, only its value is not known). An empty text or list does not. */
  isSet(): Outcome {
    if (this.state === 'absent') return this.#fails();
    if (this.node === '' || (Array.isArray(this.node) && this.node.length === 0)) return this.#fails();
    return pass();
  }

  /** Nobody wrote it. */
  isAbsent(): Outcome {
    return this.state === 'absent' ? pass() : this.#fails();
  }

  /** Is true, also when written as text. */
  isTrue(): Outcome {
    return this.#holds((value) => value.boolean === true);
  }

  /** Is false, also when written as text. Absent is not false: say `orDefault(false)` where the service says so. */
  isFalse(): Outcome {
    return this.#holds((value) => value.boolean === false);
  }

  /** Equals the text or number. On Azure case does not matter, as in the service. */
  is(wanted: string | number): Outcome {
    return this.isOneOf([wanted]);
  }

  /** Equals one of these. */
  isOneOf(wanted: readonly (string | number)[]): Outcome {
    if (this.node instanceof Text && !wanted.some((text) => couldEqual(this.node as Text, String(text)))) return this.#fails();
    const fold = this.resource.cloud === 'azure';
    return this.#holds(
      ({ string }) =>
        string !== undefined &&
        wanted.some((text) => (fold ? String(text).toLowerCase() === string.toLowerCase() : String(text) === string)),
    );
  }

  /** Is known to be none of these. */
  isNoneOf(refused: readonly (string | number)[]): Outcome {
    if (this.state === 'absent') return pass();
    const one = this.isOneOf(refused);
    return one.verdict === 'pass' ? this.asFailure() : not(one, '');
  }

  /** Is a number of at least this. */
  isAtLeast(least: number): Outcome {
    return this.#holds(({ number }) => number !== undefined && number >= least);
  }

  /** Is a number of at most this. */
  isAtMost(most: number): Outcome {
    return this.#holds(({ number }) => number !== undefined && number <= most);
  }

  /** The text matches. In a partly known text the unknown parts stand as `${…}`; matching is on that shape. */
  matches(pattern: RegExp): Outcome {
    if (this.node instanceof Text) return pattern.test(this.shape ?? '') ? pass() : this.asUnknown();
    return this.#holds(({ string }) => string !== undefined && pattern.test(string));
  }

  /** Points at this resource: by reference, by one of its names, or inside a text (an ARN built from it). */
  refersTo(target: Holder): Outcome {
    if (this.targets.includes(target.id)) return pass();
    const shape = this.shape;
    if (shape !== undefined && target.names.some((name) => sameShape(target, name, shape))) return pass();
    if (this.state === 'unknown') return this.asUnknown();
    return this.#fails();
  }

  /** Every item is one of these (a single value counts as a list of one; nothing at all fails). */
  allIn(wanted: readonly string[]): Outcome {
    return this.state === 'absent' ? this.#fails() : every(this.items(), (item) => item.isOneOf(wanted));
  }

  /** What was seen, in words: `VersioningConfiguration.Status is "Suspended"`. Never prints a secret. */
  describe(): string {
    return `${this.path || this.resource.type} ${this.#content()}`;
  }

  #content(): string {
    const { node } = this;
    const origin = this.assumed ? ` (${this.assumed})` : this.#written();
    if (node === undefined || node === null) return 'is not set';
    if (node instanceof Secret) return 'is a secret';
    if (node instanceof Unresolved) return `depends on ${node.missing}`;
    if (node instanceof Reference || node instanceof Text) return `is ${isCredential(this.path) ? 'hidden' : this.shape}`;
    if (Array.isArray(node)) return node.length === 0 ? 'is empty' : `has ${node.length} ${node.length === 1 ? 'entry' : 'entries'}`;
    if (typeof node === 'object') return Object.keys(node).length === 0 ? 'is empty' : 'is set';
    if (isCredential(this.path) && typeof node === 'string') return 'is set (hidden)';
    const text = typeof node === 'string' ? JSON.stringify(node.length > 120 ? `${node.slice(0, 117)}...` : node) : String(node);
    return `is ${text}${origin}`;
  }

  #written(): string {
    const { sdkDefaults } = this.resource;
    if (!sdkDefaults?.paths.has(this.path)) return '';
    return ` ${sdkDefaults.certain ? WRITTEN_BY_SDK : PERHAPS_BY_SDK}`;
  }

  #holds(test: (value: Value) => boolean): Outcome {
    switch (this.state) {
      case 'absent':
        return this.#fails();
      case 'known':
        return test(this) ? pass() : this.#fails();
      default:
        return new ValueOutcome('unknown', this);
    }
  }

  #fails(): Outcome {
    return this.asFailure();
  }

  private asUnresolved(): Unresolved {
    const { node } = this;
    return node instanceof Unresolved ? node : new Unresolved(`${this.path} (${this.#content()})`, this.targets);
  }
}

/** Puts the sentence together only when somebody reads it: most outcomes are never printed. */
class ValueOutcome implements Outcome {
  constructor(
    readonly verdict: 'fail' | 'unknown',
    private readonly value: Value,
  ) {}
  get saw(): string {
    return this.value.describe();
  }
  get at(): string {
    return this.value.path;
  }
  get origin(): Origin | undefined {
    return this.value.origin;
  }
}

function sameShape(target: Holder, name: Node, shape: string): boolean {
  return Value.root(target, name).shape === shape;
}
