/** Puts what a comparison found into the document of `palisade review`. */
import { createHash } from 'node:crypto';
import type { ControlId } from '../controls';
import type { Graph } from '../policies';
import { templatesOf } from '../policies/gather/cloudformation';
import { WrittenTemplate } from '../policies/gather/cloudformation/hangs';
import { asMap } from '../policies/gather/cloudformation/text';
import { compareControls, compareSides, type Occasion, type Side } from './diff';
import { libraryChanges } from './diff/libraries';
import { silencedIn } from './diff/packs';
import { canonical, type Plain, plainOf } from './diff/plain';
import {
  type Approver,
  REVIEW_SCHEMA,
  type ReviewApproval,
  type ReviewChange,
  type ReviewControl,
  type ReviewCounts,
  type ReviewDocument,
  type ReviewSide,
  type ReviewVerdict,
} from './schema-review';

/** One side with what only the caller knows of it. */
export interface NamedSide {
  readonly side: Side;
  readonly kinds: readonly string[];
  readonly ref?: ReviewSide['ref'] | undefined;
}

export interface ReviewOptions extends Occasion {
  readonly version: string;
  /** Everything that stands in the file of approvals. */
  readonly approvals?: readonly RecordedApproval[] | undefined;
  readonly onlyUpgrade?: boolean | undefined;
  /** What the new libraries alone lead to, by {@link lineKey}; or why nobody can tell. */
  readonly byLibraries?: ReadonlySet<string> | string | undefined;
  /** Words without what differs from run to run. @default as they are */
  readonly told?: ((words: string) => string) | undefined;
}

/** An approval as it is recorded: of exactly these two states. */
export interface RecordedApproval extends ReviewApproval {
  readonly base: string;
  readonly head: string;
  /** Everybody whom the change needed when it was approved. */
  readonly needs: readonly Approver[];
  /** What was approved, as {@link ReviewDocument.asked} says it; other lines of the same two states are not. */
  readonly asked?: string | undefined;
}

/**
 * Compares and judges.
 *
 * @example
 * const { verdict } = reviewOf(base, head, { today: new Date(), version: '1.0.0' });
 */
export function reviewOf(base: NamedSide, head: NamedSide, options: ReviewOptions): ReviewDocument {
  const changes = attributed(compareSides(base.side, head.side, options), options);
  const libraries = libraryChanges(base.side, head.side);
  const [before, after] = [sideRow(base), sideRow(head)];
  const needs = needsOf(changes);
  const asked = askedOf(changes, options.told);
  const approvals = (options.approvals ?? []).filter(
    (one) => one.base === before.digest && one.head === after.digest && (one.asked === undefined || one.asked === asked),
  );
  const verdict = verdictOf(changes, needs);
  return {
    schema: REVIEW_SCHEMA,
    tool: { name: 'palisade', version: options.version },
    today: options.today.toISOString().slice(0, 10),
    base: before,
    head: after,
    verdict,
    needs,
    ...(needs.length > 0 ? { asked } : {}),
    approvals: approvals.map(({ as, at, by }) => ({ by, as, at })),
    approved: verdict !== 'blocked' && needs.every((who) => approvals.some(({ as }) => as === who)),
    ...(options.onlyUpgrade ? { onlyUpgrade: true } : {}),
    ...(libraries.length > 0 ? { libraries } : {}),
    changes,
    controls: controlsOf(base.side, head.side),
  };
}

function needsOf(changes: readonly ReviewChange[]): readonly Approver[] {
  const asked = new Set(changes.flatMap(({ alsoNeeds, approver, direction }) => (direction === 'stronger' ? [] : [approver, alsoNeeds])));
  return (['security', 'data owner'] as const).filter((who) => asked.has(who));
}

/** One line of two comparisons is the same by these words. */
export const lineKey = ({ direction, sentence }: ReviewChange, told = (words: string) => words): string => `${direction} ${told(sentence)}`;

/** Marks what comes from the libraries alone. */
function attributed(changes: readonly ReviewChange[], { byLibraries, told }: ReviewOptions): readonly ReviewChange[] {
  if (byLibraries === undefined) return changes;
  if (typeof byLibraries === 'string')
    return [
      ...changes,
      {
        aspect: 'upgrade',
        direction: 'neutral',
        severity: 'low',
        sentence: `what comes from the libraries alone cannot be told: ${byLibraries}`,
        subject: 'libraries',
        topic: 'upgrade',
        evidence: [],
      },
    ];
  return changes.map((change) =>
    byLibraries.has(lineKey(change, told))
      ? {
          ...change,
          upgrade: true,
          evidence: [
            ...change.evidence,
            {
              resource: 'libraries',
              side: 'after',
              saw: 'the source of the base leads to the same with the libraries of the head: it comes from them alone',
            },
          ],
        }
      : change,
  );
}

/** Checks of the project are no part of what is deployed, and yet part of what is approved. */
function askedOf(changes: readonly ReviewChange[], told = (words: string) => words): string {
  const lines = changes
    .filter(({ direction }) => direction === 'weaker' || direction === 'undecided')
    .map((change) => lineKey(change, told));
  return createHash('sha256').update(lines.sort().join('\n')).digest('hex');
}

function verdictOf(changes: readonly ReviewChange[], needs: readonly Approver[]): ReviewVerdict {
  if (changes.some(({ blocks }) => blocks)) return 'blocked';
  const [first] = needs;
  return first === undefined ? 'nothing to approve' : `approve: ${first}`;
}

