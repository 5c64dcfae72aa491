import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, CfnParameter, CfnResource, Fn, Stack, Stage, Token, Validations } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, CfnBucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';
import { afterEach, describe, expect, it } from 'vitest';
import { waiverToReason } from '../controls';
import { PalisadeChecks, type PalisadeChecksProps } from '../policies/packs/nag';

/** What CDK writes into `validation-report.json` about one plugin. */
interface PluginReport {
  readonly pluginName: string;
  readonly conclusion: string;
  readonly violations: readonly {
    readonly ruleName: string;
    readonly description: string;
    readonly severity: string;
    readonly violatingConstructs: readonly { readonly constructPath: string }[];
  }[];
  readonly suppressedViolations?: readonly { readonly ruleName: string; readonly reason?: string; readonly acknowledgedAt?: string }[];
}

const TODAY = new Date('2026-11-22T12:00:00Z');
const made: string[] = [];
afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
  process.exitCode = undefined;
});

/** Synthesises for real, with the pack added to `where`, and reads CDK's own report. */
function synthesised(build: (app: App) => unknown, props: PalisadeChecksProps = {}): { report: PluginReport | undefined; failed: boolean } {
  const outdir = mkdtempSync(join(tmpdir(), 'palisade-nag-'));
  made.push(outdir);
  const app = new App({ outdir, analyticsReporting: false, context: { '@aws-cdk/core:validationReportJson': true } });
  const where = (build(app) as { where?: Stage } | undefined)?.where ?? app;
  Validations.of(where).addPlugins(new PalisadeChecks(where, { today: TODAY, ...props }));
  process.exitCode = undefined;
  let failed = false;
  try {
    app.synth();
  } catch {
    failed = true;
  }
  failed ||= process.exitCode === 1;
  process.exitCode = undefined;
  const file = join(outdir, 'validation-report.json');
  const reports = existsSync(file)
    ? ((JSON.parse(readFileSync(file, 'utf8')) as { pluginReports: PluginReport[] }).pluginReports ?? [])
    : [];
  return { report: reports.find(({ pluginName }) => pluginName === 'Palisade'), failed };
}

const rows = (report: PluginReport | undefined) =>
  (report?.violations ?? []).flatMap(({ ruleName, severity, violatingConstructs }) =>
    violatingConstructs.map(({ constructPath }) => ({ ruleName, severity, path: constructPath })),
  );
const of = (report: PluginReport | undefined, rule: string) => rows(report).filter(({ ruleName }) => ruleName === rule);
const waiver = (change: object = {}) =>
  waiverToReason({
    reason: 'partner reads over HTTP until the move',
    owner: 'web',
    approver: 'ciso',
    ticket: 'SEC-7',
    expires: '2026-12-31',
    ...change,
  });

