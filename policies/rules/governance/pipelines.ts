/** Pipelines: who runs them, what they build, what they keep, and the gate before deployment. */
import type { ControlId } from '../../../controls';
import { grantsNobodyPublicly, statementsOf } from '../../facts/iam';
import { isOwnKey } from '../../facts/keys';
import type { Graph } from '../../graph';
import { allOf, every, not, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, gap, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const PROJECT = 'AWS::CodeBuild::Project';
const PIPELINE = 'AWS::CodePipeline::Pipeline';
const ROLE = 'AWS::IAM::Role';
const HOOKS = ['AWS::CloudFormation::GuardHook', 'AWS::CloudFormation::LambdaHook'];
const PACKAGES = ['AWS::CodeArtifact::Domain', 'AWS::CodeArtifact::Repository'];

// ── Identities ───────────────────────────────────────────────────────────────────────────────────────────────────────

const PIPELINE_SERVICES = /^(codebuild|codepipeline|codedeploy)\.amazonaws\.com$/;
const HOSTED_CI = /(token\.actions\.githubusercontent\.com|gitlab\.com|bitbucket\.org|circleci\.com|vstoken\.dev\.azure\.com)/;

const trust = (role: Resource) => statementsOf(role.at('AssumeRolePolicyDocument'));
const runsPipelines = (role: Resource): boolean =>
  trust(role).some((statement) =>
    statement
      .principals()
      .some(
        ({ kind, value }) =>
          (kind === 'Service' && PIPELINE_SERVICES.test(value.string ?? '')) || (kind === 'Federated' && HOSTED_CI.test(value.shape ?? '')),
      ),
  );

const BROAD = /:(policy|aws:policy)\/(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/;

/** Neither a managed policy nor an own one gives the pipeline everything. */
function isNarrow(role: Resource, graph: Graph): Outcome {
  const managed = every(role.at('ManagedPolicyArns').items(), (arn) => not(arn.matches(BROAD), `${arn.describe()}`));
  const documents = [
    ...role
      .at('Policies')
      .items()
      .map((policy) => policy.at('PolicyDocument')),
    ...graph.pointingAt(role, 'AWS::IAM::Policy', 'Roles').map((policy) => policy.at('PolicyDocument')),
  ];
  const own = every(
    documents.flatMap((document) => statementsOf(document)),
    (statement) =>
      not(allOf(statement.grantsEvery('*'), statement.coversResource('*')), `${statement.name} grants every action on everything`),
  );
  return allOf(managed, own);
}

/** A hosted pipeline gets the role from branches or environments that are named, not from every pull request. */
function namesBranches(role: Resource): Outcome {
  const subjects = trust(role).flatMap((statement) =>
    statement
      .conditions()
      .flatMap(({ key, values }) => (/^(token\.actions\.githubusercontent\.com|gitlab\.com):sub$/.test(key) ? values : [])),
  );
  return every(subjects, (subject) =>
    not(subject.matches(/:\*$|:pull_request$/), `${subject.describe()}: any branch or pull request gets the role`),
  );
}

// ── Builds ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function keepsArtifactsEncrypted(project: Resource): Outcome {
  const places = [project.at('Artifacts'), ...project.at('SecondaryArtifacts').items(), project.at('LogsConfig.S3Logs')].filter(
    ({ state }) => state !== 'absent',
  );
  return every(places, (place) => not(place.at('EncryptionDisabled').isTrue(), `${place.path}.EncryptionDisabled is true`));
}

const REGISTRY_IMAGE = /^aws\/codebuild\//;

function isPinned(image: Value): Outcome {
  if (image.state !== 'known' || REGISTRY_IMAGE.test(image.string ?? ''))
    return notApplicable('is an image of CodeBuild, or of the same input');
  return image.matches(/@sha256:[0-9a-f]{64}$/);
}

/** Keys of what pipelines keep. */
const KEYS: Readonly<Record<string, string>> = {
  [PROJECT]: 'EncryptionKey',
  'AWS::CodeCommit::Repository': 'KmsKeyId',
  'AWS::CodeArtifact::Domain': 'EncryptionKey',
};
const KEYED = Object.keys(KEYS);

function storesOf(pipeline: Resource): readonly Value[] {
  const many = pipeline.at('ArtifactStores').items();
  return many.length > 0 ? many.map((store) => store.at('ArtifactStore')) : [pipeline.at('ArtifactStore')];
}

const store = (Type: string, Properties: object, rest: object = {}): Example['resources'] => ({ Store: { Type, Properties }, ...rest });
const PARAMETER = { parameters: { P: { Type: 'String' } } } as const;
const KEY = 'arn:aws:kms:eu-central-1:111122223333:key/1';
const builder = (rest: object, principal: object = { Service: 'codebuild.amazonaws.com' }, Condition?: object) =>
  store(ROLE, {
    AssumeRolePolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole', ...(Condition ? { Condition } : {}) }],
    },
    ...rest,
  });
