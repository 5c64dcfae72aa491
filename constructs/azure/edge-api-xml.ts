/** The XML of gateway policies, as a tree that is escaped when it is printed. */

/** An element; its content is other elements, or a text. */
export interface Element {
  readonly tag: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly content: readonly Element[] | string;
}

/** An element of a policy. */
export const element = (
  tag: string,
  attributes: Readonly<Record<string, string>> = {},
  content: readonly Element[] | string = [],
): Element => ({
  tag,
  attributes,
  content,
});

const NAME = /^[a-z][a-z0-9-]*$/;
/** Exactly those that XML 1.0 has no way to write. */
const UNWRITABLE =
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

const named = (name: string): string => {
  if (!NAME.test(name)) throw new RangeError(`policy: "${name}" is no name of an element or attribute`);
  return name;
};

const escaped = (value: string): string => {
  if (UNWRITABLE.test(value)) throw new RangeError('policy: a text holds a character that XML cannot hold');
  return value.replace(/[&<>"\n\r\t]/g, (found) => ENTITIES[found] as string);
};

/** Prints an element, indented. @throws RangeError for names and characters that XML does not know */
export function xmlOf({ attributes, content, tag }: Element, depth = 0): string {
  const indent = '  '.repeat(depth);
  const written = Object.entries(attributes).map(([key, value]) => ` ${named(key)}="${escaped(value)}"`);
  const open = `${indent}<${named(tag)}${written.join('')}`;
  if (typeof content === 'string') return `${open}>${escaped(content)}</${tag}>`;
  if (content.length === 0) return `${open} />`;
  return `${open}>\n${content.map((child) => xmlOf(child, depth + 1)).join('\n')}\n${indent}</${tag}>`;
}

/** A text that the gateway takes as it is: no expression, no named value. @throws RangeError with what is wrong with it */
export function plainText(where: string, argument: string, value: string): string {
  if (value === '' || value.startsWith('@') || value.includes('{{') || value.includes('}}'))
    throw new RangeError(`${where}: ${argument} is "${value}"; write a plain value, the gateway would compute this one`);
  return value;
}

/** An id or a URI, and nothing that the gateway would read as XML or compute. @throws RangeError with what is wrong with it */
export function idText(where: string, argument: string, value: string): string {
  if (!/^[\w:/.-]{1,256}$/.test(value))
    throw new RangeError(`${where}: ${argument} is "${value}"; write an id or a URI, such as api://cases`);
  return value;
}
