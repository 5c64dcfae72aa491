import { type App, CfnResource, Stack } from 'aws-cdk-lib';
import type { ControlId } from '../../controls';
import { evaluate } from '../../policies/evaluate';
import { graphOfTemplates } from '../../policies/gather/cloudformation';
import { UNIT } from '../../policies/graph';
import type { Node } from '../../policies/node';
import type { Rule } from '../../policies/rule';
import { RULES } from '../../policies/rules';
import { traced } from '../../policies/value';
import { LEAST, stackOf } from './aws-constructs';

type Json = null | boolean | number | string | readonly Json[] | JsonMap;
interface JsonMap {
  readonly [key: string]: Json;
}
interface Deployed {
  readonly Metadata?: Json;
  readonly Resources: JsonMap;
  readonly region: string;
}
/** Everything that is deployed: one stack; several, where a construct brings stacks along. Never changed in place. */
type World = readonly Deployed[];

/** What a construct deploys with the least props, and which of it is its own: not what it was given, and not what it shares. */
export interface Subject {
  readonly world: World;
  /** `stack0/Logical`. */
  readonly own: ReadonlySet<string>;
}

/** A resource of the world: index of its stack, logical id. */
type Place = readonly [stack: number, id: string];

const ACCOUNT = '111122223333';
const RULES_OF = new Map<ControlId, Rule[]>();
for (const rule of RULES) if (rule.cloud === 'aws') RULES_OF.set(rule.control, [...(RULES_OF.get(rule.control) ?? []), rule]);
const rulesOf = (control: ControlId): readonly Rule[] => RULES_OF.get(control) ?? [];

/** Deploys a construct at the high tier. */
export function deploy(name: string): Subject {
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

// ── Judging ────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Which rule says what of which resource of the construct, for the rules of one control. */
interface Judgement {
  readonly passed: ReadonlySet<string>;
  readonly failed: ReadonlySet<string>;
}

function judge({ world, own }: Subject, control: ControlId): Judgement {
  const inputs = world.map(({ region, ...template }, index) => ({
    id: `stack${index}`,
    template: template as unknown as Record<string, Node>,
    account: ACCOUNT,
    region,
  }));
  const { findings } = evaluate(graphOfTemplates(inputs).graph, { rules: rulesOf(control), passes: true });
  const those = (wanted: string) =>
    new Set(
      findings
        .filter(({ verdict, resource }) => verdict === wanted && (resource.type === UNIT || own.has(resource.id)))
        .map(({ rule, resource }) => `${rule} on ${resource.id}`),
    );
  return { passed: those('pass'), failed: those('fail') };
}

/** Where the rules of a control look: stack, logical id, and the keys down to the value; the deepest first. */
function readsOf(subject: Subject, control: ControlId): readonly Read[] {
  const reads = new Map<string, Read>();
  traced(
    ({ id, type }, path) => {
      if (type === UNIT || path === '' || reads.has(`${id} ${path}`)) return;
      const [, stack = '0', logicalId = ''] = /^stack(\d+)\/(.*)$/.exec(id) ?? [];
      reads.set(`${id} ${path}`, { place: [Number(stack), logicalId], path: path.replace(/\[(\d+)\]/g, '.$1').split('.') });
    },
    () => judge(subject, control),
  );
  return [...reads.values()].sort((a, b) => b.path.length - a.path.length);
}
interface Read {
  readonly place: Place;
  readonly path: readonly string[];
}

/**
 * The change that makes a rule of this control fail where it passed before: on the construct's own resource, or on the
 * unit. Undefined where none of the changes does.
 *
 * @throws Error where the control is broken from the beginning, or shown by nothing
 */
export function weakeningOf(subject: Subject, control: ControlId): string | undefined {
  const before = judge(subject, control);
  if (before.failed.size > 0) throw new Error(`fails as it is: ${[...before.failed].join(', ')}`);
  if (before.passed.size === 0) throw new Error('nothing shows it');
  for (const { what, changed } of changesOf(subject, control)) {
    const { failed } = judge({ ...subject, world: changed }, control);
    for (const one of failed) if (before.passed.has(one)) return `${what}: ${one}`;
  }
  return undefined;
}

// ── Changes ────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Change {
  readonly what: string;
  readonly changed: World;
}

