import { describe, expect, it } from 'vitest';
import { LOG_CLASSES, RETENTION_DAYS } from '../constructs/contract';
import { TIERS } from '../controls';
import {
  classOf,
  isLogArchive,
  LEAST_DAYS,
  recordsCategory,
  SETTING,
  selectionsOf,
  selects,
  settingsOf,
  TRAIL,
} from '../policies/facts/logging';
import { awsGraphOf as aws, azureGraphOf as azure, named } from './support/examples';

const trail = (properties: object) => ({ Trail: { Type: TRAIL, Properties: { IsLogging: true, ...properties } } });
const field = (Field: string, tests: object) => ({ Field, ...tests });

describe('the least retention', () => {
  it.each(TIERS)('of tier %s is what the constructs promise', (tier) => {
    expect(LOG_CLASSES.map((records) => LEAST_DAYS[tier][records])).toEqual(LOG_CLASSES.map((records) => RETENTION_DAYS[tier][records]));
  });

  it('never falls from one tier to the next', () => {
    for (const records of LOG_CLASSES) {
      const days = TIERS.map((tier) => LEAST_DAYS[tier][records]);
      expect(days).toEqual([...days].sort((a, b) => a - b));
    }
  });
});

describe('the class of a log group', () => {
  const group = (more: Record<string, object>, properties: object = {}) => {
    const graph = aws({ Group: { Type: 'AWS::Logs::LogGroup', Properties: properties }, ...more });
    return classOf(named(graph, 'Group'), graph);
  };
  const arn = { 'Fn::GetAtt': ['Group', 'Arn'] };

  it('is that of what writes into it, the strictest first', () => {
    expect(group({})).toBe('operations');
    expect(group({ Flow: { Type: 'AWS::EC2::FlowLog', Properties: { LogGroupName: { Ref: 'Group' } } } })).toBe('access');
    expect(group({ Queries: { Type: 'AWS::Route53Resolver::ResolverQueryLoggingConfig', Properties: { DestinationArn: arn } } })).toBe(
      'access',
    );
    expect(
      group({
        Flow: { Type: 'AWS::EC2::FlowLog', Properties: { LogGroupName: { Ref: 'Group' } } },
        ...trail({ CloudWatchLogsLogGroupArn: arn }),
      }),
    ).toBe('security');
  });

  it('follows from names that services prescribe', () => {
    expect(group({}, { LogGroupName: 'aws-waf-logs-front' })).toBe('access');
    expect(group({}, { LogGroupName: '/aws/cloudtrail/org' })).toBe('security');
  });
});

