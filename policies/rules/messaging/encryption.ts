/** Encryption of what is on its way: queues, topics, streams, brokers, flows, and what queries leave behind. */
import { isOwnKey } from '../../facts/keys';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, rule } from '../../rule';

const QUEUE = 'AWS::SQS::Queue';
const TOPIC = 'AWS::SNS::Topic';
const STREAM = 'AWS::Kinesis::Stream';
const DELIVERY = 'AWS::KinesisFirehose::DeliveryStream';
const WORKGROUP = 'AWS::Athena::WorkGroup';
const SECURITY = 'AWS::Glue::SecurityConfiguration';
const CATALOG = 'AWS::Glue::DataCatalogEncryptionSettings';

// ── At all ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** Queues are encrypted by SQS unless they say otherwise. */
const queueEncrypted = (queue: Resource): Outcome =>
  anyOf(
    [queue.at('KmsMasterKeyId').isSet(), not(queue.at('SqsManagedSseEnabled').isFalse(), 'SqsManagedSseEnabled is false')],
    'SqsManagedSseEnabled is false, and KmsMasterKeyId is not set',
  );

/** Only producers that put records into the delivery stream itself need it: other sources are encrypted where they are. */
function deliveryEncrypted(delivery: Resource): Outcome {
  return when(delivery.at('DeliveryStreamType').orDefault('DirectPut').is('DirectPut'), () =>
    delivery.at('DeliveryStreamEncryptionConfigurationInput.KeyType').isOneOf(['AWS_OWNED_CMK', 'CUSTOMER_MANAGED_CMK']),
  );
}

const runsSpark = (workgroup: Resource): boolean =>
  workgroup.at('WorkGroupConfiguration.EngineVersion.SelectedEngineVersion').matches(/spark/i).verdict === 'pass';

/** Results that Athena keeps by itself are always encrypted. */
const resultsEncrypted = (workgroup: Resource): Outcome =>
  anyOf(
    [
      workgroup.at('WorkGroupConfiguration.ManagedQueryResultsConfiguration.Enabled').isTrue(),
      workgroup
        .at('WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration.EncryptionOption')
        .isOneOf(['SSE_KMS', 'CSE_KMS', 'SSE_S3']),
    ],
    'ResultConfiguration.EncryptionConfiguration is not set: results of queries are written as each client likes',
  );

const MODES = [
  ['CloudWatchEncryption.CloudWatchEncryptionMode', ['SSE-KMS']],
  ['JobBookmarksEncryption.JobBookmarksEncryptionMode', ['CSE-KMS']],
] as const;

function configurationEncrypts(configuration: Resource): Outcome {
  const stores = configuration.at('EncryptionConfiguration.S3Encryptions').items();
  return allOf(
    stores.length === 0 ? fail('EncryptionConfiguration.S3Encryptions is not set') : pass(),
    every(stores, (store) => store.at('S3EncryptionMode').isOneOf(['SSE-KMS', 'SSE-S3'])),
    ...MODES.map(([path, modes]) => configuration.at(`EncryptionConfiguration.${path}`).isOneOf(modes)),
  );
}

const catalogEncrypts = (settings: Resource): Outcome =>
  allOf(
    settings.at('DataCatalogEncryptionSettings.EncryptionAtRest.CatalogEncryptionMode').isOneOf(['SSE-KMS', 'SSE-KMS-WITH-SERVICE-ROLE']),
    settings.at('DataCatalogEncryptionSettings.ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted').isTrue(),
  );

/** Where each worker of Glue names the configuration that encrypts what it writes. */
const WORKERS: Readonly<Record<string, string>> = {
  'AWS::Glue::Job': 'SecurityConfiguration',
  'AWS::Glue::Crawler': 'CrawlerSecurityConfiguration',
  'AWS::Glue::DevEndpoint': 'SecurityConfiguration',
  'AWS::Glue::MLTransform': 'TransformEncryption.TaskRunSecurityConfigurationName',
};

// ── With a key of one's own ──────────────────────────────────────────────────────────────────────────────────────

