import { type Node, Reference, Residue, type Scope, Secret, Text, Unresolved, type Worlds } from '../../node';

/** Most outcomes that one value is kept apart by; beyond that it is simply not known. */
const MOST_OUTCOMES = 32;

/**
 * A value that an undecided condition picks: `if(equals(parameters('env'), 'prod'), a, b)`. The scope takes the branch of
 * the world being judged. Its one own property lets the graph see that it must be read through the scope.
 */
export class Choice extends Residue {
  private constructor(readonly pick: { readonly atom: string; readonly yes: Node; readonly no: Node; readonly outcomes: number }) {
    super();
  }

  get kind(): 'unresolved' {
    return 'unresolved';
  }

  /** Both branches, or what they have in common; unresolved where there would be too many outcomes to keep apart. */
  static between(atom: string, yes: Node, no: Node): Node {
    const whenTrue = assume(yes, atom, true);
    const whenFalse = assume(no, atom, false);
    if (whenTrue === whenFalse) return whenTrue;
    const outcomes = outcomesOf(whenTrue) + outcomesOf(whenFalse);
    if (outcomes > MOST_OUTCOMES) return new Unresolved(atom, mentionsOf(whenTrue, whenFalse));
    return new Choice({ atom, yes: whenTrue, no: whenFalse, outcomes });
  }

  /** A boolean that nothing in the template decides. */
  static undecided(atom: string): Node {
    return new Choice({ atom, yes: true, no: false, outcomes: 2 });
  }

  /** A boolean from a value that is only known in part. */
  static truthOf(value: Node, words: string): Node {
    return typeof value === 'boolean' ? value : value instanceof Choice ? value : Choice.undecided(words);
  }
}

const outcomesOf = (node: Node): number => (node instanceof Choice ? node.pick.outcomes : 1);

/** The value where `atom` is known: choices that hang on it are made. */
export function assume(node: Node, atom: string, truth: boolean): Node {
  if (!(node instanceof Choice)) return node;
  const { pick } = node;
  if (pick.atom === atom) return assume(truth ? pick.yes : pick.no, atom, truth);
  const yes = assume(pick.yes, atom, truth);
  const no = assume(pick.no, atom, truth);
  return yes === pick.yes && no === pick.no ? node : Choice.between(pick.atom, yes, no);
}

/** The first choice among the arguments; with `deep`, also inside lists and objects. */
function firstChoice(node: Node | undefined, deep: boolean): Choice | undefined {
  if (node instanceof Choice) return node;
  if (!deep || node === null || typeof node !== 'object' || node instanceof Residue) return undefined;
  for (const child of Object.values(node)) {
    const found = firstChoice(child as Node | undefined, deep);
    if (found) return found;
  }
  return undefined;
}

function assumeWithin(node: Node, atom: string, truth: boolean, deep: boolean): Node {
  if (node instanceof Choice || !deep || node === null || typeof node !== 'object' || node instanceof Residue)
    return assume(node, atom, truth);
  if (Array.isArray(node)) return node.map((child) => assumeWithin(child as Node, atom, truth, deep));
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, assumeWithin(child as Node, atom, truth, deep)]));
}

/** Applies a function to each combination of outcomes that its arguments can have. */
export function distribute(args: readonly Node[], deep: boolean, apply: (args: readonly Node[]) => Node): Node {
  let budget = MOST_OUTCOMES;
  const visit = (current: readonly Node[]): Node => {
    const choice = current.map((arg) => firstChoice(arg, deep)).find((found) => found !== undefined);
    if (!choice) return apply(current);
    const { atom } = choice.pick;
    budget -= 1;
    if (budget < 0) return new Unresolved(atom, mentionsOf(...current));
    const branch = (truth: boolean) => visit(current.map((arg) => assumeWithin(arg, atom, truth, deep)));
    return Choice.between(atom, branch(true), branch(false));
  };
  return visit(args);
}

/** Every resource that the values could refer to, in any world. */
export function mentionsOf(...nodes: readonly (Node | undefined)[]): string[] {
  const found = new Set<string>();
  for (const node of nodes) collect(node, found);
  return [...found];
}

