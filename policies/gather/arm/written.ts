/**
 * An ARM template as it is written: which parameters a deployment may set otherwise than by default, to which values that make a
 * difference, and which resources hang on them.
 */
import type { Node } from '../../node';
import { isMap, type Written } from './names';

/** A value that a deployment may give. */
export type Given = string | number | boolean;

/** What may be given to one parameter. */
export interface OpenParameter {
  /** As it is declared. */
  readonly name: string;
  /** Whether it has a value where nobody gives one. */
  readonly hasDefault: boolean;
  /** The default, where it is no expression. */
  readonly standard?: Given | undefined;
  /** Every value that makes a difference, the default among them. */
  readonly values: readonly Given[];
  /** Only these are allowed. */
  readonly closed: boolean;
}

/** One resource as it is written. */
export interface WrittenArmResource {
  /** The same for a resource of both sides: type and name, as written. */
  readonly key: string;
  /** The same for resources that say the same; variables and what parameters allow are written out in it. */
  readonly text: string;
  /** Texts of its properties by path. */
  readonly leaves: ReadonlyMap<string, string>;
}

const PARAMETER = /\bparameters\(\s*'([^']+)'\s*\)/gi;
const VARIABLE = /\bvariables\(\s*'([^']+)'\s*\)/gi;
const OF_PARAMETER = "(?:to(?:lower|upper)\\(\\s*)?parameters\\(\\s*'([^']+)'\\s*\\)\\)?";
const EQUALS = [
  new RegExp(`\\bequals\\(\\s*${OF_PARAMETER}\\s*,\\s*'([^']*)'\\s*\\)`, 'gi'),
  new RegExp(`\\bequals\\(\\s*'([^']*)'\\s*,\\s*${OF_PARAMETER}\\s*\\)`, 'gi'),
] as const;
/** `variables('days')[parameters('env')]`: each key is a value that makes a difference. */
const PICKS = new RegExp(`\\bvariables\\(\\s*'([^']+)'\\s*\\)\\[\\s*${OF_PARAMETER}\\s*\\]`, 'gi');

