import * as cdn from '@pulumi/azure-native/cdn';
import * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { protectiveHeaders } from './edge-distribution-headers';
import { SecureWafPolicy } from './edge-firewall';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import type { Promises } from './relax';

/** Where requests are answered. */
export interface SecureOrigin {
  /** Host that answers by HTTPS, with a certificate for this name. */
  readonly host: pulumi.Input<string>;
  /**
   * What is behind it, so that it is reached by private link and nobody can go around the web firewall (DID-07); obligatory
   * from tier moderate unless DID-07 is relaxed. Somebody has to approve the connection at the resource.
   * @default none: it is reached over the internet
   */
  readonly privateLink?: PrivateOrigin;
}

/** A resource that is reached by private link. */
export interface PrivateOrigin {
  /** Resource id of the site, account, environment or private link service. */
  readonly resourceId: pulumi.Input<string>;
  /** Location of the resource. */
  readonly location: pulumi.Input<string>;
  /** What of it is reached: `sites`, `blob`, `web`, `managedEnvironments`, `Gateway`. @default a private link service, which has one thing only */
  readonly groupId?: string;
}

/** What is answered under a path. */
export interface SecureRoute {
  /** One or more places that give the same answer. */
  readonly origins: readonly SecureOrigin[];
  /** Path that is asked, once a minute, for whether the origin is well. @default '/' */
  readonly healthPath?: string;
  /** Whether answers are kept at the edge; never where they depend on who asks. @default false */
  readonly cached?: boolean;
}

/** What a {@link SecureFrontDoor} is made from. */
export interface SecureFrontDoorArgs extends SecureArgs {
  /** Names under which it answers; each has a certificate that Azure makes and renews. */
  readonly domainNames: readonly string[];
  /** What answers, by path: `{ '/*': { origins: [...] } }`. */
  readonly routes: Readonly<Record<string, SecureRoute>>;
  /** Where every request, probe and decision of the web firewall is recorded. */
  readonly logs: LogSink;
  /** Id of the Azure DNS zone of the names. @default the records stand elsewhere */
  readonly dnsZoneId?: pulumi.Input<string>;
  /** Oldest TLS that is spoken. @default 'TLS12' */
  readonly minimumTlsVersion?: 'TLS12' | 'TLS13';
  /** Content security policy of every response. @default everything from the site itself only, framed by nobody */
  readonly contentSecurityPolicy?: string;
  /** Seconds after which an origin that says nothing is given up, 16 to 240. @default 60 */
  readonly responseTimeout?: number;
  /** Web firewall of scope FRONT_DOOR. @default one of its own */
  readonly wafPolicy?: SecureWafPolicy;
}

/** Seconds that the service waits for an origin. */
const TIMEOUT = { least: 16, usual: 60, most: 240 } as const;
const PROBE_SECONDS = 60;
/** The service's own way to tell a sick origin from a slow one. */
const BALANCING = { sampleSize: 4, successfulSamplesRequired: 3, additionalLatencyInMilliseconds: 50 } as const;
const WEIGHT = 1000;

