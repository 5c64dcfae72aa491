/** What hides behind something else: behind a rule that is broken already, a parameter, a note, a name that says nothing. */
import { HIDDEN_PARAMETER_HARMLESS, HIDDEN_PARAMETER_WEAKENINGS } from './hidden-parameters';
import { HIDDEN_IMPORT_WEAKENINGS, HIDDEN_WORKLOAD_HARMLESS, HIDDEN_WORKLOAD_WEAKENINGS } from './hidden-workloads';
import { armWith, awsWith, GONE, type Harmless, harmless, pulumiWith, type State, type Weakening, weakenings } from './pair';

// ── Behind a rule that is broken already ───────────────────────────────────────────────────────────────────────────

const azure = (type: string, inputs: object) => ({ type: `azure-native:${type}`, inputs });
const AZURE: Readonly<Record<string, object>> = {
  workspace: azure('operationalinsights:Workspace', {
    workspaceName: 'caselogs',
    retentionInDays: 730,
    features: { enableLogAccessUsingOnlyResourcePermissions: true, immediatePurgeDataOn30Days: false },
    publicNetworkAccessForIngestion: 'Disabled',
    publicNetworkAccessForQuery: 'Disabled',
  }),
  // Its control plane is public from the start, for a network that is larger than need be.
  cluster: azure('containerservice:ManagedCluster', {
    resourceName: 'cases',
    disableLocalAccounts: true,
    enableRBAC: true,
    aadProfile: { managed: true, enableAzureRBAC: true },
    apiServerAccessProfile: { enablePrivateCluster: false, authorizedIPRanges: ['10.0.0.0/8'] },
    networkProfile: { networkPolicy: 'cilium', networkDataplane: 'cilium' },
  }),
};
const ARM = {
  type: 'Microsoft.OperationalInsights/workspaces',
  apiVersion: '2023-09-01',
  name: 'caselogs',
  location: 'westeurope',
  properties: {
    retentionInDays: 730,
    features: { enableLogAccessUsingOnlyResourcePermissions: true },
    publicNetworkAccessForIngestion: 'Disabled',
    publicNetworkAccessForQuery: 'Disabled',
  },
};
const AWS: Readonly<Record<string, object>> = {
  // Its passwords are too short from the start.
  Pool: {
    Type: 'AWS::Cognito::UserPool',
    Properties: {
      MfaConfiguration: 'OFF',
      Policies: { PasswordPolicy: { MinimumLength: 8, RequireLowercase: true, RequireNumbers: true, RequireSymbols: true } },
    },
  },
  Topic: { Type: 'AWS::SNS::Topic', Properties: {} },
  TopicPolicy: {
    Type: 'AWS::SNS::TopicPolicy',
    Properties: {
      Topics: [{ Ref: 'Topic' }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Principal: { Service: 'budgets.amazonaws.com' }, Action: 'sns:Publish', Resource: { Ref: 'Topic' } },
        ],
      },
    },
  },
};

const EXCEPTION = {
  rule: 'LOG-09.logging',
  resource: 'workspace',
  reason: 'owners of workloads read their own records',
  owner: 'platform@example.com',
  approver: 'ciso@example.com',
  ticket: 'SEC-1',
  expires: '2027-06-30',
  source: 'config',
} as const;
const excused = (state: State): State => ({ ...state, config: { waivers: [EXCEPTION] } });

export const HIDDEN_WEAKENINGS: Readonly<Record<string, Weakening>> = {
  ...HIDDEN_PARAMETER_WEAKENINGS,
  ...HIDDEN_WORKLOAD_WEAKENINGS,
  ...HIDDEN_IMPORT_WEAKENINGS,
  ...weakenings(pulumiWith, AZURE, {
    'hidden: a workspace that leaves its records to owners is queried from everywhere': [
      'exposure|logging: workspace',
      { 'workspace.publicNetworkAccessForQuery': 'Enabled' },
    ],
    'hidden: a workspace that leaves its records to owners no longer says who queries it': [
      'exposure|logging: workspace',
      { 'workspace.publicNetworkAccessForQuery': GONE },
    ],
    'hidden: a workspace that leaves its records to owners purges them at once': [
      'exposure|logging: workspace',
      { 'workspace.features.immediatePurgeDataOn30Days': true },
    ],
  }),
  ...weakenings(
    armWith,
    { workspace: ARM },
    {
      'hidden: a workspace of a template is queried from everywhere': [
        'exposure|logging: caselogs',
        { 'workspace.publicNetworkAccessForQuery': 'Enabled' },
      ],
    },
  ),
  ...weakenings(
    pulumiWith,
    { cluster: AZURE.cluster as object },
    {
      'hidden: a cluster that is reached by too many is reached by more': [
        'exposure: cluster',
        { 'cluster.apiServerAccessProfile.authorizedIPRanges': ['0.0.0.0/0'] },
      ],
    },
  ),
  ...weakenings(awsWith, AWS, {
    'hidden: a pool of short passwords asks for no symbols': ['access: Pool', { 'Pool.Policies.PasswordPolicy.RequireSymbols': false }],
  }),
  'hidden: a workspace gets worse under an exception': {
    before: excused(pulumiWith(AZURE)),
    after: excused(pulumiWith(AZURE, { 'workspace.publicNetworkAccessForQuery': 'Enabled' })),
    about: ['exposure', 'logging'],
    naming: 'workspace',
  },
};

export const HIDDEN_HARMLESS: Readonly<Record<string, Harmless>> = {
  ...HIDDEN_PARAMETER_HARMLESS,
  ...HIDDEN_WORKLOAD_HARMLESS,
  ...harmless(pulumiWith, AZURE, {
    'hidden: a workspace that breaks a rule keeps its records longer': { 'workspace.retentionInDays': 1095 },
    'hidden: one of two things that break a rule is mended': {
      'workspace.features.enableLogAccessUsingOnlyResourcePermissions': false,
    },
    'hidden: a cluster with too many networks takes fewer': {
      'cluster.apiServerAccessProfile.authorizedIPRanges': ['10.1.0.0/16'],
    },
  }),
  ...harmless(awsWith, AWS, {
    'hidden: a topic without a refusal asks whose budgets tell it': {
      'TopicPolicy.PolicyDocument.Statement.0.Condition': { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
    'hidden: passwords that are too short get longer': { 'Pool.Policies.PasswordPolicy.MinimumLength': 10 },
  }),
};
