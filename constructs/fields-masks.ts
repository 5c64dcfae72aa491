/** Masked variants of fields: enough to recognise a value, too little to use it. */

/**
 * everything: `•••`. lastFour: all but the last four characters, of values of at least eight. initial: the first character.
 * domain: what follows the @ of a mail address. year: the year of a date or an instant.
 */
export const MASKS = ['everything', 'lastFour', 'initial', 'domain', 'year'] as const;
/** See {@link MASKS}. */
export type Mask = (typeof MASKS)[number];

/** What stands for what is hidden. */
export const HIDDEN = '•••';

const TEXTS = ['everything', 'lastFour', 'initial'] as const satisfies readonly Mask[];

/** The masks that give a value of a type, which stays of that type; none for numbers and the like. */
const FITTING: { readonly [type: string]: readonly Mask[] } = {
  id: TEXTS,
  text: TEXTS,
  phone: TEXTS,
  email: [...TEXTS, 'domain'],
  date: ['everything', 'year'],
  time: ['everything', 'year'],
};

/** The masks that a type of field can take. */
export const masksOf = (type: string): readonly Mask[] => FITTING[type] ?? [];

/**
 * The masked variant of a value; nothing stays nothing, and what is no text is hidden whole.
 *
 * @example
 * masked('+49 30 901820', 'lastFour'); // '•••1820'
 */
export function masked(value: unknown, mask: Mask): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== 'string') return HIDDEN;
  if (mask === 'lastFour' && value.length >= 8) return HIDDEN + value.slice(value.length - 4);
  if (mask === 'initial' && value.length > 1) return value.slice(0, 1) + HIDDEN;
  if (mask === 'domain' && value.split('@').length === 2) return `${HIDDEN}@${value.split('@')[1]}`;
  if (mask === 'year' && value.length >= 10 && value.split('-')[0]?.length === 4) return value.slice(0, 4);
  return HIDDEN;
}
