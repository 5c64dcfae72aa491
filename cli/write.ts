import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { UsageError } from './problem';

/**
 * Writes beside the file first and then renames, so that a run that dies loses nothing.
 * @throws UsageError when the place cannot be written
 */
export async function writeAside(file: string, text: string): Promise<void> {
  const aside = `${file}.${process.pid}.part`;
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(aside, text);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw new UsageError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); choose another --out`);
  }
}
