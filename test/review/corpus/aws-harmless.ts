/** Changes on AWS that give nobody more and take no protection away: none of them asks for an approval. */
import { arn, NETWORK, OWN_ROOT, policy, ref, STORES, statement } from './aws-base';
import { PARTNER, PEOPLE, RECORDING } from './aws-base-people';
import { ACCOUNT, awsWith, GONE, type Harmless, harmless, type Resources } from './pair';

/** The same resources, each with its properties and statements the other way round. */
function reversed<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, reversed(inner)]),
  ) as T;
}

/** Every reference to a resource under its new name. */
const renamed = (resources: Resources, names: Readonly<Record<string, string>>): Resources => {
  let text = JSON.stringify(resources);
  for (const [old, now] of Object.entries(names))
    text = text
      .replaceAll(`{"Ref":"${old}"}`, `{"Ref":"${now}"}`)
      .replaceAll(`{"Fn::GetAtt":["${old}",`, `{"Fn::GetAtt":["${now}",`)
      .replaceAll(`\${${old}.Arn}`, `\${${now}.Arn}`)
      .replaceAll(`\${${old}}`, `\${${now}}`);
  const read = JSON.parse(text) as Resources;
  return Object.fromEntries(Object.entries(read).map(([id, resource]) => [names[id] ?? id, resource]));
};

/** Two stacks: what the second holds is imported from the first by export. */
function moved(resources: Resources, ...ids: readonly string[]): Harmless['after'] {
  const [here, there] = [
    Object.fromEntries(Object.entries(resources).filter(([id]) => !ids.includes(id))),
    Object.fromEntries(Object.entries(resources).filter(([id]) => ids.includes(id))),
  ];
  return { stacks: { cases: here, network: there } };
}
const states = (before: Resources, after: Resources): Harmless => ({ before: awsWith(before), after: awsWith(after) });
const join = (id: string, rest: string) => ({ 'Fn::Join': ['', [arn(id), rest]] });

const PEOPLE_SAME = harmless(awsWith, PEOPLE, {
  'a statement is split by action': {
    'App.Policies.0.PolicyDocument.Statement': [
      statement('s3:GetObject', { 'Fn::Sub': '${Records.Arn}/*' }),
      statement('s3:PutObject', { 'Fn::Sub': '${Records.Arn}/*' }),
      statement('kms:Decrypt', arn('Key'), { Condition: { StringEquals: { 'kms:ViaService': 's3.eu-central-1.amazonaws.com' } } }),
    ],
  },
  'a reference is written with Fn::Join instead of Fn::Sub': {
    'App.Policies.0.PolicyDocument.Statement.0.Resource': join('Records', '/*'),
  },
  'a single action is written as a list': { 'Shared.PolicyDocument.Statement.0.Action': ['sqs:SendMessage'] },
  'an action is written in another case': { 'Shared.PolicyDocument.Statement.0.Action': 'SQS:sendmessage' },
  'a statement gets a name': { 'Shared.PolicyDocument.Statement.0.Sid': 'Send' },
  'statements change places': {
    'Guard.Content.Statement': [
      ...(PEOPLE.Guard as { Properties: { Content: { Statement: object[] } } }).Properties.Content.Statement,
    ].reverse(),
  },
  'an inline policy becomes a resource of its own': {
    'App.Policies': GONE,
    AppPolicy: {
      Type: 'AWS::IAM::Policy',
      Properties: {
        PolicyName: 'records',
        Roles: [ref('App')],
        PolicyDocument: (PEOPLE.App as { Properties: { Policies: { PolicyDocument: object }[] } }).Properties.Policies[0]?.PolicyDocument,
      },
    },
  },
  'a managed policy becomes an inline one': {
    Shared: GONE,
    'Worker.ManagedPolicyArns': GONE,
    'Worker.Policies': [{ PolicyName: 'shared', PolicyDocument: policy(statement('sqs:SendMessage', arn('Jobs'))) }],
  },
  'a managed policy is attached from its own side': { 'Worker.ManagedPolicyArns': GONE, 'Shared.Roles': [ref('Worker')] },
  'membership of a group is written as an addition': {
    'Ann.Groups': GONE,
    Join: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: ref('Operators'), Users: [ref('Ann')] } },
  },
  'a role loses an action': { 'App.Policies.0.PolicyDocument.Statement.0.Action': 's3:GetObject' },
  'a role is confined to a folder': { 'App.Policies.0.PolicyDocument.Statement.0.Resource': { 'Fn::Sub': '${Records.Arn}/app/*' } },
  'a role gets a condition more': { 'App.Policies.0.PolicyDocument.Statement.0.Condition': { Bool: { 'aws:SecureTransport': 'true' } } },
  'a role is denied something': {
    'App.Policies.0.PolicyDocument.Statement.2': { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
  },
  'a denial is repeated in another policy': {
    'Worker.Policies': [{ PolicyName: 'no', PolicyDocument: policy({ Effect: 'Deny', Action: 'iam:*', Resource: '*' }) }],
  },
  'a grant is repeated': {
    'App.Policies.1': { PolicyName: 'again', PolicyDocument: policy(statement('s3:GetObject', { 'Fn::Sub': '${Records.Arn}/a/*' })) },
  },
  'a boundary gets narrower': { 'Boundary.PolicyDocument.Statement.0.Action': ['s3:*', 'kms:*', 'sqs:*', 'iam:PassRole'] },
  'an account is named by its root instead of its number': {
    'RecordsPolicy.PolicyDocument.Statement.1.Principal': { AWS: [`arn:aws:iam::${PARTNER}:role/reader`] },
  },
  'a trust is narrowed': { 'App.AssumeRolePolicyDocument.Statement.0.Condition': { StringEquals: { 'aws:SourceAccount': ACCOUNT } } },
  'a session gets shorter': { 'Deployer.MaxSessionDuration': GONE },
  'a default is written out': { 'Deployer.Path': '/' },
  'a number is written as text': { 'Deployer.MaxSessionDuration': '3600' },
  'a boolean is written as text': { 'Subnets.AllowExternalPrincipals': 'false' },
  'a role gets tags': { 'Worker.Tags': [{ Key: 'team', Value: 'cases' }] },
  'a role gets a description': { 'Worker.Description': 'sends jobs' },
  'a service control policy denies more': { 'Guard.Content.Statement.0.Action.2': 'cloudtrail:UpdateTrail' },
  'a service control policy covers another unit': { 'Guard.TargetIds.1': 'ou-2' },
  'a share shares less': { 'Subnets.ResourceArns': [] },
  'a grant of the lake is taken back': { LakeReader: GONE },
  'an entry of a cluster is taken back': { Viewer: GONE },
  'an assignment is taken back': { SupportTeam: GONE },
  'a user leaves': { Ann: GONE },
  'a policy is written as JSON text': {
    'Support.InlinePolicy': JSON.stringify(policy(statement('s3:GetObject', 'arn:aws:s3:::cases-public/*'))),
  },
});

