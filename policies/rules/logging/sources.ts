/** Sources of records on Azure: what must record, which categories, and that they go somewhere. */
import { ofSameSubscription } from '../../facts/azure-subscription';
import { goesSomewhere, perhapsSettingsOf, recordedBy, SETTING, settingsOf } from '../../facts/logging';
import { ofAccount, STORAGE_ACCOUNT } from '../../facts/storage';
import type { Graph } from '../../graph';
import { allOf, fail, notApplicable, type Outcome, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleContext, type RuleSpec, rule } from '../../rule';

// ── Control plane and directory ──────────────────────────────────────────────────────────────────────────────────────

const SUBSCRIPTION_SETTING = 'azure-native:monitor:SubscriptionDiagnosticSetting';
const GROUP_SETTING = 'azure-native:monitor:ManagementGroupDiagnosticSetting';
const DIRECTORY_SETTING = 'azure-native:aadiam:DiagnosticSetting';

/** What is left when health and advice are taken away: who did what, alerts, policy decisions. CIS Azure 5.1.2 names the same four. */
const CONTROL_PLANE = ['Administrative', 'Security', 'Alert', 'Policy'] as const;

/** A management group records these two, and no other. Source: REST reference of management group diagnostic settings. */
const GROUP_PLANE = ['Administrative', 'Policy'] as const;

/** Sign-ins of people and of workloads, changes and provisioning; at the high tier also risk and use of the directory's own API. */
const DIRECTORY = [
  'AuditLogs',
  'SignInLogs',
  'NonInteractiveUserSignInLogs',
  'ServicePrincipalSignInLogs',
  'ManagedIdentitySignInLogs',
  'ProvisioningLogs',
] as const;
const DIRECTORY_HIGH = [...DIRECTORY, 'RiskyUsers', 'UserRiskEvents', 'MicrosoftGraphActivityLogs'] as const;

/** All settings of the kind together record every category; judged once, at the first. */
function togetherRecord(setting: Resource, all: readonly Resource[], categories: readonly string[]): Outcome {
  if (all[0] !== setting) return notApplicable('is judged together with the first setting');
  return allOf(recordedBy(all, categories, 'the control plane'), goesSomewhere(setting));
}

const directory = (setting: Resource, graph: Graph, { tier }: RuleContext): Outcome =>
  togetherRecord(
    setting,
    graph.ofType(setting.type).filter((one) => graph.exists(one)),
    tier === 'high' ? DIRECTORY_HIGH : DIRECTORY,
  );

/** Each subscription and each management group by itself. */
function controlPlane(setting: Resource, graph: Graph): Outcome {
  if (setting.type === SUBSCRIPTION_SETTING) return togetherRecord(setting, ofSameSubscription(setting, graph), CONTROL_PLANE);
  const group = setting.at('managementGroupId').shape;
  const all = graph.ofType(GROUP_SETTING).filter((one) => graph.exists(one) && one.at('managementGroupId').shape === group);
  return togetherRecord(setting, all, GROUP_PLANE);
}

// ── Stores ───────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What shows that a service of a storage account is in use besides blobs. */
const IN_USE: Readonly<Record<string, string>> = {
  file: 'azure-native:storage:FileShare',
  queue: 'azure-native:storage:Queue',
  table: 'azure-native:storage:Table',
};
const PROPERTIES: Readonly<Record<string, string>> = {
  blob: 'azure-native:storage:BlobServiceProperties',
  file: 'azure-native:storage:FileServiceProperties',
  queue: 'azure-native:storage:QueueServiceProperties',
  table: 'azure-native:storage:TableServiceProperties',
};

/** Each service of the account that is in use records these categories. */
const accountRecords =
  (...categories: readonly string[]) =>
  (account: Resource, graph: Graph): Outcome => {
    const first = account.at('kind').is('FileStorage').verdict === 'pass' ? 'file' : 'blob';
    const used = [
      first,
      ...Object.keys(IN_USE).filter((service) => service !== first && ofAccount(account, IN_USE[service] as string, graph).length > 0),
    ];
    return allOf(...used.map((service) => serviceRecords(account, service, categories, graph)));
  };

function serviceRecords(account: Resource, service: string, categories: readonly string[], graph: Graph): Outcome {
  const settings = serviceSettings(account, service, graph);
  const what = `the ${service} service`;
  const recorded = recordedBy(settings, categories, what);
  const perhaps = perhapsSettingsOf(account, graph);
  if (recorded.verdict !== 'fail' || perhaps.length === 0) return recorded;
  const all = recordedBy([...settings, ...perhaps], categories, what);
  return all.verdict === 'pass' ? unknown(`whether ${perhaps[0]?.logicalId} records ${what}: its resourceUri`) : all;
}

function serviceSettings(account: Resource, service: string, graph: Graph): readonly Resource[] {
  const own = ofAccount(account, PROPERTIES[service] as string, graph).flatMap((properties) => settingsOf(properties, graph));
  return [...new Set([...settingsOf(account, graph, service), ...own])];
}

