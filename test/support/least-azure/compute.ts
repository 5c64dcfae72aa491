import type { Least } from './least';

export const compute: Least = {};
