import type { ControlId } from '../../../controls';
import { isGuardedFromDeletion, operationsWatched } from '../../facts/azure';
import { UNIT } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass, some, unknown, when } from '../../outcome';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { KEY, REPLICA } from './policy';

const VAULT = 'azure-native:keyvault:Vault';
const HSM = 'azure-native:keyvault:ManagedHsm';
const VAULT_KEY = 'azure-native:keyvault:Key';
const DISK_ENCRYPTION = 'azure-native:compute:DiskEncryptionSet';
const STORAGE_ACCOUNT = 'azure-native:storage:StorageAccount';
const RETAINED = ['Retain', 'RetainExceptOnCreate'];

/** Days of a period written as ISO 8601 (`P90D`, `P1Y`, `P18M`); undefined for anything else. */
function daysOf(period: Value): number | undefined {
  const [, years = 0, months = 0, weeks = 0, days = 0] = /^P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?$/i.exec(period.string ?? '') ?? [];
  const total = Number(years) * 365 + (Number(months) * 365) / 12 + Number(weeks) * 7 + Number(days);
  return total > 0 ? total : undefined;
}

const YEAR = 365;

/** A lifetime action that rotates, at the latest a year after the version was made. */
function rotatesYearly(action: Value, expiry: Value): Outcome {
  const { after, before } = { after: action.at('trigger.timeAfterCreate'), before: action.at('trigger.timeBeforeExpiry') };
  const due = (): Outcome => {
    if (after.state === 'unknown' || before.state === 'unknown')
      return unknown((after.state === 'unknown' ? after : before).describe(), after.path);
    const lifetime = daysOf(expiry);
    const age = daysOf(after) ?? (lifetime === undefined ? undefined : lifetime - (daysOf(before) ?? 0));
    if (age === undefined) return fail('says when to rotate in no way that is understood', action.path);
    return age <= YEAR ? pass() : fail(`rotates only after ${Math.round(age)} days`, after.path);
  };
  return allOf(action.at('action.type').is('rotate'), due());
}

/** The key serves to encrypt; one that only signs is renewed by its owner, not by rotation. */
function encrypts(key: Value): Outcome {
  const operations = key.at('keyOps').items();
  return operations.length === 0 ? pass() : some(operations, (operation) => operation.isNoneOf(['sign', 'verify']), 'only signs');
}

const ALARMED = ['ScheduleKeyDeletion', 'DisableKey'];

/** An event pattern that matches both ways to take a key out of service. */
function watchesKeys(pattern: Value): Outcome {
  const names = pattern.at('detail.eventName').items();
  const about = some(pattern.at('source').items(), (source) => source.is('aws.kms'), 'is about other services');
  const through = some(pattern.at('detail.eventSource').items(), (source) => source.is('kms.amazonaws.com'), 'is about other services');
  return allOf(
    anyOf([about, through], 'is about other services'),
    names.length === 0 ? pass() : every(ALARMED, (wanted) => some(names, (name) => name.is(wanted), `does not match ${wanted}`)),
  );
}

const DELETIONS = ['Microsoft.KeyVault/vaults/delete', 'Microsoft.KeyVault/managedHSMs/delete'];

const key = (Properties: object, rest: object = {}) => ({ Key: { Type: KEY, Properties, ...rest } });
const vaultKey = (properties: object) => ({ key: { type: VAULT_KEY, properties: { vaultName: 'cases', properties } } });
const rotating = (trigger: object, type = 'rotate', rest: object = {}) =>
  vaultKey({ rotationPolicy: { lifetimeActions: [{ action: { type }, trigger }], ...rest } });
