/** What runs inside ECS tasks: with which rights, from which image, and what is recorded of it. */
import type { Graph } from '../../graph';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, rule } from '../../rule';
import type { Value } from '../../value';

export const TASK = 'AWS::ECS::TaskDefinition';
const REPOSITORY = 'AWS::ECR::Repository';

const containersOf = (task: Resource): readonly Value[] => task.at('ContainerDefinitions').items();

/** Containers that route the logs of the others run as root, and can do nothing else. */
const routesLogs = (container: Value): boolean => container.at('FirelensConfiguration').state !== 'absent';

const onLinux = (task: Resource, then: () => Outcome): Outcome =>
  when(not(task.at('RuntimePlatform.OperatingSystemFamily').matches(/^WINDOWS/), 'the option does not exist for Windows containers'), then);

/** What Docker gives every container anyway, and what gives no power over the host or other containers. */
const HARMLESS_CAPABILITIES = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'NET_RAW', 'SETFCAP'],
  ...['SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT', 'BLOCK_SUSPEND', 'IPC_LOCK', 'LEASE', 'NET_BROADCAST', 'SYS_NICE', 'WAKE_ALARM'],
];

/** Paths of the host by which a container takes over the host. */
const HOST_PATHS =
  /^\/(?:(?:boot|dev|etc|proc|root|run|sys|var|usr|lib|bin|sbin)\/?|(?:var\/)?run\/(?:docker|containerd).*|var\/lib\/(?:docker|kubelet|ecs).*)?$/;

function runsUnprivileged(container: Value): Outcome {
  return allOf(
    not(container.at('Privileged').isTrue(), container.at('Privileged').describe()),
    every(container.at('LinuxParameters.Capabilities.Add').items(), (capability) => capability.isOneOf(HARMLESS_CAPABILITIES)),
    every(container.at('DockerSecurityOptions').items(), (option) =>
      option.matches(/^(no-new-privileges|credentialspec|apparmor:(?!unconfined)|label:(?!disable))/),
    ),
  );
}

/** Modes in which a task shares nothing with its host. */
const NAMESPACES = { NetworkMode: ['awsvpc', 'bridge', 'none'], PidMode: ['task'], IpcMode: ['task', 'none'] } as const;

const sharesNoNamespace = (task: Resource): Outcome =>
  every(Object.entries(NAMESPACES), ([setting, own]) => {
    const mode = task.at(setting);
    return mode.state === 'absent' ? pass() : mode.isOneOf(own);
  });

const mountsNoHost = (task: Resource): Outcome =>
  every(task.at('Volumes').items(), (volume) => {
    const path = volume.at('Host.SourcePath');
    return path.state === 'absent' ? pass() : not(path.matches(HOST_PATHS), `${path.describe()}, which belongs to the host`);
  });

const ROOT = /^(root|0)(:|$)/;

function runsAsUser(container: Value): Outcome {
  const user = container.at('User');
  if (routesLogs(container)) return notApplicable('routes logs, for which it has to be root');
  return user.state === 'absent' ? notApplicable('leaves the user to its image') : not(user.matches(ROOT), user.describe());
}

function namesUser(container: Value): Outcome {
  const user = container.at('User');
  if (routesLogs(container)) return notApplicable('routes logs, for which it has to be root');
  return user.state === 'absent' ? fail(`${user.path} is not set: the image decides, and most images run as root`, user.path) : pass();
}

/** Drivers that take the records off the host. */
const SHIPPING = ['awslogs', 'awsfirelens', 'fluentd', 'gelf', 'splunk', 'syslog', 'logentries', 'sumologic'];

const recordsOutput = (container: Value): Outcome =>
  routesLogs(container) ? notApplicable('routes logs itself') : container.at('LogConfiguration.LogDriver').isOneOf(SHIPPING);

const CONTENT = /(@sha256|:)[:]?[0-9a-f]{64}$/;

