import { App, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { declareOrganisation, declareProfile, organisationOf, profileOf, SecureKey, SecureStack } from '../constructs/aws';
import { PROFILES, plainStack } from './support/aws-constructs';

const metadataOf = (stack: Stack) => Template.fromStack(stack).toJSON().Metadata?.Palisade;

describe('a declared profile', () => {
  it('is written into the metadata of every stack beneath, also of those created later', () => {
    const app = new App();
    const early = new Stack(app, 'Early');
    declareProfile(app, PROFILES.high);
    const late = new Stack(app, 'Late');
    expect(metadataOf(early)).toEqual({ profile: PROFILES.high });
    expect(metadataOf(late)).toEqual({ profile: PROFILES.high });
  });

  it('reaches nested stacks', () => {
    const stack = new SecureStack(new App(), 'Cases', { profile: PROFILES.moderate });
    const nested = new NestedStack(stack, 'Nested');
    expect(profileOf(nested).tier).toBe('moderate');
    expect(metadataOf(nested)).toEqual({ profile: PROFILES.moderate });
  });

  it('tags what it covers, and the nearest declaration counts', () => {
    const app = new App();
    declareProfile(app, PROFILES.high);
    const stack = new SecureStack(app, 'Tools', { profile: PROFILES.low });
    new Queue(stack, 'Queue');
    expect(profileOf(stack).tier).toBe('low');
    expect(metadataOf(stack)).toEqual({ profile: PROFILES.low });
    Template.fromStack(stack).hasResourceProperties('AWS::SQS::Queue', {
      Tags: [
        { Key: 'palisade:owner', Value: PROFILES.low.owner },
        { Key: 'palisade:sensitivity', Value: 'internal' },
        { Key: 'palisade:system', Value: 'case-management' },
        { Key: 'palisade:tier', Value: 'low' },
        { Key: 'palisade:volume', Value: 'few' },
      ],
    });
  });

  it('keeps other metadata of the template', () => {
    const stack = new SecureStack(new App(), 'Cases', { profile: PROFILES.low });
    stack.templateOptions.metadata = { Team: 'support' };
    expect(Template.fromStack(stack).toJSON().Metadata).toEqual({ Team: 'support', Palisade: { profile: PROFILES.low } });
  });

  it('holds for a stage', () => {
    const stage = new Stage(new App(), 'Production');
    declareProfile(stage, PROFILES.high);
    expect(profileOf(new Stack(stage, 'Cases')).why).toContain('sensitivity restricted: 3 of 3');
  });

  it('keeps hardened constructs in the regions that it promises', () => {
    const app = new App();
    declareProfile(app, { ...PROFILES.low, residency: ['eu-central-1', 'eu-west-1'] });
    const certificates = new Stack(app, 'Certificates', { env: { region: 'us-east-1' } });
    expect(() => profileOf(certificates)).toThrow(
      /^Certificates: region is "us-east-1", but case-management promises to stay in eu-central-1, eu-west-1 \(LOC-01\)$/,
    );
    expect(metadataOf(certificates).profile.system).toBe('case-management');
    expect(profileOf(new Stack(app, 'Cases', { env: { region: 'eu-west-1' } })).tier).toBe('low');
    expect(profileOf(new Stack(app, 'Anywhere')).tier).toBe('low');
    expect(profileOf(app).tier).toBe('low');
  });

  it('may be repeated but not contradicted', () => {
    const app = new App();
    const first = declareProfile(app, PROFILES.high);
    expect(declareProfile(app, { ...PROFILES.high })).toBe(first);
    expect(() => declareProfile(app, PROFILES.low)).toThrow(/the app: a data profile is declared already, for "case-management"/);
  });

  it('is declared on stacks, not inside them', () => {
    const inside = new Construct(plainStack(), 'Part');
    expect(() => declareProfile(inside, PROFILES.low)).toThrow(
      /Plain\/Part: a data profile holds for whole stacks; declare it on the stack "Plain"/,
    );
  });

  it.each(['system', 'owner', 'sensitivity', 'volume', 'exposure', 'privilege'] as const)('lacks nothing: %s is required', (input) => {
    expect(() => declareProfile(new App(), { ...PROFILES.low, [input]: undefined } as never)).toThrow(new RegExp(`${input} is missing`));
  });

  it('uses only the words of the scale', () => {
    expect(() => declareProfile(new App(), { ...PROFILES.low, volume: 'lots' } as never)).toThrow(
      /volume is "lots"; write one of few, thousands/,
    );
  });
});

describe('a system without a profile', () => {
  it('does not synthesise', () => {
    expect(() => new SecureKey(plainStack(), 'Key')).toThrow(/Plain: no data profile is declared.*GOV-10, LOG-01.*use SecureStack/);
    expect(() => new SecureStack(new App(), 'Cases', {} as never)).toThrow(/Cases: no data profile is given/);
    expect(() => new SecureStack(new App(), 'Cases', undefined as never)).toThrow(/Cases: no data profile is given/);
  });
});

describe('a secure stack', () => {
  it('cannot be deleted by accident, unless that is switched off', () => {
    expect(new SecureStack(new App(), 'A', { profile: PROFILES.low }).terminationProtection).toBe(true);
    expect(new SecureStack(new App(), 'A', { profile: PROFILES.low, terminationProtection: false }).terminationProtection).toBe(false);
  });

  it('chooses availability zones without a look-up, even for a fixed account and region', () => {
    const app = new App();
    const stack = new SecureStack(app, 'A', { profile: PROFILES.low, env: { account: '111122223333', region: 'eu-central-1' } });
    expect(stack.resolve(stack.availabilityZones)[2]).toEqual({ 'Fn::Select': [2, { 'Fn::GetAZs': '' }] });
    expect(app.synth().manifest.missing).toBeUndefined();
  });
});

describe('an organisation', () => {
  it('is found by everything beneath', () => {
    const stack = new SecureStack(new App(), 'A', { profile: PROFILES.low, organisationId: 'o-exampleorgid' });
    expect(organisationOf(new Construct(stack, 'Part'))).toBe('o-exampleorgid');
    expect(organisationOf(plainStack())).toBeUndefined();
  });

  it('has an id', () => {
    expect(() => declareOrganisation(new App(), 'Example Corp')).toThrow(/the app: organisation "Example Corp" is no organisation id/);
  });
});