/** What somebody could do to a construct from outside, the likeliest first. */
function* changesOf(subject: Subject, control: ControlId): Generator<Change> {
  const { world } = subject;
  const reads = readsOf(subject, control);
  for (const read of reads) yield* changesAt(world, read, leftOut);
  for (const read of reads) yield* changesAt(world, read, turned);
  for (const read of reads) yield* changesAt(world, read, written);
  for (const place of placesOf(world)) yield* additionsTo(world, place);
  yield* mistakesIn(subject, control);
  yield undeclared(world);
  yield { what: 'all that the rules look at', changed: reads.reduce(withoutRead, world) };
  for (const place of placesOf(world)) yield { what: `${place[1]} as the service makes it`, changed: edited(world, place, bare) };
  for (const place of placesOf(world)) yield { what: `no ${place[1]}`, changed: edited(world, place, () => undefined) };
}

const placesOf = (world: World): readonly Place[] =>
  world.flatMap(({ Resources }, stack) => Object.keys(Resources).map((id): Place => [stack, id]));
const resourceAt = (world: World, [stack, id]: Place): JsonMap => mapOf(world[stack]?.Resources[id]);
const mapOf = (value: Json | undefined): JsonMap =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonMap) : {};
const listOf = (value: Json | undefined): readonly Json[] => (Array.isArray(value) ? value : []);
const without = (map: JsonMap, key: string): JsonMap => Object.fromEntries(Object.entries(map).filter(([name]) => name !== key));

/** The world with another resource at this place, or none. */
const edited = (world: World, [stack, id]: Place, edit: (resource: JsonMap) => JsonMap | undefined): World =>
  world.map((template, index) => {
    if (index !== stack) return template;
    const resource = edit(mapOf(template.Resources[id]));
    return { ...template, Resources: resource ? { ...template.Resources, [id]: resource } : without(template.Resources, id) };
  });
const bare = ({ Type = null }: JsonMap): JsonMap => ({ Type });
const withProperties = (properties: (own: JsonMap) => JsonMap) => (resource: JsonMap) => ({
  ...resource,
  Properties: properties(mapOf(resource.Properties)),
});

/** A value with another one at the path below it; undefined leaves it out. */
function replaced(value: Json | undefined, [key, ...rest]: readonly string[], other: Json | undefined): Json {
  if (key === undefined) return other ?? null;
  if (Array.isArray(value)) {
    const list = [...(value as readonly Json[])];
    if (rest.length === 0 && other === undefined) list.splice(Number(key), 1);
    else list[Number(key)] = replaced(list[Number(key)], rest, other);
    return list;
  }
  const map = mapOf(value);
  return rest.length === 0 && other === undefined ? without(map, key) : { ...map, [key]: replaced(map[key], rest, other) };
}

/** What surrounds the properties is read by the same words: DeletionPolicy. */
const inside = (resource: JsonMap, path: readonly string[]): readonly string[] =>
  path[0] !== undefined && path[0] !== 'Type' && path[0] in resource ? path : ['Properties', ...path];
const valueAt = (value: Json | undefined, path: readonly string[]): Json | undefined =>
  path.reduce<Json | undefined>((at, key) => (Array.isArray(at) ? at[Number(key)] : mapOf(at)[key]), value);

type Others = (value: Json | undefined) => readonly (Json | undefined)[];

/** Each way in which one value is left out, turned round or written. */
function* changesAt(world: World, { place, path }: Read, others: Others): Generator<Change> {
  const resource = resourceAt(world, place);
  const full = inside(resource, path);
  for (const other of others(valueAt(resource, full)))
    yield {
      what: `${place[1]} with ${path.join('.')} ${other === undefined ? 'left out' : `= ${JSON.stringify(other)}`}`,
      changed: edited(world, place, (own) => mapOf(replaced(own, full, other))),
    };
}

const withoutRead = (world: World, { place, path }: Read): World =>
  edited(world, place, (own) => mapOf(replaced(own, inside(own, path.slice(0, 1)), undefined)));

const leftOut: Others = (value) => (value === undefined ? [] : [undefined]);

/** What undoes a protection when it stands for another text: of a principal, a version, an image, a key, a mode. */
const WEAK = ['*', 'NONE', 'DISABLED', '0.0.0.0/0', 'HTTP', 'TLSv1', 'nodejs14.x', 'RSA_2048', 'alias/aws/sns', 'ami-0123456789abcdef0'];