/** Names what runs, whoever pushes afterwards: by digest, by a tag that is a digest, or by a tag that nobody can move. */
export function isImmutableImage(image: Value, graph: Graph): Outcome {
  const { shape } = image;
  if (shape === undefined) return image.state === 'absent' ? fail(`${image.path} is not set`) : image.asUnknown();
  if (CONTENT.test(shape)) return pass();
  if (shape.endsWith('}')) return image.asUnknown();
  const name = shape.replace(/\$\{[^}]*\}/g, 'x');
  const tag = /:([^/:]+)$/.exec(name)?.[1];
  if (tag === undefined || tag === 'latest')
    return fail(`${image.describe()}, which is whatever was pushed last${tag ? '' : ': it names no tag'}`, image.path);
  const repository = graph.target(image, REPOSITORY);
  if (repository?.at('ImageTagMutability').isOneOf(['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION']).verdict === 'pass') return pass();
  return fail(`${image.describe()}: a tag can be moved to another image`, image.path);
}

const encryptsMounts = (task: Resource): Outcome => mounted(task, (volume) => volume.at('TransitEncryption').is('ENABLED'));

const identifiesMounts = (task: Resource): Outcome => mounted(task, (volume) => volume.at('AuthorizationConfig.IAM').is('ENABLED'));

