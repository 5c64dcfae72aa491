import * as pulumi from '@pulumi/pulumi';
import { type DataProfile, type DecidedProfile, decided, PROFILE_TYPE } from '../contract';

/**
 * Puts a system's data profile into the program, where checks and reviews find it (GOV-10, LOG-01). One per program.
 *
 * @example
 * const { profile } = new DataProfileDeclaration('profile', {
 *   system: 'case-management', owner: 'support-data@example.com',
 *   sensitivity: 'confidential', volume: 'millions', exposure: 'internet', privilege: 'alter',
 * });
 */
export class DataProfileDeclaration extends pulumi.ComponentResource {
  /** What every hardened component takes as its `profile`. */
  readonly profile: DecidedProfile;

  /** @throws RangeError that names the input that is missing or not of its scale */
  constructor(name: string, profile: DataProfile, opts?: pulumi.ComponentResourceOptions) {
    const { tier, why } = decided(profile);
    super(PROFILE_TYPE, name, { ...profile }, opts);
    this.profile = { profile, tier, why };
    this.registerOutputs({ tier, why });
  }
}

/**
 * Declares the data profile of the program and returns it decided, to be passed to every hardened component (GOV-10, LOG-01).
 *
 * @throws RangeError that names the input that is missing or not of its scale
 * @example
 * const profile = declareProfile('profile', {
 *   system: 'case-management', owner: 'support-data@example.com',
 *   sensitivity: 'confidential', volume: 'millions', exposure: 'internet', privilege: 'alter',
 * });
 */
export function declareProfile(name: string, profile: DataProfile, opts?: pulumi.ComponentResourceOptions): DecidedProfile {
  return new DataProfileDeclaration(name, profile, opts).profile;
}
