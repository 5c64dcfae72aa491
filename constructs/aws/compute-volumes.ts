import { type BlockDevice, BlockDeviceVolume, EbsDeviceVolumeType, type IMachineImage, OperatingSystemType } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct, IConstruct } from 'constructs';
import { reaches } from '../contract';
import { SecureKey } from './keys';
import { profileOf } from './profile';

/** Name under which an image of the operating system has its root volume. */
const ROOT = {
  [OperatingSystemType.LINUX]: '/dev/xvda',
  [OperatingSystemType.WINDOWS]: '/dev/sda1',
  [OperatingSystemType.UNKNOWN]: '/dev/xvda',
};

/** The volume that `ebsDevice` describes; the CDK offers no constructor for a volume as large as its snapshot. */
class Volume extends BlockDeviceVolume {
  constructor(ebsDevice: NonNullable<BlockDeviceVolume['ebsDevice']>) {
    super(ebsDevice);
  }
}

const encrypted = (volume: BlockDeviceVolume, key: IKey | undefined): BlockDeviceVolume =>
  volume.ebsDevice ? new Volume({ ...volume.ebsDevice, encrypted: true, ...(key ? { kmsKey: key } : {}) }) : volume;

/** What a host starts with: the root volume, and what the user adds, every one of them encrypted with one key. */
export function volumesOf(
  scope: Construct,
  machineImage: IMachineImage,
  key: IKey | undefined,
  given: readonly BlockDevice[] = [],
): BlockDevice[] {
  const root = ROOT[machineImage.getImage(scope).osType];
  const own: readonly BlockDevice[] = given.some(({ deviceName }) => deviceName === root)
    ? []
    : [{ deviceName: root, volume: new Volume({ volumeType: EbsDeviceVolumeType.GP3, deleteOnTermination: true }) }];
  return [...own, ...given].map((device) => ({ ...device, volume: encrypted(device.volume, key) }));
}

/** A key for the volumes of one host or group, from the moderate tier on. */
export const volumeKeyOf = (scope: Construct, id: string, given: IKey | undefined): IKey | undefined =>
  given ??
  (reaches(profileOf(scope as IConstruct).tier, 'moderate')
    ? new SecureKey(scope, `${id}Key`, { description: `Encrypts the volumes of ${scope.node.path}/${id}` })
    : undefined);
