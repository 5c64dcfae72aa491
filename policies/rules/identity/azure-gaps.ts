/** Controls that are judged on AWS in this family and elsewhere, or not at all, on Azure. */
import type { ControlId } from '../../../controls';
import { gap, type PerCloud } from '../../rule';

export const AZURE_GAPS = {
  'LPA-16': {
    azure: gap('services act for others by managed identities; the exceptions in the firewall of a store are judged with object storage'),
  },
  'LOG-17': { azure: gap('the logs of the directory are judged with logging') },
  'DHC-10': { azure: gap('the directory itself is not deployed by a program') },
  'TLS-01': { azure: gap('the endpoints of the directory belong to Microsoft') },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
