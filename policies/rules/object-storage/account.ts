import type { ControlId } from '../../../controls';
import { every, when } from '../../outcome';
import { type PerCloud, rule } from '../../rule';

/** Runs runbooks of AWS; CloudFormation has no resource for the public-access block of an account. */
const ASSOCIATION = 'AWS::SSM::Association';
const RUNBOOK = 'AWSConfigRemediation-ConfigureS3PublicAccessBlock';
const FLAGS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'];

const block = (Parameters: object, Name = RUNBOOK) => ({ Block: { Type: ASSOCIATION, Properties: { Name, Parameters } } });
const ALL = Object.fromEntries(FLAGS.map((flag) => [flag, ['true']]));

export const ACCOUNT = {
  'DHC-05': {
    aws: rule({
      on: ASSOCIATION,
      check: (association) =>
        when(association.at('Name').is(RUNBOOK), () =>
          every(FLAGS, (flag) => {
            const value = association.at(`Parameters.${flag}`);
            // The runbook blocks what it is not told about.
            return (value.items()[0] ?? value).orDefault(true).isTrue();
          }),
        ),
      fix: 'Use AccountPublicAccessBlock, or leave all four parameters of the runbook true.',
      pass: [{ resources: block(ALL) }, { resources: block({ AccountId: ['111122223333'] }) }],
      fail: FLAGS.map((flag) => ({ resources: block({ ...ALL, [flag]: ['false'] }) })),
      skip: [{ resources: block({}, 'AWS-RunPatchBaseline') }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
