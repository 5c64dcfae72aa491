/** From the resources that a policy is given to records of the graph. */
import type { PolicyResource, ResourceValidationArgs } from '@pulumi/policy';
import { decodeInputs } from '../../gather/pulumi/decode';
import { options, type ResourceRecord } from '../../gather/pulumi/record';
import { parseUrn, STACK_TYPE } from '../../gather/pulumi/urn';
import type { Plain } from '../../gather/pulumi/wire';
import { sentFor, targetOf } from './wire';

/** Inputs of each resource, as checked by its provider and before anything is changed, by URN. */
export type Inputs = Map<string, Plain>;

/** Takes note of the inputs of one resource. */
export function takeNote(inputs: Inputs, { urn, props }: Pick<ResourceValidationArgs, 'urn' | 'props'>): void {
  inputs.set(urn, sentFor(props) ?? (targetOf(props) as Plain));
}

/**
 * Records of a whole stack. Rules are about inputs; outputs (which the engine shows at the end) stand in only for resources
 * whose inputs were never shown.
 */
export function recordsOfStack(resources: readonly PolicyResource[], inputs: Inputs): ResourceRecord[] {
  return resources
    .filter(({ type }) => type !== STACK_TYPE)
    .map((resource) => {
      const { urn, type, name, opts } = resource;
      const written = inputs.get(urn) ?? sentFor(resource.props) ?? (targetOf(resource.props) as Plain);
      const dependencies = (property: string) => (resource.propertyDependencies[property] ?? []).map((dependency) => dependency.urn);
      return {
        urn,
        type,
        name,
        custom: true,
        external: false,
        parent: resource.parent && resource.parent.type !== STACK_TYPE ? resource.parent.urn : undefined,
        inputs: decodeInputs(withoutInternals(written), dependencies),
        options: options({
          protect: opts.protect,
          ignoreChanges: opts.ignoreChanges,
          deleteBeforeReplace: opts.deleteBeforeReplace,
          additionalSecretOutputs: opts.additionalSecretOutputs,
          aliases: opts.aliases,
          dependsOn: resource.dependencies.map((dependency) => dependency.urn),
        }),
      };
    });
}

/** `<project>/<stack>`, which every URN tells. */
export function unitOf(resources: readonly PolicyResource[]): string {
  const urn = parseUrn(resources[0]?.urn ?? '');
  return urn ? `${urn.project}/${urn.stack}` : 'stack';
}

/** Without what providers keep for themselves: `__defaults`, `__inputs`. */
const withoutInternals = (properties: Plain): Plain =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => !key.startsWith('__')));
