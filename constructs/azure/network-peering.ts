import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';

/** How a network joins another one. */
export interface PeeringArgs {
  /** Resource id of the other network; it may stand in another subscription. */
  readonly remoteId: pulumi.Input<string>;
  /**
   * Takes what the other network only passes on: of a spoke, what comes from other spokes through the firewall of the hub.
   * @default false
   */
  readonly acceptForwarded?: boolean;
  /** Lends its gateway to the other network (`lend`), or uses that of the other one (`use`). @default neither */
  readonly gateway?: 'lend' | 'use';
}

interface OwnSide extends PeeringArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly networkName: pulumi.Input<string>;
}

/** One direction of a peering; each network makes its own, in its own subscription. */
export function peerWith(name: string, args: OwnSide, opts: pulumi.CustomResourceOptions): network.VirtualNetworkPeering {
  const { acceptForwarded = false, gateway, networkName, remoteId, resourceGroupName } = args;
  return new network.VirtualNetworkPeering(
    name,
    {
      resourceGroupName,
      virtualNetworkName: networkName,
      remoteVirtualNetwork: { id: remoteId },
      allowVirtualNetworkAccess: true,
      allowForwardedTraffic: acceptForwarded,
      allowGatewayTransit: gateway === 'lend',
      useRemoteGateways: gateway === 'use',
      doNotVerifyRemoteGateways: false,
      peerCompleteVnets: true,
      enableOnlyIPv6Peering: false,
    },
    opts,
  );
}
