/** Limits that services of Azure keep by lists: directories that they trust, who sees clear values, what is filtered, hidden, recorded. */
import { belongingTo } from '../../../../policies/facts/azure';
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import type { Doors, Fact, Found, Item, State, View } from './facts';
import { items } from './facts';

const VAULT = 'azure-native:keyvault:Vault';
const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// ── Directories ────────────────────────────────────────────────────────────────────────────────────────────────────

/** Directories that the input itself, or the project file, calls ours. */
export function ourTenants({ graph, side }: View): ReadonlySet<string> {
  return graph.once('directories that vaults belong to', () => {
    const written = graph.ofType(VAULT).flatMap((vault) => vault.at('properties.tenantId').string ?? []);
    return new Set([...written, ...(side.settings?.partners?.tenants ?? [])].map((tenant) => tenant.toLowerCase()));
  });
}

function tenantItem(text: string, view: View): Item {
  const id = text.toLowerCase();
  if (id === '*') return { text: id, words: 'every tenant', severity: 'critical', boundary: 'tenant' };
  return GUID.test(id) && !ourTenants(view).has(id)
    ? { text: id, words: `the tenant ${id}`, severity: 'critical', boundary: 'tenant' }
    : { text: id, words: `the tenant ${view.words(text)}` };
}

const trusted = (list: Value, texts: readonly string[], what: string, view: View): Fact => ({
  kind: 'lets',
  what,
  path: list.path,
  aspect: 'access',
  severity: 'high',
  items: texts.map((text) => tenantItem(text, view)),
  covers: (wide) => wide.text === '*',
});

/** Of which directory the administrator is. */
function administrators(resource: Resource, path: string, view: View): readonly Fact[] {
  const tenant = resource.at(path);
  return tenant.state === 'absent' ? [] : [trusted(tenant, [view.text(tenant)], 'the directory of its administrators', view)];
}

// ── Clear values ───────────────────────────────────────────────────────────────────────────────────────────────────

function unmasked(policy: Resource, view: View): Fact {
  const list = policy.at('exemptPrincipals');
  const text = list.state === 'absent' ? '' : view.text(list);
  const names = text
    .split(';')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return {
    kind: 'lets',
    what: 'who sees the values that are masked for others',
    path: list.path,
    aspect: 'access',
    severity: 'high',
    items: names.map((name) => ({ text: name.toLowerCase(), words: view.words(name) })),
  };
}

/** Ways out that are closed; either of two words for the same. */
function closedWays(service: Resource): Fact {
  const [old, now] = [service.at('disabledDataExfiltrationOptions'), service.at('dataExfiltrationProtections')];
  const all = [...old.items(), ...now.items()].some((one) => /^(All|BlockAll)$/i.test(one.string ?? ''));
  const unknown = [old, now].find((list) => list.state === 'unknown');
  return {
    kind: 'level',
    key: 'ways out',
    what: 'ways out',
    rank: unknown ? undefined : Number(all),
    words: unknown?.missing ?? 'ways out',
    path: now.state === 'absent' && old.state !== 'absent' ? old.path : now.path,
    severity: 'high',
    turns: [
      'what it indexes can be carried to other places by its enrichments and exports now',
      'ways to carry out what it indexes are closed',
    ],
  };
}

// ── Models ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const THRESHOLDS = ['high', 'medium', 'low'];

