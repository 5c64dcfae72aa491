/** Grants that no policy document holds: shares, entries, assignments, copies to somebody else. Each reader tells who gets what. */

import { asList, asMap, asText, valueAt } from '../reading';
import { CLUSTERS } from './clusters';
import { DELIVERIES } from './deliveries';
import { copy, DESTINATIONS } from './destinations';
import { LAKE } from './lake';
import { type Grant, name, type Read, sorted, texts } from './parts';
import { PEOPLE } from './people';
import { STORES } from './stores';

/** Managed permissions that AWS gives to whatever is shared, where nothing else is asked for. */
const USUAL = /AWSRAMDefaultPermission/;

const share: Read = ({ PermissionArns, Principals, ResourceArns }, resource, reader) =>
  texts(Principals).flatMap((who): readonly Grant[] => [
    ...texts(ResourceArns).map(
      (what): Grant => ({
        who,
        can: `can use ${reader.words(what)}`,
        by: `, which ${name(resource, reader)} shares`,
        severity: 'high',
        path: 'Principals',
      }),
    ),
    ...texts(PermissionArns)
      .filter((permission) => !USUAL.test(permission))
      .map(
        (permission): Grant => ({
          who,
          can: `holds the permission ${reader.words(permission).replace(/^.*:permission\//, '')} on what ${name(resource, reader)} shares`,
          severity: 'high',
          path: 'PermissionArns',
        }),
      ),
  ]);

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
/** Whoever belongs to an account that is let in whole is let in with it. */
const withoutMembers = (principals: readonly string[]): readonly string[] => {
  const accounts = new Set(principals.flatMap((who) => /^(?:arn:[\w-]+:iam::)?(\d{12})(?::root)?$/.exec(who)?.[1] ?? []));
  return principals.filter((who) => !accounts.has(/^arn:[\w-]+:iam::(\d{12}):(?!root$)/.exec(who)?.[1] ?? ''));
};
const endpointService: Read = ({ AllowedPrincipals, ServiceId }, _resource, reader) =>
  withoutMembers(texts(AllowedPrincipals)).map((who) => ({
    who,
    can: `can connect to ${reader.words(asText(ServiceId) ?? 'an endpoint service')}`,
    severity: 'high',
    path: 'AllowedPrincipals',
    ...(who === '*' ? { open: true } : {}),
  }));
const networkInterface: Read = ({ AwsAccountId, NetworkInterfaceId, Permission }, _resource, reader) =>
  texts(AwsAccountId).map((who) => ({
    who,
    can: `can ${asText(Permission) === 'EIP-ASSOCIATE' ? 'give addresses to' : 'attach'} ${reader.words(asText(NetworkInterfaceId) ?? 'a network interface')}`,
    severity: 'high',
    path: 'AwsAccountId',
  }));
const authority: Read = ({ Actions, CertificateAuthorityArn, Principal }, _resource, reader) =>
  texts(Principal).map((who) => ({
    who,
    can: `can use ${reader.words(asText(CertificateAuthorityArn) ?? 'a certificate authority')} (${sorted(texts(Actions))})`,
    severity: 'medium',
    path: 'Principal',
  }));
const portfolio =
  (property: string): Read =>
  (properties, _resource, reader) =>
    texts(properties[property]).map((who) => ({
      who,
      can: `can launch the products of ${reader.words(asText(properties.PortfolioId) ?? 'a portfolio')}`,
      severity: 'high',
      path: property,
    }));
const clusterEndpoint: Read = ({ Account, ClusterIdentifier, VpcIds }, _resource, reader) =>
  texts(Account).map((who) => ({
    who,
    can: `can reach ${reader.words(asText(ClusterIdentifier) ?? 'a cluster')} from ${sorted(texts(VpcIds)) || 'all of its networks'}`,
    severity: 'high',
    path: 'Account',
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
// ── Copies ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const stream: Read = ({ KinesisStreamSpecification }, resource, reader) =>
  copy(asText(asMap(KinesisStreamSpecification).StreamArn), `gets every change of ${name(resource, reader)}`, 'KinesisStreamSpecification');
const peering: Read = ({ PeerOwnerId }, resource, reader) =>
  copy(asText(PeerOwnerId), `is connected to the network, by ${name(resource, reader)}`, 'PeerOwnerId');
const logs: Read = ({ DestinationArn, LogGroupName }, _resource, reader) =>
  copy(asText(DestinationArn), `gets the records of ${reader.words(asText(LogGroupName) ?? 'a log group')}`, 'DestinationArn');
/** By type; every reader is asked whose pattern fits. */
export const GRANTS: readonly (readonly [type: RegExp, read: Read])[] = [
  ...PEOPLE,
  ...CLUSTERS,
  ...LAKE,
  ...STORES,
  ...DESTINATIONS,
  ...DELIVERIES,
  [/^AWS::RAM::ResourceShare$/, share],
  [/^AWS::Events::EventBusPolicy$/, busPolicy],
  [/^AWS::Lambda::LayerVersionPermission$/, layer],
  [/^AWS::EC2::VPCEndpointServicePermissions$/, endpointService],
  [/^AWS::EC2::NetworkInterfacePermission$/, networkInterface],
  [/^AWS::ACMPCA::Permission$/, authority],
  [/^AWS::ServiceCatalog::PortfolioPrincipalAssociation$/, portfolio('PrincipalARN')],
  [/^AWS::ServiceCatalog::PortfolioShare$/, portfolio('AccountId')],
  [/^AWS::Redshift::EndpointAuthorization$/, clusterEndpoint],
  [/^AWS::ImageBuilder::DistributionConfiguration$/, launch],
  [/^AWS::DynamoDB::Table$/, stream],
  [/^AWS::EC2::VPCPeeringConnection$/, peering],
  [/^AWS::Logs::SubscriptionFilter$/, logs],
];
