import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { ErrorObject } from 'ajv';
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml';
import { attestationDays, CONTROLS, type ControlId, DAY_MS, type DataProfile, dayOf, isControlId, type Severity } from '../controls';
import type { Location } from '../policies/resource';
import type { DeclaredWaiver } from '../policies/waiver';
import type { Partners } from '../review/diff/side';
import { oneLine, type Problem, UsageError } from './problem';

export const CONFIG_FILE = 'palisade.yaml';

/** A dated, owned, expiring record that a procedural control is kept. */
export interface Attestation {
  readonly control: ControlId;
  readonly owner: string;
  readonly date: string;
  readonly expires: string;
  readonly evidence: string;
}

/** What a project declares. Problems are errors of the config: the run is not clean until they are mended. */
export interface Config {
  readonly file?: string;
  readonly profile?: DataProfile;
  readonly targets: readonly string[];
  readonly gate?: Severity;
  readonly strict?: boolean;
  /** Which accounts and tenants around the input are ours, and which belong to subcontractors. */
  readonly partners?: Partners;
  readonly waivers: readonly DeclaredWaiver[];
  readonly attestations: readonly Attestation[];
  readonly problems: readonly Problem[];
}

interface Declared extends Partial<Pick<Config, 'profile' | 'gate' | 'strict' | 'partners'>> {
  readonly targets?: readonly string[];
  readonly waivers?: readonly Omit<DeclaredWaiver, 'source' | 'location'>[];
  readonly attestations?: readonly Attestation[];
}

const NONE: Config = { targets: [], waivers: [], attestations: [], problems: [] };

/**
 * Reads `palisade.yaml`: the given file, or the one in the working directory, or none.
 * @throws UsageError when the given file does not exist or is no YAML; everything else comes out as `problems`
 */
