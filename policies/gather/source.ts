/** Reads text files so that everything that can be wrong with them is one clear line. */
import { isUtf8 } from 'node:buffer';
import { readFileSync, statSync } from 'node:fs';
import { DEEPEST_NESTING, GatherError, LARGEST_FILE } from './target';

const MIB = 1024 * 1024;

/**
 * The text of a file, without its byte order mark.
 * @throws GatherError missing, a folder, unreadable, too large, empty, binary, not UTF-8
 */
export function readText(file: string, largest = LARGEST_FILE): string {
  let bytes: Buffer;
  try {
    const stat = statSync(file);
    if (stat.isDirectory()) throw new GatherError('is a folder: name a file in it, or a cdk.out folder', file);
    if (!stat.isFile()) throw new GatherError('is not a regular file: name a file', file);
    if (stat.size > largest) throw new GatherError(`has ${Math.ceil(stat.size / MIB)} MiB, more than ${largest / MIB} MiB: split it`, file);
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof GatherError) throw error;
    throw new GatherError(reasonOf(error as NodeJS.ErrnoException), file);
  }
  return decode(bytes, file);
}

function reasonOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist: check the path';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read: check its permissions';
  return `cannot be read (${code ?? 'unknown error'})`;
}

function decode(bytes: Buffer, file: string): string {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new GatherError('is written in UTF-16: save it as UTF-8', file);
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const isText = isUtf8(bytes);
  if (bytes.includes(0) || (!isText && /[\x01-\x08\x0e-\x1a]/.test(text)))
    throw new GatherError('is a binary file: name a template in JSON or YAML', file);
  if (!isText) throw new GatherError('is not valid UTF-8: save it as UTF-8', file, lineAt(text, text.indexOf('\uFFFD')));
  if (text.trim() === '') throw new GatherError('is empty: name a file that holds something', file);
  return text;
}

/** Line, from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** Whether a tree is nested deeper than anything is read. Looks no deeper than that itself. */
export function isTooDeep(tree: unknown, allowed = DEEPEST_NESTING): boolean {
  if (typeof tree !== 'object' || tree === null) return false;
  if (allowed === 0) return true;
  for (const key in tree) if (isTooDeep((tree as Record<string, unknown>)[key], allowed - 1)) return true;
  return false;
}

/** Turns a property path into its keys: `Rules[0].Status` is `Rules`, `0`, `Status`. */
export const keysOf = (path: string): readonly string[] => path.split(/[.[\]]+/).filter((key) => key !== '');
