import type { ControlId } from '../../../controls';
import { labelOf, sensitivityOf, tierOf } from '../../facts/classification';
import { storesUsing } from '../../facts/keys';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const KEY = 'AWS::KMS::Key';
const VAULT_KEY = 'azure-native:keyvault:Key';

/** In what stores must agree to share a key. */
const PURPOSES: readonly (readonly [name: string, of: (store: Resource) => string | undefined])[] = [
  ['sensitivity', sensitivityOf],
  ['tier', tierOf],
  // `prod`, `production` and `prod-eu` are one environment.
  [
    'environment',
    (store) =>
      labelOf(store, 'environment')
        ?.string?.toLowerCase()
        .replace(/^(prod|dev|test|stag).*$/, '$1'),
  ],
];

/** The stores that a key protects agree in sensitivity, tier and environment, as far as they say anything. */
function servesOnePurpose(key: Resource, graph: Graph): Outcome {
  const stores = storesUsing(key, graph);
  let compared = false;
  for (const [name, of] of PURPOSES) {
    const said = stores.flatMap((store) => {
      const value = of(store);
      return value === undefined ? [] : [{ store, value }];
    });
    compared ||= said.length > 1;
    const other = said.find(({ value }) => value !== said[0]?.value);
    if (said[0] && other)
      return fail(
        `stores of different ${name} share the key: ${said[0].store.logicalId} is ${said[0].value}, ${other.store.logicalId} is ${other.value}`,
      );
  }
  return compared ? pass() : notApplicable('fewer than two stores that use the key say what they hold');
}

const tagged = (tags: object) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
const KEY_ARN = { 'Fn::GetAtt': ['Key', 'Arn'] };
const bucket = (tags: object, key: unknown = KEY_ARN) => ({
  Type: 'AWS::S3::Bucket',
  Properties: {
    BucketEncryption: {
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key } }],
    },
    Tags: tagged(tags),
  },
});
const table = (tags: object, key: unknown = KEY_ARN) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: { SSESpecification: { SSEEnabled: true, KMSMasterKeyId: key }, Tags: tagged(tags) },
});
const KEYS = {
  Key: { Type: KEY },
  Name: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/cases', TargetKeyId: { Ref: 'Key' } } },
};
const account = (tags: object) => ({
  type: 'azure-native:storage:StorageAccount',
  properties: { tags, encryption: { keyVaultProperties: { keyName: { $ref: 'key.name' } } } },
});
const cosmos = (tags: object) => ({
  type: 'azure-native:cosmosdb:DatabaseAccount',
  properties: { tags, keyVaultKeyUri: { $ref: 'key.keyUri' } },
});

export const SHARING = {
  'ENC-08': {
    aws: rule({
      on: KEY,
      check: servesOnePurpose,
      fix: 'Give each tier and environment a key of its own (SecureKey per data profile), so that disabling one contains one.',
      pass: [
        { resources: { ...KEYS, Cases: bucket({ 'palisade:tier': 'high' }), Index: table({ 'palisade:tier': 'high' }) } },
        {
          name: 'one environment in two spellings',
          resources: { ...KEYS, Cases: bucket({ env: 'prod' }), Index: table({ Environment: 'Production' }) },
        },
      ],
      fail: [
        { resources: { ...KEYS, Cases: bucket({ 'palisade:tier': 'high' }), Index: table({ 'palisade:tier': 'low' }) } },
        {
          name: 'by alias, and by what the data is',
          resources: {
            ...KEYS,
            Cases: bucket({ classification: 'restricted' }),
            Site: bucket({ classification: 'public' }, { Ref: 'Name' }),
          },
        },
        { name: 'test and production', resources: { ...KEYS, Cases: bucket({ Environment: 'prod' }), Trial: table({ env: 'test' }) } },
      ],
      skip: [
        { resources: { ...KEYS, Cases: bucket({ 'palisade:tier': 'high' }), Index: table({}) } },
        { resources: { ...KEYS, Cases: bucket({ 'palisade:tier': 'high' }), Index: table({ 'palisade:tier': 'low' }, 'alias/other') } },
      ],
    }),
    azure: rule({
      on: VAULT_KEY,
      check: servesOnePurpose,
      fix: 'Give each tier and environment a key of its own, so that disabling one contains one.',
      pass: [
        {
          resources: { key: { type: VAULT_KEY }, cases: account({ 'palisade:tier': 'high' }), index: cosmos({ 'palisade:tier': 'high' }) },
        },
      ],
      fail: [
        {
          resources: {
            key: { type: VAULT_KEY },
            cases: account({ 'palisade:tier': 'high' }),
            index: cosmos({ 'palisade:tier': 'moderate' }),
          },
        },
        { resources: { key: { type: VAULT_KEY }, cases: account({ environment: 'prod' }), trial: account({ environment: 'test' }) } },
      ],
      skip: [{ resources: { key: { type: VAULT_KEY }, cases: account({ 'palisade:tier': 'high' }) } }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
