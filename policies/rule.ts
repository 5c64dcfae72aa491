import type { Control, ControlId, Severity, Tier } from '../controls';
import type { Graph } from './graph';
import type { Node } from './node';
import type { Outcome } from './outcome';
import type { Cloud, Resource } from './resource';

/** Families recur as file names in every layer and on both clouds. */
export const FAMILIES = [
  'identity',
  'secrets',
  'keys',
  'network',
  'edge',
  'compute',
  'containers',
  'serverless',
  'object-storage',
  'database',
  'messaging',
  'logging',
  'detection',
  'response',
  'backup',
  'governance',
] as const;
export type Family = (typeof FAMILIES)[number];

/** What a rule may know besides the resource and its graph. */
export interface RuleContext {
  /** Tier of the system that the resource belongs to. */
  readonly tier: Tier;
  /** The data profile as written: that of the resource's unit, or the project's where the unit declares none. */
  readonly profile?: unknown;
}

/**
 * A small world in which a rule is judged. `resources` is, on AWS, the `Resources` section of a CloudFormation template
 * (intrinsics as in CloudFormation), on Azure a map from name to `{ type, properties }` where `{ $ref: 'name' }` points at
 * another resource of the example, `{ $unknown: 'why' }` is known only on deployment and `{ $secret: true }` is a secret.
 */
export interface Example {
  /** What the case shows, when the resources do not say it themselves. */
  readonly name?: string;
  readonly resources: { readonly [name: string]: ExampleResource };
  /** AWS only. */
  readonly parameters?: { readonly [name: string]: Node };
  readonly conditions?: { readonly [name: string]: Node };
  readonly outputs?: { readonly [name: string]: Node };
  /** @default 'high', so that every rule applies */
  readonly tier?: Tier;
  /** What the input says of its deployment. @default nothing */
  readonly unit?: { readonly account?: string; readonly region?: string; readonly profile?: Node };
}
export type ExampleResource = { readonly [key: string]: unknown };

export interface RuleSpec {
  /** Resource types judged: CloudFormation types, or Pulumi tokens without API version. A pattern matches the type. */
  readonly on: string | RegExp | readonly (string | RegExp)[];
  /** Pure; reads only the resource, its graph and the context. */
  readonly check: (resource: Resource, graph: Graph, context: RuleContext) => Outcome;
  /** What to write instead, in one or two sentences. */
  readonly fix: string;
  /** @default the control's severity */
  readonly severity?: Severity;
  /** @default the control's first tier; a rule may start later, never earlier */
  readonly from?: Tier;
  /** Every judged resource passes or does not apply, and at least one passes. */
  readonly pass: readonly Example[];
  /** The first resource of a judged type fails, and no other. */
  readonly fail: readonly Example[];
  /** The first resource of a judged type is unknown, and none fails. */
  readonly unknown?: readonly Example[];
  /** No resource is judged. */
  readonly skip?: readonly Example[];
}

/** A stated, reasoned absence: printed in CONTROLS.md and in the evidence. */
export interface Gap {
  readonly gap: string;
}
/** States why a control has no rule on a cloud. */
export const gap = (why: string): Gap => ({ gap: why });

/** Declares a rule. The object is the rule, its documentation and its test. */
export const rule = (spec: RuleSpec): RuleSpec => spec;

export type PerCloud = { readonly [C in Cloud]?: RuleSpec | readonly RuleSpec[] | Gap };

/** A rule with its place in the framework. */
export interface Rule extends Omit<RuleSpec, 'on' | 'severity' | 'from'> {
  /** `<control>.<family>`; also the waiver id, the documentation anchor and the evidence row. */
  readonly id: string;
  readonly control: ControlId;
  readonly family: Family;
  readonly cloud: Cloud;
  readonly on: readonly (string | RegExp)[];
  readonly severity: Severity;
  readonly from: Tier;
}

export interface FamilyRules {
  readonly family: Family;
  readonly rules: readonly Rule[];
  readonly gaps: readonly { readonly control: ControlId; readonly cloud: Cloud; readonly why: string }[];
}

/** Gives each rule of a family its id, control, severity and first tier. */
export function rulesOf(
  family: Family,
  controls: Readonly<Record<ControlId, Control>>,
  specs: { readonly [Id in ControlId]?: PerCloud },
): FamilyRules {
  const rules: Rule[] = [];
  const gaps: { control: ControlId; cloud: Cloud; why: string }[] = [];
  for (const [id, perCloud] of Object.entries(specs) as [ControlId, PerCloud][]) {
    for (const cloud of ['aws', 'azure'] as const) {
      const entry = perCloud[cloud];
      if (!entry) continue;
      if ('gap' in entry) {
        gaps.push({ control: id, cloud, why: entry.gap });
        continue;
      }
      for (const spec of Array.isArray(entry) ? (entry as readonly RuleSpec[]) : [entry as RuleSpec]) {
        const on = Array.isArray(spec.on) ? (spec.on as readonly (string | RegExp)[]) : [spec.on as string | RegExp];
        rules.push({
          ...spec,
          id: `${id}.${family}`,
          control: id,
          family,
          cloud,
          on,
          severity: spec.severity ?? controls[id].severity,
          from: spec.from ?? controls[id].from,
        });
      }
    }
  }
  return { family, rules, gaps };
}
