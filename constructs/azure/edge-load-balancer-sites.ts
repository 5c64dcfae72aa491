import type * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { checkCertificate, secretUri, type VaultCertificate } from './network-certificates';

/** What a {@link SecureApplicationGateway} serves. */
export interface SecureSite {
  /** Exact hosts under which it is asked for, five at most. */
  readonly hostNames: readonly string[];
  /** Certificate of the hosts. */
  readonly certificate: VaultCertificate;
  /** Hosts that answer, all with the same. */
  readonly backends: readonly pulumi.Input<string>[];
  /** Host that backends are asked for, and that their certificate names. @default the host of each backend */
  readonly backendHost?: string;
  /** Root certificate of a private authority that signs those of the backends. @default public authorities only */
  readonly backendAuthority?: VaultCertificate;
  /** What the backends speak; `Http` needs TLS-04 to be relaxed from tier moderate. @default 'Https' */
  readonly backendProtocol?: 'Https' | 'Http';
  /** Path that is asked for whether a backend is well. @default '/' */
  readonly healthPath?: string;
  /** Seconds after which a backend that says nothing is given up, 1 to 86400. @default 30 */
  readonly requestTimeout?: number;
}

const REQUEST_SECONDS = 30;
const LONGEST_REQUEST_SECONDS = 86_400;
/** Seconds for which a backend that leaves may finish what it has begun. */
const DRAIN_SECONDS = 60;
const PROBE = { interval: 30, timeout: 30, unhealthyThreshold: 3, minServers: 0 } as const;
/** Hosts that the service takes for one listener. */
const MOST_HOSTS = 5;

const EXACT_HOST = /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

/** Names of the sites whose backends answer in clear text. */
export const clearSites = (sites: Readonly<Record<string, SecureSite>>): readonly string[] =>
  Object.entries(sites).flatMap(([name, { backendProtocol }]) => (backendProtocol === 'Http' ? [name] : []));

/** @throws RangeError with the site that cannot be served */
export function checkSites(where: string, sites: Readonly<Record<string, SecureSite>>): void {
  if (Object.keys(sites ?? {}).length === 0) throw new RangeError(`${where}: sites is empty; name what it serves`);
  for (const [name, site] of Object.entries(sites)) {
    const refuse = (what: string): never => {
      throw new RangeError(`${where} site "${name}": ${what}`);
    };
    const { backendAuthority, backends, certificate, hostNames, requestTimeout = REQUEST_SECONDS } = site;
    if (!/^[a-z][a-z0-9-]*$/.test(name)) refuse('its name has to start with a letter and to be of letters, digits and hyphens');
    if (!hostNames?.length || hostNames.length > MOST_HOSTS)
      refuse(`hostNames lists ${hostNames?.length ?? 0}; write 1 to ${MOST_HOSTS} hosts`);
    const wrong = hostNames.find((host) => !EXACT_HOST.test(host));
    if (wrong !== undefined) refuse(`hostNames lists "${wrong}"; write an exact host, such as cases.example.com (TLS-11)`);
    if (!backends?.length) refuse('backends is empty; name what answers');
    checkCertificate(`${where} site "${name}" certificate`, certificate);
    if (backendAuthority) checkCertificate(`${where} site "${name}" backendAuthority`, backendAuthority);
    if (!Number.isInteger(requestTimeout) || requestTimeout < 1 || requestTimeout > LONGEST_REQUEST_SECONDS)
      refuse(`requestTimeout is ${requestTimeout}; write 1 to ${LONGEST_REQUEST_SECONDS} seconds`);
  }
}

type Settings = Pick<
  network.ApplicationGatewayArgs,
  | 'frontendPorts'
  | 'httpListeners'
  | 'backendAddressPools'
  | 'backendHttpSettingsCollection'
  | 'probes'
  | 'redirectConfigurations'
  | 'requestRoutingRules'
  | 'sslCertificates'
  | 'trustedRootCertificates'
>;

/** A part of the gateway itself; the provider puts its id in front. */
const part = (kind: string, name: string) => ({ id: `$self/${kind}/${name}` });

