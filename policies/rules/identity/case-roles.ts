import type { ControlId } from '../../../controls';
import { type ActionTable, ALTERING_ACTIONS, BULK_READ_ACTIONS, DATA_ACTIONS } from '../../facts/iam-actions';
import type { Condition } from '../../facts/iam-conditions';
import { type Grant, PERMISSION_SET, ROLE } from '../../facts/iam-permissions';
import { type CaseRole, caseRoleOf, grantsHeldBy, hasCaseRoles, isBreakGlass, isForPeople } from '../../facts/iam-principals';
import { demands, testsOf, trustsOf } from '../../facts/iam-trust';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { allow, BY_SAML, document, inline, permissionSet, role } from './samples';

const PEOPLE = [PERMISSION_SET, ROLE] as const;

/** Judges the rights of one of the closed roles. */
function asRole(wanted: readonly CaseRole[], judge: (held: Resource, grants: readonly Grant[], graph: Graph) => Outcome) {
  return (held: Resource, graph: Graph): Outcome => {
    const meant = caseRoleOf(held, graph);
    return meant !== undefined && wanted.includes(meant)
      ? judge(held, grantsHeldBy(held, graph), graph)
      : notApplicable(`is not ${wanted.join(', ')} of case management`);
  };
}

/** The first action of a table that a grant allows, by whatever pattern. */
function reaches(grant: Grant, table: ActionTable): string | undefined {
  if (grant.everything) return 'every action';
  return grant.names(table) ?? grant.wholeServices.filter((service) => table.has(service)).map((service) => `${service}:*`)[0];
}

/** A condition of the grant demands such a key. */
const boundBy = (grant: Grant, keys: RegExp): Outcome => demands(grant.statement.conditions(), keys);

function demandsOf(grants: readonly Grant[], keys: RegExp, why: string): Outcome {
  return every(grants, (grant) => {
    const action = reaches(grant, DATA_ACTIONS);
    if (action === undefined) return pass();
    const bound = boundBy(grant, keys);
    return bound.verdict === 'fail' ? fail(`${grant.name} allows ${action} ${why}`, grant.at) : bound;
  });
}

/** Every item that is reached carries the name of its agent in the leading key, or as a tag. */
function onlyAssigned(grant: Grant): Outcome {
  const action = reaches(grant, DATA_ACTIONS);
  if (action === undefined) return pass();
  const bulk = grant.names(BULK_READ_ACTIONS);
  if (bulk === 'dynamodb:Scan' || grant.wholeServices.includes('dynamodb'))
    return fail(`${grant.name} lets agents list every case by dynamodb:Scan`, grant.at);
  const picked = some(grant.statement.conditions(), picksAssigned, 'no condition picks the assigned cases');
  return picked.verdict === 'fail' ? fail(`${grant.name} allows ${action} on cases of others`, grant.at) : picked;
}

/** `ForAllValues` is how the store wants its keys tested; the value names the caller. */
function picksAssigned({ operator, negated, ifExists, key, values, value }: Condition): Outcome {
  if (operator === undefined) return value.asUnknown();
  const picks = key === 'dynamodb:leadingkeys' || /(^|[:/])(resourcetag|existingobjecttag)\//.test(key);
  if (!picks || negated || ifExists || values.length === 0) return value.asFailure();
  return every(values, (each) => each.matches(/\$\{aws:/));
}

const CASE = /^aws:(principaltag|requesttag)\/.*case/;
const PURPOSE = /^(aws:(principaltag|requesttag)\/.*(case|purpose)|kms:encryptioncontext:.*(case|purpose))/;

/** The role is assumed only with such tests in its trust policy; permission sets have none that anybody writes. */
function trustDemands(held: Resource, graph: Graph, keys: RegExp, what: string): Outcome {
  return every(trustsOf(held), (statement) => {
    const demanded = demands(testsOf(statement, graph), keys);
    return demanded.verdict === 'fail' ? fail(`${statement.name} lets people in without ${what}`, statement.at) : demanded;
  });
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const TABLE = 'arn:aws:dynamodb:eu-west-1:111122223333:table/cases';
const named = (Name: string, ...statements: readonly object[]) => permissionSet({ Name, InlinePolicy: document(...statements) }).Set;
/** Another of the three roles, so that case management is recognised. */
const beside = (Name: string) => ({ Other: permissionSet({ Name }).Set });
const agent = (...statements: readonly object[]) => ({ Agent: named('agent', ...statements), ...beside('Supervisor') });
const engineer = (...statements: readonly object[]) => ({ Engineer: named('SupportEngineer', ...statements), ...beside('supervisor') });
const supervisor = (...statements: readonly object[]) => ({ Supervisor: named('supervisor', ...statements), ...beside('agent') });
const OWN_KEYS = { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['${aws:PrincipalTag/agent}'] } } };
const LIVE_CASE = { Condition: { StringLike: { 'aws:PrincipalTag/case-id': 'CASE-?*' } } };
const trusting = (Condition: object, ...statements: readonly object[]) => ({
  Role: role({
    RoleName: 'support-engineer',
    AssumeRolePolicyDocument: document({
      ...BY_SAML.Statement[0],
      Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'],
      Condition,
    }),
    Policies: inline(...statements),
  }).Role,
  ...beside('agent'),
});
const supervisorAlone = (...statements: readonly object[]) => ({ Supervisor: named('supervisor', ...statements), ...described });
/** The other role grants nothing. */
const described = { Other: named('agent') };
const CONTEXT = { Condition: { StringEquals: { 'kms:EncryptionContext:case': '${aws:PrincipalTag/case}' } } };
const HOLE = { parameters: { Hole: { Type: 'String' } } };

