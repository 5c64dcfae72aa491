/** Archives: records cannot be changed, outlive the system, and are read by few. */
import { isLogArchive, LEAST_DAYS, SETTING } from '../../facts/logging';
import { activeReplications, BUCKET, deliveredInto, ofAccount, STORAGE_ACCOUNT, statementsOn } from '../../facts/storage';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleContext, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';

/**
 * Security records are delivered into the bucket: those of a trail, or of the configuration recorder. The recorder refuses
 * buckets with a lock, so that its records may be staged: then the bucket to which they are replicated is the archive.
 */
const isArchive = (bucket: Resource, graph: Graph): boolean => {
  const delivered = deliveredInto(bucket, graph);
  return delivered.has('trail') || (delivered.has('configuration') && activeReplications(bucket).length === 0);
};

/** The bucket only passes security records on. */
const isStage = (bucket: Resource, graph: Graph): boolean => deliveredInto(bucket, graph).has('configuration') && !isArchive(bucket, graph);

/** Records are replicated into a locked bucket. One that is not part of the input is known only to whoever deploys it. */
function passesOn(stage: Resource, graph: Graph): Outcome {
  return some(
    activeReplications(stage),
    (entry) => {
      const destination = entry.at('Destination.Bucket');
      const archive = graph.target(destination, BUCKET);
      return archive
        ? isLocked(archive)
        : unknown(`whether ${destination.describe()} has a lock is not part of this input`, destination.path);
    },
    'no replication passes the records on',
  );
}

const ofArchive =
  (check: (bucket: Resource, graph: Graph, context: RuleContext) => Outcome) =>
  (bucket: Resource, graph: Graph, context: RuleContext): Outcome =>
    isArchive(bucket, graph) ? check(bucket, graph, context) : notApplicable('no security records are kept here');

const DEFAULT_RETENTION = 'ObjectLockConfiguration.Rule.DefaultRetention';

function isLocked(bucket: Resource): Outcome {
  return allOf(
    bucket.at('ObjectLockEnabled').orDefault(false).isTrue(),
    bucket.at('ObjectLockConfiguration.ObjectLockEnabled').is('Enabled'),
    bucket.at(`${DEFAULT_RETENTION}.Mode`).is('COMPLIANCE'),
  );
}

/** The lock and every expiry last as long as security records are kept. Without a lock or an expiry nothing is shortened. */
function outlivesTheSystem(bucket: Resource, _graph: Graph, { tier }: RuleContext): Outcome {
  const least = LEAST_DAYS[tier].security;
  const expiries = bucket
    .at('LifecycleConfiguration.Rules')
    .items()
    .filter((one) => one.at('Status').is('Enabled').verdict !== 'fail')
    .map((one) => one.at('ExpirationInDays'));
  const retention = bucket.at(DEFAULT_RETENTION);
  const years = retention.at('Years');
  const lock = years.state === 'absent' ? lasts(retention.at('Days'), least) : lasts(years, least / 365);
  return allOf(
    lock,
    every(expiries, (expiry) => lasts(expiry, least)),
  );
}

const lasts = (period: Value, least: number): Outcome => {
  if (period.state === 'absent') return pass();
  const enough = period.isAtLeast(least);
  return enough.verdict === 'fail'
    ? fail(`${period.describe()}: security records are kept for at least ${Math.ceil(least)}`, period)
    : enough;
};

const CUSTOMER_STORES = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBCluster',
  'AWS::OpenSearchService::Domain',
  'AWS::Redshift::Cluster',
  BUCKET,
];

/** The archive lies in no account that is known to hold a workload, and nobody but services may delete in it. */
function isOutOfReach(bucket: Resource, graph: Graph): Outcome {
  const neighbour = graph
    .ofType(...CUSTOMER_STORES)
    .find(
      (store) =>
        store !== bucket &&
        graph.exists(store) &&
        sharesAccount(store, bucket) &&
        !(store.type === BUCKET && deliveredInto(store, graph).size > 0),
    );
  if (neighbour)
    return fail(
      `the archive shares its ${neighbour.unit === bucket.unit ? 'stack' : 'account'} with ${neighbour.logicalId} (${neighbour.type})`,
    );
  return every(statementsOn(bucket, graph), (statement) => {
    if (statement.allows().verdict === 'fail' || statement.touchesAction('s3:DeleteObject').verdict === 'fail') return pass();
    return statement.principals().some(({ kind }) => kind !== 'Service')
      ? fail(`${statement.name} lets principals delete records`, statement.at)
      : pass();
  });
}

