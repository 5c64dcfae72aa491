/** Encrypted configuration, in the child: read as a secret it is unknown, read as plain text it is a mark. */
import { deepUnknown } from './preload-invoke';
import { outputClass } from './preload-output';
import { HIDDEN } from './wire';

type Method = (this: Config, key: string, ...rest: unknown[]) => unknown;
type Config = { fullKey(key: string): string } & Record<string, Method>;

/** @param note tells what a plain getter had to make up */
export function patchConfig(
  exports: { Config: { prototype: Config } },
  encrypted: ReadonlySet<string>,
  note: (text: string) => void,
): void {
  const { prototype } = exports.Config;
  const replace = (name: string, answer: (key: string) => unknown) => {
    const original = prototype[name];
    if (typeof original !== 'function') return;
    prototype[name] = function (this: Config, key: string, ...rest: unknown[]) {
      const full = this.fullKey(key);
      return encrypted.has(full) ? answer(full) : original.call(this, key, ...rest);
    };
  };
  const madeUp = (value: unknown) => (key: string) => {
    note(`configuration "${key}" is encrypted and the program reads it as a plain ${typeof value}: judged with ${value}`);
    return value;
  };
  replace('getImpl', () => HIDDEN);
  replace('getObjectImpl', (key) => deepUnknown(`encrypted configuration "${key}"`));
  replace('getNumberImpl', madeUp(0));
  replace('getBooleanImpl', madeUp(false));
  for (const kind of ['', 'Number', 'Boolean', 'Object']) {
    replace(`getSecret${kind}`, secretUnknown);
    replace(`requireSecret${kind}`, secretUnknown);
  }
}

function secretUnknown(): unknown {
  return new (outputClass())(
    new Set(),
    Promise.resolve(undefined),
    Promise.resolve(false),
    Promise.resolve(true),
    Promise.resolve(new Set()),
  );
}
