/**
 * Settings of Azure by which data and traffic are encrypted, as far as no rule tells them: second layers, scopes, protocols of shares,
 * keys and their rotation, machines that start only what is signed. Paths and defaults as the references of the services state them.
 */
import { hoursOf } from '../../../policies/facts/azure-durations';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { on, type Row, row, type Strength, scale } from './parts';

const STORAGE = /^azure-native:storage:StorageAccount$/;
const SCOPE = /^azure-native:storage:EncryptionScope$/;
const CONTAINER = /^azure-native:storage:BlobContainer$/;
const FILES = /^azure-native:storage:FileServiceProperties$/;
const SHARE = /^azure-native:storage:FileShare$/;
const KEY = /^azure-native:keyvault:Key$/;
const MACHINE = /^azure-native:compute:VirtualMachine$/;
const SET = /^azure-native:compute:VirtualMachineScaleSet$/;
const POOL = /^azure-native:containerservice:AgentPool$/;
const CLUSTER = /^azure-native:containerservice:ManagedCluster$/;
const SITE = /^azure-native:web:WebApp(Slot)?$/;
const GATEWAY = /^azure-native:network:ApplicationGateway$/;

// ── Readings ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What stands in a list, or in a text that separates its items by semicolons; undefined where nobody knows. */
function itemsOf(value: Value): readonly string[] | undefined {
  const texts = value.isList ? value.items().map(({ string }) => string) : [value.string];
  return texts.includes(undefined)
    ? undefined
    : texts.flatMap((text) => (text as string).split(';').map((one) => one.trim().toLowerCase()));
}

/** How much of what is weak is let through. Where nobody says anything, `absent` of it is. */
const weak =
  (path: string, items: RegExp, absent: number) =>
  (resource: Resource): number | undefined => {
    const value = resource.at(path);
    if (value.state === 'absent') return absent;
    return itemsOf(value)?.filter((one) => items.test(one)).length;
  };
const fewer = (read: (resource: Resource) => number | undefined, weaker: string, stronger: string): Row => ({
  order: { more: 'weaker' },
  read,
  turns: [weaker, stronger],
});

/** Hours after which a key is exchanged by itself: the first of all triggers; none where nothing does. */
function rotation(key: Resource): number | undefined {
  const policy = key.at('properties.rotationPolicy');
  // That it no longer rotates at all, a rule says.
  if (policy.state === 'absent') return undefined;
  const life = hours(policy.at('attributes.expiryTime'));
  const rotating = policy
    .at('lifetimeActions')
    .items()
    .filter((action) => action.at('action.type').is('rotate').verdict === 'pass');
  if (rotating.length === 0) return undefined;
  const after = rotating.map((action) => {
    const before = hours(action.at('trigger.timeBeforeExpiry'));
    return hours(action.at('trigger.timeAfterCreate')) ?? (before === undefined || life === undefined ? undefined : life - before);
  });
  return after.includes(undefined) ? undefined : Math.min(...(after as number[])) / 24;
}
const hours = (value: Value): number | undefined => (value.string === undefined ? undefined : hoursOf(value.string));

/** What a client with the rights of the administrator of its own machine may do: everything, until the share makes it nobody. */
function squashed(share: Resource): number | undefined {
  const protocol = share.at('enabledProtocols').orDefault('SMB').string;
  // Other protocols ask who comes.
  if (protocol?.toUpperCase() !== 'NFS') return protocol === undefined ? undefined : 1;
  const squash = share.at('rootSquash').orDefault('NoRootSquash').string;
  return squash === undefined ? undefined : Number(squash !== 'NoRootSquash');
}

/** Of suites that a gateway or an app offers: those without forward secrecy, or with modes and ciphers that are broken. */
const OLD_SUITE = /^tls_rsa_|_cbc_|3des|rc4|_dss_/;
const oldSuites =
  (path: string, absent?: number) =>
  (resource: Resource): number | undefined => {
    const value = resource.at(path);
    if (value.state === 'absent') return absent;
    return itemsOf(value)?.filter((one) => OLD_SUITE.test(one)).length;
  };

/** Encryption of the peers of an environment: its own switch, or that they prove who they are. */
function peers(environment: Resource): number | undefined {
  const switches = ['peerTrafficConfiguration.encryption.enabled', 'peerAuthentication.mtls.enabled'].map((path) =>
    environment.at(path).orDefault(false),
  );
  if (switches.some(({ boolean }) => boolean === true)) return 1;
  return switches.some(({ boolean }) => boolean === undefined) ? undefined : 0;
}

