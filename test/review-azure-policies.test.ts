import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conditionOf, implies, relation } from '../review/diff/guards/azure-policies/conditions';
import { filled, inWords, valueChange } from '../review/diff/guards/azure-policies/parameters';
import type { Plain, PlainMap } from '../review/diff/plain';

const FIELDS = ['kind', 'location'] as const;
const VALUES = ['a', 'ab', 'b', 'ba'] as const;
const RESOURCES = VALUES.flatMap((kind) => VALUES.map((location) => ({ kind, location })));
type Resource = (typeof RESOURCES)[number];

const field = fc.constantFrom(...FIELDS);
const value = fc.constantFrom(...VALUES);
const leaf: fc.Arbitrary<Plain> = fc.oneof(
  fc
    .tuple(field, fc.constantFrom('equals', 'notEquals', 'contains', 'notContains'), value)
    .map(([of, test, asked]) => ({ field: of, [test]: asked })),
  fc.tuple(field, fc.constantFrom('in', 'notIn'), fc.subarray([...VALUES])).map(([of, test, asked]) => ({ field: of, [test]: asked })),
  fc
    .tuple(field, fc.constantFrom('like', 'notLike'), fc.constantFrom('a*', '*b', 'a', '*'))
    .map(([of, test, asked]) => ({ field: of, [test]: asked })),
  fc.tuple(field, fc.constantFrom('true', 'false')).map(([of, asked]) => ({ field: of, exists: asked })),
);
const { condition } = fc.letrec<{ condition: Plain }>((tie) => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((allOf) => ({ allOf })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    tie('condition').map((not) => ({ not })),
  ),
}));

/** What the service would say of a resource that has all fields. */
function catches(of: Plain, resource: Resource): boolean {
  const map = of as PlainMap;
  if (map.allOf) return (map.allOf as readonly Plain[]).every((part) => catches(part, resource));
  if (map.anyOf) return (map.anyOf as readonly Plain[]).some((part) => catches(part, resource));
  if (map.not) return !catches(map.not, resource);
  const held = resource[map.field as keyof Resource];
  const like = (pattern: string) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(held);
  const [[test = '', asked] = []] = Object.entries(map).filter(([key]) => key !== 'field');
  switch (test) {
    case 'equals':
      return held === asked;
    case 'notEquals':
      return held !== asked;
    case 'contains':
      return held.includes(asked as string);
    case 'notContains':
      return !held.includes(asked as string);
    case 'in':
      return (asked as readonly string[]).includes(held);
    case 'notIn':
      return !(asked as readonly string[]).includes(held);
    case 'like':
      return like(asked as string);
    case 'notLike':
      return !like(asked as string);
    default:
      return asked === 'true';
  }
}

/** With every list backwards. */
function backwards(of: Plain): Plain {
  if (Array.isArray(of)) return (of as readonly Plain[]).map(backwards).reverse();
  if (typeof of !== 'object' || of === null) return of;
  return Object.fromEntries(Object.entries(of as PlainMap).map(([key, inner]) => [key, backwards(inner as Plain)]));
}

describe('conditions of policies', () => {
  it('never imply what they do not catch', () => {
    fc.assert(
      fc.property(condition, condition, (first, second) => {
        if (!implies(conditionOf(first), conditionOf(second))) return;
        for (const resource of RESOURCES) if (catches(first, resource)) expect(catches(second, resource)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('are the same in any order, and turned round twice', () => {
    fc.assert(
      fc.property(condition, (one) => {
        expect(relation(conditionOf(one), conditionOf(backwards(one)))).toBe('same');
        expect(relation(conditionOf(one), conditionOf({ not: { not: one } }))).toBe('same');
      }),
    );
  });

  it('catch no more with a test more, and no less with an alternative more', () => {
    fc.assert(
      fc.property(condition, leaf, (one, more) => {
        expect(implies(conditionOf({ allOf: [one, more] }), conditionOf(one))).toBe(true);
        expect(implies(conditionOf(one), conditionOf({ anyOf: [more, one] }))).toBe(true);
      }),
    );
  });

  it('count members by what is asked of each', () => {
    const rules = (where: Plain, greater: number) => conditionOf({ count: { field: 'rules[*]', where }, greater });
    const [open, narrow] = [
      { field: 'rules[*].port', equals: '22' },
      {
        allOf: [
          { field: 'rules[*].port', equals: '22' },
          { field: 'rules[*].from', equals: '*' },
        ],
      },
    ];
    expect(relation(rules(open, 0), rules(narrow, 0))).toBe('less');
    expect(relation(rules(narrow, 0), rules(open, 0))).toBe('more');
    expect(relation(rules(open, 0), rules(open, 1))).toBe('unknown');
  });
});

describe('parameters of policies', () => {
  it('take the place of what names them, also inside of an expression', () => {
    const values = new Map<string, Plain>([
      ['places', ['a', 'b']],
      ['days', 30],
    ]);
    expect(filled({ in: "[parameters('Places')]", less: "[add(parameters('days'), 1)]", not: "[parameters('other')]" }, values)).toEqual({
      in: ['a', 'b'],
      less: '[add(30, 1)]',
      not: "[parameters('other')]",
    });
  });

  it.each([
    ['listOfAllowedLocations', ['a'], ['a', 'b'], 'weaker'],
    ['listOfResourceTypesNotAllowed', ['a', 'b'], ['a'], 'weaker'],
    ['excludedNamespaces', ['a'], ['a', 'b'], 'weaker'],
    ['requiredRetentionDays', '365', '90', 'weaker'],
    ['minimumTlsVersion', '1.2', '1.0', 'weaker'],
    ['maximumValidityInMonths', 12, 24, 'weaker'],
    ['listOfAllowedLocations', ['a', 'b'], ['b'], 'stronger'],
    ['tagName', 'owner', 'team', 'undecided'],
  ] as const)('of the name %s are compared by it', (name, before, after, direction) => {
    expect(valueChange(name, before as Plain, after as Plain).map((said) => said.direction)).toEqual([direction]);
  });

  it('are read as words', () => {
    expect(inWords('listOfAllowedSKUs')).toBe('list of allowed SKUs');
  });
});
