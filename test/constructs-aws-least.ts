import { App, Stack } from 'aws-cdk-lib';
import { type DataProfile, type Relaxation, SecureStack } from '../constructs/aws';
import type { Tier } from '../controls';

const base = { system: 'case-management', owner: 'support-data@example.com' } as const;

/** One profile per tier. */
export const PROFILES: Readonly<Record<Tier, DataProfile>> = {
  low: { ...base, sensitivity: 'internal', volume: 'few', exposure: 'organisation', privilege: 'alter' },
  moderate: { ...base, sensitivity: 'confidential', volume: 'thousands', exposure: 'organisation', privilege: 'alter' },
  high: { ...base, sensitivity: 'restricted', volume: 'millions', exposure: 'internet', privilege: 'administer' },
};

/** A stack of a tier, with a fixed day for relaxations. */
export const stackOf = (tier: Tier, id = 'Cases'): SecureStack =>
  new SecureStack(new App({ context: { 'palisade:today': '2026-11-22' } }), id, {
    env: { region: 'eu-central-1' },
    profile: PROFILES[tier],
  });

/** A complete relaxation of a control that runs until February 2027 on the fixed day. */
export const relaxationOf = (control: string): Relaxation => ({
  control,
  reason: 'the importer cannot yet do otherwise',
  owner: 'support-data@example.com',
  approver: 'security@example.com',
  ticket: 'SEC-1201',
  expires: '2027-01-31',
});

export const plainStack = (): Stack => new Stack(new App(), 'Plain');
