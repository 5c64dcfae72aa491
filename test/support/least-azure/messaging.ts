import type { Least } from './least';

export const messaging: Least = {};
