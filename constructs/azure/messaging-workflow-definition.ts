/** A trigger or an action, in the words of the workflow definition language. */
export interface WorkflowStep {
  /** `Request`, `Http`, `Recurrence`, `If`, … */
  readonly type: string;
  /** What the step is given. */
  readonly inputs?: unknown;
  /** Steps of a scope, a loop, or the first branch of a condition. */
  readonly actions?: WorkflowSteps;
  /** The other branch of a condition. */
  readonly else?: WorkflowBranch;
  /** Branches of a switch. */
  readonly cases?: Readonly<Record<string, WorkflowBranch>>;
  /** The branch of a switch that no case matches. */
  readonly default?: WorkflowBranch;
  /** Conditions under which a trigger starts a run. */
  readonly conditions?: readonly { readonly expression: string }[];
  /** Options of the step, separated by commas. */
  readonly operationOptions?: string;
  /** Settings of the step while it runs. */
  readonly runtimeConfiguration?: Readonly<Record<string, unknown>>;
  /** Whatever else the language has. */
  readonly [property: string]: unknown;
}

/** Steps by name. */
export type WorkflowSteps = Readonly<Record<string, WorkflowStep>>;

/** A branch of a condition or a switch. */
export interface WorkflowBranch {
  /** Its steps, by name. */
  readonly actions: WorkflowSteps;
  /** Whatever else the language has: the `case` of a switch. */
  readonly [property: string]: unknown;
}

/** A workflow in its definition language; leaves may be outputs of other resources. */
export interface WorkflowDefinition {
  /** What starts a run, by name. */
  readonly triggers: WorkflowSteps;
  /** What a run does, by name. */
  readonly actions: WorkflowSteps;
  /** Parameters, outputs, and whatever else the language has. */
  readonly [property: string]: unknown;
}

const SCHEMA = 'https://schema.management.azure.com/providers/Microsoft.Logic/schemas/2016-06-01/workflowdefinition.json#';

/** Steps whose inputs and outputs are content: what they move would stand in the history of runs. */
const MOVES_CONTENT = new Set([
  'ApiConnection',
  'ApiConnectionNotification',
  'ApiConnectionWebhook',
  'Function',
  'Http',
  'HttpWebhook',
  'Request',
  'ServiceProvider',
  'Workflow',
]);

/** A request is let in by its token; one that is signed with the key of the workflow carries none. */
const WITH_TOKEN = { expression: "@startsWith(triggerOutputs()?['headers']?['Authorization'], 'Bearer')" };
const SHOWS_TOKEN = 'IncludeAuthorizationHeadersInOutputs';

/** Whether somebody starts the workflow over its address. */
export const isStartedByRequest = ({ triggers }: WorkflowDefinition): boolean =>
  Object.values(triggers).some(({ type }) => type === 'Request');

/**
 * The definition with content kept out of the history of runs, and with requests let in by token only.
 *
 * @throws RangeError for a definition without triggers, or an address in clear text (TLS-02)
 */
export function hardenedDefinition(where: string, definition: WorkflowDefinition): WorkflowDefinition {
  if (Object.keys(definition?.triggers ?? {}).length === 0)
    throw new RangeError(`${where}: definition has no triggers; name what starts the workflow`);
  return {
    $schema: SCHEMA,
    contentVersion: '1.0.0.0',
    ...definition,
    triggers: steps(where, definition.triggers, byToken),
    actions: steps(where, definition.actions ?? {}, (step) => step),
  };
}

type Change = (step: WorkflowStep) => WorkflowStep;

const steps = (where: string, list: WorkflowSteps, change: Change): WorkflowSteps =>
  Object.fromEntries(Object.entries(list).map(([name, step]) => [name, change(hardened(`${where} step "${name}"`, step))]));

function hardened(where: string, step: WorkflowStep): WorkflowStep {
  const { actions, cases, default: otherwise, else: not, inputs, runtimeConfiguration, type } = step;
  const uri = (inputs as { readonly uri?: unknown } | undefined)?.uri;
  if (typeof uri === 'string' && /^http:/i.test(uri))
    throw new RangeError(`${where}: calls "${uri.split('?')[0]}" in clear text; write an address that starts with https (TLS-02)`);
  const branch = (one: WorkflowBranch): WorkflowBranch => ({ ...one, actions: steps(where, one.actions, (each) => each) });
  return {
    ...step,
    ...(actions ? { actions: steps(where, actions, (each) => each) } : {}),
    ...(not ? { else: branch(not) } : {}),
    ...(otherwise ? { default: branch(otherwise) } : {}),
    ...(cases ? { cases: Object.fromEntries(Object.entries(cases).map(([name, one]) => [name, branch(one)])) } : {}),
    ...(MOVES_CONTENT.has(type)
      ? { runtimeConfiguration: { ...runtimeConfiguration, secureData: { properties: ['inputs', 'outputs'] } } }
      : {}),
  };
}

function byToken(trigger: WorkflowStep): WorkflowStep {
  if (trigger.type !== 'Request') return trigger;
  const options = (trigger.operationOptions ?? '').split(',').map((option) => option.trim());
  return {
    ...trigger,
    conditions: [...(trigger.conditions ?? []), WITH_TOKEN],
    operationOptions: [...new Set([...options.filter((option) => option !== ''), SHOWS_TOKEN])].join(', '),
  };
}
