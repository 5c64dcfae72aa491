/** The landing zone as its own project configures it, gathered once, and what rules say when somebody changes it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { evaluate } from '../../policies/evaluate';
import { Graph } from '../../policies/graph';
import type { Node } from '../../policies/node';
import { Resource } from '../../policies/resource';
import { RULES } from '../../policies/rules';
import type { LandingZoneArgs } from '../../stacks/azure/landing-zone-settings';
import { gatherStatement } from './azure-gather';

export const FOLDER = join(__dirname, '..', '..', 'stacks', 'azure', 'landing-zone');
const yaml = (file: string) => parse(readFileSync(join(FOLDER, file), 'utf8'));

export const project = yaml('Pulumi.yaml');
export const { config } = yaml('Pulumi.dev.yaml') as { config: Record<string, unknown> };

/** The same as arguments, as far as tests name them. */
const of = <T>(key: string) => config[`${project.name}:${key}`] as T;
export const SETTINGS: LandingZoneArgs = {
  tenantId: of('tenantId'),
  location: of('location'),
  subscriptions: {
    management: of('managementSubscriptionId'),
    connectivity: of('connectivitySubscriptionId'),
    identity: of('identitySubscriptionId'),
    corp: of('corpSubscriptionIds'),
    online: of('onlineSubscriptionIds'),
  },
  people: {
    owners: of('groupOwnerIds'),
    employees: of('employeesGroupId'),
    subcontractors: of('subcontractorsGroupId'),
    contractEnds: of('contractEnds'),
    approvers: of('approversGroupId'),
    emergencyGroup: of('emergencyGroupId'),
    emergencyAccounts: of('emergencyAccountIds'),
    emergencyNames: of('emergencyAccountNames'),
  },
  sentinelPrincipalId: of('sentinelPrincipalId'),
  from: of('from'),
  until: of('until'),
  securityMailbox: of('securityMailbox'),
  officeRange: of('officeRange'),
  allowedDomains: of('allowedDomains'),
};

/** Runs the program with this configuration, under the name of the project that the test runner makes. */
export const gatherLandingZone = (more: Readonly<Record<string, unknown>> = {}) =>
  gatherStatement(
    "Object.assign(exports, load('stacks/azure/landing-zone-app.ts'));",
    Object.fromEntries(
      Object.entries({ ...config, ...more }).map(([key, value]) => [key.replace(`${project.name}:`, 'palisade-case-management:'), value]),
    ),
  );

/** Properties by path and the value that is set there; `null` takes the resource away. */
export type Edits = Readonly<Record<string, Readonly<Record<string, unknown>> | null>>;

/** @returns `MON-01.detection on threats-corp-1-Arm`, for everything that does not pass any more */
export function brokenBy(graph: Graph, edits: Edits): readonly string[] {
  const left = new Set(Object.keys(edits));
  const resources = [...graph.resources()].flatMap((resource) => {
    const edit = edits[resource.logicalId];
    if (edit === undefined || resource.options.component === true) return [resource];
    left.delete(resource.logicalId);
    return edit === null ? [] : [edited(resource, edit)];
  });
  if (left.size > 0) throw new Error(`nothing is named ${[...left].join(', ')}`);
  const { findings } = evaluate(new Graph({ resources }), { rules: RULES });
  return [...new Set(findings.map(({ resource, rule, verdict }) => `${rule} ${verdict} on ${resource.logicalId}`))].sort();
}

function edited(resource: Resource, edit: Readonly<Record<string, unknown>>): Resource {
  let { properties } = resource;
  for (const [path, value] of Object.entries(edit)) properties = put(properties, path.split('.'), value as Node);
  const { id, logicalId, names, options, parent, path, token, type, unit } = resource;
  return new Resource({ id, logicalId, names, options, parent, path, token, type, properties }, unit);
}

function put(holder: Node, [key, ...rest]: readonly string[], value: Node): Node {
  if (key === undefined) return value;
  const copy = (Array.isArray(holder) ? [...holder] : { ...(holder as object) }) as Record<string, Node>;
  copy[key] = put(copy[key] ?? {}, rest, value);
  return copy as Node;
}
