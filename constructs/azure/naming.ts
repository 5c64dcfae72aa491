import { createHash } from 'node:crypto';
import * as pulumi from '@pulumi/pulumi';

/**
 * A physical name for services whose names are unique in all of Azure and too short for Pulumi's own suffix. It depends on
 * organisation, project, stack and component name only, so that it is known in a preview and the same in every run.
 *
 * @param separator what may stand between words; empty where only letters and digits are allowed
 */
export function physicalName(name: string, longest: number, separator: '' | '-'): string {
  const suffix = digest(name).slice(0, 8);
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, separator)
    .replace(/^[^a-z]+/, '');
  const room = longest - suffix.length - separator.length;
  return `${words.slice(0, room).replace(/-+$/, '')}${separator}${suffix}`;
}

/** A UUID for services whose names are UUIDs; it depends on the same as {@link physicalName}. */
export function physicalUuid(name: string): string {
  const hex = digest(name);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

const digest = (name: string): string =>
  createHash('sha256').update([organization(), pulumi.getProject(), pulumi.getStack(), name].join('/')).digest('hex');

/** Empty where nobody says it, as in a unit test: the SDK throws then. */
function organization(): string {
  try {
    return pulumi.getOrganization();
  } catch {
    return '';
  }
}
