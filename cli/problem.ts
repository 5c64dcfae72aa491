import type { Location } from '../policies/resource';

/** Something that stopped a run, or part of it: what, where, what to do. Always one line. */
export interface Problem {
  readonly what: string;
  readonly location?: Location | undefined;
}

/** Exit statuses, the same for every verb. */
export const EXIT = { nothingToActOn: 0, findings: 1, couldNotRun: 2 } as const;

/** Thrown for what the user can mend; printed as one line, exit status 2, no stack trace. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Whoever reads the output may stop reading (`| head`): the run then ends with its own status, without a stack trace. */
export function bearClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}

/** `palisade.yaml:12:5: …` */
export function problemLine({ what, location }: Problem): string {
  const place = location ? [location.file, location.line, location.column].filter((part) => part !== undefined).join(':') : '';
  return oneLine(place ? `${place}: ${what}` : what);
}

/** Folds white space, so that a message from anywhere stays one line. */
export const oneLine = (text: string): string => text.replace(/\s*[\r\n]+\s*/g, ' ').trim();
