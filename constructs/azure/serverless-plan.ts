import * as web from '@pulumi/azure-native/web';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import type { Promises } from './relax';

/** Sizes of machines; each of them offers private endpoints, zones and encryption up to the worker. */
export type PlanSize = 'P0v3' | 'P1v3' | 'P2v3' | 'P3v3' | 'P1mv3' | 'P2mv3' | 'P3mv3';

/** What a {@link SecureAppServicePlan} is made from. */
export interface SecureAppServicePlanArgs extends SecureArgs {
  /** Size of each machine. @default 'P1v3' */
  readonly size?: PlanSize;
  /** Machines; at least three where they are spread over zones. @default 3, or 1 without zones */
  readonly machines?: number;
  /** Whether the machines stand in three zones (BCR-06). @default true at tier high, unless BCR-06 is relaxed */
  readonly zoneRedundant?: boolean;
  /** Where load and health are recorded. @default nowhere */
  readonly logs?: LogSink;
}

/** Machines that a plan over zones has at least: one in each. */
const ZONES = 3;

/**
 * The machines on which web apps and function apps run: Linux, of a size that offers private networks and encryption up to
 * the worker, at the high tier in three zones. Whether a plan spans zones cannot be changed later.
 *
 * Guarantees from the high tier on BCR-06.
 *
 * @throws RangeError for a number of machines that does not fit
 * @example
 * const plan = new SecureAppServicePlan('plan', { profile, resourceGroupName, location, logs });
 */
export class SecureAppServicePlan extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecureAppServicePlan', { control: 'BCR-06', from: 'high' });

  /** The plan itself. */
  readonly plan: web.AppServicePlan;
  /** Resource id of the plan. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecureAppServicePlanArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureAppServicePlan', PROMISES, name, args, opts);
    const { logs, size = 'P1v3' } = args;
    const spread = !this.relaxes('BCR-06') && (this.reaches('high') || args.zoneRedundant === true);
    const machines = args.machines ?? (spread ? ZONES : 1);
    if (!(Number.isInteger(machines) && machines >= (spread ? ZONES : 1) && machines <= 30))
      throw new RangeError(`${this.where}: machines is ${args.machines}; write ${spread ? ZONES : 1} to 30 (BCR-06)`);
    if (args.zoneRedundant === false && spread)
      throw new RangeError(`${this.where}: zoneRedundant: false breaks BCR-06 at tier high; leave it out, or relax BCR-06`);
    this.plan = new web.AppServicePlan(
      `${name}-plan`,
      {
        resourceGroupName: args.resourceGroupName,
        location: this.location,
        kind: 'linux',
        // What makes a plan a Linux plan.
        reserved: true,
        sku: { name: size, tier: size.includes('m') ? 'PremiumMV3' : 'PremiumV3', capacity: machines },
        zoneRedundant: spread,
        elasticScaleEnabled: false,
        perSiteScaling: false,
        hyperV: false,
        isSpot: false,
        isXenon: false,
        targetWorkerCount: 0,
        targetWorkerSizeId: 0,
        tags: this.tags,
      },
      { parent: this },
    );
    this.id = this.plan.id;
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs, categories: [] }, { parent: this });
    this.waive('BCR-06', this.plan);
    this.registerOutputs({ id: this.id });
  }
}

const PROMISES: Promises = {
  claims: SecureAppServicePlan.claims,
  families: ['serverless'],
  relaxable: { 'BCR-06': 'the spread over zones, in a region that has none' },
};
