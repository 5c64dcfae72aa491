/** Worlds of AWS: templates as they are deployed, and what people do to them. */
import { type App, CfnResource, Stack } from 'aws-cdk-lib';
import type { ControlId } from '../../controls';
import { evaluate } from '../../policies/evaluate';
import { graphOfTemplates } from '../../policies/gather/cloudformation';
import type { Node } from '../../policies/node';
import type { Rule } from '../../policies/rule';
import { RULES } from '../../policies/rules';
import { LEAST, stackOf } from './aws-constructs';
import { type Change, type Laboratory, listOf, mapOf, type NodeMap, type Subject, WeakeningSearch, without } from './weakening-search';

interface Deployed {
  readonly Metadata?: Node;
  readonly Resources: NodeMap;
  readonly region: string;
}
/** Everything that is deployed: one stack; several, where a construct brings stacks along. */
type World = readonly Deployed[];

const ACCOUNT = '111122223333';
const RULES_OF = new Map<ControlId, Rule[]>();
for (const rule of RULES) if (rule.cloud === 'aws') RULES_OF.set(rule.control, [...(RULES_OF.get(rule.control) ?? []), rule]);

/** Deploys a construct at the high tier. */
export function deploy(name: string): Subject<World> {
  const stack = stackOf('high');
  const construct = LEAST[name]?.(stack, name) ?? stack;
  const artifacts = (stack.node.root as App).synth().stacks;
  const world = artifacts.map(({ template, environment }) => ({
    ...template,
    Resources: template.Resources ?? {},
    region: environment.region,
  }));
  const idOf = (resource: CfnResource): string => {
    const deployed = Stack.of(resource);
    return `stack${artifacts.findIndex(({ id }) => id === deployed.artifactId)}/${deployed.resolve(resource.logicalId)}`;
  };
  // What a construct needs before itself it makes beside itself.
  const beside = ['Key', 'Parameters', 'Template'].flatMap((part) => construct.node.scope?.node.tryFindChild(`${name}${part}`) ?? []);
  const resources = [construct, ...beside].flatMap(({ node }) => node.findAll()).filter(CfnResource.isCfnResource);
  return { world, own: new Set(resources.map(idOf)) };
}

const partsOf = (place: string): readonly [stack: number, id: string] => {
  const slash = place.indexOf('/');
  return [Number(place.slice('stack'.length, slash)), place.slice(slash + 1)];
};

function edited(world: World, place: string, edit: (resource: NodeMap) => NodeMap | undefined): World {
  const [stack, id] = partsOf(place);
  return world.map((template, index) => {
    if (index !== stack) return template;
    const resource = edit(mapOf(template.Resources[id]));
    return { ...template, Resources: resource ? { ...template.Resources, [id]: resource } : without(template.Resources, id) };
  });
}

function at(world: World, place: string): NodeMap {
  const [stack, id] = partsOf(place);
  return mapOf(world[stack]?.Resources[id]);
}

const isReference = (value: Node | undefined): boolean => {
  const [only, ...rest] = Object.keys(mapOf(value));
  return rest.length === 0 && only !== undefined && (only === 'Ref' || only.startsWith('Fn::'));
};

const OUTSIDE = ['arn:aws:iam::999988887777:root', 'arn:aws:iam::999988887777:role/outsider'];
const OPEN = { Effect: 'Allow', Principal: { AWS: OUTSIDE }, Action: '*', Resource: '*' };
/** Of a policy of an identity, which names no principal. */
const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };
const FLOWS: readonly NodeMap[] = [
  { IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
  { IpProtocol: 'tcp', FromPort: 0, ToPort: 65_535, CidrIp: '0.0.0.0/0' },
];
const GROUP = 'AWS::EC2::SecurityGroup';

/** A statement, an open rule of a security group. */
function* additionsTo(world: World, place: string): Generator<Change<World>> {
  const { Type, Properties } = at(world, place);
  const change = (what: string, name: string, value: Node): Change<World> => ({
    what: `${place}: ${what}`,
    changed: edited(world, place, (own) => ({ ...own, Properties: { ...mapOf(own.Properties), [name]: value } })),
  });
  for (const [name, document] of Object.entries(mapOf(Properties))) {
    const statements = mapOf(document).Statement;
    // A permission of its own is one statement and no document.
    if (name === 'Statement') yield change('lets an outsider in', name, OPEN);
    if (!Array.isArray(statements)) continue;
    for (const open of [OPEN, EVERYTHING]) {
      yield change('a statement more', name, { ...mapOf(document), Statement: [...statements, open] });
      yield change('another policy', name, { ...mapOf(document), Statement: [open] });
    }
  }
  if (Type !== GROUP) return;
  for (const side of ['SecurityGroupIngress', 'SecurityGroupEgress'])
    for (const flow of FLOWS) yield change('an open rule', side, [...listOf(mapOf(Properties)[side]), flow]);
}

const untagged = (value: Node): Node => {
  if (Array.isArray(value)) return (value as readonly Node[]).map(untagged);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value as NodeMap).filter(([name]) => !/Tags$/.test(name));
  return Object.fromEntries(kept.map(([name, child]) => [name, child === undefined ? undefined : untagged(child)]));
};

const LABORATORY: Laboratory<World> = {
  places: (world) => world.flatMap(({ Resources }, stack) => Object.keys(Resources).map((id) => `stack${stack}/${id}`)),
  at,
  edited,
  judge: (world, rules) => {
    const inputs = world.map(({ region, ...template }, index) => ({
      id: `stack${index}`,
      template: template as unknown as Record<string, Node>,
      account: ACCOUNT,
      region,
    }));
    return evaluate(graphOfTemplates(inputs).graph, { rules, passes: true }).findings;
  },
  rulesOf: (control) => RULES_OF.get(control) ?? [],
  keys: { type: 'Type', properties: 'Properties' },
  isReference,
  // Of a principal, a version, an image, a key, a mode.
  weak: ['*', 'NONE', 'DISABLED', '0.0.0.0/0', 'HTTP', 'TLSv1', 'nodejs14.x', 'RSA_2048', 'alias/aws/sns', 'ami-0123456789abcdef0'],
  unwritten: [true, false, 'eu-central-1a', 'RSA_2048', 'NONE'],
  opposites: { Deny: ['Allow'], Allow: [] },
  additionsTo,
  undeclared: (world) =>
    world.map(({ Metadata: _, ...template }) => ({ ...template, Resources: mapOf(untagged(template.Resources as Node)) })),
};

const SEARCH = new WeakeningSearch(LABORATORY);
/** See {@link WeakeningSearch.weakeningOf}. */
export const weakeningOf = (subject: Subject<World>, control: ControlId): string | undefined => SEARCH.weakeningOf(subject, control);
