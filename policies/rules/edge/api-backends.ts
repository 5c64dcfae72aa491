/** What an API reaches: integrations of its methods, of its document, and through links. */
import type { ControlId } from '../../../controls';
import { documentOf, HTTP_API, METHOD, operationsOf, REST_API, SAM_API, SAM_HTTP_API } from '../../facts/apis';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const INTEGRATION = 'AWS::ApiGatewayV2::Integration';

/** HTTP and mapped HTTP calls of a REST method: encrypted, and to a server whose certificate is looked at. */
function callsOverTls(method: Resource): Outcome {
  return when(
    method.at('Integration.Type').isOneOf(['HTTP', 'HTTP_PROXY']),
    () => isEncrypted(method.at('Integration.Uri')),
    () => notApplicable('calls no HTTP server'),
  );
}

function isEncrypted(uri: Value): Outcome {
  const shape = uri.shape ?? '';
  if (/^http:\/\//i.test(shape)) return fail(`${uri.path} begins with http://`, uri.path);
  return uri.state === 'known' || /^https:\/\//i.test(shape) ? pass() : uri.asUnknown();
}

const EXTENSION = 'x-amazon-apigateway-integration';

function documentCallsOverTls(api: Resource): Outcome {
  const { document } = documentOf(api);
  if (document?.state !== 'known') return notApplicable('carries no OpenAPI document');
  const integrations = operationsOf(document)
    .map(({ value }) => value.at(EXTENSION))
    .filter((integration) => /^http/i.test(integration.at('type').string ?? ''));
  if (integrations.length === 0) return notApplicable('calls no HTTP server');
  return every(integrations, (integration) => {
    const unchecked = integration.at('tlsConfig.insecureSkipVerification');
    return unchecked.isTrue().verdict === 'pass'
      ? fail(`${unchecked.path} accepts any certificate`, unchecked.path)
      : isEncrypted(integration.at('uri'));
  });
}

/** Through a link into the network an HTTP API speaks clear text unless it is told which name to verify. */
function linkCallsOverTls(integration: Resource, graph: Graph): Outcome {
  const uri = integration.at('IntegrationUri');
  if (integration.at('ConnectionType').is('VPC_LINK').verdict !== 'pass')
    return /^http/i.test(uri.shape ?? '') ? isEncrypted(uri) : notApplicable('calls no HTTP server');
  if (integration.at('TlsConfig.ServerNameToVerify').isSet().verdict === 'pass') return pass();
  const listener = graph.target(uri, 'AWS::ElasticLoadBalancingV2::Listener');
  const verified = listener?.at('Protocol').isOneOf(['HTTPS', 'TLS']);
  return verified?.verdict === 'pass'
    ? pass()
    : fail('TlsConfig.ServerNameToVerify is not set: what goes through the link is not encrypted', 'TlsConfig');
}

const api = (Properties: object = {}) => ({ Api: { Type: REST_API, Properties } });
const method = (Integration: object) => ({
  Method: { Type: METHOD, Properties: { RestApiId: 'a1', ResourceId: 'r1', HttpMethod: 'GET', Integration } },
});
const document = (integration: object) => api({ Body: { paths: { '/': { get: { [EXTENSION]: integration } } } } });
const integration = (Properties: object) => ({
  Integration: { Type: INTEGRATION, Properties: { ApiId: 'a1', IntegrationType: 'HTTP_PROXY', ...Properties } },
});
const LINKED = { ConnectionType: 'VPC_LINK', ConnectionId: 'l1', IntegrationUri: { Ref: 'Listener' } };
const listener = (Protocol: string) => ({ Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { Protocol } } });

export const apiBackends = {
  'TLS-04': {
    aws: [
      rule({
        on: METHOD,
        check: callsOverTls,
        fix: 'Write https:// in Integration.Uri.',
        pass: [
          { resources: method({ Type: 'HTTP_PROXY', Uri: 'https://cases.example.com' }) },
          {
            name: 'the beginning is enough',
            resources: method({ Type: 'HTTP', Uri: { 'Fn::Sub': 'https://${AWS::Region}.example.com' } }),
          },
        ],
        fail: [{ resources: method({ Type: 'HTTP_PROXY', Uri: 'http://cases.example.com' }) }],
        unknown: [{ parameters: { Server: { Type: 'String' } }, resources: method({ Type: 'HTTP', Uri: { Ref: 'Server' } }) }],
        skip: [{ resources: method({ Type: 'AWS_PROXY', Uri: 'http://a' }) }],
      }),
      rule({
        on: [REST_API, HTTP_API, SAM_API, SAM_HTTP_API],
        check: documentCallsOverTls,
        fix: 'Write https:// in the uri of the integration, and remove insecureSkipVerification.',
        pass: [{ resources: document({ type: 'http_proxy', uri: 'https://cases.example.com' }) }],
        fail: [
          { resources: document({ type: 'http', uri: 'http://cases.example.com' }) },
          { resources: document({ type: 'http', uri: 'https://cases.example.com', tlsConfig: { insecureSkipVerification: true } }) },
        ],
        skip: [{ resources: api() }, { resources: document({ type: 'aws_proxy', uri: 'http://a' }) }],
      }),
      rule({
        on: INTEGRATION,
        check: linkCallsOverTls,
        fix: 'Call https://, and through a VPC link set TlsConfig.ServerNameToVerify and let an HTTPS listener answer.',
        pass: [
          { resources: integration({ IntegrationUri: 'https://cases.example.com' }) },
          { resources: { ...integration({ ...LINKED, TlsConfig: { ServerNameToVerify: 'cases.internal' } }), ...listener('HTTP') } },
          { resources: { ...integration(LINKED), ...listener('HTTPS') } },
        ],
        fail: [
          { resources: integration({ IntegrationUri: 'http://cases.example.com' }) },
          { resources: { ...integration(LINKED), ...listener('HTTP') } },
        ],
        skip: [
          {
            resources: integration({ IntegrationType: 'AWS_PROXY', IntegrationUri: 'arn:aws:lambda:eu-central-1:111122223333:function:f' }),
          },
        ],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
