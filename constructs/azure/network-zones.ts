import * as privatedns from '@pulumi/azure-native/privatedns';
import * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { EndpointNetwork } from './network-endpoints';

interface ZoneArgs {
  readonly zone: string;
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
}

/** A private zone; it exists in no location. */
export function makeZone(
  name: string,
  { resourceGroupName, tags, zone }: ZoneArgs,
  opts: pulumi.CustomResourceOptions,
): privatedns.PrivateZone {
  return new privatedns.PrivateZone(name, { privateZoneName: zone, resourceGroupName, location: 'global', tags }, opts);
}

interface LinkArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  readonly zoneName: pulumi.Input<string>;
  readonly linkName: string;
  readonly networkId: pulumi.Input<string>;
}

/** Lets a network resolve the names of a zone. Machines do not write theirs into it: one could take the name of a service. */
export function linkZone(name: string, args: LinkArgs, opts: pulumi.CustomResourceOptions): privatedns.VirtualNetworkLink {
  const { linkName, networkId, resourceGroupName, tags, zoneName } = args;
  return new privatedns.VirtualNetworkLink(
    name,
    {
      resourceGroupName,
      location: 'global',
      privateZoneName: zoneName,
      virtualNetworkLinkName: linkName,
      virtualNetwork: { id: networkId },
      registrationEnabled: false,
      resolutionPolicy: 'Default',
      tags,
    },
    opts,
  );
}

/** A network that resolves private endpoints by zones that it shares with others. */
export interface ZoneMember {
  /** Name of the network, of letters, digits and hyphens; its links carry it. */
  readonly name: string;
  /** Resource id of the network. */
  readonly id: pulumi.Input<string>;
  /** Subnet in which its private endpoints get their address. */
  readonly endpointSubnetId: pulumi.Input<string>;
}

/** What {@link PrivateDnsZones} are made from. */
export type PrivateDnsZonesArgs = SecureArgs;

/**
 * The private DNS zones of a hub: one zone for each service, made when an endpoint needs it and linked to every network that
 * asks for it, so that all of them resolve the same private addresses and no zone is made twice.
 *
 * A `SecureVirtualNetwork` takes it as `zones`; a network that exists already is joined with `forNetwork`.
 *
 * Guarantees from the moderate tier on DID-05.
 *
 * @example
 * const zones = new PrivateDnsZones('zones', { profile, resourceGroupName, location });
 * const spoke = new SecureVirtualNetwork('spoke', {
 *   profile, resourceGroupName, location, logs, zones, range: '10.30.0.0/16', subnets: { endpoints: { range: '10.30.1.0/24' } },
 * });
 */
export class PrivateDnsZones extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('PrivateDnsZones', { control: 'DID-05', from: 'moderate' });

  readonly #args: PrivateDnsZonesArgs;
  readonly #zones = new Map<string, privatedns.PrivateZone>();
  readonly #links = new Set<string>();

  constructor(name: string, args: PrivateDnsZonesArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:PrivateDnsZones', { claims: PrivateDnsZones.claims, families: ['network'], relaxable: {} }, name, args, opts);
    this.#args = args;
    this.registerOutputs();
  }

  /** A network that exists already, as components take it for their private endpoints. */
  forNetwork({ endpointSubnetId, id, name }: ZoneMember): EndpointNetwork {
    if (!/^[a-z0-9][a-z0-9-]*$/i.test(name))
      throw new RangeError(`${this.where}: a network is named "${name}"; write letters, digits and hyphens, as links carry the name`);
    return { endpointSubnetId, zoneId: (zone) => this.zoneFor(zone, name, id) };
  }

  /**
   * Id of a zone, made when it is first asked for and linked to the network that asks.
   *
   * @param zone `privatelink.blob.core.windows.net`
   * @param networkName name of the network; its link carries it
   * @param networkId resource id of the network
   */
  zoneFor(zone: string, networkName: string, networkId: pulumi.Input<string>): pulumi.Output<string> {
    const child = `${this.label}-${zone.replaceAll('.', '-')}`;
    const common = { resourceGroupName: this.#args.resourceGroupName, tags: this.tags };
    let made = this.#zones.get(zone);
    if (!made) {
      made = makeZone(child, { ...common, zone }, { parent: this });
      this.#zones.set(zone, made);
    }
    const link = `${child}-${networkName}-link`;
    if (!this.#links.has(link)) {
      linkZone(link, { ...common, zoneName: made.name, linkName: networkName, networkId }, { parent: this });
      this.#links.add(link);
    }
    return pulumi.output(made.id);
  }
}
