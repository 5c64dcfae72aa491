import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ControlId } from '../controls';
import { coverageOf } from '../policies/coverage';
import { FAMILIES } from '../policies/rule';
import { CLAIMS } from '../review/claims.generated';

const root = join(__dirname, '..');
/** The same job on both clouds; the noun is the cloud's own. */
const TWINS: readonly (readonly [aws: string, azure: string])[] = [
  ['SecureBucket', 'SecureStorageAccount'],
  ['SecureKey', 'SecureKeyVault'],
  ['SecureVpc', 'SecureVirtualNetwork'],
  ['SecureLogGroup', 'SecureLogWorkspace'],
  ['LogArchive', 'LogArchive'],
  ['SecureTrail', 'SecureActivityLog'],
  ['SecureSecret', 'SecureSecret'],
  ['PermissionSet', 'LeastPrivilegeRole'],
  ['FederatedRole', 'WorkloadIdentity'],
  ['UserDirectory', 'ConditionalAccess'],
  ['SecureWebAcl', 'SecureWafPolicy'],
  ['SecureDistribution', 'SecureFrontDoor'],
  ['SecureLoadBalancer', 'SecureApplicationGateway'],
  ['SecureRestApi', 'SecureApiManagement'],
  ['FieldSecuredApi', 'FieldSecuredApi'],
  ['SecureInstance', 'SecureVirtualMachine'],
  ['SecureAutoScalingGroup', 'SecureScaleSet'],
  ['PatchManagement', 'PatchManagement'],
  ['SecureRepository', 'SecureRegistry'],
  ['SecureKubernetesCluster', 'SecureKubernetesCluster'],
  ['SecureCluster', 'SecureContainerEnvironment'],
  ['SecureFargateTask', 'SecureContainerApp'],
  ['SecureFunction', 'SecureFunctionApp'],
  ['SecureDatabaseInstance', 'SecureSqlServer'],
  ['SecureDatabaseInstance', 'SecureMySqlServer'],
  ['SecureDatabaseCluster', 'SecurePostgresServer'],
  ['SecureTable', 'SecureCosmosAccount'],
  ['SecureCache', 'SecureRedis'],
  ['SecureSearchDomain', 'SecureSearchService'],
  ['SecureQueue', 'SecureServiceBusNamespace'],
  ['SecureTopic', 'SecureServiceBusNamespace'],
  ['SecureStream', 'SecureEventHubNamespace'],
  ['SecureKafka', 'SecureEventHubNamespace'],
  ['SecureEventBus', 'SecureEventGridTopic'],
  ['SecureStateMachine', 'SecureLogicApp'],
  ['SecureBackupVault', 'SecureRecoveryVault'],
  ['SecureBackupPlan', 'SecureBackupVault'],
  ['ThreatDetection', 'ThreatDetection'],
  ['SecurityAlarms', 'SecurityAlarms'],
  ['IncidentRunbooks', 'IncidentRunbooks'],
  ['InvestigationQueries', 'InvestigationQueries'],
];
const claimed = (cloud: 'aws' | 'azure', construct: string): readonly ControlId[] => {
  const found = CLAIMS.find((row) => row.cloud === cloud && row.construct === construct);
  if (!found) throw new Error(`${cloud} has no ${construct}`);
  return found.controls.map(({ control }) => control);
};
const claimedAnywhere = (cloud: 'aws' | 'azure', control: ControlId) =>
  CLAIMS.some((row) => row.cloud === cloud && row.controls.some((claim) => claim.control === control));

describe('the clouds are twins', () => {
  it.each(FAMILIES)('%s has files of this name in every layer and on both clouds', (family) => {
    for (const folder of ['constructs/aws', 'constructs/azure', 'policies/rules']) {
      const files = readdirSync(join(root, folder)).filter((file) => file === `${family}.ts` || file.startsWith(`${family}-`));
      expect(files, folder).not.toEqual([]);
    }
  });

  it('have the same stacks', () => {
    // A stack of many resources has parts beside it: case-management-data.ts.
    const stacks = (cloud: string) =>
      readdirSync(join(root, 'stacks', cloud)).filter((file) => file.endsWith('.ts') && !/^(case-management|landing-zone)-/.test(file));
    expect(stacks('azure')).toEqual(stacks('aws'));
  });

  it.each(TWINS)('%s and %s promise the same, or the other cloud says why not', (aws, azure) => {
    const [onAws, onAzure] = [claimed('aws', aws), claimed('azure', azure)];
    const unexplained = [
      ...onAws
        .filter((control) => !onAzure.includes(control) && !explained('azure', azure, control))
        .map((control) => `${azure} does not claim ${control}`),
      ...onAzure
        .filter((control) => !onAws.includes(control) && !explained('aws', aws, control))
        .map((control) => `${aws} does not claim ${control}`),
    ];
    expect(unexplained).toEqual([]);
  });
});

/** The twin states why it does not claim it, another construct of that cloud does, or the catalogue states why the cloud cannot. */
function explained(cloud: 'aws' | 'azure', construct: string, control: ControlId): boolean {
  const stated = CLAIMS.some(
    (row) => row.cloud === cloud && row.construct === construct && row.gaps.some((gap) => gap.control === control),
  );
  return stated || claimedAnywhere(cloud, control) || coverageOf(control, cloud).gaps.length > 0;
}
