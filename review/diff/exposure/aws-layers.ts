/** What still protects the stores of AWS: layer by layer, each with what decides about it. */
import { REST_API } from '../../../policies/facts/apis';
import { statementsOn } from '../../../policies/facts/storage';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import { BALANCER } from './aws-balancers';
import type { AwsNetwork } from './aws-network';
import { answered, type Place, standing } from './aws-places';
import type { LayerName, Layers } from './model';
import { isTheInternet } from './reach';

type Layer = readonly [name: LayerName, layer: { readonly kept: boolean | undefined; readonly on?: readonly Resource[] }];

/** Where stores name the key that encrypts them. */
const KEYS = [
  'KmsKeyId',
  'EncryptionAtRestOptions.KmsKeyId',
  'EncryptionOptions.KmsKeyId',
  'EncryptionInfo.EncryptionAtRest.DataVolumeKMSKeyId',
];
const hasKey = (store: Resource): boolean => KEYS.some((path) => store.at(path).isSet().verdict === 'pass');

/** Stores that anybody who reaches them may use, unless something is written. */
function authenticates(store: Resource): boolean | undefined {
  if (/ElastiCache::(ReplicationGroup|CacheCluster)$/.test(store.type))
    return ['AuthToken', 'UserGroupIds'].some((path) => store.at(path).isSet().verdict !== 'fail');
  if (store.type === 'AWS::MemoryDB::Cluster') return store.at('ACLName').is('open-access').verdict !== 'pass';
  if (store.type === 'AWS::MSK::Cluster') return store.at('ClientAuthentication.Unauthenticated.Enabled').boolean !== true;
  if (/Domain$/.test(store.type)) return store.at('AdvancedSecurityOptions.Enabled').boolean === true;
  return true;
}

export function storeLayers(place: Place, network: AwsNetwork): Layers {
  const { address, groupsKnown, subnets, subnetsKnown, thing, unplaced } = place;
  const routed = subnets.flatMap((subnet) => network.internetRoutes(subnet));
  const isolated = unplaced ? false : routed.length > 0 ? false : subnetsKnown ? true : undefined;
  const acls = subnets.flatMap((subnet) => network.acl(subnet, 'in') ?? []);
  // What it answers on counts; where that is not known, whether everything is open.
  const opened = acls.some(({ reach }) =>
    answered(place, reach).some(
      ({ from, ports }) => (place.ports !== undefined || (ports[0] <= 1 && ports[1] >= 65535)) && isTheInternet(from.blocks),
    ),
  );
  const strangers = answered(place, network.inflow(place)).some(({ from }) => isTheInternet(from.blocks));
  const rules = place.groups.flatMap((group) => network.graph.pointingAt(group, 'AWS::EC2::SecurityGroupIngress', 'GroupId'));
  const layers: readonly Layer[] = [
    ['isolated subnets', { kept: isolated, on: [...standing(place), ...routed.map(({ route }) => route)] }],
    ['the network ACL', { kept: subnetsKnown ? acls.length === subnets.length && !opened : undefined, on: acls.flatMap(({ on }) => on) }],
    ['the security group', { kept: groupsKnown ? !strangers : undefined, on: [...place.groups, ...rules] }],
    ['no public address', { kept: address === undefined ? undefined : !address, on: [thing, ...place.on] }],
    ['authentication', { kept: authenticates(thing), on: [thing] }],
    ['a key of its own', { kept: hasKey(thing), on: [thing] }],
  ];
  return new Map(layers);
}

const SWITCHES = ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'];

export function bucketLayers(bucket: Resource, graph: Graph): Layers {
  const block = bucket.at('PublicAccessBlockConfiguration');
  const switches = SWITCHES.map((name) => block.at(name));
  const statements = statementsOn(bucket, graph);
  const key = bucket
    .at('BucketEncryption.ServerSideEncryptionConfiguration')
    .items()
    .some((one) => one.at('ServerSideEncryptionByDefault.KMSMasterKeyID').isSet().verdict === 'pass');
  const layers: readonly Layer[] = [
    [
      'the block of public access',
      {
        kept: switches.every((one) => one.boolean === true) ? true : switches.some((one) => one.state === 'unknown') ? undefined : false,
        on: [bucket],
      },
    ],
    [
      'authentication',
      {
        kept: !statements.some((one) => one.isPublic().verdict === 'pass'),
        on: graph.pointingAt(bucket, 'AWS::S3::BucketPolicy', 'Bucket'),
      },
    ],
    [
      'a resource policy',
      { kept: statements.some((one) => one.denies().verdict === 'pass'), on: graph.pointingAt(bucket, 'AWS::S3::BucketPolicy', 'Bucket') },
    ],
    ['a key of its own', { kept: key, on: [bucket] }],
  ];
  return new Map(layers);
}

const GUARDED = [
  BALANCER,
  REST_API,
  'AWS::AppSync::GraphQLApi',
  'AWS::AppRunner::Service',
  'AWS::Cognito::UserPool',
  'AWS::CloudFront::Distribution',
];
const ASSOCIATIONS = ['AWS::WAFv2::WebACLAssociation', 'AWS::WAFRegional::WebACLAssociation'];

/** Public entries before which a web application firewall can stand. */
export function* fronts(
  graph: Graph,
): Iterable<readonly [Resource, { readonly kept: boolean | undefined; readonly on: readonly Resource[] }]> {
  for (const front of graph.ofType(...GUARDED)) {
    if (front.type === BALANCER && front.at('Type').orDefault('application').is('application').verdict !== 'pass') continue;
    const stages = front.type === REST_API ? graph.pointingAt(front, 'AWS::ApiGateway::Stage', 'RestApiId') : [];
    const on = [front, ...stages].flatMap((one) => ASSOCIATIONS.flatMap((type) => graph.pointingAt(one, type, 'ResourceArn')));
    const own = front.at('DistributionConfig.WebACLId').isSet().verdict !== 'fail';
    yield [front, { kept: on.length > 0 || own, on: [front, ...stages, ...on] }];
  }
}
