import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CASE_ROLES, fieldViewOf } from '../constructs/azure';
import { csharp } from '../constructs/azure/edge-api-expression';
import { answerProgram, KEPT, operationsOf } from '../constructs/azure/edge-api-filter';
import { evaluate } from '../policies/evaluate';
import type { Resource } from '../policies/resource';
import { RULES } from '../policies/rules';
import type { Value } from '../policies/value';
import { type CaseManagement, type CaseManagementArgs, caseManagement } from '../stacks/azure/case-management';
import { reachScript } from '../stacks/azure/case-management-tables';
import { CASE_FIELDS, CASE_NOTICE } from '../stacks/fields';
import { ATTACHMENTS_AT_MOST_DAYS, CASE_MANAGEMENT } from '../stacks/profile';
import { gatherStatement } from './support/azure-gather';
import { type Program, run } from './support/azure-program';
import { execute } from './support/expression-runtime';

const ROOT = join(__dirname, '..');
const project = parse(readFileSync(join(ROOT, 'Pulumi.yaml'), 'utf8'));
const shown = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
/** What the project says where a stack says nothing else. */
const config = Object.fromEntries(
  Object.entries<{ default: unknown }>(project.config).map(([key, one]) => [`${project.name}:${key}`, shown(one.default)]),
);
const APP = "Object.assign(exports, load('dist/stacks/azure/app.js'));";
/** Changes of what resources are asked for, by the name of the resource, as somebody would make them past the components. */
const weakened = (changes: Readonly<Record<string, string>>): string =>
  [
    `const { runtime } = require(${JSON.stringify(require.resolve('@pulumi/pulumi'))});`,
    `const changes = { ${Object.entries(changes)
      .map(([name, change]) => `${JSON.stringify(name)}: (props) => { ${change} }`)
      .join(', ')} };`,
    'runtime.registerStackTransformation(({ name, props, opts }) => { changes[name]?.(props); return { props, opts }; });',
    APP,
  ].join('\n');

const ID = '00000000-0000-4000-8000-000000000001';
const SHARED = '/subscriptions/s/resourceGroups/shared/providers/Microsoft.OperationalInsights';
const ARGS: CaseManagementArgs = {
  location: 'westeurope',
  standbyLocation: 'northeurope',
  tenantId: ID,
  subscriptionId: ID,
  securityMailbox: 'security@example.com',
  logClusterId: `${SHARED}/clusters/records`,
  sentinel: { workspaceId: `${SHARED}/workspaces/sentinel`, principalId: ID },
  people: {
    owners: [ID],
    dataOwnersGroupId: ID,
    staffGroupId: ID,
    subcontractorsGroupId: ID,
    subcontractorsUntil: '2027-06-30',
    engineersFrom: '2026-12-01',
    engineersUntil: '2027-06-01',
    engineersTicket: 'OPS-17',
    diagnosticsPolicyName: ID,
    investigators: { principalId: ID, principalType: 'Group' },
    databaseAdministrators: { name: 'administrators', objectId: ID, tenantId: ID },
  },
};

const usual = gatherStatement(APP, config);
const graphOf = async () => (await usual).graph;
const allOf = async (type: string) => (await graphOf()).ofType(type.includes('/') ? type : `azure-native:${type}`);
const named = async (type: string, name: string): Promise<Resource> => {
  const found = (await allOf(type)).find(({ logicalId }) => logicalId === name);
  if (!found) throw new Error(`no ${type} is named ${name}`);
  return found;
};
const entra = (type: string) => `azuread:index/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`;
const textAt = (resource: Resource, path: string): string => resource.at(path).shape ?? '';
const listAt = (resource: Resource, path: string): string[] =>
  resource
    .at(path)
    .items()
    .map((item) => item.shape ?? '');

