/** Who enters clusters, and which roles their pods become. */

import { asList, asMap, asText } from '../reading';
import { type Grant, name, type Read, type Readers, sorted, texts } from './parts';

/** Access policies of clusters by what they add to one another. */
const LEVELS: readonly (readonly [policy: RegExp, rights: readonly string[]])[] = [
  [/EKSClusterAdminPolicy$/, ['view', 'edit', 'admin', 'administer the cluster']],
  [/EKSAdminPolicy$/, ['view', 'edit', 'admin']],
  [/EKSEditPolicy$/, ['view', 'edit']],
  [/EKSViewPolicy$/, ['view']],
];

const entry: Read = ({ AccessPolicies, ClusterName, KubernetesGroups, PrincipalArn }, resource, reader) => {
  const who = asText(PrincipalArn);
  if (who === undefined) return [];
  const cluster = reader.words(asText(ClusterName) ?? 'a cluster');
  const by = `, by ${name(resource, reader)}`;
  const policies = asList(AccessPolicies).flatMap((item): readonly Grant[] => {
    const arn = asText(asMap(item).PolicyArn) ?? '';
    const { Namespaces, Type } = asMap(asMap(item).AccessScope);
    const some = Type === 'namespace';
    const where = some ? `the namespaces ${sorted(texts(Namespaces))} of ${cluster}` : `all of ${cluster}`;
    const rights = LEVELS.find(([policy]) => policy.test(arn))?.[1] ?? [arn];
    return [
      {
        who,
        can: `has ${arn.replace(/^.*\//, '')} on ${where}`,
        by,
        severity: /Admin/.test(arn) ? 'critical' : 'high',
        path: 'AccessPolicies',
        reach: { of: cluster, rights, scopes: some ? texts(Namespaces) : ['*'] },
      },
    ];
  });
  const groups = texts(KubernetesGroups).map(
    (group): Grant => ({ who, can: `enters ${cluster} as ${group}`, by, severity: 'high', path: 'KubernetesGroups' }),
  );
  return [...policies, ...groups];
};

const pods: Read = ({ ClusterName, Namespace, RoleArn, ServiceAccount, TargetRoleArn }, resource, reader) => {
  const who = `the pods of ${asText(Namespace)}/${asText(ServiceAccount)} in ${reader.words(asText(ClusterName) ?? 'a cluster')}`;
  return (
    [
      ['RoleArn', RoleArn],
      ['TargetRoleArn', TargetRoleArn],
    ] as const
  ).flatMap(([path, role]): readonly Grant[] => {
    const becomes = asText(role);
    if (becomes === undefined) return [];
    return [{ who, can: `become ${reader.words(becomes)}`, by: `, by ${name(resource, reader)}`, severity: 'high', path, becomes }];
  });
};

export const CLUSTERS: Readers = [
  [/^AWS::EKS::AccessEntry$/, entry],
  [/^AWS::EKS::PodIdentityAssociation$/, pods],
];