export async function loadConfig(given: string | undefined, today: Date): Promise<Config> {
  const file = given ?? CONFIG_FILE;
  if (!existsSync(file)) {
    if (given) throw new UsageError(`${given}: there is no such file; write one, or leave --config out`);
    return NONE;
  }
  const lines = new LineCounter();
  const document = parseDocument(readText(file), { lineCounter: lines, prettyErrors: false });
  const [broken] = document.errors;
  if (broken) {
    const { line, col } = lines.linePos(broken.pos[0]);
    throw new UsageError(`${file}:${line}:${col}: is not valid YAML: ${oneLine(broken.message)}`);
  }
  const place = (path: readonly (string | number)[]): Location => {
    for (let length = path.length; length >= 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as { range?: readonly [number, number, number] } | undefined;
      const offset = node?.range?.[0];
      if (offset !== undefined) {
        const { line, col } = lines.linePos(offset);
        return { file, line, column: col };
      }
    }
    return { file, line: 1 };
  };
  const keyAt = (path: readonly (string | number)[], key: string): Location | undefined => {
    const map = path.length === 0 ? document.contents : document.getIn(path, true);
    const keys = isMap(map) ? map.items.map((item) => item.key).filter((node) => isScalar(node)) : [];
    const offset = keys.find(({ value }) => String(value) === key)?.range?.[0];
    if (offset === undefined) return undefined;
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  const declared = (toPlain(document, file) ?? {}) as Declared;
  const problems = await schemaProblems(declared, place, keyAt);
  if (problems.length > 0) return { ...NONE, file, problems };
  return {
    file,
    ...(declared.profile ? { profile: declared.profile } : {}),
    ...(declared.gate ? { gate: declared.gate } : {}),
    ...(declared.strict === undefined ? {} : { strict: declared.strict }),
    ...(declared.partners ? { partners: declared.partners } : {}),
    targets: (declared.targets ?? []).map((target) => (resolve(dirname(file)) === process.cwd() ? target : join(dirname(file), target))),
    waivers: (declared.waivers ?? []).map((waiver, index) => ({ ...waiver, source: 'config', location: place(['waivers', index]) })),
    attestations: declared.attestations ?? [],
    problems: (declared.attestations ?? []).flatMap((attestation, index) =>
      attestationProblems(attestation, today, place(['attestations', index])),
    ),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); --config wants a file`);
  }
}

function toPlain(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`${file}: ${oneLine((error as Error).message)}`);
  }
}

async function schemaProblems(
  declared: unknown,
  place: (path: readonly (string | number)[]) => Location,
  keyAt: (path: readonly (string | number)[], key: string) => Location | undefined,
): Promise<Problem[]> {
  const { Ajv } = await import('ajv');
  const schema = JSON.parse(readFileSync(join(packageRoot(), 'schema', 'palisade.schema.json'), 'utf8'));
  const validate = new Ajv({ allErrors: true, verbose: true, keywords: ['x-write'] }).compile(schema);
  if (validate(declared)) return [];
  return (validate.errors ?? []).map((error) => {
    const path = error.instancePath
      .split('/')
      .slice(1)
      .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
    const key = error.keyword === 'additionalProperties' ? keyAt(path, String(error.params.additionalProperty)) : undefined;
    return { what: inWords(error, path), location: key ?? place(path) };
  });
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'a list: [ … ]',
  boolean: 'true or false',
  object: 'a map: { key: value }',
  string: 'text, in quotes if it is a number',
};

function inWords(error: ErrorObject, path: readonly (string | number)[]): string {
  const subject = path.length > 0 ? path.join('.').replace(/\.(\d+)/g, '[$1]') : 'the file';
  switch (error.keyword) {
    case 'additionalProperties':
      return `${subject} has the unknown key "${error.params.additionalProperty}"; known are ${Object.keys((error.parentSchema?.properties as object) ?? {}).join(', ')}`;
    case 'required':
      return `${subject} lacks ${error.params.missingProperty}`;
    case 'enum':
      return `${subject} is ${JSON.stringify(error.data)}; write one of ${(error.params.allowedValues as string[]).join(', ')}`;
    case 'pattern':
      return `${subject} is ${JSON.stringify(error.data)}; write ${(error.parentSchema?.['x-write'] as string | undefined) ?? 'some text'}`;
    case 'minLength':
      return `${subject} is empty`;
    case 'type':
      return path.length === 0
        ? `the file is no map; write keys such as targets, gate and waivers`
        : `${subject} is ${JSON.stringify(error.data)?.slice(0, 60)}; write ${TYPES[String(error.schema)] ?? String(error.schema)}`;
    default:
      return `${subject} ${error.message ?? 'is not what the schema asks for'}`;
  }
}

function attestationProblems({ control, expires, date }: Attestation, today: Date, location: Location): Problem[] {
  const day = today.toISOString().slice(0, 10);
  if (!isControlId(control)) return [{ what: `attestation names "${control}", which is no control: see "palisade controls"`, location }];
  if (CONTROLS[control].kind !== 'procedural' && CONTROLS[control].verified === 'synth') {
    return [{ what: `attestation for ${control}: this control is tested in the rendered resources and cannot be attested`, location }];
  }
  if (dayOf(date) === undefined || date > day)
    return [{ what: `attestation for ${control} is dated ${date}, which is no day up to today`, location }];
  if (dayOf(expires) === undefined)
    return [{ what: `attestation for ${control} expires on "${expires}": write a date as YYYY-MM-DD`, location }];
  const interval = attestationDays(control);
  if (((dayOf(day) ?? 0) - (dayOf(date) ?? 0)) / DAY_MS > interval) {
    return [
      {
        what: `attestation for ${control} is dated ${date}, longer ago than the ${interval} days for which one holds: attest it again`,
        location,
      },
    ];
  }
  return expires < day ? [{ what: `attestation for ${control} expired on ${expires}: attest it again, or remove it`, location }] : [];
}

/** The folder of our own package.json, from the sources as from `dist/`. */
export function packageRoot(): string {
  const here = dirname(__dirname);
  return existsSync(join(here, 'package.json')) ? here : dirname(here);
}

/** Version of the installed package. */
export const packageVersion = (): string =>
  (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
