/** All pairs: what weakens, and what does not. The exact lines of a room stand in the file of its name under `lines`. */

import { CHAIN_HARMLESS, CHAIN_WEAKENINGS } from './aws-chains';
import { EDGE_HARMLESS, EDGE_WEAKENINGS } from './aws-edges';
import { ESTATE_HARMLESS, ESTATE_WEAKENINGS } from './aws-estate';
import { HUNTED_EXPOSURE_HARMLESS, HUNTED_EXPOSURE_WEAKENINGS } from './aws-exposure-hunted';
import { AWS_EXPOSURE_HARMLESS, AWS_EXPOSURE_WEAKENINGS } from './aws-exposure-more';
import { AWS_HARMLESS } from './aws-harmless';
import { HUNTED_HARMLESS, HUNTED_WEAKENINGS } from './aws-hunted';
import { HUNTED_MORE_HARMLESS, HUNTED_MORE_WEAKENINGS } from './aws-hunted-more';
import { SIGN_IN_HARMLESS, SIGN_IN_WEAKENINGS } from './aws-hunted-signin';
import { MANAGED_HARMLESS, MANAGED_WEAKENINGS } from './aws-managed';
import { NETWORK_WEAKENINGS } from './aws-network';
import { PEOPLE_WEAKENINGS } from './aws-people';
import { RECORDING_WEAKENINGS } from './aws-recording';
import { AWS_REFACTORED } from './aws-refactored';
import { STORE_WEAKENINGS } from './aws-stores';
import { SWITCH_HARMLESS, SWITCH_WEAKENINGS } from './aws-switches-hunted';
import { AWS_WIRING_HARMLESS, AWS_WIRING_WEAKENINGS } from './aws-wiring';
import { AZURE_HARMLESS, AZURE_WEAKENINGS } from './azure';
import { AZURE_ACCESS_HARMLESS, AZURE_ACCESS_WEAKENINGS } from './azure-access-more';
import { AZURE_DATA_HARMLESS, AZURE_DATA_WEAKENINGS } from './azure-data';
import { DETECTION_HARMLESS, DETECTION_WEAKENINGS } from './azure-detection';
import { AZURE_EDGE_HARMLESS, AZURE_EDGE_WEAKENINGS } from './azure-edge';
import { ENCRYPTION_HARMLESS, ENCRYPTION_WEAKENINGS } from './azure-encryption';
import { AZURE_EXPOSURE_HARMLESS, AZURE_EXPOSURE_WEAKENINGS } from './azure-exposure-more';
import { HUNTED_AZURE_HARMLESS, HUNTED_AZURE_WEAKENINGS } from './azure-hunted';
import { HUNTED_ACCESS_HARMLESS, HUNTED_ACCESS_WEAKENINGS } from './azure-hunted-access';
import { EDGE_HUNTED_HARMLESS, EDGE_HUNTED_WEAKENINGS } from './azure-hunted-edge';
import { OPENING_HARMLESS, OPENING_WEAKENINGS } from './azure-hunted-network';
import { HUNTED_SWITCH_HARMLESS, HUNTED_SWITCH_WEAKENINGS } from './azure-hunted-switches';
import { HUNTED_WATCH_HARMLESS, HUNTED_WATCH_WEAKENINGS } from './azure-hunted-watch';
import { WAYS_HARMLESS, WAYS_WEAKENINGS } from './azure-hunted-ways';
import { AZURE_NETWORK_HARMLESS, AZURE_NETWORK_WEAKENINGS } from './azure-network';
import { POLICY_HARMLESS, POLICY_WEAKENINGS } from './azure-policies';
import { RECORDS_HARMLESS, RECORDS_WEAKENINGS } from './azure-records';
import { RIGHTS_HARMLESS, RIGHTS_WEAKENINGS } from './azure-rights';
import { WAY_HARMLESS, WAY_WEAKENINGS } from './azure-ways';
import { WIRING_HARMLESS, WIRING_WEAKENINGS } from './azure-wiring';
import { HIDDEN_HARMLESS, HIDDEN_WEAKENINGS } from './hidden';
import { PACK_HARMLESS, PACK_WEAKENINGS } from './packs';
import type { Harmless, Weakening } from './pair';
import { PARTNER_HARMLESS, PARTNER_WEAKENINGS } from './partners';
import { POSTURE_WEAKENINGS } from './posture';
import { WORLD_HARMLESS, WORLD_WEAKENINGS } from './worlds';

export interface Room {
  readonly weakenings?: Readonly<Record<string, Weakening>>;
  readonly harmless?: Readonly<Record<string, Harmless>>;
}

