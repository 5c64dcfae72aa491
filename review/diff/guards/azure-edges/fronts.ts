/** Front doors: which firewall stands before which domain, how callers are answered, and how what stands behind is reached. */
import { belongingTo } from '../../../../policies/facts/azure';
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import { type Bound, comparedBindings, firewallOf } from './bindings';
import { type Doors, type Fact, type Found, holding, items, type Level, listed, type State, step, type View } from './facts';
import { FRONT_DOOR_FIREWALLS } from './firewalls';

const PROFILE = 'azure-native:cdn:Profile';
const SECURITY = 'azure-native:cdn:SecurityPolicy';
const ROUTE = 'azure-native:cdn:Route';
const DOMAINS = ['azure-native:cdn:AFDEndpoint', 'azure-native:cdn:AFDCustomDomain'] as const;

// ── Firewalls ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Every domain of a profile that a firewall stands before, whichever of its policies say so. */
function boundInProfile(profile: Resource, view: View): readonly Bound[] {
  const byDomain = new Map<string, Bound>();
  for (const policy of belongingTo(profile, SECURITY, 'profileName', view.graph)) {
    const waf = policy.at('parameters.wafPolicy.id');
    if (waf.state === 'absent') continue;
    const firewall = firewallOf(view.text(waf), view.graph.target(waf, ...FRONT_DOOR_FIREWALLS), view, {
      on: policy,
      path: 'parameters',
      regional: false,
    });
    for (const association of policy.at('parameters.associations').items()) {
      const paths = view.texts(association.at('patternsToMatch'));
      for (const domain of association.at('domains').items()) {
        if (domain.at('isActive').boolean === false) continue;
        const { key, words } = domainOf(domain.at('id'), view);
        const known = byDomain.get(key);
        byDomain.set(key, {
          key,
          words,
          firewall: known?.firewall ?? firewall,
          paths: [...(known?.paths ?? []), ...(paths.length === 0 ? ['/*'] : paths)],
        });
      }
    }
  }
  return [...byDomain.values()];
}

