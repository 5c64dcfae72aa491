import { describe, expect, it } from 'vitest';
import { graphOfTemplates, type TemplateInput } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { compareSides, type Side, sideOf } from '../review/diff';
import { digestOf } from '../review/review-document';
import type { ReviewChange } from '../review/schema-review';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
type Template = Readonly<Record<string, unknown>>;
const inputOf = (template: Template, more: Partial<TemplateInput> = {}): TemplateInput => ({
  id: 'cases',
  template: template as Record<string, Node>,
  region: 'eu-central-1',
  account: '111122223333',
  ...more,
});
const sideFrom = (which: Side['which'], ...inputs: readonly TemplateInput[]): Side => {
  const { graph, waivers } = graphOfTemplates(inputs);
  return sideOf(which, [{ path: 'cases.json', graph, waivers }], occasion);
};
const between = (before: readonly TemplateInput[], after: readonly TemplateInput[]): readonly ReviewChange[] =>
  compareSides(sideFrom('before', ...before), sideFrom('after', ...after), occasion);
const review = (before: Template, after: Template, more: Partial<TemplateInput> = {}): readonly ReviewChange[] =>
  between([inputOf(before, more)], [inputOf(after, more)]);
const asked = (changes: readonly ReviewChange[]): readonly string[] =>
  changes.filter(({ direction }) => direction === 'weaker' || direction === 'undecided').map(({ sentence }) => sentence);

const days = (RetentionInDays: unknown) => ({
  Type: 'AWS::Logs::LogGroup',
  DeletionPolicy: 'Retain',
  UpdateReplacePolicy: 'Retain',
  Properties: { RetentionInDays },
});
const either = (condition: string, yes: unknown, no: unknown) => ({ 'Fn::If': [condition, yes, no] });
const is = (parameter: string, value: string) => ({ 'Fn::Equals': [{ Ref: parameter }, value] });
const text = (Default?: string) => ({ Type: 'String', ...(Default === undefined ? {} : { Default }) });
const one = (retention: unknown, standard?: string): Template => ({
  Parameters: { Env: text(standard) },
  Conditions: { IsProd: is('Env', 'prod') },
  Resources: { Others: days(731), Logs: days(retention) },
});

