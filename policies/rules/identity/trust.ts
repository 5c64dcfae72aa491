import type { ControlId } from '../../../controls';
import { isOutsiderAmong } from '../../facts/accounts';
import type { Statement } from '../../facts/iam';
import { type Condition, confined, confines } from '../../facts/iam-conditions';
import { bindsServices } from '../../facts/iam-grants';
import { ROLE } from '../../facts/iam-permissions';
import { demands, trustsOf } from '../../facts/iam-trust';
import type { Graph } from '../../graph';
import { anyOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import { type PerCloud, rule } from '../../rule';
import { role, trust } from './samples';

/** Lets in a closed set of callers. */
function isClosed(statement: Statement): Outcome {
  const anyService = statement.services().find(({ shape }) => shape === '*');
  if (anyService) return fail(`${statement.name} lets every service assume the role`, anyService.path);
  const open = statement.isPublic();
  return open.verdict === 'pass' ? fail(`${statement.name} lets anybody in any account assume the role`, statement.at) : kept(open);
}

const kept = (open: Outcome): Outcome => (open.verdict === 'unknown' ? open : pass());

/** An account that is not ours comes in with an external id, or as a member of the organisation. */
function vouchesForOutsiders(statement: Statement, graph: Graph): Outcome {
  if (statement.isPublic().verdict === 'pass') return notApplicable('lets anybody in, which is a finding of its own');
  const outsider = isOutsiderAmong(statement.principals(), graph);
  if (outsider.verdict === 'fail') return pass();
  const tests = statement.conditions();
  const vouched = anyOf([demands(tests, /^sts:externalid$/), confined(tests.filter(({ key }) => key.startsWith('aws:principalorg')))]);
  if (vouched.verdict === 'pass' || outsider.verdict === 'unknown') return vouched.verdict === 'pass' ? pass() : outsider;
  return vouched.verdict === 'unknown'
    ? vouched
    : fail(`${statement.name} trusts another account without an external id: ${outsider.saw}`, outsider.at);
}

/** Services that act for resources which their callers name, in any account: the deputy must know for whom it acts. */
const DEPUTIES = /^(scheduler|bedrock|pipes|osis-pipelines|access-grants\.s3|transfer)\.amazonaws\.com$/;

const bindsSource = (condition: Condition): Outcome =>
  condition.operator !== undefined && !/^aws:source(account|arn|org)/.test(condition.key) ? fail('names no source') : confines(condition);

const byAccount = (AWS: unknown, rest: object = {}) => role({ AssumeRolePolicyDocument: trust({ AWS }, rest) });
const byService = (Service: unknown, Condition?: object) =>
  role({ AssumeRolePolicyDocument: trust({ Service }, Condition ? { Condition } : {}) });
const OURS = { unit: { account: '111122223333' } };
const THEIRS = 'arn:aws:iam::444455556666:root';
const HOLE = { parameters: { Hole: { Type: 'String' } } };

export const TRUST = {
  'LPA-10': {
    aws: [
      rule({
        on: ROLE,
        check: (held) => every(trustsOf(held), isClosed),
        severity: 'critical',
        fix: 'Name the roles or services in Principal, or confine everyone with aws:PrincipalOrgID.',
        pass: [
          { resources: byAccount('arn:aws:iam::111122223333:role/deployer') },
          { resources: byAccount('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }) },
        ],
        fail: [
          { resources: byAccount('*') },
          { resources: role({ AssumeRolePolicyDocument: trust('*') }) },
          { resources: byAccount(['arn:aws:iam::111122223333:root', 'arn:aws:iam::*:root']) },
          { resources: byAccount('*', { Condition: { StringEquals: { 'sts:ExternalId': ['anybody-may-say-it'] } } }) },
          { resources: byService('*') },
          {
            name: 'everyone but one',
            resources: role({ AssumeRolePolicyDocument: trust(undefined, { NotPrincipal: { AWS: ['arn:aws:iam::111122223333:root'] } }) }),
          },
        ],
        unknown: [{ ...HOLE, resources: byAccount({ Ref: 'Hole' }) }],
      }),
      rule({
        on: ROLE,
        check: (held, graph) => every(trustsOf(held), (statement) => vouchesForOutsiders(statement, graph)),
        fix: 'Add the condition StringEquals sts:ExternalId with a value that the third party chose for you, or StringEquals aws:PrincipalOrgID.',
        pass: [
          { ...OURS, resources: byAccount('arn:aws:iam::111122223333:root') },
          { ...OURS, resources: byAccount(THEIRS, { Condition: { StringEquals: { 'sts:ExternalId': 'a1b2' } } }) },
          { ...OURS, resources: byAccount('444455556666', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } } }) },
        ],
        fail: [
          { ...OURS, resources: byAccount(THEIRS) },
          { ...OURS, resources: byAccount('444455556666') },
          { ...OURS, resources: byAccount(THEIRS, { Condition: { StringLike: { 'sts:ExternalId': '*' } } }) },
          { name: 'two accounts, of which one at most is ours', resources: byAccount([THEIRS, 'arn:aws:iam::777788889999:root']) },
        ],
        unknown: [{ resources: byAccount(THEIRS) }],
        skip: [{ resources: byAccount('*') }],
      }),
    ],
  },

  'LPA-16': {
    aws: rule({
      on: ROLE,
      check: (held) => {
        const deputies = trustsOf(held).filter((statement) => statement.services().some(({ shape }) => DEPUTIES.test(shape ?? '')));
        if (deputies.length === 0) return notApplicable('trusts no service that acts for others');
        return every(deputies, (statement) => bindsServices(statement, bindsSource));
      },
      severity: 'low',
      fix: 'Add the condition StringEquals aws:SourceAccount with your account, or ArnLike aws:SourceArn with the schedule, agent or pipe.',
      pass: [{ resources: byService('scheduler.amazonaws.com', { StringEquals: { 'aws:SourceAccount': '111122223333' } }) }],
      fail: [{ resources: byService('scheduler.amazonaws.com') }],
      unknown: [{ ...HOLE, resources: byService('bedrock.amazonaws.com', { Ref: 'Hole' }) }],
      skip: [{ resources: role() }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
