import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { ReviewChange, ReviewDocument } from '../schema-review';
import { evidenceWords } from './review-text';
import { plainLine } from './words';

const LEVEL = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;
const RANK = ['low', 'medium', 'high', 'critical'] as const;
/** What code-scanning services rank by, 0 to 10. */
const SECURITY_SEVERITY = { critical: '9.5', high: '8.0', medium: '5.0', low: '2.0' } as const;

/**
 * SARIF 2.1.0 for code-scanning services, with a baseline state for each result: what got weaker, or can no longer be told, is
 * `new`; what got stronger is `absent`, because the weakness is no longer there.
 */
export function toReviewSarif(document: ReviewDocument): string {
  const told = document.changes.filter(({ direction }) => direction !== 'neutral');
  const rules = new Map<string, { readonly change: ReviewChange; readonly descriptor: ReportingDescriptor }>();
  for (const change of told) {
    const known = rules.get(ruleOf(change));
    if (!known || gravity(change) > gravity(known.change)) rules.set(ruleOf(change), { change, descriptor: descriptor(change) });
  }
  const index = new Map([...rules.keys()].map((id, at) => [id, at]));
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: { name: 'Palisade review', version: document.tool.version, rules: [...rules.values()].map((rule) => rule.descriptor) },
        },
        invocations: [{ executionSuccessful: true }],
        columnKind: 'utf16CodeUnits',
        properties: {
          verdict: document.verdict,
          approved: document.approved,
          base: document.base.digest,
          head: document.head.digest,
          undecided: { before: document.base.undecided, after: document.head.undecided },
        },
        results: told.map((change) => result(document, change, index.get(ruleOf(change)) ?? -1)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const gravity = ({ severity }: ReviewChange): number => RANK.indexOf(severity);

const ruleOf = ({ aspect, control }: ReviewChange): string => (control ? `review/${aspect}/${control}` : `review/${aspect}`);

const descriptor = (change: ReviewChange): ReportingDescriptor => ({
  id: ruleOf(change),
  name: ruleOf(change),
  shortDescription: { text: `A change of ${change.aspect}${change.control ? ` that concerns ${change.control}` : ''}` },
  defaultConfiguration: { level: LEVEL[change.severity] },
  properties: {
    tags: ['security', 'review', change.aspect, ...(change.control ? [change.control] : [])],
    'security-severity': SECURITY_SEVERITY[change.severity],
  },
});

function result(document: ReviewDocument, change: ReviewChange, ruleIndex: number): Result {
  const { alsoNeeds, approver, blocks, boundary, direction, evidence, sentence, severity, subject, topic } = change;
  const places = evidence.map(({ location, resource, side }) => ({
    physicalLocation: {
      // Services show a result at a file; what names none is shown at what was read.
      artifactLocation: { uri: uriOf(location?.file ?? document[side === 'before' ? 'base' : 'head'].targets[0]?.path ?? '.') },
      ...(location?.line === undefined ? {} : { region: { startLine: location.line } }),
    },
    logicalLocations: [{ fullyQualifiedName: resource, kind: 'resource' }],
  }));
  return {
    ruleId: ruleOf(change),
    ruleIndex,
    kind: direction === 'undecided' ? 'review' : 'fail',
    level: direction === 'undecided' ? 'none' : LEVEL[severity],
    baselineState: direction === 'stronger' ? 'absent' : 'new',
    message: { text: `${plainLine(sentence)}.${evidence[0] ? ` ${evidenceWords(evidence[0])}` : ''}` },
    locations: places.slice(0, 1),
    ...(places.length > 1 ? { relatedLocations: places.slice(1) } : {}),
    partialFingerprints: { 'palisade/review/v1': `${direction}|${subject}|${topic}` },
    properties: {
      direction,
      ...(approver ? { approver } : {}),
      ...(alsoNeeds ? { alsoNeeds } : {}),
      ...(boundary ? { boundary } : {}),
      ...(blocks ? { blocks: true } : {}),
    },
  };
}

/** A path as a relative reference: separators stay, everything that would mean something else is escaped. */
const uriOf = (path: string): string => path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
