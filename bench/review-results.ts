/** What `bench/review.ts` prints. */
export interface Found {
  readonly weakenings: number;
  readonly harmless: number;
  readonly review: { readonly told: number; readonly alarms: number };
  readonly cdkDiff: { readonly told: number; readonly alarms: number };
}
export interface Cost {
  readonly resources: number;
  readonly changed: number;
  /** Reading both sides from their templates, judging both, comparing. */
  readonly seconds: number;
  readonly comparing: number;
  /** Peak resident memory of the process, MiB. */
  readonly peak: number;
  readonly lines: number;
}
