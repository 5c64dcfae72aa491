import { describe, expect, it } from 'vitest';
import { EXCEPTIONS } from '../bench/judges/exceptions';
import { type Exception, JUDGES, type Judgement, type Objection, settle } from '../bench/judges/verdict';

const objection = (rule: string, resource: string): Objection => ({ judge: 'checkov', rule, resource, message: 'logs are off' });
const said = (...objections: Objection[]): Judgement => ({ judge: 'checkov', version: '1', objections });
const exception = (change: Partial<Exception> = {}): Exception => ({
  rules: { checkov: /^CKV_AWS_18$/ },
  resource: /^app\/Logs\//,
  reason: 'it is the bucket that the logs go to',
  ...change,
});

describe('what other judges hold against us', () => {
  it('is open unless an exception of that judge names the rule and the resource', () => {
    const logs = objection('CKV_AWS_18', 'app/Logs/Resource');
    const data = objection('CKV_AWS_18', 'app/Data/Resource');
    expect(settle([said(logs, data)], [exception()])).toEqual({ open: [data], excused: [logs], stale: [] });
    expect(settle([said(logs)], [exception({ rules: { 'cfn-guard': /./ } })]).open).toEqual([logs]);
  });

  it('leaves an exception stale that matches nothing any more', () => {
    expect(settle([said()], [exception()]).stale).toEqual([{ judge: 'checkov', reason: exception().reason }]);
  });

  it('leaves the part of an exception stale that one of its judges never needs', () => {
    const shared = exception({ rules: { checkov: /^CKV_AWS_18$/, 'cfn-lint': /^W3005$/ } });
    const lint: Judgement = { judge: 'cfn-lint', version: '1', objections: [] };
    const { stale } = settle([said(objection('CKV_AWS_18', 'app/Logs/Resource')), lint], [shared]);
    expect(stale).toEqual([{ judge: 'cfn-lint', reason: shared.reason }]);
  });

  it('lets the exceptions of a judge stand that could not be heard', () => {
    expect(settle([{ judge: 'checkov', version: '', objections: [], absent: 'there is no Python' }], [exception()]).stale).toEqual([]);
  });

  it('is excused with a reason that says more than the rule, each time by a judge that is asked', () => {
    for (const { rules, reason } of EXCEPTIONS) {
      for (const judge of Object.keys(rules)) expect(JUDGES).toContain(judge);
      expect(reason.length).toBeGreaterThan(30);
    }
    expect(EXCEPTIONS.length).toBeLessThan(15);
  });
});
