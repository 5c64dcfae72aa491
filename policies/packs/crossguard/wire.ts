/**
 * What the engine sent, before `@pulumi/policy` unpacks it. The unpacked form cannot tell a secret from plain text and throws on
 * unknown values, which fails open; the sent form can be read like any other.
 */
import deserialize = require('@pulumi/policy/deserialize');

import { isMap, type Plain } from '../../gather/pulumi/wire';

interface Sent {
  toJavaScript(): unknown;
}
type Deserialize = (struct: Sent, proxySecrets: boolean) => object;

const sent = new WeakMap<object, Plain>();
/** One message is unpacked for every policy anew; each of them gets the same answer. */
const unpacked = new WeakMap<Sent, object>();
let watching = false;

/** Keeps what the engine sends from now on. Other policies of the process see no difference. */
export function keepWhatIsSent(): void {
  if (watching) return;
  watching = true;
  const module = deserialize as unknown as { deserializeProperties: Deserialize };
  const original = module.deserializeProperties;
  module.deserializeProperties = (struct, proxySecrets) => {
    if (proxySecrets) return original(struct, proxySecrets);
    let properties = unpacked.get(struct);
    if (!properties) {
      properties = original(struct, proxySecrets);
      const plain = struct.toJavaScript();
      if (isMap(plain)) sent.set(properties, plain);
      unpacked.set(struct, properties);
    }
    return properties;
  };
}

/** The object below the proxy that throws on unknown values. */
export const targetOf = (properties: object): object =>
  (properties as { __getSpecialProxyTarget?: object }).__getSpecialProxyTarget ?? properties;

/** Properties as they were sent; undefined where this version of `@pulumi/policy` does not let them be kept. */
export const sentFor = (properties: object): Plain | undefined => sent.get(targetOf(properties));
