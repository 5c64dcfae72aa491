/** What collects the records of hosts on Azure: sources, what is done to records on their way, and where they go. */
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { all, listed, places, queries } from './azure-parts';
import { at, type Guard, type InBoth, meaning, type Said } from './parts';

export const AZURE_COLLECTION: readonly Guard[] = [
  {
    on: /^azure-native:monitor:DataCollectionRule$/,
    aspect: 'logging',
    ends: 'the records of hosts are not collected any more',
    when: (rule) => !isOfWorkspace(rule),
    parts: [all('dataSources', 'what it collects', sourcesOf), meaning('dataFlows', flowsCompared), meaning('dataFlows', transformed)],
  },
  {
    on: /^azure-native:monitor:DataCollectionRule$/,
    aspect: 'logging',
    severity: 'high',
    silences: 'what does not pass its queries is dropped on the way into the workspace',
    when: (rule) => isOfWorkspace(rule) && changesRecords(rule),
    parts: [meaning('dataFlows', transformed)],
  },
  {
    on: /^azure-native:monitor:DataCollectionRuleAssociation$/,
    aspect: 'logging',
    ends: 'the records of its host are not collected any more',
    parts: [places('dataCollectionRuleId', 'the rule that its host follows'), places('resourceUri', 'whose records are collected')],
  },
];

// ── What is compared ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const lists = (source: Plain, path: string): readonly string[] => asList(valueAt(source, path)).flatMap((one) => asText(one) ?? []);

/** What a rule collects, source by source, wherever it stands in the lists. */
function sourcesOf({ dataSources }: PlainMap): readonly string[] {
  const of = (kind: string) => asList(valueAt(dataSources, kind));
  return [
    ...of('windowsEventLogs').flatMap((one) => lists(one, 'xPathQueries').map((query) => `events ${query.replaceAll(/\s+/g, '')}`)),
    ...of('syslog').flatMap((one) =>
      lists(one, 'facilityNames').flatMap((facility) => lists(one, 'logLevels').map((level) => `syslog ${facility} ${level}`)),
    ),
    ...of('logFiles').flatMap((one) => lists(one, 'filePatterns').map((file) => `the file ${file}`)),
    ...of('iisLogs').flatMap((one) =>
      lists(one, 'logDirectories').length === 0
        ? ['logs of IIS']
        : lists(one, 'logDirectories').map((folder) => `logs of IIS in ${folder}`),
    ),
    ...of('windowsFirewallLogs').map(() => 'logs of the firewall of Windows'),
    ...of('extensions').map((one) => `the extension ${at('extensionName')(one) ?? 'without a name'}`),
    ...of('platformTelemetry').flatMap((one) => lists(one, 'streams').map((stream) => `telemetry ${stream}`)),
    ...of('prometheusForwarder').flatMap((one) => lists(one, 'streams')),
    ...of('performanceCounters').flatMap((one) => lists(one, 'counterSpecifiers').map((counter) => `the counter ${counter}`)),
    ...(valueAt(dataSources, 'dataImports') === undefined ? [] : ['data imports']),
  ];
}

/** Destinations by the name under which flows know them. */
function destinationsOf({ destinations }: PlainMap): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const kind of Object.values(asMap(destinations)))
    for (const one of asList(kind)) {
      const name = asText(asMap(one).name);
      const [, place] = Object.entries(asMap(one)).find(([key]) => /ResourceId$/.test(key)) ?? [];
      if (name !== undefined) found.set(name, asText(place) ?? name);
    }
  return found;
}

/** Which stream goes where. */
function flowsCompared(before: PlainMap, after: PlainMap, words: InBoth): readonly Said[] {
  const flows = (rule: PlainMap, side: 'before' | 'after') => {
    const [known, of] = [destinationsOf(rule), words.places[side]];
    return new Map(
      asList(rule.dataFlows).flatMap((flow) =>
        lists(flow, 'streams').flatMap((stream) =>
          lists(flow, 'destinations').map((name) => {
            const place = known.get(name) ?? name;
            return [`${stream.toLowerCase()} ${of.key(place)}`, { stream, place }] as const;
          }),
        ),
      ),
    );
  };
  const [old, now] = [flows(before, 'before'), flows(after, 'after')];
  const lost = [...old].filter(([key]) => !now.has(key)).map(([, flow]) => flow);
  const come = [...now].filter(([key]) => !old.has(key)).map(([, flow]) => flow);
  const outside = come.some(({ place }) => words.places.after.isForeign(place));
  const to = (flowsOf: typeof lost, side: 'before' | 'after') => listed(flowsOf.map(({ place }) => words.places[side].name(place)));
  if (lost.length === 0)
    return come.length === 0
      ? []
      : [{ direction: outside ? 'weaker' : 'stronger', words: `where it sends records: now also ${to(come, 'after')}`, outside }];
  const streams = listed(lost.map(({ stream }) => stream.replace(/^Microsoft-/, '')));
  return [
    come.length === 0
      ? { direction: 'weaker', words: `what it sends: no longer ${streams} to ${to(lost, 'before')}` }
      : { direction: 'weaker', words: `where it sends ${streams}: ${to(come, 'after')} instead of ${to(lost, 'before')}`, outside },
  ];
}

const UNCHANGED = 'source';

/** It collects nothing: it changes what others send into a workspace. */
const isOfWorkspace = (rule: Plain): boolean => /^WorkspaceTransforms$/i.test(at('kind')(rule) ?? '');
const changesRecords = (rule: Plain): boolean => [...transformations(asMap(rule)).values()].some((query) => query.trim() !== UNCHANGED);

/** What is done to the records of each stream; where nothing is said, nothing. */
const transformations = (rule: PlainMap): ReadonlyMap<string, string> =>
  new Map(
    asList(rule.dataFlows).flatMap((flow) =>
      lists(flow, 'streams').map((stream) => [stream.toLowerCase(), asText(asMap(flow).transformKql) ?? UNCHANGED] as const),
    ),
  );

/** What is done to records on their way: a query that filters drops some of them. */
function transformed(before: PlainMap, after: PlainMap): readonly Said[] {
  const [old, now] = [transformations(before), transformations(after)];
  const all = [before, after].some(isOfWorkspace);
  const streams = all ? [...new Set([...old.keys(), ...now.keys()])] : [...old.keys()].filter((stream) => now.has(stream));
  const lines = new Map<string, Said>();
  for (const stream of streams)
    for (const said of queries('what it lets through on the way', old.get(stream) ?? UNCHANGED, now.get(stream) ?? UNCHANGED, true))
      lines.set(said.words, said);
  return [...lines.values()];
}
