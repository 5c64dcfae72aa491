/** The actions of AWS by which somebody gets the rights of somebody else. Names as in the service authorisation reference. */
import { STARTERS } from '../../../policies/facts/iam-actions';
import type { Plain, PlainMap } from '../plain';
import { asList, asText, valueAt } from '../reading';

export const ASSUME = 'sts:AssumeRole';
/** What a trust policy allows to become a role. */
export const BECOMING = [ASSUME, 'sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'] as const;
export const PASS = 'iam:PassRole';

/** Several actions that start something only together, or with what more services take for a role. */
const MORE_STARTS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'batchoperations.s3.amazonaws.com': [['s3:CreateJob']],
  'codepipeline.amazonaws.com': [['codepipeline:CreatePipeline'], ['codepipeline:UpdatePipeline']],
  'datasync.amazonaws.com': [['datasync:CreateLocationS3', 'datasync:CreateTask']],
  'ec2.amazonaws.com': [['autoscaling:CreateLaunchConfiguration', 'autoscaling:CreateAutoScalingGroup']],
  'ecs-tasks.amazonaws.com': [
    ['ecs:RegisterTaskDefinition', 'ecs:UpdateService'],
    ['batch:RegisterJobDefinition', 'batch:SubmitJob'],
  ],
  'emr-serverless.amazonaws.com': [['emr-serverless:StartJobRun']],
  'pipes.amazonaws.com': [['pipes:CreatePipe'], ['pipes:UpdatePipe']],
  'pods.eks.amazonaws.com': [['eks:CreatePodIdentityAssociation'], ['eks:UpdatePodIdentityAssociation']],
  'tasks.apprunner.amazonaws.com': [['apprunner:CreateService'], ['apprunner:UpdateService']],
};

/** By the service that a role is passed to: ways to start something with it, each a list of actions that are all needed. */
export const STARTS: ReadonlyMap<string, readonly (readonly string[])[]> = new Map(
  [...new Set([...Object.keys(STARTERS), ...Object.keys(MORE_STARTS)])].map((service) => [
    service,
    [...(STARTERS[service] ?? []).map((action) => [action]), ...(MORE_STARTS[service] ?? [])],
  ]),
);

/** What runs with a role of its own, and the actions that decide what it does. */
export interface Workload {
  readonly type: string;
  /** Properties that name its roles, or instance profiles that hold them. */
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  /** After account and colon in its ARN, with `*` where its name goes; and the service before. */
  readonly arn: readonly [service: string, rest: string];
  /** The property that names it; otherwise only deployment does. */
  readonly name?: string;
  /** What somebody does who holds one of the actions. */
  readonly by: string;
  /** Only where the properties say so. */
  readonly when?: (properties: PlainMap) => boolean;
  /** A property that names another resource which holds the roles. */
  readonly through?: string;
}

const SHELL = ['ssm:StartSession', 'ssm:SendCommand', 'ec2-instance-connect:SendSSHPublicKey'] as const;
const HOSTS = { actions: SHELL, arn: ['ec2', 'instance/*'], by: 'running commands on' } as const;