const VAULTS = ['azure-native:keyvault:Vault', 'azure-native:keyvault:ManagedHsm'] as const;
const WORKSPACE = 'azure-native:operationalinsights:Workspace';

// ── Everything else ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Entries and gates of a network, each with records of its own. */
const GATES = [
  'azure-native:network:AzureFirewall',
  'azure-native:network:BastionHost',
  'azure-native:network:VirtualNetworkGateway',
  'azure-native:network:VpnGateway',
  'azure-native:network:P2sVpnGateway',
] as const;
/** Resources whose records are few, and matter where every event must be told. */
const QUIET = ['azure-native:network:NetworkSecurityGroup', 'azure-native:network:PublicIPAddress'] as const;

/** Some setting of the resource records some category and sends it somewhere. */
function recordsSomething(resource: Resource, graph: Graph): Outcome {
  const settings = settingsOf(resource, graph);
  if (settings.length === 0) return fail('no diagnostic setting records it');
  const [setting] = settings as [Resource];
  const on = settings.some((one) =>
    one
      .at('logs')
      .items()
      .some((line) => line.at('enabled').isTrue().verdict === 'pass'),
  );
  if (on) return goesSomewhere(setting);
  const open = settings.find((one) =>
    one
      .at('logs')
      .items()
      .some((line) => line.at('enabled').isTrue().verdict === 'unknown'),
  );
  return open ? unknown(open.at('logs').describe()) : fail(`${setting.logicalId} has no category switched on`);
}

// ── Examples ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const lines = (...categories: readonly string[]) => categories.map((category) => ({ category, enabled: true }));
const WORKSPACE_ID = '/subscriptions/s/workspace';
const setting = (resourceUri: unknown, logs: readonly object[], destination: object = { workspaceId: WORKSPACE_ID }) => ({
  setting: { type: SETTING, properties: { resourceUri, logs, ...destination } },
});
const account = { cases: { type: STORAGE_ACCOUNT, properties: { kind: 'StorageV2' } } };
const BLOBS = { $text: [{ $ref: 'cases.id' }, '/blobServices/default'] };
const vault = { vault: { type: VAULTS[0], properties: {} } };
const subscription = (logs: readonly object[], destination: object = { workspaceId: WORKSPACE_ID }) => ({
  setting: { type: SUBSCRIPTION_SETTING, properties: { logs, ...destination } },
});
const ofGroup = (managementGroupId: string, ...categories: readonly string[]) => ({
  type: GROUP_SETTING,
  properties: { managementGroupId, logs: lines(...categories), workspaceId: WORKSPACE_ID },
});
const madeBy = (name: string, ...categories: readonly string[]) => ({
  ...subscription(lines(...categories)).setting,
  options: { provider: `example/${name}` },
});
const provider = {
  a: { type: 'pulumi:providers:azure-native', properties: { subscriptionId: 'a' } },
  b: { type: 'pulumi:providers:azure-native', properties: { subscriptionId: 'b' } },
};
const directorySetting = (...categories: readonly string[]) => ({
  setting: { type: DIRECTORY_SETTING, properties: { logs: lines(...categories), workspaceId: WORKSPACE_ID } },
});
const firewall = { firewall: { type: GATES[0], properties: {} } };
const nsg = { nsg: { type: QUIET[0], properties: {} } };

export const activityLog: RuleSpec = rule({
  on: [SUBSCRIPTION_SETTING, GROUP_SETTING],
  check: controlPlane,
  fix: 'Use SecureActivityLog, or switch on the categories Administrative, Security, Alert and Policy and name a workspace.',
  pass: [
    { resources: subscription(lines(...CONTROL_PLANE)) },
    { resources: subscription([{ categoryGroup: 'allLogs', enabled: true }]) },
    { name: 'a management group has two categories', resources: { setting: ofGroup('platform', ...GROUP_PLANE) } },
    {
      name: 'two settings of one subscription',
      resources: { one: madeBy('a', 'Administrative', 'Policy'), ...provider, other: madeBy('a', 'Security', 'Alert') },
    },
  ],
  fail: [
    { resources: { setting: ofGroup('platform', 'Administrative'), other: ofGroup('workloads', ...GROUP_PLANE) } },
    {
      name: 'another subscription records',
      resources: { one: madeBy('a', 'Administrative'), ...provider, other: madeBy('b', ...CONTROL_PLANE) },
    },
    { resources: subscription(lines('Administrative')) },
    { resources: subscription([...lines('Administrative', 'Security', 'Alert'), { category: 'Policy', enabled: false }]) },
    { name: 'sent nowhere', resources: subscription(lines(...CONTROL_PLANE), {}) },
  ],
  unknown: [
    {
      resources: subscription([
        ...lines('Security', 'Alert', 'Policy'),
        { category: 'Administrative', enabled: { $unknown: 'parameter on' } },
      ]),
    },
  ],
});

