import { App, Stack } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import {
  AccessLogBucket,
  AlarmTopic,
  type DataProfile,
  LogArchive,
  LogGuard,
  SecureBucket,
  SecureKey,
  SecureLogGroup,
  SecureStack,
  SecureTrail,
  SecureVpc,
} from '../../constructs/aws';
import type { Tier } from '../../controls';
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
export const LEAST: Readonly<Record<string, (scope: Construct, id: string) => IConstruct>> = {
  AccessLogBucket: (scope, id) => new AccessLogBucket(scope, id),
  AlarmTopic: (scope, id) => new AlarmTopic(scope, id),
  LogArchive: (scope, id) => new LogArchive(scope, id),
  LogGuard: (scope, id) => new LogGuard(scope, id),
  SecureBucket: (scope, id) => new SecureBucket(scope, id, { retention: { atMostDays: 365 } }),
  SecureKey: (scope, id) => new SecureKey(scope, id),
  SecureLogGroup: (scope, id) => new SecureLogGroup(scope, id),
  SecureStack: (scope, id) => new SecureStack(scope, id, { profile: PROFILES.high }),
  SecureTrail: (scope, id) => new SecureTrail(scope, id),
  SecureVpc: (scope, id) => new SecureVpc(scope, id),
};
