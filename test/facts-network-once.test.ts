import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { RULES } from '../policies/rules';
import { graphOfExample } from './support/examples';

const OPENINGS = ['DID-02', 'DID-12', 'TLS-10'];
const failing = (cloud: 'aws' | 'azure', resources: object): readonly string[] => {
  const rules = RULES.filter((rule) => rule.family === 'network' && rule.cloud === cloud && OPENINGS.includes(rule.control));
  const { findings } = evaluate(graphOfExample(cloud, { resources: resources as never }), { rules, tier: 'high' });
  return findings.filter(({ verdict }) => verdict === 'fail').map(({ control }) => control);
};
const port = fc.oneof(fc.constantFrom(0, 21, 22, 23, 80, 389, 443, 1433, 3389, 5900, 65535), fc.integer({ min: 0, max: 65535 }));
const range = fc.tuple(port, port).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);

describe('a rule that lets in everybody is one finding of the control that fits it best', () => {
  it('in a security group', () => {
    fc.assert(
      fc.property(fc.constantFrom('tcp', 'udp', '-1', 6, 'icmp'), range, (IpProtocol, [FromPort, ToPort]) => {
        const rule = { IpProtocol, FromPort, ToPort, CidrIp: '0.0.0.0/0' };
        expect(
          failing('aws', { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: [rule] } } }).length,
        ).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('in a network security group', () => {
    fc.assert(
      fc.property(fc.constantFrom('Tcp', 'Udp', '*', 'Icmp'), range, (protocol, [from, to]) => {
        const rule = {
          access: 'Allow',
          direction: 'Inbound',
          priority: 100,
          protocol,
          sourceAddressPrefix: '*',
          destinationPortRange: `${from}-${to}`,
        };
        expect(
          failing('azure', { nsg: { type: 'azure-native:network:NetworkSecurityGroup', properties: { securityRules: [rule] } } }).length,
        ).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('and is none only for web ports, ping and tunnels', () => {
    fc.assert(
      fc.property(fc.constantFrom('tcp', 'udp'), range, (IpProtocol, [FromPort, ToPort]) => {
        const rule = { IpProtocol, FromPort, ToPort, CidrIpv6: '::/0' };
        const found = failing('aws', { Group: { Type: 'AWS::EC2::SecurityGroup', Properties: { SecurityGroupIngress: rule } } });
        expect(found.length === 0).toBe(FromPort === ToPort && (FromPort === 80 || FromPort === 443));
      }),
    );
  });
});
