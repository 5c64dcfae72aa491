import { Duration } from 'aws-cdk-lib';
import { type ManagedPolicy, PolicyDocument, type PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnAssignment, CfnPermissionSet } from 'aws-cdk-lib/aws-sso';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, reaches } from '../contract';
import { checkSession, SESSION_HOURS } from './identity';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Props of {@link PermissionSet}; every default is the hardened one. */
export interface PermissionSetProps {
  /** ARN of the Identity Center instance. */
  readonly instanceArn: string;
  /** Name of the role, as people see it: `agent`, `support-engineer`, `supervisor`. */
  readonly name: string;
  /** What its holders may do: exact actions, no `*` and no `service:*`. */
  readonly statements: readonly PolicyStatement[];
  /** What the role is for, and the duties of those who hold it (PER-03). */
  readonly description: string;
  /**
   * Name of the managed policy that bounds the role in each account where it is assigned, such as that of a
   * {@link PermissionBoundary}.
   */
  readonly boundary: string | ManagedPolicy;
  /**
   * Whether those who hold it can change what protects data; their sessions last an hour at most.
   * @default true at the high tier, false below
   */
  readonly privileged?: boolean;
  /**
   * Longest session: one hour for the privileged, eight for others.
   * @default Duration.hours(1)
   */
  readonly sessionDuration?: Duration;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims('PermissionSet', 'IDA-14', 'LPA-01', { control: 'LPA-02', from: 'moderate' }, 'LPA-04', {
  control: 'LPA-03',
  from: 'high',
});

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: { 'IDA-14': 'sessions may last longer, up to the twelve hours of the service' },
  firm: { 'LPA-01': 'name the actions', 'LPA-03': 'name another boundary' },
};

/**
 * A role of people in IAM Identity Center: exact actions, a short session and a permissions boundary, given to groups
 * and never to single people.
 *
 * Guarantees IDA-14, LPA-01 and LPA-04; from the moderate tier on LPA-02, from the high tier on LPA-03. Multi-factor authentication is a setting of the Identity
 * Center instance that CloudFormation does not offer: attest it (IDA-02).
 *
 * @throws Error when an action or a session goes too far
 * @example
 * const agents = new PermissionSet(stack, 'Agents', {
 *   instanceArn: 'arn:aws:sso:::instance/ssoins-0123456789abcdef',
 *   name: 'agent',
 *   description: 'Works on assigned cases; bound by the confidentiality agreement for support data',
 *   boundary: 'workload-boundary',
 *   statements: [new PolicyStatement({ actions: ['appsync:GraphQL'], resources: ['arn:aws:appsync:eu-central-1:111122223333:apis/cases/*'] })],
 * });
 * agents.assignTo('0123456789-group-id', '111122223333');
 */
export class PermissionSet extends CfnPermissionSet {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: PermissionSetProps) {
    const { tier } = profileOf(scope);
    const { boundary, description, instanceArn, name, relax, statements } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const length = props.sessionDuration ?? Duration.hours(SESSION_HOURS.privileged);
    checkSession(where, length, props.privileged ?? reaches(tier, 'high'), relax);
    checkActions(where, statements);
    super(scope, id, {
      instanceArn,
      name,
      description,
      sessionDuration: length.toIsoString(),
      permissionsBoundary: {
        customerManagedPolicyReference: { name: typeof boundary === 'string' ? boundary : boundary.managedPolicyName },
      },
      ...(statements.length > 0 ? { inlinePolicy: new PolicyDocument({ statements: [...statements] }).toJSON() } : {}),
    });
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, 'identity', this);
  }

  /**
   * Gives the role to a group in an account.
   *
   * @param groupId id of the group in the identity store
   * @param accountId account in which its members hold the role
   */
  assignTo(groupId: string, accountId: string): CfnAssignment {
    return new CfnAssignment(this, `${groupId}-${accountId}`, {
      instanceArn: this.instanceArn,
      permissionSetArn: this.attrPermissionSetArn,
      principalId: groupId,
      principalType: 'GROUP',
      targetId: accountId,
      targetType: 'AWS_ACCOUNT',
    });
  }
}

/** Each action that is allowed is named. */
function checkActions(where: string, statements: readonly PolicyStatement[]): void {
  for (const { effect, actions, notActions } of statements) {
    if (effect === 'Deny') continue;
    if (notActions.length > 0) throw new Error(`${where}: statements allow everything but ${notActions[0]}; name the actions (LPA-01)`);
    const wide = actions.find((action) => action === '*' || /^[\w-]+:\*$/.test(action));
    if (wide !== undefined) throw new Error(`${where}: statements allow "${wide}"; name the actions (LPA-01)`);
  }
}
