/** Trails: the control plane and the data are recorded, unabridged, in every region. */
import { type Access, EVENT_DATA_STORE, type Selection, selectionsOf, selects, TRAIL } from '../../facts/logging';
import { BUCKET, deliveredInto } from '../../facts/storage';
import type { Graph } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type RuleSpec, rule } from '../../rule';

/** Trails and event data stores that record at all. */
const recorders = (graph: Graph): readonly Resource[] =>
  graph.ofType(TRAIL, EVENT_DATA_STORE).filter((one) => graph.exists(one) && isOn(one).verdict !== 'fail');

function isOn(recorder: Resource): Outcome {
  if (recorder.type === EVENT_DATA_STORE) return recorder.at('IngestionEnabled').orDefault(true).isTrue();
  const written = recorder.at('IsLogging');
  return written.state === 'absent' ? unknown('IsLogging, which every trail must state, is not set', 'IsLogging') : written.isTrue();
}

/** Event data stores also hold other things than events of CloudTrail (configuration items, evidence): those are not meant. */
function holdsEvents(recorder: Resource): boolean {
  const selections = selectionsOf(recorder);
  return selections === undefined || selections.length === 0 || selections.some(({ category }) => category !== 'other');
}

function recordsEverywhere(recorder: Resource): Outcome {
  if (recorder.type === EVENT_DATA_STORE) return recorder.at('MultiRegionEnabled').orDefault(true).isTrue();
  return allOf(
    recorder.at('IsMultiRegionTrail').orDefault(false).isTrue(),
    recorder.at('IncludeGlobalServiceEvents').orDefault(true).isTrue(),
  );
}

/** The trail of the account that manages the organisation records the organisation. */
function recordsOrganisation(recorder: Resource, graph: Graph): Outcome {
  const manages = ['AWS::Organizations::Organization', 'AWS::Organizations::Policy'].some((type) =>
    graph.ofType(type).some(({ unit }) => unit === recorder.unit),
  );
  const path = recorder.type === TRAIL ? 'IsOrganizationTrail' : 'OrganizationEnabled';
  return manages ? recorder.at(path).orDefault(false).isTrue() : pass();
}

/** Reads and writes of management events, by this recorder. A recorder of data events alone is kept company by another. */
function recordsManagement(recorder: Resource, graph: Graph): Outcome {
  const own = management(recorder);
  if (own === undefined) return unknown('the event selectors are decided on deployment', 'AdvancedEventSelectors');
  if (own.size === 2) return pass();
  if (own.size === 1) return fail(`of management events only ${[...own].join()} are recorded`, selectorsPath(recorder));
  const others = recorders(graph).some((other) => other !== recorder && management(other)?.size === 2);
  if (others) return pass();
  const data = selectionsOf(recorder)?.some(({ category }) => category === 'data');
  return data
    ? unknown('it records data events only, and no trail here records management events', selectorsPath(recorder))
    : fail('records no management events', selectorsPath(recorder));
}

function management(recorder: Resource): ReadonlySet<Access> | undefined {
  const selections = selectionsOf(recorder);
  if (!selections) return undefined;
  const whole = selections.filter(({ category, narrowed }) => category === 'management' && !narrowed);
  return new Set(whole.flatMap(({ records }) => [...records]));
}

const selectorsPath = (recorder: Resource): string =>
  recorder.at('AdvancedEventSelectors').state === 'absent' ? 'EventSelectors' : 'AdvancedEventSelectors';

/** Stores whose data events count, with the type by which CloudTrail knows their items. */
const STORES: readonly (readonly [store: string, item: string, words: string])[] = [
  [BUCKET, 'AWS::S3::Object', 'objects of S3'],
  ['AWS::DynamoDB::Table', 'AWS::DynamoDB::Table', 'items of DynamoDB'],
  ['AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table', 'items of DynamoDB'],
];

/** All recorders together record this kind of access to every store here; judged once, at the first trail by its id. */
const recordsData =
  (access: Access) =>
  (recorder: Resource, graph: Graph): Outcome => {
    const all = recorders(graph)
      .filter(holdsEvents)
      .sort((one, other) => (rank(one) < rank(other) ? -1 : 1));
    if (all[0] !== recorder) return notApplicable('is judged together with the first trail');
    const selections = all.map(selectionsOf);
    const found = selections.flatMap((one) => one ?? []);
    const lacking = missing(found, access, graph);
    if (lacking === undefined) return pass();
    return selections.includes(undefined)
      ? unknown('the event selectors are decided on deployment', 'AdvancedEventSelectors')
      : fail(`${access} of ${lacking} are not recorded`, selectorsPath(recorder));
  };

