/** Hardened components for Azure, on Pulumi: `palisade/azure`. */
export type { Claim, Claims, DataProfile, DecidedProfile, LogClass, Relaxation, Retention, Tier } from '../contract';
export { LOG_CLASSES, RETENTION_DAYS } from '../contract';
export { SecureActivityLog, type SecureActivityLogArgs, SecurityContacts, type SecurityContactsArgs } from './audit';
export type { SecureArgs } from './component';
export { type DiagnosticArgs, diagnosticSettings, type LogSink, type LogsFor } from './diagnostics';
export { type EndpointNetwork, type PrivateEndpointArgs, type PrivateService, privateEndpoint } from './endpoint';
export { allowEncryption, SecureKeyVault, type SecureKeyVaultArgs } from './keys';
export { LogArchive, type LogArchiveArgs, SecureLogWorkspace, type SecureLogWorkspaceArgs } from './logging';
export { SecureVirtualNetwork, type SecureVirtualNetworkArgs, type SubnetSpec } from './network';
export { type BlobGrant, SecureStorageAccount, type SecureStorageAccountArgs } from './object-storage';
export { DataProfileDeclaration, declareProfile } from './profile';
export type { Principal } from './roles';
export type { Flow } from './security-rules';
export type { CorsRule, TrustedInstance } from './storage-account';
export type { EncryptionKey, VaultKeyArgs } from './vault-key';
