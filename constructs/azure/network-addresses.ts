import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { whole } from './whole';

/** Every zone of a region that has zones. */
export const ZONES: readonly string[] = ['1', '2', '3'];

interface AddressArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  readonly zones: readonly string[];
  readonly logs: LogSink;
  /** Plan that shields the address. */
  readonly ddosProtectionPlanId: pulumi.Input<string> | undefined;
  /** Whether the address is shielded by itself where no plan is given. */
  readonly shielded: boolean;
}

/** An address on the internet, shielded from floods (DID-08) and with every attack on it recorded. */
export function publicAddress(name: string, args: AddressArgs, opts: pulumi.CustomResourceOptions): network.PublicIPAddress {
  const { ddosProtectionPlanId, location, logs, resourceGroupName, shielded, tags, zones } = args;
  const addressArgs: network.PublicIPAddressArgs = {
    resourceGroupName,
    location,
    sku: { name: 'Standard', tier: 'Regional' },
    publicIPAllocationMethod: 'Static',
    publicIPAddressVersion: 'IPv4',
    idleTimeoutInMinutes: 4,
    zones: [...zones],
    ddosSettings:
      ddosProtectionPlanId !== undefined
        ? { protectionMode: 'Enabled', ddosProtectionPlan: { id: ddosProtectionPlanId } }
        : { protectionMode: shielded ? 'Enabled' : 'VirtualNetworkInherited' },
    tags,
  };
  const address = new network.PublicIPAddress(name, addressArgs, whole(name, addressArgs, ['ddosSettings', 'sku'], opts));
  diagnosticSettings(`${name}-diagnostics`, { resourceId: address.id, logs }, opts);
  return address;
}
