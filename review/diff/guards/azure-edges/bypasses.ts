/** Ways past the lists of networks, keys that still work, and what services may do on behalf of others. */
import type { Severity } from '../../../../controls';
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import type { Aspect } from '../../../schema-review';
import { type Doors, type Fact, holding, type Item, items, type Listed, step, type View } from './facts';
import { ourTenants } from './limits';

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// ── Switches ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Switch {
  readonly on: readonly string[];
  readonly path: string;
  /** What holds where nobody says, and which position protects. */
  readonly absent: boolean;
  readonly protects: boolean;
  readonly turns: readonly [weaker: string, stronger: string];
  readonly severity?: Severity;
  readonly aspect?: Aspect;
}

const VAULT = 'azure-native:keyvault:Vault';
const REGISTRY = 'azure-native:containerregistry:Registry';
const REDIS = 'azure-native:redis:Redis';
const CLUSTER = 'azure-native:containerservice:ManagedCluster';
const BASTION = 'azure-native:network:BastionHost';
const KEYS = ['keys of the service work beside the directory again', 'keys of the service do not work any more'] as const;

const SWITCHES: readonly Switch[] = [
  ...[
    ['properties.enabledForDeployment', 'virtual machines that are deployed may take certificates and secrets out of it', 'high'],
    ['properties.enabledForTemplateDeployment', 'whoever deploys templates may have them read its secrets', 'high'],
    ['properties.enabledForDiskEncryption', 'the encryption of disks may read its secrets and unwrap its keys', 'medium'],
  ].map(
    ([path = '', words = '', severity]): Switch => ({
      on: [VAULT],
      path,
      absent: false,
      protects: false,
      turns: [`${words} now`, `it is no longer so that ${words}`],
      severity: severity as Severity,
      aspect: 'access',
    }),
  ),
  {
    // What keys of other services open is told by access.
    on: ['azure-native:maps:Account', 'azure-native:devices:IotHubResource'],
    path: 'properties.disableLocalAuth',
    absent: false,
    protects: true,
    turns: KEYS,
    severity: 'high',
    aspect: 'access',
  },
  {
    on: [REDIS],
    path: 'redisConfiguration.authnotrequired',
    absent: false,
    protects: false,
    turns: ['whoever reaches it needs neither key nor token', 'whoever reaches it needs a key or a token'],
    severity: 'critical',
    aspect: 'access',
  },
  {
    on: [REGISTRY],
    path: 'policies.exportPolicy.status',
    absent: true,
    protects: false,
    turns: ['images can be carried out of it into other registries', 'images cannot be carried out of it into other registries'],
    severity: 'high',
    aspect: 'access',
  },
  {
    on: [REGISTRY],
    path: 'policies.quarantinePolicy.status',
    absent: false,
    protects: true,
    turns: ['images can be pulled before anybody has looked at them', 'images can be pulled only after somebody has looked at them'],
    aspect: 'controls',
  },
  {
    on: [REGISTRY],
    path: 'policies.trustPolicy.status',
    absent: false,
    protects: true,
    turns: ['images need no signature any more to be trusted', 'images can be signed, and trusted by that'],
    aspect: 'controls',
  },
  {
    on: [REGISTRY],
    path: 'policies.azureADAuthenticationAsArmPolicy.status',
    absent: true,
    protects: false,
    turns: ['tokens that were made for the management of Azure open it', 'only tokens that were made for registries open it'],
    aspect: 'access',
  },
  {
    on: [CLUSTER],
    path: 'apiServerAccessProfile.disableRunCommand',
    absent: false,
    protects: true,
    turns: [
      'whoever may write it can run commands in it from the management of Azure, past its network',
      'nobody can run commands in it from the management of Azure any more',
    ],
    severity: 'high',
    aspect: 'access',
  },
  {
    on: [CLUSTER],
    path: 'securityProfile.imageCleaner.enabled',
    absent: false,
    protects: true,
    turns: [
      'images with known holes that nobody uses stay on its nodes',
      'images with known holes that nobody uses are taken off its nodes',
    ],
    severity: 'low',
    aspect: 'controls',
  },
  ...(
    [
      ['enableShareableLink', false, 'whoever has a link reaches hosts without signing in to the directory', 'high'],
      ['enableIpConnect', false, 'hosts outside its network can be reached by their address', 'medium'],
      ['enableTunneling', false, 'clients of one’s own can be tunnelled through it, past what the browser restricts', 'medium'],
      ['enableFileCopy', false, 'files can be carried in and out by it', 'high'],
    ] as const
  ).map(
    ([path, absent, words, severity]): Switch => ({
      on: [BASTION],
      path,
      absent,
      protects: false,
      turns: [`${words} now`, `it is no longer so that ${words}`],
      severity,
    }),
  ),
  {
    on: [BASTION],
    path: 'disableCopyPaste',
    absent: false,
    protects: true,
    turns: ['text can be carried in and out by copying now', 'text cannot be carried in and out by copying any more'],
    severity: 'medium',
  },
  {
    on: [BASTION],
    path: 'enableSessionRecording',
    absent: false,
    protects: true,
    turns: ['what people do by it is not recorded any more', 'what people do by it is recorded now'],
    severity: 'high',
    aspect: 'logging',
  },
  {
    on: ['azure-native:sql:Server', 'azure-native:kusto:Cluster'],
    path: 'restrictOutboundNetworkAccess',
    absent: false,
    protects: true,
    turns: ['it may send data to any address now', 'it may send data to listed addresses only'],
    severity: 'medium',
  },
  {
    on: ['azure-native:cognitiveservices:Account'],
    path: 'properties.restrictOutboundNetworkAccess',
    absent: false,
    protects: true,
    turns: ['it may send data to any address now', 'it may send data to listed addresses only'],
    severity: 'high',
  },
  {
    on: ['azure-native:redisenterprise:Database'],
    path: 'clientProtocol',
    absent: false,
    protects: false,
    turns: ['it answers in clear text now', 'it answers by TLS only'],
    severity: 'high',
    aspect: 'encryption',
  },
];

