import { describe, expect, it } from 'vitest';
import { Graph } from '../policies/graph';
import { type Node, PLAIN_SCOPE, Reference, Secret, Unresolved } from '../policies/node';
import { Resource, type ResourceInit, type Unit } from '../policies/resource';
import { type Side, sideOf } from '../review/diff';
import { pair } from '../review/diff/pairing';
import { removalsOf, removed } from '../review/diff/removed';

const UNIT: Unit = { id: 'cases/dev', cloud: 'azure', scope: PLAIN_SCOPE };
const ACCOUNT = 'azure-native:storage:StorageAccount';
const occasion = { today: new Date('2026-11-22T00:00:00Z') };

interface Written {
  readonly properties: Node;
  /** Paths that the SDK wrote. */
  readonly sdk?: readonly string[];
  readonly certain?: boolean;
  readonly more?: Partial<ResourceInit>;
}
const made = ({ certain = true, more, properties, sdk }: Written): Resource =>
  new Resource(
    {
      id: `urn:pulumi:dev::cases::${ACCOUNT}::data`,
      logicalId: 'data',
      path: 'data',
      type: ACCOUNT,
      properties,
      ...(sdk ? { sdkDefaults: { paths: new Set(sdk), certain } } : {}),
      ...more,
    },
    UNIT,
  );
const paths = (before: Written, after: Written) =>
  removalsOf(made(before), made(after)).map(({ path, now }) => (now ? `${path} → ${now.string}` : path));

describe('a property that is no longer written', () => {
  it('is a removal, at any depth, the outermost of what is gone', () => {
    const before = {
      minimumTlsVersion: 'TLS1_2',
      networkRuleSet: { defaultAction: 'Deny', bypass: 'None' },
      keyPolicy: { keyExpirationPeriodInDays: 90 },
    };
    expect(paths({ properties: before }, { properties: { networkRuleSet: { bypass: 'None' } } })).toEqual([
      'minimumTlsVersion',
      'networkRuleSet.defaultAction',
      'keyPolicy',
    ]);
  });

  it('is a removal where the SDK now writes another value, and none where it writes the same', () => {
    const now = { publicNetworkAccess: 'Enabled' };
    expect(paths({ properties: { publicNetworkAccess: 'Disabled' } }, { properties: now, sdk: ['publicNetworkAccess'] })).toEqual([
      'publicNetworkAccess → Enabled',
    ]);
    expect(paths({ properties: { publicNetworkAccess: 'Enabled' } }, { properties: now, sdk: ['publicNetworkAccess'] })).toEqual([]);
    expect(
      paths({ properties: { publicNetworkAccess: 'Disabled' } }, { properties: now, sdk: ['publicNetworkAccess'], certain: false }),
    ).toEqual(['publicNetworkAccess → Enabled']);
  });

  it('is none where somebody writes another value', () => {
    expect(paths({ properties: { publicNetworkAccess: 'Disabled' } }, { properties: { publicNetworkAccess: 'Enabled' } })).toEqual([]);
  });

  it('is none where only the SDK had written it', () => {
    expect(paths({ properties: { isSftpEnabled: false }, sdk: ['isSftpEnabled'] }, { properties: {} })).toEqual([]);
  });

  it('is none where only deployment tells what is written now', () => {
    const rules = { networkRuleSet: { defaultAction: 'Deny' } };
    expect(paths({ properties: rules }, { properties: { networkRuleSet: new Unresolved('config') } })).toEqual([]);
    expect(paths({ properties: rules }, { properties: { networkRuleSet: { defaultAction: new Reference('other') } } })).toEqual([]);
    expect(paths({ properties: rules }, { properties: new Unresolved('config') })).toEqual([]);
  });

  it('is none of what a resource is found by, of tags, or of entries of lists', () => {
    const before = { accountName: 'data', location: 'westeurope', tags: { a: 'b' }, list: [{ a: 1, b: 2 }, { a: 3 }] };
    expect(paths({ properties: before }, { properties: { list: [{ a: 1 }] } })).toEqual([]);
  });

  it('is none of what is managed elsewhere, of components, and on AWS', () => {
    const before = { minimumTlsVersion: 'TLS1_2' };
    for (const options of [{ external: true }, { component: true }])
      expect(paths({ properties: before, more: { options } }, { properties: {}, more: { options } })).toEqual([]);
    const aws = (properties: Node) =>
      new Resource({ id: 'a', logicalId: 'a', type: 'AWS::S3::Bucket', properties }, { ...UNIT, cloud: 'aws' });
    expect(removalsOf(aws(before), aws({}))).toEqual([]);
  });
});

const side = (which: Side['which'], written: Written): Side =>
  sideOf(which, [{ path: 'p', graph: new Graph({ resources: [made(written)], units: [UNIT] }), waivers: [] }], occasion);
const told = (before: Written, after: Written) => {
  const [base, head] = [side('before', before), side('after', after)];
  return removed(base, head, pair(base, head), occasion);
};

describe('what a reviewer is told of it', () => {
  it('is that Azure keeps the old value, and how grave the loss is where a rule depended on it', () => {
    const [change, ...others] = told({ properties: { minimumTlsVersion: 'TLS1_2' } }, { properties: {} });
    expect(others).toEqual([]);
    expect(change).toMatchObject({
      aspect: 'controls',
      direction: 'weaker',
      control: 'TLS-01',
      approver: 'security',
      topic: 'removed minimumTlsVersion',
    });
    expect(change?.severity).not.toBe('low');
    expect(change?.sentence).toMatch(
      /data: minimumTlsVersion, which was "TLS1_2", was removed from code; Azure keeps the old value until somebody resets it: write it explicitly$/,
    );
    expect(change?.evidence).toMatchObject([
      { resource: 'data', side: 'before', saw: 'minimumTlsVersion is "TLS1_2"' },
      { resource: 'data', side: 'after', saw: 'is not written', rule: 'TLS-01.object-storage' },
    ]);
  });

  it('is what the SDK writes in its place', () => {
    const before = { networkRuleSet: { defaultAction: 'Deny', bypass: 'None' } };
    const after = { networkRuleSet: { defaultAction: 'Allow', bypass: 'None' } };
    const [change] = told({ properties: before }, { properties: after, sdk: ['networkRuleSet.defaultAction'] });
    expect(change).toMatchObject({ direction: 'weaker', control: 'DID-05' });
    expect(change?.sentence).toMatch(/which was "Deny", was removed from code; the SDK now writes its own default, "Allow"$/);
  });

  it('is told and needs nobody where no rule depends on it', () => {
    expect(told({ properties: { accessTier: 'Hot' } }, { properties: {} })).toMatchObject([{ direction: 'neutral', severity: 'low' }]);
    expect(told({ properties: { accessTier: 'Hot' } }, { properties: { accessTier: 'Cool' } })).toEqual([]);
  });

  it('never holds a secret', () => {
    const [change] = told({ properties: { customDomain: { name: new Secret() } } }, { properties: { customDomain: {} } });
    expect(change?.sentence).toContain('customDomain.name, which was a secret, was removed');
  });
});
