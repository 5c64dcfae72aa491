/** Applications of the directory: their credentials, tokens, rights, and who may use them. */
import type { ControlId } from '../../../controls';
import { APPLICATION, ENTRA_TRUST, ESCALATING_PERMISSIONS, entra, PASSWORDS, REGISTRATION } from '../../facts/azure-directory';
import type { Graph } from '../../graph';
import { allOf, anyOf, every, fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';
import { setting } from '../setting';

const PRINCIPAL = entra('ServicePrincipal');
const ASSIGNMENT = entra('AppRoleAssignment');
const API_ACCESS = entra('ApplicationApiAccess');
const REDIRECTS = entra('ApplicationRedirectUris');
const FLEXIBLE_TRUST = entra('ApplicationFlexibleFederatedIdentityCredential');
const OWNER = entra('ApplicationOwner');
const USER = entra('User');
const MANAGED_IDENTITY = 'azure-native:managedidentity:UserAssignedIdentity';
const GROUP_LIKE = [entra('Group'), entra('GroupWithoutMembers'), PRINCIPAL, MANAGED_IDENTITY];

const MOST_DAYS = 90;
const DAY_HOURS = 24;

/** Hours of `2160h`, `90d` or `24h30m`. */
function hoursOf(duration: string): number | undefined {
  const [, days, hours] = /^(?:(\d+)d)?(?:(\d+)h)?(?:\d+m)?(?:\d+s)?$/.exec(duration) ?? [];
  return days === undefined && hours === undefined ? undefined : Number(days ?? 0) * DAY_HOURS + Number(hours ?? 0);
}

/** A password ends within 90 days: by its duration, by its dates, or because it is renewed. */
function rotates(one: Resource): Outcome {
  if (one.at('rotateWhenChanged').state !== 'absent') return pass();
  const duration = one.at('endDateRelative');
  if (duration.state !== 'absent') {
    if (duration.string === undefined) return duration.asUnknown();
    const hours = hoursOf(duration.string);
    return hours !== undefined && hours <= MOST_DAYS * DAY_HOURS ? pass() : duration.asFailure();
  }
  const end = one.at('endDate');
  if (end.state === 'absent')
    return fail('neither endDateRelative nor rotateWhenChanged is set: the password lives for two years', duration.path);
  const [from, to] = [one.at('startDate').string, end.string].map((text) => (text === undefined ? Number.NaN : Date.parse(text)));
  const days = ((to ?? Number.NaN) - (from ?? Number.NaN)) / (DAY_HOURS * 3_600_000);
  // Without its start, only deployment tells how long the password lives.
  return Number.isNaN(days) ? one.at('startDate').asUnknown() : days <= MOST_DAYS ? pass() : end.asFailure();
}

const escalates = (id: Value): Outcome => {
  const name = ESCALATING_PERMISSIONS[id.string?.toLowerCase() ?? ''];
  if (name !== undefined) return fail(`${id.path} is ${name}: the application gives itself any right of the directory`, id.path);
  return id.state === 'unknown' ? id.asUnknown() : pass();
};

/** Permissions that the application holds itself; those on behalf of a person are limited by the person. */
const heldByItself = (application: Resource): readonly Value[] =>
  application
    .at('requiredResourceAccesses')
    .items()
    .flatMap((api) => api.at('resourceAccesses').items())
    .filter((access) => access.at('type').is('Scope').verdict !== 'pass')
    .map((access) => access.at('id'));

const TOKEN_TARGET = /^https:\/\/[^*]+$|^http:\/\/(localhost|127\.0\.0\.1)([:/]|$)/i;

const redirectsOf = (application: Resource): readonly Value[] =>
  application.type === REDIRECTS
    ? application.at('redirectUris').items()
    : ['web.redirectUris', 'singlePageApplication.redirectUris'].flatMap((path) => application.at(path).items());

/** The addresses of applications on devices may have a scheme of their own. */
const isOnDevices = (application: Resource): boolean =>
  application.type === REDIRECTS && application.at('type').is('PublicClient').verdict === 'pass';

/** Whether others get tokens for it. */
const isApi = (application: Resource): boolean =>
  anyOf([application.at('identifierUris').isSet(), application.at('api.oauth2PermissionScopes').isSet()]).verdict === 'pass';

const ownersOf = (application: Resource, graph: Graph): Outcome =>
  graph.pointingAt(application, OWNER, 'applicationId').length > 0
    ? pass()
    : application.type === APPLICATION
      ? application.at('owners').isSet()
      : fail('has no owner');

const application = (properties: object) => ({ application: { type: APPLICATION, properties: { displayName: 'cases', ...properties } } });
const password = (properties: object, type: string = PASSWORDS[0]) => ({ password: { type, properties } });
const trust = (changes: object = {}) => ({
  trust: {
    type: ENTRA_TRUST,
    properties: {
      issuer: 'https://token.actions.githubusercontent.com',
      subject: 'repo:example/cases:environment:production',
      audiences: ['api://AzureADTokenExchange'],
      ...changes,
    },
  },
});
const flexible = (claimsMatchingExpression: unknown, audience: unknown = 'api://AzureADTokenExchange') => ({
  trust: { type: FLEXIBLE_TRUST, properties: { issuer: 'https://gitlab.com', audience, claimsMatchingExpression } },
});
const EXACT = "claims['sub'] eq 'project_path:example/cases:ref_type:branch:ref:main'";
const needs = (id: unknown, type = 'Role') =>
  application({ requiredResourceAccesses: [{ resourceAppId: 'graph', resourceAccesses: [{ id, type }] }] });
const given = (to: unknown, appRoleId: unknown = 'agent') => ({
  given: { type: ASSIGNMENT, properties: { appRoleId, principalObjectId: to, resourceObjectId: 'cases' } },
});
const [ROLE_MANAGEMENT = ''] = Object.keys(ESCALATING_PERMISSIONS);
const READ_ALL_USERS = 'df021288-bdef-4463-88db-98f22de89214';
const CONFIGURED = { $unknown: 'config value' };
const principal = (properties: object) => ({ principal: { type: PRINCIPAL, properties: { clientId: 'c', ...properties } } });

export const AZURE_APPLICATIONS = {
  'IDA-05': {
    azure: rule({
      on: PASSWORDS,
      check: rotates,
      severity: 'medium',
      fix: "Set endDateRelative: '2160h' (90 days) at most, and rotateWhenChanged to a rotating value.",
      pass: [
        { resources: password({ endDateRelative: '2160h' }) },
        { resources: password({ endDateRelative: '90d' }, PASSWORDS[1]) },
        { resources: password({ startDate: '2026-01-01T00:00:00Z', endDate: '2026-03-01T00:00:00Z' }) },
      ],
      fail: [
        { resources: password({}) },
        { resources: password({ endDateRelative: '8760h' }) },
        { resources: password({ startDate: '2026-01-01T00:00:00Z', endDate: '2027-01-01T00:00:00Z' }) },
      ],
      unknown: [
        { resources: password({ endDateRelative: CONFIGURED }) },
        { resources: password({ startDate: CONFIGURED, endDate: '2027-01-01T00:00:00Z' }) },
      ],
    }),
  },
  'IDA-10': {
    azure: rule({
      on: [APPLICATION, ...PASSWORDS],
      check: (one) =>
        one.type === APPLICATION && one.at('password').state === 'absent'
          ? pass()
          : fail('makes a password: whoever knows it is the application', one.type === APPLICATION ? 'password' : undefined),
      severity: 'medium',
      fix: 'Remove it and trust a workload: ApplicationFederatedIdentityCredential, or a managed identity instead of the application.',
      pass: [{ resources: application({}) }],
      fail: [
        { resources: password({ endDateRelative: '2160h' }) },
        { resources: password({}, PASSWORDS[1]) },
        { resources: application({ password: { displayName: 'first' } }) },
      ],
    }),
  },
  'IDA-11': {
    azure: [
      rule({
        on: ENTRA_TRUST,
        check: (one, graph) =>
          allOf(
            one.at('issuer').matches(/^https:\/\/[^*]+$/),
            // An identity of the program has one id, whatever it will be.
            graph.target(one.at('subject'), MANAGED_IDENTITY) ? pass() : one.at('subject').matches(/^[^*]+$/),
            every(one.at('audiences').items(), (audience) => audience.matches(/^[^*]+$/)),
          ),
        fix: 'Name one issuer by https, the exact subject and one audience, without *.',
        pass: [
          { resources: trust() },
          {
            name: 'an identity of the program',
            resources: {
              ...trust({ issuer: 'https://login.microsoftonline.com/t/v2.0', subject: { $ref: 'page.principalId' } }),
              page: { type: MANAGED_IDENTITY, properties: {} },
            },
          },
        ],
        fail: [
          { resources: trust({ subject: 'repo:example/*' }) },
          { resources: trust({ issuer: 'http://issuer.example.com' }) },
          { resources: trust({ audiences: ['*'] }) },
        ],
        unknown: [{ resources: trust({ subject: CONFIGURED }) }],
      }),
      rule({
        on: FLEXIBLE_TRUST,
        check: (one) =>
          allOf(
            one.at('issuer').matches(/^https:\/\/[^*]+$/),
            one.at('audience').matches(/^[^*]+$/),
            // A matching expression is there to leave something open: only `eq` pins it.
            one.at('claimsMatchingExpression').matches(/^(?!.*(\bmatches\b|[*?])).+$/i),
          ),
        fix: "Compare with eq: claims['sub'] eq '<the exact subject>', or use ApplicationFederatedIdentityCredential.",
        pass: [{ resources: flexible(EXACT) }],
        fail: [
          { resources: flexible("claims['sub'] matches 'project_path:example/*'") },
          { resources: flexible("claims['sub'] matches 'repo:example/cases:ref:refs/heads/?ain'") },
          { resources: flexible(EXACT, '*') },
        ],
        unknown: [{ resources: flexible(CONFIGURED) }],
      }),
    ],
  },
  'IDA-15': {
    azure: [
      ...(['accessTokenIssuanceEnabled', 'idTokenIssuanceEnabled'] as const).map((token) =>
        setting({
          on: APPLICATION,
          at: `web.implicitGrant.${token}`,
          is: [false],
          not: true,
          unset: false,
          fix: `Set web.implicitGrant.${token}: false; clients use the authorisation code with PKCE.`,
        }),
      ),
      ...(['implicitAccessTokenIssuanceEnabled', 'implicitIdTokenIssuanceEnabled'] as const).map((token) =>
        setting({
          on: REGISTRATION,
          at: token,
          is: [false],
          not: true,
          unset: false,
          fix: `Set ${token}: false; clients use the authorisation code with PKCE.`,
        }),
      ),
      setting({
        on: APPLICATION,
        at: 'fallbackPublicClientEnabled',
        is: [false],
        not: true,
        unset: false,
        severity: 'medium',
        fix: 'Set fallbackPublicClientEnabled: false.',
      }),
      setting({
        on: entra('ApplicationFallbackPublicClient'),
        at: 'enabled',
        is: [false],
        not: true,
        severity: 'medium',
        fix: 'Set enabled: false; clients that hold no secret are declared as publicClient with their redirect URIs.',
      }),
      rule({
        on: APPLICATION,
        check: (one) =>
          isApi(one) ? one.at('api.requestedAccessTokenVersion').orDefault(1).is(2) : notApplicable('is not called by other applications'),
        severity: 'low',
        fix: 'Set api.requestedAccessTokenVersion: 2; tokens of version 1 name their issuer and subject in other ways.',
        pass: [
          { resources: application({ identifierUris: ['api://cases'], api: { requestedAccessTokenVersion: 2 } }) },
          { resources: application({ api: { requestedAccessTokenVersion: 2, oauth2PermissionScopes: [{ id: 's' }] } }) },
        ],
        fail: [
          { resources: application({ identifierUris: ['api://cases'] }) },
          { resources: application({ identifierUris: ['api://cases'], api: { requestedAccessTokenVersion: 1 } }) },
        ],
        unknown: [{ resources: application({ identifierUris: ['api://cases'], api: { requestedAccessTokenVersion: CONFIGURED } }) }],
        skip: [{ resources: application({}) }],
      }),
      rule({
        on: [APPLICATION, REGISTRATION],
        check: (one) => {
          const claims = one.at('groupMembershipClaims');
          return claims.items().length === 0
            ? notApplicable('hands no groups to the application')
            : every(claims.items(), (claim) => claim.isOneOf(['None', 'ApplicationGroup']));
        },
        severity: 'low',
        fix: "Set groupMembershipClaims: ['ApplicationGroup'], or use app roles: tokens then tell only what was assigned.",
        pass: [
          { resources: application({ groupMembershipClaims: ['ApplicationGroup'] }) },
          { resources: { application: { type: REGISTRATION, properties: { groupMembershipClaims: ['None'] } } } },
        ],
        fail: [
          { resources: application({ groupMembershipClaims: ['All'] }) },
          { resources: application({ groupMembershipClaims: ['ApplicationGroup', 'SecurityGroup'] }) },
        ],
        unknown: [{ resources: application({ groupMembershipClaims: [CONFIGURED] }) }],
        skip: [{ resources: application({}) }],
      }),
      rule({
        on: [APPLICATION, REDIRECTS],
        check: (one) => {
          const targets = redirectsOf(one);
          if (targets.length === 0 || isOnDevices(one)) return notApplicable('sends tokens to no web address');
          return every(targets, (target) => target.matches(TOKEN_TARGET));
        },
        fix: 'Write https:// addresses in full, without *; only localhost may be in clear text.',
        pass: [
          { resources: application({ web: { redirectUris: ['https://cases.example.com/signed-in'] } }) },
          { resources: application({ singlePageApplication: { redirectUris: ['http://localhost:5173/'] } }) },
          { resources: { uris: { type: REDIRECTS, properties: { type: 'Web', redirectUris: ['https://cases.example.com/'] } } } },
        ],
        fail: [
          { resources: application({ web: { redirectUris: ['http://cases.example.com/'] } }) },
          { resources: application({ singlePageApplication: { redirectUris: ['https://*.example.com/'] } }) },
          { resources: { uris: { type: REDIRECTS, properties: { type: 'SPA', redirectUris: ['http://localhost.example.com/'] } } } },
        ],
        unknown: [{ resources: application({ web: { redirectUris: [CONFIGURED] } }) }],
        skip: [
          { resources: application({}) },
          { resources: { uris: { type: REDIRECTS, properties: { type: 'PublicClient', redirectUris: ['msal://cases'] } } } },
        ],
      }),
    ],
  },
  'LPA-04': {
    azure: [
      rule({
        on: APPLICATION,
        check: (one) => {
          const held = heldByItself(one);
          return held.length === 0 ? notApplicable('holds no permissions itself') : every(held, escalates);
        },
        fix: 'Ask for the narrowest permission (such as Application.ReadWrite.OwnedBy), or act on behalf of a person (type Scope).',
        pass: [{ resources: needs(READ_ALL_USERS) }],
        fail: [{ resources: needs(ROLE_MANAGEMENT) }, { resources: needs(ROLE_MANAGEMENT.toUpperCase()) }],
        unknown: [{ resources: needs(CONFIGURED) }],
        skip: [{ resources: application({}) }, { resources: needs(ROLE_MANAGEMENT, 'Scope') }],
      }),
      rule({
        on: [ASSIGNMENT, API_ACCESS],
        check: (one) => {
          const held = one.at(one.type === ASSIGNMENT ? 'appRoleId' : 'roleIds').items();
          return held.length === 0 ? notApplicable('gives no role') : every(held, escalates);
        },
        fix: 'Assign the narrowest permission, such as Application.ReadWrite.OwnedBy.',
        pass: [
          { resources: given('p', READ_ALL_USERS) },
          { resources: { access: { type: API_ACCESS, properties: { roleIds: [READ_ALL_USERS] } } } },
        ],
        fail: [
          { resources: given('p', ROLE_MANAGEMENT) },
          { resources: { access: { type: API_ACCESS, properties: { roleIds: [READ_ALL_USERS, ROLE_MANAGEMENT] } } } },
        ],
        skip: [{ resources: { access: { type: API_ACCESS, properties: { scopeIds: ['s'] } } } }],
      }),
    ],
  },
  'LPA-05': {
    azure: [
      rule({
        on: PRINCIPAL,
        check: (one) =>
          one.at('useExisting').orDefault(false).isTrue().verdict === 'pass'
            ? notApplicable('is an application of others')
            : one.at('appRoleAssignmentRequired').orDefault(false).isTrue(),
        severity: 'medium',
        fix: 'Set appRoleAssignmentRequired: true and assign the app roles to groups; else everybody of the directory gets a token.',
        pass: [{ resources: principal({ appRoleAssignmentRequired: true }) }],
        fail: [{ resources: principal({}) }, { resources: principal({ appRoleAssignmentRequired: false }) }],
        unknown: [{ resources: principal({ appRoleAssignmentRequired: CONFIGURED }) }],
        skip: [{ resources: principal({ useExisting: true }) }],
      }),
      rule({
        on: ASSIGNMENT,
        check: (one, graph) => {
          const to = one.at('principalObjectId');
          if (graph.target(to, USER)) return fail('principalObjectId is a person, not a group', to.path);
          return graph.target(to, ...GROUP_LIKE) ? pass() : notApplicable('does not say what the principal is');
        },
        severity: 'medium',
        fix: 'Assign the app role to a group of the directory that stands for one of the closed roles.',
        pass: [
          { resources: { ...given({ $ref: 'agents' }), agents: { type: GROUP_LIKE[0] as string, properties: { displayName: 'agents' } } } },
        ],
        fail: [{ resources: { ...given({ $ref: 'agent' }), agent: { type: USER, properties: { displayName: 'agent' } } } }],
        skip: [{ resources: given(CONFIGURED) }],
      }),
    ],
  },
  'LPA-10': {
    azure: setting({
      on: [APPLICATION, REGISTRATION],
      at: 'signInAudience',
      is: ['AzureADMyOrg'],
      not: 'AzureADMultipleOrgs',
      unset: 'AzureADMyOrg',
      fix: "Set signInAudience: 'AzureADMyOrg', so that nobody of another directory signs in.",
    }),
  },
  'UAR-08': {
    azure: rule({
      on: [APPLICATION, REGISTRATION],
      check: (one, graph) => {
        const owned = ownersOf(one, graph);
        return owned.verdict === 'fail' ? fail('owners is not set: nobody answers for the application', 'owners') : owned;
      },
      severity: 'low',
      fix: 'Set owners to the people who answer for the application.',
      pass: [
        { resources: application({ owners: ['somebody'] }) },
        {
          resources: {
            application: { type: REGISTRATION, properties: { displayName: 'cases' } },
            owner: { type: OWNER, properties: { applicationId: { $ref: 'application' }, ownerObjectId: 'somebody' } },
          },
        },
      ],
      fail: [{ resources: application({}) }, { resources: application({ owners: [] }) }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
