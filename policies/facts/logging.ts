/** Records: how long each class is kept, what a trail records, where records of Azure resources go, and what an archive is. */
import type { Tier } from '../../controls';
import type { Graph } from '../graph';
import { fail, type Outcome, pass } from '../outcome';
import type { Resource } from '../resource';
import { Value } from '../value';

/** security: who did what to the control plane. access: reads and alterations of data. operations: everything else. */
export type RecordClass = 'security' | 'access' | 'operations';

/**
 * Least days by tier and class (LOG-10). A year for security records is PCI DSS v4.0 10.5.1; two years (731 days, so that a
 * leap year is whole) for both classes that answer "who accessed what" is what the high tier promises; 90 searchable days
 * are the same requirement's three months.
 */
export const LEAST_DAYS: Readonly<Record<Tier, Readonly<Record<RecordClass, number>>>> = {
  low: { security: 365, access: 90, operations: 30 },
  moderate: { security: 365, access: 365, operations: 90 },
  high: { security: 731, access: 731, operations: 180 },
};

/** A Log Analytics workspace keeps records searchable for at most this many days; longer retention is set table by table. */
export const LONGEST_WORKSPACE_DAYS = 730;

// ── AWS: log groups and archives ─────────────────────────────────────────────────────────────────────────────────────

/** Who writes into a log group: type, property that names the group, class of the records. */
const WRITERS: readonly (readonly [type: string, path: string, records: RecordClass])[] = [
  ['AWS::CloudTrail::Trail', 'CloudWatchLogsLogGroupArn', 'security'],
  ['AWS::EC2::FlowLog', 'LogGroupName', 'access'],
  ['AWS::EC2::FlowLog', 'LogDestination', 'access'],
  ['AWS::Route53Resolver::ResolverQueryLoggingConfig', 'DestinationArn', 'access'],
  ['AWS::EC2::ClientVpnEndpoint', 'ConnectionLogOptions.CloudwatchLogGroup', 'access'],
  ['AWS::WAFv2::LoggingConfiguration', 'LogDestinationConfigs', 'access'],
  ['AWS::ApiGateway::Stage', 'AccessLogSetting.DestinationArn', 'access'],
  ['AWS::ApiGatewayV2::Stage', 'AccessLogSettings.DestinationArn', 'access'],
];

/** The strictest class of what is written into the group, as far as the input shows. */
export function classOf(group: Resource, graph: Graph): RecordClass {
  const named = group.at('LogGroupName').shape ?? '';
  if (/cloudtrail/i.test(named)) return 'security';
  const classes = WRITERS.filter(([type, path]) => graph.pointingAt(group, type, path).length > 0).map(([, , records]) => records);
  if (classes.includes('security')) return 'security';
  return classes.includes('access') || /^aws-waf-logs-/.test(named) ? 'access' : 'operations';
}

// ── AWS: what a trail records ────────────────────────────────────────────────────────────────────────────────────────

export const TRAIL = 'AWS::CloudTrail::Trail';
export const EVENT_DATA_STORE = 'AWS::CloudTrail::EventDataStore';

export type Access = 'reads' | 'writes';

/** One selector of a trail, classic or advanced. */
export interface Selection {
  readonly value: Value;
  /** other: configuration items, evidence and what else an event data store may hold. */
  readonly category: 'management' | 'data' | 'other';
  readonly records: ReadonlySet<Access>;
  /** Types of resources, for data events. */
  readonly types: readonly Value[];
  /** Only these, by ARN; undefined means all. */
  readonly only?: readonly Value[] | undefined;
  readonly except: readonly Value[];
  /** A field narrows it further: event names, users. */
  readonly narrowed: boolean;
  /** Sources of management events that are left out. */
  readonly excludedSources: readonly Value[];
}

const BOTH: ReadonlySet<Access> = new Set(['reads', 'writes']);
const ACCESSES: Readonly<Record<string, ReadonlySet<Access>>> = { All: BOTH, ReadOnly: new Set(['reads']), WriteOnly: new Set(['writes']) };

