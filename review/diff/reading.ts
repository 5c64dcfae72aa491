/** The resources of a side as plain data, each read once; what they refer to is called by the identity that both sides share. */
import type { Resource } from '../../policies/resource';
import { hole, holesIn, show } from './access/text';
import { type Plain, type PlainMap, plainNode, plainOf } from './plain';
import { type Pairing, resourcesOf, type Side } from './side';

export const asMap = (value: Plain | undefined): PlainMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PlainMap) : {};
export const asList = (value: Plain | undefined): readonly Plain[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? (value as readonly Plain[]) : [value];
export const asText = (value: Plain | undefined): string | undefined =>
  value === undefined || value === null || typeof value === 'object' ? undefined : String(value);

/** By a path of keys: `Rule.DefaultRetention.Days`; keys that hold dots are given as a list. */
export function valueAt(value: Plain | undefined, path: string | readonly string[]): Plain | undefined {
  let at = value;
  for (const key of typeof path === 'string' ? path.split('.') : path) at = asMap(at)[key];
  return at;
}

const READERS = new WeakMap<Pairing, Map<Side, Reader>>();

/** The reader of a side in a comparison. */
export function readerOf(side: Side, pairing: Pairing): Reader {
  const readers = READERS.get(pairing) ?? new Map<Side, Reader>();
  READERS.set(pairing, readers);
  const known = readers.get(side) ?? new Reader(side, pairing);
  readers.set(side, known);
  return known;
}

export class Reader {
  readonly #plain = new Map<Resource, PlainMap>();
  readonly #byId = new Map<string, Resource>();
  readonly #byIdentity = new Map<string, Resource>();
  /** Undefined for names that several resources have. */
  readonly #named = new Map<string, Resource | undefined>();
  readonly #accounts = new Set<string>();

  constructor(
    side: Side,
    readonly pairing: Pairing,
  ) {
    for (const resource of resourcesOf(side)) {
      this.#byId.set(resource.id, resource);
      this.#byIdentity.set(pairing.identity(resource), resource);
      for (const name of new Set(resource.names))
        if (typeof name === 'string' && name !== '') this.#named.set(name, this.#named.has(name) ? undefined : resource);
    }
    for (const { graph } of side.targets) for (const { account } of graph.units) if (account !== undefined) this.#accounts.add(account);
  }

  of(resource: Resource): PlainMap {
    const known = this.#plain.get(resource);
    if (known) return known;
    const plain = asMap(this.#asReferences(plainOf(resource, this.names), this.#refersOtherwise(resource)));
    this.#plain.set(resource, plain);
    return plain;
  }

  /**
   * ARNs that somebody wrote out by the names that resources of both sides declare, where the other side refers to these instead: what
   * is written out on both sides stays, because patterns are compared with it.
   */
  #asReferences(value: Plain, isReferred: (target: Resource) => boolean): Plain {
    if (typeof value === 'string') return value.startsWith('arn:') ? this.#asReference(value, isReferred) : value;
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return (value as readonly Plain[]).map((item) => this.#asReferences(item, isReferred));
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, this.#asReferences(item as Plain, isReferred)]));
  }

  #asReference(arn: string, isReferred: (target: Resource) => boolean): string {
    const known = this.#arns();
    for (let end = arn.length; end > 0; end = Math.max(arn.lastIndexOf('/', end - 1), arn.lastIndexOf(':', end - 1))) {
      const found = known.get(arn.slice(0, end));
      if (found) return isReferred(found) ? hole(referenceTo(found, this.pairing.identity(found))) + arn.slice(end) : arn;
    }
    return arn;
  }

  /** Whether the other state of a resource refers to the other state of another one. */
  #refersOtherwise(resource: Resource): (target: Resource) => boolean {
    const other = this.pairing.other(resource);
    let text: string | undefined;
    return (target) => {
      const referred = other && this.pairing.other(target);
      if (!referred) return false;
      text ??= JSON.stringify(plainOf(other, (id) => id));
      return text.includes(hole(referenceTo(referred, referred.id)));
    };
  }

  #written: Map<string, Resource> | undefined;
  #arns(): ReadonlyMap<string, Resource> {
    if (this.#written) return this.#written;
    const found = new Map<string, Resource>();
    this.#written = found;
    for (const resource of this.#byId.values()) {
      const [arn, other] = [arnOf(resource), this.pairing.other(resource)];
      if (arn !== undefined && other && arnOf(other) === arn) found.set(arn, resource);
    }
    return found;
  }

  readonly names = (id: string): string => {
    const resource = this.#byId.get(id);
    return resource ? this.pairing.identity(resource) : id;
  };

  /** The resource that a text refers to: by a hole with its identity, else by the name or ARN that the service knows it by. */
  referred(text: string): Resource | undefined {
    const [inside] = holesIn(text);
    const known =
      inside === undefined ? undefined : (this.#byIdentity.get(inside) ?? this.#byIdentity.get(inside.replace(/\.[\w.]+$/, '')));
    return known ?? this.#named.get(text) ?? this.#named.get(text.replace(/^.*[:/]/, ''));
  }

  /** A text for people: references by the names of what they refer to. */
  words(text: string): string {
    return show(text).replaceAll(/\$\{([^}]+)\}/g, (whole, inside: string) => {
      const known = this.#byIdentity.get(inside) ?? this.#byIdentity.get(inside.replace(/\.[\w.]+$/, ''));
      return known ? this.pairing.name(known) : whole;
    });
  }

  /** A text for people that holds ids of this side, `${id}` or `${id.attribute}`: by name. */
  named(text: string): string {
    return text.replaceAll(/\$\{([^}]+)\}/g, (whole, inside: string) => {
      const known = this.#byId.get(inside) ?? this.#byId.get(inside.replace(/\.[\w.]+$/, ''));
      return known ? this.pairing.name(known) : whole;
    });
  }

  /** The account that an ARN or a number names, where it is none of ours: where the input names none, whatever it writes out is not its own. */
  foreignAccount(text: string): string | undefined {
    const account = /^(\d{12})$/.exec(text)?.[1] ?? /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(text)?.[1];
    return account === undefined || this.#accounts.has(account) ? undefined : account;
  }

  /** Why a foreign account may be ours all the same; undefined where the input names the accounts that it deploys into. */
  get unsure(): string | undefined {
    return this.#accounts.size === 0 ? 'the input names no account that it deploys into' : undefined;
  }
}