/** The first disk of a machine: whether the whole of it is encrypted for the machine alone, or only its state. */
const CONFIDENTIAL = ['NonPersistedTPM', 'VMGuestStateOnly', 'DiskWithVMGuestState'] as const;

const machines = (path: string): readonly Strength[] =>
  [MACHINE, SET].map((type) => {
    const at = type === SET ? `virtualMachineProfile.${path}` : path;
    return row(type, at, 'the encryption of its disk for itself alone', 'encryption', { order: { scale: CONFIDENTIAL }, severity: 'high' });
  });

const nodes = (what: string, path: string, aspect: Strength['aspect'], severity: Strength['severity']): readonly Strength[] => [
  row(POOL, path, what, aspect, { ...on('false'), ...(severity ? { severity } : {}) }),
  row(CLUSTER, `agentPoolProfiles[].${path}`, what, aspect, {
    order: { more: 'stronger' },
    read: (cluster) => {
      const values = cluster
        .at('agentPoolProfiles')
        .items()
        .map((pool) => pool.at(path).orDefault(false).boolean);
      return values.length === 0 || values.includes(undefined) ? undefined : Number(values.every(Boolean));
    },
    turns: [`${what} is turned off for some of its nodes`, `${what} is turned on for all of its nodes`],
    ...(severity ? { severity } : {}),
  }),
];

/** Decided once, when the store is made: who writes nothing changes nothing. */
const second: Row = { order: { scale: ['false', 'true'] } };

// ── Rows ───────────────────────────────────────────────────────────────────────────────────────────────────────────

