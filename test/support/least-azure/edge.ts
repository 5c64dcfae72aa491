import type { Least } from './least';

export const edge: Least = {};
