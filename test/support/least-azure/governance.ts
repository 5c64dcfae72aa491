import { PolicyException, PolicyGuardrails, SecureResourceGroup } from '../../../constructs/azure';
import type { Surroundings } from '../azure-components';
import { relaxationOf } from '../relaxation';
import type { Least } from './least';

const guardrails = ({ common: { location, profile } }: Surroundings, name: string) =>
  new PolicyGuardrails(name, {
    profile,
    location,
    scope: { managementGroupId: 'workloads' },
    allowedLocations: [location],
    allowedTypes: ['Microsoft.Storage/storageAccounts'],
  });

/** A month that is always ahead, and never longer than an exception may run. */
const soon = (): string => new Date(Date.now() + 30 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);

export const governance: Least = {
  SecureResourceGroup: ({ common: { location, profile } }, name) => new SecureResourceGroup(name, { profile, location }),
  PolicyGuardrails: guardrails,
  PolicyException: (around, name) => {
    const { control: _, ...exception } = relaxationOf('LPA-14');
    return new PolicyException(name, {
      ...exception,
      expires: soon(),
      guardrails: guardrails(around, 'excepted'),
      guardrail: 'storage-shared-keys',
      resourceId: '/subscriptions/s/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/legacy',
    });
  },
};