const GITHUB = { Federated: 'arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com' };
const sub = (subject: unknown) => ({ StringLike: { 'token.actions.githubusercontent.com:sub': subject } });
const inline = (statement: object) => ({
  Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*', ...statement }] } }],
});
const DIGEST = `@sha256:${'0'.repeat(64)}`;
const image = (Image: unknown) => store(PROJECT, { Environment: { Image } });
const packages = (Principal: unknown, ...more: readonly object[]) =>
  store('AWS::CodeArtifact::Repository', {
    PermissionsPolicyDocument: {
      Statement: [{ Effect: 'Allow', Principal, Action: 'codeartifact:ReadFromRepository', Resource: '*' }, ...more],
    },
  });
const FENCE = {
  Effect: 'Deny',
  Principal: '*',
  Action: 'codeartifact:*',
  Resource: '*',
  Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } },
};
const stages = (Category: string, Provider = 'CodeBuild') =>
  store(PIPELINE, { Stages: [{ Actions: [{ ActionTypeId: { Category, Provider } }] }] });

export const PIPELINES = {
  'SDC-04': {
    aws: rule({
      on: HOOKS,
      check: (hook) => allOf(hook.at('FailureMode').is('FAIL'), hook.at('HookStatus').is('ENABLED')),
      fix: 'Set FailureMode: FAIL and HookStatus: ENABLED.',
      pass: HOOKS.map((type) => ({ resources: store(type, { FailureMode: 'FAIL', HookStatus: 'ENABLED' }) })),
      fail: HOOKS.flatMap((type) => [
        { resources: store(type, { FailureMode: 'WARN', HookStatus: 'ENABLED' }) },
        { resources: store(type, { FailureMode: 'FAIL', HookStatus: 'DISABLED' }) },
      ]),
      unknown: [{ ...PARAMETER, resources: store('AWS::CloudFormation::GuardHook', { FailureMode: { Ref: 'P' }, HookStatus: 'ENABLED' }) }],
    }),
  },

  'SDC-06': {
    aws: [
      rule({
        on: ROLE,
        check: (role, graph) =>
          runsPipelines(role) ? allOf(isNarrow(role, graph), namesBranches(role)) : notApplicable('runs no pipeline'),
        fix: 'Grant the role of the pipeline what it deploys with and no more, and name branch or environment in the condition on the subject (repo:org/repo:ref:refs/heads/main).',
        pass: [
          { resources: builder({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AWSCodeBuildReadOnlyAccess'] }) },
          { resources: builder(inline({ Action: 's3:GetObject' }), { Service: 'codepipeline.amazonaws.com' }) },
          { resources: builder({}, GITHUB, sub('repo:org/app:ref:refs/heads/main')) },
        ],
        fail: [
          { resources: builder({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }) },
          { resources: builder(inline({})) },
          { resources: builder({}, GITHUB, sub('repo:org/app:*')) },
          {
            name: 'by a policy of its own',
            resources: {
              ...builder({}),
              Policy: {
                Type: 'AWS::IAM::Policy',
                Properties: { Roles: [{ Ref: 'Store' }], PolicyDocument: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
              },
            },
          },
        ],
        unknown: [{ ...PARAMETER, resources: builder(inline({ Action: { Ref: 'P' } })) }],
        skip: [
          {
            resources: builder({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] }, { Service: 'lambda.amazonaws.com' }),
          },
        ],
      }),
      rule({
        on: PROJECT,
        severity: 'low',
        check: (project) =>
          not(project.at('Environment.PrivilegedMode').isTrue(), 'Environment.PrivilegedMode is true: builds are root on their host'),
        fix: 'Remove PrivilegedMode unless images are built, and build these in a project of their own.',
        pass: [{ resources: store(PROJECT, { Environment: { PrivilegedMode: false } }) }],
        fail: [{ resources: store(PROJECT, { Environment: { PrivilegedMode: true } }) }],
        unknown: [{ ...PARAMETER, resources: store(PROJECT, { Environment: { PrivilegedMode: { Ref: 'P' } } }) }],
      }),
    ],
  },

  'SDC-07': {
    aws: gap(
      'Which account is which environment is known to the organisation alone; trust between accounts is LPA-10, keys shared between environments are ENC-08.',
    ),
  },

  'SDC-09': {
    aws: rule({
      on: PIPELINE,
      severity: 'low',
      check: (pipeline) => {
        const actions = pipeline
          .at('Stages')
          .items()
          .flatMap((stage) => stage.at('Actions').items());
        return some(
          actions,
          (action) =>
            action.at('ActionTypeId.Provider').is('InspectorScan').verdict === 'pass'
              ? pass()
              : action.at('ActionTypeId.Category').is('Test'),
          'no action tests or scans: Category Test, or Provider InspectorScan',
        );
      },
      fix: 'Add an action of Category Test, or InspectorScan, before the first deployment.',
      pass: [{ resources: stages('Test') }, { resources: stages('Invoke', 'InspectorScan') }],
      fail: [{ resources: stages('Build') }],
      unknown: [{ ...PARAMETER, resources: store(PIPELINE, { Stages: { Ref: 'P' } }) }],
    }),
  },

  'SDC-11': {
    aws: [
      rule({
        on: PROJECT,
        check: (project) =>
          every([project.at('Source'), ...project.at('SecondarySources').items()], (source) =>
            not(source.at('InsecureSsl').isTrue(), `${source.path}.InsecureSsl is true: whoever stands between changes the source`),
          ),
        fix: 'Remove InsecureSsl: true.',
        pass: [{ resources: store(PROJECT, { Source: { InsecureSsl: false } }) }],
        fail: [
          { resources: store(PROJECT, { Source: { InsecureSsl: true } }) },
          { resources: store(PROJECT, { SecondarySources: [{ InsecureSsl: true }] }) },
        ],
        unknown: [{ ...PARAMETER, resources: store(PROJECT, { Source: { InsecureSsl: { Ref: 'P' } } }) }],
      }),
      rule({
        on: PROJECT,
        severity: 'low',
        check: (project) => isPinned(project.at('Environment.Image')),
        fix: 'Name the build image by digest (image@sha256:…).',
        pass: [{ resources: image(`registry.example.com/builder${DIGEST}`) }],
        fail: [{ resources: image('registry.example.com/builder:latest') }],
        skip: [{ resources: image('aws/codebuild/standard:7.0') }, { resources: store(PROJECT, {}) }],
      }),
    ],
  },

  'SDC-16': {
    aws: [
      rule({
        on: PROJECT,
        check: (project) =>
          not(project.at('Visibility').is('PUBLIC_READ'), 'Visibility is "PUBLIC_READ": builds, logs and artefacts are public'),
        fix: 'Remove Visibility, or set it to PRIVATE.',
        pass: [{ resources: store(PROJECT, {}) }],
        fail: [{ resources: store(PROJECT, { Visibility: 'PUBLIC_READ' }) }],
        unknown: [{ ...PARAMETER, resources: store(PROJECT, { Visibility: { Ref: 'P' } }) }],
      }),
      rule({
        on: PACKAGES,
        check: (repository) => {
          const policy = repository.at('PermissionsPolicyDocument');
          return policy.state === 'absent' ? notApplicable('has no policy of its own') : grantsNobodyPublicly(policy, 'codeartifact:*');
        },
        fix: 'Name the principals in PermissionsPolicyDocument, or confine them with aws:PrincipalOrgID.',
        pass: [{ resources: packages({ AWS: 'arn:aws:iam::111122223333:root' }) }, { resources: packages({ AWS: '*' }, FENCE) }],
        fail: [{ resources: packages({ AWS: '*' }) }],
        unknown: [{ ...PARAMETER, resources: packages({ AWS: { Ref: 'P' } }) }],
        skip: [{ resources: store('AWS::CodeArtifact::Domain', {}) }],
      }),
    ],
  },

  'VUL-07': {
    aws: gap('The list of components is attached to a release by its pipeline; no resource holds it. Scans of images are VUL-04.'),
  },

  'ENC-01': {
    aws: rule({
      on: PROJECT,
      check: keepsArtifactsEncrypted,
      severity: 'medium',
      fix: 'Remove EncryptionDisabled: true from Artifacts, SecondaryArtifacts and LogsConfig.S3Logs.',
      pass: [{ resources: store(PROJECT, { Artifacts: { Type: 'S3', EncryptionDisabled: false } }) }],
      fail: [
        { resources: store(PROJECT, { Artifacts: { EncryptionDisabled: true } }) },
        { resources: store(PROJECT, { SecondaryArtifacts: [{ EncryptionDisabled: true }] }) },
        { resources: store(PROJECT, { LogsConfig: { S3Logs: { EncryptionDisabled: true } } }) },
      ],
      unknown: [{ ...PARAMETER, resources: store(PROJECT, { Artifacts: { EncryptionDisabled: { Ref: 'P' } } }) }],
    }),
  },

  'ENC-02': {
    aws: [
      rule({
        on: KEYED,
        severity: 'low',
        check: (kept) => isOwnKey(kept.at(KEYS[kept.type] as string)),
        fix: 'Name a key of your own: EncryptionKey (KmsKeyId on CodeCommit repositories).',
        pass: KEYED.map((type) => ({ resources: store(type, { [KEYS[type] as string]: KEY }) })),
        fail: [...KEYED.map((type) => ({ resources: store(type, {}) })), { resources: store(PROJECT, { EncryptionKey: 'alias/aws/s3' }) }],
        unknown: [{ ...PARAMETER, resources: store(PROJECT, { EncryptionKey: { Ref: 'P' } }) }],
      }),
      rule({
        on: PIPELINE,
        severity: 'low',
        check: (pipeline) => every(storesOf(pipeline), (kept) => isOwnKey(kept.at('EncryptionKey.Id'))),
        fix: 'Set ArtifactStore.EncryptionKey to a key of your own (artifactBucket with an encryptionKey in CDK).',
        pass: [
          { resources: store(PIPELINE, { ArtifactStore: { EncryptionKey: { Id: KEY, Type: 'KMS' } } }) },
          { resources: store(PIPELINE, { ArtifactStores: [{ Region: 'eu-west-1', ArtifactStore: { EncryptionKey: { Id: KEY } } }] }) },
        ],
        fail: [{ resources: store(PIPELINE, { ArtifactStore: { Location: 'artifacts' } }) }, { resources: store(PIPELINE, {}) }],
        unknown: [{ ...PARAMETER, resources: store(PIPELINE, { ArtifactStore: { EncryptionKey: { Id: { Ref: 'P' } } } }) }],
      }),
    ],
  },

  'LOG-13': {
    aws: rule({
      on: PROJECT,
      severity: 'low',
      check: (project) =>
        not(
          allOf(
            project.at('LogsConfig.CloudWatchLogs.Status').is('DISABLED'),
            not(project.at('LogsConfig.S3Logs.Status').is('ENABLED'), 'writes into a bucket'),
          ),
          'LogsConfig.CloudWatchLogs.Status is "DISABLED", and no bucket takes the logs',
        ),
      fix: 'Set LogsConfig.CloudWatchLogs.Status: ENABLED, or S3Logs.Status: ENABLED.',
      pass: [
        { resources: store(PROJECT, {}) },
        {
          resources: store(PROJECT, {
            LogsConfig: { CloudWatchLogs: { Status: 'DISABLED' }, S3Logs: { Status: 'ENABLED', Location: 'logs' } },
          }),
        },
      ],
      fail: [{ resources: store(PROJECT, { LogsConfig: { CloudWatchLogs: { Status: 'DISABLED' } } }) }],
      unknown: [{ ...PARAMETER, resources: store(PROJECT, { LogsConfig: { CloudWatchLogs: { Status: { Ref: 'P' } } } }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
