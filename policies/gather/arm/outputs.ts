/** Outputs of templates: whoever may read the history of deployments reads them, unless their type is a secure one. */
import type { Graph } from '../../graph';
import { type Node, Residue, Secret, Text } from '../../node';
import { GatherError } from '../target';
import { Choice } from './choice';
import type { JsonPath } from './json';
import { type Origin, originOf } from './origins';

/** One output of the template, or of a deployment in it. */
export interface TemplateOutput {
  readonly name: string;
  /** Names of the deployments around; none for the template itself. */
  readonly deployment: readonly string[];
  readonly path: JsonPath;
  readonly value: () => Node | undefined;
}

/** An output that holds a secret. */
export interface ShownSecret extends Pick<TemplateOutput, 'deployment' | 'name'> {
  readonly origin: Origin | undefined;
  readonly file: string;
  readonly line: number | undefined;
}

const SHOWN = new WeakMap<Graph, readonly ShownSecret[]>();
/** Secrets that the outputs of a template give away. */
export const secretsShownIn = (graph: Graph): readonly ShownSecret[] => SHOWN.get(graph) ?? [];
export const keepShown = (graph: Graph, shown: readonly ShownSecret[]): void => void SHOWN.set(graph, shown);

export function* shownBy(outputs: readonly TemplateOutput[], file: string, lineOf: (path: JsonPath) => number | undefined) {
  for (const { deployment, name, path, value } of outputs) {
    const [secret] = secretsIn(worked(value));
    if (secret) yield { deployment, name, origin: originOf(secret), file, line: lineOf(path) } satisfies ShownSecret;
  }
}

/** What an output that is wrong gives is for its deployment to say: nothing else depends on it. */
function worked(value: TemplateOutput['value']): Node | undefined {
  try {
    return value();
  } catch (error) {
    if (error instanceof GatherError) return undefined;
    throw error;
  }
}

/** All secrets in a value, in whatever way it turns out. */
export function* secretsIn(node: Node | undefined): Iterable<Secret> {
  if (node instanceof Secret) yield node;
  else if (node instanceof Text) for (const part of node.parts) yield* secretsIn(part);
  else if (node instanceof Choice) {
    yield* secretsIn(node.pick.yes);
    yield* secretsIn(node.pick.no);
  } else if (!(node instanceof Residue) && typeof node === 'object' && node !== null)
    for (const child of Object.values(node)) yield* secretsIn(child as Node);
}
