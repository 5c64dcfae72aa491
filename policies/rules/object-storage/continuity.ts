import type { ControlId } from '../../../controls';
import { accountOf, BUCKET, deliveredInto, ofAccount, STORAGE_ACCOUNT } from '../../facts/storage';
import { allOf, anyOf, every, fail, not, notApplicable, type Outcome, pass, some, unknown, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const DIRECTORY_BUCKET = 'AWS::S3Express::DirectoryBucket';
const BLOB_SERVICE = 'azure-native:storage:BlobServiceProperties';
const FILE_SERVICE = 'azure-native:storage:FileServiceProperties';
const SERVICES = [BLOB_SERVICE, FILE_SERVICE, 'azure-native:storage:QueueServiceProperties', 'azure-native:storage:TableServiceProperties'];
const MALWARE_PLAN = 'AWS::GuardDuty::MalwareProtectionPlan';
const DEFENDER = 'azure-native:security:DefenderForStorage';

/** Methods with which a page of another origin can change what is stored. */
const WRITES = ['PUT', 'POST', 'DELETE', 'MERGE', 'PATCH'];

/** The names of the parts of a cross-origin rule. */
interface CorsShape {
  readonly rules: string;
  readonly origins: string;
  readonly methods: string;
}
const S3_CORS: CorsShape = { rules: 'CorsConfiguration.CorsRules', origins: 'AllowedOrigins', methods: 'AllowedMethods' };
const AZURE_CORS: CorsShape = { rules: 'cors.corsRules', origins: 'allowedOrigins', methods: 'allowedMethods' };

const allowsWrites = (entry: Value, { methods }: CorsShape): Outcome =>
  some(entry.at(methods).items(), (method) => method.isOneOf(WRITES), 'reads only');

/** No rule lets pages of any origin write. */
function listsWriters(store: Resource, shape: CorsShape): Outcome {
  const entries = store.at(shape.rules).items();
  if (entries.length === 0) return notApplicable('shares nothing across origins');
  return every(entries, (entry) =>
    not(
      allOf(
        allowsWrites(entry, shape),
        some(entry.at(shape.origins).items(), (origin) => origin.matches(/^(https?:\/\/)?\*$/), 'lists its origins'),
      ),
      `${entry.path} lets pages of any origin write`,
    ),
  );
}

/** Browsers upload into the store, as far as it says so itself. */
const takesUploads = (store: Resource, shape: CorsShape): Outcome =>
  some(store.at(shape.rules).items(), (entry) => allowsWrites(entry, shape), 'takes no uploads from browsers');

/** Days for which deleted data comes back, at least; CIS asks for the same. */
const LEAST_RECOVERY_DAYS = 7;

function keepsDeleted(service: Resource, policy: string): Outcome {
  return allOf(service.at(`${policy}.enabled`).isTrue(), service.at(`${policy}.days`).isAtLeast(LEAST_RECOVERY_DAYS));
}

const bucket = (Properties: object) => ({ Bucket: { Type: BUCKET, Properties } });
const cors = (origins: readonly unknown[], methods: readonly string[]) =>
  bucket({ CorsConfiguration: { CorsRules: [{ AllowedOrigins: origins, AllowedMethods: methods }] } });
const account = (properties: object) => ({ data: { type: STORAGE_ACCOUNT, properties } });
const service = (type: string, properties: object) => ({ service: { type, properties: { accountName: { $ref: 'data' }, ...properties } } });
const blobCors = (origins: readonly string[], methods: readonly string[], type = BLOB_SERVICE) =>
  service(type, { cors: { corsRules: [{ allowedOrigins: origins, allowedMethods: methods }] } });
const KEPT = { enabled: true, days: 14 };
const PIPELINE = 'AWS::CodePipeline::Pipeline';
const RECOVERABLE = { isVersioningEnabled: true, deleteRetentionPolicy: KEPT, containerDeleteRetentionPolicy: KEPT };

export const CONTINUITY = {
  'LOG-13': {
    aws: rule({
      on: BUCKET,
      check: (bucket, graph) => {
        const outcome = bucket.at('LoggingConfiguration').isSet();
        if (outcome.verdict !== 'fail') return outcome;
        // A bucket that takes in access logs would log its own log; one that keeps the records of a trail as well is watched nevertheless.
        const logs = deliveredInto(bucket, graph);
        return logs.has('access') && !logs.has('trail') ? notApplicable('takes in access logs itself') : outcome;
      },
      fix: 'Use SecureBucket, or set LoggingConfiguration.DestinationBucketName to a log bucket.',
      pass: [{ resources: bucket({ LoggingConfiguration: { DestinationBucketName: 'access-logs' } }) }],
      fail: [
        { resources: bucket({}) },
        {
          name: 'the bucket of the trail is logged too',
          resources: { ...bucket({}), Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Bucket' } } } },
        },
      ],
      skip: [
        {
          resources: {
            Logs: { Type: BUCKET, Properties: { AccessControl: 'LogDeliveryWrite' } },
          },
        },
        {
          resources: {
            ...bucket({}),
            Policy: {
              Type: 'AWS::S3::BucketPolicy',
              Properties: {
                Bucket: { Ref: 'Bucket' },
                PolicyDocument: {
                  Statement: { Effect: 'Allow', Principal: { Service: 'logging.s3.amazonaws.com' }, Action: 's3:PutObject', Resource: '*' },
                },
              },
            },
          },
        },
      ],
    }),
  },

  'BCR-06': {
    aws: rule({
      on: [BUCKET, DIRECTORY_BUCKET],
      check: (store) => {
        if (store.type === DIRECTORY_BUCKET)
          return fail(`${store.at('DataRedundancy').describe()}: directory buckets live in one zone`, 'DataRedundancy');
        const moved = store
          .at('LifecycleConfiguration.Rules')
          .items()
          .flatMap((entry) => [...entry.at('Transitions').items(), ...entry.at('Transition').items()]);
        if (moved.length === 0) return notApplicable('S3 keeps objects in three zones, and nothing here moves them');
        return every(moved, (transition) => transition.at('StorageClass').isNoneOf(['ONEZONE_IA', 'EXPRESS_ONEZONE']));
      },
      fix: 'Move objects to STANDARD_IA, INTELLIGENT_TIERING or GLACIER_IR instead of a one-zone class; keep the only copy of data out of directory buckets.',
      pass: [
        {
          resources: bucket({ LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER_IR' }] }] } }),
        },
      ],
      fail: [
        {
          resources: bucket({ LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Transitions: [{ StorageClass: 'ONEZONE_IA' }] }] } }),
        },
        { resources: bucket({ LifecycleConfiguration: { Rules: [{ Status: 'Enabled', Transition: { StorageClass: 'ONEZONE_IA' } }] } }) },
        { resources: { Fast: { Type: DIRECTORY_BUCKET, Properties: { DataRedundancy: 'SingleAvailabilityZone' } } } },
      ],
      skip: [{ resources: bucket({}) }, { tier: 'low', resources: { Fast: { Type: DIRECTORY_BUCKET } } }],
    }),
    azure: rule({
      on: STORAGE_ACCOUNT,
      check: (account) => account.at('sku.name').matches(/_(RA)?G?ZRS$/i),
      fix: "Set sku.name to a zone-redundant one: 'Standard_ZRS', 'Standard_GZRS' or 'Premium_ZRS'.",
      pass: [{ resources: account({ sku: { name: 'Standard_ZRS' } }) }, { resources: account({ sku: { name: 'Standard_RAGZRS' } }) }],
      fail: [
        { resources: account({ sku: { name: 'Standard_LRS' } }) },
        { name: 'another region, but one building in each', resources: account({ sku: { name: 'Standard_GRS' } }) },
        { resources: account({}) },
      ],
      unknown: [{ resources: account({ sku: { name: { $unknown: 'config value' } } }) }],
    }),
  },

  'BCR-07': {
    aws: rule({
      // S3 turns versioning on by itself where objects can be locked.
      on: BUCKET,
      check: (bucket, graph) => {
        const status = bucket.at('VersioningConfiguration.Status');
        const kept = anyOf([status.is('Enabled'), bucket.at('ObjectLockEnabled').isTrue()], status.describe());
        if (kept.verdict !== 'fail') return kept;
        // Services never write the same record twice. The records of a trail are evidence, and another matter; so is what was switched off.
        const logs = deliveredInto(bucket, graph);
        if (status.state !== 'absent') return kept;
        if (logs.has('access') && logs.size === 1) return notApplicable('takes in access logs, which nothing overwrites');
        return graph.pointingAt(bucket, PIPELINE, 'ArtifactStore.Location').length > 0
          ? notApplicable('keeps the artefacts of a pipeline, each under a name of its own, until they are deployed')
          : kept;
      },
      fix: 'Use SecureBucket, or set VersioningConfiguration.Status to Enabled (versioned: true).',
      pass: [{ resources: bucket({ VersioningConfiguration: { Status: 'Enabled' } }) }, { resources: bucket({ ObjectLockEnabled: true }) }],
      fail: [{ resources: bucket({}) }, { resources: bucket({ VersioningConfiguration: { Status: 'Suspended' } }) }],
      unknown: [
        { parameters: { State: { Type: 'String' } }, resources: bucket({ VersioningConfiguration: { Status: { Ref: 'State' } } }) },
      ],
      skip: [
        { resources: bucket({ AccessControl: 'LogDeliveryWrite' }) },
        {
          name: 'artefacts of a pipeline',
          resources: {
            ...bucket({}),
            Pipeline: { Type: PIPELINE, Properties: { ArtifactStore: { Type: 'S3', Location: { Ref: 'Bucket' } } } },
          },
        },
      ],
    }),
    azure: [
      rule({
        on: BLOB_SERVICE,
        check: (service, graph) => {
          // Accounts with a hierarchical namespace cannot keep versions.
          const tree = accountOf(service, graph)?.at('isHnsEnabled').orDefault(false).isTrue();
          return allOf(
            keepsDeleted(service, 'deleteRetentionPolicy'),
            keepsDeleted(service, 'containerDeleteRetentionPolicy'),
            tree?.verdict === 'pass' ? pass() : service.at('isVersioningEnabled').isTrue(),
          );
        },
        fix: 'Set isVersioningEnabled: true, and deleteRetentionPolicy and containerDeleteRetentionPolicy to enabled: true with days of at least 7.',
        pass: [
          { resources: service(BLOB_SERVICE, RECOVERABLE) },
          {
            name: 'a data lake',
            resources: { ...service(BLOB_SERVICE, { ...RECOVERABLE, isVersioningEnabled: undefined }), ...account({ isHnsEnabled: true }) },
          },
        ],
        fail: [
          { resources: service(BLOB_SERVICE, { ...RECOVERABLE, isVersioningEnabled: false }) },
          { resources: service(BLOB_SERVICE, { ...RECOVERABLE, deleteRetentionPolicy: { enabled: false } }) },
          { resources: service(BLOB_SERVICE, { ...RECOVERABLE, containerDeleteRetentionPolicy: undefined }) },
          { resources: service(BLOB_SERVICE, { ...RECOVERABLE, deleteRetentionPolicy: { enabled: true, days: 1 } }) },
        ],
        unknown: [{ resources: service(BLOB_SERVICE, { ...RECOVERABLE, isVersioningEnabled: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: STORAGE_ACCOUNT,
        check: (account, graph) =>
          when(account.at('kind').isNoneOf(['FileStorage']), () =>
            ofAccount(account, BLOB_SERVICE, graph).length > 0
              ? pass()
              : fail('no BlobServiceProperties: Azure keeps neither versions nor deleted blobs unless told to'),
          ),
        fix: 'Use SecureStorageAccount, or add storage.BlobServiceProperties with versioning and both delete retention policies.',
        pass: [{ resources: { ...account({ kind: 'StorageV2' }), ...service(BLOB_SERVICE, {}) } }],
        fail: [{ resources: account({ kind: 'StorageV2' }) }],
        skip: [{ resources: account({ kind: 'FileStorage' }) }],
      }),
      rule({
        on: FILE_SERVICE,
        check: (service) => {
          const { verdict } = service.at('shareDeleteRetentionPolicy').isSet();
          return verdict === 'fail'
            ? notApplicable('Azure keeps deleted shares for seven days, and nothing here says otherwise')
            : keepsDeleted(service, 'shareDeleteRetentionPolicy');
        },
        fix: 'Set shareDeleteRetentionPolicy to enabled: true with days of at least 7.',
        pass: [{ resources: service(FILE_SERVICE, { shareDeleteRetentionPolicy: KEPT }) }],
        fail: [
          { resources: service(FILE_SERVICE, { shareDeleteRetentionPolicy: { enabled: false } }) },
          { resources: service(FILE_SERVICE, { shareDeleteRetentionPolicy: { enabled: true, days: 3 } }) },
        ],
        skip: [{ resources: service(FILE_SERVICE, {}) }],
      }),
    ],
  },

  'DID-19': {
    aws: rule({
      on: BUCKET,
      check: (bucket, graph) =>
        when(takesUploads(bucket, S3_CORS), () =>
          graph.pointingAt(bucket, MALWARE_PLAN, 'ProtectedResource.S3Bucket.BucketName').length > 0
            ? pass()
            : fail('browsers upload into the bucket, and no MalwareProtectionPlan scans what arrives'),
        ),
      fix: 'Add AWS::GuardDuty::MalwareProtectionPlan with ProtectedResource.S3Bucket.BucketName of this bucket.',
      pass: [
        {
          resources: {
            ...cors(['https://cases.example.com'], ['PUT']),
            Scan: { Type: MALWARE_PLAN, Properties: { ProtectedResource: { S3Bucket: { BucketName: { Ref: 'Bucket' } } } } },
          },
        },
      ],
      fail: [{ resources: cors(['https://cases.example.com'], ['PUT']) }],
      skip: [{ resources: cors(['*'], ['GET']) }],
    }),
    azure: rule({
      on: BLOB_SERVICE,
      check: (service, graph) =>
        when(takesUploads(service, AZURE_CORS), () => {
          const account = accountOf(service, graph);
          if (!account) return unknown('the storage account is not among what was read', 'accountName');
          return some(
            graph.pointingAt(account, DEFENDER, 'resourceId'),
            (plan) => allOf(plan.at('properties.isEnabled').isTrue(), plan.at('properties.malwareScanning.onUpload.isEnabled').isTrue()),
            'browsers upload into the account, and no DefenderForStorage scans what arrives',
          );
        }),
      fix: 'Add security.DefenderForStorage for the account with isEnabled and malwareScanning.onUpload.isEnabled true.',
      pass: [{ resources: { ...blobCors(['https://cases.example.com'], ['PUT']), ...account({}), plan: scan(true) } }],
      fail: [
        { resources: { ...blobCors(['https://cases.example.com'], ['PUT']), ...account({}) } },
        { resources: { ...blobCors(['https://cases.example.com'], ['PUT']), ...account({}), plan: scan(false) } },
      ],
      skip: [{ resources: { ...blobCors(['https://cases.example.com'], ['GET']), ...account({}) } }],
    }),
  },

  'DID-21': {
    aws: rule({
      on: BUCKET,
      check: (bucket) => listsWriters(bucket, S3_CORS),
      fix: 'List the origins in CorsRules.AllowedOrigins, or allow GET and HEAD only.',
      pass: [{ resources: cors(['https://cases.example.com'], ['PUT']) }, { resources: cors(['*'], ['GET', 'HEAD']) }],
      fail: [{ resources: cors(['*'], ['GET', 'PUT']) }, { resources: cors(['https://cases.example.com', 'https://*'], ['DELETE']) }],
      unknown: [{ parameters: { Origin: { Type: 'String' } }, resources: cors([{ Ref: 'Origin' }], ['PUT']) }],
      skip: [{ resources: bucket({}) }],
    }),
    azure: rule({
      on: SERVICES,
      check: (service) => listsWriters(service, AZURE_CORS),
      fix: 'List the origins in cors.corsRules.allowedOrigins, or allow GET and HEAD only.',
      pass: [{ resources: blobCors(['https://cases.example.com'], ['PUT']) }, { resources: blobCors(['*'], ['GET']) }],
      fail: [
        { resources: blobCors(['*'], ['PUT']) },
        { resources: blobCors(['http://*'], ['merge'], 'azure-native:storage:TableServiceProperties') },
      ],
      skip: [{ resources: service(FILE_SERVICE, {}) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };

function scan(isEnabled: boolean) {
  return {
    type: DEFENDER,
    properties: { resourceId: { $ref: 'data' }, properties: { isEnabled: true, malwareScanning: { onUpload: { isEnabled } } } },
  };
}
