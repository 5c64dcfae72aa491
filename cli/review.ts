import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Tier } from '../controls';
import { GatherError, type Gathered, gather } from '../policies/gather';
import { madeByIn, packReportsIn } from '../policies/gather/assembly-reports';
import { compareSides, type SideConfig, sideOf } from '../review/diff';
import { librariesIn } from '../review/diff/libraries';
import { digestOf, lineKey, type NamedSide, type RecordedApproval, reviewOf } from '../review/review-document';
import type { ReviewDocument } from '../review/schema-review';
import { APPROVALS_FILE } from './approvals';
import { checksIn } from './checks';
import { CONFIG_FILE, type Config, loadConfig, packageVersion } from './config';
import { problemLine, UsageError } from './problem';
import { expandTargets } from './targets';
import { type Checkout, checkOut, differInLibraries, differOnlyInLibraries, isRef, requireClean } from './worktree';

export interface ReviewOptions {
  /** Targets inside of commits. @default those of palisade.yaml, else what the folder is */
  readonly targets?: readonly string[];
  readonly config?: string | undefined;
  readonly tier?: Tier | undefined;
  readonly today?: Date | undefined;
  readonly stack?: string | undefined;
  readonly answers?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly prepare?: string | undefined;
  /** With commits: what the new libraries alone lead to is found out and marked. @default false */
  readonly attributeUpgrade?: boolean | undefined;
  readonly approvals?: readonly RecordedApproval[] | undefined;
  /** Where they stand; it may be changed while commits are compared. @default palisade.approvals.yaml */
  readonly approvalsFile?: string | undefined;
}

/**
 * Compares two states: folders, templates, programs, or commits.
 * @throws UsageError or GatherError one line that says what, where and what to do
 */
export async function review(base: readonly string[], head: readonly string[], options: ReviewOptions = {}): Promise<ReviewDocument> {
  const today = options.today ?? new Date();
  const [refs, others] = [
    [refOf(base, '--base'), refOf(head, '--head')],
    [base, head],
  ];
  if (refs.some((ref) => ref !== undefined)) requireClean(options.approvalsFile ?? APPROVALS_FILE);
  const checkouts: Checkout[] = [];
  try {
    const sides: NamedSide[] = [];
    for (const [at, which] of (['before', 'after'] as const).entries()) {
      const ref = refs[at];
      const checkout = ref === undefined ? undefined : await checkOut(ref, options);
      if (checkout) checkouts.push(checkout);
      sides.push(await readSide(which, checkout?.targets ?? (others[at] as readonly string[]), checkout, options, today));
    }
    const [one, other] = sides as [NamedSide, NamedSide];
    requireSameClouds(one, other);
    const [from, to] = [one.ref?.commit, other.ref?.commit];
    const told = (words: string) => toldBy(words, checkouts);
    const onlyUpgrade = from !== undefined && to !== undefined && differOnlyInLibraries(from, to);
    const document = reviewOf(one, other, {
      today,
      version: packageVersion(),
      approvals: options.approvals,
      told,
      onlyUpgrade,
      byLibraries: options.attributeUpgrade && !onlyUpgrade ? await ledToByLibraries(one, other, checkouts, options, today) : undefined,
    });
    return toldBy(document, checkouts);
  } finally {
    for (const checkout of checkouts) checkout.remove();
  }
}

/**
 * The lines that the base would have with the libraries of the head, in a third worktree; why nobody can tell, where the old source
 * does not go with them.
 * @throws UsageError where the sides are no commits
 */
async function ledToByLibraries(
  { ref: from, side: before }: NamedSide,
  { ref: to }: NamedSide,
  checkouts: Checkout[],
  options: ReviewOptions,
  today: Date,
): Promise<ReadonlySet<string> | string | undefined> {
  if (from === undefined || to === undefined)
    throw new UsageError('--attribute-upgrade needs two commits: it synthesises the base with the libraries of the head');
  if (!differInLibraries(from.commit, to.commit)) return undefined;
  try {
    const checkout = await checkOut(from.name, { ...options, libraries: to.commit });
    checkouts.push(checkout);
    const { side } = await readSide('after', checkout.targets, checkout, options, today);
    const told = (words: string) => toldBy(words, checkouts);
    return new Set(compareSides(before, side, { today }).map((change) => lineKey(change, told)));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return `the base does not go with the libraries of the head (${error.message})`;
  }
}