/** What a filter of a model stops; a filter that is off, or only takes notes, stops nothing. */
function filters(policy: Resource): Fact {
  const list = policy.at('properties.contentFilters');
  const stops = list.items().flatMap((filter): readonly (Item & { readonly rank: number })[] => {
    const [name, source] = [filter.at('name').string ?? '', filter.at('source').string ?? ''];
    if ([filter.at('enabled').orDefault(true), filter.at('blocking').orDefault(true)].some(({ boolean }) => boolean === false)) return [];
    const from = filter.at('severityThreshold').string ?? '';
    const group = `${name} ${source}`.toLowerCase();
    const words = `${name}${source === '' ? '' : ` in ${/^prompt$/i.test(source) ? 'questions' : 'answers'}`}`;
    return [
      {
        text: `${group} ${from.toLowerCase()}`,
        group,
        words: from === '' ? words : `${words} from severity ${from.toLowerCase()} on`,
        rank: THRESHOLDS.indexOf(from.toLowerCase()),
      },
    ];
  });
  const rankOf = new Map(stops.map(({ rank, text }) => [text, rank]));
  return {
    kind: 'keeps',
    what: 'what it filters',
    path: list.path,
    aspect: 'controls',
    severity: 'high',
    items: stops.map(({ rank: _rank, ...item }) => item),
    covers: (wide, narrow) => wide.group === narrow.group && rank(wide.text) >= rank(narrow.text),
  };

  function rank(text: string): number {
    return rankOf.get(text) ?? THRESHOLDS.indexOf(text.slice(text.lastIndexOf(' ') + 1));
  }
}

/** Answers that are filtered while they are given, or before anybody reads them. */
function waits(policy: Resource): Fact {
  const mode = policy.at('properties.mode').orDefault('Default');
  const late = mode.string === undefined ? undefined : /^(Asynchronous_filter|Deferred)$/i.test(mode.string);
  return {
    kind: 'level',
    key: 'mode',
    what: 'when answers are filtered',
    rank: late === undefined ? undefined : Number(!late),
    words: mode.missing ?? 'that',
    path: mode.path,
    aspect: 'controls',
    severity: 'medium',
    turns: ['answers are shown before they are filtered now', 'answers are filtered before they are shown'],
  };
}

const blocklists = (policy: Resource, view: View): Fact => {
  const list = policy.at('properties.customBlocklists');
  return {
    kind: 'keeps',
    what: 'lists of words that it stops',
    path: list.path,
    aspect: 'controls',
    items: list
      .items()
      .filter((one) => one.at('blocking').orDefault(true).boolean !== false)
      .map((one) => ({ text: `${view.text(one.at('blocklistName'))} in ${one.at('source').string ?? 'both'}` })),
  };
};

const MICROSOFTS = /^Microsoft\.(Default|DefaultV2|Nil)$/i;

/** From filters of one's own to those of Microsoft, or to others: only whoever reads both knows which stop more. */
function otherFilters(old: State, now: State): readonly Found[] {
  const path = 'properties.raiPolicyName';
  const [was, is] = [old, now].map(({ resource, view }) => view.text(resource.at(path).orDefault('Microsoft.DefaultV2'))) as [
    string,
    string,
  ];
  if (was === is || (MICROSOFTS.test(was) && !/\.Nil$/i.test(is))) return [];
  const names = `${now.view.words(is)} instead of ${old.view.words(was)}`;
  return [
    MICROSOFTS.test(is)
      ? {
          what: 'filters',
          path,
          aspect: 'controls',
          direction: 'weaker',
          severity: 'high',
          words: `what it is asked and answers is filtered by ${names}: no filters of its own any more`,
        }
      : {
          what: 'filters',
          path,
          aspect: 'controls',
          direction: 'undecided',
          severity: 'medium',
          words: `what it is asked and answers is filtered by ${names}: read whether that stops as much`,
        },
  ];
}

// ── Keys of disks ──────────────────────────────────────────────────────────────────────────────────────────────────

/** Keys of another directory are reached as an application of that directory. */
function borrowed(set: Resource, view: View): Fact {
  const client = set.at('federatedClientId');
  const none = client.state === 'absent' || /^none$/i.test(client.string ?? '');
  return {
    kind: 'lets',
    what: 'applications of other directories that it takes its key as',
    path: client.path,
    aspect: 'encryption',
    severity: 'high',
    boundary: 'tenant',
    items: none ? [] : items([view.text(client).toLowerCase()]),
  };
}

// ── Runs of workflows ──────────────────────────────────────────────────────────────────────────────────────────────