export const directoryLog: RuleSpec = rule({
  on: DIRECTORY_SETTING,
  check: directory,
  fix: 'Switch on audit and all sign-in categories, provisioning, and at the high tier RiskyUsers, UserRiskEvents and MicrosoftGraphActivityLogs.',
  pass: [{ resources: directorySetting(...DIRECTORY_HIGH) }, { tier: 'low', resources: directorySetting(...DIRECTORY) }],
  fail: [{ resources: directorySetting(...DIRECTORY) }, { tier: 'low', resources: directorySetting('AuditLogs', 'SignInLogs') }],
});

export const storeReads: readonly RuleSpec[] = [
  rule({
    on: STORAGE_ACCOUNT,
    check: accountRecords('StorageRead'),
    fix: 'Use SecureStorageAccount, or add a DiagnosticSetting on <account id>/blobServices/default with StorageRead switched on.',
    pass: [
      { resources: { ...account, ...setting(BLOBS, lines('StorageRead')) } },
      { name: 'by group', resources: { ...account, ...setting(BLOBS, [{ categoryGroup: 'audit', enabled: true }]) } },
    ],
    fail: [
      { resources: account },
      {
        name: 'only the account itself, which records nothing',
        resources: { ...account, ...setting({ $ref: 'cases.id' }, [{ categoryGroup: 'allLogs', enabled: true }]) },
      },
      { name: 'switched off', resources: { ...account, ...setting(BLOBS, [{ category: 'StorageRead', enabled: false }]) } },
      { name: 'sent nowhere', resources: { ...account, ...setting(BLOBS, lines('StorageRead'), {}) } },
      {
        name: 'file shares left out',
        resources: {
          ...account,
          ...setting(BLOBS, lines('StorageRead')),
          share: { type: IN_USE.file as string, properties: { accountName: { $ref: 'cases.name' } } },
        },
      },
    ],
    unknown: [{ resources: { ...account, ...setting(BLOBS, [{ category: 'StorageRead', enabled: { $unknown: 'parameter audit' } }]) } }],
  }),
  rule({
    on: WORKSPACE,
    severity: 'medium',
    check: (workspace, graph) => recordedBy(settingsOf(workspace, graph), ['Audit'], 'who searches the records'),
    fix: 'Use SecureLogWorkspace, or add a DiagnosticSetting on the workspace with the category Audit.',
    pass: [{ resources: { workspace: { type: WORKSPACE, properties: {} }, ...setting({ $ref: 'workspace.id' }, lines('Audit')) } }],
    fail: [{ resources: { workspace: { type: WORKSPACE, properties: {} } } }],
  }),
];

export const storeWrites: RuleSpec = rule({
  on: STORAGE_ACCOUNT,
  check: accountRecords('StorageWrite', 'StorageDelete'),
  fix: 'Use SecureStorageAccount, or add a DiagnosticSetting on <account id>/blobServices/default with StorageWrite and StorageDelete switched on.',
  pass: [{ resources: { ...account, ...setting(BLOBS, lines('StorageWrite', 'StorageDelete')) } }],
  fail: [{ resources: account }, { resources: { ...account, ...setting(BLOBS, lines('StorageWrite')) } }],
});

export const vaultEvents: RuleSpec = rule({
  on: VAULTS,
  check: (one, graph) => recordedBy(settingsOf(one, graph), ['AuditEvent'], 'uses of keys and secrets'),
  fix: 'Use SecureKeyVault, or add a DiagnosticSetting on the vault with AuditEvent switched on.',
  pass: [{ resources: { ...vault, ...setting({ $ref: 'vault.id' }, lines('AuditEvent')) } }],
  fail: [
    { resources: vault },
    { resources: { ...vault, ...setting({ $ref: 'vault.id' }, [{ category: 'AuditEvent', enabled: 'false' }]) } },
  ],
});

export const gateLogs: readonly RuleSpec[] = [
  rule({
    on: GATES,
    check: recordsSomething,
    fix: 'Add a DiagnosticSetting with the category group allLogs and a workspace.',
    pass: [{ resources: { ...firewall, ...setting({ $ref: 'firewall.id' }, [{ categoryGroup: 'allLogs', enabled: true }]) } }],
    fail: [
      { resources: firewall },
      { resources: { ...firewall, ...setting({ $ref: 'firewall.id' }, [{ categoryGroup: 'allLogs', enabled: false }]) } },
      { resources: { ...firewall, ...setting({ $ref: 'firewall.id' }, [{ categoryGroup: 'allLogs', enabled: true }], {}) } },
    ],
  }),
  rule({
    on: QUIET,
    severity: 'low',
    from: 'high',
    check: recordsSomething,
    fix: 'Add a DiagnosticSetting with the category group allLogs and a workspace.',
    pass: [{ resources: { ...nsg, ...setting({ $ref: 'nsg.id' }, [{ categoryGroup: 'allLogs', enabled: true }]) } }],
    fail: [{ resources: nsg }],
  }),
];
