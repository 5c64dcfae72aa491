/** API Management: the policies that hold for an API, and who may have a key. */
import { belongingTo } from '../../../../policies/facts/azure';
import type { Resource } from '../../../../policies/resource';
import { type Asked, factsOf } from './apim-policies';
import { canonicalOf, type Element, elementsOf } from './apim-xml';
import { compareFacts, type Doors, type Fact, type Found, holding, type State, type View } from './facts';

const SERVICE = 'azure-native:apimanagement:ApiManagementService';
const API = 'azure-native:apimanagement:Api';
const OPERATION = 'azure-native:apimanagement:ApiOperation';
const PRODUCT = 'azure-native:apimanagement:Product';
const FRAGMENT = 'azure-native:apimanagement:PolicyFragment';

/** How the policy of each kind of resource names it. */
const POLICIES: Readonly<Record<string, readonly [type: string, path: string]>> = {
  [SERVICE]: ['azure-native:apimanagement:Policy', 'serviceName'],
  [API]: ['azure-native:apimanagement:ApiPolicy', 'apiId'],
  [OPERATION]: ['azure-native:apimanagement:ApiOperationPolicy', 'operationId'],
  [PRODUCT]: ['azure-native:apimanagement:ProductPolicy', 'productId'],
};

function policyOf(resource: Resource, view: View): Resource | undefined {
  const [type, path] = POLICIES[resource.type] as readonly [string, string];
  return belongingTo(resource, type, path, view.graph)[0];
}

/** Undefined where it stands elsewhere, or only deployment tells. */
function textOf(policy: Resource, view: View): string | undefined {
  const value = policy.at('value');
  return /link$/i.test(policy.at('format').string ?? '') || value.shape === undefined ? undefined : view.words(view.text(value));
}

type Section = keyof Asked;
const SECTIONS: readonly Section[] = ['inbound', 'backend', 'outbound'];

/** What one section says, with its fragments, and with what is above it where it says so; undefined where a part is elsewhere. */
function section(policy: Resource, name: Section, above: readonly Element[], view: View): readonly Element[] | undefined {
  const text = textOf(policy, view);
  const [root] = (text === undefined ? undefined : elementsOf(text)) ?? [];
  if (!root) return undefined;
  const own = root.children.find((one) => one.name === name);
  // A section that is not there is empty, and inherits nothing.
  return own ? expanded(own.children, above, view) : [];
}

function expanded(elements: readonly Element[], above: readonly Element[], view: View): readonly Element[] {
  return elements.flatMap((one): readonly Element[] => {
    if (one.name === 'base') return above;
    if (one.name === 'include-fragment') return included(one, view);
    return one.children.length === 0 ? [one] : [{ ...one, children: expanded(one.children, above, view) }];
  });
}

function included(one: Element, view: View): readonly Element[] {
  const id = one.attributes.get('fragment-id')?.toLowerCase();
  const fragment = view.graph.ofType(FRAGMENT).find((other) => other.at('id').string?.toLowerCase() === id && view.graph.exists(other));
  const text = fragment && textOf(fragment, view);
  const [root] = (text === undefined ? undefined : elementsOf(text)) ?? [];
  // What stands elsewhere is only known by its name.
  return root ? expanded(root.children, [], view) : [one];
}

/** What holds for a resource: its own policy within that of what is around it; undefined where that cannot be read. */
function holdsFor(resource: Resource, view: View): Asked | undefined {
  const above = parentOf(resource, view);
  const inherited = above ? holdsFor(above, view) : { inbound: [], backend: [], outbound: [] };
  const policy = policyOf(resource, view);
  if (!policy) return inherited;
  const read = SECTIONS.map((name) => section(policy, name, inherited?.[name] ?? [], view));
  const [inbound, backend, outbound] = read;
  return inbound && backend && outbound ? { inbound, backend, outbound } : undefined;
}

