import { Duration, Token } from 'aws-cdk-lib';
import {
  FederatedPrincipal,
  type IManagedPolicy,
  type IOpenIdConnectProvider,
  type ISamlProvider,
  type PolicyDocument,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, reaches } from '../contract';
import { boundaryOf } from './identity-boundary';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

/** Longest sessions in hours: of the privileged, and of others (IDA-14). */
export const SESSION_HOURS = { privileged: 1, others: 8 } as const;

/** Tokens of an OpenID Connect issuer, such as those of a build service. */
export interface TokenTrust {
  /** The issuer, as the account knows it. */
  readonly provider: IOpenIdConnectProvider;
  /**
   * Whom the tokens are made for.
   * @default 'sts.amazonaws.com'
   */
  readonly audience?: string;
  /** Exact subjects that are let in: `repo:org/name:environment:production`. */
  readonly subjects: readonly string[];
}

/** Props of {@link FederatedRole}; every default is the hardened one. One of `saml` and `tokens` is given. */
export interface FederatedRoleProps {
  /** Identity provider through which people sign in. @default none */
  readonly saml?: ISamlProvider;
  /** Issuer whose tokens let a pipeline or a workload elsewhere in. @default none */
  readonly tokens?: TokenTrust;
  /** What the role is for, and the duties of those who hold it (PER-03). @default none */
  readonly description?: string;
  /** Name of the role in the account. @default made by CloudFormation */
  readonly roleName?: string;
  /**
   * Whether those who hold it can change what protects data; their sessions last an hour at most.
   * @default true at the high tier, false below
   */
  readonly privileged?: boolean;
  /**
   * Longest session: one hour for the privileged, eight for others.
   * @default Duration.hours(1)
   */
  readonly maxSessionDuration?: Duration;
  /**
   * What the role can at most be granted.
   * @default the boundary shared nearest above, else one made for the stack
   */
  readonly permissionsBoundary?: IManagedPolicy;
  /** Rights of the role. @default none besides what is granted later */
  readonly inlinePolicies?: Readonly<Record<string, PolicyDocument>>;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims('FederatedRole', 'IDA-11', 'IDA-14', { control: 'LPA-03', from: 'high' });

const PROMISES: Promises = {
  claims: PROMISED,
  families: ['identity'],
  relaxable: { 'IDA-14': 'sessions may last longer, up to the twelve hours of the service' },
  firm: { 'IDA-11': 'name each subject', 'LPA-03': 'pass another boundary' },
};

/**
 * A role that people, or pipelines, take by federation: pinned to its issuer, its audience and exact subjects, with short
 * sessions and a permissions boundary. Session tags and the source identity come along, so that records say who acted.
 *
 * Guarantees IDA-11 and IDA-14; from the high tier on LPA-03. It is an `iam.Role`.
 *
 * @throws Error when it trusts nobody or two kinds of provider, when a subject or the audience is a pattern, or when
 *   sessions are too long
 * @example
 * const deployer = new FederatedRole(stack, 'Deployer', {
 *   tokens: { provider: github, subjects: ['repo:example/cases:environment:production'] },
 * });
 */
export class FederatedRole extends Role {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: FederatedRoleProps) {
    const { tier } = profileOf(scope);
    const { saml, tokens, relax, description, roleName, inlinePolicies } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    if ((saml === undefined) === (tokens === undefined))
      throw new Error(
        `${where}: ${saml ? 'saml and tokens are both given' : 'neither saml nor tokens is given'}; write one of them (IDA-11)`,
      );
    const maxSessionDuration = props.maxSessionDuration ?? Duration.hours(SESSION_HOURS.privileged);
    checkSession(where, maxSessionDuration, props.privileged ?? reaches(tier, 'high'), relax);
    super(scope, id, {
      assumedBy: saml ? bySaml(saml) : byToken(where, tokens as TokenTrust),
      maxSessionDuration,
      permissionsBoundary: boundaryOf(scope, props.permissionsBoundary),
      ...(description ? { description } : {}),
      ...(roleName ? { roleName } : {}),
      ...(inlinePolicies ? { inlinePolicies: { ...inlinePolicies } } : {}),
    });
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, 'identity', this);
  }
}

/** Sessions are short, unless that is relaxed (IDA-14). */
export function checkSession(where: string, length: Duration, privileged: boolean, relax: readonly Relaxation[] | undefined): void {
  const most = privileged ? SESSION_HOURS.privileged : SESSION_HOURS.others;
  const hours = length.toHours({ integral: false });
  if (hours > most)
    requireRelaxation(
      where,
      relax,
      'IDA-14',
      `a session of ${hours} hours for a role that is ${privileged ? '' : 'not '}privileged`,
      `at most ${most}`,
    );
}

/** Somebody of an identity provider, who brings the tags of the session and says who it is that acts. */
class FederatedPerson extends FederatedPrincipal {
  override addToAssumeRolePolicy(document: PolicyDocument): void {
    const actions = [this.assumeRoleAction, 'sts:SetSourceIdentity', 'sts:TagSession'];
    document.addStatements(new PolicyStatement({ actions, principals: [this] }));
  }
}

const bySaml = (provider: ISamlProvider): FederatedPerson =>
  new FederatedPerson(
    provider.samlProviderArn,
    { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
    'sts:AssumeRoleWithSAML',
  );

function byToken(where: string, { provider, audience = 'sts.amazonaws.com', subjects }: TokenTrust): FederatedPerson {
  if (subjects.length === 0) throw new Error(`${where}: tokens.subjects is empty; name each subject that is let in (IDA-11)`);
  const open = [audience, ...subjects].find((text) => !Token.isUnresolved(text) && /[*?]/.test(text));
  if (open !== undefined) throw new Error(`${where}: "${open}" is a pattern; name the audience and each subject exactly (IDA-11)`);
  const issuer = provider.openIdConnectProviderIssuer;
  return new FederatedPerson(
    provider.openIdConnectProviderArn,
    { StringEquals: { [`${issuer}:aud`]: audience, [`${issuer}:sub`]: subjects.length === 1 ? subjects[0] : [...subjects] } },
    'sts:AssumeRoleWithWebIdentity',
  );
}
