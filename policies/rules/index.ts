import type { FamilyRules, Rule } from '../rule';
import { backup } from './backup';
import { compute } from './compute';
import { containers } from './containers';
import { database } from './database';
import { detection } from './detection';
import { edge } from './edge';
import { governance } from './governance';
import { identity } from './identity';
import { keys } from './keys';
import { logging } from './logging';
import { messaging } from './messaging';
import { network } from './network';
import { objectStorage } from './object-storage';
import { response } from './response';
import { secrets } from './secrets';
import { serverless } from './serverless';

/** Every family, in the order in which findings are printed. */
export const RULE_FAMILIES: readonly FamilyRules[] = [
  identity,
  secrets,
  keys,
  network,
  edge,
  compute,
  containers,
  serverless,
  objectStorage,
  database,
  messaging,
  logging,
  detection,
  response,
  backup,
  governance,
];

/** The registry: every rule of both clouds. */
export const RULES: readonly Rule[] = RULE_FAMILIES.flatMap(({ rules }) => rules);
