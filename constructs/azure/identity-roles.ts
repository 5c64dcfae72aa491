import * as authorization from '@pulumi/azure-native/authorization';
import type * as pulumi from '@pulumi/pulumi';

/** Built-in roles by their well-known ids. Only roles that give access to data or keys, none that gives access away. */
const ROLES = {
  'Key Vault Crypto Service Encryption User': 'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  'Log Analytics Reader': '73c42c96-874c-492b-b04d-ab87d138a893',
  'Storage Blob Data Contributor': 'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  'Storage Blob Data Reader': '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
} as const;

export type BuiltInRole = keyof typeof ROLES;

/** Somebody, or something, that gets a right. */
export interface Principal {
  /** Object id in the directory. */
  readonly principalId: pulumi.Input<string>;
  /** Kind of the object; Azure refuses the assignment where it does not fit. */
  readonly principalType: 'User' | 'Group' | 'ServicePrincipal';
}

/** The id of a built-in role, in the form that holds in every subscription. */
export const roleId = (role: BuiltInRole): string => `/providers/Microsoft.Authorization/roleDefinitions/${ROLES[role]}`;

/** Assigns a built-in role on exactly one resource. The SDK would write `User` where the kind of principal is left out. */
export function assignRole(
  name: string,
  args: { readonly role: BuiltInRole; readonly principal: Principal; readonly scope: pulumi.Input<string>; readonly why: string },
  opts: pulumi.CustomResourceOptions,
): authorization.RoleAssignment {
  const { role, principal, scope, why } = args;
  return new authorization.RoleAssignment(name, { ...principal, scope, roleDefinitionId: roleId(role), description: why }, opts);
}
