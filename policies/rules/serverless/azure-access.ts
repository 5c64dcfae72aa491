/** Who may call web apps, what they record, and on what they run. */
import type { ControlId } from '../../../controls';
import { unsupportedStack } from '../../facts/azure-runtimes';
import { isFunctionApp, ofSite, SITES, siteSetting, WEB_APP } from '../../facts/azure-sites';
import type { Graph } from '../../graph';
import { allOf, anyOf, fail, not, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const AUTH = 'azure-native:web:WebAppAuthSettings';
const AUTH_V2 = 'azure-native:web:WebAppAuthSettingsV2';
const LOGS = 'azure-native:web:WebAppDiagnosticLogsConfiguration';
const DIAGNOSTIC_SETTING = 'azure-native:monitor:DiagnosticSetting';
/** Settings under which an app finds where its telemetry goes. */
const TELEMETRY = /^(APPLICATIONINSIGHTS_CONNECTION_STRING|APPINSIGHTS_INSTRUMENTATIONKEY)$/i;

/** The sign-in in front of the app refuses or redirects who is not known. */
export function authenticates(app: Resource, graph: Graph): Outcome {
  return anyOf(
    [
      some(
        ofSite(app, AUTH_V2, graph),
        (auth) =>
          allOf(
            auth.at('platform.enabled').orDefault(true).isTrue(),
            anyOf(
              [
                auth.at('globalValidation.requireAuthentication').isTrue(),
                auth
                  .at('globalValidation.unauthenticatedClientAction')
                  .isOneOf(['Return401', 'Return403', 'Return404', 'RedirectToLoginPage']),
              ],
              'globalValidation lets everybody through',
            ),
          ),
        'no WebAppAuthSettingsV2',
      ),
      some(ofSite(app, AUTH, graph), (auth) => auth.at('enabled').isTrue(), 'no WebAppAuthSettings'),
    ],
    'nothing signs callers in before the app runs',
  );
}

/** Requests are kept: in the logs of the site, or by a diagnostic setting. */
function recordsRequests(app: Resource, graph: Graph): Outcome {
  return anyOf(
    [
      some(graph.pointingAt(app, DIAGNOSTIC_SETTING, 'resourceUri'), () => pass(), 'no diagnostic setting'),
      some(
        ofSite(app, LOGS, graph),
        (logs) =>
          anyOf(
            [logs.at('httpLogs.fileSystem.enabled').isTrue(), logs.at('httpLogs.azureBlobStorage.enabled').isTrue()],
            'httpLogs are off',
          ),
        'no logs',
      ),
      siteSetting(app, 'siteConfig.httpLoggingEnabled', graph).isTrue(),
    ],
    'requests are recorded neither by a diagnostic setting nor by httpLogs',
  );
}

/** Places of siteConfig that name what the app runs on. */
const STACKS = [
  'linuxFxVersion',
  'windowsFxVersion',
  'netFrameworkVersion',
  'nodeVersion',
  'phpVersion',
  'pythonVersion',
  'javaVersion',
  'powerShellVersion',
];

function runsOnSupported(app: Resource, graph: Graph): Outcome {
  let named = false;
  for (const stack of STACKS) {
    const value = siteSetting(app, `siteConfig.${stack}`, graph);
    if (value.state === 'absent' || value.string === '') continue;
    if (value.string === undefined) return value.asUnknown();
    named = true;
    const ended = unsupportedStack(stack, value.string);
    if (ended) return fail(`${value.describe()}, which has had no support since ${ended}`, value.path);
  }
  return named ? pass() : notApplicable('names no runtime');
}

const site = (properties: object) => ({ site: { type: WEB_APP, properties } });
const beside = (type: string, properties: object) => ({ other: { type, properties: { name: { $ref: 'site' }, ...properties } } });

export const AZURE_ACCESS = {
  'DID-16': {
    azure: rule({
      on: [...SITES],
      check: authenticates,
      severity: 'low',
      from: 'moderate',
      fix: "Add WebAppAuthSettingsV2 with platform.enabled, globalValidation.requireAuthentication: true and unauthenticatedClientAction 'Return401'.",
      pass: [
        {
          resources: {
            ...site({}),
            ...beside(AUTH_V2, { platform: { enabled: true }, globalValidation: { requireAuthentication: true } }),
          },
        },
        { resources: { ...site({}), ...beside(AUTH_V2, { globalValidation: { unauthenticatedClientAction: 'Return401' } }) } },
        { resources: { ...site({}), ...beside(AUTH, { enabled: true }) } },
      ],
      fail: [
        { resources: site({}) },
        {
          resources: {
            ...site({}),
            ...beside(AUTH_V2, { platform: { enabled: false }, globalValidation: { requireAuthentication: true } }),
          },
        },
        { resources: { ...site({}), ...beside(AUTH_V2, { globalValidation: { unauthenticatedClientAction: 'AllowAnonymous' } }) } },
        { resources: { ...site({}), ...beside(AUTH, { enabled: false }) } },
      ],
    }),
  },
  'IDA-15': {
    azure: rule({
      on: [AUTH_V2, `${AUTH_V2}Slot`],
      check: (auth) =>
        allOf(
          auth.at('httpSettings.requireHttps').orDefault(true).isTrue(),
          auth.at('login.nonce.validateNonce').orDefault(true).isTrue(),
          auth.at('platform.enabled').orDefault(true).isTrue(),
          not(
            auth.at('globalValidation.unauthenticatedClientAction').is('AllowAnonymous'),
            'globalValidation lets anonymous clients through',
          ),
        ),
      fix: "Set platform.enabled, httpSettings.requireHttps and login.nonce.validateNonce to true, and unauthenticatedClientAction to 'Return401'.",
      pass: [
        {
          resources: {
            auth: {
              type: AUTH_V2,
              properties: {
                platform: { enabled: true },
                httpSettings: { requireHttps: true },
                login: { nonce: { validateNonce: true } },
                globalValidation: { unauthenticatedClientAction: 'Return401' },
              },
            },
          },
        },
        { name: 'a slot', resources: { auth: { type: `${AUTH_V2}Slot`, properties: {} } } },
      ],
      fail: [
        { resources: { auth: { type: AUTH_V2, properties: { httpSettings: { requireHttps: false } } } } },
        { resources: { auth: { type: AUTH_V2, properties: { login: { nonce: { validateNonce: false } } } } } },
        { resources: { auth: { type: AUTH_V2, properties: { platform: { enabled: false } } } } },
        { resources: { auth: { type: AUTH_V2, properties: { globalValidation: { unauthenticatedClientAction: 'AllowAnonymous' } } } } },
      ],
      unknown: [{ resources: { auth: { type: AUTH_V2, properties: { platform: { enabled: { $unknown: 'config value' } } } } } }],
    }),
  },
  'LOG-19': {
    azure: [
      rule({
        on: [...SITES],
        check: (app, graph) => (isFunctionApp(app) ? notApplicable('functions record by telemetry') : recordsRequests(app, graph)),
        severity: 'medium',
        fix: 'Add a DiagnosticSetting with the categories AppServiceHTTPLogs, AppServiceAuditLogs and AppServiceConsoleLogs to the central workspace.',
        pass: [
          { resources: { ...site({}), to: { type: DIAGNOSTIC_SETTING, properties: { resourceUri: { $ref: 'site' } } } } },
          { resources: site({ siteConfig: { httpLoggingEnabled: true } }) },
          { resources: { ...site({}), ...beside(LOGS, { httpLogs: { fileSystem: { enabled: true } } }) } },
          { resources: { ...site({}), ...beside(LOGS, { httpLogs: { azureBlobStorage: { enabled: true } } }) } },
        ],
        fail: [
          { resources: site({}) },
          { resources: site({ kind: 'app' }) },
          { resources: site({ siteConfig: { httpLoggingEnabled: false } }) },
        ],
        skip: [{ resources: site({ kind: 'functionapp' }) }],
      }),
      rule({
        on: [...SITES],
        check: (app, graph) => {
          if (!isFunctionApp(app)) return notApplicable('is no function app');
          const settings = siteSetting(app, 'siteConfig.appSettings', graph).items();
          const apart = ofSite(app, 'azure-native:web:WebAppApplicationSettings', graph);
          if (settings.some((entry) => TELEMETRY.test(entry.at('name').string ?? ''))) return pass();
          if (
            apart.some((one) =>
              one
                .at('properties')
                .entries()
                .some(([name]) => TELEMETRY.test(name)),
            )
          )
            return pass();
          // It cannot run without any: they are written somewhere else, and a deployment without them leaves those alone.
          if (settings.length === 0 && apart.length === 0)
            return unknown('no settings of it are in sight: whether APPLICATIONINSIGHTS_CONNECTION_STRING is among them');
          const unsure =
            settings.find(({ state }) => state === 'unknown') ??
            apart.map((one) => one.at('properties')).find(({ state }) => state === 'unknown');
          return (
            unsure?.asUnknown() ?? fail('no APPLICATIONINSIGHTS_CONNECTION_STRING among its settings: what it does is recorded nowhere')
          );
        },
        severity: 'low',
        fix: 'Add APPLICATIONINSIGHTS_CONNECTION_STRING to the settings of the app.',
        pass: [
          {
            resources: site({
              kind: 'functionapp,linux',
              siteConfig: { appSettings: [{ name: 'APPLICATIONINSIGHTS_CONNECTION_STRING', value: 'x' }] },
            }),
          },
          {
            resources: {
              ...site({ kind: 'functionapp' }),
              ...beside('azure-native:web:WebAppApplicationSettings', { properties: { APPINSIGHTS_INSTRUMENTATIONKEY: 'x' } }),
            },
          },
        ],
        fail: [
          {
            resources: site({
              kind: 'functionapp',
              siteConfig: { appSettings: [{ name: 'AzureWebJobsStorage__accountName', value: 'x' }] },
            }),
          },
          {
            resources: {
              ...site({ kind: 'functionapp' }),
              ...beside('azure-native:web:WebAppApplicationSettings', { properties: {} }),
            },
          },
        ],
        unknown: [
          { resources: site({ kind: 'functionapp', siteConfig: { appSettings: { $unknown: 'config value' } } }) },
          { name: 'settings written elsewhere', resources: site({ kind: 'functionapp' }) },
        ],
        skip: [{ resources: site({ kind: 'app' }) }],
      }),
    ],
  },
  'VUL-10': {
    azure: rule({
      on: [...SITES],
      check: runsOnSupported,
      fix: 'Name a supported version of the runtime in siteConfig.linuxFxVersion (or the version property of the language).',
      pass: [
        { resources: site({ siteConfig: { linuxFxVersion: 'NODE|22-lts' } }) },
        { resources: site({ siteConfig: { netFrameworkVersion: 'v10.0' } }) },
        { resources: site({ siteConfig: { linuxFxVersion: 'DOCKER|registry.azurecr.io/cases:1' } }) },
      ],
      fail: [
        { resources: site({ siteConfig: { linuxFxVersion: 'NODE|14-lts' } }) },
        { resources: site({ siteConfig: { linuxFxVersion: 'python|3.8' } }) },
        { resources: site({ siteConfig: { phpVersion: '7.4' } }) },
        { resources: site({ siteConfig: { javaVersion: '1.7' } }) },
        { resources: site({ siteConfig: { nodeVersion: '~12' } }) },
        { resources: site({ siteConfig: { netFrameworkVersion: 'v6.0' } }) },
        { resources: site({ siteConfig: { pythonVersion: '2.7' } }) },
        { resources: site({ siteConfig: { powerShellVersion: '6.2' } }) },
        { resources: site({ siteConfig: { windowsFxVersion: 'DOTNETCORE|3.1' } }) },
      ],
      unknown: [{ resources: site({ siteConfig: { linuxFxVersion: { $unknown: 'config value' } } }) }],
      skip: [{ resources: site({ siteConfig: {} }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
