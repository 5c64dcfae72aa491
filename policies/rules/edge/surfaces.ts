/** Where people meet the system from outside: streamed desktops and browsers, remote access, file transfer. */
import type { ControlId } from '../../../controls';
import { endpointOf, GRAPHQL_API, REST_API } from '../../facts/apis';
import { profileOf } from '../../facts/classification';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const BROWSER = 'AWS::WorkSpacesWeb::UserSettings';
const STREAM = 'AWS::AppStream::Stack';
const VPN = 'AWS::EC2::ClientVpnEndpoint';
const TRANSFER = 'AWS::Transfer::Server';

/** Ways by which data leaves a streamed browser. What comes in (paste, upload) leaves nothing. */
const WAYS_OUT = ['CopyAllowed', 'DownloadAllowed', 'PrintAllowed'] as const;
const ACTIONS_OUT = ['CLIPBOARD_COPY_TO_LOCAL_DEVICE', 'FILE_DOWNLOAD', 'PRINTING_TO_LOCAL_DEVICE'] as const;

/** A system that declares itself closed to the internet has no interface on it. */
function isAsClosedAsDeclared(api: Resource): Outcome {
  const exposure = profileOf(api)?.exposure;
  if (exposure !== 'isolated' && exposure !== 'organisation')
    return notApplicable('its data profile does not say that the internet is out');
  if (api.type === GRAPHQL_API) return api.at('Visibility').orDefault('GLOBAL').is('PRIVATE');
  const endpoint = endpointOf(api);
  if (endpoint === 'private') return pass();
  return endpoint === 'unknown'
    ? api.at('EndpointConfiguration').asUnknown()
    : fail(`is reached from the internet, although the data profile says "${exposure}"`, 'EndpointConfiguration');
}

/** What nobody lists is allowed. */
function streamKeepsDataIn(stack: Resource): Outcome {
  const settings = stack.at('UserSettings');
  if (settings.state === 'unknown') return settings.asUnknown();
  return every(ACTIONS_OUT, (action) => {
    const entry = settings.items().find((each) => each.at('Action').is(action).verdict === 'pass');
    return entry ? entry.at('Permission').is('DISABLED') : fail(`UserSettings leaves ${action} allowed`, 'UserSettings');
  });
}

function hasBanner(endpoint: Resource): Outcome {
  const options = endpoint.at('ClientLoginBannerOptions');
  return options.at('Enabled').isTrue().verdict === 'pass' ? options.at('BannerText').isSet() : options.at('Enabled').isTrue();
}

/** People sign in with a password over SFTP and FTPS; AS2 is spoken by machines. */
function greetsPeople(server: Resource): Outcome {
  const protocols = server.at('Protocols').items();
  const forMachines = protocols.length > 0 && protocols.every((one) => one.is('AS2').verdict === 'pass');
  return forMachines ? notApplicable('is spoken by machines only') : server.at('PreAuthenticationLoginBanner').isSet();
}

const CLOSED = {
  CopyAllowed: 'Disabled',
  DownloadAllowed: 'Disabled',
  PrintAllowed: 'Disabled',
  PasteAllowed: 'Enabled',
  UploadAllowed: 'Enabled',
};
const browser = (changes: object = {}) => ({ Browser: { Type: BROWSER, Properties: { ...CLOSED, ...changes } } });
const stream = (...allowed: readonly string[]) => ({
  Desktop: {
    Type: STREAM,
    Properties: { UserSettings: ACTIONS_OUT.map((Action) => ({ Action, Permission: allowed.includes(Action) ? 'ENABLED' : 'DISABLED' })) },
  },
});
const vpn = (ClientLoginBannerOptions?: object) => ({
  Vpn: { Type: VPN, Properties: { ...(ClientLoginBannerOptions ? { ClientLoginBannerOptions } : {}) } },
});
const transfer = (Properties: object) => ({ Server: { Type: TRANSFER, Properties } });

const CLOSED_PROFILE = { profile: { exposure: 'organisation' } };
const graphql = (Properties: object = {}) => ({ Api: { Type: GRAPHQL_API, Properties: { Name: 'cases', ...Properties } } });
const rest = (...Types: readonly unknown[]) => ({ Api: { Type: REST_API, Properties: { EndpointConfiguration: { Types } } } });

export const surfaces = {
  'DID-05': {
    aws: rule({
      on: [GRAPHQL_API, REST_API],
      check: isAsClosedAsDeclared,
      severity: 'low',
      fix: 'Use FieldSecuredApi or SecureRestApi, which are private, or set Visibility PRIVATE (AppSync) or endpoint type PRIVATE (REST).',
      pass: [
        { resources: graphql({ Visibility: 'PRIVATE' }), unit: CLOSED_PROFILE },
        { resources: rest('PRIVATE'), unit: { profile: { exposure: 'isolated' } } },
      ],
      fail: [
        { resources: graphql(), unit: CLOSED_PROFILE },
        { resources: rest('REGIONAL'), unit: CLOSED_PROFILE },
      ],
      unknown: [{ parameters: { Kind: { Type: 'String' } }, resources: rest({ Ref: 'Kind' }), unit: CLOSED_PROFILE }],
      skip: [{ resources: graphql() }, { resources: rest('REGIONAL'), unit: { profile: { exposure: 'internet' } } }],
    }),
  },

  'EXP-09': {
    aws: [
      rule({
        on: BROWSER,
        check: (settings) => every(WAYS_OUT, (way) => settings.at(way).is('Disabled')),
        fix: 'Set CopyAllowed, DownloadAllowed and PrintAllowed to Disabled; give those who may export settings of their own.',
        pass: [{ resources: browser() }],
        fail: [
          { resources: browser({ DownloadAllowed: 'Enabled' }) },
          { resources: browser({ CopyAllowed: 'Enabled' }) },
          { resources: browser({ PrintAllowed: 'Enabled' }) },
        ],
        unknown: [{ parameters: { Copy: { Type: 'String' } }, resources: browser({ CopyAllowed: { Ref: 'Copy' } }) }],
      }),
      rule({
        on: STREAM,
        check: streamKeepsDataIn,
        fix: `List ${ACTIONS_OUT.join(', ')} in UserSettings with Permission DISABLED; what is not listed is allowed.`,
        pass: [{ resources: stream() }],
        fail: [{ resources: stream('FILE_DOWNLOAD') }, { resources: { Desktop: { Type: STREAM, Properties: {} } } }],
        unknown: [
          {
            parameters: { All: { Type: 'String' } },
            resources: { Desktop: { Type: STREAM, Properties: { UserSettings: { Ref: 'All' } } } },
          },
        ],
      }),
    ],
  },

  'PRV-01': {
    aws: [
      rule({
        on: VPN,
        check: hasBanner,
        severity: 'low',
        fix: 'Enable ClientLoginBannerOptions and put the notice into BannerText.',
        pass: [{ resources: vpn({ Enabled: true, BannerText: 'Customer data: handle it for your case only.' }) }],
        fail: [{ resources: vpn() }, { resources: vpn({ Enabled: false, BannerText: 'x' }) }, { resources: vpn({ Enabled: true }) }],
      }),
      rule({
        on: TRANSFER,
        check: greetsPeople,
        severity: 'low',
        fix: 'Put the notice into PreAuthenticationLoginBanner.',
        pass: [{ resources: transfer({ PreAuthenticationLoginBanner: 'Customer data: handle it for your case only.' }) }],
        fail: [{ resources: transfer({}) }, { resources: transfer({ Protocols: ['SFTP', 'AS2'] }) }],
        skip: [{ resources: transfer({ Protocols: ['AS2'] }) }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