const sharesAccount = (one: Resource, other: Resource): boolean =>
  one.unit === other.unit ||
  (one.unit.account !== undefined && one.unit.account === other.unit.account && one.unit.region === other.unit.region);

/** Reading is granted to roles, not to whole accounts. */
function isReadByFew(bucket: Resource, graph: Graph): Outcome {
  return every(statementsOn(bucket, graph), (statement) => {
    if (statement.allows().verdict === 'fail' || statement.touchesAction('s3:GetObject').verdict === 'fail') return pass();
    const wide = statement.principals().find(({ kind, value }) => kind === 'AWS' && isAccount(value));
    return wide && statement.conditions().length === 0
      ? fail(`${statement.name} lets a whole account read the records: ${wide.value.describe()}`, statement.at)
      : pass();
  });
}

const isAccount = (principal: Value): boolean => /(^\d{12}$|:root$|^\$\{AWS::AccountId[^}]*\}$)/.test(principal.shape ?? '');

// ── Azure ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** An account into which records are sent is judged; one that only looks like an archive can keep the promise, not break it. */
const ofAccountArchive =
  (check: (account: Resource, graph: Graph, context: RuleContext) => Outcome) =>
  (account: Resource, graph: Graph, context: RuleContext): Outcome => {
    const archive = isLogArchive(account, graph);
    if (archive === 'no') return notApplicable('no records are sent here');
    const outcome = check(account, graph, context);
    return archive === 'yes' || outcome.verdict === 'pass' ? outcome : notApplicable('no records are sent here');
  };

const IMMUTABILITY = 'immutableStorageWithVersioning';

function isImmutable(account: Resource): Outcome {
  return allOf(account.at(`${IMMUTABILITY}.enabled`).isTrue(), account.at(`${IMMUTABILITY}.immutabilityPolicy.state`).is('Locked'));
}

function accountOutlivesTheSystem(account: Resource, graph: Graph, { tier }: RuleContext): Outcome {
  const least = LEAST_DAYS[tier].security;
  const deletions = ofAccount(account, 'azure-native:storage:ManagementPolicy', graph)
    .flatMap((policy) => policy.at('policy.rules').items())
    .filter((one) => one.at('enabled').orDefault(true).isTrue().verdict !== 'fail')
    .flatMap((one) =>
      ['daysAfterModificationGreaterThan', 'daysAfterCreationGreaterThan'].map((key) =>
        one.at(`definition.actions.baseBlob.delete.${key}`),
      ),
    );
  return allOf(
    lasts(account.at(`${IMMUTABILITY}.immutabilityPolicy.immutabilityPeriodSinceCreationInDays`), least),
    every(deletions, (deletion) => lasts(deletion, least)),
  );
}

/** Records have a key that encrypts nothing else. Where there is none of one's own, ENC-02 says so. */
function hasKeyOfItsOwn(account: Resource, graph: Graph): Outcome {
  const key = keyOf(account);
  if (key === undefined) return notApplicable('has no key of its own: judged as ENC-02');
  const sharing = graph
    .ofType(STORAGE_ACCOUNT)
    .find((other) => other !== account && graph.exists(other) && isLogArchive(other, graph) === 'no' && keyOf(other) === key);
  return sharing ? fail(`the key of the records also encrypts ${sharing.logicalId}`, 'encryption.keyVaultProperties.keyName') : pass();
}

