import { Duration, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import {
  AccountRecovery,
  CfnLogDeliveryConfiguration,
  type CfnUserPool,
  CfnUserPoolRiskConfigurationAttachment,
  FeaturePlan,
  Mfa,
  StandardThreatProtectionMode,
  UserPool,
  type UserPoolClient,
  type UserPoolClientOptions,
  type UserPoolProps,
} from 'aws-cdk-lib/aws-cognito';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, reaches, relaxed, type Tier, unclaimed } from '../contract';
import { hardenClient } from './identity-directory-clients';
import { SecureKey } from './keys';
import { grantKeyToService } from './keys-policy';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

const FAMILY = 'identity';
/** Least length of a password, and the number of passwords remembered; the latter is the most that the service can (IDA-03, IDA-04). */
const LEAST_LENGTH = 14;
const HISTORY = 24;

/** Props of the CDK's user pool that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'autoVerify',
  'customAttributes',
  'customSenderKmsKey',
  'deviceTracking',
  'email',
  'keepOriginal',
  'lambdaTriggers',
  'signInAliases',
  'signInCaseSensitive',
  'standardAttributes',
  'userInvitation',
  'userPoolName',
  'userVerification',
] as const satisfies readonly (keyof UserPoolProps)[];

/** Props of {@link UserDirectory}; every default is the hardened one. */
export interface UserDirectoryProps extends Pick<UserPoolProps, (typeof PASSED_ON)[number]> {
  /**
   * Least length of a password, at least 14.
   * @default 14
   */
  readonly minPasswordLength?: number;
  /**
   * How long an invited user can sign in with the first password, one to seven days.
   * @default Duration.days(3)
   */
  readonly tempPasswordValidity?: Duration;
  /**
   * Whether anybody can become a user; needs IDA-01 to be relaxed.
   * @default false
   */
  readonly selfSignUpEnabled?: boolean;
  /**
   * Key that encrypts what the directory knows of its users. Its policy must let Cognito use it; a `Key` made in the
   * same app is granted.
   * @default a SecureKey of its own at the high tier; the key of the service below
   */
  readonly key?: IKey;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'UserDirectory',
  'IDA-01',
  'IDA-02',
  'IDA-03',
  'IDA-04',
  'IDA-05',
  { control: 'IDA-07', from: 'moderate' },
  { control: 'IDA-08', from: 'moderate' },
  { control: 'LOG-17', from: 'high' },
  { control: 'ENC-02', from: 'high' },
  'DHC-10',
  unclaimed('IDA-09', 'a directory of users has no root and no emergency accounts; the landing zone seals those of AWS'),
  unclaimed('LPA-12', 'use of emergency roles is watched where they are: in the landing zone'),
  unclaimed('PER-09', 'it checks no devices; WorkSpaces Secure Browser and Verified Access do'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'DHC-10': 'the directory is deleted with its stack',
    'IDA-01': 'selfSignUpEnabled may be true',
    'IDA-07': 'threat protection, which the service bills by user, is off',
    'IDA-08': 'threat protection, which the service bills by user, is off',
  },
  firm: {
    'ENC-02': 'pass another key',
    'IDA-02': 'an authenticator app costs nothing',
    'IDA-03': 'longer passwords can be phrases',
    'IDA-05': 'invite the user again',
  },
};

/**
 * A user directory that asks everybody for a second factor, refuses weak, old and leaked passwords, stops risky sign-ins,
 * and whose clients get short tokens.
 *
 * Guarantees IDA-01, IDA-02, IDA-03, IDA-04, IDA-05 and DHC-10; from the moderate tier on IDA-07 and IDA-08; from the high
 * tier on LOG-17 and ENC-02. Clients made with `addClient` keep IDA-14 and IDA-15. It is a `cognito.UserPool`. Cognito
 * itself locks out after five failures, for growing times, and rotates no passwords: what the second factor protects
 * need not be changed by the calendar.
 *
 * @throws Error when a prop breaks a promise that is not relaxed
 * @example
 * const customers = new UserDirectory(stack, 'Customers', { signInAliases: { email: true } });
 * customers.addClient('Web', { oAuth: { callbackUrls: ['https://cases.example.com/signed-in'] } });
 */
export class UserDirectory extends UserPool {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  private readonly tier: Tier;

