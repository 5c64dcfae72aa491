/** What checks a project, weakened: packs and tools that no longer run, that fail nothing any more, and rules that are silenced. */
import { SEVERITIES } from '../../controls';
import { templatesOf } from '../../policies/gather/cloudformation';
import { asMap, type NodeMap } from '../../policies/gather/cloudformation/text';
import type { Node } from '../../policies/node';
import type { Resource } from '../../policies/resource';
import type { ReviewChange, ReviewEvidence } from '../schema-review';
import { canonical } from './plain';
import { placeOf, readerOf, shownAs } from './reading';
import { type Aspected, type CheckRun, type Checks, type PackReport, type Pairing, resourcesOf, type Side, type Told } from './side';

/** Packs, tools, baselines, switches and silenced rules. */
export const packs: Aspected = (before, after, pairing) => [
  ...reports(before, after, pairing),
  ...(before.checks && after.checks
    ? [...tools(before.checks, after.checks), ...runs(before.checks, after.checks), ...lists(before.checks, after.checks)]
    : []),
  ...silenced(before, after, pairing),
];

const told = (
  more: Pick<ReviewChange, 'direction' | 'severity' | 'sentence' | 'subject' | 'topic'>,
  evidence: readonly ReviewEvidence[],
): Told => ({
  aspect: 'controls',
  ...(more.direction === 'weaker' || more.direction === 'undecided' ? { approver: 'security' as const } : {}),
  ...more,
  evidence,
});

// ── What packs wrote beside the templates ──────────────────────────────────────────────────────────────────────────

/**
 * A report names a pack only where that found something. That a pack runs no longer is shown by what it found before and would find
 * again: the resource is the same. Without such a finding it may have nothing to find.
 */
function reports(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const [old, now] = [reportsOf(before), reportsOf(after)];
  const gone = [...old].filter(([name]) => !now.has(name));
  const fresh = [...now.keys()].filter((name) => !old.has(name));
  if (gone.length === 0 && fresh.length === 0) return [];
  const byPath = new Map(
    [...resourcesOf(before)].flatMap((resource) => (resource.path === undefined ? [] : [[resource.path, resource] as const])),
  );
  const same = (path: string): Resource | undefined => {
    const resource = byPath.get(path) ?? byPath.get(`${path}/Resource`);
    const other = resource && pairing.other(resource);
    if (!resource || !other) return undefined;
    const [was, is] = [readerOf(before, pairing).of(resource), readerOf(after, pairing).of(other)];
    return canonical(was) === canonical(is) ? other : undefined;
  };
  return [
    ...gone.map(([name, { found }]) => {
      const witness = found.map(({ path, rule }) => ({ rule, resource: same(path) })).find(({ resource }) => resource !== undefined);
      const subject = `pack ${name}`;
      if (!witness?.resource)
        return told(
          {
            direction: 'neutral',
            severity: 'low',
            sentence: `the report of the synthesis no longer names the pack ${name}: it runs no longer, or finds nothing`,
            subject,
            topic: 'report',
          },
          [{ resource: name, side: 'after', saw: 'the report names a pack only where it finds something' }],
        );
      const { resource, rule } = witness;
      return told(
        {
          direction: 'weaker',
          severity: 'high',
          sentence: `the pack ${name} no longer checks the synthesis: what it found before is still there, and it says nothing of it`,
          subject,
          topic: 'pack',
        },
        [
          {
            resource: shownAs(resource),
            side: 'after',
            ...placeOf(resource),
            saw: `${rule} of ${name} was found on it before, and it has not changed`,
          },
        ],
      );
    }),
    ...fresh.map((name) =>
      told(
        {
          direction: 'stronger',
          severity: 'low',
          sentence: `the pack ${name} now checks the synthesis`,
          subject: `pack ${name}`,
          topic: 'pack',
        },
        [{ resource: name, side: 'after' }],
      ),
    ),
  ];
}

