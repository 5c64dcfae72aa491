import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { evaluate } from '../policies/evaluate';
import { RULES } from '../policies/rules';
import { gatherStatement } from './support/azure-gather';

const ROOT = join(__dirname, '..');
const project = parse(readFileSync(join(ROOT, 'Pulumi.yaml'), 'utf8'));
const { config } = parse(readFileSync(join(ROOT, 'Pulumi.dev.yaml'), 'utf8'));
const APP = "Object.assign(exports, load('stacks/azure/app.ts'));";

describe('the case-management environment on Azure', () => {
  const gathered = gatherStatement(APP, config);
  const graphOf = async () => (await gathered).graph;
  const named = async (type: string, name: string) => {
    const found = (await graphOf()).ofType(`azure-native:${type}`).find(({ logicalId }) => logicalId === name);
    if (!found) throw new Error(`no ${type} is named ${name}`);
    return found;
  };

  it('is a program that the real CLI runs unchanged', () => {
    expect(project).toMatchObject({
      name: 'palisade-case-management',
      runtime: { name: 'nodejs', options: { typescript: false } },
      main: 'dist/stacks/azure/app.js',
    });
    expect(existsSync(join(ROOT, project.main.replace('dist/', '').replace('.js', '.ts')))).toBe(true);
    for (const key of Object.keys(project.config)) expect(Object.keys(config)).toContain(`${project.name}:${key}`);
  });

  it('declares its profile, is of tier high and breaks no rule', async () => {
    const graph = await graphOf();
    const { findings, tiers } = evaluate(graph, { rules: RULES, passes: true });
    expect([...tiers.values()].map(({ tier, declared }) => [tier, declared])).toEqual([['high', true]]);
    expect(
      findings
        .filter(({ verdict }) => verdict !== 'pass')
        .map(({ rule, resource, message }) => `${rule} on ${resource.logicalId}: ${message}`),
    ).toEqual([]);
    expect(findings.length).toBeGreaterThan(20);
  });

  it('asks the cloud for nothing and carries no exception', async () => {
    expect((await gathered).waivers).toEqual([]);
  });

  it('keeps logs in a resource group, with a key and in a vault of their own', async () => {
    const archive = await named('storage:StorageAccount', 'archive-account');
    const attachments = await named('storage:StorageAccount', 'attachments-account');
    const graph = await graphOf();
    const groupOf = (resource: typeof archive) =>
      graph.target(resource.at('resourceGroupName'), 'azure-native:resources:ResourceGroup')?.logicalId ??
      resource.at('resourceGroupName').shape;
    expect(groupOf(archive)).not.toBe(groupOf(attachments));
    expect(archive.at('encryption.keyVaultProperties.keyName').shape).toBe('archive');
    expect(attachments.at('encryption.keyVaultProperties.keyName').shape).toBe('attachments');
    expect(
      graph
        .ofType('azure-native:keyvault:Vault')
        .map(({ logicalId }) => logicalId)
        .sort(),
    ).toEqual(['logvault-vault', 'vault-vault']);
  });

  it('records every store, vault and network', async () => {
    const settings = (await graphOf()).ofType('azure-native:monitor:DiagnosticSetting').map(({ logicalId }) => logicalId);
    for (const name of ['archive-blob', 'attachments-blob', 'logvault', 'vault', 'network-names', 'logs'])
      expect(settings).toContain(`${name}-diagnostics`);
    expect((await named('network:FlowLog', 'network-flows')).at('enabled').isTrue().verdict).toBe('pass');
  });

  it('takes the exception that the first deployment of a write-once archive needs, and reports it', async () => {
    const relaxation = {
      control: 'LOG-08',
      reason: 'Azure creates no locked policy',
      owner: 'support-data@example.com',
      approver: 'security@example.com',
      ticket: 'SEC-1',
      expires: '2026-12-01',
    };
    const bootstrap = { ...config, 'palisade:today': '2026-11-22', 'palisade-case-management:archiveRelax': JSON.stringify([relaxation]) };
    const { graph, waivers } = await gatherStatement(APP, bootstrap);
    expect(waivers).toHaveLength(1);
    expect(waivers[0]).toMatchObject({ rule: 'LOG-08', ticket: 'SEC-1', expires: '2026-12-01' });
    expect(graph.get(waivers[0]?.resource ?? '')?.logicalId).toBe('archive-account');
    const { findings, waivers: notes } = evaluate(graph, { rules: RULES, waivers, today: new Date('2026-11-22T00:00:00Z') });
    expect(findings.map(({ control, waiver }) => [control, waiver?.ticket])).toEqual([['LOG-08', 'SEC-1']]);
    expect(notes.map(({ problem }) => problem)).toEqual(['expiring-soon']);
  });

  it('does not synthesise without its profile', async () => {
    const without =
      "const { SecureLogWorkspace } = load('constructs/azure/index.ts'); new SecureLogWorkspace('logs', { resourceGroupName: 'rg', location: 'westeurope' });";
    await expect(gatherStatement(without)).rejects.toThrow(/profile is missing/);
  });
});
