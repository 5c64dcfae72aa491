/** All pairs: what weakens, and what does not. */

import { CHAIN_HARMLESS, CHAIN_WEAKENINGS } from './aws-chains';
import { HUNTED_EXPOSURE_HARMLESS, HUNTED_EXPOSURE_WEAKENINGS } from './aws-exposure-hunted';
import { AWS_EXPOSURE_HARMLESS, AWS_EXPOSURE_WEAKENINGS } from './aws-exposure-more';
import { AWS_HARMLESS } from './aws-harmless';
import { HUNTED_HARMLESS, HUNTED_WEAKENINGS } from './aws-hunted';
import { MANAGED_HARMLESS, MANAGED_WEAKENINGS } from './aws-managed';
import { NETWORK_WEAKENINGS } from './aws-network';
import { PEOPLE_WEAKENINGS } from './aws-people';
import { RECORDING_WEAKENINGS } from './aws-recording';
import { AWS_REFACTORED } from './aws-refactored';
import { STORE_WEAKENINGS } from './aws-stores';
import { SWITCH_HARMLESS, SWITCH_WEAKENINGS } from './aws-switches-hunted';
import { AZURE_HARMLESS, AZURE_WEAKENINGS } from './azure';
import { AZURE_ACCESS_HARMLESS, AZURE_ACCESS_WEAKENINGS } from './azure-access-more';
import { AZURE_EXPOSURE_HARMLESS, AZURE_EXPOSURE_WEAKENINGS } from './azure-exposure-more';
import { HUNTED_AZURE_HARMLESS, HUNTED_AZURE_WEAKENINGS } from './azure-hunted';
import { PACK_HARMLESS, PACK_WEAKENINGS } from './packs';
import type { Harmless, Weakening } from './pair';
import { PARTNER_HARMLESS, PARTNER_WEAKENINGS } from './partners';
import { POSTURE_WEAKENINGS } from './posture';
import { WORLD_HARMLESS, WORLD_WEAKENINGS } from './worlds';

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
export const WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...AWS_WEAKENINGS,
  ...AZURE_WEAKENINGS,
  ...AZURE_EXPOSURE_WEAKENINGS,
  ...AZURE_ACCESS_WEAKENINGS,
  ...HUNTED_AZURE_WEAKENINGS,
  ...POSTURE_WEAKENINGS,
  ...PARTNER_WEAKENINGS,
  ...WORLD_WEAKENINGS,
  ...PACK_WEAKENINGS,
};
export { AWS_HARMLESS };
export const HARMLESS: Readonly<Record<string, Harmless>> = {
  ...AWS_HARMLESS,
  ...AWS_EXPOSURE_HARMLESS,
  ...HUNTED_EXPOSURE_HARMLESS,
  ...AWS_REFACTORED,
  ...CHAIN_HARMLESS,
  ...PARTNER_HARMLESS,
  ...MANAGED_HARMLESS,
  ...HUNTED_HARMLESS,
  ...SWITCH_HARMLESS,
  ...AZURE_HARMLESS,
  ...AZURE_EXPOSURE_HARMLESS,
  ...AZURE_ACCESS_HARMLESS,
  ...HUNTED_AZURE_HARMLESS,
  ...WORLD_HARMLESS,
  ...PACK_HARMLESS,
};
