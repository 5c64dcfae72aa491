import type { Log, ReportingDescriptor, Result } from 'sarif';
import type { CheckDocument, CheckFinding } from '../schema';

/** SARIF 2.1.0 for code-scanning services. Waived findings are kept, as accepted suppressions. */
export function toSarif(document: CheckDocument): string {
  const findings = document.findings.filter(({ verdict }) => verdict !== 'pass');
  const rules = new Map<string, ReportingDescriptor>();
  for (const finding of findings) if (!rules.has(ruleKey(finding))) rules.set(ruleKey(finding), descriptor(finding));
  const index = new Map([...rules.keys()].map((key, position) => [key, position]));
  const log: Log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Palisade', version: document.tool.version, rules: [...rules.values()] } },
        invocations: [
          {
            executionSuccessful: document.targets.every(({ status }) => status !== 'failed'),
            toolExecutionNotifications: document.targets
              .filter(({ error }) => error !== undefined)
              .map(({ error, path }) => ({ level: 'error', message: { text: error ?? '' }, locations: [physical(path)] })),
          },
        ],
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => result(finding, index.get(ruleKey(finding)) ?? -1)),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

/** The same rule id stands on both clouds with different words. */
const ruleKey = ({ rule, cloud }: CheckFinding): string => `${rule}/${cloud}`;
const LEVEL = { critical: 'error', high: 'error', medium: 'warning', low: 'note' } as const;
/** What code-scanning services rank by, 0 to 10. */
const SECURITY_SEVERITY = { critical: '9.5', high: '8.0', medium: '5.0', low: '2.0' } as const;

function descriptor(finding: CheckFinding): ReportingDescriptor {
  return {
    id: ruleKey(finding),
    name: finding.rule,
    shortDescription: { text: `${finding.control} on ${finding.cloud === 'aws' ? 'AWS' : 'Azure'}` },
    help: { text: finding.fix },
    defaultConfiguration: { level: LEVEL[finding.severity] },
    properties: { tags: ['security', finding.control], 'security-severity': SECURITY_SEVERITY[finding.severity] },
  };
}

function result(finding: CheckFinding, ruleIndex: number): Result {
  const { resource, location, waiver } = finding;
  return {
    ruleId: ruleKey(finding),
    ruleIndex,
    kind: finding.verdict === 'unknown' ? 'review' : 'fail',
    level: finding.verdict === 'unknown' ? 'none' : LEVEL[finding.severity],
    message: { text: `${resource.logicalId}: ${sentence(finding)} ${finding.fix}` },
    locations: [
      {
        ...physical(location?.file ?? finding.target, location?.line, location?.column),
        logicalLocations: [{ fullyQualifiedName: resource.id, kind: 'resource' }],
      },
    ],
    ...(finding.known ? { baselineState: 'unchanged' as const } : {}),
    ...(finding.origin ? { properties: { origin: finding.origin } } : {}),
    partialFingerprints: { 'palisade/v1': `${finding.rule}|${resource.path ?? resource.id}` },
    ...(waiver
      ? {
          suppressions: [
            {
              kind: 'external',
              status: 'accepted',
              justification: `${waiver.reason} (${waiver.owner}, ${waiver.ticket}, until ${waiver.expires})`,
            },
          ],
        }
      : {}),
  };
}

const sentence = ({ verdict, message }: CheckFinding): string => (verdict === 'unknown' ? `cannot tell, ${message}.` : `${message}.`);

function physical(file: string, line?: number, column?: number) {
  const uri = encodeURI(file.replaceAll('\\', '/'));
  return {
    physicalLocation: {
      artifactLocation: { uri },
      ...(line ? { region: { startLine: line, ...(column ? { startColumn: column } : {}) } } : {}),
    },
  };
}
