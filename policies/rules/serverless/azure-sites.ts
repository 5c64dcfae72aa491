/** Web apps, function apps and their slots. */
import type { ControlId } from '../../../controls';
import { ofSite, SITES, siteSetting, WEB_APP } from '../../facts/azure-sites';
import type { Graph } from '../../graph';
import { anyOf, every, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import { setting } from '../setting';
import { authenticates } from './azure-access';

const STATIC_SITE = 'azure-native:web:StaticSite';
const PLAN_ENVIRONMENT = 'azure-native:web:AppServiceEnvironment';
const SWIFT = 'azure-native:web:WebAppSwiftVirtualNetworkConnection';
const PLAN = 'azure-native:web:AppServicePlan';
/** Plans that share their machines: the platform spreads what it likes. */
const NO_ZONES = /^(Y1|FC1|F1|D1)$/i;

/** Everything that runs in it stands in a network of its own, or its environment does. */
const runsInside = (site: Resource): Outcome =>
  anyOf(
    [site.at('virtualNetworkSubnetId').isSet(), site.at('hostingEnvironmentProfile.id').isSet(), site.at('managedEnvironmentId').isSet()],
    'runs on the shared network of the platform: virtualNetworkSubnetId is not set',
  );

/** Any site may read answers, or the pages of any site with the identity of their users. */
const listsOrigins = (origins: ReturnType<Resource['at']>): Outcome =>
  origins.state === 'absent'
    ? notApplicable('answers no other origin')
    : every(origins.items(), (origin) =>
        origin.string === '*' ? fail(`${origin.path} is "*": every site may call`, origin) : origin.isSet(),
      );

/** Callers prove who they are: by a certificate of their own, or by a token that the platform checks before the app runs. */
function provesCallers(app: Resource, graph: Graph): Outcome {
  const enabled = app.at('clientCertEnabled');
  return anyOf(
    [
      when(
        enabled.orDefault(false).isTrue(),
        () => app.at('clientCertMode').orDefault('Required').is('Required'),
        () => fail(`${enabled.describe()}: callers prove nothing by certificate`, 'clientCertEnabled'),
      ),
      authenticates(app, graph),
    ],
    'callers prove nothing: neither by certificate (clientCertEnabled, clientCertMode) nor by a token',
  );
}

const plan = (properties: object) => ({ plan: { type: PLAN, properties } });
const signedIn = (globalValidation: object) => ({
  auth: { type: 'azure-native:web:WebAppAuthSettingsV2', properties: { name: { $ref: 'site' }, globalValidation } },
});
const site = (properties: object, type: string = WEB_APP) => ({ site: { type, properties: { name: 'cases', ...properties } } });
const config = (properties: object) => ({
  config: { type: 'Microsoft.Web/sites/config', parent: 'site', properties: { name: 'cases/web', ...properties } },
});
const SUBNET = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/virtualNetworks/n/subnets/apps';

export const AZURE_SITES = {
  'TLS-02': {
    azure: setting({
      on: SITES,
      at: 'httpsOnly',
      is: [true],
      not: false,
      unset: false,
      fix: 'Use SecureWebApp or SecureFunctionApp, or set httpsOnly: true.',
    }),
  },
  'TLS-01': {
    azure: [
      setting({
        on: SITES,
        at: 'siteConfig.minTlsVersion',
        is: ['1.2', '1.3'],
        not: '1.0',
        read: siteSetting,
        severity: 'medium',
        fix: "Set siteConfig.minTlsVersion to '1.2' or '1.3'.",
      }),
      setting({
        on: SITES,
        at: 'siteConfig.scmMinTlsVersion',
        is: ['1.2', '1.3'],
        not: '1.1',
        unset: '1.2',
        read: siteSetting,
        severity: 'medium',
        fix: "Set siteConfig.scmMinTlsVersion to '1.2' or '1.3'.",
      }),
    ],
  },
  'TLS-04': {
    azure: setting({
      on: SITES,
      at: 'endToEndEncryptionEnabled',
      is: [true],
      not: false,
      unset: false,
      from: 'high',
      severity: 'low',
      fix: 'Set endToEndEncryptionEnabled: true, so that the front end of App Service reaches the worker by TLS.',
    }),
  },
  'DID-12': {
    azure: [
      setting({
        on: SITES,
        at: 'siteConfig.remoteDebuggingEnabled',
        is: [false],
        not: true,
        unset: false,
        read: siteSetting,
        severity: 'high',
        fix: 'Set siteConfig.remoteDebuggingEnabled: false.',
      }),
    ],
  },
  'LPA-14': {
    azure: [
      setting({
        on: ['azure-native:web:WebAppScmAllowed', 'azure-native:web:WebAppScmAllowedSlot'],
        at: 'allow',
        is: [false],
        not: true,
        severity: 'medium',
        fix: 'Set allow: false, so that nobody publishes with a password; deploy with an identity of the directory.',
      }),
      rule({
        on: [...SITES],
        check: (app, graph) =>
          some(
            ofSite(app, 'azure-native:web:WebAppScmAllowed', graph),
            (policy) => policy.at('allow').isFalse(),
            'no basicPublishingCredentialsPolicies of scm with allow: false: a password can publish code',
          ),
        severity: 'low',
        from: 'moderate',
        fix: 'Add WebAppScmAllowed (and WebAppFtpAllowed) with allow: false for the app.',
        pass: [
          {
            resources: {
              ...site({}),
              scm: { type: 'azure-native:web:WebAppScmAllowed', properties: { name: { $ref: 'site' }, allow: false } },
            },
          },
          {
            name: 'a slot has one of its own, by its name',
            resources: {
              ...site({ slot: 'next' }, 'azure-native:web:WebAppSlot'),
              scm: { type: 'azure-native:web:WebAppScmAllowedSlot', properties: { name: 'cases', slot: 'next', allow: false } },
            },
          },
        ],
        fail: [
          { resources: site({}) },
          {
            resources: {
              ...site({}),
              scm: { type: 'azure-native:web:WebAppScmAllowed', properties: { name: { $ref: 'site' }, allow: true } },
            },
          },
          {
            name: 'another slot has one',
            resources: {
              ...site({ slot: 'next' }, 'azure-native:web:WebAppSlot'),
              scm: { type: 'azure-native:web:WebAppScmAllowedSlot', properties: { name: 'cases', slot: 'last', allow: false } },
            },
          },
          {
            name: 'a slot has one of its own',
            resources: {
              ...site({}, 'azure-native:web:WebAppSlot'),
              scm: { type: 'azure-native:web:WebAppScmAllowed', properties: { name: { $ref: 'site' }, allow: false } },
            },
          },
        ],
      }),
    ],
  },
  'TLS-07': {
    azure: rule({
      on: [...SITES],
      check: provesCallers,
      severity: 'low',
      from: 'moderate',
      fix: "Set clientCertEnabled: true and clientCertMode: 'Required' where other workloads call the app, or demand a token of each caller with WebAppAuthSettingsV2.",
      pass: [
        { resources: site({ clientCertEnabled: true, clientCertMode: 'Required' }) },
        { resources: site({ clientCertEnabled: true }) },
        { name: 'callers show a token', resources: { ...site({}), ...signedIn({ requireAuthentication: true }) } },
      ],
      fail: [
        { resources: site({}) },
        { resources: site({ clientCertEnabled: false }) },
        { resources: site({ clientCertEnabled: true, clientCertMode: 'Optional' }) },
        { resources: { ...site({}), ...signedIn({ requireAuthentication: false }) } },
      ],
      unknown: [{ resources: site({ clientCertEnabled: true, clientCertMode: { $unknown: 'config value' } }) }],
    }),
  },
  'BCR-06': {
    azure: rule({
      on: PLAN,
      check: (plan) =>
        NO_ZONES.test(plan.at('sku.name').string ?? '')
          ? notApplicable('has no machines of its own')
          : plan.at('zoneRedundant').orDefault(false).isTrue(),
      severity: 'low',
      from: 'high',
      fix: 'Use SecureAppServicePlan, or set zoneRedundant: true and a capacity of at least three.',
      pass: [{ resources: plan({ sku: { name: 'P1v3', capacity: 3 }, zoneRedundant: true }) }],
      fail: [{ resources: plan({ sku: { name: 'P1v3' } }) }, { resources: plan({ sku: { name: 'S1' }, zoneRedundant: false }) }],
      unknown: [{ resources: plan({ sku: { name: 'P1v3' }, zoneRedundant: { $unknown: 'config value' } }) }],
      skip: [{ resources: plan({ sku: { name: 'Y1' } }) }],
    }),
  },
  'IDA-10': {
    azure: rule({
      on: [...SITES],
      check: (app) => {
        const type = app.at('identity.type');
        if (type.state === 'absent') return fail('identity is not set: the app has no identity of its own', 'identity');
        return type.matches(/Assigned/i);
      },
      severity: 'medium',
      fix: "Set identity: { type: 'SystemAssigned' }, or UserAssigned with an identity of its own.",
      pass: [
        { resources: site({ identity: { type: 'SystemAssigned' } }) },
        { resources: site({ identity: { type: 'SystemAssigned, UserAssigned' } }) },
      ],
      fail: [{ resources: site({}) }, { resources: site({ identity: { type: 'None' } }) }],
      unknown: [{ resources: site({ identity: { type: { $unknown: 'config value' } } }) }],
    }),
  },
  'DID-21': {
    azure: rule({
      on: [...SITES],
      check: (app, graph) => listsOrigins(siteSetting(app, 'siteConfig.cors', graph).at('allowedOrigins')),
      fix: "List the exact origins in siteConfig.cors.allowedOrigins instead of '*'.",
      pass: [{ resources: site({ siteConfig: { cors: { allowedOrigins: ['https://cases.example.com'] } } }) }],
      fail: [
        { resources: site({ siteConfig: { cors: { allowedOrigins: ['*'] } } }) },
        { resources: { ...site({}), ...config({ cors: { allowedOrigins: ['*'] } }) } },
      ],
      skip: [{ resources: site({ siteConfig: {} }) }],
    }),
  },
  'DID-22': {
    azure: [
      rule({
        on: [...SITES],
        check: (app, graph) => {
          const inside = runsInside(app);
          if (inside.verdict !== 'fail') return inside;
          return ofSite(app, SWIFT, graph).length > 0 ? pass() : inside;
        },
        from: 'moderate',
        fix: 'Set virtualNetworkSubnetId to a subnet delegated to Microsoft.Web/serverFarms.',
        pass: [
          { resources: site({ virtualNetworkSubnetId: SUBNET }) },
          { resources: site({ hostingEnvironmentProfile: { id: '/hostingEnvironments/e' } }) },
          { resources: site({ managedEnvironmentId: '/managedEnvironments/e' }) },
          { resources: { ...site({}), swift: { type: SWIFT, properties: { name: { $ref: 'site' } } } } },
        ],
        fail: [{ resources: site({}) }],
      }),
      setting({
        on: SITES,
        at: 'siteConfig.vnetRouteAllEnabled',
        is: [true],
        not: false,
        read: (app, path, graph) => {
          const all = app.at('outboundVnetRouting.allTraffic');
          return all.state === 'absent' ? siteSetting(app, path, graph) : all;
        },
        severity: 'low',
        from: 'high',
        fix: 'Set siteConfig.vnetRouteAllEnabled: true (or outboundVnetRouting.allTraffic), so that all egress passes the network.',
      }),
    ],
  },
  'DID-05': {
    azure: [
      rule({
        on: [...SITES],
        check: (app, graph) =>
          anyOf(
            [
              app.at('publicNetworkAccess').is('Disabled'),
              siteSetting(app, 'siteConfig.publicNetworkAccess', graph).is('Disabled'),
              siteSetting(app, 'siteConfig.ipSecurityRestrictionsDefaultAction', graph).is('Deny'),
              some(
                siteSetting(app, 'siteConfig.ipSecurityRestrictions', graph).items(),
                (entry) => (entry.state === 'unknown' ? entry.asUnknown() : entry.isSet()),
                'no restriction',
              ),
            ],
            'every address reaches the app directly, past the edge',
          ),
        severity: 'low',
        from: 'moderate',
        fix: "Set publicNetworkAccess: 'Disabled' with a private endpoint, or ipSecurityRestrictionsDefaultAction: 'Deny' and let only the edge in.",
        pass: [
          { resources: site({ publicNetworkAccess: 'Disabled' }) },
          { resources: site({ siteConfig: { publicNetworkAccess: 'Disabled' } }) },
          { resources: site({ siteConfig: { ipSecurityRestrictionsDefaultAction: 'Deny' } }) },
          { resources: site({ siteConfig: { ipSecurityRestrictions: [{ tag: 'ServiceTag', ipAddress: 'AzureFrontDoor.Backend' }] } }) },
        ],
        fail: [{ resources: site({}) }],
        unknown: [{ resources: site({ publicNetworkAccess: { $unknown: 'config value' } }) }],
      }),
      setting({
        on: STATIC_SITE,
        at: 'publicNetworkAccess',
        is: ['Disabled'],
        not: 'Enabled',
        severity: 'low',
        from: 'high',
        fix: "Set publicNetworkAccess: 'Disabled' and add a private endpoint, where the site is an internal tool.",
      }),
    ],
  },
  'DID-04': {
    azure: setting({
      on: PLAN_ENVIRONMENT,
      at: 'internalLoadBalancingMode',
      is: ['Web, Publishing', 'Web'],
      not: 'None',
      unset: 'None',
      severity: 'medium',
      fix: "Set internalLoadBalancingMode: 'Web, Publishing', so that the environment has no public address.",
    }),
  },
  'SDC-01': {
    azure: setting({
      on: STATIC_SITE,
      at: 'allowConfigFileUpdates',
      is: [false],
      not: true,
      unset: true,
      severity: 'low',
      fix: 'Set allowConfigFileUpdates: false, so that a file in the repository cannot replace the reviewed configuration.',
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
