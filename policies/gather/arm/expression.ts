/** The language inside `"[…]"`: literals, calls, `.property` and `[index]`. Parsed, never run as code. */
export type Expression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'access'; readonly of: Expression; readonly key: Expression; readonly safe: boolean };

/** Longest expression that ARM takes, in characters. Source: "Template limits", Azure Resource Manager documentation. */
export const LONGEST_EXPRESSION = 24_576;
/** Deepest nesting of calls that is read. */
const DEEPEST_EXPRESSION = 100;

export class ExpressionError extends Error {}

/** Whether a string is an expression; `[[` starts a literal bracket. */
export const isExpression = (text: string): boolean => text.startsWith('[') && text.endsWith(']') && !text.startsWith('[[');

const TOKEN = /\s*(?:('(?:[^']|'')*')|(-?\d+(?![\w.]))|([A-Za-z_][\w]*(?:\.[A-Za-z_]\w*(?=\s*\())?)|(\.\?)|(\[\?)|([()[\],.]))/y;

interface Token {
  readonly kind: 'text' | 'number' | 'name' | 'mark' | 'end';
  readonly text: string;
  readonly at: number;
}

const CACHE = new Map<string, Expression>();
const MOST_CACHED = 10_000;

/** Parses `"[…]"`. @throws ExpressionError that says what is wrong, and where in the expression */
export function parseExpression(text: string): Expression {
  let found = CACHE.get(text);
  if (!found) {
    found = new Parser(text.slice(1, -1)).parse();
    if (CACHE.size >= MOST_CACHED) CACHE.clear();
    CACHE.set(text, found);
  }
  return found;
}

class Parser {
  #at = 0;
  #depth = 0;
  #next: Token;

  constructor(private readonly text: string) {
    if (text.length > LONGEST_EXPRESSION) throw new ExpressionError(`longer than ${LONGEST_EXPRESSION} characters`);
    this.#next = this.#read();
  }

  parse(): Expression {
    if (this.#atEnd()) throw new ExpressionError('empty');
    const expression = this.#expression();
    if (!this.#atEnd()) throw this.#unexpected();
    return expression;
  }

  #expression(): Expression {
    this.#depth += 1;
    if (this.#depth > DEEPEST_EXPRESSION) throw new ExpressionError(`nested more than ${DEEPEST_EXPRESSION} levels deep`);
    let expression = this.#primary();
    for (;;) {
      const { text, kind } = this.#next;
      if (kind !== 'mark') break;
      if (text === '.' || text === '.?') {
        this.#take();
        const name = this.#take();
        if (name.kind !== 'name' && name.kind !== 'number') throw this.#unexpected(name);
        expression = { kind: 'access', of: expression, key: { kind: 'literal', value: name.text }, safe: text === '.?' };
      } else if (text === '[' || text === '[?') {
        this.#take();
        const key = this.#expression();
        this.#expect(']');
        expression = { kind: 'access', of: expression, key, safe: text === '[?' };
      } else break;
    }
    this.#depth -= 1;
    return expression;
  }

  #primary(): Expression {
    const token = this.#take();
    if (token.kind === 'text') return { kind: 'literal', value: token.text.slice(1, -1).replaceAll("''", "'") };
    if (token.kind === 'number') return { kind: 'literal', value: Number(token.text) };
    if (token.kind !== 'name') throw this.#unexpected(token);
    this.#expect('(');
    const args: Expression[] = [];
    if (this.#isMark(')')) this.#take();
    else {
      for (;;) {
        args.push(this.#expression());
        if (!this.#isMark(',')) break;
        this.#take();
      }
      this.#expect(')');
    }
    return { kind: 'call', name: token.text, args };
  }

  #atEnd(): boolean {
    return this.#next.kind === 'end';
  }

  #isMark(text: string): boolean {
    return this.#next.kind === 'mark' && this.#next.text === text;
  }

  #expect(text: string): void {
    if (!this.#isMark(text)) {
      const { kind } = this.#next;
      throw new ExpressionError(
        `"${text}" is missing ${kind === 'end' ? 'at the end' : `before "${this.#next.text}" at character ${this.#next.at + 2}`}`,
      );
    }
    this.#take();
  }

  #take(): Token {
    const token = this.#next;
    this.#next = this.#read();
    return token;
  }

  #unexpected(token = this.#next): ExpressionError {
    return new ExpressionError(token.kind === 'end' ? 'ends too early' : `unexpected "${token.text}" at character ${token.at + 2}`);
  }

  #read(): Token {
    TOKEN.lastIndex = this.#at;
    const match = TOKEN.exec(this.text);
    if (!match) {
      const rest = this.text.slice(this.#at).trimStart();
      if (rest !== '') throw new ExpressionError(`unexpected "${rest[0]}" at character ${this.text.length - rest.length + 2}`);
      return { kind: 'end', text: '', at: this.text.length };
    }
    this.#at = TOKEN.lastIndex;
    const [, text, number, name] = match;
    const kind = text !== undefined ? 'text' : number !== undefined ? 'number' : name !== undefined ? 'name' : 'mark';
    const token = (match[0] as string).trimStart();
    return { kind, text: token, at: this.#at - token.length };
  }
}
