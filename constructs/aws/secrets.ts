import { Duration, RemovalPolicy, type SecretValue, Stack, Token } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  CfnResourcePolicy,
  CfnRotationSchedule,
  type ReplicaRegion,
  type RotationSchedule,
  type RotationScheduleOptions,
  Secret,
  type SecretProps,
} from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, reaches, relaxed } from '../contract';
import { denyOutsiders } from './identity-perimeter';
import { SecureKey } from './keys';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';
import { isOfType } from './resource-type';

const FAMILY = 'secrets';
/** Longest time between two rotations, in days (IDA-12). */
const LONGEST_DAYS = 90;

/** Props of the CDK's secret that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'description',
  'generateSecretString',
  'secretName',
  'secretObjectValue',
  'secretStringValue',
] as const satisfies readonly (keyof SecretProps)[];

/** Props of {@link SecureSecret}; every default is the hardened one. */
export interface SecureSecretProps extends Pick<SecretProps, (typeof PASSED_ON)[number]> {
  /**
   * How the secret rotates, at most every 90 days. Left out where `addRotationSchedule` is called later or a database
   * that the secret is attached to rotates it; a secret that nothing rotates does not synthesise, unless IDA-12 is relaxed.
   * @default none
   */
  readonly rotation?: RotationScheduleOptions;
  /**
   * Key that encrypts the secret.
   * @default a SecureKey of its own from the moderate tier on; the key of Secrets Manager at low
   */
  readonly key?: IKey;
  /**
   * Regions to which the secret is copied, each with its own key; within the residency of the data profile.
   * @default none
   */
  readonly replicaRegions?: readonly ReplicaRegion[];
  /**
   * Account ids outside the organisation (or the account) that may be granted access; needs LPA-10 to be relaxed.
   * @default none
   */
  readonly sharedWith?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims('SecureSecret', 'IDA-12', 'IDA-13', { control: 'ENC-02', from: 'moderate' }, 'ENC-07', 'LPA-10', 'DHC-10');

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'DHC-10': 'the secret is deleted with its stack, without a recovery window',
    'IDA-12': 'nothing rotates the secret',
    'LPA-10': 'the accounts in sharedWith can be granted access',
  },
  firm: {
    'ENC-02': 'pass another key',
    'ENC-07': 'grant access to whoever needs it',
    'IDA-13': 'let the secret be generated, or put its value in after deployment',
  },
};

/**
 * A secret that is generated, rotates, is encrypted with a customer key, and is closed to everybody outside the
 * organisation.
 *
 * Guarantees IDA-12, IDA-13, ENC-07, LPA-10 and DHC-10; from the moderate tier on ENC-02. It is a `secretsmanager.Secret`:
 * grants, `attach` and every construct that takes a secret work with it.
 *
 * @throws Error when a value is written in the program, when it rotates more rarely than every 90 days or not at all, or
 *   when a replica has no key of its own or lies outside the residency
 * @example
 * const apiKey = new SecureSecret(stack, 'PartnerApiKey', { rotation: { rotationLambda: rotator, automaticallyAfter: Duration.days(30) } });
 * apiKey.grantRead(caseService);
 */
export class SecureSecret extends Secret {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureSecretProps = {}) {
    const { tier } = profileOf(scope);
    const { relax, replicaRegions, rotation, sharedWith } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    checkValue(scope, where, props);
    if (sharedWith?.length) requireRelaxation(where, relax, 'LPA-10', 'sharedWith', 'keep the secret inside the organisation');
    const key = props.key ?? (reaches(tier, 'moderate') ? ownKey(scope, id, props) : undefined);
    if (replicaRegions) checkReplicas(scope, where, replicaRegions, key);

