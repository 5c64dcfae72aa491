import * as monitor from '@pulumi/azure-native/monitor';
import type * as pulumi from '@pulumi/pulumi';
import type { DataCollection } from './compute-agents';

/** Tells the agent of a resource what to collect, and where it is told so. */
export function collectFrom(
  component: string,
  resourceId: pulumi.Input<string>,
  { endpointId, ruleId }: DataCollection,
  parent: pulumi.Resource,
): void {
  new monitor.DataCollectionRuleAssociation(
    `${component}-collection`,
    {
      resourceUri: resourceId,
      associationName: 'palisade',
      dataCollectionRuleId: ruleId,
      description: 'Sends the records of what runs there to the workspace',
    },
    { parent },
  );
  if (endpointId === undefined) return;
  new monitor.DataCollectionRuleAssociation(
    `${component}-collection-endpoint`,
    // The one name under which agents look for it.
    { resourceUri: resourceId, associationName: 'configurationAccessEndpoint', dataCollectionEndpointId: endpointId },
    { parent },
  );
}
