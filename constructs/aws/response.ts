import { Lazy, Stack } from 'aws-cdk-lib';
import { type IVpc, Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Effect, type IGrantable, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { tellOf } from './detection-alerts';
import { denyExport } from './identity-export';
import { fromSource } from './identity-perimeter';
import { rightsOf } from './identity-rights';
import { profileOf } from './profile';
import { attachDenial, disableAccessKey, EVIDENCE_TAG, isolateHost, type Runbook } from './response-steps';

/** Days for which evidence is locked, unless somebody says otherwise. */
const EVIDENCE_DAYS = 365;
/** Longest lock that EC2 takes: 100 years. */
const LONGEST_DAYS = 36_500;

/** Props of {@link IncidentRunbooks}; every default is the hardened one. */
export interface IncidentRunbooksProps {
  /**
   * Network of the hosts: its quarantine group is made here.
   * @default whoever isolates a host names a security group without rules
   */
  readonly vpc?: IVpc;
  /**
   * Days for which nobody, the account root included, deletes the snapshots that are taken as evidence.
   * @default 365
   */
  readonly evidenceDays?: number;
  /**
   * Account of the investigators, which may copy the snapshots; those of volumes encrypted with an AWS managed key
   * cannot leave the account.
   * @default none
   */
  readonly evidenceAccount?: string;
  /**
   * Keys that encrypt the volumes of hosts: snapshots of them can be taken.
   * @default none; EC2 takes snapshots of encrypted volumes without
   */
  readonly volumeKeys?: readonly IKey[];
  /** Where each run is told. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * Containment, one action away: runbooks that isolate a host, freeze an identity, disable an access key and block
 * export. Each has a role of its own that can do just that, so that responders need no standing rights; each run is told,
 * and recorded with the number of the incident. A host is isolated only after snapshots of it are taken and locked.
 *
 * Guarantees from the moderate tier on INC-03 and INC-09. Nothing of it can be relaxed.
 *
 * Freezing and blocking attach a managed policy that denies, to a role or a user; it holds at once for every session that
 * is open. Ten policies are attached already where IAM refuses: detach one, or have the quota raised. Roles that Identity
 * Center made are frozen there.
 *
 * @throws Error when `evidenceDays` or `evidenceAccount` make no sense
 * @example
 * const runbooks = new IncidentRunbooks(workloadStack, 'Runbooks', { vpc, evidenceAccount: '444455556666' });
 * runbooks.grantRun(role);
 */
export class IncidentRunbooks extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('IncidentRunbooks', { control: 'INC-03', from: 'moderate' }, { control: 'INC-09', from: 'moderate' });

  /** The runbooks by what they do. */
  readonly documents: Readonly<Record<'isolateHost' | 'freezeIdentity' | 'disableAccessKey' | 'blockExport', CfnDocument>>;
  /** Security group without rules; undefined where no network is given. */
  readonly quarantine: SecurityGroup | undefined;
  private readonly roles: Role[] = [];

  constructor(scope: Construct, id: string, props: IncidentRunbooksProps = {}) {
    profileOf(scope);
    super(scope, id);
    const { evidenceDays = EVIDENCE_DAYS, evidenceAccount, vpc } = props;
    const where = this.node.path;
    if (!(Number.isInteger(evidenceDays) && evidenceDays > 0 && evidenceDays <= LONGEST_DAYS))
      throw new Error(`${where}: evidenceDays is ${evidenceDays}; write whole days from 1 to ${LONGEST_DAYS} (INC-09)`);
    if (evidenceAccount !== undefined && !/^\d{12}$/.test(evidenceAccount))
      throw new Error(`${where}: evidenceAccount is "${evidenceAccount}"; write the twelve digits of an account (INC-09)`);
    this.quarantine = vpc ? quarantineIn(this, vpc) : undefined;
    const frozen = this.denial('Frozen', 'Freezes whoever carries it: every call is refused', denyEverything());
    const closed = this.denial('NoExport', 'Keeps whoever carries it from carrying data out in bulk', denyExport());
    const isolation = { quarantine: this.quarantine?.securityGroupId, evidenceDays, evidenceAccount };
    this.documents = {
      isolateHost: this.runbook('IsolateHost', isolateHost(isolation), this.ofHosts(props)),
      freezeIdentity: this.runbook(
        'FreezeIdentity',
        attachDenial('Refuses every call of a role or user, those of open sessions included.', frozen.managedPolicyArn),
        [this.attaches(frozen)],
      ),
      disableAccessKey: this.runbook('DisableAccessKey', disableAccessKey, [
        new PolicyStatement({ actions: ['iam:UpdateAccessKey'], resources: [this.arn('iam', 'user', '*')] }),
      ]),
      blockExport: this.runbook(
        'BlockExport',
        attachDenial('Keeps a role or user from exporting, sharing and copying data.', closed.managedPolicyArn),
        [this.attaches(closed)],
      ),
    };
    tellOf(alarmsOf(this, props.alarms), `Containment${this.node.addr.slice(-8)}`, 'A runbook of an incident was started', {
      source: ['aws.ssm'],
      detailType: ['EC2 Automation Execution Status-change Notification'],
      detail: { Definition: Object.values(this.documents).map(({ ref }) => ref) },
    });
  }

  /** Lets somebody start the runbooks, see how they go, and hand them their roles. */
  grantRun(grantee: IGrantable): void {
    const documents = Object.values(this.documents).map(({ ref }) => ref);
    const { grantPrincipal } = grantee;
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ssm:StartAutomationExecution'],
        resources: documents.map((name) => this.arn('ssm', 'automation-definition', `${name}:*`)),
      }),
    );
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['ssm:GetAutomationExecution', 'ssm:StopAutomationExecution'],
        resources: [this.arn('ssm', 'automation-execution', '*')],
      }),
    );
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: this.roles.map(({ roleArn }) => roleArn),
        conditions: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
      }),
    );
  }

  private runbook(id: string, { description, ...content }: Runbook, statements: readonly PolicyStatement[]): CfnDocument {
    const role = new Role(this, `${id}Role`, {
      description: `Runs the runbook ${id}: ${description}`,
      assumedBy: new ServicePrincipal('ssm.amazonaws.com').withConditions(
        fromSource(this, { arn: this.arn('ssm', 'automation-execution', '*') }),
      ),
    });
    for (const statement of statements) role.addToPolicy(statement);
    this.roles.push(role);
    const document = new CfnDocument(this, id, {
      documentType: 'Automation',
      documentFormat: 'JSON',
      updateMethod: 'NewVersion',
      content: Lazy.any({ produce: () => ({ schemaVersion: '0.3', description, assumeRole: role.roleArn, ...content }) }),
    });
    document.node.addDependency(rightsOf(role));
    return document;
  }

  private denial(id: string, description: string, statement: PolicyStatement): ManagedPolicy {
    return new ManagedPolicy(this, id, { description, statements: [statement] });
  }

  /** Attaches this one policy, and no other. */
  private attaches(policy: ManagedPolicy): PolicyStatement {
    return new PolicyStatement({
      actions: ['iam:AttachRolePolicy', 'iam:AttachUserPolicy'],
      resources: [this.arn('iam', 'role', '*'), this.arn('iam', 'user', '*')],
      conditions: { ArnEquals: { 'iam:PolicyARN': policy.managedPolicyArn } },
    });
  }

  private ofHosts({ evidenceAccount, volumeKeys = [] }: IncidentRunbooksProps): PolicyStatement[] {
    const snapshots = Stack.of(this).formatArn({ service: 'ec2', account: '', resource: 'snapshot', resourceName: '*' });
    const evidence = { StringLike: { [`aws:ResourceTag/${EVIDENCE_TAG}`]: '*' } };
    const instances = this.arn('ec2', 'instance', '*');
    return [
      new PolicyStatement({ actions: ['ec2:DescribeInstances'], resources: ['*'] }),
      new PolicyStatement({ actions: ['ec2:CreateSnapshots'], resources: [instances, this.arn('ec2', 'volume', '*'), snapshots] }),
      new PolicyStatement({
        actions: ['ec2:CreateTags'],
        resources: [snapshots],
        conditions: { StringEquals: { 'ec2:CreateAction': 'CreateSnapshots' } },
      }),
      new PolicyStatement({
        actions: ['ec2:LockSnapshot', ...(evidenceAccount ? ['ec2:ModifySnapshotAttribute'] : [])],
        resources: [snapshots],
        conditions: evidence,
      }),
      new PolicyStatement({
        actions: ['ec2:ModifyNetworkInterfaceAttribute'],
        resources: [instances, this.arn('ec2', 'network-interface', '*'), this.arn('ec2', 'security-group', '*')],
      }),
      ...(volumeKeys.length > 0
        ? [
            new PolicyStatement({
              actions: ['kms:CreateGrant'],
              resources: volumeKeys.map(({ keyArn }) => keyArn),
              conditions: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
            }),
          ]
        : []),
    ];
  }

  private arn(service: string, resource: string, resourceName: string): string {
    return Stack.of(this).formatArn({ service, resource, resourceName, ...(service === 'iam' ? { region: '' } : {}) });
  }
}

const denyEverything = () => new PolicyStatement({ sid: 'DenyEverything', effect: Effect.DENY, actions: ['*'], resources: ['*'] });

/** Nothing comes in, and nothing goes out. */
function quarantineIn(scope: Construct, vpc: IVpc): SecurityGroup {
  const group = new SecurityGroup(scope, 'Quarantine', { vpc, description: 'Cuts a host off, for an incident', allowAllOutbound: false });
  // A group whose own list is empty is given "everything to everywhere" by EC2.
  group.addEgressRule(Peer.ipv4('127.0.0.1/32'), Port.icmpTypeAndCode(252, 86), 'Matches nothing');
  return group;
}
