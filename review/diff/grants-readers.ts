/** Grants that no policy document holds: shares, entries, assignments, copies to somebody else. Each reader tells who gets what. */

import type { Severity } from '../../controls';
import type { Resource } from '../../policies/resource';
import type { Plain, PlainMap } from './plain';
import { asList, asMap, asText, type Reader, valueAt } from './reading';

/** One thing that somebody gets. */
export interface Grant {
  /** As written: an account, an ARN, a hole, `*`. */
  readonly who: string;
  /** `can use the subnet 1, which the resource share Subnets shares`. */
  readonly can: string;
  readonly severity: Severity;
  /** Whoever it names is outside: an address on the internet, guests. */
  readonly open?: boolean;
  /** Told only where who gets it is outside: inside it is wiring. */
  readonly onlyOutside?: boolean;
  readonly path: string;
}

type Read = (properties: PlainMap, resource: Resource, reader: Reader) => readonly Grant[];

const texts = (value: Plain | undefined): readonly string[] => asList(value).flatMap((item) => asText(item) ?? []);
const name = (resource: Resource, reader: Reader): string => reader.pairing.name(resource);
const sorted = (items: readonly string[]): string => [...items].sort().join(', ');

const share: Read = ({ Principals, ResourceArns }, resource, reader) =>
  texts(Principals).flatMap((who) =>
    texts(ResourceArns).map(
      (what): Grant => ({
        who,
        can: `can use ${reader.words(what)}, which ${name(resource, reader)} shares`,
        severity: 'high',
        path: 'Principals',
      }),
    ),
  );

/** What of the lake: `the table cases of lake`. */
function lakeResource(value: Plain | undefined): string {
  const words = (at: Plain, path: readonly string[] = []): string =>
    typeof at === 'object' && at !== null && !Array.isArray(at)
      ? Object.entries(at as PlainMap)
          .filter(([key]) => key !== 'CatalogId')
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([key, inner]) => words(inner, [...path, key]))
          .filter(Boolean)
          .join(', ')
      : `${path.slice(-2).join(' ')} ${JSON.stringify(at)}`;
  return words(value ?? {}) || 'the catalogue';
}
const lake =
  (principal: string): Read =>
  (properties, resource, reader) => {
    const by = `, by ${name(resource, reader)}`;
    const who = asText(valueAt(properties, `${principal}.DataLakePrincipalIdentifier`));
    if (who === undefined) return [];
    const what = lakeResource(properties.Resource);
    return [
      ...texts(properties.Permissions).map(
        (right): Grant => ({ who, can: `can ${right} in the lake: ${what}${by}`, severity: 'high', path: 'Permissions' }),
      ),
      ...texts(properties.PermissionsWithGrantOption).map(
        (right): Grant => ({
          who,
          can: `can let others ${right} in the lake: ${what}${by}`,
          severity: 'critical',
          path: 'PermissionsWithGrantOption',
        }),
      ),
    ];
  };
const lakeAdmins: Read = ({ Admins }, resource, reader) =>
  asList(Admins).flatMap((admin): readonly Grant[] => {
    const who = asText(asMap(admin).DataLakePrincipalIdentifier);
    return who === undefined
      ? []
      : [{ who, can: `administers the whole lake, by ${name(resource, reader)}`, severity: 'critical', path: 'Admins' }];
  });

const entry: Read = ({ AccessPolicies, ClusterName, KubernetesGroups, PrincipalArn }, resource, reader) => {
  const who = asText(PrincipalArn);
  if (who === undefined) return [];
  const cluster = reader.words(asText(ClusterName) ?? 'a cluster');
  const policies = asList(AccessPolicies).flatMap((item): readonly Grant[] => {
    const arn = asText(asMap(item).PolicyArn) ?? '';
    const { Namespaces, Type } = asMap(asMap(item).AccessScope);
    const where = Type === 'namespace' ? `the namespaces ${sorted(texts(Namespaces))} of ${cluster}` : `all of ${cluster}`;
    const admin = /Admin/.test(arn);
    return [
      {
        who,
        can: `has ${arn.replace(/^.*\//, '')} on ${where}, by ${name(resource, reader)}`,
        severity: admin ? 'critical' : 'high',
        path: 'AccessPolicies',
      },
    ];
  });
  const groups = texts(KubernetesGroups).map(
    (group): Grant => ({
      who,
      can: `enters ${cluster} as ${group}, by ${name(resource, reader)}`,
      severity: 'high',
      path: 'KubernetesGroups',
    }),
  );
  return [...policies, ...groups];
};
const pods: Read = ({ ClusterName, Namespace, RoleArn, ServiceAccount }, resource, reader) => {
  const who = `the pods of ${asText(Namespace)}/${asText(ServiceAccount)} in ${reader.words(asText(ClusterName) ?? 'a cluster')}`;
  return [
    { who, can: `become ${reader.words(asText(RoleArn) ?? 'a role')}, by ${name(resource, reader)}`, severity: 'high', path: 'RoleArn' },
  ];
};

