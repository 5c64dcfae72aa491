import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { HARMLESS, ROOMS, WEAKENINGS } from './review/corpus';
import { asking, compared, lineOf, type Weakening } from './review/corpus/pair';

/** The exact lines of every weakening, by room. `UPDATE_LINES=1` writes them anew, for somebody to read; `-t aws-stores` those of one room. */
const LINES = join(__dirname, 'review', 'corpus', 'lines');
const UPDATE = process.env.UPDATE_LINES === '1';
type Lines = Readonly<Record<string, readonly string[]>>;
const fileOf = (room: string) => join(LINES, `${room}.yaml`);
const expectedOf = (room: string): Lines => (existsSync(fileOf(room)) ? (parse(readFileSync(fileOf(room), 'utf8')) as Lines) : {});

interface Found {
  readonly lines: readonly string[];
  readonly told: boolean;
}

function weakening(pair: Weakening): Found {
  const changes = asking(compared(pair));
  const told = changes.some(
    ({ aspect, boundary, sentence }) =>
      pair.about.includes(aspect) &&
      pair.naming.split('|').some((word) => sentence.includes(word)) &&
      (pair.boundary === undefined || pair.boundary === boundary),
  );
  return { lines: changes.map(lineOf), told };
}

function written(room: string, found: ReadonlyMap<string, Found>): void {
  mkdirSync(LINES, { recursive: true });
  const lines = Object.fromEntries([...found].map(([name, one]) => [name, one.lines]));
  writeFileSync(fileOf(room), stringify(lines, { lineWidth: 0 }));
}

const found = new Map<string, Found>();
const asked = new Map<string, readonly string[]>();
describe.each(Object.entries(ROOMS))('%s', (room, { harmless = {}, weakenings = {} }) => {
  const expected = expectedOf(room);
  const here = new Map<string, Found>();

  it.each(Object.entries(weakenings))('tells in exactly these lines that %s', (name, pair) => {
    const one = weakening(pair);
    here.set(name, one);
    found.set(name, one);
    expect(one.told, `nothing tells it:\n${one.lines.join('\n')}`).toBe(true);
    if (!UPDATE) expect(one.lines).toEqual(expected[name]);
  });

  it.each(Object.entries(harmless))('asks for nothing where %s', (name, pair) => {
    const lines = asking(compared(pair)).map(lineOf);
    asked.set(name, lines);
    expect(lines).toEqual([]);
  });

  it('has lines for its weakenings and no others', () => {
    if (UPDATE && here.size > 0) written(room, here);
    expect(Object.keys(expectedOf(room)).sort()).toEqual(Object.keys(weakenings).sort());
  });
});

describe('the corpus', () => {
  it('is large, and nothing in it is missed or told without need', () => {
    const told = [...found.values()].filter((one) => one.told).length;
    const noisy = [...asked.values()].filter((lines) => lines.length > 0).length;
    const percent = (part: number, of: number) => `${((part / of) * 100).toFixed(1)} %`;
    console.log(
      `recall ${percent(told, found.size)} of ${found.size} weakenings; false alarms ${percent(noisy, asked.size)} of ${asked.size} harmless changes`,
    );
    expect(found.size).toBe(Object.keys(WEAKENINGS).length);
    expect(asked.size).toBe(Object.keys(HARMLESS).length);
    expect(found.size).toBeGreaterThanOrEqual(150);
    expect(asked.size).toBeGreaterThanOrEqual(50);
    expect([told, noisy]).toEqual([found.size, 0]);
  });
});
