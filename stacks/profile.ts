import type { DataProfile } from '../constructs/contract';

/**
 * What the case-management system is worth protecting, on either cloud: cases hold personal data, credentials and
 * excerpts of customers' systems, of millions of people; agents, support engineers and subcontractors read and alter
 * them. It is of the high tier. Its residency is where it is deployed to.
 */
export const CASE_MANAGEMENT = {
  system: 'case-management',
  owner: 'support-data@example.com',
  sensitivity: 'restricted',
  volume: 'millions',
  exposure: 'partner',
  privilege: 'alter',
} as const satisfies DataProfile;
