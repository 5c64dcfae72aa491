import type { Least } from './least';

export const serverless: Least = {};
