/** Executes the trees from which policy expressions are printed, against a request and an answer that a test makes up. */
import type { Expression, Primitive, Program, Statement } from '../../constructs/azure/edge-api-expression';

/** What the gateway knows when it evaluates an expression. */
export interface World {
  readonly operation?: string;
  readonly status?: number;
  readonly responseBody?: string;
  readonly contentType?: string;
  readonly requestBody?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly matched?: Readonly<Record<string, string>>;
  readonly claims?: Readonly<Record<string, readonly string[]>>;
}

// biome-ignore lint/suspicious/noExplicitAny: JSON of every shape
type Json = any;
type Prim = (...of: readonly Json[]) => Json;

const own = (from: Readonly<Record<string, unknown>> | undefined, key: string): Json =>
  from !== undefined && Object.hasOwn(from, key) ? from[key] : undefined;
const isObject = (value: Json): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const primitivesOf = (world: World): Readonly<Record<Primitive, Prim>> => ({
  responseBody: () => world.responseBody ?? '',
  requestBody: () => world.requestBody ?? '',
  responseIsJson: () => (world.contentType ?? '').toLowerCase().startsWith('application/json'),
  operation: () => world.operation ?? '',
  status: () => world.status ?? 500,
  kept: (key) => own(world.variables, key) ?? '',
  header: (key) => own(world.headers, key) ?? '',
  query: (key) => own(world.query, key) ?? '',
  matched: (key) => own(world.matched, key) ?? '',
  claim: (key) => own(world.claims, key)?.join(',') ?? '',
  hasRole: (role) => own(world.claims, 'roles')?.includes(role) ?? false,
  parse: (body) => JSON.parse(body),
  json: (value) => JSON.stringify(value),
  object: () => ({}),
  array: () => [],
  field: (from, key) => own(from, key),
  keys: (from) => Object.keys(from),
  isEmpty: (from) => Object.keys(from).length === 0,
  firstOf: (from, most) => from.slice(0, most),
  isPresent: (value) => value !== undefined,
  isNull: (value) => value === null,
  isObject,
  isArray: (value) => Array.isArray(value),
  isText: (value) => typeof value === 'string',
  isNumber: (value) => typeof value === 'number',
  isBoolean: (value) => typeof value === 'boolean',
  allText: (list) => list.every((one: Json) => typeof one === 'string'),
  allNumber: (list) => list.every((one: Json) => typeof one === 'number'),
  allBoolean: (list) => list.every((one: Json) => typeof one === 'boolean'),
  textOf: (value) => value,
  isId: (value) => /^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/.test(value),
  isPlain: (value) => /^[A-Za-z0-9][A-Za-z0-9 _.@-]{0,127}$/.test(value),
  isOpaque: (value) => /^[A-Za-z0-9+/=_.-]{1,2048}$/.test(value),
  isShortNumber: (value) => /^[1-9][0-9]{0,3}$/.test(value),
  numberOf: (value) => Number.parseInt(value, 10),
  longerThan: (value, most) => value.length > most,
  lessThan: (one, other) => one < other,
  partCount: (value, by) => value.split(by).length,
  part: (value, by, index) => value.split(by)[index],
  lengthOf: (value) => value.length,
  first: (value, count) => value.slice(0, count),
  last: (value, count) => value.slice(value.length - count),
  join: (one, other) => one + other,
  equals: (one, other) => one === other,
  not: (one) => !one,
  both: (one, other) => one && other,
  either: (one, other) => one || other,
  choose: (condition, one, other) => (condition ? one : other),
});

/** What is evaluated only where it is needed, as in C#. */
const LAZY: Readonly<Partial<Record<Primitive, (of: readonly (() => Json)[]) => Json>>> = {
  both: ([one, other]) => one?.() && other?.(),
  either: ([one, other]) => one?.() || other?.(),
  choose: ([condition, one, other]) => (condition?.() ? one?.() : other?.()),
};

/** Runs a program and returns its answer. @throws what the gateway would throw, and Error where no path answers */
export function execute(program: Program, world: World): string {
  const primitives = primitivesOf(world);
  const scopes: Map<string, Json>[] = [];

  const scopeOf = (name: string) => {
    const found = scopes.findLast((scope) => scope.has(name));
    if (!found) throw new Error(`nothing is called ${name}`);
    return found;
  };
  const value = (one: Expression): Json => {
    if ('text' in one) return one.text;
    if ('number' in one) return one.number;
    if ('name' in one) return scopeOf(one.name).get(one.name);
    const lazy = LAZY[one.call];
    return lazy ? lazy(one.of.map((each) => () => value(each))) : primitives[one.call](...one.of.map(value));
  };
  const block = (all: readonly Statement[], bound: readonly [string, Json][] = []): { readonly answer: string } | undefined => {
    scopes.push(new Map(bound));
    try {
      for (const one of all) {
        const done = run(one);
        if (done) return done;
      }
      return undefined;
    } finally {
      scopes.pop();
    }
  };
  const run = (one: Statement): { readonly answer: string } | undefined => {
    if ('let' in one) {
      // C# has one meaning for a name in all scopes around it.
      if (scopes.some((scope) => scope.has(one.let))) throw new Error(`${one.let} is declared twice`);
      scopes.at(-1)?.set(one.let, value(one.be));
    } else if ('set' in one) scopeOf(one.set).set(one.set, value(one.be));
    else if ('when' in one) return value(one.when) ? block(one.do) : undefined;
    else if ('scope' in one) return block(one.scope);
    else if ('each' in one) {
      for (const item of value(one.in)) {
        const done = block(one.do, [[one.each, item]]);
        if (done) return done;
      }
    } else if ('put' in one) scopeOf(one.put).get(one.put)[one.key] = value(one.be);
    else if ('push' in one) scopeOf(one.push).get(one.push).push(value(one.be));
    else return { answer: value(one.answer) };
    return undefined;
  };

  const done = block(program);
  if (!done) throw new Error('a path through the program ends without an answer');
  return done.answer;
}
