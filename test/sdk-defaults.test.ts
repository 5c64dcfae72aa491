import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import type { Finding } from '../policies/finding';
import { SDK_DEFAULTS, SDK_VERSION } from '../policies/gather/pulumi/sdk-defaults.generated';
import type { Graph } from '../policies/graph';
import { RULES } from '../policies/rules';
import { catalogueOf, installed } from '../scripts/generate-sdk-defaults';
import { gatherStatement } from './support/azure-gather';
import { ACCEPTED, DECLARED, INSECURE, LOOKED_AT, looksInsecure } from './support/sdk-defaults';

const CATALOGUE = catalogueOf(installed());
const AZURE_RULES = RULES.filter(({ cloud }) => cloud === 'azure');

/** An object in which only the path is written, as far as its last object. */
function writtenTo(args: Record<string, unknown>, path: string, value?: unknown): void {
  const keys = path.split('.');
  const last = keys.pop() as string;
  let at = args;
  for (const key of keys) {
    at[key] ??= {};
    at = at[key] as Record<string, unknown>;
  }
  if (value !== undefined) at[last] ??= value;
}

interface Made {
  readonly name: string;
  readonly type: string;
  readonly args: object;
  readonly beside?: string | undefined;
}

/** A resource that leaves one default to the SDK, and the other insecure ones of its type not. */
function leaving(type: string, at: string, more: object = {}): object {
  const args = structuredClone(more) as Record<string, unknown>;
  writtenTo(args, at);
  for (const other of INSECURE) if (other.type === type && other.at !== at) writtenTo(args, other.at, other.secure);
  for (const name of CATALOGUE.required[`azure-native:${type}`] ?? []) args[name] ??= 'given';
  return args;
}

const PROGRAM: readonly Made[] = [
  ...INSECURE.map(({ type, at, args, beside }, index) => ({ name: `insecure-${index}`, type, args: leaving(type, at, args), beside })),
  ...DECLARED.map(({ type, args }, index) => ({ name: `declared-${index}`, type, args: leaving(type, 'name', args) })),
];

/** Every resource of the SDK that has defaults, with nothing written but what it cannot be made without. */
const EVERYTHING: readonly Made[] = Object.entries(CATALOGUE.types).map(([type, defaults], index) => {
  const args: Record<string, unknown> = {};
  for (const path of Object.keys(defaults)) writtenTo(args, path);
  for (const name of CATALOGUE.required[type] ?? []) args[name] ??= 'given';
  return { name: `every-${index}`, type: type.replace('azure-native:', ''), args };
});

const statementOf = (all: readonly Made[]): string => `
const sdk = (module) => load('node_modules/@pulumi/azure-native/' + module);
for (const { name: it, type, args, beside } of ${JSON.stringify(all)}) {
  const [module, name] = type.split(':');
  const made = new (sdk(module)[name])(it, args);
  if (beside) new Function('sdk', 'made', 'it', beside)(sdk, made, it);
}`;

let graph: Graph;
let findings: readonly Finding[];
beforeAll(async () => {
  ({ graph } = await gatherStatement(statementOf([...PROGRAM, ...EVERYTHING])));
  findings = evaluate(graph, { rules: AZURE_RULES, tier: 'high' }).findings;
});

