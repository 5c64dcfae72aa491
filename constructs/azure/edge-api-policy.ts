/** The policy of an API whose answers are filtered by field: what happens to a request, to an answer and to an error. */
import type { FieldCatalogue } from '../fields';
import { call, csharp, csharpOf, type Expression, equals, isOneOf, kept, name, not, text } from './edge-api-expression';
import {
  ADMITTED,
  addressProgram,
  admissionProgram,
  answerProgram,
  caseProgram,
  changeProgram,
  HEADERS,
  KEPT,
  LONGEST,
  limitProgram,
  NOT_FOUND,
  type Operation,
  REFUSED,
  roleProgram,
} from './edge-api-filter';
import { type Element, element } from './edge-api-xml';

/** The notice that people read and acknowledge before they see data (PRV-01, PRV-02, PRV-03). */
export interface DataProtectionNotice {
  /** Identifies the notice: `support-notice`. */
  readonly id: string;
  /** Changes with the text; a new version is acknowledged anew. */
  readonly version: string;
  /** What people read. */
  readonly text: string;
}

/** Whose token is taken, and by which roles in it. */
export interface TokenDemand {
  readonly tenantId: string;
  readonly audience: string;
  /** Applications through which people call; empty where every application of the directory may that gets a token. */
  readonly clients: readonly string[];
  /** Values of the app roles. */
  readonly roles: readonly string[];
}

/** What callers may ask for in a time. */
export interface Limits {
  readonly callsPerMinute: number;
  readonly callsPerDay: number;
}

/** What the policy is made from; every text in it has been checked. */
export interface PolicySettings<R extends string> {
  readonly api: string;
  readonly catalogue: FieldCatalogue<R>;
  readonly operations: readonly Operation[];
  readonly pageSize: number;
  readonly token: TokenDemand;
  readonly roleValue: (role: string) => string;
  readonly limits: Limits;
  readonly notice: DataProtectionNotice;
  readonly backendAudience: string;
  readonly origins: readonly string[];
}

/** The operation that answers with the notice. */
export const NOTICE_OPERATION = 'dataProtectionNotice';

const MINUTE = 60;
const DAY = 86_400;

const variable = (kept: string, value: string): Element => element('set-variable', { name: kept, value });
const header = (key: string, value: string): Element =>
  element('set-header', { name: key, 'exists-action': 'override' }, [element('value', {}, value)]);
const dropped = (key: string): Element => element('set-header', { name: key, 'exists-action': 'delete' });
const choose = (...branches: readonly (readonly [Expression, ...Element[]])[]): Element =>
  element(
    'choose',
    {},
    branches.map(([condition, ...content]) => element('when', { condition: csharpOf(condition) }, content)),
  );

/** A response of the gateway's own: nothing of what the backend said is left in it. */
export function response(code: number, reason: string, body: string): Element {
  return element('return-response', {}, [
    element('set-status', { code: String(code), reason }),
    header('Content-Type', 'application/json'),
    header('Cache-Control', 'no-store'),
    header('X-Content-Type-Options', 'nosniff'),
    element('set-body', {}, body),
  ]);
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
};

/** A refusal says what is wrong with the request, and nothing about data. */
export const refusal = (code: number, error = (REASONS[code] ?? '').replaceAll(' ', '')): Element =>
  response(code, REASONS[code] ?? '', JSON.stringify({ error }));

/** Takes a token of the directory that holds one of the roles (DID-16). */
export function tokenCheck({ audience, clients, roles, tenantId }: TokenDemand): Element {
  const texts = (tag: string, values: readonly string[]) => values.map((value) => element(tag, {}, value));
  return element(
    'validate-azure-ad-token',
    {
      'tenant-id': tenantId,
      'header-name': 'Authorization',
      'failed-validation-httpcode': '401',
      'failed-validation-error-message': 'Unauthorized',
      'output-token-variable-name': KEPT.token,
    },
    [
      ...(clients.length > 0 ? [element('client-application-ids', {}, texts('application-id', clients))] : []),
      element('audiences', {}, texts('audience', [audience])),
      element('required-claims', {}, [element('claim', { name: 'roles', match: 'any' }, texts('value', roles))]),
    ],
  );
}

