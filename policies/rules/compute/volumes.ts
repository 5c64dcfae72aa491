/** Volumes and what is copied from them: encrypted, with a key of one's own, kept, and shared with nobody. */
import type { ControlId } from '../../../controls';
import { isForeignAccount } from '../../facts/accounts';
import { CONFIGURATION, HOSTS, INSTANCE, isWhole, SPOT_FLEET, settingOf, specificationsOf, TEMPLATE } from '../../facts/hosts';
import { isOwnKey } from '../../facts/keys';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const VOLUME = 'AWS::EC2::Volume';
const WORKSPACE = 'AWS::WorkSpaces::Workspace';
const RECIPE = 'AWS::ImageBuilder::ImageRecipe';
const LIFECYCLE = 'AWS::DLM::LifecyclePolicy';
const DISTRIBUTION = 'AWS::ImageBuilder::DistributionConfiguration';
const BLOCK = 'AWS::EC2::SnapshotBlockPublicAccess';
const STARTS = [...HOSTS, SPOT_FLEET, RECIPE] as const;

/** The volumes that a host is started with, as far as it states them. */
function mappingsOf(host: Resource, graph: Graph): readonly Value[] {
  const lists =
    host.type === SPOT_FLEET
      ? specificationsOf(host).map((specification) => specification.at('BlockDeviceMappings'))
      : [host.type === RECIPE ? host.at('BlockDeviceMappings') : settingOf(host, 'BlockDeviceMappings', graph)];
  return lists.flatMap((list) => list.items()).filter((mapping) => mapping.state === 'unknown' || mapping.at('Ebs').state !== 'absent');
}

/** A volume is encrypted when it says so; one that is made from a snapshot is what the snapshot was. */
function isEncrypted(volume: Value): Outcome {
  const encrypted = volume.at('Encrypted');
  if (encrypted.state !== 'absent') return encrypted.isTrue();
  const snapshot = volume.at('SnapshotId');
  return snapshot.state === 'absent'
    ? encrypted.asFailure()
    : unknown(`${encrypted.path} is not set, and the snapshot may or may not be encrypted`, encrypted.path);
}

const RETAINED = ['Retain', 'RetainExceptOnCreate', 'Snapshot'];

// ── Sharing ────────────────────────────────────────────────────────────────────────────────────────────────────────

function staysHome(accounts: readonly Value[], graph: Graph): Outcome {
  return every(accounts, (account) => {
    const { string } = account;
    if (string === undefined)
      return account.state === 'reference' || account.missing?.startsWith('AWS::AccountId') ? pass() : account.asUnknown();
    const foreign = isForeignAccount(string, graph);
    if (foreign.verdict === 'unknown') return { ...foreign, at: account.path };
    return foreign.verdict === 'pass' ? fail(`${account.describe()}, an account outside`, account.path) : pass();
  });
}

function sharesWithOurs(policy: Resource, graph: Graph): Outcome {
  const accounts = policy
    .at('PolicyDetails.Schedules')
    .items()
    .flatMap((schedule) => schedule.at('ShareRules').items())
    .flatMap((share) => share.at('TargetAccounts').items());
  return accounts.length === 0 ? notApplicable('shares no snapshots') : staysHome(accounts, graph);
}

function distributesToOurs(distribution: Resource, graph: Graph): Outcome {
  const images = distribution
    .at('Distributions')
    .items()
    .map((one) => one.at('AmiDistributionConfiguration'));
  const permissions = images.map((image) => image.at('LaunchPermissionConfiguration'));
  const groups = permissions.flatMap((permission) => permission.at('UserGroups').items());
  const accounts = [
    ...permissions.flatMap((permission) => permission.at('UserIds').items()),
    ...images.flatMap((image) => image.at('TargetAccountIds').items()),
  ];
  if (groups.length === 0 && accounts.length === 0) return notApplicable('shares no images');
  return allOf(
    every(groups, (group) =>
      group.string === 'all' ? fail(`${group.describe()}: anybody can start the image`, group.path) : group.asUnknown(),
    ),
    staysHome(accounts, graph),
  );
}