describe('a default of the SDK that breaks a control', () => {
  const found = (name: string, rule: string, at: string) =>
    findings.find(
      ({ resource, ...one }) =>
        resource.logicalId.startsWith(name) &&
        /^(-near)?$/.test(resource.logicalId.slice(name.length)) &&
        one.rule === rule &&
        one.at === at,
    );

  it.each(INSECURE.map((one, index) => ({ ...one, index })))(
    'fails where nobody wrote it, as what the SDK wrote: $type $at',
    ({ index, rule, at }) => {
      const finding = found(`insecure-${index}`, rule, at);
      expect(finding).toMatchObject({ verdict: 'fail', origin: 'sdk' });
      expect(finding?.message).toContain("(the SDK's default; nobody wrote it)");
    },
  );

  it.each(DECLARED.map((one, index) => ({ ...one, index })))(
    'fails as what nobody wrote where the SDK only declares it: $type $at',
    ({ index, rule, at }) => {
      expect(found(`declared-${index}`, rule, at)).toMatchObject({ verdict: 'fail', origin: 'nobody' });
    },
  );

  it('is what the SDK still writes, or still declares', () => {
    expect(INSECURE.filter(({ type, at }) => CATALOGUE.types[`azure-native:${type}`]?.[at] === undefined)).toEqual([]);
    expect(INSECURE.filter(({ type, at, secure }) => CATALOGUE.types[`azure-native:${type}`]?.[at] === secure)).toEqual([]);
    expect(DECLARED.filter(({ declared }) => CATALOGUE.unapplied[declared] === undefined)).toEqual([]);
  });
});

describe('the catalogue of what the SDK writes', () => {
  it('is what the installed SDK writes', () => {
    expect({ version: SDK_VERSION, types: SDK_DEFAULTS }).toEqual({ version: CATALOGUE.version, types: CATALOGUE.types });
  });

  it('is what a running program sees it write', () => {
    const every = [...graph.resources()].filter(({ logicalId }) => logicalId.startsWith('every-'));
    const seen = Object.fromEntries(every.map(({ type, sdkDefaults }) => [type, [...(sdkDefaults?.paths ?? [])].sort()]));
    const listed = Object.entries(CATALOGUE.types).map(([type, defaults]) => {
      const given = CATALOGUE.required[type] ?? [];
      return [
        type,
        Object.keys(defaults)
          .filter((path) => !given.includes(path))
          .sort(),
      ];
    });
    expect(seen).toEqual(Object.fromEntries(listed));
  });

  /** Everything that is written or declared: `type path` or `module.type.property`, with its value. */
  const all: readonly (readonly [name: string, value: string | number | boolean])[] = [
    ...Object.entries(CATALOGUE.types).flatMap(([type, defaults]) =>
      Object.entries(defaults).map(([path, value]) => [`${type.replace('azure-native:', '')} ${path}`, value] as const),
    ),
    ...Object.entries(CATALOGUE.unapplied),
  ];
  const judged = new Set([...INSECURE.map(({ type, at }) => `${type} ${at}`), ...DECLARED.map(({ declared }) => declared)]);
  const rest = all.filter(([name]) => !judged.has(name));
  const accepted = (name: string) => ACCEPTED.find(([pattern]) => pattern.test(name));

  it('holds nothing that looks insecure and that nobody classified', () => {
    expect(rest.filter(([name, value]) => looksInsecure(name, value) && !accepted(name))).toEqual([]);
  });

  it('excuses nothing that no longer looks insecure', () => {
    const needed = new Set(rest.filter(([name, value]) => looksInsecure(name, value)).map(([name]) => accepted(name)));
    expect(ACCEPTED.filter((one) => !needed.has(one)).map(([pattern]) => String(pattern))).toEqual([]);
  });

  it('sees an insecure default by its name and value', () => {
    for (const [at, value] of [
      ['publicNetworkAccess', 'Enabled'],
      ['properties.disableLocalAuth', false],
      ['encryption.requireInfrastructureEncryption', false],
      ['networkAcls.defaultAction', 'Allow'],
      ['httpsOnly', false],
    ] as const)
      expect(looksInsecure(at, value), at).toBe(true);
    expect(looksInsecure('publicNetworkAccess', 'Disabled')).toBe(false);
    expect(looksInsecure('maxRetries', 3)).toBe(false);
  });

  it('has not changed since somebody looked at the rest', () => {
    const text = rest
      .map(([name, value]) => `${name}=${value}`)
      .sort()
      .join('\n');
    expect(`${rest.length} ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`).toBe(LOOKED_AT);
  });
});
