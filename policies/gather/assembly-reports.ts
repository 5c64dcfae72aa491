/** What stands beside the templates of a cloud assembly: what packs of rules found, and which libraries made each construct. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Node } from '../node';
import { parseJson } from './cloudformation/json';
import { asMap, type NodeMap } from './cloudformation/text';
import { readText } from './source';
import { GatherError } from './target';

/** What one pack of rules found. The CDK names a pack only where it found something. */
export interface PackReport {
  readonly name: string;
  readonly version?: string | undefined;
  /** Also what was acknowledged: rule and construct path. */
  readonly found: readonly { readonly rule: string; readonly path: string }[];
}

/** A construct as its library calls it. */
export interface MadeBy {
  /** `aws-cdk-lib.aws_s3.Bucket`. */
  readonly name: string;
  readonly version: string;
}

/** The report of today, and the one of older versions. */
const REPORTS = ['validation-report.json', 'policy-validation-report.json'];

/** Packs that left a report in a `cdk.out`; none where there is no readable report: it is no part of what is deployed. */
export function packReportsIn(dir: string): readonly PackReport[] {
  const written = REPORTS.map((name) => readMap(join(dir, name))).find((report) => report !== undefined);
  return listOf(written?.pluginReports).flatMap((entry): readonly PackReport[] => {
    const { pluginName, pluginVersion, summary } = entry;
    const name = pluginName ?? asMap(summary).pluginName;
    if (typeof name !== 'string') return [];
    const violations = [...listOf(entry.violations), ...listOf(entry.suppressedViolations)];
    return [{ name, version: typeof pluginVersion === 'string' ? pluginVersion : undefined, found: violations.flatMap(foundIn) }];
  });
}

function foundIn({ ruleName, violatingConstructs, violatingResources }: NodeMap): PackReport['found'] {
  const places = [...listOf(violatingConstructs), ...listOf(violatingResources)];
  return places.flatMap(({ constructPath, constructStack }) => {
    const path = constructPath ?? asMap(constructStack).path;
    return typeof ruleName === 'string' && typeof path === 'string' ? [{ rule: ruleName, path }] : [];
  });
}

/** Constructs of a `cdk.out` by path, from its tree; none where it has none. */
export function madeByIn(dir: string): ReadonlyMap<string, MadeBy> {
  const found = new Map<string, MadeBy>();
  const waiting: NodeMap[] = [asMap(readMap(join(dir, 'tree.json'))?.tree)];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { children, constructInfo, path } = next;
    const { fqn, version } = asMap(constructInfo);
    if (typeof path === 'string' && typeof fqn === 'string' && typeof version === 'string') found.set(path, { name: fqn, version });
    waiting.push(...Object.values(asMap(children)).map(asMap));
  }
  return found;
}

const listOf = (node: Node | undefined): readonly NodeMap[] => (Array.isArray(node) ? (node as readonly Node[]).map(asMap) : []);

function readMap(file: string): NodeMap | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return asMap(parseJson(readText(file), file) as Node);
  } catch (error) {
    if (error instanceof GatherError) return undefined;
    throw error;
  }
}
