import { Duration } from 'aws-cdk-lib';
import { type ISecurityGroup, type IVpc, SecurityGroup, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  type FunctionProps,
  type FunctionUrl,
  type FunctionUrlOptions,
  type ICodeSigningConfig,
  Function as LambdaFunction,
  LoggingFormat,
  type Permission,
  Runtime,
  RuntimeManagementMode,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { type Construct, type IConstruct, Node } from 'constructs';
import { type ControlId, claims, type Relaxation, reaches, relaxed, unclaimed } from '../contract';
import { SecureKey } from './keys';
import { SecureLogGroup } from './logging';
import { SecureVpc } from './network';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';
import { checkPermission, checkUrl } from './serverless-access';
import { roleOf } from './serverless-role';
import { isSupportedRuntime } from './serverless-runtimes';
import { signingOf } from './serverless-signing';
import { sharedIn } from './shared';

const FAMILY = 'serverless';

/** Executions at the same time that a function is given unless its props say otherwise. */
const CONCURRENCY = 10;

/** Props of the CDK's function that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'applicationLogLevelV2',
  'architecture',
  'code',
  'currentVersionOptions',
  'deadLetterQueue',
  'deadLetterTopic',
  'description',
  'environment',
  'ephemeralStorageSize',
  'events',
  'filesystem',
  'functionName',
  'handler',
  'initialPolicy',
  'layers',
  'maxEventAge',
  'onFailure',
  'onSuccess',
  'paramsAndSecrets',
  'retryAttempts',
  'runtime',
  'snapStart',
  'systemLogLevelV2',
] as const satisfies readonly (keyof FunctionProps)[];

/** Props of {@link SecureFunction}; every default is the hardened one. */
export interface SecureFunctionProps extends Pick<FunctionProps, (typeof PASSED_ON)[number]> {
  /**
   * Network in which the function runs; required at the high tier, unless DID-22 is relaxed.
   * @default none below the high tier: AWS services are reached by their public, signed interfaces
   */
  readonly vpc?: IVpc;
  /** @default the workload subnets of a SecureVpc; the private subnets of any other network */
  readonly vpcSubnets?: SubnetSelection;
  /** @default one of its own that lets nothing in, and out only to the private endpoints of a SecureVpc */
  readonly securityGroups?: ISecurityGroup[];
  /** Memory in MiB. @default 256 */
  readonly memorySize?: number;
  /** Ends an execution that takes longer. @default Duration.seconds(30) */
  readonly timeout?: Duration;
  /**
   * Executions at the same time: what the function may take from the account, and what it may do to a store behind it.
   * @default 10 from the moderate tier on, or where DID-08 is relaxed no limit
   */
  readonly reservedConcurrentExecutions?: number;
  /**
   * Key that encrypts the environment.
   * @default the function key of the stack from the moderate tier on; the key of Lambda at low
   */
  readonly key?: IKey;
  /**
   * Log group of the function.
   * @default a SecureLogGroup of its own
   */
  readonly logGroup?: ILogGroup;
  /**
   * Whose signatures the function accepts. Inline code stands in the template and is not signed.
   * @default the CodeSigning shared nearest above, else one made for the stack, at the high tier; none below
   */
  readonly codeSigningConfig?: ICodeSigningConfig;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureFunction',
  'VUL-10',
  { control: 'DHC-06', from: 'moderate' },
  { control: 'DID-08', from: 'moderate' },
  { control: 'ENC-11', from: 'moderate' },
  { control: 'LOG-19', from: 'moderate' },
  { control: 'DID-22', from: 'high' },
  { control: 'SDC-14', from: 'high' },
  unclaimed('TLS-07', 'every call to a function is signed with IAM by the service itself; there is no setting to keep'),
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'DID-08': 'concurrency is not limited unless reservedConcurrentExecutions is given',
    'DID-22': 'vpc may be left out',
    'SDC-14': 'the code is not signed',
    'VUL-10': 'runtime may be one that AWS no longer patches',
  },
  firm: { 'DHC-06': 'pass another logGroup', 'ENC-11': 'pass another key', 'LOG-19': 'tracing needs nothing from the code' },
};

