import { backup } from './backup';
import { compute } from './compute';
import { containers } from './containers';
import { database } from './database';
import { detection } from './detection';
import { edge } from './edge';
import { governance } from './governance';
import { identity } from './identity';
import { keys } from './keys';
import type { Least } from './least';
import { logging } from './logging';
import { messaging } from './messaging';
import { network } from './network';
import { objectStorage } from './object-storage';
import { response } from './response';
import { secrets } from './secrets';
import { serverless } from './serverless';

/** Every family whose components make claims. */
export const LEAST_BY_FAMILY: Readonly<Record<string, Least>> = {
  identity,
  secrets,
  keys,
  network,
  edge,
  compute,
  containers,
  serverless,
  'object-storage': objectStorage,
  database,
  messaging,
  logging,
  detection,
  response,
  backup,
  governance,
};
