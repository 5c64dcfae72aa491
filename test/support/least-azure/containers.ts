import {
  DiskEncryption,
  SecureContainerApp,
  SecureContainerEnvironment,
  SecureKubernetesCluster,
  SecureRegistry,
} from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import { type Surroundings, TENANT } from '../azure-components';
import type { Least } from './least';

const SUBNETS = '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/network/subnets';
export const IMAGE = `cases.azurecr.io/service@sha256:${'9f86d081'.repeat(8)}`;

/** What the tier asks of every component of the family. */
const due = ({ common, logs }: Surroundings) => (reaches(common.profile.tier, 'moderate') ? { logs } : {});

/** A cluster with the least args of a tier. */
export function clusterArgs(around: Surroundings, name: string) {
  const { common, network, vault } = around;
  const { tier } = common.profile;
  return {
    ...common,
    ...due(around),
    network,
    tenantId: TENANT,
    subnetId: `${SUBNETS}/nodes`,
    apiServerSubnetId: `${SUBNETS}/apiserver`,
    systemPool: { size: 'Standard_D4s_v5' },
    ...(reaches(tier, 'moderate')
      ? { encryption: new DiskEncryption(`${name}-disks`, { ...common, key: vault.key(`${name}-disks`) }) }
      : {}),
    ...(reaches(tier, 'high') ? { key: vault.key(`${name}-secrets`) } : {}),
  };
}

/** An environment with the least args of a tier. */
export const leastEnvironment = (around: Surroundings, name: string) =>
  new SecureContainerEnvironment(name, { ...around.common, ...due(around), subnetId: `${SUBNETS}/apps` });

export const containers: Least = {
  SecureRegistry: (around, name) => {
    const { common, network, vault } = around;
    const from = reaches(common.profile.tier, 'moderate') ? { ...due(around), network, key: vault.key(name) } : {};
    return new SecureRegistry(name, { ...common, ...from });
  },
  SecureKubernetesCluster: (around, name) => {
    const cluster = new SecureKubernetesCluster(name, clusterArgs(around, name));
    cluster.pool('work', { size: 'Standard_D4s_v5' });
    return cluster;
  },
  SecureContainerEnvironment: leastEnvironment,
  SecureContainerApp: (around, name) =>
    new SecureContainerApp(name, {
      ...around.common,
      environment: leastEnvironment(around, `${name}-place`),
      containers: [{ name: 'service', image: IMAGE }],
      ingress: { port: 8080 },
    }),
};
