import type { App } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import {
  AuthorizationType,
  type CfnMethod,
  type CfnRestApi,
  type CfnStage,
  CognitoUserPoolsAuthorizer,
  HttpIntegration,
  MockIntegration,
} from 'aws-cdk-lib/aws-apigateway';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { AnyPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { SecureRestApi, type SecureRestApiProps } from '../constructs/aws';
import { TIERS, type Tier } from '../controls';
import { stackOf } from './support/aws-constructs';
import { brokenRules } from './support/broken';
import { endpointOf } from './support/least/edge';
import { relaxationOf } from './support/relaxation';

const ACL = 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/cases/1';
const made = (props: SecureRestApiProps = {}, tier: Tier = 'high') => {
  const stack = stackOf(tier);
  const reach = props.webAclArn === undefined ? { vpcEndpoints: [endpointOf(stack, 'Gateway')] } : {};
  const api = new SecureRestApi(stack, 'Api', { ...reach, ...props });
  const method = api.root.addMethod('POST', new MockIntegration());
  return { stack, api, method, template: () => Template.fromStack(stack) };
};

describe('a secure REST API', () => {
  it.each(TIERS)('is private, signed, recorded without content and throttled at tier %s', (tier) => {
    const template = made({}, tier).template();
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['PRIVATE'], VpcEndpointIds: ['vpce-0123456789abcdef0'] },
      Policy: {
        Statement: [
          { Sid: 'ThroughOurEndpoints', Effect: 'Allow', Condition: { StringEquals: { 'aws:SourceVpce': ['vpce-0123456789abcdef0'] } } },
          { Sid: 'DenyOtherEndpoints', Effect: 'Deny', Condition: { StringNotEquals: { 'aws:SourceVpce': ['vpce-0123456789abcdef0'] } } },
        ].map((statement) => Match.objectLike(statement)),
      },
    });
    template.hasResourceProperties('AWS::ApiGateway::Method', {
      HttpMethod: 'POST',
      AuthorizationType: 'AWS_IAM',
      RequestValidatorId: Match.anyValue(),
    });
    template.hasResourceProperties('AWS::ApiGateway::Stage', {
      StageName: 'live',
      TracingEnabled: true,
      AccessLogSetting: { Format: Match.stringLikeRegexp('identity.sourceIp') },
      ClientCertificateId: Match.anyValue(),
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          LoggingLevel: 'ERROR',
          DataTraceEnabled: false,
          CacheDataEncrypted: true,
          MetricsEnabled: true,
          ThrottlingRateLimit: 100,
          ThrottlingBurstLimit: 50,
        },
      ],
    });
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
    template.resourceCountIs('AWS::ApiGateway::Account', 0);
  });

  it('makes the group of its execution log before the stage does', () => {
    const template = made().template();
    const [group] = Object.entries(template.findResources('AWS::Logs::LogGroup')).find(([id]) => id.includes('ExecutionLog')) ?? [];
    const [stage] = Object.values(template.findResources('AWS::ApiGateway::Stage'));
    expect(stage?.DependsOn).toContain(group);
  });

  it('stands behind a web ACL and speaks modern TLS where it is public', () => {
    const template = made({ webAclArn: ACL }).template();
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
    });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { WebACLArn: ACL, ResourceArn: Match.anyValue() });
  });

  it('takes a web ACL where it is private too', () => {
    const stack = stackOf('high');
    new SecureRestApi(stack, 'Api', { vpcEndpoints: [endpointOf(stack, 'Gateway')], webAclArn: ACL }).root.addMethod(
      'GET',
      new MockIntegration(),
    );
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ApiGateway::RestApi', {
      EndpointConfiguration: Match.objectLike({ Types: ['PRIVATE'] }),
      SecurityPolicy: Match.absent(),
    });
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 1);
  });

  it('takes another authoriser for all methods', () => {
    const stack = stackOf('high');
    const authorizer = new CognitoUserPoolsAuthorizer(stack, 'People', {
      cognitoUserPools: [UserPool.fromUserPoolId(stack, 'Pool', 'eu-central-1_a')],
    });
    const api = new SecureRestApi(stack, 'Api', { vpcEndpoints: [endpointOf(stack, 'Gateway')], authorizer });
    api.root.addMethod('GET', new MockIntegration());
    Template.fromStack(stack).hasResourceProperties('AWS::ApiGateway::Method', {
      AuthorizationType: 'COGNITO_USER_POOLS',
      AuthorizerId: Match.anyValue(),
    });
  });

  it('says where a method asks nobody', () => {
    const { stack, api } = made();
    api.root.addMethod('GET', new MockIntegration(), { authorizationType: AuthorizationType.NONE });
    (stack.node.root as App).synth({ skipValidation: true, validateOnSynthesis: false, errorOnDuplicateSynth: false });
    Annotations.fromStack(stack).hasError('/Cases/Api/Default/GET/Resource', Match.stringLikeRegexp('authorizationType is NONE.*DID-16'));
  });

  it('lets preflight requests through, and refuses every origin', () => {
    const { template } = made({ defaultCorsPreflightOptions: { allowOrigins: ['https://cases.example.com'] } });
    template().hasResourceProperties('AWS::ApiGateway::Method', { HttpMethod: 'OPTIONS', AuthorizationType: 'NONE' });
    expect(() => made({ defaultCorsPreflightOptions: { allowOrigins: ['*'] } })).toThrow(
      /Cases\/Api: allowOrigins: \['\*'\] breaks DID-21/,
    );
  });

  it.each<[string, SecureRestApiProps, RegExp]>([
    ['neither', { vpcEndpoints: [] }, /nobody could reach it; pass vpcEndpoints/],
    ['no throttling', { throttlingRateLimit: 0 }, /throttlingRateLimit is 0; write how many requests/],
    ['a limit that is no number', { throttlingBurstLimit: Number.NaN }, /throttlingBurstLimit is NaN/],
    ['a promise that is firm', { relax: [relaxationOf('LOG-13')] }, /LOG-13 cannot be relaxed on SecureRestApi: every request is recorded/],
  ])('refuses %s', (_, props, message) => {
    expect(() => made(props)).toThrow(message);
  });

  it('cannot be weakened by props that the type does not have', () => {
    const loose = {
      policy: undefined,
      deployOptions: { dataTraceEnabled: true },
      endpointTypes: ['EDGE'],
      defaultMethodOptions: { authorizationType: 'NONE' },
    };
    const template = made(loose as SecureRestApiProps).template();
    template.hasResourceProperties('AWS::ApiGateway::Method', { AuthorizationType: 'AWS_IAM' });
    template.allResourcesProperties('AWS::ApiGateway::RestApi', { EndpointConfiguration: Match.objectLike({ Types: ['PRIVATE'] }) });
  });

  it('records the waiver of what is relaxed', () => {
    const template = made({ relax: [relaxationOf('LOG-19')] }).template();
    template.hasResource('AWS::ApiGateway::Stage', {
      Properties: { TracingEnabled: false },
      Metadata: Match.objectLike({ Palisade: { waivers: [Match.objectLike({ rule: 'LOG-19.edge' })] } }),
    });
  });
});

