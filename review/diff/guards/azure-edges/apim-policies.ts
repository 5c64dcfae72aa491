/** What the policies of API Management ask of callers, whom they let in, and where they send what is called. */
import type { Severity } from '../../../../controls';
import { type Block, blockOf } from '../../../../policies/facts/network';
import { without } from '../../exposure/reach';
import { canonicalOf, type Element, everyElement } from './apim-xml';
import type { Fact, Item, Level, Listed } from './facts';

/** A policy as it holds: with what it inherits and includes. */
export interface Asked {
  readonly inbound: readonly Element[];
  readonly backend: readonly Element[];
  readonly outbound: readonly Element[];
}

/** What refuses callers, or limits what they do. */
const DEMANDS: Readonly<Record<string, readonly [words: string, severity: Severity]>> = {
  'validate-jwt': ['a token', 'high'],
  'validate-azure-ad-token': ['a token of the directory', 'high'],
  'validate-client-certificate': ['a client certificate', 'high'],
  'check-header': ['a certain header', 'high'],
  'ip-filter': ['certain addresses', 'high'],
  'rate-limit': ['a limit of calls', 'medium'],
  'rate-limit-by-key': ['a limit of calls by caller', 'medium'],
  quota: ['a quota of calls', 'medium'],
  'quota-by-key': ['a quota of calls by caller', 'medium'],
  'llm-token-limit': ['a limit of tokens of models', 'medium'],
  'azure-openai-token-limit': ['a limit of tokens of models', 'medium'],
  'llm-content-safety': ['that prompts are looked at', 'medium'],
  'validate-content': ['that bodies are valid', 'medium'],
  'validate-parameters': ['that parameters are valid', 'medium'],
  'validate-headers': ['that headers are valid', 'medium'],
  'validate-graphql-request': ['that queries are valid', 'medium'],
  'validate-odata-request': ['that queries are valid', 'medium'],
};
/** Ways to ask for a token: one may take the place of the other. */
const TOKENS = ['validate-jwt', 'validate-azure-ad-token'];

const attribute = (element: Element, name: string): string | undefined => element.attributes.get(name);
const childrenOf = (element: Element, ...path: readonly string[]): readonly Element[] =>
  path.reduce<readonly Element[]>((at, name) => at.flatMap(({ children }) => children.filter((one) => one.name === name)), [element]);
const textsIn = (element: Element, ...path: readonly string[]): readonly string[] => childrenOf(element, ...path).map(({ text }) => text);

interface Placed {
  readonly element: Element;
  /** Only where these hold. */
  readonly where: string;
}

/** Elements with the conditions that they stand under. */
function* placed(elements: readonly Element[], where = ''): Iterable<Placed> {
  for (const element of elements) {
    if (element.name !== 'choose') yield { element, where };
    if (element.name === 'choose')
      for (const branch of element.children)
        yield* placed(
          branch.children,
          [
            where,
            attribute(branch, 'condition') ?? `not (${element.children.map((one) => attribute(one, 'condition') ?? '').join(' or ')})`,
          ]
            .filter((one) => one !== '')
            .join(' and '),
        );
    else if (/^(retry|wait|limit-concurrency)$/.test(element.name)) yield* placed(element.children, where);
  }
}

const asItem = (text: string, more: Omit<Item, 'text'> = {}): Item => ({ text, ...more });
const ANY = '*';
const anyCovers = (wide: Item): boolean => wide.text === ANY;

type Of = (what: string) => string;

