import type * as pulumi from '@pulumi/pulumi';
import type { Surroundings } from '../azure-components';

/** Makes each component of a family with the least args that it can be made with at the tier of its surroundings. */
export type Least = Readonly<Record<string, (around: Surroundings, name: string) => pulumi.ComponentResource>>;