export const AZURE_ENCRYPTION: readonly Strength[] = [
  // Second layers
  row(STORAGE, 'encryption.requireInfrastructureEncryption', 'the second layer of encryption', 'encryption', second),
  row(SCOPE, 'requireInfrastructureEncryption', 'the second layer of encryption', 'encryption', second),
  row(
    /^azure-native:operationalinsights:Cluster$/,
    'isDoubleEncryptionEnabled',
    'the second layer of encryption',
    'encryption',
    on('true'),
  ),
  row(/^azure-native:dbfor(postgresql|mysql):SingleServer$/, 'infrastructureEncryption', 'the second layer of encryption', 'encryption', {
    ...scale('Disabled', 'Disabled', 'Enabled'),
  }),
  row(
    /^azure-native:databricks:Workspace$/,
    'parameters.requireInfrastructureEncryption.value',
    'the second layer of encryption',
    'encryption',
    on('false'),
  ),
  row(/^azure-native:compute:Disk$/, 'encryption.type', 'by whose keys it is encrypted', 'encryption', {
    order: { scale: ['EncryptionAtRestWithCustomerKey', 'EncryptionAtRestWithPlatformAndCustomerKeys'] },
    turns: ['the second layer of encryption is turned off', 'the second layer of encryption is turned on'],
  }),
  row(/^azure-native:compute:DiskEncryptionSet$/, 'encryptionType', 'by whose keys disks are encrypted', 'encryption', {
    order: {
      scale: ['EncryptionAtRestWithCustomerKey', 'EncryptionAtRestWithPlatformAndCustomerKeys', 'ConfidentialVmEncryptedWithCustomerKey'],
    },
    turns: ['its disks are encrypted by fewer layers', 'its disks are encrypted by more layers'],
  }),
  row(CONTAINER, 'defaultEncryptionScope', 'its own scope of encryption', 'encryption', {
    order: { more: 'stronger' },
    read: (container) => {
      const scope = container.at('defaultEncryptionScope');
      if (scope.state === 'unknown') return undefined;
      return Number(scope.state !== 'absent' && scope.string !== '$account-encryption-key');
    },
    turns: [
      'it is encrypted with the key of its account, no longer with that of a scope of its own',
      'it is encrypted with the key of a scope of its own',
    ],
  }),

  // Shares
  row(FILES, 'protocolSettings.smb.authenticationMethods', 'how people sign in to its shares', 'encryption', {
    ...fewer(
      weak('protocolSettings.smb.authenticationMethods', /^ntlm/, 1),
      'its shares take passwords by NTLMv2 besides tickets of Kerberos now',
      'its shares no longer take passwords by NTLMv2',
    ),
    severity: 'high',
  }),
  row(FILES, 'protocolSettings.smb.kerberosTicketEncryption', 'how tickets are encrypted', 'encryption', {
    ...fewer(
      weak('protocolSettings.smb.kerberosTicketEncryption', /^rc4/, 1),
      'its shares take tickets that are encrypted with RC4 now',
      'its shares no longer take tickets that are encrypted with RC4',
    ),
  }),
  row(SHARE, 'rootSquash', 'what administrators of clients may do', 'access', {
    order: { more: 'stronger' },
    read: squashed,
    turns: [
      'whoever is the administrator of a client may do everything in it now',
      'administrators of clients may no longer do everything in it',
    ],
    severity: 'high',
  }),

  // Keys
  row(KEY, 'properties.attributes.exportable', 'whether it can be taken out', 'encryption', {
    order: { scale: ['true', 'false'], absent: 'false' },
    turns: ['it can be taken out of the vault now', 'it can no longer be taken out of the vault'],
    severity: 'high',
  }),
  row(KEY, 'properties.kty', 'where it is kept', 'encryption', {
    order: { more: 'stronger' },
    read: (key) => {
      const kind = key.at('properties.kty').string;
      return kind === undefined ? undefined : Number(/-HSM$/i.test(kind));
    },
    turns: ['it is kept in software now, no longer in hardware', 'it is kept in hardware now'],
  }),
  row(KEY, 'properties.curveName', 'its curve', 'encryption', { order: { scale: ['P-256', 'P-384', 'P-521'] } }),
  row(KEY, 'properties.keyOps', 'what it may be used for', 'encryption', {
    ...fewer(
      weak('properties.keyOps', /^(import|release|export)$/, 0),
      'it may be taken out by whoever fits its policy now',
      'it may no longer be taken out',
    ),
    severity: 'high',
  }),
  row(KEY, 'properties.rotationPolicy.lifetimeActions', 'the time after which it is exchanged', 'encryption', {
    order: { more: 'weaker', unit: 'days' },
    read: rotation,
  }),
  row(KEY, 'properties.rotationPolicy.attributes.expiryTime', 'how long each version is good for', 'encryption', {
    order: { more: 'weaker', unit: 'days' },
    read: (key) => {
      const life = hours(key.at('properties.rotationPolicy.attributes.expiryTime'));
      return life === undefined ? undefined : life / 24;
    },
    severity: 'low',
  }),

  // Machines
  ...machines('storageProfile.osDisk.managedDisk.securityProfile.securityEncryptionType'),
  ...[MACHINE, SET].map((type) =>
    row(
      type,
      `${type === SET ? 'virtualMachineProfile.' : ''}securityProfile.securityType`,
      'what shields it from the host',
      'encryption',
      { order: { scale: ['TrustedLaunch', 'ConfidentialVM'] }, severity: 'high' },
    ),
  ),
  ...nodes('the start of signed code only', 'securityProfile.enableSecureBoot', 'controls', undefined),
  ...nodes('the proof of how nodes started', 'securityProfile.enableVTPM', 'controls', undefined),
  ...nodes('the use of approved encryption only', 'enableFIPS', 'encryption', undefined),
  row(/^azure-native:containerinstance:ContainerGroup$/, 'sku', 'what shields it from the host', 'encryption', {
    order: { scale: ['Standard', 'Dedicated', 'Confidential'], absent: 'Standard' },
  }),

  // Traffic
  row(SITE, 'siteConfig.minTlsCipherSuite', 'the ciphers that it takes', 'encryption', {
    ...fewer(oldSuites('siteConfig.minTlsCipherSuite'), 'it takes old ciphers now', 'it no longer takes old ciphers'),
  }),
  row(GATEWAY, 'sslPolicy.cipherSuites', 'the ciphers that it takes', 'encryption', {
    ...fewer(oldSuites('sslPolicy.cipherSuites'), 'it takes more old ciphers', 'it takes fewer old ciphers'),
  }),
  row(/^azure-native:app:ManagedEnvironment$/, 'peerTrafficConfiguration.encryption.enabled', 'traffic among its apps', 'encryption', {
    order: { more: 'stronger' },
    read: peers,
    turns: ['traffic among its apps is no longer encrypted', 'traffic among its apps is encrypted now'],
    severity: 'high',
  }),
  row(/^azure-native:aad:DomainService$/, 'ldapsSettings.ldaps', 'the encryption of its directory queries', 'encryption', {
    ...scale('Disabled', 'Disabled', 'Enabled'),
  }),
];
