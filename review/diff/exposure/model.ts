/** What one side lets reach what: the facts that the two sides are compared by. */
import type { Block } from '../../../policies/facts/network';
import type { Resource } from '../../../policies/resource';
import type { Reach } from './reach';

/** Where a path begins: the internet, or a network or principal of somebody else. */
export interface Outside {
  readonly kind: 'internet' | 'partner';
  /** The same on both sides. */
  readonly key: string;
  /** `the internet`, `the network behind the peering connection Support`. */
  readonly name: string;
}
export const INTERNET: Outside = { kind: 'internet', key: 'internet', name: 'the internet' };

/** A way by which something is reached from outside without anything else of ours between. */
export interface Entry {
  readonly from: Outside;
  readonly to: Resource;
  /** By which addresses and ports, where the network decides; undefined for endpoints of a service, which answer anyone. */
  readonly reach?: Reach;
  /** What can be called without saying who calls: `GET /cases`, or `''` for all of it. Empty where everything authenticates. */
  readonly open: ReadonlySet<string>;
  /** Words for the chain, between the source and the thing. */
  readonly hops: readonly string[];
  /** By which of its doors, where a thing has several: `its function URL`. */
  readonly by?: string;
  /** Resources that the path leads through or that decide about it. */
  readonly on: readonly Resource[];
  /** What is missing to be sure. */
  readonly doubt?: string | undefined;
  /** Somebody said that it is public: doubts about what stands around it do not make it less so. */
  readonly said?: boolean;
  /** Firewalls that everything passes on this way. */
  readonly guards?: readonly Resource[];
}

/** Whatever reaches the first is passed on to the second: targets of a load balancer, functions behind an API, origins. */
export interface Passing {
  readonly from: Resource;
  readonly to: Resource;
}

/** kept: it protects. missing: it could, and does not. undefined: cannot be told. */
export type Layers = ReadonlyMap<LayerName, { readonly kept: boolean | undefined; readonly on?: readonly Resource[] }>;
export type LayerName =
  | 'isolated subnets'
  | 'the network ACL'
  | 'the security group'
  | 'no public address'
  | 'private endpoints only'
  | 'listed networks only'
  | 'the block of public access'
  | 'authentication'
  | 'a resource policy'
  | 'a key of its own'
  | 'a web application firewall';

/** What a subnet lets out. */
export interface WayOut {
  /** The same for subnets that share it: their route table, or the subnet itself. */
  readonly table: Resource;
  readonly subnet: Resource;
  /** Where a subnet is written inside its network. */
  readonly called?: string | undefined;
  readonly reach: Reach;
  readonly through: string;
  /** A firewall decides what passes. */
  readonly filtered?: boolean;
  readonly on: readonly Resource[];
}

/** What lets the internet in or out, whether or not anything stands behind it. */
export interface Opening {
  readonly thing: Resource;
  readonly kind: 'lets in' | 'holds' | 'leads out' | 'leads on' | 'deploys' | 'stands' | 'addressed' | 'serves';
  /** Whose network it leads to. */
  readonly to?: Outside;
  readonly reach: Reach;
  readonly on: readonly Resource[];
}

/** What a network reaches without going over the internet. */
export interface PrivateEndpoint {
  readonly thing: Resource;
  readonly network: string;
  readonly service: string;
}

/** One target of a side. */
export interface Exposed {
  readonly entries: readonly Entry[];
  readonly passings: readonly Passing[];
  readonly layers: ReadonlyMap<Resource, Layers>;
  /** Who inside our own networks may connect to a store. */
  readonly inside: ReadonlyMap<Resource, Reach>;
  /** Groups that stand in `inside` beside those who are known to be in them. */
  readonly peopled: ReadonlySet<string>;
  readonly waysOut: readonly WayOut[];
  /** What stands in which subnet, with the addresses of those where they are known, and what each may send to. */
  readonly places: readonly {
    readonly thing: Resource;
    readonly subnets: readonly string[];
    readonly addresses?: readonly Block[] | undefined;
    readonly sends: Reach;
    /** What decides where it stands. */
    readonly on?: readonly Resource[];
    /** It runs what works on data: what it may send counts wherever its stores stand. */
    readonly works?: boolean;
    /** By which way it sends, where it has a choice; another line tells when that changes. */
    readonly manner?: string | undefined;
    /** What is missing to know where it sends. */
    readonly doubt?: string | undefined;
  }[];
  readonly openings: readonly Opening[];
  readonly endpoints: readonly PrivateEndpoint[];
  /** Networks that lead to the internet by any way. */
  readonly exits: readonly string[];
}

/** A name of a subnet that is written inside its network. */
export const placeKey = (resource: Resource, name = ''): string => (name === '' ? resource.id : `${resource.id}#${name}`);

/** What holds data of customers, and stands in a network or behind a public door. */
export const isStore = ({ type }: Resource): boolean => STORES.test(type);
const STORES = new RegExp(
  `^(${[
    'AWS::S3::Bucket|AWS::S3Express::DirectoryBucket|AWS::DynamoDB::(Global)?Table|AWS::RDS::(DBInstance|DBCluster|DBShardGroup)|AWS::DocDB::DBCluster',
    'AWS::Neptune::(DBCluster|DBInstance)|AWS::NeptuneGraph::Graph|AWS::Redshift::Cluster|AWS::RedshiftServerless::(Workgroup|Namespace)',
    'AWS::ElastiCache::(ReplicationGroup|CacheCluster|ServerlessCache)|AWS::MemoryDB::Cluster|AWS::DAX::Cluster|AWS::EFS::FileSystem|AWS::FSx::FileSystem',
    'AWS::(OpenSearchService|Elasticsearch)::Domain|AWS::OpenSearchServerless::Collection|AWS::MSK::Cluster|AWS::AmazonMQ::Broker|AWS::SQS::Queue',
    'AWS::Timestream::InfluxDB(Instance|Cluster)|AWS::DMS::ReplicationInstance|AWS::Lightsail::(Database|Bucket)|AWS::SecretsManager::Secret',
    'azure-native:storage:StorageAccount|azure-native:keyvault:(Vault|ManagedHsm)|azure-native:sql:(Server|ManagedInstance)|azure-native:synapse:Workspace',
    'azure-native:dbfor(postgresql|mysql|mariadb):\\w*Server\\w*|azure-native:cosmosdb:DatabaseAccount|azure-native:mongocluster:MongoCluster',
    'azure-native:redis:Redis|azure-native:redisenterprise:RedisEnterprise|azure-native:search:Service|azure-native:kusto:Cluster|azure-native:purview:Account',
    'azure-native:(servicebus|eventhub):Namespace|azure-native:appconfiguration:ConfigurationStore|azure-native:containerregistry:Registry',
    'azure-native:storagesync:StorageSyncService|azure-native:recoveryservices:Vault|azure-native:cognitiveservices:Account',
  ].join('|')})$`,
);
