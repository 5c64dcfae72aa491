import type { Least } from './least';

export const backup: Least = {};
