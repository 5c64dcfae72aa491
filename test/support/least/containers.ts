import { ContainerImage } from 'aws-cdk-lib/aws-ecs';
import type { Construct } from 'constructs';
import {
  SecureCluster,
  SecureFargateService,
  SecureFargateTask,
  SecureKubernetesCluster,
  SecureRepository,
  SecureVpc,
} from '../../../constructs/aws';
import type { Least } from './least';

const DIGEST = `registry.example.com/cases/app@sha256:${'0'.repeat(64)}`;

function taskOf(scope: Construct, id: string): SecureFargateTask {
  const task = new SecureFargateTask(scope, id);
  task.addContainer('app', { image: ContainerImage.fromRegistry(DIGEST) });
  return task;
}
/** A network that leaves the account-wide block of internet gateways to others, so that several stand side by side. */
const networkOf = (scope: Construct, id: string) => new SecureVpc(scope, id, { blockInternetGateways: 'elsewhere' });

export const containers: Least = {
  SecureCluster: (scope, id) => new SecureCluster(scope, id, { vpc: networkOf(scope, `${id}Vpc`) }),
  SecureFargateService: (scope, id) =>
    new SecureFargateService(scope, id, {
      cluster: new SecureCluster(scope, `${id}Cluster`, { vpc: networkOf(scope, `${id}Vpc`) }),
      taskDefinition: taskOf(scope, `${id}Task`),
    }),
  SecureFargateTask: taskOf,
  SecureKubernetesCluster: (scope, id) => new SecureKubernetesCluster(scope, id, { vpc: networkOf(scope, `${id}Vpc`) }),
  SecureRepository: (scope, id) => new SecureRepository(scope, id),
};
