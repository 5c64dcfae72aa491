import type { Node, Scope } from './node';

/** What a value belongs to: a resource, as far as reading needs it. */
export interface Holder {
  readonly id: string;
  readonly type: string;
  readonly cloud: 'aws' | 'azure';
  readonly scope: Scope;
  readonly names: readonly Node[];
  readonly sdkDefaults?: SdkDefaults | undefined;
}

/** What the SDK wrote into a resource by itself. */
export interface SdkDefaults {
  /** Dotted paths. */
  readonly paths: ReadonlySet<string>;
  /** False where only the values are known, not who wrote them: the author may have written the same. */
  readonly certain: boolean;
}
