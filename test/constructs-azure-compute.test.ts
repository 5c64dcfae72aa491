import { describe, expect, it } from 'vitest';
import {
  DiskEncryption,
  PatchManagement,
  type PatchManagementArgs,
  SecureDisk,
  type SecureDiskArgs,
  SecureScaleSet,
  type SecureScaleSetArgs,
  SecureSnapshot,
  SecureVirtualMachine,
  type SecureVirtualMachineArgs,
  type Tier,
} from '../constructs/azure';
import { evaluate } from '../policies/evaluate';
import { RULES } from '../policies/rules';
import { bareSurroundings } from './support/azure-bare';
import { type Surroundings, TODAY } from './support/azure-components';
import { gatherStatement } from './support/azure-gather';
import { type RunOptions, run } from './support/azure-program';
import { HOSTS_RULE, hostArgs, SSH_KEY, UBUNTU } from './support/least-azure/compute';
import { relaxationOf } from './support/relaxation';

const EXACT = { ...UBUNTU, version: '24.04.202610140' };
const TIERS = ['low', 'moderate', 'high'] as const;

const machine = (
  tier: Tier,
  args: Partial<SecureVirtualMachineArgs> = {},
  use: (made: SecureVirtualMachine, around: Surroundings) => void = () => {},
  options: RunOptions = {},
) =>
  run(
    () => {
      const around = bareSurroundings(tier);
      const made = new SecureVirtualMachine('host', { ...hostArgs(around, 'host'), image: EXACT, ...args });
      use(made, around);
      return made;
    },
    { config: TODAY, ...options },
  );

const scaleSet = (tier: Tier, args: Partial<SecureScaleSetArgs> = {}) =>
  run(
    () => {
      const health = { protocol: 'https', port: 8443, path: '/healthy' } as const;
      return new SecureScaleSet('hosts', { ...hostArgs(bareSurroundings(tier), 'hosts'), image: UBUNTU, health, ...args });
    },
    { config: TODAY },
  );

