import { existsSync, readFileSync } from 'node:fs';
import { type CheckDocument, type CheckFinding, findingKey } from '../review/schema';
import { UsageError } from './problem';
import { writeAside } from './write';

const SCHEMA = 'palisade/baseline@1';

/** Findings that were there when Palisade was adopted: they are shown as known, and only new ones fail the gate. */
export interface Baseline {
  readonly file: string;
  readonly keys: ReadonlySet<string>;
  /** Whether the file was there. */
  readonly exists: boolean;
}

/**
 * Reads a baseline. With `create`, a missing file is an empty baseline that {@link writeBaseline} will fill.
 * @throws UsageError when the file is missing, unreadable or no baseline
 */
export function readBaseline(file: string, create: boolean): Baseline {
  if (!existsSync(file)) {
    if (create) return { file, keys: new Set(), exists: false };
    throw new UsageError(`${file}: there is no such baseline; write one with --update-baseline`);
  }
  let parsed: { readonly schema?: unknown; readonly findings?: unknown };
  try {
    parsed = JSON.parse(readFileSync(file, 'utf8')) as typeof parsed;
  } catch {
    throw new UsageError(
      `${file}: is no baseline (not JSON); name another file, or remove this one and write it anew with --update-baseline`,
    );
  }
  const { schema, findings } = parsed ?? {};
  if (schema !== SCHEMA || !Array.isArray(findings) || !findings.every((key) => typeof key === 'string')) {
    throw new UsageError(
      `${file}: is no baseline (its schema is not ${SCHEMA}); name another file, or remove this one and write it anew with --update-baseline`,
    );
  }
  return { file, keys: new Set(findings as string[]), exists: true };
}

/** Writes the baseline back: a new file takes what fails today, an existing one only ever loses what was mended. */
export async function writeBaseline({ file, keys, exists }: Baseline, { findings }: CheckDocument): Promise<void> {
  const open = new Set(findings.filter(isOpen).map(findingKey));
  const kept = exists ? [...keys].filter((key) => open.has(key)) : [...open];
  await writeAside(file, `${JSON.stringify({ schema: SCHEMA, findings: kept.sort() }, null, 2)}\n`);
}

const isOpen = ({ verdict, waiver }: CheckFinding): boolean => (verdict === 'fail' || verdict === 'unknown') && waiver === undefined;
