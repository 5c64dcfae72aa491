/** Who may call, and how: directories of tunnels for people, kinds of requests of SignalR, where sign-in sends people back to. */
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import { type Doors, type Fact, type Item, items, type Level, type View } from './facts';
import { ourTenants } from './limits';

// ── Tunnels of people ──────────────────────────────────────────────────────────────────────────────────────────────

const GUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;

/** Directory, issuer and audience that a gateway believes; whoever is of another directory opens tunnels into the network. */
function tunnelFacts(gateway: Resource, view: View): readonly Fact[] {
  const client = gateway.at('vpnClientConfiguration');
  if (client.state === 'absent') return [];
  const directories = ['aadTenant', 'aadIssuer'].flatMap((path): readonly Item[] => {
    const value = client.at(path);
    if (value.state === 'absent') return [];
    const text = view.text(value);
    const tenant = GUID.exec(text)?.[0].toLowerCase();
    if (tenant === undefined) return [{ text: text.toLowerCase().replace(/\/$/, ''), words: view.words(text) }];
    return ourTenants(view).has(tenant)
      ? [{ text: tenant, words: `the tenant ${tenant}`, severity: 'medium' }]
      : [{ text: tenant, words: `the tenant ${tenant}`, boundary: 'tenant' }];
  });
  const audience = client.at('aadAudience');
  const servers = [
    ...[client.at('radiusServerAddress')].filter(({ state }) => state !== 'absent'),
    ...client
      .at('radiusServers')
      .items()
      .map((one) => one.at('radiusServerAddress')),
  ];
  return [
    {
      kind: 'lets',
      what: 'directories whose people open tunnels into the network',
      path: 'vpnClientConfiguration.aadTenant',
      aspect: 'access',
      severity: 'critical',
      items: directories,
    },
    {
      kind: 'lets',
      what: 'the application whose tokens open tunnels',
      path: 'vpnClientConfiguration.aadAudience',
      aspect: 'access',
      severity: 'medium',
      items: audience.state === 'absent' ? [] : [{ text: view.text(audience).toLowerCase() }],
    },
    {
      kind: 'lets',
      what: 'servers that decide who opens tunnels',
      path: 'vpnClientConfiguration.radiusServerAddress',
      aspect: 'access',
      severity: 'high',
      items: items([...new Set(servers.map((one) => view.text(one)))]),
    },
  ];
}

// ── SignalR and Web PubSub ─────────────────────────────────────────────────────────────────────────────────────────

const KINDS: readonly (readonly [kind: string, words: string])[] = [
  ['ClientConnection', 'connections of clients'],
  ['ServerConnection', 'connections of servers'],
  ['RESTAPI', 'calls of its interface'],
  ['Trace', 'traces of what is sent'],
];

/** What gets through a list: what it allows, or, where everything else passes, all that it does not refuse. */
function kindsIn(list: Value, rest: Value, view: View): readonly Item[] {
  const [allow, deny] = ['allow', 'deny'].map((path) => new Set(view.texts(list.at(path)).map((text) => text.toLowerCase())));
  const passes = rest.is('Allow').verdict === 'pass';
  return KINDS.filter(([kind]) => (allow?.has(kind.toLowerCase()) || passes) && !deny?.has(kind.toLowerCase())).map(([text, words]) => ({
    text,
    words,
  }));
}

function hubFacts(hub: Resource, view: View): readonly Fact[] {
  const lists = hub.at('networkACLs');
  const closed = hub.at('publicNetworkAccess').is('Disabled').verdict === 'pass';
  // Without lists everything is let in.
  const rest = lists.at('defaultAction').orDefault(lists.state === 'absent' ? 'Allow' : 'Deny');
  const all: readonly Item[] = kindsIn(lists.at('publicNetwork'), rest, view);
  return [
    // Where it takes nothing from there, what comes is a way in, which is told as such.
    ...(closed || all.length === 0
      ? []
      : [
          {
            kind: 'lets',
            what: 'what it takes from public networks',
            path: 'networkACLs.publicNetwork',
            severity: 'high',
            boundary: 'internet',
            items: all,
          } as const,
        ]),
    ...lists
      .at('privateEndpoints')
      .items()
      .map((one): Fact => {
        const name = view.words(view.text(one.at('name')));
        return {
          kind: 'lets',
          what: `what it takes from the private endpoint ${name}`,
          key: `private endpoint ${name.toLowerCase()}`,
          path: 'networkACLs.privateEndpoints',
          severity: 'medium',
          items: kindsIn(one, rest, view),
        };
      }),
  ];
}