/** Two positions that have names of their own. */
const NAMED: Readonly<Record<string, boolean>> = { plaintext: true, encrypted: false };

function position({ absent, aspect, path, protects, severity, turns }: Switch, resource: Resource): Fact {
  const value = resource.at(path).orDefault(absent);
  const more = { path, ...(aspect ? { aspect } : {}), ...(severity ? { severity } : {}) };
  const named = NAMED[value.string?.toLowerCase() ?? ''];
  if (named === undefined) return holding(value, protects, turns, more);
  return { kind: 'level', what: turns[0], key: path, rank: Number(named === protects), words: value.string ?? '', turns, ...more };
}

// ── Lists ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Resources that get past the list of networks, with the directory that they belong to where it is not ours. */
function resourceRules(account: Resource, view: View): readonly Fact[] {
  const rules = account.at('networkRuleSet.resourceAccessRules');
  // Without a list, nobody gets past one.
  if (account.at('networkRuleSet').state === 'absent') return [];
  const ours = ourTenants(view);
  return [
    {
      kind: 'lets',
      what: 'which resources get past its list of networks',
      path: rules.path,
      severity: 'medium',
      items: rules.items().map((rule): Item => {
        const [text, tenant] = [view.text(rule.at('resourceId')), rule.at('tenantId').string?.toLowerCase() ?? ''];
        // Where no directory is known to be ours, none is known to be somebody else's.
        if (!GUID.test(tenant) || ours.size === 0 || ours.has(tenant)) return { text: sameId(text), words: named(text, view) };
        return {
          text: `${sameId(text)} of ${tenant}`,
          words: `${named(text, view)} of the tenant ${tenant}`,
          severity: 'critical',
          boundary: 'tenant',
        };
      }),
      covers: (wide, narrow) => wide.text === narrow.text || (wide.text.endsWith('/*') && narrow.text.startsWith(wide.text.slice(0, -1))),
    },
  ];
}
const sameId = (id: string): string => id.replace(/\/$/, '').toLowerCase();
const named = (id: string, view: View): string => view.words(id).replace(/^.*\/providers\//i, '');

const listing = (list: Value, what: string, view: View, more: Partial<Listed> = {}): Listed => ({
  kind: 'lets',
  what,
  path: list.path,
  items: items(view.texts(list)),
  ...more,
});

const hostCovers: Listed['covers'] = (wide, narrow) => {
  const [one, other] = [wide.text.toLowerCase(), narrow.text.toLowerCase()];
  return one === '*' || one === other || (one.startsWith('*.') && other.endsWith(one.slice(1)));
};

/** Names that a service may send to, as far as it is held to them. */
function sendsTo(list: Value, restricts: Value, view: View): readonly Fact[] {
  const held = restricts.boolean === true || restricts.is('Enabled').verdict === 'pass';
  return held
    ? [listing(list, 'names that it may send data to', view, { severity: 'medium', boundary: 'internet', covers: hostCovers })]
    : [];
}

/** `repositories/cases/content/read`: a repository may be written as `*`. */
const actionCovers: Listed['covers'] = (wide, narrow) => {
  const pattern = wide.text.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`, 'i').test(narrow.text);
};

// ── The firewall of the network ────────────────────────────────────────────────────────────────────────────────────

function inspection(policy: Resource, view: View): readonly Fact[] {
  const detection = policy.at('intrusionDetection');
  const trusted = policy.at('threatIntelWhitelist');
  const past = detection.at('configuration.bypassTrafficSettings').items();
  const overrides = detection.at('configuration.signatureOverrides').items();
  return [
    ...step(policy.at('threatIntelMode').orDefault('Alert'), 'what it does with known bad addresses and names', ['Off', 'Alert', 'Deny'], {
      severity: 'high',
      aspect: 'detection',
    }),
    ...(policy.type.endsWith(':FirewallPolicy')
      ? step(detection.at('mode').orDefault('Off'), 'what it does with attacks', ['Off', 'Alert', 'Deny'], {
          severity: 'high',
          aspect: 'detection',
        })
      : []),
    listing(trusted.at('fqdns'), 'names that are not looked up among the bad ones', view, {
      severity: 'medium',
      aspect: 'detection',
      covers: hostCovers,
    }),
    listing(trusted.at('ipAddresses'), 'addresses that are not looked up among the bad ones', view, {
      severity: 'medium',
      aspect: 'detection',
    }),
    {
      kind: 'lets',
      what: 'traffic that is not searched for attacks',
      path: 'intrusionDetection.configuration.bypassTrafficSettings',
      severity: 'medium',
      aspect: 'detection',
      items: past.map((one) => {
        const part = (path: string) => view.texts(one.at(path)).slice().sort().join(' ');
        const [from, to] = [
          `${part('sourceAddresses')} ${part('sourceIpGroups')}`.trim(),
          `${part('destinationAddresses')} ${part('destinationIpGroups')}`.trim(),
        ];
        const text = `${one.at('protocol').string ?? 'ANY'} from ${from} to ${to} on ${part('destinationPorts')}`;
        return { text, words: view.words(text) };
      }),
    },
    {
      kind: 'lets',
      what: 'signs of attacks that it does not stop',
      path: 'intrusionDetection.configuration.signatureOverrides',
      severity: 'medium',
      aspect: 'detection',
      items: overrides
        .filter((one) => one.at('mode').isOneOf(['Off', 'Alert']).verdict === 'pass')
        .map((one) => ({
          text: `${one.at('id').string} ${one.at('mode').string?.toLowerCase()}`,
          words: `${one.at('id').string} (${one.at('mode').string?.toLowerCase()})`,
        })),
      covers: (wide, narrow) => wide.text.endsWith(' off') && narrow.text === wide.text.replace(/ off$/, ' alert'),
    },
  ];
}

const SWITCHED = [...new Set(SWITCHES.flatMap(({ on }) => on))];

export const BYPASSES: readonly Doors[] = [
  ...SWITCHED.map((type): Doors => {
    const own = SWITCHES.filter(({ on }) => on.includes(type));
    return { on: [type], facts: (resource) => own.map((one) => position(one, resource)) };
  }),
  { on: ['azure-native:storage:StorageAccount'], facts: resourceRules },
  {
    on: ['azure-native:cosmosdb:DatabaseAccount'],
    facts: (one, view) => [
      listing(one.at('networkAclBypassResourceIds'), 'which resources get past its list of networks', view, { severity: 'high' }),
    ],
  },
  {
    on: ['azure-native:cognitiveservices:Account'],
    facts: (one, view) => sendsTo(one.at('properties.allowedFqdnList'), one.at('properties.restrictOutboundNetworkAccess'), view),
  },
  {
    on: ['azure-native:kusto:Cluster'],
    facts: (one, view) => sendsTo(one.at('allowedFqdnList'), one.at('restrictOutboundNetworkAccess'), view),
  },
  {
    on: ['azure-native:batch:BatchAccount'],
    facts: (one, view) => {
      const modes = one.at('allowedAuthenticationModes');
      // Where nobody lists them, all of them.
      const texts = modes.state === 'absent' ? ['AAD', 'SharedKey', 'TaskAuthenticationToken'] : view.texts(modes);
      return [
        {
          kind: 'lets',
          what: 'how callers may prove who they are',
          path: modes.path,
          aspect: 'access',
          severity: 'high',
          items: items(texts),
        },
      ];
    },
  },
  {
    on: ['azure-native:containerregistry:ScopeMap'],
    // Whoever holds a token of it is told of by access.
    facts: (one, view) =>
      view.graph.pointingAt(one, 'azure-native:containerregistry:Token', 'scopeMapId').length > 0
        ? []
        : [listing(one.at('actions'), 'what its tokens may do', view, { severity: 'high', aspect: 'access', covers: actionCovers })],
  },
  { on: ['azure-native:network:FirewallPolicy', 'azure-native:network:AzureFirewall'], facts: inspection },
];
