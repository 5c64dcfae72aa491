/** What a stage records, slows down and keeps: access and execution logs, throttling, caches. */
import type { ControlId } from '../../../controls';
import {
  allSettings,
  DEPLOYMENT,
  HTTP_API,
  HTTP_STAGE,
  REST_STAGE,
  SAM_API,
  SAM_HTTP_API,
  type StageShape,
  settingsOf,
  stageOf,
} from '../../facts/apis';
import type { Graph } from '../../graph';
import { every, fail, not, notApplicable, type Outcome, pass, some } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const EVERY_STAGE = [REST_STAGE, DEPLOYMENT, HTTP_STAGE, SAM_API, SAM_HTTP_API] as const;
const REST_STAGES = [REST_STAGE, DEPLOYMENT, SAM_API] as const;

/** Judges the stage that a resource is or creates. */
const onStage =
  (check: (resource: Resource, shape: StageShape, graph: Graph) => Outcome) =>
  (resource: Resource, graph: Graph): Outcome => {
    const shape = stageOf(resource, graph);
    return shape ? check(resource, shape, graph) : notApplicable('its stage is a resource of its own');
  };

/** What makes a record of a request useful afterwards: which request, who, from where, when, with what result. */
const FORENSIC: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['the request id', /\$context\.(requestId|extendedRequestId)\b/],
  ['who called', /\$context\.(identity\.(caller|user|userArn|principalOrgId|cognitoIdentityId|clientCert)|authorizer\.|authenticate)/],
  ['the source address', /\$context\.identity\.sourceIp\b/],
  ['the time', /\$context\.(requestTime|requestTimeEpoch|connectedAt)\b/],
  ['the result', /\$context\.(status|error|authorize\.status|integration\.status|integrationStatus)\b/],
];

function recordsEnough(resource: Resource, shape: StageShape): Outcome {
  const format = resource.at(`${shape.accessLog}.Format`);
  if (format.state === 'absent') return notApplicable('writes no access log');
  return every(FORENSIC, ([name, pattern]) => {
    const outcome = format.matches(pattern);
    return outcome.verdict === 'fail' ? fail(`${format.path} leaves out ${name}`, format.path) : outcome;
  });
}

/** A setting holds for every method or route, and no entry takes it back for some. */
function holdsEverywhere(
  resource: Resource,
  shape: StageShape,
  holds: (entry: Value) => Outcome,
  writes: (entry: Value) => boolean,
): Outcome {
  const { general, single } = settingsOf(resource, shape);
  const unread = general.find((entry) => entry.state === 'unknown') ?? single.find((entry) => entry.state === 'unknown');
  if (unread) return unread.asUnknown();
  const outcome = some(
    general,
    holds,
    `${shape.methods ?? shape.routes?.[0]} has no entry for all methods (HttpMethod *, ResourcePath /*)`,
  );
  if (outcome.verdict !== 'pass') return outcome;
  return every(single.filter(writes), holds);
}

const logsExecution = (resource: Resource, shape: StageShape): Outcome =>
  holdsEverywhere(
    resource,
    shape,
    (entry) => entry.at('LoggingLevel').isOneOf(['INFO', 'ERROR']),
    (entry) => entry.at('LoggingLevel').state !== 'absent',
  );

/** HTTP APIs have no execution log; WebSocket APIs have. */
function socketLogsExecution(stage: Resource, shape: StageShape, graph: Graph): Outcome {
  const api = graph.target(stage.at('ApiId'), HTTP_API);
  return api?.at('ProtocolType').is('WEBSOCKET').verdict === 'pass' ? logsExecution(stage, shape) : notApplicable('is no WebSocket API');
}

function keepsPayloadsOut(resource: Resource, shape: StageShape): Outcome {
  return every(allSettings(resource, shape), (entry) => {
    const traced = entry.at('DataTraceEnabled');
    return not(traced.isTrue(), `${traced.path} writes requests and responses into the log`);
  });
}

