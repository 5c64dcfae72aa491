/** Private endpoints: stores are reached through them, they lead only to the organisation, and strangers need approval. */
import { type Statement, statementsOf } from '../../facts/iam';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { nameOf, SUBNET, subnetsIn, VNET } from './subnets';

const ENDPOINT = 'AWS::EC2::VPCEndpoint';

/** `s3` in `com.amazonaws.eu-west-1.s3`; undefined where the name is not known, empty for services that are not of the provider. */
function serviceOf(endpoint: Resource): string | undefined {
  const shape = endpoint.at('ServiceName').shape?.replace(/\$\{[^}]*\}/g, 'region');
  if (shape === undefined) return undefined;
  const [, name = ''] = /^(?:cn\.)?(?:com\.amazonaws|aws\.api|aws\.sagemaker)\.[^.]+\.(.+)$/.exec(shape) ?? [];
  return name.startsWith('vpce') ? '' : name;
}

/** Services that take or give data and understand endpoint policies. */
const DATA_SERVICES =
  /^(s3|s3express|s3tables|dynamodb|dynamodb-streams|kinesis-streams|kinesis-firehose|sqs|sns|secretsmanager|elasticfilesystem|athena|glue|backup|rds-data|redshift-data|es)$/;
/** Resolving their public names is left to the gateway endpoint beside them. */
const GATEWAY_SERVICES = /^(s3|dynamodb)$/;

function resolvesPrivately(endpoint: Resource): Outcome {
  if (endpoint.at('VpcEndpointType').is('Interface').verdict === 'fail') return notApplicable('is no interface endpoint');
  const service = serviceOf(endpoint);
  if (service === undefined || service === '' || GATEWAY_SERVICES.test(service)) return notApplicable('its name is resolved otherwise');
  return endpoint.at('PrivateDnsEnabled').isTrue();
}

/** Stores that have a free gateway endpoint, by type. */
const GATEWAYS: Readonly<Record<string, string>> = { s3: 'AWS::S3::Bucket', dynamodb: 'AWS::DynamoDB::Table' };

function hasGateways(vpc: Resource, graph: Graph): Outcome {
  const wanted = Object.entries(GATEWAYS).filter(([, type]) => graph.ofType(type).some((store) => graph.exists(store)));
  if (wanted.length === 0) return notApplicable('no store here has a gateway endpoint');
  const present = graph.pointingAt(vpc, ENDPOINT, 'VpcId').map(serviceOf);
  const lacking = wanted.filter(([service]) => !present.includes(service));
  if (lacking.length === 0) return pass();
  if (present.includes(undefined)) return unknown('the services of its endpoints are decided on deployment');
  return fail(
    `the network has no endpoint for ${lacking.map(([service]) => service).join(' and ')}, though ${lacking[0]?.[1]} is used here`,
  );
}

const PERIMETER = new Set(['aws:resourceorgid', 'aws:resourceorgpaths', 'aws:resourceaccount', 's3:resourceaccount']);

/** Every permission of the endpoint ends at resources, or starts from callers, of the organisation. */
function staysInside(endpoint: Resource): Outcome {
  const service = serviceOf(endpoint);
  if (service === undefined) return notApplicable('its service is decided on deployment');
  if (!DATA_SERVICES.test(service)) return notApplicable('carries no customer data, or takes no policy');
  const document = endpoint.at('PolicyDocument');
  if (document.state === 'absent') return fail('PolicyDocument is not set: the endpoint leads to every account', 'PolicyDocument');
  const statements = statementsOf(document);
  const fenced = some(statements, fences, 'no statement denies what is outside');
  if (fenced.verdict === 'pass') return fenced;
  const bounded = every(statements, isBounded);
  return bounded.verdict === 'fail' && fenced.verdict === 'unknown' ? fenced : bounded;
}

function fences(statement: Statement): Outcome {
  const denies = statement.denies();
  if (denies.verdict !== 'pass') return denies;
  return statement.conditions().some(({ key, negated }) => negated && PERIMETER.has(key)) ? pass() : fail('denies something else');
}

function isBounded(statement: Statement): Outcome {
  if (statement.allows().verdict === 'fail') return pass();
  if (statement.conditions().some(({ key, negated }) => !negated && PERIMETER.has(key))) return pass();
  if (statement.isConfined().verdict !== 'fail') return statement.isConfined();
  if (statement.reachesEveryone().verdict === 'fail') return pass();
  const open = statement.resources().find(isForeign);
  if (!open && statement.resources().length > 0) return pass();
  return fail(`${statement.name} leads to resources of every account${open ? `: ${open.describe()}` : ''}`, statement.at);
}

/** An ARN pattern that takes in resources of strangers. */
function isForeign(resource: Value): boolean {
  const shape = resource.shape;
  if (shape === undefined) return resource.state === 'known';
  const [, , , , account = '', ...rest] = shape.replace(/\$\{[^}]*\}/g, 'x').split(':');
  if (shape === '*' || account === '*') return true;
  return account === '' && rest.join(':').startsWith('*');
}

