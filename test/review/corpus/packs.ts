/** Rules that are silenced where they stand, and what only looks like it. */
import { STORES } from './aws-base';
import { awsWith, type Harmless, type State, type Weakening } from './pair';

const silent = (Metadata: object): State => awsWith(STORES, { 'Records@Metadata': Metadata });
const weaker = (before: State, after: State, naming: string): Weakening => ({ before, after, about: ['controls'], naming });
const nag = (...rules: readonly string[]) => ({ cdk_nag: { rules_to_suppress: rules.map((id) => ({ id, reason: 'moves next month' })) } });

export const PACK_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  'a rule of cdk-nag is silenced': weaker(awsWith(STORES), silent(nag('AwsSolutions-S1')), 'cdk-nag AwsSolutions-S1'),
  'another rule of cdk-nag is silenced': weaker(
    silent(nag('AwsSolutions-S1')),
    silent(nag('AwsSolutions-S1', 'AwsSolutions-S10')),
    'AwsSolutions-S10',
  ),
  'a rule of cfn_nag is silenced': weaker(
    awsWith(STORES),
    silent({ cfn_nag: { rules_to_suppress: [{ id: 'W35', reason: 'no log' }] } }),
    'cfn_nag W35',
  ),
  'a rule of checkov is skipped': weaker(
    awsWith(STORES),
    silent({ checkov: { skip: [{ id: 'CKV_AWS_18', comment: 'no log' }] } }),
    'CKV_AWS_18',
  ),
  'a rule of cfn-guard is silenced': weaker(
    awsWith(STORES),
    silent({ guard: { SuppressedRules: ['S3_BUCKET_LOGGING_ENABLED'] } }),
    'S3_BUCKET_LOGGING_ENABLED',
  ),
  'a check is ignored for a whole template': weaker(
    awsWith(STORES),
    { ...awsWith(STORES), sections: { Metadata: { 'cfn-lint': { config: { ignore_checks: ['W3045'] } } } } },
    'the whole template is no longer checked by cfn-lint W3045',
  ),
};

export const PACK_HARMLESS: Readonly<Record<string, Harmless>> = {
  'silenced rules change their order': {
    before: silent(nag('AwsSolutions-S1', 'AwsSolutions-S10')),
    after: silent(nag('AwsSolutions-S10', 'AwsSolutions-S1')),
  },
  'a silenced rule is asked again': { before: silent(nag('AwsSolutions-S1')), after: awsWith(STORES) },
  'the reason for a silenced rule is told better': {
    before: silent(nag('AwsSolutions-S1')),
    after: silent({ cdk_nag: { rules_to_suppress: [{ id: 'AwsSolutions-S1', reason: 'its log is another bucket' }] } }),
  },
  'a tool is configured to check more': {
    before: awsWith(STORES),
    after: { ...awsWith(STORES), sections: { Metadata: { 'cfn-lint': { config: { include_checks: ['I'] } } } } },
  },
};
