import type { ControlId } from '../../../controls';
import { isGuardedFromDeletion } from '../../facts/azure';
import { isClassified } from '../../facts/classification';
import { BUCKET, ofAccount, STORAGE_ACCOUNT } from '../../facts/storage';
import type { Graph } from '../../graph';
import { allOf, anyOf, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const STORES = [BUCKET, 'AWS::S3Express::DirectoryBucket', 'AWS::S3Tables::TableBucket', 'AWS::S3Vectors::VectorBucket'] as const;
const MANAGEMENT_POLICY = 'azure-native:storage:ManagementPolicy';
const AUTO_DELETE = 'Custom::S3AutoDeleteObjects';

const EXPIRY = ['ExpirationInDays', 'ExpirationDate', 'NoncurrentVersionExpiration', 'NoncurrentVersionExpirationInDays'];
const RETAINED = ['Retain', 'RetainExceptOnCreate'];

/** A lifecycle rule that is on and deletes something. */
function deletes(entry: Value): Outcome {
  return allOf(
    entry.at('Status').is('Enabled'),
    anyOf(
      EXPIRY.map((name) => entry.at(name).isSet()),
      `${entry.path} deletes nothing`,
    ),
  );
}

/** A management rule that is on and deletes something. */
function deletesBlobs(entry: Value): Outcome {
  return allOf(
    entry.at('enabled').orDefault(true).isTrue(),
    anyOf(
      ['baseBlob', 'version', 'snapshot'].map((kind) => entry.at(`definition.actions.${kind}.delete`).isSet()),
      `${entry.path} deletes nothing`,
    ),
  );
}

/** A deployment tool empties the bucket, so that it can be deleted. */
const isEmptied = (bucket: Resource, graph: Graph): boolean => graph.pointingAt(bucket, AUTO_DELETE, 'BucketName').length > 0;

const LABELLED = {
  'palisade:sensitivity': 'confidential',
  'palisade:tier': 'moderate',
  'palisade:owner': 'team@example.com',
  'palisade:volume': 'few',
};
const tags = (values: object) => Object.entries(values).map(([Key, Value]) => ({ Key, Value }));
const bucket = (Properties: object, rest: object = {}) => ({ Bucket: { Type: BUCKET, Properties, ...rest } });
const lifecycle = (...Rules: readonly object[]) => bucket({ LifecycleConfiguration: { Rules } });
const account = (properties: object, rest: object = {}) => ({ data: { type: STORAGE_ACCOUNT, properties, ...rest } });
const managed = (rule: object) => ({
  ...account({ kind: 'StorageV2' }),
  lifecycle: { type: MANAGEMENT_POLICY, properties: { accountName: { $ref: 'data' }, policy: { rules: [rule] } } },
});
const DELETE_AFTER = { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 365 } } } };

