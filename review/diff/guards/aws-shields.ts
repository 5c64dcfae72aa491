/** What limits and shields on AWS: firewalls, authorizers, clients of pools, what blocks the internet. */

import type { PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { webRules } from './firewalls';
import { at, each, except, found, type Guard, ladder, meaning, place, present, truth, turned } from './parts';

/** From the weakest: what is done with a sign-in that is a risk. */
const REACTIONS = ['NO_ACTION', 'MFA_IF_CONFIGURED', 'MFA_REQUIRED', 'BLOCK'];
const takeover = (risk: 'Low' | 'Medium' | 'High') =>
  ladder(
    `AccountTakeoverRiskConfiguration.Actions.${risk}Action.EventAction`,
    `what is done with sign-ins of ${risk.toLowerCase()} risk`,
    REACTIONS,
    'NO_ACTION',
  );

/** Ways by which a person gets back in without an administrator. */
const recoveries = (pool: PlainMap): readonly string[] => {
  const names = asList(valueAt(pool, 'AccountRecoverySetting.RecoveryMechanisms')).map((one) => asText(asMap(one).Name));
  const words: Readonly<Record<string, string>> = { verified_phone_number: 'by phone', verified_email: 'by mail' };
  return names.includes('admin_only') ? [] : names.flatMap((name) => words[name ?? ''] ?? []);
};

/** Origins of a distribution, by their ids. */
const origins = (distribution: PlainMap): ReadonlyMap<string, PlainMap> =>
  new Map(asList(valueAt(distribution, 'DistributionConfig.Origins')).map((one) => [asText(asMap(one).Id) ?? '', asMap(one)]));
const clear = (distribution: PlainMap): readonly string[] =>
  [...origins(distribution)].flatMap(([id, one]) =>
    /^(http-only|match-viewer)$/.test(asText(valueAt(one, 'CustomOriginConfig.OriginProtocolPolicy')) ?? '') ? [id] : [],
  );
const signed = (origin: PlainMap): boolean =>
  [origin.OriginAccessControlId, valueAt(origin, 'S3OriginConfig.OriginAccessIdentity')].some((one) => (asText(one) ?? '') !== '');
const behaviours = (distribution: PlainMap): readonly PlainMap[] => {
  const { CacheBehaviors, DefaultCacheBehavior } = asMap(distribution.DistributionConfig);
  return [...asList(DefaultCacheBehavior), ...asList(CacheBehaviors)].map(asMap);
};

/** Code and templates of resolvers, without how they are set. */
const code = (one: PlainMap): string =>
  ['Code', 'RequestMappingTemplate', 'ResponseMappingTemplate']
    .map((key) => (asText(one[key]) ?? '').replaceAll(/\s+/g, ' ').trim())
    .join('\n');

export const AWS_SHIELDS: readonly Guard[] = [
  { on: /^AWS::Organizations::Policy$/, aspect: 'access', severity: 'high', parts: [each('TargetIds', 'whom it limits', asText)] },
  {
    on: /^AWS::WAFv2::WebACLAssociation$/,
    aspect: 'exposure',
    severity: 'high',
    ends: 'no web ACL filters what reaches it any more',
    parts: [place('WebACLArn', 'the web ACL that filters')],
  },
  { on: /^AWS::WAFv2::(WebACL|RuleGroup)$/, aspect: 'exposure', parts: [meaning('Rules', webRules)] },
  {
    on: /^AWS::EC2::SubnetNetworkAclAssociation$/,
    aspect: 'exposure',
    ends: 'its subnet falls back to the network ACL of the network, which lets everything pass',
  },
  {
    on: /^AWS::(ApiGatewayV2::Api|Lambda::Url)$/,
    aspect: 'exposure',
    parts: [
      except('CorsConfiguration.AllowOrigins', 'the origins whose pages may call it', asText),
      except('Cors.AllowOrigins', 'the origins whose pages may call it', asText),
    ],
  },
  {
    on: /^AWS::ApiGateway(V2)?::Authorizer$/,
    aspect: 'access',
    severity: 'high',
    parts: [
      except('ProviderARNs', 'the pools whose users it accepts', asText),
      place('JwtConfiguration.Issuer', 'the issuer whose tokens it accepts'),
      except('JwtConfiguration.Audience', 'the audiences that it accepts', asText),
      place('AuthorizerUri', 'who decides'),
    ],
  },
  {
    on: /^AWS::Cognito::UserPoolClient$/,
    aspect: 'access',
    parts: [
      except('ExplicitAuthFlows', 'the ways to sign in', (item) =>
        /USER_PASSWORD_AUTH|ADMIN_NO_SRP/.test(String(item)) ? asText(item) : undefined,
      ),
      except('CallbackURLs', 'where it sends people who signed in', asText),
      except('AllowedOAuthScopes', 'what its tokens are good for', asText),
    ],
  },
  { on: /^AWS::Shield::(Protection|ProtectionGroup)$/, aspect: 'exposure', ends: 'floods of requests are not held off any more' },
  {
    on: /^AWS::NetworkFirewall::FirewallPolicy$/,
    aspect: 'exposure',
    parts: [each('FirewallPolicy.StatefulRuleGroupReferences', 'the rules that inspect', at('ResourceArn'))],
  },
  { on: /^AWS::Route53Resolver::FirewallRuleGroupAssociation$/, aspect: 'exposure', ends: 'names of attackers are answered again' },
  {
    on: /^AWS::EC2::VPCBlockPublicAccessOptions$/,
    aspect: 'exposure',
    severity: 'high',
    ends: 'gateways may let the internet into every network of the account again',
    parts: [ladder('InternetGatewayBlockMode', 'what gateways may not let pass', ['off', 'block-ingress', 'block-bidirectional'], 'off')],
  },
  {
    on: /^AWS::EC2::VPCBlockPublicAccessExclusion$/,
    aspect: 'exposure',
    severity: 'high',
    silences: 'what keeps the internet out of the networks of the account does not hold for its network',
  },
  {
    on: /^AWS::Route53Resolver::ResolverDNSSECConfig$/,
    aspect: 'exposure',
    ends: 'forged answers to names are believed again in its network',
  },
  { on: /^AWS::Route53::DNSSEC$/, aspect: 'exposure', ends: 'the names of its zone are not signed any more' },
  {
    on: /^AWS::S3::Bucket$/,
    aspect: 'exposure',
    parts: [
      found('except', 'CorsConfiguration.CorsRules', 'the origins whose pages may use it', (bucket) =>
        asList(valueAt(bucket, 'CorsConfiguration.CorsRules')).flatMap((rule) => asList(asMap(rule).AllowedOrigins).map(String)),
      ),
    ],
  },
  {
    on: /^AWS::CloudFront::Distribution$/,
    aspect: 'encryption',
    severity: 'high',
    parts: [
      found('except', 'DistributionConfig.Origins', 'the origins that it may speak to in clear', clear),
      found('except', 'DistributionConfig', 'what it answers in clear', (one) =>
        behaviours(one).flatMap(({ PathPattern, ViewerProtocolPolicy }) =>
          ViewerProtocolPolicy === 'allow-all' ? [asText(PathPattern) ?? 'paths without a rule of their own'] : [],
        ),
      ),
    ],
  },
  {
    on: /^AWS::CloudFront::Distribution$/,
    aspect: 'exposure',
    parts: [
      meaning('DistributionConfig.Origins', (before, after) => {
        const now = origins(after);
        const bare = [...origins(before)].filter(([id, one]) => signed(one) && now.has(id) && !signed(now.get(id) as PlainMap));
        return bare.map(([id]) => ({
          direction: 'weaker',
          words: `what it asks the origin ${id} is no longer signed: the origin cannot tell it from others`,
        }));
      }),
    ],
  },
  {
    on: /^AWS::ApiGateway::Stage$/,
    aspect: 'access',
    parts: [
      present('ClientCertificateId', 'it no longer shows a certificate to what it calls', 'it shows a certificate to what it calls now'),
    ],
  },
  {
    on: /^AWS::ApiGateway::Method$/,
    aspect: 'controls',
    covers: ['DID-17'],
    parts: [present('RequestValidatorId', 'its requests are no longer checked against what they may hold', 'its requests are checked now')],
  },
  {
    on: /^AWS::ApiGateway::RequestValidator$/,
    aspect: 'controls',
    parts: (['ValidateRequestBody', 'ValidateRequestParameters'] as const).map((key) =>
      turned(
        key,
        (one) => truth(one[key], false),
        `${key === 'ValidateRequestBody' ? 'bodies' : 'parameters'} of requests are no longer checked`,
        `${key === 'ValidateRequestBody' ? 'bodies' : 'parameters'} of requests are checked now`,
      ),
    ),
  },
  {
    on: /^AWS::AppSync::(Resolver|FunctionConfiguration)$/,
    aspect: 'access',
    parts: [
      meaning('Code', (before, after) =>
        code(before) === code(after)
          ? []
          : [{ direction: 'undecided', words: 'its code changes: read whether it gives everybody no more fields and records than before' }],
      ),
    ],
  },
  {
    on: /^AWS::Cognito::UserPoolRiskConfigurationAttachment$/,
    aspect: 'access',
    severity: 'high',
    ends: 'stolen passwords and unusual sign-ins are not held off any more',
    parts: [
      takeover('High'),
      takeover('Medium'),
      takeover('Low'),
      ladder('CompromisedCredentialsRiskConfiguration.Actions.EventAction', 'what is done with stolen passwords', REACTIONS, 'NO_ACTION'),
      except('RiskExceptionConfiguration.SkippedIPRangeList', 'the addresses that are never a risk', asText),
    ],
  },
  {
    on: /^AWS::Cognito::UserPool$/,
    aspect: 'access',
    parts: [found('except', 'AccountRecoverySetting', 'the ways to recover an account', recoveries)],
  },
  {
    on: /^AWS::Cognito::IdentityPool$/,
    aspect: 'access',
    parts: [
      found('each', 'CognitoIdentityProviders', 'the pools that are asked whether a token was taken back', (pool) =>
        asList(pool.CognitoIdentityProviders).flatMap((one) =>
          truth(asMap(one).ServerSideTokenCheck, false) ? [asText(asMap(one).ProviderName) ?? ''] : [],
        ),
      ),
      turned(
        'AllowClassicFlow',
        (pool) => (truth(pool.AllowClassicFlow, false) === undefined ? undefined : !truth(pool.AllowClassicFlow, false)),
        'its people may choose any of its roles by the old way',
        'its people get their role by the new way only',
      ),
    ],
  },
  {
    on: /^AWS::EKS::Cluster$/,
    aspect: 'access',
    severity: 'high',
    parts: [
      ladder('AccessConfig.AuthenticationMode', 'where its access is written', ['CONFIG_MAP', 'API_AND_CONFIG_MAP', 'API'], 'CONFIG_MAP'),
      turned(
        'AccessConfig.BootstrapClusterCreatorAdminPermissions',
        (cluster) => {
          const admin = truth(valueAt(cluster, 'AccessConfig.BootstrapClusterCreatorAdminPermissions'), true);
          return admin === undefined ? undefined : !admin;
        },
        'whoever creates it becomes its administrator',
        'whoever creates it is no administrator any more',
      ),
    ],
  },
  {
    on: /^AWS::ECS::Service$/,
    aspect: 'access',
    severity: 'high',
    parts: [
      turned(
        'EnableExecuteCommand',
        (service) => {
          const open = truth(service.EnableExecuteCommand, false);
          return open === undefined ? undefined : !open;
        },
        'people who may use ECS Exec get a shell in its containers now, with the rights of its task',
        'nobody gets a shell in its containers any more',
      ),
    ],
  },
];
