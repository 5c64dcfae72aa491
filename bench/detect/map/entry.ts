import type { ControlId } from '../../../controls';

/** Which of our controls say what rules of a corpus say; or why they are out of scope. */
export type Entry =
  | {
      /** Ids of the corpus, separated by spaces. */
      readonly rules: string;
      /** A failing finding of any of them counts. */
      readonly controls: readonly ControlId[];
    }
  | { readonly rules: string; readonly outOfScope: string };

/** Says which controls mean the same. */
export const same = (rules: string, ...controls: readonly [ControlId, ...ControlId[]]): Entry => ({ rules, controls });
/** Says why rules are not ours to keep. */
export const outOfScope = (rules: string, why: string): Entry => ({ rules, outOfScope: why });
