/** API Management: the service, its backends and who may call. */
import type { Specs } from '../../merge';
import { anyOf, every, fail, notApplicable, type Outcome } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, rule } from '../../rule';
import { setting } from '../setting';

const SERVICE = 'azure-native:apimanagement:ApiManagementService';
const BACKEND = 'azure-native:apimanagement:Backend';
const API = 'azure-native:apimanagement:Api';
const SUBSCRIPTION = 'azure-native:apimanagement:Subscription';
const PRODUCT = 'azure-native:apimanagement:Product';
const IDENTITY_PROVIDER = 'azure-native:apimanagement:IdentityProvider';
const AUTHORIZATION = 'azure-native:apimanagement:AuthorizationServer';
/** `Microsoft.ApiManagement/service/tenant`, which the SDK does not know. */
const TENANT = /^Microsoft\.ApiManagement\/service\/tenant$/i;

/** Switches of old protocols and ciphers, among the custom properties. */
const WEAK =
  /\.Security\.(Backend\.)?Protocols\.(Tls10|Tls11|Ssl30)$|\.Security\.Ciphers\.(TripleDes168|TLS_RSA_WITH_|TLS_ECDHE_\w+_CBC_SHA$)/i;

/** Nobody switches an old protocol on; those that nobody names are off. */
function refusesOldProtocols(service: Resource): Outcome {
  const properties = service.at('customProperties');
  if (properties.state === 'unknown') return properties.asUnknown();
  return every(
    properties.entries().filter(([name]) => WEAK.test(name)),
    ([, value]) => value.isFalse(),
  );
}

/** Someone proves the gateway to the backend: by a certificate, or by a header for authorisation. */
function provesItself(backend: Resource): Outcome {
  const { authorization, certificate, certificateIds } = {
    authorization: backend.at('credentials.authorization'),
    certificate: backend.at('credentials.certificate'),
    certificateIds: backend.at('credentials.certificateIds'),
  };
  return anyOf(
    [
      every([authorization.at('scheme'), authorization.at('parameter')], (part) => part.isSet()),
      certificate.isSet(),
      certificateIds.isSet(),
    ],
    'credentials are not set: the backend takes calls from anybody',
  );
}

const runsInside = (service: Resource): Outcome =>
  anyOf(
    [service.at('virtualNetworkType').isOneOf(['Internal', 'External']), service.at('publicNetworkAccess').is('Disabled')],
    'virtualNetworkType is None: the service stands in no network of the workload',
  );

/** Scopes under which a subscription key opens every API. */
const EVERY_API = /(^|\/)apis\/?$/i;

const service = (properties: object, more: object = {}) => ({ service: { type: SERVICE, properties, ...more } });
const backend = (properties: object) => ({ backend: { type: BACKEND, properties } });
const api = (properties: object) => ({ api: { type: API, properties } });
const PROTOCOL = 'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Protocols.Tls10';
const CIPHER = 'Microsoft.WindowsAzure.ApiManagement.Gateway.Security.Ciphers.TripleDes168';

