import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allImply, droppedFrom, testsOf } from '../review/diff/access-azure/conditions';

const NAME = '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers:name]';
const PATH = '@Resource[Microsoft.Storage/storageAccounts/blobServices/containers/blobs:path]';
const VALUES = ['tmp/a', 'tmp/jobs/a', 'open', 'shut'] as const;

type Node =
  | { readonly attribute: 'name' | 'path'; readonly test: 'StringEquals' | 'StringLike'; readonly values: readonly string[] }
  | { readonly join: 'AND' | 'OR'; readonly parts: readonly Node[] };
type Request = Readonly<Record<'name' | 'path', string>>;

const leaf: fc.Arbitrary<Node> = fc.oneof(
  fc.record({
    attribute: fc.constantFrom('name' as const, 'path' as const),
    test: fc.constant('StringEquals' as const),
    values: fc.subarray([...VALUES], { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    attribute: fc.constantFrom('name' as const, 'path' as const),
    test: fc.constant('StringLike' as const),
    values: fc.subarray(['tmp/*', 'tmp/jobs/*', '*'], { minLength: 1, maxLength: 2 }),
  }),
);
const { node } = fc.letrec<{ node: Node }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 2 },
    leaf,
    fc.record({ join: fc.constantFrom('AND' as const, 'OR' as const), parts: fc.array(tie('node'), { minLength: 2, maxLength: 3 }) }),
  ),
}));

/** The same condition, written wide or tight, forwards or backwards. */
function written(of: Node, wide: boolean, reversed: boolean): string {
  const order = <Item>(items: readonly Item[]) => (reversed ? [...items].reverse() : items);
  const gap = wide ? ' \n ' : '';
  if ('join' in of) {
    const parts = order(of.parts).map((part) => `(${gap}${written(part, wide, reversed)}${gap})`);
    return parts.join(wide ? `\n  ${of.join}   ` : ` ${of.join} `);
  }
  const attribute = of.attribute === 'name' ? NAME : PATH;
  const values = order(of.values).map((value) => `'${value}'`);
  if (values.length === 1 && !wide) return `${attribute} ${of.test} ${values[0]}`;
  return `${attribute} ForAnyOfAnyValues:${of.test} {${gap}${values.join(wide ? ' , ' : ', ')}${gap}}`;
}

function holds(of: Node, request: Request): boolean {
  if ('join' in of)
    return of.join === 'AND' ? of.parts.every((part) => holds(part, request)) : of.parts.some((part) => holds(part, request));
  const held = request[of.attribute];
  return of.values.some((value) =>
    of.test === 'StringEquals' ? held === value : new RegExp(`^${value.replaceAll('*', '.*')}$`).test(held),
  );
}
const REQUESTS = VALUES.flatMap((name) => VALUES.map((path) => ({ name, path })));
const read = (of: Node, wide = false, reversed = false) => testsOf(written(of, wide, reversed));
const RUNS = { numRuns: 200 };

describe('conditions of role assignments', () => {
  it('mean the same however they are spaced and ordered', () => {
    fc.assert(
      fc.property(node, fc.boolean(), (one, reversed) => {
        const [plain, other] = [read(one), read(one, true, reversed)];
        expect(allImply(plain, other) && allImply(other, plain)).toBe(true);
        expect(droppedFrom(plain, other)).toEqual([]);
      }),
      RUNS,
    );
  });

  it('never count as stricter where they let something else pass', () => {
    fc.assert(
      fc.property(node, node, (strict, loose) => {
        if (!allImply(read(strict), read(loose))) return;
        for (const request of REQUESTS) if (holds(strict, request)) expect(holds(loose, request)).toBe(true);
      }),
      { numRuns: 800 },
    );
  });

  it('are stricter with a part more, and looser with an alternative more', () => {
    fc.assert(
      fc.property(node, leaf, (one, more) => {
        expect(allImply(read({ join: 'AND', parts: [one, more] }), read(one))).toBe(true);
        expect(allImply(read(one), read({ join: 'OR', parts: [more, one] }))).toBe(true);
      }),
      RUNS,
    );
  });
});
