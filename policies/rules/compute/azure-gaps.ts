/** Controls that are judged on AWS in this family and elsewhere, or not at all, on Azure. */
import type { ControlId } from '../../../controls';
import { gap, type PerCloud } from '../../rule';

export const AZURE_GAPS = {
  'DID-03': { azure: gap('subnets and their groups are judged with network') },
  'ENC-10': { azure: gap('snapshots and images are stores of their own and judged by ENC-02') },
  'ENC-11': { azure: gap('the configuration of jobs is encrypted by the service; their accounts are judged by ENC-02') },
  'IDA-14': { azure: gap('how long a sign-in lasts is set by Conditional Access, judged with identity') },
  'VUL-04': { azure: gap('hosts are scanned by Defender for Servers, judged with detection') },
  'EXP-05': { azure: gap('egress is judged with network') },
  'SDC-16': { azure: gap('whether a repository is private is known to its host only') },
  'DHC-05': { azure: gap('the export of disks, snapshots and images is judged by EXP-02') },
  'TLS-01': { azure: gap('machines offer what is installed on them; analytic clusters are judged with databases') },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