/** Calls of one person in a minute and in a day (EXP-06, DID-08). */
export function limitsPerPerson(api: string, { callsPerDay, callsPerMinute }: Limits): readonly Element[] {
  const key = csharpOf(call('join', text(`${api}:`), kept(KEPT.who)));
  return [
    element('rate-limit-by-key', { calls: String(callsPerMinute), 'renewal-period': String(MINUTE), 'counter-key': key }),
    element('quota-by-key', { calls: String(callsPerDay), 'renewal-period': String(DAY), 'counter-key': key }),
  ];
}

/** Pages of these origins may call, without cookies (DID-21). */
export const crossOrigin = (origins: readonly string[], methods: readonly string[], headers: readonly string[]): readonly Element[] =>
  origins.length === 0
    ? []
    : [
        element('cors', { 'allow-credentials': 'false', 'terminate-unmatched-request': 'true' }, [
          element(
            'allowed-origins',
            {},
            origins.map((origin) => element('origin', {}, origin)),
          ),
          element(
            'allowed-methods',
            {},
            methods.map((method) => element('method', {}, method)),
          ),
          element(
            'allowed-headers',
            {},
            headers.map((each) => element('header', {}, each)),
          ),
        ]),
      ];

/** Content of the API's own type, of a size that a form needs, and as the schema has it (DID-17). */
export const contentCheck = (): Element =>
  element(
    'validate-content',
    { 'unspecified-content-type-action': 'prevent', 'max-size': String(LONGEST.change), 'size-exceeded-action': 'prevent' },
    [element('content', { type: 'application/json', 'validate-as': 'json', action: 'prevent' })],
  );

/** What errors leave: their status, where it says something to the caller. Above the global policy there is nothing to include. */
export function onError(scope: 'global' | 'api'): readonly Element[] {
  const has = (code: number): Expression => equals(name('status'), { number: code });
  const status = 'palisade-status';
  const known = [400, 401, 403, 404, 413, 415, 429];
  const program = csharp([
    { let: 'status', be: call('status') },
    ...known.map((code) => ({ when: has(code), do: [{ answer: text(String(code)) }] })),
    { answer: text('500') },
  ]);
  return [
    ...(scope === 'api' ? [element('base')] : []),
    variable(status, program),
    choose(...known.map((code) => [equals(kept(status), text(String(code))), refusal(code)] as const)),
    refusal(500),
  ];
}

/** The whole policy. */
export function fieldPolicy<R extends string>(settings: PolicySettings<R>): Element {
  return element('policies', {}, [
    element('inbound', {}, inbound(settings)),
    element('backend', {}, [element('base')]),
    element('outbound', {}, outbound(settings)),
    element('on-error', {}, onError('api')),
  ]);
}

const verdict = (code: string, status: number) => [equals(kept(KEPT.verdict), text(code)), refusal(status, code)] as const;
const idsOf = (operations: readonly Operation[], kind: Operation['kind']) =>
  operations.filter((each) => each.kind === kind).map(({ id }) => id);

