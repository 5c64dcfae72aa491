import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { context as flags } from '../cdk.json';
import { TAGS } from '../constructs/contract';
import { type CaseManagementProps, caseManagement } from '../stacks/aws/case-management';
import { CASE_MANAGEMENT } from '../stacks/profile';

const make = (props?: CaseManagementProps, context: Record<string, unknown> = {}) => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'palisade-stacks-')), context });
  const stacks = caseManagement(app, props);
  const assembly = app.synth();
  const template = (name: string) => Template.fromJSON(assembly.getStackByName(name).template);
  return { stacks, assembly, cases: template('case-management'), logs: props?.archive ? undefined : template('case-management-logs') };
};
const usual = make();

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown>; DeletionPolicy?: string }>;
const resourcesOf = (template: Template | undefined) => (template?.toJSON().Resources ?? {}) as Resources;

describe('the case-management environment', () => {
  it('is of the high tier, and says so in every stack', () => {
    const { stacks, cases, logs } = usual;
    expect(stacks.cases.profile.tier).toBe('high');
    for (const template of [cases, logs])
      expect(template?.toJSON().Metadata.Palisade.profile).toEqual({ ...CASE_MANAGEMENT, residency: ['eu-central-1'] });
  });

  it('synthesises without look-ups', () => {
    expect(usual.assembly.manifest.missing).toBeUndefined();
    expect(JSON.stringify([usual.cases.toJSON(), usual.logs?.toJSON()])).not.toContain('dummy');
  });

  it('comes out the same each time', () => {
    const again = make();
    expect(again.cases.toJSON()).toEqual(usual.cases.toJSON());
    expect(again.logs?.toJSON()).toEqual(usual.logs?.toJSON());
  });

  it('means the same under the feature flags of cdk.json', () => {
    const flagged = make({}, flags);
    const count = (template: Template | undefined) => {
      const types = Object.values(resourcesOf(template)).map(({ Type }) => Type);
      return Object.fromEntries([...new Set(types)].sort().map((type) => [type, types.filter((each) => each === type).length]));
    };
    expect(count(flagged.cases)).toEqual(count(usual.cases));
    expect(count(flagged.logs)).toEqual(count(usual.logs));
  });

  it('has no way in or out to the internet', () => {
    const ways = [
      'AWS::EC2::InternetGateway',
      'AWS::EC2::NatGateway',
      'AWS::EC2::EgressOnlyInternetGateway',
      'AWS::EC2::EIP',
      'AWS::EC2::Route',
    ];
    for (const type of ways) usual.cases.resourceCountIs(type, 0);
    usual.cases.hasResourceProperties('AWS::EC2::VPCBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-bidirectional' });
  });

  it('stays well below the limit of CloudFormation', () => {
    for (const template of [usual.cases, usual.logs]) expect(Object.keys(resourcesOf(template)).length).toBeLessThan(450);
  });

  it('keeps what holds data when its stacks go, and cannot be deleted by accident', () => {
    const stateful = ['AWS::S3::Bucket', 'AWS::KMS::Key', 'AWS::Logs::LogGroup'];
    for (const template of [usual.cases, usual.logs])
      for (const { Type, DeletionPolicy } of Object.values(resourcesOf(template)))
        if (stateful.includes(Type)) expect([Type, DeletionPolicy]).toEqual([Type, 'Retain']);
    for (const stack of usual.assembly.stacks) expect(stack.terminationProtection).toBe(true);
  });

  it('classifies its stores', () => {
    usual.cases.allResourcesProperties('AWS::S3::Bucket', {
      Tags: Match.arrayWith([
        { Key: TAGS.sensitivity, Value: 'restricted' },
        { Key: TAGS.tier, Value: 'high' },
      ]),
    });
  });

  it('sends its trail to an archive that depends on nothing of it', () => {
    expect(usual.assembly.getStackByName('case-management').dependencies.map(({ id }) => id)).toContain('case-management-logs');
    expect(JSON.stringify(usual.logs?.toJSON())).not.toContain('Fn::ImportValue');
    usual.cases.hasResourceProperties('AWS::CloudTrail::Trail', {
      S3BucketName: { 'Fn::ImportValue': Match.stringLikeRegexp('^case-management-logs:.*Archive') },
    });
  });

  it('records everything, write-once, and hears of it when it is tampered with', () => {
    usual.logs?.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 731 } } },
    });
    usual.logs?.resourceCountIs('AWS::Events::Rule', 2);
    usual.cases.resourceCountIs('AWS::SNS::Topic', 0);
    usual.cases.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmActions: [{ 'Fn::ImportValue': Match.stringLikeRegexp('Alarms') }],
    });
  });

  it('takes attachments from the origin of the application only', () => {
    make({ origin: 'https://support.example.org' }).cases.hasResourceProperties('AWS::S3::Bucket', {
      CorsConfiguration: { CorsRules: [Match.objectLike({ AllowedOrigins: ['https://support.example.org'] })] },
    });
    expect(() => caseManagement(new App(), { origin: '*' })).toThrow(/cors origin "\*" breaks DID-21/);
  });
});

describe('another place', () => {
  it('moves the residency with the region, and knows the prefix lists of its own only', () => {
    const { stacks, cases } = make({ region: 'eu-west-1', account: '111122223333', organisationId: 'o-exampleorgid' });
    expect(stacks.cases.profile.profile.residency).toEqual(['eu-west-1']);
    expect(JSON.stringify(cases.toJSON())).not.toContain('pl-');
    cases.allResourcesProperties('AWS::EC2::VPCEndpoint', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:ResourceOrgID': 'o-exampleorgid' } },
          }),
        ]),
      },
    });
  });

  it('uses the archive of the security account, and then has no log stack', () => {
    const archive = {
      bucketName: 'org-log-archive',
      keyArn: 'arn:aws:kms:eu-central-1:999988887777:key/1234abcd-12ab-34cd-56ef-1234567890ab',
    };
    const { stacks, cases } = make({ archive, securityMailbox: 'security@example.com' });
    expect(stacks.logs).toBeUndefined();
    cases.hasResourceProperties('AWS::CloudTrail::Trail', { S3BucketName: 'org-log-archive', KMSKeyId: archive.keyArn });
    cases.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'security@example.com' });
  });
});