/** Copies that a lifecycle policy makes in other regions and for other accounts. */
function copiesEncrypted(policy: Resource): Outcome {
  const copies = [
    ...policy
      .at('PolicyDetails.Schedules')
      .items()
      .flatMap((schedule) => schedule.at('CrossRegionCopyRules').items()),
    ...policy
      .at('PolicyDetails.Actions')
      .items()
      .flatMap((action) => action.at('CrossRegionCopy').items())
      .map((copy) => copy.at('EncryptionConfiguration')),
  ];
  return copies.length === 0 ? notApplicable('copies nothing to other regions') : every(copies, (copy) => copy.at('Encrypted').isTrue());
}

const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';
const volume = (properties: object, rest: object = {}): Example['resources'] => ({
  Volume: { Type: VOLUME, Properties: { AvailabilityZone: 'eu-west-1a', ...properties }, ...rest },
});
const disk = (Ebs: object) => ({ BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs }] });
const host = (Type: string, properties: object): Example['resources'] => ({
  Host: {
    Type,
    Properties: Type === TEMPLATE ? { LaunchTemplateData: { ImageId: 'ami-1', ...properties } } : { ImageId: 'ami-1', ...properties },
  },
});
const spot = (specification: object): Example['resources'] => ({
  Fleet: { Type: SPOT_FLEET, Properties: { SpotFleetRequestConfigData: { LaunchSpecifications: [specification] } } },
});
const recipe = (properties: object): Example['resources'] => ({ Recipe: { Type: RECIPE, Properties: properties } });
const desktop = (properties: object): Example['resources'] => ({ Desktop: { Type: WORKSPACE, Properties: properties } });
const lifecycle = (PolicyDetails: object): Example['resources'] => ({ Policy: { Type: LIFECYCLE, Properties: { PolicyDetails } } });
const shares = (...TargetAccounts: readonly unknown[]) => lifecycle({ Schedules: [{ ShareRules: [{ TargetAccounts }] }] });
const images = (AmiDistributionConfiguration: object): Example['resources'] => ({
  Images: { Type: DISTRIBUTION, Properties: { Distributions: [{ Region: 'eu-west-1', AmiDistributionConfiguration }] } },
});
const permits = (LaunchPermissionConfiguration: object) => images({ LaunchPermissionConfiguration });
const block = (State: unknown): Example['resources'] => ({ Block: { Type: BLOCK, Properties: { State } } });
const ON = { parameters: { On: { Type: 'String' } } } as const;
const OURS = { unit: { account: '111122223333' } };

