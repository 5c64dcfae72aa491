import * as pulumi from '@pulumi/pulumi';
import { type Claim, type ControlId, unclaimed } from '../contract';
import type { SecureArgs } from './component';
import type { DataCollection, HostSystem } from './compute-agents';
import type { DiskKey } from './compute-encryption';
import type { HostImage } from './compute-image';

/** What machines and scale sets have in common. */
export interface SecureHostArgs extends SecureArgs {
  /** Size of the machine, of the second generation: `Standard_D2s_v5`. It must be able to encrypt at the host. */
  readonly size: string;
  /** What it starts from: an approved publisher's image, or one of a gallery of your own (DID-13). */
  readonly image: HostImage;
  /** Subnet in which it gets its private address: `network.subnetIds.workload`. */
  readonly subnetId: pulumi.Input<string>;
  /** A Linux host, with the public key by which the deployment reaches it in an emergency. @default none: it runs Windows */
  readonly linux?: { readonly sshPublicKey: pulumi.Input<string> };
  /** A Windows host, with the password that Azure insists on; nobody signs in with it. @default none: it runs Linux */
  readonly windows?: { readonly adminPassword: pulumi.Input<string> };
  /** Name of the account that Azure creates. @default 'palisade' */
  readonly adminUsername?: string;
  /** Key of the disks; obligatory from tier moderate (ENC-02). @default a key of the platform */
  readonly encryption?: DiskKey;
  /** Where the records of the operating system go; obligatory from tier moderate (LOG-19). @default nowhere */
  readonly collection?: DataCollection;
  /** Size of the system's disk in GiB. @default that of the image */
  readonly systemDiskGiB?: number;
  /** Storage of the system's disk. @default 'Premium_LRS' */
  readonly systemDiskStorage?: 'Premium_LRS' | 'Premium_ZRS' | 'StandardSSD_LRS' | 'StandardSSD_ZRS';
  /** What cloud-init runs at the first start. Everybody on the host can read it: no secrets. @default nothing */
  readonly cloudInit?: pulumi.Input<string>;
  /** Identities besides its own, by their ids. @default none */
  readonly identityIds?: readonly pulumi.Input<string>[];
  /** Whether packets pass the host's switch; needed for encryption inside the network, and not offered for the smallest sizes. @default true */
  readonly acceleratedNetworking?: boolean;
  /**
   * What happens to a process that asks the metadata service without being known, from tier high on: `Audit` records it only,
   * for an image that is still being tried. @default 'Enforce'
   */
  readonly metadataProtection?: 'Enforce' | 'Audit';
}

/** What machines and the machines of scale sets both keep. */
export const HOST_CLAIMS = [
  { control: 'DID-04', from: 'moderate' },
  'DID-11',
  'DID-12',
  'DID-13',
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  'IDA-10',
  'LOG-18',
  { control: 'LOG-19', from: 'moderate' },
  'VUL-05',
] as const satisfies readonly (ControlId | Claim)[];

/** What the twins on AWS claim besides. */
export const HOST_GAPS = [
  unclaimed('DID-03', 'rules of the network belong to subnets on Azure, and are promised by SecureVirtualNetwork'),
] as const;

/** Why these are never relaxed. */
export const HOST_FIRM = {
  'DID-04': 'reach hosts through Bastion, and publish by an edge component',
  'DID-11': 'every supported image of the second generation starts trusted',
  'DID-12': 'people sign in with their account of the directory',
  'DID-13': 'take the image into a gallery of your own',
  'ENC-01': 'encryption at the host costs nothing; register the feature EncryptionAtHost',
  'ENC-02': 'pass another DiskEncryption',
  'LOG-19': 'pass another data collection rule',
} as const;

/** Longest name of a Windows machine. */
export const LONGEST_WINDOWS_NAME = 15;

/** Which system a host runs. @throws RangeError unless exactly one is described */
export function systemOf(where: string, { linux, windows }: SecureHostArgs): HostSystem {
  if ((linux === undefined) === (windows === undefined))
    throw new RangeError(`${where}: write either linux: { sshPublicKey } or windows: { adminPassword } (DID-12)`);
  return linux ? 'linux' : 'windows';
}

/** How hosts are patched. */
export interface Patching {
  /** Whether the platform installs updates when it finds a good time; otherwise the image is replaced as a whole. */
  readonly byPlatform: boolean;
  /** Whether a maintenance window of your own decides when. */
  readonly onSchedule: boolean;
}

/** Accounts, sign-in and patching of the operating system; passwords stay secret. */
export function osProfile(args: SecureHostArgs, { byPlatform, onSchedule }: Patching) {
  const { adminUsername = 'palisade', cloudInit, linux, windows } = args;
  const updates = {
    patchMode: 'AutomaticByPlatform',
    assessmentMode: 'AutomaticByPlatform',
    automaticByPlatformSettings: { rebootSetting: 'IfRequired', bypassPlatformSafetyChecksOnUserSchedule: onSchedule },
  };
  return {
    adminUsername,
    allowExtensionOperations: true,
    ...(cloudInit === undefined
      ? {}
      : { customData: pulumi.output(cloudInit).apply((text) => Buffer.from(text).toString('base64')) as pulumi.Input<string> }),
    ...(linux
      ? {
          linuxConfiguration: {
            disablePasswordAuthentication: true,
            provisionVMAgent: true,
            ssh: { publicKeys: [{ path: `/home/${adminUsername}/.ssh/authorized_keys`, keyData: linux.sshPublicKey }] },
            ...(byPlatform ? { patchSettings: updates } : {}),
          },
        }
      : {}),
    ...(windows
      ? {
          adminPassword: pulumi.secret(windows.adminPassword) as pulumi.Input<string>,
          windowsConfiguration: {
            provisionVMAgent: true,
            // Where the image is replaced as a whole, Azure refuses updates in between.
            enableAutomaticUpdates: byPlatform,
            winRM: { listeners: [] },
            ...(byPlatform ? { patchSettings: { ...updates, enableHotpatching: false } } : {}),
          },
        }
      : {}),
  };
}

/** Starts only what is signed, encrypts what the host itself writes, and guards the metadata service. */
export function securityProfile(guardsMetadata: boolean, mode: 'Enforce' | 'Audit' = 'Enforce') {
  return {
    securityType: 'TrustedLaunch',
    uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
    encryptionAtHost: true,
    proxyAgentSettings: guardsMetadata ? { enabled: true, imds: { mode }, wireServer: { mode } } : { enabled: false },
  };
}

/** The system's disk, which goes with its host. */
export const systemDisk = ({ encryption, systemDiskGiB, systemDiskStorage = 'Premium_LRS' }: SecureHostArgs) => ({
  createOption: 'FromImage',
  caching: 'ReadWrite' as const,
  deleteOption: 'Delete',
  ...(systemDiskGiB === undefined ? {} : { diskSizeGB: systemDiskGiB }),
  managedDisk: { storageAccountType: systemDiskStorage, ...(encryption ? { diskEncryptionSet: { id: encryption.id } } : {}) },
});

/** Screen and log of the start, kept by the platform. */
export const BOOT_RECORDS = { bootDiagnostics: { enabled: true } } as const;

/** An identity of its own, by which people sign in and agents report, and whatever else it was given. */
export const identityOf = ({ identityIds = [] }: SecureHostArgs) =>
  identityIds.length > 0
    ? { type: 'SystemAssigned, UserAssigned' as const, userAssignedIdentities: [...identityIds] }
    : { type: 'SystemAssigned' as const };