describe('what is deployed when a parameter is given another value', () => {
  it('is compared, and told with the parameter that makes the difference', () => {
    expect(asked(review(one(either('IsProd', 731, 731), 'prod'), one(either('IsProd', 731, 30), 'prod')))).toEqual([
      expect.stringMatching(/Logs.*731 days to 30 days, when parameter Env is not "prod"$/),
    ]);
  });

  it('is told without a word of parameters where that is what is deployed by default', () => {
    const [only, ...more] = asked(review(one(either('IsProd', 731, 731), 'prod'), one(either('IsProd', 30, 731), 'prod')));
    expect(more).toEqual([]);
    expect(only).toMatch(/731 days to 30 days$/);
  });

  it('has a word of parameters on either side where no default decides', () => {
    const told = asked(review(one(either('IsProd', 731, 731)), one(either('IsProd', 30, 90))));
    expect(told).toHaveLength(2);
    expect(told).toContainEqual(expect.stringMatching(/731 days to 30 days, when parameter Env is "prod"$/));
    expect(told).toContainEqual(expect.stringMatching(/731 days to 90 days, when parameter Env is not "prod"$/));
  });

  it('is told once where it is the same in every deployment', () => {
    const [only, ...more] = asked(review(one(either('IsProd', 731, '731')), one(either('IsProd', 30, '30'))));
    expect(more).toEqual([]);
    expect(only).toMatch(/731 days to 30 days$/);
  });

  it('is not looked at where a deployment is known to give the parameter', () => {
    const more = { parameters: { Env: 'prod' } };
    expect(asked(review(one(either('IsProd', 731, 731), 'dev'), one(either('IsProd', 731, 30), 'dev'), more))).toEqual([]);
  });

  it('reaches the stacks that a stack deploys', () => {
    const parent: Template = {
      Parameters: { Stage: text('live') },
      Resources: {
        Nested: { Type: 'AWS::CloudFormation::Stack', Properties: { TemplateURL: 'n.json', Parameters: { Env: { Ref: 'Stage' } } } },
      },
    };
    const state = (retention: unknown) => [
      inputOf(parent),
      inputOf({ ...one(retention, 'prod'), Conditions: { IsProd: is('Env', 'live') } }, { id: 'cases/Nested', deployedBy: 'cases/Nested' }),
    ];
    expect(asked(between(state(731), state(either('IsProd', 731, 30))))).toEqual([
      expect.stringMatching(/731 days to 30 days, when parameter Stage is not "live"$/),
    ]);
  });

  it('counts several parameters together where only both make the difference', () => {
    const state = (retention: unknown): Template => ({
      Parameters: { Env: text('prod'), Audit: text('yes') },
      Conditions: { IsProd: is('Env', 'prod'), IsAudited: is('Audit', 'yes') },
      Resources: { Others: days(731), Logs: days(retention) },
    });
    expect(asked(review(state(731), state(either('IsProd', 731, either('IsAudited', 731, 30)))))).toEqual([
      expect.stringMatching(/when parameter Audit is not "yes" and parameter Env is not "prod"$/),
    ]);
  });

  it('is found in the region that nobody fixed', () => {
    const state = (retention: number): Template => ({
      Mappings: { Keep: { 'eu-central-1': { Days: 731 }, 'us-east-1': { Days: retention } } },
      Resources: { Others: days(731), Logs: days({ 'Fn::FindInMap': ['Keep', { Ref: 'AWS::Region' }, 'Days'] }) },
    });
    expect(asked(review(state(731), state(30), { region: undefined }))).toEqual([
      expect.stringMatching(/731 days to 30 days, when the region is "us-east-1"$/),
    ]);
    expect(asked(review(state(731), state(30)))).toEqual([]);
  });

  it('says nothing of conditions that are written otherwise', () => {
    const old = one(either('IsProd', 731, 30), 'dev');
    const now: Template = {
      ...one(either('IsOther', 30, 731), 'dev'),
      Conditions: { IsOther: { 'Fn::Not': [{ 'Fn::Or': [{ 'Fn::Equals': ['prod', { Ref: 'Env' }] }, { 'Fn::Equals': ['a', 'b'] }] }] } },
    };
    expect(asked(review(old, now))).toEqual([]);
    expect(asked(review(now, old))).toEqual([]);
  });

  it('is stronger one way where it is weaker the other', () => {
    const [old, now] = [one(either('IsProd', 731, 731), 'prod'), one(either('IsProd', 731, 30), 'prod')];
    const back = review(now, old);
    expect(asked(back)).toEqual([]);
    expect(back.filter(({ direction }) => direction === 'stronger').map(({ sentence }) => sentence)).toContainEqual(
      expect.stringMatching(/when parameter Env is not "prod"$/),
    );
  });

  it('changes the digest, so that it voids an approval', () => {
    const [old, now] = [one(either('IsProd', 731, 731), 'prod'), one(either('IsProd', 731, 30), 'prod')];
    expect(digestOf(sideFrom('after', inputOf(old)))).not.toBe(digestOf(sideFrom('after', inputOf(now))));
    expect(digestOf(sideFrom('after', inputOf(old)))).toBe(digestOf(sideFrom('after', inputOf(structuredClone(old)))));
  });

  it('is undecided where there are more combinations than are compared, and says on what it depends', () => {
    const names = ['A', 'B', 'C', 'D', 'E', 'F'];
    const nested = (leaf: unknown) => names.reduce((inner, name) => either(`Is${name}`, 731, inner) as never, leaf);
    const state = (retention: unknown): Template => ({
      Parameters: Object.fromEntries(names.map((name) => [name, text('yes')])),
      Conditions: Object.fromEntries(names.map((name) => [`Is${name}`, is(name, 'yes')])),
      Resources: { Others: days(731), Logs: days(retention) },
    });
    const told = review(state(731), state(nested(30)));
    expect(told.map(({ approver, direction, sentence }) => [direction, approver, sentence])).toEqual([
      ['undecided', 'security', expect.stringMatching(/more combinations of IsA, IsB, IsC, IsD, IsE, IsF than the 16 that were compared/)],
    ]);
  });

  it('is left alone where only the record of library versions hangs on conditions', () => {
    const regions = ['eu-central-1', 'us-east-1', 'eu-west-1'];
    const state = (analytics: string, retention: unknown): Template => ({
      Conditions: { CDKMetadataAvailable: { 'Fn::Or': regions.map((name) => ({ 'Fn::Equals': [{ Ref: 'AWS::Region' }, name] })) } },
      Resources: {
        Others: days(731),
        Logs: days(retention),
        CDKMetadata: { Type: 'AWS::CDK::Metadata', Condition: 'CDKMetadataAvailable', Properties: { Analytics: analytics } },
      },
    });
    const told = asked(review(state('v2:1', 731), state('v2:2', 30), { region: undefined }));
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(/731 days to 30 days$/);
  });
});
