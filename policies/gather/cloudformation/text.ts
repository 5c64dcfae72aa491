/** Texts of which some parts are not known: putting together, splitting, and the references hidden inside strings. */
import { type Node, Reference, Residue, Secret, Text, Unresolved } from '../../node';

export type Part = Text['parts'][number];
export type NodeMap = { readonly [key: string]: Node | undefined };

/** The map that a node is; an empty one where it is none. */
export const asMap = (node: Node | undefined): NodeMap =>
  typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof Residue) ? (node as NodeMap) : {};

/** Key under which a map says that it may hold more than is written: a transform, or a loop that cannot be written out. */
export const REST = 'Fn::Transform';

/** A pseudo parameter: not known, but certainly one word, without the separators of ARNs, paths and lists. */
export class Word extends Unresolved {}

/** A parameter without a value; `allowed` are all values that it can have, where the template lists them. */
export class OpenParameter extends Unresolved {
  constructor(
    missing: string,
    readonly allowed: readonly string[] | undefined,
  ) {
    super(missing);
  }
}

/** Longest text and most parts that are put together; CloudFormation refuses far less. Stops texts that double themselves. */
const LONGEST_TEXT = 4 * 1024 * 1024;
const MOST_PARTS = 20_000;

const DYNAMIC = '{{resolve:';

export const SECRET = new Secret();

/** One node out of many: a string when everything is known, otherwise the text with its holes. Lists and maps have no text. */
export function concat(nodes: Iterable<Node | undefined>): Node {
  const parts: Part[] = [];
  let length = 0;
  const add = (part: Part) => {
    const last = parts.length - 1;
    if (typeof part !== 'string') parts.push(part);
    else if (part !== '') {
      length += part.length;
      if (typeof parts[last] === 'string') parts[last] += part;
      else parts.push(part);
    }
  };
  for (const node of nodes) {
    if (node === undefined || node === null) continue;
    if (node instanceof Text) node.parts.forEach(add);
    else if (node instanceof Reference || node instanceof Unresolved || node instanceof Secret) add(node);
    else if (typeof node === 'object') add(new Unresolved('a list or map inside a text'));
    else add(String(node));
    if (length > LONGEST_TEXT || parts.length > MOST_PARTS) return new Unresolved(`a text of more than ${LONGEST_TEXT} characters`);
  }
  return resolveDynamic(parts);
}

/** A string as the service sees it: dynamic references in it are replaced on deployment. */
export function plainText(text: string): Node {
  return text.includes(DYNAMIC) ? resolveDynamic([text]) : text;
}

/** Puts secrets and unknowns where `{{resolve:…}}` stands; the reference may itself contain holes. */
function resolveDynamic(parts: readonly Part[]): Node {
  if (!parts.some((part) => typeof part === 'string' && part.includes(DYNAMIC))) return fromParts(parts);
  const result: Part[] = [];
  let inside: Part[] | undefined;
  for (const part of parts) {
    if (typeof part !== 'string') {
      (inside ?? result).push(part);
      continue;
    }
    let rest = part;
    while (rest !== '') {
      const mark: string = inside ? '}}' : DYNAMIC;
      const at = rest.indexOf(mark);
      const before = at < 0 ? rest : rest.slice(0, at);
      if (before !== '') (inside ?? result).push(before);
      rest = at < 0 ? '' : rest.slice(at + mark.length);
      if (at < 0) continue;
      if (inside) {
        result.push(dynamicReference(inside));
        inside = undefined;
      } else inside = [];
    }
  }
  // A reference that is never closed is ordinary text.
  if (inside) result.push(DYNAMIC, ...inside);
  return fromParts(merged(result));
}

function dynamicReference(parts: readonly Part[]): Secret | Unresolved {
  const text = parts.map((part) => (typeof part === 'string' ? part : holeOf(part))).join('');
  const service = text.slice(0, text.indexOf(':'));
  if (service === 'ssm') return new Unresolved(`the Systems Manager parameter ${text.slice(4)}`, mentionsOf(parts));
  return service === 'secretsmanager' || service === 'ssm-secure'
    ? SECRET
    : new Unresolved(`the dynamic reference to ${service || 'nothing'}`, mentionsOf(parts));
}

