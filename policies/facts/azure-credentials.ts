/** Where Azure resources take credentials and texts in which credentials hide. */
import { Residue } from '../node';
import { every, fail, type Outcome, pass } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';
import { openParameterOf, valuesAt } from './credentials';
import { isPlausibleSecret, secretIn } from './secret-texts';

/** Properties that take a credential as it is, by type; `[]` stands for each entry of a list. */
export const AZURE_CREDENTIALS: Readonly<Record<string, readonly string[]>> = {
  'apimanagement:AuthorizationServer': ['clientSecret', 'resourceOwnerPassword'],
  'apimanagement:Certificate': ['data', 'password'],
  'apimanagement:IdentityProvider': ['clientSecret'],
  'apimanagement:OpenIdConnectProvider': ['clientSecret'],
  'apimanagement:Backend': ['credentials.authorization.parameter', 'proxy.password'],
  'app:ContainerApp': ['configuration.secrets[].value'],
  'app:Job': ['configuration.secrets[].value'],
  'automation:Credential': ['password'],
  'automation:SourceControl': ['securityToken.accessToken', 'securityToken.refreshToken'],
  'automation:Webhook': ['uri'],
  'batch:Pool': ['userAccounts[].password'],
  'compute:VirtualMachine': ['osProfile.adminPassword'],
  'compute:VirtualMachineExtension': ['protectedSettings'],
  'compute:VirtualMachineRunCommandByVirtualMachine': ['runAsPassword', 'protectedParameters[].value'],
  'compute:VirtualMachineScaleSet': ['virtualMachineProfile.osProfile.adminPassword'],
  'compute:VirtualMachineScaleSetExtension': ['protectedSettings'],
  'containerinstance:ContainerGroup': [
    'imageRegistryCredentials[].password',
    'containers[].environmentVariables[].secureValue',
    'diagnostics.logAnalytics.workspaceKey',
  ],
  'containerservice:ManagedCluster': ['servicePrincipalProfile.secret', 'windowsProfile.adminPassword', 'aadProfile.serverAppSecret'],
  'dbformysql:Server': ['administratorLoginPassword'],
  'dbforpostgresql:Server': ['administratorLoginPassword'],
  'dbforpostgresql:ServerGroupCluster': ['administratorLoginPassword'],
  'hdinsight:Cluster': ['properties.computeProfile.roles[].osProfile.linuxOperatingSystemProfile.password'],
  'keyvault:Secret': ['properties.value'],
  'network:ApplicationGateway': ['sslCertificates[].data', 'sslCertificates[].password'],
  'network:ExpressRouteCircuitAuthorization': ['authorizationKey'],
  'network:VirtualNetworkGatewayConnection': ['sharedKey', 'authorizationKey'],
  'network:VpnConnection': ['sharedKey', 'vpnLinkConnections[].sharedKey'],
  'redhatopenshift:OpenShiftCluster': ['servicePrincipalProfile.clientSecret', 'clusterProfile.pullSecret'],
  'resources:AzureCliScript': ['environmentVariables[].secureValue'],
  'resources:AzurePowerShellScript': ['environmentVariables[].secureValue'],
  'servicefabric:ManagedCluster': ['adminPassword'],
  'sql:ManagedInstance': ['administratorLoginPassword'],
  'sql:Server': ['administratorLoginPassword'],
  'synapse:Workspace': ['sqlAdministratorLoginPassword'],
  'web:Certificate': ['password', 'pfxBlob'],
  'web:StaticSite': ['repositoryToken'],
  'web:WebAppAuthSettings': [
    'clientSecret',
    'facebookAppSecret',
    'gitHubClientSecret',
    'googleClientSecret',
    'microsoftAccountClientSecret',
    'twitterConsumerSecret',
  ],
};

/** Of a certificate that is uploaded: no credential without the private key, which has its own format. */
export const azureCredentialsOf = (resource: Resource): readonly Value[] =>
  (AZURE_CREDENTIALS[resource.type.replace('azure-native:', '')] ?? [])
    .flatMap((path) => valuesAt(resource, path))
    .filter(({ state }) => state !== 'absent');

/** How properties of any type are called that take nothing but a credential: `sharedAccessPolicyKey`, `dbPassword`. */
const NAMED_CREDENTIAL =
  /(?:password|(?:client|app|consumer|channel|radiusServer|servicePrincipal|serverApp)secret|(?:account|accountAccess|storageAccess|sharedAccessPolicy|sharedAccess|servicePrincipal|secretAccess|api|sas|shared|symmetric|workspace|master)key|(?:access|refresh|api|sas|auth|personalAccess)token)$/i;
/** Placeholders of definitions that are resolved when they run: `@parameters('key')`, `@{…}`. */
const EXPRESSION = /^@/;
/** A credential that data factories and their kin take in clear text, under whatever name. */
const SECURE_STRING = 'SecureString';

/**
 * The name under which a tree of properties writes out a credential: by what the property is called, or because it says itself
 * that it is one. Names that the table of the type knows are left to it.
 */
