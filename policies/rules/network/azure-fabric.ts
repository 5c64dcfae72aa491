/** What passes between neighbours: access lists on the operator's own hardware, and machines that hand on traffic of others. */
import type { ControlId } from '../../../controls';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { setting, valuesAt } from '../setting';

const CARD = 'azure-native:network:NetworkInterface';
const VMSS = 'azure-native:compute:VirtualMachineScaleSet';
const ROUTE = 'azure-native:network:Route';
const ROUTE_TABLE = 'azure-native:network:RouteTable';
/** Where each type says whether its cards hand on what is not meant for them. */
const FORWARDING: Readonly<Record<string, string>> = {
  [CARD]: 'enableIPForwarding',
  [VMSS]: 'virtualMachineProfile.networkProfile.networkInterfaceConfigurations[].enableIPForwarding',
};

/** Some route here leads to a machine: forwarding is what an appliance is for. */
const leadsToMachines = (graph: Graph): boolean =>
  [...graph.ofType(ROUTE).map((one) => one.all), ...graph.ofType(ROUTE_TABLE).flatMap((table) => table.at('routes').items())].some(
    (route) => route.at('nextHopType').is('VirtualAppliance').verdict === 'pass',
  );

function keepsToItself(machine: Resource, graph: Graph): Outcome {
  if (leadsToMachines(graph)) return notApplicable('routes here lead to machines');
  return every(valuesAt(machine.all, FORWARDING[machine.type] as string), (forwards) => {
    const quiet = forwards.orDefault(false).isFalse();
    return quiet.verdict === 'fail' ? fail(`${forwards.describe()}: the machine hands on traffic of others`, forwards) : quiet;
  });
}

const card = (enableIPForwarding: unknown) => ({ card: { type: CARD, properties: { enableIPForwarding } } });
const scaleSet = (enableIPForwarding: unknown) => ({
  machines: {
    type: VMSS,
    properties: { virtualMachineProfile: { networkProfile: { networkInterfaceConfigurations: [{ enableIPForwarding }] } } },
  },
});
const route = (nextHopType: string) => ({
  route: { type: ROUTE, properties: { addressPrefix: '0.0.0.0/0', nextHopType } },
});
const routes = { table: { type: ROUTE_TABLE, properties: { routes: [{ nextHopType: 'VirtualAppliance' }] } } };

export const azureFabric = {
  'DID-23': {
    azure: [
      setting({
        on: 'azure-native:managednetworkfabric:AccessControlList',
        at: 'defaultAction',
        is: ['Deny'],
        not: 'Permit',
        unset: 'Permit',
        fix: "Set defaultAction: 'Deny' (the SDK writes Permit), and name in matchConfigurations what may pass.",
      }),
      rule({
        on: [CARD, VMSS],
        check: keepsToItself,
        fix: 'Remove enableIPForwarding. Only a network appliance to which routes lead needs it.',
        pass: [{ resources: card(false) }, { resources: { card: { type: CARD, properties: {} } } }, { resources: scaleSet(false) }],
        fail: [{ resources: card(true) }, { resources: scaleSet(true) }, { resources: { ...card(true), ...route('Internet') } }],
        unknown: [{ resources: card({ $unknown: 'config value' }) }],
        skip: [{ resources: { ...card(true), ...route('VirtualAppliance') } }, { resources: { ...card(true), ...routes } }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
