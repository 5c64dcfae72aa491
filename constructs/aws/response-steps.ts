/** What the runbooks of an incident do, step by step, as Systems Manager runs it. */

/** A step of a runbook. */
export interface Step {
  readonly name: string;
  readonly action: string;
  readonly [property: string]: unknown;
}

/** What a runbook asks for, and does. */
export interface Runbook {
  readonly description: string;
  readonly parameters: Readonly<Record<string, object>>;
  readonly mainSteps: readonly Step[];
}

const call = (name: string, Service: string, Api: string, inputs: object, outputs?: readonly object[]): Step => ({
  name,
  action: 'aws:executeAwsApi',
  inputs: { Service, Api, ...inputs },
  ...(outputs ? { outputs } : {}),
});

const forEach = (name: string, list: string, ...Steps: readonly Step[]): Step => ({
  name,
  action: 'aws:loop',
  inputs: { Iterators: `{{ ${list} }}`, IteratorDataType: 'String', Steps },
});

const list = (Name: string, Selector: string) => ({ Name, Selector, Type: 'StringList' });
const INCIDENT = {
  Incident: { type: 'String', description: 'Number of the incident, as the records know it', allowedPattern: '^[A-Za-z0-9-]{1,64}$' },
};
const IDENTITY = {
  Kind: { type: 'String', description: 'What the identity is', allowedValues: ['Role', 'User'] },
  Name: { type: 'String', description: 'Name of the role or user', allowedPattern: '^[\\w+=,.@-]{1,64}$' },
};

/** What isolating a host needs to know. */
export interface Isolation {
  /** Security group without a rule, where the network is known. */
  readonly quarantine?: string | undefined;
  /** Days for which nobody can delete the snapshots. */
  readonly evidenceDays: number;
  /** Account that may copy the snapshots. */
  readonly evidenceAccount?: string | undefined;
}

/** Snapshots first, locked; then out of every security group but the one without rules (INC-09, INC-03). */
export function isolateHost({ quarantine, evidenceDays, evidenceAccount }: Isolation): Runbook {
  const snapshot = '{{ keepEvidence.CurrentIteratorValue }}';
  return {
    description:
      'Takes and locks snapshots of an instance, then cuts it off from the network; it keeps running, so that its memory can be read.',
    parameters: {
      ...INCIDENT,
      InstanceId: { type: 'AWS::EC2::Instance::Id', description: 'The instance' },
      QuarantineGroup: {
        type: 'AWS::EC2::SecurityGroup::Id',
        description: 'Security group without rules in the network of the instance',
        ...(quarantine ? { default: quarantine } : {}),
      },
    },
    mainSteps: [
      call('look', 'ec2', 'DescribeInstances', { InstanceIds: ['{{ InstanceId }}'] }, [
        list('Interfaces', '$.Reservations..NetworkInterfaces..NetworkInterfaceId'),
      ]),
      call(
        'snapshot',
        'ec2',
        'CreateSnapshots',
        {
          Description: 'Evidence of incident {{ Incident }}, taken from {{ InstanceId }}',
          InstanceSpecification: { InstanceId: '{{ InstanceId }}', ExcludeBootVolume: false },
          TagSpecifications: [{ ResourceType: 'snapshot', Tags: [{ Key: EVIDENCE_TAG, Value: '{{ Incident }}' }] }],
        },
        [list('Snapshots', '$.Snapshots..SnapshotId')],
      ),
      forEach(
        'keepEvidence',
        'snapshot.Snapshots',
        call('lock', 'ec2', 'LockSnapshot', { SnapshotId: snapshot, LockMode: 'compliance', LockDuration: evidenceDays }),
      ),
      forEach(
        'isolate',
        'look.Interfaces',
        call('cutOff', 'ec2', 'ModifyNetworkInterfaceAttribute', {
          NetworkInterfaceId: '{{ isolate.CurrentIteratorValue }}',
          Groups: ['{{ QuarantineGroup }}'],
        }),
      ),
      // Last: a snapshot that cannot leave the account must not leave the host in the network.
      ...(evidenceAccount
        ? [
            forEach(
              'shareEvidence',
              'snapshot.Snapshots',
              call('handOver', 'ec2', 'ModifySnapshotAttribute', {
                SnapshotId: '{{ shareEvidence.CurrentIteratorValue }}',
                Attribute: 'createVolumePermission',
                OperationType: 'add',
                UserIds: [evidenceAccount],
              }),
            ),
          ]
        : []),
    ],
  };
}

/** Key of the tag that snapshots taken as evidence bear. */
export const EVIDENCE_TAG = 'palisade:incident';

/** Attaches a policy that denies; it holds for the sessions that are open, too. */
export const attachDenial = (description: string, policyArn: string): Runbook => ({
  description,
  parameters: { ...INCIDENT, ...IDENTITY },
  mainSteps: [
    {
      name: 'which',
      action: 'aws:branch',
      inputs: { Choices: [{ NextStep: 'attachToUser', Variable: '{{ Kind }}', StringEquals: 'User' }], Default: 'attachToRole' },
    },
    { ...call('attachToRole', 'iam', 'AttachRolePolicy', { RoleName: '{{ Name }}', PolicyArn: policyArn }), isEnd: true },
    { ...call('attachToUser', 'iam', 'AttachUserPolicy', { UserName: '{{ Name }}', PolicyArn: policyArn }), isEnd: true },
  ],
});

/** Switches an access key off, and keeps it, so that its use can still be told. */
export const disableAccessKey: Runbook = {
  description: 'Switches off an access key of a user.',
  parameters: {
    ...INCIDENT,
    UserName: { ...IDENTITY.Name, description: 'Name of the user' },
    AccessKeyId: { type: 'String', description: 'Id of the key', allowedPattern: '^A[A-Z0-9]{15,127}$' },
  },
  mainSteps: [
    call('switchOff', 'iam', 'UpdateAccessKey', { UserName: '{{ UserName }}', AccessKeyId: '{{ AccessKeyId }}', Status: 'Inactive' }),
  ],
};
