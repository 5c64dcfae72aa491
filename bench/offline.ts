/**
 * What the offline run of a Pulumi program costs, by the number of its resources: in time, from the start of the process to
 * the last finding, and in memory, of the program and of the one that judges it. Each size in processes of its own.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const OFFLINE_SIZES = [125, 250, 500, 1_000, 2_000] as const;
const RUNS = 3;
const MIB = 1024;

export interface Offline {
  readonly resources: number;
  /** Median of the runs. */
  readonly seconds: number;
  /** Peak resident memory, MiB. */
  readonly program: number;
  readonly judge: number;
}

const ROOT = join(__dirname, '..', '..');
const PEAK = 'peak.txt';

/** Five resources a round, of five services, that refer to each other. */
const program = (rounds: number) => `
const { ResourceGroup } = require('@pulumi/azure-native/resources');
const { StorageAccount } = require('@pulumi/azure-native/storage');
const { Vault } = require('@pulumi/azure-native/keyvault');
const { NetworkSecurityGroup } = require('@pulumi/azure-native/network');
const { DiagnosticSetting } = require('@pulumi/azure-native/monitor');
for (let at = 0; at < ${rounds}; at += 1) {
  const group = new ResourceGroup('group' + at, { location: 'westeurope' });
  const account = new StorageAccount('account' + at, {
    resourceGroupName: group.name, kind: 'StorageV2', sku: { name: 'Standard_ZRS' }, minimumTlsVersion: 'TLS1_2',
    networkRuleSet: { defaultAction: 'Deny', bypass: 'None' },
  });
  new Vault('vault' + at, {
    resourceGroupName: group.name, properties: { tenantId: 't', sku: { family: 'A', name: 'premium' }, enableRbacAuthorization: true },
  });
  new NetworkSecurityGroup('rules' + at, {
    resourceGroupName: group.name,
    securityRules: [{ name: 'https', access: 'Allow', direction: 'Inbound', priority: 100, protocol: 'Tcp',
      sourceAddressPrefix: '10.0.0.0/8', sourcePortRange: '*', destinationAddressPrefix: '*', destinationPortRange: '443' }],
  });
  new DiagnosticSetting('records' + at, { resourceUri: account.id, workspaceId: 'w', logs: [{ categoryGroup: 'allLogs', enabled: true }] });
}
process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(PEAK)}, String(process.resourceUsage().maxRSS)));
`;

/** The judging process: the command itself, which says at its end how much memory it needed. */
const JUDGE = `
process.on('exit', () => process.stderr.write('\\n' + process.resourceUsage().maxRSS));
process.argv.push('check', '.', '--format', 'json');
require(${JSON.stringify(join(ROOT, 'dist', 'cli', 'main.js'))});
`;

/** Runs a program of about so many resources offline and judges it, several times. */
export function offline(size: number): Offline {
  const folder = mkdtempSync(join(tmpdir(), 'palisade-offline-'));
  try {
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, 'Pulumi.yaml'), 'name: bench\nruntime: nodejs\n');
    writeFileSync(join(folder, 'index.js'), program(Math.round(size / 5)));
    const runs = Array.from({ length: RUNS }, () => once(folder));
    const [first] = runs as [Offline];
    const seconds = runs.map((run) => run.seconds).sort((a, b) => a - b)[Math.floor(RUNS / 2)] as number;
    const most = (of: (run: Offline) => number) => Math.max(...runs.map(of));
    return { resources: first.resources, seconds, program: most((run) => run.program), judge: most((run) => run.judge) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function once(folder: string): Offline {
  const start = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(process.execPath, ['-e', JUDGE], { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status !== 1) throw new Error(`offline run: status ${status}: ${stderr.slice(-2000)}`);
  const { targets } = JSON.parse(stdout) as { targets: readonly { resources: number }[] };
  return {
    resources: targets[0]?.resources ?? 0,
    seconds,
    program: Number(readFileSync(join(folder, PEAK), 'utf8')) / MIB,
    judge: Number(stderr.trim().split('\n').pop()) / MIB,
  };
}
