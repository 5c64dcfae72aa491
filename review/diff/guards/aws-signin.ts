/** Who signs in on AWS, by whom, and what is asked of tokens. */
import type { PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { type Compared, except, found, type Guard, ladder, meaning, place, truth, turned } from './parts';

/** Any one of the scopes is enough, and without any every token is. */
const scopes: Compared = (before, after) => {
  const of = (one: PlainMap): readonly string[] => asList(one.AuthorizationScopes).map(String);
  const [was, is] = [of(before), of(after)];
  if (was.length > 0 && is.length === 0)
    return [{ direction: 'weaker', words: `tokens of every scope are taken, and were only with ${was.join(' or ')}` }];
  if (was.length === 0) return is.length > 0 ? [{ direction: 'stronger', words: `only tokens with ${is.join(' or ')} are taken now` }] : [];
  const come = is.filter((scope) => !was.includes(scope));
  const lost = was.filter((scope) => !is.includes(scope));
  if (come.length > 0) return [{ direction: 'weaker', words: `tokens with ${come.join(' or ')} are enough now` }];
  return lost.length > 0 ? [{ direction: 'stronger', words: `tokens with ${lost.join(' or ')} are not enough any more` }] : [];
};

/** Attributes that people may change themselves; all of them, where none is named. */
const written: Compared = (before, after) => {
  const [was, is] = [before.WriteAttributes, after.WriteAttributes];
  if (was === undefined)
    return is === undefined ? [] : [{ direction: 'stronger', words: 'its people may no longer change every attribute of theirs' }];
  if (is === undefined) return [{ direction: 'weaker', words: 'its people may change every attribute of theirs now' }];
  const come = asList(is)
    .map(String)
    .filter((one) => !asList(was).includes(one));
  return come.length === 0 ? [] : [{ direction: 'weaker', words: `its people may change ${come.sort().join(', ')} of theirs now` }];
};

/** Functions that decide about sign-ins and tokens. */
const triggers = (pool: PlainMap): readonly string[] =>
  Object.entries(asMap(pool.LambdaConfig)).flatMap(([trigger, value]) => {
    const arn = asText(value) ?? asText(asMap(value).LambdaArn);
    return arn === undefined || trigger === 'KMSKeyID' ? [] : [`${arn} (${trigger})`];
  });

/** Issuers whose sign-in a load balancer trusts. */
const issuers = (listener: PlainMap): readonly string[] =>
  [...asList(listener.DefaultActions), ...asList(listener.Actions)].flatMap(
    (action) =>
      asText(valueAt(action, 'AuthenticateOidcConfig.Issuer')) ?? asText(valueAt(action, 'AuthenticateCognitoConfig.UserPoolArn')) ?? [],
  );

export const AWS_SIGN_IN: readonly Guard[] = [
  {
    on: /^AWS::(ApiGatewayV2::Route|ApiGateway::Method)$/,
    aspect: 'access',
    severity: 'high',
    parts: [meaning('AuthorizationScopes', scopes)],
  },
  { on: /^AWS::Cognito::UserPoolClient$/, aspect: 'access', severity: 'high', parts: [meaning('WriteAttributes', written)] },
  {
    on: /^AWS::Cognito::UserPoolClient$/,
    aspect: 'access',
    parts: [except('SupportedIdentityProviders', 'by whom people sign in', asText)],
  },
  {
    on: /^AWS::Cognito::UserPool$/,
    aspect: 'access',
    severity: 'high',
    parts: [found('except', 'LambdaConfig', 'what decides about sign-ins and tokens', triggers)],
  },
  {
    on: /^AWS::Cognito::UserPoolIdentityProvider$/,
    aspect: 'access',
    severity: 'high',
    silences: 'whoever signs in there gets in here',
    parts: [place('ProviderDetails.MetadataURL', 'who says who signs in'), place('ProviderDetails.oidc_issuer', 'who says who signs in')],
  },
  {
    on: /^AWS::ElasticLoadBalancingV2::Listener(Rule)?$/,
    aspect: 'access',
    severity: 'high',
    parts: [found('except', 'Actions', 'whose sign-in it trusts', issuers)],
  },
  {
    on: /^AWS::ElasticLoadBalancingV2::LoadBalancer$/,
    aspect: 'exposure',
    parts: [
      turned(
        'LoadBalancerAttributes',
        (balancer) => {
          const open = asList(balancer.LoadBalancerAttributes).find((one) => asMap(one).Key === 'waf.fail_open.enabled');
          const value = truth(open && asMap(open).Value, false);
          return value === undefined ? undefined : !value;
        },
        'requests pass unfiltered while its firewall does not answer',
        'requests wait for its firewall now',
      ),
    ],
  },
  {
    on: /^AWS::Transfer::Server$/,
    aspect: 'access',
    severity: 'high',
    parts: [
      place('IdentityProviderDetails.Function', 'who says who signs in'),
      place('IdentityProviderDetails.Url', 'who says who signs in'),
    ],
  },
  {
    on: /^AWS::Transfer::User$/,
    aspect: 'access',
    parts: [ladder('HomeDirectoryType', 'what people see of the store', ['PATH', 'LOGICAL'], 'PATH')],
  },
  {
    on: /^AWS::IoT::Authorizer$/,
    aspect: 'access',
    severity: 'high',
    parts: [
      turned(
        'SigningDisabled',
        (one) => {
          const off = truth(one.SigningDisabled, false);
          return off === undefined ? undefined : !off;
        },
        'tokens need no signature any more',
        'tokens have to be signed now',
      ),
      place('AuthorizerFunctionArn', 'who decides'),
    ],
  },
  {
    on: /^AWS::Connect::Instance$/,
    aspect: 'access',
    severity: 'high',
    parts: [
      ladder('IdentityManagementType', 'who says who signs in', ['CONNECT_MANAGED', 'EXISTING_DIRECTORY', 'SAML'], 'CONNECT_MANAGED'),
    ],
  },
  { on: /^AWS::Connect::ApprovedOrigin$/, aspect: 'exposure', silences: 'pages of its origin may show the desk of agents' },
  {
    on: /^AWS::SageMaker::Domain$/,
    aspect: 'access',
    parts: [ladder('AuthMode', 'how people sign in', ['IAM', 'SSO'], 'IAM')],
  },
];
