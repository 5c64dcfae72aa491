/** From what rules read back to the encoding of the wire; the other way round than `decode`. */
import { type Node, Reference, Residue, Secret, Text, Unresolved } from '../../node';
import { OUTPUT, SECRET, SIGNATURE, UNKNOWN } from './wire';

/** As a deployment writes it: a secret without its value, an unknown as the sentinel. */
export function encode(node: Node | undefined): unknown {
  if (node instanceof Secret || (node instanceof Text && node.parts.every((part) => typeof part === 'string' || part instanceof Secret)))
    return { [SIGNATURE]: SECRET, ciphertext: '' };
  if (node instanceof Residue) return UNKNOWN;
  return children(node, encode);
}

/** With the origin of each unknown. */
export function encodeWithOrigin(node: Node | undefined): unknown {
  if (node instanceof Secret) return encode(node);
  if (node instanceof Reference)
    return {
      [SIGNATURE]: OUTPUT,
      of: node.target,
      ...(node.attribute === undefined ? {} : { attribute: node.attribute }),
      ...(node.derived ? { derived: true } : {}),
    };
  if (node instanceof Unresolved) return { [SIGNATURE]: OUTPUT, missing: node.missing, dependencies: [...node.mentions] };
  if (node instanceof Text) return { [SIGNATURE]: OUTPUT, parts: node.parts.map(encodeWithOrigin) };
  return children(node, encodeWithOrigin);
}

function children(node: Node | undefined, each: (child: Node | undefined) => unknown): unknown {
  if (Array.isArray(node)) return node.map(each);
  if (typeof node !== 'object' || node === null) return node;
  return Object.fromEntries(Object.entries(node).map(([key, child]) => [key, each(child as Node)]));
}

/** Whether the sentinel or a bare secret would lose something. */
export function holdsResidue(node: Node | undefined): boolean {
  if (node instanceof Residue) return true;
  return typeof node === 'object' && node !== null && Object.values(node).some((child) => holdsResidue(child as Node));
}
