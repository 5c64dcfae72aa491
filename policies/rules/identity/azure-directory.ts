/** What the directory decides, and no resource shows. */
import type { ControlId } from '../../../controls';
import { gap, type PerCloud } from '../../rule';

export const AZURE_DIRECTORY = {
  'IDA-03': {
    azure: gap('the rules for passwords, and the list of banned ones, are settings of the directory that only Microsoft Graph shows'),
  },
  'IDA-04': { azure: gap('the directory keeps the last passwords by itself; there is nothing to declare') },
  'IDA-07': { azure: gap('smart lockout is a setting of the directory that only Microsoft Graph shows') },
  'IDA-08': { azure: gap('the policies of Entra ID Protection are settings of the directory that only Microsoft Graph shows') },
  'IDA-09': { azure: gap('emergency accounts are accounts of the directory; the alert on their use is judged with detection') },
  'IDA-14': {
    azure: gap(
      'how long a sign-in lasts is set by Conditional Access, which only Microsoft Graph shows; activations of roles are judged by LPA-11',
    ),
  },
  'LPA-06': {
    azure: gap(
      'which cases an agent sees is decided by predicates in the database and by the response filter of API Management; no resource shows which rows they leave',
    ),
  },
  'LPA-12': { azure: gap('the use of emergency access is seen in the sign-in log; the alert on it is judged with detection') },
  'UAR-08': {
    azure: gap('reviews of guests and of applications are defined in the directory; reviews of roles over resources are judged by UAR-01'),
  },
  'FLS-09': { azure: gap('whether a call carries the person it is made for is decided in the code of the application') },
  'PER-02': { azure: gap('access is gated by the membership rules of groups and by Conditional Access, which only Microsoft Graph shows') },
  'PER-09': {
    azure: gap(
      'which devices may sign in is set by Conditional Access, which only Microsoft Graph shows; the channels of desktops are judged by EXP-09',
    ),
  },
  'PER-10': {
    azure: gap(
      'which identities belong to subcontractors is known to the directory; queries over their activity are judged with detection',
    ),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
