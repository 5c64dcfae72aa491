/** Brokers and clusters: who gets in, over what, and what they record. */
import { allOf, anyOf, every, not, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, rule } from '../../rule';
import type { Value } from '../../value';

const KAFKA = 'AWS::MSK::Cluster';
const SERVERLESS = 'AWS::MSK::ServerlessCluster';
const CONNECTOR = 'AWS::KafkaConnect::Connector';
const REPLICATOR = 'AWS::MSK::Replicator';
const BROKER = 'AWS::AmazonMQ::Broker';

const encryptsTraffic = (cluster: Resource): Outcome =>
  allOf(
    cluster.at('EncryptionInfo.EncryptionInTransit.ClientBroker').orDefault('TLS').is('TLS'),
    cluster.at('EncryptionInfo.EncryptionInTransit.InCluster').orDefault(true).isTrue(),
  );

/** Ways in which clients of a cluster prove who they are. */
const PROOFS = ['Sasl.Iam.Enabled', 'Sasl.Scram.Enabled', 'Tls.Enabled'] as const;

const asksWho = (cluster: Resource): Outcome =>
  allOf(
    not(
      cluster.at('ClientAuthentication.Unauthenticated.Enabled').isTrue(),
      'ClientAuthentication.Unauthenticated.Enabled lets in clients that prove nothing',
    ),
    some(
      PROOFS,
      (proof) =>
        proof === 'Tls.Enabled'
          ? anyOf([
              cluster.at(`ClientAuthentication.${proof}`).isTrue(),
              cluster.at('ClientAuthentication.Tls.CertificateAuthorityArnList').isSet(),
            ])
          : cluster.at(`ClientAuthentication.${proof}`).isTrue(),
      'ClientAuthentication names no way in which clients prove who they are',
    ),
  );

/** Records go to at least one place. */
const recordsTo = (logs: Value): Outcome =>
  some(
    ['CloudWatchLogs', 'S3', 'Firehose'],
    (place) => logs.at(`${place}.Enabled`).isTrue(),
    `${logs.path} goes to no log group, bucket or delivery stream`,
  );

/** RabbitMQ has no audit log of its own: its general log holds who connects. */
const brokerRecords = (broker: Resource): Outcome =>
  allOf(
    broker.at('Logs.General').isTrue(),
    broker.at('EngineType').matches(/^rabbitmq$/i).verdict === 'pass' ? pass() : broker.at('Logs.Audit').isTrue(),
  );

/** The oldest minor version of each engine that Amazon MQ still supports: RabbitMQ 3.12 ended in March 2025, ActiveMQ 5.17 in June 2025. */
const OLDEST: Readonly<Record<string, number>> = { ACTIVEMQ: 5.18, RABBITMQ: 3.13 };

function runsSupportedVersion(broker: Resource): Outcome {
  const version = broker.at('EngineVersion');
  if (version.state === 'absent') return notApplicable('takes the version that the service offers first');
  const oldest = OLDEST[broker.at('EngineType').string?.toUpperCase() ?? ''];
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version.string ?? '') ?? [];
  if (oldest === undefined || major === undefined || minor === undefined) return version.asUnknown();
  const [oldestMajor = 0, oldestMinor = 0] = String(oldest).split('.').map(Number);
  const supported = Number(major) > oldestMajor || (Number(major) === oldestMajor && Number(minor) >= oldestMinor);
  return supported ? pass() : version.asFailure();
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const one =
  (Type: string) =>
  (Properties: object): Example['resources'] => ({ One: { Type, Properties } });
const kafka = one(KAFKA);
const broker = one(BROKER);
const connector = one(CONNECTOR);
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };
const inTransit = (EncryptionInTransit: object) => kafka({ EncryptionInfo: { EncryptionInTransit } });
const clients = (ClientAuthentication: object) => kafka({ ClientAuthentication });
const access = (Type: unknown) => kafka({ BrokerNodeGroupInfo: { ConnectivityInfo: { PublicAccess: { Type } } } });
const logging = (place: string, Enabled: unknown) => kafka({ LoggingInfo: { BrokerLogs: { [place]: { Enabled } } } });
const replicated = (EncryptionType: unknown) =>
  one(REPLICATOR)({ KafkaClusters: [{ EncryptionInTransit: { EncryptionType } }, { AmazonMskCluster: { MskClusterArn: 'arn' } }] });

