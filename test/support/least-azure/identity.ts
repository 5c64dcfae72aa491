import type { Least } from './least';

export const identity: Least = {};
