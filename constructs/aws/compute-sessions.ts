import type { Duration } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { SecureKey } from './keys';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';

/** The document in which Session Manager looks for the preferences of an account and region. */
const PREFERENCES = 'SSM-SessionManagerRunShell';

/** Minutes (IDA-14). */
const MOST_IDLE = 15;
const MOST = 60;

/** Props of {@link SessionManager}; every default is the hardened one. */
export interface SessionManagerProps {
  /**
   * Ends a session in which nothing is typed; 1 to 15 minutes.
   * @default Duration.minutes(15)
   */
  readonly idleTimeout?: Duration;
  /**
   * Ends a session whatever happens in it; 1 to 60 minutes.
   * @default Duration.minutes(60)
   */
  readonly maxDuration?: Duration;
  /**
   * User of Linux and macOS hosts as whom sessions run; it has to exist on them.
   * @default ssm-user, which may become root, and which the agent makes
   */
  readonly runAs?: string;
}

/**
 * How people sign in to hosts, for the account and region: with Session Manager only, encrypted with a key of its own,
 * every key stroke recorded as it is typed, and not for long.
 *
 * Guarantees DID-12 and IDA-14; from the moderate tier on ENC-11. An account holds its preferences once: import the document
 * `SSM-SessionManagerRunShell` into the stack where the console has made it before.
 *
 * @throws Error when a session may last, or idle, longer than IDA-14 allows
 * @example
 * const sessions = new SessionManager(stack, 'Sessions', { runAs: 'support' });
 * sessions.grantStart(caseService);
 */
export class SessionManager extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SessionManager', 'DID-12', 'IDA-14', { control: 'ENC-11', from: 'moderate' });

  /** Encrypts what is typed, on the way and in the records. */
  readonly key: SecureKey;
  /** Takes what is typed and answered, one stream for each session. */
  readonly logGroup: SecureLogGroup;

  constructor(scope: Construct, id: string, props: SessionManagerProps = {}) {
    profileOf(scope);
    super(scope, id);
    const idle = minutes(this, 'idleTimeout', props.idleTimeout, MOST_IDLE);
    const longest = minutes(this, 'maxDuration', props.maxDuration, MOST);
    this.key = new SecureKey(this, 'Key', { description: `Encrypts sessions on hosts of ${scope.node.path}` });
    this.logGroup = new SecureLogGroup(this, 'Records', { logClass: 'security', key: this.key });
    new CfnDocument(this, 'Preferences', {
      name: PREFERENCES,
      documentType: 'Session',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '1.0',
        description: 'Preferences of sessions on hosts',
        sessionType: 'Standard_Stream',
        inputs: {
          s3BucketName: '',
          s3KeyPrefix: '',
          s3EncryptionEnabled: true,
          cloudWatchLogGroupName: this.logGroup.logGroupName,
          cloudWatchEncryptionEnabled: true,
          cloudWatchStreamingEnabled: true,
          kmsKeyId: this.key.keyArn,
          idleSessionTimeout: String(idle),
          maxSessionDuration: String(longest),
          runAsEnabled: props.runAs !== undefined,
          runAsDefaultUser: props.runAs ?? '',
          shellProfile: { linux: '', windows: '' },
        },
      },
    });
  }

  /** Lets hosts with this role hold sessions: decrypt what is typed, and record it. */
  grantHost(host: IGrantable): void {
    this.key.grantDecrypt(host);
    this.logGroup.grantWrite(host);
    const groups = this.logGroup.stack.formatArn({ service: 'logs', resource: 'log-group:*' });
    for (const [actions, resource] of [
      [['logs:DescribeLogStreams'], this.logGroup.logGroupArn],
      [['logs:DescribeLogGroups'], groups],
    ] as const)
      host.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
  }

  /** Lets people with this role encrypt what they type; the right to start a session on a host is a separate one. */
  grantStart(people: IGrantable): void {
    this.key.grant(people, 'kms:GenerateDataKey');
  }
}

function minutes(scope: Construct, name: string, given: Duration | undefined, most: number): number {
  const length = given?.toMinutes({ integral: false }) ?? most;
  if (!Number.isInteger(length) || length < 1 || length > most)
    throw new Error(`${scope.node.path}: ${name} is ${length} minutes; write 1 to ${most} whole minutes (IDA-14)`);
  return length;
}
