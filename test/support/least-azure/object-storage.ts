import { leastAccount } from '../azure-components';
import type { Least } from './least';

export const objectStorage: Least = {
  SecureStorageAccount: (around) => {
    const account = leastAccount(around);
    account.container('files');
    return account;
  },
};