/** Where each type that carries data of the workload names its key. */
const KEYS: Readonly<Record<string, string>> = {
  [QUEUE]: 'KmsMasterKeyId',
  [TOPIC]: 'KmsMasterKeyId',
  [STREAM]: 'StreamEncryption.KeyId',
  [DELIVERY]: 'DeliveryStreamEncryptionConfigurationInput.KeyARN',
  'AWS::KinesisVideo::Stream': 'KmsKeyId',
  'AWS::MSK::Cluster': 'EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId',
  'AWS::AmazonMQ::Broker': 'EncryptionOptions.KmsKeyId',
  'AWS::AppFlow::Flow': 'KMSArn',
  'AWS::AppFlow::ConnectorProfile': 'KMSArn',
  'AWS::SES::MailManagerArchive': 'KmsKeyArn',
};

/** What holds definitions, and data only while it passes: encrypted by the service in any case. */
const PASSING_KEYS: Readonly<Record<string, string>> = {
  'AWS::StepFunctions::StateMachine': 'EncryptionConfiguration.KmsKeyId',
  'AWS::StepFunctions::Activity': 'EncryptionConfiguration.KmsKeyId',
  'AWS::Events::EventBus': 'KmsKeyIdentifier',
  'AWS::Events::Archive': 'KmsKeyIdentifier',
  'AWS::Events::Connection': 'KmsKeyIdentifier',
  'AWS::Pipes::Pipe': 'KmsKeyIdentifier',
  'AWS::Scheduler::Schedule': 'KmsKeyArn',
  'AWS::KinesisAnalyticsV2::Application': 'ApplicationConfiguration.ApplicationEncryptionConfiguration.KeyId',
};

/** What is not encrypted at all is the finding of ENC-01. */
const BARE: Readonly<Record<string, (resource: Resource) => Outcome>> = {
  [TOPIC]: (topic) => topic.at('KmsMasterKeyId').isSet(),
  [STREAM]: (stream) => stream.at('StreamEncryption').isSet(),
  [DELIVERY]: deliveryEncrypted,
};

const hasOwnKey =
  (paths: Readonly<Record<string, string>>) =>
  (resource: Resource): Outcome =>
    when(BARE[resource.type]?.(resource) ?? pass(), () => isOwnKey(resource.at(paths[resource.type] ?? '')));

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const one =
  (Type: string) =>
  (Properties: object): Example['resources'] => ({ One: { Type, Properties } });
const queue = one(QUEUE);
const topic = one(TOPIC);
const stream = one(STREAM);
const delivery = one(DELIVERY);
const workgroup = (WorkGroupConfiguration: object) => one(WORKGROUP)({ WorkGroupConfiguration });
const configuration = (EncryptionConfiguration: object) => one(SECURITY)({ EncryptionConfiguration });
const catalog = (DataCatalogEncryptionSettings: object) => one(CATALOG)({ DataCatalogEncryptionSettings });
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/k';
const results = (EncryptionOption: unknown) => ({ ResultConfiguration: { EncryptionConfiguration: { EncryptionOption } } });
const ENCRYPTED = {
  S3Encryptions: [{ S3EncryptionMode: 'SSE-KMS' }],
  CloudWatchEncryption: { CloudWatchEncryptionMode: 'SSE-KMS' },
  JobBookmarksEncryption: { JobBookmarksEncryptionMode: 'CSE-KMS' },
};

/** A property at the end of a path: `nested('A.B', 1)` is `{ A: { B: 1 } }`. */
const nested = (path: string, value: unknown): object =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object;

const withType = (key: unknown) => ({ DeliveryStreamEncryptionConfigurationInput: { KeyType: 'CUSTOMER_MANAGED_CMK', KeyARN: key } });

/** For each type its key in place. */
const keyed = (paths: Readonly<Record<string, string>>): readonly Example[] =>
  Object.entries(paths).map(([type, path]) => ({
    name: type,
    resources: one(type)(type === DELIVERY ? withType(KEY) : nested(path, KEY)),
  }));

