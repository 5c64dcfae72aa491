import { ArnFormat, Names, Stack, Token } from 'aws-cdk-lib';
import { CfnLoggingConfiguration, CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { claims, type Relaxation, relaxed } from '../contract';
import { SecureLogGroup } from './logging';
import { acceptDelivery } from './logging-delivery';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Rule groups that AWS writes and keeps up to date, in the order in which they are asked; together 1,125 of the 1,500 units of a web ACL. */
const MANAGED = [
  'AWSManagedRulesAmazonIpReputationList',
  'AWSManagedRulesKnownBadInputsRuleSet',
  'AWSManagedRulesCommonRuleSet',
  'AWSManagedRulesSQLiRuleSet',
] as const;

/** Headers that carry a session from one request to the next; they are never recorded. */
const CREDENTIALS = ['authorization', 'cookie'] as const;

/** Requests of one address in five minutes: nearly seven a second, more than people in one office ask for. */
const REQUESTS = 2000;
/** What the service lets a limit be. */
const LEAST_LIMIT = 10;

/** Props of {@link SecureWebAcl}; every default is the hardened one. */
export interface SecureWebAclProps {
  /**
   * What it stands before: load balancers, APIs and user pools of the region, or distributions (then in us-east-1 only).
   * @default 'REGIONAL'
   */
  readonly scope?: 'REGIONAL' | 'CLOUDFRONT';
  /**
   * Requests that one address may make in five minutes; more are blocked until it slows down.
   * @default 2000
   */
  readonly requestLimit?: number;
  /**
   * Further rule groups that AWS writes: `AWSManagedRulesLinuxRuleSet`. They block, as the others do.
   * @default none besides reputation, known bad inputs, the core set and SQL injection
   */
  readonly managedRuleGroups?: readonly string[];
  /**
   * Two-letter codes of the countries from which requests are taken: `['DE', 'FR']`.
   * @default all
   */
  readonly countries?: readonly string[];
  /**
   * Rules of the core set that only count, because they stop requests that the application needs:
   * `SizeRestrictions_BODY` where files are uploaded. Each needs DID-07 to be relaxed.
   * @default none
   */
  readonly countOnly?: readonly string[];
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims('SecureWebAcl', 'DID-07', { control: 'DID-08', from: 'moderate' }, 'LOG-13', 'PRV-07');

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['edge'],
  relaxable: { 'DID-07': 'the rules in countOnly count instead of blocking' },
  firm: {
    'DID-08': 'raise requestLimit',
    'LOG-13': 'the records are what an investigation starts from',
    'PRV-07': 'credentials are of no use in records',
  },
};

/**
 * A web firewall that blocks: bad addresses, known exploits, the common attacks and SQL injection, and whoever asks too
 * often. Every request is recorded with what was decided, without its credentials.
 *
 * Guarantees DID-07, LOG-13 and PRV-07; from the moderate tier on DID-08. Load balancers and distributions of this
 * package make one by themselves; share one by passing it as `webAcl`.
 *
 * @throws Error when a web ACL for distributions is not in us-east-1, or the limit is none that the service takes
 * @example
 * const firewall = new SecureWebAcl(stack, 'Firewall', { requestLimit: 500 });
 * firewall.protect('CaseApi', 'arn:aws:apigateway:eu-central-1::/restapis/abc123/stages/live');
 */
export class SecureWebAcl extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** ARN of the web ACL; distributions take it as `webAclId`. */
  readonly webAclArn: string;
  /** Holds the records of all requests. */
  readonly logGroup: SecureLogGroup;

  constructor(scope: Construct, id: string, props: SecureWebAclProps = {}) {
    profileOf(scope);
    super(scope, id);
    const { relax, requestLimit = REQUESTS, countOnly = [], countries = [] } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const kind = props.scope ?? 'REGIONAL';
    const where = this.node.path;
    if (kind === 'CLOUDFRONT') requireEdgeRegion(this, 'a web ACL for distributions');
    if (!Number.isInteger(requestLimit) || requestLimit < LEAST_LIMIT)
      throw new Error(
        `${where}: requestLimit is ${requestLimit}; write a whole number of at least ${LEAST_LIMIT} requests in five minutes (DID-08)`,
      );
    if (countOnly.length > 0 && !relaxed(relax, 'DID-07'))
      throw new Error(
        `${where}: countOnly names ${countOnly.join(', ')}, which then block nothing; relax DID-07 with a waiver, or leave it out`,
      );

    const measured = (metricName: string) => ({ cloudWatchMetricsEnabled: true, metricName, sampledRequestsEnabled: true });
    const groups = [...new Set([...MANAGED, ...(props.managedRuleGroups ?? [])])];
    const acl = new CfnWebACL(this, 'Resource', {
      scope: kind,
      defaultAction: { allow: {} },
      visibilityConfig: measured('all'),
      dataProtectionConfig: {
        dataProtections: [{ action: 'SUBSTITUTION', field: { fieldType: 'SINGLE_HEADER', fieldKeys: [...CREDENTIALS] } }],
      },
      rules: [
        ...(countries.length > 0
          ? [
              {
                name: 'countries',
                statement: { notStatement: { statement: { geoMatchStatement: { countryCodes: [...countries] } } } },
                action: { block: {} },
              },
            ]
          : []),
        {
          name: 'request-limit',
          statement: { rateBasedStatement: { limit: requestLimit, aggregateKeyType: 'IP', evaluationWindowSec: 300 } },
          action: { block: {} },
        },
        ...groups.map((name) => ({
          name,
          statement: {
            managedRuleGroupStatement: {
              vendorName: 'AWS',
              name,
              ...(name === 'AWSManagedRulesCommonRuleSet' && countOnly.length > 0
                ? { ruleActionOverrides: countOnly.map((rule) => ({ name: rule, actionToUse: { count: {} } })) }
                : {}),
            },
          },
          overrideAction: { none: {} },
        })),
      ].map((rule, priority) => ({ ...rule, priority, visibilityConfig: measured(rule.name) })),
    });
    this.webAclArn = acl.attrArn;
    this.logGroup = this.record();
    recordWaiver(relax, 'DID-07', 'edge', acl);
  }

  /**
   * Puts the firewall before a load balancer, an API stage, an AppSync API or a user pool of the region. A distribution
   * takes `webAclArn` itself.
   *
   * @param id name of the association in this firewall
   * @param resourceArn what is protected
   */
  protect(id: string, resourceArn: string): void {
    new CfnWebACLAssociation(this, id, { resourceArn, webAclArn: this.webAclArn });
  }

  /** The service takes only log groups of this name, and their ARN without the streams. */
  private record(): SecureLogGroup {
    const name = `aws-waf-logs-${Names.uniqueResourceName(this, { maxLength: 80, separator: '-' })}`;
    const group = new SecureLogGroup(this, 'Records', { logClass: 'access', logGroupName: name });
    const arn = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: group.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const logging = new CfnLoggingConfiguration(this, 'Recording', {
      resourceArn: this.webAclArn,
      logDestinationConfigs: [arn],
      redactedFields: CREDENTIALS.map((header) => ({ singleHeader: { Name: header } })),
    });
    const allowed = acceptDelivery(group);
    if (allowed) logging.node.addDependency(allowed);
    return group;
  }
}

/**
 * Distributions, and what belongs to them, are managed in one region.
 *
 * @throws Error when the stack is in another one
 */
export function requireEdgeRegion(scope: Construct, what: string): void {
  const { region } = Stack.of(scope);
  if (Token.isUnresolved(region) || region === 'us-east-1') return;
  throw new Error(
    `${scope.node.path}: ${what} is managed in us-east-1, and the stack is in ${region}; put it into a stack of us-east-1 ` +
      'with a data profile of its own, whose residency, if any, names that region',
  );
}
