/** Scripts that extensions, commands and start tasks run on machines of Azure, and where those come from. */
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import type { AzureNetwork } from './azure-network';
import { type AzureSide, keyed } from './azure-sides';
import type { Consequence } from './fold';
import { type Direction, listed, type Speech } from './lines';

const EXTENSIONS = ['azure-native:compute:VirtualMachineExtension', 'azure-native:compute:VirtualMachineScaleSetExtension'] as const;
const COMMANDS = [
  'azure-native:compute:VirtualMachineRunCommandByVirtualMachine',
  'azure-native:compute:VirtualMachineScaleSetVMRunCommand',
] as const;
const POOL = 'azure-native:batch:Pool';
const SET = 'azure-native:compute:VirtualMachineScaleSet';
const RUNS = /^(CustomScript(Extension|ForLinux)?|DSC|RunCommand(Linux|Windows)?)$/i;

interface Script {
  readonly key: string;
  readonly thing: Resource;
  readonly on: Resource | undefined;
  readonly path: string;
  /** Sources by host, with whether what comes from there comes in clear. */
  readonly sources: ReadonlyMap<string, boolean>;
  /** The rest is a secret, or only deployment tells it. */
  readonly hidden: boolean;
}

function* scriptsIn({ graph }: AzureNetwork): Iterable<Script> {
  for (const thing of graph.ofType(...EXTENSIONS))
    if (graph.exists(thing) && RUNS.test(thing.at('type').string ?? ''))
      yield scriptOf(thing, thing.all, graph.target(thing.at('vmName')) ?? graph.target(thing.at('vmScaleSetName')));
  for (const thing of graph.ofType(...COMMANDS))
    if (graph.exists(thing)) yield scriptOf(thing, thing.all, graph.target(thing.at('vmName')) ?? graph.target(thing.at('vmScaleSetName')));
  for (const set of graph.ofType(SET))
    for (const extension of graph.exists(set) ? set.at('virtualMachineProfile.extensionProfile.extensions').items() : [])
      if (RUNS.test(extension.at('type').string ?? '')) yield scriptOf(set, extension, set);
  for (const pool of graph.ofType(POOL)) {
    const start = pool.at('startTask');
    if (graph.exists(pool) && start.at('commandLine').state !== 'absent') yield scriptOf(pool, start, pool);
  }
}

const PLACES = ['settings', 'protectedSettings', 'source', 'commandLine', 'resourceFiles'] as const;
const LINK = /\b(https?):\/\/([^/\s"'?#:]+)/gi;

function scriptOf(thing: Resource, value: Value, on: Resource | undefined): Script {
  const texts = PLACES.flatMap((place) => [...textsIn(value.at(place))]);
  const sources = new Map<string, boolean>();
  for (const text of texts)
    for (const [, scheme = '', host = ''] of text.matchAll(LINK))
      sources.set(host.toLowerCase(), sources.get(host.toLowerCase()) === true || scheme.toLowerCase() === 'http');
  const name = value.path === '' ? '' : (value.at('name').shape ?? value.path);
  return { key: name, thing, on, path: value.path, sources, hidden: texts.length === 0 };
}

function* textsIn(value: Value): Iterable<string> {
  if (value.isMap) for (const [, part] of value.entries()) yield* textsIn(part);
  else if (value.isList) for (const part of value.items()) yield* textsIn(part);
  else if (value.shape !== undefined) yield value.shape;
}

/** Scripts that are new, or that come from elsewhere. */
export function* scripts(speech: Speech, before: AzureSide, after: AzureSide, direction: Direction): Iterable<Consequence> {
  const { identity, name } = speech.pairing;
  const keyOf = ({ key, thing }: Script) => `${identity(thing)} ${key}`;
  const older = keyed(before, scriptsIn, keyOf);
  const machines = new Set(
    before.networks.flatMap(({ graph }) => graph.ofType('azure-native:compute:VirtualMachine', SET, POOL).map(identity)),
  );
  for (const [key, [{ hidden, on, path, sources, thing }]] of keyed(after, scriptsIn, keyOf)) {
    const [was] = older.get(key) ?? [];
    // What a machine that is new itself starts with is looked at with the machine.
    if (!was && on && !machines.has(identity(on))) continue;
    const come = [...sources].filter(([host, clear]) => !was?.sources.has(host) || (clear && was.sources.get(host) === false));
    if (was && come.length === 0) continue;
    const clear = come.some(([, plain]) => plain);
    const hosts = come.map(([host]) => host).sort();
    const from =
      hosts.length > 0
        ? `, from ${listed(hosts)}${clear ? ', which comes in clear: whoever is on the way may put another in its place' : ''}`
        : hidden
          ? ', of which nothing is shown here'
          : '';
    const where = on && on !== thing ? ` on ${name(on)}` : '';
    yield speech.line(thing, {
      direction,
      severity: 'high',
      sentence:
        direction === 'weaker'
          ? `${name(thing)} runs a script${where} now${from}`
          : `${name(thing)} no longer runs a script${where}${hosts.length > 0 ? `, from ${listed(hosts)}` : ''}`,
      topic: `script ${key}`,
      at: path,
      chain: [...hosts, name(on ?? thing)],
      along: on ? [identity(on)] : [],
      tells: [],
      saw: hosts.join(', '),
    });
  }
}