/**
 * A Lambda function on a supported runtime that patches itself, with a role of its own, an encrypted environment, a log
 * group that ends, traces, bounded concurrency and no public URL; at the high tier inside the network, and signed.
 *
 * Guarantees VUL-10; from the moderate tier on DHC-06, DID-08, ENC-11 and LOG-19; from the high tier on DID-22 and
 * SDC-14. It takes no URL and no permission that breaks DID-16, LPA-10 or LPA-16. It is a `lambda.Function`: grants, event
 * sources and every construct that takes a function work with it.
 *
 * @throws Error when a prop breaks a promise that is not relaxed, when a URL is public, or when a permission lets in everyone or a
 *   service on behalf of anybody
 * @example
 * import { Code, Runtime } from 'aws-cdk-lib/aws-lambda';
 *
 * const service = new SecureFunction(stack, 'CaseService', {
 *   runtime: Runtime.NODEJS_24_X, handler: 'index.handler', code: Code.fromAsset('dist/case-service'), vpc,
 * });
 * service.grantInvoke(caseService);
 */
export class SecureFunction extends LambdaFunction {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureFunctionProps) {
    const { tier } = profileOf(scope);
    const { relax, vpc, runtime } = props;
    const user = Object.fromEntries(PASSED_ON.map((name) => [name, props[name]])) as unknown as FunctionProps;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    if (!isSupportedRuntime(runtime))
      requireRelaxation(where, relax, 'VUL-10', `runtime ${runtime.name}`, `write a supported one, such as ${Runtime.NODEJS_24_X.name}`);
    if (reaches(tier, 'high') && !vpc) requireRelaxation(where, relax, 'DID-22', 'no vpc at tier high', 'pass vpc');
    const limit = props.reservedConcurrentExecutions;
    if (limit !== undefined && !(Number.isInteger(limit) && limit >= 0))
      throw new Error(`${where}: reservedConcurrentExecutions is ${limit}; write a whole number (DID-08)`);
    const bounded = limit ?? (reaches(tier, 'moderate') && !relaxed(relax, 'DID-08') ? CONCURRENCY : undefined);
    const key = props.key ?? (reaches(tier, 'moderate') ? functionKeyOf(scope) : undefined);
    const logGroup = props.logGroup ?? new SecureLogGroup(scope, `${id}Logs`);
    const role = roleOf(scope, `${id}Role`, logGroup, vpc !== undefined);
    const signs = reaches(tier, 'high') && !relaxed(relax, 'SDC-14') && isArchive(props);

    super(scope, id, {
      ...user,
      memorySize: props.memorySize ?? 256,
      timeout: props.timeout ?? Duration.seconds(30),
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      runtimeManagementMode: RuntimeManagementMode.AUTO,
      ...(key ? { environmentEncryption: key } : {}),
      ...(bounded === undefined ? {} : { reservedConcurrentExecutions: bounded }),
      ...(signs || props.codeSigningConfig ? { codeSigningConfig: signingOf(scope, props.codeSigningConfig) } : {}),
      ...(vpc ? networkOf(scope, id, vpc, props) : {}),
    });
    key?.grantDecrypt(role);
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }

  /**
   * Adds a URL on which callers sign their requests (AWS_IAM).
   *
   * @throws Error when it would be public
   */
  override addFunctionUrl(options?: FunctionUrlOptions): FunctionUrl {
    checkUrl(this.node.path, options);
    return super.addFunctionUrl(options);
  }

  /**
   * Lets a principal call the function.
   *
   * @throws Error when the permission lets in everyone, or a service on behalf of anybody
   */
  override addPermission(id: string, permission: Permission): void {
    checkPermission(`${this.node.path}: ${id}`, permission);
    super.addPermission(id, permission);
  }
}

/** An archive can be signed; inline code and container images cannot. */
const isArchive = ({ code, runtime }: SecureFunctionProps): boolean =>
  runtime !== Runtime.FROM_IMAGE && (code as { readonly isInline?: boolean }).isInline !== true;

/** The key for the environments of functions shared nearest above, else one made for the stack. */
const functionKeyOf = (scope: IConstruct): IKey =>
  sharedIn(
    scope,
    'function-key',
    (stack) =>
      new SecureKey(stack, 'PalisadeFunctionKey', { description: `Encrypts the environments of the functions of ${stack.node.path}` }),
  );

function networkOf(scope: Construct, id: string, vpc: IVpc, props: SecureFunctionProps): Partial<FunctionProps> {
  const description = `Function ${scope.node.path}/${id}`;
  const own = (): ISecurityGroup =>
    vpc instanceof SecureVpc
      ? vpc.securityGroup(`Function${Node.of(scope).addr.slice(-8)}${id}`, { description })
      : new SecurityGroup(scope, `${id}Group`, { vpc, description, allowAllOutbound: false });
  const vpcSubnets = props.vpcSubnets ?? (vpc instanceof SecureVpc ? SecureVpc.WORKLOAD : undefined);
  return { vpc, securityGroups: props.securityGroups ?? [own()], ...(vpcSubnets ? { vpcSubnets } : {}) };
}
