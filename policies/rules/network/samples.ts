/** Types and small worlds that the inbound rules and their examples share. */
import { NSG, SECURITY_RULE } from '../../facts/network-flows';

export const SECURITY_GROUPS = ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress'] as const;
export const NSG_RULES = [NSG, SECURITY_RULE] as const;

/** A security group with one inbound rule. */
export const sg = (ingress: object) => ({ Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [ingress] } } });
/** What every inbound rule of the samples says unless told otherwise. */
export const inboundRule = { access: 'Allow', direction: 'Inbound', priority: 200, destinationAddressPrefix: '*', sourcePortRange: '*' };
/** A network security group with these inbound rules. */
export const nsg = (...securityRules: readonly object[]) => ({
  nsg: { type: NSG, properties: { securityRules: securityRules.map((one) => ({ ...inboundRule, protocol: 'Tcp', ...one })) } },
});
