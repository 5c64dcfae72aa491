/** Which other websites may have browsers read and write here, by whichever service. */
import { belongingTo } from '../../../../policies/facts/azure';
import { SITES, siteSetting } from '../../../../policies/facts/azure-sites';
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import { type Doors, type Fact, holding, type Item, type View } from './facts';

interface Sharing {
  readonly origins: readonly string[];
  readonly methods?: readonly string[];
  readonly path: string;
  readonly on: Resource;
}

const WHAT = 'websites whose pages may call it from a browser';

/** An origin with what its pages may do. */
function itemsOf({ methods = [], origins }: Sharing): readonly Item[] {
  const what = methods.length === 0 ? '' : ` (${[...methods].sort().join(', ')})`;
  return origins.map((origin) => {
    const text = origin.trim().toLowerCase().replace(/\/$/, '');
    const every = /^(https?:\/\/)?\*$/.test(text);
    return {
      text: `${every ? '*' : text}${what}`,
      ...(every ? { words: `every website${what}`, boundary: 'internet' as const } : {}),
      severity: every ? ('high' as const) : ('medium' as const),
    };
  });
}

const factOf = (sharing: Sharing, view: View, of = ''): Fact => ({
  kind: 'lets',
  what: of === '' ? WHAT : `${WHAT}, of its ${of}`,
  on: sharing.on,
  path: sharing.path,
  items: itemsOf(sharing).map((item) => (item.words === undefined ? { ...item, words: view.words(item.text) } : item)),
  covers,
});

/** `*` stands for every origin, `https://*.example.com` for those below; more methods for fewer. */
export function covers(wide: Item, narrow: Item): boolean {
  const [[origin, methods], [other, fewer]] = [parts(wide.text), parts(narrow.text)];
  // Without a list, all of them.
  if (methods.length > 0 && (fewer.length === 0 || !fewer.every((method) => methods.includes(method)))) return false;
  if (origin === '*' || origin === other) return true;
  const [before, after] = origin.split('*');
  return after !== undefined && other.startsWith(before ?? '') && other.endsWith(after) && other.length > origin.length;
}
const parts = (text: string): readonly [origin: string, methods: readonly string[]] => {
  const [origin = '', methods = ''] = text.replace(/\)$/, '').split(' (');
  return [origin, methods === '' ? [] : methods.split(', ')];
};

const listOf = (value: Value, view: View): readonly string[] =>
  value.isList ? view.texts(value) : value.state === 'absent' ? [] : view.text(value).split(',');

/** Rules as storage and Cosmos DB write them: each with its origins and methods. */
const rulesOf = (rules: Value, on: Resource, view: View): readonly Sharing[] =>
  rules.items().map((rule) => ({
    on,
    path: rules.path,
    origins: listOf(rule.at('allowedOrigins'), view),
    methods: listOf(rule.at('allowedMethods'), view).map((method) => method.trim().toUpperCase()),
  }));

/** Also of one that shares with nobody. */
const ruled = (rules: Value, on: Resource, view: View): readonly Fact[] =>
  [{ on, path: rules.path, origins: [] }, ...rulesOf(rules, on, view)].map((one) => factOf(one, view));

const STORAGE: readonly (readonly [type: string, of: string])[] = [
  ['azure-native:storage:BlobServiceProperties', 'blobs'],
  ['azure-native:storage:FileServiceProperties', 'files'],
  ['azure-native:storage:QueueServiceProperties', 'queues'],
  ['azure-native:storage:TableServiceProperties', 'tables'],
];

function storage(account: Resource, view: View): readonly Fact[] {
  return STORAGE.flatMap(([type, of]) => [
    factOf({ on: account, path: '', origins: [] }, view, of),
    ...belongingTo(account, type, 'accountName', view.graph).flatMap((service) =>
      rulesOf(service.at('cors.corsRules'), service, view).map((one) => factOf(one, view, of)),
    ),
  ]);
}

/** Origins with a switch beside them by which browsers send what they are signed in with. */
function credentialed(on: Resource, origins: Value, credentials: Value, view: View): readonly Fact[] {
  return [
    factOf({ on, path: origins.path, origins: listOf(origins, view) }, view),
    ...(origins.items().length === 0
      ? []
      : [
          holding(
            credentials.orDefault(false),
            false,
            [
              'pages of other websites may call it with what the browser is signed in with',
              'browsers no longer send what they are signed in with for other websites',
            ],
            { key: 'credentials', severity: 'high' },
          ),
        ]),
  ];
}

export const CORS_DOORS: readonly Doors[] = [
  { on: ['azure-native:storage:StorageAccount'], facts: storage },
  {
    on: ['azure-native:cosmosdb:DatabaseAccount'],
    facts: (one, view) => ruled(one.at('cors'), one, view),
  },
  {
    on: [...SITES],
    facts: (site, view) =>
      credentialed(
        site,
        siteSetting(site, 'cors.allowedOrigins', view.graph),
        siteSetting(site, 'cors.supportCredentials', view.graph),
        view,
      ),
  },
  {
    on: ['azure-native:app:ContainerApp'],
    facts: (app, view) => {
      const policy = app.at('configuration.ingress.corsPolicy');
      return credentialed(app, policy.at('allowedOrigins'), policy.at('allowCredentials'), view);
    },
  },
  {
    // Where nobody lists origins, every website may call.
    on: ['azure-native:signalrservice:SignalR'],
    facts: (one, view) => {
      const origins = one.at('cors.allowedOrigins');
      return [factOf({ on: one, path: origins.path, origins: origins.state === 'absent' ? ['*'] : listOf(origins, view) }, view)];
    },
  },
  {
    on: ['azure-native:healthcareapis:FhirService', 'azure-native:healthcareapis:DicomService'],
    facts: (one, view) => {
      const policy = one.at('corsConfiguration');
      return credentialed(one, policy.at('origins'), policy.at('allowCredentials'), view);
    },
  },
  {
    on: ['azure-native:maps:Account'],
    facts: (one, view) => ruled(one.at('properties.cors.corsRules'), one, view),
  },
];
