import { Stack } from 'aws-cdk-lib';
import {
  type AddApplicationTargetsProps,
  ApplicationListener,
  ApplicationLoadBalancer,
  type ApplicationLoadBalancerProps,
  type ApplicationLoadBalancerRedirectConfig,
  ApplicationProtocol,
  type ApplicationTargetGroup,
  type BaseApplicationListenerProps,
  DesyncMitigationMode,
  Protocol,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { claims, type Relaxation, reaches, relaxed } from '../contract';
import { SecureWebAcl } from './edge-firewall';
import { fromSource } from './identity-perimeter';
import { SecureVpc } from './network';
import { accessLogsOf } from './object-storage-logs';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver, requireRelaxation } from './relax';

const FAMILY = 'edge';

/** TLS 1.2 and 1.3 with forward secrecy, and key exchange that holds against a quantum computer where the client knows it. */
const BEST = SslPolicy.TLS13_12_RES_PQ;
/** Policies that let nothing through below TLS 1.2; the names say so. */
const MODERN = /^ELBSecurityPolicy-TLS13-1-[23]-/;

/** Props of {@link SecureLoadBalancer}; every default is the hardened one. */
export interface SecureLoadBalancerProps
  extends Pick<
    ApplicationLoadBalancerProps,
    | 'clientKeepAlive'
    | 'http2Enabled'
    | 'idleTimeout'
    | 'ipAddressType'
    | 'loadBalancerName'
    | 'preserveHostHeader'
    | 'securityGroup'
    | 'vpc'
    | 'vpcSubnets'
  > {
  /**
   * Gives it an address on the internet. The data profile has to say exposure `internet`; a SecureVpc needs `edge: true`.
   * @default false
   */
  readonly internetFacing?: boolean;
  /**
   * Web firewall that stands before it.
   * @default one of its own where it faces the internet, else none
   */
  readonly webAcl?: SecureWebAcl;
  /**
   * Bucket that takes the access logs. Elastic Load Balancing writes only where S3 encrypts with its own key.
   * @default the access-log bucket shared nearest above, else one made for the stack
   */
  readonly logs?: IBucket;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureLoadBalancer',
  'TLS-01',
  'TLS-02',
  { control: 'TLS-04', from: 'moderate' },
  'DID-02',
  { control: 'DID-17', from: 'moderate' },
  { control: 'BCR-06', from: 'moderate' },
  { control: 'DHC-10', from: 'moderate' },
  'LOG-13',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: {
    'DHC-10': 'the load balancer is deleted with its stack',
    'TLS-04': 'targets may answer in clear text',
  },
  firm: {
    'DID-02': 'declare exposure internet in the data profile, or leave internetFacing out',
    'LOG-13': 'pass another bucket as logs',
    'TLS-01': 'clients without TLS 1.2 cannot be kept safe',
    'TLS-02': 'redirect clear text with addRedirect()',
  },
};

/**
 * An application load balancer that is internal unless declared otherwise, speaks TLS on both sides, drops what is
 * malformed and records every request. Where it faces the internet a web firewall stands before it.
 *
 * Guarantees TLS-01, TLS-02, DID-02 and LOG-13; from the moderate tier on TLS-04, DID-17, BCR-06 and DHC-10. It is an
 * `ApplicationLoadBalancer`: `addListener`, `addRedirect` and `connections` work as ever. Listeners let in nobody unless
 * it faces the internet: name who may come with `connections`.
 *
 * @throws Error when a listener serves clear text or old TLS, when the profile does not declare the exposure, or when
 *   the log bucket has a key of its own
 * @example
 * import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
 * import { ListenerAction } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
 *
 * const balancer = new SecureLoadBalancer(stack, 'Entry', { vpc });
 * balancer.addListener('Https', {
 *   certificates: [Certificate.fromCertificateArn(stack, 'Cert', 'arn:aws:acm:eu-central-1:111122223333:certificate/a')],
 *   defaultAction: ListenerAction.fixedResponse(404),
 * });
 */