/** The API of an operation, the service of an API. */
function parentOf(resource: Resource, { graph }: View): Resource | undefined {
  const parent = resource.parent === undefined ? undefined : graph.get(resource.parent);
  const type = resource.type === OPERATION ? API : SERVICE;
  if (resource.type === SERVICE) return undefined;
  if (parent?.type === type) return parent;
  return graph.target(resource.at(type === API ? 'apiId' : 'serviceName'), type);
}

/** The nearest policy that holds: where a change of it is written. */
function nearest(resource: Resource | undefined, view: View): Resource | undefined {
  if (resource === undefined) return undefined;
  return policyOf(resource, view) ?? nearest(parentOf(resource, view), view);
}

function compare(old: State, now: State): readonly Found[] {
  // Whoever has no policy of his own on either side loses and gains with what is around him.
  if (!policyOf(old.resource, old.view) && !policyOf(now.resource, now.view)) return [];
  const [was, is] = [holdsFor(old.resource, old.view), holdsFor(now.resource, now.view)];
  const on = nearest(now.resource, now.view) ?? now.resource;
  const at = { on, path: 'value' };
  if (was === undefined || is === undefined) return unread(old, now, at);
  const found = compareFacts(factsOf(was, 'value'), factsOf(is, 'value'), old.view, now.view);
  const above = inheritedChanges(old, now);
  return found.filter(({ words }) => !above.has(words)).map((one) => ({ ...one, ...at }));
}

/** What what is around it tells already. */
function inheritedChanges(old: State, now: State): ReadonlySet<string> {
  const [was, is] = [parentOf(old.resource, old.view), parentOf(now.resource, now.view)];
  const [before, after] = [was && holdsFor(was, old.view), is && holdsFor(is, now.view)];
  if (!before || !after) return new Set();
  return new Set(compareFacts(factsOf(before, 'value'), factsOf(after, 'value'), old.view, now.view).map(({ words }) => words));
}

/** Policies that stand elsewhere: another place may say less. */
function unread(old: State, now: State, at: Pick<Found, 'on' | 'path'>): readonly Found[] {
  const told = ({ resource, view }: State) => {
    const policy = policyOf(resource, view);
    return policy ? `${policy.at('format').string ?? ''} ${normal(policy, view)}` : '';
  };
  if (told(old) === told(now)) return [];
  return [
    {
      ...at,
      what: 'policy',
      direction: 'undecided',
      severity: 'high',
      words: 'what its policy demands of callers is written elsewhere, or only deployment tells',
    },
  ];
}

function normal(policy: Resource, view: View): string {
  const text = textOf(policy, view);
  return (text === undefined ? undefined : elementsOf(text)?.map(canonicalOf).join('')) ?? view.text(policy.at('value'));
}

// ── New APIs ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What in a policy turns callers away who are not known. */
const ASKING = new Set([
  'validate-jwt',
  'validate-azure-ad-token',
  'validate-client-certificate',
  'get-authorization-context',
  'ip-filter',
  'check-header',
]);
const asks = (elements: readonly Element[]): boolean => elements.some(({ children, name }) => ASKING.has(name) || asks(children));

/** Whether callers need a key or something else; undefined where the policy is written elsewhere. */
function isGuarded(api: Resource, view: View): boolean | undefined {
  if (api.at('subscriptionRequired').orDefault(true).isTrue().verdict !== 'fail') return true;
  const holds = holdsFor(api, view);
  return holds && (asks(holds.inbound) || operationsAsk(api, view));
}

/** Every operation asks by a policy of its own. */
function operationsAsk(api: Resource, view: View): boolean {
  const operations = belongingTo(api, OPERATION, 'apiId', view.graph);
  return operations.length > 0 && operations.every((operation) => asks(holdsFor(operation, view)?.inbound ?? []));
}

