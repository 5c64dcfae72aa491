/**
 * What is insecure of what the SDK for Azure writes by itself, and which rule judges it. Whatever else the SDK writes has been
 * looked at, and is named or counted here, so that a new version cannot bring anything that nobody has seen.
 */

type Scalar = string | number | boolean;

/** A default that breaks a control. */
export interface Insecure {
  /** Without the name of the package. */
  readonly type: string;
  readonly at: string;
  /** What keeps the control. */
  readonly secure: Scalar;
  readonly rule: string;
  /** What the resource is written with besides, for the rule to apply. */
  readonly args?: object;
  /** Statements of a program that makes what the rule needs beside the resource; `it` is the resource, `sdk` gives a module. */
  readonly beside?: string;
}

const of = (
  type: string,
  ...defaults: readonly (readonly [at: string, secure: Scalar, rule: string, more?: Partial<Insecure>])[]
): Insecure[] => defaults.map(([at, secure, rule, more]) => ({ type, at, secure, rule, ...more }));
const closed = (rule: string, at: string, ...types: readonly string[]): Insecure[] =>
  types.flatMap((type) => of(type, [at, 'Disabled', rule]));

export const INSECURE: readonly Insecure[] = [
  ...of(
    'aad:DomainService',
    ['domainSecuritySettings.ntlmV1', 'Disabled', 'TLS-10.network'],
    ['domainSecuritySettings.tlsV1', 'Disabled', 'TLS-10.network'],
    ['domainSecuritySettings.kerberosRc4Encryption', 'Disabled', 'TLS-10.network'],
    ['domainSecuritySettings.ldapSigning', 'Enabled', 'TLS-10.network'],
    ['domainSecuritySettings.channelBinding', 'Enabled', 'TLS-10.network'],
    ['domainSecuritySettings.kerberosArmoring', 'Enabled', 'TLS-10.network'],
  ),
  ...of(
    'azurestackhci:VirtualMachineInstance',
    ['securityProfile.enableTPM', true, 'DID-13.compute'],
    ['securityProfile.uefiSettings.secureBootEnabled', true, 'DID-13.compute'],
  ),
  ...of(
    'appconfiguration:ConfigurationStore',
    ['disableLocalAuth', true, 'LPA-14.identity'],
    ['enablePurgeProtection', true, 'ENC-05.identity'],
  ),
  ...of(
    'applicationinsights:Component',
    ['publicNetworkAccessForIngestion', 'Disabled', 'LOG-09.logging'],
    ['publicNetworkAccessForQuery', 'Disabled', 'LOG-09.logging'],
  ),
  ...closed('DID-05.compute', 'properties.publicNetworkAccess', 'attestation:AttestationProvider', 'botservice:Bot'),
  ...of('machinelearningservices:OnlineEndpoint', ['properties.publicNetworkAccess', 'Disabled', 'DID-05.compute']),
  ...of(
    'batch:BatchAccount',
    ['publicNetworkAccess', 'Disabled', 'DID-05.compute'],
    [
      'autoStorage.authenticationMode',
      'BatchAccountManagedIdentity',
      'LPA-14.compute',
      { args: { autoStorage: { storageAccountId: '/storageAccounts/jobs' } } },
    ],
  ),
  ...of('cdn:Endpoint', ['isHttpAllowed', false, 'TLS-02.edge']),
  ...of('cdn:Route', ['httpsRedirect', 'Enabled', 'TLS-02.edge'], ['forwardingProtocol', 'HttpsOnly', 'TLS-04.edge']),
  ...of('containerregistry:ConnectedRegistry', ['logging.auditLogStatus', 'Enabled', 'LOG-13.containers']),
  ...of(
    'containerregistry:Registry',
    ['publicNetworkAccess', 'Disabled', 'DHC-05.containers', { args: { networkRuleSet: { defaultAction: 'Allow' } } }],
    ['networkRuleSet.defaultAction', 'Deny', 'DHC-05.containers', { args: { publicNetworkAccess: 'Enabled' } }],
    ['networkRuleBypassOptions', 'None', 'LPA-16.containers'],
    ['policies.azureADAuthenticationAsArmPolicy.status', 'disabled', 'LPA-14.containers'],
    ['policies.exportPolicy.status', 'disabled', 'EXP-01.containers'],
    ['policies.quarantinePolicy.status', 'enabled', 'SDC-14.containers'],
    ['policies.softDeletePolicy.status', 'enabled', 'BCR-07.containers'],
    ['zoneRedundancy', 'Enabled', 'BCR-06.containers', { args: { sku: { name: 'Premium' } } }],
  ),
  ...of(
    'containerservice:ManagedCluster',
    ['networkProfile.outboundType', 'userDefinedRouting', 'EXP-05.containers'],
    [
      'securityProfile.azureKeyVaultKms.keyVaultNetworkAccess',
      'Private',
      'ENC-07.containers',
      { args: { securityProfile: { azureKeyVaultKms: { enabled: true, keyId: 'https://v.vault.azure.net/keys/etcd' } } } },
    ],
  ),
  ...of('dbformysql:Server', ['backup.geoRedundantBackup', 'Enabled', 'BCR-03.database']),
  ...of(
    'dbforpostgresql:Server',
    ['authConfig.passwordAuth', 'Disabled', 'LPA-14.database'],
    ['backup.geoRedundantBackup', 'Enabled', 'BCR-03.database'],
    ['highAvailability.mode', 'ZoneRedundant', 'BCR-06.database'],
  ),
  ...closed('DID-05.compute', 'publicNetworkAccess', 'deviceupdate:Account'),
  ...['Domain', 'PartnerNamespace', 'Topic'].flatMap((name) =>
    of(`eventgrid:${name}`, ['disableLocalAuth', true, 'LPA-14.messaging'], ['publicNetworkAccess', 'Disabled', 'DID-05.messaging']),
  ),
  ...closed(
    'DID-05.messaging',
    'publicNetworkAccess',
    'eventhub:Namespace',
    'eventhub:NamespaceNetworkRuleSet',
    'notificationhubs:Namespace',
    'relay:Namespace',
    'servicebus:Namespace',
    'signalrservice:SignalR',
    'webpubsub:WebPubSub',
  ),
  ...of('signalrservice:SignalR', ['disableLocalAuth', true, 'LPA-14.messaging']),
  ...of('webpubsub:WebPubSub', ['disableLocalAuth', true, 'LPA-14.messaging']),
  ...of('hdinsight:Cluster', ['properties.diskEncryptionProperties.encryptionAtHost', true, 'ENC-01.compute']),
  ...of('hdinsight:Cluster', ['properties.encryptionInTransitProperties.isEncryptionInTransitEnabled', true, 'TLS-06.compute']),
  ...of('keyvault:ManagedHsm', ['properties.publicNetworkAccess', 'Disabled', 'ENC-07.keys']),
  ...of(
    'keyvault:Vault',
    ['properties.enableRbacAuthorization', true, 'ENC-07.keys'],
    ['properties.publicNetworkAccess', 'disabled', 'ENC-07.keys'],
  ),
  ...of('kubernetesconfiguration:FluxConfiguration', ['bucket.insecure', false, 'SDC-14.containers', { args: { sourceKind: 'Bucket' } }]),
  ...of(
    'kusto:Cluster',
    ['enableDiskEncryption', true, 'ENC-01.database'],
    ['enableDoubleEncryption', true, 'ENC-01.database'],
    ['publicNetworkAccess', 'Disabled', 'DID-05.database'],
    ['restrictOutboundNetworkAccess', 'Enabled', 'EXP-04.database'],
  ),
  ...of('managednetworkfabric:AccessControlList', ['defaultAction', 'Deny', 'DID-23.network']),
  ...of('notificationhubs:Namespace', ['zoneRedundancy', 'Enabled', 'BCR-06.messaging']),
  ...of('maps:Account', ['properties.disableLocalAuth', true, 'LPA-14.identity']),
  ...of('netapp:Account', ['encryption.keySource', 'Microsoft.KeyVault', 'ENC-02.database']),
  ...of('netapp:CapacityPool', ['encryptionType', 'Double', 'ENC-01.database']),
  ...of('netapp:ElasticVolume', ['properties.smbProperties.smbEncryption', 'Enabled', 'TLS-05.database']),
  ...of(
    'netapp:CapacityPoolVolume',
    ['encryptionKeySource', 'Microsoft.KeyVault', 'ENC-10.database'],
    ['kerberosEnabled', true, 'TLS-05.database', { args: { protocolTypes: ['NFSv4.1'] } }],
    ['smbEncryption', true, 'TLS-05.database', { args: { protocolTypes: ['CIFS'] } }],
  ),
  ...of('network:BastionHost', ['disableCopyPaste', true, 'EXP-09.network'], ['enableSessionRecording', true, 'DID-12.network']),
  ...of('network:Subnet', [
    'privateEndpointNetworkPolicies',
    'Enabled',
    'DID-23.network',
    { beside: "new (sdk('network').PrivateEndpoint)(it + '-near', { resourceGroupName: 'rg', subnet: { id: made.id } });" },
  ]),
  ...of('network:VirtualNetwork', [
    'enableDdosProtection',
    true,
    'DID-08.network',
    { beside: "new (sdk('network').PublicIPAddress)(it + '-near', { resourceGroupName: 'rg' });" },
  ]),
  ...closed('DID-05.database', 'publicNetworkAccess', 'purview:Account', 'search:Service', 'synapse:Workspace'),
  ...of('redis:Redis', ['disableAccessKeyAuthentication', true, 'LPA-14.database']),
  ...of('search:Service', ['replicaCount', 3, 'BCR-06.database']),
  ...of('servicefabric:NodeType', ['enableEncryptionAtHost', true, 'ENC-01.compute']),
  ...of(
    'storage:StorageAccount',
    ['encryption.keySource', 'Microsoft.Keyvault', 'ENC-02.object-storage'],
    ['networkRuleSet.bypass', 'None', 'LPA-16.object-storage'],
    ['networkRuleSet.defaultAction', 'Deny', 'DID-05.object-storage'],
    ['sasPolicy.expirationAction', 'Block', 'EXP-08.object-storage', { args: { sasPolicy: { sasExpirationPeriod: '00.01:00:00' } } }],
  ),
];

