/** Templates read as if nobody had given their parameters a value: what their conditions come down to is asked of the world. */
import { inOrderOfDeployment, type TemplateInput, unitOf } from '../cloudformation';
import type { Atoms } from './conditions';
import { CloudFormationScope, Landscape } from './scope';
import { asMap, type NodeMap, OpenParameter } from './text';

/** Scopes of templates by the id of their unit. */
export type Scopes = ReadonlyMap<string, CloudFormationScope>;

/**
 * Scopes that ask for what a parameter is, also where it has a default. Values that the deployment is known to give stay.
 * @param atoms shared by everything that is looked at in the same worlds
 * @param called how a parameter is called in what is asked
 */
export function openScopes(inputs: readonly TemplateInput[], atoms: Atoms, called: (name: string) => string): Scopes {
  return scopesOf(inputs, atoms, (template) => openParameters(template, called));
}

/** Scopes that read parameters as they are by default, with names that do not tell templates apart. */
export const closedScopes = (inputs: readonly TemplateInput[], atoms: Atoms): Scopes => scopesOf(inputs, atoms, () => ({}));

function scopesOf(inputs: readonly TemplateInput[], atoms: Atoms, values: (template: NodeMap) => NodeMap): Scopes {
  const landscape = new Landscape(false, atoms);
  for (const { account, deployedBy, id, parameters, region, stackName, template } of inOrderOfDeployment(inputs)) {
    const above = landscape.scopes.get(unitOf(deployedBy));
    const { Condition: condition, Properties: properties } = asMap(
      above?.resources[deployedBy?.slice(unitOf(deployedBy).length + 1) ?? ''],
    );
    const parent = above && {
      scope: above,
      parameters: asMap(properties).Parameters,
      condition: typeof condition === 'string' ? condition : undefined,
    };
    const given = { ...values(template), ...parameters };
    const scope = new CloudFormationScope({ id, template, region, account, stackName, parameters: given, parent }, landscape);
    if (deployedBy !== undefined) landscape.nested.set(deployedBy, scope);
  }
  return landscape.scopes;
}

/** What stands for the value of each parameter that a deployment may choose. */
const openParameters = ({ Parameters: declared }: NodeMap, called: (name: string) => string): NodeMap =>
  Object.fromEntries(Object.entries(asMap(declared)).map(([name, one]) => [name, openParameter(called(name), asMap(one))]));

/** A parameter without a value, as conditions and properties read it. */
export const openParameter = (name: string, { AllowedValues: allowed }: NodeMap): OpenParameter =>
  new OpenParameter(`parameter ${name}`, Array.isArray(allowed) ? allowed.map(String) : undefined);
