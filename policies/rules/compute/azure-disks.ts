/** Disks, snapshots, images and the services that make them. */
import type { ControlId } from '../../../controls';
import { isGuardedFromDeletion } from '../../facts/azure';
import { anyOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';

const DISK = 'azure-native:compute:Disk';
const SNAPSHOT = 'azure-native:compute:Snapshot';
const IMAGE = 'azure-native:compute:Image';
const GALLERY = 'azure-native:compute:Gallery';
const SET_TYPE = 'azure-native:compute:DiskEncryptionSet';
const TEMPLATE = 'azure-native:virtualmachineimages:VirtualMachineImageTemplate';

/** Nobody can download the disk over the internet. */
function staysInside(disk: Resource): Outcome {
  return anyOf(
    [disk.at('networkAccessPolicy').isOneOf(['DenyAll', 'AllowPrivate']), disk.at('publicNetworkAccess').is('Disabled')],
    `networkAccessPolicy ${disk.at('networkAccessPolicy').state === 'absent' ? 'is not set' : 'is AllowAll'}: whoever may read the disk can download it from anywhere`,
  );
}

/** The disk has a key of the workload. */
function hasOwnKey(disk: Resource): Outcome {
  return anyOf(
    [
      disk.at('encryption.diskEncryptionSetId').isSet(),
      disk.at('securityProfile.secureVMDiskEncryptionSetId').isSet(),
      disk.at('encryptionSettingsCollection.enabled').isTrue(),
    ],
    'encryption.diskEncryptionSetId is not set: Microsoft holds the key',
  );
}

const disk = (properties: object, type = DISK) => ({ disk: { type, properties } });
const SET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/diskEncryptionSets/e';
const image = (storageProfile: object) => ({ image: { type: IMAGE, properties: { storageProfile } } });
const built = (step: object) => ({ template: { type: TEMPLATE, properties: { customize: [step] } } });
const SHARED = { permissions: 'Community' };

export const AZURE_DISKS = {
  'ENC-01': {
    azure: rule({
      on: [DISK, SNAPSHOT],
      check: (one) => {
        const enabled = one.at('encryptionSettingsCollection.enabled');
        return enabled.state === 'absent' ? pass() : enabled.isTrue();
      },
      severity: 'medium',
      fix: 'Remove encryptionSettingsCollection, which switches disk encryption off, or set it to true.',
      pass: [{ resources: disk({}) }, { resources: disk({ encryptionSettingsCollection: { enabled: true } }, SNAPSHOT) }],
      fail: [{ resources: disk({ encryptionSettingsCollection: { enabled: false } }) }],
      unknown: [{ resources: disk({ encryptionSettingsCollection: { enabled: { $unknown: 'config value' } } }) }],
    }),
  },
  'ENC-02': {
    azure: [
      rule({
        on: [DISK, SNAPSHOT],
        check: hasOwnKey,
        severity: 'medium',
        from: 'moderate',
        fix: "Set encryption: { type: 'EncryptionAtRestWithPlatformAndCustomerKeys', diskEncryptionSetId }.",
        pass: [
          { resources: disk({ encryption: { diskEncryptionSetId: SET } }) },
          { resources: disk({ securityProfile: { secureVMDiskEncryptionSetId: SET } }, SNAPSHOT) },
          { resources: disk({ encryptionSettingsCollection: { enabled: true } }) },
        ],
        fail: [
          { resources: disk({}) },
          { resources: disk({ encryption: { type: 'EncryptionAtRestWithPlatformKey' } }) },
          { resources: disk({ encryptionSettingsCollection: { enabled: false } }) },
        ],
      }),
      rule({
        on: IMAGE,
        check: (one) => {
          const disks = [one.at('storageProfile.osDisk'), ...one.at('storageProfile.dataDisks').items()].filter(
            ({ state }) => state !== 'absent',
          );
          if (disks.length === 0) return notApplicable('names no disks');
          return every(disks, (each) => {
            const set = each.at('diskEncryptionSet.id').isSet();
            return set.verdict === 'fail' ? fail(`${each.path} has no disk encryption set: Microsoft holds the key`, each.path) : set;
          });
        },
        severity: 'medium',
        from: 'moderate',
        fix: 'Set diskEncryptionSet.id of each disk of the image.',
        pass: [{ resources: image({ osDisk: { diskEncryptionSet: { id: SET } }, dataDisks: [{ diskEncryptionSet: { id: SET } }] }) }],
        fail: [{ resources: image({ osDisk: { osType: 'Linux' } }) }],
        skip: [{ resources: image({}) }],
      }),
    ],
  },
  'EXP-02': {
    azure: [
      rule({
        on: [DISK, SNAPSHOT],
        check: staysInside,
        severity: 'medium',
        fix: "Set networkAccessPolicy: 'DenyAll' (or 'AllowPrivate' with diskAccessId) and publicNetworkAccess: 'Disabled'.",
        pass: [
          { resources: disk({ networkAccessPolicy: 'DenyAll' }) },
          { resources: disk({ networkAccessPolicy: 'AllowPrivate' }, SNAPSHOT) },
          { resources: disk({ publicNetworkAccess: 'Disabled' }) },
          { resources: disk({ networkAccessPolicy: 'AllowAll', publicNetworkAccess: 'Disabled' }, SNAPSHOT) },
        ],
        fail: [{ resources: disk({}) }, { resources: disk({ networkAccessPolicy: 'AllowAll', publicNetworkAccess: 'Enabled' }, SNAPSHOT) }],
        unknown: [{ resources: disk({ networkAccessPolicy: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: GALLERY,
        check: (gallery) => gallery.at('sharingProfile.permissions').orDefault('Private').is('Private'),
        fix: "Set sharingProfile.permissions: 'Private', and share images by role assignment.",
        pass: [
          { resources: { gallery: { type: GALLERY, properties: {} } } },
          { resources: { gallery: { type: GALLERY, properties: { sharingProfile: { permissions: 'Private' } } } } },
        ],
        fail: [{ resources: { gallery: { type: GALLERY, properties: { sharingProfile: SHARED } } } }],
        unknown: [
          { resources: { gallery: { type: GALLERY, properties: { sharingProfile: { permissions: { $unknown: 'config value' } } } } } },
        ],
      }),
    ],
  },
  'DHC-10': {
    azure: [
      setting({
        on: GALLERY,
        at: 'softDeletePolicy.isSoftDeleteEnabled',
        is: [true],
        not: false,
        unset: false,
        severity: 'low',
        from: 'moderate',
        fix: 'Set softDeletePolicy.isSoftDeleteEnabled: true, so that an image version can be restored.',
      }),
      rule({
        on: [DISK, SNAPSHOT, SET_TYPE],
        check: isGuardedFromDeletion,
        severity: 'low',
        from: 'moderate',
        fix: 'Use SecureDisk, SecureSnapshot or DiskEncryption, set protect: true on the resource, or add a CanNotDelete lock.',
        pass: [DISK, SNAPSHOT, SET_TYPE].map((type) => ({ resources: { one: { type, properties: {}, options: { protect: true } } } })),
        fail: [DISK, SNAPSHOT, SET_TYPE].map((type) => ({ resources: { one: { type, properties: {} } } })),
      }),
    ],
  },
  'LPA-14': {
    azure: setting({
      on: [DISK, SNAPSHOT],
      at: 'dataAccessAuthMode',
      is: ['AzureActiveDirectory'],
      not: 'None',
      unset: 'None',
      severity: 'low',
      from: 'high',
      fix: "Set dataAccessAuthMode: 'AzureActiveDirectory', so that a link alone does not read the disk.",
    }),
  },
  'SDC-14': {
    azure: rule({
      on: TEMPLATE,
      check: (template) =>
        every(template.at('customize').items(), (step) => {
          const script = step.at('scriptUri').state === 'absent' ? step.at('sourceUri') : step.at('scriptUri');
          if (script.state === 'absent') return pass();
          const sum = step.at('sha256Checksum').isSet();
          return sum.verdict === 'fail'
            ? fail(`${step.path} runs a script that may have changed since: it has no sha256Checksum`, step.path)
            : sum;
        }),
      severity: 'medium',
      fix: 'Set sha256Checksum of each script and file that the build fetches.',
      pass: [
        { resources: built({ type: 'Shell', scriptUri: 'https://example.com/a.sh', sha256Checksum: 'ab' }) },
        { name: 'fetches nothing', resources: { template: { type: TEMPLATE, properties: {} } } },
      ],
      fail: [
        { resources: built({ type: 'Shell', scriptUri: 'https://example.com/a.sh' }) },
        { resources: built({ type: 'File', sourceUri: 'https://example.com/a' }) },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