export function factsOf(policy: Asked, path: string): readonly Fact[] {
  const inbound = [...placed(policy.inbound)];
  const demanding = inbound.filter(({ element }) => element.name in DEMANDS);
  const counts = new Map<string, number>();
  const details = demanding.flatMap(({ element, where }): readonly Fact[] => {
    const nth = (counts.get(element.name) ?? 0) + 1;
    counts.set(element.name, nth);
    const of: Of = (what) => `${what}${nth === 1 ? '' : `, of its check ${nth}`}${where === '' ? '' : `, where ${short(where)}`}`;
    return detailsOf(element, of, path);
  });
  const refusals = inbound
    .filter(({ element }) => element.name === 'return-response')
    .map(({ element, where }) =>
      asItem(`${where} ${canonicalOf(element)}`, { words: `an answer of its own${where === '' ? '' : ` where ${short(where)}`}` }),
    );
  return [
    {
      kind: 'keeps',
      what: 'what its policy demands of callers',
      path,
      items: demanding.map(({ element, where }) => demand(element, where)),
      covers: (wide, narrow) => wide.text === narrow.text.split(' where ')[0],
    },
    ...details,
    {
      kind: 'same',
      key: 'refusals',
      what: 'whom its policy answers by itself',
      text: refusals
        .map(({ text }) => text)
        .sort()
        .join('\n'),
      path,
    },
    ...sharing(inbound, path),
    ...sending(policy, path),
  ];
}

function demand(element: Element, where: string): Item {
  const [words, severity] = DEMANDS[element.name] as readonly [string, Severity];
  const kind = TOKENS.includes(element.name) ? 'token' : element.name.replace(/-by-key$/, '');
  return {
    text: where === '' ? kind : `${kind} where ${where}`,
    words: where === '' ? words : `${words} only where ${short(where)}`,
    severity,
    group: kind,
  };
}

const short = (condition: string): string => (condition.length > 80 ? `${condition.slice(0, 77)}…` : condition);

// ── Single checks ──────────────────────────────────────────────────────────────────────────────────────────────────

function detailsOf(element: Element, of: Of, path: string): readonly Fact[] {
  switch (element.name) {
    case 'validate-jwt':
    case 'validate-azure-ad-token':
      return tokens(element, of, path);
    case 'ip-filter':
      return addresses(element, of, path);
    case 'check-header':
      return [
        limited(
          textsIn(element, 'value'),
          of(`values of the header ${attribute(element, 'name') ?? ''} that are let in`),
          'every value',
          path,
          'high',
        ),
      ];
    case 'validate-client-certificate':
      return [
        level(element, 'validate-revocation', 'true', of, path, [
          'certificates of callers that were revoked are taken',
          'certificates of callers that were revoked are refused',
        ]),
        level(element, 'validate-trust', 'true', of, path, [
          'certificates of callers need no trusted issuer any more',
          'certificates of callers need a trusted issuer',
        ]),
        level(element, 'validate-not-after', 'true', of, path, [
          'certificates of callers that have expired are taken',
          'certificates of callers that have expired are refused',
        ]),
        limited(
          childrenOf(element, 'identities', 'identity').map(canonicalOf),
          of('certificates that are let in'),
          'every certificate',
          path,
          'high',
        ),
      ];
    case 'rate-limit':
    case 'rate-limit-by-key':
    case 'quota':
    case 'quota-by-key':
      return limits(element, of, path);
    case 'validate-content':
    case 'validate-parameters':
    case 'validate-headers':
      return actions(element, of, path);
    default:
      return [];
  }
}

/** Whom a list lets in; everybody where there is none. */
const limited = (texts: readonly string[], what: string, everybody: string, path: string, severity: Severity): Listed => ({
  kind: 'lets',
  what,
  path,
  severity,
  items: texts.length === 0 ? [asItem(ANY, { words: everybody })] : texts.map((text) => asItem(text)),
  covers: anyCovers,
});

function level(element: Element, name: string, absent: string, of: Of, path: string, turns: readonly [string, string]): Level {
  const value = attribute(element, name) ?? absent;
  const rank = /^true$/i.test(value) ? 1 : /^false$/i.test(value) ? 0 : undefined;
  return { kind: 'level', what: of(name), rank, words: 'an expression', severity: 'high', path, turns: [of(turns[0]), of(turns[1])] };
}

