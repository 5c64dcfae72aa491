import { fail, type Outcome, pass, unknown } from '../outcome';

/** Which region of Azure gets the copies that are called geo-redundant. Source: Azure documentation, "Azure region pairs". */
const PAIRS = [
  ['australiacentral', 'australiacentral2'],
  ['australiaeast', 'australiasoutheast'],
  ['canadacentral', 'canadaeast'],
  ['centralindia', 'southindia'],
  ['eastasia', 'southeastasia'],
  ['eastus', 'westus'],
  ['eastus2', 'centralus'],
  ['francecentral', 'francesouth'],
  ['germanywestcentral', 'germanynorth'],
  ['japaneast', 'japanwest'],
  ['koreacentral', 'koreasouth'],
  ['northcentralus', 'southcentralus'],
  ['northeurope', 'westeurope'],
  ['norwayeast', 'norwaywest'],
  ['southafricanorth', 'southafricawest'],
  ['swedencentral', 'swedensouth'],
  ['switzerlandnorth', 'switzerlandwest'],
  ['uaenorth', 'uaecentral'],
  ['uksouth', 'ukwest'],
  ['westus2', 'westcentralus'],
] as const;

/** Regions whose copies go to one that sends its own elsewhere. */
const ONE_WAY = [
  ['brazilsouth', 'southcentralus'],
  ['brazilsoutheast', 'brazilsouth'],
  ['westindia', 'southindia'],
  ['westus3', 'eastus'],
] as const;

const PAIRED: ReadonlyMap<string, string> = new Map<string, string>([
  ...PAIRS.flatMap(([one, other]): [string, string][] => [
    [one, other],
    [other, one],
  ]),
  ...ONE_WAY,
]);

/** The region that Azure pairs with this one, in whatever spelling it is written; undefined where none is known. */
export const pairedRegion = (region: string | undefined): string | undefined =>
  region === undefined ? undefined : PAIRED.get(region.toLowerCase().replaceAll(' ', ''));

/** Whether copies that go to the region that Azure pairs with this one stay where the data profile promises. */
export function pairIsPromised(leaves: string, location: string | undefined, places: readonly string[], path: string): Outcome {
  const pair = pairedRegion(location);
  if (pair !== undefined && places.includes(pair)) return pass();
  return places.length === 1 || pair !== undefined
    ? fail(`${leaves}${pair === undefined ? '' : `, ${pair}`}; the data profile promises ${places.join(', ')}`, path)
    : unknown(`${leaves}, which may or may not be one of ${places.join(', ')}`, path);
}
