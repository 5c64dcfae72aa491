import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import {
  SecureCache,
  SecureDatabaseCluster,
  SecureDatabaseInstance,
  SecureDocumentDatabase,
  SecureFileSystem,
  SecureGraphDatabase,
  SecureSearchDomain,
  SecureTable,
  SecureVpc,
  SecureWarehouse,
} from '../../../constructs/aws';
import type { Least } from './least';

/** One network for all stores of the stack. */
const vpcIn = (scope: Construct): SecureVpc =>
  (scope.node.tryFindChild('Network') as SecureVpc | undefined) ?? new SecureVpc(scope, 'Network');

export const database: Least = {
  SecureCache: (scope, id) => new SecureCache(scope, id, { vpc: vpcIn(scope) }),
  SecureDatabaseCluster: (scope, id) => new SecureDatabaseCluster(scope, id, { vpc: vpcIn(scope) }),
  SecureDatabaseInstance: (scope, id) => new SecureDatabaseInstance(scope, id, { vpc: vpcIn(scope) }),
  SecureDocumentDatabase: (scope, id) => new SecureDocumentDatabase(scope, id, { vpc: vpcIn(scope) }),
  SecureFileSystem: (scope, id) => new SecureFileSystem(scope, id, { vpc: vpcIn(scope) }),
  SecureGraphDatabase: (scope, id) => new SecureGraphDatabase(scope, id, { vpc: vpcIn(scope) }),
  SecureSearchDomain: (scope, id) =>
    new SecureSearchDomain(scope, id, { vpc: vpcIn(scope), administrator: Role.fromRoleName(scope, `${id}Admin`, 'search-admin') }),
  SecureTable: (scope, id) =>
    new SecureTable(scope, id, { partitionKey: { name: 'caseId', type: AttributeType.STRING }, timeToLiveAttribute: 'deleteAfter' }),
  SecureWarehouse: (scope, id) => new SecureWarehouse(scope, id, { vpc: vpcIn(scope) }),
};