export const volumes = {
  'ENC-01': {
    aws: [
      rule({
        on: VOLUME,
        check: (one) => isEncrypted(one.all),
        fix: 'Set Encrypted to true, and KmsKeyId to a key of your own (encrypted and encryptionKey of ec2.Volume).',
        pass: [{ resources: volume({ Encrypted: true }) }, { resources: volume({ Encrypted: 'true' }) }],
        fail: [{ resources: volume({}) }, { resources: volume({ Encrypted: false }) }],
        unknown: [{ ...ON, resources: volume({ Encrypted: { Ref: 'On' } }) }, { resources: volume({ SnapshotId: 'snap-1' }) }],
      }),
      rule({
        on: STARTS,
        check: (one, graph) => {
          const mappings = mappingsOf(one, graph);
          return mappings.length === 0 ? notApplicable('states no volume') : every(mappings, (mapping) => isEncrypted(mapping.at('Ebs')));
        },
        fix: 'Use SecureInstance or SecureLaunchTemplate, or set Ebs.Encrypted to true in every entry of BlockDeviceMappings.',
        pass: [
          { resources: host(INSTANCE, disk({ Encrypted: true })) },
          { resources: host(TEMPLATE, disk({ Encrypted: 'true' })) },
          { resources: host(CONFIGURATION, disk({ Encrypted: true })) },
          { resources: spot(disk({ Encrypted: true })) },
          { resources: recipe(disk({ Encrypted: true })) },
        ],
        fail: [
          { resources: host(INSTANCE, disk({ VolumeSize: 20 })) },
          { resources: host(TEMPLATE, disk({ Encrypted: false })) },
          {
            resources: host(CONFIGURATION, {
              BlockDeviceMappings: [...disk({ Encrypted: true }).BlockDeviceMappings, ...disk({ Encrypted: false }).BlockDeviceMappings],
            }),
          },
          { resources: spot(disk({})) },
          { resources: recipe(disk({})) },
        ],
        unknown: [{ resources: host(INSTANCE, disk({ SnapshotId: 'snap-1' })) }],
        skip: [
          { resources: host(INSTANCE, {}) },
          { resources: host(INSTANCE, { BlockDeviceMappings: [{ DeviceName: '/dev/sdb', VirtualName: 'ephemeral0' }] }) },
        ],
      }),
      rule({
        // Accounts can encrypt every new volume by default, which nothing here shows; hence a lower severity than the control's.
        on: HOSTS,
        severity: 'medium',
        check: (one, graph) => {
          if (!isWhole(one)) return notApplicable('is started by what names an image');
          if (one.type === INSTANCE && one.at('LaunchTemplate').state !== 'absent')
            return notApplicable('is started from a launch template');
          return mappingsOf(one, graph).length > 0
            ? pass()
            : fail('BlockDeviceMappings states no volume: the root volume is encrypted only if the account does so by default');
        },
        fix: 'Use SecureInstance or SecureLaunchTemplate, or add BlockDeviceMappings for the root volume with Ebs.Encrypted true.',
        pass: [{ resources: host(INSTANCE, disk({ Encrypted: true })) }],
        fail: [{ resources: host(INSTANCE, {}) }, { resources: host(TEMPLATE, {}) }, { resources: host(CONFIGURATION, {}) }],
        skip: [{ resources: { Host: { Type: TEMPLATE, Properties: { LaunchTemplateData: {} } } } }],
      }),
      rule({
        on: WORKSPACE,
        check: (one) =>
          allOf(
            one.at('RootVolumeEncryptionEnabled').orDefault(false).isTrue(),
            one.at('UserVolumeEncryptionEnabled').orDefault(false).isTrue(),
          ),
        fix: 'Set RootVolumeEncryptionEnabled and UserVolumeEncryptionEnabled to true.',
        pass: [{ resources: desktop({ RootVolumeEncryptionEnabled: true, UserVolumeEncryptionEnabled: true }) }],
        fail: [
          { resources: desktop({ RootVolumeEncryptionEnabled: true }) },
          { resources: desktop({ UserVolumeEncryptionEnabled: true }) },
        ],
        unknown: [{ ...ON, resources: desktop({ RootVolumeEncryptionEnabled: { Ref: 'On' }, UserVolumeEncryptionEnabled: true }) }],
      }),
    ],
  },

  'ENC-02': {
    aws: [
      rule({
        on: VOLUME,
        check: (one) => isOwnKey(one.at('KmsKeyId')),
        fix: 'Set KmsKeyId to a key of your own (encryptionKey of ec2.Volume).',
        pass: [{ resources: volume({ Encrypted: true, KmsKeyId: KEY }) }],
        fail: [{ resources: volume({ Encrypted: true }) }, { resources: volume({ KmsKeyId: 'alias/aws/ebs' }) }],
        unknown: [{ ...ON, resources: volume({ KmsKeyId: { Ref: 'On' } }) }],
      }),
      rule({
        // A launch configuration knows no key: it takes that of the snapshot.
        on: [INSTANCE, TEMPLATE, RECIPE],
        severity: 'low',
        check: (one, graph) => {
          const mappings = mappingsOf(one, graph);
          return mappings.length === 0
            ? notApplicable('states no volume')
            : every(mappings, (mapping) => isOwnKey(mapping.at('Ebs.KmsKeyId')));
        },
        fix: 'Use SecureInstance or SecureLaunchTemplate, or set Ebs.KmsKeyId to a key of your own.',
        pass: [
          { resources: host(INSTANCE, disk({ Encrypted: true, KmsKeyId: KEY })) },
          { resources: host(TEMPLATE, disk({ Encrypted: true, KmsKeyId: KEY })) },
          { resources: recipe(disk({ Encrypted: true, KmsKeyId: KEY })) },
        ],
        fail: [
          { resources: host(INSTANCE, disk({ Encrypted: true })) },
          { resources: host(TEMPLATE, disk({ KmsKeyId: 'alias/aws/ebs' })) },
        ],
        skip: [{ resources: host(INSTANCE, {}) }],
      }),
      rule({
        on: WORKSPACE,
        check: (one) => isOwnKey(one.at('VolumeEncryptionKey')),
        fix: 'Set VolumeEncryptionKey to a key of your own.',
        pass: [{ resources: desktop({ VolumeEncryptionKey: KEY }) }],
        fail: [{ resources: desktop({}) }, { resources: desktop({ VolumeEncryptionKey: 'alias/aws/workspaces' }) }],
      }),
    ],
  },

  'DHC-10': {
    aws: rule({
      on: VOLUME,
      check: (one) => one.option('DeletionPolicy').isOneOf(RETAINED),
      fix: 'Keep the volume or a snapshot of it: DeletionPolicy Retain or Snapshot (removalPolicy).',
      pass: [{ resources: volume({}, { DeletionPolicy: 'Snapshot' }) }],
      fail: [{ resources: volume({}) }, { resources: volume({}, { DeletionPolicy: 'Delete' }) }],
    }),
  },

  'EXP-02': {
    aws: [
      rule({
        on: BLOCK,
        check: (one) => one.at('State').is('block-all-sharing'),
        fix: "Set State to 'block-all-sharing', so that snapshots which are public already are closed as well.",
        pass: [{ resources: block('block-all-sharing') }],
        fail: [{ resources: block('block-new-sharing') }],
        unknown: [{ ...ON, resources: block({ Ref: 'On' }) }],
      }),
      rule({
        on: LIFECYCLE,
        check: sharesWithOurs,
        fix: 'Share snapshots with accounts of the organisation only (ShareRules[].TargetAccounts).',
        pass: [{ ...OURS, resources: shares('111122223333', { Ref: 'AWS::AccountId' }) }],
        fail: [{ ...OURS, resources: shares('444455556666') }],
        unknown: [{ resources: shares('444455556666') }, { ...ON, resources: shares({ Ref: 'On' }) }],
        skip: [{ resources: lifecycle({ Schedules: [{ Name: 'daily' }] }) }],
      }),
      rule({
        on: DISTRIBUTION,
        check: distributesToOurs,
        fix: 'Name accounts or the organisation in LaunchPermissionConfiguration (UserIds, OrganizationArns); never the group all.',
        pass: [
          { ...OURS, resources: permits({ UserIds: ['111122223333'] }) },
          { ...OURS, resources: images({ TargetAccountIds: ['111122223333'] }) },
        ],
        fail: [
          { resources: permits({ UserGroups: ['all'] }) },
          { ...OURS, resources: permits({ UserIds: ['444455556666'] }) },
          { ...OURS, resources: images({ TargetAccountIds: ['444455556666'] }) },
        ],
        unknown: [{ ...ON, resources: permits({ UserGroups: [{ Ref: 'On' }] }) }],
        skip: [{ resources: images({ Name: 'cases' }) }],
      }),
    ],
  },

  'ENC-10': {
    aws: rule({
      on: LIFECYCLE,
      check: copiesEncrypted,
      fix: 'Set Encrypted to true, and CmkArn to a key of the target region, in every copy rule.',
      pass: [
        { resources: lifecycle({ Schedules: [{ CrossRegionCopyRules: [{ TargetRegion: 'eu-central-1', Encrypted: true }] }] }) },
        { resources: lifecycle({ Actions: [{ CrossRegionCopy: [{ EncryptionConfiguration: { Encrypted: true } }] }] }) },
      ],
      fail: [
        { resources: lifecycle({ Schedules: [{ CrossRegionCopyRules: [{ TargetRegion: 'eu-central-1', Encrypted: false }] }] }) },
        { resources: lifecycle({ Actions: [{ CrossRegionCopy: [{ EncryptionConfiguration: { Encrypted: false } }] }] }) },
      ],
      skip: [{ resources: lifecycle({ Schedules: [{ Name: 'daily' }] }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