describe('what cdk-nag 3.0.2 gets wrong', () => {
  it('1. an open SSH port is named as what it is, whatever another security group depends on', () => {
    const { report } = synthesised((app) => {
      const stack = new Stack(app, 'Net');
      const cidr = new CfnParameter(stack, 'Cidr', { type: 'String' });
      new CfnSecurityGroup(stack, 'Unknown', {
        groupDescription: 'x',
        securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: cidr.valueAsString }],
      });
      new CfnSecurityGroup(stack, 'Open', {
        groupDescription: 'x',
        securityGroupIngress: [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' }],
      });
    });
    expect(
      of(report, 'DID-12.network')
        .filter(({ severity }) => severity === 'error')
        .map(({ path }) => path),
    ).toEqual(['Net/Open']);
    const undecided = report?.violations.find(({ ruleName, severity }) => ruleName === 'DID-12.network' && severity === 'warning');
    expect(undecided?.description).toMatch(/cannot tell, .*parameter Cidr/);
    expect(undecided?.violatingConstructs.map(({ constructPath }) => constructPath)).toEqual(['Net/Unknown']);
  });

  it('2. property overrides, generic resources and a second copy of the library are seen', () => {
    const { report } = synthesised((app) => {
      const stack = new Stack(app, 'S');
      const key = new Key(stack, 'Overridden', { enableKeyRotation: true });
      (key.node.defaultChild as CfnResource).addPropertyOverride('EnableKeyRotation', false);
      new CfnResource(stack, 'Generic', { type: 'AWS::KMS::Key', properties: { EnableKeyRotation: false } });
      foreignCopy(new Key(stack, 'Foreign', { enableKeyRotation: false }).node.defaultChild as CfnResource);
    });
    expect(
      of(report, 'ENC-03.keys')
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['S/Foreign/Resource', 'S/Generic', 'S/Overridden/Resource']);
  });

  it('3. a policy in another stack protects the bucket', () => {
    const { report } = synthesised((app) => {
      const data = new Stack(app, 'Data');
      const access = new Stack(app, 'Access');
      const bucket = new CfnBucket(data, 'Bucket');
      new CfnBucket(data, 'Bare');
      new CfnBucketPolicy(access, 'Policy', {
        bucket: bucket.ref,
        policyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 's3:*',
              Resource: [bucket.attrArn, Fn.join('', [bucket.attrArn, '/*'])],
              Condition: { Bool: { 'aws:SecureTransport': 'false' } },
            },
          ],
        },
      });
    });
    expect(of(report, 'TLS-03.object-storage').map(({ path }) => path)).toEqual(['Data/Bare']);
  });

  it('4. warnings do not fail the synthesis, and acknowledging one changes nothing for the other', () => {
    const build = (acknowledge: boolean) => (app: App) => {
      const stack = new Stack(app, 'S');
      const [first] = ['A', 'B'].map((id) => new Key(stack, id, { enableKeyRotation: false }));
      if (acknowledge)
        Validations.of((first as Key).node.defaultChild as IConstruct).acknowledge({ id: 'Palisade::ENC-03.keys', reason: waiver() });
    };
    const before = synthesised(build(false), { gate: 'critical' });
    const after = synthesised(build(true), { gate: 'critical' });
    expect(before.failed).toBe(false);
    expect(after.failed).toBe(false);
    expect(of(before.report, 'ENC-03.keys').map(({ severity }) => severity)).toEqual(['warning', 'warning']);
    expect(of(after.report, 'ENC-03.keys').map(({ path, severity }) => `${path} ${severity}`)).toEqual(['S/B/Resource warning']);
    const strictGate = synthesised(build(true));
    expect(strictGate.failed).toBe(true);
  });

  it('5. a pack on one stage reports that stage only', () => {
    const { report } = synthesised((app) => {
      const [blue, green] = ['Blue', 'Green'].map((id) => new Stage(app, id)) as [Stage, Stage];
      for (const stage of [blue, green]) new Key(new Stack(stage, 'S'), 'Key', { enableKeyRotation: false });
      return { where: blue };
    });
    expect(rows(report).length).toBeGreaterThan(0);
    expect(rows(report).filter(({ path }) => !path.startsWith('Blue/'))).toEqual([]);
  });

  it('6. parameters, conditions and tokens are "cannot tell", by name, and never throw', () => {
    const { report } = synthesised((app) => {
      const stack = new Stack(app, 'S');
      const rotate = new CfnParameter(stack, 'Rotate', { type: 'String' });
      new CfnResource(stack, 'Key', { type: 'AWS::KMS::Key', properties: { EnableKeyRotation: rotate.valueAsString } });
      new CfnResource(stack, 'Conditional', {
        type: 'AWS::KMS::Key',
        properties: { EnableKeyRotation: Fn.conditionIf('Never', true, false) },
      });
      new CfnResource(stack, 'Tokens', {
        type: 'AWS::KMS::Key',
        properties: { EnableKeyRotation: Token.asAny({ resolve: () => Fn.getAtt('Key', 'Arn') }) },
      });
    });
    const found = (report?.violations ?? []).filter(({ ruleName }) => ruleName === 'ENC-03.keys');
    expect(found.every(({ description }) => description.includes('cannot tell'))).toBe(true);
    expect(found.flatMap(({ violatingConstructs }) => violatingConstructs.map(({ constructPath }) => constructPath)).sort()).toEqual([
      'S/Conditional',
      'S/Key',
      'S/Tokens',
    ]);
    expect(found.map(({ description }) => description).join('\n')).toMatch(/parameter Rotate/);
    expect(found.map(({ description }) => description).join('\n')).not.toMatch(/error|threw/i);
  });

  describe('7. acknowledgements', () => {
    const acknowledged =
      (id: string, reason: string, at = 'Resource') =>
      (app: App) => {
        const key = new Key(new Stack(app, 'S'), 'Key', { enableKeyRotation: false });
        Validations.of(at === 'Resource' ? (key.node.defaultChild as IConstruct) : at === 'Key' ? key : app).acknowledge({ id, reason });
      };

    it('leave a trace with reason and place', () => {
      const { report } = synthesised(acknowledged('Palisade::ENC-03.keys', waiver()));
      expect(of(report, 'ENC-03.keys')).toEqual([]);
      expect(report?.suppressedViolations?.map(({ ruleName, reason, acknowledgedAt }) => ({ ruleName, reason, acknowledgedAt }))).toEqual([
        { ruleName: 'ENC-03.keys', reason: waiver(), acknowledgedAt: 'S/Key/Resource' },
      ]);
    });

    it.each([
      ['an empty reason', 'Palisade::ENC-03.keys', '', 'Resource', /lacks reason, owner, approver, ticket, expires/],
      ['a reason without owner and expiry', 'Palisade::ENC-03.keys', 'we know', 'Resource', /lacks owner, approver, ticket, expires/],
      ['an expired one', 'Palisade::ENC-03.keys', waiver({ expires: '2026-11-21' }), 'Resource', /expired on 2026-11-21/],
      ['an unknown id', 'Palisade::ENC-99.keys', waiver(), 'Resource', /names no rule or control/],
    ])('with %s do not count, and cannot hide the finding', (_, id, reason, at, problem) => {
      const { report, failed } = synthesised(acknowledged(id, reason, at));
      expect(of(report, 'ENC-03.keys').map(({ path }) => path)).toEqual(['S/Key/Resource']);
      expect(
        report?.violations
          .filter(({ ruleName }) => ruleName === 'GOV-03.waivers')
          .map(({ description, severity }) => `${severity} ${description}`),
      ).toEqual([expect.stringMatching(problem)]);
      expect(failed).toBe(true);
    });

    it('of a whole app do not count', () => {
      const { report, failed } = synthesised(acknowledged('Palisade::ENC-03.keys', waiver(), 'App'));
      expect(of(report, 'ENC-03.keys').map(({ severity }) => severity)).toEqual(['fatal']);
      expect(failed).toBe(true);
    });

    it('that excuse nothing are named', () => {
      const { report } = synthesised((app) => {
        const key = new Key(new Stack(app, 'S'), 'Key', { enableKeyRotation: true });
        Validations.of(key.node.defaultChild as IConstruct).acknowledge({ id: 'Palisade::ENC-03.keys', reason: waiver() });
      });
      expect(report?.violations.filter(({ ruleName }) => ruleName === 'GOV-03.waivers').map(({ description }) => description)).toEqual([
        expect.stringMatching(/excuses nothing/),
      ]);
    });
  });

  it('8. enforceSSL alone is not enough: TLS 1.2 must be asked for', () => {
    const { report } = synthesised((app) => {
      const stack = new Stack(app, 'S');
      new Bucket(stack, 'Ssl', { enforceSSL: true, encryption: BucketEncryption.S3_MANAGED });
      new Bucket(stack, 'Tls12', { enforceSSL: true, minimumTLSVersion: 1.2, encryption: BucketEncryption.S3_MANAGED });
    });
    expect(of(report, 'TLS-03.object-storage')).toEqual([]);
    expect(of(report, 'TLS-01.object-storage').map(({ path }) => path)).toEqual(['S/Ssl/Resource']);
  });
});

/** Makes a construct look as if another copy of aws-cdk-lib had made it: no prototype of ours, only the markers. */
function foreignCopy(resource: CfnResource): void {
  const methods = new Map<string | symbol, PropertyDescriptor>();
  for (
    let prototype = Object.getPrototypeOf(resource);
    prototype && prototype !== Object.prototype;
    prototype = Object.getPrototypeOf(prototype)
  ) {
    for (const key of Reflect.ownKeys(prototype))
      if (!methods.has(key)) methods.set(key, Object.getOwnPropertyDescriptor(prototype, key) as PropertyDescriptor);
  }
  Object.setPrototypeOf(resource, Object.create(null, Object.fromEntries(methods) as PropertyDescriptorMap));
}
