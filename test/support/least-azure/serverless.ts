import { SecureAppServicePlan, SecureFunctionApp, SecureStorageAccount, SecureWebApp } from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import type { Surroundings } from '../azure-components';
import type { Least } from './least';

const SIGN_IN = { tenantId: '11111111-1111-1111-1111-111111111111', clientId: '22222222-2222-2222-2222-222222222222' } as const;

/** What a tier demands of every app. */
const demanded = ({ common, logs, network }: Surroundings) =>
  reaches(common.profile.tier, 'moderate') ? { logs, network, subnetId: network.endpointSubnetId, signIn: SIGN_IN } : {};

/** The storage of a function app's host. */
function hostStorage({ common, logs, network, vault }: Surroundings, name: string): SecureStorageAccount {
  const from = reaches(common.profile.tier, 'moderate') ? { key: vault.key('host'), logs, network } : {};
  return new SecureStorageAccount(`${name}-host`, {
    ...common,
    ...from,
    retention: { atMostDays: 365 },
    services: ['blob', 'queue', 'table'],
  });
}

export const serverless: Least = {
  SecureAppServicePlan: ({ common }, name) => new SecureAppServicePlan(name, { ...common }),
  SecureFunctionApp: (around, name) =>
    new SecureFunctionApp(name, {
      ...around.common,
      ...demanded(around),
      ...(reaches(around.common.profile.tier, 'moderate')
        ? { telemetry: 'IngestionEndpoint=https://westeurope.in.applicationinsights.azure.com/' }
        : {}),
      runtime: 'NODE|24',
      storage: hostStorage(around, name),
    }),
  SecureWebApp: (around, name) => {
    const app = new SecureWebApp(name, { ...around.common, ...demanded(around), runtime: 'NODE|24-lts' });
    app.slot('next');
    return app;
  },
};
