import { describe, expect, it } from 'vitest';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { compareSides, type Side, sideOf } from '../review/diff';
import { pair } from '../review/diff/pairing';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
type Resources = Readonly<Record<string, { readonly Type: string; readonly Properties?: Record<string, unknown> }>>;
const side = (which: Side['which'], Resources: Resources, file = 'cases.json'): Side =>
  sideOf(
    which,
    [
      {
        path: file,
        graph: graphOfTemplates([{ id: file, template: { Resources } as unknown as Record<string, Node> }]).graph,
        waivers: [],
      },
    ],
    occasion,
  );
const KEY = { Type: 'AWS::KMS::Key', Properties: { EnableKeyRotation: true, Description: 'cases' } };
const groupWith = (key: string, days = 731) => ({
  Type: 'AWS::Logs::LogGroup',
  Properties: { RetentionInDays: days, KmsKeyId: { 'Fn::GetAtt': [key, 'Arn'] } },
});
const BEFORE: Resources = { Key: KEY, Logs: groupWith('Key') };

/** Which logical id of the second state is which of the first. */
function pairs(after: Resources, file?: string): Readonly<Record<string, string | undefined>> {
  const [one, other] = [side('before', BEFORE), side('after', after, file)];
  const pairing = pair(one, other);
  const resources = [...(other.targets[0]?.graph.resources() ?? [])];
  return Object.fromEntries(resources.map((resource) => [resource.logicalId, pairing.other(resource)?.logicalId]));
}

describe('a resource is found again', () => {
  it('where it was', () => {
    expect(pairs(BEFORE)).toEqual({ Key: 'Key', Logs: 'Logs' });
  });

  it('in a file of another name', () => {
    expect(pairs(BEFORE, 'elsewhere/support.json')).toEqual({ Key: 'Key', Logs: 'Logs' });
  });

  it('under another logical id, with whatever refers to it', () => {
    expect(pairs({ CasesKey: KEY, Records: groupWith('CasesKey') })).toEqual({ CasesKey: 'Key', Records: 'Logs' });
  });

  it('under another logical id and changed a little', () => {
    expect(pairs({ Key: KEY, Records: groupWith('Key', 365) })).toEqual({ Key: 'Key', Records: 'Logs' });
  });

  it('but nothing else is taken for it', () => {
    expect(pairs({ Key: KEY, Other: { Type: 'AWS::Logs::LogGroup', Properties: { LogGroupName: 'other' } } })).toEqual({
      Key: 'Key',
      Other: undefined,
    });
  });
});

describe('what the rules say differently', () => {
  const told = (after: Resources) =>
    compareSides(side('before', BEFORE), side('after', after), occasion)
      .filter(({ topic }) => topic !== 'replaced')
      .map(({ direction, sentence }) => `${direction}: ${sentence}`);

  it('is nothing for the same, and nothing for another name', () => {
    expect(told(BEFORE)).toEqual([]);
    expect(told({ CasesKey: KEY, Records: groupWith('CasesKey') })).toEqual([]);
  });

  it('names the control that is no longer kept, and that nothing keeps it any more', () => {
    expect(told({ ...BEFORE, Key: { ...KEY, Properties: { ...KEY.Properties, EnableKeyRotation: false } } })).toEqual([
      'weaker: the key Key no longer keeps “Keys rotate automatically (ENC-03)”: EnableKeyRotation is false; nothing keeps ENC-03 any more',
    ]);
  });

  it('tells what a new resource breaks from the start', () => {
    const [first] = told({ ...BEFORE, Extra: { Type: 'AWS::S3::Bucket' } });
    expect(first).toMatch(/^weaker: the bucket Extra is new and breaks “Stores refuse clear-text requests \(TLS-03\)”, and \d+ more: /);
  });

  it('calls the way back stronger', () => {
    const weak = { ...BEFORE, Key: { ...KEY, Properties: { ...KEY.Properties, EnableKeyRotation: false } } };
    const back = compareSides(side('before', weak), side('after', BEFORE), occasion);
    expect(back.map(({ direction, control }) => [direction, control])).toEqual([['stronger', 'ENC-03']]);
  });
});