/** APIs that are new beside others, and ask callers for nothing. */
function newApis(old: State, now: State): readonly Found[] {
  if (belongingTo(old.resource, API, 'serviceName', old.view.graph).length === 0) return [];
  return belongingTo(now.resource, API, 'serviceName', now.view.graph).flatMap((api): readonly Found[] => {
    const { pairing } = now.view;
    if (pairing.other(api) !== undefined || !now.view.graph.exists(api) || isGuarded(api, now.view) !== false) return [];
    const inside = now.resource.at('virtualNetworkType').is('Internal').verdict === 'pass';
    return [
      {
        what: `open ${pairing.identity(api)}`,
        direction: 'weaker',
        aspect: 'access',
        severity: 'high',
        ...(inside ? {} : { boundary: 'internet' as const }),
        words: `${pairing.name(api)} is new and asks callers for nothing: no key, no token and no address`,
        on: api,
      },
    ];
  });
}

// ── Keys ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const needsKey = (resource: Resource): Fact =>
  holding(resource.at('subscriptionRequired').orDefault(true), true, ['callers need no key any more', 'callers need a key'], {
    aspect: 'access',
    severity: 'high',
  });

function apiFacts(api: Resource): readonly Fact[] {
  const protocols = api.at('protocols').orDefault(['https']);
  const signIn = api.at('authenticationSettings');
  const servers = [
    signIn.at('oAuth2'),
    signIn.at('openid'),
    ...signIn.at('oAuth2AuthenticationSettings').items(),
    ...signIn.at('openidAuthenticationSettings').items(),
  ];
  return [
    needsKey(api),
    {
      kind: 'lets',
      what: 'protocols in clear text that it is called by',
      path: 'protocols',
      aspect: 'encryption',
      severity: 'high',
      items: protocols
        .items()
        .flatMap((one) => (/^(http|ws)$/i.test(one.string ?? '') ? [{ text: (one.string as string).toLowerCase() }] : [])),
    },
    {
      kind: 'keeps',
      what: 'servers that it names for signing in',
      path: 'authenticationSettings',
      aspect: 'access',
      items: servers
        .flatMap((one) => one.at('authorizationServerId').string ?? one.at('openidProviderId').string ?? [])
        .map((text) => ({ text })),
    },
  ];
}

const productFacts = (product: Resource): readonly Fact[] => {
  const published = product.at('state').is('published').verdict === 'pass';
  return [
    needsKey(product),
    ...(published
      ? [
          holding(
            product.at('approvalRequired').orDefault(false),
            true,
            ['whoever asks gets a key, and nobody approves it', 'somebody approves who gets a key'],
            {
              aspect: 'access',
              severity: 'medium',
            },
          ),
        ]
      : []),
    {
      kind: 'level',
      what: 'published',
      rank: product.at('state').state === 'unknown' ? undefined : Number(!published),
      words: product.at('state').missing ?? 'published',
      severity: 'medium',
      path: 'state',
      turns: ['whoever sees the portal can ask for it now', 'nobody can ask for it any more'],
    },
  ];
};

/** From what everybody reads to what only the vault shows. */
function namedValue(value: Resource): readonly Fact[] {
  const vault = value.at('keyVault').state !== 'absent';
  const secret = value.at('secret').orDefault(false).boolean;
  const rank = vault ? 2 : secret === undefined ? undefined : Number(secret);
  const words =
    rank === undefined
      ? (value.at('secret').missing ?? '')
      : (['shown to whoever reads the service', 'a secret of the service', 'a secret of a vault'][rank] as string);
  return [
    { kind: 'level', what: 'what it holds', rank, words, aspect: 'encryption', severity: 'high', path: vault ? 'keyVault' : 'secret' },
  ];
}

export const APIM_DOORS: readonly Doors[] = [
  { on: [SERVICE, API, OPERATION, PRODUCT], compare },
  { on: [SERVICE], compare: newApis },
  { on: [API], facts: apiFacts },
  { on: [PRODUCT], facts: productFacts },
  { on: ['azure-native:apimanagement:NamedValue'], facts: namedValue },
];
