import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { describe, expect, it } from 'vitest';
import { CONTROL_IDS, CONTROLS } from '../controls';

/** `AWS::S3::Bucket.Tags,BucketEncryption` */
const AWS_NAME = /(AWS::\w+::\w+)(?:\.(\w+(?:,\w+)*))?/g;
/** `storage.StorageAccount.tags,sku` */
const AZURE_NAME = /\b([a-z][a-z0-9]+)\.([A-Z]\w+)(?:\.([a-z]\w*(?:,[a-z]\w*)*))?/g;

const split = (properties: string | undefined) => properties?.split(',') ?? [];

function unknownAws(text: string, spec: ReturnType<typeof loadAwsServiceSpecSync>): string[] {
  return [...text.matchAll(AWS_NAME)].flatMap(([, type = '', properties]) => {
    const resource = spec.lookup('resource', 'cloudFormationType', 'equals', type)[0];
    if (!resource) return [type];
    return split(properties).flatMap((property) => (property in resource.properties ? [] : [`${type}.${property}`]));
  });
}

const AZURE = dirname(require.resolve('@pulumi/azure-native/package.json'));

function unknownAzure(text: string): string[] {
  return [...text.matchAll(AZURE_NAME)].flatMap(([, module = '', type = '', properties]) => {
    const file = join(AZURE, module, `${type.charAt(0).toLowerCase()}${type.slice(1)}.d.ts`);
    if (!existsSync(file)) return [`${module}.${type}`];
    const declared = readFileSync(file, 'utf8');
    return split(properties).flatMap((property) =>
      new RegExp(`^\\s+(?:readonly )?${property}[?!]?:`, 'm').test(declared) ? [] : [`${module}.${type}.${property}`],
    );
  });
}

describe('the mechanism that a control names', () => {
  it('exists in CloudFormation', () => {
    const spec = loadAwsServiceSpecSync();
    expect(CONTROL_IDS.flatMap((id) => unknownAws(CONTROLS[id].aws, spec).map((name) => `${id}: ${name}`))).toEqual([]);
    expect(unknownAws('AWS::S3::Bucket.Tags,Colour; AWS::S3::Pail', spec)).toEqual(['AWS::S3::Bucket.Colour', 'AWS::S3::Pail']);
  });

  it('exists in azure-native', () => {
    expect(CONTROL_IDS.flatMap((id) => unknownAzure(CONTROLS[id].azure).map((name) => `${id}: ${name}`))).toEqual([]);
    expect(unknownAzure('storage.StorageAccount.tags,colour; storage.Pail')).toEqual(['storage.StorageAccount.colour', 'storage.Pail']);
  });
});
