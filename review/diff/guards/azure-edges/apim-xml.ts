/**
 * Policies of API Management as elements. They are almost XML: expressions (`@(…)`, `@{…}`) may hold quotes, angle brackets and
 * ampersands as they are, or escaped, depending on the format.
 */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** What stands in it besides elements. */
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };
const unescaped = (text: string): string =>
  text.replaceAll(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole;
    const code = name[1]?.toLowerCase() === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return Number.isNaN(code) ? whole : String.fromCodePoint(code);
  });
/** Spaces between words do not count. */
const tidy = (text: string): string => unescaped(text).replaceAll(/\s+/g, ' ').trim();

const OPENING: Readonly<Record<string, string>> = { '(': ')', '{': '}' };

class Reading {
  at = 0;
  constructor(readonly source: string) {}

  /** To the end of an expression that begins here; its own texts may hold anything. */
  expression(): string {
    const start = this.at;
    this.at += 1;
    const open = this.source[this.at] ?? '';
    const close = OPENING[open] ?? '';
    let depth = 0;
    while (this.at < this.source.length) {
      const char = this.source[this.at] as string;
      if (char === '"' || char === "'") this.#literal(char);
      else if (char === open) depth += 1;
      else if (char === close) depth -= 1;
      this.at += 1;
      if (depth === 0) break;
    }
    return this.source.slice(start, this.at);
  }

  #literal(quote: string): void {
    const verbatim = this.source[this.at - 1] === '@' || this.source.slice(this.at - 2, this.at) === '@$';
    for (this.at += 1; this.at < this.source.length; this.at += 1) {
      const char = this.source[this.at];
      if (char === '\\' && !verbatim) this.at += 1;
      else if (char === quote) return;
    }
  }

  isExpression(): boolean {
    return this.source[this.at] === '@' && OPENING[this.source[this.at + 1] ?? ''] !== undefined;
  }

  skip(pattern: RegExp): string {
    const found = new RegExp(pattern.source, 'y');
    found.lastIndex = this.at;
    const [text = ''] = found.exec(this.source) ?? [];
    this.at += text.length;
    return text;
  }

  until(end: string): string {
    const stop = this.source.indexOf(end, this.at);
    const text = this.source.slice(this.at, stop < 0 ? undefined : stop);
    this.at = stop < 0 ? this.source.length : stop + end.length;
    return text;
  }
}

/** The elements of a policy; undefined where it is none. */
export function elementsOf(source: string): readonly Element[] | undefined {
  const reading = new Reading(source);
  const { children } = content(reading, undefined);
  return children.length === 0 && source.trim() !== '' ? undefined : children;
}

function content(reading: Reading, inside: string | undefined): Pick<Element, 'children' | 'text'> {
  const children: Element[] = [];
  let text = '';
  while (reading.at < reading.source.length) {
    if (reading.isExpression()) text += reading.expression();
    else if (reading.skip(/<!--/) !== '') reading.until('-->');
    else if (reading.skip(/<!\[CDATA\[/) !== '') text += reading.until(']]>');
    else if (reading.skip(/<[?!]/) !== '') reading.until('>');
    else if (inside !== undefined && reading.skip(/<\//) !== '') {
      reading.until('>');
      break;
    } else if (/^<[A-Za-z_]/.test(reading.source.slice(reading.at, reading.at + 2))) children.push(element(reading));
    else text += reading.source[reading.at++];
  }
  return { children, text: tidy(text) };
}

function element(reading: Reading): Element {
  reading.at += 1;
  const name = reading.skip(/[\w.:-]+/).toLowerCase();
  const attributes = new Map<string, string>();
  for (;;) {
    reading.skip(/\s+/);
    const key = reading.skip(/[\w.:-]+/);
    if (key === '') break;
    reading.skip(/\s*=\s*/);
    const quote = reading.skip(/["']/);
    attributes.set(key.toLowerCase(), quote === '' ? '' : tidy(attribute(reading, quote)));
  }
  reading.skip(/\s+/);
  if (reading.skip(/\/>/) !== '') return { name, attributes, children: [], text: '' };
  reading.until('>');
  return { name, attributes, ...content(reading, name) };
}

function attribute(reading: Reading, quote: string): string {
  if (!reading.isExpression()) return reading.until(quote);
  const text = reading.expression();
  return text + reading.until(quote);
}

/** One text for elements that mean the same: attributes in any order, spaces and comments aside. */
export function canonicalOf({ attributes, children, name, text }: Element): string {
  const named = [...attributes].map(([key, value]) => `${key}=${value}`).sort();
  return `<${[name, ...named].join(' ')}>${text}${children.map(canonicalOf).join('')}`;
}

export function* everyElement(elements: readonly Element[]): Iterable<Element> {
  for (const one of elements) {
    yield one;
    yield* everyElement(one.children);
  }
}
