import { Annotations, Aspects } from 'aws-cdk-lib';
import {
  AccessLogFormat,
  AuthorizationType,
  CfnClientCertificate,
  CfnMethod,
  type CfnRestApi,
  type CfnStage,
  EndpointType,
  type IAuthorizer,
  LogGroupLogDestination,
  MethodLoggingLevel,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import type { IVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import type { Construct, IConstruct } from 'constructs';
import { claims, type Relaxation, relaxed } from '../contract';
import { SecureLogGroup } from './logging';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';
import { isOfType } from './resource-type';

const FAMILY = 'edge';

/** Props of the CDK's API that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'apiKeySourceType',
  'binaryMediaTypes',
  'defaultCorsPreflightOptions',
  'defaultIntegration',
  'description',
  'minCompressionSize',
  'restApiName',
] as const satisfies readonly (keyof RestApiProps)[];

/** Requests a second, and in a burst, that all callers together may make; well above people at work, well below a flood. */
const RATE = 100;
const BURST = 50;

/** One line of JSON for each request: which, who, from where, when, what, with what result. */
const RECORD = AccessLogFormat.custom(
  JSON.stringify({
    requestId: '$context.extendedRequestId',
    requestTime: '$context.requestTime',
    caller: '$context.identity.userArn',
    person: '$context.authorizer.principalId',
    subject: '$context.authorizer.claims.sub',
    ip: '$context.identity.sourceIp',
    endpoint: '$context.identity.vpceId',
    method: '$context.httpMethod',
    path: '$context.resourcePath',
    status: '$context.status',
    error: '$context.error.responseType',
    length: '$context.responseLength',
    trace: '$context.xrayTraceId',
  }),
);

/** Props of {@link SecureRestApi}; every default is the hardened one. */
export interface SecureRestApiProps extends Pick<RestApiProps, (typeof PASSED_ON)[number]> {
  /**
   * Makes the role with which API Gateway writes the logs of this account and region; one API of each does it for all.
   * @default false: the account has it
   */
  readonly cloudWatchRole?: boolean;
  /**
   * Interface endpoints for `execute-api` through which the API is reached; it is then private, and refuses every other.
   * @default none: the API is reached from the internet, which needs webAclArn
   */
  readonly vpcEndpoints?: readonly IVpcEndpoint[];
  /**
   * ARN of the regional web ACL that stands before the API.
   * @default none: the API is private, and vpcEndpoints are needed
   */
  readonly webAclArn?: string;
  /**
   * Says who calls, on every method that names no other.
   * @default IAM: callers sign their requests
   */
  readonly authorizer?: IAuthorizer;
  /** Name of the stage. @default 'live' */
  readonly stageName?: string;
  /** Requests a second of all callers together. @default 100 */
  readonly throttlingRateLimit?: number;
  /** Requests at once of all callers together. @default 50 */
  readonly throttlingBurstLimit?: number;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureRestApi',
  'DID-16',
  'LOG-13',
  'LPA-10',
  { control: 'DID-08', from: 'moderate' },
  { control: 'DID-17', from: 'moderate' },
  { control: 'LOG-07', from: 'moderate' },
  { control: 'LOG-19', from: 'moderate' },
  { control: 'PRV-07', from: 'moderate' },
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'DID-21': 'defaultCorsPreflightOptions may name every origin',
    'LOG-19': 'requests are not traced',
  },
  firm: { 'DID-16': 'give the method an authoriser; a public answer belongs on a web site', 'LOG-13': 'every request is recorded' },
};

/**
 * A REST API that asks every caller who they are, is private unless a web ACL stands before it, validates what it is sent,
 * records each request without its content, slows floods down, and shows a client certificate to the servers that it calls.
 *
 * Guarantees DID-16, LOG-13 and LPA-10; from the moderate tier on DID-08, DID-17, LOG-07, LOG-19 and PRV-07. It takes no prop
 * that breaks DID-21. It is an `apigateway.RestApi`: resources, methods and grants work with it; a method without
 * authorisation is an error of synthesis, preflight requests apart. Its logs need the account's role for API Gateway:
 * pass `cloudWatchRole: true` in one API of an account and region.
 *
 * @throws Error when neither endpoints nor a web ACL are given, and when CORS names every origin
 * @example
 * import { InterfaceVpcEndpoint } from 'aws-cdk-lib/aws-ec2';
 *
 * const endpoint = InterfaceVpcEndpoint.fromInterfaceVpcEndpointAttributes(stack, 'Gateway', {
 *   vpcEndpointId: 'vpce-0123456789abcdef0', port: 443,
 * });
 * const api = new SecureRestApi(stack, 'Intake', { vpcEndpoints: [endpoint] });
 */
export class SecureRestApi extends RestApi {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** Where requests are recorded. */
  readonly records: SecureLogGroup;

  constructor(scope: Construct, id: string, props: SecureRestApiProps = {}) {
    profileOf(scope);
    const { authorizer, relax, stageName = 'live', vpcEndpoints = [], webAclArn } = props;
    const where = `${scope.node.path}/${id}`;
    checkRelaxations(scope, id, relax, PROMISES);
    checkReach(where, vpcEndpoints, webAclArn);
    checkCors(where, props);
    const { throttlingBurstLimit = BURST, throttlingRateLimit = RATE } = props;
    for (const [name, limit] of Object.entries({ throttlingBurstLimit, throttlingRateLimit }))
      if (!(limit > 0)) throw new Error(`${where}: ${name} is ${limit}; write how many requests are let through, more than 0 (DID-08)`);
    const user: RestApiProps = Object.fromEntries(PASSED_ON.map((name) => [name, props[name]]));
    const records = new SecureLogGroup(scope, `${id}Records`, { logClass: 'access' });
    const isPrivate = vpcEndpoints.length > 0;

    super(scope, id, {
      ...user,
      cloudWatchRole: props.cloudWatchRole ?? false,
      defaultMethodOptions: authorizer
        ? { authorizer, authorizationType: authorizer.authorizationType as AuthorizationType }
        : { authorizationType: AuthorizationType.IAM },
      endpointConfiguration: isPrivate
        ? { types: [EndpointType.PRIVATE], vpcEndpoints: [...vpcEndpoints] }
        : { types: [EndpointType.REGIONAL] },
      ...(isPrivate ? { policy: onlyThrough(vpcEndpoints) } : {}),
      deployOptions: {
        stageName,
        accessLogDestination: new LogGroupLogDestination(records),
        accessLogFormat: RECORD,
        cacheDataEncrypted: true,
        dataTraceEnabled: false,
        loggingLevel: MethodLoggingLevel.ERROR,
        metricsEnabled: true,
        throttlingBurstLimit,
        throttlingRateLimit,
        tracingEnabled: relaxed(relax, 'LOG-19') === undefined,
      },
    });
    this.records = records;
    this.#keepExecutionLog(stageName);
    (this.deploymentStage.node.defaultChild as CfnStage).clientCertificateId = new CfnClientCertificate(this, 'ClientCertificate', {
      description: `Tells servers that ${where} calls them`,
    }).ref;
    if (!isPrivate) this.#speakModernTls();
    if (webAclArn !== undefined) new CfnWebACLAssociation(this, 'Firewall', { resourceArn: this.deploymentStage.stageArn, webAclArn });
    const validator = this.addRequestValidator('Validator', { validateRequestBody: true, validateRequestParameters: true });
    Aspects.of(this).add({ visit: (node) => hardenMethod(node, validator.requestValidatorId) });
    recordWaiver(relax, 'LOG-19', FAMILY, this.deploymentStage);
    recordWaiver(relax, 'DID-21', FAMILY, this);
  }

  /** API Gateway makes the group of its execution log itself, without an end to retention, unless it is there before the stage. */
  #keepExecutionLog(stageName: string): void {
    const group = new SecureLogGroup(this, 'ExecutionLog', { logGroupName: `API-Gateway-Execution-Logs_${this.restApiId}/${stageName}` });
    this.deploymentStage.node.addDependency(group);
  }

  /** The default endpoint of a public API lets in TLS 1.0 unless it is told otherwise. */
  #speakModernTls(): void {
    const api = this.node.defaultChild as CfnRestApi;
    api.securityPolicy = 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09';
    api.endpointAccessMode = 'STRICT';
  }
}

