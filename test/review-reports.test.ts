import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { type ValidateFunction } from 'ajv';
import { describe, expect, it } from 'vitest';
import { toReviewHtml } from '../review/report/review-html';
import { toReviewJson } from '../review/report/review-json';
import { MARKER, toReviewMarkdown } from '../review/report/review-markdown';
import { MOST_PATHS, pictureOf } from '../review/report/review-picture';
import { toReviewSarif } from '../review/report/review-sarif';
import { toReviewSvg } from '../review/report/review-svg';
import { toReviewText } from '../review/report/review-text';
import { plainLine } from '../review/report/words';
import { REVIEW_VERDICTS, type ReviewChange, type ReviewDocument } from '../review/schema-review';
import { change, evidence, path, reviewDocument } from './support/review-documents';

const root = join(__dirname, '..');
const readJson = (...parts: string[]) => JSON.parse(readFileSync(join(root, ...parts), 'utf8'));
const plain = (text: string) => text;
const PAINT = { bold: plain, dim: plain, green: plain, red: plain, yellow: plain };
const NONE = { pass: 0, fail: 0, unknown: 0, waived: 0 };

const CLOSED = change({
  direction: 'stronger',
  approver: undefined,
  sentence: 'the account 111122223333 can no longer read the bucket Records',
  topic: 'closed',
  evidence: [evidence({ side: 'before', chain: ['the account 111122223333', 'the policy of Records, statement 2', 'the bucket Records'] })],
} as Partial<ReviewChange>);
const UNSURE = change({
  direction: 'undecided',
  sentence: 'whether the role Reader may read cannot be told',
  topic: 'unsure',
  evidence: [],
});
const ENFORCED = [{ rule: 'ENC-03.object-storage', before: ['the bucket A', 'the bucket Records'], after: ['the bucket A'] }];
/** A document with everything in it that can be. */
const WHOLE: ReviewDocument = reviewDocument({
  verdict: 'blocked',
  needs: ['security', 'data owner'],
  approvals: [{ by: 'ada@example.com', as: 'security', at: '2026-01-14T10:00:00.000Z' }],
  approved: false,
  onlyUpgrade: true,
  base: {
    targets: [{ path: 'cdk.out', kind: 'cdk-assembly', resources: 1, notes: ['a nested template is missing'] }],
    ref: { name: 'main', commit: 'c'.repeat(40) },
    digest: 'a'.repeat(64),
    undecided: { count: 0, share: 0 },
  },
  changes: [
    change({ boundary: 'internet', blocks: true, control: 'DHC-05' }),
    path('the internet', 'the internet gateway Igw', 'the load balancer Front', 'the database Cases'),
    UNSURE,
    change({
      direction: 'neutral',
      approver: undefined,
      severity: 'low',
      sentence: 'the bucket Old is renamed',
      topic: 'renamed',
    } as Partial<ReviewChange>),
    CLOSED,
  ],
  controls: [{ control: 'ENC-03', before: { ...NONE, pass: 3 }, after: { ...NONE, pass: 1, fail: 2 }, enforcedBy: ENFORCED }],
});
const many = (count: number, more: Partial<ReviewChange> = {}) =>
  Array.from({ length: count }, (_, at) =>
    change({ sentence: `the role Reader${at} can now read the bucket Records${at}`, subject: `Records${at}`, topic: `${at}`, ...more }),
  );
const NAMES: Readonly<Record<string, string>> = {
  'a script': '<script>alert(1)</script>',
  'an image': '<img src=x onerror=alert(1)>',
  'an end of the title': '</title></style></svg><b>bold</b>',
  'an attribute': '" onload="alert(1)\' x=\'',
  'a table': 'a|b|c\n|---|---|',
  'a code span': '``x` `` and ~~struck~~ *bold* _soft_',
  'a link': '[click](https://example.com) ![](https://example.com/x.png) https://example.com www.example.com',
  'a mention and references': '@octocat @acme/security #1 acme/app#2 GH-3 :tada: mail ada@example.com',
  'a second line': 'one\n\n# heading\r\n- item\u2028end',
  'the end of the comment': `--> <!-- palisade review -->`,
  'a terminal': '\u001b[31mred\u001b[0m\u0007\u0008 and \u202egnp.exe',
  'the end of a folded part': '</details></details>',
};

