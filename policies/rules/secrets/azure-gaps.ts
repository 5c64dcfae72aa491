/** Controls that are judged on AWS in this family and elsewhere, or not at all, on Azure. */
import type { ControlId } from '../../../controls';
import { gap, type PerCloud } from '../../rule';

export const AZURE_GAPS = {
  'ENC-02': { azure: gap('a secret has the protection of its vault; Key Vault takes no key of the customer') },
  'ENC-07': { azure: gap('vaults are judged with keys') },
  'LPA-10': { azure: gap('a vault takes callers of its own directory only') },
  'LPA-16': { azure: gap('a vault grants to principals, never to services') },
  'ENC-10': { azure: gap('a copy of a secret is a backup that only a vault of the same subscription opens') },
  'LOC-02': { azure: gap('a secret is copied to the paired region of its vault and no other') },
  'DHC-10': { azure: gap('the deletion of vaults is judged with keys') },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
