import { type Node, Reference, Unresolved } from '../../node';
import { Resource, type Unit } from '../../resource';
import { Shape } from './canonical';
import { type ArmScope, labelOf, partsOf, shapeOf, textOf } from './choice';
import { below, type Evaluator } from './evaluator';
import type { JsonPath } from './json';
import { isMap } from './names';
import { type Declaration, scopeParts } from './registry';
import { type AzureType, azureTypeOf, parentPositions, SCOPE_ARGUMENTS } from './types';
import { isList, isObject } from './values';

/** What a resource says besides its properties: read while declaring, or kept as an option. */
const AROUND = new Set([
  'type',
  'apiVersion',
  'name',
  'condition',
  'copy',
  'dependsOn',
  'resources',
  'scope',
  'metadata',
  'comments',
  'existing',
  'resourceGroup',
  'subscriptionId',
  'import',
  'extension',
  'asserts',
  '$options',
  '@options',
]);
const SITES = new Set(['microsoft.web/sites', 'microsoft.web/sites/slots']);
/** What `az` and the portal add to exported resources. */
const EXPORTED = new Set(['id', 'etag', 'systemData', 'resourceGroup', 'changedTime', 'createdTime', 'provisioningState']);

/** Azure lists sites without most of their configuration, and writes null for what it left out: that says nothing. */
function notShown(place: Node | undefined): void {
  if (!isObject(place) || !isObject(place.siteConfig)) return;
  const shown = Object.entries(place.siteConfig).map(([key, value]) => [
    key,
    value === null ? new Unresolved('the configuration of the site, which lists leave out: export its config/web') : value,
  ]);
  (place as Record<string, Node>).siteConfig = Object.fromEntries(shown);
}

/** A resource, and how its canonical properties lead back to the template. */
export interface Built {
  readonly resource: Resource;
  readonly declaration: Declaration;
  readonly shape: Shape;
}

/** Turns declarations into resources, now that all of them are known. */
export class Builder {
  constructor(
    private readonly evaluator: Evaluator,
    private readonly scope: ArmScope,
    private readonly unit: Unit,
  ) {}

  build(declaration: Declaration): readonly Built[] {
    const { frame, written, names } = declaration;
    const type = this.#type(declaration);
    const shape = new Shape(type);
    const literal = this.evaluator.session.literal;
    const extended = declaration.extends?.();
    const body: Record<string, Node> = { ...this.#naming(declaration, type, extended) };
    for (const [key, child] of Object.entries(written)) {
      if (AROUND.has(key) || (literal && EXPORTED.has(key))) continue;
      // The template of a deployment is judged as resources of its own.
      const value = declaration.output && key === 'properties' ? withoutTemplate(child) : child;
      body[key] = this.evaluator.value(value, below(frame, key));
    }
    if (SITES.has(declaration.type.toLowerCase())) {
      if (literal) for (const place of [body, body.properties]) notShown(place);
      body.properties = this.#withConfiguration(declaration, body.properties ?? {});
    }
    const parent = this.#parent(declaration, extended);
    const own = names[names.length - 1] as Node;
    const { condition, conditionWords } = declaration;
    const common = {
      type: type?.token ?? declaration.type,
      token: declaration.type,
      options: this.#options(declaration),
      names: declaration.exportedId === undefined ? [own] : [own, declaration.exportedId],
      condition: condition === true ? undefined : this.scope.condition(conditionWords ?? 'its condition', condition),
      path: [...declaration.path, labelOf(own)].join('/'),
      parent,
    };
    const { id, logicalId } = declaration;
    return divided(type, shape.canonical(body)).map((properties, index, all) => {
      const suffix = all.length > 1 ? `#${index}` : '';
      return {
        resource: new Resource({ ...common, id: id + suffix, logicalId: logicalId + suffix, properties }, this.unit),
        declaration,
        shape,
      };
    });
  }

  /** Settings of a site written as its child `config/web`: azure-native has them only as `siteConfig`. */
  #withConfiguration({ type, names, frame }: Declaration, properties: Node): Node {
    const [child, second] = this.evaluator.session.registry.named(`${type}/config`, [...names, 'web'], frame.home);
    if (!child || second || child.condition !== true || !isObject(properties)) return properties;
    const settings = this.evaluator.value(child.written.properties ?? {}, below(child.frame, 'properties'));
    const before = properties.siteConfig;
    return { ...properties, siteConfig: isObject(before) && isObject(settings) ? { ...before, ...settings } : settings };
  }

