import * as monitor from '@pulumi/azure-native/monitor';
import type * as pulumi from '@pulumi/pulumi';

interface AlertArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly description: string;
  /** Action group that is told. */
  readonly alerts: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
}

/** Tells an action group of control-plane operations, within minutes, wherever they fall under one of the scopes. */
export function activityAlert(
  name: string,
  args: AlertArgs & { readonly scopes: readonly pulumi.Input<string>[]; readonly operations: readonly string[] },
  opts: pulumi.CustomResourceOptions,
): monitor.ActivityLogAlert {
  return new monitor.ActivityLogAlert(
    name,
    {
      resourceGroupName: args.resourceGroupName,
      description: args.description,
      enabled: true,
      location: 'global',
      scopes: [...args.scopes],
      condition: {
        allOf: [
          { field: 'category', equals: 'Administrative' },
          { anyOf: args.operations.map((operation) => ({ field: 'operationName', equals: operation })) },
        ],
      },
      actions: { actionGroups: [{ actionGroupId: args.alerts }] },
      tags: { ...args.tags },
    },
    opts,
  );
}

/** Tells an action group when a query over a workspace counts at least, or fewer than, a number of records. */
export function queryAlert(
  name: string,
  args: AlertArgs & {
    readonly location: pulumi.Input<string>;
    readonly workspaceId: pulumi.Input<string>;
    readonly query: pulumi.Input<string>;
    readonly fires: { readonly operator: 'GreaterThan' | 'LessThan'; readonly threshold: number };
    /** ISO 8601. */
    readonly every: string;
    /** ISO 8601. */
    readonly window: string;
    /** 0 is the most severe, 4 the least. */
    readonly severity: 0 | 1 | 2 | 3 | 4;
  },
  opts: pulumi.CustomResourceOptions,
): monitor.ScheduledQueryRule {
  return new monitor.ScheduledQueryRule(
    name,
    {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      description: args.description,
      enabled: true,
      kind: 'LogAlert',
      severity: args.severity,
      scopes: [args.workspaceId],
      evaluationFrequency: args.every,
      windowSize: args.window,
      criteria: {
        allOf: [
          {
            query: args.query,
            timeAggregation: 'Count',
            ...args.fires,
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 },
          },
        ],
      },
      autoMitigate: false,
      // A table exists only once its first record has arrived.
      skipQueryValidation: true,
      actions: { actionGroups: [args.alerts] },
      tags: { ...args.tags },
    },
    opts,
  );
}
