import {
  PolicyPack,
  type PolicyResource,
  type ResourceValidationPolicy,
  type StackValidationArgs,
  type StackValidationPolicy,
} from '@pulumi/policy';
import { CONTROLS, type DataProfile, SEVERITIES, type Severity, TIERS, type Tier } from '../../controls';
import { append } from '../collect';
import { evaluate } from '../evaluate';
import type { Finding } from '../finding';
import { graphOf } from '../gather/pulumi/graph';
import type { Rule } from '../rule';
import { RULES } from '../rules';
import type { Waiver, WaiverNote } from '../waiver';
import { type Inputs, recordsOfStack, takeNote, unitOf } from './crossguard/resources';
import { keepWhatIsSent, targetOf } from './crossguard/wire';

export interface PalisadePackOptions {
  /** Lowest severity whose rules are mandatory; those below are advisory. @default 'high' */
  readonly gate?: Severity;
  /**
   * What happens when a preview cannot tell yet. `advise`: reported by the policy `palisade`, which is advisory, so that the first
   * update of a stack is not blocked by what only that update makes known. `enforce`: reported by the rule, at the rule's own
   * level, as `palisade check --strict` does. @default 'advise'
   */
  readonly unknowns?: 'enforce' | 'advise';
  /** Judge as this tier, whatever is declared. @default the tier of the declared data profile, else moderate */
  readonly tier?: Tier;
  /** Data profile of stacks that declare none themselves. */
  readonly profile?: DataProfile;
  /** Exceptions besides those that the stack itself declares. */
  readonly waivers?: readonly Waiver[];
  /** @default every Azure rule */
  readonly rules?: readonly Rule[];
  /** Day that expiry is judged by. @default now */
  readonly today?: Date;
}

/** The policy that carries the settings of the pack and reports on the exceptions. */
const SETTINGS = 'palisade';
/** The policy that only takes note of inputs. */
const INPUTS = 'palisade-inputs';

type Settings = Pick<PalisadePackOptions, 'tier' | 'profile' | 'waivers' | 'unknowns'>;

interface Judgement {
  /** Failures and, where they are enforced, unknowns, by rule. */
  readonly byRule: ReadonlyMap<string, readonly Finding[]>;
  readonly advised: readonly Finding[];
  readonly notes: readonly WaiverNote[];
}

/**
 * The rules as Pulumi policies: one for each rule id, so that enforcement levels can be set one by one (`"TLS-03.object-storage":
 * "advisory"`) and reports carry its id. All of them are judged together, once per preview or update, on the inputs of all
 * resources. `pulumi preview --policy-pack-config` may set `tier`, `profile`, `waivers` and `unknowns` under the policy `palisade`.
 *
 * @example
 * new PolicyPack('ours', { policies: [...palisadePolicies({ tier: 'high' }), ourOwnPolicy] });
 */
export function palisadePolicies(options: PalisadePackOptions = {}): (ResourceValidationPolicy | StackValidationPolicy)[] {
  keepWhatIsSent();
  const rules = (options.rules ?? RULES).filter(({ cloud }) => cloud === 'azure');
  const inputs: Inputs = new Map();
  let settings: Settings = options;
  let last: { readonly key: object; readonly judgement: Judgement } | undefined;

  const judged = ({ resources }: StackValidationArgs): Judgement => {
    const key = keyOf(resources);
    if (last && last.key === key) return last.judgement;
    const judgement = judge(resources, inputs, rules, { ...options, ...settings });
    last = key && { key, judgement };
    return judgement;
  };

  const noting: ResourceValidationPolicy = {
    name: INPUTS,
    description: 'Takes note of the inputs of each resource for the policies of Palisade; reports nothing',
    enforcementLevel: 'advisory',
    validateResource: (args) => takeNote(inputs, args),
  };
  const setting: StackValidationPolicy = {
    name: SETTINGS,
    description: 'Settings of Palisade, and what is wrong with exceptions',
    enforcementLevel: 'advisory',
    configSchema: SETTINGS_SCHEMA as unknown as NonNullable<StackValidationPolicy['configSchema']>,
    validateStack: (args, report) => {
      settings = { ...options, ...args.getConfig<Settings>() };
      last = undefined;
      const { notes, advised } = judged(args);
      for (const { message } of notes) report(message);
      for (const finding of advised) report(`${finding.rule}: ${sentence(finding)}`, finding.resource.id);
    },
  };
  return [noting, setting, ...policiesOf(rules, options.gate ?? 'high', judged)];
}

