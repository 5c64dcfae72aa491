import { allOf, not, type Outcome } from '../outcome';
import type { Value } from '../value';

/** A key of the provider's, under whatever name it is written: `alias/aws/s3`. */
const PROVIDER_KEY = /(^|[/:])alias\/aws\//;

/** Names a key, and not one of the provider's. A key of the same input is one's own. */
export function isOwnKey(key: Value): Outcome {
  if (key.state === 'reference') return key.isSet();
  return allOf(key.isSet(), not(key.matches(PROVIDER_KEY), `${key.describe()}, a key of the provider`));
}
