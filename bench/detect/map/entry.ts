import type { ControlId } from '../../../controls';

/** Which of our controls say what rules of a corpus say; or why they are out of scope. */
export type Entry =
  | {
      /** Ids of the corpus, separated by spaces. */
      readonly rules: string;
      /** A failing finding of any of them counts. */
      readonly controls: readonly ControlId[];
      /**
       * A control says more than a rule of a corpus. Where the corpus expects that its rule passes, only a finding with such
       * a message contradicts it. Absent: any finding of the controls does.
       */
      readonly about?: RegExp;
    }
  | { readonly rules: string; readonly outOfScope: string };

/** Says which controls mean the same. */
export const same = (rules: string, ...controls: readonly [ControlId, ...ControlId[]]): Entry => ({ rules, controls });
/** Says which controls mean the same among other things, and how a finding about it reads. */
export const part = (rules: string, about: RegExp, ...controls: readonly [ControlId, ...ControlId[]]): Entry => ({
  rules,
  controls,
  about,
});
/** Says why rules are not ours to keep. */
export const outOfScope = (rules: string, why: string): Entry => ({ rules, outOfScope: why });
