/** Words that may come from templates, made harmless for whoever prints them. */

/** Control characters would move a terminal's cursor; marks of direction would show a name as another. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** One line without anything that cannot be seen; long ones are cut. */
export function plainLine(words: string, most = Number.POSITIVE_INFINITY): string {
  const line = words
    .replaceAll(/[\s\u2028\u2029]+/gu, ' ')
    .replaceAll(UNSEEN, '\u{fffd}')
    .trim();
  const letters = [...line];
  return letters.length > most ? `${letters.slice(0, most - 1).join('')}…` : line;
}

/** `1 resource`, `2 resources`. */
export const counted = (count: number, noun: string, nouns = `${noun}s`): string => `${count} ${count === 1 ? noun : nouns}`;

/** `1.7 %`; a share above nothing never looks like nothing. */
export const percent = (share: number): string => (share > 0 && share < 0.001 ? 'less than 0.1 %' : `${(share * 100).toFixed(1)} %`);
