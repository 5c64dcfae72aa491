/** Containment: runbooks that isolate, and that keep evidence before they do. */
import {
  contentOf,
  type Deed,
  DISABLES_KEY,
  DOCUMENT,
  FREEZES_IDENTITY,
  ISOLATES_HOST,
  isRunbook,
  LOCKS_SNAPSHOT,
  TAKES_SNAPSHOT,
  whenDone,
} from '../../facts/runbooks';
import { type Graph, UNIT } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import { inBaselines } from '../detection/services';
import { baselineWithout } from './samples';

/** What has to be one action away. Blocking export attaches a denying policy, as freezing an identity does. */
const ABILITIES: readonly (readonly [string, Deed])[] = [
  ['isolates a host', ISOLATES_HOST],
  ['freezes an identity', FREEZES_IDENTITY],
  ['disables an access key', DISABLES_KEY],
];

const done = (document: Resource, deed: Deed): boolean => whenDone(document, deed) >= 0;

/** Judges a runbook that contains an incident; others are left alone. */
const ofContainment = (deeds: readonly Deed[], judge: (document: Resource) => Outcome) => (document: Resource) =>
  when(isRunbook(document), () => {
    const content = contentOf(document);
    if (content.state !== 'known') return content.asUnknown();
    return deeds.some((deed) => done(document, deed)) ? judge(document) : notApplicable('contains nothing');
  });

/** With a role of its own the runbook needs no rights of whoever starts it. */
function hasItsOwnRole(document: Resource): Outcome {
  const content = contentOf(document);
  if (content.string !== undefined)
    return /\bassumeRole\b/.test(content.string) ? pass() : fail('Content names no assumeRole: it runs with the rights of who starts it');
  const role = content.at('assumeRole');
  return role.isSet().verdict === 'fail'
    ? fail('Content names no assumeRole: it runs with the rights of who starts it', role.path)
    : pass();
}

function keepsEvidenceFirst(document: Resource): Outcome {
  const snapshot = whenDone(document, TAKES_SNAPSHOT);
  if (snapshot < 0) return fail('isolates a host, and takes no snapshot of it before', 'Content.mainSteps');
  return snapshot < whenDone(document, ISOLATES_HOST)
    ? pass()
    : fail('takes the snapshot only after the host is isolated', 'Content.mainSteps');
}

/** Some runbook here can do each. */
function canContain(graph: Graph): Outcome {
  const runbooks = graph.ofType(DOCUMENT).filter((one) => graph.exists(one) && isRunbook(one).verdict === 'pass');
  return every(ABILITIES, ([words, deed]) => (runbooks.some((one) => done(one, deed)) ? pass() : fail(`no runbook here ${words}`)));
}

const runbook = (mainSteps: readonly object[], rest: object = {}, DocumentType = 'Automation') => ({
  Type: DOCUMENT,
  Properties: { DocumentType, Content: { schemaVersion: '0.3', assumeRole: 'arn:aws:iam::111122223333:role/contain', mainSteps, ...rest } },
});
const only = (...args: Parameters<typeof runbook>) => ({ resources: { Runbook: runbook(...args) } });
const written = (Content: unknown) => ({ resources: { Runbook: { Type: DOCUMENT, Properties: { DocumentType: 'Automation', Content } } } });
const api = (Api: string, rest: object = {}) => ({ name: Api, action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api, ...rest } });
const script = (Script: string) => ({ name: 'run', action: 'aws:executeScript', inputs: { Runtime: 'python3.11', Script } });
const run = (DocumentName: string) => ({ name: 'run', action: 'aws:executeAutomation', inputs: { DocumentName } });
const SNAPSHOT = api('CreateSnapshots');
const LOCK = { name: 'each', action: 'aws:loop', inputs: { Iterators: '{{ s.Ids }}', Steps: [api('LockSnapshot')] } };
const ISOLATE = api('ModifyNetworkInterfaceAttribute', { Groups: ['sg-1'] });
const FREEZE = api('AttachRolePolicy');
const DISABLE = api('UpdateAccessKey');
const YAML = ['assumeRole: r', 'mainSteps:', '- inputs:', '    Api: CreateSnapshots'];
const ISOLATION_IN_YAML = ['- inputs:', '    Api: ModifyInstanceAttribute', '    Groups: [sg-1]'];
const PARAMETER = { parameters: { P: { Type: 'String' } } };

