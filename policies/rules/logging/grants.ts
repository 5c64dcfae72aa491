/** Who may send records in, or write into groups: nobody from outside. */
import { grantsNobodyPublicly } from '../../facts/iam';
import { notApplicable, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleSpec, rule } from '../../rule';

/** Where resources of CloudWatch Logs keep their policies. */
const DOCUMENTS: Readonly<Record<string, string>> = {
  'AWS::Logs::Destination': 'DestinationPolicy',
  'AWS::Logs::ResourcePolicy': 'PolicyDocument',
  'AWS::Logs::LogGroup': 'ResourcePolicyDocument',
};

function letsNobodyInFromOutside(resource: Resource): Outcome {
  const document = resource.at(DOCUMENTS[resource.type] as string);
  return document.state === 'absent' ? notApplicable('has no policy') : grantsNobodyPublicly(document, 'logs:*');
}

const destination = (statement: object) => ({
  Destination: {
    Type: 'AWS::Logs::Destination',
    Properties: {
      DestinationPolicy: JSON.stringify({
        Statement: [{ Effect: 'Allow', Action: 'logs:PutSubscriptionFilter', Resource: '*', ...statement }],
      }),
    },
  },
});

export const outsiders: RuleSpec = rule({
  on: Object.keys(DOCUMENTS),
  check: letsNobodyInFromOutside,
  fix: 'Name the accounts, or require aws:PrincipalOrgID to be your organisation.',
  pass: [
    {
      resources: {
        Policy: {
          Type: 'AWS::Logs::ResourcePolicy',
          Properties: {
            PolicyDocument: {
              Statement: [
                { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'logs:PutLogEvents', Resource: '*' },
              ],
            },
          },
        },
      },
    },
    {
      name: 'the organisation',
      resources: destination({ Principal: '*', Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }),
    },
  ],
  fail: [{ resources: destination({ Principal: '*' }) }, { resources: destination({ Principal: { AWS: '*' } }) }],
  skip: [{ resources: { Group: { Type: 'AWS::Logs::LogGroup', Properties: {} } } }],
});