export const ROOMS: Readonly<Record<string, Room>> = {
  'aws-chains': { weakenings: CHAIN_WEAKENINGS, harmless: CHAIN_HARMLESS },
  'aws-edges': { weakenings: EDGE_WEAKENINGS, harmless: EDGE_HARMLESS },
  'aws-estate': { weakenings: ESTATE_WEAKENINGS, harmless: ESTATE_HARMLESS },
  'aws-exposure-hunted': { weakenings: HUNTED_EXPOSURE_WEAKENINGS, harmless: HUNTED_EXPOSURE_HARMLESS },
  'aws-exposure-more': { weakenings: AWS_EXPOSURE_WEAKENINGS, harmless: AWS_EXPOSURE_HARMLESS },
  'aws-harmless': { harmless: AWS_HARMLESS },
  'aws-hunted': { weakenings: HUNTED_WEAKENINGS, harmless: HUNTED_HARMLESS },
  'aws-hunted-signin': { weakenings: SIGN_IN_WEAKENINGS, harmless: SIGN_IN_HARMLESS },
  'aws-hunted-more': { weakenings: HUNTED_MORE_WEAKENINGS, harmless: HUNTED_MORE_HARMLESS },
  'aws-managed': { weakenings: MANAGED_WEAKENINGS, harmless: MANAGED_HARMLESS },
  'aws-network': { weakenings: NETWORK_WEAKENINGS },
  'aws-people': { weakenings: PEOPLE_WEAKENINGS },
  'aws-recording': { weakenings: RECORDING_WEAKENINGS },
  'aws-refactored': { harmless: AWS_REFACTORED },
  'aws-stores': { weakenings: STORE_WEAKENINGS },
  'aws-switches-hunted': { weakenings: SWITCH_WEAKENINGS, harmless: SWITCH_HARMLESS },
  'aws-wiring': { weakenings: AWS_WIRING_WEAKENINGS, harmless: AWS_WIRING_HARMLESS },
  azure: { weakenings: AZURE_WEAKENINGS, harmless: AZURE_HARMLESS },
  'azure-access-more': { weakenings: AZURE_ACCESS_WEAKENINGS, harmless: AZURE_ACCESS_HARMLESS },
  'azure-detection': { weakenings: DETECTION_WEAKENINGS, harmless: DETECTION_HARMLESS },
  'azure-edge': { weakenings: AZURE_EDGE_WEAKENINGS, harmless: AZURE_EDGE_HARMLESS },
  'azure-data': { weakenings: AZURE_DATA_WEAKENINGS, harmless: AZURE_DATA_HARMLESS },
  'azure-encryption': { weakenings: ENCRYPTION_WEAKENINGS, harmless: ENCRYPTION_HARMLESS },
  'azure-exposure-more': { weakenings: AZURE_EXPOSURE_WEAKENINGS, harmless: AZURE_EXPOSURE_HARMLESS },
  'azure-hunted': { weakenings: HUNTED_AZURE_WEAKENINGS, harmless: HUNTED_AZURE_HARMLESS },
  'azure-hunted-switches': { weakenings: HUNTED_SWITCH_WEAKENINGS, harmless: HUNTED_SWITCH_HARMLESS },
  'azure-hunted-access': { weakenings: HUNTED_ACCESS_WEAKENINGS, harmless: HUNTED_ACCESS_HARMLESS },
  'azure-hunted-ways': { weakenings: WAYS_WEAKENINGS, harmless: WAYS_HARMLESS },
  'azure-hunted-edge': { weakenings: EDGE_HUNTED_WEAKENINGS, harmless: EDGE_HUNTED_HARMLESS },
  'azure-hunted-watch': { weakenings: HUNTED_WATCH_WEAKENINGS, harmless: HUNTED_WATCH_HARMLESS },
  'azure-hunted-network': { weakenings: OPENING_WEAKENINGS, harmless: OPENING_HARMLESS },
  'azure-records': { weakenings: RECORDS_WEAKENINGS, harmless: RECORDS_HARMLESS },
  'azure-network': { weakenings: AZURE_NETWORK_WEAKENINGS, harmless: AZURE_NETWORK_HARMLESS },
  'azure-policies': { weakenings: POLICY_WEAKENINGS, harmless: POLICY_HARMLESS },
  'azure-rights': { weakenings: RIGHTS_WEAKENINGS, harmless: RIGHTS_HARMLESS },
  hidden: { weakenings: HIDDEN_WEAKENINGS, harmless: HIDDEN_HARMLESS },
  'azure-ways': { weakenings: WAY_WEAKENINGS, harmless: WAY_HARMLESS },
  'azure-wiring': { weakenings: WIRING_WEAKENINGS, harmless: WIRING_HARMLESS },
  packs: { weakenings: PACK_WEAKENINGS, harmless: PACK_HARMLESS },
  partners: { weakenings: PARTNER_WEAKENINGS, harmless: PARTNER_HARMLESS },
  posture: { weakenings: POSTURE_WEAKENINGS },
  worlds: { weakenings: WORLD_WEAKENINGS, harmless: WORLD_HARMLESS },
};

const merged = <Pair>(of: (room: Room) => Readonly<Record<string, Pair>> | undefined): Readonly<Record<string, Pair>> =>
  Object.assign({}, ...Object.values(ROOMS).map((room) => of(room) ?? {}));

export const WEAKENINGS = merged(({ weakenings }) => weakenings);
export const HARMLESS = merged(({ harmless }) => harmless);

export const AWS_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...STORE_WEAKENINGS,
  ...NETWORK_WEAKENINGS,
  ...PEOPLE_WEAKENINGS,
  ...CHAIN_WEAKENINGS,
  ...RECORDING_WEAKENINGS,
  ...AWS_EXPOSURE_WEAKENINGS,
  ...HUNTED_EXPOSURE_WEAKENINGS,
  ...MANAGED_WEAKENINGS,
  ...HUNTED_WEAKENINGS,
  ...SWITCH_WEAKENINGS,
};
export { AWS_HARMLESS };
