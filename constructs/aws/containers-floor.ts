import { Capability, LinuxParameters, type Volume } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';

/** Name of the rules that judge containers. */
export const FAMILY = 'containers';

/** User and group that containers run as: neither is root, and neither belongs to anything in common images. */
export const USER = '10001:10001';

/** Whether a user of a container is root, by name or number. */
export const isRoot = (user: string): boolean => /^(root|0)(:|$)/.test(user);

/** Gives away every right that Docker gives a container beyond those of its user. */
export function confined(scope: Construct, id: string, given: LinuxParameters | undefined): LinuxParameters {
  const parameters = given ?? new LinuxParameters(scope, `${id}Linux`, { initProcessEnabled: true });
  parameters.dropCapabilities(Capability.ALL);
  return parameters;
}

/** The volume with file systems mounted over TLS and under the identity of the task, and nothing of the host. */
export function sealed(where: string, volume: Volume): Volume {
  if (volume.host?.sourcePath)
    throw new Error(`${where}: volume "${volume.name}" mounts ${volume.host.sourcePath} of the host; mount a file system (DID-14)`);
  const { efsVolumeConfiguration: efs } = volume;
  if (!efs) return volume;
  if (efs.transitEncryption === 'DISABLED')
    throw new Error(`${where}: volume "${volume.name}" is mounted in clear text; leave transitEncryption out (TLS-06)`);
  return {
    ...volume,
    efsVolumeConfiguration: {
      ...efs,
      transitEncryption: 'ENABLED',
      authorizationConfig: { ...efs.authorizationConfig, iam: 'ENABLED' },
    },
  };
}
