import { PolicyStatement, SamlProvider } from 'aws-cdk-lib/aws-iam';
import { ExportGuard, FederatedRole, PasswordPolicy, PermissionBoundary, PermissionSet, UserDirectory } from '../../../constructs/aws';
import type { Least } from './least';

const INSTANCE = 'arn:aws:sso:::instance/ssoins-0123456789abcdef';

export const identity: Least = {
  ExportGuard: (scope, id) => new ExportGuard(scope, id),
  FederatedRole: (scope, id) =>
    new FederatedRole(scope, id, {
      saml: SamlProvider.fromSamlProviderArn(scope, `${id}Idp`, 'arn:aws:iam::111122223333:saml-provider/idp'),
    }),
  PasswordPolicy: (scope, id) => new PasswordPolicy(scope, id),
  PermissionBoundary: (scope, id) => new PermissionBoundary(scope, id),
  PermissionSet: (scope, id) =>
    new PermissionSet(scope, id, {
      instanceArn: INSTANCE,
      name: 'supervisor',
      description: 'Assigns cases; bound by the confidentiality agreement for support data',
      boundary: 'workload-boundary',
      statements: [
        new PolicyStatement({
          actions: ['appsync:GraphQL'],
          resources: ['arn:aws:appsync:eu-central-1:111122223333:apis/cases/types/Query/fields/team'],
        }),
      ],
    }),
  UserDirectory: (scope, id) => new UserDirectory(scope, id),
};