function tokens(element: Element, of: Of, path: string): readonly Fact[] {
  const entra = element.name === 'validate-azure-ad-token';
  const tenant = attribute(element, 'tenant-id');
  const configured = childrenOf(element, 'openid-config').map((one) => (attribute(one, 'url') ?? '').replace(/\/$/, ''));
  const issuers = textsIn(element, 'issuers', 'issuer');
  const trusted = entra
    ? [`the directory ${tenant ?? 'of the service'}`]
    : issuers.length > 0
      ? issuers
      : configured.map((url) => `those that ${url} names`);
  const every = trusted.some((one) => /\/(common|organizations|consumers)\/|directory (common|organizations|consumers)$/i.test(one));
  const applications = entra ? textsIn(element, 'client-application-ids', 'application-id') : undefined;
  return [
    limited(textsIn(element, 'audiences', 'audience'), of('for whom tokens may be made'), 'anybody', path, 'high'),
    {
      kind: 'lets',
      what: of('whose tokens it takes'),
      path,
      severity: 'high',
      boundary: 'tenant',
      items: every
        ? [asItem(ANY, { words: 'those of every directory' })]
        : trusted.length === 0
          ? [asItem(ANY, { words: 'those of every issuer' })]
          : trusted.map((one) => asItem(one)),
      covers: anyCovers,
    },
    ...(applications === undefined
      ? []
      : [limited(applications, of('applications whose tokens it takes'), 'every application', path, 'high')]),
    {
      kind: 'keeps',
      what: of('what tokens must say'),
      path,
      severity: 'high',
      items: childrenOf(element, 'required-claims', 'claim').map(claim),
      covers: asMuchAsked,
    },
    level(element, 'require-signed-tokens', 'true', of, path, ['tokens need no signature any more', 'tokens need a signature']),
    level(element, 'require-expiration-time', 'true', of, path, ['tokens need no end any more', 'tokens need an end']),
  ];
}

interface Claim {
  readonly name: string;
  readonly all: boolean;
  readonly values: readonly string[];
}

function claim(element: Element): Item {
  const separator = attribute(element, 'separator');
  const one: Claim = {
    name: attribute(element, 'name') ?? '',
    // Without it, all of them.
    all: attribute(element, 'match')?.toLowerCase() !== 'any',
    values: textsIn(element, 'value')
      .flatMap((text) => (separator === undefined ? [text] : text.split(separator)))
      .sort(),
  };
  const values = one.values.join(one.all ? ' and ' : ' or ');
  return asItem(JSON.stringify(one), { group: one.name, words: `${one.name}${values === '' ? '' : ` ${values}`}` });
}

/** Fewer of several that may match, or more of those that must. */
function asMuchAsked(wide: Item, narrow: Item): boolean {
  const [one, other] = [JSON.parse(wide.text) as Claim, JSON.parse(narrow.text) as Claim];
  if (one.name !== other.name) return false;
  if (other.values.length === 0) return true;
  if (one.values.length === 0) return false;
  if (one.all)
    return other.all ? other.values.every((value) => one.values.includes(value)) : one.values.some((value) => other.values.includes(value));
  return (!other.all || other.values.length === 1) && one.values.every((value) => other.values.includes(value));
}

// ── Addresses and limits ───────────────────────────────────────────────────────────────────────────────────────────

function blockIn(text: string): Block | undefined {
  const [first, last] = text.split(' to ').map((one) => blockOf(one)) as [Block | undefined, Block | undefined];
  return first && last ? { ...first, last: last.last } : first;
}

function addresses(element: Element, of: Of, path: string): readonly Fact[] {
  const ranges = childrenOf(element, 'address-range').map((one) => `${attribute(one, 'from') ?? ''} to ${attribute(one, 'to') ?? ''}`);
  const all = [...textsIn(element, 'address'), ...ranges];
  const refuses = attribute(element, 'action')?.toLowerCase() === 'forbid';
  return [
    {
      kind: refuses ? 'keeps' : 'lets',
      what: of(refuses ? 'addresses that are refused' : 'addresses that are let in'),
      path,
      severity: 'medium',
      boundary: 'internet',
      items: all.map((one) => asItem(one)),
      covers: (wide, narrow) => {
        const [one, other] = [blockIn(wide.text), blockIn(narrow.text)];
        return one !== undefined && other !== undefined && without([other], [one]).length === 0;
      },
    },
  ];
}

