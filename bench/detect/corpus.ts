import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One thing that a corpus says of one template. */
export interface Expectation {
  readonly corpus: string;
  readonly rule_id: string;
  readonly rule_title: string;
  readonly category: string;
  readonly resource_types: readonly string[];
  readonly expected: 'pass' | 'fail';
  /** Logical ids; empty where it is not known which. */
  readonly expected_resources: readonly string[];
  /** `file`: the rule says nothing anywhere in the file. `resource`: only the named ones are meant. */
  readonly granularity: 'file' | 'resource';
  readonly format: string;
  readonly file: string;
}

/**
 * Reads a folder of labelled templates.
 * @throws Error one line, when the folder holds none
 */
export function readCorpus(folder: string): readonly Expectation[] {
  const manifest = join(folder, 'manifest.jsonl');
  if (!existsSync(manifest)) throw new Error(`${folder}: holds no manifest.jsonl; name the folder of labelled templates`);
  return readFileSync(manifest, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      try {
        return [JSON.parse(line) as Expectation];
      } catch {
        throw new Error(`${manifest}:${index + 1}: is no JSON`);
      }
    });
}

export const languageOf = ({ format }: Expectation): 'ARM' | 'CloudFormation' => (format.startsWith('arm') ? 'ARM' : 'CloudFormation');

/** The service of the first type that a template is about: `S3`, `Storage`. */
export function serviceOf(expectation: Expectation): string {
  const [type = ''] = expectation.resource_types;
  const isArm = languageOf(expectation) === 'ARM';
  const [provider = '', service = ''] = type.split(isArm ? '/' : '::');
  return (isArm ? provider.replace(/^Microsoft\./, '') : service) || '(none)';
}
