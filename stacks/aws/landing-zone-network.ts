import { ArnFormat } from 'aws-cdk-lib';
import { CfnTransitGateway, CfnTransitGatewayRouteTable } from 'aws-cdk-lib/aws-ec2';
import { CfnResourceShare } from 'aws-cdk-lib/aws-ram';
import type { CfnFirewallRuleGroup } from 'aws-cdk-lib/aws-route53resolver';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { SecureVpc } from '../../constructs/aws';
import { AccountStack, type LandingZoneStackProps } from './landing-zone-account';

/**
 * The network account: the one network of the environment with a way out, through a firewall that lets named sites
 * through; a transit gateway to which nothing is attached, and over which nothing is reached, until somebody here says so;
 * and the names that every network may resolve. What is shared is shared with the organisation's own unit only.
 */
export class NetworkAccountStack extends AccountStack {
  readonly vpc: SecureVpc;
  readonly transitGateway: CfnTransitGateway;

  constructor(scope: Construct, id: string, props: LandingZoneStackProps) {
    super(scope, id, props);
    const { allowedDomains, allowedNames } = this.settings;
    const archive = Bucket.fromBucketName(this, 'Archive', this.names.archiveBucket);
    this.vpc = new SecureVpc(this, 'Egress', { allowedNames, inspectedEgress: { allowedDomains }, logs: archive });
    this.addBaseline({ stage: this.importedStage(), vpc: this.vpc });
    this.transitGateway = this.addTransitGateway();
    this.share('TransitGatewayShare', 'transit-gateway', this.gatewayArn());
    const names = this.vpc.node.findChild('NameFirewall') as CfnFirewallRuleGroup;
    this.share('NamesShare', 'allowed-names', names.attrArn);
  }

  private addTransitGateway(): CfnTransitGateway {
    const gateway = new CfnTransitGateway(this, 'TransitGateway', {
      description: 'Joins networks of the environment, each after it is accepted',
      autoAcceptSharedAttachments: 'disable',
      defaultRouteTableAssociation: 'disable',
      defaultRouteTablePropagation: 'disable',
      multicastSupport: 'disable',
      dnsSupport: 'enable',
      vpnEcmpSupport: 'disable',
    });
    new CfnTransitGatewayRouteTable(this, 'Spokes', { transitGatewayId: gateway.ref });
    return gateway;
  }

  private gatewayArn(): string {
    return this.formatArn({ service: 'ec2', resource: 'transit-gateway', resourceName: this.transitGateway.ref });
  }

  /** Shares with the accounts of the environment's unit, and with nobody outside the organisation. */
  private share(id: string, name: string, ...resourceArns: readonly string[]): void {
    const { accounts, organisationId, unitId } = this.settings;
    const unit = this.formatArn({
      service: 'organizations',
      region: '',
      account: accounts.management,
      resource: unitId.startsWith('r-') ? 'organization' : 'ou',
      resourceName: unitId.startsWith('r-') ? organisationId : `${organisationId}/${unitId}`,
      arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
    });
    new CfnResourceShare(this, id, { name, allowExternalPrincipals: false, principals: [unit], resourceArns: [...resourceArns] });
  }
}
