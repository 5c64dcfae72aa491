import type { Least } from './least';

export const governance: Least = {};
