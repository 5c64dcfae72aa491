import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EbsDeviceVolumeType, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { AccountRootPrincipal, type IRole, PolicyDocument, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ResourcePolicy } from 'aws-cdk-lib/aws-logs';
import {
  type CapacityConfig,
  type CfnDomain,
  Domain,
  type DomainProps,
  EngineVersion,
  TLSSecurityPolicy,
} from 'aws-cdk-lib/aws-opensearchservice';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, relaxed, type Tier } from '../contract';
import { type DatabaseNetworkProps, FAMILY, groupsOf, keyOf, nameOf, subnetsOf } from './database-shared';
import { fromSource } from './identity-perimeter';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Props of the CDK's domain that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'advancedOptions',
  'automatedSnapshotStartHour',
  'cognitoDashboardsAuth',
  'customEndpoint',
  'ebs',
  'offPeakWindowStart',
  'version',
] as const satisfies readonly (keyof DomainProps)[];

/** Props of {@link SecureSearchDomain}; every default is the hardened one. */
export interface SecureSearchDomainProps extends DatabaseNetworkProps, Partial<Pick<DomainProps, (typeof PASSED_ON)[number]>> {
  /** Role that administers indexes and roles of the domain; nobody signs in by password. */
  readonly administrator: IRole;
  /**
   * Number and kind of nodes.
   * @default three masters from the moderate tier on; data nodes: 3 at high, 2 at moderate, 1 at low
   */
  readonly capacity?: CapacityConfig;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureSearchDomain',
  { control: 'BCR-06', from: 'moderate' },
  'DHC-01',
  'DHC-10',
  { control: 'DID-05', from: 'moderate' },
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'LOG-04', from: 'moderate' },
  'LOG-13',
  { control: 'LPA-14', from: 'moderate' },
  'TLS-01',
  'TLS-03',
  { control: 'TLS-06', from: 'moderate' },
  { control: 'VUL-06', from: 'moderate' },
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: { 'DHC-10': 'the domain is deleted with its stack' },
  firm: { 'ENC-02': 'pass another key', 'TLS-01': 'clients of the last ten years speak TLS 1.2' },
};

/** Logs of the domain, by the names of the service. */
const LOGS = ['audit', 'application', 'slow-search', 'slow-index'] as const;

const NODE = 'm7g.large.search';
/** Storage of a node, in GiB; the least that such a node takes. */
const VOLUME = 10;
/** What the nodes are where nobody says otherwise. */
const CAPACITY: Readonly<Record<Tier, CapacityConfig & { readonly dataNodes: number }>> = {
  low: { dataNodes: 1, dataNodeInstanceType: NODE, multiAzWithStandbyEnabled: false },
  moderate: { dataNodes: 2, dataNodeInstanceType: NODE, masterNodes: 3, masterNodeInstanceType: NODE, multiAzWithStandbyEnabled: false },
  high: { dataNodes: 3, dataNodeInstanceType: NODE, masterNodes: 3, masterNodeInstanceType: NODE, multiAzWithStandbyEnabled: false },
};

/**
 * A domain of OpenSearch: HTTPS of TLS 1.2 or later only, encrypted at rest and between nodes, with access decided index by
 * index and document by document, every request recorded by tier, in isolated subnets behind a group that lets nobody in.
 *
 * Guarantees DHC-01, DHC-10, ENC-01, LOG-13, TLS-01 and TLS-03; from the moderate tier on BCR-06, DID-05, ENC-02, LOG-04,
 * LPA-14, TLS-06 and VUL-06. It is an `opensearch.Domain`: grants of the CDK open the door of the domain, its
 * administrator opens indexes.
 *
 * @throws Error when no administrator is named, or a subnet is public
 * @example
 * const index = new SecureSearchDomain(stack, 'CaseIndex', { vpc, administrator: role });
 * index.grantIndexRead('cases', caseService);
 */
