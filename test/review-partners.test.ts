import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../cli/config';
import { asPartner, Circle } from '../review/diff/partners';
import type { Partners, Side } from '../review/diff/side';
import { digestOf } from '../review/review-document';

const TENANT = '22222222-2222-2222-2222-222222222222';
const side = (partners: Partners): Side => ({ which: 'after', targets: [], settings: { partners } });
const circle = (...said: readonly Partners[]) => new Circle(...said.map(side));

describe('whoever is around the input', () => {
  it('is ours only where both sides say so, and a subcontractor where either does', () => {
    const both = circle({ accounts: ['111122223333', '222233334444'] }, { accounts: ['222233334444'], subcontractors: ['444455556666'] });
    expect(['111122223333', '222233334444'].map((account) => both.isOurs(account))).toEqual([false, true]);
    expect(both.isSubcontractor('arn:aws:iam::444455556666:role/reader')).toBe(true);
    expect(both.isSubcontractor('arn:aws:iam::222233334444:role/reader')).toBe(false);
  });

  it('is kept out by a condition on our organisation, not by one on another', () => {
    const ours = circle({ organisation: 'o-ours' }, { organisation: 'o-ours' });
    expect(ours.fences('StringEquals aws:principalorgid o-ours')).toBe(true);
    expect(ours.fences('StringEquals aws:principalorgid o-else')).toBe(false);
    expect(ours.fences('StringEquals aws:principalorgid o-else, o-ours')).toBe(false);
    expect(ours.fences('StringEquals aws:principalorgid o-else and StringEquals aws:sourcevpce vpce-1')).toBe(true);
    expect(circle({}, {}).fences('StringEquals aws:principalorgid o-else')).toBe(true);
    // Not agreed: neither is ours.
    expect(circle({ organisation: 'o-ours' }, { organisation: 'o-else' }).fences('StringEquals aws:principalorgid o-else')).toBe(false);
  });

  it('is named on Azure too', () => {
    const some = circle(
      { tenants: [TENANT], subcontractors: ['vendor.example.com', '33333333-3333-3333-3333-333333333333'] },
      { tenants: [TENANT] },
    );
    const who = (name: string, key = name) => asPartner({ key, name, boundary: 'tenant' as const }, some);
    expect(who(`the group x of the tenant ${TENANT}`)).toEqual({
      key: `the group x of the tenant ${TENANT}`,
      name: `the group x of the tenant ${TENANT}`,
    });
    expect(who('the guest bo@vendor.example.com').name).toBe('the guest bo@vendor.example.com of a subcontractor');
    expect(who('the group x', '33333333-3333-3333-3333-333333333333').name).toBe('the group x of a subcontractor');
    expect(who('whoever subcontractorsGroupId names')).toMatchObject({
      name: 'whoever subcontractorsGroupId names of a subcontractor',
      boundary: 'tenant',
    });
    expect(who('whoever vendorGroupId names').name).toBe('whoever vendorGroupId names of a subcontractor');
    expect(who('the user assigned identity vendor-sync').name).toBe('the user assigned identity vendor-sync');
  });

  it('belongs to what is approved', () => {
    const digests = [{}, { accounts: ['111122223333'] }, { accounts: ['222233334444'] }].map((partners) => digestOf(side(partners)));
    expect(new Set(digests).size).toBe(3);
  });
});

describe('the project file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'palisade-partners-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const load = (text: string) => {
    const file = join(folder, 'palisade.yaml');
    writeFileSync(file, text);
    return loadConfig(file, new Date('2026-11-22T00:00:00Z'));
  };

  it('says who is ours and who is a subcontractor', async () => {
    const { partners, problems } = await load(
      `partners:\n  organisation: o-a1b2c3d4e5\n  accounts: ["111122223333"]\n  tenants: [${TENANT}]\n  subcontractors: ["444455556666", vendor.example.com]\n`,
    );
    expect(problems).toEqual([]);
    expect(partners).toEqual({
      organisation: 'o-a1b2c3d4e5',
      accounts: ['111122223333'],
      tenants: [TENANT],
      subcontractors: ['444455556666', 'vendor.example.com'],
    });
  });

  it('is told what is wrong, where, and what to write', async () => {
    const lines = async (text: string) => (await load(text)).problems.map(({ location, what }) => `${location?.line}: ${what}`);
    expect(await lines('partners:\n  accounts: ["1111"]\n')).toEqual([
      '2: partners.accounts[0] is "1111"; write the twelve digits of an AWS account',
    ]);
    expect(await lines('partners:\n  accounts: [111122223333]\n')).toEqual([
      '2: partners.accounts[0] is 111122223333; write text, in quotes if it is a number',
    ]);
    expect(await lines('partners:\n  organisation: ours\n')).toEqual([
      '2: partners.organisation is "ours"; write the id of an AWS organisation: o- and 10 to 32 letters and digits',
    ]);
    expect(await lines('partners:\n  vendors: []\n')).toEqual([
      '2: partners has the unknown key "vendors"; known are organisation, accounts, tenants, subcontractors',
    ]);
  });
});
