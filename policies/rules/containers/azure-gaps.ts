/** Controls that are judged on AWS in this family and elsewhere, or not at all, on Azure. */
import type { ControlId } from '../../../controls';
import { gap, type PerCloud } from '../../rule';

export const AZURE_GAPS = {
  'EXP-03': { azure: gap('replicas of a registry are made in its own subscription only; regions are judged with governance') },
  'LPA-10': { azure: gap('a registry admits principals of its own directory only') },
  'VUL-04': { azure: gap('images are scanned by Defender for Containers, judged with detection') },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
