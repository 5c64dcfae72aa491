import { RemovalPolicy } from 'aws-cdk-lib';
import { Stream, StreamEncryption, type StreamProps } from 'aws-cdk-lib/aws-kinesis';
import {
  DeliveryStream,
  type DeliveryStreamProps,
  EnableLogging,
  StreamEncryption as InputEncryption,
  S3Bucket,
} from 'aws-cdk-lib/aws-kinesisfirehose';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { claims, type Relaxation, relaxed } from '../contract';
import { SecureLogGroup } from './logging';
import { FAMILY, keyFromModerate } from './messaging-floor';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Props of the CDK's stream that a user may set; whatever else is given is not passed on. */
const STREAM_PROPS = [
  'retentionPeriod',
  'shardCount',
  'shardLevelMetrics',
  'streamMode',
  'streamName',
] as const satisfies readonly (keyof StreamProps)[];

/** Props of {@link SecureStream}; every default is the hardened one. */
export interface SecureStreamProps extends Pick<StreamProps, (typeof STREAM_PROPS)[number]> {
  /**
   * Key that encrypts the records.
   * @default a SecureKey of its own from the moderate tier on; the key of Kinesis at low
   */
  readonly key?: IKey;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const STREAM: Promises = {
  claims: claims('SecureStream', 'ENC-01', { control: 'ENC-11', from: 'moderate' }, 'DHC-01', 'DHC-10'),
  families: [FAMILY],
  relaxable: { 'DHC-10': 'the stream is deleted with its stack' },
  firm: { 'ENC-11': 'pass another key' },
};

/**
 * An encrypted stream that stays when its stack goes.
 *
 * Guarantees ENC-01, DHC-01 and DHC-10; from the moderate tier on ENC-11. It is a `kinesis.Stream`: grants, metrics and
 * event sources work with it. Kinesis itself answers over TLS only.
 *
 * @throws Error when a relaxation is incomplete or has expired
 * @example
 * const events = new SecureStream(stack, 'CaseEvents');
 * events.grantWrite(caseService);
 */
export class SecureStream extends Stream {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = STREAM.claims;

  constructor(scope: Construct, id: string, props: SecureStreamProps = {}) {
    const { tier } = profileOf(scope);
    checkRelaxations(scope, id, props.relax, STREAM);
    const encryptionKey = keyFromModerate(scope, id, tier, props);
    const user: StreamProps = Object.fromEntries(STREAM_PROPS.map((name) => [name, props[name]]));

    super(scope, id, {
      ...user,
      ...(encryptionKey ? { encryption: StreamEncryption.KMS, encryptionKey } : { encryption: StreamEncryption.MANAGED }),
      removalPolicy: relaxed(props.relax, 'DHC-10') ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    recordWaiver(props.relax, 'DHC-10', FAMILY, this);
  }
}

/** Props of {@link SecureDeliveryStream}; every default is the hardened one. */
export interface SecureDeliveryStreamProps extends Pick<DeliveryStreamProps, 'deliveryStreamName' | 'role' | 'source'> {
  /** Bucket that records are delivered to, such as a SecureBucket. @default the destination names where they go */
  readonly bucket?: IBucket;
  /** Destination of another kind, or a bucket with settings of its own. @default the bucket */
  readonly destination?: DeliveryStreamProps['destination'];
  /**
   * Key that encrypts records until they are delivered. Records of a source are encrypted where they come from.
   * @default a SecureKey of its own from the moderate tier on; Firehose's own encryption at low
   */
  readonly key?: IKey;
}

const DELIVERY = claims('SecureDeliveryStream', 'ENC-01', { control: 'ENC-11', from: 'moderate' }, 'DHC-01');

/**
 * A delivery stream that encrypts what it holds, and records what it could not deliver.
 *
 * Guarantees ENC-01 and DHC-01; from the moderate tier on ENC-11. With a `source` the encryption is the source's. It is a
 * `firehose.DeliveryStream`.
 *
 * @throws Error unless exactly one of bucket and destination is given
 * @example
 * const bucket = new SecureBucket(stack, 'Events', { retention: { atMostDays: 365 } });
 * const delivery = new SecureDeliveryStream(stack, 'Delivery', { bucket });
 * delivery.grantPutRecords(caseService);
 */
export class SecureDeliveryStream extends DeliveryStream {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = DELIVERY;

  constructor(scope: Construct, id: string, props: SecureDeliveryStreamProps) {
    const { tier } = profileOf(scope);
    const { bucket, destination, source } = props;
    if ((bucket === undefined) === (destination === undefined))
      throw new Error(`${scope.node.path}/${id}: write either bucket or destination`);
    const key = source ? undefined : keyFromModerate(scope, id, tier, props);
    const encryption = key ? InputEncryption.customerManagedKey(key) : InputEncryption.awsOwnedKey();

    super(scope, id, {
      ...(props.deliveryStreamName ? { deliveryStreamName: props.deliveryStreamName } : {}),
      ...(props.role ? { role: props.role } : {}),
      ...(source ? { source } : { encryption }),
      destination:
        destination ?? new S3Bucket(bucket as IBucket, { loggingConfig: new EnableLogging(new SecureLogGroup(scope, `${id}Logs`)) }),
    });
  }
}
