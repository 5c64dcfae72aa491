/** Where the code that services run comes from, by type: repositories, packages, images. */
import type { PlainMap } from '../plain';
import { asList, asMap, asText } from '../reading';
import { textsAt } from './ways';

/** What somebody else may write, and we run. */
export interface Origin {
  readonly kind: 'repository' | 'package' | 'image';
  readonly text: string;
  readonly path: string;
}

export interface Origins {
  readonly on: RegExp;
  readonly read: (properties: PlainMap) => readonly Origin[];
  /** Which state of a repository is taken. */
  readonly branch?: (properties: PlainMap) => readonly string[];
  /** It gives code to something else: also what is new replaces what ran there. */
  readonly joins?: boolean;
}

const at =
  (kind: Origin['kind'], ...paths: readonly string[]): Origins['read'] =>
  (properties) =>
    paths.flatMap((path) => [...textsAt(properties, path)].map(([text, where]) => ({ kind, text, path: where })));
const all =
  (...reads: readonly Origins['read'][]): Origins['read'] =>
  (properties) =>
    reads.flatMap((read) => read(properties));
const texts =
  (...paths: readonly string[]) =>
  (properties: PlainMap): readonly string[] =>
    paths.flatMap((path) => [...textsAt(properties, path)].map(([text]) => text));

// ── Azure ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Settings of apps that name the package that they run. */
export const PACKAGE_SETTING = /^WEBSITE_RUN_FROM_(PACKAGE|ZIP)$/i;
const inSettings: Origins['read'] = (properties) =>
  Object.entries(asMap(properties.properties)).flatMap(([name, value]): Origin[] => {
    const text = asText(value);
    return PACKAGE_SETTING.test(name) && text !== undefined ? [{ kind: 'package', text, path: `properties.${name}` }] : [];
  });
const inSite: Origins['read'] = ({ siteConfig }) => [
  ...asList(asMap(siteConfig).appSettings).flatMap((item, index): Origin[] => {
    const { name, value } = asMap(item);
    const text = asText(value);
    return PACKAGE_SETTING.test(asText(name) ?? '') && text !== undefined
      ? [{ kind: 'package', text, path: `siteConfig.appSettings[${index}].value` }]
      : [];
  }),
  ...['linuxFxVersion', 'windowsFxVersion'].flatMap((key): Origin[] => {
    const [, text] = /^DOCKER\|(.+)$/i.exec(asText(asMap(siteConfig)[key]) ?? '') ?? [];
    return text === undefined ? [] : [{ kind: 'image', text, path: `siteConfig.${key}` }];
  }),
];

