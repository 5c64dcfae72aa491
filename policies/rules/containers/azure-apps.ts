/** Container apps and container instances. */
import type { ControlId } from '../../../controls';
import type { Graph } from '../../graph';
import { anyOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { present, setting } from '../setting';

const APP = 'azure-native:app:ContainerApp';
const JOB = 'azure-native:app:Job';
const ENVIRONMENT = 'azure-native:app:ManagedEnvironment';
const AUTH = 'azure-native:app:ContainerAppsAuthConfig';
const GROUP = 'azure-native:containerinstance:ContainerGroup';

/** Tags move; a digest names one image for ever. Images of a registry of the workload are pinned there. */
function namesOneImage(image: ReturnType<Resource['at']>): Outcome {
  const text = image.shape;
  if (text === undefined) return image.state === 'absent' ? pass() : image.asUnknown();
  if (/@sha256:|\$\{/.test(text)) return pass();
  const last = text.slice(text.lastIndexOf('/') + 1);
  return !last.includes(':') || /:latest$/i.test(last) ? fail(`${image.describe()}: whatever is pushed next will run`, image.path) : pass();
}

const containersOf = (one: Resource) =>
  one.type === GROUP
    ? one.at('containers').items()
    : [...one.at('template.containers').items(), ...one.at('template.initContainers').items()];

/** Nothing of a container may take the host over. */
const isConfined = (container: ReturnType<Resource['at']>): Outcome =>
  every(
    [
      container.at('securityContext.privileged').orDefault(false),
      container.at('securityContext.allowPrivilegeEscalation').orDefault(false),
    ],
    (value) => value.isFalse(),
  );

/** An environment of the same input has no public address, so that its apps have none either. */
export const standsInside = (one: Resource, graph: Graph): boolean =>
  ['environmentId', 'managedEnvironmentId'].some((path) => {
    const environment = graph.target(one.at(path), ENVIRONMENT);
    return environment?.at('vnetConfiguration.internal').isTrue().verdict === 'pass';
  });

const app = (properties: object, type = APP) => ({ app: { type, properties } });
const ingress = (properties: object) => app({ configuration: { ingress: properties } });
const group = (properties: object) => ({ group: { type: GROUP, properties } });

export const AZURE_APPS = {
  'SDC-14': {
    azure: [
      rule({
        on: [APP, JOB, GROUP],
        check: (one) => every(containersOf(one), (container) => namesOneImage(container.at('image'))),
        severity: 'medium',
        fix: 'Name images by digest (@sha256:…), or by a version that is never pushed twice.',
        pass: [
          {
            resources: app({
              template: {
                containers: [{ image: 'cases.azurecr.io/api@sha256:ab' }],
                initContainers: [{ image: 'cases.azurecr.io/init:1.2' }],
              },
            }),
          },
          { resources: app({ template: { containers: [{ image: 'cases.azurecr.io/job:7' }] } }, JOB) },
          { resources: group({ containers: [{ image: 'cases.azurecr.io/api:1.2.0' }] }) },
        ],
        fail: [
          { resources: group({ containers: [{ image: 'nginx' }] }) },
          { resources: app({ template: { containers: [{ image: 'cases.azurecr.io:443/api:latest' }] } }) },
          { resources: app({ template: { initContainers: [{ image: 'busybox:latest' }] } }) },
          { resources: app({ template: { containers: [{ image: 'job' }] } }, JOB) },
        ],
        unknown: [{ resources: group({ containers: [{ image: { $unknown: 'config value' } }] }) }],
      }),
    ],
  },
  'ENC-02': {
    azure: [
      present({
        on: GROUP,
        at: 'encryptionProperties.keyName',
        like: 'containers',
        else: 'encryptionProperties is not set: Microsoft holds the key',
        severity: 'medium',
        from: 'high',
        fix: 'Set encryptionProperties with vaultBaseUrl, keyName and keyVersion.',
      }),
    ],
  },
  'TLS-02': {
    azure: setting({
      on: APP,
      at: 'configuration.ingress.allowInsecure',
      is: [false],
      not: true,
      unset: false,
      fix: 'Set configuration.ingress.allowInsecure: false.',
    }),
  },
  'TLS-06': {
    azure: rule({
      on: ENVIRONMENT,
      check: (one) =>
        anyOf(
          [one.at('peerTrafficConfiguration.encryption.enabled').isTrue(), one.at('peerAuthentication.mtls.enabled').isTrue()],
          'apps talk to each other in clear: peerTrafficConfiguration.encryption.enabled is not true',
        ),
      severity: 'medium',
      from: 'moderate',
      fix: 'Set peerTrafficConfiguration.encryption.enabled: true.',
      pass: [
        { resources: { one: { type: ENVIRONMENT, properties: { peerTrafficConfiguration: { encryption: { enabled: true } } } } } },
        { resources: { one: { type: ENVIRONMENT, properties: { peerAuthentication: { mtls: { enabled: true } } } } } },
      ],
      fail: [{ resources: { one: { type: ENVIRONMENT, properties: {} } } }],
      unknown: [
        {
          resources: {
            one: { type: ENVIRONMENT, properties: { peerTrafficConfiguration: { encryption: { enabled: { $unknown: 'config value' } } } } },
          },
        },
      ],
    }),
  },
  'TLS-07': {
    azure: [
      setting({
        on: ENVIRONMENT,
        at: 'peerAuthentication.mtls.enabled',
        is: [true],
        not: false,
        unset: false,
        severity: 'low',
        from: 'high',
        fix: 'Set peerAuthentication.mtls.enabled: true, so that apps prove themselves to each other.',
      }),
      setting({
        on: APP,
        at: 'configuration.ingress.clientCertificateMode',
        is: ['require'],
        not: 'ignore',
        unset: 'ignore',
        where: { at: 'configuration.ingress.external', is: [false] },
        severity: 'low',
        from: 'high',
        fix: "Set configuration.ingress.clientCertificateMode: 'require' for apps that only workloads call.",
      }),
    ],
  },
  'DID-21': {
    azure: rule({
      on: APP,
      check: (one) => {
        const origins = one.at('configuration.ingress.corsPolicy.allowedOrigins');
        if (origins.state === 'absent') return notApplicable('answers no other origin');
        return every(origins.items(), (origin) =>
          origin.string === '*' ? fail(`${origin.path} is "*": every site may call`, origin.path) : origin.isSet(),
        );
      },
      fix: "List the exact origins in configuration.ingress.corsPolicy.allowedOrigins instead of '*'.",
      pass: [{ resources: ingress({ corsPolicy: { allowedOrigins: ['https://cases.example.com'] } }) }],
      fail: [{ resources: ingress({ corsPolicy: { allowedOrigins: ['*'] } }) }],
      skip: [{ resources: ingress({}) }],
    }),
  },
  'DID-16': {
    azure: [
      rule({
        on: APP,
        check: (one, graph) => {
          if (one.at('configuration.ingress').state === 'absent') return notApplicable('takes no calls');
          const external = one.at('configuration.ingress.external').orDefault(false);
          if (external.isTrue().verdict === 'fail') return notApplicable('is called from inside only');
          if (standsInside(one, graph)) return notApplicable('its environment is reached from its network only');
          const guards = [...graph.pointingAt(one, AUTH, 'containerAppName'), ...graph.childrenOf(one).filter(({ type }) => type === AUTH)];
          if (guards.some((guard) => guard.at('platform.enabled').orDefault(true).isTrue().verdict === 'pass')) return pass();
          return external.boolean === undefined
            ? external.asUnknown()
            : fail('everybody on the internet reaches the app, and no ContainerAppsAuthConfig signs them in', 'configuration.ingress');
        },
        severity: 'low',
        from: 'moderate',
        fix: 'Set configuration.ingress.external: false and publish by the edge, or add a ContainerAppsAuthConfig.',
        pass: [
          {
            resources: {
              ...ingress({ external: true }),
              auth: { type: AUTH, properties: { containerAppName: { $ref: 'app' }, platform: { enabled: true } } },
            },
          },
        ],
        fail: [
          { resources: ingress({ external: true }) },
          {
            resources: {
              ...ingress({ external: true }),
              auth: { type: AUTH, properties: { containerAppName: { $ref: 'app' }, platform: { enabled: false } } },
            },
          },
        ],
        unknown: [{ resources: ingress({ external: { $unknown: 'config value' } }) }],
        skip: [
          { resources: ingress({ external: false }) },
          { resources: app({}) },
          {
            name: 'in an environment without a public address',
            resources: {
              ...app({ environmentId: { $ref: 'environment.id' }, configuration: { ingress: { external: true } } }),
              environment: { type: ENVIRONMENT, properties: { vnetConfiguration: { internal: true } } },
            },
          },
        ],
      }),
      setting({
        on: AUTH,
        at: 'globalValidation.unauthenticatedClientAction',
        is: ['Return401', 'Return403', 'RedirectToLoginPage'],
        not: 'AllowAnonymous',
        severity: 'medium',
        fix: "Set globalValidation.unauthenticatedClientAction: 'Return401' (or RedirectToLoginPage).",
      }),
    ],
  },
  'DID-22': {
    azure: [
      present({
        on: ENVIRONMENT,
        at: 'vnetConfiguration.infrastructureSubnetId',
        like: '/subnets/apps',
        else: 'vnetConfiguration.infrastructureSubnetId is not set: apps run on a network of the service',
        from: 'moderate',
        fix: 'Set vnetConfiguration: { infrastructureSubnetId, internal: true }.',
      }),
      present({
        on: GROUP,
        at: 'subnetIds',
        like: [{ id: '/subnets/apps' }],
        else: 'subnetIds is not set: containers run on a shared network',
        from: 'moderate',
        fix: 'Set subnetIds to a subnet that is delegated to Microsoft.ContainerInstance/containerGroups.',
      }),
    ],
  },
  'DID-05': {
    azure: rule({
      on: ENVIRONMENT,
      check: (one) =>
        anyOf(
          [one.at('vnetConfiguration.internal').isTrue(), one.at('publicNetworkAccess').is('Disabled')],
          'the environment has a public address: vnetConfiguration.internal is not true',
        ),
      severity: 'low',
      from: 'moderate',
      fix: 'Set vnetConfiguration.internal: true and publish by the edge.',
      pass: [
        { resources: { one: { type: ENVIRONMENT, properties: { vnetConfiguration: { internal: true } } } } },
        { resources: { one: { type: ENVIRONMENT, properties: { publicNetworkAccess: 'Disabled' } } } },
      ],
      fail: [
        { resources: { one: { type: ENVIRONMENT, properties: {} } } },
        {
          resources: { one: { type: ENVIRONMENT, properties: { vnetConfiguration: { internal: false }, publicNetworkAccess: 'Enabled' } } },
        },
      ],
      unknown: [
        { resources: { one: { type: ENVIRONMENT, properties: { vnetConfiguration: { internal: { $unknown: 'config value' } } } } } },
      ],
    }),
  },
  'DID-04': {
    azure: rule({
      on: GROUP,
      check: (one) => (one.at('ipAddress').state === 'absent' ? notApplicable('has no address') : one.at('ipAddress.type').is('Private')),
      severity: 'high',
      fix: "Set ipAddress.type: 'Private' and subnetIds.",
      pass: [{ resources: group({ ipAddress: { type: 'Private' } }) }],
      fail: [{ resources: group({ ipAddress: { type: 'Public' } }) }],
      unknown: [{ resources: group({ ipAddress: { type: { $unknown: 'config value' } } }) }],
      skip: [{ resources: group({}) }],
    }),
  },
  'DID-14': {
    azure: rule({
      on: GROUP,
      check: (one) => every(one.at('containers').items(), isConfined),
      fix: 'Set securityContext: { privileged: false, allowPrivilegeEscalation: false } for each container.',
      pass: [
        { resources: group({ containers: [{ securityContext: { privileged: false, allowPrivilegeEscalation: false } }] }) },
        { resources: { group: { type: GROUP, properties: {} } } },
      ],
      fail: [
        { resources: group({ containers: [{ securityContext: { privileged: true } }] }) },
        { resources: group({ containers: [{ securityContext: { allowPrivilegeEscalation: true } }] }) },
      ],
    }),
  },
  'IDA-10': {
    azure: [
      rule({
        on: [APP, JOB, GROUP],
        check: (one) => {
          const type = one.at('identity.type');
          return type.state === 'absent'
            ? fail('identity is not set: what runs there has to keep keys', 'identity')
            : type.matches(/Assigned/i);
        },
        severity: 'medium',
        fix: "Set identity: { type: 'SystemAssigned' }, or UserAssigned with an identity of its own.",
        pass: [
          { resources: app({ identity: { type: 'SystemAssigned' } }) },
          { resources: app({ identity: { type: 'UserAssigned' } }, JOB) },
          { resources: group({ identity: { type: 'UserAssigned' } }) },
        ],
        fail: [{ resources: app({}) }, { resources: group({ identity: { type: 'None' } }) }],
        unknown: [{ resources: group({ identity: { type: { $unknown: 'config value' } } }) }],
      }),
      rule({
        on: [APP, JOB],
        check: (one) =>
          every(one.at('configuration.registries').items(), (login) =>
            login.at('passwordSecretRef').state === 'absent'
              ? pass()
              : fail(`${login.path} signs in to the registry by password`, login.path),
          ),
        severity: 'medium',
        fix: 'Set registries[].identity to a managed identity with the role AcrPull and remove username and passwordSecretRef.',
        pass: [{ name: 'by identity', resources: app({}) }, { resources: { app: { type: JOB, properties: {} } } }],
        fail: [
          { resources: app({ configuration: { registries: [{ server: 's', passwordSecretRef: 'p' }] } }) },
          { resources: app({ configuration: { registries: [{ passwordSecretRef: 'p' }] } }, JOB) },
        ],
      }),
    ],
  },
  'LOG-19': {
    azure: [
      setting({
        on: ENVIRONMENT,
        at: 'appLogsConfiguration.destination',
        is: ['log-analytics', 'azure-monitor'],
        not: 'none',
        severity: 'medium',
        fix: "Set appLogsConfiguration.destination: 'azure-monitor' and a diagnostic setting to the central workspace.",
      }),
      present({
        on: GROUP,
        at: 'diagnostics.logAnalytics.workspaceId',
        like: 'w',
        else: 'diagnostics.logAnalytics is not set: what containers write is lost with them',
        severity: 'medium',
        fix: 'Set diagnostics.logAnalytics.',
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