export class SecureLoadBalancer extends ApplicationLoadBalancer {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  /** The web firewall before it, if there is one. */
  readonly webAcl: SecureWebAcl | undefined;
  private readonly settings: SecureLoadBalancerProps;
  private redirecting = false;

  constructor(scope: Construct, id: string, props: SecureLoadBalancerProps) {
    const { tier, profile } = profileOf(scope);
    const { relax, vpc, internetFacing = false } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    if (internetFacing && profile.exposure !== 'internet')
      throw new Error(
        `${where}: internetFacing, but the data profile of "${profile.system}" says exposure ${profile.exposure}; ` +
          'declare exposure internet, or leave internetFacing out (DID-02)',
      );
    if (props.logs?.encryptionKey)
      throw new Error(
        `${where}: logs has a key of its own, and Elastic Load Balancing writes only where S3 encrypts with its own; use an AccessLogBucket (LOG-13)`,
      );
    const kept = relaxed(relax, 'DHC-10') === undefined;

    super(scope, id, {
      ...(props.clientKeepAlive ? { clientKeepAlive: props.clientKeepAlive } : {}),
      ...(props.http2Enabled === undefined ? {} : { http2Enabled: props.http2Enabled }),
      ...(props.idleTimeout ? { idleTimeout: props.idleTimeout } : {}),
      ...(props.ipAddressType ? { ipAddressType: props.ipAddressType } : {}),
      ...(props.loadBalancerName ? { loadBalancerName: props.loadBalancerName } : {}),
      ...(props.preserveHostHeader === undefined ? {} : { preserveHostHeader: props.preserveHostHeader }),
      ...(props.securityGroup ? { securityGroup: props.securityGroup } : {}),
      ...subnetsOf(props),
      vpc,
      internetFacing,
      deletionProtection: kept,
      desyncMitigationMode: DesyncMitigationMode.STRICTEST,
      dropInvalidHeaderFields: true,
      wafFailOpen: false,
    });
    this.settings = props;
    this.record(props.logs ?? accessLogsOf(this), reaches(tier, 'high'));
    this.webAcl = props.webAcl ?? (internetFacing ? new SecureWebAcl(this, 'Firewall') : undefined);
    this.webAcl?.protect(props.webAcl ? this.node.addr : 'Association', this.loadBalancerArn);
    recordWaiver(relax, 'DHC-10', FAMILY, this);
  }

  /** An HTTPS listener; its targets are reached by HTTPS as well. */
  override addListener(id: string, props: BaseApplicationListenerProps): SecureListener {
    const where = `${this.node.path}/${id}`;
    const { relax, internetFacing = false } = this.settings;
    const protocol = props.protocol ?? (props.port === 80 ? ApplicationProtocol.HTTP : ApplicationProtocol.HTTPS);
    if (protocol === ApplicationProtocol.HTTP && !this.redirecting)
      throw new Error(`${where}: serves clear text; use HTTPS with certificates, and addRedirect() for those who come on 80 (TLS-02)`);
    const { sslPolicy = BEST } = props;
    if (!MODERN.test(sslPolicy))
      throw new Error(
        `${where}: sslPolicy ${sslPolicy} negotiates no TLS 1.3, or versions before TLS 1.2; leave it out, or use ${BEST} (TLS-01)`,
      );
    const listener = new SecureListener(this, id, {
      ...props,
      protocol,
      open: props.open ?? internetFacing,
      ...(protocol === ApplicationProtocol.HTTPS ? { port: props.port ?? 443, sslPolicy } : {}),
      ...(relax ? { relax } : {}),
    });
    this.listeners.push(listener);
    return listener;
  }

