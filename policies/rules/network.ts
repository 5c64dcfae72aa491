import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { acls } from './network/acls';
import { azureFabric } from './network/azure-fabric';
import { azureGates } from './network/azure-gates';
import { egress } from './network/egress';
import { endpoints } from './network/endpoints';
import { firewalls, gateRecords, groupsSaySomething } from './network/firewalls';
import { flowLogs } from './network/flow-logs';
import { ingress } from './network/ingress';
import { inspection } from './network/inspection';
import { links } from './network/links';
import { names } from './network/names';
import { neighbours } from './network/neighbours';
import { protocols } from './network/protocols';
import { segments } from './network/segments';

export const network = rulesOf(
  'network',
  CONTROLS,
  merged(
    ingress,
    { 'TLS-10': protocols },
    neighbours,
    acls,
    egress,
    segments,
    endpoints,
    inspection,
    names,
    flowLogs,
    links,
    firewalls,
    azureGates,
    azureFabric,
    {
      'LOG-13': { aws: gateRecords },
      'DID-09': { aws: groupsSaySomething },
    },
  ),
);
