import { CfnSession } from 'aws-cdk-lib/aws-macie';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { tellOf, watchCalls } from './detection-alerts';
import { profileOf } from './profile';

/** Props of {@link DataDiscovery}. */
export interface DataDiscoveryProps {
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * Macie looks in the buckets of the account for personal data and credentials. A finding raises an alarm: a store holds
 * more than its class says. So does whoever switches it off. Databases are out of its sight.
 *
 * Guarantees MON-11; from the moderate tier on DHC-03. Nothing of it can be relaxed.
 *
 * @example
 * new DataDiscovery(securityStack, 'Discovery');
 */
export class DataDiscovery extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('DataDiscovery', { control: 'DHC-03', from: 'moderate' }, 'MON-11');

  constructor(scope: Construct, id: string, props: DataDiscoveryProps = {}) {
    profileOf(scope);
    super(scope, id);
    new CfnSession(this, 'Resource', { status: 'ENABLED', findingPublishingFrequency: 'FIFTEEN_MINUTES' });
    const alarms = alarmsOf(this, props.alarms);
    tellOf(alarms, 'DataFindings', 'Macie found sensitive data, or a bucket that is open', {
      source: ['aws.macie'],
      detailType: ['Macie Finding'],
    });
    watchCalls(alarms, 'DataDiscoveryOff', 'Macie is switched off', {
      'macie2.amazonaws.com': ['DisableMacie', 'DisassociateFromAdministratorAccount', 'UpdateMacieSession'],
    });
  }
}