function domainOf(id: Value, view: View): { readonly key: string; readonly words: string } {
  const domain = view.graph.target(id, ...DOMAINS);
  if (domain) return { key: view.pairing.identity(domain), words: domain.at('hostName').string ?? view.pairing.name(domain) };
  const text = view.text(id);
  return { key: text.toLowerCase().replace(/\/$/, ''), words: view.words(text).replace(/^.*\//, '') };
}

/** Domains that still exist: what is gone needs no firewall. */
function withoutGone(bound: readonly Bound[], old: View, now: View): readonly Bound[] {
  const there = new Set(now.graph.ofType(...DOMAINS).map((one) => now.pairing.identity(one)));
  const were = new Set(old.graph.ofType(...DOMAINS).map((one) => old.pairing.identity(one)));
  return bound.filter(({ key }) => !were.has(key) || there.has(key));
}

/** Domains that answer: of routes that are on, the ones that they name, and that of their endpoint where they say so or name none. */
function answering(profile: Resource, view: View): ReadonlyMap<string, { readonly words: string; readonly route: Resource }> {
  const { graph } = view;
  const found = new Map<string, { readonly words: string; readonly route: Resource }>();
  for (const route of belongingTo(profile, ROUTE, 'profileName', graph)) {
    if (route.at('enabledState').is('Disabled').verdict === 'pass') continue;
    const named = route.at('customDomains').items();
    for (const one of named) {
      const { key, words } = domainOf(one.at('id'), view);
      found.set(key, { words, route });
    }
    if (named.length > 0 && route.at('linkToDefaultDomain').is('Enabled').verdict === 'fail') continue;
    const endpoint = graph.target(route.at('endpointName'), DOMAINS[0]) ?? parentOf(route, view);
    if (endpoint && endpoint.at('enabledState').is('Disabled').verdict !== 'pass')
      found.set(view.pairing.identity(endpoint), { words: endpoint.at('hostName').string ?? view.pairing.name(endpoint), route });
  }
  return found;
}
const parentOf = ({ parent }: Resource, { graph }: View): Resource | undefined => (parent === undefined ? undefined : graph.get(parent));

/** Domains that answer now and did not, past the firewall that stands before others of the same front. */
function uncovered(old: State, now: State): readonly Found[] {
  const bound = boundInProfile(now.resource, now.view);
  if (bound.length === 0) return [];
  const covered = new Set(bound.map(({ key }) => key));
  const before = answering(old.resource, old.view);
  const come = [...answering(now.resource, now.view)].filter(([key]) => !covered.has(key) && !before.has(key));
  const [first] = come;
  if (!first) return [];
  const names = listed(come.map(([, { words }]) => words));
  return [
    {
      what: 'uncovered',
      direction: 'weaker',
      severity: 'high',
      boundary: 'internet',
      words: `it answers as ${names} now, and no web application firewall stands before that`,
      on: first[1].route,
    },
  ];
}

function boundInFront(front: Resource, view: View): readonly Bound[] {
  const parts: readonly (readonly [string, Value, string])[] =
    front.type === 'azure-native:cdn:Endpoint'
      ? [['', front.at('webApplicationFirewallPolicyLink.id'), 'webApplicationFirewallPolicyLink']]
      : front
          .at('frontendEndpoints')
          .items()
          .map(
            (one) =>
              [
                one.at('hostName').shape ?? one.at('name').shape ?? one.path,
                one.at('webApplicationFirewallPolicyLink.id'),
                one.path,
              ] as const,
          );
  return parts.flatMap(([name, id, path]): readonly Bound[] => {
    if (id.state === 'absent') return [];
    const firewall = firewallOf(view.text(id), view.graph.target(id, ...FRONT_DOOR_FIREWALLS), view, { on: front, path, regional: false });
    return [{ key: name.toLowerCase(), words: name === '' ? 'it' : name, paths: ['/*'], firewall }];
  });
}

// ── Routes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Paths of what is the same for everybody. */
const STATIC = /^\/(static|assets|public|images?|img|css|js|fonts?|media|dist|favicon)\b|\.(css|js|png|jpe?g|svg|ico|woff2?|gif|webp)$/i;

function routeFacts(route: Resource, view: View): readonly Fact[] {
  if (route.at('enabledState').is('Disabled').verdict === 'pass') return [];
  const paths = view.texts(route.at('patternsToMatch'));
  const caches = route.at('cacheConfiguration').state !== 'absent';
  return [
    ...(paths.length > 0 && paths.every((path) => STATIC.test(path))
      ? []
      : [
          {
            kind: 'level',
            what: 'copies',
            rank: Number(!caches),
            words: caches ? 'kept' : 'not kept',
            severity: 'medium',
            path: 'cacheConfiguration',
            turns: [
              `it keeps copies of what is answered on ${paths.join(', ')}, and gives them to whoever asks next`,
              'it keeps no copies of answers any more',
            ],
          } satisfies Level,
        ]),
    ...headers(route, view),
  ];
}

/** Headers by which browsers protect people, and headers of requests that services believe. */
const PROTECTING =
  /^(strict-transport-security|content-security-policy|x-frame-options|x-content-type-options|referrer-policy|permissions-policy|cross-origin-[\w-]+)$/i;
const BELIEVED = /^(authorization|x-forwarded-[\w-]+|x-azure-[\w-]+|x-ms-client-principal[\w-]*|x-original-[\w-]+|host|cookie)$/i;

function headers(route: Resource, view: View): readonly Fact[] {
  const { graph } = view;
  const sets = route
    .at('ruleSets')
    .items()
    .flatMap((one) => graph.target(one.at('id'), 'azure-native:cdn:RuleSet') ?? []);
  const rules = sets.flatMap((set) => belongingTo(set, 'azure-native:cdn:Rule', 'ruleSetName', graph));
  const actions = rules.flatMap((rule) =>
    rule
      .at('actions')
      .items()
      .map((action) => ({
        kind: action.at('name').string?.toLowerCase() ?? '',
        set: action.at('parameters'),
        always: rule.at('conditions').items().length === 0,
      })),
  );
  const written = (kind: string) =>
    actions
      .filter((one) => one.kind === kind && one.set.at('headerAction').is('Delete').verdict !== 'pass')
      .map(({ always, set }) => ({
        always,
        name: set.at('headerName').string?.toLowerCase() ?? '',
        value: set.at('value').string ?? '',
      }));
  const answers = written('modifyresponseheader');
  const shared = answers.filter(({ name }) => name === 'access-control-allow-origin');
  return [
    {
      kind: 'keeps',
      what: 'the headers by which browsers protect people',
      path: 'ruleSets',
      items: items(answers.filter(({ always, name }) => always && PROTECTING.test(name)).map(({ name }) => name)),
    },
    {
      kind: 'lets',
      what: 'websites whose pages may call it from a browser',
      path: 'ruleSets',
      items: shared.map(({ value }) => (value === '*' ? { text: value, words: 'every website', severity: 'high' } : { text: value })),
      covers: (wide) => wide.text === '*',
    },
    {
      kind: 'lets',
      what: 'headers that it writes into requests, and that what stands behind believes',
      path: 'ruleSets',
      items: written('modifyrequestheader')
        .filter(({ name }) => BELIEVED.test(name))
        .map(({ name, value }) => ({ text: `${name} ${value}`, words: name })),
    },
  ];
}

const TLS = ['TLS10', 'TLS12', 'TLS13'];

const nameCheck = (value: Value): Fact =>
  holding(
    value,
    true,
    ['whoever shows any certificate is taken for what stands behind it', 'what stands behind it must show a certificate of its name'],
    {
      aspect: 'encryption',
      severity: 'high',
    },
  );

export const FRONT_DOORS: readonly Doors[] = [
  {
    on: [PROFILE],
    compare: (old, now) => [
      ...comparedBindings(
        withoutGone(boundInProfile(old.resource, old.view), old.view, now.view),
        boundInProfile(now.resource, now.view),
        old,
        now,
      ),
      ...uncovered(old, now),
    ],
  },
  {
    on: ['azure-native:frontdoor:FrontDoor', 'azure-native:cdn:Endpoint'],
    compare: (old, now) => comparedBindings(boundInFront(old.resource, old.view), boundInFront(now.resource, now.view), old, now),
  },
  {
    on: ['azure-native:frontdoor:FrontDoor'],
    facts: (front) => [nameCheck(front.at('backendPoolsSettings.enforceCertificateNameCheck').orDefault('Enabled'))],
  },
  {
    on: ['azure-native:cdn:Endpoint'],
    facts: (endpoint) => [
      holding(
        endpoint.at('isHttpAllowed').orDefault(true),
        false,
        ['callers are answered in clear text now', 'callers are answered by TLS only'],
        {
          aspect: 'encryption',
          severity: 'high',
        },
      ),
    ],
  },
  { on: [ROUTE], facts: routeFacts },
  {
    on: ['azure-native:cdn:AFDOrigin'],
    facts: (origin) => {
      const link = origin.at('sharedPrivateLinkResource.privateLink.id');
      return [
        nameCheck(origin.at('enforceCertificateNameCheck').orDefault(true)),
        {
          kind: 'level',
          what: 'the private link',
          rank: Number(link.state !== 'absent'),
          words: link.state === 'absent' ? 'none' : 'there',
          severity: 'high',
          boundary: 'internet',
          path: 'sharedPrivateLinkResource',
          turns: [
            'what stands behind it is called over the internet instead of by a private link',
            'what stands behind it is called by a private link now',
          ],
        },
      ];
    },
  },
  {
    on: ['azure-native:cdn:AFDCustomDomain'],
    facts: (domain) => step(domain.at('tlsSettings.minimumTlsVersion'), 'the oldest TLS', TLS, { aspect: 'encryption', severity: 'high' }),
  },
];
