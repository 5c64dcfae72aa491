/** Events by which serverless functions and state machines of SAM answer HTTP requests, by an API of their own or by the implicit one. */
import { endpointOf, SAM_API, SAM_HTTP_API } from '../../../policies/facts/apis';
import type { Graph } from '../../../policies/graph';
import type { Resource } from '../../../policies/resource';
import type { Value } from '../../../policies/value';
import { type Entry, INTERNET, type Passing } from './model';

const HOLDERS = ['AWS::Serverless::Function', 'AWS::Serverless::StateMachine'];
/** Where an event of each type names its API. Without it, SAM makes one for the stack. */
const APIS: Readonly<Record<string, string>> = { Api: 'RestApiId', HttpApi: 'ApiId' };

interface HttpEvent {
  readonly holder: Resource;
  readonly name: string;
  readonly event: Value;
  /** What the event says of its API. */
  readonly named: Value;
  readonly api: Resource | undefined;
}

function* eventsIn(graph: Graph): Iterable<HttpEvent> {
  for (const holder of graph.ofType(...HOLDERS)) {
    if (!graph.exists(holder)) continue;
    for (const [name, event] of holder.at('Events').entries()) {
      const path = APIS[event.at('Type').string ?? ''];
      if (path === undefined) continue;
      const named = event.at('Properties').at(path);
      yield { holder, name, event, named, api: graph.target(named, SAM_API, SAM_HTTP_API) };
    }
  }
}

/** `GET /cases`; everything where an event of an HTTP API says nothing. */
function operationOf(event: Value): string {
  const path = event.at('Properties.Path');
  if (path.state === 'absent') return '$default';
  const method = (event.at('Properties.Method').string ?? 'any').toUpperCase();
  return `${method === 'X-AMAZON-APIGATEWAY-ANY-METHOD' ? 'ANY' : method} ${path.shape ?? '…'}`;
}

/** Whether an event asks who calls: itself, or by the default of its API; what `Globals` say of the implicit one stands in the event. */
function asks({ api, event, named }: HttpEvent): { readonly open: boolean; readonly doubt?: string } {
  const own = event.at('Properties.Auth.Authorizer');
  const authoriser = own.state === 'absent' && api ? api.at('Auth.DefaultAuthorizer') : own;
  if (authoriser.state === 'unknown') return { open: true, doubt: authoriser.describe() };
  const open = authoriser.state === 'absent' || authoriser.is('NONE').verdict === 'pass';
  return open && own.state === 'absent' && !api && named.state !== 'absent'
    ? { open, doubt: 'what its API, which is declared elsewhere, asks of callers' }
    : { open };
}

/** Who can call what by them, from the internet. */
export function* samEntries(graph: Graph): Iterable<Entry> {
  for (const one of eventsIn(graph)) {
    const { api, event, holder, name } = one;
    if (event.at('Properties.Method').matches(/^options$/i).verdict === 'pass' || (api && endpointOf(api) === 'private')) continue;
    const { doubt, open } = asks(one);
    yield {
      from: INTERNET,
      to: api ?? holder,
      hops: api ? [] : [`its event ${name}`],
      open: new Set(open ? [operationOf(event)] : []),
      on: [holder, ...(api ? [api] : [])],
      ...(doubt === undefined ? {} : { doubt }),
    };
  }
}

/** APIs that pass on to them what they are sent. */
export function* samPassings(graph: Graph): Iterable<Passing> {
  for (const { api, holder } of eventsIn(graph)) if (api) yield { from: api, to: holder };
}
