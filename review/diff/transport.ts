/** What no longer encrypts what it sends, or takes: in plain words, from what the rules say of both states. */
import { type ControlId, SEVERITIES } from '../../controls';
import type { Finding } from '../../policies/finding';
import type { Resource } from '../../policies/resource';
import { placeOf, shownAs } from './reading';
import type { Aspected, Pairing, Side, Told } from './side';

/** What it means where a resource keeps a control no longer. Certificates and links between sites are told by their rules. */
const MEANS: Readonly<Partial<Record<ControlId, string>>> = {
  'TLS-01': 'accepts old TLS now',
  'TLS-02': 'speaks clear text now',
  'TLS-03': 'no longer refuses clear-text requests',
  'TLS-04': 'no longer encrypts what it sends to what stands behind it',
  'TLS-05': 'no longer demands encrypted sessions',
  'TLS-06': 'no longer encrypts traffic inside the network',
};
const CONTROLS = Object.keys(MEANS) as readonly ControlId[];
/** Rules of these paths ask whose certificate it is, or which protocols, not whether anything is encrypted. */
const OTHERWISE = /certificate|validate|NameCheck|SSLProtocols|InsecureSsl/i;

/** A listener is before a workload, wherever its load balancer stands. */
const meaning = ({ control, resource }: Finding): string =>
  (control === 'TLS-04' && resource.type.endsWith('Listener') ? MEANS['TLS-02'] : MEANS[control]) as string;

/** One line for each resource that encrypts less in transit than before. */
export const transport: Aspected = (before, after, pairing) => {
  const [old, now] = [verdictsOf(before, pairing), verdictsOf(after, pairing)];
  return [...now].flatMap(([identity, rules]) => {
    const earlier = old.get(identity);
    const lost = [...rules.values()].filter(
      (finding) =>
        isBroken(finding) && finding.waiver === undefined && ['pass', 'unknown'].includes(earlier?.get(finding.rule)?.verdict ?? ''),
    );
    return lost.length === 0 ? [] : [lineOf(lost, pairing)];
  });
};

const isBroken = ({ verdict }: Finding): boolean => verdict === 'fail' || verdict === 'error';

/** By resource and rule; of several verdicts of one rule, one that is broken. */
function verdictsOf({ targets }: Side, pairing: Pairing): ReadonlyMap<string, ReadonlyMap<string, Finding>> {
  const found = new Map<string, Map<string, Finding>>();
  for (const { strictest } of targets)
    for (const finding of strictest.findings) {
      const { at = '', control, resource, rule, verdict } = finding;
      if (verdict === 'not-applicable' || !CONTROLS.includes(control) || OTHERWISE.test(at)) continue;
      const identity = pairing.identity(resource);
      const rules = found.get(identity) ?? new Map<string, Finding>();
      found.set(identity, rules);
      const known = rules.get(rule);
      if (!known || !isBroken(known)) rules.set(rule, finding);
    }
  return found;
}

function lineOf(lost: readonly Finding[], pairing: Pairing): Told {
  const grave = ({ control, severity }: Finding) => `${SEVERITIES.length - SEVERITIES.indexOf(severity)} ${control}`;
  const sorted = [...lost].sort((a, b) => (grave(a) < grave(b) ? -1 : 1));
  const [{ message, resource }] = sorted as [Finding];
  return {
    aspect: 'encryption',
    direction: 'weaker',
    // The rules are its evidence, and say how grave it is.
    severity: 'low',
    sentence: `${pairing.name(resource)} ${[...new Set(sorted.map(meaning))].join(', and ')}: ${message}`,
    subject: pairing.identity(resource),
    topic: 'encryption in transit',
    approver: 'security',
    evidence: sorted.map(({ at, resource: one }) => evidenceOf(one, at)),
    causes: sorted.map(({ at }) => ({ resource: pairing.identity(resource), ...(at === undefined || at === '' ? {} : { path: at }) })),
    tells: [...new Set(sorted.map(({ control }) => control))],
  };
}

const evidenceOf = (resource: Resource, at: string | undefined): Told['evidence'][number] => ({
  resource: shownAs(resource),
  side: 'after',
  ...placeOf(resource, at),
  ...(at === undefined || at === '' ? {} : { saw: at }),
});