/** Trails come before stores of events; the order of the template does not matter. */
const rank = ({ id, type }: Resource): string => `${type === TRAIL ? 0 : 1} ${id}`;

function missing(selections: readonly Selection[], access: Access, graph: Graph): string | undefined {
  const stores = STORES.map(([type, item, words]) => ({ item, words, of: storesOf(type, graph) }));
  const [objects] = stores;
  // Nothing here to protect: then the trail serves what is elsewhere, and records objects at least.
  if (objects && stores.every(({ of }) => of.length === 0))
    return selections.some((one) => selects(one, objects.item, access)) ? undefined : objects.words;
  for (const { item, words, of } of stores) {
    const lost = of.find((store) => !selections.some((one) => selects(one, item, access, store)));
    if (lost) return `${words} in ${lost.logicalId}`;
  }
  return undefined;
}

/** Deliveries of records into an archive are not data: recording them would record itself. */
const storesOf = (type: string, graph: Graph): readonly Resource[] =>
  graph.ofType(type).filter((store) => graph.exists(store) && !(type === BUCKET && deliveredInto(store, graph).size > 0));

function keepsKeyEvents(recorder: Resource): Outcome {
  const selections = selectionsOf(recorder);
  if (!selections) return unknown('the event selectors are decided on deployment', 'AdvancedEventSelectors');
  const sources = selections.flatMap(({ excludedSources }) => excludedSources);
  return every(sources, (source) =>
    source.is('kms.amazonaws.com').verdict === 'pass' ? fail(`uses of keys are left out: ${source.describe()}`, source.path) : pass(),
  );
}

function alertsReach(trail: Resource): Outcome {
  const group = trail.at('CloudWatchLogsLogGroupArn');
  if (group.isSet().verdict === 'pass') return pass();
  return fail('CloudWatchLogsLogGroupArn is not set: no metric filter can run on the records', 'CloudWatchLogsLogGroupArn');
}

const trail = (properties: object = {}) => ({
  Trail: { Type: TRAIL, Properties: { S3BucketName: 'records', IsLogging: true, IsMultiRegionTrail: true, ...properties } },
});
const field = (Field: string, ...Equals: readonly string[]) => ({ Field, Equals });
const advanced = (...selectors: readonly (readonly object[])[]) =>
  trail({ AdvancedEventSelectors: selectors.map((FieldSelectors) => ({ FieldSelectors })) });
const classic = (...EventSelectors: readonly object[]) => trail({ EventSelectors });
const objects = (access: 'All' | 'ReadOnly' | 'WriteOnly') =>
  classic({ ReadWriteType: access, DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] });
const store = (properties: object) => ({ Store: { Type: EVENT_DATA_STORE, Properties: properties } });