let preview: ReturnType<typeof run<CaseManagement>> | undefined;
/** The environment as a preview sees it, in this process. */
const previewed = () => {
  preview ??= run(() => caseManagement(ARGS), { preview: true });
  return preview;
};
const listAtValue = (value: Value, path: string): string[] =>
  value
    .at(path)
    .items()
    .map((item) => item.shape ?? '');

describe('the case-management environment on Azure', () => {
  it('is a program that the real CLI runs unchanged, with a typed default for whatever it reads', () => {
    expect(project).toMatchObject({
      name: 'palisade-case-management',
      runtime: { name: 'nodejs', options: { typescript: false } },
      main: 'dist/stacks/azure/app.js',
    });
    const source = readFileSync(join(ROOT, 'stacks/azure/app.ts'), 'utf8');
    const read = [...source.matchAll(/(?:config\.(?:require|get)\w*(?:<[^(]*>)?|optional)\('(\w+)'\)/g)].map(([, key]) => key);
    // The key is a secret: the engine refuses a default of one, and asks for what has none.
    const exceptions = ['archiveRelax', 'databaseRelax', 'relayKey'];
    expect([...new Set(read)].filter((key) => !exceptions.includes(key as string)).sort()).toEqual(Object.keys(project.config).sort());
    for (const [key, { default: value, type }] of Object.entries<{ default: unknown; type: string }>(project.config))
      expect([key, Array.isArray(value) ? 'array' : typeof value === 'number' ? 'integer' : typeof value]).toEqual([key, type]);
    for (const { secret } of Object.values<{ secret?: boolean }>(project.config)) expect(secret).toBeUndefined();
    const stack = parse(readFileSync(join(ROOT, 'Pulumi.dev.yaml'), 'utf8')).config;
    for (const [key, one] of Object.entries<{ default: unknown }>(project.config))
      expect([key, shown(stack[`${project.name}:${key}`] ?? '')]).toEqual([key, shown(one.default)]);
    expect(existsSync(join(ROOT, project.main.replace('dist/', '').replace('.js', '.ts')))).toBe(true);
  });

  it('declares its profile, is of tier high, breaks no rule and leaves none undecided', async () => {
    const graph = await graphOf();
    const { findings, tiers } = evaluate(graph, { rules: RULES, passes: true });
    expect([...tiers.values()].map(({ tier, declared }) => [tier, declared])).toEqual([['high', true]]);
    expect(graph.units[0]?.profile).toMatchObject({ ...CASE_MANAGEMENT, residency: ['westeurope', 'northeurope'] });
    expect(
      findings
        .filter(({ verdict }) => verdict !== 'pass')
        .map(({ rule, resource, message }) => `${rule} on ${resource.logicalId}: ${message}`),
    ).toEqual([]);
    expect(findings.length).toBeGreaterThan(1000);
  });

  it('asks the cloud for nothing and carries no exception', async () => {
    expect((await usual).waivers).toEqual([]);
  });

  it('keeps each part in a locked group of its own, and the logs with a key and in a vault of their own', async () => {
    const groups = await allOf('resources:ResourceGroup');
    expect(groups.map((group) => textAt(group, 'resourceGroupName')).sort()).toEqual(
      ['apps', 'backups', 'data', 'logs', 'network', 'response'].map((part) => `case-management-${part}`),
    );
    const locks = (await allOf('authorization:ManagementLockByScope')).map(({ logicalId }) => logicalId);
    for (const { logicalId } of groups) expect(locks).toContain(`${logicalId}-lock`);
    const archive = await named('storage:StorageAccount', 'archive-account');
    const attachments = await named('storage:StorageAccount', 'attachments-account');
    const graph = await graphOf();
    const groupOf = (resource: Resource) =>
      graph.target(resource.at('resourceGroupName'), 'azure-native:resources:ResourceGroup')?.logicalId;
    expect([groupOf(archive), groupOf(attachments)]).toEqual(['logs-group-group', 'data-group-group']);
    expect(textAt(archive, 'encryption.keyVaultProperties.keyName')).toBe('archive');
    expect(textAt(attachments, 'encryption.keyVaultProperties.keyName')).toBe('attachments');
    expect((await allOf('keyvault:Vault')).map(({ logicalId }) => logicalId).sort()).toEqual(['logvault-vault', 'vault-vault']);
  });

  it('has no address on the internet, and one way in, behind a firewall that blocks', async () => {
    for (const type of ['network:PublicIPAddress', 'network:NatGateway', 'network:VirtualNetworkGateway', 'cdn:Profile'])
      expect([type, await allOf(type)]).toEqual([type, []]);
    const [entry] = await allOf('network:ApplicationGateway');
    const hosts = entry
      ?.at('httpListeners')
      .items()
      .flatMap((listener) =>
        listener
          .at('hostNames')
          .items()
          .map(({ shape }) => shape),
      );
    expect(hosts).toEqual(['cases.example.com', 'api.cases.example.com']);
    const [firewall] = await allOf('network:WebApplicationFirewallPolicy');
    expect(textAt(firewall as Resource, 'policySettings.mode')).toBe('Prevention');
    expect(textAt((await allOf('apimanagement:ApiManagementService'))[0] as Resource, 'virtualNetworkType')).toBe('Internal');
    for (const site of await allOf('web:WebApp')) expect(textAt(site, 'publicNetworkAccess')).toBe('Disabled');
  });

  it('reaches each store through a private endpoint whose name the network resolves', async () => {
    const endpoints = (await allOf('network:PrivateEndpoint')).map(({ logicalId }) => logicalId);
    for (const store of [
      'archive-blob',
      'attachments-blob',
      'client',
      'events',
      'host-blob',
      'host-queue',
      'host-table',
      'logvault',
      'records',
    ])
      expect(endpoints).toContain(`${store}-endpoint`);
    const zones = (await allOf('network:PrivateDnsZoneGroup')).map(({ logicalId }) => logicalId);
    for (const endpoint of endpoints) expect(zones).toContain(`${endpoint}-dns`);
  });

  it('keeps attachments as long as on the other cloud, scanned before anybody fetches them', async () => {
    expect(project.config.attachmentsAtMostDays.default).toBe(ATTACHMENTS_AT_MOST_DAYS);
    const policy = await named('storage:ManagementPolicy', 'attachments-lifecycle');
    expect(JSON.stringify(policy.properties)).toContain(`${ATTACHMENTS_AT_MOST_DAYS}`);
    const scan = await named('security:DefenderForStorage', 'attachments-scan');
    expect(scan.at('properties.malwareScanning.onUpload.isEnabled').isTrue().verdict).toBe('pass');
    expect(listAt(await named('storage:BlobServiceProperties', 'attachments-blobs'), 'cors.corsRules').length).toBe(1);
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
    const key = ['relay', 'secret'].join('-');
    const bootstrap = {
      ...config,
      'palisade:today': '2026-11-22',
      'palisade-case-management:archiveRelax': JSON.stringify([relaxation]),
      'palisade-case-management:relayKey': key,
      'palisade-case-management:relayKeyExpires': '2027-01-31',
    };
    const { graph, waivers } = await gatherStatement(APP, bootstrap);
    expect(waivers).toHaveLength(1);
    expect(waivers[0]).toMatchObject({ rule: 'LOG-08', ticket: 'SEC-1', expires: '2026-12-01' });
    expect(graph.get(waivers[0]?.resource ?? '')?.logicalId).toBe('archive-account');
    const { findings, waivers: notes } = evaluate(graph, { rules: RULES, waivers, today: new Date('2026-11-22T00:00:00Z') });
    expect(findings.map(({ control, waiver }) => [control, waiver?.ticket])).toEqual([['LOG-08', 'SEC-1']]);
    expect(notes.map(({ problem }) => problem)).toEqual(['expiring-soon']);
    // The key of the relay is a secret of the vault, and the service reads it from there.
    const secret = graph.ofType('azure-native:keyvault:Secret')[0] as Resource;
    expect(secret.at('properties.value').holdsSecret).toBe(true);
    const [site] = graph.ofType('azure-native:web:WebApp').filter(({ logicalId }) => logicalId === 'service-site');
    const setting = site
      ?.at('siteConfig.appSettings')
      .items()
      .find((one) => one.at('name').shape === 'RELAY_KEY');
    expect(setting?.at('value').shape).toMatch(/^@Microsoft\.KeyVault\(SecretUri=/);
    expect(JSON.stringify(findings)).not.toContain(key);
  });

  it('does not synthesise without its profile', async () => {
    const without =
      "const { SecureLogWorkspace } = load('dist/constructs/azure/index.js'); new SecureLogWorkspace('logs', { resourceGroupName: 'rg', location: 'westeurope' });";
    await expect(gatherStatement(without)).rejects.toThrow(/profile is missing/);
  });
});

describe('the duties of case management on Azure', () => {
  it('knows three roles, held by groups that others answer for and nobody joins', async () => {
    const application = (await allOf(entra('Application'))).find(({ logicalId }) => logicalId === 'cases-application') as Resource;
    expect(
      application
        .at('appRoles')
        .items()
        .map((role) => role.at('value').shape),
    ).toEqual([...CASE_ROLES]);
    expect(
      application
        .at('appRoles')
        .items()
        .map((role) => listAtValue(role, 'allowedMemberTypes')),
    ).toEqual(CASE_ROLES.map(() => ['User']));
    for (const principal of await allOf(entra('ServicePrincipal')))
      expect(principal.at('appRoleAssignmentRequired').isTrue().verdict).toBe('pass');
    const graph = await graphOf();
    const holders = (await allOf(entra('AppRoleAssignment'))).map((one) => {
      const group = graph.target(one.at('principalObjectId'), entra('Group'))?.logicalId;
      return [one.logicalId, group];
    });
    expect(Object.fromEntries(holders)).toEqual({
      'cases-agent-1': 'agents-group',
      'cases-agent-2': 'subcontracted-agents-group',
      'cases-supportEngineer-1': 'support-engineers-group',
      'cases-supervisor-1': 'supervisors-group',
      // The gateway is no person: it has the one role of the service behind it.
      'case-records-gateway-1': undefined,
    });
    for (const group of await allOf(entra('Group'))) {
      expect([group.logicalId, textAt(group, 'visibility'), listAt(group, 'types')]).toEqual([group.logicalId, 'Private', []]);
      expect(listAt(group, 'owners').length).toBe(2);
    }
  });

  it('returns no field that a role does not need, whatever the service answers', async () => {
    const policy = textAt(await named('apimanagement:ApiPolicy', 'interface-policy'), 'value');
    const operations = operationsOf(CASE_FIELDS);
    const filter = answerProgram(CASE_FIELDS, operations, 25);
    const escaped = csharp(filter).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
    // What the gateway gets is what is executed below.
    expect(policy).toContain(escaped.replaceAll('\n', '&#10;'));
    const everything = Object.fromEntries(Object.keys(CASE_FIELDS.records.Case?.fields ?? {}).map((field) => [field, `${field} of Ada`]));
    const hostile = {
      ...everything,
      id: 'c1',
      assignee: 'me',
      deleteAfter: 1,
      __proto__: { resolution: 'x' },
      subject: { description: 'smuggled' },
    };
    for (const role of CASE_ROLES) {
      const answer = execute(filter, {
        operation: 'case',
        variables: { [KEPT.role]: role, [KEPT.purpose]: 'resolveCase', [KEPT.who]: 'me', [KEPT.case]: 'c1', [KEPT.record]: 'c1' },
        responseBody: JSON.stringify(hostile),
        contentType: 'application/json',
      });
      const { masked, reads } = fieldViewOf(CASE_FIELDS, 'Case', role);
      const allowed = [...reads, ...Object.keys(masked)];
      for (const field of Object.keys(JSON.parse(answer))) expect([role, field, allowed.includes(field)]).toEqual([role, field, true]);
      expect(answer).not.toContain('smuggled');
      for (const field of Object.keys(masked)) expect(answer).not.toContain(`${field} of Ada`);
    }
  });

  it('tells of no field that nobody reads, and lets no identity of the service read a column that its role does not', async () => {
    const schemas = JSON.stringify((await named('apimanagement:ApiSchema', 'interface-schema')).properties);
    const { columnRights } = (await previewed()).made.data;
    for (const [record, { fields }] of Object.entries(CASE_FIELDS.records))
      for (const [field, { alter = [], masked = {}, read = [] }] of Object.entries(fields)) {
        if (read.length + alter.length + Object.keys(masked).length === 0)
          expect([field, schemas.includes(`"${field}"`)]).toEqual([field, false]);
        for (const role of CASE_ROLES) {
          const view = fieldViewOf(CASE_FIELDS, record, role);
          const granted = columnRights
            .split('\n')
            .some(
              (line) =>
                line.startsWith(`GRANT SELECT ON OBJECT::[dbo].[${record}] (`) &&
                line.includes(`[${field}]`) &&
                line.endsWith(`TO [palisade_${role}];`),
            );
          expect([record, field, role, granted]).toEqual([
            record,
            field,
            role,
            view.reads.includes(field) || Object.hasOwn(view.masked, field),
          ]);
        }
      }
    for (const role of CASE_ROLES) expect(columnRights).toContain(`CREATE USER [case-management-records-${role}] FROM EXTERNAL PROVIDER`);
  });

  it('lets the service itself read whose a record is, and not what is in it', () => {
    const script = reachScript(CASE_FIELDS, 'records');
    const grants = script.split('\n').filter((line) => line.startsWith('GRANT SELECT ON OBJECT'));
    expect(grants).toEqual([
      'GRANT SELECT ON OBJECT::[dbo].[Case] ([id], [assignee], [team]) TO [palisade_reach];',
      'GRANT SELECT ON OBJECT::[dbo].[Message] ([id], [caseId]) TO [palisade_reach];',
      'GRANT SELECT ON OBJECT::[dbo].[Attachment] ([id], [caseId]) TO [palisade_reach];',
    ]);
    expect(reachScript(CASE_FIELDS, "o'brien] --")).toContain("CREATE USER [o'brien]] --] FROM EXTERNAL PROVIDER;");
    expect(reachScript(CASE_FIELDS, "o'brien")).toContain("DATABASE_PRINCIPAL_ID(N'o''brien')");
    for (const hostile of ['a\nGO\nDROP TABLE [Case]', '$(variable)', ''])
      expect(() => reachScript(CASE_FIELDS, hostile)).toThrow(/reachScript: .* cannot stand as a name/);
  });

  it('lets support engineers in for a case, for hours, after the approval of somebody else, and until a day', async () => {
    const [policy] = await allOf(entra('GroupRoleManagementPolicy'));
    expect(textAt(policy as Resource, 'activationRules.maximumDuration')).toBe('PT8H');
    for (const rule of ['requireApproval', 'requireJustification', 'requireMultifactorAuthentication', 'requireTicketInfo'])
      expect([rule, policy?.at(`activationRules.${rule}`).isTrue().verdict]).toEqual([rule, 'pass']);
    const [eligibility] = await allOf(entra('PrivilegedAccessGroupEligibilitySchedule'));
    expect(textAt(eligibility as Resource, 'expirationDate')).toBe('2027-06-01T00:00:00Z');
    const [role] = await allOf('authorization:PimRoleEligibilitySchedule');
    expect(textAt(role as Resource, 'ticketInfo.ticketNumber')).toBe('OPS-17');
    expect(textAt(role as Resource, 'scheduleInfo.expiration.type')).toBe('AfterDateTime');
    expect(reachScript(CASE_FIELDS, 'records')).toMatch(
      /CHECK \(\[grantedBy\] <> \[engineer\]\),\n\s+CHECK \(\[until\] > \[from\] AND \[until\] <= DATEADD\(hour, 8, \[from\]\)\)/,
    );
    expect(reachScript(CASE_FIELDS, 'records')).toContain('DENY UPDATE, DELETE ON SCHEMA::[access] TO [palisade_reach];');
  });

  it('gives access by packages that others approve and review, and ends that of subcontractors with their contract', async () => {
    const policies = await allOf(entra('AccessPackageAssignmentPolicy'));
    expect(policies).toHaveLength(4);
    for (const policy of policies) {
      expect(policy.at('approvalSettings.approvalRequired').isTrue().verdict).toBe('pass');
      expect(textAt(policy, 'assignmentReviewSettings.accessReviewTimeoutBehavior')).toBe('removeAccess');
    }
    const subcontractors = policies.find(({ logicalId }) => logicalId === 'package-subcontractors-policy') as Resource;
    expect(textAt(subcontractors, 'expirationDate')).toBe('2027-06-30T00:00:00Z');
    expect(subcontractors.at('extensionEnabled').isTrue().verdict).toBe('fail');
    expect(textAt(subcontractors, 'assignmentReviewSettings.reviewFrequency')).toBe('monthly');
    expect((await allOf('authorization:ScopeAccessReviewScheduleDefinitionById')).map(({ logicalId }) => logicalId)).toEqual(
      expect.arrayContaining(['data-access-review', 'apps-access-review']),
    );
  });

  it('lets nobody export: no role hands out keys or copies, stores refuse other tenants and hosts, and lists come in pages', async () => {
    const roles = await allOf('authorization:RoleDefinition');
    const actions = roles.flatMap((role) =>
      role
        .at('permissions')
        .items()
        .flatMap((one) => [...listAtValue(one, 'actions'), ...listAtValue(one, 'dataActions')]),
    );
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => /listKeys|export|beginGetAccess|generateUserDelegationKey|Sas\/action|\*/i.test(action))).toEqual([]);
    // People hold no role over data at all times: groups read logs, and nothing else.
    const graph = await graphOf();
    const ofGroups = (await allOf('authorization:RoleAssignment')).filter((one) => textAt(one, 'principalType') === 'Group');
    expect(ofGroups.map((one) => graph.target(one.at('scope'))?.logicalId)).toEqual(
      expect.arrayContaining(['archive-account', 'logs-workspace']),
    );
    for (const one of ofGroups) expect(['archive-account', 'logs-workspace']).toContain(graph.target(one.at('scope'))?.logicalId);
    for (const account of await allOf('storage:StorageAccount')) {
      expect(textAt(account, 'allowedCopyScope')).toBe('PrivateLink');
      expect(account.at('allowSharedKeyAccess').isTrue().verdict).toBe('fail');
    }
    for (const server of await allOf('sql:Server')) expect(textAt(server, 'restrictOutboundNetworkAccess')).toBe('Enabled');
    const policy = textAt(await named('apimanagement:ApiPolicy', 'interface-policy'), 'value');
    expect(policy).toContain('calls="60"');
    expect(policy).toContain('calls="2000"');
  });

  it('records every read and alteration of every store, write-once', async () => {
    const settings = (await allOf('monitor:DiagnosticSetting')).map(({ logicalId }) => logicalId);
    for (const name of [
      'archive-blob',
      'attachments-blob',
      'host-blob',
      'host-queue',
      'host-table',
      'records-server',
      'records-standby',
      'events',
      'vault',
      'logvault',
      'gateway',
      'service',
      'entry',
      'network-names',
      'logs',
    ])
      expect(settings).toContain(`${name}-diagnostics`);
    const audits = await allOf('sql:ExtendedServerBlobAuditingPolicy');
    expect(audits).toHaveLength(2);
    for (const audit of audits) expect(listAt(audit, 'auditActionsAndGroups')).toContain('BATCH_COMPLETED_GROUP');
    const archive = await named('storage:StorageAccount', 'archive-account');
    expect(textAt(archive, 'immutableStorageWithVersioning.immutabilityPolicy.state')).toBe('Locked');
    expect((await named('network:FlowLog', 'network-flows')).at('enabled').isTrue().verdict).toBe('pass');
  });

  it('shows the notice before data, asks for a purpose, and proves itself to the service', async () => {
    const policy = textAt(await named('apimanagement:ApiPolicy', 'interface-policy'), 'value');
    const order = [
      'validate-azure-ad-token',
      'rate-limit-by-key',
      'NoticeNotAcknowledged',
      'PurposeRefused',
      'rewrite-uri',
      'authentication-managed-identity',
    ].map((part) => policy.indexOf(part));
    expect(order.filter((at) => at < 0)).toEqual([]);
    expect([...order].sort((one, other) => one - other)).toEqual(order);
    expect(policy).toContain(JSON.stringify(CASE_NOTICE.id).slice(1, -1));
    expect((await allOf('apimanagement:ApiOperation')).map(({ logicalId }) => logicalId)).toContain(
      'interface-operation-dataProtectionNotice',
    );
  });

  it('tells of mass reading, denied fields, access past the service, and deletion', async () => {
    const alerts = new Map((await allOf('monitor:ScheduledQueryRule')).map((one) => [one.logicalId, one]));
    for (const [name, table] of [
      ['mass-reading', 'ApiManagementGatewayLogs'],
      ['denied-fields', 'ResponseCode in (403, 404, 428)'],
      ['direct-access', 'SQLSecurityAuditEvents'],
      ['deletion', 'StorageDelete'],
    ] as const) {
      const alert = alerts.get(`cases-${name}`);
      expect(JSON.stringify(alert?.properties)).toContain(table);
      expect(alert?.at('enabled').isTrue().verdict).toBe('pass');
    }
  });

  it('keeps backups that nobody shortens alone, in another region, and a standby of the database', async () => {
    const [vault] = await allOf('dataprotection:BackupVault');
    expect(textAt(vault as Resource, 'properties.securitySettings.immutabilitySettings.state')).toBe('Locked');
    expect(await allOf('dataprotection:DppResourceGuardProxy')).toHaveLength(1);
    expect(await allOf('dataprotection:BackupInstance')).toHaveLength(1);
    expect(textAt(await named('sql:Server', 'records-standby'), 'location')).toBe('northeurope');
  });

  it('has playbooks at hand, and evidence that nobody changes', async () => {
    expect((await allOf('logic:Workflow')).map(({ logicalId }) => logicalId).sort()).toEqual(
      ['closeStore', 'exercise', 'freezeIdentity', 'isolateHost'].map((name) => `runbooks-${name}`),
    );
    const evidence = await named('storage:StorageAccount', 'runbooks-evidence-account');
    expect(textAt(evidence, 'immutableStorageWithVersioning.immutabilityPolicy.state')).toBe('Locked');
    expect(await allOf('operationalinsights:Query')).toHaveLength(6);
  });

  it('has a rule that names each duty once somebody takes it away', async () => {
    const { graph } = await gatherStatement(
      weakened({
        'cases-principal': 'props.appRoleAssignmentRequired = false;',
        'support-engineers-activation': "props.activationRules = { ...props.activationRules, maximumDuration: 'P1D' };",
        'package-subcontractors-policy': 'props.approvalSettings = { ...props.approvalSettings, approvalRequired: false };',
        'attachments-account': "props.allowedCopyScope = undefined; props.publicNetworkAccess = 'Enabled';",
        'records-server': "props.publicNetworkAccess = 'Enabled';",
        'records-server-audit': "props.auditActionsAndGroups = ['FAILED_DATABASE_AUTHENTICATION_GROUP'];",
        'attachments-blob-diagnostics': 'props.logs = [];',
        'interface-policy': "props.value = '<policies><inbound /><backend /><outbound /><on-error /></policies>';",
        'entry-firewall-policy': "props.policySettings = { state: 'Enabled', mode: 'Detection' };",
        'copies-vault': "props.properties = { ...props.properties, securitySettings: { immutabilitySettings: { state: 'Disabled' } } };",
        'diagnostics-definition':
          "props.permissions = [{ actions: ['Microsoft.Storage/storageAccounts/listKeys/action'], notActions: [], dataActions: [], notDataActions: [] }];",
        'data-access-review': "props.defaultDecision = 'Approve';",
      }),
      config,
    );
    const found = evaluate(graph, { rules: RULES }).findings.map(({ control, resource }) => `${control} ${resource.logicalId}`);
    for (const duty of [
      'LPA-05 cases-principal',
      'LPA-11 support-engineers-activation',
      'LPA-08 package-subcontractors-policy',
      'DHC-08 attachments-account',
      'DID-05 records-server',
      'LOG-06 records-server-audit',
      'LOG-05 attachments-account',
      'DID-16 interface-api',
      'DID-07 entry-firewall-policy',
      'BCR-02 copies-vault',
      'EXP-01 diagnostics-definition',
      'UAR-03 data-access-review',
    ])
      expect(found).toContain(duty);
  });
});

