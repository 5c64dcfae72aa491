import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnEventDataStore } from 'aws-cdk-lib/aws-cloudtrail';
import { Construct } from 'constructs';
import { claims, logProfileOf, RETENTION_DAYS } from '../contract';
import { SecureKey } from './keys';
import { dataSelectors, MANAGEMENT } from './logging-selectors';
import { profileOf } from './profile';

/** What a request said of itself that records of CloudTrail do not hold by themselves (LOG-07). */
const CONTEXT_KEYS = ['aws:SourceIdentity', 'aws:SourceVpce'] as const;

/** Props of {@link EventStore}; every default is the hardened one. */
export interface EventStoreProps {
  /** Record every account of the organisation. @default false */
  readonly organisation?: boolean;
  /**
   * Days for which events can be asked for; no less than the tier asks of security records, at most 3,653.
   * @default 365 at low and moderate, 731 at high
   */
  readonly retention?: number;
  /** Further types of data events, as CloudTrail names them. @default none besides those of SecureTrail */
  readonly dataResources?: readonly string[];
}

/**
 * An event data store of CloudTrail Lake, in which investigators ask in SQL who did what: every call in every region,
 * and from the moderate tier on every read and alteration of data. Nobody can delete it while its protection is on.
 *
 * AWS opens CloudTrail Lake to no new customers since 31 May 2026; accounts that use it go on. Others search the
 * records of a {@link SecureTrail} in its log group, or in the archive with Athena.
 *
 * Guarantees LOG-10; from the moderate tier on LOG-11. Nothing of it can be relaxed.
 *
 * @throws Error when the retention is shorter than the tier asks, or longer than the service offers
 * @example
 * new EventStore(securityStack, 'Events', { organisation: true, retention: 2557 });
 */
export class EventStore extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('EventStore', 'LOG-10', { control: 'LOG-11', from: 'moderate' });

  /** ARN of the store. */
  readonly eventDataStoreArn: string;
  /** Encrypts the events. */
  readonly key: SecureKey;

  constructor(scope: Construct, id: string, props: EventStoreProps = {}) {
    const { tier } = profileOf(scope);
    super(scope, id);
    const least = RETENTION_DAYS[tier].security;
    const { organisation = false, retention = least, dataResources = [] } = props;
    if (!Number.isInteger(retention) || retention < least || retention > LONGEST)
      throw new Error(
        `${this.node.path}: retention is ${retention} days; security records of tier ${tier} are kept for ${least} to ${LONGEST} (LOG-10)`,
      );
    this.key = new SecureKey(this, 'Key', { description: `Encrypts ${this.node.path}` });
    const stores = Stack.of(this).formatArn({ service: 'cloudtrail', resource: 'eventdatastore', resourceName: '*' });
    this.key.grantToService('cloudtrail.amazonaws.com', { sourceArn: [stores] });
    const store = new CfnEventDataStore(this, 'Resource', {
      advancedEventSelectors: logProfileOf(tier).reads ? [MANAGEMENT, ...dataSelectors(dataResources)] : [MANAGEMENT],
      billingMode: 'EXTENDABLE_RETENTION_PRICING',
      contextKeySelectors: [{ type: 'RequestContext', equalTo: [...CONTEXT_KEYS] }],
      ingestionEnabled: true,
      kmsKeyId: this.key.keyArn,
      // What the selectors of context keys ask for.
      maxEventSize: 'Large',
      multiRegionEnabled: true,
      organizationEnabled: organisation,
      retentionPeriod: retention,
      terminationProtectionEnabled: true,
    });
    store.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.eventDataStoreArn = store.attrEventDataStoreArn;
  }
}

/** Days that the service offers at most with extendable retention. */
const LONGEST = 3653;