function collect(node: Node | undefined, found: Set<string>): void {
  if (node === null || node === undefined || typeof node !== 'object') return;
  if (node instanceof Reference) found.add(node.target);
  else if (node instanceof Unresolved) for (const id of node.mentions) found.add(id);
  else if (node instanceof Text) for (const part of node.parts) typeof part !== 'string' && collect(part, found);
  else if (node instanceof Choice) {
    collect(node.pick.yes, found);
    collect(node.pick.no, found);
  } else if (!(node instanceof Residue)) for (const child of Object.values(node)) collect(child as Node, found);
}

/** How a gathered ARM template is read: everything is worked out already, except what the world being judged picks. */
export class ArmScope implements Scope {
  readonly #conditions = new Map<string, Node>();

  constructor(readonly worlds: Worlds) {}

  reduce(node: Node): Node {
    let current = node;
    while (current instanceof Choice) current = this.worlds.decide(current.pick.atom) ? current.pick.yes : current.pick.no;
    return current;
  }

  mentions(node: Node): readonly string[] {
    return mentionsOf(node);
  }

  /** Registers the condition of a resource and returns the name under which {@link holds} knows it. */
  condition(words: string, truth: Node): string {
    let name = words;
    for (let count = 2; this.#conditions.has(name) && this.#conditions.get(name) !== truth; count += 1) name = `${words} (${count})`;
    this.#conditions.set(name, truth);
    return name;
  }

  holds(condition: string): boolean {
    const truth = this.#conditions.get(condition);
    return truth === undefined ? this.worlds.decide(condition) : this.reduce(truth) === true;
  }
}

/** A part of a text. */
export type Part = string | Reference | Unresolved | Secret;

/** The parts of a value that is used as text; lists and objects have none. */
export function partsOf(node: Node): readonly Part[] | undefined {
  if (typeof node === 'string') return [node];
  if (typeof node === 'number') return [String(node)];
  if (typeof node === 'boolean') return [node ? 'True' : 'False'];
  if (node instanceof Reference || node instanceof Unresolved || node instanceof Secret) return [node];
  return node instanceof Text ? node.parts : undefined;
}

/** One string, or a text with holes; neighbours that are known are joined. */
export function textOf(parts: readonly Part[]): Node {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined[joined.length - 1];
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  if (joined.length === 0) return '';
  if (joined.length === 1) return joined[0] as Node;
  if (typeof joined[0] === 'string' && joined[0] === '') joined.shift();
  return joined.length === 1 ? (joined[0] as Node) : new Text(joined);
}

/** A value in words, for messages and for telling values apart: equal words mean the same value. Never shows a secret. */
export function wordsOf(node: Node | undefined): string {
  if (node === undefined || node === null) return 'null';
  if (node instanceof Unresolved) return node.missing;
  if (node instanceof Secret) return 'a secret';
  if (node instanceof Choice) return `${wordsOf(node.pick.yes)} or ${wordsOf(node.pick.no)} by ${node.pick.atom}`;
  if (node instanceof Reference || node instanceof Text) return `"${shapeOf(node)}"`;
  if (node instanceof Residue) return 'a lambda';
  if (typeof node === 'string') return JSON.stringify(node);
  if (Array.isArray(node)) return `[${node.map((child) => wordsOf(child as Node)).join(', ')}]`;
  if (typeof node === 'object') return `{${Object.entries(node).map(([key, child]) => `${key}: ${wordsOf(child as Node)}`)}}`;
  return String(node);
}

/** A value as text in which what is not known stands as `${…}`. */
export function shapeOf(node: Node): string {
  const parts = partsOf(node);
  if (!parts) return `\${${wordsOf(node)}}`;
  return parts
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part instanceof Reference) return `\${${part.target}${part.attribute ? `.${part.attribute}` : ''}}`;
      return part instanceof Unresolved ? `\${${part.missing}}` : '${secret}';
    })
    .join('');
}

/** A name for people: as {@link shapeOf}, without what calls are computed from. */
export function labelOf(node: Node): string {
  const short = (words: string) => (words.includes('(') ? `${words.slice(0, words.indexOf('('))}(…)` : words);
  return (partsOf(node) ?? [new Unresolved('…')])
    .map((part) => {
      if (typeof part === 'string') return part;
      if (part instanceof Unresolved) return `\${${short(part.missing)}}`;
      return part instanceof Reference ? `\${${part.target.slice(part.target.lastIndexOf('/') + 1)}}` : '${secret}';
    })
    .join('');
}
