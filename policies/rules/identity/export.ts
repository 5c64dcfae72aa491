import type { ControlId } from '../../../controls';
import { ALTERING_ACTIONS, EXPORT_ACTIONS } from '../../facts/iam-actions';
import { type Grant, PERMISSION_SET, RIGHTS_TYPES, ROLE } from '../../facts/iam-permissions';
import { attachedTo, grantsHeldBy, judgeGrants, nameOf } from '../../facts/iam-principals';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import { type PerCloud, rule } from '../../rule';
import { allow, deny, document, inline, permissionSet, policy, role } from './samples';

/** No right to carry data out in bulk; all of a service, or of everything, is judged as such. */
function exportsNothing(grant: Grant): Outcome {
  const action = grant.namesOutright(EXPORT_ACTIONS);
  if (action === undefined) return pass();
  return grant.allows.verdict === 'unknown'
    ? grant.allows
    : fail(`${grant.name} allows ${action}, which carries data out in bulk`, grant.at);
}

/** Names that promise a role which only looks. */
const LOOKS = /read-?only|view-?only|(^|[^a-z])(viewer|auditor|reader)s?([^a-z]|$)/i;
const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, '$1-$2');

function altersNothing(grant: Grant): Outcome {
  const action =
    grant.names(ALTERING_ACTIONS) ??
    grant.wholeServices.filter((service) => ALTERING_ACTIONS.has(service)).map((service) => `${service}:*`)[0];
  if (action === undefined && !grant.everything) return pass();
  return grant.allows.verdict === 'unknown'
    ? grant.allows
    : fail(`${grant.name} allows ${action ?? 'every action'} to a role that only reads`, grant.at);
}

const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/cases';
const reader = (...statements: readonly object[]) => role({ RoleName: 'case-viewer', Policies: inline(...statements) });
const HOLE = { parameters: { Hole: { Type: 'String' } } };

export const EXPORTS = {
  'EXP-01': {
    aws: rule({
      on: RIGHTS_TYPES,
      check: (holder, graph) => judgeGrants(holder, graph, exportsNothing),
      fix: 'Remove the action; where a job must export, give it a role of its own and record the right as a waiver that expires.',
      pass: [
        {
          resources: policy(allow(['dynamodb:DescribeExport', 'logs:Create*', 'rds:*'], TABLE), deny('dynamodb:ExportTableToPointInTime')),
        },
      ],
      fail: [
        { resources: policy(allow('dynamodb:ExportTableToPointInTime', TABLE)) },
        { resources: policy(allow(['rds:StartExport*'])) },
        { resources: policy(allow('s3:PutReplicationConfiguration', 'arn:aws:s3:::cases')) },
        { resources: role({ Policies: inline(allow('ec2:ModifySnapshotAttribute')) }) },
        { resources: permissionSet({ InlinePolicy: JSON.stringify(document(allow('logs:CreateExportTask'))) }) },
      ],
      unknown: [{ ...HOLE, resources: policy({ ...allow('rds:CopyDBSnapshot'), Effect: { Ref: 'Hole' } }) }],
      skip: [{ resources: role() }],
    }),
  },

  'FLS-07': {
    aws: rule({
      on: [ROLE, PERMISSION_SET],
      check: (held, graph) => {
        if (!LOOKS.test(kebab(nameOf(held)))) return notApplicable('is not named as one that only reads');
        const grants = grantsHeldBy(held, graph);
        return grants.length === 0 && attachedTo(held, graph).length === 0
          ? notApplicable('holds no policy')
          : every(grants, altersNothing);
      },
      fix: 'Grant reading only (grantRead), and give those who alter a role of their own.',
      pass: [{ resources: reader(allow(['dynamodb:GetItem', 'dynamodb:Query'], TABLE)) }],
      fail: [
        { resources: reader(allow(['dynamodb:GetItem', 'dynamodb:PutItem'], TABLE)) },
        { resources: reader(allow('dynamodb:*', TABLE)) },
        { resources: reader(allow('*')) },
        { resources: permissionSet({ Name: 'ReadOnly', InlinePolicy: document(allow('s3:DeleteObject', 'arn:aws:s3:::cases/*')) }) },
        {
          name: 'by a policy that is attached',
          resources: {
            ...role({ RoleName: 'auditors' }),
            More: {
              Type: 'AWS::IAM::Policy',
              Properties: { Roles: ['auditors'], PolicyDocument: document(allow('sqs:SendMessage', 'arn:aws:sqs:*:*:a')) },
            },
          },
        },
      ],
      unknown: [{ ...HOLE, resources: reader({ ...allow('dynamodb:PutItem', TABLE), Effect: { Ref: 'Hole' } }) }],
      skip: [
        { resources: role({ RoleName: 'case-writer', Policies: inline(allow('dynamodb:PutItem', TABLE)) }) },
        { resources: role({ RoleName: 'viewer' }) },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