/** What runs of a workflow hide, by step; steps within steps as well. */
function hiddenIn(steps: Value, found = new Map<string, ReadonlySet<string>>()): ReadonlyMap<string, ReadonlySet<string>> {
  for (const [name, step] of steps.entries()) {
    const parts = step.at('runtimeConfiguration.secureData.properties').items();
    found.set(name, new Set(parts.flatMap(({ string }) => string?.toLowerCase() ?? [])));
    for (const inner of [
      step,
      step.at('else'),
      step.at('default'),
      ...step
        .at('cases')
        .entries()
        .map(([, one]) => one),
    ])
      if (inner.at('actions').isMap) hiddenIn(inner.at('actions'), found);
  }
  return found;
}

/** A step that is gone hides nothing, and shows nothing. */
function shown(old: State, now: State): readonly Found[] {
  return ['triggers', 'actions'].flatMap((part): readonly Found[] => {
    const path = `definition.${part}`;
    const [was, is] = [old, now].map(({ resource }) => hiddenIn(resource.at(path))) as [
      ReadonlyMap<string, ReadonlySet<string>>,
      ReadonlyMap<string, ReadonlySet<string>>,
    ];
    const lost = [...was].flatMap(([name, hidden]) => {
      const still = is.get(name);
      return still ? [...hidden].filter((one) => !still.has(one)).map((one) => `${one} of ${name.replaceAll('_', ' ')}`) : [];
    });
    if (lost.length === 0) return [];
    const words = `whoever reads its runs now sees the ${lost.sort().join(' and the ')}`;
    return [{ what: `hidden ${part}`, path, aspect: 'access', direction: 'weaker', severity: 'high', words }];
  });
}

// ── Records of calls ───────────────────────────────────────────────────────────────────────────────────────────────

const PLACES = [
  ['frontend.request', 'what callers send'],
  ['frontend.response', 'what callers are answered'],
  ['backend.request', 'what services are sent'],
  ['backend.response', 'what services answer'],
] as const;
const PROVES = /^(authorization|proxy-authorization|cookie|set-cookie|ocp-apim-subscription-key|x-api-key|x-functions-key)$/i;

/** Bodies and headers that records of calls hold, from whichever resource says so. */
const recorded =
  (type: string, path: string) =>
  (resource: Resource, view: View): readonly Fact[] => {
    const diagnostics = belongingTo(resource, type, path, view.graph);
    const [first] = diagnostics;
    const held = diagnostics.flatMap((one) =>
      PLACES.flatMap(([place, what]): readonly Item[] => {
        const bytes = one.at(`${place}.body.bytes`).orDefault(0).number;
        const headers = one
          .at(`${place}.headers`)
          .items()
          .flatMap(({ string }) => (PROVES.test(string ?? '') ? [(string as string).toLowerCase()] : []));
        return [
          ...(bytes !== undefined && bytes > 0 ? [{ text: what }] : []),
          ...headers.map(
            (name): Item => ({
              text: `header ${name}`,
              words: `the header ${name}, by which callers prove who they are`,
              severity: 'high',
            }),
          ),
        ];
      }),
    );
    return [
      {
        kind: 'lets',
        what: 'what records of its calls hold',
        ...(first ? { on: first } : {}),
        path: 'frontend',
        aspect: 'logging',
        severity: 'medium',
        items: held,
      },
    ];
  };

// ── Fields ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type Shape = { readonly fields: ReadonlySet<string>; readonly open: ReadonlySet<string> };

/** Fields of the types of a schema, and types that may hold any other. */
function shapeOf(schema: Resource): Shape {
  const [fields, open] = [new Set<string>(), new Set<string>()];
  const walk = (type: Value, name: string): void => {
    const extra = type.at('additionalProperties');
    if (extra.boolean === true || extra.isMap) open.add(name);
    if (type.at('properties').isMap)
      for (const [field, inner] of type.at('properties').entries()) {
        fields.add(`${field} of ${name}`);
        walk(inner, `${name}.${field}`);
      }
    if (type.at('items').isMap) walk(type.at('items'), name);
    for (const list of ['allOf', 'anyOf', 'oneOf']) for (const one of type.at(list).items()) walk(one, name);
  };
  for (const types of [schema.at('components.schemas'), schema.at('definitions')])
    if (types.isMap) for (const [name, type] of types.entries()) walk(type, name);
  return { fields, open };
}

