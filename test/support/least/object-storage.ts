import { AccessLogBucket, AccountPublicAccessBlock, SecureBucket } from '../../../constructs/aws';
import type { Least } from './least';

export const objectStorage: Least = {
  AccessLogBucket: (scope, id) => new AccessLogBucket(scope, id),
  AccountPublicAccessBlock: (scope, id) => new AccountPublicAccessBlock(scope, id),
  SecureBucket: (scope, id) => new SecureBucket(scope, id, { retention: { atMostDays: 365 } }),
};