function inbound<R extends string>(settings: PolicySettings<R>): readonly Element[] {
  const { api, catalogue, limits, notice, operations, origins, pageSize, roleValue, token } = settings;
  const isOf = (kind: Operation['kind']) => isOneOf(call('operation'), idsOf(operations, kind));
  const alters = idsOf(operations, 'alter');
  const accepted = ['Authorization', 'Content-Type', 'Ocp-Apim-Subscription-Key', HEADERS.purpose, HEADERS.case, HEADERS.notice];
  return [
    element('base'),
    ...crossOrigin(origins, ['GET', 'PATCH'], accepted),
    tokenCheck(token),
    variable(KEPT.who, csharpOf(call('claim', text('oid')))),
    variable(KEPT.role, csharp(roleProgram(catalogue.roles, roleValue))),
    choose([equals(kept(KEPT.role), text(REFUSED)), refusal(403)]),
    ...limitsPerPerson(api, limits),
    choose([
      equals(call('operation'), text(NOTICE_OPERATION)),
      response(200, 'OK', csharpOf(text(JSON.stringify({ id: notice.id, version: notice.version, text: notice.text })))),
    ]),
    // Each request says which notice its person has acknowledged; the record of the request holds it, with who and when.
    choose([
      not(equals(call('header', text(HEADERS.notice)), text(`${notice.id}@${notice.version}`))),
      refusal(428, 'NoticeNotAcknowledged'),
    ]),
    variable(KEPT.purpose, csharpOf(call('header', text(HEADERS.purpose)))),
    variable(KEPT.record, csharpOf(call('matched', text('id')))),
    variable(KEPT.case, csharp(caseProgram(catalogue, operations))),
    variable(KEPT.verdict, csharp(admissionProgram(catalogue, operations))),
    choose(verdict('BadRequest', 400), verdict('PurposeRefused', 403), verdict('Forbidden', 403), verdict(NOT_FOUND, 404)),
    choose([not(equals(kept(KEPT.verdict), text(ADMITTED))), refusal(403)]),
    ...(alters.length === 0
      ? []
      : [
          choose([
            isOf('alter'),
            contentCheck(),
            variable(KEPT.change, csharp(changeProgram(catalogue, operations))),
            choose([equals(kept(KEPT.change), text(REFUSED)), refusal(403, 'FieldRefused')]),
            element('set-body', {}, csharpOf(kept(KEPT.change))),
          ]),
        ]),
    element('rewrite-uri', { template: csharp(addressProgram(operations)), 'copy-unmatched-params': 'false' }),
    ...pages(settings, isOf('page'), pageSize),
    header(HEADERS.who, csharpOf(kept(KEPT.who))),
    header(HEADERS.role, csharpOf(kept(KEPT.role))),
    header(HEADERS.purpose, csharpOf(kept(KEPT.purpose))),
    header(HEADERS.case, csharpOf(kept(KEPT.case))),
    // A compressed answer could not be read by the filter.
    dropped('Accept-Encoding'),
    dropped('Ocp-Apim-Subscription-Key'),
    element('authentication-managed-identity', { resource: settings.backendAudience }),
  ];
}

/** Of a list, the backend is asked for a page, by what the catalogue lists it by. */
function pages<R extends string>({ catalogue, operations }: PolicySettings<R>, isPage: Expression, pageSize: number): readonly Element[] {
  const listing = operations.filter(({ kind }) => kind === 'page');
  if (listing.length === 0) return [];
  const parameter = (key: string, value: string) =>
    element('set-query-parameter', { name: key, 'exists-action': 'override' }, [element('value', {}, value)]);
  const copied = (key: string): Element => {
    const asked = call('query', text(key));
    return choose([not(equals(asked, text(''))), parameter(key, csharpOf(asked))]);
  };
  return [
    choose([isPage, parameter('limit', csharp(limitProgram(pageSize))), copied('nextToken')]),
    ...listing.flatMap(({ id, record }) => {
      const by = catalogue.records[record]?.listedBy;
      return by === undefined ? [] : [choose([equals(call('operation'), text(id)), copied(by)])];
    }),
  ];
}

function outbound<R extends string>({ catalogue, operations, pageSize }: PolicySettings<R>): readonly Element[] {
  const isAnswer = (value: string) => equals(kept(KEPT.answer), text(value));
  const status = call('status');
  const failed = not(isBetween(status, 200, 299));
  return [
    element('base'),
    choose([equals(status, { number: 404 }), refusal(404)], [failed, refusal(502, 'BackendFailed')]),
    variable(KEPT.answer, csharp(answerProgram(catalogue, operations, pageSize))),
    choose([isAnswer(REFUSED), refusal(502, 'ResponseRefused')], [isAnswer(NOT_FOUND), refusal(404)]),
    element('trace', { source: 'palisade', severity: 'information' }, [
      element('message', {}, csharpOf(call('operation'))),
      ...[KEPT.who, KEPT.role, KEPT.purpose, KEPT.case, KEPT.record].map((each) =>
        element('metadata', { name: each, value: csharpOf(kept(each)) }),
      ),
    ]),
    response(200, 'OK', csharpOf(kept(KEPT.answer))),
  ];
}

const isBetween = (value: Expression, least: number, most: number): Expression =>
  call('both', call('lessThan', { number: least - 1 }, value), call('lessThan', value, { number: most + 1 }));
