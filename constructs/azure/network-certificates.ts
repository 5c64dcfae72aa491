import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as pulumi from '@pulumi/pulumi';
import { assignRole } from './identity-roles';

/** A certificate of a key vault, without a version, so that whoever serves it follows renewals (TLS-08). */
export interface VaultCertificate {
  /** Resource id of the vault. */
  readonly vaultId: pulumi.Input<string>;
  /** `https://….vault.azure.net`. */
  readonly vaultUri: pulumi.Input<string>;
  /** Name of the certificate in the vault. */
  readonly name: string;
}

/** Where a service reads a certificate, together with its key. */
export const secretUri = ({ name, vaultUri }: VaultCertificate): pulumi.Output<string> =>
  pulumi.output(vaultUri).apply((uri) => `${uri.replace(/\/$/, '')}/secrets/${name}`);

/** @throws RangeError for a name that none can have: a version is no part of it */
export function checkCertificate(where: string, certificate: VaultCertificate | undefined): void {
  if (!/^[0-9A-Za-z-]{1,127}$/.test(certificate?.name ?? ''))
    throw new RangeError(
      `${where}: "${certificate?.name ?? ''}" names no certificate; write vaultId, vaultUri and a name without version (TLS-08)`,
    );
}

interface ReaderArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  /** What it reads, by a name for the right. */
  readonly certificates: ReadonlyMap<string, VaultCertificate>;
}

/** An identity that reads exactly these certificates, and nothing else in their vaults. Wait for the rights before it is used. */
export function certificateReader(name: string, { certificates, ...common }: ReaderArgs, opts: pulumi.CustomResourceOptions) {
  const identity = new managedidentity.UserAssignedIdentity(`${name}-identity`, common, opts);
  const rights = [...certificates].map(([part, { name: certificate, vaultId }]) =>
    assignRole(
      `${name}-certificate-${part}`,
      {
        role: 'Key Vault Secrets User',
        principal: { principalId: identity.principalId, principalType: 'ServicePrincipal' },
        scope: pulumi.interpolate`${vaultId}/secrets/${certificate}`,
        why: 'Serves one certificate',
      },
      opts,
    ),
  );
  return { identity, rights };
}