// ── Sign-in ────────────────────────────────────────────────────────────────────────────────────────────────────────

const hostOf = (text: string): string => /^[a-z]+:\/\/([^/?#]+)/i.exec(text)?.[1]?.toLowerCase() ?? text.toLowerCase();

/** Where people are sent to with what they signed in for. */
const redirects = (settings: Resource, view: View): readonly Fact[] => [
  {
    kind: 'lets',
    what: 'other websites that people may be sent to once they signed in',
    path: 'login.allowedExternalRedirectUrls',
    aspect: 'access',
    severity: 'high',
    boundary: 'internet',
    items: [...new Set(view.texts(settings.at('login.allowedExternalRedirectUrls')).map(hostOf))].map((text) => ({ text })),
  },
];

// ── Ways out of clusters, disks of pools ───────────────────────────────────────────────────────────────────────────

/** Through which proxy nodes and containers send: it sees where they send to, and what is not encrypted. */
const proxies = (cluster: Resource, view: View): readonly Fact[] => {
  const written = ['httpProxy', 'httpsProxy']
    .map((path) => cluster.at(`httpProxyConfig.${path}`))
    .filter(({ state }) => state !== 'absent');
  return [
    {
      kind: 'lets',
      what: 'proxies that its nodes and containers send through',
      path: 'httpProxyConfig',
      severity: 'high',
      items: [...new Set(written.map((value) => hostOf(view.text(value))))].map((text) => ({ text })),
    },
    {
      kind: 'lets',
      what: 'more authorities whose certificates its nodes believe',
      path: 'httpProxyConfig.trustedCa',
      aspect: 'encryption',
      severity: 'high',
      items: cluster.at('httpProxyConfig.trustedCa').state === 'absent' ? [] : [{ text: 'the one of the proxy' }],
    },
  ];
};

const disks = (pool: Resource, view: View): readonly Fact[] => {
  const machines = pool.at('deploymentConfiguration.virtualMachineConfiguration');
  if (machines.state === 'absent') return [];
  const targets = view.texts(machines.at('diskEncryptionConfiguration.targets'));
  return [
    {
      kind: 'level',
      what: 'disks',
      rank: targets.length,
      words: `${targets.length}`,
      aspect: 'encryption',
      severity: 'medium',
      path: 'deploymentConfiguration.virtualMachineConfiguration.diskEncryptionConfiguration',
      turns: [
        `${targets.length === 0 ? 'no disks' : 'fewer disks'} of its nodes are encrypted by the nodes themselves now`,
        'more disks of its nodes are encrypted by the nodes themselves',
      ],
    } satisfies Level,
  ];
};

// ── Static web apps ────────────────────────────────────────────────────────────────────────────────────────────────

/** Which versions of the site ask for a password. */
function passwords(auth: Resource, view: View): readonly Fact[] {
  const mode = auth.at('applicableEnvironmentsMode');
  const text = mode.string?.toLowerCase();
  const asked: readonly Item[] =
    text === 'allenvironments'
      ? [
          { text: 'production', words: 'the site that everybody uses', severity: 'high' },
          { text: 'staging', words: 'trial versions' },
        ]
      : text === 'stagingenvironments'
        ? [{ text: 'staging', words: 'trial versions' }]
        : text === 'specifiedenvironments'
          ? view
              .texts(auth.at('environments'))
              .map((name) =>
                /^(default|production)$/i.test(name)
                  ? { text: 'production', words: 'the site that everybody uses', severity: 'high' as const }
                  : { text: name.toLowerCase(), words: `the version ${view.words(name)}` },
              )
          : [];
  const unsure = mode.state === 'unknown';
  return unsure
    ? []
    : [
        {
          kind: 'keeps',
          what: 'what asks for a password',
          path: mode.path,
          aspect: 'access',
          severity: 'medium',
          items: asked,
          covers: (wide, narrow) => wide.text === 'staging' && narrow.text !== 'production',
        },
      ];
}

export const CALLERS: readonly Doors[] = [
  { on: ['azure-native:network:VirtualNetworkGateway'], facts: tunnelFacts },
  { on: ['azure-native:signalrservice:SignalR', 'azure-native:webpubsub:WebPubSub'], facts: hubFacts },
  { on: ['azure-native:web:WebAppAuthSettingsV2', 'azure-native:web:WebAppAuthSettingsV2Slot'], facts: redirects },
  { on: ['azure-native:containerservice:ManagedCluster'], facts: proxies },
  { on: ['azure-native:batch:Pool'], facts: disks },
  { on: ['Microsoft.Web/staticSites/basicAuth'], facts: passwords },
];
