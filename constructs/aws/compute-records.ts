import { Stack } from 'aws-cdk-lib';
import { OperatingSystemType } from 'aws-cdk-lib/aws-ec2';
import { Effect, type IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnAssociation, StringParameter } from 'aws-cdk-lib/aws-ssm';
import { Construct, type IConstruct } from 'constructs';
import { TAGS } from '../contract';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';
import { type SharedRecords, sharedIn } from './shared';

const WEEKLY = 'rate(7 days)';

/**
 * Hosts of a system ship the records of their operating system: sign-ins, privileges and audit, into one log group. Made
 * once for a stack; the agent is installed and kept current by Systems Manager (LOG-18).
 */
export class HostRecords extends Construct implements SharedRecords {
  /** Takes the records, one stream for each host. */
  readonly logGroup: SecureLogGroup;
  private readonly windows: boolean;

  constructor(scope: Construct, id: string, osType: OperatingSystemType) {
    super(scope, id);
    this.windows = osType === OperatingSystemType.WINDOWS;
    this.logGroup = new SecureLogGroup(this, 'Records', { logClass: 'security' });
    const settings = new StringParameter(this, 'Settings', {
      description: `What hosts of ${scope.node.path} record`,
      stringValue: Stack.of(this).toJsonString({ logs: { logs_collected: this.collected() } }),
    });
    // Hosts of other systems in the account keep the settings of theirs.
    const targets = [{ key: `tag:${TAGS.system}`, values: [profileOf(scope).profile.system] }];
    const installed = new CfnAssociation(this, 'Agent', {
      name: 'AWS-ConfigureAWSPackage',
      parameters: { action: ['Install'], name: ['AmazonCloudWatchAgent'] },
      scheduleExpression: WEEKLY,
      targets,
    });
    const configured = new CfnAssociation(this, 'AgentSettings', {
      name: 'AmazonCloudWatch-ManageAgent',
      parameters: {
        action: ['configure'],
        mode: ['ec2'],
        optionalConfigurationSource: ['ssm'],
        optionalConfigurationLocation: [settings.parameterName],
        optionalRestart: ['yes'],
      },
      scheduleExpression: WEEKLY,
      targets,
    });
    configured.addResourceDependency(installed);
    this.settings = settings;
  }

  private readonly settings: StringParameter;

  /** Lets hosts with this role write their records. */
  grantHost(role: IRole): void {
    this.logGroup.grantWrite(role);
    this.settings.grantRead(role);
    role.addToPrincipalPolicy(
      new PolicyStatement({
        sid: 'FindStreams',
        effect: Effect.ALLOW,
        actions: ['logs:DescribeLogStreams'],
        resources: [this.logGroup.logGroupArn],
      }),
    );
  }

  private collected(): object {
    const place = { log_group_name: this.logGroup.logGroupName };
    if (this.windows) {
      const collect_list = ['Security', 'System'].map((event_name) => ({
        event_name,
        event_levels: ['INFORMATION', 'WARNING', 'ERROR', 'CRITICAL'],
        log_stream_name: `{instance_id}/${event_name}`,
        ...place,
      }));
      return { windows_events: { collect_list } };
    }
    const collect_list = ['audit/audit.log', 'secure', 'auth.log', 'messages', 'syslog'].map((file) => ({
      file_path: `/var/log/${file}`,
      log_stream_name: `{instance_id}/${file}`,
      ...place,
    }));
    return { files: { collect_list } };
  }
}

/** The records shared nearest above for the operating system, else those made for the stack. */
export const recordsOf = (scope: IConstruct, osType: OperatingSystemType): SharedRecords => {
  const windows = osType === OperatingSystemType.WINDOWS;
  const name = windows ? 'windows-records' : 'host-records';
  return sharedIn(scope, name, (stack) => new HostRecords(stack, windows ? 'PalisadeWindowsRecords' : 'PalisadeHostRecords', osType));
};
