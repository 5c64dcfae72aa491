/** What browsers, callers and publishers are held to at the edges of AWS: headers, origins, signatures, records. */
import type { PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { each, except, found, type Guard, meaning, place, type Said, truth, turned } from './parts';

const HEADERS = 'ResponseHeadersPolicyConfig.SecurityHeadersConfig';

/** Headers that protect browsers, as people know them. */
const NAMED: Readonly<Record<string, string>> = {
  ContentSecurityPolicy: 'Content-Security-Policy',
  ContentTypeOptions: 'X-Content-Type-Options',
  FrameOptions: 'X-Frame-Options',
  ReferrerPolicy: 'Referrer-Policy',
  StrictTransportSecurity: 'Strict-Transport-Security',
  XSSProtection: 'X-XSS-Protection',
};
/** A content security policy that forbids frames does what the frame options do, for browsers of today. */
const framesForbidden = (policy: PlainMap): boolean => (directivesOf(policy).get('frame-ancestors') ?? []).length > 0;

const sent = (policy: PlainMap): readonly string[] =>
  Object.entries(asMap(valueAt(policy, HEADERS))).flatMap(([key, value]) => (NAMED[key] === undefined || value === undefined ? [] : [key]));

/** Sources by directive. */
function directivesOf(policy: PlainMap): ReadonlyMap<string, readonly string[]> {
  const text = asText(valueAt(policy, `${HEADERS}.ContentSecurityPolicy.ContentSecurityPolicy`)) ?? '';
  return new Map(
    text.split(';').flatMap((part) => {
      const [name, ...sources] = part.trim().split(/\s+/);
      return name ? [[name.toLowerCase(), sources] as const] : [];
    }),
  );
}
/** Fall back to `default-src` where nobody writes them. https://www.w3.org/TR/CSP3/#directive-fallback-list */
const FETCHED = ['script-src', 'style-src', 'img-src', 'connect-src', 'font-src', 'frame-src', 'object-src', 'media-src', 'worker-src'];
const ALONE = ['frame-ancestors', 'base-uri', 'form-action'];

/** What pages may load or do, by directive: `script-src 'unsafe-inline'`; everything, where a directive is missing. */
function allowed(policy: PlainMap): ReadonlySet<string> {
  const directives = directivesOf(policy);
  const ways = new Set<string>();
  for (const name of [...FETCHED, ...ALONE]) {
    const sources = directives.get(name) ?? (FETCHED.includes(name) ? directives.get('default-src') : undefined) ?? ['*'];
    for (const source of sources) if (source !== "'none'") ways.add(`${name} ${source}`);
  }
  return ways;
}

/** `*` holds every host, but no inline code and no data. Hashes and nonces name a single script, and differ from build to build. */
function covered(way: string, was: ReadonlySet<string>): boolean {
  const [name, source = ''] = way.split(' ');
  return /^'(nonce|sha\d+)-/.test(source) || (was.has(`${name} *`) && !/^('.*'|\w+:)$/.test(source));
}

/** Origins that answers name to browsers: `'https://cases.example.com'` in quotes of its own. */
const originsIn = (parameters: unknown): readonly string[] =>
  Object.entries(asMap(parameters as PlainMap)).flatMap(([key, value]) =>
    /header\.access-control-allow-origin$/i.test(key) ? [String(value).replaceAll("'", '')] : [],
  );

/** Parts of requests: `the single header cookie`, `the body`. */
const hidden = (acl: PlainMap): readonly string[] =>
  asList(valueAt(acl, 'DataProtectionConfig.DataProtections')).flatMap((item) => {
    const { FieldKeys, FieldType } = asMap(asMap(item).Field);
    const kind = `the ${String(FieldType).toLowerCase().replaceAll('_', ' ')}`;
    const keys = asList(FieldKeys).map((key) => `${kind} ${String(key)}`);
    return keys.length > 0 ? keys : [kind];
  });

/** What makes a runtime load other code before the function's own. Only that is shown: the rest may hold what is nobody's business. */
const FIRST: Readonly<Record<string, RegExp>> = {
  AWS_LAMBDA_EXEC_WRAPPER: /\S+/g,
  BASH_ENV: /\S+/g,
  DOTNET_STARTUP_HOOKS: /\S+/g,
  JAVA_TOOL_OPTIONS: /-(?:javaagent|agentpath|agentlib):[^\s=]+/g,
  LD_PRELOAD: /\S+/g,
  NODE_OPTIONS: /(?:-r|--require|--import|--loader|--experimental-loader)[= ]\S+|--inspect\S*/g,
  PYTHONSTARTUP: /\S+/g,
};
const runsFirst = (lambda: PlainMap): readonly string[] => {
  const variables = asMap(valueAt(lambda, 'Environment.Variables'));
  return Object.entries(FIRST).flatMap(([key, loads]) => (asText(variables[key])?.match(loads) ?? []).map((one) => `${one} (${key})`));
};

export const AWS_EDGES: readonly Guard[] = [
  {
    on: /^AWS::CloudFront::ResponseHeadersPolicy$/,
    aspect: 'exposure',
    severity: 'low',
    covers: ['DID-18'],
    parts: [
      meaning(HEADERS, (old, now) => {
        const [was, is] = [sent(old), sent(now)];
        const lost = was.filter((key) => !is.includes(key) && !(key === 'FrameOptions' && framesForbidden(now)));
        return lost.length === 0
          ? []
          : [
              {
                direction: 'weaker',
                words: `browsers are no longer told ${lost
                  .map((key) => NAMED[key])
                  .sort()
                  .join(', ')}`,
              },
            ];
      }),
      meaning(`${HEADERS}.ContentSecurityPolicy.ContentSecurityPolicy`, (old, now) => {
        if (![old, now].every((policy) => sent(policy).includes('ContentSecurityPolicy'))) return [];
        const [was, is] = [allowed(old), allowed(now)];
        const [more, less] = [[...is].filter((way) => !was.has(way)), [...was].filter((way) => !is.has(way))];
        const wider = more.filter((way) => !covered(way, was));
        if (wider.length === 0) return less.length > 0 ? [{ direction: 'stronger', words: 'pages may load less than before' }] : [];
        const shown = [...wider.slice(0, 3), ...(wider.length > 3 ? [`${wider.length - 3} more`] : [])];
        return [{ direction: 'weaker', words: `pages may load more than before: ${shown.join(', ')}` }];
      }),
      ...(['IncludeSubdomains', 'Preload'] as const).map((key) =>
        turned(
          `${HEADERS}.StrictTransportSecurity.${key}`,
          (policy) =>
            sent(policy).includes('StrictTransportSecurity')
              ? truth(valueAt(policy, `${HEADERS}.StrictTransportSecurity.${key}`), false)
              : undefined,
          key === 'Preload'
            ? 'browsers no longer know before the first visit that it speaks https only'
            : 'names below its own may be spoken to in clear again',
          key === 'Preload'
            ? 'browsers know before the first visit that it speaks https only'
            : 'names below its own are spoken to by https only now',
        ),
      ),
    ],
  },
  {
    on: /^AWS::CloudFront::ResponseHeadersPolicy$/,
    aspect: 'exposure',
    parts: [
      found('except', 'ResponseHeadersPolicyConfig.CorsConfig', 'the origins whose pages may read its answers', (policy) =>
        asList(valueAt(policy, 'ResponseHeadersPolicyConfig.CorsConfig.AccessControlAllowOrigins.Items')).map(String),
      ),
    ],
  },
  {
    on: /^AWS::ApiGateway::GatewayResponse$/,
    aspect: 'exposure',
    parts: [
      found('except', 'ResponseParameters', 'the origins whose pages may read its refusals', (one) => originsIn(one.ResponseParameters)),
    ],
  },
  {
    on: /^AWS::ApiGateway::Method$/,
    aspect: 'exposure',
    covers: ['DID-21'],
    parts: [
      found('except', 'Integration.IntegrationResponses', 'the origins whose pages may call it', (method) =>
        asList(valueAt(method, 'Integration.IntegrationResponses')).flatMap((one) => originsIn(asMap(one).ResponseParameters)),
      ),
    ],
  },
  {
    on: /^AWS::(Lambda|Serverless)::Function$/,
    aspect: 'controls',
    parts: [found('except', 'Environment.Variables', 'what runs before its own code', runsFirst)],
  },
  {
    on: /^AWS::Lambda::CodeSigningConfig$/,
    aspect: 'controls',
    severity: 'high',
    parts: [except('AllowedPublishers.SigningProfileVersionArns', 'whose code its functions take', asText)],
  },
  {
    on: /^AWS::WAFv2::WebACL$/,
    aspect: 'logging',
    severity: 'low',
    parts: [found('each', 'DataProtectionConfig', 'what its records hide', hidden)],
  },
  {
    on: /^AWS::Cognito::LogDeliveryConfiguration$/,
    aspect: 'logging',
    covers: ['LOG-17'],
    parts: [
      found('each', 'LogConfigurations', 'what is recorded of sign-ins, and where', (delivery) =>
        asList(delivery.LogConfigurations).flatMap((one) =>
          (['CloudWatchLogsConfiguration.LogGroupArn', 'S3Configuration.BucketArn', 'FirehoseConfiguration.StreamArn'] as const).flatMap(
            (path) => {
              const to = asText(valueAt(one, path));
              return to === undefined ? [] : [`${asText(asMap(one).EventSource)} to ${to}`];
            },
          ),
        ),
      ),
      meaning('LogConfigurations.LogLevel', (old, now) => {
        const [was, is] = [old, now].map(
          (delivery) =>
            new Map(asList(delivery.LogConfigurations).map((one) => [asText(asMap(one).EventSource), asText(asMap(one).LogLevel)])),
        ) as [Map<string | undefined, string | undefined>, Map<string | undefined, string | undefined>];
        return [...was].flatMap(([source, level]): readonly Said[] => {
          const later = is.get(source);
          if (later === undefined || later === level) return [];
          return level === 'INFO' && later === 'ERROR'
            ? [{ direction: 'weaker', words: `only failures are recorded of ${source}` }]
            : [{ direction: 'stronger', words: `everything is recorded of ${source}` }];
        });
      }),
    ],
  },
  {
    on: /^AWS::Logs::DeliveryDestination$/,
    aspect: 'logging',
    parts: [place('DestinationResourceArn', 'the records')],
  },
  {
    on: /^AWS::Logs::DeliverySource$/,
    aspect: 'logging',
    parts: [place('ResourceArn', 'what it records of'), place('LogType', 'what it records')],
  },
  {
    on: /^AWS::Logs::Delivery$/,
    aspect: 'logging',
    ends: 'the records are delivered nowhere any more',
    parts: [each('RecordFields', 'what its records hold', asText)],
  },
];
