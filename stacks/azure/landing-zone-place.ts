import type { DecidedProfile } from '../../constructs/azure';
import type { Providers } from './landing-zone-organisation';
import type { LandingZoneSettings } from './landing-zone-settings';

/** What every part of the landing zone is made with. */
export interface Place {
  readonly settings: LandingZoneSettings;
  readonly profile: DecidedProfile;
  readonly providers: Providers;
}