/** What a trail or event data store selects; undefined where only deployment tells. Without selectors: all management events. */
export function selectionsOf(trail: Resource): readonly Selection[] | undefined {
  const advanced = trail.at('AdvancedEventSelectors');
  if (advanced.state === 'unknown') return undefined;
  if (advanced.isSet().verdict === 'pass') return advanced.items().map(advancedSelection);
  if (trail.type === EVENT_DATA_STORE) return [allManagement(trail.all)];
  const classic = trail.at('EventSelectors');
  if (classic.state === 'unknown') return undefined;
  return classic.isSet().verdict === 'pass' ? classic.items().flatMap(classicSelections) : [allManagement(trail.all)];
}

const allManagement = (value: Value): Selection => ({
  value,
  category: 'management',
  records: BOTH,
  types: [],
  except: [],
  narrowed: false,
  excludedSources: [],
});

function classicSelections(selector: Value): readonly Selection[] {
  const records = ACCESSES[selector.at('ReadWriteType').orDefault('All').string ?? ''] ?? BOTH;
  const common = { value: selector, records, except: [], narrowed: false };
  const management: Selection = {
    ...common,
    category: 'management',
    types: [],
    excludedSources: selector.at('ExcludeManagementEventSources').items(),
  };
  const data = selector
    .at('DataResources')
    .items()
    .map(
      (one): Selection => ({ ...common, category: 'data', types: [one.at('Type')], only: one.at('Values').items(), excludedSources: [] }),
    );
  return selector.at('IncludeManagementEvents').orDefault(true).boolean === false ? data : [management, ...data];
}

function advancedSelection(selector: Value): Selection {
  const fields = new Map(
    selector
      .at('FieldSelectors')
      .items()
      .map((field) => [field.at('Field').string ?? '', field]),
  );
  const of = (name: string, ...tests: readonly string[]) => tests.flatMap((test) => fields.get(name)?.at(test).items() ?? []);
  const readOnly = of('readOnly', 'Equals')[0]?.string;
  const only = of('resources.ARN', 'Equals', 'StartsWith');
  const written = of('eventCategory', 'Equals')[0]?.string;
  const isData = written === 'Data';
  const known = new Set(['eventCategory', 'resources.type', 'readOnly', 'resources.ARN', ...(isData ? [] : ['eventSource'])]);
  const positiveSource = of('eventSource', 'Equals', 'StartsWith').length > 0;
  return {
    value: selector,
    category: isData ? 'data' : written === 'Management' ? 'management' : 'other',
    records: readOnly === 'true' ? new Set(['reads']) : readOnly === 'false' ? new Set(['writes']) : BOTH,
    types: of('resources.type', 'Equals'),
    only: only.length > 0 ? only : undefined,
    except: of('resources.ARN', 'NotEquals', 'NotStartsWith'),
    narrowed: [...fields.keys()].some((name) => !known.has(name)) || positiveSource || of('resources.ARN', 'EndsWith').length > 0,
    excludedSources: of('eventSource', 'NotEquals', 'NotStartsWith'),
  };
}

/** Whether a selection records data events of a kind of resource, and of this resource where one is given. */
export function selects(selection: Selection, type: string, access: Access, resource?: Resource): boolean {
  const { category, records, types, only, except, narrowed } = selection;
  if (category !== 'data' || narrowed || !records.has(access) || !types.some((one) => one.string === type)) return false;
  if (resource && except.some((one) => namesWhole(one, resource))) return false;
  return only === undefined || only.some((one) => isEverything(one) || (resource !== undefined && namesWhole(one, resource)));
}

/** `arn:aws:s3` and `arn:aws:s3:::` stand for every bucket. */
const isEverything = (arn: Value): boolean => /^arn:[^:]*:(s3|dynamodb|lambda)(:::?)?$/.test(arn.string ?? '');

/** The ARN of the resource itself, or the prefix of all that is in it; a prefix of a part is not the whole. */
function namesWhole(arn: Value, resource: Resource): boolean {
  const shape = (arn.shape ?? '').replace(/\/$/, '');
  if (arn.targets.includes(resource.id)) return shape.endsWith('}');
  const names = resource.names.flatMap((name) => Value.root(resource, name).shape ?? []);
  return names.some((name) => shape === name || (/^arn:[^:]*:s3:::/.test(shape) && shape.endsWith(`:::${name}`)));
}

