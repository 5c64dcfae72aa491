/** Virtual machines and scale sets. */
import type { ControlId } from '../../../controls';
import { isGuardedFromDeletion } from '../../facts/azure';
import type { Graph } from '../../graph';
import { anyOf, every, fail, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';
import { present, setting, valuesAt } from '../setting';

export const VM = 'azure-native:compute:VirtualMachine';
export const VMSS = 'azure-native:compute:VirtualMachineScaleSet';
const EXTENSION = 'azure-native:compute:VirtualMachineExtension';
const MAINTENANCE = 'azure-native:maintenance:ConfigurationAssignment';

/** Scale sets keep under `virtualMachineProfile` what machines have at the top. */
const profileOf = (machine: Resource): ReturnType<Resource['at']> =>
  machine.type === VMSS ? machine.at('virtualMachineProfile') : machine.all;

const trusted = (machine: Resource): Outcome => {
  const security = profileOf(machine).at('securityProfile');
  const type = security.at('securityType').isOneOf(['TrustedLaunch', 'ConfidentialVM']);
  if (type.verdict !== 'pass') return type;
  return every([security.at('uefiSettings.secureBootEnabled'), security.at('uefiSettings.vTpmEnabled')], (one) => one.isTrue());
};

/** Publishers whose images are Linux, as the marketplace names them. */
const LINUX_PUBLISHERS = /^(canonical|redhat|rhel|debian|suse|openlogic|almalinux|resf|oracle|kinvolk|microsoftcblmariner)$/i;

const isLinux = (machine: Resource): boolean => {
  const storage = profileOf(machine).at('storageProfile');
  return (
    storage.at('osDisk.osType').is('Linux').verdict === 'pass' || LINUX_PUBLISHERS.test(storage.at('imageReference.publisher').string ?? '')
  );
};

/** People sign in by key or by the directory, where the machine is Linux. */
function takesNoPassword(machine: Resource): Outcome {
  const os = profileOf(machine).at('osProfile');
  const linux = os.at('linuxConfiguration');
  if (linux.state === 'absent') {
    if (os.at('adminPassword').state === 'absent' || !isLinux(machine)) return notApplicable('is not set up as Linux');
    return fail(`${linux.path} is not set: administrators sign in with a password`, linux.path);
  }
  return linux.at('disablePasswordAuthentication').orDefault(false).isTrue();
}

/** Updates are installed by the platform, or by a maintenance configuration. */
function isPatched(machine: Resource, graph: Graph): Outcome {
  const os = profileOf(machine).at('osProfile');
  const automatic = machine.type === VMSS ? [machine.at('upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade').isTrue()] : [];
  return anyOf(
    [
      some(
        graph.pointingAt(machine, MAINTENANCE, 'resourceId'),
        (assignment) => assignment.at('maintenanceConfigurationId').isSet(),
        'no maintenance configuration',
      ),
      os.at('linuxConfiguration.patchSettings.patchMode').is('AutomaticByPlatform'),
      os.at('windowsConfiguration.patchSettings.patchMode').isOneOf(['AutomaticByPlatform', 'AutomaticByOS']),
      // Windows installs updates by itself unless somebody switches it off.
      os.at('windowsConfiguration').state === 'absent' || os.at('windowsConfiguration.patchSettings.patchMode').state !== 'absent'
        ? fail('no automatic updates')
        : os.at('windowsConfiguration.enableAutomaticUpdates').orDefault(true).isTrue(),
      ...automatic,
    ],
    'nobody installs updates: patchMode is not AutomaticByPlatform',
  );
}

const CONFIGURATIONS = 'networkProfile.networkInterfaceConfigurations[].ipConfigurations[].publicIPAddressConfiguration';

const hasNoPublicAddress = (machine: Resource): Outcome => {
  const found = valuesAt(profileOf(machine), CONFIGURATIONS).find(({ state }) => state !== 'absent');
  return found ? fail(`${found.path} gives machines a public address`, found.path) : pass();
};

const machine = (properties: object) => ({ machine: { type: VM, properties } });
const scaleSet = (virtualMachineProfile: object, more: object = {}) => ({
  machine: { type: VMSS, properties: { virtualMachineProfile, ...more } },
});
const launched = (changes: object = {}, type = 'TrustedLaunch') => ({
  securityProfile: { securityType: type, uefiSettings: { secureBootEnabled: true, vTpmEnabled: true, ...changes } },
});
const linux = (linuxConfiguration: object) => ({ osProfile: { adminUsername: 'ops', linuxConfiguration } });
const windows = (windowsConfiguration: object) => ({ osProfile: { windowsConfiguration } });
const nic = (changes: object) => ({
  networkProfile: { networkInterfaceConfigurations: [{ name: 'n', ipConfigurations: [{ name: 'i', ...changes }] }] },
});

export const AZURE_MACHINES = {
  'DID-11': {
    azure: [
      rule({
        on: [VM, VMSS],
        check: trusted,
        fix: "Use SecureVirtualMachine, or set securityProfile: { securityType: 'TrustedLaunch', uefiSettings: { secureBootEnabled: true, vTpmEnabled: true } }.",
        severity: 'medium',
        pass: [{ resources: machine(launched()) }, { resources: scaleSet(launched({}, 'ConfidentialVM')) }],
        fail: [
          { resources: machine({}) },
          { resources: machine(launched({}, 'Standard')) },
          { resources: machine(launched({ secureBootEnabled: false })) },
          { resources: scaleSet(launched({ vTpmEnabled: false })) },
        ],
        unknown: [{ resources: machine(launched({ vTpmEnabled: { $unknown: 'config value' } })) }],
      }),
      setting({
        on: VM,
        at: 'securityProfile.proxyAgentSettings.enabled',
        is: [true],
        not: false,
        unset: false,
        severity: 'low',
        from: 'high',
        fix: 'Set securityProfile.proxyAgentSettings.enabled: true, so that only known processes reach the metadata service.',
      }),
    ],
  },
  'ENC-01': {
    azure: [
      setting({
        on: VM,
        at: 'securityProfile.encryptionAtHost',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Use SecureVirtualMachine, or set securityProfile.encryptionAtHost: true: temporary disks and caches are in clear otherwise.',
      }),
      setting({
        on: VMSS,
        at: 'virtualMachineProfile.securityProfile.encryptionAtHost',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set virtualMachineProfile.securityProfile.encryptionAtHost: true: temporary disks and caches are in clear otherwise.',
      }),
    ],
  },
  'ENC-02': {
    azure: rule({
      on: [VM, VMSS],
      check: (subject) => {
        const disks = [profileOf(subject).at('storageProfile.osDisk'), ...profileOf(subject).at('storageProfile.dataDisks').items()];
        const own = disks.filter(
          (disk) => disk.state !== 'absent' && (subject.type === VMSS || disk.at('managedDisk.id').state === 'absent'),
        );
        if (own.length === 0) return notApplicable('its disks are judged as disks');
        return every(own, (disk) => {
          const set = disk.at('managedDisk.diskEncryptionSet.id').isSet();
          const confidential = disk.at('managedDisk.securityProfile.diskEncryptionSet.id').isSet();
          return anyOf([set, confidential], `${disk.path} has no disk encryption set: Microsoft holds its key`);
        });
      },
      severity: 'medium',
      from: 'moderate',
      fix: 'Set managedDisk.diskEncryptionSet.id of each disk to a DiskEncryptionSet whose key is the workload’s.',
      pass: [
        {
          resources: machine({
            storageProfile: {
              osDisk: { managedDisk: { diskEncryptionSet: { id: '/diskEncryptionSets/s' } } },
              dataDisks: [
                { managedDisk: { securityProfile: { diskEncryptionSet: { id: '/diskEncryptionSets/s' } } } },
                { managedDisk: { id: '/disks/d' } },
              ],
            },
          }),
        },
        { resources: scaleSet({ storageProfile: { osDisk: { managedDisk: { diskEncryptionSet: { id: '/diskEncryptionSets/s' } } } } }) },
      ],
      fail: [
        { resources: machine({ storageProfile: { osDisk: { createOption: 'FromImage' } } }) },
        { resources: scaleSet({ storageProfile: { osDisk: { managedDisk: { storageAccountType: 'Premium_LRS' } } } }) },
      ],
      skip: [{ resources: machine({}) }],
    }),
  },
  'DID-12': {
    azure: rule({
      on: [VM, VMSS],
      check: takesNoPassword,
      severity: 'high',
      fix: 'Set osProfile.linuxConfiguration.disablePasswordAuthentication: true and sign in through the directory.',
      pass: [
        { resources: machine(linux({ disablePasswordAuthentication: true })) },
        { resources: scaleSet(linux({ disablePasswordAuthentication: true })) },
      ],
      fail: [
        { resources: machine(linux({})) },
        { resources: machine(linux({ disablePasswordAuthentication: false })) },
        { resources: scaleSet(linux({ disablePasswordAuthentication: 'false' })) },
        {
          name: 'a Linux image with a password',
          resources: scaleSet({
            osProfile: { adminPassword: { $secret: true } },
            storageProfile: { imageReference: { publisher: 'Canonical' } },
          }),
        },
        {
          name: 'a Linux disk with a password',
          resources: machine({ osProfile: { adminPassword: { $secret: true } }, storageProfile: { osDisk: { osType: 'Linux' } } }),
        },
      ],
      unknown: [{ resources: machine(linux({ disablePasswordAuthentication: { $unknown: 'config value' } })) }],
      skip: [
        { resources: machine(windows({})) },
        { resources: machine({}) },
        {
          name: 'an image that may be of either kind',
          resources: machine({ osProfile: { adminPassword: { $secret: true } }, storageProfile: { imageReference: { id: '/images/x' } } }),
        },
      ],
    }),
  },
  'DID-04': {
    azure: rule({
      on: [VM, VMSS],
      check: hasNoPublicAddress,
      severity: 'high',
      fix: 'Remove publicIPAddressConfiguration: reach machines through Bastion, and let them out through a firewall or a NAT gateway.',
      pass: [{ resources: machine({}) }, { resources: { machine: { type: VMSS, properties: {} } } }],
      fail: [
        { resources: machine(nic({ publicIPAddressConfiguration: { name: 'p' } })) },
        { resources: scaleSet(nic({ publicIPAddressConfiguration: { name: 'p' } })) },
      ],
    }),
  },
  'VUL-05': {
    azure: [
      rule({
        on: [VM, VMSS],
        check: isPatched,
        severity: 'medium',
        fix: "Set patchSettings.patchMode: 'AutomaticByPlatform', or assign a maintenance configuration that installs patches.",
        pass: [
          { resources: machine(linux({ patchSettings: { patchMode: 'AutomaticByPlatform' } })) },
          { resources: machine(windows({ patchSettings: { patchMode: 'AutomaticByOS' } })) },
          { resources: machine(windows({ enableAutomaticUpdates: true })) },
          { resources: scaleSet({}, { upgradePolicy: { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: true } } }) },
          {
            resources: {
              ...machine({}),
              patches: {
                type: MAINTENANCE,
                properties: { resourceId: { $ref: 'machine' }, maintenanceConfigurationId: '/maintenanceConfigurations/weekly' },
              },
            },
          },
        ],
        fail: [
          { resources: machine(linux({ patchSettings: { patchMode: 'ImageDefault' } })) },
          { resources: machine(windows({ patchSettings: { patchMode: 'Manual' } })) },
          { resources: machine(windows({ enableAutomaticUpdates: false })) },
          { resources: scaleSet({}, { upgradePolicy: { automaticOSUpgradePolicy: { enableAutomaticOSUpgrade: false } } }) },
        ],
        unknown: [{ resources: machine(linux({ patchSettings: { patchMode: { $unknown: 'config value' } } })) }],
      }),
      present({
        on: 'azure-native:maintenance:MaintenanceConfiguration',
        at: 'installPatches',
        like: { rebootSetting: 'IfRequired' },
        where: { at: 'maintenanceScope', is: ['InGuestPatch'] },
        else: 'installPatches is not set: the window installs nothing',
        severity: 'medium',
        fix: 'Set installPatches with the classifications Critical and Security for Linux and Windows.',
      }),
    ],
  },
  'LOG-18': {
    azure: rule({
      on: [VM, VMSS],
      check: (subject) => {
        const boot = profileOf(subject).at('diagnosticsProfile.bootDiagnostics.enabled');
        return boot.state === 'absent'
          ? fail('bootDiagnostics are off: a start that fails leaves no trace', 'diagnosticsProfile')
          : boot.isTrue();
      },
      severity: 'low',
      fix: 'Set diagnosticsProfile.bootDiagnostics.enabled: true.',
      pass: [
        { resources: machine({ diagnosticsProfile: { bootDiagnostics: { enabled: true } } }) },
        { resources: scaleSet({ diagnosticsProfile: { bootDiagnostics: { enabled: true } } }) },
      ],
      fail: [{ resources: machine({}) }, { resources: machine({ diagnosticsProfile: { bootDiagnostics: { enabled: false } } }) }],
      unknown: [{ resources: machine({ diagnosticsProfile: { bootDiagnostics: { enabled: { $unknown: 'config value' } } } }) }],
    }),
  },
  'IDA-10': {
    azure: rule({
      on: [VM, VMSS],
      check: (subject) => {
        const type = subject.at('identity.type');
        return type.state === 'absent'
          ? fail('identity is not set: what runs there has to keep keys', 'identity')
          : type.matches(/Assigned/i);
      },
      severity: 'low',
      fix: "Set identity: { type: 'SystemAssigned' }, or UserAssigned with an identity of its own.",
      pass: [
        { resources: machine({ identity: { type: 'UserAssigned' } }) },
        { resources: scaleSet({}, { identity: { type: 'SystemAssigned' } }) },
      ],
      fail: [{ resources: machine({}) }, { resources: machine({ identity: { type: 'None' } }) }],
    }),
  },
  'DID-13': {
    azure: [
      rule({
        on: [VM, VMSS],
        check: (subject) => {
          const image = profileOf(subject).at('storageProfile.imageReference');
          const community = image.at('communityGalleryImageId');
          return community.state === 'absent' ? pass() : fail(`${community.path} is an image of strangers`, community.path);
        },
        fix: 'Start from an approved image: imageReference.id of a gallery of your own, or a publisher’s.',
        pass: [{ resources: machine({}) }],
        fail: [
          { resources: scaleSet({ storageProfile: { imageReference: { communityGalleryImageId: '/CommunityGalleries/c/Images/i' } } }) },
        ],
      }),
      rule({
        on: VM,
        check: (subject, graph) =>
          anyOf(
            [
              some(
                graph.childrenOf(subject).concat(graph.pointingAt(subject, EXTENSION, 'vmName')),
                (extension) => extension.at('type').isOneOf(['IaaSAntimalware', 'MDE.Windows', 'MDE.Linux']),
                'no endpoint protection',
              ),
              subject.at('osProfile.windowsConfiguration').state === 'absent' ? pass() : fail('no extension'),
            ],
            'no extension protects the machine from malware',
          ),
        severity: 'low',
        from: 'moderate',
        fix: 'Onboard the machine to Defender for Servers, or add a VirtualMachineExtension of type IaaSAntimalware or MDE.Windows.',
        pass: [
          {
            resources: {
              ...machine(windows({})),
              malware: { type: EXTENSION, properties: { vmName: { $ref: 'machine' }, type: 'IaaSAntimalware' } },
            },
          },
          { resources: machine({}) },
        ],
        fail: [
          { resources: machine(windows({})) },
          {
            resources: {
              ...machine(windows({})),
              other: { type: EXTENSION, properties: { vmName: { $ref: 'machine' }, type: 'CustomScript' } },
            },
          },
        ],
      }),
    ],
  },
  'DHC-10': {
    azure: rule({
      on: VM,
      check: isGuardedFromDeletion,
      severity: 'low',
      from: 'moderate',
      fix: 'Use SecureVirtualMachine, set protect: true on the resource, or add a CanNotDelete lock.',
      pass: [{ resources: { machine: { type: VM, properties: {}, options: { protect: true } } } }],
      fail: [{ resources: machine({}) }],
    }),
  },
  'LOG-16': {
    azure: gap(
      'machines take their time from the host by themselves; what somebody changes in a guest is found at run time by guest configuration',
    ),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
