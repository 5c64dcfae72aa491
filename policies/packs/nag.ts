import type { IPolicyValidationContext, PolicyValidationPluginReport, PolicyViolatingResource, PolicyViolation } from 'aws-cdk-lib';
import { NagPack, type NagPackProps } from 'cdk-nag';
import type { IConstruct } from 'constructs';
import { CONTROLS, type DataProfile, SEVERITIES, type Severity, type Tier } from '../../controls';
import { type Evaluation, evaluate } from '../evaluate';
import type { Finding } from '../finding';
import { gatherConstructs } from '../gather/constructs';
import { UNIT } from '../graph';
import { RULES } from '../rules';
import type { DeclaredWaiver, Waiver, WaiverNote } from '../waiver';

export interface PalisadeChecksProps extends NagPackProps {
  /** Lowest severity that fails the synthesis; what lies below is a warning. @default 'medium' */
  readonly gate?: Severity;
  /** What cannot be told fails the synthesis too. @default false */
  readonly strict?: boolean;
  /** Judge as this tier, whatever is declared. @default the tier of the declared data profile, else moderate */
  readonly tier?: Tier;
  /** Data profile of stacks that declare none themselves. */
  readonly profile?: DataProfile;
  /** Exceptions besides the acknowledgements in the app. */
  readonly waivers?: readonly Waiver[];
  /** Day that expiry is judged by. @default now */
  readonly today?: Date;
}

/** Name of the pack, and so the namespace of its acknowledgements: `Palisade::TLS-03.object-storage`. */
const PACK = 'Palisade';
/** Cannot be acknowledged away: what keeps the exceptions honest. */
const FATAL = 'fatal';

/**
 * Every AWS rule of Palisade as a cdk-nag pack. It judges what will be deployed (overrides, generic resources, nested
 * stacks, policies in other stacks), says "cannot tell" instead of throwing, and lets an acknowledgement count only while
 * its reason carries owner, approver, ticket and expiry (GOV-03, SDC-03).
 *
 * @example
 * const app = new App();
 * Validations.of(app).addPlugins(new PalisadeChecks(app));
 */
export class PalisadeChecks extends NagPack {
  override readonly name = PACK;
  override readonly version: string;
  override readonly ruleIds: string[];
  readonly #props: PalisadeChecksProps;

  constructor(scope?: IConstruct, props: PalisadeChecksProps = {}) {
    super(scope, props);
    this.packName = PACK;
    this.#props = props;
    this.version = ownVersion();
    this.ruleIds = [...new Set(RULES.filter(({ cloud }) => cloud === 'aws').map(({ id }) => id))];
  }

  /** Judges the stacks that CDK hands over: those of the app, or those of the stage that the pack was added to. */
  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const stacks = context.stackTemplates.map(({ stackConstructPath }) => stackConstructPath);
    return this.#judge(context.appConstruct, stacks);
  }

  /** Judges every stack beneath `scope`. */
  override validateScope(scope: IConstruct): PolicyValidationPluginReport {
    return this.#judge(scope);
  }

  /** Unused: the pack judges the whole graph at once. */
  protected override checkResource(): void {}

  #judge(root: IConstruct, stacks?: readonly string[]): PolicyValidationPluginReport {
    const { graph, waivers } = gatherConstructs(root, stacks ? { stacks } : {});
    const own = (this.#props.waivers ?? []).map((waiver): DeclaredWaiver => ({ ...waiver, source: 'config' }));
    const evaluation = evaluate(graph, { ...this.#props, rules: RULES, waivers: [...waivers, ...own] });
    const violations = [...this.#findings(evaluation, waivers), ...hygiene(evaluation.waivers)];
    return {
      success: !violations.some(({ severity }) => severity === 'error' || severity === FATAL),
      violations,
      pluginVersion: this.version,
    };
  }

  #findings({ findings }: Evaluation, waivers: readonly DeclaredWaiver[]): PolicyViolation[] {
    const groups = new Map<string, { finding: Finding; severity: string; resources: PolicyViolatingResource[] }>();
    for (const finding of findings) {
      const severity = this.#severityOf(finding, waivers);
      if (severity === undefined) continue;
      const key = [finding.rule, severity, finding.verdict, finding.message].join('\n');
      const group = groups.get(key);
      if (group) group.resources.push(resourceOf(finding));
      else groups.set(key, { finding, severity, resources: [resourceOf(finding)] });
    }
    return [...groups.values()].map(({ finding, severity, resources }) => ({
      ruleName: finding.rule,
      description: describe(finding),
      fix: finding.fix,
      severity,
      violatingResources: resources,
      ruleMetadata: { control: finding.control, severity: finding.severity, verdict: finding.verdict },
    }));
  }

  /** The severity in CDK's words; undefined where a waiver that CDK does not know of covers the finding. */
  #severityOf(finding: Finding, waivers: readonly DeclaredWaiver[]): string | undefined {
    const acknowledged = waivers.some((waiver) => covers(waiver, finding));
    if (finding.waiver) {
      // CDK moves what is acknowledged to `suppressedViolations`, with reason and place: leave it that trace.
      return acknowledged ? 'error' : undefined;
    }
    const failing =
      finding.verdict === 'error' || finding.verdict === 'fail' || (this.#props.strict === true && finding.verdict === 'unknown');
    const counts = finding.verdict === 'error' || SEVERITIES.indexOf(finding.severity) >= SEVERITIES.indexOf(this.#props.gate ?? 'medium');
    if (!failing || !counts) return 'warning';
    // An acknowledgement that does not count (expired, incomplete, of a whole subtree) must not hide the finding.
    return acknowledged ? FATAL : 'error';
  }
}

/** Whether CDK would hide the finding because of this acknowledgement: it matches the id, on the construct or above it. */
function covers(waiver: DeclaredWaiver, { rule, resource }: Finding): boolean {
  return (
    waiver.rule === rule &&
    (waiver.resource === '' || resource.path === waiver.resource || resource.path?.startsWith(`${waiver.resource}/`) === true)
  );
}

function describe({ verdict, message, control, resource }: Finding): string {
  const title = CONTROLS[control].title;
  if (verdict === 'unknown') return `${title}: cannot tell, ${message}`;
  return `${title}: ${message || resource.type}`;
}

/** What concerns a whole stack stands at the stack. */
function resourceOf({ resource, at }: Finding): PolicyViolatingResource {
  if (resource.type === UNIT) return { constructPath: resource.unit.id, locations: [] };
  return {
    resourceLogicalId: resource.logicalId,
    ...(resource.path ? { constructPath: resource.path } : {}),
    locations: [at ? `Properties.${at}` : 'Properties'],
  };
}

function hygiene(notes: readonly WaiverNote[]): PolicyViolation[] {
  return notes.map(({ level, message, problem, waiver }) => ({
    ruleName: 'GOV-03.waivers',
    description: message,
    fix: 'Give each exception a rule id, one resource, reason, owner, approver, ticket and an expiry within its limit; remove it when nothing needs it.',
    severity: level === 'error' ? FATAL : 'warning',
    violatingResources: [{ constructPath: waiver.resource, locations: [] }],
    ruleMetadata: { control: 'GOV-03', problem },
  }));
}

function ownVersion(): string {
  for (const path of ['../../package.json', '../../../package.json']) {
    try {
      const { name, version } = require(path) as { name: string; version: string };
      if (name === 'palisade') return version;
    } catch {
      // The other place is tried next.
    }
  }
  return '0.0.0';
}