function limits(element: Element, of: Of, path: string): readonly Fact[] {
  const words = (DEMANDS[element.name] as readonly [string, Severity])[0];
  const period = Number(attribute(element, 'renewal-period'));
  return ['calls', 'bandwidth'].flatMap((name): readonly Fact[] => {
    const text = attribute(element, name);
    if (text === undefined) return [];
    const rank = Number(text) / period;
    return [
      {
        kind: 'level',
        what: of(`${words}${name === 'bandwidth' ? ' by size' : ''}`),
        key: of(`${element.name} ${name}`),
        rank: Number.isNaN(rank) ? undefined : -rank,
        words: Number.isNaN(rank) ? 'an expression' : `${text}${name === 'bandwidth' ? ' KB' : ''} in ${period} seconds`,
        path,
      },
      {
        kind: 'same',
        what: of(`by what ${words} tells callers apart`),
        key: of(`${element.name} key`),
        text: attribute(element, 'counter-key') ?? '',
        path,
      },
    ];
  });
}

/** What becomes of what is not valid, from the mildest. */
const MILDEST = ['ignore', 'detect', 'prevent'];
function actions(element: Element, of: Of, path: string): readonly Fact[] {
  const all = [...everyElement([element])].flatMap((one) =>
    [...one.attributes].filter(([name]) => name === 'action' || name.endsWith('-action')),
  );
  const ranks = all.map(([, value]) => MILDEST.indexOf(value.toLowerCase())).filter((rank) => rank >= 0);
  if (ranks.length === 0) return [];
  const rank = Math.min(...ranks);
  const words = ['is let pass', 'is only written down', 'is refused'][rank] as string;
  return [
    {
      kind: 'level',
      what: of(`what its policy does with what is not valid (${element.name.replace('validate-', '')})`),
      rank,
      words,
      path,
    },
  ];
}

// ── Where it goes ──────────────────────────────────────────────────────────────────────────────────────────────────

function sharing(inbound: readonly Placed[], path: string): readonly Fact[] {
  const shared = inbound.filter(({ element }) => element.name === 'cors').map(({ element }) => element);
  const origins = shared.flatMap((one) => textsIn(one, 'allowed-origins', 'origin'));
  const signedIn = shared.some((one) => attribute(one, 'allow-credentials')?.toLowerCase() === 'true');
  return [
    {
      kind: 'lets',
      what: 'websites whose pages may call it from a browser',
      path,
      severity: 'medium',
      items: origins.map((text) =>
        text === '*'
          ? asItem(ANY, { words: 'every website', severity: 'high', boundary: 'internet' })
          : asItem(text.toLowerCase().replace(/\/$/, '')),
      ),
      covers: anyCovers,
    },
    {
      kind: 'level',
      what: 'credentials',
      rank: Number(!signedIn),
      words: 'credentials',
      severity: 'high',
      path,
      turns: [
        'pages of other websites may call it with what the browser is signed in with',
        'browsers no longer send what they are signed in with for other websites',
      ],
    },
  ];
}

/** Other places that get what is called. */
function sending({ backend, inbound, outbound }: Asked, path: string): readonly Fact[] {
  const all = [...everyElement([...inbound, ...backend, ...outbound])];
  const backends = all
    .filter(({ name }) => name === 'set-backend-service')
    .map((one) => attribute(one, 'base-url') ?? attribute(one, 'backend-id') ?? '');
  const requests = all
    .filter(({ name }) => name === 'send-request' || name === 'send-one-way-request')
    .flatMap((one) => textsIn(one, 'set-url'));
  const logged = all.filter(({ name }) => name === 'log-to-eventhub').map((one) => `the logger ${attribute(one, 'logger-id') ?? ''}`);
  return [
    { kind: 'lets', what: 'where it sends calls', path, severity: 'medium', items: backends.map((one) => asItem(one)) },
    { kind: 'lets', what: 'whom it tells of calls', path, severity: 'medium', items: [...requests, ...logged].map((one) => asItem(one)) },
  ];
}