const reportsOf = ({ targets }: Side): ReadonlyMap<string, PackReport> =>
  new Map(targets.flatMap(({ packs: written = [] }) => written.map((report) => [report.name, report] as const)));

// ── What files of the project run ──────────────────────────────────────────────────────────────────────────────────

function tools(before: Checks, after: Checks): readonly Told[] {
  const names = [...new Set([...Object.keys(before.tools), ...Object.keys(after.tools)])].sort();
  return names.flatMap((name) => {
    const [old, now] = [before.tools[name] ?? [], after.tools[name] ?? []];
    const subject = `tool ${name}`;
    if (old.length > 0 && now.length === 0)
      return [
        told(
          { direction: 'weaker', severity: 'high', sentence: `no file of the project runs ${name} any more`, subject, topic: 'tool' },
          old.map((file) => ({ resource: file, side: 'before', location: { file }, saw: `named ${name}` })),
        ),
      ];
    if (old.length === 0 && now.length > 0)
      return [
        told(
          { direction: 'stronger', severity: 'low', sentence: `the project now runs ${name}`, subject, topic: 'tool' },
          now.map((file) => ({ resource: file, side: 'after', location: { file } })),
        ),
      ];
    return [];
  });
}

/** The strictest run of a tool counts: it is what refuses a change. */
function runs(before: Checks, after: Checks): readonly Told[] {
  const toolsOf = [...new Set(before.runs.map(({ tool }) => tool))].sort();
  return toolsOf.flatMap((tool) => {
    const of = ({ runs: all }: Checks) => all.filter((run) => run.tool === tool);
    const [old, now] = [of(before), of(after)];
    if (now.length === 0) return [];
    const words = [
      ...(old.some(stops) && !now.some(stops) ? ['no longer stops the job that runs it'] : []),
      ...(strictestGate(now) > strictestGate(old)
        ? [`goes from the gate ${SEVERITIES[strictestGate(old)]} to ${SEVERITIES[strictestGate(now)]}`]
        : []),
      ...(old.some(({ strict }) => strict) && !now.some(({ strict }) => strict) ? ['no longer fails on what cannot be told'] : []),
    ];
    return words.map((what) =>
      told(
        { direction: 'weaker', severity: 'high', sentence: `${tool} ${what}`, subject: `tool ${tool}`, topic: what },
        now.map(({ file, line }) => ({ resource: file, side: 'after', location: { file, line }, saw: tool })),
      ),
    );
  });
}

const stops = ({ ignored }: CheckRun): boolean => !ignored;
/** Without a word about it the gate is what the project file or the default says, which the review tells by itself. */
const strictestGate = (all: readonly CheckRun[]): number =>
  Math.min(...all.map(({ gate }) => (gate === undefined ? SEVERITIES.indexOf('medium') : SEVERITIES.indexOf(gate))));

function lists(before: Checks, after: Checks): readonly Told[] {
  const known = new Set(Object.values(before.baselines).flat());
  const grown = Object.entries(after.baselines).flatMap(([file, keys]) => {
    const more = keys.filter((key) => !known.has(key)).sort();
    if (more.length === 0) return [];
    const what = more.length === 1 ? 'one finding more is' : `${more.length} findings more are`;
    return [
      told(
        {
          direction: 'weaker',
          severity: 'high',
          sentence: `${what} taken for known, and no longer ${more.length === 1 ? 'fails' : 'fail'} the check`,
          subject: `baseline ${file}`,
          topic: 'baseline',
        },
        more.map((key) => ({ resource: file, side: 'after', location: { file }, saw: key })),
      ),
    ];
  });
  const off = Object.keys(before.switches).filter((name) => after.switches[name] !== true);
  return [
    ...grown,
    ...off.sort().map((name) =>
      told(
        {
          direction: 'weaker',
          severity: 'medium',
          sentence: `the check ${name} is turned off`,
          subject: `switch ${name}`,
          topic: 'switch',
        },
        [{ resource: name, side: 'after' }],
      ),
    ),
  ];
}