const STORES_SAME = harmless(awsWith, STORES, {
  'a number becomes text': { 'Database.BackupRetentionPeriod': '35' },
  'text becomes a number': { 'Database.AllocatedStorage': 100 },
  'backups are kept longer': { 'Plan.BackupPlan.BackupPlanRule.0.Lifecycle.DeleteAfterDays': 180 },
  'objects are locked for longer': { 'AccessLogs.ObjectLockConfiguration.Rule.DefaultRetention.Days': 800 },
  'a store gets another tag': { 'Records.Tags.3': { Key: 'cost-centre', Value: '7' } },
  'a key gets a description': { 'Key.Description': 'cases' },
  'a key gets a name': { Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/cases', TargetKeyId: ref('Key') } } },
  'a bucket policy denies more': {
    'RecordsPolicy.PolicyDocument.Statement.2': {
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:DeleteObject',
      Resource: join('Records', '/*'),
    },
  },
  'a denial is merged with another': {
    'RecordsPolicy.PolicyDocument.Statement.0.Sid': 'Transport',
    'RecordsPolicy.PolicyDocument.Statement.0.Resource': [join('Records', '/*'), arn('Records')],
  },
  'a wildcard of a key policy names the account twice': { 'Key.KeyPolicy.Statement.0.Principal': { AWS: [OWN_ROOT, ACCOUNT] } },
  'a variable that names no store changes': { 'Rotator.Environment.Variables.LEVEL': 'debug' },
  'a function gets new code': { 'Rotator.Code.S3Key': 'rotator-2.zip' },
  'a secret rotates more often': { 'Rotation.RotationRules.AutomaticallyAfterDays': 7 },
  'a hardened log group is added': {
    More: {
      Type: 'AWS::Logs::LogGroup',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { RetentionInDays: 1096, KmsKeyId: arn('Key') },
    },
  },
  'the size of a database changes': { 'Database.DBInstanceClass': 'db.m6g.xlarge' },
  'the default of a switch is written out': { 'Records.ReplicationConfiguration': { 'Fn::If': ['Never', {}, { Ref: 'AWS::NoValue' }] } },
});

const NETWORK_SAME = harmless(awsWith, NETWORK, {
  'a security group gets narrower': { 'BalancerGroup.SecurityGroupIngress.0.CidrIp': '10.0.0.0/24' },
  'a rule of a security group becomes a resource of its own': {
    'HostGroup.SecurityGroupIngress': GONE,
    Ingress: {
      Type: 'AWS::EC2::SecurityGroupIngress',
      Properties: {
        GroupId: { 'Fn::GetAtt': ['HostGroup', 'GroupId'] },
        IpProtocol: 'tcp',
        FromPort: 8443,
        ToPort: 8443,
        SourceSecurityGroupId: { 'Fn::GetAtt': ['BalancerGroup', 'GroupId'] },
        Description: 'entrance',
      },
    },
  },
  'a rule is split into two halves of its range': {
    'BalancerGroup.SecurityGroupIngress': [
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/17', Description: 'inside' },
      { IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.128.0/17', Description: 'inside' },
      {
        IpProtocol: 'tcp',
        FromPort: 443,
        ToPort: 443,
        SourcePrefixListId: { 'Fn::GetAtt': ['Partners', 'PrefixListId'] },
        Description: 'partners',
      },
    ],
  },
  'a rule of a security group is described otherwise': { 'HostGroup.SecurityGroupIngress.0.Description': 'the entrance' },
  'ports are written as text': { 'HostGroup.SecurityGroupIngress.0.FromPort': '8443', 'HostGroup.SecurityGroupIngress.0.ToPort': '8443' },
  'a protocol is written by its number': { 'HostGroup.SecurityGroupIngress.0.IpProtocol': '6' },
  'a partner leaves a prefix list': { 'Partners.Entries': [] },
  'a listener asks for newer TLS': { 'Listener.SslPolicy': 'ELBSecurityPolicy-TLS13-1-3-2021-06' },
  'a rule of a web ACL changes its place': { 'Acls.Rules.0.Priority': 5 },
  'a limit of requests gets lower': { 'Acls.Rules.1.Statement.RateBasedStatement.Limit': 500 },
  'a flow log gets a tag': { 'FlowLog.Tags': [{ Key: 'a', Value: 'b' }] },
  'passwords get longer': { 'Users.Policies.PasswordPolicy.MinimumLength': 20 },
  'an origin may no longer call': { 'HttpApi.CorsConfiguration.AllowOrigins': [] },
  'a grant to a service names its account too': { 'Invoke.SourceAccount': ACCOUNT },
  'an interface is described': { 'Api.Description': 'cases' },
});
const RECORDING_SAME = harmless(awsWith, RECORDING, {
  'records are kept longer': { 'AppLogs.RetentionInDays': 1096 },
  'an alarm goes off sooner': { 'RootAlarm.Threshold': 0.5 },
  'an alarm tells one more': { 'RootAlarm.AlarmActions.1': `arn:aws:sns:eu-central-1:${ACCOUNT}:more` },
  'a rule of events matches more': {
    'Findings.EventPattern.detail-type': ['GuardDuty Finding', 'GuardDuty Malware Protection Object Scan Result'],
  },
  'a rule of events tells one more': { 'Findings.Targets.1': { Id: 'more', Arn: arn('Handler') } },
  'a detector looks at more': { 'Detector.Features.6': { Name: 'EKS_RUNTIME_MONITORING', Status: 'ENABLED' } },
  'features change places': {
    'Detector.Features': [...(RECORDING.Detector as { Properties: { Features: object[] } }).Properties.Features].reverse(),
  },
  'an alarm is described': { 'RootAlarm.AlarmDescription': 'somebody uses root' },
  'a trail gets a tag': { 'Trail.Tags': [{ Key: 'a', Value: 'b' }] },
});

/** Every change that must ask for nothing. */
export const AWS_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...PEOPLE_SAME,
  ...STORES_SAME,
  ...NETWORK_SAME,
  ...RECORDING_SAME,
  'everything is written in another order (people)': states(PEOPLE, reversed(PEOPLE)),
  'everything is written in another order (network)': states(NETWORK, reversed(NETWORK)),
  'everything is written in another order (recording)': states(RECORDING, reversed(RECORDING)),
  'everything is written in another order (stores)': states(STORES, reversed(STORES)),
  'roles and policies are called otherwise': states(
    PEOPLE,
    renamed(PEOPLE, { App: 'Application', Shared: 'SharedPolicy', Worker: 'JobWorker', Guard: 'GuardPolicy' }),
  ),
  'parts of the network are called otherwise': states(
    NETWORK,
    renamed(NETWORK, { Balancer: 'Entrance', BalancerGroup: 'EntranceGroup', Acls: 'Firewall', AppRoutes: 'Routes', FlowLog: 'Flows' }),
  ),
  'detections are called otherwise': states(
    RECORDING,
    renamed(RECORDING, { RootAlarm: 'AlarmOnRoot', RootUse: 'RootFilter', Findings: 'FindingsRule', Detector: 'ThreatDetector' }),
  ),
  'detections move to a stack of their own': {
    before: awsWith(RECORDING),
    after: moved(RECORDING, 'Hub', 'Macie', 'Analyzer', 'Encrypted'),
  },
  'limits of the organisation move to a stack of their own': { before: awsWith(PEOPLE), after: moved(PEOPLE, 'Guard', 'Fence') },
};
