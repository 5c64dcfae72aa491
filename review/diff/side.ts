import type { ControlId, DataProfile, Severity } from '../../controls';
import type { Evaluation, Graph } from '../../policies';
import type { Resource } from '../../policies/resource';
import type { DeclaredWaiver } from '../../policies/waiver';
import type { ReviewChange } from '../schema-review';

/** One target of a side, read and judged with every pass kept. */
export interface SideTarget {
  readonly path: string;
  readonly graph: Graph;
  /** Judged by its own tier. */
  readonly evaluation: Evaluation;
  /** Judged as the highest tier: a weakening is told also where the tier would bear it. */
  readonly strictest: Evaluation;
  /** Of the project file and of what is deployed. */
  readonly waivers: readonly DeclaredWaiver[];
  /** What packs of rules wrote beside it. */
  readonly packs?: readonly PackReport[] | undefined;
  /** Versions of the libraries that made it, by name. */
  readonly libraries?: Readonly<Record<string, readonly string[]>> | undefined;
  /** The same target read otherwise: with other values of its parameters. */
  readonly again?: (graph: Graph, waivers: readonly DeclaredWaiver[]) => SideTarget;
}

/** What the project file says of the organisations around an input. */
export interface Partners {
  /** Id of the own AWS organisation: conditions that ask for it keep everyone else out, those that ask for another do not. */
  readonly organisation?: string | undefined;
  /** AWS accounts that are ours although nothing here is deployed into them. */
  readonly accounts?: readonly string[] | undefined;
  /** Directories of Azure that are ours. */
  readonly tenants?: readonly string[] | undefined;
  /** AWS accounts, principals, groups, tenants and domains of mail addresses that belong to subcontractors. */
  readonly subcontractors?: readonly string[] | undefined;
}

/** What one pack of rules found, as it wrote it beside what is deployed. */
export interface PackReport {
  readonly name: string;
  readonly found: readonly { readonly rule: string; readonly path: string }[];
}

/** What checks a project besides this review, as its own files say. */
export interface Checks {
  /** Tools and packs of rules by name, with the files that run or name them. */
  readonly tools: Readonly<Record<string, readonly string[]>>;
  /** How they are run, where that decides what passes: `palisade check --strict` in a file. */
  readonly runs: readonly CheckRun[];
  /** Findings that are taken for known, by the file that lists them. */
  readonly baselines: Readonly<Record<string, readonly string[]>>;
  /** Switches of the project that check something, by name: `cdk.json @aws-cdk/core:checkSecretUsage`. */
  readonly switches: Readonly<Record<string, boolean>>;
}

/** One step of CI, or one script, that runs a tool. */
export interface CheckRun {
  readonly tool: string;
  readonly file: string;
  readonly line: number;
  /** Lowest severity that fails, where it is written. */
  readonly gate?: Severity | undefined;
  readonly strict: boolean;
  /** What it finds does not stop the job. */
  readonly ignored: boolean;
}

/** One of the two states that are compared. */
export interface Side {
  readonly which: 'before' | 'after';
  readonly targets: readonly SideTarget[];
  /** Where the whole project is at hand. */
  readonly checks?: Checks | undefined;
  /** What the project file says about the check itself. */
  readonly settings?: {
    readonly gate?: Severity | undefined;
    readonly strict?: boolean | undefined;
    /** Of units that declare none themselves. */
    readonly profile?: DataProfile | undefined;
    /** Which accounts and tenants around the input are ours, and which belong to subcontractors. */
    readonly partners?: Partners | undefined;
  };
}

/** Which resource of one side is which of the other: by stable identity, not by its id. */
export interface Pairing {
  /** The same resource on the other side. */
  other(resource: Resource): Resource | undefined;
  /** One name for both sides; unique on each. */
  identity(resource: Resource): string;
  /** How a person calls it: `the bucket Records`, and where two would be called the same, with its stack. */
  name(resource: Resource): string;
}

/** What the sides are compared by. */
export interface Occasion {
  /** Day that expiry is judged by. */
  readonly today: Date;
}

/** What was changed and led to a consequence: a resource by its identity, and where in it; the whole of it without a path. */
export interface Cause {
  readonly resource: string;
  readonly path?: string;
}

/** A consequence with what led to it, so that several of one cause are told in one line. */
export interface Told extends ReviewChange {
  readonly causes?: readonly Cause[];
  /** Controls whose loss it tells already, wherever a rule notices. */
  readonly covers?: readonly ControlId[];
  /** Controls whose matter it tells of its own subject, and of nothing else there; without it, whatever has the same cause. */
  readonly tells?: readonly ControlId[];
}

/** Finds what one aspect of the change means. Pure. */
export type Aspected = (before: Side, after: Side, pairing: Pairing, occasion: Occasion) => readonly Told[];

/** Every resource of a side, in the order of its targets. */
export function* resourcesOf({ targets }: Side): Iterable<Resource> {
  for (const { graph } of targets) yield* graph.resources();
}
