import { CfnResource, Stack } from 'aws-cdk-lib';
import {
  type CfnVPC,
  type IIpAddresses,
  type InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  Peer,
  Port,
  SecurityGroup,
  type SubnetConfiguration,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import type { CfnFirewall } from 'aws-cdk-lib/aws-networkfirewall';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { claims, type Relaxation, reaches, relaxed, type Tier } from '../contract';
import { addGateways, addInterfaces, type EndpointService } from './network-endpoints';
import { checkInspection, type InspectedEgress, inspectEgress, namesOfSites } from './network-inspection';
import { blockInternetGateways } from './network-internet';
import { recordFlows, recordQueries } from './network-logs';
import { addNameFirewall } from './network-names';
import { addDataAcl, addEdgeAcl, addFirewallAcl, addWorkloadAcl } from './network-rules';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

const FAMILY = 'network';

/** Services that nearly every workload calls: keys, logs, secrets and credentials. */
const USUAL_ENDPOINTS = [
  InterfaceVpcEndpointAwsService.KMS,
  InterfaceVpcEndpointAwsService.CLOUDWATCH_LOGS,
  InterfaceVpcEndpointAwsService.SECRETS_MANAGER,
  InterfaceVpcEndpointAwsService.STS,
];

/** Props of {@link SecureVpc}; every default is the hardened one. */
export interface SecureVpcProps {
  /** @default IpAddresses.cidr('10.0.0.0/16') */
  readonly ipAddresses?: IIpAddresses;
  /**
   * Number of availability zones, at least 2.
   * @default 3 at high, 2 below
   */
  readonly maxAzs?: number;
  /**
   * Services of AWS, besides S3 and DynamoDB, that workloads reach by private endpoints.
   * @default KMS, CloudWatch Logs, Secrets Manager and STS
   */
  readonly endpoints?: readonly EndpointService[];
  /**
   * Ids of AWS's own prefix lists of the region (`aws ec2 describe-managed-prefix-lists`), with which security groups let
   * workloads reach S3 and DynamoDB through their gateway endpoints.
   * @default security groups of the network do not let workloads reach S3 and DynamoDB
   */
  readonly prefixLists?: { readonly s3?: string; readonly dynamodb?: string };
  /**
   * Names that workloads may resolve, besides those of AWS: `*.cases.internal`. Every other name is refused.
   * @default names of AWS only
   */
  readonly allowedNames?: readonly string[];
  /**
   * Ids of managed DNS firewall lists of the region (`aws route53resolver list-firewall-domain-lists`) whose names are
   * refused even where `allowedNames` covers them.
   * @default none
   */
  readonly refusedNameLists?: readonly string[];
  /**
   * Declares a public edge: subnets with an internet gateway for a load balancer, and for nothing else.
   * @default false
   */
  readonly edge?: boolean;
  /**
   * Lets workloads reach the internet on 443 through NAT gateways; needs EXP-05 to be relaxed. Stores stay isolated.
   * @default false
   */
  readonly egress?: boolean;
  /**
   * Lets workloads reach named sites on the internet, through a firewall of the network (AWS Network Firewall) that drops
   * everything else; stores stay isolated. It is billed by the hour in each zone.
   * @default no way out
   */
  readonly inspectedEgress?: InspectedEgress;
  /**
   * Who blocks internet gateways for the whole account and region, where no edge is declared: this stack, or another,
   * such as the landing zone. The block exists once per account and region.
   * @default 'here' from the moderate tier on, 'elsewhere' at low
   */
  readonly blockInternetGateways?: 'here' | 'elsewhere';
  /**
   * Archive for the records of flows and name queries.
   * @default log groups of security records in the same stack
   */
  readonly logs?: IBucket;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureVpc',
  { control: 'DID-01', from: 'moderate' },
  'DID-02',
  'DID-03',
  { control: 'DID-04', from: 'moderate' },
  { control: 'DID-05', from: 'moderate' },
  { control: 'DID-10', from: 'moderate' },
  'DID-12',
  { control: 'DID-23', from: 'moderate' },
  { control: 'EXP-04', from: 'moderate' },
  { control: 'EXP-05', from: 'moderate' },
  'LOG-12',
  'TLS-10',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'DID-10': 'there is no DNS firewall here; a central one protects the network',
    'EXP-05': 'egress may be true; security groups with internet: true, which carry the waiver, reach it on 443',
  },
  firm: {
    'DID-04': "declare edge: true, or blockInternetGateways: 'elsewhere'",
    'EXP-04': 'name what else is needed in a policy of the endpoint',
    'LOG-12': 'pass an archive as logs',
  },
};

