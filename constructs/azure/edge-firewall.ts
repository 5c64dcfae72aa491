import * as frontdoor from '@pulumi/azure-native/frontdoor';
import * as network from '@pulumi/azure-native/network';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import { physicalName } from './naming';
import { type Promises, requireRelaxation } from './relax';

/** A set of rules that Microsoft writes and keeps up to date. */
export interface ManagedRuleSet {
  /** `Microsoft_HTTPDDoSRuleSet`. */
  readonly type: string;
  /** `1.0`. */
  readonly version: string;
}

/** One rule of a managed set, by the group that it stands in: `{ group: 'SQLI', rule: '942430' }`. */
export interface ManagedRule {
  /** `SQLI`, `XSS`, `General`. */
  readonly group: string;
  /** Six digits. */
  readonly rule: string;
}

/** What a {@link SecureWafPolicy} is made from; every default is the hardened one. */
export interface SecureWafPolicyArgs extends SecureArgs {
  /** What it stands before: application gateways of the location, or Front Door. @default 'REGIONAL' */
  readonly scope?: 'REGIONAL' | 'FRONT_DOOR';
  /**
   * Requests that one address may make in five minutes; more are blocked until it slows down.
   * @default 2000
   */
  readonly requestLimit?: number;
  /** Further sets that Microsoft writes. @default none besides the default set and the bots */
  readonly managedRuleSets?: readonly ManagedRuleSet[];
  /** Two-letter codes of the countries from which requests are taken: `['DE', 'FR']`. @default all */
  readonly countries?: readonly string[];
  /**
   * Rules of the default set that only log, because they stop requests that the application needs. Each needs DID-07 to
   * be relaxed. @default none
   */
  readonly countOnly?: readonly ManagedRule[];
  /** Longest upload in MB, of gateways only: Front Door sets no limit of its own. @default 100 */
  readonly uploadLimitInMb?: number;
}

/** Sets that Microsoft writes: the attacks that OWASP lists, and bots by reputation. */
const DEFAULT_SET = { type: 'Microsoft_DefaultRuleSet', version: '2.1' } as const;
const BOT_SET = { type: 'Microsoft_BotManagerRuleSet', version: '1.1' } as const;

/** Requests of one address in five minutes: nearly seven a second, more than people in one office ask for. */
const REQUESTS = 2000;
/** What Front Door lets a limit be; the same for both, so that a policy means the same wherever it stands. */
const LEAST_LIMIT = 10;
/** Longest body, without files, that a gateway looks into and takes, in KB. */
const BODY_KB = 128;
const UPLOAD_MB = 100;
/** Largest upload that a gateway takes, in MB. */
const LARGEST_UPLOAD_MB = 4000;
const FORBIDDEN = 403;