function keyOf(account: Resource): string | undefined {
  const key = account.at('encryption.keyVaultProperties');
  if (account.at('encryption.keySource').is('Microsoft.Keyvault').verdict === 'fail' || key.at('keyName').shape === undefined)
    return undefined;
  return `${key.at('keyVaultUri').shape ?? ''}/${key.at('keyName').shape}`.toLowerCase();
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const ROOT = 'arn:aws:iam::111122223333:root';
const archive = (properties: object = {}, more: object = {}) => ({
  Archive: { Type: BUCKET, Properties: properties },
  Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { S3BucketName: { Ref: 'Archive' }, IsLogging: true } },
  ...more,
});
const lock = (retention: object) => ({
  ObjectLockEnabled: true,
  ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention: retention } },
});
const staged = (destination: unknown, archive: object = {}, Status = 'Enabled') => ({
  Stage: {
    Type: BUCKET,
    Properties: { ReplicationConfiguration: { Role: ROOT, Rules: [{ Status, Destination: { Bucket: destination } }] } },
  },
  Channel: { Type: 'AWS::Config::DeliveryChannel', Properties: { S3BucketName: { Ref: 'Stage' } } },
  Archive: { Type: BUCKET, Properties: archive },
});
const policy = (statement: object) => ({
  Policy: {
    Type: 'AWS::S3::BucketPolicy',
    Properties: {
      Bucket: { Ref: 'Archive' },
      PolicyDocument: { Statement: [{ Effect: 'Allow', Resource: { 'Fn::Sub': '${Archive.Arn}/*' }, ...statement }] },
    },
  },
});
const azureArchive = (properties: object, more: object = {}) => ({
  archive: { type: STORAGE_ACCOUNT, properties },
  setting: { type: SETTING, properties: { resourceUri: '/subscriptions/s/vault', storageAccountId: { $ref: 'archive.id' } } },
  ...more,
});
const immutable = (immutabilityPolicy: object, enabled = true) => ({ immutableStorageWithVersioning: { enabled, immutabilityPolicy } });
const encrypted = (keyName: string) => ({
  encryption: { keySource: 'Microsoft.Keyvault', keyVaultProperties: { keyVaultUri: 'https://v.vault.azure.net', keyName } },
});

export const writeOnce: { readonly aws: RuleSpec; readonly azure: RuleSpec } = {
  aws: rule({
    on: BUCKET,
    check: (bucket, graph, context) => (isStage(bucket, graph) ? passesOn(bucket, graph) : ofArchive(isLocked)(bucket, graph, context)),
    fix: 'Use LogArchive, or create the bucket with ObjectLockEnabled and a default retention in COMPLIANCE mode; a bucket for AWS Config replicates into such a one.',
    pass: [
      { resources: archive(lock({ Mode: 'COMPLIANCE', Days: 731 })) },
      {
        name: 'staged, with the archive by name',
        resources: staged('arn:aws:s3:::records', { BucketName: 'records', ...lock({ Mode: 'COMPLIANCE', Days: 731 }) }),
      },
      { name: 'staged for AWS Config', resources: staged({ 'Fn::GetAtt': ['Archive', 'Arn'] }, lock({ Mode: 'COMPLIANCE', Days: 731 })) },
    ],
    fail: [
      { resources: archive() },
      { name: 'staged without a lock behind', resources: staged({ 'Fn::GetAtt': ['Archive', 'Arn'] }) },
      {
        name: 'replication is off',
        resources: staged({ 'Fn::GetAtt': ['Archive', 'Arn'] }, lock({ Mode: 'COMPLIANCE', Days: 731 }), 'Disabled'),
      },
      { name: 'a mode that administrators can lift', resources: archive(lock({ Mode: 'GOVERNANCE', Days: 731 })) },
    ],
    unknown: [{ resources: staged('arn:aws:s3:::records-of-the-organisation') }],
    skip: [{ resources: { Cases: { Type: BUCKET } } }],
  }),
  azure: rule({
    on: STORAGE_ACCOUNT,
    check: ofAccountArchive(isImmutable),
    fix: 'Use LogArchive, or set immutableStorageWithVersioning with enabled true and an immutabilityPolicy in the state Locked.',
    pass: [{ resources: azureArchive(immutable({ state: 'Locked', immutabilityPeriodSinceCreationInDays: 731 })) }],
    fail: [
      { resources: azureArchive({}) },
      { resources: azureArchive(immutable({ state: 'Unlocked', immutabilityPeriodSinceCreationInDays: 731 })) },
    ],
    skip: [{ resources: { cases: { type: STORAGE_ACCOUNT, properties: {} } } }],
  }),
};

