/**
 * The managed policies of AWS by their documents, from data that is read when a review meets the first of them. A name that the data
 * does not hold is newer than it, or mistyped: what it allows is not known.
 */
import type { Policy } from './documents';

interface Data {
  /** The day of the newest document. */
  readonly newest: string;
  /** Statements by path and name: `service-role/AWSLambdaBasicExecutionRole`. */
  readonly policies: Readonly<Record<string, readonly unknown[]>>;
}

let data: Data | undefined;
function load(): Data {
  data ??= require('./managed-policies.generated.json') as Data;
  return data;
}

/** Path and name, in any partition, also in one that only deployment knows. */
const ARN = /^arn:(.+):iam::aws:policy\/(.+)$/su;

/** Of an ARN of a managed policy of AWS: its path and name; undefined for every other text. */
export const awsManagedName = (arn: string): string | undefined => ARN.exec(arn)?.[2];

const known = new Map<string, Policy>();

/**
 * The managed policy of AWS that an ARN names, one object for each; undefined where the ARN names none, or one that is not known.
 *
 * @example
 * awsManagedPolicy('arn:aws:iam::aws:policy/ReadOnlyAccess')
 */
export function awsManagedPolicy(arn: string): Policy | undefined {
  const [, partition = '', name] = ARN.exec(arn) ?? [];
  return name === undefined ? undefined : policyOf(name, /^aws-[a-z-]+$/.test(partition) ? partition : 'aws');
}

/** By its name alone, as serverless templates write it. */
export function awsManagedPolicyNamed(name: string): Policy | undefined {
  const path = pathsByName().get(name);
  return path === undefined ? undefined : policyOf(path, 'aws');
}

function policyOf(name: string, partition: string): Policy | undefined {
  const id = `${partition} ${name}`;
  const found = known.get(id);
  if (found) return found;
  const { policies } = load();
  if (!Object.hasOwn(policies, name)) return undefined;
  const policy = { name: `the AWS managed policy ${name.replace(/^.*\//, '')}`, id, document: documentOf(policies[name], partition) };
  known.set(id, policy);
  return policy;
}

/** The resources of another partition begin otherwise. */
function documentOf(statements: unknown, partition: string): unknown {
  const own = partition === 'aws' ? statements : JSON.parse(JSON.stringify(statements).replaceAll('"arn:aws:', `"arn:${partition}:`));
  return { Version: '2012-10-17', Statement: own };
}

let byName: ReadonlyMap<string, string> | undefined;
function pathsByName(): ReadonlyMap<string, string> {
  byName ??= new Map(Object.keys(load().policies).map((path) => [path.replace(/^.*\//, ''), path]));
  return byName;
}

/** Path and name of every policy that is known. */
export const awsManagedNames = (): readonly string[] => Object.keys(load().policies);
