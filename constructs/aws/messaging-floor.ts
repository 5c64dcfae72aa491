import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { type Relaxation, reaches, relaxed, type Tier } from '../contract';
import { SecureKey } from './keys';
import { requireRelaxation } from './relax';

/** Name of the rules that judge what carries messages. */
export const FAMILY = 'messaging';

/** What the props of every channel that can be shared have in common. */
export interface Sharing {
  readonly key?: IKey | undefined;
  readonly sharedWith?: readonly string[] | undefined;
  readonly relax?: readonly Relaxation[] | undefined;
}

/** The key that the props name, else one for the construct alone, open to the same accounts. */
export function keyOf(scope: Construct, id: string, { key, sharedWith, relax }: Sharing): IKey {
  if (key) return key;
  const sharing = relaxed(relax, 'LPA-10');
  return new SecureKey(scope, `${id}Key`, {
    description: `Encrypts ${scope.node.path}/${id}`,
    ...(sharing && sharedWith ? { sharedWith, relax: [{ ...sharing, control: 'LPA-10' }] } : {}),
  });
}

/** As {@link keyOf}, from the moderate tier on; below, only a key that the props name. */
export const keyFromModerate = (scope: Construct, id: string, tier: Tier, sharing: Sharing): IKey | undefined =>
  reaches(tier, 'moderate') ? keyOf(scope, id, sharing) : sharing.key;

/** Accounts outside the perimeter are let in by an exception only (LPA-10). */
export function checkSharing(where: string, { sharedWith, relax }: Sharing): void {
  if (sharedWith?.length) requireRelaxation(where, relax, 'LPA-10', 'sharedWith', 'keep the messages inside the organisation');
}
