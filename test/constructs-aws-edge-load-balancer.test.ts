import type { CfnResource } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ApplicationProtocol, CfnListener, ListenerAction, ListenerCondition, SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { SecureKey, SecureLoadBalancer, type SecureLoadBalancerProps, SecureWebAcl } from '../constructs/aws';
import { TIERS, type Tier } from '../controls';
import { stackOf } from './support/aws-constructs';
import { brokenRules } from './support/broken';
import { relaxationOf } from './support/relaxation';

const resourceOf = (construct: { readonly node: { readonly defaultChild?: unknown } }) => construct.node.defaultChild as CfnResource;

describe('a load balancer', () => {
  const CERTIFICATE = 'arn:aws:acm:eu-central-1:111122223333:certificate/a';
  const make = (props: Partial<SecureLoadBalancerProps> = {}, tier: Tier = 'high') => {
    const stack = stackOf(tier);
    const vpc = Vpc.fromVpcAttributes(stack, 'Network', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['eu-central-1a', 'eu-central-1b'],
      privateSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
      publicSubnetIds: ['subnet-0123456789abcdef3', 'subnet-0123456789abcdef4'],
    });
    const balancer = new SecureLoadBalancer(stack, 'Entry', { vpc, ...props });
    const certificates = [Certificate.fromCertificateArn(stack, 'Certificate', CERTIFICATE)];
    return { stack, vpc, balancer, certificates };
  };
  const listening = (props: Partial<SecureLoadBalancerProps> = {}, tier: Tier = 'high') => {
    const made = make(props, tier);
    const listener = made.balancer.addListener('Https', {
      certificates: made.certificates,
      defaultAction: ListenerAction.fixedResponse(404),
    });
    return { ...made, listener };
  };

  it.each(TIERS)('is internal, drops what is malformed and records requests, at tier %s', (tier) => {
    const template = Template.fromStack(listening({}, tier).stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internal',
      LoadBalancerAttributes: Match.arrayWith([
        { Key: 'deletion_protection.enabled', Value: 'true' },
        { Key: 'routing.http.drop_invalid_header_fields.enabled', Value: 'true' },
        { Key: 'routing.http.desync_mitigation_mode', Value: 'strictest' },
        { Key: 'access_logs.s3.enabled', Value: 'true' },
      ]),
    });
    template.resourceCountIs('AWS::WAFv2::WebACL', 0);
    const attributes = JSON.stringify(template.findResources('AWS::ElasticLoadBalancingV2::LoadBalancer'));
    expect(attributes.includes('connection_logs.s3.enabled')).toBe(tier === 'high');
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'LoadBalancerLogDelivery',
            Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': Match.anyValue() },
            },
          }),
        ]),
      },
    });
  });

  it('listens on 443 with TLS 1.2 and 1.3, and lets in nobody until somebody is named', () => {
    const template = Template.fromStack(listening().stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Port: 443,
      Protocol: 'HTTPS',
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });

  it('reaches its targets by HTTPS', () => {
    const { stack, listener } = listening();
    listener.addTargets('Service', { priority: 1, conditions: [ListenerCondition.pathPatterns(['/cases/*'])] });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { Protocol: 'HTTPS', Port: 443 });
  });

  it('asks for the health of its targets by HTTPS too, and by what else is said', () => {
    const { stack, listener } = listening();
    const conditions = [ListenerCondition.pathPatterns(['/cases/*'])];
    listener.addTargets('Service', { priority: 1, conditions, healthCheck: { path: '/health' } });
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      HealthCheckProtocol: 'HTTPS',
      HealthCheckPath: '/health',
    });
  });

  it('reaches them in clear text only at the low tier, or with a waiver', () => {
    const inClear = { protocol: ApplicationProtocol.HTTP, port: 8080 };
    expect(() => listening().listener.addTargets('Service', inClear)).toThrow(
      /Cases\/Entry\/Https\/Service: protocol HTTP breaks TLS-04.*let the targets answer by HTTPS/,
    );
    expect(() => listening({}, 'low').listener.addTargets('Service', inClear)).not.toThrow();
    const { stack, listener } = listening({ relax: [relaxationOf('TLS-04')] });
    listener.addTargets('Service', inClear);
    Template.fromStack(stack).hasResource('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Metadata: { Palisade: { waivers: [Match.objectLike({ rule: 'TLS-04.edge' })] } },
    });
    expect(brokenRules(stack, 'edge')).toEqual([]);
  });

  it('faces the internet only where the profile says so, and then behind a web firewall', () => {
    expect(() => make({ internetFacing: true }, 'moderate')).toThrow(
      /Cases\/Entry: internetFacing, but the data profile of "case-management" says exposure organisation; declare exposure internet/,
    );
    const { stack, balancer } = listening({ internetFacing: true });
    expect(balancer.webAcl).toBeDefined();
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Scheme: 'internet-facing',
      Subnets: ['subnet-0123456789abcdef3', 'subnet-0123456789abcdef4'],
    });
    template.hasResourceProperties('AWS::WAFv2::WebACLAssociation', { ResourceArn: { Ref: Match.stringLikeRegexp('^Entry') } });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443 })],
    });
    expect(brokenRules(stack, 'edge')).toEqual([]);
  });

  it('shares a web firewall', () => {
    const stack = stackOf('high');
    const webAcl = new SecureWebAcl(stack, 'Firewall');
    const vpc = Vpc.fromVpcAttributes(stack, 'Net', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['a', 'b'],
      publicSubnetIds: ['subnet-0123456789abcdef3', 'subnet-0123456789abcdef4'],
    });
    for (const id of ['One', 'Two']) new SecureLoadBalancer(stack, id, { vpc, internetFacing: true, webAcl });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::WAFv2::WebACL', 1);
    template.resourceCountIs('AWS::WAFv2::WebACLAssociation', 2);
  });

  it('serves no clear text, and redirects those who come with it', () => {
    const { stack, balancer, certificates } = listening({ internetFacing: true });
    expect(() => balancer.addListener('Http', { port: 80, defaultAction: ListenerAction.fixedResponse(200) })).toThrow(
      /Cases\/Entry\/Http: serves clear text; use HTTPS with certificates, and addRedirect\(\)/,
    );
    expect(() => balancer.addListener('Old', { certificates, port: 8443, sslPolicy: SslPolicy.TLS12 })).toThrow(
      /Cases\/Entry\/Old: sslPolicy ELBSecurityPolicy-TLS-1-2-2017-01 negotiates no TLS 1.3/,
    );
    expect(() => balancer.addRedirect({ targetProtocol: ApplicationProtocol.HTTP })).toThrow(
      /leads to HTTP; leave targetProtocol out \(TLS-02\)/,
    );
    balancer.addRedirect();
    Template.fromStack(stack).hasResourceProperties('AWS::ElasticLoadBalancingV2::Listener', {
      Protocol: 'HTTP',
      DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } }],
    });
    expect(brokenRules(stack, 'edge')).toEqual([]);
  });

  it('writes its records only where the service can', () => {
    const stack = stackOf('high');
    const logs = new Bucket(stack, 'Logs', { encryptionKey: new SecureKey(stack, 'Key') });
    const vpc = Vpc.fromVpcAttributes(stack, 'Net', {
      vpcId: 'vpc-0123456789abcdef0',
      availabilityZones: ['a', 'b'],
      privateSubnetIds: ['subnet-0123456789abcdef1', 'subnet-0123456789abcdef2'],
    });
    expect(() => new SecureLoadBalancer(stack, 'Entry', { vpc, logs })).toThrow(
      /Cases\/Entry: logs has a key of its own.*use an AccessLogBucket/,
    );
  });

  it('can be deleted with its stack only with a waiver', () => {
    const { stack } = listening({ relax: [relaxationOf('DHC-10')] });
    Template.fromStack(stack).hasResource('AWS::ElasticLoadBalancingV2::LoadBalancer', {
      Properties: { LoadBalancerAttributes: Match.arrayWith([{ Key: 'deletion_protection.enabled', Value: 'false' }]) },
      Metadata: { Palisade: { waivers: [Match.objectLike({ rule: 'DHC-10.edge' })] } },
    });
    expect(() => make({ relax: [relaxationOf('TLS-01')] })).toThrow(/TLS-01 cannot be relaxed on SecureLoadBalancer/);
  });

  it.each([
    [
      'TLS-01',
      ({ listener }: ReturnType<typeof listening>) => resourceOf(listener).addPropertyOverride('SslPolicy', 'ELBSecurityPolicy-2016-08'),
    ],
    [
      'TLS-02',
      ({ stack, balancer }: ReturnType<typeof listening>) =>
        new CfnListener(stack, 'Plain', {
          loadBalancerArn: balancer.loadBalancerArn,
          protocol: 'HTTP',
          port: 80,
          defaultActions: [{ type: 'forward', targetGroupArn: 'arn:aws:elasticloadbalancing:eu-central-1:111122223333:targetgroup/t/1' }],
        }),
    ],
    ['DID-07', ({ balancer }: ReturnType<typeof listening>) => balancer.webAcl?.node.tryRemoveChild('Association')],
    [
      'DID-17',
      ({ balancer }: ReturnType<typeof listening>) => balancer.setAttribute('routing.http.drop_invalid_header_fields.enabled', 'false'),
    ],
    ['DHC-10', ({ balancer }: ReturnType<typeof listening>) => balancer.setAttribute('deletion_protection.enabled', 'false')],
    ['LOG-13', ({ balancer }: ReturnType<typeof listening>) => balancer.setAttribute('access_logs.s3.enabled', 'false')],
    [
      'BCR-06',
      ({ balancer }: ReturnType<typeof listening>) => resourceOf(balancer).addPropertyOverride('Subnets', ['subnet-0123456789abcdef3']),
    ],
    [
      'TLS-04',
      ({ listener }: ReturnType<typeof listening>) =>
        resourceOf(listener.addTargets('Service', {})).addPropertyOverride('Protocol', 'HTTP'),
    ],
  ])('is named by %s.edge when weakened', (control, weaken) => {
    const made = listening({ internetFacing: true });
    weaken(made);
    expect(brokenRules(made.stack, 'edge')).toEqual([`${control}.edge`]);
  });

  it('is named by DID-02.edge when it is put on the internet afterwards', () => {
    const { stack, balancer } = listening({}, 'moderate');
    resourceOf(balancer).addPropertyOverride('Scheme', 'internet-facing');
    expect(brokenRules(stack, 'edge')).toContain('DID-02.edge');
  });
});
