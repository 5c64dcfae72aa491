/**
 * Which values nobody wrote but the SDK, in the child. The SDK fills in defaults before anything is registered, in two places:
 * the constructor of a resource takes a constant where an argument is missing, and functions in callbacks copy a nested object
 * with what is missing in it. Both are watched: what the program passed is compared with what came out.
 */

type Plain = Readonly<Record<string, unknown>>;
type Class = new (...parameters: unknown[]) => object;
/** Keys down to a value. */
export type Path = readonly string[];

const isMissing = (value: unknown): boolean => value === undefined || value === null;
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
const isOutput = (value: unknown): value is { promise(withUnknowns: boolean): Promise<unknown> } =>
  (isObject(value) || typeof value === 'function') && (value as { __pulumiOutput?: unknown }).__pulumiOutput === true;

/** Keys of what `filled` has and `given` had not; what is filled in turn tells for itself. */
function addedTo(given: unknown, filled: object): string[] {
  const before = (isObject(given) ? given : {}) as Plain;
  return Object.entries(filled)
    .filter(([key, value]) => isMissing(before[key]) && !isMissing(value) && !isOutput(value))
    .map(([key]) => key);
}

// ── Nested objects ─────────────────────────────────────────────────────────────────────────────────────────────────

const added = new WeakMap<object, readonly string[]>();
const filling = new WeakSet<object>();

/** Takes note of what a function of the SDK added to an object; returns what it made. */
export function remember<T>(given: unknown, filled: T): T {
  if (isObject(filled) && !Array.isArray(filled)) added.set(filled, addedTo(given, filled));
  return filled;
}

/** A copy has from the SDK what its original has. */
export function carry<T extends object>(from: object, to: T): T {
  const keys = added.get(from);
  if (keys) added.set(to, keys);
  return to;
}

/** The output of a function that fills in defaults. */
export function isFilled(output: object): void {
  filling.add(output);
}

async function pathsBelow(value: unknown): Promise<Path[]> {
  if (!isOutput(value) || !filling.has(value)) return [];
  const content = await value.promise(true);
  if (!isObject(content)) return [];
  const deeper = await Promise.all(
    Object.entries(content).map(async ([key, child]) => (await pathsBelow(child)).map((path) => [key, ...path])),
  );
  return [...(added.get(content) ?? []).map((key) => [key]), ...deeper.flat()];
}

// ── Arguments of resources ─────────────────────────────────────────────────────────────────────────────────────────

/** Constructors of the SDK that are running: the class, and the arguments that it was given. */
const running: { readonly made: Class; readonly args: unknown }[] = [];
/** What the constructor that is registering itself added. */
let registering: { readonly type: unknown; readonly name: unknown; readonly values: ReadonlyMap<string, unknown> } | undefined;
const addedToInputs = new WeakMap<object, readonly string[]>();

/** Watches the classes of resources that a module of a generated SDK exports. */
export function watchClasses(exports: unknown): void {
  if (!isObject(exports)) return;
  for (const [name, { value, writable }] of Object.entries(Object.getOwnPropertyDescriptors(exports)))
    if (writable && typeof value === 'function' && Object.hasOwn(value, '__pulumiType'))
      (exports as Record<string, unknown>)[name] = watched(value as Class);
}

function watched(made: Class): Class {
  const proxy: Class = new Proxy(made, {
    construct: (_, parameters, called) => {
      running.push({ made, args: parameters[1] });
      try {
        return Reflect.construct(made, parameters, called === proxy ? made : called);
      } finally {
        running.pop();
      }
    },
  });
  return proxy;
}

/** Compares, when a resource is made, its inputs with the arguments that its class was given. */
// biome-ignore lint/suspicious/noExplicitAny: the module of the SDK, in whatever version the program has.
export function patchResource(exports: any): void {
  const Original = exports.CustomResource as Class;
  const proxy: Class = new Proxy(Original, {
    construct: (_, parameters, called) => {
      const [type, name, inputs] = parameters as [unknown, unknown, unknown];
      const asked = running.at(-1);
      const outer = registering;
      const own = called as unknown as Class;
      registering =
        asked && isObject(inputs) && (own === asked.made || own.prototype instanceof asked.made)
          ? { type, name, values: new Map(addedTo(asked.args, inputs).map((key) => [key, (inputs as Plain)[key]])) }
          : undefined;
      try {
        return Reflect.construct(Original, parameters, called === proxy ? Original : called);
      } finally {
        registering = outer;
      }
    },
  });
  exports.CustomResource = proxy;
}

/** Transformations have had their say when a resource is registered: what they wrote is the program's. */
// biome-ignore lint/suspicious/noExplicitAny: the module of the SDK, in whatever version the program has.
export function patchRegistration(exports: any): void {
  const original = exports.registerResource as (...parameters: unknown[]) => unknown;
  exports.registerResource = (...parameters: unknown[]) => {
    const [, , type, name, , , , inputs] = parameters;
    const own = registering;
    if (own && own.type === type && own.name === name && isObject(inputs))
      addedToInputs.set(
        inputs,
        [...own.values].filter(([key, value]) => (inputs as Plain)[key] === value).map(([key]) => key),
      );
    return original(...parameters);
  };
}

/** Where the inputs of a resource hold what only the SDK wrote; undefined where the SDK was not watched. */
export async function defaultsIn(inputs: Plain): Promise<readonly Path[] | undefined> {
  const own = addedToInputs.get(inputs);
  if (!own) return undefined;
  const nested = await Promise.all(
    Object.entries(inputs).map(async ([key, value]) => (await pathsBelow(value)).map((path) => [key, ...path])),
  );
  return [...own.map((key) => [key]), ...nested.flat()];
}