/**
 * A network without a way in or out: workloads and stores live in isolated subnets over several zones, reach the
 * services of AWS through private endpoints that lead only to what is the organisation's, resolve only names that are
 * listed, and every flow and every name query is recorded.
 *
 * Guarantees DID-02, DID-03, DID-12, LOG-12 and TLS-10; from the moderate tier on DID-01, DID-04, DID-05, DID-10,
 * DID-23, EXP-04 and EXP-05. It is an `ec2.Vpc` with the subnet groups `workload`, `data` and, when declared, `edge`.
 *
 * Zones are chosen at deployment in a SecureStack; in a plain stack of a fixed account and region the CDK looks them
 * up.
 *
 * @throws Error when egress is asked for without a waiver, or fewer than two zones
 * @example
 * const vpc = new SecureVpc(stack, 'Network', { allowedNames: ['*.cases.internal'] });
 * const group = vpc.securityGroup('Service', { description: 'Case service' });
 */
export class SecureVpc extends Vpc {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Subnets in which workloads run. */
  static readonly WORKLOAD = { subnetGroupName: 'workload' } as const;
  /** Subnets in which stores live; only workloads and other stores reach them. */
  static readonly DATA = { subnetGroupName: 'data' } as const;
  /** Subnets of the declared edge. */
  static readonly EDGE = { subnetGroupName: 'edge' } as const;
  /** Subnets of the firewall, where egress is inspected; nothing else belongs there. */
  static readonly FIREWALL = { subnetGroupName: 'firewall' } as const;

  /** Guards the private endpoints: 443 from within the network. */
  readonly endpointGroup: SecurityGroup;
  /** The private endpoints by the name of their service: `kms`. */
  readonly interfaces: ReadonlyMap<string, InterfaceVpcEndpoint>;
  /** The firewall that egress passes, where it is inspected. */
  readonly firewall: CfnFirewall | undefined;
  private readonly settings: SecureVpcProps;

  constructor(scope: Construct, id: string, props: SecureVpcProps = {}) {
    const { tier } = profileOf(scope);
    const { relax, edge = false, egress = false, inspectedEgress } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const maxAzs = props.maxAzs ?? (tier === 'high' ? 3 : 2);
    if (maxAzs < 2) throw new Error(`${where}: maxAzs is ${maxAzs}; a network spans at least 2 availability zones`);
    if (egress) requireRelaxation(where, relax, 'EXP-05', 'egress', 'add the services to endpoints, or name the sites in inspectedEgress');
    if (egress && inspectedEgress)
      throw new Error(`${where}: egress and inspectedEgress exclude each other; keep inspectedEgress (EXP-05)`);
    if (inspectedEgress) checkInspection(where, inspectedEgress);
    const leaves = egress || inspectedEgress !== undefined;

    super(scope, id, {
      ...(props.ipAddresses ? { ipAddresses: props.ipAddresses } : {}),
      maxAzs,
      natGateways: leaves ? maxAzs : 0,
      subnetConfiguration: subnetsOf(edge, egress, inspectedEgress !== undefined),
      enableDnsHostnames: true,
      enableDnsSupport: true,
      restrictDefaultSecurityGroup: true,
    });
    boundHandler(this);
    this.settings = props;
    this.endpointGroup = this.group('Endpoints', 'Private endpoints of the services of AWS');
    this.endpointGroup.addIngressRule(Peer.ipv4(cidrOf(this)), Port.tcp(443), 'HTTPS from the network');
    this.addSegments(edge || leaves);
    const services = props.endpoints ?? USUAL_ENDPOINTS;
    addGateways(this, services);
    this.interfaces = addInterfaces(this, services, this.endpointGroup);
    recordFlows(this, tier, props.logs);
    recordQueries(this, props.logs);
    this.protectNames(tier);
    if (inspectedEgress) {
      const { WORKLOAD: workload, FIREWALL: firewall, EDGE: edgeSubnets } = SecureVpc;
      addFirewallAcl(this, firewall);
      this.firewall = inspectEgress(this, inspectedEgress, { workload, firewall, edge: edgeSubnets }, props.logs);
    }
    const blocks = props.blockInternetGateways ?? (reaches(tier, 'moderate') ? 'here' : 'elsewhere');
    blockInternetGateways(this, { edge, egress: leaves, blocks: blocks === 'here' });
    recordWaiver(relax, 'DID-10', FAMILY, this);
  }