  constructor(scope: Construct, id: string, props: UserDirectoryProps = {}) {
    const { tier } = profileOf(scope);
    const { relax, selfSignUpEnabled = false, minPasswordLength = LEAST_LENGTH, tempPasswordValidity = Duration.days(3) } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    if (selfSignUpEnabled) requireRelaxation(where, relax, 'IDA-01', 'selfSignUpEnabled', 'invite the users');
    if (minPasswordLength < LEAST_LENGTH)
      throw new Error(`${where}: minPasswordLength is ${minPasswordLength}; write at least ${LEAST_LENGTH} (IDA-03)`);
    if (tempPasswordValidity.toDays() > 7)
      throw new Error(`${where}: tempPasswordValidity is ${tempPasswordValidity.toDays()} days; write at most 7 (IDA-05)`);
    const kept = relaxed(relax, 'DHC-10') === undefined;
    const watches = reaches(tier, 'moderate') && !relaxed(relax, 'IDA-07') && !relaxed(relax, 'IDA-08');

    super(scope, id, {
      ...Object.fromEntries(PASSED_ON.flatMap((name) => (props[name] === undefined ? [] : [[name, props[name]]]))),
      selfSignUpEnabled,
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { otp: true, sms: false },
      passwordPolicy: {
        minLength: minPasswordLength,
        requireDigits: true,
        requireLowercase: true,
        requireSymbols: true,
        requireUppercase: true,
        passwordHistorySize: HISTORY,
        tempPasswordValidity,
      },
      accountRecovery: AccountRecovery.EMAIL_ONLY,
      featurePlan: watches ? FeaturePlan.PLUS : FeaturePlan.ESSENTIALS,
      ...(watches ? { standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION } : {}),
      deletionProtection: kept,
      removalPolicy: kept ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.tier = tier;
    if (watches) this.reactToRisks();
    if (watches && reaches(tier, 'high')) this.recordSignIns();
    const key = props.key ?? (reaches(tier, 'high') ? new SecureKey(scope, `${id}Key`, { description: `Encrypts ${where}` }) : undefined);
    if (key) this.encryptWith(key);
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }

  /**
   * Adds a client whose tokens are short and can be revoked, and that tells nobody which users exist: no implicit flow,
   * no flow that sends the password, access and id tokens of an hour at most, refresh tokens that rotate and last 30
   * days at most, eight hours at the high tier. Takes part in OAuth only where `oAuth` is given.
   *
   * @throws Error when an option goes further
   */
  override addClient(id: string, options: UserPoolClientOptions = {}): UserPoolClient {
    return super.addClient(id, hardenClient(`${this.node.path}/${id}`, this.tier, options));
  }

  /** High risk is blocked, medium risk challenged; a password known to be leaked is refused. */
  private reactToRisks(): void {
    const action = (eventAction: string) => ({ eventAction, notify: false });
    new CfnUserPoolRiskConfigurationAttachment(this, 'Risks', {
      userPoolId: this.userPoolId,
      clientId: 'ALL',
      accountTakeoverRiskConfiguration: {
        actions: { highAction: action('BLOCK'), mediumAction: action('MFA_REQUIRED'), lowAction: action('MFA_REQUIRED') },
      },
      compromisedCredentialsRiskConfiguration: {
        actions: { eventAction: 'BLOCK' },
        eventFilter: ['PASSWORD_CHANGE', 'SIGN_IN', 'SIGN_UP'],
      },
    });
  }

  /** Every sign-in and its risk, for as long as the tier keeps security records. */
  private recordSignIns(): void {
    const group = new SecureLogGroup(this, 'SignIns', { logClass: 'security' });
    const { stack } = this;
    new CfnLogDeliveryConfiguration(this, 'SignInDelivery', {
      userPoolId: this.userPoolId,
      logConfigurations: [
        {
          eventSource: 'userAuthEvents',
          logLevel: 'INFO',
          cloudWatchLogsConfiguration: { logGroupArn: stack.formatArn({ service: 'logs', resource: `log-group:${group.logGroupName}` }) },
        },
      ],
    });
  }

  private encryptWith(key: IKey): void {
    if (key instanceof Key) letDirectoriesUse(key, this.stack, reaches(this.tier, 'high'));
    (this.node.defaultChild as CfnUserPool).keyConfiguration = { keyType: 'CUSTOMER_MANAGED_KEY', kmsKeyArn: key.keyArn };
  }
}

const DIRECTORY_USES = ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKeyWithoutPlaintext', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'];

/**
 * The directories of the account use the key by themselves, through the store in which they keep users, and for whoever of
 * the account calls them; their records are encrypted with it on the way to the log group.
 */
function letDirectoriesUse(key: Key, { account, region, partition }: Stack, recorded: boolean): void {
  const directories = `arn:${partition}:cognito-idp:${region}:${account}:userpool/*`;
  for (const service of ['cognito-idp.amazonaws.com', 'identitystore.amazonaws.com'])
    grantKeyToService(key, service, {
      actions: [...DIRECTORY_USES, 'kms:DescribeKey'],
      sourceArn: directories,
      sourceAccounts: [account],
    });
  const calls = { StringEquals: { 'kms:CallerAccount': account, 'kms:ViaService': `cognito-idp.${region}.amazonaws.com` } };
  const ofDirectories = { ArnLike: { 'kms:EncryptionContext:aws:cognito-idp:userpool-arn': directories } };
  for (const [actions, conditions] of [
    [['kms:DescribeKey'], calls],
    [DIRECTORY_USES, { ...calls, ...ofDirectories }],
  ] as const)
    key.addToResourcePolicy(new PolicyStatement({ principals: [new AnyPrincipal()], actions: [...actions], resources: ['*'], conditions }));
  if (!recorded) return;
  const encryptionContext = { SourceArn: `arn:${partition}:logs:${region}:${account}:*` };
  grantKeyToService(key, 'cognito-idp.amazonaws.com', { actions: ['kms:Encrypt', 'kms:GenerateDataKey'], encryptionContext });
  grantKeyToService(key, 'delivery.logs.amazonaws.com', { actions: ['kms:Decrypt', 'kms:GenerateDataKey'], encryptionContext });
}
