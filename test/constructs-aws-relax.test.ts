import { describe, expect, it } from 'vitest';
import { SecureBucket, SecureKey } from '../constructs/aws';
import type { Relaxation } from '../controls';
import { stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

const relaxing =
  (...relax: Relaxation[]) =>
  () =>
    new SecureKey(stackOf('high'), 'Key', { relax });

describe('a relaxation', () => {
  it.each(['reason', 'owner', 'approver', 'ticket', 'expires'] as const)('needs its %s', (field) => {
    expect(relaxing({ ...relaxationOf('DHC-10'), [field]: ' ' })).toThrow(
      new RegExp(`Cases/Key: relax: DHC-10 lacks ${field}; write all of`),
    );
    expect(relaxing({ ...relaxationOf('DHC-10'), [field]: undefined } as never)).toThrow(/lacks/);
  });

  it('needs a control', () => {
    expect(relaxing({ ...relaxationOf('DHC-10'), control: undefined } as never)).toThrow(/is no control; write an id/);
  });

  it('names a control of the catalogue', () => {
    expect(relaxing(relaxationOf('ENC-99'))).toThrow(/relax: "ENC-99" is no control; write an id such as ENC-02/);
  });

  it('names a promise of the construct', () => {
    expect(relaxing(relaxationOf('TLS-03'))).toThrow(/TLS-03 is not promised by SecureKey; it promises ENC-03/);
  });

  it('names a rule of the family', () => {
    expect(relaxing(relaxationOf('DHC-10.database'))).toThrow(/"DHC-10.database" is a rule of another family; write DHC-10 or DHC-10.keys/);
  });

  it('names a promise that can be relaxed, and is told why not', () => {
    expect(relaxing(relaxationOf('ENC-03'))).toThrow(
      /ENC-03 cannot be relaxed on SecureKey: rotation changes nothing.*relaxable: DHC-10, LPA-10/,
    );
  });

  it('has not expired', () => {
    expect(relaxing({ ...relaxationOf('DHC-10'), expires: '2026-11-21' })).toThrow(/DHC-10 expired on 2026-11-21/);
    expect(relaxing({ ...relaxationOf('DHC-10'), expires: '2026-11-22' })).not.toThrow();
  });

  it('does not run too long for the severity of what it excuses', () => {
    expect(relaxing({ ...relaxationOf('DHC-10'), expires: '2027-12-31' })).toThrow(
      /runs 404 days; at most 180 for a control of severity medium/,
    );
  });

  it.each(['31.01.2027', '2027-02-30', 'soon'])('ends on a date: %s is none', (expires) => {
    expect(relaxing({ ...relaxationOf('DHC-10'), expires })).toThrow(/write a date as YYYY-MM-DD/);
  });

  it('stands once', () => {
    expect(relaxing(relaxationOf('DHC-10'), relaxationOf('DHC-10.keys'))).toThrow(/DHC-10 stands twice; keep one/);
  });

  it('is approved by somebody else', () => {
    expect(relaxing({ ...relaxationOf('DHC-10'), approver: 'Support-Data@example.com ' })).toThrow(/approved by its own owner/);
  });

  it('is checked against today where no day is fixed', () => {
    const stack = stackOf('high');
    stack.node.setContext('palisade:today', 'yesterday');
    expect(() => new SecureBucket(stack, 'Bucket', { relax: [relaxationOf('DHC-06')] })).toThrow(/palisade:today is "yesterday"/);
  });
});
