/** Web apps and container apps: who may come, with which certificate, by which site for deployments, and in clear text. */
import { ofSite, SITES, siteSetting } from '../../../../policies/facts/azure-sites';
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import { type Doors, type Fact, holding, type Item, items, type Listed, step, type View } from './facts';

// ── The fence ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** Headers that a rule may ask for: what is lost without them, and whom they name. */
const HEADERS: Readonly<Record<string, (from: string) => readonly [lost: string, whom: string]>> = {
  'x-azure-fdid': (from) => [
    `anybody’s Front Door gets in: requests from ${from} need not carry the id of a certain one any more`,
    `Front Doors that get in by ${from}`,
  ],
  'x-forwarded-host': (from) => [
    `requests from ${from} need not be for a certain host any more`,
    `hosts that requests from ${from} may be for`,
  ],
  'x-forwarded-for': (from) => [`requests from ${from} need not come from certain callers any more`, `callers that get in by ${from}`],
  'x-fd-healthprobe': (from) => [`requests from ${from} need not be probes any more`, `probes that get in by ${from}`],
};

interface Admission {
  readonly from: string;
  /** By header, the values that are let in. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
}

function admissions(rules: Value, view: View): readonly Admission[] {
  return rules
    .items()
    .filter((rule) => rule.at('action').orDefault('Allow').is('Allow').verdict !== 'fail')
    .map((rule) => ({
      from: sourceOf(rule, view),
      headers: new Map(
        rule
          .at('headers')
          .entries()
          .map(([name, values]) => [bare(name), view.texts(values)]),
      ),
    }));
}

/** Templates are read with the names of properties that the SDK would give them: `xAzureFdid`. */
const bare = (header: string): string => header.replaceAll('-', '').toLowerCase();

function sourceOf(rule: Value, view: View): string {
  const subnet = rule.at('vnetSubnetResourceId');
  return subnet.state === 'absent' ? view.text(rule.at('ipAddress')) : view.text(subnet);
}

/** What is asked of requests besides from where they come: of a source that several rules let in, what each of them asks. */
function fence(site: Resource, view: View, prefix: 'ip' | 'scmIp', name: string): readonly Fact[] {
  const rules = siteSetting(site, `${prefix}SecurityRestrictions`, view.graph);
  const path = rules.path;
  const bySource = new Map<string, Admission[]>();
  for (const one of admissions(rules, view)) bySource.set(one.from, [...(bySource.get(one.from) ?? []), one]);
  return [...bySource].flatMap(([from, some]): readonly Fact[] =>
    Object.entries(HEADERS).flatMap(([header, inWords]): readonly Fact[] => {
      const asked = some.every(({ headers }) => (headers.get(bare(header)) ?? []).length > 0);
      const [lost, whom] = inWords(view.words(from));
      const severity = header === 'x-azure-fdid' ? 'high' : 'medium';
      const common = { severity, path, boundary: 'internet' } as const;
      const level: Fact = {
        ...common,
        kind: 'level',
        key: `${prefix} ${from} ${header}`,
        what: header,
        rank: Number(asked),
        words: asked ? 'asked for' : 'not asked for',
        turns: [`${name}${lost}`, `${name}requests from ${view.words(from)} need ${header} now`],
      };
      if (!asked) return [level];
      const values = some.flatMap(({ headers }) => headers.get(bare(header)) ?? []);
      return [level, { ...common, kind: 'lets', what: `${name}${whom}`, items: items(values) }];
    }),
  );
}

/** Of an app that public networks do not reach, the fence of its site for deployments is a second layer. */
function scmLayer(site: Resource, view: View): readonly Fact[] {
  const setting = (path: string) => siteSetting(site, path, view.graph);
  const closed = [site.at('publicNetworkAccess'), setting('publicNetworkAccess')].some((value) => value.is('Disabled').verdict === 'pass');
  if (!closed) return [];
  const main = setting('scmIpSecurityRestrictionsUseMain').boolean === true;
  const prefix = main ? 'ip' : 'scmIp';
  const rest = setting(`${prefix}SecurityRestrictionsDefaultAction`);
  const rules = setting(`${prefix}SecurityRestrictions`).items();
  const refuses = rest.state === 'absent' ? rules.length > 0 : rest.is('Deny').verdict === 'pass';
  return [
    {
      kind: 'level',
      what: 'its site for deployments',
      key: 'scm layer',
      rank: Number(refuses),
      words: refuses ? 'refuses' : 'lets in',
      path: rest.path,
      turns: [
        'its site for deployments refuses nobody by address any more; only that public networks do not reach it keeps them away',
        'its site for deployments refuses whom no rule lets in',
      ],
    },
  ];
}

// ── Certificates ───────────────────────────────────────────────────────────────────────────────────────────────────

/** What it comes to, from the weakest, where it is less than before, and where it is more. */
const CERTIFICATE = [
  ['callers need no certificate any more', 'callers need no certificate'],
  ['callers need not show a certificate any more: one is taken, and not asked for', 'certificates of callers are taken'],
  ['every caller needs a certificate', 'every caller needs a certificate now'],
] as const;

function certificate(site: Resource): readonly Fact[] {
  const [enabled, mode] = [site.at('clientCertEnabled').orDefault(false), site.at('clientCertMode').orDefault('Required')];
  const rank =
    enabled.boolean === undefined
      ? undefined
      : !enabled.boolean
        ? 0
        : mode.state === 'unknown'
          ? undefined
          : mode.is('Required').verdict === 'pass'
            ? 2
            : 1;
  const words = enabled.missing ?? mode.missing ?? 'what only deployment tells';
  const turns = CERTIFICATE[rank ?? 0] as readonly [string, string];
  const paths: Listed = {
    kind: 'lets',
    what: 'the paths that need no certificate',
    path: 'clientCertExclusionPaths',
    severity: 'high',
    items: pathsIn(site.at('clientCertExclusionPaths').shape),
    covers: (wide, narrow) => below(narrow.text, wide.text),
  };
  return [
    { kind: 'level', what: 'what it asks of callers', rank, words, turns, severity: 'high', path: 'clientCertEnabled' },
    ...(rank === 0 ? [] : [paths]),
  ];
}

const pathsIn = (text = ''): readonly Item[] =>
  items(
    text
      .split(/[,;]/)
      .map((path) => path.trim())
      .filter((path) => path !== ''),
  );
/** `/api/cases` is below `/api`; `/` and `/*` are everything. */
export const below = (inner: string, outer: string): boolean => {
  const [one, other] = [inner, outer].map((path) => path.toLowerCase().replace(/\*?$/, '').replace(/\/$/, '')) as [string, string];
  return other === '' || one === other || one.startsWith(`${other}/`);
};

// ── Deployments ────────────────────────────────────────────────────────────────────────────────────────────────────

function passwords(site: Resource, view: View): readonly Fact[] {
  const named = [
    ['azure-native:web:WebAppFtpAllowed', 'deployments by FTP'],
    ['azure-native:web:WebAppScmAllowed', 'deployments to its site for that'],
  ] as const;
  return named.map(([type, what]): Fact => {
    const [said] = ofSite(site, type, view.graph);
    const allow = said?.at('allow');
    // Where nobody says otherwise, they are taken.
    const taken = allow === undefined || allow.state === 'absent' ? true : allow.boolean;
    return {
      kind: 'level',
      what,
      key: `password ${type}`,
      rank: taken === undefined ? undefined : Number(!taken),
      words: taken === undefined ? (allow?.missing ?? 'what only deployment tells') : taken ? 'passwords' : 'no passwords',
      aspect: 'access',
      severity: 'high',
      ...(said ? { on: said, path: 'allow' } : {}),
      turns: [`${what} take a password now, which no directory can lock`, `${what} take no password any more`],
    };
  });
}

function siteFacts(site: Resource, view: View): readonly Fact[] {
  const setting = (path: string) => siteSetting(site, path, view.graph);
  return [
    ...fence(site, view, 'ip', ''),
    ...(setting('scmIpSecurityRestrictionsUseMain').boolean === true ? [] : fence(site, view, 'scmIp', 'at its site for deployments, ')),
    ...scmLayer(site, view),
    ...certificate(site),
    ...passwords(site, view),
    holding(
      setting('remoteDebuggingEnabled').orDefault(false),
      false,
      ['debuggers may be attached to it from outside now', 'debuggers cannot be attached from outside any more'],
      {
        severity: 'high',
      },
    ),
    ...step(setting('ftpsState'), 'how files are taken', ['AllAllowed', 'FtpsOnly', 'Disabled'], {
      aspect: 'encryption',
      turns: ['it takes files by FTP again, or in clear text', 'it takes fewer files by FTP'],
    }),
    ...step(setting('scmMinTlsVersion'), 'the oldest TLS of its site for deployments', ['1.0', '1.1', '1.2', '1.3'], {
      aspect: 'encryption',
    }),
  ];
}

// ── Functions ──────────────────────────────────────────────────────────────────────────────────────────────────────

const KEYS = ['anonymous', 'function', 'admin'];

/** What the code says of who may call a function. */
function functionFacts(one: Resource): readonly Fact[] {
  return one
    .at('config.bindings')
    .items()
    .filter((binding) => binding.at('type').is('httpTrigger').verdict === 'pass')
    .flatMap((binding) =>
      step(binding.at('authLevel').orDefault('function'), 'the key that a call needs', KEYS, {
        key: 'key',
        severity: 'high',
        path: 'config',
      }),
    );
}

// ── Container apps ─────────────────────────────────────────────────────────────────────────────────────────────────

const INGRESS = 'configuration.ingress';

function appFacts(app: Resource): readonly Fact[] {
  const ingress = app.at(INGRESS);
  if (ingress.state === 'absent') return [];
  return [
    ...step(
      ingress.at('clientCertificateMode').orDefault('ignore'),
      'what it does with certificates of callers',
      ['ignore', 'accept', 'require'],
      {
        severity: 'high',
      },
    ),
  ];
}

export const SITE_DOORS: readonly Doors[] = [
  { on: [...SITES], facts: siteFacts },
  { on: ['azure-native:web:WebAppFunction'], facts: functionFacts },
  { on: ['azure-native:app:ContainerApp'], facts: appFacts },
];
