import { CFN_GUARD } from './cfn-guard';
import { CFN_NAG } from './cfn-nag';
import { CFRIPPER } from './cfripper';
import type { Entry } from './entry';
import { REGULA } from './regula';
import { TEMPLATE_ANALYZER } from './template-analyzer';
import { TRIVY } from './trivy';

const CORPORA: Readonly<Record<string, readonly Entry[]>> = {
  'cfn-guard': CFN_GUARD,
  cfn_nag: CFN_NAG,
  cfripper: CFRIPPER,
  regula: REGULA,
  'template-analyzer': TEMPLATE_ANALYZER,
  'trivy-checks': TRIVY,
};

/** Every decision, with the corpus that it is about. */
export const ENTRIES: readonly { readonly corpus: string; readonly entry: Entry }[] = Object.entries(CORPORA).flatMap(([corpus, entries]) =>
  entries.map((entry) => ({ corpus, entry })),
);

const BY_RULE = new Map(
  ENTRIES.flatMap(({ corpus, entry }) => entry.rules.split(' ').map((rule) => [`${corpus} ${rule}`, entry] as const)),
);

/** What a rule of a corpus means to us, by the first word of its id; undefined where nobody has decided yet. */
export const meaningOf = (corpus: string, rule: string): Entry | undefined => BY_RULE.get(`${corpus} ${rule.split(' ')[0]}`);
