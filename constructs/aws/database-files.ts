import { RemovalPolicy } from 'aws-cdk-lib';
import { FileSystem, type FileSystemProps } from 'aws-cdk-lib/aws-efs';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { type ControlId, claims, type Relaxation, relaxed } from '../contract';
import { type DatabaseNetworkProps, FAMILY, groupsOf, keyOf, subnetsOf } from './database-shared';
import { denyOutsiders } from './identity-perimeter';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Props of the CDK's file system that a user may set; whatever else is given is not passed on. */
const PASSED_ON = [
  'fileSystemName',
  'lifecyclePolicy',
  'outOfInfrequentAccessPolicy',
  'performanceMode',
  'provisionedThroughputPerSecond',
  'throughputMode',
  'transitionToArchivePolicy',
] as const satisfies readonly (keyof FileSystemProps)[];

/** Props of {@link SecureFileSystem}; every default is the hardened one. */
export interface SecureFileSystemProps extends DatabaseNetworkProps, Pick<FileSystemProps, (typeof PASSED_ON)[number]> {
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISED = claims(
  'SecureFileSystem',
  'BCR-01',
  { control: 'BCR-06', from: 'moderate' },
  'DHC-01',
  'DHC-10',
  'ENC-01',
  { control: 'ENC-02', from: 'moderate' },
  { control: 'LPA-14', from: 'moderate' },
  'TLS-03',
);

const PROMISES: Promises = {
  claims: PROMISED,
  families: [FAMILY],
  relaxable: { 'DHC-10': 'the file system is deleted with its stack' },
  firm: {
    'ENC-02': 'pass another key',
    'TLS-03': 'mount with the EFS mount helper and the option tls',
    'LPA-14': 'grant the role with grantReadWrite',
  },
};

/**
 * A file system of EFS that answers only to roles that were granted access, over TLS, and through an access point; it is
 * encrypted, backed up daily, stands in isolated subnets behind a group that lets nobody in, and cannot be deleted by
 * accident.
 *
 * Guarantees BCR-01, DHC-01, DHC-10, ENC-01 and TLS-03; from the moderate tier on BCR-06, ENC-02 and LPA-14. Its policy
 * refuses outsiders (LPA-10) and mounts without an access point. It is an `efs.FileSystem`.
 *
 * @throws Error when a subnet is public
 * @example
 * const files = new SecureFileSystem(stack, 'Files', { vpc });
 * files.addAccessPoint('Cases', { path: '/cases', posixUser: { uid: '1001', gid: '1001' } });
 * files.grantReadWrite(caseService);
 */
export class SecureFileSystem extends FileSystem {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISED;

  constructor(scope: Construct, id: string, props: SecureFileSystemProps) {
    const { tier } = profileOf(scope);
    const { relax } = props;
    checkRelaxations(scope, id, relax, PROMISES);
    const vpcSubnets = subnetsOf(`${scope.node.path}/${id}`, props);
    const [securityGroup, ...more] = groupsOf(scope, id, props);
    const key = keyOf(scope, id, tier, props.key);

    super(scope, id, {
      ...(Object.fromEntries(PASSED_ON.map((name) => [name, props[name]])) as Pick<FileSystemProps, (typeof PASSED_ON)[number]>),
      // What the CDK adds otherwise lets whoever may mount also write: reading would imply altering. The policy below grants nobody anything.
      allowAnonymousAccess: true,
      enableAutomaticBackups: true,
      encrypted: true,
      fileSystemPolicy: new PolicyDocument({ statements: refusals(scope) }),
      ...(key ? { kmsKey: key } : {}),
      oneZone: false,
      removalPolicy: relaxed(relax, 'DHC-10') ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
      ...(securityGroup ? { securityGroup } : {}),
      vpc: props.vpc,
      vpcSubnets,
    });
    this.connections.addSecurityGroup(...more);
    for (const control of Object.keys(PROMISES.relaxable) as ControlId[]) recordWaiver(relax, control, FAMILY, this);
  }
}

/** A policy that grants nothing closes the file system to those whom no role policy names. */
function refusals(scope: Construct): PolicyStatement[] {
  const deny = (sid: string, actions: string[], conditions: Record<string, Record<string, string>>) =>
    new PolicyStatement({ sid, effect: Effect.DENY, principals: [new AnyPrincipal()], actions, resources: ['*'], conditions });
  return [
    deny('DenyClearText', ['*'], { Bool: { 'aws:SecureTransport': 'false' } }),
    deny('DenyMountsOfTheRoot', ['elasticfilesystem:ClientMount'], { Null: { 'elasticfilesystem:AccessPointArn': 'true' } }),
    denyOutsiders(scope, ['elasticfilesystem:*'], ['*']),
  ];
}