function letsThrough(old: State, now: State): readonly Found[] {
  const [was, is] = [shapeOf(old.resource), shapeOf(now.resource)];
  const path = now.resource.at('definitions').state === 'absent' ? 'components' : 'definitions';
  const news = (a: ReadonlySet<string>, b: ReadonlySet<string>) => [...b].filter((one) => !a.has(one)).sort();
  const [opened, fields] = [news(was.open, is.open), news(was.fields, is.fields)];
  // Whoever had any field before has the new ones already.
  const added = fields.filter((field) => !was.open.has(field.slice(field.indexOf(' of ') + 4)));
  const closed = news(is.open, was.open);
  const many = (texts: readonly string[]) => texts.join(', ');
  return [
    ...(opened.length > 0
      ? [
          {
            what: 'any field',
            path,
            aspect: 'data',
            direction: 'weaker',
            severity: 'high',
            words: `${many(opened)} may hold fields that nobody listed now`,
          } as const,
        ]
      : []),
    ...(added.length > 0
      ? [
          {
            what: 'fields',
            path,
            aspect: 'data',
            direction: 'undecided',
            severity: 'low',
            words: `newly lets through the field ${many(added)}`,
          } as const,
        ]
      : []),
    ...(closed.length > 0
      ? [
          {
            what: 'any field',
            path,
            aspect: 'data',
            direction: 'stronger',
            severity: 'low',
            words: `${many(closed)} may no longer hold fields that nobody listed`,
          } as const,
        ]
      : []),
  ];
}

export const LIMITS: readonly Doors[] = [
  {
    on: ['azure-native:kusto:Cluster'],
    facts: (cluster, view) => {
      const list = cluster.at('trustedExternalTenants');
      return [
        trusted(
          list,
          list.items().map((one) => view.text(one.at('value'))),
          'tenants whose people it lets in',
          view,
        ),
      ];
    },
  },
  {
    on: ['azure-native:synapse:Workspace'],
    facts: (workspace, view) => {
      const list = workspace.at('managedVirtualNetworkSettings.allowedAadTenantIdsForLinking');
      return [{ ...trusted(list, view.texts(list), 'tenants that it may send data to', view), aspect: 'exposure' }];
    },
  },
  {
    on: ['azure-native:sql:Server', 'azure-native:sql:ManagedInstance'],
    facts: (server, view) => administrators(server, 'administrators.tenantId', view),
  },
  {
    on: ['azure-native:sql:ServerAzureADAdministrator', 'azure-native:sql:ManagedInstanceAdministrator'],
    facts: (one, view) => administrators(one, 'tenantId', view),
  },
  { on: ['azure-native:sql:DataMaskingPolicy'], facts: (policy, view) => [unmasked(policy, view)] },
  { on: ['azure-native:search:Service'], facts: (service) => [closedWays(service)] },
  { on: ['azure-native:cognitiveservices:RaiPolicy'], facts: (policy, view) => [filters(policy), waits(policy), blocklists(policy, view)] },
  { on: ['azure-native:cognitiveservices:Deployment'], compare: otherFilters },
  { on: ['azure-native:compute:DiskEncryptionSet'], facts: (set, view) => [borrowed(set, view)] },
  { on: ['azure-native:logic:Workflow'], compare: shown },
  {
    on: ['azure-native:apimanagement:ApiManagementService'],
    facts: recorded('azure-native:apimanagement:Diagnostic', 'serviceName'),
  },
  { on: ['azure-native:apimanagement:Api'], facts: recorded('azure-native:apimanagement:ApiDiagnostic', 'apiId') },
  { on: ['azure-native:apimanagement:ApiSchema'], compare: letsThrough },
];
