import type { Least } from './least';

export const detection: Least = {};
