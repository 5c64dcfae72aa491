/** Texts of which deployment knows more than we do, and texts that nobody shall see. */
import { type Node, Reference, Residue, Text, Unresolved } from './node';

/** Last path segments whose value is never printed, whatever the input says about it. */
const CREDENTIAL =
  /(password|passwd|secret|token|connectionstring|accesskey|sharedkey|accountkey|privatekey|apikey|credential)s?(value|string|data)?$/i;
const CREDENTIAL_EXEMPT = /(encryption|require|manage|rotate|expir|enable|disable|http|vend)/i;

/** Whether a property holds a credential by its name: its value is never printed. */
export function isCredential(path: string): boolean {
  const last = path.slice(path.lastIndexOf('.') + 1).replace(/\[\d+\]$/, '');
  return CREDENTIAL.test(last) && !CREDENTIAL_EXEMPT.test(last);
}

/** How an unknown part stands in a shape: `${Stack/Bucket.Arn}`. */
export function holeOf(part: Residue): string {
  if (part instanceof Reference) return `\${${part.target}${part.attribute ? `.${part.attribute}` : ''}}`;
  return part instanceof Unresolved ? `\${${part.missing}}` : '${secret}';
}

/** Whether the known ends of the text allow it to become `wanted`. */
export function couldEqual(text: Text, wanted: string): boolean {
  const first = text.parts[0];
  const last = text.parts[text.parts.length - 1];
  if (typeof first === 'string' && !wanted.startsWith(first)) return false;
  return !(typeof last === 'string' && !wanted.endsWith(last));
}

/** Parses JSON; undefined for anything that is no list or map. */
export function parseJson(text: string): Node | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Node) : undefined;
  } catch {
    return undefined;
  }
}

/** Parses JSON text with residues in it: each becomes a marker first and is put back where the marker ends up. */
export function parseJsonWithHoles(text: Text): Node | undefined {
  const holes: Residue[] = [];
  const marked = text.parts.map((part) => (typeof part === 'string' ? part : `\uE000${holes.push(part) - 1}\uE001`)).join('');
  const parsed = parseJson(marked);
  return parsed === undefined ? undefined : restore(parsed, holes);
}

function restore(node: Node, holes: readonly Residue[]): Node {
  if (typeof node === 'string') {
    const parts = node
      .split(/\uE000(\d+)\uE001/)
      .map((piece, index) => (index % 2 === 1 ? holes[Number(piece)] : piece))
      .filter((piece) => piece !== '' && piece !== undefined);
    if (parts.length === 1 && parts[0] instanceof Residue) return parts[0];
    return parts.some((piece) => piece instanceof Residue) ? new Text(parts as Text['parts']) : node;
  }
  if (Array.isArray(node)) return node.map((child) => restore(child as Node, holes));
  if (typeof node === 'object' && node !== null) {
    return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, restore(child as Node, holes)]));
  }
  return node;
}
