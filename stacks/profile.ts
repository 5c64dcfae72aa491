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

/**
 * Days for which attachments of cases are kept, on either cloud: two years, after which nothing that a customer sent is needed
 * for the case or for a complaint about it.
 */
export const ATTACHMENTS_AT_MOST_DAYS = 730;

/** The web client of case management: code that anybody may see, at the edge of the internet. */
export const CASE_WEB = {
  system: 'case-management-web',
  owner: 'support-data@example.com',
  sensitivity: 'public',
  volume: 'few',
  exposure: 'internet',
  privilege: 'read',
} as const satisfies DataProfile;

/**
 * The landing zone: records of whatever is done to every system, and rights over all of them. It is of the high tier. Its
 * residency is where it is deployed to.
 */
export const LANDING_ZONE = {
  system: 'landing-zone',
  owner: 'platform-security@example.com',
  sensitivity: 'restricted',
  volume: 'millions',
  exposure: 'organisation',
  privilege: 'control-plane',
} as const satisfies DataProfile;
