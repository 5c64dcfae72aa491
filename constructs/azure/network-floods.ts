import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { Promises } from './relax';

/** What a {@link DdosPlan} is made from. */
export type DdosPlanArgs = SecureArgs;

const PROMISED = claims(
  'DdosPlan',
  { control: 'DHC-10', from: 'moderate' },
  unclaimed('DID-08', 'it shields the networks and addresses that name it; each of them is judged where it is made'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['network'],
  relaxable: { 'DHC-10': 'the lock and the protection against deletion, for environments that come and go' },
};

/**
 * A DDoS protection plan: Azure learns what is usual for each address of the networks that name it, and drops floods. One
 * plan covers the networks of all subscriptions of a tenant, so that a landing zone has one, in its connectivity
 * subscription. Networks, gateways and firewalls take its `id` as `ddosProtectionPlanId`.
 *
 * Guarantees from the moderate tier on DHC-10. With the plan, the protection of every network would go.
 *
 * @example
 * const plan = new DdosPlan('floods', { profile, resourceGroupName, location });
 * const network = new SecureVirtualNetwork('network', {
 *   profile, resourceGroupName, location, logs, ddosProtectionPlanId: plan.id,
 *   range: '10.20.0.0/16', subnets: { endpoints: { range: '10.20.1.0/24' } },
 * });
 */
export class DdosPlan extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The plan itself. */
  readonly plan: network.DdosProtectionPlan;
  /** Resource id of the plan. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: DdosPlanArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:DdosPlan', PROMISES, name, args, opts);
    this.plan = new network.DdosProtectionPlan(
      `${name}-plan`,
      { resourceGroupName: args.resourceGroupName, location: this.location, tags: this.tags },
      { parent: this, protect: !this.relaxes('DHC-10') },
    );
    this.id = this.plan.id;
    if (!this.relaxes('DHC-10')) this.lock('plan', this.id, 'Without the plan no network is shielded from floods.');
    this.waive('DHC-10', this.plan);
    this.registerOutputs({ id: this.id });
  }
}
