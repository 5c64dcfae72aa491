import { describe, expect, it } from 'vitest';
import { judge } from '../policies/evaluate';
import { graphOfTemplates, type TemplateInput } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { type Outcome, pass } from '../policies/outcome';
import type { Resource } from '../policies/resource';
import type { Rule } from '../policies/rule';

const equals = (parameter: string, text: string) => ({ 'Fn::Equals': [{ Ref: parameter }, text] });
const when = (condition: string, yes: unknown, no: unknown = { Ref: 'AWS::NoValue' }) => ({ 'Fn::If': [condition, yes, no] });

interface Case {
  readonly parameters?: { readonly [name: string]: unknown };
  readonly conditions?: { readonly [name: string]: unknown };
  readonly properties?: { readonly [name: string]: unknown };
  readonly mappings?: { readonly [name: string]: unknown };
  readonly condition?: string;
}

function graphOf({ parameters = {}, conditions = {}, properties = {}, mappings = {}, condition }: Case, init: Partial<TemplateInput> = {}) {
  const It = { Type: 'AWS::X::It', Properties: properties, ...(condition ? { Condition: condition } : {}) };
  const template = { Parameters: parameters, Conditions: conditions, Mappings: mappings, Resources: { It } } as unknown as {
    [key: string]: Node;
  };
  return graphOfTemplates([{ id: 't', template, ...init }]).graph;
}

/** The verdict of a check on the only resource, in every world. */
function verdict(written: Case, check: (resource: Resource) => Outcome): string {
  const graph = graphOf(written);
  const [it] = graph.ofType('AWS::X::It');
  if (!it) return 'dropped';
  const { verdict: found, saw } = judge({ check } as unknown as Rule, it, graph, { tier: 'high' });
  return found === 'unknown' ? `unknown: ${saw}` : found;
}

const Env = { Type: 'String' };
const on = (resource: Resource) => resource.at('On').isTrue();

describe('a condition', () => {
  it.each([
    ['a given default', { parameters: { Env: { Type: 'String', Default: 'prod' } }, conditions: { C: equals('Env', 'prod') } }, 'pass'],
    ['the other default', { parameters: { Env: { Type: 'String', Default: 'dev' } }, conditions: { C: equals('Env', 'prod') } }, 'fail'],
    [
      'numbers and booleans as CloudFormation compares them, as text',
      { conditions: { C: { 'Fn::And': [{ 'Fn::Equals': [1, '1'] }, { 'Fn::Equals': [true, 'true'] }] } } },
      'pass',
    ],
    [
      'a mapping',
      { mappings: { M: { a: { on: 'yes' } } }, conditions: { C: { 'Fn::Equals': [{ 'Fn::FindInMap': ['M', 'a', 'on'] }, 'yes'] } } },
      'pass',
    ],
    [
      'one known operand of Or',
      { parameters: { Env }, conditions: { C: { 'Fn::Or': [equals('Env', 'x'), { 'Fn::Equals': ['a', 'a'] }] } } },
      'pass',
    ],
    [
      'one known operand of And',
      { parameters: { Env }, conditions: { C: { 'Fn::And': [equals('Env', 'x'), { 'Fn::Equals': ['a', 'b'] }] } } },
      'fail',
    ],
    [
      'a value that the parameter does not allow',
      { parameters: { Env: { Type: 'String', AllowedValues: ['dev', 'prod'] } }, conditions: { C: equals('Env', 'test') } },
      'fail',
    ],
    [
      'a text that could never be equal',
      { parameters: { Env }, conditions: { C: { 'Fn::Equals': [{ 'Fn::Sub': 'x-${Env}' }, 'y-prod'] } } },
      'fail',
    ],
    [
      'an unknown that equals itself',
      { parameters: { Env }, conditions: { C: { 'Fn::Equals': [{ Ref: 'Env' }, { 'Fn::Sub': '${Env}' }] } } },
      'pass',
    ],
  ])('is decided by %s', (_, written, expected) => {
    expect(verdict({ ...written, properties: { On: when('C', true, false) } }, on)).toBe(expected);
  });

  it('that nothing decides leaves the answer open, and names what it depends on', () => {
    const written = { parameters: { Env }, conditions: { C: equals('Env', 'prod') }, properties: { On: when('C', true) } };
    expect(verdict(written, on)).toBe('unknown: On is not set, but not in every case: depends on parameter Env equals "prod"');
  });

  it('that nothing decides does not matter when both branches keep the rule', () => {
    const written = { parameters: { Env }, conditions: { C: equals('Env', 'prod') }, properties: { On: when('C', true, 'true') } };
    expect(verdict(written, on)).toBe('pass');
  });

  it('agrees with its negation and with the same question under another name', () => {
    const conditions = {
      C: equals('Env', 'prod'),
      Not: { 'Fn::Not': [{ Condition: 'C' }] },
      Same: { 'Fn::Equals': ['prod', { Ref: 'Env' }] },
    };
    const check = (resource: Resource) => {
      const [a, b, c] = ['A', 'B', 'C'].map((key) => resource.at(key).string);
      return a === c && a !== b ? pass() : { verdict: 'fail' as const, saw: 'worlds disagree' };
    };
    expect(
      verdict(
        { parameters: { Env }, conditions, properties: { A: when('C', 'y', 'n'), B: when('Not', 'y', 'n'), C: when('Same', 'y', 'n') } },
        check,
      ),
    ).toBe('pass');
  });

  it('knows that one parameter cannot have two values', () => {
    const conditions = { Prod: equals('Env', 'prod'), Dev: equals('Env', 'dev') };
    const check = (resource: Resource) =>
      resource.at('A').string === 'y' && resource.at('B').string === 'y' ? { verdict: 'fail' as const, saw: 'both' } : pass();
    expect(verdict({ parameters: { Env }, conditions, properties: { A: when('Prod', 'y'), B: when('Dev', 'y') } }, check)).toBe('pass');
  });

  it('knows that a parameter has one of the values that it allows', () => {
    const conditions = { Prod: equals('Env', 'prod'), Dev: equals('Env', 'dev') };
    const parameters = { Env: { Type: 'String', AllowedValues: ['dev', 'prod'] } };
    const check = (resource: Resource) =>
      resource.at('A').state === 'absent' && resource.at('B').state === 'absent' ? { verdict: 'fail' as const, saw: 'neither' } : pass();
    expect(verdict({ parameters, conditions, properties: { A: when('Prod', 'y'), B: when('Dev', 'y') } }, check)).toBe('pass');
  });

  it('on a secret parameter is asked by the name of the parameter and shows no value', () => {
    const written = {
      parameters: { Pw: { Type: 'String', NoEcho: true, Default: 'x' } },
      conditions: { C: equals('Pw', '') },
      properties: { On: when('C', true) },
    };
    expect(verdict(written, on)).toContain('depends on parameter Pw equals ""');
  });

  it('that is defined by itself, or not at all, ends and stays open', () => {
    const circle = { A: { 'Fn::Not': [{ Condition: 'B' }] }, B: { 'Fn::Or': [{ Condition: 'A' }, equals('Env', 'x')] } };
    expect(verdict({ parameters: { Env }, conditions: circle, properties: { On: when('A', true) } }, on)).toMatch(/^unknown: /);
    expect(verdict({ properties: { On: when('Nowhere', true) } }, on)).toContain('condition Nowhere, which is not declared');
  });

  it('built from conditions that double at each level is decided at once', () => {
    const conditions: { [name: string]: unknown } = { C0: equals('Env', 'prod') };
    for (let level = 1; level <= 100; level += 1)
      conditions[`C${level}`] = { 'Fn::And': [{ Condition: `C${level - 1}` }, { Condition: `C${level - 1}` }] };
    expect(verdict({ parameters: { Env }, conditions, properties: { On: when('C100', true, 'true') } }, on)).toBe('pass');
  });
});