/**
 * Starts a policy pack named `palisade`. One pack per process: the engine talks to it from then on.
 *
 * @example
 * // index.js of a folder with a PulumiPolicy.yaml
 * require('palisade/crossguard').createPolicyPack({ gate: 'medium', tier: 'high' });
 */
export function createPolicyPack(options: PalisadePackOptions = {}): PolicyPack {
  return new PolicyPack(SETTINGS, {
    displayName: 'Palisade',
    description: 'A security baseline as code',
    policies: palisadePolicies(options),
    enforcementLevel: 'advisory',
  });
}

function policiesOf(rules: readonly Rule[], gate: Severity, judged: (args: StackValidationArgs) => Judgement): StackValidationPolicy[] {
  const byId = new Map<string, Rule[]>();
  for (const rule of rules) append(byId, rule.id, rule);
  return [...byId].map(([id, same]) => {
    const severity = worst(same.map((rule) => rule.severity));
    const [first] = same as [Rule, ...Rule[]];
    return {
      name: id,
      displayName: id,
      description: CONTROLS[first.control].title,
      severity,
      tags: [first.control, first.family],
      remediationSteps: [...new Set(same.map(({ fix }) => fix))].join('\n'),
      enforcementLevel: SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(gate) ? 'mandatory' : 'advisory',
      validateStack: (args, report) => {
        for (const finding of judged(args).byRule.get(id) ?? []) report(sentence(finding), finding.resource.id);
      },
    } satisfies StackValidationPolicy;
  });
}

function judge(resources: readonly PolicyResource[], inputs: Inputs, rules: readonly Rule[], options: PalisadePackOptions): Judgement {
  const { graph, waivers } = graphOf(unitOf(resources), recordsOfStack(resources, inputs), []);
  const evaluation = evaluate(graph, {
    rules,
    tier: options.tier,
    profile: options.profile,
    waivers: [...waivers, ...(options.waivers ?? []).map((waiver) => ({ ...waiver, source: 'config' as const }))],
    ...(options.today ? { today: options.today } : {}),
  });
  const byRule = new Map<string, Finding[]>();
  const advised: Finding[] = [];
  for (const finding of evaluation.findings) {
    if (finding.waiver) continue;
    if (finding.verdict === 'unknown' && options.unknowns !== 'enforce') advised.push(finding);
    else append(byRule, finding.rule, finding);
  }
  return { byRule, advised, notes: evaluation.waivers };
}

/** What stays the same for all policies of one request, where it does. */
const keyOf = (resources: readonly PolicyResource[]): object | undefined => (resources[0] ? targetOf(resources[0].props) : undefined);

const sentence = ({ verdict, message, fix }: Finding): string =>
  verdict === 'unknown' ? `cannot tell before deployment: ${message}` : `${message}${/[.!?]$/.test(message) ? '' : '.'} ${fix}`;

const worst = (severities: readonly Severity[]): Severity =>
  severities.reduce((most, severity) => (SEVERITIES.indexOf(severity) > SEVERITIES.indexOf(most) ? severity : most));

const TEXT = { type: 'string' };
const SETTINGS_SCHEMA = {
  properties: {
    tier: { type: 'string', enum: [...TIERS], description: 'Judge as this tier, whatever is declared' },
    unknowns: { type: 'string', enum: ['enforce', 'advise'], description: 'Whether what cannot be told yet is enforced like a failure' },
    profile: { type: 'object', description: 'Data profile of stacks that declare none themselves' },
    waivers: {
      type: 'array',
      description: 'Exceptions: every field is required',
      items: {
        type: 'object',
        properties: { rule: TEXT, resource: TEXT, reason: TEXT, owner: TEXT, approver: TEXT, ticket: TEXT, expires: TEXT },
      },
    },
  },
};
