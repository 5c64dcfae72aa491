import * as monitor from '@pulumi/azure-native/monitor';
import type * as pulumi from '@pulumi/pulumi';
import { collectFrom } from './compute-collection';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';

/** Streams of the output, the inventory and the events of pods. */
const STREAMS = ['Microsoft-ContainerInsights-Group-Default'];

/** Sends what pods write to the workspace: the agent of the cluster collects only what a rule tells it to. */
export function collectContainers(
  component: string,
  args: {
    readonly resourceGroupName: pulumi.Input<string>;
    readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
    readonly clusterId: pulumi.Input<string>;
    readonly logs: LogSink;
    readonly endpointId: pulumi.Input<string> | undefined;
  },
  parent: pulumi.Resource,
): void {
  const { clusterId, endpointId, logs, resourceGroupName, tags } = args;
  const rule = new monitor.DataCollectionRule(
    `${component}-pods`,
    {
      resourceGroupName,
      // A rule lives where its workspace does.
      location: logs.workspaceLocation,
      kind: 'Linux',
      description: 'Output, inventory and events of the pods of one cluster',
      ...(endpointId === undefined ? {} : { dataCollectionEndpointId: endpointId }),
      dataSources: {
        extensions: [
          {
            name: 'ContainerInsightsExtension',
            extensionName: 'ContainerInsights',
            streams: STREAMS,
            extensionSettings: { dataCollectionSettings: { interval: '1m', namespaceFilteringMode: 'Off', enableContainerLogV2: true } },
          },
        ],
      },
      destinations: { logAnalytics: [{ name: 'workspace', workspaceResourceId: logs.workspaceId }] },
      dataFlows: [{ streams: STREAMS, destinations: ['workspace'] }],
      tags: { ...tags },
    },
    { parent },
  );
  diagnosticSettings(`${component}-pods-diagnostics`, { resourceId: rule.id, logs }, { parent });
  collectFrom(component, clusterId, { ruleId: rule.id, ...(endpointId === undefined ? {} : { endpointId }) }, parent);
}