export const clusterTraffic = [
  rule({
    on: KAFKA,
    check: encryptsTraffic,
    fix: 'Use SecureKafka, or set EncryptionInTransit to ClientBroker TLS and InCluster true.',
    pass: [{ resources: inTransit({ ClientBroker: 'TLS', InCluster: true }) }, { resources: kafka({}) }],
    fail: [
      { resources: inTransit({ ClientBroker: 'TLS_PLAINTEXT' }) },
      { resources: inTransit({ ClientBroker: 'PLAINTEXT' }) },
      { resources: inTransit({ InCluster: false }) },
    ],
    unknown: [{ parameters: parameter, resources: inTransit({ ClientBroker: VALUE }) }],
  }),
  rule({
    on: CONNECTOR,
    check: (resource) => resource.at('KafkaClusterEncryptionInTransit.EncryptionType').is('TLS'),
    fix: 'Set KafkaClusterEncryptionInTransit.EncryptionType: TLS.',
    pass: [{ resources: connector({ KafkaClusterEncryptionInTransit: { EncryptionType: 'TLS' } }) }],
    fail: [{ resources: connector({ KafkaClusterEncryptionInTransit: { EncryptionType: 'PLAINTEXT' } }) }],
    unknown: [{ parameters: parameter, resources: connector({ KafkaClusterEncryptionInTransit: { EncryptionType: VALUE } }) }],
  }),
  rule({
    on: REPLICATOR,
    check: (resource) =>
      every(
        resource
          .at('KafkaClusters')
          .items()
          .map((cluster) => cluster.at('EncryptionInTransit'))
          .filter(({ state }) => state !== 'absent'),
        (transit) => transit.at('EncryptionType').is('TLS'),
      ),
    fix: 'Set EncryptionInTransit.EncryptionType: TLS for every cluster that is replicated.',
    pass: [{ resources: replicated('TLS') }],
    fail: [{ resources: replicated('PLAINTEXT') }],
    unknown: [{ parameters: parameter, resources: replicated(VALUE) }],
  }),
];

export const clientsProveThemselves = [
  rule({
    on: KAFKA,
    check: asksWho,
    fix: 'Use SecureKafka, or set ClientAuthentication.Sasl.Iam.Enabled: true and leave Unauthenticated out.',
    pass: [
      { resources: clients({ Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: false } }) },
      { resources: clients({ Sasl: { Scram: { Enabled: true } } }) },
      { resources: clients({ Tls: { Enabled: true } }) },
      { resources: clients({ Tls: { CertificateAuthorityArnList: ['arn:aws:acm-pca:eu-west-1:111122223333:certificate-authority/ca'] } }) },
    ],
    fail: [
      { resources: kafka({}) },
      { resources: clients({ Sasl: { Iam: { Enabled: true } }, Unauthenticated: { Enabled: true } }) },
      { resources: clients({ Sasl: { Iam: { Enabled: false } } }) },
    ],
    unknown: [{ parameters: parameter, resources: clients({ Sasl: { Iam: { Enabled: VALUE } } }) }],
  }),
  rule({
    on: SERVERLESS,
    check: (resource) => resource.at('ClientAuthentication.Sasl.Iam.Enabled').isTrue(),
    fix: 'Set ClientAuthentication.Sasl.Iam.Enabled: true.',
    pass: [{ resources: one(SERVERLESS)({ ClientAuthentication: { Sasl: { Iam: { Enabled: true } } } }) }],
    fail: [{ resources: one(SERVERLESS)({ ClientAuthentication: { Sasl: { Iam: { Enabled: false } } } }) }],
    unknown: [{ parameters: parameter, resources: one(SERVERLESS)({ ClientAuthentication: { Sasl: { Iam: { Enabled: VALUE } } } }) }],
  }),
  rule({
    on: CONNECTOR,
    severity: 'medium',
    check: (resource) => resource.at('KafkaClusterClientAuthentication.AuthenticationType').is('IAM'),
    fix: 'Set KafkaClusterClientAuthentication.AuthenticationType: IAM.',
    pass: [{ resources: connector({ KafkaClusterClientAuthentication: { AuthenticationType: 'IAM' } }) }],
    fail: [{ resources: connector({ KafkaClusterClientAuthentication: { AuthenticationType: 'NONE' } }) }],
    unknown: [{ parameters: parameter, resources: connector({ KafkaClusterClientAuthentication: { AuthenticationType: VALUE } }) }],
  }),
];

export const brokersArePrivate = [
  rule({
    on: BROKER,
    severity: 'high',
    check: (resource) => resource.at('PubliclyAccessible').orDefault(false).isFalse(),
    fix: 'Use SecureBroker, or set PubliclyAccessible: false.',
    pass: [{ resources: broker({ PubliclyAccessible: false }) }, { resources: broker({}) }],
    fail: [{ resources: broker({ PubliclyAccessible: true }) }, { resources: broker({ PubliclyAccessible: 'true' }) }],
    unknown: [{ parameters: parameter, resources: broker({ PubliclyAccessible: VALUE }) }],
  }),
  rule({
    on: KAFKA,
    severity: 'high',
    check: (resource) => resource.at('BrokerNodeGroupInfo.ConnectivityInfo.PublicAccess.Type').orDefault('DISABLED').is('DISABLED'),
    fix: 'Use SecureKafka, or set ConnectivityInfo.PublicAccess.Type: DISABLED.',
    pass: [{ resources: access('DISABLED') }, { resources: kafka({}) }],
    fail: [{ resources: access('SERVICE_PROVIDED_EIPS') }],
    unknown: [{ parameters: parameter, resources: access(VALUE) }],
  }),
];

