import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { evaluate } from '../policies/evaluate';
import type { Finding } from '../policies/finding';
import { exportOf, gatherPreview } from '../policies/gather/preview';
import type { Gathered } from '../policies/gather/target';
import { UNIT } from '../policies/graph';
import { RULES } from '../policies/rules';
import { Analyzer, type Diagnostic, type State } from './fixtures/pulumi/analyzer';
import { gatherStatement } from './support/azure-gather';

const ROOT = resolve(__dirname, '..');
const PACK = join(ROOT, 'policies', 'packs', 'crossguard', 'pack');
const { config } = parse(readFileSync(join(ROOT, 'Pulumi.dev.yaml'), 'utf8')) as { config: Record<string, unknown> };
const AZURE_RULES = RULES.filter(({ cloud }) => cloud === 'azure');

const APP = "Object.assign(exports, load('stacks/azure/app.ts'));";
/** The same program, weakened by a transform as somebody else's component or another file of it could. */
const WEAKENED = `
const { registerResourceTransform } = load('node_modules/@pulumi/pulumi').runtime;
const ANYTHING = { access: 'Allow', protocol: '*', sourceAddressPrefix: '*', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '*' };
const WEAKER = {
  'azure-native:storage:StorageAccount': () => ({
    allowBlobPublicAccess: true, allowSharedKeyAccess: true, minimumTlsVersion: 'TLS1_0', enableHttpsTrafficOnly: false, publicNetworkAccess: 'Enabled',
    networkRuleSet: { defaultAction: 'Allow' }, encryption: { keySource: 'Microsoft.Storage' }, immutableStorageWithVersioning: undefined, tags: {},
  }),
  'azure-native:storage:BlobServiceProperties': () => ({ isVersioningEnabled: false, deleteRetentionPolicy: { enabled: false } }),
  'azure-native:keyvault:Vault': ({ properties }) => ({
    properties: { ...properties, enableRbacAuthorization: false, enablePurgeProtection: undefined, publicNetworkAccess: 'enabled', networkAcls: undefined },
  }),
  'azure-native:keyvault:Key': ({ properties }) => ({ properties: { ...properties, rotationPolicy: undefined } }),
  'azure-native:network:NetworkSecurityGroup': () => ({
    securityRules: ['Inbound', 'Outbound'].map((direction) => ({ ...ANYTHING, name: direction, priority: 100, direction })),
  }),
  'azure-native:network:FlowLog': () => ({ enabled: false }),
  'azure-native:network:VirtualNetwork': () => ({ enableDdosProtection: false, ddosProtectionPlan: undefined }),
  'azure-native:operationalinsights:Workspace': () => ({ retentionInDays: 30, publicNetworkAccessForQuery: 'Enabled' }),
  'azure-native:monitor:DiagnosticSetting': () => ({ logs: [] }),
  'azure-native:monitor:ActionGroup': () => ({ enabled: false }),
};
registerResourceTransform(({ type, props, opts }) => (type in WEAKER ? { props: { ...props, ...WEAKER[type](props) }, opts: { ...opts, protect: false } } : undefined));
${APP}`;

/** The engine knows no resource that stands for a whole stack. */
const urnOf = ({ resource }: Finding): string => (resource.type === UNIT ? '' : resource.id);
const line = (rule: string, urn: string, text: string): string => `${rule} on ${urn}: ${text}`;
const saidBy = (finding: Finding): string =>
  line(
    finding.rule,
    urnOf(finding),
    finding.verdict === 'unknown'
      ? `cannot tell before deployment: ${finding.message}`
      : `${finding.message}${/[.!?]$/.test(finding.message) ? '' : '.'} ${finding.fix}`,
  );
const saidByPack = ({ message, policy, urn }: Diagnostic): string =>
  line(policy, urn.startsWith('urn:') ? urn : '', message.slice(message.indexOf('\n') + 1));

let analyzer: Analyzer;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'palisade-preview-'));
  analyzer = await Analyzer.start(PACK);
  await analyzer.configure({ palisade: { level: 'advisory', properties: { unknowns: 'enforce' } } });
});
afterAll(() => {
  analyzer.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What an engine has of the program in a preview: values, and which resources each property depends on. */
function documentOf(gathered: Gathered): { readonly deployment: { readonly resources: readonly State[] } } {
  const document = JSON.parse(JSON.stringify(exportOf(gathered))) as { deployment: { resources: (State & { palisade?: unknown })[] } };
  for (const resource of document.deployment.resources) delete resource.palisade;
  return document;
}

/** Each resource as an engine shows it, then all of them. */
async function previewed(states: readonly State[]): Promise<readonly Diagnostic[]> {
  const found: Diagnostic[] = [];
  for (const state of states) found.push(...(await analyzer.analyze(state)));
  return [...found, ...(await analyzer.analyzeStack(states))].filter(({ policy }) => policy !== 'palisade');
}
const judged = ({ graph, waivers }: Gathered): readonly Finding[] =>
  evaluate(graph, { rules: AZURE_RULES, waivers }).findings.filter(({ waiver }) => !waiver);
const RULE_IDS = [...new Set(AZURE_RULES.map(({ id }) => id))];

describe.each([
  { name: 'the reference program', statement: APP, least: 0 },
  { name: 'the reference program, weakened', statement: WEAKENED, least: 20 },
])('$name under the policy pack', ({ least, statement }) => {
  let program: readonly Finding[];
  let preview: readonly Finding[];
  let pack: readonly Diagnostic[];
  beforeAll(async () => {
    const gathered = await gatherStatement(statement, config);
    const document = documentOf(gathered);
    const file = join(folder, `${least}.json`);
    writeFileSync(file, JSON.stringify(document));
    program = judged(gathered);
    preview = judged(await gatherPreview(file));
    pack = await previewed(document.deployment.resources);
  });

  it('breaks as many rules as it should', () => {
    expect(program.filter(({ verdict }) => verdict === 'error')).toEqual([]);
    const broken = new Set(program.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule));
    if (least === 0) expect(program).toEqual([]);
    expect(broken.size).toBeGreaterThanOrEqual(least);
  });

  it('has the findings of our own reading of the same preview, rule by rule and word by word', () => {
    const ours = preview.map(saidBy);
    const packs = pack.map(saidByPack);
    const of = (said: readonly string[], rule: string) => said.filter((one) => one.startsWith(`${rule} on `)).sort();
    for (const rule of RULE_IDS) expect(of(packs, rule), rule).toEqual(of(ours, rule));
    expect(packs.length).toBe(ours.length);
  });

  it('fails exactly what the program fails, save what a preview cannot tell', () => {
    const open = new Set(preview.filter(({ verdict }) => verdict === 'unknown').map((one) => `${one.rule} on ${urnOf(one)}`));
    const failing = (rule: string, urn: string) => `${rule} on ${urn}`;
    const ours = new Set(program.map((one) => failing(one.rule, urnOf(one))).filter((one) => !open.has(one)));
    const packs = new Set(
      pack.map(({ policy, urn }) => failing(policy, urn.startsWith('urn:') ? urn : '')).filter((one) => !open.has(one)),
    );
    expect(packs).toEqual(ours);
    // Of a text that is computed from an id an engine knows only that it is: which part of the store is recorded, only deployment tells.
    if (least === 0) expect([...open].some((one) => /^LOG-04\.logging on .*::archive-account$/.test(one))).toBe(true);
    expect(open.size).toBeLessThanOrEqual(20);
  });
});
