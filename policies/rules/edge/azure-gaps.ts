/** Controls that are judged on AWS in this family and elsewhere, or not at all, on Azure. */
import type { ControlId } from '../../../controls';
import { gap, type PerCloud } from '../../rule';

export const AZURE_GAPS = {
  'LOG-13': { azure: gap('diagnostic settings are judged with logging, for every resource that has one') },
  'LOG-19': { azure: gap('diagnostic settings are judged with logging, for every resource that has one') },
  'LOG-07': { azure: gap('what a log record holds is fixed by the service') },
  'LOG-04': { azure: gap('where logs are kept is judged with logging') },
  'LOG-12': { azure: gap('flow logs are judged with network') },
  'ENC-11': { azure: gap('the cache of API Management is a Redis cache, judged with databases') },
  'IDA-11': { azure: gap('trust in issuers is judged with identity') },
  'IDA-13': { azure: gap('credentials are judged with secrets') },
  'DID-23': { azure: gap('traffic between segments is judged with network') },
  'TLS-06': { azure: gap('traffic inside clusters is judged with containers') },
  'DID-05': { azure: gap('whether API Management stands inside the network is judged by DID-22') },
  'EXP-09': { azure: gap('desktops are judged with compute') },
  'DHC-05': { azure: gap('the edge stores no data; origins are judged in their families') },
  'IDA-14': { azure: gap('how long a sign-in lasts is set by Conditional Access, judged with identity') },
  'DHC-10': { azure: gap('an edge holds nothing that deletion destroys') },
  'ENC-09': { azure: gap('the keys of certificates are made by their issuer') },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
