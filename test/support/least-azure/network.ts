import type { Least } from './least';

/** The network is part of the surroundings. */
export const network: Least = { SecureVirtualNetwork: (around) => around.network };