const throttles = (resource: Resource, shape: StageShape): Outcome =>
  holdsEverywhere(
    resource,
    shape,
    (entry) => every(['ThrottlingRateLimit', 'ThrottlingBurstLimit'], (name) => entry.at(name).isAtLeast(0)),
    (entry) => ['ThrottlingRateLimit', 'ThrottlingBurstLimit'].some((name) => entry.at(name).state !== 'absent'),
  );

/** What is cached is encrypted; a cluster alone caches nothing until a method says so. */
function encryptsCache(resource: Resource, shape: StageShape): Outcome {
  const cluster = resource.at(shape.cacheOn ?? '');
  if (cluster.isFalse().verdict === 'pass') return notApplicable('caches nothing');
  const caching = allSettings(resource, shape).filter((entry) => entry.at('CachingEnabled').isTrue().verdict !== 'fail');
  if (caching.length === 0) return notApplicable('caches nothing');
  return every(caching, (entry) => entry.at('CacheDataEncrypted').isTrue());
}

/** One method or route gets less than the stage gives to all. */
function keepsStagePolicy(resource: Resource, shape: StageShape): Outcome {
  const { general, single } = settingsOf(resource, shape);
  if (general.length === 0 || single.length === 0) return notApplicable('no method has settings of its own');
  const isLogged = (entry: Value) => entry.at('LoggingLevel').isOneOf(['INFO', 'ERROR']).verdict === 'pass';
  return every(single, (entry) => {
    if (general.some(isLogged) && entry.at('LoggingLevel').is('OFF').verdict === 'pass')
      return fail(`${entry.at('LoggingLevel').path} is "OFF", although the stage logs every method`, entry.path);
    return every(['ThrottlingRateLimit', 'ThrottlingBurstLimit'], (name) => {
      const own = entry.at(name).number;
      const most = Math.max(...general.map((each) => each.at(name).number ?? Number.NEGATIVE_INFINITY));
      return own !== undefined && Number.isFinite(most) && (own > most || own < 0)
        ? fail(`${entry.at(name).path} is ${own}, the stage allows ${most}`, entry.at(name).path)
        : pass();
    });
  });
}

const LOG = { DestinationArn: 'arn:aws:logs:eu-central-1:111122223333:log-group:api', Format: '$context.requestId' };
const FULL =
  '{"id":"$context.requestId","who":"$context.identity.caller","ip":"$context.identity.sourceIp","at":"$context.requestTime","status":"$context.status"}';
const rest = (Properties: object) => ({ Stage: { Type: REST_STAGE, Properties: { RestApiId: 'a1', ...Properties } } });
const http = (Properties: object) => ({ Stage: { Type: HTTP_STAGE, Properties: { ApiId: 'a1', StageName: '$default', ...Properties } } });
const deployment = (StageDescription: object) => ({
  Deployment: { Type: DEPLOYMENT, Properties: { RestApiId: 'a1', StageDescription } },
});
const sam = (Properties: object) => ({ Api: { Type: SAM_API, Properties: { StageName: 'live', ...Properties } } });
const samHttp = (Properties: object) => ({ Api: { Type: SAM_HTTP_API, Properties } });
const all = (settings: object, ...more: readonly object[]) => ({
  MethodSettings: [{ HttpMethod: '*', ResourcePath: '/*', ...settings }, ...more],
});
const one = (settings: object) => ({ HttpMethod: 'GET', ResourcePath: '/cases', ...settings });
const socket = (DefaultRouteSettings: object, protocol = 'WEBSOCKET') => ({
  ...http({ ApiId: { Ref: 'Api' }, DefaultRouteSettings }),
  Api: { Type: HTTP_API, Properties: { ProtocolType: protocol } },
});
const LIMITS = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 20 };

