import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { SecureDatabaseCluster, SecureDatabaseInstance, SecureTable, SecureVpc } from '../../../constructs/aws';
import type { Least } from './least';

/** One network for all stores of the stack. */
const vpcIn = (scope: Construct): SecureVpc =>
  (scope.node.tryFindChild('Network') as SecureVpc | undefined) ?? new SecureVpc(scope, 'Network');

export const database: Least = {
  SecureDatabaseCluster: (scope, id) => new SecureDatabaseCluster(scope, id, { vpc: vpcIn(scope) }),
  SecureDatabaseInstance: (scope, id) => new SecureDatabaseInstance(scope, id, { vpc: vpcIn(scope) }),
  SecureTable: (scope, id) =>
    new SecureTable(scope, id, { partitionKey: { name: 'caseId', type: AttributeType.STRING }, timeToLiveAttribute: 'deleteAfter' }),
};
