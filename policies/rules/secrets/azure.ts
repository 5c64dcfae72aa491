/** Credentials in programs and templates for Azure, and how long secrets in vaults live. */
import type { ControlId } from '../../../controls';
import {
  AZURE_CREDENTIALS,
  azureCredentialsOf,
  azureSecretIn,
  isKeptInAzure,
  isTelemetry,
  namedCredentialIn,
  SETTING_TYPES,
  settingsOf,
} from '../../facts/azure-credentials';
import { assignedIn, firstIn, isCredentialName, isPlausibleSecret } from '../../facts/secret-texts';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { setting } from '../setting';

const VM = 'azure-native:compute:VirtualMachine';
const VMSS = 'azure-native:compute:VirtualMachineScaleSet';
const SECRET = 'azure-native:keyvault:Secret';
const VARIABLE = 'azure-native:automation:Variable';
const NAMED_VALUES = ['azure-native:apimanagement:NamedValue', 'azure-native:apimanagement:WorkspaceNamedValue'] as const;
const APPS = ['azure-native:app:ContainerApp', 'azure-native:app:Job'] as const;
const SETTINGS = 'azure-native:web:WebAppApplicationSettings';

/** Scripts, by the type and the path at which they stand; machines take theirs in base64. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  [VM]: ['osProfile.customData', 'userData'],
  [VMSS]: ['virtualMachineProfile.osProfile.customData', 'virtualMachineProfile.userData'],
  'azure-native:compute:VirtualMachineExtension': ['settings.commandToExecute'],
  'azure-native:compute:VirtualMachineScaleSetExtension': ['settings.commandToExecute'],
  'azure-native:compute:VirtualMachineRunCommandByVirtualMachine': ['source.script'],
  'azure-native:resources:AzureCliScript': ['scriptContent', 'arguments'],
  'azure-native:resources:AzurePowerShellScript': ['scriptContent', 'arguments'],
};

const decoded = (text: string): string => (/^[A-Za-z0-9+/\s]{16,}={0,2}$/.test(text) ? Buffer.from(text, 'base64').toString('utf8') : text);

function scriptsSayNothing(resource: Resource): Outcome {
  return every(SCRIPTS[resource.type] ?? [], (path) => {
    const script = resource.at(path);
    if (script.holdsSecret) return fail(`${path} carries a secret to where everybody on the machine can read it`, path);
    const name = script.shape === undefined ? undefined : assignedIn(decoded(script.shape), 'script');
    return name === undefined ? pass() : fail(`${path} writes out a value for ${name}`, path);
  });
}

/** Settings are read by everybody who may look at the app; a credential among them stands in the vault. */
function settingIsKept([name, value]: readonly [string, Value]): Outcome {
  if (!isCredentialName(name) || isTelemetry(name)) return pass();
  // How a connection of Functions says that it has no credential: `Storage__credential`.
  if (/__credential$/i.test(name) && value.string?.toLowerCase() === 'managedidentity') return pass();
  if (value.string !== undefined && !isPlausibleSecret(name, value.string)) return pass();
  return isKeptInAzure(value);
}

/** No text of the resource has the format of a secret, or stands under the name of one. */
function saysNoSecret({ properties, type }: Resource): Outcome {
  for (const [top, node] of Object.entries(properties as object)) {
    const seen = firstIn({ [top]: node }, azureSecretIn);
    if (seen !== undefined) return fail(`${top} holds ${seen}`, top);
    const name = namedCredentialIn(type, { [top]: node });
    if (name !== undefined) return fail(`${name === top ? top : `${top} … ${name}`} is written in clear text`, top);
  }
  return pass();
}

/** Longest life of a secret, in seconds: 90 days. */
const LONGEST_LIFE = 90 * 24 * 60 * 60;

/** The secret ends; where it says when it begins, it does not live longer than 90 days. */
function expiresInTime(secret: Resource): Outcome {
  const [from, expires] = [secret.at('properties.attributes.notBefore'), secret.at('properties.attributes.expires')];
  if (expires.state === 'absent') return fail('properties.attributes.expires is not set: the secret never expires', expires.path);
  const [begin, end] = [from.number, expires.number];
  if (begin === undefined || end === undefined || end - begin <= LONGEST_LIFE) return expires.isAtLeast(1);
  return fail(`lives for ${Math.round((end - begin) / (24 * 60 * 60))} days: expires is too long after notBefore`, expires.path);
}

