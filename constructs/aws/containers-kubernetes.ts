import { Names, RemovalPolicy, Resource, Stack } from 'aws-cdk-lib';
import { Connections, type IConnectable, type ISecurityGroup, type IVpc, type SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CfnAccessEntry, CfnCluster } from 'aws-cdk-lib/aws-eks';
import { type IRole, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { claims, type Relaxation, relaxed } from '../contract';
import { FAMILY } from './containers-floor';
import { rightsOf } from './identity-rights';
import { SecureKey } from './keys';
import { SecureLogGroup } from './logging';
import { SecureVpc } from './network';
import { profileOf } from './profile';
import { checkRelaxations, type Promises, recordWaiver } from './relax';

/** Records of the control plane. */
const RECORDS = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];

/** What the control plane needs to run nodes by itself, and what its nodes need. */
const CLUSTER_POLICIES = [
  'AmazonEKSClusterPolicy',
  'AmazonEKSComputePolicy',
  'AmazonEKSBlockStoragePolicy',
  'AmazonEKSLoadBalancingPolicy',
  'AmazonEKSNetworkingPolicy',
];
const NODE_POLICIES = ['AmazonEKSWorkerNodeMinimalPolicy', 'AmazonEC2ContainerRegistryPullOnly'];

/** Rights in namespaces, as EKS names them: look, change what runs, and also say who may. */
const ACCESS = { view: 'AmazonEKSViewPolicy', edit: 'AmazonEKSEditPolicy', admin: 'AmazonEKSAdminPolicy' } as const;

/** Props of {@link SecureKubernetesCluster}; every default is the hardened one. */
export interface SecureKubernetesClusterProps {
  /** Network of the cluster, such as a SecureVpc. */
  readonly vpc: IVpc;
  /** @default the workload subnets of a SecureVpc, else the private subnets */
  readonly vpcSubnets?: SubnetSelection;
  /** Version of Kubernetes. @default '1.34' */
  readonly version?: string;
  /** @default made of the path of the construct */
  readonly clusterName?: string;
  /** Guards the private endpoint; required in a network that is no SecureVpc. @default a group of the SecureVpc */
  readonly securityGroup?: ISecurityGroup;
  /** Key that encrypts the secrets of the cluster. @default a SecureKey of its own */
  readonly key?: IKey;
  /** Promises to relax, each with its waiver. @default none */
  readonly relax?: readonly Relaxation[];
}

const PROMISES: Promises = {
  claims: claims('SecureKubernetesCluster', { control: 'DID-15', from: 'moderate' }, { control: 'DHC-10', from: 'moderate' }, 'VUL-10'),
  families: [FAMILY],
  relaxable: { 'DHC-10': 'the cluster is deleted with its stack' },
  firm: { 'DID-15': 'administer from within the network, by access entries' },
};

/**
 * A Kubernetes cluster whose control plane is reached from its network only, encrypts its secrets with a key of yours,
 * records everything, and knows people and workloads by their roles. EKS runs and patches the nodes by itself (Auto Mode):
 * they take no shell and no key pair.
 *
 * Guarantees VUL-10; from the moderate tier on DID-15 and DHC-10. No function is deployed: apply manifests from a
 * pipeline within the network.
 *
 * @throws Error when a version is not supported, or the security group is missing
 * @example
 * const cluster = new SecureKubernetesCluster(stack, 'Cluster', { vpc });
 * cluster.grantAccess('Deployers', role, 'edit', ['cases']);
 */
export class SecureKubernetesCluster extends Resource implements IConnectable {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = PROMISES.claims;

  /** Name of the cluster. */
  readonly clusterName: string;
  /** ARN of the cluster. */
  readonly clusterArn: string;
  /** Address of the private endpoint. */
  readonly clusterEndpoint: string;
  /** Certificate authority of the cluster, in base64. */
  readonly clusterCertificateAuthorityData: string;
  /** Role of the control plane. */
  readonly role: Role;
  /** Role of the nodes. */
  readonly nodeRole: IRole;
  /** Who reaches the private endpoint, on 443. */
  readonly connections: Connections;

