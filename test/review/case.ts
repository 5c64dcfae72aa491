import type { Caller } from '../../review/diff/access/callers';
import type { ContextValue } from '../../review/diff/access/conditions';
import type { Policies } from '../../review/diff/access/evaluate';

export const OWN = '111122223333';
export const OTHER = '444455556666';

export type Verdict = 'allow' | 'deny' | 'unknown';

export interface StatementJson {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Principal?: unknown;
  readonly NotPrincipal?: unknown;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Condition?: unknown;
}

/** One row of the table of the evaluation logic: a sentence, the request, what applies, and the documented outcome. */
export interface Case {
  readonly says: string;
  readonly caller?: Caller;
  readonly action?: string;
  readonly resource?: string;
  readonly resourceAccount?: string;
  readonly context?: Readonly<Record<string, ContextValue>>;
  /** Keys that are not listed are unknown instead of absent. */
  readonly partial?: true;
  readonly policies: Policies;
  readonly verdict: Verdict;
  /** Which layer refuses. */
  readonly layer?: string;
  readonly explicit?: boolean;
  /** What an unknown verdict must name. */
  readonly missing?: string;
}

export const USER: Caller = { kind: 'user', arn: `arn:aws:iam::${OWN}:user/team/ann` };
export const ROLE: Caller = { kind: 'role', arn: `arn:aws:iam::${OWN}:role/app/worker`, session: 'night' };
export const BUCKET = 'arn:aws:s3:::cases';
export const OBJECT = 'arn:aws:s3:::cases/2024/1.txt';
export const QUEUE = `arn:aws:sqs:eu-west-1:${OWN}:jobs`;
export const KEY = `arn:aws:kms:eu-west-1:${OWN}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;

/** A policy of version 2012-10-17. */
export const policy = (...statements: readonly StatementJson[]) => ({
  name: 'Policy',
  document: { Version: '2012-10-17', Statement: statements },
});

export const allow = (Action: unknown, Resource: unknown = '*', Condition?: unknown): StatementJson => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition === undefined ? {} : { Condition }),
});

export const deny = (Action: unknown, Resource: unknown = '*', Condition?: unknown): StatementJson => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
});

/** A statement of a resource's own policy. */
export const grants = (Principal: unknown, Action: unknown = '*', rest: Partial<StatementJson> = {}): StatementJson => ({
  Effect: 'Allow',
  Principal,
  Action,
  Resource: '*',
  ...rest,
});
