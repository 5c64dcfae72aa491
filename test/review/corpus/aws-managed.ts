/** Rights on AWS that no policy of the author's own carries: managed policies of AWS, sessions, groups, sign-in, certificates, grants of stores. */
import { arn, OTHER, policy, ref, statement } from './aws-base';
import { ACCOUNT, awsWith, GONE, type Harmless, harmless, type Resources, type Weakening, weakenings } from './pair';

const aws = (name: string) => `arn:aws:iam::aws:policy/${name}`;
const inPartition = (name: string) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::aws:policy/${name}` });
const joined = (name: string) => ({ 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:iam::aws:policy/${name}`]] });
const trust = (Service: string) => policy({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' });
const role = (more: object = {}) => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust('lambda.amazonaws.com'), ...more },
});
const STATISTICS = ['s3:GetObject', 's3:ListBucket'];
const basicExecution = policy(statement(['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], '*'));

export const MANAGED: Resources = {
  App: role({ ManagedPolicyArns: [aws('service-role/AWSLambdaBasicExecutionRole')], PermissionsBoundary: aws('PowerUserAccess') }),
  Reader: role({ ManagedPolicyArns: [aws('ReadOnlyAccess')] }),
  Statistics: role({ Policies: [{ PolicyName: 'reads', PolicyDocument: policy(statement(STATISTICS, 'arn:aws:s3:::statistics/*')) }] }),
  Unused: {
    Type: 'AWS::IAM::ManagedPolicy',
    Properties: { ManagedPolicyName: 'unused', PolicyDocument: policy(statement('s3:GetObject', 'arn:aws:s3:::statistics/*')) },
  },
  Legacy: {
    Type: 'AWS::IAM::Policy',
    Properties: {
      PolicyName: 'legacy',
      Roles: ['legacy'],
      PolicyDocument: policy(statement('s3:GetObject', 'arn:aws:s3:::statistics/*')),
    },
  },
  Auditors: {
    Type: 'AWS::SSO::PermissionSet',
    Properties: {
      InstanceArn: 'arn:aws:sso:::instance/ssoins-1',
      Name: 'auditors',
      ManagedPolicies: [aws('SecurityAudit')],
      PermissionsBoundary: { ManagedPolicyArn: aws('ReadOnlyAccess') },
    },
  },
  Calculate: {
    Type: 'AWS::Serverless::Function',
    Properties: { Handler: 'index.handler', Runtime: 'nodejs22.x', Policies: ['AWSLambdaBasicExecutionRole'] },
  },
  Device: {
    Type: 'AWS::IoT::Policy',
    Properties: { PolicyDocument: policy(statement('iot:Connect', `arn:aws:iot:eu-central-1:${ACCOUNT}:client/device`)) },
  },
  // Sessions
  Anchor: {
    Type: 'AWS::RolesAnywhere::TrustAnchor',
    Properties: {
      Name: 'ours',
      Enabled: true,
      Source: { SourceType: 'CERTIFICATE_BUNDLE', SourceData: { X509CertificateData: 'certificate of our authority' } },
    },
  },
  Profile: {
    Type: 'AWS::RolesAnywhere::Profile',
    Properties: { Name: 'plant', Enabled: true, RoleArns: [arn('Statistics')], ManagedPolicyArns: [aws('AmazonS3ReadOnlyAccess')] },
  },
  Uploader: {
    Type: 'AWS::Transfer::User',
    Properties: {
      ServerId: 's-1',
      UserName: 'uploader',
      Role: arn('Statistics'),
      HomeDirectory: '/statistics',
      Policy: JSON.stringify(policy(statement('s3:GetObject', 'arn:aws:s3:::statistics/*'))),
      SshPublicKeys: ['ssh-ed25519 ours'],
    },
  },
  // Sign-in and groups
  Pool: {
    Type: 'AWS::Cognito::IdentityPool',
    Properties: { AllowUnauthenticatedIdentities: false, CognitoIdentityProviders: [{ ClientId: 'app', ProviderName: 'users' }] },
  },
  PoolRoles: {
    Type: 'AWS::Cognito::IdentityPoolRoleAttachment',
    Properties: {
      IdentityPoolId: ref('Pool'),
      Roles: { authenticated: arn('Statistics') },
      RoleMappings: {
        users: {
          IdentityProvider: 'users',
          Type: 'Rules',
          AmbiguousRoleResolution: 'Deny',
          RulesConfiguration: { Rules: [{ Claim: 'custom:team', MatchType: 'Equals', Value: 'audit', RoleARN: arn('Reader') }] },
        },
      },
    },
  },
  Support: { Type: 'AWS::IdentityStore::Group', Properties: { IdentityStoreId: 'd-1', DisplayName: 'support' } },
  Member: {
    Type: 'AWS::IdentityStore::GroupMembership',
    Properties: { IdentityStoreId: 'd-1', GroupId: { 'Fn::GetAtt': ['Support', 'GroupId'] }, MemberId: { UserId: 'user-1' } },
  },
  Issuer: {
    Type: 'AWS::IAM::OIDCProvider',
    Properties: { Url: 'https://ci.example.com', ClientIdList: ['sts.amazonaws.com'] },
  },
  Directory: { Type: 'AWS::IAM::SAMLProvider', Properties: { Name: 'directory', SamlMetadataDocument: '<metadata of="us"/>' } },
  Machines: { Type: 'AWS::IAM::InstanceProfile', Properties: { Roles: [ref('App')] } },
  Things: { Type: 'AWS::IoT::RoleAlias', Properties: { RoleAlias: 'things', RoleArn: arn('Statistics') } },
  // Grants of stores
  Location: {
    Type: 'AWS::S3::AccessGrantsLocation',
    Properties: { LocationScope: 's3://statistics/*', IamRoleArn: arn('Statistics') },
  },
  Analysts: {
    Type: 'AWS::S3::AccessGrant',
    Properties: {
      AccessGrantsLocationId: ref('Location'),
      AccessGrantsLocationConfiguration: { S3SubPrefix: 'monthly/*' },
      Grantee: { GranteeType: 'DIRECTORY_GROUP', GranteeIdentifier: 'group-1' },
      Permission: 'READ',
    },
  },
  Search: {
    Type: 'AWS::OpenSearchServerless::AccessPolicy',
    Properties: {
      Name: 'search',
      Type: 'data',
      Policy: JSON.stringify([
        {
          Principal: [`arn:aws:iam::${ACCOUNT}:role/search`],
          Rules: [{ ResourceType: 'index', Resource: ['index/cases/public'], Permission: ['aoss:ReadDocument'] }],
        },
      ]),
    },
  },
  Lake: {
    Type: 'AWS::LakeFormation::PrincipalPermissions',
    Properties: {
      Principal: { DataLakePrincipalIdentifier: arn('Reader') },
      Resource: {
        TableWithColumns: {
          CatalogId: ACCOUNT,
          DatabaseName: 'lake',
          Name: 'cases',
          ColumnWildcard: { ExcludedColumnNames: ['name', 'address'] },
        },
      },
      Permissions: ['SELECT'],
      PermissionsWithGrantOption: [],
    },
  },
  Rows: {
    Type: 'AWS::LakeFormation::DataCellsFilter',
    Properties: {
      TableCatalogId: ACCOUNT,
      DatabaseName: 'lake',
      TableName: 'cases',
      Name: 'closed',
      ColumnNames: ['month', 'kind'],
      RowFilter: { FilterExpression: "state = 'closed'" },
    },
  },
  Shared: {
    Type: 'AWS::RAM::ResourceShare',
    Properties: {
      Name: 'shared',
      AllowExternalPrincipals: false,
      Principals: ['arn:aws:organizations::111122223333:organization/o-1'],
      ResourceArns: [`arn:aws:glue:eu-central-1:${ACCOUNT}:database/lake`],
    },
  },
  Cluster: {
    Type: 'AWS::EKS::AccessEntry',
    Properties: {
      ClusterName: 'cases',
      PrincipalArn: arn('Reader'),
      AccessPolicies: [
        {
          PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSAdminPolicy',
          AccessScope: { Type: 'namespace', Namespaces: ['dev-*', 'test'] },
        },
      ],
    },
  },
};

const searchRule = (rule: object, principal = `arn:aws:iam::${ACCOUNT}:role/search`) =>
  JSON.stringify([{ Principal: [principal], Rules: [{ ResourceType: 'index', ...rule }] }]);
const sessionPolicy = (action: string | string[], resource: string) => JSON.stringify(policy(statement(action, resource)));

export const MANAGED_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...weakenings(awsWith, MANAGED, {
    'a role may read everything by a managed policy of AWS': [
      'access: ReadOnlyAccess',
      { 'App.ManagedPolicyArns.1': aws('ReadOnlyAccess') },
    ],
    'a role may do everything with buckets by a managed policy of AWS': [
      'access: AmazonS3FullAccess',
      { 'App.ManagedPolicyArns.1': inPartition('AmazonS3FullAccess') },
    ],
    'a reader becomes a power user': ['access: Reader', { 'Reader.ManagedPolicyArns.0': joined('PowerUserAccess') }],
    'a reader becomes administrator by a managed policy of AWS': [
      'access: Reader',
      { 'Reader.ManagedPolicyArns.0': aws('AdministratorAccess') },
    ],
    'a role gets a managed policy of AWS that nobody knows': [
      'access: NewerThanAll',
      { 'Reader.ManagedPolicyArns.1': aws('NewerThanAll') },
    ],
    'a managed policy of AWS bounds a role less': [
      'access|controls: App|everything',
      { 'App.PermissionsBoundary': aws('AdministratorAccess'), 'App.ManagedPolicyArns.1': aws('IAMReadOnlyAccess') },
    ],
    'an auditor may read the stores': ['access: Auditors', { 'Auditors.ManagedPolicies.0': aws('ReadOnlyAccess') }],
    'an auditor gets a policy of each account': [
      'access: Auditors',
      { 'Auditors.CustomerManagedPolicyReferences': [{ Name: 'auditing', Path: '/people/' }] },
    ],
    'the boundary of a permission set is widened': [
      'access: Auditors',
      {
        'Auditors.PermissionsBoundary.ManagedPolicyArn': aws('AdministratorAccess'),
        'Auditors.ManagedPolicies.1': aws('AmazonSQSFullAccess'),
      },
    ],
    'a serverless function gets a managed policy by its name': [
      'access: Calculate',
      { 'Calculate.Policies': ['AWSLambdaBasicExecutionRole', 'AmazonDynamoDBFullAccess_v2'] },
    ],
    'a serverless function gets a document': [
      'access: Calculate',
      { 'Calculate.Policies': ['AWSLambdaBasicExecutionRole', policy(statement('secretsmanager:GetSecretValue', '*'))] },
    ],
    'a serverless function gets a policy template': [
      'access: records',
      { 'Calculate.Policies': ['AWSLambdaBasicExecutionRole', { S3CrudPolicy: { BucketName: 'records' } }] },
    ],
    'a managed policy that is attached elsewhere is widened': ['access: Unused', { 'Unused.PolicyDocument.Statement.0.Resource': '*' }],
    'a policy of a role elsewhere is widened': ['access: the role legacy', { 'Legacy.PolicyDocument.Statement.0.Action': 's3:*' }],
    'another policy goes to a role elsewhere': [
      'access: the role other',
      {
        More: {
          Type: 'AWS::IAM::RolePolicy',
          Properties: { RoleName: 'other', PolicyName: 'more', PolicyDocument: policy(statement('kms:Decrypt', '*')) },
        },
      },
    ],
    'things may listen to every topic': [
      'access: Device',
      { 'Device.PolicyDocument.Statement.1': statement(['iot:Subscribe', 'iot:Receive'], '*') },
    ],
    // Sessions
    'the sessions of a profile lose their limit': ['access: Profile', { 'Profile.ManagedPolicyArns': GONE }],
    'the sessions of a profile may write': ['access: Profile', { 'Profile.ManagedPolicyArns.0': aws('AmazonS3FullAccess') }],
    'the sessions of a profile get a policy of their own more': [
      'access: Profile',
      { 'Profile.SessionPolicy': sessionPolicy('secretsmanager:GetSecretValue', '*') },
    ],
    'a profile leads to another role': ['access: Profile', { 'Profile.RoleArns.1': arn('Reader') }],
    'another authority is trusted': ['access: Anchor', { 'Anchor.Source.SourceData.X509CertificateData': 'certificate of theirs' }],
    'the session of a transfer user reaches every bucket': ['access: Uploader', { 'Uploader.Policy': sessionPolicy('s3:GetObject', '*') }],
    'a transfer user acts as another role': ['access: uploader', { 'Uploader.Role': arn('Reader') }],
    'a transfer user gets another key': ['access: uploader', { 'Uploader.SshPublicKeys.1': 'ssh-ed25519 theirs' }],
    'a transfer user sees another place': ['access: uploader', { 'Uploader.HomeDirectory': '/records' }],
    // Sign-in and groups
    'a claim need only begin as before to lead to a role': [
      'access: custom:team begins with',
      { 'PoolRoles.RoleMappings.users.RulesConfiguration.Rules.0.MatchType': 'StartsWith' },
    ],
    'another claim leads to a role': [
      'access: custom:guest',
      {
        'PoolRoles.RoleMappings.users.RulesConfiguration.Rules.1': {
          Claim: 'custom:guest',
          MatchType: 'NotEqual',
          Value: 'no',
          RoleARN: arn('Reader'),
        },
      },
    ],
    'tokens name the roles that they lead to': [
      'access: whatever role the token names',
      { 'PoolRoles.RoleMappings.users': { IdentityProvider: 'users', Type: 'Token', AmbiguousRoleResolution: 'Deny' } },
    ],
    'a user group leads to a role': [
      'access: the user group staff',
      {
        Staff: {
          Type: 'AWS::Cognito::UserPoolGroup',
          Properties: { GroupName: 'staff', UserPoolId: 'eu-central-1_pool', RoleArn: arn('Reader') },
        },
      },
    ],
    'somebody joins a user group': [
      'access: the user group staff',
      {
        Join: {
          Type: 'AWS::Cognito::UserPoolUserToGroupAttachment',
          Properties: { GroupName: 'staff', UserPoolId: 'eu-central-1_pool', Username: 'ann' },
        },
      },
    ],
    'somebody joins a group of Identity Center': [
      'access: the user user-2',
      {
        Second: {
          Type: 'AWS::IdentityStore::GroupMembership',
          Properties: { IdentityStoreId: 'd-1', GroupId: { 'Fn::GetAtt': ['Support', 'GroupId'] }, MemberId: { UserId: 'user-2' } },
        },
      },
    ],
    'a group may use another application': [
      'access: the group group-1',
      {
        Use: {
          Type: 'AWS::SSO::ApplicationAssignment',
          Properties: {
            ApplicationArn: `arn:aws:sso::${ACCOUNT}:application/ssoins-1/apl-1`,
            PrincipalType: 'GROUP',
            PrincipalId: 'group-1',
          },
        },
      },
    ],
    'an issuer is trusted with tokens for others': ['access: Issuer', { 'Issuer.ClientIdList.1': 'another-client' }],
    'the directory that signs for people is another': ['access: Directory', { 'Directory.SamlMetadataDocument': '<metadata of="them"/>' }],
    'instances get another role': ['access: Machines', { 'Machines.Roles.0': ref('Reader') }],
    'things get another role': ['access: things', { 'Things.RoleArn': arn('Reader') }],
    // Grants of stores
    'a directory group may write as well': ['access: the directory group group-1', { 'Analysts.Permission': 'READWRITE' }],
    'a directory group may read a whole bucket': [
      'access: the directory group group-1',
      { 'Analysts.AccessGrantsLocationConfiguration': GONE },
    ],
    'an identity of another account is granted objects': [
      'access: Foreign [organisation]',
      {
        Foreign: {
          Type: 'AWS::S3::AccessGrant',
          Properties: {
            AccessGrantsLocationId: ref('Location'),
            AccessGrantsLocationConfiguration: { S3SubPrefix: 'monthly/report.csv' },
            S3PrefixType: 'Object',
            Grantee: { GranteeType: 'IAM', GranteeIdentifier: `arn:aws:iam::${OTHER}:role/analyst` },
            Permission: 'READ',
          },
        },
      },
    ],
    'a location of grants becomes another bucket': ['access: the directory group group-1', { 'Location.LocationScope': 's3://records/*' }],
    'a search collection may be written': [
      'access: role/search',
      { 'Search.Policy': searchRule({ Resource: ['index/cases/public'], Permission: ['aoss:ReadDocument', 'aoss:WriteDocument'] }) },
    ],
    'a search collection may be read whole': [
      'access: role/search',
      { 'Search.Policy': searchRule({ Resource: ['index/cases/*'], Permission: ['aoss:ReadDocument'] }) },
    ],
    'another account may read a search collection': [
      'access: Search [organisation]',
      {
        'Search.Policy': searchRule(
          { Resource: ['index/cases/public'], Permission: ['aoss:ReadDocument'] },
          `arn:aws:iam::${OTHER}:role/search`,
        ),
      },
    ],
    'fewer columns of the lake are kept back': [
      'access: without the columns',
      { 'Lake.Resource.TableWithColumns.ColumnWildcard.ExcludedColumnNames': ['name'] },
    ],
    'a filter leaves more rows of the lake': ['access: Rows', { 'Rows.RowFilter': { AllRowsWildcard: {} } }],
    'a filter leaves other rows of the lake': ['access: Rows', { 'Rows.RowFilter.FilterExpression': "state = 'open'" }],
    'a filter leaves another column of the lake': ['access: Rows', { 'Rows.ColumnNames.2': 'name' }],
    'new tables of the lake are open to whoever IAM lets in': [
      'access: whoever IAM lets in',
      {
        Settings: {
          Type: 'AWS::LakeFormation::DataLakeSettings',
          Properties: {
            CreateTableDefaultPermissions: [{ Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' }, Permissions: ['ALL'] }],
          },
        },
      },
    ],
    'a share gives more than is usual': [
      'access: Shared',
      { 'Shared.PermissionArns': ['arn:aws:ram::aws:permission/AWSRAMPermissionGlueDatabaseReadWrite'] },
    ],
    'an admin of some namespaces administers another': [
      'access: Reader',
      { 'Cluster.AccessPolicies.0.AccessScope.Namespaces.2': 'production' },
    ],
    'another account may use an authority for certificates': [
      'access: 999988887777 [organisation]',
      {
        Certificates: {
          Type: 'AWS::ACMPCA::Permission',
          Properties: {
            Actions: ['IssueCertificate', 'GetCertificate', 'ListPermissions'],
            CertificateAuthorityArn: `arn:aws:acm-pca:eu-central-1:${ACCOUNT}:certificate-authority/1`,
            Principal: OTHER,
          },
        },
      },
    ],
    'another account may attach to a network interface': [
      'access: 999988887777 [organisation]',
      {
        Attach: {
          Type: 'AWS::EC2::NetworkInterfacePermission',
          Properties: { AwsAccountId: OTHER, NetworkInterfaceId: 'eni-1', Permission: 'INSTANCE-ATTACH' },
        },
      },
    ],
  }),
  'a pool lets guests in whose role stood ready': {
    before: awsWith(MANAGED, { 'PoolRoles.Roles.unauthenticated': arn('Reader') }),
    after: awsWith(MANAGED, { 'PoolRoles.Roles.unauthenticated': arn('Reader'), 'Pool.AllowUnauthenticatedIdentities': true }),
    about: ['access'],
    naming: 'PoolRoles',
    boundary: 'internet',
  },
};

export const MANAGED_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...harmless(awsWith, MANAGED, {
    'a managed policy of AWS is named with the partition': { 'Reader.ManagedPolicyArns.0': inPartition('ReadOnlyAccess') },
    'a managed policy of AWS is named by joining': { 'Reader.ManagedPolicyArns.0': joined('ReadOnlyAccess') },
    'a managed policy of AWS is written out': {
      'App.ManagedPolicyArns': GONE,
      'App.Policies': [{ PolicyName: 'logs', PolicyDocument: basicExecution }],
    },
    'a role gets a managed policy that only denies': { 'App.ManagedPolicyArns.1': aws('AWSDenyAll') },
    'a boundary becomes narrower': { 'App.PermissionsBoundary': aws('ReadOnlyAccess') },
    'a serverless function names its policy by its ARN': {
      'Calculate.Policies': [aws('service-role/AWSLambdaBasicExecutionRole')],
    },
    'a serverless function writes its policy out': { 'Calculate.Policies': basicExecution },
    'a policy of a role elsewhere is split in two': {
      'Legacy.PolicyDocument.Statement': [],
      Other: {
        Type: 'AWS::IAM::RolePolicy',
        Properties: {
          RoleName: 'legacy',
          PolicyName: 'other',
          PolicyDocument: policy(statement('s3:GetObject', 'arn:aws:s3:::statistics/*')),
        },
      },
    },
    'a managed policy that nobody holds is removed': { Unused: GONE },
    'the sessions of a profile are limited further': {
      'Profile.ManagedPolicyArns': GONE,
      'Profile.SessionPolicy': sessionPolicy('s3:GetObject', '*'),
    },
    'a profile is switched off': { 'Profile.Enabled': false },
    'an access grant is named anew': {
      Analysts: GONE,
      MonthlyAnalysts: MANAGED.Analysts,
    },
    'a directory group may read less': { 'Analysts.AccessGrantsLocationConfiguration.S3SubPrefix': 'monthly/2026/*' },
    'an access grant reaches one object': {
      'Analysts.AccessGrantsLocationConfiguration.S3SubPrefix': 'monthly/report.csv',
      'Analysts.S3PrefixType': 'Object',
    },
    'more columns of the lake are kept back': {
      'Lake.Resource.TableWithColumns.ColumnWildcard.ExcludedColumnNames': ['address', 'name', 'phone'],
    },
    'columns of the lake are named instead of kept back': {
      'Lake.Resource.TableWithColumns': { CatalogId: ACCOUNT, DatabaseName: 'lake', Name: 'cases', ColumnNames: ['month', 'kind'] },
    },
    'a filter leaves fewer columns of the lake': { 'Rows.ColumnNames': ['month'] },
    'an admin of namespaces only looks at one of them': {
      'Cluster.AccessPolicies.0': {
        PolicyArn: 'arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy',
        AccessScope: { Type: 'namespace', Namespaces: ['dev-north'] },
      },
    },
    'a share names the usual permission': {
      'Shared.PermissionArns': ['arn:aws:ram::aws:permission/AWSRAMDefaultPermissionGlueDatabase'],
    },
    'a search collection may be read as a list of one rule more': {
      'Search.Policy': JSON.stringify([
        {
          Rules: [
            { ResourceType: 'index', Resource: ['index/cases/public'], Permission: ['aoss:ReadDocument'] },
            { ResourceType: 'index', Resource: ['index/cases/public'], Permission: ['aoss:ReadDocument'] },
          ],
          Principal: [`arn:aws:iam::${ACCOUNT}:role/search`],
        },
      ]),
    },
  }),
  'a claim that only began as asked has to be the same': {
    before: awsWith(MANAGED, { 'PoolRoles.RoleMappings.users.RulesConfiguration.Rules.0.MatchType': 'StartsWith' }),
    after: awsWith(MANAGED),
  },
  'a managed policy of AWS that another includes is attached': {
    before: awsWith(MANAGED, { 'Reader.ManagedPolicyArns': [aws('service-role/AWSLambdaVPCAccessExecutionRole')] }),
    after: awsWith(MANAGED, {
      'Reader.ManagedPolicyArns': [aws('service-role/AWSLambdaBasicExecutionRole'), aws('service-role/AWSLambdaVPCAccessExecutionRole')],
    }),
  },
  'managed policies of AWS change places': {
    before: awsWith(MANAGED, { 'Reader.ManagedPolicyArns': [aws('ReadOnlyAccess'), aws('SecurityAudit')] }),
    after: awsWith(MANAGED, { 'Reader.ManagedPolicyArns': [aws('SecurityAudit'), aws('ReadOnlyAccess')] }),
  },
  'a transfer user loses a key': {
    before: awsWith(MANAGED, { 'Uploader.SshPublicKeys.1': 'ssh-ed25519 theirs' }),
    after: awsWith(MANAGED),
  },
  'an administrator of the lake becomes a reader of its catalogue': {
    before: awsWith(MANAGED, { 'Lake.Permissions': ['ALL'] }),
    after: awsWith(MANAGED, { 'Lake.Permissions': ['SELECT', 'DESCRIBE'] }),
  },
  'a power user becomes an administrator of one service': {
    before: awsWith(MANAGED, { 'Reader.ManagedPolicyArns.0': aws('PowerUserAccess') }),
    after: awsWith(MANAGED, { 'Reader.ManagedPolicyArns.0': aws('AmazonSQSFullAccess') }),
  },
};