/** Without the places of the worktrees, which are other ones in each run and gone after it. */
function toldBy<T>(value: T, checkouts: readonly Checkout[]): T {
  if (checkouts.length === 0) return value;
  if (typeof value === 'string') return checkouts.reduce((words, { told }) => told(words), value as string) as T;
  if (Array.isArray(value)) return value.map((item) => toldBy(item, checkouts)) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toldBy(item, checkouts)])) as T;
}

/** The digest of one state, as `review` computes it. */
export async function digestOfTargets(targets: readonly string[], options: ReviewOptions = {}): Promise<string> {
  const ref = refOf(targets, 'verify');
  if (ref !== undefined) requireClean(options.approvalsFile ?? APPROVALS_FILE);
  const checkout = ref === undefined ? undefined : await checkOut(ref, options);
  try {
    const { side } = await readSide('after', checkout?.targets ?? targets, checkout, options, options.today ?? new Date());
    return digestOf(side);
  } finally {
    checkout?.remove();
  }
}

/** A single text that is no file, but a commit. */
function refOf(given: readonly string[], option: string): string | undefined {
  const [only, ...more] = given;
  if (only === undefined) throw new UsageError(`${option} needs a value: a folder, a template, a program or a commit`);
  if (existsSync(only)) return undefined;
  if (isRef(only)) {
    if (more.length > 0)
      throw new UsageError(
        `${option} ${given.join(' ')}: a commit stands alone; write targets before the options: palisade review ${more.join(' ')} …`,
      );
    return only;
  }
  // Globs are expanded later.
  if (more.length === 0 && !/[*?{[]/.test(only))
    throw new UsageError(`${option} ${only}: is neither a path here nor a commit of this repository; check the path, or fetch the commit`);
  return undefined;
}

async function readSide(
  which: 'before' | 'after',
  targets: readonly string[],
  checkout: Checkout | undefined,
  options: ReviewOptions,
  today: Date,
): Promise<NamedSide> {
  const config = await configFor(checkout, options, today);
  const read: Gathered[] = [];
  for (const target of await expandTargets(targets)) {
    if (target.error !== undefined) throw new UsageError(target.error);
    if (target.left !== undefined) continue;
    read.push(await readTarget(target.path, checkout, options));
  }
  if (read.length === 0) throw new UsageError(`${which === 'before' ? '--base' : '--head'}: nothing to review in ${targets.join(', ')}`);
  const said: SideConfig = {
    gate: config.gate,
    strict: config.strict,
    profile: config.profile,
    partners: config.partners,
    waivers: config.waivers,
    tier: options.tier,
    checks: checkout && checksIn(checkout.tree),
  };
  const named = read.map((gathered) => ({
    ...gathered,
    packs: gathered.beside === undefined ? undefined : packReportsIn(gathered.beside),
    libraries: gathered.beside === undefined ? undefined : librariesIn(madeByIn(gathered.beside).values()),
    path: checkout?.told(gathered.path) ?? gathered.path,
  }));
  return {
    side: sideOf(which, named, { today }, said),
    kinds: read.map(({ kind }) => kind),
    ref: checkout?.ref,
  };
}

async function readTarget(path: string, checkout: Checkout | undefined, options: ReviewOptions): Promise<Gathered> {
  try {
    return await gather(path, options);
  } catch (error) {
    if (!(error instanceof GatherError)) throw error;
    throw new UsageError(`${checkout ? `${checkout.ref.name}: ` : ''}${checkout?.told(error.message) ?? error.message}`);
  }
}

/** A commit is judged by its own project file; what is named without one by the file that is here. */
async function configFor(checkout: Checkout | undefined, { config }: ReviewOptions, today: Date): Promise<Config> {
  const own = checkout && config === undefined ? join(checkout.folder, CONFIG_FILE) : undefined;
  const loaded = own !== undefined && !existsSync(own) ? undefined : await loadConfig(own ?? config, today);
  const [problem] = loaded?.problems ?? [];
  if (problem) throw new UsageError(problemLine(problem));
  return loaded ?? { targets: [], waivers: [], attestations: [], problems: [] };
}

function requireSameClouds(base: NamedSide, head: NamedSide): void {
  const cloudsOf = ({ side }: NamedSide) => new Set(side.targets.flatMap(({ graph }) => [...graph.resources()].map(({ cloud }) => cloud)));
  const [one, other] = [cloudsOf(base), cloudsOf(head)];
  if (one.size > 0 && other.size > 0 && ![...one].some((cloud) => other.has(cloud)))
    throw new UsageError(
      `--base is of ${[...one].join()} and --head of ${[...other].join()}: they cannot be compared; name two states of one environment`,
    );
}
