import * as authorization from '@pulumi/azure-native/authorization';
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import type * as pulumi from '@pulumi/pulumi';
import { claims, unclaimed } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { LeastPrivilegeRole } from './identity-role';
import { type BuiltInRole, roleId } from './identity-roles';
import type { Promises } from './relax';

/** Tokens of another issuer, such as those of a build service or of a cluster. */
export interface TokenTrust {
  /** The issuer, by https: `https://token.actions.githubusercontent.com`. */
  readonly issuer: pulumi.Input<string>;
  /** The exact subject that is let in: `repo:org/name:environment:production`. */
  readonly subject: pulumi.Input<string>;
  /** Whom the tokens are made for. @default 'api://AzureADTokenExchange' */
  readonly audience?: string;
}

/** Most credentials that one identity takes. Source: Entra documentation, "Important considerations for federated identity credentials". */
const MOST_TRUSTS = 20;
const AUDIENCE = 'api://AzureADTokenExchange';
/** Issuers of pipelines, and how their subjects name what is protected there. */
const PIPELINES = /token\.actions\.githubusercontent\.com|gitlab/i;
const PROTECTED = /:environment:|:ref:refs\/(heads|tags)\/|ref_type:(branch|tag):ref:/;

/**
 * Refuses trusts that let in more than one workload (IDA-11), or the pipelines of proposals (SDC-06), and those that the
 * service would refuse.
 *
 * @throws RangeError with what is open and what to write instead
 */
export function checkTrusts(
  where: string,
  trusts: Readonly<Record<string, TokenTrust>> = {},
): readonly (readonly [string, Required<TokenTrust>])[] {
  const names = Object.keys(trusts);
  if (names.length > MOST_TRUSTS)
    throw new RangeError(`${where}: trusts names ${names.length}; an identity takes ${MOST_TRUSTS}, make another one`);
  const wrong = names.find((name) => !/^[A-Za-z0-9][\w-]{2,119}$/.test(name));
  if (wrong !== undefined) throw new RangeError(`${where}: trust "${wrong}" is no name; write 3 to 120 letters, digits, - and _`);
  return Object.entries(trusts).map(([name, trust]) => [name, checkTrust(`${where} trust "${name}"`, trust)] as const);
}

function checkTrust(where: string, { audience = AUDIENCE, issuer, subject }: TokenTrust): Required<TokenTrust> {
  const known = (value: pulumi.Input<string>): string | undefined => (typeof value === 'string' ? value : undefined);
  const [from, who] = [known(issuer), known(subject)];
  if (from !== undefined && !/^https:\/\/[^*\s]+$/.test(from))
    throw new RangeError(`${where}: issuer is "${from}"; write one issuer by https, without * (IDA-11)`);
  if (who !== undefined && !/^[^*\s]+$/.test(who))
    throw new RangeError(`${where}: subject is "${who}"; write the exact subject, without * (IDA-11)`);
  if (!/^[^*\s]+$/.test(audience)) throw new RangeError(`${where}: audience is "${audience}"; write one audience, without * (IDA-11)`);
  if (from !== undefined && who !== undefined && PIPELINES.test(from) && !PROTECTED.test(who))
    throw new RangeError(
      `${where}: subject "${who}" is any run of the pipeline; end it in :environment:<name> or :ref:refs/heads/<protected branch> (SDC-06)`,
    );
  return { audience, issuer, subject };
}

/** What a {@link WorkloadIdentity} is made from. */
export interface WorkloadIdentityArgs extends SecureArgs {
  /** Workloads elsewhere that take this identity by their own tokens, by name. @default none: what runs on Azure carries it */
  readonly trusts?: Readonly<Record<string, TokenTrust>>;
}

/** A right that a workload holds at all times. */
export interface WorkloadGrant {
  /** A built-in role that gives access to data, or a role of your own. */
  readonly role: BuiltInRole | LeastPrivilegeRole;
  /** Id of the one resource, or resource group, in which it holds. */
  readonly scope: pulumi.Input<string>;
  /** What it is for; it stands in the assignment. */
  readonly why: string;
}

const PROMISED = claims(
  'WorkloadIdentity',
  'IDA-11',
  unclaimed('IDA-14', 'tokens of managed identities last as long as the platform says'),
  unclaimed('LPA-03', 'an identity has no boundary on Azure; custom roles and the conditions of assignments bound what it gets'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: {},
  firm: { 'IDA-11': 'name each subject' },
};

/**
 * The identity of one workload, without a secret: a managed identity that workloads on Azure carry, and that pipelines and
 * workloads elsewhere take by their own tokens, pinned to issuer, exact subject and audience.
 *
 * Guarantees IDA-11 for each trust.
 *
 * @throws RangeError when a trust is a pattern, or a right is given over a whole subscription
 * @example
 * const deployer = new WorkloadIdentity('deployer', {
 *   profile, resourceGroupName, location,
 *   trusts: { production: { issuer: 'https://token.actions.githubusercontent.com', subject: 'repo:example/cases:environment:production' } },
 * });
 * deployer.grant('images', { role: 'AcrPull', scope: account.id, why: 'Pulls the images that it deploys' });
 */
export class WorkloadIdentity extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The identity itself. */
  readonly identity: managedidentity.UserAssignedIdentity;
  /** Resource id; what workloads name to carry it. */
  readonly id: pulumi.Output<string>;
  /** Object id in the directory; what rights are given to. */
  readonly principalId: pulumi.Output<string>;
  /** Client id; what a workload names to get a token. */
  readonly clientId: pulumi.Output<string>;

  constructor(name: string, args: WorkloadIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:WorkloadIdentity', PROMISES, name, args, opts);
    const trusts = checkTrusts(this.where, args.trusts);
    const { resourceGroupName } = args;
    this.identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, location: this.location, tags: this.tags },
      { parent: this },
    );
    let before: pulumi.Resource = this.identity;
    for (const [trust, { audience, issuer, subject }] of trusts)
      before = new managedidentity.FederatedIdentityCredential(
        `${name}-trust-${trust}`,
        {
          resourceGroupName,
          resourceName: this.identity.name,
          federatedIdentityCredentialResourceName: trust,
          issuer,
          subject,
          audiences: [audience],
        },
        // The service refuses two writes to the credentials of one identity at a time.
        { parent: this, dependsOn: [before] },
      );
    this.id = this.identity.id;
    this.principalId = this.identity.principalId;
    this.clientId = this.identity.clientId;
    this.registerOutputs({ id: this.id, principalId: this.principalId, clientId: this.clientId });
  }

  /**
   * Gives the workload a right that it holds at all times. People are made eligible instead; see `EligibleAccess`.
   *
   * @throws RangeError for the scope of a whole subscription or management group
   */
  grant(name: string, { role, scope, why }: WorkloadGrant): authorization.RoleAssignment {
    if (typeof scope === 'string' && isWide(scope))
      throw new RangeError(`${this.where}: grant "${name}" has the scope "${scope}"; name one resource or resource group (LPA-01)`);
    return new authorization.RoleAssignment(
      `${this.label}-grant-${name}`,
      {
        principalId: this.principalId,
        principalType: 'ServicePrincipal',
        scope,
        roleDefinitionId: typeof role === 'string' ? roleId(role) : role.id,
        description: why,
      },
      { parent: this },
    );
  }
}

/** Whether a scope is a subscription, a management group, or everything. */
export const isWide = (scope: string): boolean => /^\/?$|^\/subscriptions\/[^/]+\/?$|\/managementGroups\/[^/]+\/?$/i.test(scope);
