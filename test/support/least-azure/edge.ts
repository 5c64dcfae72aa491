import {
  type ApiGateway,
  FieldSecuredApi,
  SecureApiManagement,
  SecureApplicationGateway,
  SecureFrontDoor,
  SecureWafPolicy,
} from '../../../constructs/azure';
import { reaches } from '../../../constructs/contract';
import type { Surroundings } from '../azure-components';
import { CASE_CATALOGUE } from '../case-catalogue';
import type { Least } from './least';

const TENANT_ID = '11111111-1111-1111-1111-111111111111';

/** A gateway with the least args of a tier, in a subnet of its own. */
function leastGateway({ common, logs, network }: Surroundings, name: string): SecureApiManagement {
  return new SecureApiManagement(name, {
    ...common,
    ...(reaches(common.profile.tier, 'moderate') ? { logs } : {}),
    subnetId: network.endpointSubnetId,
    publisherName: 'Example',
    publisherEmail: 'platform@example.com',
  });
}

/** An API with the least args. */
function leastApi({ common }: Surroundings, gateway: ApiGateway, name: string): FieldSecuredApi {
  const api = new FieldSecuredApi(name, {
    profile: common.profile,
    gateway,
    catalogue: CASE_CATALOGUE,
    path: 'cases',
    tenantId: TENANT_ID,
    audience: 'api://cases',
    records: { url: 'https://cases.internal/records', audience: 'api://case-records' },
    notice: { id: 'support-notice', version: '3', text: 'You see customer data for your case only.' },
  });
  api.subscription('portal');
  return api;
}

export const edge: Least = {
  SecureApiManagement: leastGateway,
  SecureApplicationGateway: ({ common, logs, vault }, name) =>
    new SecureApplicationGateway(name, {
      ...common,
      logs,
      subnetId: '/subscriptions/s/hub/subnets/edge',
      privateAddress: '10.0.2.10',
      sites: {
        cases: {
          hostNames: ['cases.example.com'],
          certificate: { vaultId: vault.id, vaultUri: vault.uri, name: 'cases-example-com' },
          backends: ['cases.internal.example.com'],
        },
      },
    }),
  SecureFrontDoor: ({ common, logs }, name) =>
    new SecureFrontDoor(name, {
      ...common,
      logs,
      domainNames: ['cases.example.com'],
      routes: {
        '/*': {
          origins: [
            {
              host: 'cases.azurewebsites.net',
              ...(reaches(common.profile.tier, 'moderate')
                ? { privateLink: { resourceId: '/subscriptions/s/sites/cases', location: common.location, groupId: 'sites' } }
                : {}),
            },
          ],
        },
      },
    }),
  SecureWafPolicy: ({ common }, name) => new SecureWafPolicy(name, common),
  FieldSecuredApi: (around, name) => leastApi(around, leastGateway(around, `${name}-gateway`), name),
};
