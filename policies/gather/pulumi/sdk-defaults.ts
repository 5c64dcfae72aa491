/** Which inputs the SDK wrote by itself: as the child told, or, for documents, as far as they can tell. */

import type { SdkDefaults } from '../../holder';
import type { Node } from '../../node';
import type { ResourceRecord } from './record';
import { SDK_DEFAULTS } from './sdk-defaults.generated';

/**
 * Where the program was watched, what the SDK wrote is certain. A preview, an export, or what an engine shows to a policy pack
 * has only the values: one that differs from the SDK's default was written by somebody, one that equals it may have been.
 *
 * @param type canonical type
 */
export function sdkDefaultsOf({ custom, defaults, external, inputs }: ResourceRecord, type: string): SdkDefaults | undefined {
  if (defaults) return defaults.length === 0 ? undefined : { paths: new Set(defaults), certain: true };
  if (!custom || external) return undefined;
  const equal = Object.entries(SDK_DEFAULTS[type] ?? {}).filter(([path, value]) => valueAt(inputs, path.split('.')) === value);
  return equal.length === 0 ? undefined : { paths: new Set(equal.map(([path]) => path)), certain: false };
}

const valueAt = (inputs: Node, path: readonly string[]): unknown =>
  path.reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[key] : undefined), inputs);