/**
 * What the SDK declares as the default of an object in a list or a union and never writes, because it passes those on as they are:
 * the service's own default is the same, and nobody has written it.
 */
export interface Declared extends Omit<Insecure, 'secure' | 'args'> {
  /** As the SDK names the type of the object: `monitor.webhookReceiver.useAadAuth`. */
  readonly declared: string;
  readonly args: object;
}

export const DECLARED: readonly Declared[] = [
  {
    declared: 'hdinsight.role.encryptDataDisks',
    type: 'hdinsight:Cluster',
    at: 'properties.computeProfile.roles[0].encryptDataDisks',
    rule: 'ENC-01.compute',
    args: { properties: { computeProfile: { roles: [{ name: 'workernode' }] } } },
  },
  {
    declared: 'machinelearningservices.amlComputeProperties.enableNodePublicIp',
    type: 'machinelearningservices:Compute',
    at: 'properties.properties.enableNodePublicIp',
    rule: 'DID-04.compute',
    args: { properties: { computeType: 'AmlCompute', properties: { vmSize: 'Standard_DS3_v2' } } },
  },
  {
    declared: 'machinelearningservices.managedOnlineDeployment.egressPublicNetworkAccess',
    type: 'machinelearningservices:OnlineDeployment',
    at: 'properties.egressPublicNetworkAccess',
    rule: 'EXP-05.compute',
    args: { properties: { endpointComputeType: 'Managed' } },
  },
  {
    declared: 'managedservices.justInTimeAccessPolicy.multiFactorAuthProvider',
    type: 'managedservices:RegistrationDefinition',
    at: 'properties.eligibleAuthorizations[0].justInTimeAccessPolicy.multiFactorAuthProvider',
    rule: 'IDA-02.identity',
    args: {
      properties: { managedByTenantId: 't', authorizations: [], eligibleAuthorizations: [{ principalId: 'p', roleDefinitionId: 'r' }] },
    },
  },
  {
    declared: 'monitor.webhookReceiver.useAadAuth',
    type: 'monitor:ActionGroup',
    at: 'webhookReceivers[0].useAadAuth',
    rule: 'TLS-07.detection',
    args: { enabled: true, webhookReceivers: [{ name: 'soc', serviceUri: 'https://soc.example.com' }] },
  },
  {
    declared: 'netapp.exportPolicyRule.hasRootAccess',
    type: 'netapp:CapacityPoolVolume',
    at: 'exportPolicy.rules[0].hasRootAccess',
    rule: 'LPA-01.database',
    args: { exportPolicy: { rules: [{ ruleIndex: 1 }] } },
  },
];

