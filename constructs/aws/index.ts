/**
 * Hardened AWS constructs: the CDK constructs you know, with the controls built in.
 *
 * @packageDocumentation
 */
export type { Claim, Claims, DataProfile, DecidedProfile, LogClass, Relaxation, Retention, Tier } from '../contract';
export { AccessLogBucket } from './access-logs';
export { AlarmTopic } from './alarms';
export { SecureKey, type SecureKeyProps, type ServiceGrant } from './keys';
export { SecureBucket, type SecureBucketProps } from './object-storage';
export { declareOrganisation, declareProfile, organisationOf, profileOf, SecureStack, type SecureStackProps } from './profile';
export { type SharedThing, share } from './shared';