export function namedCredentialIn(type: string, node: unknown): string | undefined {
  const bare = type.replace('azure-native:', '');
  // Settings by their names are judged as settings.
  if (SETTINGS[bare]?.some(([, name]) => name === undefined)) return undefined;
  const known = new Set((AZURE_CREDENTIALS[bare] ?? []).map((path) => path.replace(/^.*[.\]]/, '')));
  const written = (name: string, value: unknown): boolean =>
    typeof value === 'string' && !EXPRESSION.test(value) && isPlausibleSecret(name, value);
  const search = (at: unknown): string | undefined => {
    if (typeof at !== 'object' || at === null || at instanceof Residue) return undefined;
    for (const [name, child] of Object.entries(at)) {
      if (NAMED_CREDENTIAL.test(name) && !known.has(name) && written(name, child)) return name;
      const below = child as { readonly type?: unknown; readonly value?: unknown } | null;
      if (below?.type === SECURE_STRING && written('password', below.value)) return name;
      const found = search(child);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(node);
}

const FORMATS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['a storage account key', /AccountKey=[A-Za-z0-9+/]{40,}/],
  ['a shared access key', /SharedAccessKey=[A-Za-z0-9+/]{30,}/],
  ['a connection string with a password', /(?:^|;)\s*(?:Password|Pwd)\s*=\s*(?!\$|\{|<|\*|@)[^;]{3,}(?:;|$)/i],
  ['a shared access signature', /[?&]sig=[A-Za-z0-9%+/]{30,}/],
  ['a client secret of Entra', /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.-]{3}[78]Q~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/],
];
const SUSPECT = /Key=|P(?:ass)?w(?:or)?d\s*=|[?&]sig=|Q~/i;

/** What kind of secret stands in a text, by its format; undefined where none does. */
export const azureSecretIn = (text: string): string | undefined =>
  (SUSPECT.test(text) ? FORMATS.find(([, pattern]) => pattern.test(text))?.[0] : undefined) ?? secretIn(text);

/**
 * Where Application Insights takes what is sent to it: a name and addresses, which Azure documents as no secret. It stands in
 * the clear in most programs.
 */
const TELEMETRY = /^(APPLICATIONINSIGHTS|APPINSIGHTS)_|^ApplicationInsights[:_]/i;
export const isTelemetry = (name: string): boolean => TELEMETRY.test(name);

/** Names of secrets that the platform looks up itself, and that are no secrets. */
const LOOKED_UP = /^@Microsoft\.(KeyVault|AppConfiguration)\(|^\{\{[\w-]+\}\}$/i;

/** A credential comes from where nobody reads it in passing: not from the program, nor from a parameter that is shown. */
export function isKeptInAzure(value: Value): Outcome {
  const { path, shownIn } = value;
  if (shownIn !== undefined) return fail(`${path} can be read in ${shownIn}`, path);
  if (value.state === 'absent' || value.holdsSecret || value.state === 'reference') return pass();
  if (value.isMap) return every(value.entries(), ([, entry]) => isKeptInAzure(entry));
  if (value.isList) return every(value.items(), isKeptInAzure);
  if (value.state === 'known')
    return value.string === '' || LOOKED_UP.test(value.string ?? '') ? pass() : fail(`${path} is written in clear text`, path);
  const parameter = openParameterOf(value);
  if (parameter !== undefined)
    return fail(`${path} comes from parameter ${parameter}, which is no securestring and is shown with the deployment`, path);
  return value.targets.length > 0 ? pass() : value.asUnknown();
}

/** Places of settings that what runs reads: path of the list or map, and what an entry calls its name and its value. */
export const SETTINGS: Readonly<Record<string, readonly (readonly [path: string, name?: string, value?: string])[]>> = {
  'web:WebApp': [
    ['siteConfig.appSettings[]', 'name', 'value'],
    ['siteConfig.connectionStrings[]', 'name', 'connectionString'],
  ],
  'web:WebAppSlot': [
    ['siteConfig.appSettings[]', 'name', 'value'],
    ['siteConfig.connectionStrings[]', 'name', 'connectionString'],
  ],
  'web:WebAppApplicationSettings': [['properties']],
  'web:WebAppApplicationSettingsSlot': [['properties']],
  'web:WebAppConnectionStrings': [['properties']],
  'web:WebAppConnectionStringsSlot': [['properties']],
  'containerinstance:ContainerGroup': [['containers[].environmentVariables[]', 'name', 'value']],
  'app:ContainerApp': [
    ['template.containers[].env[]', 'name', 'value'],
    ['template.initContainers[].env[]', 'name', 'value'],
  ],
  'app:Job': [
    ['template.containers[].env[]', 'name', 'value'],
    ['template.initContainers[].env[]', 'name', 'value'],
  ],
  'resources:AzureCliScript': [['environmentVariables[]', 'name', 'value']],
  'resources:AzurePowerShellScript': [['environmentVariables[]', 'name', 'value']],
  'appconfiguration:KeyValue': [['', 'keyValueName', 'value']],
  'automation:Variable': [['', 'variableName', 'value']],
  'apimanagement:NamedValue': [['', 'displayName', 'value']],
  'apimanagement:WorkspaceNamedValue': [['', 'displayName', 'value']],
};
export const SETTING_TYPES = Object.keys(SETTINGS).map((type) => `azure-native:${type}`);

/** The settings that a resource gives to what runs in it, as far as their names are known. */
export function settingsOf(resource: Resource): readonly (readonly [name: string, value: Value])[] {
  return (SETTINGS[resource.type.replace('azure-native:', '')] ?? []).flatMap(([path, name, value]) => {
    if (name === undefined || value === undefined)
      return resource
        .at(path)
        .entries()
        .map(([key, entry]) => [key, entry.isMap ? entry.at('value') : entry] as const);
    const entries = path === '' ? [resource.all] : valuesAt(resource, path);
    return entries.map((entry) => [entry.at(name).string ?? '', entry.at(value)] as const);
  });
}
