/** What every holder of policies is made of. */
import type { Resource } from '../../policies/resource';
import type { Rights } from './access/compare';
import type { Policy } from './access/documents';
import { hole } from './access/text';
import { type Plain, plainNode } from './plain';
import { asList, asMap, type Reader } from './reading';

/**
 * identity: roles, users, groups, permission sets. trust: who may become a role. resource: who may do what with it. organisation:
 * what no account may exceed. endpoint: what a way through the network lets pass. limit: what a permissions boundary, or the policy
 * of a session, lets its holders do. refusal: what a resource refuses, whoever else grants it.
 */
export type HolderKind = 'identity' | 'trust' | 'resource' | 'organisation' | 'endpoint' | 'limit' | 'refusal';

export interface Holder {
  readonly kind: HolderKind;
  readonly resource: Resource;
  /** The same on both sides. */
  readonly key: string;
  readonly rights: Rights;
  /** Resources that carry its policies, besides itself. */
  readonly sources: readonly Resource[];
  /** The account that it is in: its number, or a hole. */
  readonly account: string;
  /** Who it is, where that is not the resource. */
  readonly who?: string;
  /** Compared where both sides have it: that it comes or goes gives nobody a right, or is told by whom it concerns. */
  readonly lasting?: boolean;
}

/** A policy with the resource that carries it, where it is not the holder itself. */
export interface Carried extends Policy {
  readonly source?: Resource;
}
export const sourcesOf = (policies: readonly Carried[]): readonly Resource[] => [
  ...new Set(policies.flatMap(({ source }) => source ?? [])),
];

export function accountOf({ scope, unit }: Resource, reader: Reader): string {
  if (unit.account !== undefined) return unit.account;
  const told = plainNode(scope, { Ref: 'AWS::AccountId' }, reader.names);
  return typeof told === 'string' ? told : hole('the account');
}

export const holder = (
  kind: HolderKind,
  resource: Resource,
  rights: Rights,
  reader: Reader,
  sources: readonly Resource[] = [],
): Holder => ({
  kind,
  resource,
  sources,
  key: `${kind} ${reader.pairing.identity(resource)}`,
  rights,
  account: accountOf(resource, reader),
});

/** Policies that name no resource speak of the one that carries them. */
export function withResource(document: Plain): Plain {
  const map = asMap(document);
  if (map.Statement === undefined) return document;
  return { ...map, Statement: asList(map.Statement).map((statement) => ({ Resource: '*', ...asMap(statement) })) };
}

export const EVERYTHING = { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };
