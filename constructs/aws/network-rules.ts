import { AclCidr, AclTraffic, Action, NetworkAcl, type SubnetSelection, TrafficDirection, type Vpc } from 'aws-cdk-lib/aws-ec2';

/** Ports from which Linux and Windows open connections, so that answers to them come in; no administration port is among them. */
const ANSWERS = AclTraffic.tcpPortRange(32_768, 65_535);
/** The same for NAT gateways, load balancers and their clients. */
const ANY_ANSWERS = AclTraffic.tcpPortRange(1024, 65_535);
const HTTPS = AclTraffic.tcpPort(443);
const ALL = AclTraffic.allTraffic();
const ANYWHERE = AclCidr.anyIpv4();

const { INGRESS, EGRESS } = TrafficDirection;

/** Names each entry by its number, so that two deployments never swap them. */
class Entries {
  private next = 100;
  private readonly acl: NetworkAcl;

  constructor(vpc: Vpc, id: string, subnetSelection: SubnetSelection) {
    this.acl = new NetworkAcl(vpc, id, { vpc, subnetSelection });
  }

  allow(direction: TrafficDirection, cidr: AclCidr, traffic: AclTraffic): this {
    const ruleNumber = this.next;
    this.next += 10;
    this.acl.addEntry(`${direction === INGRESS ? 'In' : 'Out'}${ruleNumber}`, {
      ruleNumber,
      direction,
      cidr,
      traffic,
      ruleAction: Action.ALLOW,
    });
    return this;
  }
}

/** Stores hear, and answer, workloads and other stores; neither the edge nor anything outside. */
export function addDataAcl(vpc: Vpc, data: SubnetSelection, workload: SubnetSelection): void {
  const entries = new Entries(vpc, 'DataAcl', data);
  for (const { ipv4CidrBlock } of [...vpc.selectSubnets(workload).subnets, ...vpc.selectSubnets(data).subnets]) {
    const cidr = AclCidr.ipv4(ipv4CidrBlock);
    entries.allow(INGRESS, cidr, AclTraffic.tcpPortRange(0, 65_535)).allow(EGRESS, cidr, AclTraffic.tcpPortRange(0, 65_535));
  }
}

/** Workloads speak inside the network, and to the public addresses of gateway endpoints; security groups say to whom. */
export function addWorkloadAcl(vpc: Vpc, workload: SubnetSelection): void {
  const network = AclCidr.ipv4(vpc.vpcCidrBlock);
  new Entries(vpc, 'WorkloadAcl', workload)
    .allow(INGRESS, network, ALL)
    .allow(INGRESS, ANYWHERE, ANSWERS)
    .allow(EGRESS, network, ALL)
    .allow(EGRESS, ANYWHERE, HTTPS);
}

/** The edge takes HTTPS from anywhere, and hands it on inside the network. */
export function addEdgeAcl(vpc: Vpc, edge: SubnetSelection): void {
  const network = AclCidr.ipv4(vpc.vpcCidrBlock);
  new Entries(vpc, 'EdgeAcl', edge)
    .allow(INGRESS, network, ALL)
    .allow(INGRESS, ANYWHERE, HTTPS)
    .allow(INGRESS, ANYWHERE, ANY_ANSWERS)
    .allow(EGRESS, network, ALL)
    .allow(EGRESS, ANYWHERE, HTTPS)
    .allow(EGRESS, ANYWHERE, ANY_ANSWERS);
}
