/** How a line of exposure is put together: names, lists, and the parts that every line has. */
import type { ControlId, Severity } from '../../../controls';
import type { Resource } from '../../../policies/resource';
import type { Approver, Boundary, ReviewEvidence } from '../../schema-review';
import { placeOf } from '../reading';
import { type Pairing, resourcesOf, type Side } from '../side';
import type { Consequence } from './fold';
import type { LayerName, Layers, Outside } from './model';

export type Direction = 'weaker' | 'stronger';

/** What a path tells: that nothing keeps the internet away, by whichever rule. */
export const REACH: readonly ControlId[] = [
  'DHC-05',
  'DID-01',
  'DID-02',
  'DID-03',
  'DID-04',
  'DID-05',
  'DID-06',
  'DID-12',
  'DID-15',
  'DID-23',
  'TLS-10',
];
export const AUTHENTICATION: readonly ControlId[] = ['DID-16', 'DID-15', 'DHC-05'];
export const FIREWALL: readonly ControlId[] = ['DID-07'];
export const OWN_KEY: LayerName = 'a key of its own';

const MOST = 3;
export const listed = (names: readonly string[]): string => {
  const shown = names.length > MOST ? [...names.slice(0, MOST), `${names.length - MOST} more`] : names;
  return shown.length < 2 ? (shown[0] ?? '') : `${shown.slice(0, -1).join(', ')} and ${shown[shown.length - 1]}`;
};
const ORDER: readonly Severity[] = ['low', 'medium', 'high', 'critical'];
export const milder = (severity: Severity): Severity => ORDER[Math.max(0, ORDER.indexOf(severity) - 1)] as Severity;
export const boundaryOf = ({ kind }: Outside): Boundary => (kind === 'internet' ? 'internet' : 'organisation');

export const layersIn = (layers: Layers): string =>
  [...layers].map(([one, { kept }]) => `${one}: ${kept === undefined ? 'not known' : kept ? 'yes' : 'no'}`).join('; ');
export const keptIn = (layers: Layers): readonly LayerName[] => [...layers].filter(([, { kept }]) => kept === true).map(([name]) => name);

/** What every sentence needs: names, and what a line is made of. */
export class Speech {
  readonly #names = new Map<string, string>();

  constructor(
    before: Side,
    after: Side,
    readonly pairing: Pairing,
  ) {
    for (const side of [before, after])
      for (const resource of resourcesOf(side)) this.#names.set(pairing.identity(resource), pairing.name(resource));
  }

  readonly called = (identity: string): string => this.#names.get(identity) ?? identity;

  line(
    thing: Resource,
    told: {
      readonly direction: Consequence['direction'];
      readonly severity: Severity;
      readonly sentence: string;
      readonly topic: string;
      readonly boundary?: Boundary | undefined;
      readonly control?: ControlId | undefined;
      readonly chain: readonly string[];
      readonly along: readonly string[];
      readonly tells: readonly ControlId[];
      readonly saw: string;
      readonly policy?: boolean;
      readonly speaks?: boolean;
      readonly alsoNeeds?: Approver | undefined;
      /** Where in the thing, where one thing is told of in several places. */
      readonly at?: string | undefined;
    },
  ): Consequence {
    const { along, alsoNeeds, at, boundary, chain, control, direction, policy = false, saw, speaks = false, tells, topic } = told;
    const weaker = direction !== 'stronger';
    return {
      aspect: 'exposure',
      direction,
      severity: told.severity,
      sentence: told.sentence,
      subject: this.pairing.identity(thing),
      topic,
      ...(control === undefined ? {} : { control }),
      ...(boundary === undefined || !weaker ? {} : { boundary }),
      ...(weaker ? { approver: 'security' as Approver } : {}),
      ...(weaker && alsoNeeds ? { alsoNeeds } : {}),
      evidence: [this.evidence(thing, direction, chain, saw)],
      along: [...new Set(along)],
      tells,
      policy,
      ...(speaks ? { speaks } : {}),
      ...(at === undefined ? {} : { at }),
    };
  }

  evidence(thing: Resource, direction: Consequence['direction'], chain: readonly string[], saw: string): ReviewEvidence {
    return {
      resource: thing.path ?? thing.logicalId,
      side: direction === 'stronger' ? 'before' : 'after',
      ...placeOf(thing),
      chain,
      ...(saw === '' ? {} : { saw }),
    };
  }
}
