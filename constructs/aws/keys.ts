import { type Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Key, type KeyGrants, type KeyProps, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { claims, type Relaxation, relaxed } from '../contract';
import { alarmsOf } from './detection';
import { watchKeys } from './detection-alerts';
import { grantKeyToService, hardenKeyPolicy, KEY_CLAIMS, KEY_FLOOR, ROTATES, type ServiceGrant, spelledOut, YEAR } from './keys-policy';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

export type { ServiceGrant } from './keys-policy';

/** Specifications of at least AES-256, RSA 3072 or NIST P-256 strength (ENC-09). */
const APPROVED: ReadonlySet<KeySpec> = new Set([
  KeySpec.SYMMETRIC_DEFAULT,
  KeySpec.RSA_3072,
  KeySpec.RSA_4096,
  KeySpec.ECC_NIST_P256,
  KeySpec.ECC_NIST_P384,
  KeySpec.ECC_NIST_P521,
  KeySpec.HMAC_256,
  KeySpec.HMAC_384,
  KeySpec.HMAC_512,
]);

/** Props of {@link SecureKey}; every default is the hardened one. */
export interface SecureKeyProps extends Pick<KeyProps, 'alias' | 'description' | 'keyUsage'> {
  /**
   * Roles that administer the key: they change its policy and may destroy it, and can never decrypt with it.
   * @default only the account root, and whom IAM policies allow; nobody but the root can destroy the key
   */
  readonly administrators?: readonly IPrincipal[];
  /**
   * Roles that use the key: they can never administer it. Not needed for what `grantDecrypt` and its kin are called for.
   * @default nobody
   */
  readonly users?: readonly IPrincipal[];
  /**
   * One of AES-256, RSA 3072 or more, NIST P-256 or more, HMAC 256 or more.
   * @default SYMMETRIC_DEFAULT
   */
  readonly keySpec?: KeySpec;
  /**
   * Time between rotations of a symmetric key, 90 to 365 days.
   * @default Duration.days(365)
   */
  readonly rotationPeriod?: Duration;
  /**
   * Where the alarm goes when the key is about to be destroyed or disabled.
   * @default the alarm topic shared nearest above, else one made for the stack
   */
  readonly alarms?: ITopic;
  /**
   * Account ids outside the organisation (or the account) that may be granted the key; needs LPA-10 to be relaxed.
   * @default none
   */
  readonly sharedWith?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims('SecureKey', ...KEY_CLAIMS);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['keys'],
  relaxable: {
    'DHC-10': 'the key is deleted with its stack, after 30 days',
    'LPA-10': 'the accounts in sharedWith can be granted the key',
  },
  firm: {
    'ENC-03': 'rotation changes nothing for those who use the key',
    'ENC-04': 'name other administrators or users',
    'ENC-05': '30 days are what it takes to notice',
  },
};

/**
 * A customer-managed key that rotates, cannot be destroyed in a hurry or unnoticed, keeps those who administer it from
 * using it, and refuses outsiders.
 *
 * Guarantees ENC-03, ENC-05, ENC-07, ENC-09, DHC-10, LPA-10 and LPA-16; from the moderate tier on ENC-04 and ENC-06. It is a
 * `kms.Key`: grants and every construct that takes a key work with it; grants to services are made with
 * `grantToService` (ENC-06).
 *
 * @throws Error when the specification is not approved, rotation is slower than a year, or one principal is to both
 *   administer and use the key
 * @example
 * const key = new SecureKey(stack, 'CasesKey', { alias: 'cases', administrators: [keyOfficers] });
 * key.grantDecrypt(caseService);
 * key.grantToService('logs.eu-central-1.amazonaws.com');
 */
export class SecureKey extends Key {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureKeyProps = {}) {
    profileOf(scope);
    checkRelaxations(scope, id, props.relax, PROMISES);
    const { alias, description, keyUsage, rotationPeriod = ROTATES.rotationPeriod, keySpec = KeySpec.SYMMETRIC_DEFAULT } = props;
    const where = `${scope.node.path}/${id}`;
    if (!APPROVED.has(keySpec))
      throw new Error(`${where}: keySpec ${keySpec} is not approved; write one of ${[...APPROVED].join(', ')} (ENC-09)`);
    const symmetric = keySpec === KeySpec.SYMMETRIC_DEFAULT;
    if (symmetric && rotationPeriod.toDays() > YEAR)
      throw new Error(`${where}: rotationPeriod is ${rotationPeriod.toDays()} days; at most ${YEAR} (ENC-03)`);
    if (props.sharedWith?.length) requireRelaxation(where, props.relax, 'LPA-10', 'sharedWith', 'keep the key inside the organisation');
    const disposable = relaxed(props.relax, 'DHC-10') !== undefined;

    super(scope, id, {
      ...(alias ? { alias } : {}),
      ...(keyUsage ? { keyUsage } : {}),
      description: description ?? `Key of ${where}`,
      ...KEY_FLOOR,
      keySpec,
      ...(symmetric ? { enableKeyRotation: true, rotationPeriod } : {}),
      ...(disposable ? { removalPolicy: RemovalPolicy.DESTROY } : {}),
    });
    const encrypts = symmetric || keyUsage === undefined || keyUsage === KeyUsage.ENCRYPT_DECRYPT;
    hardenKeyPolicy(this, {
      administrators: props.administrators,
      users: props.users,
      sharedWith: props.sharedWith,
      disposable,
      symmetric: encrypts,
    });
    watchKeys(alarmsOf(this, props.alarms));
    for (const control of ['DHC-10', 'LPA-10'] as const) recordWaiver(props.relax, control, 'keys', this);
  }

  /** Grants name each use, so that a new action of the service is never granted by a wildcard of the CDK's. */
  override get grants(): KeyGrants {
    const grants = super.grants;
    const actions = grants.actions.bind(grants);
    grants.actions = (grantee, ...names) => actions(grantee, ...names.flatMap(spelledOut));
    return grants;
  }

  /**
   * Lets an AWS service use the key on behalf of this account's resources, and of no other's (ENC-06, LPA-16).
   *
   * @param service service principal: `logs.eu-central-1.amazonaws.com`
   */
  grantToService(service: string, grant: ServiceGrant = {}): void {
    grantKeyToService(this, service, grant);
  }
}
