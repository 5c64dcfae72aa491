/** Who acts, and how one gets the rights of another: the parts that chains are made of. */
import type { Resource } from '../../../policies/resource';
import type { PrincipalForm } from '../access/principal-forms';
import type { Region, ResourceForm } from '../access/regions';
import { covers, textOf } from '../access/text';
import type { Asked } from './conditions';
import type { Kind } from './moves';

/** An identity of the input, or whoever a trust policy names from elsewhere. */
export interface Actor {
  /** The same on both sides. */
  readonly key: string;
  readonly kind: Kind | 'outside';
  /** Of an identity of the input. */
  readonly resource?: Resource;
  /** Of somebody else: as the policy names him. */
  readonly named?: PrincipalForm;
  readonly account: string;
  /** How policies may write its ARN, the most exact first. */
  readonly arns: readonly string[];
  /** What it may do itself, by its own policies and by those of resources that name it. */
  readonly regions: readonly Region[];
  /** Resources whose change may change that. */
  readonly carriers: readonly Resource[];
  /** With every right that its boundary leaves, given by somebody who rules over it. */
  readonly unbound?: true;
}

/** An action that a step takes, on one of these ARNs, or on anything. */
export interface Need {
  readonly action: string;
  readonly on?: readonly string[];
}

/** One move from the rights of somebody to those of somebody else. */
export interface Step {
  readonly from: string;
  readonly to: string;
  /** What is done, with identities as `${identity}`: `becoming ${stack/Admin}`. */
  readonly by: string;
  /** Statements that allow it. */
  readonly at: readonly string[];
  /** What must hold while it is done. */
  readonly asked: Asked;
  /** Rights of `from` that it needs; none where the trust of `to` is enough. */
  readonly needs: readonly Need[];
  /** Resources whose change may bring it about. */
  readonly carriers: readonly Resource[];
  /** Only for who can already be `to`: it gives `to` every right that nothing withholds. */
  readonly over?: string;
}

export const keyOfStep = ({ asked, by, from, over = '', to }: Step): string =>
  [from, to, by, over, asked.caller.text, asked.request.text].join('\n');

/** An identity with every right that its boundary leaves. */
export const unbound = (key: string): string => `${key} with every right`;

/** Whether a resource element is sure to speak of one of the ARNs. */
export const speaksOf = ({ except, pattern }: ResourceForm, arns: readonly string[]): boolean =>
  arns.some((arn) => covers(pattern, textOf(arn))) && !except.some((excepted) => arns.some((arn) => covers(excepted, textOf(arn))));

export const partitionOf = ({ unit }: Resource): string => (unit.region?.startsWith('cn-') ? 'aws-cn' : 'aws');
