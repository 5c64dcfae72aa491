import type { Least } from './least';

export const response: Least = {};
