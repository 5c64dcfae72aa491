import type { ControlId } from '../../../controls';
import { allOf, every, notApplicable, type Outcome, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

/** Runs runbooks of AWS; CloudFormation has no resource for the password policy of an account. */
const ASSOCIATION = 'AWS::SSM::Association';
const RUNBOOK = 'AWSConfigRemediation-SetIAMPasswordPolicy';
const CONFIG_RULE = 'AWS::Config::ConfigRule';

const LEAST_LENGTH = 14;
const HISTORY = 24;
const LONGEST_AGE = 90;
const CLASSES = ['RequireLowercaseCharacters', 'RequireUppercaseCharacters', 'RequireNumbers', 'RequireSymbols'];

/** Judges what the runbook is told; each parameter is a list of one text. */
function toldOf(association: Resource, check: (told: (name: string) => ReturnType<Resource['at']>) => Outcome): Outcome {
  const name = association.at('Name');
  if (name.state === 'reference') return notApplicable('runs a document of its own');
  return when(name.is(RUNBOOK), () =>
    check((parameter) => {
      const value = association.at(`Parameters.${parameter}`);
      return value.items()[0] ?? value;
    }),
  );
}

/** Judges what a managed rule of Config looks for. */
const lookedFor = (configRule: Resource, identifier: string, parameter: string, check: (value: ReturnType<Resource['at']>) => Outcome) =>
  when(configRule.at('Source.SourceIdentifier').is(identifier), () => check(configRule.at('InputParameters').json().at(parameter)));

const policy = (parameters: object, Name = RUNBOOK) => ({ Policy: { Type: ASSOCIATION, Properties: { Name, Parameters: parameters } } });
const STRONG = {
  MinimumPasswordLength: ['14'],
  RequireLowercaseCharacters: ['true'],
  RequireUppercaseCharacters: ['true'],
  RequireNumbers: ['true'],
  RequireSymbols: ['true'],
};
const own = {
  name: 'a document of the account',
  resources: { ...policy({}), Policy: { Type: ASSOCIATION, Properties: { Name: { Ref: 'Own' } } }, Own: { Type: 'AWS::SSM::Document' } },
};
const other = { name: 'another runbook', resources: policy({}, 'AWS-RunPatchBaseline') };
const configRule = (SourceIdentifier: string, InputParameters: unknown) => ({
  Rule: { Type: CONFIG_RULE, Properties: { Source: { Owner: 'AWS', SourceIdentifier }, InputParameters } },
});
const otherRule = { resources: configRule('S3_BUCKET_VERSIONING_ENABLED', {}) };

export const ACCOUNT_PASSWORDS = {
  'IDA-03': {
    aws: [
      rule({
        on: ASSOCIATION,
        check: (association) =>
          toldOf(association, (told) =>
            every(
              [
                told('MinimumPasswordLength').orDefault(6).isAtLeast(LEAST_LENGTH),
                ...CLASSES.map((name) => told(name).orDefault(false).isTrue()),
              ],
              (outcome) => outcome,
            ),
          ),
        fix: 'Use PasswordPolicy, or set MinimumPasswordLength to 14 and the four Require parameters to true.',
        pass: [{ resources: policy(STRONG) }],
        fail: [
          { resources: policy({ ...STRONG, MinimumPasswordLength: ['8'] }) },
          { resources: policy({ ...STRONG, RequireNumbers: ['false'] }) },
          { resources: policy({ ...STRONG, RequireSymbols: undefined }) },
          { resources: policy({ ...STRONG, RequireLowercaseCharacters: ['false'] }) },
          { resources: policy({ ...STRONG, RequireUppercaseCharacters: ['false'] }) },
        ],
        skip: [other, own],
      }),
      rule({
        on: CONFIG_RULE,
        check: (each) =>
          lookedFor(each, 'IAM_PASSWORD_POLICY', 'MinimumPasswordLength', (length) => length.orDefault(14).isAtLeast(LEAST_LENGTH)),
        fix: 'Let the rule look for at least 14 characters: InputParameters.MinimumPasswordLength 14.',
        pass: [{ resources: configRule('IAM_PASSWORD_POLICY', { MinimumPasswordLength: 14 }) }],
        fail: [{ resources: configRule('IAM_PASSWORD_POLICY', '{"MinimumPasswordLength":"8"}') }],
        skip: [otherRule],
      }),
    ],
  },

  'IDA-04': {
    aws: [
      rule({
        on: ASSOCIATION,
        check: (association) => toldOf(association, (told) => told('PasswordReusePrevention').orDefault(0).isAtLeast(HISTORY)),
        fix: 'Use PasswordPolicy, or set PasswordReusePrevention to 24.',
        pass: [{ resources: policy({ PasswordReusePrevention: ['24'] }) }],
        fail: [{ resources: policy({ PasswordReusePrevention: ['5'] }) }, { resources: policy({}) }],
        skip: [other],
      }),
      rule({
        on: CONFIG_RULE,
        check: (each) =>
          lookedFor(each, 'IAM_PASSWORD_POLICY', 'PasswordReusePrevention', (history) => history.orDefault(24).isAtLeast(HISTORY)),
        fix: 'Let the rule look for a history of 24 passwords: InputParameters.PasswordReusePrevention 24.',
        pass: [{ resources: configRule('IAM_PASSWORD_POLICY', { PasswordReusePrevention: '24' }) }],
        fail: [{ resources: configRule('IAM_PASSWORD_POLICY', { PasswordReusePrevention: 3 }) }],
        skip: [otherRule],
      }),
    ],
  },

  'IDA-05': {
    aws: [
      rule({
        on: ASSOCIATION,
        check: (association) =>
          toldOf(association, (told) => allOf(told('MaxPasswordAge').isAtLeast(1), told('MaxPasswordAge').isAtMost(LONGEST_AGE))),
        fix: 'Use PasswordPolicy, or set MaxPasswordAge to 90; 0 means that passwords never expire.',
        pass: [{ resources: policy({ MaxPasswordAge: ['90'] }) }],
        fail: [
          { resources: policy({ MaxPasswordAge: ['365'] }) },
          { resources: policy({ MaxPasswordAge: ['0'] }) },
          { resources: policy({}) },
        ],
        skip: [other],
      }),
      rule({
        on: CONFIG_RULE,
        check: (each) =>
          lookedFor(each, 'ACCESS_KEYS_ROTATED', 'maxAccessKeyAge', (age) => age.orDefault(LONGEST_AGE).isAtMost(LONGEST_AGE)),
        fix: 'Let the rule find access keys that are older than 90 days: InputParameters.maxAccessKeyAge 90.',
        pass: [{ resources: configRule('ACCESS_KEYS_ROTATED', { maxAccessKeyAge: 90 }) }],
        fail: [{ resources: configRule('ACCESS_KEYS_ROTATED', { maxAccessKeyAge: '365' }) }],
        skip: [otherRule],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
