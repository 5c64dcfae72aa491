import type { FamilyRules, Rule } from '../rule';
import { governance } from './governance';
import { keys } from './keys';
import { logging } from './logging';
import { network } from './network';
import { objectStorage } from './object-storage';

/** Every family, in the order in which findings are printed. */
export const RULE_FAMILIES: readonly FamilyRules[] = [objectStorage, keys, network, logging, governance];

/** The registry: every rule of both clouds. */
export const RULES: readonly Rule[] = RULE_FAMILIES.flatMap(({ rules }) => rules);
