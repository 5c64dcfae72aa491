/** Who may send records in, or write into groups: nobody from outside. */
import { grantsNobodyPublicly, statementsOf } from '../../facts/iam';
import { every, fail, not, notApplicable, type Outcome, pass } from '../../outcome';
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

/** Says which groups are meant. The policy of a group speaks of that group, whatever it names. */
function namesGroups(policy: Resource): Outcome {
  const grants = statementsOf(policy.at(DOCUMENTS[policy.type] as string)).filter((statement) => statement.allows().verdict !== 'fail');
  if (grants.length === 0) return notApplicable('grants nothing');
  return every(grants, (statement) => {
    if (statement.grantsEvery('logs:*').verdict === 'pass') return fail(`${statement.name} allows every action`, statement.at);
    return every(statement.resources(), (resource) =>
      resource.state === 'reference' ? pass() : not(resource.is('*'), `${statement.name} speaks of every log group`),
    );
  });
}

const ofGroups = (statement: object) => ({
  Policy: {
    Type: 'AWS::Logs::ResourcePolicy',
    Properties: {
      PolicyDocument: JSON.stringify({
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'es.amazonaws.com' },
            Action: 'logs:PutLogEvents',
            Resource: 'arn:aws:logs:eu-west-1:111122223333:log-group:search:*',
            ...statement,
          },
        ],
      }),
    },
  },
});

/** A policy for services names the groups that they write into. */
export const namedGroups: RuleSpec = rule({
  on: 'AWS::Logs::ResourcePolicy',
  severity: 'low',
  check: namesGroups,
  fix: 'Name the log groups in Resource, and the actions that the service needs: logs:CreateLogStream, logs:PutLogEvents.',
  pass: [{ resources: ofGroups({}) }],
  fail: [{ resources: ofGroups({ Resource: '*' }) }, { resources: ofGroups({ Action: 'logs:*' }) }],
  skip: [{ resources: ofGroups({ Effect: 'Deny', Resource: '*' }) }],
});

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
