/**
 * Outputs, in the child. An unknown value is given a tag that says where it comes from; the tag travels with the value through
 * objects, lists and property reads, and is sent beside the ordinary inputs. Callbacks of the program never see it: they run, as
 * in any preview, only on values that are known. The one exception are the SDK's own functions that fill in defaults, which copy
 * an object and would otherwise lose all of it to one unknown.
 */
import { carry, defaultsIn, isFilled, remember } from './preload-defaults';
import { DEFAULTS, holdsSecret, holdsUnknown, OUTPUT, type Plain, SECRET, SIGNATURE, TRACE } from './wire';

interface Output {
  promise: (withUnknowns?: boolean) => Promise<unknown>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  allResources?(): Promise<Iterable<Resource>>;
  resources(): Iterable<Resource>;
  apply(func: (value: unknown) => unknown, runWithUnknowns?: boolean): Output;
}
interface Resource {
  readonly urn: Output;
  readonly [key: string]: unknown;
}
type OutputClass = new (...pieces: unknown[]) => Output;

/** Where an unknown comes from; told in the words of the wire when it is sent. */
type Tag =
  | { readonly owner: Resource; readonly output: Output; readonly path: readonly string[] }
  | { readonly resources: Iterable<Resource> }
  | { readonly parts: readonly unknown[] }
  | { readonly answer: string };
const TAG = Symbol('where an unknown comes from');
interface Unknown {
  readonly __pulumiUnknown: true;
  readonly [TAG]?: Tag;
}

let current: OutputClass | undefined;
/** The SDK's class of outputs, once it is loaded. */
export function outputClass(): OutputClass {
  if (!current) throw new Error('@pulumi/pulumi is not loaded');
  return current;
}

export const tagged = (tag: Tag): Unknown => ({ __pulumiUnknown: true, [TAG]: tag });

const marked = (value: unknown, mark: string): boolean =>
  value !== null && value !== undefined && (typeof value === 'object' || typeof value === 'function') && (value as Plain)[mark] === true;
export const isUnknown = (value: unknown): value is Unknown => marked(value, '__pulumiUnknown');
const isOutput = (value: unknown): value is Output => marked(value, '__pulumiOutput');
const isResource = (value: unknown): value is Resource => marked(value, '__pulumiResource');
const isAsset = (value: unknown): boolean => marked(value, '__pulumiAsset') || marked(value, '__pulumiArchive');
const isPlainObject = (value: unknown): value is Plain =>
  typeof value === 'object' &&
  value !== null &&
  !isOutput(value) &&
  !isResource(value) &&
  !isUnknown(value) &&
  !isAsset(value) &&
  !(value instanceof Promise);

/** Paths of the secrets inside an object that the SDK calls secret as a whole. */
type Paths = () => Promise<readonly (readonly string[])[]>;
const secretsOf = new WeakMap<object, Paths>();