function merged(parts: readonly Part[]): Part[] {
  const result: Part[] = [];
  for (const part of parts) {
    const last = result.length - 1;
    if (typeof part === 'string' && typeof result[last] === 'string') result[last] += part;
    else result.push(part);
  }
  return result;
}

function fromParts(parts: readonly Part[]): Node {
  return parts.length === 0 ? '' : parts.length === 1 ? (parts[0] as Part) : new Text(parts);
}

export interface Pieces {
  readonly pieces: readonly Node[];
  /** Whether these are all: what is not known may contain the separator as well. */
  readonly complete: boolean;
}

/** Splits a text as far as it is certain where its separators are. */
export function split(text: Node, separator: string): Pieces {
  if (typeof text === 'string') return { pieces: separator === '' ? [text] : text.split(separator), complete: true };
  if (!(text instanceof Text) || separator === '') return { pieces: [], complete: false };
  const pieces: Node[] = [];
  let current: Part[] = [];
  for (const part of text.parts) {
    if (typeof part === 'string') {
      const [first = '', ...more] = part.split(separator);
      current.push(first);
      for (const piece of more) {
        pieces.push(concat(current));
        current = [piece];
      }
    } else if (part instanceof Word) current.push(part);
    else return { pieces, complete: false };
  }
  return { pieces: [...pieces, concat(current)], complete: true };
}

/** The same notation as `Value.shape`: two nodes with the same shape are the same value. */
export function shapeOf(node: Node | undefined): string | undefined {
  if (node instanceof Text) return node.parts.map((part) => (typeof part === 'string' ? part : holeOf(part))).join('');
  if (node instanceof Reference || node instanceof Unresolved) return holeOf(node);
  return node === undefined || node === null || typeof node === 'object' ? undefined : String(node);
}

export function holeOf(part: Exclude<Part, string>): string {
  if (part instanceof Reference) return `\${${part.target}${part.attribute ? `.${part.attribute}` : ''}}`;
  return part instanceof Unresolved ? `\${${part.missing}}` : '${secret}';
}

/** What is missing when a value cannot be computed because of `node`, in words. */
export function wordsOf(node: Node | undefined): string {
  if (node instanceof Unresolved) return node.missing;
  if (node instanceof Reference) return `${node.target}${node.attribute ? `.${node.attribute}` : ''}`;
  if (node instanceof Text) return `"${shapeOf(node)}"`;
  if (node instanceof Secret) return 'a secret';
  return typeof node === 'object' || node === undefined ? 'a list or map' : JSON.stringify(String(node));
}

/** Ids of the resources that a reduced node points at. */
export function mentionsOf(nodes: readonly (Node | undefined)[]): string[] {
  return nodes.flatMap((node) => {
    if (node instanceof Reference) return [node.target];
    if (node instanceof Unresolved) return node.mentions;
    return node instanceof Text ? mentionsOf(node.parts) : [];
  });
}

/** JSON text of a tree that has been reduced throughout; residues stay holes inside strings. */
export function jsonText(tree: Node): Node {
  const parts: Node[] = [];
  writeJson(tree, parts);
  return concat(parts);
}

function writeJson(node: Node | undefined, out: Node[]): void {
  if (node instanceof Residue) {
    const parts = node instanceof Text ? node.parts : [node as Exclude<Part, string>];
    out.push('"', ...parts.map((part) => (typeof part === 'string' ? JSON.stringify(part).slice(1, -1) : part)), '"');
  } else if (Array.isArray(node)) {
    node.forEach((item, index) => {
      out.push(index === 0 ? '[' : ',');
      writeJson(item as Node, out);
    });
    out.push(node.length === 0 ? '[]' : ']');
  } else if (typeof node === 'object' && node !== null) {
    const entries = Object.entries(node).filter(([, value]) => value !== undefined);
    entries.forEach(([key, value], index) => {
      out.push(index === 0 ? '{' : ',', JSON.stringify(key), ':');
      writeJson(value as Node, out);
    });
    out.push(entries.length === 0 ? '{}' : '}');
  } else out.push(JSON.stringify(node ?? null));
}