type Made = ReturnType<typeof made>;
const stageOf = ({ api }: Made) => api.deploymentStage.node.defaultChild as CfnStage;
const restOf = ({ api }: Made) => api.node.defaultChild as CfnRestApi;

describe('a REST API that was weakened later is told by', () => {
  const broken = (weaken: (subject: Made) => void, props: SecureRestApiProps = {}) => {
    const subject = made(props);
    weaken(subject);
    return brokenRules(subject.stack, 'edge');
  };

  it('nothing, as long as nobody weakens it', () => {
    expect(broken(() => undefined)).toEqual([]);
    expect(broken(() => undefined, { webAclArn: ACL })).toEqual([]);
  });

  it.each<[string, (subject: Made) => void, string]>([
    [
      'DID-16.edge: a method without authorisation',
      ({ method }) => {
        (method.node.defaultChild as CfnMethod).addPropertyOverride('AuthorizationType', 'NONE');
        // What answers by itself may ask nobody.
        (method.node.defaultChild as CfnMethod).addPropertyOverride('Integration.Type', 'AWS_PROXY');
      },
      'DID-16.edge',
    ],
    [
      'DID-17.edge: a method that validates nothing',
      ({ api }) => {
        api.root.addMethod('PUT', new HttpIntegration('https://cases.example.com'));
      },
      'DID-17.edge',
    ],
    ['LOG-13.edge: no access log', (subject) => stageOf(subject).addPropertyDeletionOverride('AccessLogSetting'), 'LOG-13.edge'],
    [
      'LOG-07.edge: a log that leaves out who called',
      (subject) => stageOf(subject).addPropertyOverride('AccessLogSetting.Format', '$context.requestId'),
      'LOG-07.edge',
    ],
    [
      'LOG-19.edge: no execution log',
      (subject) => stageOf(subject).addPropertyOverride('MethodSettings.0.LoggingLevel', 'OFF'),
      'LOG-19.edge',
    ],
    [
      'PRV-07.edge: payloads in the log',
      (subject) => stageOf(subject).addPropertyOverride('MethodSettings.0.DataTraceEnabled', true),
      'PRV-07.edge',
    ],
    [
      'DID-08.edge: no throttling',
      (subject) => stageOf(subject).addPropertyDeletionOverride('MethodSettings.0.ThrottlingRateLimit'),
      'DID-08.edge',
    ],
    [
      'LPA-10.edge: a policy that lets everybody in',
      ({ api }) => {
        restOf({ api } as Made).addPropertyOverride('Policy.Statement', [
          { Effect: 'Allow', Principal: '*', Action: 'execute-api:Invoke', Resource: '*' },
        ]);
      },
      'LPA-10.edge',
    ],
    [
      'TLS-04.edge: a server in clear text',
      ({ api }) => {
        api.root.addMethod('PUT', new HttpIntegration('http://cases.example.com'));
      },
      'TLS-04.edge',
    ],
    [
      'ENC-11.edge: a cache in clear text',
      (subject) => {
        stageOf(subject).addPropertyOverride('CacheClusterEnabled', true);
        stageOf(subject).addPropertyOverride('MethodSettings.0.CachingEnabled', true);
        stageOf(subject).addPropertyOverride('MethodSettings.0.CacheDataEncrypted', false);
      },
      'ENC-11.edge',
    ],
  ])('%s', (_, weaken, rule) => {
    expect(broken(weaken)).toContain(rule);
  });

  it('nothing, where a statement lets the same endpoints in once more', () => {
    expect(
      broken(({ api }) =>
        api.addToResourcePolicy(
          new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['execute-api:Invoke'], resources: ['execute-api:/*'] }),
        ),
      ),
    ).toEqual([]);
  });

  it('DID-07.edge and TLS-01.edge, where a public one loses its firewall and its TLS policy', () => {
    const weaken = (subject: Made) => {
      subject.api.node.tryRemoveChild('Firewall');
      restOf(subject).addPropertyDeletionOverride('SecurityPolicy');
    };
    expect(broken(weaken, { webAclArn: ACL })).toEqual(['DID-07.edge', 'TLS-01.edge']);
  });
});
