/** Network ACLs separate segments only where they let some ports through, and not every one. */
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const ENTRY = 'AWS::EC2::NetworkAclEntry';
const ALL = '-1';
const PORTED = ['6', '17'];

/** Replies need the ephemeral ports (1024 to 65535), so that only ranges that reach below them are everything. */
function letsEverythingThrough(entry: Resource): Outcome {
  const allows = entry.at('RuleAction').is('allow');
  if (allows.verdict === 'fail') return notApplicable('denies');
  if (allows.verdict === 'unknown') return allows;
  const protocol = entry.at('Protocol');
  if (protocol.is(ALL).verdict === 'pass') return fail('Protocol is -1: every protocol and every port passes', 'Protocol');
  const ported = protocol.isOneOf(PORTED);
  if (ported.verdict !== 'pass') return ported.verdict === 'unknown' ? ported : pass();
  const { from, to } = { from: entry.at('PortRange.From'), to: entry.at('PortRange.To') };
  if (from.state === 'absent' || to.state === 'absent')
    return fail('PortRange does not name the ports from which and to which', 'PortRange');
  if (from.number === undefined) return from.asUnknown();
  if (to.number === undefined) return to.asUnknown();
  return from.number <= 1 && to.number >= 65535 ? fail('PortRange covers every port', 'PortRange') : pass();
}

const entry = (Properties: object) => ({
  Entry: { Type: ENTRY, Properties: { RuleAction: 'allow', Protocol: 6, PortRange: { From: 443, To: 443 }, ...Properties } },
});

export const acls = {
  'DID-23': {
    aws: rule({
      on: ENTRY,
      from: 'moderate',
      severity: 'low',
      check: letsEverythingThrough,
      fix: 'Let the ports pass that the segment serves, and the ephemeral ports for replies: Protocol 6 with PortRange.',
      pass: [
        { resources: entry({}) },
        { resources: entry({ Protocol: '17', PortRange: { From: '1024', To: '65535' } }) },
        { resources: entry({ Protocol: 1, PortRange: undefined }) },
      ],
      fail: [
        { resources: entry({ Protocol: -1 }) },
        { resources: entry({ PortRange: { From: 0, To: 65535 } }) },
        { resources: entry({ Protocol: '17', PortRange: { From: '1', To: '65535' } }) },
        { resources: entry({ PortRange: undefined }) },
        { resources: entry({ PortRange: { To: 443 } }) },
        { resources: entry({ PortRange: { From: 443 } }) },
      ],
      unknown: [
        { parameters: { Port: { Type: 'Number' } }, resources: entry({ PortRange: { From: { Ref: 'Port' }, To: 65535 } }) },
        { parameters: { Port: { Type: 'Number' } }, resources: entry({ PortRange: { From: 1, To: { Ref: 'Port' } } }) },
        { parameters: { Action: { Type: 'String' } }, resources: entry({ RuleAction: { Ref: 'Action' } }) },
        { parameters: { Protocol: { Type: 'String' } }, resources: entry({ Protocol: { Ref: 'Protocol' } }) },
      ],
      skip: [{ resources: entry({ RuleAction: 'deny', Protocol: -1 }) }],
    }),
  },
} as const satisfies Readonly<Record<string, PerCloud>>;
