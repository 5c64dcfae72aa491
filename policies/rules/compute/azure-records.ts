/** Whether what the operating system of a host records leaves the host. */
import type { ControlId } from '../../../controls';
import type { Graph } from '../../graph';
import { anyOf, notApplicable, type Outcome, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { VM, VMSS } from './azure-machines';

const EXTENSION = 'azure-native:compute:VirtualMachineExtension';
const SET_EXTENSION = 'azure-native:compute:VirtualMachineScaleSetExtension';
const ASSOCIATION = 'azure-native:monitor:DataCollectionRuleAssociation';
const COLLECTION = 'azure-native:monitor:DataCollectionRule';
const AGENTS = ['AzureMonitorLinuxAgent', 'AzureMonitorWindowsAgent'];

const isAgent = (type: Value): Outcome => type.isOneOf(AGENTS);

/** Extensions of a machine are resources of their own; those of a scale set also stand in its profile. */
const inlineOf = (host: Resource): readonly Value[] =>
  host.type === VMSS
    ? host
        .at('virtualMachineProfile.extensionProfile.extensions')
        .items()
        .map((one) => one.at('type'))
    : [];

const agentsOf = (host: Resource, graph: Graph): readonly Value[] => {
  const [type, name] = host.type === VMSS ? [SET_EXTENSION, 'vmScaleSetName'] : [EXTENSION, 'vmName'];
  const separate = [...graph.childrenOf(host).filter((child) => child.type === type), ...graph.pointingAt(host, type, name)];
  return [...inlineOf(host), ...separate.map((one) => one.at('type'))];
};

/** Whether anything here plans to collect the records of hosts; where nothing does, a policy may install the agents. */
const plansCollection = (graph: Graph): boolean =>
  graph.once(
    'hosts whose records are collected',
    () =>
      [COLLECTION, ASSOCIATION].some((type) => graph.ofType(type).some((one) => graph.exists(one))) ||
      [EXTENSION, SET_EXTENSION].some((type) => graph.ofType(type).some((one) => isAgent(one.at('type')).verdict === 'pass')) ||
      graph.ofType(VMSS).some((set) => inlineOf(set).some((type) => isAgent(type).verdict === 'pass')),
  );

function isCollected(host: Resource, graph: Graph): Outcome {
  if (!plansCollection(graph)) return notApplicable('nothing here collects the records of hosts');
  return anyOf(
    [
      some(graph.pointingAt(host, ASSOCIATION, 'resourceUri'), (one) => one.at('dataCollectionRuleId').isSet(), 'no data collection rule'),
      some(agentsOf(host, graph), isAgent, 'no Azure Monitor agent'),
    ],
    'neither a data collection rule nor the Azure Monitor agent takes the records of its operating system away',
  );
}

const machine = { machine: { type: VM, properties: {} } };
const scaleSet = (type: unknown) => ({
  machine: { type: VMSS, properties: { virtualMachineProfile: { extensionProfile: { extensions: [{ name: 'a', type }] } } } },
});
const rules = { rules: { type: COLLECTION, properties: {} } };
const extension = (type: unknown) => ({ agent: { type: EXTENSION, properties: { vmName: { $ref: 'machine' }, type } } });
const association = (dataCollectionRuleId: unknown) => ({
  association: { type: ASSOCIATION, properties: { resourceUri: { $ref: 'machine.id' }, dataCollectionRuleId } },
});

export const AZURE_RECORDS = {
  'LOG-19': {
    azure: rule({
      on: [VM, VMSS],
      check: isCollected,
      severity: 'low',
      from: 'moderate',
      fix: 'Use SecureVirtualMachine, or add a DataCollectionRuleAssociation for it and the extension AzureMonitorLinuxAgent or AzureMonitorWindowsAgent.',
      pass: [
        { resources: { ...machine, ...association('/dataCollectionRules/hosts') } },
        { resources: { ...machine, ...rules, ...extension('AzureMonitorLinuxAgent') } },
        { name: 'inline', resources: { ...scaleSet('AzureMonitorWindowsAgent'), ...rules } },
        {
          name: 'an extension of its own',
          resources: {
            ...scaleSet('Other'),
            agent: { type: SET_EXTENSION, properties: { vmScaleSetName: { $ref: 'machine' }, type: 'AzureMonitorLinuxAgent' } },
          },
        },
      ],
      fail: [
        { resources: { ...machine, ...rules } },
        { resources: { ...machine, ...rules, ...extension('CustomScript') } },
        { name: 'an association with an endpoint only', resources: { ...machine, ...association('') } },
        { resources: { ...scaleSet('Other'), ...rules } },
      ],
      unknown: [{ resources: { ...machine, ...rules, ...extension({ $unknown: 'config value' }) } }],
      skip: [{ name: 'nothing here collects', resources: { ...machine, ...extension('CustomScript') } }, { resources: scaleSet('Other') }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
