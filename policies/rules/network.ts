import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { egress } from './network/egress';
import { endpoints } from './network/endpoints';
import { flowLogs } from './network/flow-logs';
import { ingress } from './network/ingress';
import { inspection } from './network/inspection';
import { links } from './network/links';
import { names } from './network/names';
import { neighbours } from './network/neighbours';
import { protocols } from './network/protocols';
import { segments } from './network/segments';

export const network = rulesOf('network', CONTROLS, {
  ...ingress,
  ...neighbours,
  ...egress,
  ...segments,
  ...endpoints,
  ...inspection,
  ...names,
  ...flowLogs,
  ...links,
  'TLS-10': { aws: [ingress['TLS-10'].aws, ...protocols.aws], azure: [ingress['TLS-10'].azure, ...protocols.azure] },
});
