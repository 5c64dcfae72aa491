import { SecureVpc } from '../../../constructs/aws';
import type { Least } from './least';

export const network: Least = {
  SecureVpc: (scope, id) => new SecureVpc(scope, id),
};
