/** The tools that we did not write. */
export const JUDGES = ['cdk-nag', 'cloudformation-validate', 'cfn-guard', 'cfn-lint', 'checkov'] as const;
export type Judge = (typeof JUDGES)[number];

/** One thing that a judge holds against one resource. */
export interface Objection {
  readonly judge: Judge;
  /** The judge's own id: `NIST.800.53.R5-IAMNoInlinePolicy`, `CT.S3.PR.9`, `CKV_AWS_18`. */
  readonly rule: string;
  /** Construct path where there is one, else the template and the logical id. */
  readonly resource: string;
  readonly message: string;
}

/** What a judge has to say, or why it could not. */
export interface Judgement {
  readonly judge: Judge;
  /** Version of the judge, and of its rules where they have their own. */
  readonly version: string;
  readonly objections: readonly Objection[];
  /** Set where the judge could not run; then it has judged nothing. */
  readonly absent?: string;
}

/** A reviewed disagreement. */
export interface Exception {
  readonly judge: Judge;
  readonly rule: RegExp;
  readonly resource: RegExp;
  /** Why the judge is wrong here, or what stands in place of what it asks for. */
  readonly reason: string;
}

/** What is left after the exceptions, and which exceptions match nothing any more. */
export interface Settled {
  readonly open: readonly Objection[];
  readonly excused: readonly Objection[];
  readonly stale: readonly Exception[];
}

/**
 * Sets the exceptions against the objections. An exception of a judge that did not run is neither used nor stale.
 *
 * @example
 * const { open, stale } = settle(judgements, EXCEPTIONS);
 */
export function settle(judgements: readonly Judgement[], exceptions: readonly Exception[]): Settled {
  const used = new Set<Exception>();
  const open: Objection[] = [];
  const excused: Objection[] = [];
  for (const objection of judgements.flatMap(({ objections }) => objections)) {
    const exception = exceptions.find(
      ({ judge, rule, resource }) => judge === objection.judge && rule.test(objection.rule) && resource.test(objection.resource),
    );
    if (exception) used.add(exception);
    (exception ? excused : open).push(objection);
  }
  const ran = new Set(judgements.filter(({ absent }) => absent === undefined).map(({ judge }) => judge));
  return { open, excused, stale: exceptions.filter((exception) => ran.has(exception.judge) && !used.has(exception)) };
}
