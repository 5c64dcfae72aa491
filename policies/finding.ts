import type { ControlId, Severity } from '../controls';
import type { Origin, Verdict } from './outcome';
import type { Cloud, Location, Resource } from './resource';
import type { Waiver } from './waiver';

/** One verdict of one rule on one resource. */
export interface Finding {
  readonly rule: string;
  readonly control: ControlId;
  readonly verdict: Verdict;
  readonly severity: Severity;
  readonly cloud: Cloud;
  readonly resource: Resource;
  /** Property path that decided, where there is one. */
  readonly at?: string | undefined;
  /** Who wrote the value that decided. Azure only: what a program of the CDK deploys does not tell its author from its libraries. */
  readonly origin?: Origin | undefined;
  /** What was seen; for `unknown`, which value is missing. */
  readonly message: string;
  /** What to write instead. */
  readonly fix: string;
  readonly location?: Location | undefined;
  /** Set when an exception covers it: the finding stands, but no gate fails on it. */
  readonly waiver?: Waiver | undefined;
}
