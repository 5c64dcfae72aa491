/** What watches, sets, scans and copies across accounts and regions of an AWS organisation; and what only looks alike. */
import { ACCOUNT, awsWith, GONE, type Harmless, harmless, type Resources, type Weakening, weakenings } from './pair';

const role = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;
const copies = (Bucket: string, more: object = {}) => ({
  Status: 'Enabled',
  Priority: 1,
  Filter: { Prefix: '' },
  DeleteMarkerReplication: { Status: 'Disabled' },
  SourceSelectionCriteria: { SseKmsEncryptedObjects: { Status: 'Enabled' } },
  Destination: { Bucket: `arn:aws:s3:::${Bucket}` },
  ...more,
});

const ESTATE: Resources = {
  NoPublicBuckets: {
    Type: 'AWS::SSM::Association',
    Properties: {
      Name: 'AWSConfigRemediation-ConfigureS3PublicAccessBlock',
      ScheduleExpression: 'rate(1 day)',
      Parameters: { AccountId: [ACCOUNT], BlockPublicAcls: ['true'], RestrictPublicBuckets: ['true'] },
      Targets: [{ Key: 'tag:stage', Values: ['production'] }],
    },
  },
  Isolate: {
    Type: 'AWS::SSM::Document',
    Properties: {
      DocumentType: 'Automation',
      Content: {
        schemaVersion: '0.3',
        mainSteps: [
          { name: 'keep', action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api: 'CreateSnapshots' } },
          { name: 'cut', action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api: 'ModifyInstanceAttribute' } },
        ],
      },
    },
  },
  Joining: { Type: 'AWS::SecurityHub::OrganizationConfiguration', Properties: { AutoEnable: true, AutoEnableStandards: 'DEFAULT' } },
  Regions: { Type: 'AWS::SecurityHub::FindingAggregator', Properties: { RegionLinkingMode: 'ALL_REGIONS' } },
  Some: {
    Type: 'AWS::SecurityHub::FindingAggregator',
    Properties: { RegionLinkingMode: 'SPECIFIED_REGIONS', Regions: ['eu-west-1', 'us-east-1'] },
  },
  Configurations: {
    Type: 'AWS::Config::ConfigurationAggregator',
    Properties: { AccountAggregationSources: [{ AccountIds: [ACCOUNT, '222233334444'], AllAwsRegions: true }] },
  },
  Macie: { Type: 'AWS::Macie::Session', Properties: { Status: 'ENABLED', FindingPublishingFrequency: 'FIFTEEN_MINUTES' } },
  Images: {
    Type: 'AWS::ECR::RegistryScanningConfiguration',
    Properties: {
      ScanType: 'ENHANCED',
      Rules: [{ ScanFrequency: 'CONTINUOUS_SCAN', RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }] }],
    },
  },
  Hub: { Type: 'AWS::EC2::TransitGateway', Properties: { AutoAcceptSharedAttachments: 'disable' } },
  Walls: {
    Type: 'AWS::NetworkFirewall::FirewallPolicy',
    Properties: {
      FirewallPolicyName: 'walls',
      FirewallPolicy: {
        StatefulEngineOptions: { RuleOrder: 'STRICT_ORDER', StreamExceptionPolicy: 'DROP' },
        StatelessDefaultActions: ['aws:forward_to_sfe'],
        StatelessFragmentDefaultActions: ['aws:forward_to_sfe'],
      },
    },
  },
  Archive: {
    Type: 'AWS::S3::Bucket',
    Properties: {
      BucketName: 'archive',
      VersioningConfiguration: { Status: 'Enabled' },
      ReplicationConfiguration: { Role: role('copies'), Rules: [copies('archive-copy')] },
    },
  },
};
const RULE = 'Archive.ReplicationConfiguration.Rules.0';
const POLICY = 'Walls.FirewallPolicy';

