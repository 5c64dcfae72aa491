import { App, type CfnResource } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SecurityPolicyProtocol, ViewerProtocolPolicy } from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { SecureBucket, SecureDistribution, type SecureDistributionProps, SecureStack } from '../constructs/aws';
import type { Tier } from '../controls';
import { PROFILES } from './support/aws-constructs';
import { brokenRules } from './support/broken';
import { CHECK_DAY, relaxationOf } from './support/relaxation';

const resourceOf = (construct: { readonly node: { readonly defaultChild?: unknown } }) => construct.node.defaultChild as CfnResource;

describe('a distribution', () => {
  const edgeStack = (tier: Tier = 'high', region = 'us-east-1') =>
    new SecureStack(new App({ context: { 'palisade:today': CHECK_DAY } }), 'Edge', { env: { region }, profile: PROFILES[tier] });
  const make = (props: Partial<SecureDistributionProps> = {}, stack = edgeStack()) => {
    const site = new SecureDistribution(stack, 'Site', {
      defaultBehavior: { origin: new HttpOrigin('web.example.com') },
      domainNames: ['cases.example.com'],
      certificate: Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:us-east-1:111122223333:certificate/a'),
      ...props,
    });
    return { stack, site };
  };

  it('takes modern TLS only, behind a web firewall, and redirects clear text on every path', () => {
    const { stack, site } = make({ additionalBehaviors: { '/api/*': { origin: new HttpOrigin('api.example.com') } } });
    site.addBehavior('/files/*', new HttpOrigin('files.example.com'), { viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        ViewerCertificate: Match.objectLike({ MinimumProtocolVersion: 'TLSv1.2_2021' }),
        WebACLId: Match.anyValue(),
        DefaultRootObject: 'index.html',
        DefaultCacheBehavior: Match.objectLike({ ViewerProtocolPolicy: 'redirect-to-https', ResponseHeadersPolicyId: Match.anyValue() }),
        CacheBehaviors: [
          Match.objectLike({ PathPattern: '/api/*', ViewerProtocolPolicy: 'redirect-to-https', ResponseHeadersPolicyId: Match.anyValue() }),
          Match.objectLike({ PathPattern: '/files/*', ViewerProtocolPolicy: 'https-only', ResponseHeadersPolicyId: Match.anyValue() }),
        ],
      },
    });
    template.hasResourceProperties('AWS::WAFv2::WebACL', { Scope: 'CLOUDFRONT' });
    expect(brokenRules(stack, 'edge')).toEqual([]);
  });

  it('sends the headers that protect browsers', () => {
    const { stack } = make({ contentSecurityPolicy: "default-src 'self' https://login.example.com" });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFront::ResponseHeadersPolicy', {
      ResponseHeadersPolicyConfig: {
        SecurityHeadersConfig: {
          ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self' https://login.example.com", Override: true },
          ContentTypeOptions: { Override: true },
          FrameOptions: { FrameOption: 'DENY', Override: true },
          ReferrerPolicy: { ReferrerPolicy: 'strict-origin-when-cross-origin', Override: true },
          StrictTransportSecurity: { AccessControlMaxAgeSec: 63_072_000, IncludeSubdomains: true, Preload: true, Override: true },
        },
      },
    });
  });

  it('records requests into a log group, or an archive', () => {
    const template = Template.fromStack(make().stack);
    template.hasResourceProperties('AWS::Logs::DeliverySource', { LogType: 'ACCESS_LOGS' });
    template.hasResourceProperties('AWS::Logs::Delivery', { DeliverySourceName: { Ref: Match.stringLikeRegexp('^SiteAccessLogs') } });
    const stack = edgeStack();
    make({ logs: Bucket.fromBucketName(stack, 'Archive', 'records') }, stack);
    const own = Object.keys(Template.fromStack(stack).findResources('AWS::Logs::LogGroup'));
    expect(own.filter((id) => id.startsWith('SiteRecords'))).toEqual([]);
  });

  it('keeps its bucket private', () => {
    const stack = edgeStack('low');
    const web = new SecureBucket(stack, 'Web', { retention: { atMostDays: 365 } });
    make({ defaultBehavior: { origin: S3BucketOrigin.withOriginAccessControl(web) } }, stack);
    Template.fromStack(stack).hasResourceProperties('AWS::CloudFront::OriginAccessControl', {
      OriginAccessControlConfig: Match.objectLike({ SigningBehavior: 'always', SigningProtocol: 'sigv4' }),
    });
    expect(brokenRules(stack, 'edge')).toEqual([]);
  });

  it('refuses clear text, old TLS, no name, and another region, in one line each', () => {
    const origin = new HttpOrigin('web.example.com');
    expect(() => make({ defaultBehavior: { origin, viewerProtocolPolicy: ViewerProtocolPolicy.ALLOW_ALL } })).toThrow(
      /Edge\/Site: a behaviour takes clear text; leave viewerProtocolPolicy out, or write HTTPS_ONLY \(TLS-02\)/,
    );
    expect(() => make().site.addBehavior('/x', origin, { viewerProtocolPolicy: ViewerProtocolPolicy.ALLOW_ALL })).toThrow(
      /Edge\/Site: a behaviour takes/,
    );
    expect(() => make({ minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_1_2016 })).toThrow(
      /minimumProtocolVersion is TLSv1.1_2016; write one of TLSv1.2_2021, TLSv1.2_2025, TLSv1.3_2025 \(TLS-01\)/,
    );
    expect(() => make({ domainNames: [] })).toThrow(/domainNames is empty; name the hosts that the certificate covers/);
    expect(() => make({}, edgeStack('high', 'eu-central-1'))).toThrow(
      /the distribution "Site" is managed in us-east-1, and the stack is in eu-central-1/,
    );
    expect(() => make({ relax: [relaxationOf('TLS-01')] })).toThrow(/TLS-01 cannot be relaxed on SecureDistribution/);
  });

  it.each([
    ['TLS-01', 'ViewerCertificate.MinimumProtocolVersion', 'TLSv1'],
    ['TLS-02', 'DefaultCacheBehavior.ViewerProtocolPolicy', 'allow-all'],
    ['TLS-04', 'Origins.0.CustomOriginConfig.OriginProtocolPolicy', 'http-only'],
    ['TLS-08', 'ViewerCertificate.IamCertificateId', 'ASCA1'],
    ['DID-07', 'WebACLId', ''],
    ['DID-18', 'DefaultCacheBehavior.ResponseHeadersPolicyId', undefined],
    ['DHC-05', 'Origins.0.S3OriginConfig', { OriginAccessIdentity: '' }],
  ])('is named by %s.edge when %s is overridden', (control, path, value) => {
    const { stack, site } = make();
    resourceOf(site).addPropertyOverride(`DistributionConfig.${path}`, value);
    expect(brokenRules(stack, 'edge')).toContain(`${control}.edge`);
  });

  it('is named by LOG-13.edge when its records are delivered nowhere', () => {
    const { stack, site } = make();
    site.node.tryRemoveChild('AccessLogDelivery');
    expect(brokenRules(stack, 'edge')).toEqual(['LOG-13.edge']);
  });
});
