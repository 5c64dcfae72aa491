import type { Role } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * What has to be there before a resource uses a role. The role itself is referred to anyway; its policy is not, and a
 * service that checks its rights on creation would find none.
 */
export const rightsOf = (role: Role): IConstruct => role.node.tryFindChild('DefaultPolicy') ?? role;
