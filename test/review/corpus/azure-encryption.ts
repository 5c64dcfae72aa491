/** Pairs on by what stores, keys, machines and traffic of Azure are encrypted, as far as no rule tells it. */
import { azure } from './azure-wiring';
import { GONE, type Harmless, harmless, pulumiWith, type Weakening, weakenings } from './pair';

const ENCRYPTED: Readonly<Record<string, object>> = {
  vault: azure('keyvault:Vault', { vaultName: 'casevault', properties: {} }),
  spare: azure('keyvault:Vault', { vaultName: 'casespare', properties: {} }),
  records: azure('storage:StorageAccount', {
    accountName: 'caserecords',
    encryption: {
      keySource: 'Microsoft.Keyvault',
      requireInfrastructureEncryption: true,
      keyVaultProperties: { keyName: 'cases', keyVaultUri: 'https://casevault.vault.azure.net' },
    },
  }),
  scope: azure('storage:EncryptionScope', {
    accountName: 'caserecords',
    encryptionScopeName: 'cases',
    requireInfrastructureEncryption: true,
    source: 'Microsoft.KeyVault',
    keyVaultProperties: { keyUri: 'https://casevault.vault.azure.net/keys/cases' },
  }),
  letters: azure('storage:BlobContainer', { accountName: 'caserecords', containerName: 'letters', defaultEncryptionScope: 'cases' }),
  files: azure('storage:FileServiceProperties', {
    accountName: 'caserecords',
    fileServicesName: 'default',
    protocolSettings: {
      smb: {
        versions: 'SMB3.1.1;',
        authenticationMethods: 'Kerberos;',
        kerberosTicketEncryption: 'AES-256;',
        channelEncryption: 'AES-256-GCM;',
      },
    },
  }),
  homes: azure('storage:FileShare', { accountName: 'caserecords', shareName: 'homes', enabledProtocols: 'SMB' }),
  shared: azure('storage:FileShare', {
    accountName: 'caserecords',
    shareName: 'shared',
    enabledProtocols: 'NFS',
    rootSquash: 'RootSquash',
  }),
  key: azure('keyvault:Key', {
    vaultName: 'casevault',
    keyName: 'cases',
    properties: {
      kty: 'RSA-HSM',
      keySize: 3072,
      keyOps: ['wrapKey', 'unwrapKey'],
      attributes: { enabled: true },
      rotationPolicy: {
        attributes: { expiryTime: 'P1Y' },
        lifetimeActions: [{ action: { type: 'rotate' }, trigger: { timeAfterCreate: 'P90D' } }],
      },
    },
  }),
  curve: azure('keyvault:Key', {
    vaultName: 'casevault',
    keyName: 'signs',
    properties: { kty: 'EC-HSM', curveName: 'P-384', keyOps: ['sign'] },
  }),
  disks: azure('compute:DiskEncryptionSet', {
    diskEncryptionSetName: 'casedisks',
    encryptionType: 'EncryptionAtRestWithPlatformAndCustomerKeys',
    activeKey: { keyUrl: 'https://casevault.vault.azure.net/keys/disks/0123456789abcdef' },
  }),
  protector: azure('sql:EncryptionProtector', {
    serverName: 'casesql',
    encryptionProtectorName: 'current',
    serverKeyType: 'AzureKeyVault',
    serverKeyName: 'casevault_cases_0123456789abcdef',
  }),
  machine: azure('compute:VirtualMachine', {
    vmName: 'casemachine',
    securityProfile: {
      encryptionAtHost: true,
      securityType: 'ConfidentialVM',
      uefiSettings: { secureBootEnabled: true, vTpmEnabled: true },
    },
    storageProfile: { osDisk: { managedDisk: { securityProfile: { securityEncryptionType: 'DiskWithVMGuestState' } } } },
  }),
  web: azure('web:WebApp', {
    name: 'caseweb',
    siteConfig: { minTlsVersion: '1.2', minTlsCipherSuite: 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384' },
  }),
  gateway: azure('network:ApplicationGateway', {
    applicationGatewayName: 'casegateway',
    sslPolicy: {
      policyType: 'CustomV2',
      minProtocolVersion: 'TLSv1_2',
      cipherSuites: ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256'],
    },
  }),
  environment: azure('app:ManagedEnvironment', {
    environmentName: 'caseapps',
    peerTrafficConfiguration: { encryption: { enabled: true } },
  }),
  pool: azure('containerservice:AgentPool', {
    resourceName: 'casecluster',
    agentPoolName: 'pool',
    enableFIPS: true,
    securityProfile: { enableSecureBoot: true, enableVTPM: true },
  }),
};
const OPS = 'key.properties';
export const ENCRYPTION_WEAKENINGS: Readonly<Record<string, Weakening>> = weakenings(pulumiWith, ENCRYPTED, {
  'Azure encryption: the second layer of an account is turned off': [
    'encryption: the second layer',
    { 'records.encryption.requireInfrastructureEncryption': false },
  ],
  'Azure encryption: the second layer of a scope is turned off': [
    'encryption: the second layer',
    { 'scope.requireInfrastructureEncryption': false },
  ],
  'Azure encryption: a container loses its scope': [
    'encryption: the key of its account',
    { 'letters.defaultEncryptionScope': '$account-encryption-key' },
  ],
  'Azure encryption: the key of an account is in a vault that nobody knows': [
    'encryption: stranger.vault.azure.net',
    { 'records.encryption.keyVaultProperties': { keyName: 'other', keyVaultUri: 'https://stranger.vault.azure.net' } },
  ],
  'Azure encryption: the key of an account is in another vault of ours': [
    'encryption: the vault spare',
    { 'records.encryption.keyVaultProperties.keyVaultUri': 'https://casespare.vault.azure.net/' },
  ],
  'Azure encryption: the key of disks is in a vault that nobody knows': [
    'encryption: stranger.vault.azure.net',
    { 'disks.activeKey.keyUrl': 'https://stranger.vault.azure.net/keys/disks/0123456789abcdef' },
  ],
  'Azure encryption: the key of a server is in a vault that nobody knows': [
    'encryption: stranger',
    { 'protector.serverKeyName': 'stranger_cases_0123456789abcdef' },
  ],
  'Azure encryption: shares take passwords besides tickets': [
    'encryption: NTLMv2',
    { 'files.protocolSettings.smb.authenticationMethods': 'NTLMv2;Kerberos;' },
  ],
  'Azure encryption: shares take tickets with RC4': [
    'encryption: RC4',
    { 'files.protocolSettings.smb.kerberosTicketEncryption': 'RC4-HMAC;AES-256;' },
  ],
  'Azure encryption: a share believes the administrators of its clients': [
    'access: administrator',
    { 'shared.rootSquash': 'NoRootSquash' },
  ],
  'Azure encryption: a share becomes one that believes its clients': [
    'access: administrator',
    { 'homes.enabledProtocols': 'NFS', 'homes.rootSquash': 'NoRootSquash' },
  ],
  'Azure encryption: a key can be taken out': ['encryption: taken out', { [`${OPS}.attributes.exportable`]: true }],
  'Azure encryption: a key may be released': ['encryption: taken out', { [`${OPS}.keyOps`]: ['wrapKey', 'unwrapKey', 'release'] }],
  'Azure encryption: a key is kept in software': ['encryption: in software', { [`${OPS}.kty`]: 'RSA' }],
  'Azure encryption: a key is exchanged less often': [
    'encryption: 90 days to 340 days',
    { [`${OPS}.rotationPolicy.lifetimeActions.0.trigger.timeAfterCreate`]: 'P340D' },
  ],
  'Azure encryption: a key is exchanged less often, counted from its end': [
    'encryption: 90 days to 335 days',
    { [`${OPS}.rotationPolicy.lifetimeActions.0.trigger`]: { timeBeforeExpiry: 'P30D' } },
  ],
  'Azure encryption: the curve of a key is smaller': ['encryption: its curve', { 'curve.properties.curveName': 'P-256' }],
  'Azure encryption: disks lose a layer': ['encryption: fewer layers', { 'disks.encryptionType': 'EncryptionAtRestWithCustomerKey' }],
  'Azure encryption: a machine is no longer shielded from its host': [
    'encryption: shields',
    { 'machine.securityProfile.securityType': 'TrustedLaunch' },
  ],
  'Azure encryption: only the state of a machine is encrypted for itself': [
    'encryption: its disk for itself alone',
    { 'machine.storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType': 'VMGuestStateOnly' },
  ],
  'Azure encryption: an app takes old ciphers': [
    'encryption: old ciphers',
    { 'web.siteConfig.minTlsCipherSuite': 'TLS_RSA_WITH_AES_128_CBC_SHA' },
  ],
  'Azure encryption: a gateway takes old ciphers': [
    'encryption: old ciphers',
    { 'gateway.sslPolicy.cipherSuites': ['TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384', 'TLS_RSA_WITH_3DES_EDE_CBC_SHA'] },
  ],
  'Azure encryption: apps speak among themselves in clear text': [
    'encryption: among its apps',
    { 'environment.peerTrafficConfiguration.encryption.enabled': false },
  ],
  'Azure encryption: nodes start what is not signed': ['controls: signed code', { 'pool.securityProfile.enableSecureBoot': false }],
});
export const ENCRYPTION_HARMLESS: Readonly<Record<string, Harmless>> = harmless(pulumiWith, ENCRYPTED, {
  'Azure encryption: a key of the same vault has another name': { 'records.encryption.keyVaultProperties.keyName': 'cases2' },
  'Azure encryption: a vault is written in other case, with a slash': {
    'records.encryption.keyVaultProperties.keyVaultUri': 'https://CaseVault.vault.azure.net/',
  },
  'Azure encryption: a key of disks has another version': {
    'disks.activeKey.keyUrl': 'https://casevault.vault.azure.net/keys/disks/fedcba9876543210',
  },
  'Azure encryption: a key of a server has another version': { 'protector.serverKeyName': 'casevault_cases_fedcba9876543210' },
  'Azure encryption: settings of shares are written in other order': {
    'files.protocolSettings.smb': {
      channelEncryption: 'AES-256-GCM',
      versions: 'SMB3.1.1',
      kerberosTicketEncryption: 'AES-256',
      authenticationMethods: 'Kerberos',
    },
  },
  'Azure encryption: a share believes nobody': { 'shared.rootSquash': 'AllSquash' },
  'Azure encryption: a key may do something else that takes nothing out': { [`${OPS}.keyOps`]: ['unwrapKey', 'wrapKey', 'encrypt'] },
  'Azure encryption: a key is exchanged as often, counted from its end': {
    [`${OPS}.rotationPolicy.lifetimeActions.0.trigger`]: { timeBeforeExpiry: 'P275D' },
  },
  'Azure encryption: a key is exchanged more often': { [`${OPS}.rotationPolicy.lifetimeActions.0.trigger.timeAfterCreate`]: 'P60D' },
  'Azure encryption: ciphers go in another order': {
    'gateway.sslPolicy.cipherSuites': ['TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384'],
  },
  'Azure encryption: apps prove to each other who they are': {
    'environment.peerTrafficConfiguration': GONE,
    'environment.peerAuthentication': { mtls: { enabled: true } },
  },
});