function acceptsOnlyApproved(service: Resource, graph: Graph): Outcome {
  const required = service.at('AcceptanceRequired').orDefault(true);
  if (required.isTrue().verdict !== 'fail') return required.isTrue();
  const listed = graph
    .pointingAt(service, 'AWS::EC2::VPCEndpointServicePermissions', 'ServiceId')
    .flatMap((one) => one.at('AllowedPrincipals').items());
  if (listed.length === 0) return fail(`${required.describe()}, and no principals are listed here`, required.path);
  const everyone = listed.find((one) => one.string === '*');
  if (everyone) return fail(`${required.describe()}, and AllowedPrincipals holds *`, required.path);
  const hidden = listed.find((one) => one.state === 'unknown');
  return hidden ? unknown(hidden.describe(), required.path) : pass();
}

function approvesNobodyUnseen(service: Resource): Outcome {
  const approved = service.at('autoApproval.subscriptions');
  return every(approved.items(), (one) => one.isNoneOf(['*']));
}

/** Service endpoints of storage reach every account of the service, unless a policy names which. */
function storageIsNamed(subnet: Value): Outcome {
  const storage = subnet
    .at('serviceEndpoints')
    .items()
    .find((one) => one.at('service').isOneOf(['Microsoft.Storage', 'Microsoft.Storage.Global']).verdict === 'pass');
  if (!storage) return notApplicable('has no service endpoint for storage');
  return subnet.at('serviceEndpointPolicies').isSet().verdict === 'fail'
    ? fail(`${nameOf(subnet)} reaches the storage accounts of every tenant: serviceEndpointPolicies is not set`, storage.path)
    : pass();
}

const endpoint = (properties: object) => ({ Endpoint: { Type: ENDPOINT, Properties: { VpcId: 'vpc-1', ...properties } } });
const policy = (statement: object) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: '*', Action: 's3:*', ...statement }],
});
const S3 = 'com.amazonaws.eu-west-1.s3';
const ENDPOINT_POLICY =
  'Use the endpoints of SecureVpc, or write a PolicyDocument that allows only your own resources: name their ARNs, or require aws:ResourceOrgID (or aws:ResourceAccount) to be yours.';
const service = (required: unknown, principals?: readonly string[]) => ({
  Service: { Type: 'AWS::EC2::VPCEndpointService', Properties: { AcceptanceRequired: required } },
  ...(principals
    ? {
        Permissions: {
          Type: 'AWS::EC2::VPCEndpointServicePermissions',
          Properties: { ServiceId: { Ref: 'Service' }, AllowedPrincipals: principals },
        },
      }
    : {}),
});
const association = (accessMode: string) => ({
  association: { type: 'azure-native:network:NetworkSecurityPerimeterAssociation', properties: { accessMode } },
});

