import type { ControlId, Tier } from '../controls';

export const CLAIMS: readonly {
  readonly cloud: 'aws' | 'azure';
  readonly construct: string;
  readonly controls: readonly { readonly control: ControlId; readonly from: Tier }[];
}[] = [];