  /** A listener that sends those who come in clear text to HTTPS, and serves nothing else. */
  override addRedirect(props: ApplicationLoadBalancerRedirectConfig = {}): ApplicationListener {
    const where = this.node.path;
    if (this.settings.vpc instanceof SecureVpc)
      throw new Error(
        `${where}: addRedirect() answers nobody, because the edge of a SecureVpc takes port 443 only; clients come by https:// (DID-02)`,
      );
    if (props.targetProtocol !== undefined && props.targetProtocol !== ApplicationProtocol.HTTPS)
      throw new Error(`${where}: addRedirect() leads to ${props.targetProtocol}; leave targetProtocol out (TLS-02)`);
    this.redirecting = true;
    try {
      return super.addRedirect({ open: this.settings.internetFacing ?? false, ...props });
    } finally {
      this.redirecting = false;
    }
  }

  /** Access logs, and at the high tier what each connection negotiated. The service checks the bucket before it writes. */
  private record(logs: IBucket, connections: boolean): void {
    const { account, partition, region } = Stack.of(this);
    const arn = `arn:${partition}:elasticloadbalancing:${region}:${account}:loadbalancer/*`;
    logs.addToResourcePolicy(
      new PolicyStatement({
        sid: 'LoadBalancerLogDelivery',
        principals: [new ServicePrincipal('logdelivery.elasticloadbalancing.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [logs.arnForObjects(`AWSLogs/${account}/*`)],
        conditions: fromSource(this, { arn }),
      }),
    );
    for (const kind of ['access_logs', ...(connections ? ['connection_logs'] : [])]) {
      this.setAttribute(`${kind}.s3.enabled`, 'true');
      this.setAttribute(`${kind}.s3.bucket`, logs.bucketName);
    }
    if (logs.policy && Stack.of(logs) === Stack.of(this)) this.node.defaultChild?.node.addDependency(logs.policy);
  }
}

/** What a listener of a hardened load balancer is made with. */
interface SecureListenerProps extends BaseApplicationListenerProps {
  readonly relax?: readonly Relaxation[];
}

/**
 * A listener whose targets are reached by TLS. {@link SecureLoadBalancer.addListener} makes it.
 *
 * @example
 * const serve = (listener: SecureListener) => listener.addTargets('Cases', { targets: [] });
 */
export class SecureListener extends ApplicationListener {
  private readonly relax: readonly Relaxation[];

  constructor(loadBalancer: SecureLoadBalancer, id: string, { relax = [], ...props }: SecureListenerProps) {
    super(loadBalancer, id, { ...props, loadBalancer });
    this.relax = relax;
  }

  /** Adds targets that answer by HTTPS. The certificate that they show may be of their own making: it is not checked. */
  override addTargets(id: string, props: AddApplicationTargetsProps): ApplicationTargetGroup {
    const { protocol = ApplicationProtocol.HTTPS } = props;
    const clear = protocol === ApplicationProtocol.HTTP && reaches(profileOf(this).tier, 'moderate');
    if (clear) requireRelaxation(`${this.node.path}/${id}`, this.relax, 'TLS-04', 'protocol HTTP', 'let the targets answer by HTTPS');
    const tls = protocol === ApplicationProtocol.HTTPS;
    // The service asks for their health in clear text unless it is told otherwise, and they would answer nothing.
    const healthCheck = { ...(tls ? { protocol: Protocol.HTTPS } : {}), ...props.healthCheck };
    const group = super.addTargets(id, { ...props, protocol, port: props.port ?? (tls ? 443 : 80), healthCheck });
    if (clear) recordWaiver(this.relax, 'TLS-04', FAMILY, group);
    return group;
  }
}

/** The subnets of a SecureVpc have names; elsewhere the CDK chooses. */
function subnetsOf({ vpc, vpcSubnets, internetFacing }: SecureLoadBalancerProps): Pick<ApplicationLoadBalancerProps, 'vpcSubnets'> {
  if (vpcSubnets) return { vpcSubnets };
  return vpc instanceof SecureVpc ? { vpcSubnets: internetFacing ? SecureVpc.EDGE : SecureVpc.WORKLOAD } : {};
}