/** Whoever comes through one of these endpoints may ask; the authoriser of the method says yes or no. */
function onlyThrough(vpcEndpoints: readonly IVpcEndpoint[]): PolicyDocument {
  const ids = vpcEndpoints.map(({ vpcEndpointId }) => vpcEndpointId);
  const about = { principals: [new AnyPrincipal()], actions: ['execute-api:Invoke'], resources: ['execute-api:/*'] };
  return new PolicyDocument({
    statements: [
      new PolicyStatement({ sid: 'ThroughOurEndpoints', ...about, conditions: { StringEquals: { 'aws:SourceVpce': ids } } }),
      new PolicyStatement({
        sid: 'DenyOtherEndpoints',
        effect: Effect.DENY,
        ...about,
        conditions: { StringNotEquals: { 'aws:SourceVpce': ids } },
      }),
    ],
  });
}

/** Every method validates what it is sent, and asks who calls; preflight requests carry neither. */
function hardenMethod(node: IConstruct, validator: string): void {
  if (!isOfType(node, CfnMethod) || node.httpMethod.toUpperCase() === 'OPTIONS') return;
  node.requestValidatorId ??= validator;
  if ((node.authorizationType ?? AuthorizationType.NONE) === AuthorizationType.NONE)
    Annotations.of(node).addError(`authorizationType is NONE; leave it out to take the API's own authoriser, or name another (DID-16)`);
}

function checkReach(where: string, vpcEndpoints: readonly IVpcEndpoint[], webAclArn: string | undefined): void {
  if (vpcEndpoints.length === 0 && webAclArn === undefined)
    throw new Error(`${where}: nobody could reach it; pass vpcEndpoints for a private API, or webAclArn for a public one (DID-07, LPA-10)`);
}

function checkCors(where: string, { defaultCorsPreflightOptions: cors, relax }: SecureRestApiProps): void {
  if (cors?.allowOrigins.some((origin) => origin === '*'))
    requireRelaxation(where, relax, 'DID-21', "allowOrigins: ['*']", 'list the origins of your own pages');
}
