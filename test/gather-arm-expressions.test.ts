import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gatherArmText } from '../policies/gather/arm';
import { GatherError } from '../policies/gather/target';
import type { Value } from '../policies/value';
import { account, gatherTemplate, type Json, only } from './support/arm';

const PARAMETERS = {
  open: { type: 'string' },
  flag: { type: 'bool' },
  secret: { type: 'secureString' },
  settings: { type: 'object', defaultValue: { Sku: 'P1', tags: ['a', 'b'], nested: { on: true } } },
  nothing: { type: 'string', nullable: true },
  given: { type: 'string', defaultValue: 'Given' },
};

function resultOf(expression: string, rest: Json = {}): Value {
  const template = { parameters: PARAMETERS, ...rest };
  return only(gatherTemplate([account({ properties: { x: `[${expression}]` } })], template), 'storage:StorageAccount').at('x');
}

/** Plain value of an expression: a list or map is read all the way down. */
function plain(value: Value): unknown {
  if (value.isList) return value.items().map(plain);
  if (value.isMap) return Object.fromEntries(value.entries().map(([key, child]) => [key, plain(child)]));
  return value.number !== undefined && value.shape !== '' && !/^0\d/.test(value.shape ?? '')
    ? value.number
    : (value.boolean ?? value.string);
}

describe('what a template computes from what it says itself', () => {
  it.each([
    ["concat('a', 1, true())", 'a1True'],
    ["concat(createArray('a'), createArray('b'))", ['a', 'b']],
    ["format('{0}-{1:D3}-{{x}}', 'a', 7)", 'a-007-{x}'],
    ["toLower('ABC')", 'abc'],
    ["toUpper('abc')", 'ABC'],
    ["trim('  a ')", 'a'],
    ["replace('a.b.c', '.', '-')", 'a-b-c'],
    ["substring('abcdef', 2, 3)", 'cde'],
    ["take('abc', 2)", 'ab'],
    ["skip('abc', 2)", 'c'],
    ["split('a,b;c', createArray(',', ';'))", ['a', 'b', 'c']],
    ["join(createArray('a', 'b'), '/')", 'a/b'],
    ["padLeft('7', 3, '0')", '007'],
    ["first(createArray('a', 'b'))", 'a'],
    ["last('abc')", 'c'],
    ["indexOf('Hello', 'L')", 2],
    ["lastIndexOf('hello', 'l')", 3],
    ["length(createObject('a', 1, 'b', 2))", 2],
    ["contains('abc', 'b')", true],
    ["contains(createArray('a', 'b'), 'c')", false],
    ["contains(parameters('settings'), 'SKU')", true],
    ["empty('')", true],
    ['empty(null())', true],
    ["startsWith('abc', 'AB')", true],
    ["endsWith('abc', 'bc')", true],
    ['add(1, mul(2, 3))', 7],
    ['sub(div(7, 2), mod(7, 4))', 0],
    ['max(1, 5, 3)', 5],
    ['min(createArray(4, 2))', 2],
    ['range(3, 2)', [3, 4]],
    ["int('42')", 42],
    ['string(createArray(1, 2))', '[1,2]'],
    ['json(\'{"a": [1]}\')', { a: [1] }],
    ["bool('True')", true],
    ["base64('one')", 'b25l'],
    ["base64ToString('b25l')", 'one'],
    ["uriComponent('a b')", 'a%20b'],
    ["uri('https://example.com/a/', 'b')", 'https://example.com/a/b'],
    ['union(createArray(1, 2), createArray(2, 3))', [1, 2, 3]],
    ["union(createObject('a', createObject('x', 1)), createObject('a', createObject('y', 2)))", { a: { x: 1, y: 2 } }],
    ['intersection(createArray(1, 2), createArray(2, 3))', [2]],
    ["shallowMerge(createArray(createObject('a', 1), createObject('b', 2)))", { a: 1, b: 2 }],
    ["objectKeys(createObject('b', 1, 'a', 2))", ['a', 'b']],
    ["items(createObject('b', 1, 'a', 2))[0].key", 'a'],
    ['flatten(createArray(createArray(1), createArray(2)))', [1, 2]],
    ["coalesce(null(), parameters('nothing'), 'c')", 'c'],
    ["if(equals('a', 'A'), 1, 2)", 2],
    ['and(true(), not(false()), or(false(), true()))', true],
    ['greaterOrEquals(2, 2)', true],
    ["less('a', 'b')", true],
    ["parameters('SETTINGS').sku", 'P1'],
    ["parameters('settings').tags[1]", 'b'],
    ["parameters('settings')['nested'].on", true],
    ["tryGet(parameters('settings'), 'none', 'x')", undefined],
    ["parameters('settings').?none", undefined],
    ["cidrSubnet('10.1.0.0/16', 24, 5)", '10.1.5.0/24'],
    ["cidrHost('10.1.0.0/24', 4)", '10.1.0.5'],
    ['environment().suffixes.storage', 'core.windows.net'],
    ["map(range(1, 3), lambda('n', mul(lambdaVariables('n'), 2)))", [2, 4, 6]],
    ["filter(range(1, 4), lambda('n', greater(lambdaVariables('n'), 2)))", [3, 4]],
    ["reduce(range(1, 4), 0, lambda('sum', 'n', add(lambdaVariables('sum'), lambdaVariables('n'))))", 10],
    ["sort(createArray(3, 1, 2), lambda('a', 'b', less(lambdaVariables('a'), lambdaVariables('b'))))", [1, 2, 3]],
    ["toObject(createArray('a', 'b'), lambda('k', lambdaVariables('k')), lambda('k', toUpper(lambdaVariables('k'))))", { a: 'A', b: 'B' }],
    ["groupBy(createArray('ab', 'ac', 'b'), lambda('w', take(lambdaVariables('w'), 1)))", { a: ['ab', 'ac'], b: ['b'] }],
    ["mapValues(createObject('a', 1), lambda('v', add(lambdaVariables('v'), 1)))", { a: 2 }],
    ["'it''s'", "it's"],
  ])('%s', (expression, expected) => {
    expect(plain(resultOf(expression))).toEqual(expected);
  });

  it('takes a leading bracket that is doubled as text', () => {
    const [storage] = gatherTemplate([account({ properties: { x: '[[not computed]' } })]).graph.ofType(
      'azure-native:storage:StorageAccount',
    );
    expect(storage?.at('x').string).toBe('[not computed]');
  });

  it('calls functions that the template defines', () => {
    const functions = [
      {
        namespace: 'contoso',
        members: {
          greet: {
            parameters: [{ name: 'who', type: 'string' }],
            output: { type: 'string', value: "[concat('hello ', parameters('who'))]" },
          },
        },
      },
    ];
    expect(resultOf("contoso.greet('you')", { functions }).string).toBe('hello you');
  });

  it('works out variables that are loops', () => {
    const variables = { copy: [{ name: 'names', count: 3, input: "[concat('n', copyIndex('names', 1))]" }] };
    expect(plain(resultOf("variables('names')", { variables }))).toEqual(['n1', 'n2', 'n3']);
  });
});

