/** Documents of a review, made by hand: what the reports are given. */
import type { ReviewChange, ReviewDocument, ReviewEvidence } from '../../review/schema-review';

const SIDE = { digest: 'a'.repeat(64), targets: [{ path: 'cdk.out', kind: 'cdk-assembly', resources: 12 }] };

export function change(more: Partial<ReviewChange> = {}): ReviewChange {
  return {
    aspect: 'access',
    direction: 'weaker',
    severity: 'critical',
    sentence: 'everyone can now read the bucket Records (s3:GetObject)',
    subject: 'Records',
    topic: 'access everyone',
    approver: 'security',
    evidence: [evidence()],
    ...more,
  };
}

export const evidence = (more: Partial<ReviewEvidence> = {}): ReviewEvidence => ({
  resource: 'Files/Records',
  side: 'after',
  location: { file: 'cdk.out/Files.template.json', line: 12 },
  chain: ['everyone', 'the policy of Records, statement 1', 'the bucket Records'],
  saw: 'the policy of Records, statement 1',
  ...more,
});

export function reviewDocument(more: Partial<ReviewDocument> = {}): ReviewDocument {
  const weaker = (more.changes ?? []).some(({ direction }) => direction !== 'stronger' && direction !== 'neutral');
  return {
    schema: 'palisade/review@1',
    tool: { name: 'palisade', version: '1.2.3' },
    today: '2026-01-15',
    base: { ...SIDE, undecided: { count: 0, share: 0 } },
    head: { ...SIDE, digest: 'b'.repeat(64), undecided: { count: 3, share: 0.017 } },
    verdict: weaker ? 'approve: security' : 'nothing to approve',
    needs: weaker ? ['security'] : [],
    approvals: [],
    approved: !weaker,
    changes: [],
    controls: [],
    ...more,
  };
}

/** A path from a source through hops to a store, newly there. */
export const path = (...chain: string[]): ReviewChange =>
  change({
    aspect: 'exposure',
    sentence: `${chain[0]} can now reach ${chain.at(-1)}`,
    topic: chain.join(),
    evidence: [evidence({ chain })],
    ...(chain[0] === 'the internet' ? { boundary: 'internet' as const } : {}),
  });
