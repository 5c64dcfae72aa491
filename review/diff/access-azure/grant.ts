/** Who may do what where, whatever gave it. */
import type { Resource } from '../../../policies/resource';
import type { Boundary } from '../../schema-review';
import type { Test } from './conditions';

/** Somebody, by a key that is the same on both sides. */
export interface Who {
  readonly key: string;
  readonly name: string;
  /** Outside of what is ours. */
  readonly boundary?: Boundary;
}

/** A resource or what resources stand in. */
export interface Scope {
  readonly key: string;
  readonly name: string;
  /** Itself and everything around it, the narrowest first. */
  readonly chain: readonly string[];
  /** Where operations on it begin; undefined for what holds resources of every type. */
  readonly provider?: string | undefined;
  readonly resource?: Resource | undefined;
  /** A resource group: what stands in it is known. */
  readonly group?: boolean;
}

/** Operations that are allowed, and what is taken out of them again; patterns with their plane in front. */
export interface Block {
  readonly allow: readonly string[];
  readonly not: readonly string[];
  /** What must hold for this block alone. */
  readonly tests?: readonly Test[];
}

export interface Grant {
  readonly who: Who;
  readonly scope: Scope;
  readonly blocks: readonly Block[];
  /** All of them must hold. */
  readonly tests: readonly Test[];
  /** What gives it, for people: the name of a role. Empty where the sentence needs none. */
  readonly by: string;
  /** What declares it. */
  readonly at: Resource;
  /** What is not known of what it gives; the same text is the same unknown. */
  readonly missing?: string;
  /** Scopes inside that it does not reach with operations on data: vaults that go by their own policies. */
  readonly except?: readonly string[];
  /** Refuses instead of gives. */
  readonly denies?: boolean;
}

/** A right in the words of the review. */
export const plainBlock = (allow: readonly string[]): readonly Block[] => [{ allow, not: [] }];
