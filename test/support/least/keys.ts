import { SecureKey } from '../../../constructs/aws';
import type { Least } from './least';

export const keys: Least = {
  SecureKey: (scope, id) => {
    const key = new SecureKey(scope, id);
    // How services are bound shows where there is one.
    key.grantToService('logs.eu-central-1.amazonaws.com');
    return key;
  },
};
