/** What a preview gives back to the program: the inputs, and as unknown what only the service will tell. */
import { isMap, type Plain, UNKNOWN, withoutOutputs } from './wire';

/** Parts of inputs to which the service adds, in the answer, what programs read from there. */
const ADDED: readonly { readonly property: string; readonly type: RegExp; readonly parts: readonly string[] }[] = [
  { property: 'identity', type: /^azure-native/, parts: ['principalId', 'tenantId'] },
  { property: 'properties', type: /^azure-native.*:Vault$/, parts: ['vaultUri'] },
  { property: 'properties', type: /^azure-native.*:ManagedHsm$/, parts: ['hsmUri'] },
];

/** Outputs of a resource in a preview. Properties that are no inputs are left out: the SDK makes them unknown by itself. */
export function previewedOutputs(type: string, inputs: Plain, custom: boolean): Plain {
  if (!custom) return withoutOutputs(inputs) as Plain;
  const outputs: Record<string, unknown> = { ...inputs };
  for (const { property, type: pattern, parts } of ADDED) {
    const value = outputs[property];
    if (pattern.test(type) && isMap(value)) outputs[property] = { ...Object.fromEntries(parts.map((part) => [part, UNKNOWN])), ...value };
  }
  return outputs;
}