// ── Azure: diagnostic settings ───────────────────────────────────────────────────────────────────────────────────────

export const SETTING = 'azure-native:monitor:DiagnosticSetting';

/** Services inside a storage account that record for themselves. */
const SUB_SERVICE = /\/(blob|file|queue|table)services\/default\/?$/i;

/** Settings of which only deployment tells whether they are of the resource itself or of a service in it. */
export const perhapsSettingsOf = (resource: Resource, graph: Graph): readonly Resource[] =>
  graph.pointingAt(resource, SETTING, 'resourceUri').filter((setting) => setting.at('resourceUri').isDerived);

/** Diagnostic settings of the resource itself, or of a service in it (`blobServices`). */
export function settingsOf(resource: Resource, graph: Graph, service?: string): readonly Resource[] {
  const settings = new Set([
    ...graph.pointingAt(resource, SETTING, 'resourceUri'),
    ...graph.childrenOf(resource).filter(({ type }) => type === SETTING),
  ]);
  return [...settings].filter((setting) => {
    const [, inside] = SUB_SERVICE.exec(setting.at('resourceUri').shape ?? '') ?? [];
    return service === undefined ? inside === undefined : inside?.toLowerCase() === service.toLowerCase();
  });
}

/** Whether a setting records the category and sends it somewhere. */
export function recordsCategory(setting: Resource, category: string): Outcome {
  const logs = setting.at('logs');
  if (logs.state === 'unknown') return logs.asUnknown();
  const lines = logs.items().filter((line) => {
    const written = line.at('category');
    return written.state === 'absent'
      ? /^(alllogs|audit)$/i.test(line.at('categoryGroup').string ?? '')
      : written.is(category).verdict === 'pass';
  });
  if (lines.length === 0) return fail(`${setting.logicalId} does not record ${category}`, logs);
  const on = lines.find((line) => line.at('enabled').isTrue().verdict !== 'fail');
  if (!on) return fail(`${setting.logicalId} has ${category} switched off`, lines[0]);
  if (on.at('enabled').isTrue().verdict === 'unknown') return on.at('enabled').isTrue();
  return goesSomewhere(setting);
}

const DESTINATIONS = ['workspaceId', 'storageAccountId', 'eventHubAuthorizationRuleId', 'marketplacePartnerId'] as const;

/** Records have a destination. */
export const goesSomewhere = (setting: Resource): Outcome =>
  DESTINATIONS.some((path) => setting.at(path).isSet().verdict === 'pass')
    ? pass()
    : fail(`${setting.logicalId} sends its records nowhere`);

/** All categories are recorded by the settings together; the first that is not decides. */
export function recordedBy(settings: readonly Resource[], categories: readonly string[], what: string): Outcome {
  if (settings.length === 0) return fail(`no diagnostic setting records ${what}`);
  for (const category of categories) {
    const outcomes = settings.map((setting) => recordsCategory(setting, category));
    const best =
      outcomes.find(({ verdict }) => verdict === 'pass') ??
      outcomes.find(({ verdict }) => verdict === 'unknown') ??
      (outcomes[0] as Outcome);
    if (best.verdict !== 'pass') return best;
  }
  return pass();
}

/** What sends records into a storage account: type and the property that names the account. */
const ARCHIVED: readonly (readonly [type: string, path: string])[] = [
  [SETTING, 'storageAccountId'],
  ['azure-native:monitor:SubscriptionDiagnosticSetting', 'storageAccountId'],
  ['azure-native:monitor:ManagementGroupDiagnosticSetting', 'storageAccountId'],
  ['azure-native:aadiam:DiagnosticSetting', 'storageAccountId'],
  ['azure-native:network:FlowLog', 'storageId'],
  ['azure-native:operationalinsights:DataExport', 'resourceId'],
];

/** yes: records are sent there. perhaps: it is write-once, as an archive would be. */
export function isLogArchive(account: Resource, graph: Graph): 'yes' | 'perhaps' | 'no' {
  if (ARCHIVED.some(([type, path]) => graph.pointingAt(account, type, path).length > 0)) return 'yes';
  return account.at('immutableStorageWithVersioning.immutabilityPolicy').state === 'absent' ? 'no' : 'perhaps';
}
