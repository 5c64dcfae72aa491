import { UserPool } from 'aws-cdk-lib/aws-cognito';
import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { CASE_CATALOGUE, NOTICE } from './case-catalogue';

const table = (scope: Construct, name: string): ITable =>
  Table.fromTableArn(scope, `${name}Table`, `arn:aws:dynamodb:eu-central-1:111122223333:table/${name}`);

/** What a field-secured API takes, made elsewhere. */
export const fieldSecuredParts = (scope: Construct) => ({
  catalogue: CASE_CATALOGUE,
  notice: NOTICE,
  userPool: UserPool.fromUserPoolId(scope, 'People', 'eu-central-1_example'),
  tables: { Case: table(scope, 'cases'), Note: table(scope, 'notes') },
  access: table(scope, 'access'),
  audit: table(scope, 'audit'),
});
