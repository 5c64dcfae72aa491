import type { ControlId } from '../../../controls';
import { statementsOf } from '../../facts/iam';
import { documentsOf, type Grant, grantsOf, PERMISSION_SET, ROLE } from '../../facts/iam-permissions';
import { isForPeople, isForSubcontractors } from '../../facts/iam-principals';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { allow, BY_SAML, deny, document, permissionSet, role } from './samples';

const ATTRIBUTES = 'AWS::SSO::InstanceAccessControlAttributeConfiguration';
const WORKSPACE = 'AWS::WorkSpacesWeb::UserSettings';
const EVENT_STORE = 'AWS::CloudTrail::EventDataStore';

/** Judges what people of other companies come in by. */
const ofSubcontractors = (judge: (held: Resource, graph: Graph) => Outcome) => (held: Resource, graph: Graph) =>
  isForSubcontractors(held) && isForPeople(held) ? judge(held, graph) : notApplicable('is not for people of subcontractors');

/** Every grant ends by itself on a date, or everything is denied after one. */
function ends(held: Resource): Outcome {
  const documents = documentsOf(held);
  const denied = some(
    documents.flatMap(statementsOf),
    (statement) =>
      every(
        [() => statement.denies(), () => statement.coversAction('*'), () => testsDate(statement.conditions(), /^dategreaterthan/)],
        (ask) => ask(),
      ),
    'nothing is denied after a date',
  );
  if (denied.verdict === 'pass') return pass();
  const grants = documents.flatMap(grantsOf);
  const limited = grants.length === 0 ? denied : every(grants, (grant: Grant) => testsDate(grant.statement.conditions(), /^datelessthan/));
  if (limited.verdict !== 'fail') return limited;
  return denied.verdict === 'unknown'
    ? denied
    : fail(
        'nothing ends these rights: no statement compares aws:CurrentTime with a date',
        held.type === ROLE ? 'Policies' : 'InlinePolicy',
      );
}

const testsDate = (tests: ReturnType<ReturnType<typeof statementsOf>[number]['conditions']>, operators: RegExp): Outcome =>
  some(
    tests,
    ({ operator, key, value }) => {
      if (operator === undefined) return value.asUnknown();
      return key === 'aws:currenttime' && operators.test(operator) ? pass() : fail('compares no date');
    },
    'compares no date',
  );

/** What access is made to depend on: an agreement in force, and training that is not over. */
const GATES = [/agreement|nda|contract/i, /train/i] as const;

function gatesAccess(configuration: Resource): Outcome {
  const keys = configuration
    .at('AccessControlAttributes')
    .items()
    .map((attribute) => attribute.at('Key'));
  const open = keys.find(({ state }) => state === 'unknown');
  const missing = ['agreement', 'training'].filter((_, index) => !keys.some(({ string }) => (GATES[index] as RegExp).test(string ?? '')));
  if (missing.length === 0) return pass();
  return open ? open.asUnknown() : fail(`no attribute tells of ${missing.join(' and ')}`, 'AccessControlAttributes');
}

const OUTLETS = ['CopyAllowed', 'DownloadAllowed', 'PrintAllowed'] as const;

const outside = (properties: object = {}) => permissionSet({ Name: 'support-subcontractors', ...properties });
const BOUNDARY = { CustomerManagedPolicyReference: { Name: 'subcontractors' } };
const UNTIL = { Condition: { DateLessThan: { 'aws:CurrentTime': ['2030-01-01T00:00:00Z'] } } };
const AFTER = { Condition: { DateGreaterThan: { 'aws:CurrentTime': ['2030-01-01T00:00:00Z'] } } };
const attributes = (...keys: readonly unknown[]) => ({
  Attributes: {
    Type: ATTRIBUTES,
    Properties: { AccessControlAttributes: keys.map((Key) => ({ Key, Value: { Source: ['${path:enterprise.x}'] } })) },
  },
});
const workspace = (properties: object = {}) => ({
  Settings: {
    Type: WORKSPACE,
    Properties: { CopyAllowed: 'Disabled', DownloadAllowed: 'Disabled', PrintAllowed: 'Disabled', ...properties },
  },
});
const store = (ContextKeySelectors: unknown) => ({ Store: { Type: EVENT_STORE, Properties: { ContextKeySelectors } } });
const HOLE = { parameters: { Hole: { Type: 'String' } } };