/** What gives the ARN of a type, where that is not its attribute `Arn`. */
const BY_REF = /^AWS::(SNS::Topic|IAM::ManagedPolicy|StepFunctions::StateMachine)$/;
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'AWS::RDS::DBCluster': 'DBClusterArn',
  'AWS::RDS::DBInstance': 'DBInstanceArn',
  'AWS::Backup::BackupVault': 'BackupVaultArn',
};
const referenceTo = ({ type }: Resource, id: string): string => (BY_REF.test(type) ? id : `${id}.${ATTRIBUTES[type] ?? 'Arn'}`);

/** The ARN that follows from the name that a resource declares: its last name, where no path belongs to it as well. */
function arnOf(resource: Resource): string | undefined {
  const { names, scope, type } = resource;
  if (names.length < 2 || (type.startsWith('AWS::IAM::') && resource.at('Path').state !== 'absent')) return undefined;
  const arn = plainNode(scope, names.at(-1), (id) => id);
  if (typeof arn !== 'string' || !arn.startsWith('arn:')) return undefined;
  return type === 'AWS::Logs::LogGroup' ? `${arn}:*` : arn;
}

/** Where a resource stands, for evidence. */
export function placeOf(resource: Resource, path?: string): { readonly location?: { readonly file: string; readonly line?: number } } {
  const location = resource.locate(path);
  return location ? { location: { file: location.file, ...(location.line === undefined ? {} : { line: location.line }) } } : {};
}

export const shownAs = ({ logicalId, path }: Resource): string => path ?? logicalId;
