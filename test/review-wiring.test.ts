import { describe, expect, it } from 'vitest';
import { domainOf, kindOfHost, typesAt } from '../review/diff/wiring/hosts';
import { AWS_WIRING_HARMLESS, AWS_WIRING_WEAKENINGS } from './review/corpus/aws-wiring';
import { WIRING_HARMLESS, WIRING_WEAKENINGS, WRITTEN } from './review/corpus/azure-wiring';
import { compared, type Weakening } from './review/corpus/pair';

describe('hosts', () => {
  it.each([
    ['localhost', 'inside'],
    ['worker', 'inside'],
    ['10.0.0.4', 'inside'],
    ['mail.internal', 'inside'],
    ['login.microsoftonline.com', 'platform'],
    ['westeurope-5.in.applicationinsights.azure.com', 'platform'],
    ['records.blob.core.windows.net', 'cloud'],
    ['cases.privatelink.vaultcore.azure.net', 'cloud'],
    ['db.abcdefgh.eu-central-1.rds.amazonaws.com', 'cloud'],
    ['hook.example.net', 'outside'],
    ['windows.net.example.org', 'outside'],
  ] as const)('%s is %s', (host, kind) => expect(kindOfHost(host)).toBe(kind));

  it.each([
    ['api.example.com', 'example.com'],
    ['api.example.co.uk', 'example.co.uk'],
    ['one.workers.dev', 'one.workers.dev'],
    ['203.0.113.9', '203.0.113.9'],
  ])('of %s an organisation has %s', (host, domain) => expect(domainOf(host)).toBe(domain));

  it('tells which resource of Azure answers by the end of a name', () => {
    expect(typesAt('records.dfs.core.windows.net')?.test('azure-native:storage:StorageAccount')).toBe(true);
    expect(typesAt('records.vault.azure.net')?.test('azure-native:storage:StorageAccount')).toBe(false);
    expect(typesAt('hook.example.net')).toBeUndefined();
  });
});

describe('values that were hidden', () => {
  const pairs = { ...WIRING_WEAKENINGS, ...WIRING_HARMLESS, ...AWS_WIRING_WEAKENINGS, ...AWS_WIRING_HARMLESS };

  it('stand in nothing that is said of them', () => {
    const said = Object.values(pairs).map((pair) => JSON.stringify(compared(pair)));
    expect(said.filter((text) => text.includes('written out')).length).toBeGreaterThan(5);
    expect(said.filter((text) => text.includes(WRITTEN))).toEqual([]);
  });

  it('are told the other way round once they are hidden', () => {
    const { after, before } = pairs['Azure wiring: a setting from the vault is written out, under a name that says nothing'] as Weakening;
    const [change] = compared({ before: after, after: before });
    expect(change).toMatchObject({ direction: 'stronger', sentence: expect.stringContaining('is no longer written out') });
  });
});
