import { AclCidr, AclTraffic, Action, NetworkAcl, type SubnetSelection, TrafficDirection, type Vpc } from 'aws-cdk-lib/aws-ec2';

/** Ports from which Linux and Windows open connections, so that answers to them come in; no administration port is among them. */
const ANSWERS = AclTraffic.tcpPortRange(32_768, 65_535);
/** The same for NAT gateways, load balancers and their clients. */
const ANY_ANSWERS = AclTraffic.tcpPortRange(1024, 65_535);
const HTTPS = AclTraffic.tcpPort(443);
/** What is spoken inside: HTTPS, and the ports of workloads, databases, brokers and file systems, with the answers to them. */
const INSIDE = [HTTPS, AclTraffic.tcpPortRange(1024, 65_535)];
/** "Fragmentation needed", without which large packets vanish on the way. */
const TOO_LARGE = AclTraffic.icmp({ type: 3, code: 4 });
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

  /** Both ways: what is asked, and what is answered. */
  speak(cidr: AclCidr, ...traffic: readonly AclTraffic[]): this {
    for (const each of traffic) this.allow(INGRESS, cidr, each).allow(EGRESS, cidr, each);
    return this;
  }
}

/** Stores hear, and answer, workloads and other stores; neither the edge nor anything outside. */
export function addDataAcl(vpc: Vpc, data: SubnetSelection, workload: SubnetSelection): void {
  const entries = new Entries(vpc, 'DataAcl', data);
  for (const { ipv4CidrBlock } of [...vpc.selectSubnets(workload).subnets, ...vpc.selectSubnets(data).subnets])
    entries.speak(AclCidr.ipv4(ipv4CidrBlock), ...INSIDE);
}

/** Workloads speak inside the network, and to the public addresses of gateway endpoints; security groups say to whom. */
export function addWorkloadAcl(vpc: Vpc, workload: SubnetSelection): void {
  addInnerAcl(vpc, 'WorkloadAcl', workload);
}

/** The firewall passes on what workloads ask for, and what comes back to them. */
export function addFirewallAcl(vpc: Vpc, firewall: SubnetSelection): void {
  addInnerAcl(vpc, 'FirewallAcl', firewall);
}

function addInnerAcl(vpc: Vpc, id: string, subnets: SubnetSelection): void {
  new Entries(vpc, id, subnets)
    .speak(AclCidr.ipv4(vpc.vpcCidrBlock), ...INSIDE, TOO_LARGE)
    .allow(INGRESS, ANYWHERE, ANSWERS)
    .allow(EGRESS, ANYWHERE, HTTPS);
}

/** The edge takes HTTPS from anywhere, and hands it on inside the network. */
export function addEdgeAcl(vpc: Vpc, edge: SubnetSelection): void {
  new Entries(vpc, 'EdgeAcl', edge)
    .speak(AclCidr.ipv4(vpc.vpcCidrBlock), ...INSIDE, TOO_LARGE)
    .allow(INGRESS, ANYWHERE, HTTPS)
    .allow(INGRESS, ANYWHERE, ANY_ANSWERS)
    .allow(EGRESS, ANYWHERE, HTTPS)
    .allow(EGRESS, ANYWHERE, ANY_ANSWERS);
}
