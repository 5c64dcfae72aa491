import type { CfnResource } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerImage, CpuArchitecture, LinuxParameters, OperatingSystemFamily } from 'aws-cdk-lib/aws-ecs';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  TargetType,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { AnyPrincipal, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import {
  SecureCluster,
  SecureFargateService,
  type SecureFargateServiceProps,
  SecureFargateTask,
  type SecureFargateTaskProps,
  SecureKubernetesCluster,
  SecureRepository,
  type SecureStack,
  SecureVpc,
} from '../constructs/aws';
import { containers } from '../policies/rules/containers';
import { stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';
import { expectNamedBy, failuresOf } from './support/weaken';

/** The tiers between which everything here changes; the claims are proven at all of them. */
const ENDS = ['low', 'high'] as const;
const OUTSIDER = '444455556666';
const image = ContainerImage.fromRegistry(`registry.example.com/cases@sha256:${'0'.repeat(64)}`);
const networkOf = (stack: SecureStack): SecureVpc =>
  (stack.node.tryFindChild('Network') as SecureVpc | undefined) ?? new SecureVpc(stack, 'Network', { blockInternetGateways: 'elsewhere' });
const resourceOf = (construct: IConstruct): CfnResource => construct.node.defaultChild as CfnResource;

function taskOf(stack: SecureStack, id = 'Task', props: SecureFargateTaskProps = {}): SecureFargateTask {
  const task = new SecureFargateTask(stack, id, props);
  task.addContainer('app', { image, portMappings: [{ containerPort: 8443 }] });
  return task;
}
const serviceOf = (stack: SecureStack, id = 'Service', props: Partial<SecureFargateServiceProps> = {}): SecureFargateService =>
  new SecureFargateService(stack, id, {
    cluster: new SecureCluster(stack, `${id}Cluster`, { vpc: networkOf(stack) }),
    taskDefinition: taskOf(stack, `${id}Task`),
    ...props,
  });
const targetGroup = (stack: SecureStack, protocol: ApplicationProtocol): ApplicationTargetGroup =>
  new ApplicationTargetGroup(stack, 'Targets', { vpc: networkOf(stack), protocol, port: 8443, targetType: TargetType.IP });

const expectNamed = expectNamedBy(containers);
const override = (path: string, value: unknown) => (construct: IConstruct) =>
  value === undefined ? resourceOf(construct).addPropertyDeletionOverride(path) : resourceOf(construct).addPropertyOverride(path, value);

describe('a secure repository', () => {
  it.each(ENDS)('keeps tags, scans what arrives, and stays with its images, at tier %s', (tier) => {
    const stack = stackOf(tier);
    new SecureRepository(stack, 'Images', { repositoryName: 'cases', imageScanOnPush: false } as never);
    Template.fromStack(stack).hasResource('AWS::ECR::Repository', {
      DeletionPolicy: 'Retain',
      Properties: {
        RepositoryName: 'cases',
        ImageTagMutability: 'IMMUTABLE',
        ImageScanningConfiguration: { ScanOnPush: true },
        EncryptionConfiguration: tier === 'low' ? Match.absent() : { EncryptionType: 'KMS', KmsKey: Match.anyValue() },
      },
    });
  });

  it('refuses outsiders unless they are named in a waiver', () => {
    expect(() => new SecureRepository(stackOf('low'), 'Images', { sharedWith: [OUTSIDER] })).toThrow(
      /Cases\/Images: sharedWith breaks LPA-10/,
    );
    const stack = stackOf('low');
    new SecureRepository(stack, 'Images', { sharedWith: [OUTSIDER], relax: [relaxationOf('LPA-10')] });
    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::ECR::Repository'))).toContain(OUTSIDER);
  });

  it('is named by the right rule wherever it is weakened later', () => {
    const open = new PolicyStatement({ principals: [new AnyPrincipal()], actions: ['ecr:BatchGetImage'] });
    expectNamed(
      (stack, id) => new SecureRepository(stack, id),
      [
        ['DID-14.containers', override('ImageTagMutability', 'MUTABLE')],
        ['VUL-04.containers', override('ImageScanningConfiguration.ScanOnPush', false)],
        ['ENC-02.containers', override('EncryptionConfiguration', undefined)],
        ['DHC-05.containers', (repository) => repository.addToResourcePolicy(open)],
      ],
    );
  });
});

describe('a secure cluster', () => {
  it.each(ENDS)('is observed and records shells, at tier %s', (tier) => {
    const stack = stackOf(tier);
    new SecureCluster(stack, 'Cluster', { vpc: networkOf(stack), enableFargateCapacityProviders: true });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Cluster', {
      ClusterSettings: [{ Name: 'containerInsights', Value: 'enabled' }],
      Configuration: {
        ExecuteCommandConfiguration: { Logging: 'OVERRIDE', KmsKeyId: tier === 'low' ? Match.absent() : Match.anyValue() },
      },
    });
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(
      (stack, id) => new SecureCluster(stack, id, { vpc: networkOf(stack) }),
      [
        ['LOG-19.containers', override('ClusterSettings', undefined)],
        ['ENC-02.containers', override('Configuration.ManagedStorageConfiguration', undefined)],
      ],
    );
  });
});