export const HANDLING = {
  'DHC-01': {
    aws: rule({
      on: STORES,
      check: isClassified,
      fix: 'Use SecureBucket in a stack with a data profile, or tag the store with palisade:sensitivity, palisade:tier, palisade:owner and palisade:volume.',
      pass: [
        { resources: bucket({ Tags: tags(LABELLED) }) },
        {
          name: 'in words of their own',
          resources: bucket({ Tags: tags({ DataClassification: 'internal', RiskTier: 'low', Owner: 'crm', 'data-volume': '1000' }) }),
        },
      ],
      fail: [
        { resources: bucket({}) },
        { resources: bucket({ Tags: tags({ ...LABELLED, 'palisade:owner': '' }) }) },
        { resources: { Vectors: { Type: 'AWS::S3Vectors::VectorBucket', Properties: { Tags: tags({ owner: 'crm' }) } } } },
      ],
      unknown: [{ parameters: { Tags: { Type: 'String' } }, resources: bucket({ Tags: { Ref: 'Tags' } }) }],
    }),
    azure: rule({
      on: STORAGE_ACCOUNT,
      check: isClassified,
      fix: 'Use SecureStorageAccount with a data profile, or set the tags palisade:sensitivity, palisade:tier, palisade:owner and palisade:volume.',
      pass: [{ resources: account({ tags: LABELLED }) }],
      fail: [{ resources: account({}) }, { resources: account({ tags: { owner: 'crm' } }) }],
      unknown: [{ resources: account({ tags: { $unknown: 'tags of the project' } }) }],
    }),
  },

  'DHC-06': {
    aws: rule({
      on: BUCKET,
      check: (bucket) =>
        bucket.at('WebsiteConfiguration').state === 'absent'
          ? some(bucket.at('LifecycleConfiguration.Rules').items(), deletes, 'no lifecycle rule ever deletes anything')
          : notApplicable('a website holds no records'),
      // How long records may be kept is for their owner to say; that nothing is said is worth a note.
      severity: 'low',
      fix: 'Add a lifecycle rule with Status Enabled and ExpirationInDays (or NoncurrentVersionExpiration for versions that were replaced).',
      pass: [
        { resources: lifecycle({ Status: 'Enabled', ExpirationInDays: 731 }) },
        { resources: lifecycle({ Status: 'Enabled', NoncurrentVersionExpiration: { NoncurrentDays: 90 } }) },
      ],
      fail: [
        { resources: bucket({}) },
        { resources: lifecycle({ Status: 'Disabled', ExpirationInDays: 731 }) },
        {
          name: 'moving to cheaper storage deletes nothing',
          resources: lifecycle({ Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 90 }] }),
        },
        { resources: lifecycle({ Status: 'Enabled', AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 } }) },
      ],
      skip: [{ resources: bucket({ WebsiteConfiguration: { IndexDocument: 'index.html' } }) }],
    }),
    azure: rule({
      on: STORAGE_ACCOUNT,
      check: (account, graph) =>
        when(account.at('kind').isNoneOf(['FileStorage']), () =>
          some(
            ofAccount(account, MANAGEMENT_POLICY, graph).flatMap((policy) => policy.at('policy.rules').items()),
            deletesBlobs,
            'no lifecycle rule ever deletes anything',
          ),
        ),
      fix: 'Add a storage.ManagementPolicy whose rules delete baseBlob, version or snapshot after a number of days.',
      pass: [{ resources: managed({ definition: DELETE_AFTER }) }],
      fail: [
        { resources: account({ kind: 'StorageV2' }) },
        { resources: managed({ enabled: false, definition: DELETE_AFTER }) },
        { resources: managed({ definition: { actions: { baseBlob: { tierToArchive: { daysAfterModificationGreaterThan: 90 } } } } }) },
      ],
      skip: [{ name: 'file shares have no lifecycle rules', resources: account({ kind: 'FileStorage' }) }],
    }),
  },

  'DHC-08': {
    aws: gap(
      'A bucket has no setting that tells environments apart: copies across accounts are stopped by a resource control policy of the organisation.',
    ),
    azure: rule({
      on: STORAGE_ACCOUNT,
      check: (account) => account.at('allowedCopyScope').isOneOf(['AAD', 'PrivateLink']),
      severity: 'medium',
      fix: "Use SecureStorageAccount, or set allowedCopyScope: 'PrivateLink' (same network) or 'AAD' (same tenant).",
      pass: [{ resources: account({ allowedCopyScope: 'PrivateLink' }) }, { resources: account({ allowedCopyScope: 'AAD' }) }],
      fail: [{ resources: account({}) }],
      unknown: [{ resources: account({ allowedCopyScope: { $unknown: 'config value' } }) }],
    }),
  },

  'DHC-10': {
    aws: [
      rule({
        on: BUCKET,
        from: 'moderate',
        check: (bucket, graph) =>
          isEmptied(bucket, graph) ? fail('a custom resource deletes every object when the bucket is removed') : pass(),
        fix: 'Remove autoDeleteObjects and keep the bucket: removalPolicy RETAIN (DeletionPolicy Retain), or use SecureBucket.',
        pass: [{ resources: bucket({}, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }) }],
        fail: [
          {
            name: 'emptied by a custom resource',
            resources: {
              ...bucket({}, { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' }),
              Emptier: { Type: AUTO_DELETE, Properties: { ServiceToken: 'arn:aws:lambda:x', BucketName: { Ref: 'Bucket' } } },
            },
          },
        ],
      }),
      rule({
        // Without help CloudFormation deletes empty stores only: what the policy protects is the name and the settings.
        on: STORES,
        severity: 'low',
        check: (store, graph) =>
          isEmptied(store, graph)
            ? notApplicable('the custom resource that empties it is the finding')
            : allOf(store.option('DeletionPolicy').isOneOf(RETAINED), store.option('UpdateReplacePolicy').isOneOf(RETAINED)),
        fix: 'Use SecureBucket, or keep the store: DeletionPolicy and UpdateReplacePolicy Retain (removalPolicy RETAIN).',
        pass: [{ resources: bucket({}, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }) }],
        fail: [
          { resources: bucket({}) },
          { resources: bucket({}, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Delete' }) },
          { resources: { Tables: { Type: 'AWS::S3Tables::TableBucket', DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' } } },
        ],
      }),
    ],
    azure: rule({
      on: STORAGE_ACCOUNT,
      check: isGuardedFromDeletion,
      fix: "Put a ManagementLockByScope with level 'CanNotDelete' on the account, or set the resource option protect: true.",
      pass: [
        { resources: account({}, { options: { protect: true } }) },
        { resources: { ...account({}), lock: lock('CanNotDelete', { $ref: 'data' }) } },
        {
          name: 'a lock on the resource group',
          resources: {
            ...account({ resourceGroupName: { $ref: 'group.name' } }),
            group: { type: 'azure-native:resources:ResourceGroup' },
            lock: lock('ReadOnly', { $ref: 'group' }),
          },
        },
      ],
      fail: [
        { resources: account({}) },
        {
          resources: {
            ...account({}),
            other: { type: 'azure-native:network:VirtualNetwork' },
            lock: lock('CanNotDelete', { $ref: 'other' }),
          },
        },
        { resources: { ...account({}), lock: lock('NotSpecified', { $ref: 'data' }) } },
      ],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };

function lock(level: string, scope: unknown) {
  return { type: 'azure-native:authorization:ManagementLockByScope', properties: { level, scope } };
}