const PROMISED = claims(
  'SecureWafPolicy',
  'DID-07',
  { control: 'DID-08', from: 'moderate' },
  { control: 'DID-17', from: 'moderate' },
  { control: 'PRV-07', from: 'moderate' },
  unclaimed('LOG-13', 'its records are those of the gateway or Front Door that it guards, and are promised there'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['edge'],
  relaxable: { 'DID-07': 'the rules in countOnly log instead of blocking' },
  firm: {
    'DID-08': 'raise requestLimit',
    'DID-17': 'raise uploadLimitInMb',
    'PRV-07': 'credentials are of no use in records',
  },
};

/**
 * A web firewall that blocks: the common attacks, bots of bad repute, and whoever asks too often. Bodies are looked into,
 * and credentials are struck out of what is recorded.
 *
 * Guarantees DID-07; from the moderate tier on DID-08, DID-17 and PRV-07. Gateways and Front Doors of this package make one
 * by themselves; share one by passing it as `wafPolicy`.
 *
 * @throws RangeError for a limit that the services do not take, a country that is no code, or a rule that would only log
 * @example
 * const firewall = new SecureWafPolicy('firewall', { profile, resourceGroupName, location, requestLimit: 500 });
 */
export class SecureWafPolicy extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Resource id of the policy; gateways and Front Doors take it. */
  readonly id: pulumi.Output<string>;
  /** What it stands before. */
  readonly scope: 'REGIONAL' | 'FRONT_DOOR';
  /** The policy itself. */
  readonly policy: network.WebApplicationFirewallPolicy | frontdoor.Policy;

  constructor(name: string, args: SecureWafPolicyArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureWafPolicy', PROMISES, name, args, opts);
    this.scope = args.scope ?? 'REGIONAL';
    const rules = this.#checked(args);
    this.policy = this.scope === 'REGIONAL' ? this.#regional(args, rules) : this.#global(args, rules);
    this.id = this.policy.id;
    this.waive('DID-07', this.policy);
    this.registerOutputs({ id: this.id });
  }

  #checked({ countOnly = [], countries = [], relax, requestLimit = REQUESTS, uploadLimitInMb = UPLOAD_MB }: SecureWafPolicyArgs): Rules {
    const refuse = (what: string): never => {
      throw new RangeError(`${this.where}: ${what}`);
    };
    if (!Number.isInteger(requestLimit) || requestLimit < LEAST_LIMIT)
      refuse(`requestLimit is ${requestLimit}; write a whole number of at least ${LEAST_LIMIT} requests in five minutes (DID-08)`);
    if (!Number.isInteger(uploadLimitInMb) || uploadLimitInMb < 1 || uploadLimitInMb > LARGEST_UPLOAD_MB)
      refuse(`uploadLimitInMb is ${uploadLimitInMb}; write 1 to ${LARGEST_UPLOAD_MB} (DID-17)`);
    const country = countries.find((code) => !/^[A-Z]{2}$/.test(code));
    if (country !== undefined) refuse(`countries names "${country}"; write two capital letters, such as DE`);
    if (countOnly.length > 0)
      requireRelaxation(
        this.where,
        relax,
        'DID-07',
        `countOnly names ${countOnly.map(({ rule }) => rule).join(', ')}, which then block nothing, and`,
        'leave it out',
      );
    return { countries, requestLimit, uploadLimitInMb, overrides: byGroup(countOnly) };
  }

  #regional(
    args: SecureWafPolicyArgs,
    { countries, overrides, requestLimit, uploadLimitInMb }: Rules,
  ): network.WebApplicationFirewallPolicy {
    const from = [{ variableName: 'RemoteAddr' }];
    return new network.WebApplicationFirewallPolicy(
      `${this.label}-policy`,
      {
        resourceGroupName: args.resourceGroupName,
        location: this.location,
        policySettings: {
          state: 'Enabled',
          mode: 'Prevention',
          requestBodyCheck: true,
          requestBodyEnforcement: true,
          requestBodyInspectLimitInKB: BODY_KB,
          maxRequestBodySizeInKb: BODY_KB,
          fileUploadEnforcement: true,
          fileUploadLimitInMb: uploadLimitInMb,
          customBlockResponseStatusCode: FORBIDDEN,
          logScrubbing: { state: 'Enabled', scrubbingRules: CREDENTIALS },
        },
        customRules: [
          ...(countries.length > 0
            ? [
                {
                  name: 'Countries',
                  priority: 1,
                  ruleType: 'MatchRule',
                  action: 'Block',
                  state: 'Enabled',
                  matchConditions: [{ matchVariables: from, operator: 'GeoMatch', negationConditon: true, matchValues: [...countries] }],
                },
              ]
            : []),
          {
            name: 'RequestLimit',
            priority: 2,
            ruleType: 'RateLimitRule',
            action: 'Block',
            state: 'Enabled',
            rateLimitDuration: 'FiveMins',
            rateLimitThreshold: requestLimit,
            groupByUserSession: [{ groupByVariables: [{ variableName: 'ClientAddr' }] }],
            // Every address but the one that nobody has.
            matchConditions: [{ matchVariables: from, operator: 'IPMatch', negationConditon: true, matchValues: ['255.255.255.255/32'] }],
          },
        ],
        managedRules: {
          exclusions: [],
          managedRuleSets: setsOf(args).map(({ type, version }) => ({
            ruleSetType: type,
            ruleSetVersion: version,
            ruleGroupOverrides:
              type === DEFAULT_SET.type
                ? overrides.map(({ group, rules }) => ({
                    ruleGroupName: group,
                    rules: rules.map((ruleId) => ({ ruleId, state: 'Enabled', action: 'Log' })),
                  }))
                : [],
          })),
        },
        tags: this.tags,
      },
      { parent: this },
    );
  }

  #global(args: SecureWafPolicyArgs, { countries, overrides, requestLimit }: Rules): frontdoor.Policy {
    return new frontdoor.Policy(
      `${this.label}-policy`,
      {
        // Letters and digits only, which the names of Pulumi are not.
        policyName: physicalName(this.label, 60, ''),
        resourceGroupName: args.resourceGroupName,
        location: 'Global',
        sku: { name: 'Premium_AzureFrontDoor' },
        policySettings: {
          enabledState: 'Enabled',
          mode: 'Prevention',
          requestBodyCheck: 'Enabled',
          customBlockResponseStatusCode: FORBIDDEN,
          state: 'Enabled',
          scrubbingRules: CREDENTIALS,
        },
        customRules: {
          rules: [
            ...(countries.length > 0
              ? [
                  {
                    name: 'Countries',
                    priority: 1,
                    ruleType: 'MatchRule',
                    action: 'Block',
                    enabledState: 'Enabled',
                    matchConditions: [
                      {
                        matchVariable: 'SocketAddr',
                        operator: 'GeoMatch',
                        negateCondition: true,
                        matchValue: [...countries],
                        transforms: [],
                      },
                    ],
                  },
                ]
              : []),
            {
              name: 'RequestLimit',
              priority: 2,
              ruleType: 'RateLimitRule',
              action: 'Block',
              enabledState: 'Enabled',
              rateLimitDurationInMinutes: 5,
              rateLimitThreshold: requestLimit,
              groupBy: [{ variableName: 'SocketAddr' }],
              // Every request has a host.
              matchConditions: [
                {
                  matchVariable: 'RequestHeader',
                  selector: 'Host',
                  operator: 'GreaterThanOrEqual',
                  negateCondition: false,
                  matchValue: ['0'],
                  transforms: [],
                },
              ],
            },
          ],
        },
        managedRules: {
          managedRuleSets: setsOf(args).map(({ type, version }) => ({
            ruleSetType: type,
            ruleSetVersion: version,
            ruleSetAction: 'Block',
            exclusions: [],
            ruleGroupOverrides:
              type === DEFAULT_SET.type
                ? overrides.map(({ group, rules }) => ({
                    ruleGroupName: group,
                    exclusions: [],
                    rules: rules.map((ruleId) => ({ ruleId, enabledState: 'Enabled', action: 'Log', exclusions: [] })),
                  }))
                : [],
          })),
        },
        tags: this.tags,
      },
      { parent: this },
    );
  }
}

interface Rules {
  readonly countries: readonly string[];
  readonly requestLimit: number;
  readonly uploadLimitInMb: number;
  readonly overrides: readonly { readonly group: string; readonly rules: readonly string[] }[];
}

/** What carries a session from one request to the next; it is never recorded. */
const CREDENTIALS = [
  { matchVariable: 'RequestHeaderNames', selectorMatchOperator: 'Equals', selector: 'authorization', state: 'Enabled' },
  { matchVariable: 'RequestCookieNames', selectorMatchOperator: 'EqualsAny', state: 'Enabled' },
];

const setsOf = ({ managedRuleSets = [] }: SecureWafPolicyArgs): readonly ManagedRuleSet[] => [DEFAULT_SET, BOT_SET, ...managedRuleSets];

function byGroup(rules: readonly ManagedRule[]): Rules['overrides'] {
  const groups = new Map<string, string[]>();
  for (const { group, rule } of rules) groups.set(group, [...(groups.get(group) ?? []), rule]);
  return [...groups].map(([group, ids]) => ({ group, rules: ids }));
}
