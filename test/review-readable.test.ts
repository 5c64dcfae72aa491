import { describe, expect, it } from 'vitest';
import { inWords } from '../review/diff/readable';

const NAMES: Readonly<Record<string, string>> = {
  'cases/News': 'the topic News',
  'cases/Records': 'the bucket Records',
  'urn:pulumi:production::cases::azure-native:storage:StorageAccount::store': 'the storage account store',
};
const words = (text: string) => inWords(text, (hole) => NAMES[hole] ?? NAMES[hole.replace(/\.[\w.]+$/, '')]);

describe('holes in sentences', () => {
  it.each([
    ['nothing to say', 'nothing to say'],
    ['ArnLike aws:sourcearn ${cases/News} is no longer asked for', 'ArnLike aws:sourcearn the topic News is no longer asked for'],
    ['goes to ${cases/Records.Arn}', 'goes to the bucket Records'],
    ['goes to ${cases/Records.Arn}/*', 'goes to the bucket Records'],
    ['goes to ${cases/Records.Arn}/letters/*', 'goes to the bucket Records: letters/*'],
    ['from arn:aws:execute-api:eu-central-1:111122223333:${cases/News}/*, and', 'from the topic News, and'],
    ['read ${urn:pulumi:production::cases::azure-native:storage:StorageAccount::store}', 'read the storage account store'],
    ['what ${the export cases-key} allows', 'what the export cases-key of a stack that is not in the input allows'],
    [
      'what ${the export ${parameter Net of B}-data} allows',
      'what the export (parameter Net of B)-data of a stack that is not in the input allows',
    ],
    ['it is ${parameter Owner}: look', 'it is parameter Owner: look'],
    ['the bucket cases-${parameter Stage}', 'the bucket cases-(parameter Stage)'],
    ['storage/${guid(…)}', 'storage/guid(…)'],
    ['/subscriptions/${the id of the subscription}/resourceGroups/cases', '/subscriptions/…/resourceGroups/cases'],
    ['from nothing to ${version} ${interface-id}', 'from nothing to version interface-id'],
    ['arn:aws:s3:::records/${aws:PrincipalTag/team}/*', 'arn:aws:s3:::records/{aws:PrincipalTag/team}/*'],
    ['when ${aws:username} asks', 'when {aws:username} asks'],
    ['costs 5$, "${secret}"', 'costs 5$, "a secret"'],
  ])('%s', (text, expected) => {
    expect(words(text)).toBe(expected);
  });
});
