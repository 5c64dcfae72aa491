/** From the resources that a policy is given to records of the graph. */
import type { PolicyResource, ResourceValidationArgs } from '@pulumi/policy';
import { decodeInputs } from '../../gather/pulumi/decode';
import { Deployed, writtenOf } from '../../gather/pulumi/deployed';
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
  const states = resources
    .filter(({ type }) => type !== STACK_TYPE)
    .map((resource) => {
      const outputs = sentFor(resource.props) ?? (targetOf(resource.props) as Plain);
      const id = typeof outputs.id === 'string' && outputs.id.startsWith('/') ? outputs.id : undefined;
      return { resource, urn: resource.urn, id, inputs: inputs.get(resource.urn) ?? outputs, outputs };
    });
  // In an update of what is deployed, ids and names stand where the program has outputs.
  const deployed = new Deployed(states);
  return states.map((state) => {
    const { id, resource } = state;
    const { urn, type, name, opts } = resource;
    const dependencies = (property: string) => (resource.propertyDependencies[property] ?? []).map((dependency) => dependency.urn);
    const decoded = decodeInputs(withoutInternals(writtenOf(state)), dependencies);
    return {
      urn,
      type,
      name,
      custom: true,
      external: false,
      parent: resource.parent && resource.parent.type !== STACK_TYPE ? resource.parent.urn : undefined,
      inputs: Object.fromEntries(Object.entries(decoded).map(([key, value]) => [key, deployed.restore(value, dependencies(key))])),
      options: options({
        protect: opts.protect,
        ignoreChanges: opts.ignoreChanges,
        deleteBeforeReplace: opts.deleteBeforeReplace,
        additionalSecretOutputs: opts.additionalSecretOutputs,
        aliases: opts.aliases,
        dependsOn: resource.dependencies.map((dependency) => dependency.urn),
        importId: id,
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
