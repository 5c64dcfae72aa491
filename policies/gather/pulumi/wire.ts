/** The encoding that Pulumi programs, previews and exports share for what JSON cannot say. */

/** Stands for a value that only deployment tells. */
export const UNKNOWN = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';
/** Older encodings told the type of the unknown value: boolean, number, array, asset, archive, object. */
const UNKNOWNS = new Set([
  UNKNOWN,
  '1c4a061d-8072-4f0a-a4cb-0ff528b18fe7',
  '3eeb2bf0-c639-47a8-9e75-3b44932eb421',
  '6a19a0b0-7e62-4c92-b797-7f8e31da9cc2',
  '030794c1-ac77-496b-92df-f27374a8bd58',
  'e48ece36-62e2-4504-bad9-02848725956a',
  'dd056dcd-154b-4c76-9bd3-c8f88648b5ff',
]);
export const isUnknownMark = (value: unknown): boolean => typeof value === 'string' && UNKNOWNS.has(value);
/** An object that has this key is not a plain map; its value is one of the signatures below. */
export const SIGNATURE = '4dabf18193072939515e22adb298388d';
export const SECRET = '1b47061264138c4ac30d75fd1eb44270';
export const ASSET = 'c44067f5952c0a294b673a41bacd8c17';
export const ARCHIVE = '0def7320c3a5731c473e5ecbe6d01bc7';
export const RESOURCE = '5cf8f73096256a8f31e491e813e4eb8e';
export const OUTPUT = 'd0e6a833031e9bbcd3f4e8bde6ca49a4';

/** What stands in a program for an encrypted configuration value, whose plain text is never asked for. */
export const HIDDEN = '«encrypted»';
/** A text in which part of a function's answer was put by the program: `/subscriptions/«getClientConfig.subscriptionId»`. */
export const answerMark = (what: string): string => `«answer of ${what}»`;
/** Finds both marks; the group is what stands between the quotes. */
export const MARKS = /«(encrypted|answer of [^»]*)»/;

/** Input under which the child tells, value by value, what the SDK sends only property by property. */
export const TRACE = '__palisade';
/** Input under which the child tells which values the SDK wrote: a list of paths. */
export const DEFAULTS = '__palisadeDefaults';

/**
 * Where an unknown value comes from, as told by the child: an output of one resource (`of`, with the attribute unless it is the
 * id), something computed from resources (`dependencies`), a text with known parts, or the answer of a function.
 */
export interface UnknownOrigin {
  readonly of?: string;
  readonly attribute?: string;
  readonly derived?: boolean;
  readonly dependencies?: readonly string[];
  readonly parts?: readonly unknown[];
  readonly answer?: string;
  /** What is missing, in words. */
  readonly missing?: string;
}

export type Plain = { readonly [key: string]: unknown };

export const isMap = (value: unknown): value is Plain => typeof value === 'object' && value !== null && !Array.isArray(value);
/** The signature of an object, where it has one. */
export const signatureOf = (value: unknown): unknown => (isMap(value) ? value[SIGNATURE] : undefined);

/** Whether an unknown value is in the tree. */
export function holdsUnknown(value: unknown): boolean {
  if (isUnknownMark(value)) return true;
  if (Array.isArray(value)) return value.some(holdsUnknown);
  if (!isMap(value)) return false;
  if (value[SIGNATURE] === OUTPUT && !('value' in value)) return true;
  return Object.values(value).some(holdsUnknown);
}

/** Whether a secret is in the tree. */
export function holdsSecret(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isMap(value)) return false;
  if (value[SIGNATURE] === SECRET || (value[SIGNATURE] === OUTPUT && value.secret === true)) return true;
  return Object.values(value).some(holdsSecret);
}

/** Outputs as the registration has them: their value, secret or unknown. */
export function withoutOutputs(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOutputs);
  if (!isMap(value)) return value;
  if (value[SIGNATURE] === OUTPUT) {
    const content = 'value' in value ? withoutOutputs(value.value) : UNKNOWN;
    return value.secret === true ? { [SIGNATURE]: SECRET, value: content } : content;
  }
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutOutputs(child)]));
}
