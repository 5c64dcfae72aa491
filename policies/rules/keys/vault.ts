import type { ControlId } from '../../../controls';
import { append } from '../../collect';
import { isClosedOrSelective, isClosedToNetworks, type NetworkShape, refusesUnlistedNetworks } from '../../facts/azure';
import type { Graph } from '../../graph';
import { allOf, every, fail, not, notApplicable, type Outcome, pass, some, when } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const VAULT = 'azure-native:keyvault:Vault';
const HSM = 'azure-native:keyvault:ManagedHsm';
const VAULT_KEY = 'azure-native:keyvault:Key';
const ACCESS_POLICY = 'azure-native:keyvault:AccessPolicy';
const ASSIGNMENT = 'azure-native:authorization:RoleAssignment';
const NETWORK: NetworkShape = { access: 'properties.publicNetworkAccess', rules: 'properties.networkAcls', range: 'value' };

/** Built-in roles of Azure that make, change and delete keys … */
const OFFICERS = ['00482a5a-887f-4fb3-b363-3b7fe8e74483', '14b46e9e-c2b7-41b4-b07b-48a6ebf60603'];
/** … and those that use them: Key Vault Crypto User, Key Vault Crypto Service Encryption User. */
const SERVICE_ENCRYPTION = 'e147488a-f6f5-4113-8e2d-b22465e65bf6';
const USERS = ['12338af0-0e69-4776-bea7-57ae8d297424', SERVICE_ENCRYPTION];

/** The id of a role ends in the same name in every subscription, so that the rest of it need not be known. */
function hasRole(assignment: Resource, roles: readonly string[]): Outcome {
  const role = assignment.at('roleDefinitionId');
  const [, name] = /\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/i.exec(role.shape ?? '') ?? [];
  if (name !== undefined && !roles.includes(name.toLowerCase())) return fail(`is the role ${name}`, role.path);
  return role.matches(new RegExp(`(${roles.join('|')})$`, 'i'));
}

/** Role assignments by the text that tells their principal apart. */
function assignmentsOf(principal: Value, graph: Graph): readonly Resource[] {
  const index = graph.once('role assignments by principal', () => {
    const byPrincipal = new Map<string, Resource[]>();
    for (const assignment of graph.ofType(ASSIGNMENT)) {
      const shape = assignment.at('principalId').shape;
      if (shape !== undefined) append(byPrincipal, shape, assignment);
    }
    return byPrincipal;
  });
  return (index.get(principal.shape ?? '') ?? []).filter((assignment) => graph.exists(assignment));
}

/** One scope lies in the other, as far as their texts tell. */
function overlap(one: Resource, other: Resource): boolean {
  const [a, b] = [one.at('scope').shape?.toLowerCase(), other.at('scope').shape?.toLowerCase()];
  return a !== undefined && b !== undefined && (a === b || a.startsWith(`${b}/`) || b.startsWith(`${a}/`));
}

const ADMINISTERS = ['all', 'create', 'delete', 'purge', 'import', 'update', 'restore', 'setrotationpolicy'];
const USES = ['all', 'decrypt', 'unwrapKey', 'sign'];

/** An access policy that both changes keys and uses them. `pass` means that it does not. */
function separatesDuties(entry: Value): Outcome {
  const permissions = entry.at('permissions.keys').items();
  if (permissions.length === 0) return notApplicable('gives no rights over keys');
  const may = (names: readonly string[], none: string) => some(permissions, (permission) => permission.isOneOf(names), none);
  return not(
    allOf(may(ADMINISTERS, 'administers nothing'), may(USES, 'uses nothing')),
    `${entry.path} lets one principal administer keys and decrypt with them`,
  );
}

