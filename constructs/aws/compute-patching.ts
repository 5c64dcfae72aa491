import { Stack } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnMaintenanceWindow, CfnMaintenanceWindowTarget, CfnMaintenanceWindowTask, CfnPatchBaseline } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { claims, reaches, TAGS } from '../contract';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';

/** Operating systems that Patch Manager knows. */
export const OPERATING_SYSTEMS = [
  'ALMA_LINUX',
  'AMAZON_LINUX_2',
  'AMAZON_LINUX_2023',
  'DEBIAN',
  'MACOS',
  'ORACLE_LINUX',
  'REDHAT_ENTERPRISE_LINUX',
  'ROCKY_LINUX',
  'SUSE',
  'UBUNTU',
  'WINDOWS',
] as const;
/** An operating system that Patch Manager knows. */
export type OperatingSystem = (typeof OPERATING_SYSTEMS)[number];

/** Props of {@link PatchManagement}; every default is the hardened one. */
export interface PatchManagementProps {
  /** @default 'AMAZON_LINUX_2023' */
  readonly operatingSystem?: OperatingSystem;
  /**
   * Hour of the day, 0 to 23, at which fixes are installed.
   * @default 3
   */
  readonly hour?: number;
  /**
   * Time zone of the hour, as the IANA names it.
   * @default 'Etc/UTC'
   */
  readonly timeZone?: string;
  /**
   * Makes the baseline the one of the account for the operating system, for hosts that name none. Say so once in an account.
   * @default true
   */
  readonly accountDefault?: boolean;
}

const PROMISED = claims('PatchManagement', 'VUL-05');

/**
 * Installs fixes on the hosts of the system within the promised time: they are approved on the day they appear, and
 * installed within a week, at the high tier within a day, at one hour, a tenth of the hosts at a time.
 *
 * Guarantees VUL-05. Hosts are found by the tag `palisade:system`, which every resource beneath a declared profile
 * carries. A host that needs it restarts. What the installation prints is recorded for hosts that `grantHost` was called for.
 *
 * @throws Error when the hour is none
 * @example
 * const patches = new PatchManagement(stack, 'Patches', { hour: 2, timeZone: 'Europe/Berlin' });
 * patches.grantHost(caseService);
 */
export class PatchManagement extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Takes what the installation prints, host by host. */
  readonly logGroup: SecureLogGroup;

  constructor(scope: Construct, id: string, props: PatchManagementProps = {}) {
    const { profile, tier } = profileOf(scope);
    super(scope, id);
    const { operatingSystem = 'AMAZON_LINUX_2023', hour = 3, timeZone = 'Etc/UTC', accountDefault = true } = props;
    if (!Number.isInteger(hour) || hour < 0 || hour > 23)
      throw new Error(`${this.node.path}: hour is ${hour}; write a whole number from 0 to 23`);
    if (!OPERATING_SYSTEMS.includes(operatingSystem))
      throw new Error(
        `${this.node.path}: operatingSystem "${operatingSystem}" is not one that Patch Manager knows; write one of ${OPERATING_SYSTEMS.join(', ')}`,
      );
    this.logGroup = new SecureLogGroup(this, 'Records');
    new CfnPatchBaseline(this, 'Baseline', {
      name: `${profile.system}-${operatingSystem.toLowerCase().replaceAll('_', '-')}`,
      description: 'Every fix, on the day it appears',
      operatingSystem,
      defaultBaseline: accountDefault,
      approvalRules: {
        patchRules: [
          { patchFilterGroup: { patchFilters: [{ key: 'PRODUCT', values: ['*'] }] }, approveAfterDays: 0, complianceLevel: 'CRITICAL' },
        ],
      },
    });
    const window = new CfnMaintenanceWindow(this, 'Window', {
      name: `${profile.system}-patches`,
      description: `Installs fixes on the hosts of ${profile.system}`,
      schedule: reaches(tier, 'high') ? `cron(0 ${hour} ? * * *)` : `cron(0 ${hour} ? * SUN *)`,
      scheduleTimezone: timeZone,
      duration: 4,
      cutoff: 1,
      allowUnassociatedTargets: false,
    });
    const hosts = new CfnMaintenanceWindowTarget(this, 'Hosts', {
      windowId: window.ref,
      resourceType: 'INSTANCE',
      targets: [{ key: `tag:${TAGS.system}`, values: [profile.system] }],
    });
    new CfnMaintenanceWindowTask(this, 'Install', {
      windowId: window.ref,
      taskType: 'RUN_COMMAND',
      taskArn: 'AWS-RunPatchBaseline',
      priority: 1,
      maxConcurrency: '10%',
      maxErrors: '10%',
      targets: [{ key: 'WindowTargetIds', values: [hosts.ref] }],
      taskInvocationParameters: {
        maintenanceWindowRunCommandParameters: {
          parameters: { Operation: ['Install'], RebootOption: ['RebootIfNeeded'] },
          cloudWatchOutputConfig: { cloudWatchOutputEnabled: true, cloudWatchLogGroupName: this.logGroup.logGroupName },
        },
      },
    });
  }

  /** Lets hosts with this role record what the installation prints; the agent writes it as the host. */
  grantHost(host: IGrantable): void {
    this.logGroup.grantWrite(host);
    for (const [action, resource] of [
      ['logs:DescribeLogStreams', this.logGroup.logGroupArn],
      ['logs:DescribeLogGroups', Stack.of(this).formatArn({ service: 'logs', resource: 'log-group:*' })],
    ] as const)
      host.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
  }
}
