/** Private endpoints that are let in: whoever has one reaches a service past its list of networks. */
import type { Resource } from '../../../policies/resource';
import { asText, valueAt } from '../reading';
import { resourcesOf, type Told } from '../side';
import { type Both, base } from './parts';
import { placesOnBoth } from './places';

const CONNECTION = /^azure-native:\w+:\w*PrivateEndpointConnection\w*$/;
const STATES = [
  'privateLinkServiceConnectionState.status',
  'properties.privateLinkServiceConnectionState.status',
  'connectionState.status',
  'properties.connectionState.status',
];
const ENDPOINTS = ['privateEndpoint.id', 'properties.privateEndpoint.id'];

/** Connections that are approved now and were not. */
export function* endpoints(both: Both): Iterable<Told> {
  const { after, before, pairing } = both;
  let earlier: ReadonlySet<string> | undefined;
  for (const resource of resourcesOf(after)) {
    if (!CONNECTION.test(resource.type) || resource.options.external === true || !isApproved(resource)) continue;
    earlier ??= new Set([...resourcesOf(before)].flatMap((one) => (CONNECTION.test(one.type) && isApproved(one) ? [keyOf(one)] : [])));
    const other = pairing.other(resource);
    if (other ? isApproved(other) && endpointOf(other) === endpointOf(resource) : earlier.has(keyOf(resource))) continue;
    const said = line(resource, both);
    if (said) yield said;
  }
}

const isApproved = (connection: Resource): boolean => STATES.some((path) => /^approved$/i.test(connection.at(path).string ?? ''));

const endpointOf = (connection: Resource): string =>
  ENDPOINTS.map((path) => connection.at(path).string ?? '')
    .join('')
    .toLowerCase()
    .replace(/\/+$/, '');

/** The service that lets it in: of what a connection names, the first that is neither its group nor itself. */
function serviceOf({ properties }: Resource): string | undefined {
  const [, name] =
    Object.entries(properties ?? {}).find(
      ([key]) => /name$/i.test(key) && !/^(resourceGroup|privateEndpointConnection|connection)/i.test(key),
    ) ?? [];
  return typeof name === 'string' ? name : undefined;
}

const keyOf = (connection: Resource): string =>
  [connection.type, serviceOf(connection) ?? '', endpointOf(connection)].join('|').toLowerCase();

function line(resource: Resource, both: Both): Told | undefined {
  const { now, pairing } = both;
  const [, places] = placesOnBoth(both);
  const path = ENDPOINTS.find((one) => resource.at(one).state !== 'absent');
  const text = path === undefined ? undefined : asText(valueAt(now.of(resource), path));
  const place = text === undefined ? undefined : places.of(text)[0];
  if (place?.kind === 'ours') return undefined;
  const service = serviceOf(resource);
  const owner = service === undefined ? undefined : now.referred(service);
  const target = owner ? pairing.name(owner) : (service ?? pairing.name(resource));
  const foreign = place?.kind === 'elsewhere';
  const who = place?.words ?? 'a private endpoint that nothing here names';
  return {
    ...base(resource, pairing, foreign ? 'weaker' : 'undecided', path),
    aspect: 'exposure',
    severity: foreign ? 'critical' : 'high',
    sentence: `${target} lets ${who} in: ${foreign ? 'that is in none of our subscriptions' : 'nothing here tells whose that is'}`,
    topic: `endpoint ${who}`,
    ...(foreign ? { boundary: 'organisation' as const } : {}),
    approver: 'security',
    causes: [{ resource: pairing.identity(resource), path }],
  };
}