describe('SecureVirtualMachine', () => {
  it('starts only what is signed and encrypts at the host, at every tier', async () => {
    for (const tier of TIERS) {
      const { securityProfile } = (await machine(tier)).program.named('host-machine').inputs;
      expect(securityProfile).toEqual({
        securityType: 'TrustedLaunch',
        uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
        encryptionAtHost: true,
        proxyAgentSettings:
          tier === 'high' ? { enabled: true, imds: { mode: 'Enforce' }, wireServer: { mode: 'Enforce' } } : { enabled: false },
      });
    }
  });

  it('takes no password on Linux, and patches itself', async () => {
    const { osProfile } = (await machine('low')).program.named('host-machine').inputs;
    expect(osProfile.adminPassword).toBeUndefined();
    expect(osProfile.linuxConfiguration).toEqual({
      disablePasswordAuthentication: true,
      provisionVMAgent: true,
      ssh: { publicKeys: [{ path: '/home/palisade/.ssh/authorized_keys', keyData: SSH_KEY }] },
      patchSettings: {
        patchMode: 'AutomaticByPlatform',
        assessmentMode: 'AutomaticByPlatform',
        automaticByPlatformSettings: { rebootSetting: 'IfRequired', bypassPlatformSafetyChecksOnUserSchedule: false },
      },
    });
  });

  it('has one private address, in the subnet that is named, and forwards nothing', async () => {
    const { program } = await machine('moderate');
    const { enableIPForwarding, ipConfigurations } = program.named('host-interface').inputs;
    expect(enableIPForwarding).toBe(false);
    expect(ipConfigurations).toEqual([
      {
        name: 'private',
        primary: true,
        subnet: { id: expect.stringContaining('/subnets/hosts') },
        privateIPAllocationMethod: 'Dynamic',
        privateIPAddressVersion: 'IPv4',
      },
    ]);
    expect(program.of('network:PublicIPAddress')).toEqual([]);
  });

  it('runs the agents of its tier and system, one after the other, and no others', async () => {
    const agents = async (tier: Tier, args: Partial<SecureVirtualMachineArgs> = {}) =>
      (await machine(tier, args)).program.of('compute:VirtualMachineExtension').map(({ inputs }) => inputs.type);
    expect(await agents('low')).toEqual(['AADSSHLoginForLinux', 'GuestAttestation', 'ConfigurationforLinux']);
    expect(await agents('high')).toEqual([
      'AADSSHLoginForLinux',
      'GuestAttestation',
      'ConfigurationforLinux',
      'ProxyAgentLinux',
      'AzureMonitorLinuxAgent',
    ]);
    expect(await agents('moderate', { linux: undefined, windows: { adminPassword: 'x' } } as never)).toEqual([
      'AADLoginForWindows',
      'GuestAttestation',
      'ConfigurationforWindows',
      'IaaSAntimalware',
      'AzureMonitorWindowsAgent',
    ]);
  });

  it('sends its records where the rule says, from tier moderate', async () => {
    await expect(machine('moderate', { collection: undefined } as never)).rejects.toThrow(/tier moderate needs `collection` \(LOG-19\)/);
    const { program } = await machine('moderate', { collection: { ruleId: HOSTS_RULE, endpointId: '/endpoints/e' } });
    expect(program.named('host-collection').inputs).toMatchObject({
      resourceUri: expect.stringContaining('host-machine'),
      dataCollectionRuleId: HOSTS_RULE,
    });
    expect(program.named('host-collection-endpoint').inputs.associationName).toBe('configurationAccessEndpoint');
  });

  it('encrypts its disk with the key of the workload from tier moderate', async () => {
    await expect(machine('high', { encryption: undefined } as never)).rejects.toThrow(/tier high needs `encryption` \(ENC-02\)/);
    const { osDisk } = (await machine('moderate')).program.named('host-machine').inputs.storageProfile;
    expect(osDisk.managedDisk.diskEncryptionSet.id).toContain('host-disks-set');
  });

  it('attaches disks that outlive it, and is backed up and patched where it is told to be', async () => {
    const kept: string[] = [];
    const backup = {
      protectMachine: (name: string) => {
        kept.push(name);
        return undefined as never;
      },
    };
    const { program } = await run(
      () => {
        const around = bareSurroundings('low');
        const disk = new SecureDisk('exports', { ...around.common, sizeGiB: 32 });
        const patches = new PatchManagement('patches', { ...around.common, startsOn: '2026-12-01' });
        return new SecureVirtualMachine('host', { ...hostArgs(around, 'host'), image: EXACT, dataDisks: [disk], patches, backup });
      },
      { config: TODAY },
    );
    const { osProfile, storageProfile } = program.named('host-machine').inputs;
    expect(storageProfile.dataDisks).toEqual([
      {
        lun: 0,
        createOption: 'Attach',
        caching: 'None',
        deleteOption: 'Detach',
        managedDisk: { id: expect.stringContaining('exports-disk') },
      },
    ]);
    expect(osProfile.linuxConfiguration.patchSettings.automaticByPlatformSettings.bypassPlatformSafetyChecksOnUserSchedule).toBe(true);
    expect(program.named('host-patches').inputs).toMatchObject({
      resourceType: 'virtualMachines',
      maintenanceConfigurationId: expect.stringContaining('patches-window'),
    });
    expect(kept).toEqual(['host']);
  });

  it('lets people in by a role on this machine only', async () => {
    const { program } = await machine('low', {}, (made) => made.grantSignIn('ops', { principalId: 'g', principalType: 'Group' }));
    expect(program.named('host-sign-in-ops').inputs).toMatchObject({
      scope: expect.stringContaining('host-machine'),
      roleDefinitionId: expect.stringContaining('fb879df8-f326-4884-b1cf-06f3ad86be52'),
    });
  });

  it('refuses what makes a host that nobody can trust or make again, in one line', async () => {
    const refused: readonly (readonly [Partial<SecureVirtualMachineArgs>, RegExp])[] = [
      [{ image: { ...EXACT, publisher: 'somebody' } }, /image.publisher is "somebody"; write one of almalinux, Canonical.*\(DID-13\)/],
      [{ image: { ...UBUNTU, version: 'latest' } }, /image.version is "latest"; name one exact version.*\(SDC-14\)/],
      [{ image: UBUNTU }, /image.version is missing; name one exact version/],
      [{ image: { galleryImageId: '/CommunityGalleries/c/Images/i' } }, /is an image of strangers.*\(DID-13\)/],
      [{ image: { galleryImageId: '/subscriptions/s/galleries/g/images/i' } }, /names no version; add \/versions/],
      [{ windows: { adminPassword: 'x' } }, /write either linux: \{ sshPublicKey \} or windows/],
      [{ relax: [relaxationOf('DID-04')] }, /DID-04 cannot be relaxed.*reach hosts through Bastion/],
    ];
    for (const [args, message] of refused) await expect(machine('low', args)).rejects.toThrow(message);
  });

  it('keeps passwords and disks of Windows out of what is shown', async () => {
    const statement = `
      const { surroundings } = load('test/support/azure-components.ts');
      const { hostArgs, UBUNTU } = load('test/support/least-azure/compute.ts');
      const { SecureVirtualMachine } = load('constructs/azure/index.ts');
      const around = surroundings('low');
      const { linux, ...args } = hostArgs(around, 'desk');
      const image = { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku: '2025-datacenter-azure-edition', version: '26100.1.1' };
      new SecureVirtualMachine('desk', { ...args, image, windows: { adminPassword: ['Tr0ub4', 'dor-and-3'].join('') } });`;
    const { graph } = await gatherStatement(statement);
    expect(JSON.stringify([...graph.resources()].map(({ properties }) => properties))).not.toContain('dor-and-3');
    const { findings } = evaluate(graph, { rules: RULES.filter(({ cloud }) => cloud === 'azure') });
    expect(findings.filter(({ verdict }) => verdict !== 'pass').map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
  });

  it('records the waiver of its protection, where environments come and go', async () => {
    const { program } = await machine('high', { relax: [relaxationOf('DHC-10')] });
    expect(program.all.filter(({ name }) => name === 'host-machine-lock')).toEqual([]);
    expect(program.named('host-waiver-dhc-10').inputs).toMatchObject({ rule: 'DHC-10', ticket: 'SEC-1201' });
  });
});

describe('SecureScaleSet', () => {
  it('follows the newest image in batches that stop, and replaces broken hosts', async () => {
    const { automaticRepairsPolicy, upgradePolicy, virtualMachineProfile, zones } = (await scaleSet('high')).program.named(
      'hosts-set',
    ).inputs;
    expect(upgradePolicy.automaticOSUpgradePolicy).toEqual({
      enableAutomaticOSUpgrade: true,
      disableAutomaticRollback: false,
      useRollingUpgradePolicy: true,
    });
    expect(upgradePolicy.rollingUpgradePolicy.rollbackFailedInstancesOnPolicyBreach).toBe(true);
    expect(automaticRepairsPolicy.enabled).toBe(true);
    expect(zones).toEqual(['1', '2', '3']);
    expect(virtualMachineProfile.storageProfile.imageReference.version).toBe('latest');
    expect(virtualMachineProfile.extensionProfile.extensions.at(-1)).toMatchObject({
      type: 'ApplicationHealthLinux',
      settings: { protocol: 'https', port: 8443, requestPath: '/healthy' },
      provisionAfterExtensions: ['AzureMonitorLinuxAgent'],
    });
  });

  it('has no public address and no forwarding on any host', async () => {
    const { networkProfile } = (await scaleSet('moderate')).program.named('hosts-set').inputs.virtualMachineProfile;
    const [card] = networkProfile.networkInterfaceConfigurations;
    expect(card.enableIPForwarding).toBe(false);
    expect(card.ipConfigurations[0].publicIPAddressConfiguration).toBeUndefined();
  });

  it('keeps to one version of an image only with a waiver', async () => {
    await expect(scaleSet('moderate', { image: EXACT })).rejects.toThrow(/an image of one version breaks VUL-05/);
    const versioned = { galleryImageId: '/subscriptions/s/galleries/g/images/i/versions/1.0.0' };
    const { program } = await scaleSet('moderate', { image: versioned, relax: [relaxationOf('VUL-05')] });
    expect(program.named('hosts-set').inputs.upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade).toBe(false);
    expect(program.named('hosts-waiver-vul-05').inputs.rule).toBe('VUL-05');
  });

  it('refuses a single host where the tier counts on it, and a set without health', async () => {
    await expect(scaleSet('moderate', { capacity: 1 })).rejects.toThrow(/capacity is 1; write at least 2/);
    await expect(scaleSet('low', { health: undefined } as never)).rejects.toThrow(/health is missing/);
  });
});

describe('disks', () => {
  const disk = (tier: Tier, args: Partial<SecureDiskArgs> = {}) =>
    run(
      () => {
        const { common, vault } = bareSurroundings(tier);
        const encryption = new DiskEncryption('key', { ...common, key: vault.key('disks') });
        new SecureSnapshot('copy', { ...common, encryption, diskId: '/disks/d' });
        return new SecureDisk('exports', { ...common, encryption, sizeGiB: 64, ...args });
      },
      { config: TODAY },
    );

  it('are closed to every download, and have a key of the workload', async () => {
    const { program } = await disk('high');
    for (const name of ['exports-disk', 'copy-snapshot'])
      expect(program.named(name).inputs).toMatchObject({
        networkAccessPolicy: 'DenyAll',
        publicNetworkAccess: 'Disabled',
        dataAccessAuthMode: 'AzureActiveDirectory',
        encryption: { type: 'EncryptionAtRestWithPlatformAndCustomerKeys', diskEncryptionSetId: expect.stringContaining('key-set') },
      });
    expect(program.named('exports-volume-lock').inputs.level).toBe('CanNotDelete');
  });

  it('follow the newest version of the key, which one identity alone may use', async () => {
    const { program } = await disk('moderate');
    expect(program.named('key-set').inputs).toMatchObject({
      encryptionType: 'EncryptionAtRestWithCustomerKey',
      rotationToLatestKeyVersionEnabled: true,
      identity: { type: 'UserAssigned' },
    });
    expect(program.named('key-key-use').inputs).toMatchObject({ principalId: 'key-identity-principal', principalType: 'ServicePrincipal' });
  });

  it('refuse a size and a zone that cannot be', async () => {
    await expect(disk('low', { sizeGiB: 1 })).rejects.toThrow(/SecureDisk "exports": sizeGiB is 1; write 4 to 32767/);
    await expect(disk('low', { zone: '1' })).rejects.toThrow(/zone is "1", but Premium_ZRS is in every zone/);
    await expect(disk('moderate', { encryption: undefined } as never)).rejects.toThrow(/tier moderate needs `encryption` \(ENC-02\)/);
  });
});

describe('PatchManagement', () => {
  const window = async (tier: Tier, args: Partial<PatchManagementArgs> = {}) =>
    (await run(() => new PatchManagement('patches', { ...bareSurroundings(tier).common, startsOn: '2026-12-01', ...args }))).program.named(
      'patches-window',
    ).inputs;

  it('installs critical and security fixes once a week, at the high tier every day', async () => {
    const { duration, installPatches, recurEvery, startDateTime } = await window('moderate', {
      hour: 5,
      timeZone: 'W. Europe Standard Time',
    });
    expect({ duration, recurEvery, startDateTime }).toEqual({ duration: '03:55', recurEvery: 'Week', startDateTime: '2026-12-01 05:00' });
    expect(installPatches.linuxParameters.classificationsToInclude).toEqual(['Critical', 'Security']);
    expect((await window('high')).recurEvery).toBe('Day');
  });

  it('refuses an hour or a day that is none', async () => {
    await expect(window('low', { hour: 24 })).rejects.toThrow(/hour is 24; write 0 to 23/);
    await expect(window('low', { startsOn: 'soon' })).rejects.toThrow(/startsOn is "soon"; write a date as YYYY-MM-DD/);
  });
});

describe('a host that somebody weakens from outside', () => {
  const WEAKENED: readonly (readonly [type: string, path: string, value: unknown, rule: string])[] = [
    ['VirtualMachine', 'securityProfile.encryptionAtHost', false, 'ENC-01.compute'],
    ['VirtualMachine', 'securityProfile.uefiSettings.secureBootEnabled', false, 'DID-11.compute'],
    ['VirtualMachine', 'osProfile.linuxConfiguration.disablePasswordAuthentication', false, 'DID-12.compute'],
    ['VirtualMachineScaleSet', 'virtualMachineProfile.storageProfile.osDisk.managedDisk.diskEncryptionSet.id', '', 'ENC-02.compute'],
    ['VirtualMachineScaleSet', 'upgradePolicy.automaticOSUpgradePolicy.enableAutomaticOSUpgrade', false, 'VUL-05.compute'],
    ['DiskEncryptionSet', 'rotationToLatestKeyVersionEnabled', false, 'ENC-03.keys'],
    ['Disk', 'encryption.diskEncryptionSetId', '', 'ENC-02.compute'],
    ['Disk', 'dataAccessAuthMode', 'None', 'LPA-14.compute'],
  ];

  it('breaks its promises, each by its own rule', async () => {
    const { graph } = await gatherStatement(`
      const weakened = ${JSON.stringify(WEAKENED.map(([type, path, value]) => [`azure-native:compute:${type}`, path.split('.'), value]))};
      load('node_modules/@pulumi/pulumi').runtime.registerStackTransformation(({ type, props, opts }) => {
        for (const [wanted, path, value] of weakened)
          if (wanted === type) path.slice(0, -1).reduce((at, key) => at[key], props)[path.at(-1)] = value;
        return { props, opts };
      });
      load('test/support/azure-components.ts').everyComponent('high', ['compute']);`);
    const { findings } = evaluate(graph, { rules: RULES.filter(({ cloud }) => cloud === 'azure') });
    const failed = new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ resource, rule }) => `${rule} ${resource.type}`));
    expect(WEAKENED.map(([type, , , rule]) => `${rule} azure-native:compute:${type}`).filter((one) => !failed.has(one))).toEqual([]);
  });
});
