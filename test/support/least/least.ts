import type { Construct, IConstruct } from 'constructs';

/** Makes each construct of a family with the least props that it can be made with. */
export type Least = Readonly<Record<string, (scope: Construct, id: string) => IConstruct>>;
