/** Weakenings of the check itself: tier and profile, exceptions, the gate. */
import type { DeclaredWaiver } from '../../../policies/waiver';
import { STORES } from './aws-base';
import { awsWith, PROFILE, type State, type Weakening } from './pair';

const waiver = (more: Partial<DeclaredWaiver> = {}): DeclaredWaiver => ({
  rule: 'LOG-05.database',
  resource: 'cases/Cases',
  reason: 'moves next month',
  owner: 'cases@example.com',
  approver: 'security@example.com',
  ticket: 'SEC-1',
  expires: '2027-03-31',
  source: 'config',
  ...more,
});
const with_ = (config: State['config']): State => ({ ...awsWith(STORES), config });
const change = (
  before: State['config'],
  after: State['config'],
  about: Weakening['about'],
  naming: string,
  boundary?: Weakening['boundary'],
): Weakening => ({
  before: with_(before),
  after: with_(after),
  about,
  naming,
  ...(boundary === undefined ? {} : { boundary }),
});

export const POSTURE_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  'an exception is added': change({}, { waivers: [waiver()] }, ['controls'], 'LOG-05.database'),
  'an exception runs for longer': change(
    { waivers: [waiver()] },
    { waivers: [waiver({ expires: '2028-01-01' })] },
    ['controls'],
    '2028-01-01',
  ),
  'an exception covers a control instead of a rule': change(
    { waivers: [waiver()] },
    { waivers: [waiver({ rule: 'LOG-05' })] },
    ['controls'],
    'LOG-05',
  ),
  'the gate lets more pass': change({ gate: 'medium' }, { gate: 'critical' }, ['controls'], 'gate'),
  'what cannot be told no longer fails': change({ strict: true }, { strict: false }, ['controls'], 'cannot be told'),
  'the tier gets lower': change(
    { profile: PROFILE },
    { profile: { ...PROFILE, sensitivity: 'internal', exposure: 'organisation', privilege: 'read' } },
    ['controls'],
    'tier',
    'tier',
  ),
  'the profile names other places': change(
    { profile: { ...PROFILE, residency: ['eu-central-1'] } },
    { profile: { ...PROFILE, residency: ['eu-central-1', 'us-east-1'] } },
    ['controls'],
    'residency',
    'residency',
  ),
};
