/** Small worlds that the examples of the edge are made of. */
import type { Example } from '../../rule';

type Properties = { readonly [key: string]: unknown };

/** A world of one resource. */
export const only = (Type: string, Properties: Properties = {}): Example => ({ resources: { It: { Type, Properties } } });

const ORIGIN = { Id: 'api', DomainName: 'api.example.com', CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } };

/** A distribution with one custom origin; `config` is laid over what it writes. */
export const distribution = (config: Properties = {}): Example['resources'] => ({
  Site: {
    Type: 'AWS::CloudFront::Distribution',
    Properties: {
      DistributionConfig: {
        Enabled: true,
        Origins: [ORIGIN],
        DefaultCacheBehavior: { TargetOriginId: 'api', ViewerProtocolPolicy: 'redirect-to-https' },
        ...config,
      },
    },
  },
});

/** The default cache behaviour of {@link distribution}, changed. */
export const behaviour = (changes: Properties = {}): Properties => ({
  TargetOriginId: 'api',
  ViewerProtocolPolicy: 'redirect-to-https',
  ...changes,
});

/** An application load balancer. */
export const balancer = (properties: Properties = {}): Example['resources'] => ({
  Balancer: { Type: 'AWS::ElasticLoadBalancingV2::LoadBalancer', Properties: { Type: 'application', ...properties } },
});
/** A load balancer with these attributes. */
export const attributes = (values: Properties, key = 'LoadBalancerAttributes'): Properties => ({
  [key]: Object.entries(values).map(([Key, Value]) => ({ Key, Value })),
});
/** A listener of {@link balancer}. */
export const listener = (properties: Properties): Example['resources'] => ({
  Listener: { Type: 'AWS::ElasticLoadBalancingV2::Listener', Properties: { LoadBalancerArn: { Ref: 'Balancer' }, ...properties } },
});
export const TO_TARGETS = [{ Type: 'forward', TargetGroupArn: 'arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/t/1' }];
export const TO_HTTPS = [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }];