/** What opens when it is on, and what guards when it is off, by the name of the property. */
const OPENS =
  /public|external|allow|insecure|ntlm|rc4|tlsv1|password|root|shared|anonymous|nonssl|access$|accessfor|bypass|defaultaction|portal|contrib|auth(mode|type|entication|identity)/i;
const GUARDS =
  /encrypt|tls|ssl|https|secur|protect|rbac|audit|sign|isolat|auth|certificate|firewall|guard|purge|softdelete|immutab|private|restrict|verif|valid|cmek|mfa|factor|kerberos|ldap|monitor|logstatus|record|ddos|redundan|zone|trust|boot|tpm|quarantine/i;
const ON = /^(true|enabled?|allow|permit|public|all|azureservices|on|storagekeys|log|shared|basic|runasaccount)$/i;
const OFF = /^(false|disabled|none|off|notspecified|audit|single|)$/i;

/** Whether a default looks as if it broke something, by its name and value alone. */
export function looksInsecure(at: string, value: Scalar): boolean {
  const leaf = /[^. ]*$/.exec(at)?.[0] ?? at;
  const text = String(value);
  return (OPENS.test(leaf) && ON.test(text)) || (GUARDS.test(leaf) && OFF.test(text)) || /^Microsoft(\.|Managed)/.test(text);
}