describe('what only deployment tells says what is missing', () => {
  it.each([
    ["parameters('open')", 'x depends on parameter open'],
    ["parameters('open').a[0]", 'x depends on parameter open.a[0]'],
    ["toUpper(split(parameters('open'), ','))", 'x depends on split(parameter open, ",")'],
    ['resourceGroup().location', 'x depends on the location of the resource group'],
    ['subscription().tenantId', 'x depends on the id of the tenant'],
    ['newGuid()', 'x depends on newGuid()'],
    ["utcNow('u')", 'x depends on utcNow()'],
    ["reference('elsewhere').ip", 'x depends on reference("elsewhere").ip'],
    ["functionOfTomorrow('a')", 'x depends on functionOfTomorrow("a")'],
    ['first(createArray())', 'x depends on an expression that fails: first() is asked of an empty list'],
    ["createArray('a')[3]", 'x depends on an expression that fails: index() 3 is beyond a list of 1'],
    ['deployment().name', 'x depends on the name of the deployment'],
  ])('%s', (expression, seen) => {
    expect(resultOf(expression).describe()).toBe(seen);
  });

  it.each([
    ["concat('st', parameters('open'), 'x')", 'st${parameter open}x'],
    ["format('{0}/default', parameters('open'))", '${parameter open}/default'],
    ["replace(concat('a.', parameters('open')), '.', '-')", 'a-${parameter open}'],
    ["take(concat('abcdef', parameters('open')), 3)", 'abc'],
    ["if(startsWith(concat('ab', parameters('open')), 'a'), 'yes', 'no')", 'yes'],
    ["if(equals(concat('ab', parameters('open')), 'x'), 'yes', 'no')", 'no'],
    ["if(equals(parameters('open'), parameters('open')), 'yes', 'no')", 'yes'],
    ["json(concat('{\"a\": \"', parameters('given'), '\"}')).a", 'Given'],
    ["string(createObject('a', parameters('open')))", '{"a":"${parameter open}"}'],
  ])('but keeps what is known: %s', (expression, shape) => {
    expect(resultOf(expression).shape).toBe(shape);
  });

  it.each(["parameters('secret')", "toUpper(parameters('secret'))", "parameters('secret').a", "listKeys('a', 'b').keys[0].value"])(
    'and never shows a secret: %s',
    (expression) => {
      expect(resultOf(expression).state).toBe('secret');
    },
  );

  it('hides a secret inside a text', () => {
    expect(resultOf("concat('Password=', parameters('secret'))").shape).toBe('Password=${secret}');
  });
});

