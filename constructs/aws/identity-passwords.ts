import { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation } from '../contract';
import { keepAccountSetting } from './governance-automation';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** The weakest that the promises allow; the history is the longest that IAM keeps. */
const LEAST_LENGTH = 14;
const HISTORY = 24;
const LONGEST_AGE_DAYS = 90;

/** Props of {@link PasswordPolicy}; every default is the hardened one. */
export interface PasswordPolicyProps {
  /**
   * Least length of a password, 14 to 128.
   * @default 14
   */
  readonly minLength?: number;
  /**
   * Days after which a password has to be changed; more than 90 needs IDA-05 to be relaxed.
   * @default 90
   */
  readonly maxAgeDays?: number;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims('PasswordPolicy', 'IDA-03', 'IDA-04', 'IDA-05');

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: { 'IDA-05': 'passwords may live longer than 90 days' },
  firm: { 'IDA-03': 'longer passwords can be phrases', 'IDA-04': 'a history costs nobody anything' },
};

/**
 * The password policy of the account, for the IAM users that are left: 14 characters of all classes, none of the last 24
 * again, a new one every 90 days. CloudFormation has no resource for it: State Manager runs the runbook
 * `AWSConfigRemediation-SetIAMPasswordPolicy` of AWS, at deployment and daily. One in each account, in one region.
 *
 * Guarantees IDA-03, IDA-04 and IDA-05. IAM offers no lockout after failed sign-ins (IDA-07) and no suspension after
 * inactivity (IDA-06): let people sign in by federation.
 *
 * @throws Error when the length or the age goes too far
 * @example
 * new PasswordPolicy(stack, 'PasswordPolicy');
 */
export class PasswordPolicy extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: PasswordPolicyProps = {}) {
    profileOf(scope);
    const { relax, minLength = LEAST_LENGTH, maxAgeDays = LONGEST_AGE_DAYS } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    super(scope, id);
    const where = this.node.path;
    if (!(minLength >= LEAST_LENGTH && minLength <= 128))
      throw new Error(`${where}: minLength is ${minLength}; write ${LEAST_LENGTH} to 128 (IDA-03)`);
    if (maxAgeDays > LONGEST_AGE_DAYS)
      requireRelaxation(where, relax, 'IDA-05', `maxAgeDays ${maxAgeDays}`, `have passwords changed every ${LONGEST_AGE_DAYS} days`);
    const setting = keepAccountSetting(this, {
      runbook: 'AWSConfigRemediation-SetIAMPasswordPolicy',
      actions: ['iam:GetAccountPasswordPolicy', 'iam:UpdateAccountPasswordPolicy'],
      parameters: {
        AllowUsersToChangePassword: true,
        HardExpiry: false,
        MaxPasswordAge: maxAgeDays,
        MinimumPasswordLength: minLength,
        PasswordReusePrevention: HISTORY,
        RequireLowercaseCharacters: true,
        RequireNumbers: true,
        RequireSymbols: true,
        RequireUppercaseCharacters: true,
      },
    });
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, 'identity', setting);
  }
}