export const SUBCONTRACTORS = {
  'PER-02': {
    aws: rule({
      on: ATTRIBUTES,
      check: gatesAccess,
      severity: 'low',
      fix: 'Add attributes for the current agreement and the current training, and condition access on aws:PrincipalTag with them.',
      pass: [{ resources: attributes('AgreementValidUntil', 'trainingValidUntil') }],
      fail: [{ resources: attributes('AgreementValidUntil') }, { resources: attributes('CostCenter') }],
      unknown: [{ ...HOLE, resources: attributes({ Ref: 'Hole' }, 'NdaSigned') }],
    }),
  },

  'PER-08': {
    aws: rule({
      on: [PERMISSION_SET, ROLE],
      check: ofSubcontractors((held) => held.at('PermissionsBoundary').isSet()),
      fix: 'Set PermissionsBoundary to a policy that is narrower than the matching role of employees.',
      pass: [{ resources: outside({ PermissionsBoundary: BOUNDARY }) }],
      fail: [{ resources: outside() }, { resources: role({ RoleName: 'VendorAccess', AssumeRolePolicyDocument: BY_SAML }) }],
      skip: [{ resources: permissionSet({ Name: 'operators' }) }, { name: 'a workload', resources: role({ RoleName: 'external-dns' }) }],
    }),
  },

  'PER-09': {
    aws: rule({
      on: WORKSPACE,
      check: (settings) => every(OUTLETS, (outlet) => settings.at(outlet).is('Disabled')),
      fix: 'Set CopyAllowed, DownloadAllowed and PrintAllowed to Disabled.',
      pass: [{ resources: workspace() }],
      fail: OUTLETS.map((outlet) => ({ resources: workspace({ [outlet]: 'Enabled' }) })),
      unknown: [{ ...HOLE, resources: workspace({ DownloadAllowed: { Ref: 'Hole' } }) }],
    }),
  },

  'PER-10': {
    aws: rule({
      on: [PERMISSION_SET, ROLE],
      check: ofSubcontractors((_held, graph) =>
        some(
          graph.ofType(EVENT_STORE).filter((one) => graph.exists(one)),
          (one) =>
            some(
              one
                .at('ContextKeySelectors')
                .items()
                .flatMap((selector) => selector.at('Equals').items()),
              (key) => key.matches(/^aws:PrincipalTag\//i),
              'records no tags of the principal',
            ),
          'no event data store here records the tags by which the work of subcontractors is told apart',
        ),
      ),
      severity: 'low',
      fix: 'Record aws:PrincipalTag/<company> in ContextKeySelectors of an AWS::CloudTrail::EventDataStore, and report by it each month.',
      pass: [{ resources: { ...outside(), ...store([{ Type: 'RequestContext', Equals: ['aws:PrincipalTag/company'] }]) } }],
      fail: [{ resources: outside() }, { resources: { ...outside(), ...store([{ Type: 'TagContext', Equals: ['cost'] }]) } }],
      skip: [{ resources: permissionSet({ Name: 'operators' }) }],
    }),
  },

  'PER-11': {
    aws: rule({
      on: [PERMISSION_SET, ROLE],
      check: ofSubcontractors(ends),
      fix: 'Deny every action if DateGreaterThan aws:CurrentTime the end of the contract.',
      pass: [
        { resources: outside({ InlinePolicy: document(allow('s3:ListBucket'), deny('*', '*', AFTER)) }) },
        { resources: outside({ InlinePolicy: document(allow('s3:ListBucket', '*', UNTIL)) }) },
      ],
      fail: [
        { resources: outside({ InlinePolicy: document(allow('s3:ListBucket')) }) },
        { resources: outside({ InlinePolicy: document(allow('s3:ListBucket', '*', UNTIL), allow('s3:GetObject')) }) },
        { resources: outside({ InlinePolicy: document(deny('s3:GetObject', '*', AFTER)) }) },
        { resources: outside() },
      ],
      unknown: [{ ...HOLE, resources: outside({ InlinePolicy: document({ ...allow('s3:ListBucket'), Condition: { Ref: 'Hole' } }) }) }],
      skip: [{ resources: permissionSet({ Name: 'operators' }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