const BRACKETS = fc.string({ unit: fc.constantFrom(...'abc(\')[].,?{}0-9 "\\') });

/** Random calls over every kind of argument. */
const argument = fc.letrec<{ expression: string }>((tie) => ({
  expression: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(
      "'a'",
      "''",
      "'1'",
      '0',
      '-3',
      '7',
      'null()',
      'true()',
      "parameters('open')",
      "parameters('flag')",
      "parameters('secret')",
      "parameters('settings')",
      "createArray('a', 1)",
      'resourceGroup().id',
      "lambda('x', lambdaVariables('x'))",
    ),
    fc
      .tuple(
        fc.constantFrom(
          ...'concat format toLower toUpper trim replace substring take skip split join padLeft first last indexOf length contains empty startsWith endsWith add sub mul div mod max min range int string json bool base64 base64ToString base64ToJson uriComponent uriComponentToString uri union intersection shallowMerge objectKeys items flatten coalesce if and or not equals greater less tryGet cidrSubnet cidrHost createArray createObject array map filter reduce sort toObject groupBy mapValues reference resourceId subscriptionResourceId extensionResourceId resourceInfo references copyIndex guid uniqueString listKeys variables lambda lambdaVariables float dataUri dataUriToString unheardOf'.split(
            ' ',
          ),
        ),
        fc.array(tie('expression'), { maxLength: 4 }),
        fc.constantFrom('', '.a', '[0]', "['x'].y", '.?z', '[-1]'),
      )
      .map(([name, args, tail]) => `${name}(${args.join(', ')})${tail}`),
  ),
}));

describe('whatever a template says', () => {
  const never = (work: () => unknown) => {
    try {
      work();
    } catch (error) {
      expect(error).toBeInstanceOf(GatherError);
      expect((error as GatherError).source).toBe('user');
      expect((error as GatherError).message).not.toContain('\n');
    }
  };

  it('no expression does worse than being refused', () => {
    fc.assert(
      fc.property(argument.expression, (expression) => {
        never(() => resultOf(expression).describe());
      }),
      { numRuns: 1000 },
    );
  });

  it('no text in brackets does worse than being refused', () => {
    fc.assert(
      fc.property(BRACKETS, (text) => {
        never(() => resultOf(text).describe());
      }),
      { numRuns: 1000 },
    );
  });

  it('no JSON does worse than being refused', () => {
    const resource = fc.record(
      {
        type: fc.oneof(
          fc.constantFrom(
            'Microsoft.Storage/storageAccounts',
            'blobServices',
            'providers/locks',
            'Microsoft.Resources/deployments',
            "[parameters('x')]",
          ),
          fc.anything(),
        ),
        name: fc.oneof(fc.constantFrom('a', 'a/b', "[concat('a', '/', parameters('open'))]"), fc.anything()),
        properties: fc.anything(),
        copy: fc.anything(),
        condition: fc.anything(),
        scope: fc.anything(),
        dependsOn: fc.anything(),
        resources: fc.anything(),
        identity: fc.anything(),
        metadata: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const template = fc.record({
      resources: fc.oneof(fc.array(resource), fc.dictionary(fc.string(), resource)),
      parameters: fc.anything(),
      variables: fc.anything(),
      functions: fc.anything(),
      metadata: fc.anything(),
    });
    fc.assert(
      fc.property(template, (written) => {
        let text: string | undefined;
        try {
          text = JSON.stringify(written);
        } catch {
          return;
        }
        never(() => {
          for (const found of gatherArmText(text ?? '', 'main.json').graph.resources()) {
            found.all.describe();
            found.locate('a.b[0].c');
          }
        });
      }),
      { numRuns: 1000 },
    );
  });
});
