/** Snapshots that Data Lifecycle Manager takes. */
import type { ControlId } from '../../../controls';
import { namesForeigner } from '../../facts/accounts';
import { residencyOf } from '../../facts/classification';
import { every, fail, not, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { SNAPSHOT_POLICY } from './coverage';

const schedulesOf = (policy: Resource): readonly Value[] => policy.at('PolicyDetails.Schedules').items();

/** What says of each copy whether it is encrypted, in schedules and in policies that answer events. */
function encryptionsOf(policy: Resource): readonly Value[] {
  return [
    ...schedulesOf(policy).flatMap((schedule) => schedule.at('CrossRegionCopyRules').items()),
    ...policy
      .at('PolicyDetails.Actions')
      .items()
      .flatMap((action) => action.at('CrossRegionCopy').items())
      .map((copy) => copy.at('EncryptionConfiguration')),
  ].map((copy) => copy.at('Encrypted'));
}

/** Regions to which snapshots are copied, in every form of policy; a local Outpost is named by its ARN. */
function destinationsOf(policy: Resource): readonly Value[] {
  const copies = schedulesOf(policy).flatMap((schedule) => schedule.at('CrossRegionCopyRules').items());
  const answers = policy
    .at('PolicyDetails.Actions')
    .items()
    .flatMap((action) => action.at('CrossRegionCopy').items());
  const standing = ['CrossRegionCopyTargets', 'PolicyDetails.CrossRegionCopyTargets'].flatMap((path) => policy.at(path).items());
  return [
    ...copies.map((copy) => copy.at(copy.at('TargetRegion').state === 'absent' ? 'Target' : 'TargetRegion')),
    ...answers.map((copy) => copy.at('Target')),
    ...standing.map((copy) => copy.at('TargetRegion')),
  ];
}

function staysIn(places: readonly string[], target: Value): Outcome {
  const text = target.string;
  if (text === undefined) return target.asUnknown();
  const region = /^arn:[^:]*:[^:]*:([^:]+):/.exec(text)?.[1] ?? text;
  return places.includes(region)
    ? pass()
    : fail(`snapshots are copied to ${region}; the data profile promises ${places.join(', ')}`, target.path);
}

const policy = (Properties: object) => ({ Snapshots: { Type: SNAPSHOT_POLICY, Properties } });
const scheduled = (schedule: object) => policy({ PolicyDetails: { Schedules: [schedule] } });
const copied = (rule: object) => scheduled({ CrossRegionCopyRules: [rule] });
const answering = (copy: object) => policy({ PolicyDetails: { Actions: [{ Name: 'copy', CrossRegionCopy: [copy] }] } });
const shared = (...TargetAccounts: readonly unknown[]) => scheduled({ ShareRules: [{ TargetAccounts }] });
const OURS = { account: '111122223333' };
const EUROPE = { profile: { residency: ['eu-central-1', 'eu-west-1'] } };

export const SNAPSHOT_RULES = {
  'BCR-01': {
    aws: rule({
      on: SNAPSHOT_POLICY,
      check: (policy) => policy.at('State').orDefault('ENABLED').is('ENABLED'),
      fix: 'Set State to ENABLED, or remove the policy.',
      pass: [{ resources: policy({ State: 'ENABLED' }) }],
      fail: [{ resources: policy({ State: 'DISABLED' }) }],
      unknown: [{ parameters: { State: { Type: 'String' } }, resources: policy({ State: { Ref: 'State' } }) }],
    }),
  },

  'ENC-10': {
    aws: rule({
      on: SNAPSHOT_POLICY,
      check: (policy) => {
        const copies = encryptionsOf(policy);
        return copies.length === 0 ? notApplicable('copies nothing') : every(copies, (encrypted) => encrypted.orDefault(false).isTrue());
      },
      fix: 'Set Encrypted: true on each CrossRegionCopyRules entry (EncryptionConfiguration.Encrypted in Actions), with CmkArn of a key of your own.',
      pass: [
        { resources: copied({ TargetRegion: 'eu-west-1', Encrypted: true }) },
        { resources: answering({ Target: 'eu-west-1', EncryptionConfiguration: { Encrypted: 'true' } }) },
      ],
      fail: [
        { resources: copied({ TargetRegion: 'eu-west-1', Encrypted: false }) },
        { resources: answering({ Target: 'eu-west-1', EncryptionConfiguration: {} }) },
      ],
      unknown: [{ parameters: { On: { Type: 'String' } }, resources: copied({ Encrypted: { Ref: 'On' } }) }],
      skip: [{ resources: scheduled({ Name: 'daily' }) }],
    }),
  },

  'EXP-02': {
    aws: rule({
      on: SNAPSHOT_POLICY,
      check: (policy, graph) => {
        const accounts = schedulesOf(policy)
          .flatMap((schedule) => schedule.at('ShareRules').items())
          .flatMap((share) => share.at('TargetAccounts').items());
        if (accounts.length === 0) return notApplicable('shares nothing');
        return every(accounts, (account) =>
          not(namesForeigner(account, graph), `snapshots are shared with ${account.shape ?? 'another account'}`),
        );
      },
      fix: 'Remove the account from ShareRules.TargetAccounts, or record the share as a waiver that expires.',
      pass: [{ unit: OURS, resources: shared('111122223333') }],
      fail: [{ unit: OURS, resources: shared('111122223333', '444455556666') }],
      unknown: [{ name: 'nothing says which account is ours', resources: shared('444455556666') }],
      skip: [{ resources: scheduled({ Name: 'daily' }) }],
    }),
  },

  'LOC-02': {
    aws: rule({
      on: SNAPSHOT_POLICY,
      check: (policy) => {
        const places = residencyOf(policy);
        if (!places) return notApplicable('the data profile promises no place');
        const targets = destinationsOf(policy);
        return targets.length === 0 ? notApplicable('copies nothing') : every(targets, (target) => staysIn(places, target));
      },
      fix: 'Copy to a region that the data profile promises (residency), or have the promise changed by the owner of the data.',
      pass: [
        { unit: EUROPE, resources: copied({ TargetRegion: 'eu-west-1' }) },
        { unit: EUROPE, resources: copied({ Target: 'eu-west-1' }) },
        { unit: EUROPE, resources: answering({ Target: 'eu-west-1' }) },
        { unit: EUROPE, resources: policy({ DefaultPolicy: 'VOLUME', CrossRegionCopyTargets: [{ TargetRegion: 'eu-west-1' }] }) },
        {
          name: 'an Outpost',
          unit: EUROPE,
          resources: copied({ Target: 'arn:aws:outposts:eu-west-1:111122223333:outpost/op-1' }),
        },
      ],
      fail: [
        { unit: EUROPE, resources: copied({ TargetRegion: 'us-east-1' }) },
        { unit: EUROPE, resources: policy({ PolicyDetails: { CrossRegionCopyTargets: [{ TargetRegion: 'us-east-1' }] } }) },
      ],
      unknown: [{ parameters: { Region: { Type: 'String' } }, unit: EUROPE, resources: copied({ TargetRegion: { Ref: 'Region' } }) }],
      skip: [{ resources: copied({ TargetRegion: 'us-east-1' }) }, { unit: EUROPE, resources: scheduled({ Name: 'daily' }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