/** Functions of the SDK that fill in defaults: they copy an object and look into nothing that is not known. */
const fillsDefaults = (func: unknown): boolean =>
  typeof func === 'function' && /ArgsProvideDefaults\(/.test(Function.prototype.toString.call(func));

/** Classes that programs make in callbacks and that are no resources. */
const PLAIN_CLASSES = /^(Date|URL|URLSearchParams|Map|Set|Array|Object|Promise|RegExp|Buffer|\w*Error|Text(En|De)coder|Uint8Array|Proxy)$/;

/** Whether the text of a callback says that it makes a resource. */
function makesResources(func: unknown): boolean {
  if (typeof func !== 'function') return false;
  const made = Function.prototype.toString.call(func).matchAll(/\bnew\s+((?:[\w$]+\.)*[A-Z]\w*)\s*\(/g);
  return [...made].some(([, name]) => !PLAIN_CLASSES.test(name as string));
}

/**
 * @param skipped is told, once for each, of callbacks that would make resources and never run because their value is not known
 */
// biome-ignore lint/suspicious/noExplicitAny: the module of the SDK, in whatever version the program has.
export function patchOutput(exports: any, skipped: () => () => void): void {
  const Original = exports.Output;
  const apply = Original.prototype.apply;
  Original.prototype.apply = function (this: Output, func: (value: unknown) => unknown, runWithUnknowns?: boolean) {
    if (!runWithUnknowns && makesResources(func)) {
      const tell = skipped();
      this.isKnown.then(
        (known) => known || tell(),
        () => undefined,
      );
    }
    if (runWithUnknowns || !fillsDefaults(func)) return traced(apply.call(this, func, runWithUnknowns), undefined, this);
    const result = traced(
      apply.call(this, (value: unknown) => (isUnknown(value) ? value : remember(value, func(value))), true),
      undefined,
      this,
    );
    isFilled(result);
    const secrets = secretsOf.get(this);
    if (secrets) secretsOf.set(result, secrets);
    return result;
  };
  exports.Output = new Proxy(Original, {
    construct: (target, pieces, called) =>
      traced(Reflect.construct(target, pieces, called === exports.Output ? target : called), pieces[0]),
  });
  current = exports.Output;

  const output = exports.output;
  exports.output = (value: unknown) => {
    const made = output(value);
    const inner = isOutput(value) ? secretsOf.get(value) : isPlainObject(value) ? () => secretPaths(value) : undefined;
    if (inner) secretsOf.set(made, inner);
    return made;
  };
  const interpolate = exports.interpolate;
  exports.interpolate = (literals: readonly string[], ...holes: unknown[]) =>
    text(interpolate(literals, ...holes), output(holes), (values) =>
      literals.flatMap((literal, index) => (index < values.length ? [literal, values[index]] : [literal])),
    );
  const concat = exports.concat;
  exports.concat = (...pieces: unknown[]) => text(concat(...pieces), output(pieces), (values) => values);
}

/** An output of text: where it is unknown, its known parts are kept. */
function text(made: Output, pieces: Output, parts: (values: readonly unknown[]) => readonly unknown[]): Output {
  const ask = made.promise;
  made.promise = async (withUnknowns) => {
    if (!withUnknowns || (await made.isKnown)) return ask(withUnknowns);
    return tagged({ parts: parts((await pieces.promise(true)) as readonly unknown[]) });
  };
  return made;
}

/**
 * Makes an output answer with tagged unknowns. Nothing happens before somebody asks.
 * @param owner the resource whose property it is, if it is one's
 * @param source what it is computed from
 */
function traced(made: Output, owner: unknown, source?: Output): Output {
  const ask = made.promise;
  let answer: Promise<unknown> | undefined;
  const identified = async () => {
    const value = await ask(true);
    if (await made.isKnown) return value;
    if (isResource(owner)) return tag(value === undefined ? BARE : value, (path) => ({ owner, output: made, path }));
    const resources = [...((await made.allResources?.()) ?? made.resources())];
    const answer = resources.length === 0 && source ? answerIn(await source.promise(true)) : undefined;
    return tag(value === undefined ? BARE : value, () => answer ?? { resources });
  };
  made.promise = (withUnknowns) => {
    if (!withUnknowns) return ask(withUnknowns);
    answer ??= identified();
    return answer;
  };
  return made;
}

const BARE: Unknown = { __pulumiUnknown: true };

/** Puts a tag on every unknown of the tree that has none; what holds none is returned as it is. */
function tag(value: unknown, make: (path: readonly string[]) => Tag, path: readonly string[] = []): unknown {
  if (isUnknown(value)) return value[TAG] ? value : tagged(make(path));
  if (Array.isArray(value)) return value.some(hasBare) ? value.map((item, index) => tag(item, make, [...path, String(index)])) : value;
  if (!isPlainObject(value) || !hasBare(value)) return value;
  return carry(value, Object.fromEntries(Object.entries(value).map(([key, child]) => [key, tag(child, make, [...path, key])])));
}

function hasBare(value: unknown): boolean {
  if (isUnknown(value)) return value[TAG] === undefined;
  if (Array.isArray(value)) return value.some(hasBare);
  return isPlainObject(value) && Object.values(value).some(hasBare);
}

/** The first answer of a function in the tree. */
function answerIn(value: unknown): Tag | undefined {
  if (isUnknown(value)) return value[TAG] && 'answer' in value[TAG] ? value[TAG] : undefined;
  if (!Array.isArray(value) && !isPlainObject(value)) return undefined;
  for (const child of Object.values(value)) {
    const found = answerIn(child);
    if (found) return found;
  }
  return undefined;
}

async function secretPaths(value: unknown): Promise<readonly (readonly string[])[]> {
  if (value instanceof Promise) return secretPaths(await value);
  if (isOutput(value)) {
    if ((await value.isSecret) !== true) return [];
    const inner = await secretsOf.get(value)?.();
    return inner && inner.length > 0 ? inner : [[]];
  }
  if (!Array.isArray(value) && !isPlainObject(value)) return [];
  const found: (readonly string[])[] = [];
  for (const [key, child] of Object.entries(value)) for (const path of await secretPaths(child)) found.push([key, ...path]);
  return found;
}

type Serialize = (label: string, props: Plain, options?: unknown) => Promise<[Record<string, unknown>, Map<string, unknown>]>;

/**
 * Sends, beside the ordinary inputs, the trace of each input that is not fully known or holds a secret, and where the SDK wrote
 * what the program did not.
 */
// biome-ignore lint/suspicious/noExplicitAny: the module of the SDK, in whatever version the program has.
export function patchSerializer(exports: any): void {
  const original = exports.serializeResourceProperties as Serialize;
  exports.serializeResourceProperties = async (label: string, props: Plain, options?: unknown) => {
    const [inputs, dependencies] = await original(label, props, options);
    const trace: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(inputs)) {
      if (!holdsUnknown(value) && !holdsSecret(value)) continue;
      const found = await traceOf(props[key], (other) => exports.serializeProperty(label, other, new Set(), {}));
      if (found !== undefined) trace[key] = found;
    }
    if (Object.keys(trace).length > 0) inputs[TRACE] = trace;
    const defaults = await defaultsIn(props);
    if (defaults) inputs[DEFAULTS] = defaults;
    return [inputs, dependencies];
  };
}

const REDACTED = { [SIGNATURE]: SECRET };

/** The value in the encoding of the wire, with the origin of each unknown; secrets are left out here and never sent along. */
async function traceOf(value: unknown, serialize: (other: unknown) => Promise<unknown>): Promise<unknown> {
  if (value instanceof Promise) return traceOf(await value, serialize);
  if (isUnknown(value)) return originOf(value[TAG], serialize);
  if (isOutput(value)) {
    const content = await value.promise(true);
    if ((await value.isSecret) !== true) return traceOf(content, serialize);
    const paths = await secretsOf.get(value)?.();
    if (!paths || paths.length === 0 || paths.some((path) => path.length === 0)) return REDACTED;
    return traceOf(paths.reduce(redact, content), serialize);
  }
  if (marked(value, REDACTION)) return REDACTED;
  if (Array.isArray(value)) return Promise.all(value.map(async (item) => (await traceOf(item, serialize)) ?? null));
  if (!isPlainObject(value)) return serialize(value);
  const entries = await Promise.all(Object.entries(value).map(async ([key, child]) => [key, await traceOf(child, serialize)] as const));
  return Object.fromEntries(entries.filter(([, child]) => child !== undefined));
}

const REDACTION = '__palisadeRedacted';

function redact(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return { [REDACTION]: true };
  if (Array.isArray(value)) return value.map((item, index) => (String(index) === key ? redact(item, rest) : item));
  return isPlainObject(value) && key in value ? { ...value, [key]: redact(value[key], rest) } : value;
}

async function originOf(tag: Tag | undefined, serialize: (other: unknown) => Promise<unknown>): Promise<unknown> {
  const origin: Record<string, unknown> = { [SIGNATURE]: OUTPUT };
  if (!tag) return origin;
  if ('answer' in tag) return { ...origin, answer: tag.answer };
  if ('parts' in tag) return { ...origin, parts: await Promise.all(tag.parts.map((part) => traceOf(part, serialize))) };
  if ('owner' in tag) {
    const name = Object.keys(tag.owner).find((key) => tag.owner[key] === tag.output);
    const attribute = [...(name === undefined || name === 'id' ? [] : [name]), ...tag.path].join('.');
    return { ...origin, of: await tag.owner.urn.promise(), ...(attribute === '' ? {} : { attribute }) };
  }
  const urns = await Promise.all([...tag.resources].map((resource) => resource.urn.promise()));
  return { ...origin, dependencies: [...new Set(urns)].sort() };
}