export const encrypted = [
  rule({
    on: QUEUE,
    check: queueEncrypted,
    fix: 'Use SecureQueue, or set KmsMasterKeyId, or remove SqsManagedSseEnabled: false.',
    pass: [
      { resources: queue({}) },
      { resources: queue({ SqsManagedSseEnabled: true }) },
      { resources: queue({ SqsManagedSseEnabled: false, KmsMasterKeyId: KEY }) },
    ],
    fail: [{ resources: queue({ SqsManagedSseEnabled: false }) }, { resources: queue({ SqsManagedSseEnabled: 'false' }) }],
    unknown: [{ parameters: parameter, resources: queue({ SqsManagedSseEnabled: VALUE }) }],
  }),
  rule({
    on: TOPIC,
    severity: 'medium',
    check: (resource) => resource.at('KmsMasterKeyId').isSet(),
    fix: 'Use SecureTopic, or set KmsMasterKeyId.',
    pass: [
      { resources: topic({ KmsMasterKeyId: KEY }) },
      { name: 'at least by the provider', resources: topic({ KmsMasterKeyId: 'alias/aws/sns' }) },
    ],
    fail: [{ resources: topic({}) }, { resources: topic({ KmsMasterKeyId: '' }) }],
  }),
  rule({
    on: STREAM,
    check: (resource) => resource.at('StreamEncryption.EncryptionType').is('KMS'),
    fix: 'Use SecureStream, or set StreamEncryption to EncryptionType KMS with KeyId.',
    pass: [{ resources: stream({ StreamEncryption: { EncryptionType: 'KMS' } }) }],
    fail: [{ resources: stream({}) }, { resources: stream({ StreamEncryption: { EncryptionType: 'NONE' } }) }],
    unknown: [{ parameters: parameter, resources: stream({ StreamEncryption: { EncryptionType: VALUE } }) }],
  }),
  rule({
    on: DELIVERY,
    check: deliveryEncrypted,
    fix: 'Use SecureDeliveryStream, or set DeliveryStreamEncryptionConfigurationInput to KeyType CUSTOMER_MANAGED_CMK with KeyARN.',
    pass: [
      { resources: delivery({ DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' } }) },
      { resources: delivery({ DeliveryStreamType: 'DirectPut', ...withType(KEY) }) },
    ],
    fail: [{ resources: delivery({}) }, { resources: delivery({ DeliveryStreamType: 'DirectPut' }) }],
    unknown: [{ parameters: parameter, resources: delivery({ DeliveryStreamEncryptionConfigurationInput: { KeyType: VALUE } }) }],
    skip: [{ name: 'a stream that is encrypted itself', resources: delivery({ DeliveryStreamType: 'KinesisStreamAsSource' }) }],
  }),
  rule({
    on: WORKGROUP,
    severity: 'medium',
    check: (resource) => (runsSpark(resource) ? notApplicable('runs Spark, whose sessions leave no results') : resultsEncrypted(resource)),
    fix: 'Set WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration to EncryptionOption SSE_KMS with KmsKey.',
    pass: [
      { resources: workgroup(results('SSE_KMS')) },
      { name: 'kept by Athena', resources: workgroup({ ManagedQueryResultsConfiguration: { Enabled: true } }) },
    ],
    fail: [{ resources: workgroup({ ResultConfiguration: { OutputLocation: 's3://results/' } }) }, { resources: one(WORKGROUP)({}) }],
    unknown: [{ parameters: parameter, resources: workgroup(results(VALUE)) }],
    skip: [{ resources: workgroup({ EngineVersion: { SelectedEngineVersion: 'PySpark engine version 3' } }) }],
  }),
  rule({
    on: WORKGROUP,
    severity: 'medium',
    check: (resource) =>
      not(
        resource.at('WorkGroupConfiguration.EnforceWorkGroupConfiguration').isFalse(),
        'EnforceWorkGroupConfiguration is false: each client decides on encryption and place of its results',
      ),
    fix: 'Set WorkGroupConfiguration.EnforceWorkGroupConfiguration: true.',
    pass: [{ resources: workgroup({ EnforceWorkGroupConfiguration: true }) }],
    fail: [{ resources: workgroup({ EnforceWorkGroupConfiguration: false }) }],
    unknown: [{ parameters: parameter, resources: workgroup({ EnforceWorkGroupConfiguration: VALUE }) }],
  }),
  rule({
    on: SECURITY,
    severity: 'medium',
    check: configurationEncrypts,
    fix: 'Set S3Encryptions and CloudWatchEncryption to SSE-KMS and JobBookmarksEncryption to CSE-KMS, each with KmsKeyArn.',
    pass: [{ resources: configuration(ENCRYPTED) }],
    fail: [
      { resources: configuration({}) },
      { resources: configuration({ ...ENCRYPTED, S3Encryptions: [{ S3EncryptionMode: 'DISABLED' }] }) },
      { resources: configuration({ ...ENCRYPTED, CloudWatchEncryption: { CloudWatchEncryptionMode: 'DISABLED' } }) },
      { resources: configuration({ ...ENCRYPTED, JobBookmarksEncryption: {} }) },
    ],
    unknown: [{ parameters: parameter, resources: configuration({ ...ENCRYPTED, S3Encryptions: [{ S3EncryptionMode: VALUE }] }) }],
  }),
  rule({
    on: CATALOG,
    severity: 'medium',
    check: catalogEncrypts,
    fix: 'Set EncryptionAtRest.CatalogEncryptionMode: SSE-KMS and ConnectionPasswordEncryption.ReturnConnectionPasswordEncrypted: true.',
    pass: [
      {
        resources: catalog({
          EncryptionAtRest: { CatalogEncryptionMode: 'SSE-KMS' },
          ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: true },
        }),
      },
    ],
    fail: [
      { resources: catalog({ EncryptionAtRest: { CatalogEncryptionMode: 'SSE-KMS' } }) },
      { resources: catalog({ ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: true } }) },
      {
        resources: catalog({
          EncryptionAtRest: { CatalogEncryptionMode: 'DISABLED' },
          ConnectionPasswordEncryption: { ReturnConnectionPasswordEncrypted: true },
        }),
      },
    ],
  }),
  rule({
    on: Object.keys(WORKERS),
    severity: 'medium',
    check: (resource) => resource.at(WORKERS[resource.type] ?? '').isSet(),
    fix: 'Name an AWS::Glue::SecurityConfiguration that encrypts what the job writes, its logs and its bookmarks.',
    pass: Object.entries(WORKERS).map(([type, path]) => ({ name: type, resources: one(type)(nested(path, 'encrypted')) })),
    fail: Object.keys(WORKERS).map((type) => ({ name: type, resources: one(type)({ Role: 'arn:aws:iam::111122223333:role/glue' }) })),
  }),
];

export const ownKeys = [
  rule({
    on: Object.keys(KEYS),
    severity: 'medium',
    check: hasOwnKey(KEYS),
    fix: 'Use the Secure construct (SecureQueue, SecureTopic, SecureStream, SecureDeliveryStream, SecureKafka, SecureBroker), or name a key of your own: KmsMasterKeyId, StreamEncryption.KeyId, KmsKeyId.',
    pass: keyed(KEYS),
    fail: [
      { resources: queue({}) },
      { resources: queue({ KmsMasterKeyId: 'alias/aws/sqs' }) },
      { resources: topic({ KmsMasterKeyId: 'alias/aws/sns' }) },
      { resources: stream({ StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' } }) },
      {
        resources: delivery({ DeliveryStreamType: 'DirectPut', DeliveryStreamEncryptionConfigurationInput: { KeyType: 'AWS_OWNED_CMK' } }),
      },
      { resources: one('AWS::MSK::Cluster')({}) },
      { resources: one('AWS::AmazonMQ::Broker')({ EncryptionOptions: { UseAwsOwnedKey: true } }) },
    ],
    unknown: [{ parameters: parameter, resources: queue({ KmsMasterKeyId: VALUE }) }],
    skip: [
      { name: 'not encrypted at all', resources: topic({}) },
      { name: 'encrypted where it comes from', resources: delivery({ DeliveryStreamType: 'MSKAsSource' }) },
    ],
  }),
  rule({
    on: Object.keys(PASSING_KEYS),
    severity: 'medium',
    from: 'high',
    check: hasOwnKey(PASSING_KEYS),
    fix: 'Use SecureStateMachine or SecureEventBus, or name a key of your own: EncryptionConfiguration.KmsKeyId, KmsKeyIdentifier, KmsKeyArn.',
    pass: keyed(PASSING_KEYS),
    fail: [{ resources: one('AWS::StepFunctions::StateMachine')({}) }, { resources: one('AWS::Events::EventBus')({ Name: 'cases' }) }],
    unknown: [{ parameters: parameter, resources: one('AWS::Events::EventBus')({ KmsKeyIdentifier: VALUE }) }],
  }),
];
