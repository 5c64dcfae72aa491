import type { Construct } from 'constructs';
import { AccessLogBucket, InvestigationRole, LogArchive, LogStage, SecureTrail, SecurityAlarms } from '../../constructs/aws';
import { AccountStack, type LandingZoneStackProps } from './landing-zone-account';

/**
 * The log-archive account: the records of every account, write-once, and the trail that makes them. It is CloudTrail's
 * delegated administrator, so that trail and archive stand together and no key has to be known elsewhere.
 */
export class LogArchiveAccountStack extends AccountStack {
  readonly archive: LogArchive;
  readonly trail: SecureTrail;

  constructor(scope: Construct, id: string, props: LandingZoneStackProps) {
    super(scope, id, props);
    const { accounts } = this.settings;
    // Trails of the organisation belong to the management account, wherever they are made.
    const everyAccount = [accounts.management, accounts.logArchive, accounts.security, accounts.network, ...accounts.workloads];
    new AccessLogBucket(this, 'AccessLogs');
    this.archive = new LogArchive(this, 'Archive', {
      bucketName: this.names.archiveBucket,
      accounts: everyAccount,
      readersElsewhere: [`arn:${this.partition}:iam::${accounts.security}:role/${InvestigationRole.NAME}`],
    });
    this.archive.key.addAlias(this.names.archiveAlias);
    this.trail = new SecureTrail(this, 'Trail', {
      logs: this.archive,
      organisationTrail: true,
      managementAccount: accounts.management,
    });
    new SecurityAlarms(this, 'SecurityAlarms', { records: this.trail.logGroup });
    const stage = new LogStage(this, 'Stage', {
      archive: this.archive,
      service: 'config.amazonaws.com',
      accounts: everyAccount,
      bucketName: this.names.stageBucket,
    });
    this.addBaseline({ stage: stage.bucket });
  }
}