const PROMISED = claims(
  'SecureFrontDoor',
  'TLS-01',
  'TLS-02',
  { control: 'TLS-04', from: 'moderate' },
  'TLS-08',
  'DID-07',
  { control: 'DID-08', from: 'moderate' },
  'DID-18',
  { control: 'LOG-13', from: 'moderate' },
  { control: 'PRV-07', from: 'moderate' },
  unclaimed('DHC-05', 'it keeps no data; its origins are reached by private link, and whether a store is public is judged where it stands'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['edge'],
  relaxable: { 'DID-07': 'private link to the origins, where an origin has none and checks by itself who asks' },
  firm: {
    'DID-18': 'pass another contentSecurityPolicy',
    'LOG-13': 'the records are what an investigation starts from',
    'TLS-01': 'clients without TLS 1.2 cannot be kept safe',
    'TLS-02': 'clear text is redirected',
    'TLS-04': 'let the origin answer by HTTPS',
  },
};

/**
 * A Front Door (Premium) that browsers reach by modern TLS only, behind a web firewall, with the headers that protect them,
 * and with every request recorded. Its origins are reached by HTTPS, from tier moderate by private link.
 *
 * The name that Azure gives the endpoint answers nothing: only `domainNames` do. Each needs a TXT record of the value in
 * `validationTokens` before its certificate is made, and a CNAME to `hostName`.
 *
 * Front Door is a service of the whole world: `location` says where the profile's promise of residency is checked, and no
 * data stays at the edge unless a route is `cached`.
 *
 * Guarantees TLS-01, TLS-02, TLS-08, DID-07 and DID-18; from the moderate tier on TLS-04, DID-08, LOG-13 and PRV-07.
 *
 * @throws RangeError for names and paths that are none, a missing private link, and a web firewall of another scope
 * @example
 * new SecureFrontDoor('entry', {
 *   profile, resourceGroupName, location, logs,
 *   domainNames: ['cases.example.com'],
 *   routes: {
 *     '/*': { origins: [{ host: 'files.blob.core.windows.net', privateLink: { resourceId: account.id, location, groupId: 'blob' } }] },
 *   },
 * });
 */
export class SecureFrontDoor extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The profile to which everything belongs. */
  readonly frontDoor: cdn.Profile;
  /** Resource id of the profile. */
  readonly id: pulumi.Output<string>;
  /** Id that Front Door sends to origins as `X-Azure-FDID`; an origin on the internet refuses requests without it. */
  readonly frontDoorId: pulumi.Output<string>;
  /** Name to which the CNAME records of the names lead. */
  readonly hostName: pulumi.Output<string>;
  /** Value of the TXT record `_dnsauth.<name>` that proves each name. */
  readonly validationTokens: Readonly<Record<string, pulumi.Output<string>>>;
  /** The web firewall before it. */
  readonly wafPolicy: SecureWafPolicy;
  readonly #args: SecureFrontDoorArgs;

  constructor(name: string, args: SecureFrontDoorArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureFrontDoor', PROMISES, name, args, opts);
    this.#args = args;
    const responseTimeout = this.#check();
    const child = { parent: this };
    const { logs, resourceGroupName } = args;

    this.wafPolicy = args.wafPolicy ?? this.#firewall();
    this.frontDoor = new cdn.Profile(
      `${name}-profile`,
      {
        resourceGroupName,
        location: 'global',
        sku: { name: 'Premium_AzureFrontDoor' },
        originResponseTimeoutSeconds: responseTimeout,
        // Addresses stay: where a request came from is the first question of an investigation (LOG-07).
        logScrubbing: {
          state: 'Enabled',
          scrubbingRules: [{ matchVariable: 'QueryStringArgNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' }],
        },
        tags: this.tags,
      },
      child,
    );
    this.id = this.frontDoor.id;
    this.frontDoorId = this.frontDoor.frontDoorId;
    diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, child);

    const endpoint = new cdn.AFDEndpoint(
      `${name}-endpoint`,
      {
        ...this.#within,
        location: 'global',
        enabledState: 'Enabled',
        autoGeneratedDomainNameLabelScope: 'TenantReuse',
        tags: this.tags,
      },
      child,
    );
    this.hostName = endpoint.hostName;
    const domains = new Map(args.domainNames.map((domain) => [domain, this.#domain(domain)]));
    this.validationTokens = Object.fromEntries(
      [...domains].map(([domain, { validationProperties }]) => [
        domain,
        validationProperties.apply((proof) => proof?.validationToken ?? ''),
      ]),
    );
    this.#guard([...domains.values()], endpoint);
    const headers = protectiveHeaders(name, { ...this.#within, contentSecurityPolicy: args.contentSecurityPolicy }, child);
    const exposed = Object.entries(args.routes).flatMap(([path, route], index) =>
      this.#route(index + 1, path, route, { endpoint, headers, domains: [...domains.values()] }),
    );
    this.waive('DID-07', ...exposed);
    this.registerOutputs({ id: this.id, hostName: this.hostName, validationTokens: this.validationTokens });
  }

  get #within() {
    return { resourceGroupName: this.#args.resourceGroupName, profileName: this.frontDoor.name };
  }

  #check(): number {
    const { domainNames, responseTimeout = TIMEOUT.usual, routes, wafPolicy } = this.#args;
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    if (!domainNames?.length) refuse('domainNames is empty; name the hosts under which it answers (TLS-08)');
    const wrong = domainNames.find((domain) => !/^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/.test(domain));
    if (wrong !== undefined) refuse(`domainNames lists "${wrong}"; write an exact host, such as cases.example.com (TLS-11)`);
    if (Object.keys(routes ?? {}).length === 0) refuse("routes is empty; write { '/*': { origins: [...] } }");
    for (const [path, { origins }] of Object.entries(routes)) {
      if (!path.startsWith('/')) refuse(`routes names "${path}"; a path starts with /, such as /api/*`);
      if (!origins?.length) refuse(`route "${path}" has no origin; name what answers`);
      const linked = origins.filter(({ privateLink }) => privateLink !== undefined).length;
      if (linked > 0 && linked < origins.length)
        refuse(`route "${path}" mixes origins with and without privateLink, which the service refuses; make them alike (DID-07)`);
      if (this.relaxes('DID-07')) continue;
      for (const { privateLink } of origins)
        this.need(
          privateLink,
          `routes['${path}'].origins[].privateLink`,
          'moderate',
          'DID-07',
          'pass the resource behind the host, or relax DID-07',
        );
    }
    if (!Number.isInteger(responseTimeout) || responseTimeout < TIMEOUT.least || responseTimeout > TIMEOUT.most)
      refuse(`responseTimeout is ${responseTimeout}; write ${TIMEOUT.least} to ${TIMEOUT.most} seconds`);
    if (wafPolicy && wafPolicy.scope !== 'FRONT_DOOR')
      refuse("wafPolicy stands before gateways; make one with scope: 'FRONT_DOOR' (DID-07)");
    return responseTimeout;
  }

  #firewall(): SecureWafPolicy {
    const { location, profile, resourceGroupName, tags } = this.#args;
    return new SecureWafPolicy(
      `${this.label}-firewall`,
      { profile, resourceGroupName, location, scope: 'FRONT_DOOR', ...(tags ? { tags } : {}) },
      { parent: this },
    );
  }

  #domain(hostName: string): cdn.AFDCustomDomain {
    const { dnsZoneId, minimumTlsVersion = 'TLS12' } = this.#args;
    const name = hostName.replaceAll('.', '-');
    return new cdn.AFDCustomDomain(
      `${this.label}-domain-${name}`,
      {
        ...this.#within,
        customDomainName: name,
        hostName,
        ...(dnsZoneId === undefined ? {} : { azureDnsZone: { id: dnsZoneId } }),
        tlsSettings: {
          certificateType: 'ManagedCertificate',
          minimumTlsVersion,
          // With TLS 1.3 alone there is nothing to choose.
          ...(minimumTlsVersion === 'TLS12' ? { cipherSuiteSetType: 'TLS12_2023' } : {}),
        },
      },
      { parent: this },
    );
  }

  /** The names, and the one that Azure gives, pass the firewall. */
  #guard(domains: readonly cdn.AFDCustomDomain[], endpoint: cdn.AFDEndpoint): cdn.SecurityPolicy {
    return new cdn.SecurityPolicy(
      `${this.label}-guard`,
      {
        ...this.#within,
        parameters: {
          type: 'WebApplicationFirewall',
          wafPolicy: { id: this.wafPolicy.id },
          associations: [{ domains: [...domains, endpoint].map(({ id }) => ({ id })), patternsToMatch: ['/*'] }],
        },
      },
      { parent: this },
    );
  }

  /** @returns the origins that are reached over the internet */
  #route(
    number: number,
    path: string,
    { cached = false, healthPath = '/', origins }: SecureRoute,
    to: { readonly endpoint: cdn.AFDEndpoint; readonly headers: cdn.RuleSet; readonly domains: readonly cdn.AFDCustomDomain[] },
  ): readonly cdn.AFDOrigin[] {
    const name = `${this.label}-route-${number}`;
    const group = new cdn.AFDOriginGroup(
      `${name}-origins`,
      {
        ...this.#within,
        sessionAffinityState: 'Disabled',
        healthProbeSettings: {
          probePath: healthPath,
          probeProtocol: cdn.ProbeProtocol.Https,
          probeRequestType: cdn.HealthProbeRequestType.HEAD,
          probeIntervalInSeconds: PROBE_SECONDS,
        },
        loadBalancingSettings: BALANCING,
      },
      { parent: this },
    );
    const made = origins.map((origin, index) => this.#origin(`${name}-origin-${index + 1}`, group, origin));
    new cdn.Route(
      name,
      {
        ...this.#within,
        endpointName: to.endpoint.name,
        enabledState: 'Enabled',
        patternsToMatch: [path],
        customDomains: to.domains.map(({ id }) => ({ id })),
        linkToDefaultDomain: 'Disabled',
        originGroup: { id: group.id },
        supportedProtocols: ['Http', 'Https'],
        httpsRedirect: 'Enabled',
        forwardingProtocol: 'HttpsOnly',
        ruleSets: [{ id: to.headers.id }],
        ...(cached
          ? {
              cacheConfiguration: {
                queryStringCachingBehavior: 'UseQueryString',
                compressionSettings: { isCompressionEnabled: false, contentTypesToCompress: [] },
              },
            }
          : {}),
      },
      // A route is refused while its group has no origin.
      { parent: this, dependsOn: made },
    );
    return made.filter((_, index) => !origins[index]?.privateLink);
  }

  #origin(name: string, group: cdn.AFDOriginGroup, { host, privateLink }: SecureOrigin): cdn.AFDOrigin {
    return new cdn.AFDOrigin(
      name,
      {
        ...this.#within,
        originGroupName: group.name,
        hostName: host,
        originHostHeader: host,
        enabledState: 'Enabled',
        enforceCertificateNameCheck: true,
        httpPort: 80,
        httpsPort: 443,
        priority: 1,
        weight: WEIGHT,
        ...(privateLink
          ? {
              sharedPrivateLinkResource: {
                privateLink: { id: privateLink.resourceId },
                privateLinkLocation: privateLink.location,
                ...(privateLink.groupId === undefined ? {} : { groupId: privateLink.groupId }),
                requestMessage: pulumi.interpolate`Front Door ${this.frontDoor.name} asks for answers`,
              },
            }
          : {}),
      },
      { parent: this },
    );
  }
}
