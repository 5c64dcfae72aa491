/** What the directory decides, and no resource shows. */
import type { ControlId } from '../../../controls';
import { gap, type PerCloud } from '../../rule';

export const AZURE_DIRECTORY = {
  'IDA-03': {
    azure: gap('the rules for passwords, and the list of banned ones, are settings of the directory that only Microsoft Graph shows'),
  },
  'IDA-04': { azure: gap('the directory keeps the last passwords by itself; there is nothing to declare') },
  'IDA-07': { azure: gap('smart lockout is a setting of the directory that only Microsoft Graph shows') },
  'LPA-06': {
    azure: gap(
      'which cases an agent sees is decided by predicates in the database and by the response filter of API Management; no resource shows which rows they leave',
    ),
  },
  'FLS-09': { azure: gap('whether a call carries the person it is made for is decided in the code of the application') },
  'PER-02': {
    azure: gap(
      'which attributes of a person show agreement and training is known to the personnel system; the rules of groups are judged by LPA-04',
    ),
  },
  'PER-10': {
    azure: gap(
      'which identities belong to subcontractors is known to the directory; queries over their activity are judged with detection',
    ),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
