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

/** A reviewed disagreement: one reason, with whoever shares the opinion. */
export interface Exception {
  /** What each judge calls it. */
  readonly rules: Readonly<Partial<Record<Judge, RegExp>>>;
  /** App and construct path of what it is about. */
  readonly resource: RegExp;
  /** Why the judge is wrong here, or what stands in place of what it asks for. */
  readonly reason: string;
}

/** The part of an exception that one judge never needs. */
export interface Stale {
  readonly judge: Judge;
  readonly reason: string;
}

/** What is left after the exceptions, and which exceptions match nothing any more. */
export interface Settled {
  readonly open: readonly Objection[];
  readonly excused: readonly Objection[];
  readonly stale: readonly Stale[];
}

/**
 * Sets the exceptions against the objections. A judge that did not run leaves no exception stale.
 *
 * @example
 * const { open, stale } = settle(judgements, EXCEPTIONS);
 */
export function settle(judgements: readonly Judgement[], exceptions: readonly Exception[]): Settled {
  const used = new Set<RegExp>();
  const open: Objection[] = [];
  const excused: Objection[] = [];
  for (const objection of judgements.flatMap(({ objections }) => objections)) {
    const { judge, rule, resource } = objection;
    const exception = exceptions.find((each) => each.rules[judge]?.test(rule) && each.resource.test(resource));
    const matched = exception?.rules[judge];
    if (matched) used.add(matched);
    (matched ? excused : open).push(objection);
  }
  const stale = judgements.flatMap(({ judge, absent }) =>
    absent === undefined
      ? exceptions.flatMap(({ rules, reason }) => (rules[judge] && !used.has(rules[judge]) ? [{ judge, reason }] : []))
      : [],
  );
  return { open, excused, stale };
}