function turned(value: Json | undefined): readonly Json[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [0, 1, 100_000];
  if (value === 'true' || value === 'false') return [value === 'true' ? 'false' : 'true'];
  if (value === 'Deny') return ['Allow'];
  if (value === 'Allow') return [];
  if (typeof value === 'string' || isReference(value)) return WEAK;
  // A list with one entry left, and with each entry turned round.
  return listOf(value).flatMap((entry, index, list): readonly Json[] => [
    ...(list.length > 1 ? [[entry]] : []),
    ...(typeof entry === 'object' ? [] : turned(entry).map((other) => list.with(index, other))),
  ]);
}
const isReference = (value: Json | undefined): boolean => {
  const [only, ...rest] = Object.keys(mapOf(value));
  return rest.length === 0 && only !== undefined && (only === 'Ref' || only.startsWith('Fn::'));
};

/** What nobody had written so far. */
const written: Others = (value) => (value === undefined ? [true, false, 'eu-central-1a', 'RSA_2048', 'NONE'] : []);

const OUTSIDE = ['arn:aws:iam::999988887777:root', 'arn:aws:iam::999988887777:role/outsider'];
const OPEN = { Effect: 'Allow', Principal: { AWS: OUTSIDE }, Action: '*', Resource: '*' };
/** Of a policy of an identity, which names no principal. */
const EVERYTHING = { Effect: 'Allow', Action: '*', Resource: '*' };
const FLOWS: readonly JsonMap[] = [
  { IpProtocol: '-1', CidrIp: '0.0.0.0/0' },
  { IpProtocol: 'tcp', FromPort: 0, ToPort: 65_535, CidrIp: '0.0.0.0/0' },
];
const GROUP = 'AWS::EC2::SecurityGroup';

/** What somebody adds later, beside what is there or in its place: a statement, an open rule of a security group. */
function* additionsTo(world: World, place: Place): Generator<Change> {
  const { Type, Properties } = resourceAt(world, place);
  const change = (what: string, name: string, value: Json): Change => ({
    what: `${place[1]}: ${what}`,
    changed: edited(
      world,
      place,
      withProperties((own) => ({ ...own, [name]: value })),
    ),
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

/** What the rules themselves show as mistakes, made with the construct's own resources: beside what they have, or instead. */
function* mistakesIn({ world, own }: Subject, control: ControlId): Generator<Change> {
  for (const { id, fail, on } of rulesOf(control)) {
    const judges = (type: Json | undefined) => on.some((one) => (typeof one === 'string' ? one === type : one.test(String(type))));
    for (const [index, { resources }] of fail.entries())
      for (const mistake of Object.values(resources) as JsonMap[])
        for (const place of placesOf(world).filter(([stack, logicalId]) => own.has(`stack${stack}/${logicalId}`))) {
          const { Type } = resourceAt(world, place);
          if (Type !== mistake.Type && !(judges(Type) && judges(mistake.Type))) continue;
          const what = `${place[1]} as in failing example ${index + 1} of ${id}`;
          const wrong = mapOf(mistake.Properties);
          for (const edit of [withProperties((mine) => merged(mine, wrong)), withProperties(() => merged({}, wrong))])
            yield { what, changed: edited(world, place, edit) };
        }
  }
}
/** What the example refers to is not here. */
const merged = (own: JsonMap, other: JsonMap): JsonMap => ({
  ...own,
  ...Object.fromEntries(
    Object.entries(other)
      .filter(([, value]) => !isReference(value))
      .map(([key, value]) => [key, isMap(own[key]) && isMap(value) ? merged(mapOf(own[key]), mapOf(value)) : value]),
  ),
});
const isMap = (value: Json | undefined): boolean => Object.keys(mapOf(value)).length > 0 && !isReference(value);

/** Nothing says what the data are: neither profile nor tags. */
function undeclared(world: World): Change {
  return {
    what: 'neither profile nor tags',
    changed: world.map(({ Metadata: _, ...template }) => ({
      ...template,
      Resources: mapOf(untagged(template.Resources)),
    })),
  };
}
const untagged = (value: Json): Json => {
  if (Array.isArray(value)) return (value as readonly Json[]).map(untagged);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value as JsonMap).filter(([name]) => !/Tags$/.test(name));
  return Object.fromEntries(kept.map(([name, child]) => [name, untagged(child)]));
};
