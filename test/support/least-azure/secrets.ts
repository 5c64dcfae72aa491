import type { Least } from './least';

export const secrets: Least = {};