const assignment: Read = ({ PermissionSetArn, PrincipalId, PrincipalType, TargetId }, resource, reader) => {
  const who = `the ${(asText(PrincipalType) ?? 'principal').toLowerCase()} ${asText(PrincipalId) ?? 'unknown'}`;
  return [
    {
      who,
      can: `has ${reader.words(asText(PermissionSetArn) ?? 'a permission set')} in the account ${asText(TargetId)}, by ${name(resource, reader)}`,
      severity: 'high',
      path: 'PrincipalId',
    },
  ];
};

const poolRoles: Read = ({ Roles }, resource, reader) =>
  Object.entries(asMap(Roles)).flatMap(([kind, role]): readonly Grant[] => {
    const open = kind === 'unauthenticated';
    const who = open ? 'whoever has not signed in' : 'whoever has signed in';
    return [
      {
        who,
        can: `can become ${reader.words(asText(role) ?? 'a role')} through ${name(resource, reader)}`,
        severity: open ? 'critical' : 'high',
        path: `Roles.${kind}`,
        ...(open ? { open } : {}),
      },
    ];
  });

/** The old form of the policy of an event bus: no document, but its parts. */
const busPolicy: Read = ({ Action, Condition, EventBusName, Principal }, _resource, reader) => {
  const who = asText(Principal);
  if (who === undefined) return [];
  const org = asText(asMap(Condition).Value);
  const bus = reader.words(asText(EventBusName) ?? 'the default event bus');
  return [
    {
      who,
      can: `can put events on ${bus} (${asText(Action) ?? 'events:PutEvents'})${org === undefined ? '' : ` from within ${org}`}`,
      severity: 'high',
      path: 'Principal',
      ...(who === '*' && org === undefined ? { open: true } : {}),
    },
  ];
};
const layer: Read = ({ LayerVersionArn, OrganizationId, Principal }, _resource, reader) => {
  const who = asText(Principal);
  if (who === undefined) return [];
  const within = OrganizationId === undefined ? '' : ` from within ${asText(OrganizationId)}`;
  return [
    {
      who,
      can: `can use ${reader.words(asText(LayerVersionArn) ?? 'a layer')}${within}`,
      severity: 'medium',
      path: 'Principal',
      ...(who === '*' && within === '' ? { open: true } : {}),
    },
  ];
};
const endpointService: Read = ({ AllowedPrincipals, ServiceId }, _resource, reader) =>
  texts(AllowedPrincipals).map((who) => ({
    who,
    can: `can connect to ${reader.words(asText(ServiceId) ?? 'an endpoint service')}`,
    severity: 'high',
    path: 'AllowedPrincipals',
    ...(who === '*' ? { open: true } : {}),
  }));
const launch: Read = ({ Distributions }, resource, reader) =>
  asList(Distributions).flatMap((item) => {
    const { OrganizationArns, OrganizationalUnitArns, UserGroups, UserIds } = asMap(
      valueAt(item, 'AmiDistributionConfiguration.LaunchPermissionConfiguration'),
    );
    return [UserIds, UserGroups, OrganizationArns, OrganizationalUnitArns].flatMap(texts).map((who): Grant => {
      const open = who === 'all';
      return {
        who: open ? '*' : who,
        can: `can launch the images of ${name(resource, reader)}`,
        severity: 'high',
        path: 'Distributions',
        ...(open ? { open } : {}),
      };
    });
  });
const anywhere: Read = ({ RoleArns, Enabled }, resource, reader) =>
  String(Enabled ?? true) === 'false'
    ? []
    : texts(RoleArns).map((role) => ({
        who: 'whoever holds a certificate of a trusted authority',
        can: `can become ${reader.words(role)}, by ${name(resource, reader)}`,
        severity: 'critical',
        path: 'RoleArns',
      }));
const issuer =
  (property: string): Read =>
  (properties, resource, reader) => [
    {
      who: `identities of ${asText(properties[property]) ?? 'another issuer'}`,
      can: `are trusted as soon as a role names ${name(resource, reader)}`,
      severity: 'high',
      path: property,
    },
  ];

// ── Copies ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const copy = (who: string | undefined, can: string, path: string, open = false): readonly Grant[] =>
  who === undefined ? [] : [{ who, can, severity: 'high', path, onlyOutside: true, ...(open ? { open } : {}) }];