  constructor(scope: Construct, id: string, props: SecureKubernetesClusterProps) {
    profileOf(scope);
    checkRelaxations(scope, id, props.relax, PROMISES);
    const where = `${scope.node.path}/${id}`;
    const { version = '1.34', vpc } = props;
    if (!/^1\.(3[4-9]|[4-9]\d)$/.test(version)) throw new Error(`${where}: version is ${version}; write 1.34 or later (VUL-10)`);
    super(scope, id);
    const own = vpc instanceof SecureVpc ? vpc : undefined;
    const securityGroup = props.securityGroup ?? own?.securityGroup(`${id}ControlPlane`, { description: `Control plane of ${id}` });
    if (!securityGroup) throw new Error(`${where}: no securityGroup; pass one, or a SecureVpc (EXP-05)`);
    const { subnetIds } = vpc.selectSubnets(props.vpcSubnets ?? (own ? SecureVpc.WORKLOAD : undefined));
    const name = props.clusterName ?? Names.uniqueResourceName(this, { maxLength: 80, separator: '-' });
    const key = props.key ?? new SecureKey(this, 'Key', { description: `Encrypts the secrets of ${where}` });
    const logs = new SecureLogGroup(this, 'Logs', { logGroupName: `/aws/eks/${name}/cluster`, logClass: 'security' });
    this.role = serviceRole(this, 'Role', 'eks.amazonaws.com', CLUSTER_POLICIES);
    this.nodeRole = serviceRole(this, 'NodeRole', 'ec2.amazonaws.com', NODE_POLICIES);
    key.grantEncryptDecrypt(this.role);

    const cluster = new CfnCluster(this, 'Resource', {
      name,
      version,
      roleArn: this.role.roleArn,
      accessConfig: { authenticationMode: 'API', bootstrapClusterCreatorAdminPermissions: false },
      bootstrapSelfManagedAddons: false,
      computeConfig: { enabled: true, nodePools: ['general-purpose', 'system'], nodeRoleArn: this.nodeRole.roleArn },
      deletionProtection: relaxed(props.relax, 'DHC-10') === undefined,
      encryptionConfig: [{ resources: ['secrets'], provider: { keyArn: key.keyArn } }],
      kubernetesNetworkConfig: { elasticLoadBalancing: { enabled: true } },
      logging: { clusterLogging: { enabledTypes: RECORDS.map((type) => ({ type })) } },
      resourcesVpcConfig: {
        endpointPrivateAccess: true,
        endpointPublicAccess: false,
        securityGroupIds: [securityGroup.securityGroupId],
        subnetIds,
      },
      storageConfig: { blockStorage: { enabled: true } },
    });
    cluster.node.addDependency(logs, rightsOf(this.role));
    if (relaxed(props.relax, 'DHC-10') === undefined) cluster.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.clusterName = cluster.ref;
    this.clusterArn = cluster.attrArn;
    this.clusterEndpoint = cluster.attrEndpoint;
    this.clusterCertificateAuthorityData = cluster.attrCertificateAuthorityData;
    this.connections = new Connections({ securityGroups: [securityGroup] });
    recordWaiver(props.relax, 'DHC-10', FAMILY, this);
  }

  /**
   * Gives a role a right in namespaces, by an access entry.
   *
   * @param right view: look; edit: change what runs; admin: also say who may, within the namespaces
   * @throws Error when no namespace is named: nobody is let into all of them
   */
  grantAccess(id: string, principal: IRole, right: keyof typeof ACCESS, namespaces: readonly string[]): CfnAccessEntry {
    if (namespaces.length === 0)
      throw new Error(`${this.node.path}/${id}: no namespace is named; write those that the role needs (LPA-01)`);
    const { partition } = Stack.of(this);
    return new CfnAccessEntry(this, id, {
      clusterName: this.clusterName,
      principalArn: principal.roleArn,
      accessPolicies: [
        {
          policyArn: `arn:${partition}:eks::aws:cluster-access-policy/${ACCESS[right]}`,
          accessScope: { type: 'namespace', namespaces: [...namespaces] },
        },
      ],
    });
  }
}

function serviceRole(scope: Construct, id: string, service: string, policies: readonly string[]): Role {
  const role = new Role(scope, id, {
    assumedBy: new ServicePrincipal(service),
    managedPolicies: policies.map((policy) => ManagedPolicy.fromAwsManagedPolicyName(policy)),
  });
  // The control plane tags the sessions in which it makes nodes.
  if (service === 'eks.amazonaws.com')
    role.assumeRolePolicy?.addStatements(new PolicyStatement({ principals: [new ServicePrincipal(service)], actions: ['sts:TagSession'] }));
  return role;
}