describe('a secure task', () => {
  it('runs containers without rights, on a file system that they cannot write to, and records them', () => {
    const stack = stackOf('low');
    const task = taskOf(stack);
    task.addContainer('web', { image, writablePaths: ['/tmp', '/run/app'], linuxParameters: new LinuxParameters(stack, 'Linux') });
    const container = {
      User: '10001:10001',
      Privileged: false,
      ReadonlyRootFilesystem: true,
      LogConfiguration: Match.objectLike({ LogDriver: 'awslogs' }),
      LinuxParameters: Match.objectLike({ Capabilities: { Drop: ['ALL'] } }),
    };
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::TaskDefinition', {
      ContainerDefinitions: [
        Match.objectLike({ Name: 'app', ...container }),
        Match.objectLike({
          Name: 'web',
          ...container,
          MountPoints: [
            { ContainerPath: '/tmp', ReadOnly: false, SourceVolume: 'web-writable-0' },
            { ContainerPath: '/run/app', ReadOnly: false, SourceVolume: 'web-writable-1' },
          ],
        }),
      ],
    });
  });

  it.each<[what: string, options: object, message: RegExp]>([
    ['privileges', { privileged: true }, /Cases\/Task\/x: privileged gives the container the host.*\(DID-14\)/],
    ['root', { user: 'root' }, /Cases\/Task\/x: user root breaks DID-14.*run as a user id that is not 0/],
    ['root by number', { user: '0:0' }, /user 0:0 breaks DID-14/],
    ['a writable file system', { readonlyRootFilesystem: false }, /readonlyRootFilesystem: false breaks DID-14.*writablePaths/],
  ])('gives no container %s', (_, options, message) => {
    expect(() => new SecureFargateTask(stackOf('low'), 'Task').addContainer('x', { image, ...options })).toThrow(message);
  });

  it('lets a container be root where that is waived', () => {
    const stack = stackOf('low');
    const task = new SecureFargateTask(stack, 'Task', { relax: [relaxationOf('DID-14')] });
    task.addContainer('x', { image, user: 'root' });
    expect(JSON.stringify(resourceOf(task).getMetadata('Palisade'))).toContain('DID-14.containers');
  });

  it('mounts file systems over TLS and under its identity, and nothing of the host', () => {
    const stack = stackOf('high');
    const task = taskOf(stack, 'Task', { volumes: [{ name: 'cases', efsVolumeConfiguration: { fileSystemId: 'fs-1' } }] });
    expect(() => task.addVolume({ name: 'socket', host: { sourcePath: '/var/run/docker.sock' } })).toThrow(
      /mounts \/var\/run\/docker.sock of the host/,
    );
    expect(() =>
      task.addVolume({ name: 'plain', efsVolumeConfiguration: { fileSystemId: 'fs-1', transitEncryption: 'DISABLED' } }),
    ).toThrow(/volume "plain" is mounted in clear text.*\(TLS-06\)/);
    expect(failuresOf(stack, containers)).toEqual([]);
  });

  it('is no Windows task', () => {
    const runtimePlatform = {
      operatingSystemFamily: OperatingSystemFamily.WINDOWS_SERVER_2022_CORE,
      cpuArchitecture: CpuArchitecture.X86_64,
    };
    expect(() => new SecureFargateTask(stackOf('low'), 'Task', { runtimePlatform })).toThrow(
      /Cases\/Task: Windows containers have no read-only/,
    );
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(taskOf, [
      ['DID-14.containers', override('ContainerDefinitions.0.User', 'root')],
      ['DID-14.containers', override('ContainerDefinitions.0.Privileged', true)],
      ['DID-14.containers', override('ContainerDefinitions.0.ReadonlyRootFilesystem', false)],
      ['DID-14.containers', override('PidMode', 'host')],
      ['LOG-19.containers', override('ContainerDefinitions.0.LogConfiguration', undefined)],
      ['SDC-14.containers', override('ContainerDefinitions.0.Image', 'nginx:latest')],
    ]);
  });
});