export const WORKLOADS: readonly Workload[] = [
  {
    type: 'AWS::Lambda::Function',
    roles: ['Role'],
    actions: ['lambda:UpdateFunctionCode', 'lambda:UpdateFunctionConfiguration'],
    arn: ['lambda', 'function:*'],
    name: 'FunctionName',
    by: 'changing what runs in',
  },
  {
    type: 'AWS::CodeBuild::Project',
    roles: ['ServiceRole'],
    actions: ['codebuild:UpdateProject', 'codebuild:StartBuild', 'codebuild:StartBuildBatch'],
    arn: ['codebuild', 'project/*'],
    name: 'Name',
    by: 'deciding what runs in',
  },
  { type: 'AWS::EC2::Instance', roles: ['IamInstanceProfile'], ...HOSTS },
  {
    type: 'AWS::EC2::LaunchTemplate',
    roles: ['LaunchTemplateData.IamInstanceProfile.Arn', 'LaunchTemplateData.IamInstanceProfile.Name'],
    ...HOSTS,
    by: 'running commands on instances of',
  },
  { type: 'AWS::AutoScaling::LaunchConfiguration', roles: ['IamInstanceProfile'], ...HOSTS, by: 'running commands on instances of' },
  {
    type: 'AWS::ECS::Service',
    through: 'TaskDefinition',
    roles: ['TaskRoleArn'],
    actions: ['ecs:ExecuteCommand'],
    arn: ['ecs', 'task/*'],
    by: 'running commands in tasks of',
    when: ({ EnableExecuteCommand }) => String(EnableExecuteCommand) === 'true',
  },
  {
    type: 'AWS::Glue::DevEndpoint',
    roles: ['RoleArn'],
    actions: ['glue:UpdateDevEndpoint'],
    arn: ['glue', 'devEndpoint/*'],
    name: 'EndpointName',
    by: 'signing in to',
  },
  {
    type: 'AWS::SageMaker::NotebookInstance',
    roles: ['RoleArn'],
    actions: ['sagemaker:CreatePresignedNotebookInstanceUrl'],
    arn: ['sagemaker', 'notebook-instance/*'],
    name: 'NotebookInstanceName',
    by: 'opening',
  },
  {
    type: 'AWS::SageMaker::UserProfile',
    roles: ['UserSettings.ExecutionRole'],
    actions: ['sagemaker:CreatePresignedDomainUrl'],
    arn: ['sagemaker', 'user-profile/*'],
    by: 'opening',
  },
  {
    type: 'AWS::StepFunctions::StateMachine',
    roles: ['RoleArn'],
    actions: ['states:UpdateStateMachine'],
    arn: ['states', 'stateMachine:*'],
    name: 'StateMachineName',
    by: 'changing the steps of',
  },
  {
    type: 'AWS::EMR::Cluster',
    roles: ['JobFlowRole'],
    actions: ['elasticmapreduce:AddJobFlowSteps'],
    arn: ['elasticmapreduce', 'cluster/*'],
    by: 'running steps on',
  },
  {
    type: 'AWS::AppRunner::Service',
    roles: ['InstanceConfiguration.InstanceRoleArn'],
    actions: ['apprunner:UpdateService'],
    arn: ['apprunner', 'service/*'],
    by: 'changing what runs in',
  },
];

/** The texts by which a workload names its roles. */
export const rolesNamed = ({ roles }: Workload, properties: Plain): readonly string[] =>
  roles.flatMap((path) => asList(valueAt(properties, path)).flatMap((value) => asText(value) ?? []));

/** Kinds of identities, by their resource types. */
export const KINDS: Readonly<Record<string, Kind>> = {
  'AWS::IAM::Role': 'role',
  'AWS::IAM::User': 'user',
  'AWS::IAM::Group': 'group',
  'AWS::SSO::PermissionSet': 'permission set',
};
export type Kind = 'role' | 'user' | 'group' | 'permission set';

/** Actions on an identity that give whoever holds them its rights: `becomes`; or that give it rights: `rules`. */
export interface Right {
  readonly action: string;
  /** On the identity itself, or on a managed policy that it carries. */
  readonly on: Kind | 'policy';
  readonly effect: 'becomes' | 'rules';
  readonly by: string;
}

export const RIGHTS: readonly Right[] = [
  { action: 'iam:UpdateAssumeRolePolicy', on: 'role', effect: 'becomes', by: 'changing who may become' },
  { action: 'iam:CreateAccessKey', on: 'user', effect: 'becomes', by: 'making an access key of' },
  { action: 'iam:CreateLoginProfile', on: 'user', effect: 'becomes', by: 'setting the password of' },
  { action: 'iam:UpdateLoginProfile', on: 'user', effect: 'becomes', by: 'setting the password of' },
  { action: 'iam:AddUserToGroup', on: 'group', effect: 'becomes', by: 'joining' },
  { action: 'sso:CreateAccountAssignment', on: 'permission set', effect: 'becomes', by: 'assigning' },
  ...(['PutRolePolicy', 'AttachRolePolicy'] as const).map((name) => rules(`iam:${name}`, 'role')),
  ...(['PutUserPolicy', 'AttachUserPolicy'] as const).map((name) => rules(`iam:${name}`, 'user')),
  ...(['PutGroupPolicy', 'AttachGroupPolicy'] as const).map((name) => rules(`iam:${name}`, 'group')),
  ...(['PutInlinePolicyToPermissionSet', 'AttachManagedPolicyToPermissionSet'] as const).map((name) =>
    rules(`sso:${name}`, 'permission set'),
  ),
  rules('iam:CreatePolicyVersion', 'policy'),
];

function rules(action: string, on: Right['on']): Right {
  return { action, on, effect: 'rules', by: 'giving any right to' };
}

/** Everything that may lead to the rights of somebody else. */
export const MOVES: readonly string[] = [
  ...new Set([
    ASSUME,
    PASS,
    ...[...STARTS.values()].flat(2),
    ...WORKLOADS.flatMap(({ actions }) => actions),
    ...RIGHTS.map(({ action }) => action),
  ]),
];
