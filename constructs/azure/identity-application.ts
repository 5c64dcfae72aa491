import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { checkTrusts, type TokenTrust } from './identity';
import { type DirectoryArgs, DirectoryComponent } from './identity-directory';
import { entra } from './identity-entra';
import { physicalUuid } from './naming';
import type { Promises } from './relax';

/** One role of an application: agent, support engineer, supervisor. */
export interface ApplicationRole {
  /** What its holders may do, and their duties (PER-03). */
  readonly description: string;
  /** Name, as people see it. @default the value of the role */
  readonly displayName?: string;
  /** Object ids of the groups that hold it. @default nobody yet */
  readonly groups?: readonly pulumi.Input<string>[];
  /**
   * Object ids of the workloads that hold it, such as the identity of a gateway: the role is then one of workloads, which no
   * person can have. @default none: the role is one of people
   */
  readonly workloads?: readonly pulumi.Input<string>[];
}

/** What a {@link FederatedApplication} is made from. */
export interface FederatedApplicationArgs extends DirectoryArgs {
  /** Name of the application, as people see it when they sign in. */
  readonly displayName: string;
  /** Its roles, all of them, by the value that stands in tokens (LPA-05). At least one. */
  readonly roles: Readonly<Record<string, ApplicationRole>>;
  /** Object ids of the people who answer for it (UAR-08). At least one. */
  readonly owners: readonly pulumi.Input<string>[];
  /** Addresses to which a server gets its codes; by https. @default none */
  readonly redirectUris?: readonly string[];
  /** Addresses to which a program in the browser gets its codes, with PKCE; by https. @default none */
  readonly singlePageRedirectUris?: readonly string[];
  /** Workloads that are the application by their own tokens, by name, instead of by a password. @default none */
  readonly trusts?: Readonly<Record<string, TokenTrust>>;
}

