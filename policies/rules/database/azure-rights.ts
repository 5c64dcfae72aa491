/** What databases on Azure let whom do, as far as their own resources say it; and what no resource of Azure says. */
import type { ControlId } from '../../../controls';
import { KUSTO } from '../../facts/azure-databases';
import { allOf, every, fail, not, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { gap, type PerCloud, rule } from '../../rule';

const ROLE = 'azure-native:cosmosdb:SqlResourceSqlRoleDefinition';
const ROLE_ASSIGNMENT = 'azure-native:cosmosdb:SqlResourceSqlRoleAssignment';
const CACHE_POLICY = 'azure-native:redis:AccessPolicy';
const CACHE_ASSIGNMENT = 'azure-native:redis:AccessPolicyAssignment';

/** Everything that one does with the data of an account, or of a container, at once. */
const WILDCARD = /\*$/;

const actionsOf = (role: Resource) =>
  role
    .at('permissions')
    .items()
    .flatMap((permission) => permission.at('dataActions').items());

/** The whole account, not one database or container of it. */
function namesPart(assignment: Resource): Outcome {
  const scope = assignment.at('scope');
  if (scope.shape === undefined) return scope.asUnknown();
  if (/\/dbs\/[^/]+/i.test(scope.shape)) return pass();
  return scope.state === 'unknown' ? scope.asUnknown() : fail(`${scope.describe()}: every database of the account`, 'scope');
}

const role = (...dataActions: readonly unknown[]) => ({
  resources: { role: { type: ROLE, properties: { permissions: [{ dataActions }] } } },
});
const assignment = (scope: unknown) => ({ resources: { assignment: { type: ROLE_ASSIGNMENT, properties: { scope } } } });
const ACCOUNT = '/subscriptions/s/resourceGroups/g/providers/Microsoft.DocumentDB/databaseAccounts/a';
const READ = 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/read';
const tenants = (...values: readonly unknown[]) => ({
  resources: { it: { type: KUSTO, properties: { trustedExternalTenants: values.map((value) => ({ value })) } } },
});
const policy = (permissions: unknown) => ({ resources: { policy: { type: CACHE_POLICY, properties: { permissions } } } });
const cacheAssignment = (accessPolicyName: unknown) => ({
  resources: { it: { type: CACHE_ASSIGNMENT, properties: { accessPolicyName } } },
});

export const AZURE_RIGHTS = {
  'LPA-02': {
    azure: [
      rule({
        on: ROLE,
        check: (one) =>
          actionsOf(one).length === 0
            ? notApplicable('gives no right over data')
            : every(actionsOf(one), (action) => not(action.matches(WILDCARD), `${action.describe()}: more than anybody needs`)),
        fix: 'Name the actions of data that the role needs (…/items/read, …/items/create).',
        pass: [role(READ)],
        fail: [role(READ, 'Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*'), role('*')],
        unknown: [role({ $unknown: 'config value' })],
        skip: [role()],
      }),
      rule({
        on: CACHE_POLICY,
        check: (one) => {
          const written = one.at('permissions');
          const everything = `${written.describe()}: every command, also those that end the cache`;
          return allOf(written.matches(/~\S/), not(written.matches(/\+@all(\s|$)|allcommands/i), everything));
        },
        fix: 'Name the categories of commands and the keys that the policy needs: +@read +@write ~cases:*.',
        pass: [policy('+@read ~cases:*')],
        fail: [policy('+@all ~*')],
        unknown: [policy({ $unknown: 'config value' })],
      }),
      rule({
        on: CACHE_ASSIGNMENT,
        severity: 'medium',
        check: (one) => {
          const name = one.at('accessPolicyName');
          return allOf(name.isSet(), not(name.isOneOf(['Data Owner', 'default']), `${name.describe()}, which may do everything`));
        },
        fix: "Assign 'Data Contributor', 'Data Reader' or a policy of your own.",
        pass: [cacheAssignment('Data Contributor')],
        fail: [cacheAssignment('Data Owner')],
        unknown: [cacheAssignment({ $unknown: 'config value' })],
      }),
    ],
  },
  'LPA-09': {
    azure: rule({
      on: ROLE_ASSIGNMENT,
      severity: 'medium',
      check: namesPart,
      fix: 'Set scope to one database or container: <account id>/dbs/<database>/colls/<container>.',
      pass: [assignment(`${ACCOUNT}/dbs/cases/colls/open`)],
      fail: [assignment(ACCOUNT)],
      unknown: [assignment({ $unknown: 'config value' })],
    }),
  },
  'LPA-10': {
    azure: rule({
      on: KUSTO,
      check: (one) => {
        const listed = one.at('trustedExternalTenants').items();
        return listed.length === 0
          ? notApplicable('names no other tenant')
          : every(listed, (tenant) => not(tenant.at('value').is('*'), 'every tenant is trusted'));
      },
      fix: 'List the tenants in trustedExternalTenants, or leave the list empty.',
      pass: [tenants('11111111-1111-1111-1111-111111111111')],
      fail: [tenants('*')],
      unknown: [tenants({ $unknown: 'config value' })],
      skip: [tenants()],
    }),
  },
  'DID-01': {
    azure: gap(
      'Platform databases stand in no subnet unless they are put there; that only private endpoints reach them is judged as DID-05.',
    ),
  },
  'DID-02': { azure: gap('Firewalls of platform databases are rules of their own, judged as DHC-05.') },
  'ENC-11': { azure: gap('Caches and search are stores like others on Azure: always encrypted, and judged for keys as ENC-02.') },
  'EXP-01': { azure: gap('Rights to export are actions of roles, judged as EXP-01.identity.') },
  'FLS-03': {
    azure: gap('Cosmos DB returns whole items to whoever may read them: fields of another visibility belong into another container.'),
  },
  'LOG-04': { azure: gap('Reads of databases are recorded by diagnostic settings, judged as LOG-04.logging.') },
  'LOG-13': { azure: gap('Records of databases are sent by diagnostic settings, judged as LOG-04.logging.') },
  'LOG-18': { azure: gap('Platform databases have no host that could ship records.') },
  'PRV-07': { azure: gap('What statements carry into the audit is decided by who writes them; no setting of Azure hides their values.') },
  'TLS-03': { azure: gap('Databases of Azure are not asked by plain HTTP; that sessions are encrypted is judged as TLS-05.') },
  'TLS-06': {
    azure: gap('Traffic between nodes of a platform database is inside the service; clusters of HDInsight are judged as TLS-06.compute.'),
  },
  'TLS-08': { azure: gap('Certificates of platform databases are kept by Azure.') },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