describe('the JSON of a review', () => {
  const validate = new Ajv({ strict: false }).compile(readJson('schema', 'review.schema.json'));
  const check = (document: unknown) => [
    validate(document),
    validate.errors?.map(({ instancePath, message }) => `${instancePath} ${message}`),
  ];

  it('is described by the schema that ships, whatever stands in it', () => {
    for (const document of [reviewDocument(), WHOLE]) expect(check(JSON.parse(toReviewJson(document)))).toEqual([true, undefined]);
  });

  it('is not described by it when something is missing, misspelt or too much', () => {
    const { verdict: _, ...lacking } = reviewDocument();
    expect(check(lacking)[0]).toBe(false);
    expect(check({ ...reviewDocument(), verdict: 'approve' })[0]).toBe(false);
    expect(check({ ...reviewDocument(), more: 1 })[0]).toBe(false);
    expect(check(reviewDocument({ changes: [change({ boundary: 'moon' as never })] }))[0]).toBe(false);
  });

  it('may have exactly the verdicts, aspects and boundaries that the schema names', async () => {
    const { ASPECTS, BOUNDARIES } = await import('../review/schema-review.js');
    const { definitions, properties } = readJson('schema', 'review.schema.json');
    expect([...properties.verdict.enum].sort()).toEqual([...REVIEW_VERDICTS].sort());
    expect(definitions.change.properties.aspect.enum).toEqual([...ASPECTS]);
    expect(definitions.change.properties.boundary.enum).toEqual([...BOUNDARIES]);
  });
});

describe('the SARIF of a review', () => {
  let validate: ValidateFunction;
  const check = (document: ReviewDocument) => {
    const log = JSON.parse(toReviewSarif(document));
    validate ??= sarifSchema();
    expect([validate(log), validate.errors]).toEqual([true, null]);
    return log.runs[0];
  };

  it('is valid by the official schema of 2.1.0', () => {
    check(reviewDocument());
    check(WHOLE);
    check(
      reviewDocument({ changes: Object.values(NAMES).map((name) => change({ sentence: name, evidence: [evidence({ resource: name })] })) }),
    );
  });

  it('says of each result whether it is new or gone', () => {
    const { results } = check(WHOLE);
    expect(results.map(({ baselineState, kind, level }: Record<string, string>) => [baselineState, kind, level])).toEqual([
      ['new', 'fail', 'error'],
      ['new', 'fail', 'error'],
      ['new', 'review', 'none'],
      ['absent', 'fail', 'error'],
    ]);
  });

  it('ranks every rule by the gravest of its results', () => {
    const { results, tool } = check(
      reviewDocument({ changes: [change({ severity: 'low' }), change({ severity: 'critical', topic: 'b' })] }),
    );
    expect(tool.driver.rules.map(({ properties }: { properties: Record<string, string> }) => properties['security-severity'])).toEqual([
      '9.5',
    ]);
    expect(results.map(({ ruleIndex }: { ruleIndex: number }) => ruleIndex)).toEqual([0, 0]);
  });

  it('shows a result without a file at what was read, and escapes what a path may hold', () => {
    const { results } = check(
      reviewDocument({
        changes: [
          change({ evidence: [{ resource: 'A/B', side: 'after' }] }),
          change({ topic: 'b', evidence: [evidence({ location: { file: 'a b#1?.json' } })] }),
        ],
      }),
    );
    const uris = results.map(
      ({ locations }: { locations: readonly { physicalLocation: { artifactLocation: { uri: string } } }[] }) =>
        locations[0]?.physicalLocation.artifactLocation.uri,
    );
    expect(uris).toEqual(['cdk.out', 'a%20b%231%3F.json']);
  });

  it('gives the same change the same fingerprint in the next run, and another change another', () => {
    const print = (one: ReviewChange) => check(reviewDocument({ changes: [one] })).results[0].partialFingerprints;
    expect(print(change({ sentence: 'told otherwise' }))).toEqual(print(change()));
    expect(print(change({ topic: 'another' }))).not.toEqual(print(change()));
  });
});

