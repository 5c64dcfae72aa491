/** What starts hosts: instances, launch templates, launch configurations and the launch specifications of spot fleets. */
import type { Graph } from '../graph';
import type { Outcome } from '../outcome';
import { unknown } from '../outcome';
import type { Resource } from '../resource';
import type { Value } from '../value';

export const INSTANCE = 'AWS::EC2::Instance';
export const TEMPLATE = 'AWS::EC2::LaunchTemplate';
export const CONFIGURATION = 'AWS::AutoScaling::LaunchConfiguration';
export const SPOT_FLEET = 'AWS::EC2::SpotFleet';
export const HOSTS = [INSTANCE, TEMPLATE, CONFIGURATION] as const;

/** The launch template that an instance is started from: in the input, elsewhere, or none. */
function templateOf(instance: Resource, graph: Graph): Resource | 'elsewhere' | undefined {
  if (instance.type !== INSTANCE) return undefined;
  const named = ['LaunchTemplate.LaunchTemplateId', 'LaunchTemplate.LaunchTemplateName'].map((path) => instance.at(path));
  const written = named.find(({ state }) => state !== 'absent');
  return written && (graph.target(written, TEMPLATE) ?? 'elsewhere');
}

/** Where a launch template keeps what the other types keep at their top. */
const DATA = 'LaunchTemplateData';

/** A setting of a host: its own, or that of the launch template that it is started from. */
export function settingOf(host: Resource, path: string, graph: Graph): Value {
  if (host.type === TEMPLATE) return host.at(`${DATA}.${path}`);
  const own = host.at(path);
  if (own.state !== 'absent') return own;
  const template = templateOf(host, graph);
  return template === undefined || template === 'elsewhere' ? own : template.at(`${DATA}.${path}`);
}

/** Asks a setting. Where nobody wrote it and the launch template is declared elsewhere, nothing tells. */
export function askHost(host: Resource, path: string, graph: Graph, ask: (setting: Value) => Outcome): Outcome {
  const setting = settingOf(host, path, graph);
  const answer = ask(setting);
  if (setting.state === 'absent' && answer.verdict === 'fail' && templateOf(host, graph) === 'elsewhere')
    return unknown(`${path} is not set, and the launch template is declared elsewhere`, path);
  return answer;
}

/** The launch specifications that a spot fleet holds itself. */
export const specificationsOf = (fleet: Resource): readonly Value[] => fleet.at('SpotFleetRequestConfigData.LaunchSpecifications').items();

/** Whether the host is started as it stands; a template without an image only adds to what others write. */
export const isWhole = (host: Resource): boolean => host.type !== TEMPLATE || host.at(`${DATA}.ImageId`).state !== 'absent';