  #type({ type, names, written, frame, extends: extending }: Declaration): AzureType | undefined {
    const name = names[names.length - 1];
    return azureTypeOf(type, {
      kind: typeof written.kind === 'string' ? written.kind : undefined,
      name: typeof name === 'string' ? name : undefined,
      extends: extending !== undefined,
      scope: written.resourceGroup === undefined ? frame.scope : 'resourceGroup',
    });
  }

  /** Where a canonical property is written; what names the resource is all in its `name`. */
  static written({ declaration, shape }: Built, path: string): JsonPath {
    const { frame, written } = declaration;
    const found = shape.written(path, written);
    if (found.length > 0) return [...frame.path, ...found];
    if (SCOPE_ARGUMENTS.has(path) && written.scope !== undefined) return [...frame.path, 'scope'];
    return /(Name|Id)$/.test(path) ? [...frame.path, 'name'] : frame.path;
  }

  /** The arguments that name the resource, what it is part of, and what it extends. */
  #naming(declaration: Declaration, type: AzureType | undefined, extended: Node | undefined): Readonly<Record<string, Node>> {
    if (!type) return { name: nameOf(declaration) };
    const { names, frame, location } = declaration;
    const segments = declaration.type.split('/').slice(1);
    const given: Record<string, Node> = {};
    for (const [argument, position] of parentPositions(type, segments)) given[argument] = this.#parentName(declaration, position);
    for (const argument of type.parents)
      if (SCOPE_ARGUMENTS.has(argument)) given[argument] = extended ?? textOf(scopeParts(frame.scope, location));
    if (type.own !== undefined) given[type.own] = names[names.length - 1] as Node;
    if (type.inResourceGroup) given.resourceGroupName = this.#group(declaration);
    return given;
  }

  #group({ location }: Declaration): Node {
    if (location.group === undefined) return new Unresolved('the name of the resource group');
    const { registry } = this.evaluator.session;
    const declared =
      typeof location.group === 'string'
        ? undefined
        : registry.refer(registry.named('Microsoft.Resources/resourceGroups', [location.group], -1));
    return declared instanceof Reference ? new Reference(declared.target, 'name') : location.group;
  }

  /** The name of a resource above: as it is written there, or a reference to it where that is not known. */
  #parentName(declaration: Declaration, position: number): Node {
    const name = declaration.names[position] as Node;
    const [found, second] = this.#above(declaration, position + 1);
    if (!found || second) return name;
    const spelled = found.names[found.names.length - 1];
    return typeof spelled === 'string' ? spelled : new Reference(found.id, 'name');
  }

  #parent(declaration: Declaration, extended: Node | undefined): string | undefined {
    if (extended instanceof Reference) return extended.target;
    for (let length = declaration.names.length - 1; length > 0; length -= 1) {
      const [found] = this.#above(declaration, length);
      if (found) return found.id;
    }
    return undefined;
  }

  /** The resources above that bear the first parts of the name; where those are not known, the one it depends on. */
  #above(declaration: Declaration, length: number): readonly Declaration[] {
    const { registry } = this.evaluator.session;
    const { type, names, frame } = declaration;
    const above = type
      .split('/')
      .slice(0, length + 1)
      .join('/');
    const found = registry.named(above, names.slice(0, length), frame.home).filter(({ existing }) => !existing);
    if (found.length > 0 || names.slice(0, length).every((name) => typeof name === 'string')) return found;
    const before = this.#dependsOn(declaration)
      .map((item) => (item instanceof Reference ? registry.get(item.target) : undefined))
      .filter((candidate) => candidate?.type.toLowerCase() === above.toLowerCase()) as Declaration[];
    return before.length === 1 ? before : [];
  }

  #options(declaration: Declaration): Readonly<Record<string, Node>> {
    const { written, frame } = declaration;
    const options: Record<string, Node> = {};
    if (typeof written.apiVersion === 'string') options.apiVersion = this.evaluator.value(written.apiVersion, below(frame, 'apiVersion'));
    if (Array.isArray(written.dependsOn)) options.dependsOn = this.#dependsOn(declaration);
    return options;
  }

  #dependsOn({ written, frame }: Declaration): readonly Node[] {
    if (!Array.isArray(written.dependsOn)) return [];
    const { registry } = this.evaluator.session;
    const depends = this.evaluator.value(written.dependsOn, below(frame, 'dependsOn'));
    return (isList(depends) ? depends : [depends]).map((item) =>
      partsOf(item) ? (registry.refer(registry.called(item, frame.home)) ?? item) : item,
    );
  }
}

const nameOf = ({ names }: Declaration): Node =>
  textOf(names.flatMap((name, index) => [index === 0 ? '' : '/', ...(partsOf(name) ?? [shapeOf(name)])]));

function withoutTemplate(written: unknown): unknown {
  if (!isMap(written)) return written;
  return Object.fromEntries(Object.entries(written).filter(([key]) => key !== 'template' && key !== 'parameters'));
}

/** ARM adds several access policies of a vault at once; azure-native has a resource for each. */
function divided(type: AzureType | undefined, properties: Node): readonly Node[] {
  if (type?.token !== 'azure-native:keyvault:AccessPolicy' || !isObject(properties)) return [properties];
  const { accessPolicies, ...common } = properties;
  const entries = isList(accessPolicies) ? accessPolicies : [accessPolicies ?? null];
  return entries.map((policy) => ({ ...common, policy }));
}
