import * as monitor from '@pulumi/azure-native/monitor';
import type * as pulumi from '@pulumi/pulumi';

/** Where log records go: to a workspace, on which alerts run, and to a write-once archive. */
export interface LogSink {
  /** Resource id of the Log Analytics workspace. */
  readonly workspaceId: pulumi.Input<string>;
  /** Location of the workspace; alerts on its records live there. */
  readonly workspaceLocation: pulumi.Input<string>;
  /** Resource id of the write-once storage account. @default records stay in the workspace only */
  readonly archiveId?: pulumi.Input<string>;
}

/**
 * A sink, or a function that makes it from the component that it serves. The function is for the two places where a sink
 * needs what it watches: the network in which the archive has its endpoint, and the vault that holds the archive's key.
 */
export type LogsFor<Component> = LogSink | ((component: Component) => LogSink);

/** Turns {@link LogsFor} into a sink. */
export const sinkOf = <Component>(logs: LogsFor<Component>, component: Component): LogSink =>
  typeof logs === 'function' ? logs(component) : logs;

/** What a diagnostic setting records. */
export interface DiagnosticArgs {
  /** Id of the resource that is recorded. */
  readonly resourceId: pulumi.Input<string>;
  /** Where the records go. */
  readonly logs: LogSink;
  /** Categories by name, where the resource has them and each one counts. @default the group `allLogs` */
  readonly categories?: readonly string[];
  /** @default ['AllMetrics'] */
  readonly metrics?: readonly string[];
}

/**
 * Sends everything that a resource can record to the workspace and, where there is one, to the archive (LOG-04, LOG-05, LOG-08).
 * Azure does not reset a category that disappears from code, so that each one is written with its state.
 *
 * @example
 * diagnosticSettings('gateway-diagnostics', { resourceId: gateway.id, logs: workspace.sinkWith(archive) }, { parent: this });
 */
export function diagnosticSettings(name: string, args: DiagnosticArgs, opts?: pulumi.CustomResourceOptions): monitor.DiagnosticSetting {
  const { categories, logs, metrics = ['AllMetrics'], resourceId } = args;
  return new monitor.DiagnosticSetting(
    name,
    {
      name: 'palisade',
      resourceUri: resourceId,
      workspaceId: logs.workspaceId,
      // One table per service instead of the shared one: who may read which records can then be told apart.
      logAnalyticsDestinationType: 'Dedicated',
      ...(logs.archiveId === undefined ? {} : { storageAccountId: logs.archiveId }),
      logs: categories ? categories.map((category) => ({ category, enabled: true })) : [{ categoryGroup: 'allLogs', enabled: true }],
      metrics: metrics.map((category) => ({ category, enabled: true })),
    },
    opts,
  );
}
