import type { Construct } from 'constructs';
import { AccessLogBucket, AlarmTopic, LogArchive, SecureStack, type SecureStackProps } from '../../constructs/aws';

/** Where the records of the environment end up; depends on nothing that it watches. */
export class LogArchiveStack extends SecureStack {
  readonly archive: LogArchive;
  readonly accessLogs: AccessLogBucket;
  readonly alarms: AlarmTopic;

  constructor(scope: Construct, id: string, props: SecureStackProps) {
    super(scope, id, props);
    this.alarms = new AlarmTopic(this, 'Alarms');
    this.accessLogs = new AccessLogBucket(this, 'AccessLogs');
    this.archive = new LogArchive(this, 'Archive');
  }
}