const vault = (properties: object, type = VAULT) => ({ vault: { type, properties: { properties } } });
const assigned = (role: string, principalId: unknown, scope: unknown) => ({
  type: ASSIGNMENT,
  properties: { principalId, scope, roleDefinitionId: `/subscriptions/s/providers/Microsoft.Authorization/roleDefinitions/${role}` },
});
const [, OFFICER = ''] = OFFICERS;
const [CRYPTO_USER = ''] = USERS;
const policies = (...keys: readonly string[]) => vault({ accessPolicies: [{ objectId: 'o', permissions: { keys } }] });
const APP = { $ref: 'app.principalId' };
const IDENTITY = { app: { type: 'azure-native:managedidentity:UserAssignedIdentity' } };

export const VAULTS = {
  'ENC-04': {
    azure: [
      rule({
        on: ASSIGNMENT,
        check: (assignment, graph) =>
          when(hasRole(assignment, OFFICERS), () => {
            const principal = assignment.at('principalId');
            if (principal.shape === undefined) return principal.asUnknown();
            const uses = assignmentsOf(principal, graph).filter(
              (other) => overlap(assignment, other) && hasRole(other, USERS).verdict !== 'fail',
            );
            return uses.length === 0
              ? pass()
              : fail('the principal administers keys, and another assignment lets it use them', 'principalId');
          }),
        fix: 'Give Key Vault Crypto Officer and Key Vault Crypto User to different principals.',
        pass: [
          { resources: { officer: assigned(OFFICER, 'admins', '/v'), user: assigned(CRYPTO_USER, APP, '/v'), ...IDENTITY } },
          {
            name: 'in different vaults',
            resources: { officer: assigned(OFFICER, APP, '/v1'), user: assigned(CRYPTO_USER, APP, '/v2'), ...IDENTITY },
          },
        ],
        fail: [
          { resources: { officer: assigned(OFFICER, APP, '/v'), user: assigned(CRYPTO_USER, APP, '/v'), ...IDENTITY } },
          {
            name: 'the use is limited to one key of the vault',
            resources: { officer: assigned(OFFICER, 'p', '/v'), user: assigned(SERVICE_ENCRYPTION, 'p', '/V/keys/k') },
          },
        ],
        unknown: [{ resources: { officer: assigned(OFFICER, { $unknown: 'config value' }, '/v') } }],
        skip: [
          { resources: { user: assigned(CRYPTO_USER, 'p', '/v') } },
          {
            name: 'in whichever subscription',
            resources: {
              user: {
                type: ASSIGNMENT,
                properties: {
                  principalId: 'p',
                  scope: '/v',
                  roleDefinitionId: {
                    $text: [
                      '/subscriptions/',
                      { $unknown: 'the answer of getClientConfig' },
                      `/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_USER}`,
                    ],
                  },
                },
              },
            },
          },
        ],
      }),
      rule({
        on: VAULT,
        check: (vault) => {
          const entries = vault.at('properties.accessPolicies').items();
          if (entries.length === 0 || vault.at('properties.enableRbacAuthorization').isTrue().verdict === 'pass')
            return notApplicable('rights are given by role assignments');
          return every(entries, separatesDuties);
        },
        fix: "Split the access policy: key administration ('create', 'delete', …) and use ('decrypt', 'unwrapKey', 'sign') for different principals.",
        pass: [{ resources: policies('get', 'unwrapKey', 'wrapKey') }],
        fail: [{ resources: policies('create', 'delete', 'decrypt') }, { resources: policies('All') }],
        skip: [{ resources: vault({ enableRbacAuthorization: true, accessPolicies: [{ permissions: { keys: ['all'] } }] }) }],
      }),
      rule({
        on: ACCESS_POLICY,
        check: (policy) => separatesDuties(policy.at('policy')),
        fix: "Split the access policy: key administration ('create', 'delete', …) and use ('decrypt', 'unwrapKey', 'sign') for different principals.",
        pass: [{ resources: { policy: { type: ACCESS_POLICY, properties: { policy: { permissions: { keys: ['get', 'decrypt'] } } } } } }],
        fail: [{ resources: { policy: { type: ACCESS_POLICY, properties: { policy: { permissions: { keys: ['delete', 'sign'] } } } } } }],
        skip: [{ resources: { policy: { type: ACCESS_POLICY, properties: { policy: { permissions: { secrets: ['get'] } } } } } }],
      }),
    ],
  },

  'ENC-06': {
    azure: rule({
      on: ASSIGNMENT,
      check: (assignment, graph) =>
        when(hasRole(assignment, [SERVICE_ENCRYPTION]), () => {
          const scope = assignment.at('scope');
          if (graph.target(scope, VAULT_KEY)) return pass();
          const outcome = scope.matches(/\/vaults\/[^/]+\/keys\/[^/]+$/i);
          if (outcome.verdict !== 'unknown' || scope.state === 'unknown') return outcome;
          return fail(`${scope.describe()}, which is no single key`, scope.path);
        }),
      fix: 'Set scope to the id of one key (…/vaults/<vault>/keys/<key>) instead of the vault, the resource group or the subscription.',
      pass: [
        {
          resources: {
            role: assigned(SERVICE_ENCRYPTION, 'p', '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/keys/k'),
          },
        },
        { resources: { role: assigned(SERVICE_ENCRYPTION, 'p', { $ref: 'key' }), key: { type: VAULT_KEY } } },
      ],
      fail: [
        {
          resources: { role: assigned(SERVICE_ENCRYPTION, 'p', '/subscriptions/s/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v') },
        },
        { resources: { role: assigned(SERVICE_ENCRYPTION, 'p', { $ref: 'vault' }), ...vault({}) } },
      ],
      unknown: [{ resources: { role: assigned(SERVICE_ENCRYPTION, 'p', { $unknown: 'config value' }) } }],
      skip: [{ resources: { role: assigned(CRYPTO_USER, 'p', '/subscriptions/s') } }],
    }),
  },

  'ENC-07': {
    azure: [
      rule({
        on: VAULT,
        check: (vault) => vault.at('properties.enableRbacAuthorization').orDefault(false).isTrue(),
        fix: 'Use SecureKeyVault, or set enableRbacAuthorization: true and replace access policies by role assignments.',
        pass: [{ resources: vault({ enableRbacAuthorization: true }) }],
        fail: [{ resources: vault({}) }, { resources: vault({ enableRbacAuthorization: 'false' }) }],
        unknown: [{ resources: vault({ enableRbacAuthorization: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: [VAULT, HSM],
        check: (vault) => isClosedOrSelective(vault, NETWORK),
        fix: "Use SecureKeyVault, or set publicNetworkAccess: 'Disabled' and networkAcls.defaultAction: 'Deny', and add a private endpoint.",
        pass: [
          { resources: vault({ publicNetworkAccess: 'disabled' }) },
          { resources: vault({ networkAcls: { defaultAction: 'Deny' } }, HSM) },
        ],
        fail: [
          { resources: vault({}) },
          { resources: vault({ publicNetworkAccess: 'enabled', networkAcls: { defaultAction: 'Allow' } }) },
          { resources: vault({ networkAcls: { defaultAction: 'Deny', ipRules: [{ value: '0.0.0.0/0' }] } }) },
        ],
        unknown: [{ resources: vault({ publicNetworkAccess: { $unknown: 'config value' } }) }],
      }),
      rule({
        on: [VAULT, HSM],
        check: (vault) => when(refusesUnlistedNetworks(vault, NETWORK), () => isClosedToNetworks(vault, NETWORK)),
        severity: 'medium',
        from: 'moderate',
        fix: "Set publicNetworkAccess: 'Disabled' and let the listed networks in through private endpoints.",
        pass: [{ resources: vault({ publicNetworkAccess: 'Disabled', networkAcls: { defaultAction: 'Deny' } }) }],
        fail: [{ resources: vault({ publicNetworkAccess: 'Enabled', networkAcls: { defaultAction: 'Deny', virtualNetworkRules: [{}] } }) }],
        skip: [
          { name: 'open to everybody is another finding', resources: vault({}) },
          { tier: 'low', resources: vault({ networkAcls: { defaultAction: 'Deny' } }) },
        ],
      }),
    ],
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