    super(scope, id, {
      ...Object.fromEntries(PASSED_ON.flatMap((name) => (props[name] === undefined ? [] : [[name, props[name]]]))),
      ...(key ? { encryptionKey: key } : {}),
      ...(replicaRegions ? { replicaRegions: [...replicaRegions] } : {}),
      removalPolicy: relaxed(relax, 'DHC-10') ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
    });
    this.addToResourcePolicy(denyOutsiders(this, ['secretsmanager:*'], ['*'], sharedWith));
    const policy = this.node.findAll().find((each) => isOfType(each, CfnResourcePolicy));
    if (policy) policy.blockPublicPolicy = true;
    if (rotation) this.addRotationSchedule('Rotation', rotation);
    else if (!relaxed(relax, 'IDA-12')) this.node.addValidation({ validate: () => this.whatDoesNotRotate() });
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) {
      // What lets other accounts in, once they are granted something, is the policy.
      const judged = control === 'LPA-10' ? policy : this;
      if (judged) recordWaiver(relax, control, FAMILY, judged);
    }
  }

  /**
   * As in the CDK; a schedule of more than 90 days is refused.
   * @throws Error when it rotates more rarely, or never by itself
   */
  override addRotationSchedule(id: string, options: RotationScheduleOptions): RotationSchedule {
    const { automaticallyAfter = Duration.days(30) } = options;
    const days = automaticallyAfter.toDays({ integral: false });
    if (days === 0 || days > LONGEST_DAYS)
      throw new Error(`${this.node.path}: automaticallyAfter is ${days} days; write 1 to ${LONGEST_DAYS} (IDA-12)`);
    return super.addRotationSchedule(id, options);
  }

  private whatDoesNotRotate(): string[] {
    if (this.node.findAll().some((each) => isOfType(each, CfnRotationSchedule))) return [];
    return [
      `${this.node.path}: nothing rotates the secret (IDA-12); pass rotation, call addRotationSchedule, let the database that it is attached to rotate it, ` +
        'or relax IDA-12',
    ];
  }
}

/** A key for the secret alone, open to the same accounts. */
function ownKey(scope: Construct, id: string, { relax, sharedWith }: SecureSecretProps): SecureKey {
  const sharing = relaxed(relax, 'LPA-10');
  return new SecureKey(scope, `${id}Key`, {
    description: `Encrypts ${scope.node.path}/${id}`,
    ...(sharing && sharedWith ? { sharedWith, relax: [{ ...sharing, control: 'LPA-10' }] } : {}),
  });
}

/** Values come from elsewhere, by reference: what is written in the program stands in the template. */
function checkValue(scope: Construct, where: string, { secretObjectValue, secretStringValue }: SecureSecretProps): void {
  const written = (value: SecretValue): boolean => {
    const resolved: unknown = Stack.of(scope).resolve(value);
    return typeof resolved === 'string' && resolved !== '' && !resolved.includes('{{resolve:');
  };
  if (secretStringValue && written(secretStringValue)) refuse(where, 'secretStringValue');
  for (const [name, value] of Object.entries(secretObjectValue ?? {}))
    if (!PUBLIC_FIELD.test(name) && written(value)) refuse(where, `secretObjectValue.${name}`);
}

/** Fields beside a credential that everybody may know. */
const PUBLIC_FIELD = /^(user(name)?|host|port|engine|dbname|database|region|url|clientId)$/i;

function refuse(where: string, prop: string): never {
  throw new Error(
    `${where}: ${prop} writes the secret into the template; leave it out to have one generated, or refer to where it is kept (IDA-13)`,
  );
}

/** Copies stay where the profile promises, and are encrypted as the secret is. */
function checkReplicas(scope: Construct, where: string, replicas: readonly ReplicaRegion[], key: IKey | undefined): void {
  const { residency = [] } = profileOf(scope).profile;
  for (const { region, encryptionKey } of replicas) {
    if (!Token.isUnresolved(region) && residency.length > 0 && !residency.includes(region))
      throw new Error(`${where}: replica in ${region}, but the data promises to stay in ${residency.join(', ')} (LOC-02)`);
    if (key && !encryptionKey)
      throw new Error(`${where}: the replica in ${region} names no encryptionKey; name a key of that region (ENC-10)`);
  }
}
