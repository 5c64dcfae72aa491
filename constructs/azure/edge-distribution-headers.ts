import * as cdn from '@pulumi/azure-native/cdn';
import type * as pulumi from '@pulumi/pulumi';
import { physicalName } from './naming';

/** Only what comes from the site itself runs, is framed by nobody, and sends forms nowhere else. */
const CONTENT_POLICY = "default-src 'self'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
/** Two years, in seconds, which browsers ask for before they take a site into their own lists. */
const STRICT_TRANSPORT_SECONDS = 63_072_000;

interface HeadersArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly profileName: pulumi.Input<string>;
  readonly contentSecurityPolicy: string | undefined;
}

/** The headers that protect browsers, written over whatever an origin sends (DID-18). A rule takes five, and there are five. */
export function protectiveHeaders(name: string, args: HeadersArgs, opts: pulumi.CustomResourceOptions): cdn.RuleSet {
  const { contentSecurityPolicy = CONTENT_POLICY, profileName, resourceGroupName } = args;
  const set = new cdn.RuleSet(
    `${name}-headers`,
    // Letters and digits only, which the names of Pulumi are not.
    { resourceGroupName, profileName, ruleSetName: physicalName(`${name}-headers`, 60, '') },
    opts,
  );
  const headers = {
    'Strict-Transport-Security': `max-age=${STRICT_TRANSPORT_SECONDS}; includeSubDomains; preload`,
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
  };
  new cdn.Rule(
    `${name}-headers-rule`,
    {
      resourceGroupName,
      profileName,
      ruleSetName: set.name,
      ruleName: 'Headers',
      order: 1,
      conditions: [],
      matchProcessingBehavior: 'Continue',
      actions: Object.entries(headers).map(([headerName, value]) => ({
        name: 'ModifyResponseHeader' as const,
        parameters: { typeName: 'DeliveryRuleHeaderActionParameters' as const, headerAction: 'Overwrite', headerName, value },
      })),
    },
    opts,
  );
  return set;
}