describe('a resource with a condition', () => {
  it('that is known to be false is not in the graph', () => {
    expect(verdict({ conditions: { C: { 'Fn::Equals': ['a', 'b'] } }, condition: 'C' }, on)).toBe('dropped');
  });
  it('that is known to be true exists in every world', () => {
    const graph = graphOf({ conditions: { C: { 'Fn::Equals': ['a', 'a'] } }, condition: 'C' });
    expect(graph.get('t/It')?.condition).toBeUndefined();
  });
  it('that nothing decides is judged only where it exists', () => {
    const written = { parameters: { Env }, conditions: { C: equals('Env', 'prod') }, condition: 'C', properties: { On: when('C', true) } };
    expect(verdict(written, on)).toBe('pass');
  });
});

describe('a rule that is judged in many worlds', () => {
  it('gives up after sixteen and says so', () => {
    const names = ['A', 'B', 'C', 'D', 'E'];
    const parameters = Object.fromEntries(names.map((name) => [name, { Type: 'String' }]));
    const conditions = Object.fromEntries(names.map((name) => [`Is${name}`, equals(name, 'x')]));
    const properties = Object.fromEntries(names.map((name) => [name, when(`Is${name}`, true, 'true')]));
    const check = (resource: Resource) => names.map((name) => resource.at(name).isTrue()).at(-1) ?? pass();
    expect(verdict({ parameters, conditions, properties }, check)).toBe(
      'unknown: more than 16 combinations of conditions that nothing decides',
    );
  });
});

describe('the condition that the CDK writes beside a stream', () => {
  const conditions = {
    AwsCdkKinesisEncryptedStreamsUnsupportedRegions: {
      'Fn::Or': [equals('AWS::Region', 'cn-north-1'), equals('AWS::Region', 'cn-northwest-1')],
    },
  };
  const properties = { Encryption: when('AwsCdkKinesisEncryptedStreamsUnsupportedRegions', { Ref: 'AWS::NoValue' }, 'KMS') };
  const encrypted = (region?: string) =>
    graphOf({ conditions, properties }, region === undefined ? {} : { region })
      .get('t/It')
      ?.at('Encryption').string;

  it('does not hold where no region is named, and holds in the regions that it means', () => {
    expect(encrypted()).toBe('KMS');
    expect(encrypted('eu-central-1')).toBe('KMS');
    expect(encrypted('cn-north-1')).toBeUndefined();
  });
});