/** What looks insecure and is not judged, and why. Patterns of `type path`, or of what is only declared. */
export const ACCEPTED: readonly (readonly [pattern: RegExp, why: string])[] = [
  [/tpmAttestationAuthentication$/, 'Enabled is the secure value: modules prove what they are'],
  [/^aad:DomainService \S*sync\w*Passwords$/, 'a managed domain signs people in with the hashes that it synchronises'],
  [/^aad:DomainService ldapsSettings\.ldaps$/, 'off: the domain is not reached by LDAP from outside'],
  [/^apimanagement:ApiManagementService (developer|legacy)Portal/, 'a portal shows documentation, and asks for sign-in by itself'],
  [
    /^apimanagement:ApiManagementService enableClientCertificate$|^apimanagement\.hostnameConfiguration\./,
    'which callers show a certificate is judged where an API demands it',
  ],
  [/^app:ContainerApp configuration\.ingress\.allowInsecure$/, 'false is the secure value'],
  [/^appplatform[:.]/, 'Azure Spring Apps takes no new customers and is retired'],
  [/ localAuth$/, 'disabled is the secure value'],
  [
    /^azurestackhci:VirtualMachine |^azurestackhci[:.](Security|deploymentSecurity)/,
    'hardware of the operator: an older type, or the settings of its own installer',
  ],
  [/^batch:Pool networkConfiguration\.dynamicVnetAssignmentScope$/, 'none: the subnet is named, which is judged'],
  [/^botservice:Bot properties\.isCmekEnabled$/, 'judged by the key that it would use'],
  [/^cdn:Endpoint isHttpsAllowed$|^keyvault:Vault properties\.enabledForDiskEncryption$/, 'on and off are both in order'],
  [/ \S*keySource$/i, 'Microsoft.KeyVault is the customer key; Microsoft.NetApp of volume groups is judged on their volumes'],
  [/^containerregistry:Replication zoneRedundancy$/, 'the registry itself is judged'],
  [/^datalakeanalytics:/, 'Data Lake Analytics is retired'],
  [/vailabilityZone$/, 'names a zone, and says nothing where it is empty'],
  [
    /^digitaltwins:|^synapse:KustoPool |^kusto:Cluster enablePurge$|^virtualmachineimages:|^importexport:Job properties\.backupDriveManifest$/,
    'named like a guard, and none',
  ],
  [/^hdinsight:Cluster \S*enableComputeIsolation$/, 'isolated hardware is a matter of size and price'],
  [
    /kekType$|doubleEncryption$|^databox\./,
    'disks on their way to a data centre carry a key of Microsoft, and no customer data stays on them',
  ],
  [/^iotoperationsmq:/, 'a preview that Azure IoT Operations has replaced'],
  [/^kubernetes:ConnectedCluster privateLinkState$/, 'clusters outside Azure are reached by their operator'],
  [/^kubernetesconfiguration:\S+ azureBlob\./, 'which certificates are sent along says nothing of their strength'],
  [
    /^machinelearningservices:(MachineLearningDataset|Workspace) |^machinelearningservices\.(image|kubernetesOnlineDeployment)/,
    'named like a guard, or judged with the other deployments',
  ],
  [/^machinelearningservices\.\w+Datastore\./, 'None: the data are read with the rights of whoever runs the job'],
  [/^managednetworkfabric:InternalNetwork isMonitoringEnabled$/, 'health of a link'],
  [/^netapp:CapacityPoolVolume ldapEnabled$|^netapp\.volumeGroupVolumeProperties\./, 'volumes are judged one by one'],
  [/^netapp\.exportPolicyRule\.kerberos/, 'kerberosEnabled of the volume is judged'],
  [/^network:BastionHost enable(Kerberos|PrivateOnlyBastion)$/, 'a way to sign in more, and a matter of the network'],
  [
    /^network:(?!Subnet )\S+ \S*subnet\.private|^network:ServiceGateway |^network:PrivateEndpoint /,
    'a subnet that is only referred to keeps its own settings',
  ],
  [/enableVmProtection$/, 'has no effect: the service has withdrawn it'],
  [/^redis:Redis enableNonSslPort$|trustedServiceBypassEnabled$/, 'false is the secure value'],
  [/disableAadAuth$/, 'false leaves the sign-in of the directory on'],
  [/^storagecache:Cache directoryServicesSettings\./, 'where names of users are looked up, of a cache in front of somebody else’s store'],
  [/^datamigration\.|^recoveryservices\.|^datafactory\./, 'connections of a migration or a copy, which are not resources of their own'],
];

/**
 * Of everything else that the SDK writes or declares, as it was looked at last: that it breaks no control. When it changes, look
 * at what is new in `sdk-defaults.generated.ts`, judge what is insecure (INSECURE), and write the new value here.
 */
export const LOOKED_AT = '1393 97dda0001b870662';
