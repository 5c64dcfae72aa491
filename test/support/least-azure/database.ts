import type { Least } from './least';

export const database: Least = {};
