import type { Graph } from '../graph';
import type { DeclaredWaiver } from '../waiver';

/** What a target turned out to be. A target is detected, not declared. */
export type TargetKind = 'cdk-assembly' | 'cloudformation' | 'pulumi-program' | 'pulumi-preview' | 'arm';

/** A target that was read. */
export interface Gathered {
  readonly path: string;
  readonly kind: TargetKind;
  readonly graph: Graph;
  /** Exceptions that the artefact itself carries. */
  readonly waivers: readonly DeclaredWaiver[];
  /** Folder that holds what was written beside it (see `packReportsIn`, `madeByIn`), where there is one. */
  readonly beside?: string;
}

/** Why something could not be read. `source` tells whose turn it is: the user's input, or our defect. */
export class GatherError extends Error {
  override readonly name = 'GatherError';
  /**
   * @param what what is wrong and what to do, in one line, without the place
   * @param file the file (or folder) concerned
   * @param line from 1, where there is one
   */
  constructor(
    readonly what: string,
    readonly file: string,
    readonly line?: number,
    readonly source: 'user' | 'tool' = 'user',
    /** Of a program that failed: the user's own lines on its stack, innermost first. */
    readonly trace: readonly string[] = [],
  ) {
    super(`${file}${line === undefined ? '' : `:${line}`}: ${what}`.replace(/\s*\n\s*/g, ' '));
  }
}

/** Largest file that is read, in bytes. CloudFormation takes 1 MB and ARM 4 MB; synthesised files and exports are larger. */
export const LARGEST_FILE = 256 * 1024 * 1024;
/** Deepest nesting that is read; CloudFormation and ARM refuse far less. */
export const DEEPEST_NESTING = 200;
