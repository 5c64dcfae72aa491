/** The least components of a family at tier high, weakened from outside by transformations: which rules then fail where. */
import { evaluate } from '../../policies/evaluate';
import { RULES } from '../../policies/rules';
import { gatherStatement } from './azure-gather';

const AZURE_RULES = RULES.filter((rule) => rule.cloud === 'azure');

/** By type (`storage:StorageAccount`), then by path, the value that is set; `undefined` takes it away. */
export type Weaknesses = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** @returns `MON-01.detection on threats-Arm`, for each rule that fails */
export async function weakened(family: string, weaknesses: Weaknesses): Promise<readonly string[]> {
  const plain = JSON.stringify(weaknesses, (_, value) => (value === undefined ? null : value));
  const { graph } = await gatherStatement(`
    const pulumi = load('node_modules/@pulumi/pulumi/index.js');
    const weaknesses = ${plain};
    const put = (holder, [key, ...rest], value) => {
      const copy = Array.isArray(holder) ? [...holder] : { ...holder };
      if (rest.length > 0) copy[key] = put(copy[key] ?? {}, rest, value);
      else if (value === null) delete copy[key];
      else copy[key] = value;
      return copy;
    };
    pulumi.runtime.registerStackTransformation(({ opts, props, type }) => {
      const own = weaknesses[type.replace('azure-native:', '')];
      if (!own) return undefined;
      let changed = props;
      for (const [path, value] of Object.entries(own))
        changed = put(changed, path.split('.'), value);
      return { props: changed, opts };
    });
    load('test/support/azure-components.ts').everyComponent('high', [${JSON.stringify(family)}]);
  `);
  const { findings } = evaluate(graph, { rules: AZURE_RULES });
  return [
    ...new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ resource, rule }) => `${rule} on ${resource.logicalId}`)),
  ].sort();
}