export const apiStages = {
  'LOG-13': {
    aws: rule({
      on: EVERY_STAGE,
      check: onStage((resource, shape) => resource.at(`${shape.accessLog}.DestinationArn`).isSet()),
      fix: 'Use SecureRestApi, or set AccessLogSetting (AccessLogSettings in V2) with the ARN of a log group.',
      pass: [
        { resources: rest({ AccessLogSetting: LOG }) },
        { resources: http({ AccessLogSettings: LOG }) },
        { resources: deployment({ AccessLogSetting: LOG }) },
        { resources: sam({ AccessLogSetting: LOG }) },
        { resources: samHttp({ AccessLogSetting: LOG }) },
      ],
      fail: [
        { resources: rest({}) },
        { resources: http({}) },
        { resources: { Deployment: { Type: DEPLOYMENT, Properties: { RestApiId: 'a1', StageName: 'live' } } } },
        { resources: sam({}) },
        { resources: samHttp({}) },
      ],
      skip: [
        { name: 'a deployment that creates no stage', resources: { Deployment: { Type: DEPLOYMENT, Properties: { RestApiId: 'a1' } } } },
      ],
    }),
  },

  'LOG-07': {
    aws: rule({
      on: EVERY_STAGE,
      check: onStage(recordsEnough),
      severity: 'low',
      fix: 'Write requestId, an identity (identity.caller, or a claim of the authoriser), identity.sourceIp, requestTime and status into the Format.',
      pass: [{ resources: rest({ AccessLogSetting: { ...LOG, Format: FULL } }) }],
      fail: [
        { resources: rest({ AccessLogSetting: LOG }) },
        {
          name: 'who called is missing',
          resources: rest({ AccessLogSetting: { ...LOG, Format: FULL.replace('$context.identity.caller', '') } }),
        },
        {
          name: 'the address is missing',
          resources: http({ AccessLogSettings: { ...LOG, Format: FULL.replace('$context.identity.sourceIp', '') } }),
        },
      ],
      unknown: [
        { parameters: { Format: { Type: 'String' } }, resources: rest({ AccessLogSetting: { ...LOG, Format: { Ref: 'Format' } } }) },
      ],
      skip: [{ resources: rest({}) }],
    }),
  },

  'LOG-19': {
    aws: [
      rule({
        on: REST_STAGES,
        check: onStage(logsExecution),
        fix: 'Use SecureRestApi, or set LoggingLevel to ERROR or INFO in MethodSettings for HttpMethod * and ResourcePath /*, with DataTraceEnabled false.',
        pass: [
          { resources: rest(all({ LoggingLevel: 'ERROR' })) },
          { resources: rest(all({ LoggingLevel: 'ERROR' }, one({ LoggingLevel: 'INFO' }))) },
          { resources: deployment({ LoggingLevel: 'INFO' }) },
        ],
        fail: [
          { resources: rest({}) },
          { resources: rest(all({ LoggingLevel: 'OFF' })) },
          { resources: rest({ MethodSettings: [one({ LoggingLevel: 'INFO' })] }) },
          { name: 'not for one method', resources: rest(all({ LoggingLevel: 'ERROR' }, one({ LoggingLevel: 'OFF' }))) },
          { resources: sam({}) },
        ],
        unknown: [{ parameters: { Level: { Type: 'String' } }, resources: rest(all({ LoggingLevel: { Ref: 'Level' } })) }],
      }),
      rule({
        on: REST_STAGES,
        check: onStage((resource, shape) => resource.at(shape.tracing ?? '').isTrue()),
        fix: 'Set TracingEnabled to true.',
        pass: [
          { resources: rest({ TracingEnabled: true }) },
          { resources: deployment({ TracingEnabled: 'true' }) },
          { resources: sam({ TracingEnabled: true }) },
        ],
        fail: [{ resources: rest({}) }, { resources: sam({ TracingEnabled: false }) }],
      }),
      rule({
        on: HTTP_STAGE,
        check: onStage(socketLogsExecution),
        fix: 'Set LoggingLevel to ERROR or INFO in DefaultRouteSettings.',
        pass: [{ resources: socket({ LoggingLevel: 'ERROR' }) }],
        fail: [{ resources: socket({}) }, { resources: socket({ LoggingLevel: 'OFF' }) }],
        skip: [{ resources: socket({}, 'HTTP') }],
      }),
    ],
  },

  'PRV-07': {
    aws: rule({
      on: EVERY_STAGE,
      check: onStage(keepsPayloadsOut),
      from: 'moderate',
      fix: 'Set DataTraceEnabled to false: it writes whole requests and responses into the log.',
      pass: [
        { resources: rest(all({ LoggingLevel: 'INFO', DataTraceEnabled: false })) },
        { resources: http({ DefaultRouteSettings: { DataTraceEnabled: false } }) },
      ],
      fail: [
        { resources: rest(all({ DataTraceEnabled: true })) },
        { name: 'for one method', resources: rest(all({ DataTraceEnabled: false }, one({ DataTraceEnabled: 'true' }))) },
        { resources: deployment({ DataTraceEnabled: true }) },
        { resources: http({ RouteSettings: { 'GET /cases': { DataTraceEnabled: true } } }) },
      ],
      unknown: [{ parameters: { Trace: { Type: 'String' } }, resources: rest(all({ DataTraceEnabled: { Ref: 'Trace' } })) }],
    }),
  },

  'ENC-11': {
    aws: rule({
      on: REST_STAGES,
      check: onStage(encryptsCache),
      fix: 'Set CacheDataEncrypted to true wherever CachingEnabled is.',
      pass: [
        { resources: rest({ CacheClusterEnabled: true, ...all({ CachingEnabled: true, CacheDataEncrypted: true }) }) },
        { resources: deployment({ CachingEnabled: true, CacheDataEncrypted: true }) },
      ],
      fail: [
        { resources: rest({ CacheClusterEnabled: true, ...all({ CachingEnabled: true }) }) },
        { resources: deployment({ CachingEnabled: 'true', CacheDataEncrypted: 'false' }) },
      ],
      skip: [
        { resources: rest({}) },
        { name: 'no cluster to cache in', resources: rest({ CacheClusterEnabled: false, ...all({ CachingEnabled: true }) }) },
      ],
    }),
  },

  'DID-08': {
    aws: rule({
      on: EVERY_STAGE,
      check: onStage(throttles),
      // The account's own limit stands behind every API, but one noisy API eats it up for all.
      severity: 'low',
      fix: 'Use SecureRestApi, or set ThrottlingRateLimit and ThrottlingBurstLimit for all methods (DefaultRouteSettings in V2).',
      pass: [
        { resources: rest(all(LIMITS)) },
        { resources: http({ DefaultRouteSettings: LIMITS }) },
        { resources: samHttp({ DefaultRouteSettings: LIMITS }) },
      ],
      fail: [
        { resources: rest({}) },
        { resources: rest(all({ ThrottlingRateLimit: 50 })) },
        { name: 'switched off', resources: rest(all({ ThrottlingRateLimit: -1, ThrottlingBurstLimit: -1 })) },
        { resources: http({}) },
        { name: 'not for one method', resources: rest(all(LIMITS, one({ ThrottlingRateLimit: -1 }))) },
      ],
      unknown: [{ parameters: { Rate: { Type: 'Number' } }, resources: rest(all({ ...LIMITS, ThrottlingRateLimit: { Ref: 'Rate' } })) }],
    }),
  },

  'DID-24': {
    aws: rule({
      on: EVERY_STAGE,
      check: onStage(keepsStagePolicy),
      fix: 'Remove the setting of the single method or route, or keep it at least as strict as that of the stage.',
      pass: [
        { resources: rest(all({ LoggingLevel: 'ERROR', ...LIMITS }, one({ LoggingLevel: 'INFO', ThrottlingRateLimit: 10 }))) },
        {
          resources: http({
            DefaultRouteSettings: LIMITS,
            RouteSettings: { 'GET /cases': { ThrottlingBurstLimit: 5, ThrottlingRateLimit: 5 } },
          }),
        },
      ],
      fail: [
        { resources: rest(all({ LoggingLevel: 'ERROR' }, one({ LoggingLevel: 'OFF' }))) },
        { resources: rest(all(LIMITS, one({ ThrottlingRateLimit: 5000 }))) },
        { resources: rest(all(LIMITS, one({ ThrottlingBurstLimit: 5000 }))) },
        { resources: http({ DefaultRouteSettings: LIMITS, RouteSettings: { 'GET /cases': { ThrottlingBurstLimit: -1 } } }) },
      ],
      skip: [{ resources: rest(all(LIMITS)) }, { resources: rest({ MethodSettings: [one(LIMITS)] }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