const isGiven = (value: unknown): value is Given => ['string', 'number', 'boolean'].includes(typeof value);
const isExpression = (value: unknown): boolean => typeof value === 'string' && /^\[(?!\[).*\]$/s.test(value);

export class WrittenArm {
  readonly #parameters: ReadonlyMap<string, Written>;
  readonly #names: ReadonlyMap<string, string>;
  readonly #variables: ReadonlyMap<string, unknown>;
  readonly #asked = new Map<string, Set<string>>();
  readonly #uses = new Map<string, ReadonlySet<string>>();

  /** @param fixed parameters whose values the deployment is known to give, in lower case */
  constructor(
    private readonly template: Written,
    private readonly fixed: ReadonlySet<string>,
  ) {
    const declared = Object.entries(isMap(template.parameters) ? template.parameters : {});
    this.#parameters = new Map(declared.flatMap(([name, one]) => (isMap(one) ? [[name.toLowerCase(), one]] : [])));
    this.#names = new Map(declared.map(([name]) => [name.toLowerCase(), name]));
    this.#variables = new Map(
      Object.entries(isMap(template.variables) ? template.variables : {}).map(([name, value]) => [name.toLowerCase(), value]),
    );
    if (this.#parameters.size > 0) this.#ask(JSON.stringify(template) ?? '');
  }

  /** Literals that parameters are compared with, or that pick a row. */
  #ask(text: string): void {
    const ask = (name: string, value: string) => {
      const key = name.toLowerCase();
      this.#asked.set(key, (this.#asked.get(key) ?? new Set()).add(value));
    };
    for (const [, name = '', value = ''] of text.matchAll(EQUALS[0])) ask(name, value);
    for (const [, value = '', name = ''] of text.matchAll(EQUALS[1])) ask(name, value);
    for (const [, variable = '', name = ''] of text.matchAll(PICKS)) {
      const rows = this.#variables.get(variable.toLowerCase());
      if (isMap(rows)) for (const row of Object.keys(rows)) ask(name, row);
    }
  }

  /** In lower case. */
  get parameters(): Iterable<string> {
    return this.#parameters.keys();
  }

  /** A parameter that is declared in the same words is the same one, whatever it is called. */
  declarationOf(name: string): string | undefined {
    const declared = this.#parameters.get(name);
    if (!declared) return undefined;
    const { metadata: _metadata, ...rest } = declared;
    return canonical(rest);
  }

  /** What may be given to a parameter; undefined where nothing makes a difference, or the value is known. */
  open(name: string): OpenParameter | undefined {
    const declared = this.#parameters.get(name);
    const type = String(declared?.type).toLowerCase();
    if (!declared || this.fixed.has(name) || !/^(string|bool|int)$/.test(type)) return undefined;
    const { allowedValues: allowed, defaultValue } = declared;
    const closed = Array.isArray(allowed);
    const listed = closed
      ? (allowed as readonly unknown[]).filter(isGiven)
      : type === 'bool'
        ? [true, false]
        : [...(this.#asked.get(name) ?? [])];
    if (listed.length === 0) return undefined;
    const hasDefault = defaultValue !== undefined;
    const standard = isGiven(defaultValue) && !isExpression(defaultValue) ? defaultValue : undefined;
    const values = [...new Set([...(standard === undefined ? [] : [standard]), ...[...listed].sort(inOrder)])];
    // What is none of the values that are asked for makes a difference too.
    const isOpen = !closed && type === 'string' && (standard === undefined || (this.#asked.get(name)?.has(String(standard)) ?? false));
    return {
      name: this.#names.get(name) as string,
      hasDefault,
      standard,
      values: isOpen ? [...values, otherThan(values)] : values,
      closed: closed || type === 'bool',
    };
  }

  /** Whether a value may be given to a parameter here. */
  allows(name: string, value: Given): boolean {
    const declared = this.#parameters.get(name);
    if (!declared || this.fixed.has(name)) return false;
    return !Array.isArray(declared.allowedValues) || (declared.allowedValues as readonly unknown[]).includes(value);
  }

  /** Every resource of the template; those of deployments in it are part of what deploys them. */
  *resources(): Iterable<WrittenArmResource> {
    const { resources } = this.template;
    const listed = Array.isArray(resources)
      ? resources.map((one) => ['', one] as const)
      : isMap(resources)
        ? Object.entries(resources)
        : [];
    for (const [symbol, one] of listed) {
      if (!isMap(one)) continue;
      const { comments: _comments, ...rest } = one;
      const own = canonical(rest);
      const names = [...this.#reached(own)].sort();
      const leaves = new Map<string, string>();
      collectLeaves(rest, '', leaves);
      yield {
        key: `${symbol} ${String(one.type).toLowerCase()} ${symbol === '' ? canonical(one.name) : ''}`,
        text: [own, ...names.map((name) => this.#writtenOut(name))].join(' '),
        leaves: new Map(
          [...leaves].map(([path, text]) => [
            path,
            [text, ...[...this.#reached(text)].sort().map((name) => this.#writtenOut(name))].join(' '),
          ]),
        ),
      };
    }
  }

  /** Parameters that a text hangs on, by way of variables and of defaults too. */
  usesOf(text: string): ReadonlySet<string> {
    return new Set([...this.#reached(text)].flatMap((name) => (name.startsWith('p ') ? name.slice(2) : [])));
  }

  /** `p name` for parameters, `v name` for variables. */
  #reached(text: string): ReadonlySet<string> {
    const known = this.#uses.get(text);
    if (known) return known;
    const found = new Set<string>();
    const look = (inside: string) => {
      for (const [kind, pattern, declared] of [
        ['p', PARAMETER, this.#parameters],
        ['v', VARIABLE, this.#variables],
      ] as const)
        for (const [, name = ''] of inside.matchAll(pattern)) {
          const key = `${kind} ${name.toLowerCase()}`;
          const value = declared.get(name.toLowerCase());
          if (value === undefined || found.has(key)) continue;
          found.add(key);
          look(canonical(kind === 'v' ? value : (value as Written).defaultValue));
        }
    };
    look(text);
    this.#uses.set(text, found);
    return found;
  }

  #writtenOut(key: string): string {
    const name = key.slice(2);
    if (key.startsWith('v ')) return canonical(this.#variables.get(name));
    const { allowedValues } = this.#parameters.get(name) ?? {};
    return canonical(allowedValues);
  }
}

const inOrder = (a: Given, b: Given): number => (String(a) < String(b) ? -1 : 1);

/** A value that is none of them. */
function otherThan(values: readonly Given[]): string {
  let other = 'other';
  while (values.includes(other)) other += 'wise';
  return other;
}

function collectLeaves(value: unknown, path: string, found: Map<string, string>): void {
  if (Array.isArray(value)) for (const [at, item] of value.entries()) collectLeaves(item, `${path}[${at}]`, found);
  else if (isMap(value)) for (const [key, item] of Object.entries(value)) collectLeaves(item, path === '' ? key : `${path}.${key}`, found);
  else found.set(path, canonical(value));
}

/** One text for everything that is equal. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isMap(value)) return JSON.stringify(value) ?? '';
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`)
    .join()}}`;
}

/** Values in the form in which a file of parameters gives them. */
export const asGiven = (values: ReadonlyMap<string, Given>): ReadonlyMap<string, () => Node> =>
  new Map([...values].map(([name, value]) => [name, () => value]));
