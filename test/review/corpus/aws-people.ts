/** Weakenings of who may do what on AWS. */
import { arn, OTHER, policy, ref, statement } from './aws-base';
import { PARTNER, PEOPLE } from './aws-base-people';
import { ACCOUNT, awsWith, GONE, weakenings } from './pair';

const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess';

export const PEOPLE_WEAKENINGS = weakenings(awsWith, PEOPLE, {
  // Grants to identities
  'a managed policy that a role carries is widened to everything': [
    'access: Worker',
    { 'Shared.PolicyDocument.Statement.0': statement('*', '*') },
  ],
  'a role gains an action': ['access: App', { 'App.Policies.0.PolicyDocument.Statement.0.Action.2': 's3:DeleteObject' }],
  'a role gains a resource': ['access: App', { 'App.Policies.0.PolicyDocument.Statement.0.Resource': '*' }],
  'a role loses a condition': ['access: App', { 'App.Policies.0.PolicyDocument.Statement.1.Condition': GONE }],
  'the condition of a role lets another service in': [
    'access: App',
    {
      'App.Policies.0.PolicyDocument.Statement.1.Condition.StringEquals.kms:ViaService': [
        's3.eu-central-1.amazonaws.com',
        'ec2.eu-central-1.amazonaws.com',
      ],
    },
  ],
  'a role gets a policy of its own more': [
    'access: App',
    {
      More: {
        Type: 'AWS::IAM::RolePolicy',
        Properties: { RoleName: ref('App'), PolicyName: 'more', PolicyDocument: policy(statement('secretsmanager:GetSecretValue', '*')) },
      },
    },
  ],
  'a role becomes administrator': ['access: Worker', { 'Worker.ManagedPolicyArns.1': ADMIN, 'Worker.PermissionsBoundary': GONE }],
  'a role gets a managed policy whose content is elsewhere': [
    'access: Worker',
    { 'Worker.ManagedPolicyArns.1': `arn:aws:iam::${ACCOUNT}:policy/elsewhere` },
  ],
  'a role may pass any role on': ['access: App', { 'App.Policies.0.PolicyDocument.Statement.2': statement('iam:PassRole', '*') }],
  'a role may act on everything but a few': [
    'access: App',
    { 'App.Policies.0.PolicyDocument.Statement.2': { Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' } },
  ],
  'the boundary of a role is removed': [
    'access: App|Worker',
    { 'Worker.PermissionsBoundary': GONE, 'Shared.PolicyDocument.Statement.0.Action': ['sqs:SendMessage', 'ec2:RunInstances'] },
  ],
  'the boundary of a role that can do no more is removed': ['access|controls: App', { 'App.PermissionsBoundary': GONE }],
  'the boundary is widened': ['access|controls: Boundary|App', { 'Boundary.PolicyDocument.Statement.0.Action': '*' }],
  'a user joins the administrators': ['access: Ann', { 'Ann.Groups.1': ref('Admins'), 'Ann.PermissionsBoundary': GONE }],
  'a user is added to the administrators from outside': [
    'access: Ann',
    {
      Join: { Type: 'AWS::IAM::UserToGroupAddition', Properties: { GroupName: ref('Admins'), Users: [ref('Ann')] } },
      'Ann.PermissionsBoundary': GONE,
    },
  ],
  'administrators need no second factor any more': ['access: Admins', { 'AdminsPolicy.PolicyDocument.Statement.0.Condition': GONE }],
  'a group gains a right': [
    'access: Operators',
    { 'OperatorsPolicy.PolicyDocument.Statement.0.Action': ['cloudwatch:GetMetricData', 'logs:DeleteLogGroup'] },
  ],
  'an access key is made': ['access: Credentials', { Credentials: { Type: 'AWS::IAM::AccessKey', Properties: { UserName: ref('Ann') } } }],
  'a permission set gains a right': ['access: Support', { 'Support.InlinePolicy.Statement.0.Resource': '*' }],
  'a permission set becomes administrator': ['access: Support', { 'Support.ManagedPolicies': [ADMIN] }],
  'a permission set lasts for a day': ['access|controls: Support', { 'Support.SessionDuration': 'PT12H' }],
  'another team is assigned a permission set': [
    'access: Other',
    {
      Other: {
        Type: 'AWS::SSO::Assignment',
        Properties: {
          InstanceArn: 'arn:aws:sso:::instance/ssoins-1',
          PermissionSetArn: { 'Fn::GetAtt': ['Support', 'PermissionSetArn'] },
          PrincipalType: 'GROUP',
          PrincipalId: 'group-2',
          TargetType: 'AWS_ACCOUNT',
          TargetId: ACCOUNT,
        },
      },
    },
  ],
  'an assignment goes to another group': ['access: SupportTeam', { 'SupportTeam.PrincipalId': 'group-2' }],
  // Trust
  'a role trusts another account': [
    'access: App [organisation]',
    {
      'App.AssumeRolePolicyDocument.Statement.1': {
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${OTHER}:root` },
        Action: 'sts:AssumeRole',
      },
    },
  ],
  'a role trusts everyone': [
    'access: App [internet]',
    { 'App.AssumeRolePolicyDocument.Statement.1': { Effect: 'Allow', Principal: '*', Action: 'sts:AssumeRole' } },
  ],
  'a partner needs no external id any more': ['access: Partner', { 'Partner.AssumeRolePolicyDocument.Statement.0.Condition': GONE }],
  'a partner is trusted as a whole': [
    'access: Partner',
    { 'Partner.AssumeRolePolicyDocument.Statement.0.Principal.AWS': `arn:aws:iam::${PARTNER}:root` },
  ],
  'every branch may deploy': [
    'access: Deployer',
    {
      'Deployer.AssumeRolePolicyDocument.Statement.0.Condition': {
        StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' },
        StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:example/cases:*' },
      },
    },
  ],
  'every repository may deploy': [
    'access: Deployer',
    {
      'Deployer.AssumeRolePolicyDocument.Statement.0.Condition.StringEquals': {
        'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      },
    },
  ],
  'a session of deployment lasts half a day': ['access: Deployer', { 'Deployer.MaxSessionDuration': 43200 }],
  // Limits of the organisation
  'a denial of a service control policy is removed': ['access: organisation', { 'Guard.Content.Statement.0': GONE }],
  'a denial of a service control policy is narrowed': [
    'access: organisation',
    { 'Guard.Content.Statement.0.Action': ['cloudtrail:DeleteTrail'] },
  ],
  'a service control policy is detached': ['access|controls: Guard', { 'Guard.TargetIds': ['ou-2'] }],
  'a service control policy is deleted': ['access|controls: organisation', { Guard: GONE }],
  'a region more is allowed': [
    'access: organisation',
    { 'Guard.Content.Statement.2.Condition.StringNotEquals.aws:RequestedRegion': ['eu-central-1', 'eu-west-1', 'us-east-1'] },
  ],
  'a resource control policy lets everyone in': [
    'access: organisation',
    { 'Fence.Content.Statement.0.Condition.StringNotEqualsIfExists': { 'aws:PrincipalOrgID': ['o-1', 'o-2'] } },
  ],
  // Policies of resources
  'a partner may read all of a bucket': [
    'access: Records',
    { 'RecordsPolicy.PolicyDocument.Statement.1.Resource': { 'Fn::Sub': '${Records.Arn}/*' } },
  ],
  'a partner may write to a bucket': [
    'access: Records',
    { 'RecordsPolicy.PolicyDocument.Statement.1.Action': ['s3:GetObject', 's3:PutObject'] },
  ],
  'a bucket no longer asks for the organisation': ['access: Records', { 'RecordsPolicy.PolicyDocument.Statement.1.Condition': GONE }],
  'a queue takes messages of every topic': ['access: Jobs', { 'JobsPolicy.PolicyDocument.Statement.0.Condition': GONE }],
  'another account may publish': [
    'access: News [organisation]',
    {
      NewsPolicy: {
        Type: 'AWS::SNS::TopicPolicy',
        Properties: {
          Topics: [ref('News')],
          PolicyDocument: policy({ Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'sns:Publish', Resource: ref('News') }),
        },
      },
    },
  ],
  'another account may put events on a bus': [
    'access: Bus [organisation]',
    {
      BusPolicy: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: { EventBusName: ref('Bus'), StatementId: 'other', Action: 'events:PutEvents', Principal: OTHER },
      },
    },
  ],
  'everyone may put events on a bus': [
    'access: Bus [internet]',
    {
      BusPolicy: {
        Type: 'AWS::Events::EventBusPolicy',
        Properties: {
          EventBusName: ref('Bus'),
          StatementId: 'all',
          Statement: { Effect: 'Allow', Principal: '*', Action: 'events:PutEvents', Resource: arn('Bus') },
        },
      },
    },
  ],
  'a function may be called from another account': ['access: Handler', { 'Invoke.SourceAccount': GONE, 'Invoke.SourceArn': GONE }],
  'a layer is offered to everyone': [
    'access: Layer [internet]',
    {
      Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { Content: { S3Bucket: 'code', S3Key: 'layer.zip' } } },
      LayerTo: {
        Type: 'AWS::Lambda::LayerVersionPermission',
        Properties: { LayerVersionArn: ref('Layer'), Action: 'lambda:GetLayerVersion', Principal: '*' },
      },
    },
  ],
  // Grants that are no policies
  'a share of resources lets outsiders in': [
    'access: Subnets [organisation]',
    { 'Subnets.AllowExternalPrincipals': true, 'Subnets.Principals.1': OTHER },
  ],
  'outsiders may be let in to a share': ['access: Subnets', { 'Subnets.AllowExternalPrincipals': true }],
  'a share of resources takes in another resource': [
    'access: Subnets',
    { 'Subnets.ResourceArns.1': `arn:aws:rds:eu-central-1:${ACCOUNT}:cluster:cases` },
  ],
  'a new share goes to another account': [
    'access: Extra [organisation]',
    {
      Extra: {
        Type: 'AWS::RAM::ResourceShare',
        Properties: {
          Name: 'extra',
          AllowExternalPrincipals: true,
          Principals: [OTHER],
          ResourceArns: [`arn:aws:ec2:eu-central-1:${ACCOUNT}:transit-gateway/tgw-1`],
        },
      },
    },
  ],
  'a principal gets a table of the lake': [
    'access: Lake',
    {
      Lake: {
        Type: 'AWS::LakeFormation::PrincipalPermissions',
        Properties: {
          Principal: { DataLakePrincipalIdentifier: arn('App') },
          Resource: { Table: { CatalogId: ACCOUNT, DatabaseName: 'lake', Name: 'cases' } },
          Permissions: ['SELECT', 'ALTER'],
          PermissionsWithGrantOption: ['SELECT'],
        },
      },
    },
  ],
  'a principal gets a database of the lake, in the old form': [
    'access: Lake [organisation]',
    {
      Lake: {
        Type: 'AWS::LakeFormation::Permissions',
        Properties: {
          DataLakePrincipal: { DataLakePrincipalIdentifier: OTHER },
          Resource: { DatabaseResource: { Name: 'lake' } },
          Permissions: ['ALL'],
        },
      },
    },
  ],
  'a reader of the lake may alter': ['access: LakeReader', { 'LakeReader.Permissions.1': 'INSERT' }],
  'a reader of the lake may grant on': ['access: LakeReader', { 'LakeReader.PermissionsWithGrantOption.0': 'SELECT' }],
  'the lake gets another administrator': [
    'access: Settings',
    { Settings: { Type: 'AWS::LakeFormation::DataLakeSettings', Properties: { Admins: [{ DataLakePrincipalIdentifier: arn('App') }] } } },
  ],
  'a role becomes administrator of a cluster': [
    'access: Root',
    {
      Root: {
        Type: 'AWS::EKS::AccessEntry',
        Properties: {
          ClusterName: ref('Cluster'),
          PrincipalArn: arn('Worker'),
          AccessPolicies: [
            { PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy', AccessScope: { Type: 'cluster' } },
          ],
        },
      },
    },
  ],
  'a viewer of one namespace sees the whole cluster': ['access: Viewer', { 'Viewer.AccessPolicies.0.AccessScope': { Type: 'cluster' } }],
  'a viewer of a cluster may edit': [
    'access: Viewer',
    { 'Viewer.AccessPolicies.0.PolicyArn': 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy' },
  ],
  'an identity of another account enters a cluster': [
    'access: Guest [organisation]',
    {
      Guest: {
        Type: 'AWS::EKS::AccessEntry',
        Properties: { ClusterName: ref('Cluster'), PrincipalArn: `arn:aws:iam::${OTHER}:role/guest`, KubernetesGroups: ['viewers'] },
      },
    },
  ],
  'pods of a cluster get a role': [
    'access: Pods',
    {
      Pods: {
        Type: 'AWS::EKS::PodIdentityAssociation',
        Properties: { ClusterName: ref('Cluster'), Namespace: 'default', ServiceAccount: 'default', RoleArn: arn('App') },
      },
    },
  ],
  'the interface of a cluster is public': ['exposure|controls: Cluster', { 'Cluster.ResourcesVpcConfig.EndpointPublicAccess': true }],
  'a cluster no longer records who asked': ['logging: Cluster', { 'Cluster.Logging.ClusterLogging.EnabledTypes': [{ Type: 'api' }] }],
  'secrets of a cluster are no longer encrypted': ['encryption: Cluster', { 'Cluster.EncryptionConfig': GONE }],
  'guests get a role without signing in': [
    'access|controls: Pool [internet]',
    { 'Pool.AllowUnauthenticatedIdentities': true, 'PoolRoles.Roles.unauthenticated': arn('Worker') },
  ],
  'guests who signed in get another role': ['access: PoolRoles', { 'PoolRoles.Roles.authenticated': arn('App') }],
  'events are forwarded to another account': [
    'access|data: Forward [organisation]',
    { 'Forward.Targets.1': { Id: 'theirs', Arn: `arn:aws:events:eu-central-1:${OTHER}:event-bus/theirs` } },
  ],
  'news are sent to an address outside': [
    'access: the topic News [internet]',
    {
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: ref('News'), Protocol: 'https', Endpoint: 'https://hooks.elsewhere.example/x' },
      },
    },
  ],
  'news are sent to a queue of another account': [
    'access: the topic News [organisation]',
    {
      Subscription: {
        Type: 'AWS::SNS::Subscription',
        Properties: { TopicArn: ref('News'), Protocol: 'sqs', Endpoint: `arn:aws:sqs:eu-central-1:${OTHER}:theirs` },
      },
    },
  ],
  'an image may be launched by another account': [
    'access: Image [organisation]',
    {
      Image: {
        Type: 'AWS::ImageBuilder::DistributionConfiguration',
        Properties: {
          Name: 'image',
          Distributions: [
            { Region: 'eu-central-1', AmiDistributionConfiguration: { LaunchPermissionConfiguration: { UserIds: [OTHER] } } },
          ],
        },
      },
    },
  ],
  'messages of a log are sent to another account': [
    'access: records of app [organisation]',
    {
      Ship: {
        Type: 'AWS::Logs::SubscriptionFilter',
        Properties: { LogGroupName: 'app', FilterPattern: '', DestinationArn: `arn:aws:logs:eu-central-1:${OTHER}:destination:theirs` },
      },
    },
  ],
  'a secret is shared by a policy': [
    'access: Secret [organisation]',
    {
      Share: {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: {
          SecretId: ref('Secret'),
          BlockPublicPolicy: true,
          ResourcePolicy: policy({ Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'secretsmanager:GetSecretValue', Resource: '*' }),
        },
      },
    },
  ],
  'an anchor lets certificates of an authority in': [
    'access: Profile',
    {
      Anchor: {
        Type: 'AWS::RolesAnywhere::TrustAnchor',
        Properties: { Name: 'ca', Enabled: true, Source: { SourceType: 'CERTIFICATE_BUNDLE', SourceData: { X509CertificateData: 'x' } } },
      },
      Profile: { Type: 'AWS::RolesAnywhere::Profile', Properties: { Name: 'p', Enabled: true, RoleArns: [arn('App')] } },
    },
  ],
  'another issuer of identities is trusted': [
    'access: Issuer',
    {
      Issuer: { Type: 'AWS::IAM::OIDCProvider', Properties: { Url: 'https://ci.elsewhere.example', ClientIdList: ['sts.amazonaws.com'] } },
    },
  ],
  'another account administers the organisation': [
    'access: 999988887777 [organisation]',
    {
      Delegate: {
        Type: 'AWS::Organizations::ResourcePolicy',
        Properties: {
          Content: policy({ Effect: 'Allow', Principal: { AWS: OTHER }, Action: 'organizations:UpdatePolicy', Resource: '*' }),
        },
      },
    },
  ],
});
