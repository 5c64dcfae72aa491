/** From the encoding of the wire to what rules read. */
import { type Node, Reference, Secret, Text, Unresolved } from '../../node';
import { nameOf } from './urn';
import { ARCHIVE, ASSET, isMap, isUnknownMark, MARKS, OUTPUT, type Plain, RESOURCE, SECRET, signatureOf, type UnknownOrigin } from './wire';

/**
 * One input. An unknown becomes a reference where its origin is known, or where its property depends on exactly one resource;
 * a secret keeps no value.
 * @param dependencies URNs that the top-level property depends on
 */
export function decode(value: unknown, dependencies: readonly string[]): Node {
  if (isUnknownMark(value)) return unknownOf(dependencies);
  if (typeof value === 'string') return decodeText(value);
  if (Array.isArray(value)) return value.map((item) => decode(item, dependencies));
  if (!isMap(value)) return (value ?? null) as Node;
  switch (signatureOf(value)) {
    case undefined:
      return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, decode(child, dependencies)]));
    case SECRET:
      return new Secret();
    case OUTPUT:
      return value.secret === true
        ? new Secret()
        : 'value' in value
          ? decode(value.value, dependencies)
          : decodeOrigin(value, dependencies);
    case RESOURCE:
      return new Reference(String(value.urn));
    case ASSET:
      return describeAsset('asset', value);
    case ARCHIVE:
      return describeAsset('archive', value);
    default:
      return new Unresolved('a value in an encoding that is not known here');
  }
}

/** All inputs of a resource. */
export function decodeInputs(inputs: Plain, dependencies: (property: string) => readonly string[]): { readonly [key: string]: Node } {
  return Object.fromEntries(
    Object.entries(inputs)
      // The code of a dynamic provider: a text that may hold whatever the program holds.
      .filter(([key]) => key !== '__provider')
      .map(([key, value]) => [key, decode(value, dependencies(key))]),
  );
}

function decodeOrigin(value: Plain, dependencies: readonly string[]): Node {
  const origin = value as UnknownOrigin;
  if (origin.of !== undefined) return new Reference(origin.of, origin.attribute, origin.derived === true);
  if (origin.answer !== undefined) return new Unresolved(`the answer of ${origin.answer}`);
  if (origin.missing !== undefined) return new Unresolved(origin.missing, origin.dependencies ?? []);
  if (origin.parts !== undefined) return joined(origin.parts.map((part) => decode(part, dependencies)));
  if (origin.dependencies !== undefined) return derivedFrom(origin.dependencies);
  return unknownOf(dependencies);
}

/** All that is known is what the property depends on. */
function unknownOf(dependencies: readonly string[]): Node {
  const [only, another] = dependencies;
  return only !== undefined && another === undefined ? new Reference(only, undefined, true) : derivedFrom(dependencies);
}

function derivedFrom(urns: readonly string[]): Unresolved {
  if (urns.length === 0) return new Unresolved('a value that is known only on deployment');
  const names = [...new Set(urns.map(nameOf))];
  const shown = names.length > 3 ? [...names.slice(0, 2), `${names.length - 2} other resources`] : names;
  return new Unresolved(`an output of ${shown.join(' and ')}`, urns);
}

/** What previews show in the place of a secret. */
const SECRET_SHOWN = '[secret]';

/** A text with marks that the child left in it. */
function decodeText(text: string): Node {
  if (text === SECRET_SHOWN) return new Secret();
  if (!MARKS.test(text)) return text;
  const pieces = text.split(MARKS);
  return joined(
    pieces.map((piece, index) => (index % 2 === 0 ? piece : piece === 'encrypted' ? new Secret() : new Unresolved(`the ${piece}`))),
  );
}

function joined(pieces: readonly Node[]): Node {
  const parts: (string | Reference | Unresolved | Secret)[] = [];
  for (const piece of pieces.flatMap((node): readonly Node[] => (node instanceof Text ? node.parts : [node]))) {
    const last = parts.at(-1);
    if (piece instanceof Reference || piece instanceof Unresolved || piece instanceof Secret) parts.push(piece);
    else if (typeof piece === 'object' && piece !== null) parts.push(new Unresolved('a value that is known only on deployment'));
    else if (typeof last === 'string') parts[parts.length - 1] = last + String(piece);
    else if (String(piece) !== '') parts.push(String(piece));
  }
  const [only, another] = parts;
  return only !== undefined && another === undefined ? only : new Text(parts);
}

/** What it is and where it comes from, never what is in it. */
function describeAsset(kind: 'asset' | 'archive', value: Plain): Node {
  for (const source of ['path', 'uri'] as const)
    if (typeof value[source] === 'string' && value[source] !== '') return { [kind]: source, [source]: value[source] as string };
  if (isMap(value.assets)) return { [kind]: 'assets', assets: Object.keys(value.assets) };
  return { [kind]: 'text' };
}