export const controlPlane: readonly RuleSpec[] = [
  rule({
    on: [TRAIL, EVENT_DATA_STORE],
    check: (recorder, graph) => {
      if (!holdsEvents(recorder)) return notApplicable('holds no events of CloudTrail');
      return allOf(isOn(recorder), recordsEverywhere(recorder), recordsManagement(recorder, graph), recordsOrganisation(recorder, graph));
    },
    fix: 'Use SecureTrail, or set IsLogging, IsMultiRegionTrail and IncludeGlobalServiceEvents to true and record all management events, reads included.',
    pass: [{ resources: trail() }, { resources: store({ MultiRegionEnabled: true }) }],
    fail: [
      { resources: trail({ IsLogging: false }) },
      { resources: trail({ IsMultiRegionTrail: 'false' }) },
      { name: 'one region by default', resources: { Trail: { Type: TRAIL, Properties: { S3BucketName: 'records', IsLogging: true } } } },
      { resources: trail({ IncludeGlobalServiceEvents: false }) },
      { name: 'only writes', resources: classic({ ReadWriteType: 'WriteOnly' }) },
      {
        name: 'only writes, by advanced selectors',
        resources: advanced([field('eventCategory', 'Management'), field('readOnly', 'false')]),
      },
      { name: 'nothing', resources: classic({ IncludeManagementEvents: false }) },
      { resources: store({ MultiRegionEnabled: false }) },
      { resources: store({ IngestionEnabled: false }) },
    ],
    unknown: [
      { resources: trail({ IsLogging: undefined }) },
      {
        name: 'data events only: another trail may exist elsewhere',
        resources: classic({ IncludeManagementEvents: false, DataResources: [{ Type: 'AWS::S3::Object', Values: ['arn:aws:s3'] }] }),
      },
    ],
    skip: [
      {
        name: 'configuration items',
        resources: {
          Store: {
            Type: EVENT_DATA_STORE,
            Properties: { AdvancedEventSelectors: [{ FieldSelectors: [field('eventCategory', 'ConfigurationItem')] }] },
          },
        },
      },
    ],
  }),
  rule({
    on: TRAIL,
    severity: 'low',
    from: 'moderate',
    check: alertsReach,
    fix: 'Deliver the trail to a log group as well (CloudWatchLogsLogGroupArn and CloudWatchLogsRoleArn), so that alarms can run on it.',
    pass: [{ resources: trail({ CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['Group', 'Arn'] } }) }],
    fail: [{ resources: trail() }],
  }),
];

export const dataReads = rule({
  on: [TRAIL, EVENT_DATA_STORE],
  check: recordsData('reads'),
  fix: 'Use SecureTrail, or add advanced event selectors with eventCategory Data for AWS::S3::Object and AWS::DynamoDB::Table without readOnly.',
  pass: [
    { resources: objects('ReadOnly') },
    {
      name: 'every store here, and not the archive',
      resources: {
        ...advanced(
          [field('eventCategory', 'Data'), field('resources.type', 'AWS::S3::Object')],
          [field('eventCategory', 'Data'), field('resources.type', 'AWS::DynamoDB::Table')],
        ),
        Cases: { Type: BUCKET },
        Table: { Type: 'AWS::DynamoDB::Table', Properties: {} },
      },
    },
    {
      name: 'named buckets',
      resources: {
        ...classic({ DataResources: [{ Type: 'AWS::S3::Object', Values: [{ 'Fn::Sub': '${Cases.Arn}/' }] }] }),
        Cases: { Type: BUCKET },
      },
    },
  ],
  fail: [
    { resources: trail() },
    { name: 'only alterations', resources: objects('WriteOnly') },
    {
      name: 'a part of a bucket',
      resources: {
        ...classic({ DataResources: [{ Type: 'AWS::S3::Object', Values: [{ 'Fn::Sub': '${Cases.Arn}/public/' }] }] }),
        Cases: { Type: BUCKET },
      },
    },
    { name: 'a kind of store left out', resources: { ...objects('All'), Table: { Type: 'AWS::DynamoDB::Table', Properties: {} } } },
    {
      name: 'only some calls',
      resources: advanced([field('eventCategory', 'Data'), field('resources.type', 'AWS::S3::Object'), field('eventName', 'DeleteObject')]),
    },
  ],
  unknown: [
    { parameters: { Selectors: { Type: 'CommaDelimitedList' } }, resources: trail({ AdvancedEventSelectors: { Ref: 'Selectors' } }) },
  ],
});

export const dataWrites = rule({
  on: [TRAIL, EVENT_DATA_STORE],
  check: recordsData('writes'),
  fix: 'Use SecureTrail, or add advanced event selectors with eventCategory Data for AWS::S3::Object and AWS::DynamoDB::Table without readOnly.',
  pass: [{ resources: objects('WriteOnly') }],
  fail: [{ resources: trail() }, { name: 'only reads', resources: objects('ReadOnly') }],
});

export const keyEvents = rule({
  on: [TRAIL, EVENT_DATA_STORE],
  check: keepsKeyEvents,
  fix: 'Remove kms.amazonaws.com from ExcludeManagementEventSources, or from the selector on eventSource.',
  pass: [{ resources: trail() }],
  fail: [
    { resources: classic({ ExcludeManagementEventSources: ['kms.amazonaws.com'] }) },
    { resources: advanced([field('eventCategory', 'Management'), { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] }]) },
  ],
});
