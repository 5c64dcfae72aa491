/** The conditions of a template, three-valued: what the input decides is decided, the rest is asked of the world. */
import { type Node, Reference, Secret, Text, Unresolved, type Worlds } from '../../node';
import { type NodeMap, OpenParameter, shapeOf, wordsOf } from './text';

/**
 * Atoms that all templates of a graph share. The same unknown compared with two different values cannot equal both, and
 * a parameter that lists its values equals one of them.
 */
export class Atoms {
  readonly #compared = new Map<string, Set<string>>();

  constructor(readonly worlds: Worlds) {}

  equals(subject: string, literal: string, allowed?: readonly string[]): boolean {
    const { worlds } = this;
    const atom = `${subject} equals ${JSON.stringify(literal)}`;
    const assumed = worlds.assumed(atom);
    if (assumed !== undefined) return assumed;
    const others = this.#compared.get(subject) ?? new Set();
    this.#compared.set(subject, others);
    others.add(literal);
    for (const other of others) {
      if (other !== literal && worlds.assumed(`${subject} equals ${JSON.stringify(other)}`)) return false;
    }
    if (allowed?.every((value) => value === literal || worlds.assumed(`${subject} equals ${JSON.stringify(value)}`) === false)) return true;
    return worlds.decide(atom);
  }
}

/**
 * The CDK writes this beside each stream, for two regions of another partition in which Kinesis had no encryption. A template
 * that names no region is not taken to be meant for them.
 */
const WITHOUT_STREAM_ENCRYPTION = 'AwsCdkKinesisEncryptedStreamsUnsupportedRegions';

export class Conditions {
  readonly #decided = new Map<string, boolean | undefined>();
  readonly #active = new Set<string>();
  #holding = new Map<string, boolean>();
  #generation = -1;

  /**
   * @param declared the section `Conditions`
   * @param reduce reads a value of the template
   * @param label ends the name of a condition in words; empty where the graph has one template
   */
  constructor(
    private readonly declared: NodeMap,
    private readonly reduce: (node: Node) => Node | undefined,
    private readonly atoms: Atoms,
    private readonly label: string,
  ) {}

  /** The truth of a condition in every world; undefined where worlds differ. Only while gathering: it asks questions. */
  decided(name: string): boolean | undefined {
    if (this.#decided.has(name)) return this.#decided.get(name);
    if (this.#active.has(name) || !Object.hasOwn(this.declared, name)) return undefined;
    this.#active.add(name);
    const truth = this.#evaluate(this.declared[name], false) ?? (name === WITHOUT_STREAM_ENCRYPTION ? false : undefined);
    this.#active.delete(name);
    this.#decided.set(name, truth);
    return truth;
  }

  /** The truth of a condition in the world being judged. */
  holds(name: string): boolean {
    const decided = this.#decided.get(name);
    if (decided !== undefined) return decided;
    const { worlds } = this.atoms;
    if (this.#generation !== worlds.generation) {
      this.#generation = worlds.generation;
      if (this.#holding.size > 0) this.#holding = new Map();
    }
    const held = this.#holding.get(name);
    if (held !== undefined) return held;
    if (this.#active.has(name)) return worlds.decide(`condition ${name}${this.label}, which is defined in a circle`);
    if (!Object.hasOwn(this.declared, name)) return worlds.decide(`condition ${name}${this.label}, which is not declared`);
    this.#active.add(name);
    const truth = this.#evaluate(this.declared[name], true) ?? worlds.decide(`condition ${name}${this.label}`);
    this.#active.delete(name);
    this.#holding.set(name, truth);
    return truth;
  }

  /** @param ask whether the world may be asked; if not, undecided is undefined */
  #evaluate(expression: Node | undefined, ask: boolean): boolean | undefined {
    if (typeof expression === 'boolean') return expression;
    if (typeof expression === 'string') return expression === 'true' ? true : expression === 'false' ? false : undefined;
    if (typeof expression !== 'object' || expression === null || Array.isArray(expression)) return undefined;
    const [entry, more] = Object.entries(expression as NodeMap);
    if (!entry || more) return undefined;
    const [name, argument] = entry;
    const operands = (Array.isArray(argument) ? argument : [argument]) as readonly (Node | undefined)[];
    switch (name) {
      case 'Condition':
        return typeof argument === 'string' ? (ask ? this.holds(argument) : this.decided(argument)) : undefined;
      case 'Fn::Not': {
        const truth = this.#evaluate(operands[0], ask);
        return truth === undefined ? undefined : !truth;
      }
      case 'Fn::And':
        return this.#fold(operands, false, ask);
      case 'Fn::Or':
        return this.#fold(operands, true, ask);
      case 'Fn::Equals':
        return operands.length === 2 ? this.#equals(operands[0] ?? null, operands[1] ?? null, ask) : undefined;
      default:
        return undefined;
    }
  }

  /** Or (`ends` = true) and And (`ends` = false): one operand of that truth ends it. */
  #fold(operands: readonly (Node | undefined)[], ends: boolean, ask: boolean): boolean | undefined {
    let truth: boolean | undefined = !ends;
    for (const operand of operands) {
      const each = this.#evaluate(operand, ask);
      if (each === ends) return ends;
      if (each === undefined) truth = undefined;
    }
    return truth;
  }

  #equals(left: Node, right: Node, ask: boolean): boolean | undefined {
    const before = this.atoms.worlds.asked.length;
    const a = this.reduce(left);
    const b = this.reduce(right);
    if (!ask && this.atoms.worlds.asked.length > before) return undefined;
    if (isOpen(a) || isOpen(b)) {
      const [open, openSide, other, otherSide] = isOpen(a) ? [a, left, b, right] : [b, right, a, left];
      return this.#compare(open as Open, openSide, other, otherSide, ask);
    }
    return textOf(a) === textOf(b);
  }

  #compare(open: Open, written: Node, other: Node | undefined, otherWritten: Node, ask: boolean): boolean | undefined {
    const subject = open instanceof Secret ? `${nameOf(written)}${this.label}` : wordsOf(open);
    if (isOpen(other)) {
      const second = other instanceof Secret ? `${nameOf(otherWritten)}${this.label}` : wordsOf(other);
      if (subject === second) return true;
      return ask ? this.atoms.worlds.decide([subject, second].sort().join(' equals ')) : undefined;
    }
    const literal = textOf(other);
    if (open instanceof Text && !couldBe(open, literal)) return false;
    const allowed = open instanceof OpenParameter ? open.allowed : undefined;
    if (allowed && !allowed.includes(literal)) return false;
    return ask ? this.atoms.equals(subject, literal, allowed) : undefined;
  }
}

type Open = Reference | Unresolved | Text | Secret;
const isOpen = (node: Node | undefined): node is Open =>
  node instanceof Unresolved || node instanceof Reference || node instanceof Text || node instanceof Secret;

/** CloudFormation compares texts: `true` equals "true", 1 equals "1". */
const textOf = (node: Node | undefined): string => shapeOf(node) ?? JSON.stringify(node ?? '');

/** A secret has no name of its own; the place that it is read from has. */
function nameOf(written: Node): string {
  const name = typeof written === 'object' && written !== null ? (written as NodeMap).Ref : undefined;
  return typeof name === 'string' ? `parameter ${name}` : 'a secret';
}

function couldBe(text: Text, wanted: string): boolean {
  const first = text.parts[0];
  const last = text.parts.at(-1);
  return (typeof first !== 'string' || wanted.startsWith(first)) && (typeof last !== 'string' || wanted.endsWith(last));
}
