/** What the CDK keeps beside the templates: who created a construct where, and which rules were acknowledged. */
import { existsSync } from 'node:fs';
import { isAbsolute, relative } from 'node:path';
import { waiverFromReason } from '../../../controls';
import type { Location } from '../../resource';
import type { DeclaredWaiver } from '../../waiver';

/** An entry of a construct's metadata. */
export interface MetadataEntry {
  readonly type: string;
  readonly data?: unknown;
  readonly trace?: unknown;
}

const ACKNOWLEDGED = 'aws:cdk:acknowledged-rules';
const CREATED = 'aws:cdk:creationStack';
export const LOGICAL_ID = 'aws:cdk:logicalId';
const PLUGIN = 'Palisade::';

/** Acknowledgements of rules of Palisade on a construct, as waivers; whether they are complete is judged later. */
export function acknowledgements(path: string, entries: readonly MetadataEntry[]): readonly DeclaredWaiver[] {
  const waivers: DeclaredWaiver[] = [];
  for (const { type, data, trace } of entries) {
    if (type !== ACKNOWLEDGED || typeof data !== 'object' || data === null) continue;
    for (const [id, reason] of Object.entries(data)) {
      if (!id.startsWith(PLUGIN)) continue;
      const fields = waiverFromReason(typeof reason === 'string' ? reason : '');
      waivers.push({ ...fields, rule: id.slice(PLUGIN.length), resource: path, source: 'artefact', location: userFrame(trace) });
    }
  }
  return waivers;
}

/** Where the user's code created the construct, if the CDK recorded it. */
function createdAt(entries: readonly MetadataEntry[]): Location | undefined {
  const created = entries.find(({ type }) => type === CREATED);
  const frame = userFrame(created?.data);
  if (frame) return frame;
  return userFrame(entries.find(({ type }) => type === LOGICAL_ID)?.trace);
}

/**
 * Where the user's code created what holds the resource. A library creates resources deep inside, where the CDK records no
 * frame of the user's: then the main resource of the closest construct around it tells.
 * @param within path of the stack, beyond which nothing is told
 */
export function createdNear(
  path: string,
  within: string,
  metadataOf: (path: string) => readonly MetadataEntry[] | undefined,
): Location | undefined {
  for (let at = path; at.startsWith(`${within}/`); at = at.slice(0, at.lastIndexOf('/'))) {
    for (const candidate of [at, `${at}/Resource`, `${at}/Default`]) {
      const place = createdAt(metadataOf(candidate) ?? []);
      if (place) return place;
    }
  }
  return undefined;
}

const FRAME = /\(?((?:file:\/\/)?[^\s()]+):(\d+):(\d+)\)?$/;
const NOT_THE_USERS = /[\\/]node_modules[\\/]|^node:|^internal[\\/]/;

/** The innermost frame that is neither Node's nor a library's. Stacks of other languages have no such frame. */
function userFrame(trace: unknown): Location | undefined {
  for (const line of Array.isArray(trace) ? trace : []) {
    const [, place = '', row, column] = (typeof line === 'string' ? FRAME.exec(line.trim()) : null) ?? [];
    const file = place.replace(/^file:\/\//, '');
    if (file !== '' && isAbsolute(file) && !NOT_THE_USERS.test(file))
      return { file: nearby(file), line: Number(row), column: Number(column) };
  }
  return undefined;
}

/** Named from the working directory where it lies in it, as code scanning wants places. */
function nearby(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') || isAbsolute(near) ? file : near;
}

/** Only places that the reader of a report can open: an assembly may have been synthesised on another machine. */
export const openable = (location: Location | undefined): Location | undefined =>
  location && existsSync(location.file) ? location : undefined;
