import { DdosPlan, PrivateDnsZones, SecureBastion, SecureFirewall } from '../../../constructs/azure';
import type { Surroundings } from '../azure-components';
import type { Least } from './least';

/** Gates take logs at every tier. */
const gate = ({ common, logs }: Surroundings, subnet: string) => ({ ...common, logs, subnetId: `/subscriptions/s/hub/subnets/${subnet}` });

/** The network is part of the surroundings. */
export const network: Least = {
  SecureVirtualNetwork: (around) => around.network,
  SecureFirewall: (around, name) =>
    new SecureFirewall(name, {
      ...gate(around, 'AzureFirewallSubnet'),
      sites: [{ name: 'partners', from: ['10.20.0.0/16'], allowedDomains: ['.partner.example.com'] }],
    }),
  SecureBastion: (around, name) => new SecureBastion(name, gate(around, 'AzureBastionSubnet')),
  DdosPlan: ({ common }, name) => new DdosPlan(name, common),
  PrivateDnsZones: ({ common, network: { endpointSubnetId, id } }, name) => {
    const zones = new PrivateDnsZones(name, common);
    zones.forNetwork({ name: 'spoke', id, endpointSubnetId }).zoneId('privatelink.blob.core.windows.net');
    return zones;
  },
};