describe('a lighter tier', () => {
  const PROFILES = {
    low: { sensitivity: 'internal', volume: 'few' },
    moderate: { sensitivity: 'confidential', volume: 'thousands' },
  } as const;

  it('falls away step by step', async () => {
    const made: Program[] = [];
    for (const tier of ['low', 'moderate'] as const) {
      const profile = { ...CASE_MANAGEMENT, ...PROFILES[tier], exposure: 'organisation' } as const;
      made.push((await run(() => caseManagement({ ...ARGS, profile }), { preview: true })).program);
    }
    made.push((await previewed()).program);
    const count = (type: string) => made.map((program) => program.of(type).length);
    // A second server, its ledger, long-term copies and modules for keys are of the high tier.
    expect(count('sql:Server')).toEqual([1, 1, 2]);
    expect(count('sql:FailoverGroup')).toEqual([0, 0, 1]);
    expect(count('sql:LongTermRetentionPolicy')).toEqual([0, 0, 1]);
    expect(made.map((program) => program.one('sql:Database').inputs.isLedgerOn)).toEqual([false, false, true]);
    expect(made.map((program) => program.named('vault-vault').inputs.properties.sku.name)).toEqual(['standard', 'standard', 'premium']);
    expect(made.map((program) => program.named('machines-plan').inputs.zoneRedundant)).toEqual([false, false, true]);
    // Statements are audited, and names refused, from the moderate tier on.
    expect(
      made.map((program) => program.named('records-server-audit').inputs.auditActionsAndGroups.includes('BATCH_COMPLETED_GROUP')),
    ).toEqual([false, true, true]);
    expect(count('dnsresolver:DnsSecurityRule')).toEqual([0, 2, 2]);
    // The closed roles, the filter and the alarms are of every tier.
    for (const type of ['apimanagement:ApiPolicy', 'monitor:ScheduledQueryRule', 'azuread:index/appRoleAssignment:AppRoleAssignment'])
      expect(new Set(count(type)).size).toBe(1);
  });

  it('breaks no rule either', async () => {
    const profile = { ...CASE_MANAGEMENT, ...PROFILES.low, exposure: 'organisation' };
    const { graph } = await gatherStatement(
      `load('dist/stacks/azure/case-management.js').caseManagement(${JSON.stringify({ ...ARGS, profile })});`,
    );
    const { findings, tiers } = evaluate(graph, { rules: RULES });
    expect([...tiers.values()].map(({ tier }) => tier)).toEqual(['low']);
    expect(findings.map(({ rule, resource }) => `${rule} on ${resource.logicalId}`)).toEqual([]);
  });
});
