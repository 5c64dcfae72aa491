import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  attestationDays,
  CONTROL_IDS,
  CONTROLS,
  type ControlId,
  FRAMEWORKS,
  type FrameworkId,
  isControlId,
  SEVERITIES,
  STANDARDS,
  standardOf,
  TIERS,
} from '../controls';

const FOLDER = join(__dirname, '..', 'controls');
const MISSION_ROWS = Array.from({ length: 24 }, (_, i) => `M${i + 1}`);
/** Controls that break `keep`, with what breaks it, so that a failure names the place. */
const offenders = (keep: (id: ControlId) => boolean) => CONTROL_IDS.filter((id) => !keep(id));

describe('the catalogue', () => {
  it('holds 19 standards with 235 controls', () => {
    expect(Object.fromEntries(STANDARDS.map(({ id, controls }) => [id, Object.keys(controls).length]))).toEqual({
      ...{ GOV: 10, IDA: 15, LPA: 16, UAR: 9, DHC: 10, FLS: 9, EXP: 11, PRV: 9, ENC: 12, TLS: 11 },
      ...{ LOG: 19, MON: 11, VUL: 10, INC: 13, BCR: 10, DID: 24, SDC: 16, PER: 11, LOC: 9 },
    });
    expect(STANDARDS).toHaveLength(19);
    expect(CONTROL_IDS).toHaveLength(235);
  });

  it('numbers the controls of a standard from 01 without a hole', () => {
    for (const { id, controls } of STANDARDS) {
      const expected = Object.keys(controls).map((_, i) => `${id}-${`${i + 1}`.padStart(2, '0')}`);
      expect(Object.keys(controls)).toEqual(expected);
    }
  });

  it('has one file per standard, and each is listed', () => {
    const exported = readdirSync(FOLDER).flatMap((file) => {
      const found = /^export const ([A-Z]{3}) = standard\(/m.exec(readFileSync(join(FOLDER, file), 'utf8'));
      return found ? [found[1]] : [];
    });
    expect(exported.sort()).toEqual(STANDARDS.map(({ id }) => id).sort());
  });

  it('knows the ids it has, and no other', () => {
    expect(CONTROL_IDS.every(isControlId)).toBe(true);
    for (const text of ['ENC-99', 'enc-02', 'ENC', 'ENC-02 ', '', 'toString', '__proto__', 'TLS-03.object-storage']) {
      expect(isControlId(text), text).toBe(false);
    }
  });

  it('finds the standard of every control, and says so when there is none', () => {
    expect(offenders((id) => id in standardOf(id).controls)).toEqual([]);
    expect(standardOf('FLS-03').title).toBe('Rights management and field-level security');
    expect(() => standardOf('XYZ-01' as ControlId)).toThrow('control "XYZ-01" belongs to no standard; write an id such as ENC-02');
  });

  it('imports nothing outside its folder', () => {
    const own = new Set(readdirSync(FOLDER).map((file) => `./${file.replace(/\.ts$/, '')}`));
    for (const file of readdirSync(FOLDER)) {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const imported = [...text.matchAll(/\bfrom\s+['"]([^'"]+)['"]|\b(?:require|import)\(\s*['"]([^'"]+)['"]/g)];
      expect(imported.map(([, a, b]) => a ?? b).filter((name) => !own.has(name ?? ''))).toEqual([]);
    }
  });
});

describe('every control', () => {
  it('serves at least one mission row, and every row M1 to M24 is served', () => {
    expect(offenders((id) => CONTROLS[id].rows.length > 0)).toEqual([]);
    const served = new Set<string>(CONTROL_IDS.flatMap((id) => CONTROLS[id].rows));
    expect([...served].sort()).toEqual([...MISSION_ROWS].sort());
  });

  it('lists a row, and a framework id, once', () => {
    const once = (list: readonly string[]) => new Set(list).size === list.length;
    expect(offenders((id) => once(CONTROLS[id].rows))).toEqual([]);
    expect(offenders((id) => Object.values(CONTROLS[id].frameworks).every(once))).toEqual([]);
  });

  it('maps to at least one framework, and names no framework without an id', () => {
    expect(offenders((id) => Object.keys(CONTROLS[id].frameworks).length > 0)).toEqual([]);
    expect(offenders((id) => Object.values(CONTROLS[id].frameworks).every((ids) => ids.length > 0))).toEqual([]);
  });

  it('has a severity, a tier, a kind and a verification from the vocabulary', () => {
    expect(offenders((id) => SEVERITIES.includes(CONTROLS[id].severity))).toEqual([]);
    expect(offenders((id) => TIERS.includes(CONTROLS[id].from))).toEqual([]);
    expect(offenders((id) => ['preventive', 'detective', 'procedural'].includes(CONTROLS[id].kind))).toEqual([]);
    expect(offenders((id) => ['synth', 'diff', 'runtime', 'record'].includes(CONTROLS[id].verified))).toEqual([]);
  });

  it('has a title of its own that is a phrase, not a sentence with a full stop', () => {
    const titles = CONTROL_IDS.map((id) => CONTROLS[id].title.toLowerCase());
    expect(titles.filter((title, i) => titles.indexOf(title) !== i)).toEqual([]);
    expect(offenders((id) => /^[A-Z].*[a-z0-9]$/.test(CONTROLS[id].title))).toEqual([]);
    expect(offenders((id) => CONTROLS[id].title.length <= 64)).toEqual([]);
  });

  it('has a requirement of whole sentences', () => {
    expect(offenders((id) => /^[A-Z].*[^.]\.$/.test(CONTROLS[id].requirement))).toEqual([]);
    expect(offenders((id) => CONTROLS[id].requirement.length >= 40)).toEqual([]);
  });

  it('requires in words of no single provider', () => {
    const provider = /\b(AWS|Amazon|Azure|Microsoft|Entra|IAM|S3|CloudTrail|DynamoDB|Lambda|KMS|Key Vault|CloudFormation|Pulumi|CDK)\b/;
    expect(offenders((id) => !provider.test(`${CONTROLS[id].title} ${CONTROLS[id].requirement}`))).toEqual([]);
  });

  it('names a mechanism on each cloud', () => {
    expect(offenders((id) => CONTROLS[id].aws.length > 0 && CONTROLS[id].azure.length > 0)).toEqual([]);
    expect(CONTROL_IDS.filter((id) => CONTROLS[id].only)).toEqual(['FLS-03']);
  });

  it('is written without stray white space', () => {
    const texts = (id: ControlId) => [CONTROLS[id].title, CONTROLS[id].requirement, CONTROLS[id].aws, CONTROLS[id].azure];
    expect(offenders((id) => texts(id).every((text) => text === text.trim().replace(/\s+/g, ' ')))).toEqual([]);
  });

  it('has an owner through its standard', () => {
    for (const { id, owner, title, scope } of STANDARDS) {
      expect(owner, id).toMatch(/^[A-Z][A-Za-z ]+$/);
      expect(title, id).toMatch(/^[A-Z].*\S$/);
      expect(scope, id).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('is attested as often as its own requirement says', () => {
    const said = [
      ['week', /\bweekly\b/],
      ['month', /\bmonthly\b/],
      ['quarter', /\bquarterly\b/],
      ['half-year', /\btwice a year\b/],
    ] as const;
    const expected = (id: ControlId) => said.find(([, words]) => words.test(CONTROLS[id].requirement))?.[0];
    expect(offenders((id) => CONTROLS[id].attested === expected(id))).toEqual([]);
    expect(attestationDays('BCR-04')).toBe(92);
    expect(attestationDays('GOV-05')).toBe(366);
  });
});

describe('severity', () => {
  it('is low for a missing declaration, so that adopting the checks does not fail at once', () => {
    for (const id of ['GOV-10', 'DHC-01', 'PRV-03'] as const) expect(CONTROLS[id].severity, id).toBe('low');
  });

  it('is critical only where one mistake hands over data or the whole account', () => {
    expect(CONTROL_IDS.filter((id) => CONTROLS[id].severity === 'critical')).toEqual([
      'IDA-09',
      'IDA-11',
      'IDA-13',
      'LPA-01',
      'DHC-05',
      'EXP-02',
      'DID-02',
      'DID-06',
    ]);
  });

  it('is high for missing encryption, missing TLS and missing audit logs', () => {
    const high = ['ENC-01', 'ENC-10', 'ENC-11', 'TLS-01', 'TLS-02', 'TLS-03', 'TLS-04', 'TLS-05', 'LOG-03', 'LOG-04', 'LOG-05'] as const;
    expect(high.filter((id) => CONTROLS[id].severity !== 'high')).toEqual([]);
  });
});

describe('framework ids', () => {
  const used = (framework: FrameworkId) => new Set(CONTROL_IDS.flatMap((id) => CONTROLS[id].frameworks[framework] ?? []));
  const frameworks = Object.keys(FRAMEWORKS) as FrameworkId[];

  it.each(frameworks)('of %s match its numbering', (framework) => {
    expect(used(framework).size).toBeGreaterThan(0);
    expect([...used(framework)].filter((id) => !FRAMEWORKS[framework].pattern.test(id))).toEqual([]);
  });

  it.each<[FrameworkId, string[], string[]]>([
    ['nist80053r5', ['AC-1', 'AC-25', 'SC-51', 'SC-7(21)', 'AC-4(32)'], ['AC-0', 'AC-13', 'AC-26', 'AC-02', 'XX-1', 'AC-2(0)', 'AC-4(33)']],
    ['iso27001_2022', ['A.5.1', 'A.5.37', 'A.7.14', 'A.8.34'], ['A.5.38', 'A.6.9', 'A.8.35', 'A.9.1', '5.1', 'A.5.01']],
    ['soc2_tsc', ['CC1.5', 'CC6.8', 'PI1.5', 'P1.0', 'P6.7'], ['CC1.6', 'CC10.1', 'A1.4', 'C1.3', 'P6.8', 'P9.0', 'CC1.0']],
    ['cis_aws_v5_0', ['1.21', '2.1.4', '5.1.2', '5.7'], ['1.22', '2.1.5', '2.1', '5.1', '5.8', '6.1']],
    ['mcsb_v1', ['NS-10', 'GS-11', 'DP-8'], ['NS-11', 'DP-9', 'XX-1', 'NS-01']],
    [
      'cis_azure_v6_0',
      ['2.1.12', '5.7', '6.1.2.11', '8.1.16', '9.3.11'],
      ['2.1.13', '5.8', '6.1', '8.1.9', '8.6', '9.3.3', '9.3.12', '10.1'],
    ],
    ['pci_dss_v4_0', ['1.2.8', '8.3.11', '12.10.7'], ['1.2.9', '13.1.1', '8.3.12', '12.10', '12.10.8', '01.2.1']],
    ['csa_ccm_v4', ['A&A-06', 'CEK-21', 'IAM-16'], ['A&A-07', 'CEK-22', 'IAM-1', 'IAM-17', 'EKM-01']],
    ['iso27018_2019', ['A.2.1', 'A.11.13', 'A.12.2'], ['A.4.1', 'A.11.14', 'A.12.3', 'A.1.1']],
  ])('of %s are told from ids that do not exist', (framework, real, invented) => {
    const { pattern } = FRAMEWORKS[framework];
    expect(real.filter((id) => !pattern.test(id))).toEqual([]);
    expect(invented.filter((id) => pattern.test(id))).toEqual([]);
    expect(real.filter((id) => pattern.test(`${id} `) || pattern.test(`x${id}`))).toEqual([]);
  });

  it.each(frameworks)('of %s lead to a publisher', (framework) => {
    const { title, version, publisher, url } = FRAMEWORKS[framework];
    for (const text of [title, version, publisher]) expect(text).toMatch(/^\S.*\S$|^\S$/);
    expect(new URL(url).protocol).toBe('https:');
  });
});
