import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { HARMLESS, WEAKENINGS } from './review/corpus';
import { asking, compared, lineOf, type Weakening } from './review/corpus/pair';

/** The exact lines of every weakening. `UPDATE_LINES=1` writes them anew, for somebody to read. */
const FILE = join(__dirname, 'review', 'corpus', 'lines.yaml');
const UPDATE = process.env.UPDATE_LINES === '1';
const expected: Readonly<Record<string, readonly string[]>> = existsSync(FILE)
  ? (parse(readFileSync(FILE, 'utf8')) as typeof expected)
  : {};

const found = new Map<string, { readonly lines: readonly string[]; readonly told: boolean }>();
function weakening(name: string): { readonly lines: readonly string[]; readonly told: boolean } {
  const known = found.get(name);
  if (known) return known;
  const pair = WEAKENINGS[name] as Weakening;
  const changes = asking(compared(pair));
  const told = changes.some(
    ({ aspect, boundary, sentence }) =>
      pair.about.includes(aspect) &&
      pair.naming.split('|').some((word) => sentence.includes(word)) &&
      (pair.boundary === undefined || pair.boundary === boundary),
  );
  const result = { lines: changes.map(lineOf), told };
  found.set(name, result);
  return result;
}

describe('a change that weakens is told in exactly these lines', () => {
  it.each(Object.keys(WEAKENINGS))('%s', (name) => {
    const { lines, told } = weakening(name);
    expect(told, `nothing tells it:\n${lines.join('\n')}`).toBe(true);
    if (!UPDATE) expect(lines).toEqual(expected[name]);
  });
});

const asked = new Map<string, readonly string[]>();
describe('a change that weakens nothing asks for nothing', () => {
  it.each(Object.entries(HARMLESS))('%s', (name, pair) => {
    const lines = asking(compared(pair)).map(lineOf);
    asked.set(name, lines);
    expect(lines).toEqual([]);
  });
});

describe('the corpus', () => {
  it('is large, and nothing in it is missed or told without need', () => {
    if (UPDATE) writeFileSync(FILE, stringify(Object.fromEntries([...found].map(([name, { lines }]) => [name, lines])), { lineWidth: 0 }));
    const told = [...found.values()].filter((one) => one.told).length;
    const noisy = [...asked.values()].filter((lines) => lines.length > 0).length;
    const percent = (part: number, of: number) => `${((part / of) * 100).toFixed(1)} %`;
    console.log(
      `recall ${percent(told, found.size)} of ${found.size} weakenings; false alarms ${percent(noisy, asked.size)} of ${asked.size} harmless changes`,
    );
    expect(Object.keys(WEAKENINGS).length).toBeGreaterThanOrEqual(150);
    expect(Object.keys(HARMLESS).length).toBeGreaterThanOrEqual(50);
    expect(Object.keys(expected).sort()).toEqual(UPDATE ? expect.anything() : Object.keys(WEAKENINGS).sort());
    expect([told, noisy]).toEqual([found.size, 0]);
  });
});
