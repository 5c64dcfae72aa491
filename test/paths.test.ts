import { describe, expect, it } from 'vitest';
import { UNIT } from '../policies/graph';
import { RULES } from '../policies/rules';
import { traced } from '../policies/trace';
import { findingsOf } from './support/examples';
import { azureNativeHas, cloudFormationHas } from './support/schemas';

/** Every property that a rule reads while its examples are judged, as `type path`. */
function readsOf(rule: (typeof RULES)[number]): ReadonlyMap<string, ReadonlySet<string>> {
  const reads = new Map<string, Set<string>>();
  for (const example of [...rule.pass, ...rule.fail, ...(rule.unknown ?? []), ...(rule.skip ?? [])]) {
    traced(
      (resource, path) => {
        const paths = reads.get(resource.type) ?? new Set();
        paths.add(path);
        reads.set(resource.type, paths);
      },
      () => findingsOf(rule, example),
    );
  }
  return reads;
}

/** What surrounds the properties of a CloudFormation resource, or a Pulumi resource's options; not part of a service's schema. */
const OPTIONS =
  /^(DeletionPolicy|UpdateReplacePolicy|Metadata|DependsOn|CreationPolicy|UpdatePolicy|protect|retainOnDelete|provider|external|ignoreChanges|apiVersion)\b/;

/** Custom resources take what their code wants; types of other vendors have their schemas elsewhere. */
const SCHEMALESS = /^(?!AWS::(?!CloudFormation::CustomResource$)|Alexa::|azure-native:|azuread:)/;

describe('every property that a rule reads exists in the schema of its service', () => {
  it.each(RULES.map((rule) => ({ title: `${rule.cloud} ${rule.id} on ${rule.on.join(', ')}`, rule })))('$title', ({ rule }) => {
    const wrong: string[] = [];
    for (const [type, paths] of readsOf(rule)) {
      if (type === UNIT || SCHEMALESS.test(type)) continue;
      for (const path of paths) {
        if (OPTIONS.test(path)) continue;
        const answer = rule.cloud === 'aws' ? cloudFormationHas(type, path) : azureNativeHas(type, path);
        if (!answer.ok) wrong.push(`${type} ${path}: there is no ${answer.missing}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('knows a wrong path when it sees one', () => {
    expect(cloudFormationHas('AWS::S3::Bucket', 'BucketEncryption.ServerSideEncryptionConfiguration[0].BucketKeyEnabled')).toEqual({
      ok: true,
    });
    expect(cloudFormationHas('AWS::S3::Bucket', 'BucketEncryption.Nonsense')).toEqual({ ok: false, missing: 'Nonsense' });
    expect(azureNativeHas('azure-native:storage:StorageAccount', 'networkRuleSet.ipRules[0].iPAddressOrRange')).toEqual({ ok: true });
    expect(azureNativeHas('azure-native:storage:StorageAccount', 'networkRuleSet.nonsense')).toEqual({ ok: false, missing: 'nonsense' });
    expect(azureNativeHas('azure-native:storage:Nonsense', 'x')).toEqual({ ok: false, missing: 'azure-native:storage:Nonsense' });
    const policy = 'azuread:index/conditionalAccessPolicy:ConditionalAccessPolicy';
    expect(azureNativeHas(policy, 'conditions.users.excludedGroups[0]')).toEqual({ ok: true });
    expect(azureNativeHas(policy, 'conditions.users.nonsense')).toEqual({ ok: false, missing: 'nonsense' });
    expect(azureNativeHas('azuread:index/nonsense:Nonsense', 'x')).toEqual({ ok: false, missing: 'azuread:index/nonsense:Nonsense' });
  });
});

describe('every type that a rule names exists', () => {
  const named = RULES.flatMap((rule) =>
    rule.on
      .filter((on): on is string => typeof on === 'string' && on !== UNIT && !on.startsWith('Custom::'))
      .map((type) => ({ cloud: rule.cloud, type })),
  );
  it.each([...new Map(named.map((entry) => [entry.type, entry])).values()])('$type', ({ cloud, type }) => {
    expect(cloud === 'aws' ? cloudFormationHas(type, '') : azureNativeHas(type, '')).toEqual({ ok: true });
  });
});