const vault = (properties: object, type = VAULT, rest: object = {}) => ({ vault: { type, properties: { properties }, ...rest } });
const watched = (EventPattern: unknown, rest: object = {}) => ({
  Key: { Type: KEY },
  Watch: { Type: 'AWS::Events::Rule', Properties: { EventPattern, ...rest } },
});
const GUARDED = { enableSoftDelete: true, enablePurgeProtection: true, softDeleteRetentionInDays: 90 };
const ALERT = 'azure-native:monitor:ActivityLogAlert';
const QUERY = 'azure-native:monitor:ScheduledQueryRule';

export const LIFECYCLE = {
  'ENC-03': {
    aws: rule({
      on: KEY,
      check: (key) =>
        when(
          allOf(
            key.at('KeySpec').orDefault('SYMMETRIC_DEFAULT').is('SYMMETRIC_DEFAULT'),
            key.at('Origin').orDefault('AWS_KMS').is('AWS_KMS'),
          ),
          () => allOf(key.at('EnableKeyRotation').orDefault(false).isTrue(), key.at('RotationPeriodInDays').orDefault(YEAR).isAtMost(YEAR)),
        ),
      fix: 'Use SecureKey, or set EnableKeyRotation: true, with RotationPeriodInDays of at most 365.',
      pass: [
        { resources: key({ EnableKeyRotation: true }) },
        { resources: key({ EnableKeyRotation: 'true', RotationPeriodInDays: '90' }) },
      ],
      fail: [
        { resources: key({}) },
        { resources: key({ EnableKeyRotation: false }) },
        { resources: key({ EnableKeyRotation: true, RotationPeriodInDays: 730 }) },
      ],
      unknown: [{ parameters: { Rotate: { Type: 'String' } }, resources: key({ EnableKeyRotation: { Ref: 'Rotate' } }) }],
      skip: [
        { name: 'KMS rotates symmetric keys only', resources: key({ KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' }) },
        { name: 'imported material is rotated by its owner', resources: key({ Origin: 'EXTERNAL' }) },
      ],
    }),
    azure: [
      rule({
        on: VAULT_KEY,
        check: (key) =>
          when(encrypts(key.at('properties')), () =>
            some(
              key.at('properties.rotationPolicy.lifetimeActions').items(),
              (action) => rotatesYearly(action, key.at('properties.rotationPolicy.attributes.expiryTime')),
              'no lifetime action rotates the key',
            ),
          ),
        fix: "Set rotationPolicy.lifetimeActions with action.type 'rotate' and trigger.timeAfterCreate 'P1Y' or shorter.",
        pass: [
          { resources: rotating({ timeAfterCreate: 'P12M' }) },
          { resources: rotating({ timeBeforeExpiry: 'P30D' }, 'Rotate', { attributes: { expiryTime: 'P1Y' } }) },
        ],
        fail: [
          { resources: vaultKey({ kty: 'RSA' }) },
          { resources: rotating({ timeAfterCreate: 'P2Y' }) },
          { name: 'only tells somebody', resources: rotating({ timeBeforeExpiry: 'P30D' }, 'notify') },
          { name: 'before an expiry that is never set', resources: rotating({ timeBeforeExpiry: 'P30D' }) },
        ],
        unknown: [{ resources: rotating({ timeAfterCreate: { $unknown: 'config value' } }) }],
        skip: [{ resources: vaultKey({ kty: 'EC', keyOps: ['sign', 'verify'] }) }],
      }),
      rule({
        // A version that never expires keeps old data readable with a key that rotation was meant to retire (CIS 8.3.1, 8.3.2).
        on: VAULT_KEY,
        check: (key) =>
          anyOf(
            [key.at('properties.attributes.expires').isSet(), key.at('properties.rotationPolicy.attributes.expiryTime').isSet()],
            'the key never expires',
          ),
        fix: "Set rotationPolicy.attributes.expiryTime (such as 'P2Y'), or attributes.expires.",
        pass: [
          { resources: vaultKey({ attributes: { expires: 1893456000 } }) },
          { resources: vaultKey({ rotationPolicy: { attributes: { expiryTime: 'P2Y' } } }) },
        ],
        fail: [{ resources: vaultKey({ attributes: { enabled: true } }) }],
      }),
      rule({
        on: DISK_ENCRYPTION,
        check: (set) => set.at('rotationToLatestKeyVersionEnabled').orDefault(false).isTrue(),
        fix: 'Set rotationToLatestKeyVersionEnabled: true, so that disks follow the newest version of the key.',
        pass: [{ resources: { disks: { type: DISK_ENCRYPTION, properties: { rotationToLatestKeyVersionEnabled: true } } } }],
        fail: [
          { resources: { disks: { type: DISK_ENCRYPTION, properties: {} } } },
          { resources: { disks: { type: DISK_ENCRYPTION, properties: { rotationToLatestKeyVersionEnabled: false } } } },
        ],
      }),
      rule({
        on: STORAGE_ACCOUNT,
        check: (account) =>
          when(account.at('encryption.keySource').is('Microsoft.Keyvault'), () =>
            account.at('encryption.keyVaultProperties.keyVersion').isSet().verdict === 'fail'
              ? pass()
              : fail(
                  `${account.at('encryption.keyVaultProperties.keyVersion').path} pins one version of the key`,
                  'encryption.keyVaultProperties.keyVersion',
                ),
          ),
        fix: 'Leave out encryption.keyVaultProperties.keyVersion, so that the account follows the newest version of the key.',
        pass: [
          {
            resources: {
              data: {
                type: STORAGE_ACCOUNT,
                properties: { encryption: { keySource: 'Microsoft.Keyvault', keyVaultProperties: { keyName: 'k', keyVersion: '' } } },
              },
            },
          },
        ],
        fail: [
          {
            resources: {
              data: {
                type: STORAGE_ACCOUNT,
                properties: { encryption: { keySource: 'Microsoft.Keyvault', keyVaultProperties: { keyName: 'k', keyVersion: '1f' } } },
              },
            },
          },
        ],
        skip: [{ resources: { data: { type: STORAGE_ACCOUNT, properties: {} } } }],
      }),
    ],
  },

  'ENC-05': {
    aws: [
      rule({
        on: [KEY, REPLICA],
        check: (key) => key.at('PendingWindowInDays').orDefault(30).isAtLeast(30),
        fix: 'Set PendingWindowInDays to 30, or leave it out.',
        pass: [{ resources: key({ PendingWindowInDays: 30 }) }],
        fail: [
          { resources: key({ PendingWindowInDays: 7 }) },
          { resources: { Replica: { Type: REPLICA, Properties: { PendingWindowInDays: '29' } } } },
        ],
        unknown: [{ parameters: { Days: { Type: 'Number' } }, resources: key({ PendingWindowInDays: { Ref: 'Days' } }) }],
      }),
      rule({
        // An alarm is often kept in one place for a whole organisation, out of sight of this input: advice, not a gate.
        on: UNIT,
        check: (unit, graph) => {
          if (!graph.ofType(KEY).some((key) => key.unit === unit.unit)) return notApplicable('makes no keys');
          return some(
            graph.ofType('AWS::Events::Rule').filter((each) => graph.exists(each)),
            (each) => allOf(each.at('State').orDefault('ENABLED').isNoneOf(['DISABLED']), watchesKeys(each.at('EventPattern').json())),
            'no event rule watches for ScheduleKeyDeletion and DisableKey',
          );
        },
        severity: 'low',
        fix: 'Add AWS::Events::Rule with source aws.kms and detail.eventName ScheduleKeyDeletion and DisableKey, and a target that raises an alert.',
        pass: [
          { resources: watched({ source: ['aws.kms'], detail: { eventName: ['DisableKey', 'ScheduleKeyDeletion'] } }) },
          { resources: watched('{"detail":{"eventSource":["kms.amazonaws.com"],"eventName":["ScheduleKeyDeletion","DisableKey"]}}') },
        ],
        fail: [
          { resources: { Key: { Type: KEY } } },
          { resources: watched({ source: ['aws.kms'], detail: { eventName: ['ScheduleKeyDeletion'] } }) },
          { resources: watched({ source: ['aws.kms'] }, { State: 'DISABLED' }) },
          { resources: watched({ source: ['aws.s3'] }) },
        ],
        skip: [{ resources: { Queue: { Type: 'AWS::SQS::Queue' } } }],
      }),
    ],
    azure: [
      rule({
        on: [VAULT, HSM],
        check: (vault) =>
          allOf(
            vault.at('properties.enableSoftDelete').orDefault(true).isTrue(),
            vault.at('properties.enablePurgeProtection').isTrue(),
            vault.at('properties.softDeleteRetentionInDays').orDefault(90).isAtLeast(90),
          ),
        fix: 'Use SecureKeyVault, or set enablePurgeProtection: true and softDeleteRetentionInDays: 90.',
        pass: [{ resources: vault(GUARDED) }, { resources: vault({ enablePurgeProtection: true }, HSM) }],
        fail: [
          { resources: vault({}) },
          { resources: vault({ ...GUARDED, enableSoftDelete: false }) },
          { resources: vault({ ...GUARDED, softDeleteRetentionInDays: 7 }) },
          { resources: vault({ ...GUARDED, enablePurgeProtection: false }, HSM) },
        ],
        unknown: [{ resources: vault({ ...GUARDED, enablePurgeProtection: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: UNIT,
        check: (unit, graph) => {
          if (!graph.ofType(VAULT, HSM).some((vault) => vault.unit === unit.unit)) return notApplicable('makes no vaults');
          const alerts = graph.ofType(ALERT).map((alert) =>
            allOf(
              alert.at('enabled').orDefault(true).isTrue(),
              some(operationsWatched(alert), (operation) => operation.isOneOf(DELETIONS), 'watches something else'),
            ),
          );
          const queries = graph.ofType(QUERY).map((query) =>
            allOf(
              query.at('enabled').orDefault(true).isTrue(),
              some(
                query.at('criteria.allOf').items(),
                (part) => part.at('query').matches(/VaultDelete|KeyDelete/i),
                'watches something else',
              ),
            ),
          );
          return anyOf([...alerts, ...queries], 'no alert watches for the deletion of vaults and keys');
        },
        severity: 'low',
        fix: "Add monitor.ActivityLogAlert on operationName 'Microsoft.KeyVault/vaults/delete', or monitor.ScheduledQueryRule on KeyDelete.",
        pass: [
          {
            resources: {
              ...vault(GUARDED),
              alert: {
                type: ALERT,
                properties: { condition: { allOf: [{ field: 'operationName', equals: 'Microsoft.KeyVault/vaults/delete' }] } },
              },
            },
          },
          {
            name: 'among other operations',
            resources: {
              ...vault(GUARDED),
              alert: {
                type: ALERT,
                properties: {
                  condition: {
                    allOf: [
                      { field: 'category', equals: 'Administrative' },
                      {
                        anyOf: [
                          { field: 'operationName', containsAny: ['Microsoft.KeyVault/vaults/write', 'Microsoft.KeyVault/vaults/delete'] },
                        ],
                      },
                    ],
                  },
                },
              },
            },
          },
          {
            resources: {
              ...vault(GUARDED),
              alert: {
                type: QUERY,
                properties: { criteria: { allOf: [{ query: "AzureDiagnostics | where OperationName == 'KeyDelete'" }] } },
              },
            },
          },
        ],
        fail: [
          { resources: vault(GUARDED) },
          {
            resources: {
              ...vault(GUARDED),
              alert: {
                type: ALERT,
                properties: { enabled: false, condition: { allOf: [{ equals: 'Microsoft.KeyVault/vaults/delete' }] } },
              },
            },
          },
        ],
        skip: [{ resources: { data: { type: STORAGE_ACCOUNT, properties: {} } } }],
      }),
    ],
  },

  'ENC-09': {
    aws: rule({
      on: KEY,
      check: (key) =>
        key
          .at('KeySpec')
          .orDefault('SYMMETRIC_DEFAULT')
          .matches(
            /^(SYMMETRIC_DEFAULT|RSA_(3072|4096)|ECC_NIST_P(256|384|521)|ECC_NIST_EDWARDS25519|HMAC_(256|384|512)|ML_DSA_(44|65|87))$/,
          ),
      fix: 'Set KeySpec to SYMMETRIC_DEFAULT, RSA_3072 or RSA_4096, ECC_NIST_P256 or larger.',
      pass: [{ resources: key({ KeySpec: 'RSA_3072', KeyUsage: 'SIGN_VERIFY' }) }],
      fail: [
        { resources: key({ KeySpec: 'RSA_2048', KeyUsage: 'SIGN_VERIFY' }) },
        { resources: key({ KeySpec: 'ECC_SECG_P256K1', KeyUsage: 'SIGN_VERIFY' }) },
      ],
      unknown: [{ parameters: { Spec: { Type: 'String' } }, resources: key({ KeySpec: { Ref: 'Spec' } }) }],
    }),
    azure: rule({
      on: VAULT_KEY,
      check: (key) => {
        const { kty, size, curve } = {
          kty: key.at('properties.kty').orDefault('RSA'),
          size: key.at('properties.keySize').orDefault(2048),
          curve: key.at('properties.curveName').orDefault('P-256'),
        };
        if (kty.isOneOf(['EC', 'EC-HSM']).verdict === 'pass') return curve.isOneOf(['P-256', 'P-384', 'P-521']);
        return allOf(kty.isOneOf(['RSA', 'RSA-HSM']), size.isAtLeast(3072));
      },
      fix: "Set keySize to 3072 or 4096 for RSA, or kty 'EC' with curveName 'P-256', 'P-384' or 'P-521'.",
      pass: [{ resources: vaultKey({ kty: 'RSA-HSM', keySize: 4096 }) }, { resources: vaultKey({ kty: 'EC', curveName: 'P-384' }) }],
      fail: [
        { resources: vaultKey({ kty: 'RSA' }) },
        { resources: vaultKey({ keySize: 2048 }) },
        { resources: vaultKey({ kty: 'EC', curveName: 'P-256K' }) },
      ],
      unknown: [{ resources: vaultKey({ kty: 'RSA', keySize: { $unknown: 'config value' } }) }],
    }),
  },

  'DHC-10': {
    aws: rule({
      on: [KEY, REPLICA],
      check: (key) => allOf(key.option('DeletionPolicy').isOneOf(RETAINED), key.option('UpdateReplacePolicy').isOneOf(RETAINED)),
      fix: 'Use SecureKey, or keep the key: DeletionPolicy and UpdateReplacePolicy Retain (removalPolicy RETAIN). Without the key its data is lost.',
      pass: [{ resources: key({}, { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' }) }],
      fail: [
        { resources: key({}) },
        { resources: key({}, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Retain' }) },
        { resources: key({}, { DeletionPolicy: 'Retain' }) },
      ],
    }),
    azure: rule({
      on: [VAULT, HSM],
      check: isGuardedFromDeletion,
      fix: "Put a ManagementLockByScope with level 'CanNotDelete' on the vault, or set the resource option protect: true.",
      pass: [
        { resources: vault(GUARDED, VAULT, { options: { protect: true } }) },
        {
          resources: {
            ...vault(GUARDED),
            lock: {
              type: 'azure-native:authorization:ManagementLockByScope',
              properties: { level: 'CanNotDelete', scope: { $ref: 'vault' } },
            },
          },
        },
      ],
      fail: [{ resources: vault(GUARDED) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