describe('what a trail selects', () => {
  const BUCKET = { Cases: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'cases' } } };
  const objectsOf = (properties: object, access: 'reads' | 'writes') => {
    const graph = aws({ ...trail(properties), ...BUCKET });
    return selectionsOf(named(graph, 'Trail'))?.some((one) => selects(one, 'AWS::S3::Object', access, named(graph, 'Cases')));
  };
  const classic = (Values: readonly unknown[], more: object = {}) => ({
    EventSelectors: [{ DataResources: [{ Type: 'AWS::S3::Object', Values }], ...more }],
  });
  const advanced = (...more: readonly object[]) => ({
    AdvancedEventSelectors: [
      { FieldSelectors: [field('eventCategory', { Equals: ['Data'] }), field('resources.type', { Equals: ['AWS::S3::Object'] }), ...more] },
    ],
  });

  it('is all management events when nothing is written', () => {
    const graph = aws(trail({}));
    expect(selectionsOf(named(graph, 'Trail'))?.map(({ category, records }) => [category, [...records]])).toEqual([
      ['management', ['reads', 'writes']],
    ]);
  });

  it('covers a bucket by wildcard, by name and by reference', () => {
    for (const value of [
      'arn:aws:s3',
      'arn:aws:s3:::',
      'arn:aws:s3:::cases/',
      { 'Fn::Sub': '${Cases.Arn}/' },
      { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'Cases' }, '/']] },
    ])
      expect([value, objectsOf(classic([value]), 'reads')]).toEqual([value, true]);
  });

  it('does not cover a bucket by a prefix in it, or by another bucket', () => {
    for (const value of ['arn:aws:s3:::cases/public/', { 'Fn::Sub': '${Cases.Arn}/public/' }, 'arn:aws:s3:::other/', 'arn:aws:s3:::case'])
      expect([value, objectsOf(classic([value]), 'reads')]).toEqual([value, false]);
  });

  it('tells reads from writes in both forms', () => {
    expect(objectsOf(classic(['arn:aws:s3'], { ReadWriteType: 'WriteOnly' }), 'reads')).toBe(false);
    expect(objectsOf(classic(['arn:aws:s3'], { ReadWriteType: 'WriteOnly' }), 'writes')).toBe(true);
    expect(objectsOf(advanced(field('readOnly', { Equals: ['true'] })), 'writes')).toBe(false);
    expect(objectsOf(advanced(), 'writes')).toBe(true);
  });

  it('is narrowed by names of events and by an exception for the bucket, not by one for another', () => {
    expect(objectsOf(advanced(field('eventName', { Equals: ['PutObject'] })), 'writes')).toBe(false);
    expect(objectsOf(advanced(field('resources.ARN', { NotStartsWith: [{ 'Fn::Sub': '${Cases.Arn}/' }] })), 'writes')).toBe(false);
    expect(objectsOf(advanced(field('resources.ARN', { NotStartsWith: ['arn:aws:s3:::archive/'] })), 'writes')).toBe(true);
  });

  it('is not known where a parameter holds the selectors', () => {
    const graph = aws(trail({ EventSelectors: { Ref: 'Selectors' } }), { Selectors: { Type: 'CommaDelimitedList' } });
    expect(selectionsOf(named(graph, 'Trail'))).toBeUndefined();
  });
});

describe('diagnostic settings', () => {
  const account = { account: { type: 'azure-native:storage:StorageAccount', properties: {} } };
  const setting = (resourceUri: unknown, logs: readonly object[], more: object = { workspaceId: '/w' }) => ({
    setting: { type: SETTING, properties: { resourceUri, logs, ...more } },
  });

  it('belong to the account, or to the service in it that they name', () => {
    const graph = azure({ ...account, ...setting({ $text: [{ $ref: 'account.id' }, '/blobServices/default'] }, []) });
    expect(settingsOf(named(graph, 'account'), graph, 'blob')).toHaveLength(1);
    expect(settingsOf(named(graph, 'account'), graph, 'file')).toHaveLength(0);
    expect(settingsOf(named(graph, 'account'), graph)).toHaveLength(0);
  });

  it.each([
    ['pass', [{ category: 'auditevent', enabled: true }], { workspaceId: '/w' }],
    ['pass', [{ categoryGroup: 'allLogs', enabled: 'true' }], { storageAccountId: '/s' }],
    ['fail', [{ category: 'AuditEvent', enabled: false }], { workspaceId: '/w' }],
    ['fail', [{ category: 'Other', enabled: true }], { workspaceId: '/w' }],
    ['fail', [{ category: 'AuditEvent', enabled: true }], {}],
    ['unknown', [{ category: 'AuditEvent', enabled: { $unknown: 'parameter on' } }], { workspaceId: '/w' }],
  ])('%s with %j sent to %j', (verdict, logs, destination) => {
    const graph = azure({ ...account, ...setting('/x', logs, destination) });
    expect(recordsCategory(named(graph, 'setting'), 'AuditEvent').verdict).toBe(verdict);
  });

  it('make an account an archive when they send records there', () => {
    const graph = azure({
      ...account,
      ...setting('/x', [], { storageAccountId: { $ref: 'account.id' } }),
      other: { type: 'azure-native:storage:StorageAccount', properties: {} },
    });
    expect(isLogArchive(named(graph, 'account'), graph)).toBe('yes');
    expect(isLogArchive(named(graph, 'other'), graph)).toBe('no');
  });
});
