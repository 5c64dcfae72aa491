import type { Least } from './least';

/** The vault is part of the surroundings. */
export const keys: Least = {
  SecureKeyVault: ({ vault }) => {
    vault.key('least');
    return vault;
  },
};