const PROMISED = claims(
  'FederatedApplication',
  'IDA-10',
  'IDA-15',
  'LPA-05',
  'LPA-10',
  'UAR-08',
  unclaimed('IDA-14', 'how long a sign-in lasts is set by ConditionalAccess for all applications'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: {},
  firm: {
    'IDA-10': 'trust the workload by its own tokens',
    'IDA-15': 'use the authorisation code with PKCE',
    'LPA-05': 'give the role to a group',
    'LPA-10': 'invite people of other organisations as guests',
    'UAR-08': 'name those who would be asked',
  },
};

/** Longest value of a role. Source: Microsoft Graph, resource type appRole. */
const LONGEST_VALUE = 120;
/** What clients ask for to act for a person; roles and scopes share their words. */
const SCOPE = 'user_impersonation';

/**
 * An application that people use by the directory, in a closed set of roles: only who has a role gets a token, roles go to
 * groups, tokens go to https addresses only, and there is no password. It needs the package `@pulumi/azuread`.
 *
 * Guarantees IDA-10, IDA-15, LPA-05, LPA-10 and UAR-08.
 *
 * @throws RangeError without a role or an owner, for an address in clear text or with `*`, or for an open trust
 * @example
 * const cases = new FederatedApplication('cases', {
 *   profile,
 *   displayName: 'Case management',
 *   owners: ['b5f2a4a8-0000-4000-8000-000000000003'],
 *   singlePageRedirectUris: ['https://cases.example.com/signed-in'],
 *   roles: {
 *     agent: { description: 'Works on assigned cases', groups: ['b5f2a4a8-0000-4000-8000-000000000001'] },
 *     supervisor: { description: 'Oversees the work, without bulk content' },
 *   },
 * });
 */
export class FederatedApplication extends DirectoryComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The `azuread.Application` itself. */
  readonly application: pulumi.CustomResource;
  /** What clients name to sign people in; also the audience of tokens. */
  readonly clientId: pulumi.Output<string>;
  /** `api://…`; what clients name to get a token for it. */
  readonly identifierUri: pulumi.Output<string>;
  /** Object id of its service principal, to which roles are assigned. */
  readonly servicePrincipalId: pulumi.Output<string>;
  /** Id of each role, by its value. */
  readonly roleIds: Readonly<Record<string, string>>;

  constructor(name: string, args: FederatedApplicationArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:FederatedApplication', PROMISES, name, args, opts);
    const trusts = this.#check(args);
    const { displayName, owners, redirectUris = [], roles, singlePageRedirectUris = [] } = args;
    const azuread = entra(this.where);
    const child = { parent: this };
    this.roleIds = Object.fromEntries(Object.keys(roles).map((value) => [value, physicalUuid(`${name}-role-${value}`)]));

    const application = new azuread.Application(
      `${name}-application`,
      {
        displayName,
        owners: [...owners],
        signInAudience: 'AzureADMyOrg',
        preventDuplicateNames: true,
        fallbackPublicClientEnabled: false,
        deviceOnlyAuthEnabled: false,
        oauth2PostResponseRequired: false,
        groupMembershipClaims: ['ApplicationGroup'],
        appRoles: Object.entries(roles).map(([value, role]) => ({
          id: this.roleIds[value] as string,
          value,
          displayName: role.displayName ?? value,
          description: role.description,
          allowedMemberTypes: [role.workloads ? 'Application' : 'User'],
          enabled: true,
        })),
        api: {
          requestedAccessTokenVersion: 2,
          mappedClaimsEnabled: false,
          knownClientApplications: [],
          oauth2PermissionScopes: [
            {
              id: physicalUuid(`${name}-scope`),
              value: SCOPE,
              type: 'Admin',
              enabled: true,
              adminConsentDisplayName: `Act in ${displayName}`,
              adminConsentDescription: `Lets the client act in ${displayName} on behalf of the person who signed in, with the roles of that person.`,
            },
          ],
        },
        web: {
          redirectUris: [...redirectUris],
          implicitGrant: { accessTokenIssuanceEnabled: false, idTokenIssuanceEnabled: false },
        },
        singlePageApplication: { redirectUris: [...singlePageRedirectUris] },
        publicClient: { redirectUris: [] },
      },
      // Its own address is written below, once its id is known.
      { ...child, ignoreChanges: ['identifierUris'] },
    );
    this.identifierUri = new azuread.ApplicationIdentifierUri(
      `${name}-identifier-uri`,
      { applicationId: application.id, identifierUri: application.clientId.apply((id) => `api://${id}`) },
      child,
    ).identifierUri;
    const principal = new azuread.ServicePrincipal(
      `${name}-principal`,
      { clientId: application.clientId, owners: [...owners], accountEnabled: true, appRoleAssignmentRequired: true },
      child,
    );
    for (const [value, { groups = [], workloads = groups }] of Object.entries(roles))
      workloads.forEach((holder, index) => {
        new azuread.AppRoleAssignment(
          `${name}-${value}-${index + 1}`,
          { appRoleId: this.roleIds[value] as string, principalObjectId: holder, resourceObjectId: principal.objectId },
          child,
        );
      });
    this.application = application;
    for (const trust of trusts) this.#trust(trust);
    this.clientId = application.clientId;
    this.servicePrincipalId = principal.objectId;
    this.registerOutputs({ clientId: this.clientId, identifierUri: this.identifierUri, servicePrincipalId: this.servicePrincipalId });
  }

  /**
   * Lets a workload be the application by its own tokens, where the workload is made after the application: a web app that
   * signs people in, by its identity.
   *
   * @param trust 3 to 120 letters, digits, hyphens and underscores
   * @throws RangeError for a name that is none, or an open trust
   */
  trust(trust: string, token: TokenTrust): pulumi.CustomResource {
    return this.#trust(checkTrusts(this.where, { [trust]: token })[0] as readonly [string, Required<TokenTrust>]);
  }

  #trust([trust, { audience, issuer, subject }]: readonly [string, Required<TokenTrust>]): pulumi.CustomResource {
    return new (entra(this.where).ApplicationFederatedIdentityCredential)(
      `${this.label}-trust-${trust}`,
      { applicationId: this.application.id, displayName: trust, issuer, subject, audiences: [audience] },
      { parent: this },
    );
  }

  #check({
    owners,
    redirectUris = [],
    roles,
    singlePageRedirectUris = [],
    trusts,
  }: FederatedApplicationArgs): readonly (readonly [string, Required<TokenTrust>])[] {
    this.someone(owners, 'owners', 'UAR-08', 'name the people who answer for the application');
    this.someone(Object.keys(roles ?? {}), 'roles', 'LPA-05', 'name the roles, such as agent, supportEngineer and supervisor');
    for (const [value, { description, groups, workloads }] of Object.entries(roles)) {
      if (groups && workloads)
        throw new RangeError(
          `${this.where}: role "${value}" names groups and workloads; make two roles, so that no workload passes for a person (LPA-05)`,
        );
      if (!/^[\w.:-]+$/.test(value) || value.length > LONGEST_VALUE || value === SCOPE)
        throw new RangeError(
          `${this.where}: role "${value}" cannot stand in a token; write another word of letters, digits, - and _ (LPA-05)`,
        );
      if (!description?.trim())
        throw new RangeError(`${this.where}: role "${value}" has no description; say what its holders may do, and their duties (PER-03)`);
    }
    const open = [...redirectUris, ...singlePageRedirectUris].find((uri) => !TOKEN_TARGET.test(uri));
    if (open !== undefined)
      throw new RangeError(`${this.where}: redirect address "${open}"; write https:// and the whole address, without * (IDA-15)`);
    return checkTrusts(this.where, trusts);
  }
}

const TOKEN_TARGET = /^https:\/\/[^*\s]+$|^http:\/\/(localhost|127\.0\.0\.1)([:/]|$)/i;
