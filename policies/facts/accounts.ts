import type { Graph } from '../graph';
import { fail, type Outcome, pass, unknown } from '../outcome';
import type { Value } from '../value';
import type { Principal } from './iam';

/**
 * Accounts from which Elastic Load Balancing writes access logs, one for each region that had it before August 2022; a
 * grant to them lets nobody in but the service.
 */
const LOAD_BALANCING_ACCOUNTS = new Set([
  ...['098369216593', '754344448648', '582318560864', '600734575887', '383597477331', '718504428378', '114774131450', '783225319266'],
  ...['589379963580', '985666609251', '638102146993', '037604701340', '054676820928', '897822967062', '635631232127', '156460612806'],
  ...['652711504416', '009996457667', '076674570225', '507241528517', '127311923021', '033677994240', '190560391635', '048591011584'],
  ...['770363063475', '121062877647', '740734521339', '091100254016', '412137745753', '027434742980', '797873946194'],
]);

/** Whether a principal is the account of Elastic Load Balancing: by its number, or out of a mapping by region. */
export function isLoadBalancing(shape: string): boolean {
  const [, account = ''] = /^(?:arn:.*:iam::)?(\d{12}|\$\{the mapping [^}]*\})(?::root)?$/.exec(shape) ?? [];
  return account.startsWith('$') || LOAD_BALANCING_ACCOUNTS.has(account);
}

/** Accounts that the input is known to deploy into; they count as one organisation. */
export function ownAccounts(graph: Graph): ReadonlySet<string> {
  return graph.once('own accounts', () => new Set(graph.units.flatMap(({ account }) => (account ? [account] : []))));
}

/**
 * Whether an AWS account, written as a number, belongs to somebody else; `pass` means yes. Without a single account that
 * is known to be ours nothing tells.
 */
export function isForeignAccount(account: string, graph: Graph): Outcome {
  const own = ownAccounts(graph);
  if (own.has(account)) return fail(`account ${account} is one of ours`);
  if (LOAD_BALANCING_ACCOUNTS.has(account)) return fail(`account ${account} belongs to Elastic Load Balancing`);
  return own.size === 0 ? unknown(`whether account ${account} is ours: the input names no account that it deploys into`) : pass();
}

/**
 * Whether the principal belongs to an account outside those that the input deploys into; `pass` means yes. Everyone, services
 * and identity providers are other questions and answer no.
 */
export function isOutsider({ kind, value }: Principal, graph: Graph): Outcome {
  const inside = value.asFailure();
  if (kind === undefined) return value.asUnknown();
  if (kind === 'CanonicalUser') return value.state === 'reference' ? inside : unknown(`whom ${value.describe()} stands for`, value.path);
  if (kind !== 'AWS') return inside;
  if (value.state === 'reference') return inside;
  const { shape } = value;
  if (shape === undefined) return isOwnAccount(value.missing) ? inside : value.asUnknown();
  if (/^A(ROA|IDA)/.test(shape)) return unknown(`whom ${value.describe()} stands for`, value.path);
  const account = accountIn(shape);
  if (account === undefined || isOwnAccount(/^\$\{([^}]*)\}$/.exec(account)?.[1])) return inside;
  if (account.startsWith('${')) return value.asUnknown();
  const foreign = isForeignAccount(account, graph);
  return foreign.verdict === 'pass' ? { verdict: 'pass', saw: value.describe(), at: value.path } : { ...foreign, at: value.path };
}

/**
 * Whether one of the principals belongs to an account outside; `pass` means yes. Where no account is known to be ours, two
 * different ones that are named together still cannot both be.
 */
export function isOutsiderAmong(principals: readonly Principal[], graph: Graph): Outcome {
  const outcomes = principals.map((principal) => isOutsider(principal, graph));
  const decided = outcomes.find(({ verdict }) => verdict === 'pass');
  if (decided) return decided;
  const open = outcomes.find(({ verdict }) => verdict === 'unknown');
  if (!open || ownAccounts(graph).size > 0) return open ?? fail('names nobody outside');
  const accounts = new Set(principals.flatMap(({ kind, value }) => (kind === 'AWS' ? (literalAccount(value) ?? []) : [])));
  return accounts.size > 1 ? { verdict: 'pass', saw: `accounts ${[...accounts].join(' and ')} cannot both be ours`, at: open.at } : open;
}

/** The number of the account that a principal names, unless it is that of a load balancer. */
function literalAccount({ shape }: Value): string | undefined {
  const account = shape === undefined ? undefined : accountIn(shape);
  return account !== undefined && /^\d+$/.test(account) && !LOAD_BALANCING_ACCOUNTS.has(account) ? account : undefined;
}

/** Whether a value that names a caller (an account number or an ARN) names one of somebody else's; `pass` means yes. */
export function namesForeigner(value: Value, graph: Graph): Outcome {
  return isOutsider({ kind: 'AWS', value }, graph);
}

const isOwnAccount = (hole: string | undefined): boolean => hole !== undefined && /^AWS::AccountId\b/.test(hole);

/** The account part of an ARN or account number, as a shape; undefined for what names no account (`*`, a CloudFront identity). */
function accountIn(shape: string): string | undefined {
  if (/^\d+$/.test(shape)) return shape;
  const [, account] = /^arn:.*?:(?:iam|sts)::(\$\{[^}]*\}|\d+):/.exec(shape) ?? [];
  return account;
}