describe('a secure service', () => {
  it('has no public address, rolls back, and lives in the workload subnets', () => {
    const stack = stackOf('high');
    serviceOf(stack, 'Service', { enableExecuteCommand: true });
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', {
      PlatformVersion: 'LATEST',
      NetworkConfiguration: { AwsvpcConfiguration: Match.objectLike({ AssignPublicIp: 'DISABLED' }) },
      DeploymentConfiguration: Match.objectLike({ DeploymentCircuitBreaker: { Enable: true, Rollback: true } }),
    });
    expect(failuresOf(stack, containers)).toEqual([]);
  });

  it('wants security groups in a network that it does not know', () => {
    const stack = stackOf('low');
    const cluster = new Cluster(stack, 'Cluster', { vpc: new Vpc(stack, 'Vpc', { natGateways: 0 }) });
    expect(() => serviceOf(stack, 'Service', { cluster })).toThrow(/Cases\/Service: no security groups; pass securityGroups/);
  });

  it('is reached over TLS only, unless that is waived', () => {
    const stack = stackOf('low');
    const plain = targetGroup(stack, ApplicationProtocol.HTTP);
    const service = serviceOf(stack);
    const message = /Cases\/Service: target group "Cases\/Targets" with protocol HTTP breaks TLS-04.*ApplicationProtocol.HTTPS/;
    expect(() => service.attachToApplicationTargetGroup(plain)).toThrow(message);
    expect(() => plain.addTarget(service.loadBalancerTarget({ containerName: 'app' }))).toThrow(message);

    const relaxed = serviceOf(stack, 'Relaxed', { relax: [relaxationOf('TLS-04')] });
    plain.addTarget(relaxed.loadBalancerTarget({ containerName: 'app' }));
    expect(JSON.stringify(resourceOf(plain).getMetadata('Palisade'))).toContain('TLS-04.edge');
  });

  it('joins a target group that speaks HTTPS', () => {
    const stack = stackOf('low');
    const group = targetGroup(stack, ApplicationProtocol.HTTPS);
    const vpc = networkOf(stack);
    const securityGroup = new SecurityGroup(stack, 'Edge', { vpc, allowAllOutbound: false });
    const loadBalancer = new ApplicationLoadBalancer(stack, 'Balancer', { vpc, securityGroup, vpcSubnets: SecureVpc.WORKLOAD });
    new ApplicationListener(stack, 'Listener', {
      loadBalancer,
      port: 443,
      certificates: [{ certificateArn: 'arn:aws:acm:eu-central-1:111122223333:certificate/c' }],
      defaultTargetGroups: [group],
      open: false,
    });
    group.addTarget(serviceOf(stack));
    Template.fromStack(stack).hasResourceProperties('AWS::ECS::Service', { LoadBalancers: [Match.objectLike({ ContainerPort: 8443 })] });
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(
      (stack, id) => serviceOf(stack, id),
      [['DID-22.containers', override('NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp', 'ENABLED')]],
    );
  });
});

