/**
 * Policy documents as plain data, read into statements. Whatever a document holds can be read: what makes no sense, and what
 * only deployment knows, becomes a statement of which that part is unknown, never one that is left out.
 */
import { type Operator, operatorOf } from './operators';
import { hasHole, hole, holesIn, isHole } from './text';

/** A policy by the name that reports use for it. The document is an object, JSON text, or a hole (see `hole`). */
export interface Policy {
  readonly name: string;
  readonly document: unknown;
  /** Stands for a document that is known by its name: what has the same says the same. */
  readonly id?: string;
}

/** An `Action`/`NotAction` or `Resource`/`NotResource` element. */
export interface Listed {
  readonly entries: readonly string[];
  /** Speaks of everything but the entries. */
  readonly except: boolean;
}

export type PrincipalKind = 'AWS' | 'Service' | 'Federated' | 'CanonicalUser' | '*';

export interface PrincipalEntry {
  readonly kind: PrincipalKind;
  readonly value: string;
}

export interface ListedPrincipals {
  readonly entries: readonly PrincipalEntry[];
  readonly except: boolean;
}

/** One operator and key of a `Condition` block, with the values written for it. */
export interface Test {
  /** Undefined when the operator is not known: whether the test holds cannot be said. */
  readonly operator: Operator | undefined;
  /** Folded: the case of keys does not matter. */
  readonly key: string;
  readonly values: readonly string[];
  /** What to name when the test itself cannot be read. */
  readonly name: string;
}

export interface Statement {
  /** `Reader, statement "AllowReads"`. */
  readonly at: string;
  /** Undefined when it is not known. */
  readonly effect: 'Allow' | 'Deny' | undefined;
  readonly principals: ListedPrincipals | undefined;
  readonly actions: Listed;
  readonly resources: Listed | undefined;
  readonly tests: readonly Test[];
  /** The document's version knows policy variables. */
  readonly variables: boolean;
  /** What would have to be known before anything can be said; usually nothing. */
  readonly missing: readonly string[];
}

const read = new WeakMap<Policy, readonly Statement[]>();

/** The statements of a policy, in their order. */
export function statementsOf(policy: Policy): readonly Statement[] {
  const known = read.get(policy);
  if (known) return known;
  const statements = readStatements(policy);
  read.set(policy, statements);
  return statements;
}

function readStatements({ name, document }: Policy): readonly Statement[] {
  const parsed = typeof document === 'string' && !isHole(document) ? parseJson(document) : document;
  if (!isRecord(parsed)) return [unreadable(name, typeof parsed === 'string' ? holesIn(parsed) : [`the document of ${name}`])];
  const { Statement, Version } = parsed;
  if (Statement === undefined) return [];
  const variables = Version === '2012-10-17' || (typeof Version === 'string' && hasHole(Version));
  return listOf(Statement).map((statement, index) => readStatement(statement, name, index, variables));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const unreadable = (at: string, missing: readonly string[]): Statement => ({
  at,
  effect: undefined,
  principals: undefined,
  actions: { entries: ['*'], except: false },
  resources: { entries: ['*'], except: false },
  tests: [],
  variables: true,
  missing: missing.length > 0 ? missing : [at],
});

function readStatement(raw: unknown, policy: string, index: number, variables: boolean): Statement {
  const at = `${policy}, statement ${isRecord(raw) && typeof raw.Sid === 'string' ? `"${raw.Sid}"` : index + 1}`;
  if (!isRecord(raw)) return unreadable(at, typeof raw === 'string' ? holesIn(raw) : []);
  const effect = raw.Effect === 'Allow' || raw.Effect === 'Deny' ? raw.Effect : undefined;
  const actions = listed(raw, 'Action');
  const missing = [
    ...(effect ? [] : typeof raw.Effect === 'string' && hasHole(raw.Effect) ? holesIn(raw.Effect) : [`Effect of ${at}`]),
    ...(actions ? [] : [`Action of ${at}`]),
  ];
  return {
    at,
    effect,
    principals: readPrincipals(raw),
    actions: actions ?? { entries: ['*'], except: false },
    resources: listed(raw, 'Resource'),
    tests: readTests(raw.Condition, at),
    variables,
    missing,
  };
}

function listed(raw: Readonly<Record<string, unknown>>, element: 'Action' | 'Resource'): Listed | undefined {
  const excepted = raw[`Not${element}`];
  if (excepted !== undefined) return { entries: texts(excepted, `Not${element}`), except: true };
  const named = raw[element];
  return named === undefined ? undefined : { entries: texts(named, element), except: false };
}

function readPrincipals(raw: Readonly<Record<string, unknown>>): ListedPrincipals | undefined {
  if (raw.NotPrincipal !== undefined) return { entries: principalEntries(raw.NotPrincipal), except: true };
  return raw.Principal === undefined ? undefined : { entries: principalEntries(raw.Principal), except: false };
}

const KINDS: readonly PrincipalKind[] = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

function principalEntries(value: unknown): readonly PrincipalEntry[] {
  if (!isRecord(value)) return texts(value, 'Principal').map((text) => ({ kind: '*', value: text }));
  return Object.entries(value).flatMap(([name, values]) => {
    const kind = KINDS.find((known) => known.toLowerCase() === name.toLowerCase());
    return texts(values, `Principal.${name}`).map((text) => ({ kind: kind ?? '*', value: kind ? text : hole(`Principal.${name}`) }));
  });
}

function readTests(value: unknown, at: string): readonly Test[] {
  if (value === undefined || value === null) return [];
  const unknown = (name: string): Test => ({ operator: undefined, key: '', values: [], name });
  if (!isRecord(value)) return [unknown(nameOf(value, `Condition of ${at}`))];
  return Object.entries(value).flatMap(([name, keys]): readonly Test[] => {
    const operator = operatorOf(name);
    if (!isRecord(keys)) return [unknown(nameOf(keys, `${name} of ${at}`))];
    return Object.entries(keys).map(([key, values]) => ({
      operator,
      key: key.toLowerCase(),
      values: texts(values, `${name} ${key}`),
      name: operator ? key : `the operator ${name}`,
    }));
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);

/** What to name as missing: the holes in the value, or what it stands for. */
const nameOf = (value: unknown, fallback: string): string =>
  typeof value === 'string' && hasHole(value) ? holesIn(value).join(', ') : fallback;

/** Texts of an element; what is neither text nor number nor truth value is a hole. */
const texts = (value: unknown, name: string): readonly string[] =>
  listOf(value).map((item) =>
    typeof item === 'string' ? item : typeof item === 'number' || typeof item === 'boolean' ? String(item) : hole(name),
  );