// ── Rules that are silenced where they stand ───────────────────────────────────────────────────────────────────────

/** Where tools look for the rules that they leave out, in the metadata of a resource or a template, and how an entry names its rule. */
const SILENCERS: readonly { readonly tool: string; readonly path: readonly string[]; readonly id: readonly string[] }[] = [
  { tool: 'cdk-nag', path: ['cdk_nag', 'rules_to_suppress'], id: ['id'] },
  { tool: 'cfn_nag', path: ['cfn_nag', 'rules_to_suppress'], id: ['id'] },
  { tool: 'checkov', path: ['checkov', 'skip'], id: ['id'] },
  { tool: 'cfn-lint', path: ['cfn-lint', 'config', 'ignore_checks'], id: [] },
  { tool: 'cfn-guard', path: ['guard', 'SuppressedRules'], id: ['id'] },
];

/** Rules by tool that metadata leaves out, with the reason that is given. */
export function silencedIn(metadata: NodeMap): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { id, path, tool } of SILENCERS) {
    const list = path.reduce<Node | undefined>((at, key) => asMap(at)[key], metadata);
    for (const entry of Array.isArray(list) ? (list as readonly Node[]) : []) {
      const written = asMap(entry);
      const rule = typeof entry === 'string' ? entry : id.map((key) => written[key]).find((value) => typeof value === 'string');
      const reason = [written.reason, written.comment].find((value) => typeof value === 'string');
      if (typeof rule === 'string') found.set(`${tool} ${rule}`, typeof reason === 'string' ? reason : '');
    }
  }
  return found;
}

interface Silence {
  readonly name: string;
  readonly subject: string;
  readonly resource?: Resource;
  readonly rules: ReadonlyMap<string, string>;
}

function* silencesOf(side: Side, pairing: Pairing): Iterable<Silence> {
  for (const resource of resourcesOf(side)) {
    const rules = silencedIn(asMap(resource.options.Metadata));
    if (rules.size > 0) yield { name: pairing.name(resource), subject: pairing.identity(resource), resource, rules };
  }
  const templates = side.targets.flatMap(({ graph }) => templatesOf(graph) ?? []);
  // A file may be called otherwise on the other side: rules that are left out for all of it are compared as one set.
  const all = templates.map(({ template }) => silencedIn(asMap(template.Metadata))).filter((rules) => rules.size > 0);
  if (all.length > 0) yield { name: 'the whole template', subject: 'templates', rules: new Map(all.flatMap((rules) => [...rules])) };
}

function silenced(before: Side, after: Side, pairing: Pairing): readonly Told[] {
  const [old, now] = [before, after].map(
    (side) => new Map([...silencesOf(side, pairing)].map((silence) => [silence.subject, silence])),
  ) as [Map<string, Silence>, Map<string, Silence>];
  const compared = (these: Map<string, Silence>, those: Map<string, Silence>, direction: 'weaker' | 'stronger') =>
    [...these.values()].flatMap(({ name, resource, rules, subject }) => {
      const more = [...rules].filter(([rule]) => !those.get(subject)?.rules.has(rule)).sort(([a], [b]) => (a < b ? -1 : 1));
      if (more.length === 0) return [];
      const listed = more.map(([rule]) => rule).join(', ');
      const what = direction === 'weaker' ? 'is no longer checked by' : 'is checked again by';
      return [
        told(
          {
            direction,
            severity: direction === 'weaker' ? 'medium' : 'low',
            sentence: `${name} ${what} ${listed}`,
            subject,
            topic: `silenced ${listed}`,
          },
          more.map(([rule, reason]) => ({
            resource: resource ? shownAs(resource) : name,
            side: direction === 'weaker' ? 'after' : 'before',
            ...(resource ? placeOf(resource) : {}),
            saw: reason === '' ? `${rule}, without a reason` : `${rule}: “${reason}”`,
          })),
        ),
      ];
    });
  return [...compared(now, old, 'weaker'), ...compared(old, now, 'stronger')];
}
