/** Which pages of other origins may call an API: listed, unless nothing can be changed and nobody is signed in. */
import type { ControlId } from '../../../controls';
import { HTTP_API, METHOD, SAM_API, SAM_HTTP_API } from '../../facts/apis';
import { every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

/** Methods that change nothing. */
const READING: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** `'GET,POST'`, with or without the quotes that mapping expressions need, or a list. */
const wordsOf = (value: Value): readonly string[] =>
  value.items().flatMap((item) =>
    (item.string ?? '')
      .replaceAll(/['"\s]/g, '')
      .split(',')
      .filter(Boolean),
  );

const changes = (methods: Value): boolean =>
  methods.state !== 'absent' && (methods.state !== 'known' || wordsOf(methods).some((word) => !READING.has(word.toUpperCase())));

/** A wildcard origin is fine only where nothing can be written and no credentials are sent. */
function listsOrigins(origins: Value, methods: Value, credentials: Value | undefined): Outcome {
  if (origins.state === 'unknown') return origins.asUnknown();
  if (!wordsOf(origins).some((origin) => origin === '*' || origin === 'https://*' || origin === 'http://*')) return pass();
  const signed = credentials !== undefined && /^'?true'?$/i.test(credentials.string ?? '');
  return signed || changes(methods)
    ? fail(`${origins.path} lets pages of every origin ${signed ? 'send credentials' : 'change data'}`, origins.path)
    : pass();
}

function httpApiListsOrigins(cors: Value): Outcome {
  if (cors.state === 'absent') return notApplicable('answers no other origin');
  // `true` stands for everything.
  if (cors.isTrue().verdict === 'pass') return fail(`${cors.path} is true: every origin, every method`, cors.path);
  return listsOrigins(cors.at('AllowOrigins'), cors.at('AllowMethods'), cors.at('AllowCredentials'));
}

/** SAM takes one origin as text, quoted, or a map. A text allows every method. */
function samListsOrigins(api: Resource): Outcome {
  const cors = api.at('Cors');
  if (cors.state === 'absent') return notApplicable('answers no other origin');
  if (cors.isMap) {
    const methods = cors.at('AllowMethods');
    return listsOrigins(cors.at('AllowOrigin'), methods.state === 'absent' ? methods.orDefault('*') : methods, cors.at('AllowCredentials'));
  }
  return wordsOf(cors).includes('*') ? fail("Cors is '*': every origin, every method", 'Cors') : pass();
}

const HEADER = 'method.response.header.Access-Control-Allow-';

/** A preflight answer is written as headers of the OPTIONS method. */
function preflightListsOrigins(method: Resource): Outcome {
  if (method.at('HttpMethod').is('OPTIONS').verdict !== 'pass') return notApplicable('answers no preflight request');
  return every(method.at('Integration.IntegrationResponses').items(), (response) => {
    const headers = new Map(
      response
        .at('ResponseParameters')
        .entries()
        .map(([name, value]) => [name.toLowerCase(), value]),
    );
    const header = (name: string) => headers.get(`${HEADER}${name}`.toLowerCase());
    const origins = header('Origin');
    const methods = header('Methods');
    return origins && methods ? listsOrigins(origins, methods, header('Credentials')) : pass();
  });
}

const cors = (CorsConfiguration: unknown, Type = HTTP_API) => ({ Api: { Type, Properties: { CorsConfiguration } } });
const sam = (Cors: unknown) => ({ Api: { Type: SAM_API, Properties: { StageName: 'live', Cors } } });
const options = (origin: string, methods: string, HttpMethod = 'OPTIONS') => ({
  Preflight: {
    Type: METHOD,
    Properties: {
      RestApiId: 'a1',
      ResourceId: 'r1',
      HttpMethod,
      Integration: {
        Type: 'MOCK',
        IntegrationResponses: [{ StatusCode: '204', ResponseParameters: { [`${HEADER}Origin`]: origin, [`${HEADER}Methods`]: methods } }],
      },
    },
  },
});
const OURS = ['https://cases.example.com'];

export const apiCors = {
  'DID-21': {
    aws: [
      rule({
        on: [HTTP_API, SAM_HTTP_API],
        check: (api) => httpApiListsOrigins(api.at('CorsConfiguration')),
        fix: 'List the origins of your own pages in AllowOrigins, and the methods that they need.',
        pass: [
          { resources: cors({ AllowOrigins: OURS, AllowMethods: ['*'] }) },
          { name: 'reading only', resources: cors({ AllowOrigins: ['*'], AllowMethods: ['GET'] }) },
        ],
        fail: [
          { resources: cors({ AllowOrigins: ['*'], AllowMethods: ['POST'] }) },
          { resources: cors({ AllowOrigins: ['*'], AllowMethods: ['GET'], AllowCredentials: true }) },
          { resources: cors(true, SAM_HTTP_API) },
        ],
        unknown: [{ parameters: { Origins: { Type: 'String' } }, resources: cors({ AllowOrigins: { Ref: 'Origins' } }) }],
        skip: [{ resources: { Api: { Type: HTTP_API, Properties: {} } } }],
      }),
      rule({
        on: SAM_API,
        check: samListsOrigins,
        fix: 'Write Cors as a map with the origin of your own pages in AllowOrigin, and the methods that they need in AllowMethods.',
        pass: [{ resources: sam({ AllowOrigin: "'https://cases.example.com'" }) }, { resources: sam("'https://cases.example.com'") }],
        fail: [
          { resources: sam("'*'") },
          { resources: sam({ AllowOrigin: "'*'" }) },
          { resources: sam({ AllowOrigin: "'*'", AllowMethods: "'GET,POST'" }) },
          { resources: sam({ AllowOrigin: "'*'", AllowMethods: "'GET'", AllowCredentials: true }) },
        ],
        skip: [{ resources: { Api: { Type: SAM_API, Properties: { StageName: 'live' } } } }],
      }),
      rule({
        on: METHOD,
        check: preflightListsOrigins,
        fix: "Answer preflight requests with the origin of your own pages: defaultCorsPreflightOptions: { allowOrigins: ['https://…'] }.",
        pass: [{ resources: options("'https://cases.example.com'", "'*'") }, { resources: options("'*'", "'GET,HEAD'") }],
        fail: [{ resources: options("'*'", "'OPTIONS,GET,PUT,POST,DELETE,PATCH,HEAD'") }],
        skip: [{ resources: options("'*'", "'POST'", 'GET') }],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