export const CASE_ROLES = {
  'LPA-05': {
    aws: rule({
      on: PEOPLE,
      check: (held, graph) => {
        if (!hasCaseRoles(held, graph) || !isForPeople(held)) return notApplicable('is no role of people in case management');
        if (caseRoleOf(held, graph) !== undefined || isBreakGlass(held)) return pass();
        return every(grantsHeldBy(held, graph), (grant) => {
          const action = reaches(grant, DATA_ACTIONS);
          return action === undefined
            ? pass()
            : fail(`${grant.name} allows ${action} to people outside agent, support engineer and supervisor`, grant.at);
        });
      },
      fix: 'Remove the right, or give these people one of the three roles.',
      pass: [
        {
          resources: {
            Operators: named('operators', allow('dynamodb:DescribeTable', TABLE)),
            ...beside('agent'),
            Third: named('supervisor'),
          },
        },
        { resources: { ...agent(allow('dynamodb:GetItem', TABLE)), Sealed: named('break-glass', allow('dynamodb:GetItem', TABLE)) } },
      ],
      fail: [
        { resources: { Operators: named('operators', allow('dynamodb:GetItem', TABLE)), ...beside('agent'), Third: named('supervisor') } },
      ],
      skip: [
        {
          name: 'no case management',
          resources: { Operators: named('operators', allow('dynamodb:GetItem', TABLE)), ...beside('build-agent') },
        },
      ],
    }),
  },

  'LPA-06': {
    aws: rule({
      on: PEOPLE,
      check: asRole(['agent'], (_held, grants) => every(grants, onlyAssigned)),
      fix: 'Add ForAllValues:StringEquals dynamodb:LeadingKeys ${aws:PrincipalTag/…} (or a condition on the tag of the object), and remove dynamodb:Scan.',
      pass: [{ resources: agent(allow(['dynamodb:GetItem', 'dynamodb:Query'], TABLE, OWN_KEYS)) }],
      fail: [
        { resources: agent(allow('dynamodb:GetItem', TABLE)) },
        { resources: agent(allow('dynamodb:Scan', TABLE, OWN_KEYS)) },
        { resources: agent(allow('dynamodb:*', TABLE, OWN_KEYS)) },
        {
          resources: agent(
            allow('dynamodb:Query', TABLE, { Condition: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['ada'] } } }),
          ),
        },
        {
          resources: agent(
            allow('dynamodb:Query', TABLE, { Condition: { StringNotEquals: { 'aws:ResourceTag/agent': ['${aws:userid}'] } } }),
          ),
        },
      ],
      unknown: [{ ...HOLE, resources: agent(allow('dynamodb:GetItem', TABLE, { Condition: { Ref: 'Hole' } })) }],
      skip: [{ resources: { Agent: named('build-agent', allow('dynamodb:GetItem', TABLE)) } }],
    }),
  },

  'LPA-07': {
    aws: rule({
      on: PEOPLE,
      check: asRole(['support engineer'], (held, grants, graph) => {
        const byTrust = held.type === ROLE ? trustDemands(held, graph, CASE, 'a case') : fail('has no trust policy of its own');
        return byTrust.verdict === 'pass' ? byTrust : demandsOf(grants, CASE, 'without a case in the session');
      }),
      fix: 'Demand aws:RequestTag/case-id in the trust policy, or aws:PrincipalTag/case-id in every statement that reaches customer data.',
      pass: [
        { resources: engineer(allow('dynamodb:GetItem', TABLE, LIVE_CASE)) },
        { resources: trusting({ StringLike: { 'aws:RequestTag/case-id': 'CASE-?*' } }, allow('dynamodb:GetItem', TABLE)) },
      ],
      fail: [
        { resources: engineer(allow('dynamodb:GetItem', TABLE)) },
        { resources: trusting({ StringLike: { 'aws:RequestTag/team': ['support'] } }, allow('s3:*', 'arn:aws:s3:::cases')) },
      ],
      unknown: [{ ...HOLE, resources: engineer(allow('dynamodb:GetItem', TABLE, { Condition: { Ref: 'Hole' } })) }],
      skip: [{ resources: agent(allow('dynamodb:GetItem', TABLE)) }],
    }),
  },

  'LPA-08': {
    aws: rule({
      on: PEOPLE,
      check: asRole(['supervisor'], (_held, grants) =>
        every(grants, (grant) => {
          const action = reaches(grant, ALTERING_ACTIONS) ?? reaches(grant, BULK_READ_ACTIONS);
          return action === undefined ? pass() : fail(`${grant.name} allows ${action} to supervisors`, grant.at);
        }),
      ),
      fix: 'Leave supervisors the single reads and audit views that oversight needs; remove bulk reads and every right to alter.',
      pass: [{ resources: supervisor(allow(['dynamodb:GetItem', 'dynamodb:Query'], TABLE)) }],
      fail: [
        { resources: supervisor(allow('dynamodb:Scan', TABLE)) },
        { resources: supervisor(allow('dynamodb:UpdateItem', TABLE)) },
        { resources: supervisor(allow('s3:*', 'arn:aws:s3:::cases/*')) },
        { resources: supervisor(allow('*', TABLE)) },
      ],
      skip: [{ resources: { Agent: named('agent', allow('dynamodb:Scan', TABLE)), Engineer: named('support-engineer') } }],
    }),
  },

  'FLS-08': {
    aws: rule({
      on: PEOPLE,
      check: asRole(['agent', 'support engineer', 'supervisor'], (held, grants, graph) => {
        const byTrust = held.type === ROLE ? trustDemands(held, graph, PURPOSE, 'a purpose') : fail('has no trust policy of its own');
        return byTrust.verdict === 'pass' ? byTrust : demandsOf(grants, PURPOSE, 'without a purpose or case in the session');
      }),
      fix: 'Demand a session tag for case or purpose: aws:RequestTag in the trust policy, or aws:PrincipalTag or kms:EncryptionContext where customer data is reached.',
      pass: [
        { resources: supervisorAlone(allow('kms:Decrypt', 'arn:aws:kms:eu-west-1:111122223333:key/1', CONTEXT)) },
        {
          resources: {
            Role: trusting({ StringLike: { 'aws:RequestTag/purpose': '?*' } }, allow('dynamodb:GetItem', TABLE)).Role,
            ...described,
          },
        },
      ],
      fail: [
        { resources: supervisorAlone(allow('kms:Decrypt', 'arn:aws:kms:eu-west-1:111122223333:key/1')) },
        {
          resources: {
            Role: trusting({ StringLike: { 'aws:RequestTag/team': ['support'] } }, allow('s3:*', 'arn:aws:s3:::cases')).Role,
            ...described,
          },
        },
      ],
      unknown: [{ ...HOLE, resources: supervisorAlone(allow('dynamodb:GetItem', TABLE, { Condition: { Ref: 'Hole' } })) }],
    }),
  },

  'FLS-09': {
    aws: rule({
      on: ROLE,
      check: asRole(['agent', 'support engineer', 'supervisor'], (held, _grants, graph) =>
        trustDemands(held, graph, /^sts:(sourceidentity|rolesessionname)$/, 'their own name: no condition demands sts:SourceIdentity'),
      ),
      fix: 'Allow sts:SetSourceIdentity in the trust policy and demand StringLike sts:SourceIdentity, so that each record names the person.',
      pass: [{ resources: trusting({ StringLike: { 'sts:SourceIdentity': '?*' } }) }],
      fail: [{ resources: trusting({ StringLike: { 'aws:RequestTag/case-id': ['?*'] } }) }],
      unknown: [{ ...HOLE, resources: trusting({ Ref: 'Hole' }) }],
      skip: [{ resources: role() }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
