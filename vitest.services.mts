import { configDefaults, defineConfig } from 'vitest/config';
import base, { SERVICES } from './vitest.config.mts';

/** `npm run test:services`: what starts package managers, policy engines, shells and programs of their own, and waits for them. */
export default defineConfig({ ...base, test: { ...base.test, include: [...SERVICES], exclude: [...configDefaults.exclude] } });