/** Factories and workspaces name the parts of an address one by one. */
const published =
  (key: string): Origins['read'] =>
  (properties) => {
    const { accountName, hostName, projectName, repositoryName } = asMap(properties[key]);
    const [account, repository] = [asText(accountName), asText(repositoryName) ?? ''];
    if (account === undefined) return [];
    const project = asText(projectName);
    const host =
      asText(hostName)
        ?.replace(/^https?:\/\//, '')
        .replace(/\/+$/, '') ?? (project === undefined ? 'github.com' : 'dev.azure.com');
    return [
      {
        kind: 'repository',
        text: `https://${host}/${[account, ...(project === undefined ? [] : [project, '_git']), repository].join('/')}`,
        path: `${key}.accountName`,
      },
    ];
  };

// ── AWS ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** First steps of a pipeline. */
const sourcesOf = ({ Stages }: PlainMap) =>
  asList(Stages).flatMap((stage, s) =>
    asList(asMap(stage).Actions).flatMap((action, a) =>
      asText(asMap(asMap(action).ActionTypeId).Category) === 'Source'
        ? [{ settings: asMap(asMap(action).Configuration), path: `Stages[${s}].Actions[${a}].Configuration` }]
        : [],
    ),
  );
const piped: Origins['read'] = (properties) =>
  sourcesOf(properties).flatMap(({ path, settings }): Origin[] => {
    const said = (key: string) => asText(settings[key]);
    const [full, owner, repo, name, bucket] = ['FullRepositoryId', 'Owner', 'Repo', 'RepositoryName', 'S3Bucket'].map(said);
    if (full !== undefined) return [{ kind: 'repository', text: full, path: `${path}.FullRepositoryId` }];
    if (owner !== undefined && repo !== undefined)
      return [{ kind: 'repository', text: `https://github.com/${owner}/${repo}`, path: `${path}.Owner` }];
    if (bucket !== undefined) return [{ kind: 'package', text: `s3://${bucket}`, path: `${path}.S3Bucket` }];
    return name === undefined ? [] : [{ kind: 'repository', text: name, path: `${path}.RepositoryName` }];
  });

const buckets =
  (...paths: readonly string[]): Origins['read'] =>
  (properties) =>
    at(
      'package',
      ...paths,
    )(properties).map((origin) => ({ ...origin, text: origin.text.startsWith('s3://') ? origin.text : `s3://${origin.text}` }));

// ── The table ──────────────────────────────────────────────────────────────────────────────────────────────────────

export const ORIGINS: readonly Origins[] = [
  { on: /^azure-native:web:WebAppSourceControl(Slot)?$/, read: at('repository', 'repoUrl'), branch: texts('branch'), joins: true },
  { on: /^azure-native:web:StaticSite$/, read: at('repository', 'repositoryUrl'), branch: texts('branch') },
  { on: /^azure-native:web:WebAppApplicationSettings(Slot)?$/, read: inSettings, joins: true },
  { on: /^azure-native:web:WebApp(Slot)?$/, read: inSite },
  { on: /^azure-native:web:WebAppSiteContainer(Slot)?$/, read: at('image', 'image') },
  { on: /^Microsoft\.Web\/sites\/(slots\/)?extensions$/i, read: at('package', 'packageUri'), joins: true },
  { on: /^azure-native:automation:SourceControl$/, read: at('repository', 'repoUrl'), branch: texts('branch'), joins: true },
  {
    on: /^azure-native:automation:Runbook$/,
    read: at('package', 'publishContentLink.uri', 'draft.draftContentLink.uri'),
    joins: true,
  },
  { on: /^azure-native:automation:(Module|Python[23]Package|PowerShell72Module|Package)$/, read: at('package', 'contentLink.uri') },
  {
    on: /^azure-native:kubernetesconfiguration:FluxConfiguration$/,
    read: all(at('repository', 'gitRepository.url', 'ociRepository.url'), at('package', 'bucket.url', 'azureBlob.url')),
    branch: texts('gitRepository.repositoryRef.branch'),
    joins: true,
  },
  { on: /^azure-native:kubernetesconfiguration:SourceControlConfiguration$/, read: at('repository', 'repositoryUrl'), joins: true },
  {
    on: /^azure-native:datafactory:Factory$/,
    read: published('repoConfiguration'),
    branch: texts('repoConfiguration.collaborationBranch'),
  },
  {
    on: /^azure-native:synapse:Workspace$/,
    read: published('workspaceRepositoryConfiguration'),
    branch: texts('workspaceRepositoryConfiguration.collaborationBranch'),
  },
  { on: /^azure-native:app:ContainerAppsSourceControl$/, read: at('repository', 'repoUrl'), branch: texts('branch'), joins: true },
  { on: /^azure-native:devcenter:\w*Catalog$/, read: at('repository', 'gitHub.uri', 'adoGit.uri'), joins: true },
  { on: /^azure-native:containerregistry:Task$/, read: at('repository', 'step.contextPath') },
  {
    on: /^azure-native:resources:Azure(PowerShell|Cli)Script$/,
    read: at('package', 'primaryScriptUri', 'supportingScriptUris[]'),
  },
  {
    on: /^azure-native:app:(ContainerApp|Job)$/,
    read: at('image', 'template.containers[].image', 'template.initContainers[].image'),
  },
  {
    on: /^azure-native:containerinstance:ContainerGroup$/,
    read: at('image', 'containers[].image', 'containers[].properties.image', 'initContainers[].image', 'initContainers[].properties.image'),
  },
  {
    on: /^AWS::CodePipeline::Pipeline$/,
    read: piped,
    branch: (pipeline) => sourcesOf(pipeline).flatMap(({ settings }) => asText(settings.BranchName) ?? asText(settings.Branch) ?? []),
  },
  {
    on: /^AWS::CodeBuild::Project$/,
    read: (project) =>
      all(
        at('repository', 'Source.Location', 'SecondarySources[].Location'),
        at('image', 'Environment.Image'),
      )(project).filter(({ text }) => !/^aws\//.test(text)),
    branch: texts('SourceVersion'),
  },
  { on: /^AWS::Amplify::App$/, read: at('repository', 'Repository') },
  {
    on: /^AWS::AppRunner::Service$/,
    read: all(
      at('repository', 'SourceConfiguration.CodeRepository.RepositoryUrl'),
      at('image', 'SourceConfiguration.ImageRepository.ImageIdentifier'),
    ),
    branch: texts('SourceConfiguration.CodeRepository.SourceCodeVersion.Value'),
  },
  { on: /^AWS::Lambda::Function$/, read: all(at('image', 'Code.ImageUri'), buckets('Code.S3Bucket')) },
  { on: /^AWS::Serverless::Function$/, read: all(at('image', 'ImageUri'), buckets('CodeUri.Bucket')) },
  { on: /^AWS::Glue::Job$/, read: buckets('Command.ScriptLocation') },
  {
    on: /^AWS::SageMaker::Model$/,
    read: all(
      at('image', 'PrimaryContainer.Image', 'Containers[].Image'),
      buckets('PrimaryContainer.ModelDataUrl', 'Containers[].ModelDataUrl'),
    ),
  },
  { on: /^AWS::ECS::TaskDefinition$/, read: at('image', 'ContainerDefinitions[].Image') },
  { on: /^AWS::Batch::JobDefinition$/, read: at('image', 'ContainerProperties.Image') },
];
