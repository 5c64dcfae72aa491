/** Load balancers and what stands behind public entries on AWS: at which ports nobody asks who calls, and who is passed what arrives. */
import { append } from '../../../policies/collect';
import { HTTP_API, METHOD, REST_API } from '../../../policies/facts/apis';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { samPassings } from './aws-sam';
import type { Passing } from './model';
import { OPEN, onPorts, type Reach } from './reach';

export const BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const LISTENER_RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const CLASSIC = 'AWS::ElasticLoadBalancing::LoadBalancer';
const ALL: ReadonlySet<string> = new Set(['']);

const actionsOf = (holder: Resource): readonly Value[] => holder.at(holder.type === LISTENER_RULE ? 'Actions' : 'DefaultActions').items();
const AUTHENTICATES = ['authenticate-oidc', 'authenticate-cognito', 'jwt-validation'];
const ANSWERS_ITSELF = ['redirect', 'fixed-response'];
const passesOn = (holder: Resource): boolean =>
  actionsOf(holder).some((action) => action.at('Type').isOneOf(ANSWERS_ITSELF).verdict !== 'pass');
/** Whether its actions ask, and nobody passes who does not answer. */
const asksWho = (holder: Resource): boolean =>
  actionsOf(holder).some(
    (action) =>
      action.at('Type').isOneOf(AUTHENTICATES).verdict === 'pass' &&
      ['AuthenticateOidcConfig', 'AuthenticateCognitoConfig'].every(
        (config) => action.at(`${config}.OnUnauthenticatedRequest`).is('allow').verdict !== 'pass',
      ),
  );
const asksForCertificates = (listener: Resource): boolean => listener.at('MutualAuthentication.Mode').is('verify').verdict === 'pass';

/** What a rule of a listener speaks of: its paths, hosts or headers; all of it where it is the listener itself. */
function matchedBy(holder: Resource): string {
  if (holder.type === LISTENER) return '';
  const values = holder
    .at('Conditions')
    .items()
    .flatMap((condition) =>
      ['Values', 'PathPatternConfig.Values', 'HostHeaderConfig.Values', 'HttpRequestMethodConfig.Values', 'SourceIpConfig.Values'].flatMap(
        (path) =>
          condition
            .at(path)
            .items()
            .flatMap((value) => value.shape ?? []),
      ),
    );
  return values.length === 0 ? `whatever the rule ${holder.logicalId} matches` : values.sort().join(' ');
}

interface Listening {
  readonly reach?: Reach;
  readonly open?: ReadonlySet<string>;
  readonly on?: readonly Resource[];
}

/** Ports that a load balancer answers on and passes on, and those of them at which nobody asks who calls. */
export function listenersOf(thing: Resource, graph: Graph): Listening {
  if (thing.type === CLASSIC)
    return withPorts(
      thing
        .at('Listeners')
        .items()
        .flatMap((one) => one.at('LoadBalancerPort').number ?? []),
      true,
    );
  if (thing.type !== BALANCER) return {};
  const listeners = graph.pointingAt(thing, LISTENER, 'LoadBalancerArn');
  if (listeners.length === 0) return {};
  const ports: number[] = [];
  const open = new Set<string>();
  const on: Resource[] = [];
  for (const listener of listeners) {
    const all = [listener, ...graph.pointingAt(listener, LISTENER_RULE, 'ListenerArn')];
    const parts = all.filter(passesOn);
    on.push(...all);
    const port = listener.at('Port').number;
    if (parts.length === 0) continue;
    if (port !== undefined) ports.push(port);
    if (asksForCertificates(listener)) continue;
    for (const part of parts) if (!asksWho(part)) open.add(matchedBy(part));
  }
  return { ...withPorts(ports, false), open, on };
}

const withPorts = (ports: readonly number[], all: boolean): Listening =>
  ports.length === 0
    ? {}
    : {
        reach: onPorts(
          OPEN,
          ports.flatMap((port) => [['tcp', port] as const, ['udp', port] as const]),
        ),
        ...(all ? { open: ALL } : {}),
      };

