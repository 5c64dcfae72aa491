import { readFileSync } from 'node:fs';

/** Line, from 1, on which the text first stands in a fixture. */
export function lineOf(file: string, text: string): number {
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((content) => content.includes(text));
  if (line < 0) throw new Error(`${file}: "${text}" stands nowhere`);
  return line + 1;
}
