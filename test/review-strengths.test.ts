import { describe, expect, it } from 'vitest';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { compareSides, type Side, sideOf } from '../review/diff';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
const side = (which: Side['which'], type: string, properties: object): Side => {
  const template = { Parameters: { Days: { Type: 'Number' } }, Resources: { It: { Type: type, Properties: properties } } };
  return sideOf(
    which,
    [{ path: 't', graph: graphOfTemplates([{ id: 't', template: template as unknown as Record<string, Node> }]).graph, waivers: [] }],
    occasion,
  );
};
const said = (type: string, before: object, after: object): readonly string[] =>
  compareSides(side('before', type, before), side('after', type, after), occasion)
    .filter(({ topic }) => topic.startsWith('strength '))
    .map(({ direction, sentence }) => `${direction}: ${sentence}`);

const GROUP = 'AWS::Logs::LogGroup';

describe('a setting that protects less is told with what it was', () => {
  it.each([
    [
      GROUP,
      { RetentionInDays: 400 },
      { RetentionInDays: 1 },
      'the log group It: the retention of its records goes from 400 days to 1 day; nothing keeps LOG-10 any more',
    ],
    [GROUP, {}, { RetentionInDays: 3653 }, 'the log group It: the retention of its records goes from without end to 3653 days'],
    ['AWS::CloudTrail::Trail', { IsLogging: true }, { IsLogging: false }, 'the trail It: recording is turned off'],
    [
      'AWS::Cognito::UserPool',
      { MfaConfiguration: 'ON' },
      { MfaConfiguration: 'OPTIONAL' },
      'the user pool It: the second factor goes from ON to OPTIONAL',
    ],
    [
      'AWS::RDS::DBInstance',
      { BackupRetentionPeriod: '35' },
      {},
      'the DB instance It: the retention of its backups goes from 35 days to 1 day',
    ],
    ['AWS::IAM::Role', {}, { MaxSessionDuration: 43200 }, 'the role It: the longest session goes from 3600 seconds to 43200 seconds'],
  ])('%s %j → %j', (type, before, after, sentence) => {
    expect(said(type, before, after)).toEqual([`weaker: ${sentence}`]);
    expect(said(type, after, before).map((line) => line.split(':')[0])).toEqual(['stronger']);
  });
});

it('another way to write the same is no change', () => {
  expect(said(GROUP, { RetentionInDays: 400 }, { RetentionInDays: '400' })).toEqual([]);
  expect(said('AWS::Cognito::UserPool', { MfaConfiguration: 'OFF' }, {})).toEqual([]);
});

describe('what only deployment tells', () => {
  const days = { RetentionInDays: { Ref: 'Days' } };

  it('cannot be told to be as much as before', () => {
    const what = 'undecided: the log group It: whether the retention of its records is as much as before cannot be told: it goes from';
    expect(said(GROUP, { RetentionInDays: 400 }, days)).toEqual([`${what} 400 days to what parameter Days says`]);
    expect(said(GROUP, days, { RetentionInDays: 400 })).toEqual([`${what} what parameter Days says to 400 days`]);
  });

  it('asks nobody where it stays the same, or can only be as much', () => {
    expect(said(GROUP, days, days)).toEqual([]);
    expect(said(GROUP, days, {})).toEqual([]);
    const trail = 'AWS::CloudTrail::Trail';
    expect(said(trail, { IsLogging: { Ref: 'On' } }, { IsLogging: true })).toEqual([]);
    expect(said(trail, { IsLogging: false }, { IsLogging: { Ref: 'On' } })).toEqual([]);
  });
});
