/** What is backed up on Azure, and how far back it goes. */
import type { ControlId } from '../../../controls';
import type { Graph } from '../../graph';
import { every, fail, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, type RuleSpec, rule } from '../../rule';
import type { Value } from '../../value';
import { BACKUP_VAULT, RECOVERY_VAULT } from './azure-vaults';

const MACHINE = 'azure-native:compute:VirtualMachine';
const SHARE = 'azure-native:storage:FileShare';
const ACCOUNT = 'azure-native:storage:StorageAccount';
const ITEM = 'azure-native:recoveryservices:ProtectedItem';
const INSTANCE = 'azure-native:dataprotection:BackupInstance';
const POLICY = 'azure-native:recoveryservices:ProtectionPolicy';
const DPP_POLICY = 'azure-native:dataprotection:BackupPolicy';

/** Days within which a mistake is noticed: what Azure itself keeps where nobody says otherwise. */
const LEAST_DAYS = 7;

/** Whether the input plans backups at all; where it does not, somebody else may. */
const plansBackups = (graph: Graph): boolean =>
  [RECOVERY_VAULT, BACKUP_VAULT, ITEM, INSTANCE].some((type) => graph.ofType(type).some((one) => graph.exists(one)));

/** The item names what it protects by id; an id that only deployment tells may be any. */
function isProtected(source: Resource, graph: Graph): Outcome {
  if (!plansBackups(graph)) return notApplicable('nothing here plans backups');
  const named: readonly (readonly [type: string, path: string])[] = [
    [ITEM, 'properties.sourceResourceId'],
    [INSTANCE, 'properties.dataSourceInfo.resourceID'],
  ];
  if (named.some(([type, path]) => graph.pointingAt(source, type, path).length > 0)) return pass();
  const open = graph.once('backup items of unknown sources', () =>
    named
      .flatMap(([type, path]) => graph.ofType(type).map((one) => one.at(path)))
      .find((value) => value.state === 'unknown' && value.targets.length === 0),
  );
  return open ? open.asUnknown() : fail('no backup item here protects it');
}

/** A durable machine; those of a scale set are made anew. */
const keepsData = (machine: Resource): Outcome =>
  machine.at('virtualMachineScaleSet').isSet().verdict === 'pass' ? notApplicable('is made anew by its scale set') : pass();

/** A share is protected through its account. */
function shareIsProtected(share: Resource, graph: Graph): Outcome {
  const account = graph.target(share.at('accountName'), ACCOUNT);
  return account ? isProtected(account, graph) : notApplicable('its account is declared elsewhere');
}

/** Days of a duration of the older kind (`{ count, durationType }`), at least. */
const DAYS_OF: Readonly<Record<string, number>> = { days: 1, weeks: 7, months: 28, years: 365 };
function reachesBack(duration: Value): Outcome {
  const [count, unit] = [duration.at('count'), duration.at('durationType').orDefault('Days')];
  if (count.number === undefined) return count.state === 'absent' ? count.asFailure() : count.asUnknown();
  if (unit.string === undefined) return unit.asUnknown();
  const days = count.number * (DAYS_OF[unit.string.toLowerCase()] ?? 0);
  return days >= LEAST_DAYS ? pass() : fail(`keeps ${count.number} ${unit.string}, less than ${LEAST_DAYS} days`, count.path);
}

const SCHEDULES = ['dailySchedule', 'weeklySchedule', 'monthlySchedule', 'yearlySchedule'];

/** Of machines; of file shares, whose copies in the vault outlive their snapshots; and of databases, whose logs and whole backups differ. */
const retentionsOf = (policy: Resource): readonly Value[] =>
  [
    policy.at('properties.retentionPolicy'),
    policy.at('properties.vaultRetentionPolicy.vaultRetention'),
    ...policy
      .at('properties.subProtectionPolicy')
      .items()
      .map((part) => part.at('retentionPolicy')),
  ].filter(({ state }) => state !== 'absent');

const durationsOf = (retention: Value): readonly Value[] =>
  [retention, ...SCHEDULES.map((name) => retention.at(name))]
    .map((schedule) => schedule.at('retentionDuration'))
    .filter(({ state }) => state !== 'absent');

function policyReachesBack(policy: Resource): Outcome {
  const retentions = retentionsOf(policy);
  if (retentions.length === 0) return notApplicable('keeps its retention elsewhere');
  const dated = retentions.map(durationsOf).filter((durations) => durations.length > 0);
  return dated.length === 0
    ? notApplicable('says nothing of days')
    : every(dated, (durations) => some(durations, reachesBack, `keeps less than ${LEAST_DAYS} days`));
}

/** ISO 8601, as far as policies use it: `P30D`, `P4W`, `P12M`, `P5Y`. */
const PER_UNIT: Readonly<Record<string, number>> = { D: 1, W: 7, M: 28, Y: 365 };
function lastsLongEnough(duration: Value): Outcome {
  const [, count, unit = ''] = /^P(\d+)([DWMY])/i.exec(duration.string ?? '') ?? [];
  if (count === undefined) return duration.state === 'known' ? duration.asFailure() : duration.asUnknown();
  return Number(count) * (PER_UNIT[unit.toUpperCase()] as number) >= LEAST_DAYS
    ? pass()
    : fail(`${duration.describe()}, less than ${LEAST_DAYS} days`, duration.path);
}