function sideRow({ kinds, ref, side }: NamedSide): ReviewSide {
  const verdicts = { all: 0, unknown: 0 };
  for (const { evaluation } of side.targets)
    for (const { counts } of evaluation.counts) {
      verdicts.all += counts.pass + counts.fail + counts.unknown + counts.waived + counts.error;
      verdicts.unknown += counts.unknown;
    }
  return {
    targets: side.targets.map(({ graph, path }, at) => ({
      path,
      kind: kinds[at] ?? 'unrecognised',
      resources: graph.size,
      ...(graph.notes.length > 0 ? { notes: graph.notes } : {}),
    })),
    ...(ref ? { ref } : {}),
    digest: digestOf(side),
    undecided: { count: verdicts.unknown, share: verdicts.all === 0 ? 0 : verdicts.unknown / verdicts.all },
  };
}

/**
 * SHA-256 over every resource, its options and the exceptions, each in canonical form and sorted: order, file names and whitespace
 * do not matter, everything that is deployed does.
 */
export function digestOf({ settings = {}, targets }: Side): string {
  const rows = targets.flatMap(({ graph, waivers }) => [
    ...[...graph.resources()]
      .filter(isDeployed)
      .map((resource) =>
        canonical([
          resource.logicalId,
          resource.token,
          plainOf(resource, (id) => lastOf(id)),
          resource.condition ?? null,
          canonicalOptions(resource.options as { readonly [key: string]: unknown }),
        ]),
      ),
    ...otherwiseOf(graph),
    ...silencesOf(graph),
    ...graph.units.map(({ profile }) => `profile ${JSON.stringify(profile ?? null)}`),
    ...waivers.map(({ approver, expires, owner, reason, resource, rule, ticket }) =>
      JSON.stringify(['waiver', rule, resource, reason, owner, approver, ticket, expires]),
    ),
  ]);
  rows.push(JSON.stringify(['settings', settings.gate ?? null, settings.strict ?? null]));
  if (settings.partners) rows.push(`partners ${canonical(settings.partners as Plain)}`);
  return createHash('sha256').update(rows.sort().join('\n')).digest('hex');
}

/** What another value of a parameter would deploy: a change of it voids an approval too. */
const otherwiseOf = (graph: Graph): readonly string[] =>
  (templatesOf(graph) ?? []).flatMap((input) => {
    const template = new WrittenTemplate(input);
    if (template.isPlain) return [];
    return [...template.resources()]
      .filter(({ uses }) => uses.conditions.size > 0 || uses.picks.size > 0)
      .map(({ logicalId, text }) => JSON.stringify(['otherwise', logicalId, text]));
  });

/** Rules that are left out where they stand; the reason is told, but decides nothing. */
function silencesOf(graph: Graph): readonly string[] {
  const rows = [
    ...[...graph.resources()].map(({ logicalId, options }) => [logicalId, ...silencedIn(asMap(options.Metadata)).keys()]),
    ...(templatesOf(graph) ?? []).map(({ template }) => ['', ...silencedIn(asMap(template.Metadata)).keys()]),
  ];
  return rows.filter(({ length }) => length > 1).map(([id, ...rules]) => JSON.stringify(['silenced', id, ...rules.sort()]));
}

/** The CDK's command adds its own record of library versions; it is nothing that anybody approves. */
const isDeployed = ({ token }: { readonly token: string }): boolean => token !== 'AWS::CDK::Metadata';

/** A file or a stack may be called otherwise; what is in it counts. */
const lastOf = (id: string): string => (id.startsWith('urn:') ? id.split('::').slice(2).join('::') : id.slice(id.lastIndexOf('/') + 1));

/** Metadata holds places and hashes of the synthesis, not what is deployed. */
function canonicalOptions(options: { readonly [key: string]: unknown }): Plain {
  const { Metadata: _metadata, aliases: _aliases, version: _version, ...rest } = options;
  const text = JSON.stringify(rest);
  return text === undefined ? null : (JSON.parse(text) as Plain);
}

const NOTHING: ReviewCounts = { pass: 0, fail: 0, unknown: 0, waived: 0 };

/** Controls whose verdicts are counted otherwise on the two sides, or that others keep. */
function controlsOf(before: Side, after: Side): readonly ReviewControl[] {
  const count = ({ targets }: Side): ReadonlyMap<ControlId, ReviewCounts> => {
    const counts = new Map<ControlId, ReviewCounts>();
    for (const { evaluation } of targets)
      for (const { counts: verdicts, rule } of evaluation.counts) {
        const known = counts.get(rule.control) ?? NOTHING;
        counts.set(rule.control, {
          pass: known.pass + verdicts.pass,
          fail: known.fail + verdicts.fail + verdicts.error,
          unknown: known.unknown + verdicts.unknown,
          waived: known.waived + verdicts.waived,
        });
      }
    return counts;
  };
  const [old, now] = [count(before), count(after)];
  const kept = new Map(compareControls(before, after).map((one) => [one.control, one]));
  return [...new Set([...old.keys(), ...now.keys()])]
    .sort()
    .map((control) => ({ control, before: old.get(control) ?? NOTHING, after: now.get(control) ?? NOTHING }))
    .filter((row) => kept.get(row.control)?.differs || JSON.stringify(row.before) !== JSON.stringify(row.after))
    .map((row) => ({ ...row, enforcedBy: kept.get(row.control)?.rules ?? [] }));
}
