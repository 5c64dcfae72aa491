import { CONTROLS, type DataProfile, EXPOSURES, PRIVILEGES, SENSITIVITIES, VOLUMES } from '../../controls';
import { UNIT } from '../graph';
import { merged } from '../merge';
import { fail, type Outcome, pass } from '../outcome';
import type { Resource } from '../resource';
import { type Example, type RuleContext, type RuleSpec, rule, rulesOf } from '../rule';
import { AZURE_POLICY } from './governance/azure-policy';
import { GUARDRAILS } from './governance/guardrails';
import { PIPELINES } from './governance/pipelines';

/** The inputs of the tier, with their scales where they have one. */
const INPUTS: Readonly<Record<Exclude<keyof DataProfile, 'residency'>, readonly string[] | undefined>> = {
  system: undefined,
  owner: undefined,
  sensitivity: SENSITIVITIES,
  volume: VOLUMES,
  exposure: EXPOSURES,
  privilege: PRIVILEGES,
};

/** A profile from which the tier follows, declared by the unit or by the project's configuration. */
function declaresProfile(_unit: Resource, _graph: unknown, { profile }: RuleContext): Outcome {
  if (typeof profile !== 'object' || profile === null || Array.isArray(profile)) return fail('no data profile is declared', 'profile');
  const written = profile as Readonly<Record<string, unknown>>;
  const missing = Object.keys(INPUTS).filter((input) => typeof written[input] !== 'string' || written[input] === '');
  if (missing.length > 0) return fail(`the data profile lacks ${missing.join(', ')}`, 'profile');
  const odd = Object.entries(INPUTS).find(([input, scale]) => scale !== undefined && !scale.includes(written[input] as string));
  return odd ? fail(`${odd[0]} of the data profile is "${written[odd[0]]}", which is none of ${odd[1]?.join(', ')}`, 'profile') : pass();
}

const PROFILE = {
  system: 'cases',
  owner: 'data@example.com',
  sensitivity: 'confidential',
  volume: 'thousands',
  exposure: 'organisation',
  privilege: 'alter',
};
const { owner: _owner, ...OWNERLESS } = PROFILE;

const profiled = (resources: Example['resources']): RuleSpec =>
  rule({
    on: UNIT,
    check: declaresProfile,
    fix: 'Declare the data profile: declareProfile in CDK and Pulumi, Metadata.Palisade.profile in a template, or profile in palisade.yaml.',
    pass: [{ unit: { profile: PROFILE }, resources }],
    fail: [
      { resources },
      { name: 'incomplete', unit: { profile: OWNERLESS }, resources },
      { name: 'not of the scale', unit: { profile: { ...PROFILE, volume: 'lots' } }, resources },
    ],
  });

const PROFILES = {
  'GOV-10': {
    aws: profiled({ Bucket: { Type: 'AWS::S3::Bucket' } }),
    azure: profiled({ account: { type: 'azure-native:storage:StorageAccount', properties: {} } }),
  },
} as const;

export const governance = rulesOf('governance', CONTROLS, merged(PROFILES, GUARDRAILS, PIPELINES, AZURE_POLICY));