export const azureApim: Specs = {
  'TLS-01': {
    azure: rule({
      on: SERVICE,
      check: refusesOldProtocols,
      fix: "Set the entries of customProperties for Tls10, Tls11, Ssl30 and TripleDes168 to 'False'.",
      pass: [{ resources: service({}) }],
      fail: [
        { resources: service({ customProperties: { [PROTOCOL]: 'True' } }) },
        { resources: service({ customProperties: { [CIPHER]: 'true' } }) },
      ],
      unknown: [{ resources: service({ customProperties: { $unknown: 'config value' } }) }],
    }),
  },
  'TLS-02': {
    azure: rule({
      on: API,
      check: (one) => every(one.at('protocols').orDefault(['https']).items(), (protocol) => protocol.isOneOf(['https', 'wss'])),
      fix: "Set protocols: ['https'] (or ['wss']).",
      pass: [{ resources: api({ protocols: ['https'] }) }, { resources: api({ protocols: ['wss'] }) }, { resources: api({}) }],
      fail: [{ resources: api({ protocols: ['http', 'https'] }) }, { resources: api({ protocols: ['ws'] }) }],
      unknown: [{ resources: api({ protocols: [{ $unknown: 'config value' }] }) }],
    }),
  },
  'TLS-04': {
    azure: [
      rule({
        on: API,
        check: (one) => {
          const url = one.at('serviceUrl');
          return url.state === 'absent' ? notApplicable('names no backend') : url.matches(/^(https|wss):\/\/|^\$\{/i);
        },
        fix: 'Use an https:// address in serviceUrl.',
        pass: [{ resources: api({ serviceUrl: 'https://cases.internal' }) }],
        fail: [{ resources: api({ serviceUrl: 'http://cases.internal' }) }],
        skip: [{ resources: api({}) }],
      }),
      rule({
        on: BACKEND,
        check: (one) => {
          const url = one.at('url');
          return url.state === 'absent' ? notApplicable('is a pool') : url.matches(/^https:\/\/|^\$\{/i);
        },
        fix: 'Use an https:// address in url.',
        pass: [{ resources: backend({ url: 'https://cases.internal' }) }],
        fail: [{ resources: backend({ url: 'http://cases.internal' }) }],
        skip: [{ resources: backend({}) }],
      }),
      setting({
        on: BACKEND,
        at: 'tls.validateCertificateChain',
        is: [true],
        not: false,
        unset: true,
        fix: 'Set tls.validateCertificateChain: true.',
      }),
      setting({
        on: BACKEND,
        at: 'tls.validateCertificateName',
        is: [true],
        not: false,
        unset: true,
        fix: 'Set tls.validateCertificateName: true.',
      }),
    ],
  },
  'TLS-07': {
    azure: [
      rule({
        on: BACKEND,
        check: provesItself,
        severity: 'medium',
        fix: 'Set credentials.certificateIds to a client certificate, or credentials.authorization; better, use the policy authentication-managed-identity.',
        pass: [
          { resources: backend({ credentials: { authorization: { scheme: 'Basic', parameter: { $secret: true } } } }) },
          { resources: backend({ credentials: { certificate: ['ab'] } }) },
          { resources: backend({ credentials: { certificateIds: ['/certificates/c'] } }) },
        ],
        fail: [
          { resources: backend({}) },
          { resources: backend({ credentials: { authorization: { scheme: '', parameter: 'p' } } }) },
          { resources: backend({ credentials: { certificate: [] } }) },
          { resources: backend({ credentials: { authorization: { scheme: 'Basic', parameter: '' } } }) },
        ],
      }),
      setting({
        on: SERVICE,
        at: 'enableClientCertificate',
        is: [true],
        not: false,
        unset: false,
        where: { at: 'sku.name', is: ['Consumption'] },
        severity: 'low',
        from: 'high',
        fix: 'Set enableClientCertificate: true where only workloads call.',
      }),
    ],
  },
  'DID-16': {
    azure: [
      setting({
        on: API,
        at: 'subscriptionRequired',
        is: [true],
        not: false,
        unset: true,
        severity: 'low',
        fix: 'Set subscriptionRequired: true, or check a token in the policy of the API (validate-azure-ad-token).',
      }),
      setting({
        on: PRODUCT,
        at: 'subscriptionRequired',
        is: [true],
        not: false,
        unset: true,
        severity: 'medium',
        fix: 'Set subscriptionRequired: true.',
      }),
      setting({
        on: PRODUCT,
        at: 'approvalRequired',
        is: [true],
        not: false,
        unset: false,
        where: { at: 'state', is: ['published'] },
        severity: 'low',
        fix: 'Set approvalRequired: true, so that nobody subscribes alone.',
      }),
      rule({
        on: SUBSCRIPTION,
        check: (one) => {
          const scope = one.at('scope');
          return EVERY_API.test(scope.shape ?? '') ? fail(`${scope.describe()}: its key opens every API`, scope.path) : scope.isSet();
        },
        severity: 'medium',
        fix: 'Set scope to one product or one API.',
        pass: [{ resources: { key: { type: SUBSCRIPTION, properties: { scope: '/products/cases' } } } }],
        fail: [{ resources: { key: { type: SUBSCRIPTION, properties: { scope: '/apis' } } } }],
      }),
      rule({
        on: TENANT,
        check: (tenant) => tenant.at('enabled').orDefault(false).isFalse(),
        severity: 'medium',
        fix: 'Set enabled: false: administer the service through Azure Resource Manager, where roles and logs apply.',
        pass: [{ resources: { tenant: { type: 'Microsoft.ApiManagement/service/tenant', properties: { enabled: false } } } }],
        fail: [{ resources: { tenant: { type: 'Microsoft.ApiManagement/service/tenant', properties: { enabled: true } } } }],
      }),
    ],
  },
  'IDA-15': {
    azure: rule({
      on: AUTHORIZATION,
      check: (server) =>
        every(server.at('grantTypes').items(), (grant) =>
          grant.isOneOf(['authorizationCode', 'authorizationCodeWithPkce', 'clientCredentials']),
        ),
      fix: "Offer authorizationCode or authorizationCodeWithPkce in grantTypes instead of 'implicit' and 'resourceOwnerPassword'.",
      pass: [{ resources: { server: { type: AUTHORIZATION, properties: { grantTypes: ['authorizationCodeWithPkce'] } } } }],
      fail: [{ resources: { server: { type: AUTHORIZATION, properties: { grantTypes: ['implicit'] } } } }],
    }),
  },
  'IDA-10': {
    azure: rule({
      on: SERVICE,
      check: (one) => {
        const type = one.at('identity.type');
        return type.state === 'absent'
          ? fail('identity is not set: the service keeps keys of what it calls', 'identity')
          : type.matches(/Assigned/i);
      },
      severity: 'low',
      fix: "Set identity: { type: 'SystemAssigned' }, and use it for backends, named values and certificates.",
      pass: [{ resources: service({ identity: { type: 'SystemAssigned' } }) }],
      fail: [{ resources: service({}) }, { resources: service({ identity: { type: 'None' } }) }],
    }),
  },
  'VUL-10': {
    azure: rule({
      on: SERVICE,
      check: (one) => {
        const least = one.at('apiVersionConstraint.minApiVersion');
        return least.state === 'absent'
          ? fail('apiVersionConstraint.minApiVersion is not set: old versions of the interface show secrets', least.path)
          : least.matches(/^(20(19-1[2]|[2-9]\d))/);
      },
      severity: 'medium',
      fix: "Set apiVersionConstraint.minApiVersion: '2021-08-01', so that versions which show secrets are refused.",
      pass: [
        { resources: service({ apiVersionConstraint: { minApiVersion: '2021-08-01' } }) },
        { resources: service({ apiVersionConstraint: { minApiVersion: '2019-12-01' } }) },
      ],
      fail: [{ resources: service({}) }, { resources: service({ apiVersionConstraint: { minApiVersion: '2018-01-01' } }) }],
      unknown: [{ resources: service({ apiVersionConstraint: { minApiVersion: { $unknown: 'config value' } } }) }],
    }),
  },
  'DID-22': {
    azure: rule({
      on: SERVICE,
      check: runsInside,
      severity: 'medium',
      fix: "Set virtualNetworkType: 'Internal' with virtualNetworkConfiguration.subnetResourceId (or 'External'), and publish by the edge.",
      pass: [{ resources: service({ virtualNetworkType: 'Internal' }) }, { resources: service({ publicNetworkAccess: 'Disabled' }) }],
      fail: [{ resources: service({}) }, { resources: service({ virtualNetworkType: 'None', publicNetworkAccess: 'Enabled' }) }],
      unknown: [{ resources: service({ virtualNetworkType: { $unknown: 'config value' } }) }],
    }),
  },
  'DID-12': {
    azure: setting({
      on: SUBSCRIPTION,
      at: 'allowTracing',
      is: [false],
      not: true,
      unset: false,
      severity: 'medium',
      fix: 'Set allowTracing: false; a trace shows headers, bodies and backends.',
    }),
  },
  'LPA-10': {
    azure: rule({
      on: IDENTITY_PROVIDER,
      check: (one) => {
        if (one.at('identityProviderName').isOneOf(['aad', 'aadB2C']).verdict === 'fail') return notApplicable('is no directory');
        const tenants = one.at('allowedTenants').isSet();
        return tenants.verdict === 'fail'
          ? fail('allowedTenants is not set: people of every directory sign in', 'allowedTenants')
          : tenants;
      },
      severity: 'medium',
      fix: 'List your own directory in allowedTenants.',
      pass: [
        {
          resources: {
            provider: { type: IDENTITY_PROVIDER, properties: { identityProviderName: 'aad', allowedTenants: ['example.onmicrosoft.com'] } },
          },
        },
      ],
      fail: [{ resources: { provider: { type: IDENTITY_PROVIDER, properties: { identityProviderName: 'aad' } } } }],
      skip: [{ resources: { provider: { type: IDENTITY_PROVIDER, properties: { identityProviderName: 'google' } } } }],
    }),
  },
  'FLS-01': {
    azure: gap('which fields a role sees is listed in the catalogue from which the response filter is generated; no resource holds it'),
  },
  'PRV-01': { azure: gap('the notice is a page of the application; a web test finds whether it is shown') },
  'PRV-02': { azure: gap('the acknowledgement is a record that the application writes') },
  'PRV-03': { azure: gap('the notice is declared with the data profile in code, and reaches no resource') },
};
