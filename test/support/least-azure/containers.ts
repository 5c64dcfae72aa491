import type { Least } from './least';

export const containers: Least = {};
