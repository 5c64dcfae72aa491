import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { DefinitionBody, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import {
  SecureBroker,
  SecureBucket,
  SecureDeliveryStream,
  SecureEventBus,
  SecureKafka,
  SecureQueue,
  SecureStateMachine,
  SecureStream,
  SecureTopic,
  SecureVpc,
} from '../../../constructs/aws';
import type { Least } from './least';

export const messaging: Least = {
  SecureBroker: (scope, id) =>
    new SecureBroker(scope, id, {
      vpc: new SecureVpc(scope, `${id}Vpc`, { blockInternetGateways: 'elsewhere' }),
      credentials: Secret.fromSecretNameV2(scope, `${id}User`, 'cases/broker'),
    }),
  SecureDeliveryStream: (scope, id) =>
    new SecureDeliveryStream(scope, id, { bucket: new SecureBucket(scope, `${id}Records`, { retention: { atMostDays: 365 } }) }),
  SecureEventBus: (scope, id) => new SecureEventBus(scope, id),
  SecureKafka: (scope, id) => new SecureKafka(scope, id, { vpc: new SecureVpc(scope, `${id}Vpc`, { blockInternetGateways: 'elsewhere' }) }),
  SecureQueue: (scope, id) => new SecureQueue(scope, id),
  SecureStateMachine: (scope, id) =>
    new SecureStateMachine(scope, id, { definitionBody: DefinitionBody.fromChainable(new Pass(scope, `${id}Pass`)) }),
  SecureStream: (scope, id) => new SecureStream(scope, id),
  SecureTopic: (scope, id) => new SecureTopic(scope, id),
};