/** Listeners, rules, backends and probes of the sites, and the certificates that the gateway has to read for them. */
export function sitesOf(
  sites: Readonly<Record<string, SecureSite>>,
  redirect: boolean,
): { readonly settings: Settings; readonly certificates: ReadonlyMap<string, VaultCertificate> } {
  const all = Object.entries(sites);
  const priority = (index: number) => (index + 1) * 10;
  const listener = (name: string, { hostNames }: SecureSite, protocol: 'Https' | 'Http') => ({
    name: protocol === 'Https' ? name : `${name}-clear`,
    protocol,
    frontendIPConfiguration: part('frontendIPConfigurations', 'front'),
    frontendPort: part('frontendPorts', protocol.toLowerCase()),
    hostNames: [...hostNames],
    ...(protocol === 'Https' ? { requireServerNameIndication: true, sslCertificate: part('sslCertificates', name) } : {}),
  });
  const settings = {
    frontendPorts: [{ name: 'https', port: 443 }, ...(redirect ? [{ name: 'http', port: 80 }] : [])],
    httpListeners: all.flatMap(([name, site]) => [listener(name, site, 'Https'), ...(redirect ? [listener(name, site, 'Http')] : [])]),
    backendAddressPools: all.map(([name, { backends }]) => ({ name, backendAddresses: backends.map((fqdn) => ({ fqdn })) })),
    backendHttpSettingsCollection: all.map(([name, site]) => backendSettings(name, site)),
    probes: all.map(([name, { backendProtocol = 'Https', healthPath = '/' }]) => ({
      name,
      protocol: backendProtocol,
      path: healthPath,
      pickHostNameFromBackendHttpSettings: true,
      match: { statusCodes: ['200-399'] },
      ...PROBE,
    })),
    sslCertificates: all.map(([name, { certificate }]) => ({ name, keyVaultSecretId: secretUri(certificate) })),
    trustedRootCertificates: all.flatMap(([name, { backendAuthority }]) =>
      backendAuthority ? [{ name, keyVaultSecretId: secretUri(backendAuthority) }] : [],
    ),
    redirectConfigurations: redirect
      ? all.map(([name]) => ({
          name,
          redirectType: 'Permanent',
          targetListener: part('httpListeners', name),
          includePath: true,
          includeQueryString: true,
        }))
      : [],
    requestRoutingRules: all.flatMap(([name], index) => [
      {
        name,
        ruleType: 'Basic',
        priority: priority(index),
        httpListener: part('httpListeners', name),
        backendAddressPool: part('backendAddressPools', name),
        backendHttpSettings: part('backendHttpSettingsCollection', name),
      },
      ...(redirect
        ? [
            {
              name: `${name}-clear`,
              ruleType: 'Basic',
              priority: priority(index) + 1,
              httpListener: part('httpListeners', `${name}-clear`),
              redirectConfiguration: part('redirectConfigurations', name),
            },
          ]
        : []),
    ]),
  };
  return { settings, certificates: new Map(all.flatMap(certificatesOf)) };
}

function backendSettings(name: string, { backendAuthority, backendHost, backendProtocol = 'Https', requestTimeout }: SecureSite) {
  return {
    name,
    protocol: backendProtocol,
    port: backendProtocol === 'Https' ? 443 : 80,
    cookieBasedAffinity: 'Disabled',
    connectionDraining: { enabled: true, drainTimeoutInSec: DRAIN_SECONDS },
    requestTimeout: requestTimeout ?? REQUEST_SECONDS,
    probe: part('probes', name),
    pickHostNameFromBackendAddress: backendHost === undefined,
    ...(backendHost === undefined ? {} : { hostName: backendHost }),
    ...(backendAuthority ? { trustedRootCertificates: [part('trustedRootCertificates', name)] } : {}),
  };
}

const certificatesOf = ([name, { backendAuthority, certificate }]: [string, SecureSite]): readonly (readonly [
  string,
  VaultCertificate,
])[] => [[name, certificate], ...(backendAuthority ? [[`${name}-authority`, backendAuthority] as const] : [])];
