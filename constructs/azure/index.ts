/** Hardened components for Azure, on Pulumi: `palisade/azure`. */
export type { Claim, Claims, DataProfile, DecidedProfile, LogClass, Relaxation, Retention, Tier } from '../contract';
export { LOG_CLASSES, RETENTION_DAYS } from '../contract';
export type { SecureArgs } from './component';
export { SecurityContacts, type SecurityContactsArgs } from './detection';
export type { Principal } from './identity-roles';
export { allowEncryption, SecureKeyVault, type SecureKeyVaultArgs } from './keys';
export type { EncryptionKey, VaultKeyArgs } from './keys-vault-key';
export { SecureLogWorkspace, type SecureLogWorkspaceArgs } from './logging';
export { SecureActivityLog, type SecureActivityLogArgs } from './logging-activity';
export { LogArchive, type LogArchiveArgs } from './logging-archive';
export { type DiagnosticArgs, diagnosticSettings, type LogSink, type LogsFor } from './logging-diagnostics';
export { SecureVirtualNetwork, type SecureVirtualNetworkArgs, type SubnetSpec } from './network';
export { type EndpointNetwork, type PrivateEndpointArgs, type PrivateService, privateEndpoint } from './network-endpoints';
export type { Flow } from './network-rules';
export { type BlobGrant, SecureStorageAccount, type SecureStorageAccountArgs } from './object-storage';
export type { CorsRule } from './object-storage-cors';
export type { TrustedInstance } from './object-storage-floor';
export { DataProfileDeclaration, declareProfile } from './profile';
