import type * as pulumi from '@pulumi/pulumi';
import type { Relaxation } from '../contract';

/** A key of a vault, as whoever encrypts with it needs to know it. `SecureKeyVault.key()` makes one. */
export interface EncryptionKey {
  /** Resource id of the key; it is the scope of the rights to use it. */
  readonly keyId: pulumi.Input<string>;
  /** Name of the key in its vault. */
  readonly keyName: pulumi.Input<string>;
  /** `https://….vault.azure.net`; without a version, so that services follow the newest one. */
  readonly vaultUri: pulumi.Input<string>;
  /**
   * Uri of the key's newest version, for the few services that are set up with a version: Azure SQL, MySQL, Azure Managed Redis.
   * @default none: those services refuse the key
   */
  readonly versionedKeyUri?: pulumi.Input<string>;
}

/** Longest time between two rotations, in days (ENC-03). */
const LONGEST_ROTATION_DAYS = 365;
/** Shortest time that the service rotates after, in days. */
const SHORTEST_ROTATION_DAYS = 28;
/** Days that a version stays valid after its successor was made, and before which its end is announced. */
const OVERLAP_DAYS = 90;
const ANNOUNCE_DAYS = 30;

/** What a key of a {@link SecureKeyVault} is made from. */
export interface VaultKeyArgs {
  /** RSA encrypts the keys of services; EC signs. @default 'RSA' */
  readonly type?: 'RSA' | 'EC';
  /** Bits of an RSA key (ENC-09). @default 3072 */
  readonly size?: 3072 | 4096;
  /** Curve of an EC key (ENC-09). @default 'P-256' */
  readonly curve?: 'P-256' | 'P-384' | 'P-521';
  /** Days after which the vault makes a new version by itself, from 28 to 365 (ENC-03). @default 365 */
  readonly rotateEveryDays?: number;
  /** Of a key: `ENC-03` leaves out the rotation policy, for a consumer that cannot follow versions. @default none */
  readonly relax?: readonly Relaxation[];
}

/** The days between rotations. @throws RangeError where the service or the control refuses them */
export function rotationDays(where: string, { rotateEveryDays = LONGEST_ROTATION_DAYS }: VaultKeyArgs): number {
  if (!Number.isInteger(rotateEveryDays) || rotateEveryDays < SHORTEST_ROTATION_DAYS || rotateEveryDays > LONGEST_ROTATION_DAYS)
    throw new RangeError(
      `${where}: rotateEveryDays is ${rotateEveryDays}; write ${SHORTEST_ROTATION_DAYS} to ${LONGEST_ROTATION_DAYS}, keys rotate at least yearly (ENC-03)`,
    );
  return rotateEveryDays;
}

/** The whole of a key's properties. `rotate` is undefined where the promise to rotate was relaxed. */
export function keyProperties({ type = 'RSA', size = 3072, curve = 'P-256' }: VaultKeyArgs, hsm: boolean, rotate: number | undefined) {
  return {
    kty: hsm ? (`${type}-HSM` as const) : type,
    ...(type === 'RSA' ? { keySize: size, keyOps: ['wrapKey', 'unwrapKey'] } : { curveName: curve, keyOps: ['sign', 'verify'] }),
    attributes: { enabled: true, exportable: false },
    ...(rotate === undefined
      ? {}
      : {
          rotationPolicy: {
            attributes: { expiryTime: `P${rotate + OVERLAP_DAYS}D` },
            lifetimeActions: [
              { action: { type: 'rotate' as const }, trigger: { timeAfterCreate: `P${rotate}D` } },
              { action: { type: 'notify' as const }, trigger: { timeBeforeExpiry: `P${ANNOUNCE_DAYS}D` } },
            ],
          },
        }),
  };
}
