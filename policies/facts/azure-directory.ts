/** The directory as programs declare it with @pulumi/azuread: types, and ids that are the same in every directory. */
import type { Graph } from '../graph';
import { type Outcome, some } from '../outcome';
import type { Value } from '../value';

/** The type of a resource of the directory: `azuread:index/group:Group`. */
export const entra = (name: string): string => `azuread:index/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`;

export const APPLICATION = entra('Application');
export const REGISTRATION = entra('ApplicationRegistration');
export const CONDITIONAL_ACCESS = entra('ConditionalAccessPolicy');
export const GROUPS = [entra('Group'), entra('GroupWithoutMembers')] as const;
export const PACKAGE_CATALOG = entra('AccessPackageCatalog');
export const PACKAGE_POLICY = entra('AccessPackageAssignmentPolicy');
export const PASSWORDS = [entra('ApplicationPassword'), entra('ServicePrincipalPassword')] as const;
export const ENTRA_TRUST = entra('ApplicationFederatedIdentityCredential');

/** Roles of the directory that can give roles, reset who holds them, or change what protects sign-ins, by template. */
const PRIVILEGED_ROLES: Readonly<Record<string, string>> = {
  '62e90394-69f5-4237-9190-012177145e10': 'Global Administrator',
  'e8611ab8-c189-46e8-94e1-60213ab1f814': 'Privileged Role Administrator',
  '7be44c8a-adaf-4e2a-84d6-ab2649e08a13': 'Privileged Authentication Administrator',
  '194ae4cb-b126-40b2-bd5b-6091b380977d': 'Security Administrator',
  'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9': 'Conditional Access Administrator',
  '9b895d92-2cd3-44c7-9d02-a6ac2d5ea5c3': 'Application Administrator',
  '158c047a-c907-4556-b7ef-446551a6b5f7': 'Cloud Application Administrator',
  'fe930be7-5e62-47db-91af-98c3a49a38b1': 'User Administrator',
  'c4e39bd9-1100-46d3-8c65-fb160da0071f': 'Authentication Administrator',
};

const DIRECTORY_ROLE = entra('DirectoryRole');

/** Name of the privileged role that a value stands for: its template, or a role that the program activates. */
export function privilegedRoleOf(role: Value, graph: Graph): string | undefined {
  const activated = graph.target(role, DIRECTORY_ROLE);
  const template = activated ? activated.at('templateId').string : role.string;
  const name = activated?.at('displayName').string;
  return PRIVILEGED_ROLES[template?.toLowerCase() ?? ''] ?? Object.values(PRIVILEGED_ROLES).find((one) => one === name);
}

/** Permissions of Microsoft Graph by which an application gives itself or others any right of the directory. */
export const ESCALATING_PERMISSIONS: Readonly<Record<string, string>> = {
  '9e3f62cf-ca93-4989-b6ce-bf83c28f9fe8': 'RoleManagement.ReadWrite.Directory',
  '06b708a9-e830-4db3-a914-8e69da51d44f': 'AppRoleAssignment.ReadWrite.All',
  '1bfefb4e-e0b5-418b-a88f-73c46d2cc8e9': 'Application.ReadWrite.All',
  '19dbc75e-c2e2-444c-a770-ec69d8559fc7': 'Directory.ReadWrite.All',
  'dd199f4a-f148-40a4-a2ec-f0069cc799ec': 'RoleAssignmentSchedule.ReadWrite.Directory',
  '31e08e0a-d3f7-4ca2-ac39-7343fb83e8ad': 'RoleManagementPolicy.ReadWrite.Directory',
};

const STRENGTH = entra('AuthenticationStrengthPolicy');
/** The strength of that name which every directory has. */
const BUILT_IN_PHISHING_RESISTANT = /(?:^|\/)00000000-0000-0000-0000-000000000004$/;
const PHISHING_RESISTANT_METHODS = ['windowsHelloForBusiness', 'fido2', 'x509CertificateMultiFactor'];

/** Whether a strength lets in only methods that cannot be relayed by a false sign-in page. */
export function isPhishingResistant(strength: Value, graph: Graph): Outcome {
  const own = graph.target(strength, STRENGTH);
  if (own) return own.at('allowedCombinations').allIn(PHISHING_RESISTANT_METHODS);
  // A reference alone leads to a strength that is not among the resources.
  return strength.state === 'known' || strength.state === 'absent' ? strength.matches(BUILT_IN_PHISHING_RESISTANT) : strength.asUnknown();
}

/** Whether a list holds one of these words. */
export const lists = (list: Value, ...words: readonly string[]): Outcome =>
  some(list.items(), (item) => item.isOneOf(words), `${list.path} does not name ${words.join(' or ')}`);