const server = (administratorLoginPassword?: unknown) => ({
  server: { type: 'azure-native:sql:Server', properties: administratorLoginPassword === undefined ? {} : { administratorLoginPassword } },
});
const app = (...appSettings: readonly object[]) => ({
  app: { type: 'azure-native:web:WebApp', properties: { siteConfig: { appSettings } } },
});
const values = (properties: object) => ({ settings: { type: SETTINGS, properties: { properties } } });
const machine = (properties: object) => ({ machine: { type: VM, properties } });
const secret = (properties: object) => ({ secret: { type: SECRET, properties: { properties } } });
const named = (properties: object, type: string = NAMED_VALUES[0]) => ({
  value: { type, properties: { displayName: 'key', ...properties } },
});
const kept = (secrets: readonly object[], type: string = APPS[0]) => ({ app: { type, properties: { configuration: { secrets } } } });
/** Put together here, so that no scanner takes the examples for leaks. */
const PASSWORD = ['Tr0ub4', 'dor-and-3'].join('');
const CONNECTION = ['Server=cases;User Id=app;Password', PASSWORD].join('=');

export const AZURE_SECRETS = {
  'IDA-13': {
    azure: [
      rule({
        on: Object.keys(AZURE_CREDENTIALS).map((type) => `azure-native:${type}`),
        check: (resource) => {
          const found = azureCredentialsOf(resource);
          return found.length === 0 ? notApplicable('takes no credential') : every(found, isKeptInAzure);
        },
        fix: 'Take the credential from Key Vault, or from a secret of the configuration (config.requireSecret, a securestring parameter).',
        pass: [{ resources: server({ $secret: true }) }],
        fail: [
          { resources: server(PASSWORD) },
          { resources: server({ $unknown: 'parameter password' }) },
          { name: 'in a list', resources: kept([{ name: 's', value: PASSWORD }]) },
        ],
        unknown: [{ resources: server({ $unknown: 'the answer of a service' }) }],
        skip: [{ resources: server() }],
      }),
      rule({
        on: SETTING_TYPES,
        check: (resource) => every(settingsOf(resource), settingIsKept),
        fix: 'Put the value into Key Vault and write @Microsoft.KeyVault(SecretUri=…), or a secretRef, in the setting.',
        pass: [
          { resources: app({ name: 'DB_PASSWORD', value: '@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/db)' }) },
          { resources: values({ DB_PASSWORD: '@Microsoft.KeyVault(VaultName=v;SecretName=db)' }) },
          {
            name: 'where telemetry goes',
            resources: values({
              APPLICATIONINSIGHTS_CONNECTION_STRING: { $unknown: 'reference(components)' },
              API_KEY: '@Microsoft.KeyVault(VaultName=v;SecretName=key)',
            }),
          },
          {
            name: 'an identity instead of a credential',
            resources: app({ name: 'AzureWebJobsStorage__credential', value: 'managedidentity' }),
          },
        ],
        fail: [
          { resources: app({ name: 'DB_PASSWORD', value: PASSWORD }) },
          { resources: values({ API_KEY: PASSWORD }) },
          {
            resources: {
              names: {
                type: 'azure-native:web:WebAppConnectionStrings',
                properties: { properties: { dbConnectionString: { type: 'SQLAzure', value: PASSWORD } } },
              },
            },
          },
          {
            resources: {
              value: { type: 'azure-native:appconfiguration:KeyValue', properties: { keyValueName: 'db-password', value: PASSWORD } },
            },
          },
        ],
        unknown: [{ resources: values({ API_KEY: { $unknown: 'the answer of a service' } }) }],
      }),
      rule({
        on: Object.keys(SCRIPTS),
        check: scriptsSayNothing,
        fix: 'Let the script fetch the secret from Key Vault with the identity of the machine.',
        pass: [{ resources: { machine: { type: VM, properties: {} } } }],
        fail: [
          {
            resources: machine({
              osProfile: { customData: Buffer.from(`#!/bin/sh\nexport DB_PASSWORD=${PASSWORD}\n`).toString('base64') },
            }),
          },
          { resources: machine({ userData: { $text: ['password=', { $secret: true }] } }) },
        ],
      }),
      rule({
        on: /^(azure-native:|azuread:|Microsoft\.)/,
        check: saysNoSecret,
        fix: 'Put the secret into Key Vault, change it, and refer to it by its URI.',
        pass: [
          { resources: { store: { type: 'azure-native:storage:StorageAccount', properties: {} } } },
          {
            name: 'the password itself comes from elsewhere',
            resources: machine({ userData: { $text: ['Server=cases;Password=', { $unknown: 'config value' }, ';Encrypt=True'] } }),
          },
          {
            name: 'what is looked up when it runs',
            resources: {
              flow: {
                type: 'azure-native:logic:Workflow',
                properties: { definition: { actions: { call: { inputs: { authentication: { password: "@parameters('key')" } } } } } },
              },
            },
          },
        ],
        fail: [
          {
            resources: {
              factory: { type: 'azure-native:datafactory:LinkedService', properties: { properties: { connectionString: CONNECTION } } },
            },
          },
          {
            name: 'in a text of which only deployment tells a part',
            resources: {
              app: {
                type: 'azure-native:web:WebApp',
                properties: {
                  siteConfig: {
                    connectionStrings: [
                      {
                        name: 'cases',
                        connectionString: { $text: ['Server=', { $ref: 'server.fullyQualifiedDomainName' }, `;Password=${PASSWORD};`] },
                      },
                    ],
                  },
                },
              },
              ...server(),
            },
          },
          {
            name: 'under the name of a credential',
            resources: {
              job: {
                type: 'azure-native:streamanalytics:StreamingJob',
                properties: { inputs: [{ properties: { datasource: { sharedAccessPolicyKey: PASSWORD } } }] },
              },
            },
          },
          {
            name: 'called a secure string',
            resources: {
              factory: {
                type: 'azure-native:datafactory:LinkedService',
                properties: { properties: { servicePrincipalCredential: { type: 'SecureString', value: PASSWORD } } },
              },
            },
          },
        ],
      }),
      setting({
        on: VARIABLE,
        at: 'isEncrypted',
        is: [true],
        not: false,
        unset: false,
        severity: 'medium',
        fix: 'Set isEncrypted: true; it cannot be changed later.',
      }),
    ],
  },
  'IDA-12': {
    azure: [
      rule({
        on: SECRET,
        check: expiresInTime,
        severity: 'medium',
        fix: 'Set properties.attributes.expires (seconds since 1970) to 90 days from now, and rotate on the event SecretNearExpiry.',
        pass: [
          { resources: secret({ attributes: { expires: 1893456000 } }) },
          { resources: secret({ attributes: { notBefore: 1885680000, expires: 1893456000 } }) },
        ],
        fail: [
          { resources: secret({}) },
          { resources: secret({ attributes: { enabled: true } }) },
          { name: 'lives for two years', resources: secret({ attributes: { notBefore: 1830384000, expires: 1893456000 } }) },
        ],
        unknown: [{ resources: secret({ attributes: { expires: { $unknown: 'config value' } } }) }],
      }),
      rule({
        on: NAMED_VALUES,
        check: (one) => {
          if (one.at('secret').orDefault(false).isTrue().verdict === 'fail') return notApplicable('is no secret');
          const vault = one.at('keyVault.secretIdentifier').isSet();
          return vault.verdict === 'fail'
            ? fail('keyVault.secretIdentifier is not set: the secret is kept in the service, and does not rotate', 'keyVault')
            : vault;
        },
        severity: 'medium',
        fix: 'Set keyVault.secretIdentifier to a secret in Key Vault, and remove value.',
        pass: [
          { resources: named({ secret: true, keyVault: { secretIdentifier: 'https://v.vault.azure.net/secrets/k' } }) },
          { resources: named({ secret: true, keyVault: { secretIdentifier: 'https://v.vault.azure.net/secrets/k' } }, NAMED_VALUES[1]) },
        ],
        fail: [
          { resources: named({ secret: true, value: { $secret: true } }) },
          { resources: named({ secret: true, keyVault: { secretIdentifier: '' } }) },
        ],
        skip: [{ resources: named({ secret: false, value: 'x' }) }],
      }),
      rule({
        on: APPS,
        check: (one) => {
          const secrets = one.at('configuration.secrets').items();
          if (secrets.length === 0) return notApplicable('has no secrets');
          return every(secrets, (each) => {
            const vault = each.at('keyVaultUrl').isSet();
            return vault.verdict === 'fail' ? fail(`${each.path} is kept in the app, and does not rotate`, each.path) : vault;
          });
        },
        severity: 'low',
        from: 'moderate',
        fix: 'Set keyVaultUrl and identity of the secret instead of value.',
        pass: [
          { resources: kept([{ name: 's', keyVaultUrl: 'https://v.vault.azure.net/secrets/s', identity: 'system' }]) },
          { resources: kept([{ name: 's', keyVaultUrl: 'https://v.vault.azure.net/secrets/s' }], APPS[1]) },
        ],
        fail: [{ resources: kept([{ name: 's', value: { $secret: true } }]) }],
        skip: [{ resources: { app: { type: APPS[0], properties: {} } } }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
