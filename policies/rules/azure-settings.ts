import type { Severity } from '../../controls';
import { residencyOf } from '../facts/classification';
import { notApplicable } from '../outcome';
import type { RuleSpec } from '../rule';
import { present, type Setting, setting } from './setting';

/**
 * A setting with which Azure starts out well today, and which it keeps as it was where an older resource says nothing: what is
 * written wrongly breaks the control, silence weighs less.
 *
 * @param silence severity of saying nothing
 */
export const stated = (spec: Setting, silence: Severity): readonly RuleSpec[] => [
  setting({ ...spec, unset: spec.is[0] }),
  present({
    on: spec.on,
    at: spec.at,
    like: spec.is[0],
    else: `${spec.at} is not written: Azure keeps what the resource had`,
    fix: spec.fix,
    severity: silence,
    ...(spec.beside ? { beside: spec.beside } : {}),
    ...(spec.from ? { from: spec.from } : {}),
  }),
];

/** Copies elsewhere are asked for only where the data profile lets data leave its one place. */
export const unlessOnePlace = (spec: RuleSpec): RuleSpec => ({
  ...spec,
  check: (resource, graph, context) =>
    residencyOf(resource)?.length === 1
      ? notApplicable('the data profile promises one single place, which copies may not leave')
      : spec.check(resource, graph, context),
});
