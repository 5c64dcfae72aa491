/** Our reader against the template model of AWS's own validator, on templates that neither has seen before. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ResolvedValue, TemplateFile, TemplateModel } from '@aws/cloudformation-validate';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { CloudFormationScope } from '../policies/gather/cloudformation/scope';
import { type Node, Reference, Residue } from '../policies/node';

const dir = mkdtempSync(join(tmpdir(), 'palisade-oracle-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const REGION = 'us-east-1'; // The model assumes it.
const PREAMBLE = {
  Parameters: {
    Text: { Type: 'String', Default: 'text' },
    Number: { Type: 'Number', Default: 42 },
    List: { Type: 'CommaDelimitedList', Default: 'one,two,three' },
    Open: { Type: 'String' },
  },
  Mappings: { Map: { first: { key: 'f-k', list: ['l1', 'l2'] }, text: { key: 't-k', list: ['m1', 'm2'] } } },
  Conditions: {
    Always: { 'Fn::Equals': [{ Ref: 'Text' }, 'text'] },
    Never: { 'Fn::Equals': [{ Ref: 'Number' }, '41'] },
    Undecided: { 'Fn::Equals': [{ Ref: 'Open' }, 'yes'] },
    Compound: { 'Fn::Or': [{ 'Fn::Not': [{ Condition: 'Always' }] }, { Condition: 'Undecided' }] },
  },
};

const word = fc.stringMatching(/^[a-z0-9-]{1,6}$/);
const { text } = fc.letrec<{ text: unknown }>((tie) => {
  const list = fc.oneof(
    fc.array(tie('text'), { minLength: 2, maxLength: 3 }),
    fc.constant({ Ref: 'List' }),
    fc.constantFrom('first', { Ref: 'Text' }).map((top) => ({ 'Fn::FindInMap': ['Map', top, 'list'] })),
    fc.array(word, { minLength: 2, maxLength: 3 }).map((words) => ({ 'Fn::Split': ['/', words.join('/')] })),
  );
  return {
    text: fc.oneof(
      { maxDepth: 4 },
      word,
      fc.constantFrom(
        { Ref: 'Text' },
        { Ref: 'AWS::Region' },
        { Ref: 'AWS::Partition' },
        { Ref: 'Other' },
        { 'Fn::GetAtt': ['Other', 'Arn'] },
      ),
      fc.constantFrom('first', { Ref: 'Text' }).map((top) => ({ 'Fn::FindInMap': ['Map', top, 'key'] })),
      fc.tuple(fc.constantFrom('', '-', '/'), list).map((join) => ({ 'Fn::Join': join })),
      fc.tuple(fc.constantFrom(0, 1, '1'), list).map((select) => ({ 'Fn::Select': select })),
      fc.tuple(word, tie('text')).map(([before, variable]) => ({ 'Fn::Sub': [`${before}-\${V}-\${Text}-\${!Kept}`, { V: variable }] })),
      fc
        .tuple(fc.constantFrom('Always', 'Never', 'Undecided', 'Compound'), tie('text'), tie('text'))
        .map((branches) => ({ 'Fn::If': branches })),
    ),
  };
});

let compared = 0;
let file = 0;

/** Compares where the model claims to know; a condition is compared in the world at hand. */
function agree(theirs: ResolvedValue, ours: Node | undefined, scope: CloudFormationScope): void {
  if ('Conditional' in theirs) {
    const { condition, if_true: yes, if_false: no } = theirs.Conditional;
    agree(scope.holds(condition) ? yes : no, ours, scope);
  } else if ('Concrete' in theirs) {
    compared += 1;
    expect(asText(ours)).toEqual(asText(theirs.Concrete.value as Node));
  } else if ('Reference' in theirs && !(ours instanceof Residue && ours.kind === 'text')) {
    compared += 1;
    const { target, kind } = theirs.Reference;
    expect(ours).toBeInstanceOf(Reference);
    expect(ours).toMatchObject({
      target: `t/${target}`,
      attribute: typeof kind === 'object' && 'GET_ATT' in kind ? kind.GET_ATT.attr : undefined,
    });
  } else if ('List' in theirs) {
    expect(Array.isArray(ours)).toBe(true);
    theirs.List.items.forEach((item, index) => {
      agree(item, (ours as readonly Node[])[index], scope);
    });
  }
}

/** CloudFormation passes numbers and booleans as texts. */
function asText(node: Node | undefined): unknown {
  if (Array.isArray(node)) return node.map(asText);
  return typeof node === 'number' || typeof node === 'boolean' ? String(node) : node;
}

describe('the reader and the model of AWS', () => {
  it('agree wherever both claim to know, in every world', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), (values) => {
        const Properties = Object.fromEntries(values.map((value, index) => [`P${index}`, value]));
        const Resources = { It: { Type: 'Custom::It', Properties }, Other: { Type: 'AWS::SQS::Queue' } };
        const template = { ...PREAMBLE, Resources };
        file += 1;
        const path = join(dir, `${file % 2}.json`);
        writeFileSync(path, JSON.stringify(template));
        const model = new TemplateModel(new TemplateFile(path));
        const theirs = model.resources().It?.properties ?? {};
        const { graph } = graphOfTemplates([{ id: 't', template: template as unknown as { [key: string]: Node }, region: REGION }]);
        const scope = graph.units[0]?.scope as CloudFormationScope;
        for (const yes of [true, false]) {
          graph.worlds.reset([['parameter Open equals "yes"', yes]]);
          for (const [key, value] of Object.entries(theirs)) agree(value, scope.deep(Properties[key] as Node), scope);
        }
        model.free();
      }),
      { numRuns: 400 },
    );
    expect(compared).toBeGreaterThan(1000);
  });
});
