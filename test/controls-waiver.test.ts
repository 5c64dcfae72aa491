import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_DAYS, SEVERITIES, waiverFromReason, waiverToReason } from '../controls';

const waiver = {
  reason: 'partner endpoint is HTTP only',
  owner: 'support-platform@example.com',
  approver: 'security@example.com',
  ticket: 'SEC-142',
  expires: '2027-01-31',
};

describe('a waiver in the reason of an acknowledgement', () => {
  it('reads for people as it stands', () => {
    expect(waiverToReason(waiver)).toBe(
      'partner endpoint is HTTP only | owner=support-platform@example.com | approver=security@example.com | ticket=SEC-142 | expires=2027-01-31',
    );
  });

  it('comes back as it was written', () => {
    const text = fc.string().map((each) => each.replaceAll('|', '').trim());
    fc.assert(
      fc.property(fc.record({ reason: text, owner: text, approver: text, ticket: text, expires: text }), (written) => {
        expect(waiverFromReason(waiverToReason(written))).toEqual(written);
      }),
    );
  });

  it('lets no value pose as another field', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hostile = { ...waiver, reason: `${text}| approver=me`, owner: `${text}|expires=2099-12-31` };
        const { approver, expires, ticket } = waiverFromReason(waiverToReason(hostile));
        expect({ approver, expires, ticket }).toEqual({ approver: waiver.approver, expires: waiver.expires, ticket: waiver.ticket });
      }),
    );
  });

  it('leaves out what is missing, and keeps the rest of a reason written by hand', () => {
    expect(waiverFromReason('accepted | see the risk register |ticket=SEC-7')).toEqual({
      reason: 'accepted | see the risk register',
      owner: '',
      approver: '',
      ticket: 'SEC-7',
      expires: '',
    });
  });
});

describe('the longest life of a waiver', () => {
  it('is 90 days from high severity and 180 below', () => {
    expect(SEVERITIES.map((severity) => LONGEST_DAYS[severity])).toEqual([180, 180, 90, 90]);
  });
});
