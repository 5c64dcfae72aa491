/** Where partners and remote workers come in: file transfer and streamed browsers. */
import type { Graph } from '../../graph';
import type { Specs } from '../../merge';
import { allOf, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { rule } from '../../rule';
import { only } from './samples';

const TRANSFER = 'AWS::Transfer::Server';
const CONNECTOR = 'AWS::Transfer::Connector';
const PORTAL = 'AWS::WorkSpacesWeb::Portal';
const BROWSER = 'AWS::WorkSpacesWeb::UserSettings';

/** Policies of before 2020 still offer SHA-1 and, in their TLS part, suites without forward secrecy. */
const transferIsModern = (server: Resource): Outcome =>
  server
    .at('SecurityPolicyName')
    .orDefault('TransferSecurityPolicy-2018-11')
    .matches(/^TransferSecurityPolicy-(?!(Restricted-)?2018-)/);

/** In the network, and without addresses on the internet there. */
function transferIsPrivate(server: Resource): Outcome {
  const kind = server.at('EndpointType').orDefault('PUBLIC');
  const addresses = server.at('EndpointDetails.AddressAllocationIds');
  return allOf(
    kind.isOneOf(['VPC', 'VPC_ENDPOINT']),
    addresses.isSet().verdict === 'fail' ? pass() : fail(`${addresses.path} gives the server addresses on the internet`, addresses.path),
  );
}

function records(one: Resource): Outcome {
  const role = one.at('LoggingRole').isSet();
  return role.verdict === 'fail' && one.type === TRANSFER ? one.at('StructuredLogDestinations').isSet() : role;
}

function portalShowsTerms(portal: Resource, graph: Graph): Outcome {
  const settings = graph.target(portal.at('UserSettingsArn'), BROWSER);
  if (!settings) return notApplicable('its user settings are declared elsewhere');
  return settings.at('BrandingConfiguration.TermsOfService').isSet();
}

const server = (properties: object = {}) => only(TRANSFER, { ...properties });
const portal = (BrandingConfiguration: object) => ({
  resources: {
    Portal: { Type: PORTAL, Properties: { UserSettingsArn: { Ref: 'Settings' } } },
    Settings: { Type: BROWSER, Properties: { BrandingConfiguration } },
  },
});
const byParameter = { parameters: { Value: { Type: 'String' } } };

export const transfer = {
  'TLS-01': {
    aws: rule({
      on: TRANSFER,
      severity: 'medium',
      check: transferIsModern,
      fix: 'Set SecurityPolicyName to TransferSecurityPolicy-2024-01 or later; without one it is TransferSecurityPolicy-2018-11.',
      pass: [
        server({ SecurityPolicyName: 'TransferSecurityPolicy-2024-01' }),
        server({ SecurityPolicyName: 'TransferSecurityPolicy-FIPS-2023-05' }),
      ],
      fail: [
        server(),
        server({ SecurityPolicyName: 'TransferSecurityPolicy-2018-11' }),
        server({ SecurityPolicyName: 'TransferSecurityPolicy-Restricted-2018-11' }),
      ],
      unknown: [{ ...byParameter, ...server({ SecurityPolicyName: { Ref: 'Value' } }) }],
    }),
  },

  'DID-05': {
    aws: rule({
      on: TRANSFER,
      severity: 'medium',
      check: transferIsPrivate,
      fix: 'Set EndpointType to VPC with EndpointDetails, without AddressAllocationIds; partners then come by VPN or by a load balancer of your own.',
      pass: [server({ EndpointType: 'VPC', EndpointDetails: { VpcId: 'vpc-1', SubnetIds: ['subnet-1'] } })],
      fail: [
        server(),
        server({ EndpointType: 'PUBLIC' }),
        server({ EndpointType: 'VPC', EndpointDetails: { VpcId: 'vpc-1', AddressAllocationIds: ['eipalloc-1'] } }),
      ],
      unknown: [{ ...byParameter, ...server({ EndpointType: { Ref: 'Value' } }) }],
    }),
  },

  'LOG-13': {
    aws: [
      rule({
        on: [TRANSFER, CONNECTOR],
        check: records,
        fix: 'Set StructuredLogDestinations (LoggingRole on a connector) so that every transfer is recorded.',
        pass: [
          server({ StructuredLogDestinations: ['arn:aws:logs:eu-west-1:111122223333:log-group:transfers:*'] }),
          server({ LoggingRole: 'arn:aws:iam::111122223333:role/log' }),
          only(CONNECTOR, { LoggingRole: 'arn:aws:iam::111122223333:role/log' }),
        ],
        fail: [server(), server({ StructuredLogDestinations: [] }), only(CONNECTOR)],
      }),
      rule({
        on: PORTAL,
        check: (one) => one.at('UserAccessLoggingSettingsArn').isSet(),
        fix: 'Set UserAccessLoggingSettingsArn.',
        pass: [only(PORTAL, { UserAccessLoggingSettingsArn: 'arn:aws:workspaces-web:eu-west-1:111122223333:userAccessLoggingSettings/1' })],
        fail: [only(PORTAL)],
      }),
    ],
  },

  'PRV-01': {
    aws: rule({
      on: PORTAL,
      severity: 'low',
      check: portalShowsTerms,
      fix: 'Set BrandingConfiguration.TermsOfService of the user settings to the notice: the portal asks for it to be accepted.',
      pass: [portal({ TermsOfService: 'Customer data: authorised use only.' })],
      fail: [portal({ ColorTheme: 'Light' })],
      skip: [{ ...byParameter, ...only(PORTAL, { UserSettingsArn: { Ref: 'Value' } }) }],
    }),
  },
} as const satisfies Specs;
