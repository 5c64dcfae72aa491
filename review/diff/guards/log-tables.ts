/** Tables of a workspace: for how long each keeps its records and what may be done with them; what a table does not say, its workspace does. */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { type Estate, estatesOf } from '../access-azure/estate';
import { completeDeployments } from '../data/azure-deployments';
import { staysUnmanaged } from '../data/parts';
import { placeOf, shownAs } from '../reading';
import { type Aspected, type Pairing, resourcesOf, type Told } from '../side';

const TABLE = 'azure-native:operationalinsights:Table';
const WORKSPACE = 'azure-native:operationalinsights:Workspace';
/** What a workspace keeps where nobody says. */
const USUAL = 30;
/** From the plan of which least may be asked. */
const PLANS = ['auxiliary', 'basic', 'analytics'];
/** Tables that somebody made: they go with what they hold. */
const OWN = /_(CL|SRCH|RST)$/i;

export const logTables: Aspected = (before, after, pairing) => {
  const lines: Told[] = [];
  let isDeleted: ((resource: Resource) => boolean) | undefined;
  for (const resource of resourcesOf(before)) {
    if (resource.type !== TABLE || resource.option('external').boolean === true) continue;
    const { after: now, before: old } = estatesOf(before, after, pairing);
    const other = pairing.other(resource);
    if (other) lines.push(...compared(resource, old, other, now, pairing));
    else {
      isDeleted ??= completeDeployments(after);
      lines.push(...gone(resource, old, pairing, staysUnmanaged(resource) && !isDeleted(resource)));
    }
  }
  for (const resource of resourcesOf(after))
    if (resource.type === TABLE && pairing.other(resource) === undefined)
      lines.push(...fresh(resource, estatesOf(before, after, pairing).after, pairing));
  return lines;
};

interface Kept {
  /** Days for which they are searched as usual. */
  readonly days: number | undefined;
  /** Days until they are deleted. */
  readonly total: number | undefined;
}

/** Minus one, or nothing, means what the workspace says. */
function keptBy(table: Resource, estate: Estate): Kept {
  const workspace = estate.find(table.at('workspaceName'), WORKSPACE);
  const days = numberOf(table.at('retentionInDays')) ?? (workspace ? (numberOf(workspace.at('retentionInDays')) ?? USUAL) : Number.NaN);
  const total = numberOf(table.at('totalRetentionInDays')) ?? days;
  return { days: known(days), total: known(total) };
}
const known = (days: number): number | undefined => (Number.isNaN(days) ? undefined : days);
/** Undefined where it is left to something else. */
function numberOf(value: Value): number | undefined {
  if (value.state === 'absent' || value.number === -1) return undefined;
  return value.number ?? Number.NaN;
}

function* compared(before: Resource, old: Estate, after: Resource, now: Estate, pairing: Pairing): Iterable<Told> {
  const [was, is] = [keptBy(before, old), keptBy(after, now)];
  const tell = (direction: Told['direction'], path: string, words: string) => line(after, pairing, direction, path, words);
  for (const [path, left, right, what] of [
    ['totalRetentionInDays', was.total, is.total, 'the retention of its records'],
    ['retentionInDays', was.days, is.days, 'the time in which its records are searched as usual'],
  ] as const) {
    if (left === right || sameAs(before, after, path)) continue;
    if (left === undefined || right === undefined)
      yield tell('undecided', path, `${what} depends on its workspace or on what only deployment tells: read whether it stays as long`);
    else yield tell(right < left ? 'weaker' : 'stronger', path, `${what} goes from ${left} to ${right} days`);
    // What is deleted is not searched either.
    if (path === 'totalRetentionInDays' && left === was.days && right === is.days) break;
  }
  const [plan, plans] = [before, after].map((table) =>
    PLANS.indexOf((table.at('plan').orDefault('Analytics').string ?? '').toLowerCase()),
  ) as [number, number];
  if (plan >= 0 && plans >= 0 && plan !== plans)
    yield tell(
      plans < plan ? 'weaker' : 'stronger',
      'plan',
      plans < plan
        ? `its plan is ${after.at('plan').string} now: rules of detection do not read it, and only simple questions can be asked of it`
        : `its plan is ${after.at('plan').orDefault('Analytics').string} now`,
    );
}
/** Neither the table nor what it leaves to its workspace was changed. */
const sameAs = (before: Resource, after: Resource, path: string): boolean =>
  before.at(path).shape === after.at(path).shape && before.at(path).number !== undefined && before.at(path).number !== -1;

function* gone(table: Resource, estate: Estate, pairing: Pairing, stays: boolean): Iterable<Told> {
  const workspace = estate.find(table.at('workspaceName'), WORKSPACE);
  // What goes with its workspace is told with it.
  if (workspace && pairing.other(workspace) === undefined) return;
  if (stays) {
    yield line(
      table,
      pairing,
      'weaker',
      undefined,
      'is no longer in the template and stays, unmanaged: nothing says any more how long its records are kept',
    );
    return;
  }
  const name = table.names.find((one): one is string => typeof one === 'string') ?? '';
  if (OWN.test(name)) {
    yield line(table, pairing, 'weaker', undefined, 'is gone, and the records in it with it', 'high');
    return;
  }
  const { total } = keptBy(table, estate);
  const left = workspace ? (numberOf(workspace.at('retentionInDays')) ?? USUAL) : undefined;
  if (total !== undefined && left !== undefined && left >= total) return;
  yield line(
    table,
    pairing,
    'weaker',
    undefined,
    `is gone: nothing says any more that its records are kept ${total === undefined ? 'longer than others' : `for ${total} days`}`,
  );
}

function* fresh(table: Resource, estate: Estate, pairing: Pairing): Iterable<Told> {
  const workspace = estate.find(table.at('workspaceName'), WORKSPACE);
  const { total } = keptBy(table, estate);
  if (workspace && pairing.other(workspace) !== undefined && total !== undefined)
    yield line(table, pairing, 'stronger', undefined, `is new: its records are kept for ${total} days`);
}

function line(
  table: Resource,
  pairing: Pairing,
  direction: Told['direction'],
  path: string | undefined,
  words: string,
  severity: Told['severity'] = 'medium',
): Told {
  return {
    aspect: 'logging',
    direction,
    severity: direction === 'stronger' ? 'low' : severity,
    sentence: `${pairing.name(table)}${path === undefined ? '' : ':'} ${words}`,
    subject: pairing.identity(table),
    topic: `table ${path ?? 'there'}`,
    ...(direction === 'stronger' ? {} : { approver: 'security' as const }),
    evidence: [
      {
        resource: shownAs(table),
        side: path === undefined && direction !== 'stronger' ? 'before' : 'after',
        ...placeOf(table, path),
        saw: path ?? words,
      },
    ],
    causes: [{ resource: pairing.identity(table), ...(path === undefined ? {} : { path }) }],
  };
}
