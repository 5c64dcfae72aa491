import { CONTROLS, type ControlId, FRAMEWORKS, type FrameworkId, isControlId, STANDARDS } from '../../controls';
import { coverageOf } from '../../policies/coverage';
import { CLAIMS } from '../../review/claims.generated';
import { EXIT, UsageError } from '../problem';

const CLOUDS = { aws: 'AWS', azure: 'Azure' } as const;
type CloudId = keyof typeof CLOUDS;

/** `palisade controls [id]`: the whole catalogue, one standard, or one control with all that stands behind it. */
export function runControls(id: string | undefined, flags: { readonly json?: boolean }): number {
  const wanted = select(id);
  if (flags.json) process.stdout.write(`${JSON.stringify(wanted.map(describe), null, 2)}\n`);
  else process.stdout.write(`${wanted.length === 1 ? one(wanted[0] as ControlId) : list(wanted)}\n`);
  return EXIT.nothingToActOn;
}

function select(id: string | undefined): readonly ControlId[] {
  const all = Object.keys(CONTROLS) as ControlId[];
  if (id === undefined) return all;
  const [wanted = ''] = id.toUpperCase().split('.');
  if (isControlId(wanted)) return [wanted];
  const ofStandard = all.filter((control) => control.startsWith(`${wanted}-`));
  if (ofStandard.length > 0) return ofStandard;
  throw new UsageError(
    `${id}: is no control; write an id like TLS-03 or a standard (${STANDARDS.map((standard) => standard.id).join(', ')})`,
  );
}

/** The control as one plain object; the shape of `--json`. */
function describe(id: ControlId) {
  const cloud = (name: CloudId) => {
    const { rules, gaps } = coverageOf(id, name);
    return { mechanism: CONTROLS[id][name], constructs: constructsFor(id, name), rules: [...new Set(rules.map((rule) => rule.id))], gaps };
  };
  const { aws: _aws, azure: _azure, ...control } = CONTROLS[id];
  return { id, ...control, aws: cloud('aws'), azure: cloud('azure') };
}

const constructsFor = (id: ControlId, cloud: CloudId): readonly string[] =>
  CLAIMS.filter((claim) => claim.cloud === cloud && claim.controls.some(({ control }) => control === id)).map(({ construct }) => construct);

function list(ids: readonly ControlId[]): string {
  const lines: string[] = [];
  for (const { id, title, controls } of STANDARDS) {
    const own = Object.keys(controls).filter((control) => ids.includes(control as ControlId)) as ControlId[];
    if (own.length === 0) continue;
    lines.push(`${id}  ${title}`, ...own.map((control) => `  ${control}  ${CONTROLS[control].title}  (${marks(control)})`), '');
  }
  return lines.join('\n').trimEnd();
}

function marks(id: ControlId): string {
  const clouds = (Object.keys(CLOUDS) as CloudId[]).map((cloud) => {
    const count = new Set(coverageOf(id, cloud).rules.map((rule) => rule.id)).size;
    return count === 0 ? '' : `${CLOUDS[cloud]}: ${count} ${count === 1 ? 'rule' : 'rules'}`;
  });
  const { severity, from, kind } = CONTROLS[id];
  return [severity, `from ${from} tier`, kind === 'procedural' ? 'attested' : clouds.filter(Boolean).join(', ') || 'no rule'].join(', ');
}

function one(id: ControlId): string {
  const control = CONTROLS[id];
  const frameworks = (Object.keys(control.frameworks) as FrameworkId[]).map(
    (key) => `  ${FRAMEWORKS[key].title}: ${control.frameworks[key]?.join(', ')}`,
  );
  const clouds = (Object.keys(CLOUDS) as CloudId[]).flatMap((cloud) => {
    const { rules, gaps } = coverageOf(id, cloud);
    const constructs = constructsFor(id, cloud);
    return [
      `${CLOUDS[cloud]}: ${control[cloud]}`,
      ...(constructs.length > 0 ? [`  made true by ${constructs.join(', ')}`] : []),
      ...[...new Map(rules.map((rule) => [rule.fix, rule])).values()].map(
        (rule) => `  checked by ${rule.id} on ${rule.on.map(String).join(', ')}\n    ${rule.fix}`,
      ),
      ...gaps.map((why) => `  gap: ${why}`),
    ];
  });
  return [
    `${id}  ${control.title}`,
    control.requirement,
    '',
    `severity ${control.severity}, from ${control.from} tier, ${control.kind}, verified by ${control.verified}, serves ${control.rows.join(', ')}`,
    ...frameworks,
    '',
    ...clouds,
  ].join('\n');
}
