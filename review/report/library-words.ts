/** What is known of the libraries behind the two sides, in the same words in every report. */
import type { ReviewDocument } from '../schema-review';
import { counted } from './words';

/** Libraries that one sentence names; the JSON report holds all. */
const MOST = 5;

/** Undefined where nothing is known to differ. */
export function libraryWords({ changes, libraries = [], onlyUpgrade }: ReviewDocument): string | undefined {
  const named = libraries.slice(0, MOST).map(({ after, before, name }) => `${name} ${before ?? 'none'} → ${after ?? 'none'}`);
  const more = libraries.length - named.length;
  const which = [...named, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  if (onlyUpgrade) return `Only the versions of libraries differ${which === '' ? '' : ` (${which})`}; the source is the same.`;
  const alone = changes.filter(({ upgrade }) => upgrade).length;
  const told = alone === 0 ? '' : ` ${counted(alone, 'line comes', 'lines come')} from them alone.`;
  if (which === '') return told === '' ? undefined : `Libraries differ too.${told}`;
  return `Libraries differ too: ${which}.${told}`;
}