function instancePolicyReachesBack(policy: Resource): Outcome {
  const rules = policy
    .at('properties.policyRules')
    .items()
    .filter((one) => one.at('objectType').is('AzureRetentionRule').verdict === 'pass');
  const ends = rules.flatMap((one) =>
    one
      .at('lifecycles')
      .items()
      .map((life) => life.at('deleteAfter.duration')),
  );
  return ends.length === 0 ? notApplicable('has no retention rule') : some(ends, lastsLongEnough, `keeps less than ${LEAST_DAYS} days`);
}

const items = (properties: object, type = ITEM) => ({ item: { type, properties: { properties } } });
const machine = (rest: object, properties: object = {}) => ({ resources: { machine: { type: MACHINE, properties }, ...rest } });
const vault = { vault: { type: RECOVERY_VAULT, properties: {} } };
const share = (rest: object, accountName: unknown = { $ref: 'data' }) => ({
  resources: { share: { type: SHARE, properties: { accountName } }, data: { type: ACCOUNT, properties: {} }, ...rest },
});
const planned = (properties: object) => ({ resources: { policy: { type: POLICY, properties: { properties } } } });
const policy = (retentionPolicy: object) => planned({ retentionPolicy });
const shares = (vaultRetention: object) => planned({ vaultRetentionPolicy: { snapshotRetentionInDays: 7, vaultRetention } });
const databases = (...retentions: readonly object[]) =>
  planned({ subProtectionPolicy: retentions.map((retentionPolicy) => ({ retentionPolicy })) });
const lasting = (count: unknown, durationType: unknown = 'Days') => ({ retentionDuration: { count, durationType } });
const ruled = (duration: unknown, objectType = 'AzureRetentionRule') => ({
  resources: {
    policy: {
      type: DPP_POLICY,
      properties: { properties: { policyRules: [{ objectType, lifecycles: [{ deleteAfter: { duration } }] }] } },
    },
  },
});

const COVERAGE: readonly RuleSpec[] = [
  rule({
    on: MACHINE,
    check: (one, graph) => when(keepsData(one), () => isProtected(one, graph)),
    fix: 'Add a recoveryservices.ProtectedItem (AzureIaaSComputeVMProtectedItem) with the id of the machine as sourceResourceId, and a policy.',
    pass: [machine(items({ sourceResourceId: { $ref: 'machine.id' } }))],
    fail: [machine(vault)],
    unknown: [machine(items({ sourceResourceId: { $unknown: 'config value' } }))],
    skip: [machine({}), machine(vault, { virtualMachineScaleSet: { id: '/subscriptions/s/set' } })],
  }),
  rule({
    on: SHARE,
    check: shareIsProtected,
    fix: 'Add a recoveryservices.ProtectedItem (AzureFileshareProtectedItem) with the id of the storage account as sourceResourceId, and a policy.',
    pass: [
      share(items({ sourceResourceId: { $ref: 'data.id' } })),
      share(items({ dataSourceInfo: { resourceID: { $ref: 'data.id' } } }, INSTANCE)),
    ],
    fail: [share(vault)],
    skip: [share({}), share(vault, { $unknown: 'config value' })],
  }),
  rule({
    on: ITEM,
    check: (item) => {
      const state = item.at('properties.protectionState');
      return state.state === 'absent' ? notApplicable('says nothing') : state.isOneOf(['Protected', 'IRPending']);
    },
    fix: 'Resume the protection, or remove the item.',
    pass: [{ resources: items({ protectionState: 'Protected' }) }, { resources: items({ protectionState: 'IRPending' }) }],
    fail: [{ resources: items({ protectionState: 'ProtectionStopped' }) }],
    unknown: [{ resources: items({ protectionState: { $unknown: 'config value' } }) }],
  }),
  rule({
    on: POLICY,
    check: policyReachesBack,
    fix: `Keep recovery points for at least ${LEAST_DAYS} days.`,
    pass: [
      policy({ dailySchedule: lasting(30) }),
      policy(lasting(LEAST_DAYS)),
      policy({ weeklySchedule: lasting(4, 'Weeks') }),
      policy({ monthlySchedule: lasting(1, 'Months') }),
      policy({ yearlySchedule: lasting(1, 'Years') }),
      shares({ dailySchedule: lasting(30) }),
      databases({ dailySchedule: lasting(30) }, lasting(LEAST_DAYS)),
    ],
    fail: [
      policy({ dailySchedule: lasting(LEAST_DAYS - 1) }),
      shares({ dailySchedule: lasting(LEAST_DAYS - 1) }),
      databases({ dailySchedule: lasting(30) }, lasting(LEAST_DAYS - 1)),
    ],
    unknown: [
      policy({ dailySchedule: lasting({ $unknown: 'config value' }) }),
      policy({ dailySchedule: lasting(30, { $unknown: 'config value' }) }),
    ],
    skip: [policy({}), { resources: { policy: { type: POLICY, properties: {} } } }],
  }),
  rule({
    on: DPP_POLICY,
    check: instancePolicyReachesBack,
    fix: `Set deleteAfter.duration of a retention rule to at least P${LEAST_DAYS}D.`,
    pass: [ruled('P30D'), ruled('P1W'), ruled('P12M'), ruled('P5Y')],
    fail: [ruled('P1D')],
    unknown: [ruled({ $unknown: 'config value' })],
    skip: [ruled('P30D', 'AzureBackupRule')],
  }),
];

export const AZURE_COVERAGE = { 'BCR-01': { azure: COVERAGE } } as const satisfies { readonly [Id in ControlId]?: PerCloud };
