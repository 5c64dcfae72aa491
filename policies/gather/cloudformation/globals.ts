/** `Globals` of the transform `AWS::Serverless-2016-10-31`: what they say is written into each resource before anything is read. */
import { type Node, Residue } from '../../node';
import { asMap, type NodeMap, REST } from './text';

export const SERVERLESS = 'AWS::Serverless-2016-10-31';
const PREFIX = 'AWS::Serverless::';

/**
 * A copy of a template in which every serverless resource has its own properties and those of `Globals`, as SAM joins them:
 * maps key by key, lists one after the other, and otherwise what the resource says itself.
 */
export function withGlobals(template: NodeMap): NodeMap {
  const globals = asMap(template.Globals);
  if (Object.keys(globals).length === 0) return template;
  const resources: { [key: string]: Node | undefined } = Object.create(null);
  for (const [logicalId, written] of Object.entries(asMap(template.Resources))) {
    const resource = asMap(written);
    const shared = typeof resource.Type === 'string' && resource.Type.startsWith(PREFIX) && globals[resource.Type.slice(PREFIX.length)];
    const whole = isSection(shared)
      ? { ...resource, Properties: joined(without(shared, resource.IgnoreGlobals), resource.Properties) }
      : written;
    resources[logicalId] = withAuthorisers(whole, globals);
  }
  return { ...template, Resources: resources };
}

/** Events that name no API belong to the implicit one, which asks of them what `Globals` say. */
const IMPLICIT: Readonly<Record<string, string>> = { Api: 'RestApiId', HttpApi: 'ApiId' };

function withAuthorisers(written: Node | undefined, globals: NodeMap): Node | undefined {
  const properties = asMap(asMap(written).Properties);
  const events = Object.entries(asMap(properties.Events)).map(([name, event]) => [name, withAuthoriser(event, globals)] as const);
  if (events.length === 0 || events.every(([name, event]) => event === asMap(properties.Events)[name])) return written;
  return { ...asMap(written), Properties: { ...properties, Events: Object.fromEntries(events) } };
}

function withAuthoriser(event: Node | undefined, globals: NodeMap): Node | undefined {
  const { Properties, Type } = asMap(event);
  const api = typeof Type === 'string' ? IMPLICIT[Type] : undefined;
  if (api === undefined || asMap(Properties)[api] !== undefined) return event;
  const byDefault = asMap(asMap(globals[Type as string]).Auth).DefaultAuthorizer;
  const own = asMap(asMap(Properties).Auth);
  if (byDefault === undefined || own.Authorizer !== undefined) return event;
  return { ...asMap(event), Properties: { ...asMap(Properties), Auth: { ...own, Authorizer: byDefault } } };
}

/** A resource leaves out all globals (`"*"`), or those that it lists. */
function without(shared: NodeMap, ignored: Node | undefined): NodeMap {
  if (ignored === '*') return {};
  if (!Array.isArray(ignored)) return shared;
  return Object.fromEntries(Object.entries(shared).filter(([name]) => !ignored.includes(name)));
}

function joined(shared: Node | undefined, own: Node | undefined): Node {
  if (own === undefined || own === null) return shared ?? {};
  if (Array.isArray(shared) && Array.isArray(own)) return [...(shared as readonly Node[]), ...(own as readonly Node[])];
  if (!isSection(shared) || !isSection(own)) return own;
  const result: { [key: string]: Node | undefined } = Object.assign(Object.create(null), shared);
  for (const [key, value] of Object.entries(own)) result[key] = joined(shared[key], value);
  return result;
}

/** A map that is no intrinsic: those stand for one value, which is taken or left as a whole. */
function isSection(node: Node | undefined | false): node is NodeMap {
  if (typeof node !== 'object' || node === null || Array.isArray(node) || node instanceof Residue) return false;
  const [only, ...more] = Object.keys(node);
  if (more.length > 0 || only === undefined || only === REST) return true;
  return only !== 'Ref' && only !== 'Condition' && !only.startsWith('Fn::');
}