describe('a secure Kubernetes cluster', () => {
  const clusterOf = (stack: SecureStack, id = 'Kubernetes') => new SecureKubernetesCluster(stack, id, { vpc: networkOf(stack) });

  it('has a private control plane, encrypted secrets, every record, and nodes that nobody logs in to', () => {
    const stack = stackOf('low');
    const cluster = clusterOf(stack);
    const bastion = new SecurityGroup(stack, 'Pipeline', { vpc: networkOf(stack), allowAllOutbound: false });
    cluster.connections.allowFrom(bastion, Port.tcp(443), 'Pipeline');
    const template = Template.fromStack(stack);
    template.hasResource('AWS::EKS::Cluster', {
      DeletionPolicy: 'Retain',
      Properties: {
        AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
        ComputeConfig: Match.objectLike({ Enabled: true }),
        DeletionProtection: true,
        ResourcesVpcConfig: Match.objectLike({ EndpointPublicAccess: false, EndpointPrivateAccess: true }),
      },
    });
    expect(Object.keys(template.findResources('AWS::Lambda::Function')).filter((id) => id.startsWith('Kubernetes'))).toEqual([]);
    template.hasResourceProperties('AWS::Logs::LogGroup', { LogGroupName: Match.stringLikeRegexp('^/aws/eks/.+/cluster$') });
  });

  it('lets roles into named namespaces only', () => {
    const stack = stackOf('low');
    const cluster = clusterOf(stack);
    const role = new Role(stack, 'Deployers', { assumedBy: new ServicePrincipal('codebuild.amazonaws.com') });
    expect(() => cluster.grantAccess('Everywhere', role, 'edit', [])).toThrow(/Everywhere: no namespace is named/);
    cluster.grantAccess('Cases', role, 'edit', ['cases']);
    Template.fromStack(stack).hasResourceProperties('AWS::EKS::AccessEntry', {
      AccessPolicies: [{ AccessScope: { Type: 'namespace', Namespaces: ['cases'] }, PolicyArn: Match.anyValue() }],
    });
  });

  it('refuses old versions, and a network that it does not know without a security group', () => {
    const stack = stackOf('low');
    expect(() => new SecureKubernetesCluster(stack, 'Old', { vpc: networkOf(stack), version: '1.29' })).toThrow(
      'Cases/Old: version is 1.29; write 1.34 or later (VUL-10)',
    );
    const vpc = new Vpc(stack, 'Vpc', { natGateways: 0 });
    expect(() => new SecureKubernetesCluster(stack, 'Open', { vpc })).toThrow(/Cases\/Open: no securityGroup/);
  });

  it('goes with its stack where that is waived', () => {
    const stack = stackOf('low');
    new SecureKubernetesCluster(stack, 'Kubernetes', { vpc: networkOf(stack), relax: [relaxationOf('DHC-10')] });
    Template.fromStack(stack).hasResource('AWS::EKS::Cluster', {
      DeletionPolicy: Match.absent(),
      Properties: { DeletionProtection: false },
    });
  });

  it('is named by the right rule wherever it is weakened later', () => {
    expectNamed(clusterOf, [
      ['DID-15.containers', override('ResourcesVpcConfig.EndpointPublicAccess', true)],
      ['DID-15.containers', override('EncryptionConfig', undefined)],
      ['DID-15.containers', override('Logging', undefined)],
      ['DID-15.containers', override('AccessConfig.AuthenticationMode', 'CONFIG_MAP')],
      ['DHC-10.containers', override('DeletionProtection', false)],
      ['VUL-10.containers', override('Version', '1.27')],
    ]);
  });
});