const bucketCopies: Read = ({ AnalyticsConfigurations, InventoryConfigurations, ReplicationConfiguration }, resource, reader) => [
  ...asList(asMap(ReplicationConfiguration).Rules).flatMap((rule) => {
    const { Account, Bucket } = asMap(asMap(rule).Destination);
    return copy(
      asText(Account),
      `gets a copy of ${name(resource, reader)}, in ${reader.words(asText(Bucket) ?? 'a bucket')}`,
      'ReplicationConfiguration',
    );
  }),
  ...asList(InventoryConfigurations).flatMap((item) =>
    copy(
      asText(valueAt(item, 'Destination.BucketAccountId')),
      `gets the list of what is in ${name(resource, reader)}`,
      'InventoryConfigurations',
    ),
  ),
  ...asList(AnalyticsConfigurations).flatMap((item) =>
    copy(
      asText(valueAt(item, 'StorageClassAnalysis.DataExport.Destination.BucketAccountId')),
      `gets analytics of ${name(resource, reader)}`,
      'AnalyticsConfigurations',
    ),
  ),
];
const stream: Read = ({ KinesisStreamSpecification }, resource, reader) =>
  copy(asText(asMap(KinesisStreamSpecification).StreamArn), `gets every change of ${name(resource, reader)}`, 'KinesisStreamSpecification');
const targets: Read = ({ Targets }, resource, reader) =>
  asList(Targets).flatMap((item) => copy(asText(asMap(item).Arn), `gets the events of ${name(resource, reader)}`, 'Targets'));
const outside = /^https?$/;
const subscription = (endpoint: string | undefined, protocol: string | undefined, topic: string): readonly Grant[] => {
  if (protocol !== undefined && outside.test(protocol)) return copy(endpoint, `gets what is published to ${topic}`, 'Endpoint', true);
  return copy(endpoint, `gets what is published to ${topic}`, 'Endpoint');
};
const subscriptions: Read = ({ Endpoint, Protocol, TopicArn }, _resource, reader) =>
  subscription(asText(Endpoint), asText(Protocol), reader.words(asText(TopicArn) ?? 'a topic'));
const peering: Read = ({ PeerOwnerId }, resource, reader) =>
  copy(asText(PeerOwnerId), `is connected to the network, by ${name(resource, reader)}`, 'PeerOwnerId');
const inlineSubscriptions: Read = ({ Subscription }, resource, reader) =>
  asList(Subscription).flatMap((item) => subscription(asText(asMap(item).Endpoint), asText(asMap(item).Protocol), name(resource, reader)));
const logs: Read = ({ DestinationArn, LogGroupName }, _resource, reader) =>
  copy(asText(DestinationArn), `gets the records of ${reader.words(asText(LogGroupName) ?? 'a log group')}`, 'DestinationArn');
const firehose: Read = (properties, resource, reader) => [
  ...copy(
    asText(valueAt(properties, 'HttpEndpointDestinationConfiguration.EndpointConfiguration.Url')),
    `gets what ${name(resource, reader)} delivers`,
    'HttpEndpointDestinationConfiguration',
    true,
  ),
];

/** By type; every reader is asked whose pattern fits. */
export const GRANTS: readonly (readonly [type: RegExp, read: Read])[] = [
  [/^AWS::RAM::ResourceShare$/, share],
  [/^AWS::LakeFormation::PrincipalPermissions$/, lake('Principal')],
  [/^AWS::LakeFormation::Permissions$/, lake('DataLakePrincipal')],
  [/^AWS::LakeFormation::DataLakeSettings$/, lakeAdmins],
  [/^AWS::EKS::AccessEntry$/, entry],
  [/^AWS::EKS::PodIdentityAssociation$/, pods],
  [/^AWS::SSO::Assignment$/, assignment],
  [/^AWS::Cognito::IdentityPoolRoleAttachment$/, poolRoles],
  [/^AWS::Events::EventBusPolicy$/, busPolicy],
  [/^AWS::Lambda::LayerVersionPermission$/, layer],
  [/^AWS::EC2::VPCEndpointServicePermissions$/, endpointService],
  [/^AWS::ImageBuilder::DistributionConfiguration$/, launch],
  [/^AWS::RolesAnywhere::Profile$/, anywhere],
  [/^AWS::IAM::OIDCProvider$/, issuer('Url')],
  [/^AWS::IAM::SAMLProvider$/, issuer('Name')],
  [/^AWS::S3::Bucket$/, bucketCopies],
  [/^AWS::DynamoDB::Table$/, stream],
  [/^AWS::Events::Rule$/, targets],
  [/^AWS::SNS::Subscription$/, subscriptions],
  [/^AWS::SNS::Topic$/, inlineSubscriptions],
  [/^AWS::EC2::VPCPeeringConnection$/, peering],
  [/^AWS::Logs::SubscriptionFilter$/, logs],
  [/^AWS::KinesisFirehose::DeliveryStream$/, firehose],
];