/** Files of a trail prove themselves. */
export const validation: RuleSpec = rule({
  on: 'AWS::CloudTrail::Trail',
  check: (trail) => trail.at('EnableLogFileValidation').orDefault(false).isTrue(),
  fix: 'Set EnableLogFileValidation to true: digests then show whether a file was changed or removed.',
  pass: [{ resources: { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { EnableLogFileValidation: true } } } }],
  fail: [{ resources: { Trail: { Type: 'AWS::CloudTrail::Trail', Properties: { IsLogging: true } } } }],
});

export const archiveRetention: { readonly aws: RuleSpec; readonly azure: RuleSpec } = {
  aws: rule({
    on: BUCKET,
    check: ofArchive(outlivesTheSystem),
    fix: 'Let object lock and ExpirationInDays last at least 365 days, 731 at the high tier.',
    pass: [
      {
        resources: archive({
          ...lock({ Mode: 'COMPLIANCE', Days: 731 }),
          LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 800 }] },
        }),
      },
    ],
    fail: [
      { resources: archive({ LifecycleConfiguration: { Rules: [{ Status: 'Enabled', ExpirationInDays: 90 }] } }) },
      { resources: archive(lock({ Mode: 'COMPLIANCE', Days: 30 })) },
      { tier: 'high', resources: archive(lock({ Mode: 'COMPLIANCE', Years: 1 })) },
    ],
  }),
  azure: rule({
    on: STORAGE_ACCOUNT,
    check: ofAccountArchive(accountOutlivesTheSystem),
    fix: 'Let the immutability period and the deletion of the management policy last at least 365 days, 731 at the high tier.',
    pass: [{ resources: azureArchive(immutable({ state: 'Locked', immutabilityPeriodSinceCreationInDays: 731 })) }],
    fail: [
      { resources: azureArchive(immutable({ state: 'Locked', immutabilityPeriodSinceCreationInDays: 90 })) },
      {
        resources: azureArchive(
          {},
          {
            lifecycle: {
              type: 'azure-native:storage:ManagementPolicy',
              properties: {
                accountName: { $ref: 'archive.name' },
                policy: {
                  rules: [{ enabled: true, definition: { actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } } } }],
                },
              },
            },
          },
        ),
      },
    ],
  }),
};

export const outOfReach: RuleSpec = rule({
  on: BUCKET,
  severity: 'medium',
  from: 'moderate',
  check: ofArchive(isOutOfReach),
  fix: 'Put the archive into a stack of a security account, and let only log services write and nobody delete.',
  pass: [
    {
      resources: archive({}, policy({ Principal: { AWS: 'arn:aws:iam::111122223333:role/investigator' }, Action: 's3:GetObject' })),
    },
  ],
  fail: [
    { resources: archive({}, { Table: { Type: 'AWS::DynamoDB::Table', Properties: {} } }) },
    { resources: archive({}, policy({ Principal: { AWS: 'arn:aws:iam::111122223333:role/app' }, Action: 's3:*' })) },
  ],
});

export const archiveReaders: { readonly aws: RuleSpec; readonly azure: RuleSpec } = {
  aws: rule({
    on: BUCKET,
    check: ofArchive(isReadByFew),
    fix: 'Grant s3:GetObject on the archive to the role of the investigators instead of a whole account.',
    pass: [{ resources: archive({}, policy({ Principal: { AWS: ROOT }, Action: 's3:PutObject' })) }],
    fail: [{ resources: archive({}, policy({ Principal: { AWS: ROOT }, Action: 's3:Get*' })) }],
  }),
  azure: rule({
    on: STORAGE_ACCOUNT,
    check: ofAccountArchive(hasKeyOfItsOwn),
    fix: 'Encrypt the archive with a key that no other store uses.',
    pass: [{ resources: azureArchive(encrypted('records'), { cases: { type: STORAGE_ACCOUNT, properties: encrypted('cases') } }) }],
    fail: [{ resources: azureArchive(encrypted('all'), { cases: { type: STORAGE_ACCOUNT, properties: encrypted('all') } }) }],
  }),
};
