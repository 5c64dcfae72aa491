import {
  type AuthorizationMode,
  AuthorizationType,
  type CfnGraphQLApi,
  FieldLogLevel,
  GraphqlApi,
  type GraphqlApiProps,
  IntrospectionConfig,
  UserPoolDefaultAction,
  Visibility,
} from 'aws-cdk-lib/aws-appsync';
import type { IUserPool } from 'aws-cdk-lib/aws-cognito';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';
import { type Claim, type ControlId, claims, type Relaxation, reaches, relaxed } from '../contract';
import { fromSource } from './identity-perimeter';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

const FAMILY = 'edge';

/** Props of the CDK's API that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'definition',
  'enhancedMetricsConfig',
  'environmentVariables',
  'name',
  'ownerContact',
] as const satisfies readonly (keyof GraphqlApiProps)[];

/** Deepest nesting, and most resolvers, of one request; what the queries of a form or a list need, and far below what a flood uses. */
const DEPTH = 6;
const RESOLVERS = 10;

/** Props of {@link SecureGraphqlApi}; every default is the hardened one. */
export interface SecureGraphqlApiProps extends Pick<GraphqlApiProps, (typeof PASSED_ON)[number]> {
  /** Directory whose people call the API. */
  readonly userPool: IUserPool;
  /**
   * Further ways to prove who calls; an API key is none. At least one is needed, because AppSync applies the groups of
   * `@aws_cognito_user_pools` below the root of the schema only where there is more than one provider.
   * @default IAM, for which no field is open until it carries `@aws_iam`
   */
  readonly furtherAuthorization?: readonly AuthorizationMode[];
  /**
   * ARN of the regional web ACL that stands before the API; with it the API is reached from the internet.
   * @default none: the API is private, reached through an interface endpoint for `appsync-api`
   */
  readonly webAclArn?: string;
  /** Deepest nesting of a query, 1 to 75. @default 6 */
  readonly queryDepthLimit?: number;
  /** Most resolvers that one request may run, 1 to 10000. @default 10 */
  readonly resolverCountLimit?: number;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

/** What every GraphQL API promises. */
export const GRAPHQL_CLAIMS = [
  'DID-16',
  'LOG-13',
  { control: 'LOG-04', from: 'moderate' },
  { control: 'PRV-07', from: 'moderate' },
  { control: 'LOG-19', from: 'moderate' },
  { control: 'DID-17', from: 'moderate' },
  { control: 'FLS-01', from: 'moderate' },
] as const satisfies readonly (ControlId | Claim)[];

const PROMISED = claims('SecureGraphqlApi', ...GRAPHQL_CLAIMS);

/** What a user of a GraphQL API may relax. */
export const GRAPHQL_RELAXABLE = {
  'FLS-01': 'the schema can be asked for (introspection)',
  'LOG-19': 'requests are not traced',
} as const satisfies Promises['relaxable'];

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: GRAPHQL_RELAXABLE,
  firm: { 'DID-16': 'an API key tells nobody apart', 'LOG-04': 'who read which field has to be answerable' },
};

/**
 * A GraphQL API that knows who calls, records each field that is read without its content, bounds what one request may ask
 * for, does not tell its schema, and is private unless a web ACL stands before it.
 *
 * Guarantees DID-16 and LOG-13; from the moderate tier on LOG-04, PRV-07, LOG-19, DID-17 and FLS-01. It is an
 * `appsync.GraphqlApi`: data sources, resolvers and grants work with it. Where records have fields that not every role may
 * see, use `FieldSecuredApi`, which writes the schema and the resolvers.
 *
 * @throws Error when an API key is among the providers, no further provider is given, or a limit is out of range
 * @example
 * import { Definition } from 'aws-cdk-lib/aws-appsync';
 *
 * const api = new SecureGraphqlApi(stack, 'Api', { name: 'consulting', userPool, definition: Definition.fromFile('schema.graphql') });
 */