export const ESTATE_WEAKENINGS: Readonly<Record<string, Weakening>> = weakenings(awsWith, ESTATE, {
  'what is set on the account every day is not set any more': ['controls: NoPublicBuckets is gone', { NoPublicBuckets: GONE }],
  'what is set on the account is another value': ['controls: BlockPublicAcls', { 'NoPublicBuckets.Parameters.BlockPublicAcls': ['false'] }],
  'what is set reaches fewer machines': [
    'controls: what it is set on',
    { 'NoPublicBuckets.Targets': [{ Key: 'tag:stage', Values: ['test'] }] },
  ],
  'a runbook no longer cuts a host off': [
    'controls: no longer ec2:ModifyInstanceAttribute',
    { 'Isolate.Content.mainSteps': [{ name: 'keep', action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api: 'CreateSnapshots' } }] },
  ],
  'joining accounts are not watched': ['detection: Joining', { 'Joining.AutoEnable': false }],
  'nothing watches accounts that join': ['detection: Joining', { Joining: GONE }],
  'findings of some regions are gathered only': [
    'detection: SPECIFIED_REGIONS instead of ALL_REGIONS',
    { 'Regions.RegionLinkingMode': 'SPECIFIED_REGIONS', 'Regions.Regions': ['eu-west-1'] },
  ],
  'findings of one region less are gathered': ['detection: no longer us-east-1', { 'Some.Regions': ['eu-west-1'] }],
  'findings are gathered nowhere': ['detection: Regions', { Regions: GONE }],
  'the configuration of one account less is gathered': [
    'logging: no longer 222233334444',
    { 'Configurations.AccountAggregationSources.0.AccountIds': [ACCOUNT] },
  ],
  'sensitive data is reported later': [
    'detection: SIX_HOURS instead of FIFTEEN_MINUTES',
    { 'Macie.FindingPublishingFrequency': 'SIX_HOURS' },
  ],
  'images are scanned by hand': ['detection: no longer * all the time', { 'Images.Rules.0.ScanFrequency': 'MANUAL' }],
  'images are scanned for packages of systems only': ['detection: BASIC instead of ENHANCED', { 'Images.ScanType': 'BASIC' }],
  'images are not scanned': ['detection: Images', { Images: GONE }],
  'networks of others attach by themselves': ['exposure: attach to it without anybody', { 'Hub.AutoAcceptSharedAttachments': 'enable' }],
  'a firewall lets lost connections go on': [
    'exposure: CONTINUE instead of DROP',
    { [`${POLICY}.StatefulEngineOptions.StreamExceptionPolicy`]: 'CONTINUE' },
  ],
  'objects under keys are copied no more': ['data: under keys of KMS', { [`${RULE}.SourceSelectionCriteria`]: GONE }],
  'a part of a bucket is copied only': ['data: only objects below logs/', { [`${RULE}.Filter.Prefix`]: 'logs/' }],
  'deletions are repeated on the copy': ['data: deleted as well', { [`${RULE}.DeleteMarkerReplication.Status`]: 'Enabled' }],
});

export const ESTATE_HARMLESS: Readonly<Record<string, Harmless>> = harmless(awsWith, ESTATE, {
  'steps of a runbook get other names, and one more': {
    'Isolate.Content.mainSteps': [
      { name: 'snapshots', action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api: 'CreateSnapshots' } },
      { name: 'tag', action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api: 'CreateTags' } },
      { name: 'isolate', action: 'aws:executeAwsApi', inputs: { Service: 'ec2', Api: 'ModifyInstanceAttribute' } },
    ],
  },
  'regions stand in another order': { 'Some.Regions': ['us-east-1', 'eu-west-1'] },
  'everything is gathered instead of some': { 'Some.RegionLinkingMode': 'ALL_REGIONS', 'Some.Regions': GONE },
  'objects are copied by two rules instead of one': {
    'Archive.ReplicationConfiguration.Rules': [
      copies('archive-copy', { Filter: { Prefix: 'logs/' } }),
      copies('archive-copy', { Filter: { And: { Prefix: '', TagFilters: [] } }, Priority: 2 }),
    ],
  },
  'what is set is set more often': { 'NoPublicBuckets.ScheduleExpression': 'rate(1 hour)' },
});
