/** Where secrets of a template come from: what lists the keys of something, or a parameter that is kept secret. */
import type { Node, Secret } from '../../node';

export type Origin =
  /** `listKeys(…)` and what it is asked of: a reference to a resource, or its id. */
  { readonly call: string; readonly of: () => Node | undefined } | { readonly parameter: string };

const ORIGINS = new WeakMap<Secret, Origin>();

export function withOrigin(secret: Secret, origin: Origin): Secret {
  ORIGINS.set(secret, origin);
  return secret;
}

export const originOf = (secret: Secret): Origin | undefined => ORIGINS.get(secret);
