import { SecureKey } from '../../../constructs/aws';
import type { Least } from './least';

export const keys: Least = {
  SecureKey: (scope, id) => new SecureKey(scope, id),
};
