import { Stack } from 'aws-cdk-lib';
import { HttpIntegration } from 'aws-cdk-lib/aws-apigateway';
import { Definition, type IGraphqlApi } from 'aws-cdk-lib/aws-appsync';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import type { Construct } from 'constructs';
import {
  FieldSecuredApi,
  profileOf,
  SecureBucket,
  SecureDistribution,
  SecureGraphqlApi,
  SecureLoadBalancer,
  SecureRestApi,
  SecureStack,
  SecureVpc,
  SecureWebAcl,
} from '../../../constructs/aws';
import { fieldSecuredParts } from '../case-fields';
import type { Least } from './least';

export const certificateOf = (scope: Construct, region: string) =>
  Certificate.fromCertificateArn(scope, 'Certificate', `arn:aws:acm:${region}:111122223333:certificate/a`);

/** CloudFront is managed in us-east-1: a stack of its own, with the profile of the one beside it. */
export const edgeStackOf = (scope: Construct): SecureStack =>
  new SecureStack(Stack.of(scope).node.scope as Construct, 'Edge', {
    env: { region: 'us-east-1' },
    profile: profileOf(scope).profile,
  });

export const endpointOf = (scope: Construct, id: string) =>
  InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(scope, id, { vpcEndpointId: 'vpce-0123456789abcdef0', port: 443 });

export const edge: Least = {
  FieldSecuredApi: (scope, id) => new FieldSecuredApi(scope, id, { name: 'cases', ...fieldSecuredParts(scope) }),
  SecureDistribution: (scope, id) => {
    const stack = edgeStackOf(scope);
    const web = new SecureBucket(stack, 'Web', { retention: { atMostDays: 365 } });
    return new SecureDistribution(stack, id, {
      defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(web) },
      domainNames: ['cases.example.com'],
      certificate: certificateOf(stack, 'us-east-1'),
    });
  },
  SecureGraphqlApi: (scope, id) =>
    new SecureGraphqlApi(scope, id, {
      name: 'consulting',
      userPool: UserPool.fromUserPoolId(scope, `${id}Pool`, 'eu-central-1_example'),
      definition: Definition.fromSchema({
        bind: (api) => ({
          apiId: (api as IGraphqlApi).apiId,
          definition: 'type Query { version: String @aws_cognito_user_pools(cognito_groups: ["consultant"]) }',
        }),
      }),
    }),
  SecureLoadBalancer: (scope, id) => {
    const balancer = new SecureLoadBalancer(scope, id, { vpc: new SecureVpc(scope, `${id}Network`) });
    balancer.addListener('Https', {
      certificates: [certificateOf(balancer, 'eu-central-1')],
      defaultAction: ListenerAction.fixedResponse(404),
    });
    return balancer;
  },
  SecureRestApi: (scope, id) => {
    const api = new SecureRestApi(scope, id, { vpcEndpoints: [endpointOf(scope, `${id}Endpoint`)] });
    api.root.addMethod('GET', new HttpIntegration('https://cases.example.com'));
    return api;
  },
  SecureWebAcl: (scope, id) => new SecureWebAcl(scope, id),
};
