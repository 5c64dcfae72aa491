/** Functions: which ones only CloudFormation calls, which ones run at the edge, and how the two types spell the same thing. */
import type { Graph } from '../graph';
import type { Resource } from '../resource';
import type { Value } from '../value';
import { statementsOf } from './iam';

export const FUNCTION = 'AWS::Lambda::Function';
export const SAM_FUNCTION = 'AWS::Serverless::Function';
export const FUNCTIONS = [FUNCTION, SAM_FUNCTION] as const;
const ROLE = 'AWS::IAM::Role';

/** Where the two types write the same thing under different names. */
const SPELLED = {
  inline: { [FUNCTION]: 'Code.ZipFile', [SAM_FUNCTION]: 'InlineCode' },
  image: { [FUNCTION]: 'Code.ImageUri', [SAM_FUNCTION]: 'ImageUri' },
  tracing: { [FUNCTION]: 'TracingConfig.Mode', [SAM_FUNCTION]: 'Tracing' },
  deadLetters: { [FUNCTION]: 'DeadLetterConfig.TargetArn', [SAM_FUNCTION]: 'DeadLetterQueue.TargetArn' },
} as const;

/** A property of a function, by what it means. */
export const written = (fn: Resource, meaning: keyof typeof SPELLED): Value =>
  fn.at(SPELLED[meaning][fn.type as keyof (typeof SPELLED)['inline']]);

/**
 * Whether only CloudFormation calls the function, while it deploys: it handles a custom resource, or the framework that
 * handles one calls it. So do the state machines with which the framework waits. Such a function sees templates, not customers' data.
 */
export function servesDeployment(fn: Resource, graph: Graph): boolean {
  return graph.once(servesDeployment, () => deploymentFunctions(graph)).has(fn.id);
}

function deploymentFunctions(graph: Graph): ReadonlySet<string> {
  const found = new Set<string>();
  for (const type of graph.types) {
    if (!type.startsWith('Custom::') && type !== 'AWS::CloudFormation::CustomResource') continue;
    for (const custom of graph.ofType(type)) for (const id of custom.at('ServiceToken').targets) found.add(id);
  }
  for (const fn of graph.ofType(FUNCTION)) if (isFramework(fn)) found.add(fn.id);
  // A set hands out what is added while it is walked, so that what the framework calls is followed to its end.
  for (const id of found) {
    const fn = graph.get(id);
    if (fn?.type !== FUNCTION) continue;
    for (const [, value] of fn.at('Environment.Variables').entries())
      for (const called of value.targets) if (graph.get(called)?.type === FUNCTION) found.add(called);
    for (const waiter of fn.at('Environment.Variables.WAITER_STATE_MACHINE_ARN').targets) found.add(waiter);
  }
  return found;
}

/** The CDK's framework for custom resources names the handlers that it calls; parts of it are called by its state machine. */
const isFramework = (fn: Resource): boolean =>
  ['USER_ON_EVENT_FUNCTION_ARN', 'USER_IS_COMPLETE_FUNCTION_ARN'].some(
    (name) => fn.at('Environment.Variables').at(name).state !== 'absent',
  );

/** The role of a function, where the input declares it. */
export const roleOf = (fn: Resource, graph: Graph): Resource | undefined => graph.target(fn.at('Role'), ROLE);

/** Whether CloudFront runs the function: such functions take no network, no environment and no concurrency. */
export function runsAtEdge(fn: Resource, graph: Graph): boolean {
  const role = roleOf(fn, graph);
  return (
    role !== undefined &&
    statementsOf(role.at('AssumeRolePolicyDocument')).some((statement) =>
      statement.services().some((service) => service.string === 'edgelambda.amazonaws.com'),
    )
  );
}
