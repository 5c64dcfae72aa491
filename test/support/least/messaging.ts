import { DefinitionBody, Pass } from 'aws-cdk-lib/aws-stepfunctions';
import {
  SecureBucket,
  SecureDeliveryStream,
  SecureEventBus,
  SecureQueue,
  SecureStateMachine,
  SecureStream,
  SecureTopic,
} from '../../../constructs/aws';
import type { Least } from './least';

export const messaging: Least = {
  SecureDeliveryStream: (scope, id) =>
    new SecureDeliveryStream(scope, id, { bucket: new SecureBucket(scope, `${id}Records`, { retention: { atMostDays: 365 } }) }),
  SecureEventBus: (scope, id) => new SecureEventBus(scope, id),
  SecureQueue: (scope, id) => new SecureQueue(scope, id),
  SecureStateMachine: (scope, id) =>
    new SecureStateMachine(scope, id, { definitionBody: DefinitionBody.fromChainable(new Pass(scope, `${id}Pass`)) }),
  SecureStream: (scope, id) => new SecureStream(scope, id),
  SecureTopic: (scope, id) => new SecureTopic(scope, id),
};