export const brokersRecord = [
  rule({
    on: KAFKA,
    check: (resource) => recordsTo(resource.at('LoggingInfo.BrokerLogs')),
    fix: 'Use SecureKafka, or switch on LoggingInfo.BrokerLogs.CloudWatchLogs, S3 or Firehose.',
    pass: ['CloudWatchLogs', 'S3', 'Firehose'].map((place) => ({ name: place, resources: logging(place, true) })),
    fail: [{ resources: kafka({}) }, { resources: logging('CloudWatchLogs', false) }],
    unknown: [{ parameters: parameter, resources: logging('S3', VALUE) }],
  }),
  rule({
    on: CONNECTOR,
    severity: 'low',
    check: (resource) => recordsTo(resource.at('LogDelivery.WorkerLogDelivery')),
    fix: 'Switch on LogDelivery.WorkerLogDelivery.CloudWatchLogs, S3 or Firehose.',
    pass: [{ resources: connector({ LogDelivery: { WorkerLogDelivery: { S3: { Enabled: true } } } }) }],
    fail: [{ resources: connector({}) }],
    unknown: [{ parameters: parameter, resources: connector({ LogDelivery: { WorkerLogDelivery: { S3: { Enabled: VALUE } } } }) }],
  }),
  rule({
    on: BROKER,
    check: brokerRecords,
    fix: 'Use SecureBroker, or set Logs.General: true, and Logs.Audit: true for ActiveMQ.',
    pass: [
      { resources: broker({ EngineType: 'ACTIVEMQ', Logs: { General: true, Audit: true } }) },
      { resources: broker({ EngineType: 'RabbitMQ', Logs: { General: true } }) },
    ],
    fail: [
      { resources: broker({ EngineType: 'ACTIVEMQ' }) },
      { resources: broker({ EngineType: 'ACTIVEMQ', Logs: { General: true } }) },
      { resources: broker({ EngineType: 'ACTIVEMQ', Logs: { General: false, Audit: true } }) },
      { resources: broker({ EngineType: 'RABBITMQ', Logs: { General: false } }) },
    ],
    unknown: [{ parameters: parameter, resources: broker({ EngineType: 'RABBITMQ', Logs: { General: VALUE } }) }],
  }),
];

export const brokersAreSupported = rule({
  on: BROKER,
  severity: 'medium',
  check: runsSupportedVersion,
  fix: `Set EngineVersion to ${OLDEST.ACTIVEMQ} (ActiveMQ) or ${OLDEST.RABBITMQ} (RabbitMQ), or later.`,
  pass: [
    { resources: broker({ EngineType: 'ACTIVEMQ', EngineVersion: '5.18' }) },
    { resources: broker({ EngineType: 'RABBITMQ', EngineVersion: '4.2' }) },
  ],
  fail: [
    { resources: broker({ EngineType: 'ActiveMQ', EngineVersion: '5.15.0' }) },
    { resources: broker({ EngineType: 'RABBITMQ', EngineVersion: '3.11.28' }) },
  ],
  unknown: [{ parameters: parameter, resources: broker({ EngineType: 'ACTIVEMQ', EngineVersion: VALUE }) }],
  skip: [{ resources: broker({ EngineType: 'ACTIVEMQ' }) }],
});

export const brokersArePatched = rule({
  on: BROKER,
  severity: 'low',
  check: (resource) => resource.at('AutoMinorVersionUpgrade').isTrue(),
  fix: 'Use SecureBroker, or set AutoMinorVersionUpgrade: true.',
  pass: [{ resources: broker({ AutoMinorVersionUpgrade: true }) }],
  fail: [{ resources: broker({ AutoMinorVersionUpgrade: false }) }, { resources: broker({}) }],
  unknown: [{ parameters: parameter, resources: broker({ AutoMinorVersionUpgrade: VALUE }) }],
});

export const brokersSurviveAZone = rule({
  on: BROKER,
  from: 'high',
  check: (resource) => resource.at('DeploymentMode').isOneOf(['ACTIVE_STANDBY_MULTI_AZ', 'CLUSTER_MULTI_AZ']),
  fix: 'Use SecureBroker, or set DeploymentMode: ACTIVE_STANDBY_MULTI_AZ (ActiveMQ) or CLUSTER_MULTI_AZ (RabbitMQ).',
  pass: [{ resources: broker({ DeploymentMode: 'CLUSTER_MULTI_AZ' }) }],
  fail: [{ resources: broker({ DeploymentMode: 'SINGLE_INSTANCE' }) }],
  unknown: [{ parameters: parameter, resources: broker({ DeploymentMode: VALUE }) }],
});
