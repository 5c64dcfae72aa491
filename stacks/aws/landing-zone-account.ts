import type { IVpc } from 'aws-cdk-lib/aws-ec2';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import {
  AccountPublicAccessBlock,
  AlarmTopic,
  ConfigurationRecorder,
  IncidentRunbooks,
  InvestigationRole,
  PasswordPolicy,
  SecureStack,
  type SecureStackProps,
} from '../../constructs/aws';
import { type Environment, type LandingZoneSettings, namesOf } from './landing-zone-settings';

export interface LandingZoneStackProps extends SecureStackProps {
  readonly environment: Environment;
  readonly settings: LandingZoneSettings;
}

/** A stack of one account of the landing zone, whose alarms arrive on one topic. */
export abstract class AccountStack extends SecureStack {
  /** Hears every alarm of the account. */
  readonly alarms: AlarmTopic;
  protected readonly settings: LandingZoneSettings;
  protected readonly names: ReturnType<typeof namesOf>;

  constructor(scope: Construct, id: string, { environment, settings, ...stack }: LandingZoneStackProps) {
    super(scope, id, stack);
    this.settings = settings;
    this.names = namesOf(environment, settings);
    this.alarms = new AlarmTopic(this, 'Alarms');
    if (settings.securityMailbox) this.alarms.addSubscription(new EmailSubscription(settings.securityMailbox));
  }

  /** What every account has: a recorder, a way in for investigators, runbooks, and the settings of the account. */
  protected addBaseline({ stage, vpc }: { readonly stage: IBucket; readonly vpc?: IVpc }): InvestigationRole {
    new ConfigurationRecorder(this, 'Recorder', { stage });
    new IncidentRunbooks(this, 'Runbooks', vpc ? { vpc } : {});
    new PasswordPolicy(this, 'Passwords');
    new AccountPublicAccessBlock(this, 'NoPublicBuckets');
    return new InvestigationRole(this, 'Investigators', { securityAccount: this.settings.accounts.security });
  }

  /** The stage before the archive, which stands in the log-archive account. */
  protected importedStage(): IBucket {
    return Bucket.fromBucketName(this, 'Stage', this.names.stageBucket);
  }
}
