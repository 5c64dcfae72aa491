import { App, Stack } from 'aws-cdk-lib';
import { type DataProfile, SecureStack } from '../../constructs/aws';
import type { Tier } from '../../controls';
import { LEAST_BY_FAMILY } from './least';
import type { Least } from './least/least';
import { CHECK_DAY } from './relaxation';

const base = { system: 'case-management', owner: 'support-data@example.com' } as const;

/** One profile per tier. */
export const PROFILES: Readonly<Record<Tier, DataProfile>> = {
  low: { ...base, sensitivity: 'internal', volume: 'few', exposure: 'organisation', privilege: 'alter' },
  moderate: { ...base, sensitivity: 'confidential', volume: 'thousands', exposure: 'organisation', privilege: 'alter' },
  high: { ...base, sensitivity: 'restricted', volume: 'millions', exposure: 'internet', privilege: 'administer' },
};

/** A stack of a tier, with a fixed day for relaxations. */
export const stackOf = (tier: Tier, id = 'Cases'): SecureStack =>
  new SecureStack(new App({ context: { 'palisade:today': CHECK_DAY } }), id, {
    env: { region: 'eu-central-1' },
    profile: PROFILES[tier],
  });

export const plainStack = (): Stack => new Stack(new App(), 'Plain');

/** Every exported construct that makes claims, with the least props that it can be made with. */
export const LEAST: Least = {
  ...Object.assign({}, ...Object.values(LEAST_BY_FAMILY)),
  SecureStack: (scope, id) => new SecureStack(scope, id, { profile: PROFILES.high }),
};
