import { SecureVpc } from '../../../constructs/aws';
import type { Least } from './least';

export const network: Least = {
  SecureVpc: (scope, id) => {
    const vpc = new SecureVpc(scope, id);
    // What may leave is decided by the groups of what runs in the network.
    vpc.securityGroup('Service', { description: 'Case service' });
    return vpc;
  },
};
