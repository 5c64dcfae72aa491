import { CfnConfigurationAggregator } from 'aws-cdk-lib/aws-config';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { CfnOrganizationConfiguration } from 'aws-cdk-lib/aws-securityhub';
import type { Construct } from 'constructs';
import {
  CASE_ROLES,
  type CaseRole,
  DataDiscovery,
  ExposureAnalysis,
  InvestigationGraph,
  InvestigationQueries,
  type InvestigationRole,
  PermissionSet,
  SecureBackupVault,
  SecurityPosture,
  ThreatDetection,
  VulnerabilityScanning,
} from '../../constructs/aws';
import { AccountStack, type LandingZoneStackProps } from './landing-zone-account';

/** The closed roles: what each is for, and the fields of the case API that it calls. */
const CLOSED_ROLES: Readonly<
  Record<CaseRole, { readonly name: string; readonly description: string; readonly fields: readonly string[] }>
> = {
  agent: {
    name: 'agent',
    description: 'Works on the cases that are assigned; bound by the confidentiality agreement for support data',
    fields: ['Query/fields/case', 'Mutation/fields/updateCase'],
  },
  supportEngineer: {
    name: 'support-engineer',
    description: 'Is let into single cases, for a purpose and a while; bound by the confidentiality agreement for support data',
    fields: ['Query/fields/case'],
  },
  supervisor: {
    name: 'supervisor',
    description:
      'Oversees cases without what customers wrote, and lets engineers in; bound by the confidentiality agreement for support data',
    fields: ['Query/fields/case', 'Mutation/fields/grantAccess'],
  },
};

/**
 * The security account: sees every account, investigates, and holds the closed roles. It is the delegated administrator of
 * GuardDuty, Security Hub, Macie, Access Analyzer, Detective, Config and Identity Center.
 */
export class SecurityAccountStack extends AccountStack {
  readonly investigators: InvestigationRole;
  readonly queries: InvestigationQueries;

  constructor(scope: Construct, id: string, props: LandingZoneStackProps) {
    super(scope, id, props);
    new ThreatDetection(this, 'Threats');
    const posture = new SecurityPosture(this, 'Posture');
    const { administers } = this.settings;
    if (administers) new CfnOrganizationConfiguration(this, 'JoiningAccounts', { autoEnable: true }).node.addDependency(posture);
    new ExposureAnalysis(this, 'Exposure', { organisation: true });
    new DataDiscovery(this, 'Discovery');
    new VulnerabilityScanning(this, 'Scanning');
    new InvestigationGraph(this, 'Graph', { organisation: administers });
    this.investigators = this.addBaseline({ stage: this.importedStage() });
    this.queries = this.addQueries();
    this.addAggregator();
    for (const role of CASE_ROLES) this.addClosedRole(role);
  }

  /** Questions to the archive of the other account, whose key is known by its alias only. */
  private addQueries(): InvestigationQueries {
    const { accounts, region } = this.settings;
    const queries = new InvestigationQueries(this, 'Queries', {
      archive: Bucket.fromBucketName(this, 'Archive', this.names.archiveBucket),
      accounts: [accounts.management, accounts.logArchive, accounts.security, accounts.network, ...accounts.workloads],
      organisationTrail: true,
    });
    queries.grantAsk(this.investigators);
    this.investigators.addToPolicy(
      new PolicyStatement({
        sid: 'DecryptRecords',
        actions: ['kms:Decrypt'],
        resources: [`arn:${this.partition}:kms:${region}:${accounts.logArchive}:key/*`],
        conditions: {
          'ForAnyValue:StringEquals': { 'kms:ResourceAliases': `alias/${this.names.archiveAlias}` },
          StringEquals: { 'kms:ViaService': `s3.${region}.amazonaws.com` },
        },
      }),
    );
    return queries;
  }

  /** The configuration of every account and region in one place. */
  private addAggregator(): void {
    const role = new Role(this, 'AggregatorRole', {
      description: 'AWS Config lists the accounts of the organisation',
      assumedBy: new ServicePrincipal('config.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSConfigRoleForOrganizations')],
    });
    new CfnConfigurationAggregator(this, 'Aggregator', {
      configurationAggregatorName: 'organisation',
      organizationAggregationSource: { allAwsRegions: true, roleArn: role.roleArn },
    });
  }

  private addClosedRole(role: CaseRole): void {
    const { accounts, boundaryName, caseApiId, groups, identityCenterArn, region } = this.settings;
    const { name, description, fields } = CLOSED_ROLES[role];
    const set = new PermissionSet(this, `Role${role}`, {
      instanceArn: identityCenterArn,
      name,
      description,
      boundary: boundaryName,
      statements: [
        new PolicyStatement({
          actions: ['appsync:GraphQL'],
          resources: accounts.workloads.flatMap((account) =>
            fields.map((field) => `arn:${this.partition}:appsync:${region}:${account}:apis/${caseApiId}/types/${field}`),
          ),
        }),
      ],
    });
    const group = groups[role];
    if (group) for (const account of accounts.workloads) set.assignTo(group, account);
  }
}

/** Copies of backups, in the security account and another region: the loss of an account or a region loses no backup. */
export class RecoveryStack extends AccountStack {
  readonly vault: SecureBackupVault;

  constructor(scope: Construct, id: string, props: LandingZoneStackProps) {
    super(scope, id, props);
    this.vault = new SecureBackupVault(this, 'Vault', {
      backupVaultName: this.names.recoveryVault,
      retention: { atLeastDays: 35, atMostDays: 400 },
      receivesFrom: this.settings.accounts.workloads,
    });
  }
}
