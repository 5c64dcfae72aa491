import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { ReviewChange, ReviewDocument } from '../schema-review';
import { evidenceWords } from './review-text';

const LEVEL = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;

/**
 * SARIF 2.1.0 for code-scanning services, with a baseline state for each result: what got weaker, or can no longer be told, is
 * `new`; what got stronger is `absent`, because the weakness is no longer there.
 */
export function toReviewSarif(document: ReviewDocument): string {
  const told = document.changes.filter(({ direction }) => direction !== 'neutral');
  const rules = new Map<string, ReportingDescriptor>();
  for (const change of told) if (!rules.has(ruleOf(change))) rules.set(ruleOf(change), descriptor(change));
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Palisade review', version: document.tool.version, rules: [...rules.values()] } },
        columnKind: 'utf16CodeUnits',
        properties: { verdict: document.verdict, approved: document.approved, base: document.base.digest, head: document.head.digest },
        results: told.map((change) => result(change, [...rules.keys()].indexOf(ruleOf(change)))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

const ruleOf = ({ aspect, control }: ReviewChange): string => (control ? `review/${aspect}/${control}` : `review/${aspect}`);

const descriptor = (change: ReviewChange): ReportingDescriptor => ({
  id: ruleOf(change),
  name: ruleOf(change),
  shortDescription: { text: `A change of ${change.aspect}${change.control ? ` that concerns ${change.control}` : ''}` },
  properties: { tags: ['security', 'review', change.aspect, ...(change.control ? [change.control] : [])] },
});

function result(change: ReviewChange, ruleIndex: number): Result {
  const { approver, blocks, boundary, direction, evidence, sentence, severity, subject, topic } = change;
  const places = evidence.flatMap(({ location, resource }) => [
    {
      physicalLocation: {
        artifactLocation: { uri: encodeURI((location?.file ?? resource).split('\\').join('/')) },
        ...(location?.line === undefined ? {} : { region: { startLine: location.line } }),
      },
      logicalLocations: [{ fullyQualifiedName: resource, kind: 'resource' }],
    },
  ]);
  return {
    ruleId: ruleOf(change),
    ruleIndex,
    kind: direction === 'undecided' ? 'review' : 'fail',
    level: direction === 'undecided' ? 'none' : LEVEL[severity],
    baselineState: direction === 'stronger' ? 'absent' : 'new',
    message: { text: `${sentence}.${evidence[0] ? ` ${evidenceWords(evidence[0])}` : ''}` },
    locations: places.slice(0, 1),
    ...(places.length > 1 ? { relatedLocations: places.slice(1) } : {}),
    partialFingerprints: { 'palisade/review/v1': `${direction}|${subject}|${topic}` },
    properties: {
      direction,
      ...(approver ? { approver } : {}),
      ...(boundary ? { boundary } : {}),
      ...(blocks ? { blocks: true } : {}),
    },
  };
}