export const endpoints = {
  'DID-05': {
    aws: [
      rule({
        on: ENDPOINT,
        severity: 'low',
        check: resolvesPrivately,
        fix: 'Set PrivateDnsEnabled to true, so that the public name of the service leads to the endpoint.',
        pass: [
          { resources: endpoint({ VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-1.kms', PrivateDnsEnabled: true }) },
        ],
        fail: [
          { resources: endpoint({ VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-1.kms', PrivateDnsEnabled: false }) },
          { resources: endpoint({ VpcEndpointType: 'Interface', ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.sqs' } }) },
        ],
        skip: [{ resources: endpoint({ VpcEndpointType: 'Gateway', ServiceName: S3 }) }],
      }),
      rule({
        on: 'AWS::EC2::VPC',
        severity: 'medium',
        from: 'high',
        check: hasGateways,
        fix: 'Use SecureVpc, or add gateway endpoints for S3 and DynamoDB to the network (gatewayEndpoints of ec2.Vpc in CDK).',
        pass: [
          {
            resources: {
              Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } },
              Bucket: { Type: 'AWS::S3::Bucket' },
              Endpoint: {
                Type: ENDPOINT,
                Properties: { VpcId: { Ref: 'Vpc' }, ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.s3' } },
              },
            },
          },
        ],
        fail: [
          { resources: { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/16' } }, Bucket: { Type: 'AWS::S3::Bucket' } } },
        ],
      }),
    ],
    azure: rule({
      on: 'azure-native:network:PrivateEndpoint',
      severity: 'low',
      check: (one, graph) => {
        const groups = graph.pointingAt(one, 'azure-native:network:PrivateDnsZoneGroup', 'privateEndpointName');
        return groups.length > 0 || one.at('customDnsConfigs').isSet().verdict === 'pass'
          ? pass()
          : fail('no private DNS zone group belongs to the endpoint: its name still leads to the public address');
      },
      fix: 'Add a PrivateDnsZoneGroup with the zone of the service.',
      pass: [
        {
          resources: {
            endpoint: { type: 'azure-native:network:PrivateEndpoint', properties: {} },
            zones: { type: 'azure-native:network:PrivateDnsZoneGroup', properties: { privateEndpointName: { $ref: 'endpoint.name' } } },
          },
        },
      ],
      fail: [{ resources: { endpoint: { type: 'azure-native:network:PrivateEndpoint', properties: {} } } }],
    }),
  },
  'EXP-04': {
    aws: [
      // Where a network has a way out, its endpoints widen nothing: until the high tier an open one is only noted.
      rule({
        on: ENDPOINT,
        severity: 'low',
        check: (endpoint, _graph, { tier }) => (tier === 'high' ? notApplicable('judged more strictly') : staysInside(endpoint)),
        fix: ENDPOINT_POLICY,
        pass: [
          {
            tier: 'moderate',
            resources: endpoint({
              ServiceName: S3,
              PolicyDocument: policy({ Resource: '*', Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3' } } }),
            }),
          },
        ],
        fail: [{ tier: 'moderate', resources: endpoint({ ServiceName: S3 }) }],
      }),
      rule({
        on: ENDPOINT,
        from: 'high',
        check: staysInside,
        fix: ENDPOINT_POLICY,
        pass: [
          {
            resources: endpoint({
              ServiceName: S3,
              PolicyDocument: policy({ Resource: '*', Condition: { StringEquals: { 'aws:ResourceOrgID': 'o-a1b2c3' } } }),
            }),
          },
          {
            name: 'named resources',
            resources: endpoint({ ServiceName: S3, PolicyDocument: policy({ Resource: ['arn:aws:s3:::cases', 'arn:aws:s3:::cases/*'] }) }),
          },
        ],
        fail: [
          { resources: endpoint({ ServiceName: S3, PolicyDocument: policy({ Resource: '*' }) }) },
          { name: 'no policy', resources: endpoint({ ServiceName: { 'Fn::Sub': 'com.amazonaws.${AWS::Region}.dynamodb' } }) },
        ],
        skip: [{ resources: endpoint({ VpcEndpointType: 'Interface', ServiceName: 'com.amazonaws.eu-west-1.ec2messages' }) }],
      }),
    ],
    azure: [
      rule({
        on: [VNET, SUBNET],
        check: (resource) => {
          const subnets = subnetsIn(resource);
          return subnets.length === 0 ? notApplicable('declares no subnet') : every(subnets, storageIsNamed);
        },
        fix: 'Use a private endpoint instead, or attach serviceEndpointPolicies that name your storage accounts.',
        pass: [
          {
            resources: {
              subnet: {
                type: SUBNET,
                properties: {
                  serviceEndpoints: [{ service: 'Microsoft.Storage' }],
                  serviceEndpointPolicies: [{ id: '/subscriptions/s/p' }],
                },
              },
            },
          },
        ],
        fail: [{ resources: { subnet: { type: SUBNET, properties: { serviceEndpoints: [{ service: 'Microsoft.Storage' }] } } } }],
        skip: [{ resources: { subnet: { type: SUBNET, properties: { serviceEndpoints: [{ service: 'Microsoft.KeyVault' }] } } } }],
      }),
      rule({
        on: 'azure-native:network:NetworkSecurityPerimeterAssociation',
        check: (one) => one.at('accessMode').is('Enforced'),
        fix: 'Set accessMode to Enforced: the learning mode lets everything pass.',
        pass: [{ resources: association('Enforced') }],
        fail: [{ resources: association('Learning') }],
      }),
    ],
  },
  'LPA-10': {
    aws: [
      rule({
        on: 'AWS::EC2::VPCEndpointService',
        check: acceptsOnlyApproved,
        fix: 'Set AcceptanceRequired to true, or list the principals in AWS::EC2::VPCEndpointServicePermissions.',
        pass: [{ resources: service(true) }, { name: 'listed principals', resources: service(false, ['arn:aws:iam::111122223333:root']) }],
        fail: [{ resources: service(false) }, { name: 'everyone is listed', resources: service('false', ['*']) }],
      }),
      rule({
        on: 'AWS::EC2::TransitGateway',
        check: (gateway) => gateway.at('AutoAcceptSharedAttachments').orDefault('disable').is('disable'),
        fix: 'Set AutoAcceptSharedAttachments to disable: attachments from other accounts then wait for approval.',
        pass: [{ resources: { Gateway: { Type: 'AWS::EC2::TransitGateway', Properties: { AutoAcceptSharedAttachments: 'disable' } } } }],
        fail: [{ resources: { Gateway: { Type: 'AWS::EC2::TransitGateway', Properties: { AutoAcceptSharedAttachments: 'enable' } } } }],
      }),
    ],
    azure: rule({
      on: 'azure-native:network:PrivateLinkService',
      check: approvesNobodyUnseen,
      fix: 'List the subscriptions in autoApproval, or leave it out and approve each connection.',
      pass: [
        {
          resources: {
            service: {
              type: 'azure-native:network:PrivateLinkService',
              properties: { autoApproval: { subscriptions: ['11111111-2222-3333-4444-555555555555'] } },
            },
          },
        },
      ],
      fail: [
        {
          resources: {
            service: { type: 'azure-native:network:PrivateLinkService', properties: { autoApproval: { subscriptions: ['*'] } } },
          },
        },
      ],
      unknown: [
        {
          resources: {
            service: {
              type: 'azure-native:network:PrivateLinkService',
              properties: { autoApproval: { subscriptions: [{ $unknown: 'parameter approved' }] } },
            },
          },
        },
      ],
    }),
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
