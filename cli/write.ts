import { existsSync } from 'node:fs';
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
    await makeFolder(dirname(file));
    await writeFile(aside, text);
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true }).catch(() => {});
    throw new UsageError(`${file}: cannot be written (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); choose another --out`);
  }
}

/** Folder by folder: a recursive mkdir never returns in places that refuse new folders by saying that they are not there (/proc). */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  await makeFolder(dirname(folder));
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
}