  /**
   * A security group for a workload or a store. Nothing comes in, and nothing goes out but HTTPS to the private endpoints
   * (and to S3 and DynamoDB, where the network knows their prefix lists); open what else is needed between named groups.
   *
   * @example
   * const service = vpc.securityGroup('Service', { description: 'Case service' });
   * const cases = vpc.securityGroup('Cases', { description: 'Case database', endpoints: false });
   * cases.addIngressRule(service, Port.tcp(5432), 'Case service');
   * service.addEgressRule(cases, Port.tcp(5432), 'Case database');
   */
  securityGroup(id: string, options: SecurityGroupOptions): SecurityGroup {
    const { description, endpoints = true, internet = false } = options;
    const { egress = false, inspectedEgress, prefixLists = {}, relax } = this.settings;
    const group = this.group(id, description);
    if (endpoints) {
      group.addEgressRule(this.endpointGroup, Port.tcp(443), 'Private endpoints');
      for (const [service, list] of Object.entries(prefixLists))
        if (list) group.addEgressRule(Peer.prefixList(list), Port.tcp(443), `Gateway endpoint of ${service}`);
    }
    if (internet) {
      if (!egress && !inspectedEgress)
        throw new Error(
          `${group.node.path}: internet needs a network with inspectedEgress, or with egress: true and EXP-05 relaxed (EXP-05)`,
        );
      group.addEgressRule(Peer.anyIpv4(), Port.tcp(443), egress ? 'Internet, waived' : 'Named sites, through the firewall');
      if (egress) recordWaiver(relax, 'EXP-05', FAMILY, group);
    }
    return group;
  }

  private group(id: string, description: string): SecurityGroup {
    const group = new SecurityGroup(this, id, { vpc: this, description, allowAllOutbound: false });
    // A group whose own list is empty is given "everything to everywhere" by EC2, and rules to other groups stand apart.
    group.addEgressRule(Peer.ipv4('127.0.0.1/32'), Port.icmpTypeAndCode(252, 86), 'Matches nothing');
    return group;
  }

  private addSegments(open: boolean): void {
    addWorkloadAcl(this, SecureVpc.WORKLOAD);
    addDataAcl(this, SecureVpc.DATA, SecureVpc.WORKLOAD);
    if (open) addEdgeAcl(this, SecureVpc.EDGE);
  }

  private protectNames(tier: Tier): void {
    const { inspectedEgress, refusedNameLists = [], relax } = this.settings;
    const allowedNames = [...(this.settings.allowedNames ?? []), ...(inspectedEgress ? namesOfSites(inspectedEgress) : [])];
    if (relaxed(relax, 'DID-10')) return;
    if (reaches(tier, 'moderate') || allowedNames.length > 0 || refusedNameLists.length > 0)
      addNameFirewall(this, allowedNames, refusedNameLists);
  }
}

/** Options of {@link SecureVpc.securityGroup}. */
export interface SecurityGroupOptions {
  /** What the group is for; AWS shows it beside the group. */
  readonly description: string;
  /**
   * Lets members call the services of AWS through the private endpoints.
   * @default true
   */
  readonly endpoints?: boolean;
  /**
   * Lets members call the internet on 443; the network needs `inspectedEgress`, which lets through named sites only, or `egress`.
   * @default false
   */
  readonly internet?: boolean;
}

/** As it is written, where it is: other tools read no references. */
const cidrOf = (vpc: Vpc): string => (vpc.node.defaultChild as CfnVPC).cidrBlock ?? vpc.vpcCidrBlock;

/** The CDK empties the default group by a function of the stack, which has nothing to do at the same time as itself (DID-08). */
function boundHandler(vpc: Vpc): void {
  const handler = Stack.of(vpc).node.tryFindChild('Custom::VpcRestrictDefaultSGCustomResourceProvider')?.node.tryFindChild('Handler');
  if (CfnResource.isCfnResource(handler)) handler.addPropertyOverride('ReservedConcurrentExecutions', 1);
}

function subnetsOf(edge: boolean, egress: boolean, inspected: boolean): SubnetConfiguration[] {
  return [
    { name: 'workload', subnetType: egress ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED },
    { name: 'data', subnetType: SubnetType.PRIVATE_ISOLATED },
    ...(inspected ? [{ name: 'firewall', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: FIREWALL_MASK }] : []),
    ...(edge || egress || inspected ? [{ name: 'edge', subnetType: SubnetType.PUBLIC, mapPublicIpOnLaunch: false }] : []),
  ];
}

/** A firewall needs one address in each zone; 16 are the fewest that a subnet has. */
const FIREWALL_MASK = 28;