export const ownRole = rule({
  on: DOCUMENT,
  check: ofContainment([ISOLATES_HOST, FREEZES_IDENTITY, DISABLES_KEY], hasItsOwnRole),
  severity: 'medium',
  fix: 'Use IncidentRunbooks, or name in Content.assumeRole a role that can do just this: responders then need no standing rights.',
  pass: [
    only([ISOLATE]),
    only([FREEZE]),
    only([script('iam.update_access_key(UserName=u, Status="Inactive")')]),
    only([run('AWSSupport-ContainIAMPrincipal')]),
    { name: 'as text', ...written([...YAML, ...ISOLATION_IN_YAML].join('\n')) },
  ],
  fail: [
    only([ISOLATE], { assumeRole: '' }),
    only([DISABLE], { assumeRole: undefined }),
    { name: 'as text', ...written([...YAML.slice(1), ...ISOLATION_IN_YAML].join('\n')) },
  ],
  unknown: [{ ...PARAMETER, ...written({ Ref: 'P' }) }],
  skip: [only([api('StopInstances')], { assumeRole: '' }), only([ISOLATE], { assumeRole: '' }, 'Command')],
});

export const containmentPresent = rule({
  on: UNIT,
  check: inBaselines(canContain),
  severity: 'low',
  fix: 'Add IncidentRunbooks, or AWS::SSM::Document of DocumentType Automation for each; waive it where they are shared from another account.',
  pass: [{ resources: { ...baselineWithout(), Runbook: runbook([ISOLATE, FREEZE, DISABLE]) } }],
  fail: [
    { resources: baselineWithout() },
    { resources: { ...baselineWithout(), Runbook: runbook([ISOLATE, FREEZE]) } },
    { resources: { ...baselineWithout(), Runbook: runbook([api('ModifyInstanceAttribute'), FREEZE, DISABLE]) } },
    { resources: { ...baselineWithout(), Runbook: runbook([ISOLATE, FREEZE, DISABLE], {}, 'Command') } },
  ],
  skip: [{ resources: { Runbook: runbook([ISOLATE]) } }],
});

export const evidenceFirst = [
  rule({
    on: DOCUMENT,
    check: ofContainment([ISOLATES_HOST], keepsEvidenceFirst),
    fix: 'Use IncidentRunbooks, or call ec2 CreateSnapshots for the instance in a step before its security groups change.',
    pass: [
      only([SNAPSHOT, ISOLATE]),
      { name: 'as text', ...written([...YAML, ...ISOLATION_IN_YAML].join('\n')) },
      only([script('ec2.create_image(InstanceId=i)'), run('AWSSupport-ContainEC2Instance')]),
    ],
    fail: [
      only([ISOLATE]),
      only([ISOLATE, SNAPSHOT]),
      { name: 'as text', ...written(['mainSteps:', ...ISOLATION_IN_YAML, ...YAML.slice(2)].join('\n')) },
    ],
    unknown: [{ ...PARAMETER, ...written({ Ref: 'P' }) }],
    skip: [only([FREEZE]), only([api('ModifyInstanceAttribute', { Groups: [] })]), only([ISOLATE], {}, 'Command')],
  }),
  rule({
    on: DOCUMENT,
    check: ofContainment([ISOLATES_HOST], (document) =>
      done(document, LOCKS_SNAPSHOT) ? pass() : fail('the snapshots that it takes are not locked', 'Content.mainSteps'),
    ),
    severity: 'low',
    fix: 'Use IncidentRunbooks, or call ec2 LockSnapshot with LockMode compliance for each snapshot, so that nobody deletes evidence.',
    pass: [only([SNAPSHOT, LOCK, ISOLATE])],
    fail: [only([SNAPSHOT, ISOLATE])],
    skip: [only([FREEZE])],
  }),
];