export class SecureGraphqlApi extends GraphqlApi {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Where requests and the fields that they read are recorded. */
  readonly records: SecureLogGroup;

  constructor(scope: Construct, id: string, props: SecureGraphqlApiProps, promises: Promises = PROMISES) {
    const { tier } = profileOf(scope);
    const { relax, userPool, webAclArn, queryDepthLimit = DEPTH, resolverCountLimit = RESOLVERS } = props;
    const further = props.furtherAuthorization ?? [{ authorizationType: AuthorizationType.IAM }];
    const where = `${scope.node.path}/${id}`;
    checkRelaxations(scope, id, relax, promises);
    checkProviders(where, further);
    checkLimit(where, 'queryDepthLimit', queryDepthLimit, 75);
    checkLimit(where, 'resolverCountLimit', resolverCountLimit, 10_000);
    const user: Partial<GraphqlApiProps> = Object.fromEntries(PASSED_ON.map((name) => [name, props[name]]));

    super(scope, id, {
      ...user,
      name: props.name,
      definition: props.definition as NonNullable<GraphqlApiProps['definition']>,
      authorizationConfig: {
        defaultAuthorization: {
          authorizationType: AuthorizationType.USER_POOL,
          // Together with further providers AppSync takes no other; the directives of the schema say who may see what.
          userPoolConfig: { userPool, defaultAction: UserPoolDefaultAction.ALLOW },
        },
        additionalAuthorizationModes: [...further],
      },
      introspectionConfig: relaxed(relax, 'FLS-01') ? IntrospectionConfig.ENABLED : IntrospectionConfig.DISABLED,
      queryDepthLimit,
      resolverCountLimit,
      visibility: webAclArn === undefined ? Visibility.PRIVATE : Visibility.GLOBAL,
      xrayEnabled: relaxed(relax, 'LOG-19') === undefined,
    });
    this.records = this.#recordFields(reaches(tier, 'moderate') ? FieldLogLevel.ALL : FieldLogLevel.ERROR);
    if (webAclArn !== undefined) new CfnWebACLAssociation(this, 'Firewall', { resourceArn: this.arn, webAclArn });
    for (const control of Object.keys(promises.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this.cfnApi);
  }

  /** Not by `logConfig` of the CDK's API: that one lets a function make the group, without key and without end to retention. */
  #recordFields(fieldLogLevel: FieldLogLevel): SecureLogGroup {
    const role = new Role(this, 'LogRole', {
      description: `Writes the records of ${this.node.path}`,
      assumedBy: new ServicePrincipal('appsync.amazonaws.com', { conditions: fromSource(this) }),
    });
    this.cfnApi.logConfig = { cloudWatchLogsRoleArn: role.roleArn, excludeVerboseContent: true, fieldLogLevel };
    const records = new SecureLogGroup(this, 'Records', { logClass: 'access', logGroupName: `/aws/appsync/apis/${this.apiId}` });
    const statement = new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [records.logGroupArn] });
    new ManagedPolicy(this, 'LogPolicy', { description: `What ${this.node.path} may write`, roles: [role], statements: [statement] });
    return records;
  }

  /** The rendered API, whose tags and properties CloudFormation sees. */
  protected get cfnApi(): CfnGraphQLApi {
    return this.node.findChild('Resource') as CfnGraphQLApi;
  }
}

function checkProviders(where: string, further: readonly AuthorizationMode[]): void {
  if (further.some(({ authorizationType }) => authorizationType === AuthorizationType.API_KEY))
    throw new Error(
      `${where}: furtherAuthorization holds an API key, which tells nobody apart; write IAM, OIDC, LAMBDA or another user pool (DID-16)`,
    );
  if (further.length === 0)
    throw new Error(
      `${where}: furtherAuthorization is empty; AppSync then ignores the groups of nested fields, so leave it out or name a provider (FLS-02)`,
    );
}

function checkLimit(where: string, name: string, limit: number, most: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > most)
    throw new Error(`${where}: ${name} is ${limit}; write a whole number from 1 to ${most} (DID-17)`);
}