export class SecureSearchDomain extends Domain {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureSearchDomainProps) {
    const { tier } = profileOf(scope);
    const { administrator, relax } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    if (!administrator) throw new Error(`${where}: administrator is missing; name the role that administers the domain (LPA-14)`);
    const key = keyOf(scope, id, tier, props.key);
    // Names of domains are short; that of the domain has to be known to those who may write its logs.
    const domainName = nameOf(scope, id, 28);
    const capacity = { ...CAPACITY[tier], ...props.capacity };
    const zones = Math.min(3, capacity.dataNodes ?? 1, props.vpc?.availabilityZones.length ?? 1);
    const subnets = oneInEach(props, subnetsOf(where, props), zones);
    const [audit, app, search, indexing] = LOGS.map(
      (log) => new SecureLogGroup(scope, `${id}-${log}`, { logClass: log === 'audit' ? 'access' : 'operations' }),
    ) as [SecureLogGroup, SecureLogGroup, SecureLogGroup, SecureLogGroup];
    const writers = letDomainWrite(scope, id, domainName, [audit, app, search, indexing]);

    super(scope, id, {
      ...(Object.fromEntries(PASSED_ON.map((name) => [name, props[name]])) as object),
      capacity,
      domainName,
      // The CDK's default, gp2, is of the generation before the nodes'.
      ebs: props.ebs ?? { volumeType: EbsDeviceVolumeType.GP3, volumeSize: VOLUME },
      enableAutoSoftwareUpdate: true,
      encryptionAtRest: { enabled: true, ...(key ? { kmsKey: key } : {}) },
      enforceHttps: true,
      fineGrainedAccessControl: { masterUserArn: administrator.roleArn },
      logging: {
        auditLogEnabled: true,
        auditLogGroup: audit,
        appLogEnabled: true,
        appLogGroup: app,
        slowSearchLogEnabled: true,
        slowSearchLogGroup: search,
        slowIndexLogEnabled: true,
        slowIndexLogGroup: indexing,
      },
      nodeToNodeEncryption: true,
      removalPolicy: relaxed(relax, 'DHC-10') ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      securityGroups: groupsOf(scope, id, props),
      suppressLogsResourcePolicy: true,
      tlsSecurityPolicy: TLSSecurityPolicy.TLS_1_2_PFS,
      useUnsignedBasicAuth: false,
      version: props.version ?? EngineVersion.OPENSEARCH_2_19,
      vpc: props.vpc,
      vpcSubnets: [subnets],
      zoneAwareness: zones > 1 ? { enabled: true, availabilityZoneCount: zones } : { enabled: false },
    });
    this.node.addDependency(writers);
    (this.node.defaultChild as CfnDomain).accessPolicies = signedBy(this, domainName);
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }
}

/** One subnet in each zone: the service takes neither more nor fewer. */
function oneInEach({ vpc }: DatabaseNetworkProps, chosen: SubnetSelection, zones: number): SubnetSelection {
  return { subnets: vpc.selectSubnets(chosen).subnets.slice(0, zones) };
}

/** Lets the service write the records of this domain, and of no other. */
function letDomainWrite(scope: Construct, id: string, domainName: string, groups: readonly SecureLogGroup[]): ResourcePolicy {
  const arn = Stack.of(scope).formatArn({
    service: 'es',
    resource: 'domain',
    resourceName: domainName,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return new ResourcePolicy(scope, `${id}LogPolicy`, {
    policyStatements: [
      new PolicyStatement({
        principals: [new ServicePrincipal('es.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: groups.map((group) => group.logGroupArn),
        conditions: fromSource(scope, { arn }),
      }),
    ],
  });
}

/** Signed requests of the account only; who of it may do what is for IAM and for the domain itself to say. */
function signedBy(domain: Domain, domainName: string): PolicyDocument {
  const resourceName = `${domainName}/*`;
  return new PolicyDocument({
    statements: [
      new PolicyStatement({
        principals: [new AccountRootPrincipal()],
        actions: ['Delete', 'Get', 'Head', 'Patch', 'Post', 'Put'].map((method) => `es:ESHttp${method}`),
        resources: [
          Stack.of(domain).formatArn({ service: 'es', resource: 'domain', resourceName, arnFormat: ArnFormat.SLASH_RESOURCE_NAME }),
        ],
      }),
    ],
  });
}