function mounted(task: Resource, check: (volume: Value) => Outcome): Outcome {
  const volumes = task
    .at('Volumes')
    .items()
    .map((volume) => volume.at('EFSVolumeConfiguration'))
    .filter(({ state }) => state !== 'absent');
  return volumes.length === 0 ? notApplicable('mounts no file system') : every(volumes, check);
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────

const DIGEST = `app@sha256:${'0'.repeat(64)}`;
const task = (Properties: object): Example['resources'] => ({ Task: { Type: TASK, Properties } });
const running = (container: object, rest: object = {}) => task({ ContainerDefinitions: [{ Name: 'app', ...container }], ...rest });
const windows = { RuntimePlatform: { OperatingSystemFamily: 'WINDOWS_SERVER_2022_CORE' } };
const parameter = { Value: { Type: 'String' } };
const VALUE = { Ref: 'Value' };
const router = { Name: 'log_router', FirelensConfiguration: { Type: 'fluentbit' } };
const volume = (EFSVolumeConfiguration: object) => task({ Volumes: [{ Name: 'data', EFSVolumeConfiguration }] });
const hosted = (SourcePath: unknown) => task({ Volumes: [{ Name: 'host', Host: { SourcePath } }] });

export const tasksAreConfined = [
  rule({
    on: TASK,
    check: (definition) =>
      allOf(every(containersOf(definition), runsUnprivileged), sharesNoNamespace(definition), mountsNoHost(definition)),
    fix: 'Use SecureFargateTask, or remove Privileged, the added capabilities, the host namespaces (NetworkMode awsvpc, no PidMode or IpcMode host) and the paths of the host.',
    pass: [
      { resources: running({ Image: 'app' }, { NetworkMode: 'awsvpc', PidMode: 'task', IpcMode: 'none' }) },
      { resources: running({ Privileged: 'false', LinuxParameters: { Capabilities: { Add: ['NET_BIND_SERVICE'], Drop: ['ALL'] } } }) },
      { resources: running({ DockerSecurityOptions: ['no-new-privileges'] }) },
      {
        name: 'a folder made for the purpose',
        resources: {
          Task: { Type: TASK, Properties: { NetworkMode: 'awsvpc', Volumes: [{ Name: 'host', Host: { SourcePath: '/srv/cases' } }] } },
        },
      },
    ],
    fail: [
      { resources: running({ Privileged: true }) },
      { resources: running({ Privileged: 'true' }) },
      { resources: running({ LinuxParameters: { Capabilities: { Add: ['SYS_ADMIN'] } } }) },
      { resources: running({ DockerSecurityOptions: ['apparmor:unconfined'] }) },
      { resources: task({ NetworkMode: 'host' }) },
      { resources: task({ PidMode: 'host' }) },
      { resources: task({ IpcMode: 'host' }) },
      { name: 'the socket of Docker', resources: hosted('/var/run/docker.sock') },
      { resources: hosted('/') },
    ],
    unknown: [
      { parameters: parameter, resources: running({ Privileged: VALUE }) },
      { parameters: parameter, resources: task({ NetworkMode: VALUE }) },
    ],
  }),
  rule({
    on: TASK,
    from: 'moderate',
    severity: 'medium',
    check: (definition) =>
      onLinux(definition, () => every(containersOf(definition), (container) => container.at('ReadonlyRootFilesystem').isTrue())),
    fix: 'Use SecureFargateTask, or set ReadonlyRootFilesystem: true and mount a volume where the container has to write.',
    pass: [{ resources: running({ ReadonlyRootFilesystem: true }) }],
    fail: [
      { resources: running({}) },
      { resources: running({ ReadonlyRootFilesystem: false }) },
      { name: 'one of two', resources: task({ ContainerDefinitions: [{ ReadonlyRootFilesystem: true }, { Name: 'sidecar' }] }) },
    ],
    unknown: [{ parameters: parameter, resources: running({ ReadonlyRootFilesystem: VALUE }) }],
    skip: [{ resources: running({}, windows) }],
  }),
  rule({
    on: TASK,
    from: 'moderate',
    severity: 'medium',
    check: (definition) => onLinux(definition, () => every(containersOf(definition), runsAsUser)),
    fix: "Use SecureFargateTask, or set User to a user id that is not 0, such as '10001:10001'.",
    pass: [
      { resources: running({ User: '10001:10001' }) },
      { resources: running({ User: 'node' }) },
      { name: 'besides a log router', resources: task({ ContainerDefinitions: [{ Name: 'app', User: '1000' }, router] }) },
    ],
    fail: [{ resources: running({ User: 'root' }) }, { resources: running({ User: '0:0' }) }],
    unknown: [{ parameters: parameter, resources: running({ User: VALUE }) }],
    skip: [{ resources: running({}) }, { resources: running({ User: 'root' }, windows) }],
  }),
  rule({
    // What the image says is not among what is read: advice.
    on: TASK,
    from: 'moderate',
    severity: 'low',
    check: (definition) => onLinux(definition, () => every(containersOf(definition), namesUser)),
    fix: "Use SecureFargateTask, or set User to a user id that is not 0, such as '10001:10001', so that the image cannot decide.",
    pass: [
      { resources: running({ User: 'node' }) },
      { name: 'besides a log router', resources: task({ ContainerDefinitions: [{ Name: 'app', User: '1000' }, router] }) },
    ],
    fail: [{ resources: running({}) }],
    skip: [{ resources: running({}, windows) }],
  }),
  rule({
    on: TASK,
    from: 'high',
    severity: 'low',
    check: (definition) =>
      onLinux(definition, () =>
        every(containersOf(definition), (container) =>
          routesLogs(container) ? notApplicable('routes logs') : dropsAll(container.at('LinuxParameters.Capabilities.Drop')),
        ),
      ),
    fix: 'Use SecureFargateTask, or set LinuxParameters.Capabilities.Drop to ALL.',
    pass: [{ resources: running({ LinuxParameters: { Capabilities: { Drop: ['ALL'] } } }) }],
    fail: [{ resources: running({}) }, { resources: running({ LinuxParameters: { Capabilities: { Drop: ['NET_RAW'] } } }) }],
    unknown: [{ parameters: parameter, resources: running({ LinuxParameters: { Capabilities: { Drop: VALUE } } }) }],
    skip: [{ resources: running({}, windows) }],
  }),
];

function dropsAll(dropped: Value): Outcome {
  const outcomes = dropped.items().map((item) => item.is('ALL'));
  return (
    outcomes.find(({ verdict }) => verdict === 'pass') ??
    outcomes.find(({ verdict }) => verdict === 'unknown') ??
    fail(`${dropped.path} does not name ALL`, dropped.path)
  );
}

export const tasksRecord = rule({
  on: TASK,
  severity: 'medium',
  check: (definition) => every(containersOf(definition), recordsOutput),
  fix: "Use SecureFargateTask, or set LogConfiguration with LogDriver 'awslogs' (or awsfirelens, splunk, …) on every container.",
  pass: [
    { resources: running({ LogConfiguration: { LogDriver: 'awslogs' } }) },
    {
      name: 'through a router',
      resources: task({ ContainerDefinitions: [{ Name: 'app', LogConfiguration: { LogDriver: 'awsfirelens' } }, router] }),
    },
  ],
  fail: [
    { resources: running({}) },
    { name: 'records stay on the host', resources: running({ LogConfiguration: { LogDriver: 'json-file' } }) },
  ],
  unknown: [{ parameters: parameter, resources: running({ LogConfiguration: { LogDriver: VALUE } }) }],
});

const APP_RUNNER = 'AWS::AppRunner::Service';
const appRunner = (ImageIdentifier: unknown): Example['resources'] => ({
  Service: { Type: APP_RUNNER, Properties: { SourceConfiguration: { ImageRepository: { ImageIdentifier } } } },
});

export const imagesAreImmutable = rule({
  on: [TASK, APP_RUNNER],
  severity: 'low',
  check: (resource, graph) => {
    if (resource.type === TASK) return every(containersOf(resource), (container) => isImmutableImage(container.at('Image'), graph));
    const repository = resource.at('SourceConfiguration.ImageRepository');
    return repository.state === 'absent'
      ? notApplicable('is built from source')
      : isImmutableImage(repository.at('ImageIdentifier'), graph);
  },
  fix: 'Name the image by its digest (repository@sha256:…), or by a tag of an ECR repository with ImageTagMutability IMMUTABLE (SecureRepository).',
  pass: [
    { resources: running({ Image: DIGEST }) },
    {
      name: 'an asset of the CDK, whose tag is the digest of its source',
      resources: running({
        Image: { 'Fn::Sub': `\${AWS::AccountId}.dkr.ecr.\${AWS::Region}.\${AWS::URLSuffix}/assets:${'a'.repeat(64)}` },
      }),
    },
    {
      name: 'a tag of a repository that lets nobody move it',
      resources: {
        ...running({ Image: { 'Fn::Sub': '${AWS::AccountId}.dkr.ecr.eu-west-1.amazonaws.com/${Repository}:1.4.2' } }),
        Repository: { Type: REPOSITORY, Properties: { ImageTagMutability: 'IMMUTABLE' } },
      },
    },
    { resources: appRunner(DIGEST) },
  ],
  fail: [
    { resources: running({ Image: 'nginx' }) },
    { resources: running({ Image: 'registry.example.com:5000/app:latest' }) },
    { resources: running({ Image: 'nginx:1.27' }) },
    { resources: running({}) },
    { resources: appRunner('public.ecr.aws/docker/library/nginx:latest') },
  ],
  unknown: [
    { parameters: parameter, resources: running({ Image: VALUE }) },
    { parameters: parameter, resources: running({ Image: { 'Fn::Sub': 'app:${Value}' } }) },
  ],
  skip: [{ resources: { Service: { Type: APP_RUNNER, Properties: { SourceConfiguration: { CodeRepository: {} } } } } }],
});

export const mountsAreEncrypted = rule({
  on: TASK,
  check: encryptsMounts,
  fix: "Set TransitEncryption: 'ENABLED' on the EFSVolumeConfiguration of every volume.",
  pass: [{ resources: volume({ FilesystemId: 'fs-1', TransitEncryption: 'ENABLED' }) }],
  fail: [{ resources: volume({ FilesystemId: 'fs-1' }) }, { resources: volume({ FilesystemId: 'fs-1', TransitEncryption: 'DISABLED' }) }],
  unknown: [{ parameters: parameter, resources: volume({ FilesystemId: 'fs-1', TransitEncryption: VALUE }) }],
  skip: [{ resources: task({ Volumes: [{ Name: 'scratch' }] }) }],
});

export const mountsAreIdentified = rule({
  on: TASK,
  from: 'moderate',
  severity: 'low',
  check: identifiesMounts,
  fix: "Set AuthorizationConfig.IAM: 'ENABLED' on the EFSVolumeConfiguration, so that the file system knows which task reads.",
  pass: [{ resources: volume({ FilesystemId: 'fs-1', AuthorizationConfig: { IAM: 'ENABLED' } }) }],
  fail: [{ resources: volume({ FilesystemId: 'fs-1' }) }, { resources: volume({ AuthorizationConfig: { IAM: 'DISABLED' } }) }],
  unknown: [{ parameters: parameter, resources: volume({ AuthorizationConfig: { IAM: VALUE } }) }],
  skip: [{ resources: task({ Volumes: [{ Name: 'scratch' }] }) }],
});