// ── What passes on what reaches it ─────────────────────────────────────────────────────────────────────────────────

const TARGETS = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const FUNCTIONS = ['AWS::Lambda::Function', 'AWS::Serverless::Function', 'AWS::Lambda::Alias', 'AWS::Lambda::Version'];

export function* passings(graph: Graph): Iterable<Passing> {
  const behind = targetsIn(graph);
  for (const holder of graph.ofType(LISTENER, LISTENER_RULE)) {
    const listener = holder.type === LISTENER ? holder : graph.target(holder.at('ListenerArn'), LISTENER);
    const from = listener && graph.target(listener.at('LoadBalancerArn'), BALANCER);
    if (!from) continue;
    for (const action of actionsOf(holder)) {
      const groups = [
        action.at('TargetGroupArn'),
        ...action
          .at('ForwardConfig.TargetGroups')
          .items()
          .map((one) => one.at('TargetGroupArn')),
      ];
      for (const value of groups) for (const to of behind.get(graph.target(value, TARGETS)?.id ?? '') ?? []) yield { from, to };
    }
  }
  for (const from of graph.ofType(CLASSIC)) yield* toAll(from, from.at('Instances').items(), graph);
  for (const method of graph.ofType(METHOD))
    yield* integrated(graph.target(method.at('RestApiId'), REST_API), method.at('Integration.Uri'), graph);
  for (const one of graph.ofType('AWS::ApiGatewayV2::Integration'))
    yield* integrated(graph.target(one.at('ApiId'), HTTP_API), one.at('IntegrationUri'), graph);
  yield* samPassings(graph);
  for (const from of graph.ofType('AWS::CloudFront::Distribution'))
    yield* toAll(
      from,
      from
        .at('DistributionConfig.Origins')
        .items()
        .map((origin) => origin.at('DomainName')),
      graph,
    );
}

/** Whoever is registered in each target group. */
function targetsIn(graph: Graph): ReadonlyMap<string, readonly Resource[]> {
  const found = new Map<string, Resource[]>();
  const register = (value: Value, to: Resource) => {
    const group = graph.target(value, TARGETS);
    if (group) append(found, group.id, to);
  };
  for (const service of graph.ofType('AWS::ECS::Service'))
    for (const one of service.at('LoadBalancers').items()) register(one.at('TargetGroupArn'), service);
  for (const group of graph.ofType('AWS::AutoScaling::AutoScalingGroup'))
    for (const one of group.at('TargetGroupARNs').items()) register(one, group);
  for (const group of graph.ofType(TARGETS))
    for (const target of group.at('Targets').items()) {
      const to = owned(target.at('Id'), graph);
      if (to) append(found, group.id, to);
    }
  return found;
}

/** The resource that a value is computed from; an alias or version stands for its function, a URL too. */
function owned(value: Value, graph: Graph, depth = 0): Resource | undefined {
  const target = value.targets.flatMap((id) => graph.get(id) ?? [])[0];
  if (!target || depth > 2) return target;
  if (target.type === 'AWS::Lambda::Alias' || target.type === 'AWS::Lambda::Version')
    return owned(target.at('FunctionName'), graph, depth + 1) ?? target;
  return target.type === 'AWS::Lambda::Url' ? (owned(target.at('TargetFunctionArn'), graph, depth + 1) ?? target) : target;
}

function* toAll(from: Resource, values: readonly Value[], graph: Graph): Iterable<Passing> {
  for (const value of values) {
    const to = owned(value, graph);
    if (to && to !== from) yield { from, to };
  }
}

function* integrated(from: Resource | undefined, uri: Value, graph: Graph): Iterable<Passing> {
  if (!from) return;
  const named = graph.target(uri, ...FUNCTIONS);
  const to = named
    ? owned(uri, graph)
    : uri.targets.flatMap((id) => graph.get(id) ?? []).find(({ type }) => /LoadBalanc|Listener$/.test(type));
  const balancer = to?.type === LISTENER ? graph.target(to.at('LoadBalancerArn'), BALANCER) : to;
  if (balancer) yield { from, to: balancer };
}
