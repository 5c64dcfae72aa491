type Scalar = string | number | boolean;

/** What the SDK in a folder writes by itself. */
export interface Catalogue {
  readonly version: string;
  /** Path to value, by type. */
  readonly types: Readonly<Record<string, Readonly<Record<string, Scalar>>>>;
  /** Arguments that a type cannot be made without. */
  readonly required: Readonly<Record<string, readonly string[]>>;
  /** Declared as default of objects in lists and unions, and never written. */
  readonly unapplied: Readonly<Record<string, Scalar>>;
}
export function catalogueOf(sdk: string): Catalogue;
export function installed(): string;
export function files(): Promise<Map<string, string>>;