describe('the Markdown of a review', () => {
  it('begins with the one marker that a job finds its comment by', () => {
    for (const document of [reviewDocument(), WHOLE, reviewDocument({ changes: many(3000) })]) {
      const text = toReviewMarkdown(document);
      expect(text.startsWith(`${MARKER}\n### `)).toBe(true);
      expect(text.split(MARKER)).toHaveLength(2);
    }
    expect(MARKER).toBe('<!-- palisade review -->');
  });

  it('shows ten lines with the first place to look, and folds the rest', () => {
    const text = toReviewMarkdown(reviewDocument({ changes: many(14) }));
    const [open = '', folded = ''] = text.split('<details>');
    expect(open.match(/^- critical: /gm)).toHaveLength(10);
    expect(
      open.match(/<br><sub><code>Files\/Records<\/code> · <code>cdk\.out\/Files\.template\.json:12<\/code> · everyone → /g),
    ).toHaveLength(10);
    expect(folded).toContain('<summary>4 more lines that have to be approved</summary>');
  });

  it.each([
    ['thousands of lines', reviewDocument({ changes: many(10_000) })],
    ['thousands that need nobody', reviewDocument({ changes: [...many(3), ...many(10_000, { direction: 'stronger' })] })],
    [
      'thousands of places for one line',
      reviewDocument({ changes: [change({ evidence: Array.from({ length: 5000 }, () => evidence()) })] }),
    ],
    [
      'names of a million letters',
      reviewDocument({
        changes: many(20, {
          sentence: '<&>'.repeat(300_000),
          evidence: [evidence({ resource: '|'.repeat(1_000_000), rule: '&'.repeat(9000), chain: ['<'.repeat(9000), '&'.repeat(9000)] })],
        }),
      }),
    ],
    [
      'every control',
      reviewDocument({
        changes: many(600),
        controls: Array.from({ length: 235 }, (_, n) => ({
          control: `ENC-${n}` as never,
          before: NONE,
          after: { ...NONE, pass: n },
          enforcedBy: ENFORCED,
        })),
      }),
    ],
  ])('fits into a comment on GitHub with %s, and says what it left out', (_, document) => {
    const text = toReviewMarkdown(document);
    expect(text.length).toBeLessThanOrEqual(65_536);
    expect(text.match(/<details>/g)?.length ?? 0).toBe(text.match(/<\/details>/g)?.length ?? 0);
    expect(text.match(/^- /gm)?.length).toBeGreaterThan(0);
    expect(text).toMatch(/<sub>before <code>a{16}<\/code> · after <code>b{16}<\/code>/);
    if (document.changes.length > 1000 || document.changes.some((one) => one.evidence.length > 1000)) {
      expect(text).toMatch(/_\d+ lines left out: a comment may not be longer\. The HTML and JSON reports hold all\._/);
      expect(text.length).toBeGreaterThan(50_000);
    }
  });

  it.each(Object.entries(NAMES))('makes nothing of a name that looks like %s', (_, name) => {
    const clean = toReviewMarkdown(
      reviewDocument({ changes: [change({ sentence: 'x', evidence: [evidence({ resource: 'x', chain: ['x', 'x'] })] })] }),
    );
    const text = toReviewMarkdown(
      reviewDocument({ changes: [change({ sentence: name, evidence: [evidence({ resource: name, chain: [name, name] })] })] }),
    );
    expect(text.split('\n')).toHaveLength(clean.split('\n').length);
    expect(text.match(/<[a-z!/]/gi)?.length).toBe(clean.match(/<[a-z!/]/gi)?.length);
    // What GitHub would act on: mentions, references, links, emoji; and Markdown that is not escaped.
    const line = text.split('\n').find((one) => one.startsWith('- ')) as string;
    expect(line).not.toMatch(/@\w|#\d|GH-\d|:\/\/|www\.\w|:\w+:/);
    expect(
      line
        .slice(2)
        .replaceAll(/\\./g, '')
        .replaceAll(/<\/?(br|sub|code)>/g, ''),
    ).not.toMatch(/[`*_[\]|~<>]/);
  });
});

describe('the text of a review', () => {
  it('shows ten lines, says how many more there are, and all of them on request', () => {
    const document = reviewDocument({ changes: [...many(14), CLOSED] });
    const short = toReviewText(document, PAINT);
    expect(short.match(/^critical {5}the role/gm)).toHaveLength(10);
    expect(short).toContain('… and 4 more to approve: --all prints them');
    const all = toReviewText(document, PAINT, { all: true });
    expect(all.match(/^critical {5}the role/gm)).toHaveLength(14);
    expect(all).toContain('stronger     the account 111122223333');
  });

  it.each(Object.entries(NAMES))('lets no name that looks like %s move the cursor or begin a line', (_, name) => {
    const lines = (sentence: string) =>
      toReviewText(reviewDocument({ changes: [change({ sentence, evidence: [evidence({ resource: sentence })] })] }), PAINT);
    expect(lines(name).split('\n')).toHaveLength(lines('x').split('\n').length);
    expect(lines(name).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it('never shows a share above nothing as nothing', () => {
    const { head } = reviewDocument();
    expect(toReviewText(reviewDocument({ head: { ...head, undecided: { count: 1, share: 0.0001 } } }), PAINT)).toContain(
      'less than 0.1 % (1) cannot be told',
    );
  });
});

describe('the page of a review', () => {
  const page = toReviewHtml(WHOLE);

  it('asks nothing of the network and runs nothing, and its own policy says so', () => {
    expect(page).toMatch(
      /http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-[\w+/]+=*'; base-uri 'none'; form-action 'none'"/,
    );
    const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
    expect(page).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|\sstyle=|@import|url\((?!#)|\bsrc=|href=/i);
    expect(page.match(/https?:\/\/[^"]+/g)).toEqual(['http://www.w3.org/2000/svg']);
  });

  it('tells the verdict, the lines, the controls, the share, the digests and the approvals', () => {
    expect(page).toContain('<h1>blocked: no approval lets it pass</h1>');
    expect(page).toContain('Only the versions of libraries differ');
    expect(page).toMatch(/<span class="tag blocks">blocks<\/span>.*crosses the boundary: internet/);
    expect(page).toContain('<code>cdk.out/Files.template.json:12</code>');
    expect(page).toMatch(/ENC-03<\/th><td>[^<]+<\/td><td class="number">3 → 1<\/td><td class="number">0 → 2<\/td>/);
    expect(page).toContain('1.7 % (3) cannot be told');
    expect(page).toContain('a'.repeat(64));
    expect(page).toContain('b'.repeat(64));
    expect(page).toContain('ada@example.com, as security, on');
    expect(page).toContain('a nested template is missing');
  });

  it('shows ten lines and folds the rest', () => {
    const [open = '', folded = ''] = toReviewHtml(reviewDocument({ changes: many(25) })).split('<h2>Everything else</h2>');
    expect(open.match(/class="tag critical"/g)).toHaveLength(10);
    expect(folded).toContain('<summary>15 more that have to be approved</summary>');
    expect(folded.match(/class="tag critical"/g)).toHaveLength(15);
  });

  it.each(Object.entries(NAMES))('makes nothing of a name that looks like %s', (_, name) => {
    const tags = (word: string) => {
      const one = change({
        sentence: word,
        evidence: [evidence({ resource: word, saw: word, chain: [word, 'x, statement 1', `${word} 2`], location: { file: word } })],
      });
      const document = reviewDocument({ changes: [one], approvals: [{ by: word, as: 'security', at: '2026-01-14' }] });
      return toReviewHtml(document)
        .match(/<[a-z/!][^>]*>/gi)
        ?.map((tag) => tag.replaceAll(/"[^"]*"/g, '""'));
    };
    expect(tags(name)?.filter((tag) => !/^<\/?tspan/.test(tag))).toEqual(tags('plain')?.filter((tag) => !/^<\/?tspan/.test(tag)));
  });

  it('leaves the picture out where there is no path', () => {
    expect(toReviewHtml(reviewDocument({ changes: [UNSURE] }))).not.toContain('<svg');
  });
});

describe('the picture of a review', () => {
  const stateOf = (document: ReviewDocument) =>
    Object.fromEntries(
      pictureOf(document).edges.map(({ from, state, to }) => [`${from.split('\n').at(-1)} → ${to.split('\n').at(-1)}`, state]),
    );

  it('draws what is new, what is gone, what may be new, and what paths of both sides share', () => {
    const before = change({
      aspect: 'exposure',
      direction: 'stronger',
      topic: 'old',
      evidence: [evidence({ side: 'before', chain: ['the internet', 'the internet gateway Igw', 'the host Old'] })],
    });
    const unsure = change({ direction: 'undecided', topic: 'u', evidence: [evidence({ chain: ['the role A', 'the table T'] })] });
    expect(
      stateOf(reviewDocument({ changes: [path('the internet', 'the internet gateway Igw', 'the host New'), unsure, before] })),
    ).toEqual({
      'the internet → the internet gateway Igw': 'same',
      'the internet gateway Igw → the host New': 'new',
      'the role A → the table T': 'unsure',
      'the internet gateway Igw → the host Old': 'lost',
    });
  });

  it('never shows a newly reached end as if it had been reached before', () => {
    const lost = change({ ...CLOSED, evidence: [evidence({ side: 'before' })] });
    expect(
      Object.values(
        stateOf(reviewDocument({ changes: [change({ sentence: 'everyone may' }), { ...lost, sentence: 'everyone may not' }] })),
      ),
    ).toEqual(['new']);
  });

  it('shows no way that nobody found: a hop in the middle is shared only where no new pair of ends comes of it', () => {
    const apart = pictureOf(
      reviewDocument({ changes: [path('the internet', 'the proxy P', 'the host A'), path('the account 1', 'the proxy P', 'the host B')] }),
    );
    expect(apart.nodes.filter(({ text }) => text === 'the proxy P')).toHaveLength(2);
    const joined = pictureOf(
      reviewDocument({
        changes: [path('the internet', 'the proxy P', 'the host A'), path('the internet', 'the gate', 'the proxy P', 'the host A')],
      }),
    );
    expect(joined.nodes.filter(({ text }) => text === 'the proxy P')).toHaveLength(1);
  });

  it('puts statements on the arrows, with what they let somebody do, and starts every right of a role at the role', () => {
    const chain = [
      'the account 111122223333',
      'the trust policy, statement 2',
      'the role R',
      'read the bucket A',
      'delete and write the table B',
    ];
    const { edges, nodes } = pictureOf(
      reviewDocument({
        changes: [
          change({
            boundary: 'organisation',
            sentence: 'the account 111122223333 can now become the role R',
            evidence: [evidence({ chain })],
          }),
        ],
      }),
    );
    expect(edges.map(({ from, label, to }) => [from.split('\n').at(-1), label, to.split('\n').at(-1)])).toEqual([
      ['the account 111122223333', 'become', 'the role R'],
      ['the role R', 'read', 'the bucket A'],
      ['the role R', 'delete and write', 'the table B'],
    ]);
    expect(nodes.map(({ lane, text }) => [text, lane])).toContainEqual(['the account 111122223333', 'outside']);
  });

  it('writes the ports on the arrow that reaches what is exposed', () => {
    const reached = path('the internet', 'its public endpoint', 'the storage account records');
    const exposed = (saw: string) =>
      pictureOf(reviewDocument({ changes: [{ ...reached, evidence: reached.evidence.map((one) => ({ ...one, saw })) }] })).edges.map(
        ({ label }) => label,
      );
    expect(exposed('tcp 443, 8000-8080 from anyone')).toEqual(['', 'tcp 443, 8000-8080']);
    expect(exposed('all traffic from 10.0.0.0/8')).toEqual(['', 'all traffic']);
    expect(exposed('no authentication')).toEqual(['', '']);
  });

  it('keeps what is outside in lanes of its own, also where data leaves towards it', () => {
    const out = path('the subnet App', 'the NAT gateway Nat', 'the internet');
    const lanes = Object.fromEntries(
      pictureOf(reviewDocument({ changes: [out, CLOSED, path('the internet', 'the internet gateway Igw', 'the host A')] })).nodes.map(
        ({ lane, text }) => [text, lane],
      ),
    );
    expect(lanes).toMatchObject({
      'the internet': 'internet',
      'the internet gateway Igw': 'ours',
      'the subnet App': 'ours',
      'the account 111122223333': 'outside',
    });
    expect(toReviewSvg(pictureOf(reviewDocument({ changes: [out] })))).toMatch(/Internet.*Ours/);
  });

  it.each([
    ['one path', [path('the internet', 'the internet gateway Igw', 'the host A')]],
    [
      'thirty paths',
      Array.from({ length: 30 }, (_, n) =>
        n % 2
          ? path('the internet', 'the internet gateway Igw', `the load balancer Front${n % 4}`, `the database with quite a long name ${n}`)
          : change({
              topic: `${n}`,
              sentence: `the role ${n} can now read and delete the bucket ${n % 5}`,
              evidence: [evidence({ chain: [`the role ${n}`, `read, statement ${n}`, `the bucket ${n % 5}`] })],
            }),
      ),
    ],
    ['names without spaces, in wide letters', [path('W'.repeat(300), '数据'.repeat(60), 'a'.repeat(300))]],
  ])('has no words that overlap with %s, and nothing outside of its frame', (_, changes) => {
    const svg = toReviewSvg(pictureOf(reviewDocument({ changes })));
    const [, width = 0, height = 0] = (/viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? []).map(Number);
    const boxes = [...svg.matchAll(/<rect (?:class="label-back" )?x="([-\d.]+)" y="([-\d.]+)" width="([\d.]+)" height="([\d.]+)" rx/g)].map(
      (match) => match.slice(1).map(Number) as [number, number, number, number],
    );
    expect(boxes.length).toBeGreaterThan(2);
    for (const [x, y, w, h] of boxes) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect([x + w <= width, y + h <= height]).toEqual([true, true]);
    }
    const overlaps = boxes.flatMap(([x, y, w, h], at) =>
      boxes.slice(at + 1).filter(([a, b, c, d]) => x < a + c && a < x + w && y < b + d && b < y + h),
    );
    expect(overlaps).toEqual([]);
  });

  it('is told in words as well, and so is what is not drawn', () => {
    const changes = [
      ...Array.from({ length: MOST_PATHS + 12 }, (_, n) => path('the internet', `the host ${n}`)),
      ...Array.from({ length: 4 }, (_, n) => ({ ...CLOSED, sentence: `gone ${n}`, topic: `gone ${n}` })),
    ];
    const picture = pictureOf(reviewDocument({ changes }));
    expect([picture.paths.length, picture.more.length]).toEqual([MOST_PATHS, 16]);
    expect(picture.paths.filter(({ state }) => state === 'lost')).toHaveLength(4);
    const page = toReviewHtml(reviewDocument({ changes }));
    expect(page).toMatch(/<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" role="img" aria-labelledby="picture-title picture-desc"/);
    expect(page).toContain('<desc id="picture-desc">30 paths over 27 arrows: 26 new, 4 no longer there; 16 more are only listed.');
    expect(page).toContain('<summary>16 more paths, not drawn</summary>');
    expect(page).toContain('the internet → the host 41');
  });
});

describe('a name as one line', () => {
  it('has no sign that cannot be seen, and is cut between letters', () => {
    expect(plainLine(' a\n\tb\u202e ')).toBe('a b\ufffd');
    expect(plainLine('😀😀😀', 2)).toBe('😀…');
  });
});

/** The official schema, as OASIS publishes it; formats are looked at loosely. */
function sarifSchema(): ValidateFunction {
  const ajv = new Ajv({ strict: false, unicodeRegExp: false });
  ajv.addFormat('uri', /^[a-z][\w+.-]*:[^\s<>"{}|\\^`]*$/i);
  ajv.addFormat('uri-reference', /^[^\s<>"{}|\\^`]*$/);
  ajv.addFormat('date-time', { validate: (text: string) => !Number.isNaN(Date.parse(text)) });
  return ajv.compile(readJson('test', 'fixtures', 'sarif', 'sarif-schema-2.1.0.json'));
}

describe('who enforces a control, and what cannot be told', () => {
  it.each([
    ['text', () => toReviewText(WHOLE, PAINT, { all: true })],
    ['markdown', () => toReviewMarkdown(WHOLE)],
    ['html', () => toReviewHtml(WHOLE)],
  ])('names in %s the rule and the resource that no longer keep it', (_, render) => {
    expect(render()).toMatch(/ENC-03[\s\S]*no longer ENC-03\.object-storage on the bucket Records/);
    expect(render()).not.toMatch(/no longer ENC-03\.object-storage on [^;<|]*the bucket A/);
  });

  it('says that the last one is gone, and how many more there are', () => {
    const names = Array.from({ length: 6 }, (_, at) => `the bucket B${at}`);
    const controls = [
      { control: 'ENC-03' as const, before: NONE, after: NONE, enforcedBy: [{ rule: 'ENC-03.x', before: names, after: [] }] },
    ];
    expect(toReviewText(reviewDocument({ controls }), PAINT, { all: true })).toContain(
      'no longer ENC-03.x on the bucket B0, the bucket B1, the bucket B2, the bucket B3 and 2 more, the last',
    );
  });

  it.each([
    ['text', toReviewText(reviewDocument({ head: share() }), PAINT)],
    ['markdown', toReviewMarkdown(reviewDocument({ head: share() }))],
    ['html', toReviewHtml(reviewDocument({ head: share() }))],
  ])('says in %s how many verdicts cannot be told, and how large their share is', (_, text) => {
    expect(text).toContain('12.5 %');
    expect(text).toContain('(7)');
  });

  it('says it to programs too', () => {
    const document = reviewDocument({ head: share() });
    expect(JSON.parse(toReviewJson(document)).head.undecided).toEqual({ count: 7, share: 0.125 });
    expect(JSON.parse(toReviewSarif(document)).runs[0].properties.undecided.after).toEqual({ count: 7, share: 0.125 });
  });
});

function share(): ReviewDocument['head'] {
  return { ...reviewDocument().head, undecided: { count: 7, share: 0.125 } };
}
