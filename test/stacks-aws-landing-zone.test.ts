import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies/evaluate';
import { gatherAssembly } from '../policies/gather/assembly';
import { RULES } from '../policies/rules';
import { type LandingZoneOverrides, landingZone } from '../stacks/aws/landing-zone';
import { EXAMPLES, landingZoneSettings } from '../stacks/aws/landing-zone-settings';

const STACKS = ['log-archive', 'network', 'organisation', 'recovery', 'security'] as const;
type Name = (typeof STACKS)[number];

const make = (overrides?: LandingZoneOverrides | string) => {
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'palisade-landing-')) });
  const stages = landingZone(app, overrides);
  const assembly = app.synth();
  const template = (stage: Stage, name: Name) =>
    Template.fromJSON(assembly.getNestedAssembly(`assembly-${stage.node.id}`).getStackByName(`${stage.node.id}-${name}`).template);
  return { ...stages, assembly, template };
};
const usual = make();
const { production, staging } = usual;
const at = (name: Name) => usual.template(production, name);

type Statement = { Effect: string; Action?: string | string[]; NotAction?: string[]; Principal?: unknown; Condition?: object };
const guardrails = Object.values(at('organisation').findResources('AWS::Organizations::Policy')).map(({ Properties }) => Properties);

describe('the landing zone', () => {
  it('has the same stacks in both environments, each in an account of its own', () => {
    for (const stage of [staging, production]) {
      const nested = usual.assembly.getNestedAssembly(`assembly-${stage.node.id}`);
      expect(nested.stacks.map(({ displayName }) => displayName.split('/')[1]?.split(' ')[0]).sort()).toEqual([...STACKS]);
      const { accounts } = EXAMPLES[stage.node.id as 'staging' | 'production'];
      expect([stage.organisation, stage.logArchive, stage.security, stage.network].map(({ account }) => account)).toEqual([
        accounts.management,
        accounts.logArchive,
        accounts.security,
        accounts.network,
      ]);
      expect(stage.recovery.account).toBe(accounts.security);
      expect(stage.recovery.region).not.toBe(stage.security.region);
    }
  });

  it('is of the high tier, protected from deletion, and says where it stays', () => {
    for (const stack of [production.organisation, production.logArchive, production.security, production.recovery, production.network]) {
      expect(stack.profile.tier).toBe('high');
      expect(stack.profile.profile.residency).toEqual(['eu-central-1', 'eu-west-1']);
      expect(stack.terminationProtection).toBe(true);
    }
  });

  it('synthesises without look-ups, each stack by itself and below the limit', () => {
    expect(usual.assembly.manifest.missing).toBeUndefined();
    for (const stage of [staging, production]) {
      const nested = usual.assembly.getNestedAssembly(`assembly-${stage.node.id}`);
      expect(nested.manifest.missing).toBeUndefined();
      for (const stack of nested.stacks) {
        expect(Object.keys(stack.template.Resources).length).toBeLessThan(450);
        expect(JSON.stringify(stack.template)).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput|dummy/);
        expect(stack.dependencies.filter(({ manifest }) => manifest.type === 'aws:cloudformation:stack')).toEqual([]);
      }
    }
  });

  it('comes out the same each time', () => {
    const again = make();
    for (const name of STACKS) expect(again.template(again.production, name).toJSON()).toEqual(at(name).toJSON());
  });

  it('keeps every rule of every family, with nothing undecided', async () => {
    const { graph } = await gatherAssembly(usual.assembly.directory);
    const { findings, tiers, counts } = evaluate(graph, { rules: RULES });
    expect([...tiers.values()].map(({ tier, declared }) => [tier, declared])).toEqual(Array(10).fill(['high', true]));
    expect(findings.map(({ rule, verdict, message, resource }) => `${rule} ${verdict} on ${resource.id}: ${message}`)).toEqual([]);
    const passed = new Set(counts.flatMap(({ rule, counts: { pass } }) => (pass > 0 ? rule.id : [])));
    for (const rule of ['LOG-08.logging', 'LOG-09.logging', 'MON-01.detection', 'INC-13.response', 'IDA-09.identity', 'LOC-01.governance'])
      expect(passed).toContain(rule);
  });
});

describe('the log-archive account', () => {
  it('records the whole organisation into an archive that takes the trails of the management account', () => {
    const logs = at('log-archive');
    logs.hasResourceProperties('AWS::CloudTrail::Trail', { IsOrganizationTrail: true, IsMultiRegionTrail: true });
    const { accounts } = EXAMPLES.production;
    const policy = JSON.stringify(logs.findResources('AWS::S3::BucketPolicy'));
    expect(policy).toContain(`:cloudtrail:*:${accounts.management}:trail/*`);
    for (const account of [accounts.security, accounts.network, ...accounts.workloads]) expect(policy).toContain(`"${account}"`);
  });

  it('lets nobody of another account delete or change a record, and only investigators read them', () => {
    const archive = Object.values(at('log-archive').findResources('AWS::S3::Bucket')).find(
      ({ Properties }) => Properties.BucketName === 'production-log-archive-777788889999-eu-central-1',
    );
    expect(archive?.Properties.ObjectLockConfiguration.Rule.DefaultRetention).toEqual({ Mode: 'COMPLIANCE', Days: 731 });
    const policies = Object.values(at('log-archive').findResources('AWS::S3::BucketPolicy'));
    const statements: Statement[] = policies.flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    const people = statements.filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes('AWS'));
    expect(people).toHaveLength(1);
    expect([people[0]?.Action].flat().filter((action) => /Delete|Put|^s3:\*$|^\*$/.test(action ?? ''))).toEqual([]);
    expect(JSON.stringify(people[0]?.Condition)).toContain(':iam::444455556666:role/palisade-investigation');
    const written = statements.filter(({ Effect, Action }) => Effect === 'Allow' && [Action].flat().includes('s3:PutObject'));
    expect(written.length).toBeGreaterThan(0);
    for (const { Principal } of written) expect(Object.keys(Principal as object)).toEqual(['Service']);
  });

  it('stages what AWS Config delivers for every account', () => {
    at('network').hasResourceProperties('AWS::Config::DeliveryChannel', {
      S3BucketName: 'production-config-stage-777788889999-eu-central-1',
    });
    at('log-archive').hasResourceProperties('AWS::S3::Bucket', { BucketName: 'production-config-stage-777788889999-eu-central-1' });
  });
});

describe('the security account', () => {
  it('sees the organisation: threats, posture, exposure, data, entities and configuration', () => {
    const security = at('security');
    for (const type of ['AWS::GuardDuty::Detector', 'AWS::SecurityHub::Hub', 'AWS::Macie::Session']) security.resourceCountIs(type, 1);
    security.hasResourceProperties('AWS::AccessAnalyzer::Analyzer', { Type: 'ORGANIZATION' });
    security.hasResourceProperties('AWS::Detective::Graph', { AutoEnableMembers: true });
    security.hasResourceProperties('AWS::Config::ConfigurationAggregator', {
      OrganizationAggregationSource: Match.objectLike({ AllAwsRegions: true }),
    });
  });

  it('stands by itself before it administers the services that naming it switches on', () => {
    const first = make({ production: { administers: false } });
    const security = first.template(first.production, 'security');
    security.resourceCountIs('AWS::SecurityHub::OrganizationConfiguration', 0);
    security.resourceCountIs('AWS::SecurityHub::Hub', 1);
    security.hasResourceProperties('AWS::Detective::Graph', { AutoEnableMembers: Match.absent() });
  });

  it('asks the records of every account under the path of an organisation trail', () => {
    at('security').hasResourceProperties('AWS::Glue::Table', {
      TableInput: {
        Parameters: Match.objectLike({
          'projection.account.values': '123456789012,777788889999,444455556666,888888888888,111122223333',
          'storage.location.template':
            's3://production-log-archive-777788889999-eu-central-1/AWSLogs/o-exampleorgid/${account}/CloudTrail/${region}/${day}',
        }),
      },
    });
  });

  it('holds the closed roles, and gives them to the groups that are named', () => {
    expect(
      Object.values(at('security').findResources('AWS::SSO::PermissionSet'))
        .map(({ Properties }) => Properties.Name)
        .sort(),
    ).toEqual(['agent', 'supervisor', 'support-engineer']);
    at('security').resourceCountIs('AWS::SSO::Assignment', 0);
    const given = make({ production: { groups: { supervisor: 'group-1' }, securityMailbox: 'security@example.com' } });
    const security = given.template(given.production, 'security');
    security.resourceCountIs('AWS::SSO::Assignment', 1);
    security.hasResourceProperties('AWS::SSO::Assignment', { PrincipalId: 'group-1', PrincipalType: 'GROUP', TargetId: '111122223333' });
    security.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'security@example.com' });
  });

  it('takes copies of the backups of the workloads elsewhere, where nobody removes them', () => {
    at('recovery').hasResourceProperties('AWS::Backup::BackupVault', {
      BackupVaultName: 'case-management',
      LockConfiguration: Match.objectLike({ MinRetentionDays: 35, ChangeableForDays: 3 }),
      AccessPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: Match.arrayWith(['backup:DeleteRecoveryPoint']) }),
          Match.objectLike({ Effect: 'Allow', Action: 'backup:CopyIntoBackupVault' }),
        ]),
      },
    });
  });
});

describe('the network account', () => {
  it('lets named sites through a firewall, and joins no network by itself', () => {
    const network = at('network');
    network.hasResourceProperties('AWS::NetworkFirewall::RuleGroup', {
      RuleGroup: Match.objectLike({
        RulesSource: { RulesSourceList: Match.objectLike({ GeneratedRulesType: 'ALLOWLIST', Targets: ['api.pwnedpasswords.com'] }) },
      }),
    });
    network.hasResourceProperties('AWS::EC2::TransitGateway', {
      AutoAcceptSharedAttachments: 'disable',
      DefaultRouteTableAssociation: 'disable',
      DefaultRouteTablePropagation: 'disable',
    });
    network.resourceCountIs('AWS::EC2::TransitGatewayRoute', 0);
  });

  it('shares with the unit of the environment only, or with the organisation where the root is named', () => {
    const shares = Object.values(at('network').findResources('AWS::RAM::ResourceShare'));
    expect(shares).toHaveLength(2);
    for (const { Properties } of shares) {
      expect(Properties.AllowExternalPrincipals).toBe(false);
      expect(JSON.stringify(Properties.Principals)).toContain(':organizations::123456789012:ou/o-exampleorgid/ou-wxyz-workloads');
    }
    const root = make({ production: { unitId: 'r-abcd' } });
    expect(JSON.stringify(root.template(root.production, 'network').findResources('AWS::RAM::ResourceShare'))).toContain(
      ':organizations::123456789012:organization/o-exampleorgid"',
    );
  });

  it('sends flows, name queries and what the firewall saw to the archive', () => {
    const network = at('network');
    network.hasResourceProperties('AWS::EC2::FlowLog', { LogDestinationType: 's3', TrafficType: 'ALL' });
    network.resourceCountIs('AWS::Route53Resolver::ResolverQueryLoggingConfig', 1);
    expect(JSON.stringify(network.findResources('AWS::NetworkFirewall::LoggingConfiguration'))).toContain('production-log-archive-');
  });
});

describe('the guardrails of the organisation', () => {
  const statements: Statement[] = guardrails.flatMap(({ Content }) => Content.Statement ?? []);
  const denied = (action: string) =>
    statements.some(
      ({ Effect, Action }) => Effect === 'Deny' && [Action].flat().some((name) => name === action || name === `${action.split(':')[0]}:*`),
    );

  it('are attached to the unit, fit the limits, and deny only', () => {
    expect(guardrails.filter(({ Type }) => Type === 'SERVICE_CONTROL_POLICY').length).toBeLessThanOrEqual(4);
    for (const { TargetIds, Content } of guardrails) {
      expect(TargetIds).toEqual(['ou-wxyz-workloads']);
      expect(JSON.stringify(Content).length).toBeLessThanOrEqual(5120);
    }
    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Deny']));
  });

  it('are made one after the other', () => {
    const dependencies = Object.values(at('organisation').findResources('AWS::Organizations::Policy')).map(({ DependsOn }) => DependsOn);
    expect(dependencies.filter((names) => names === undefined)).toHaveLength(1);
    expect(new Set(dependencies.flat()).size).toBe(guardrails.length);
  });

  it.each([
    'organizations:LeaveOrganization',
    'cloudtrail:StopLogging',
    'guardduty:DeleteDetector',
    'ec2:CreateInternetGateway',
    'ec2:ModifySnapshotAttribute',
    'rds:ModifyDBSnapshotAttribute',
    'iam:CreateAccessKey',
  ])('deny %s', (action) => {
    expect(denied(action)).toBe(true);
  });

  it('seal the root user and regions, leave gateways to the network account, and close resources to outsiders', () => {
    const bySid = (sid: string) => statements.find((statement) => (statement as { Sid?: string }).Sid === sid);
    expect(bySid('NoRootUser')).toMatchObject({ Action: '*', Condition: { ArnLike: { 'aws:PrincipalArn': 'arn:*:iam::*:root' } } });
    expect(bySid('ApprovedRegions')?.Condition).toEqual({
      StringNotEquals: { 'aws:RequestedRegion': ['eu-central-1', 'eu-west-1', 'us-east-1'] },
    });
    expect(bySid('OneWayOut')?.Condition).toEqual({ StringNotEquals: { 'aws:PrincipalAccount': '888888888888' } });
    expect(bySid('OrganisationOnly')).toMatchObject({
      Principal: '*',
      Condition: { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-exampleorgid' } },
    });
  });

  it('keep everybody but deployers from changing stacks, logs, what watches, and the deployers themselves', () => {
    for (const sid of ['StacksAreDeployedByPipelines', 'DenyLogTampering', 'KeepWatching', 'DeployersStayWhatTheyAre'])
      expect(statements.find((statement) => (statement as { Sid?: string }).Sid === sid)?.Condition).toEqual({
        ArnNotLike: { 'aws:PrincipalArn': expect.anything() },
      });
    expect(denied('ec2:ModifyVpcBlockPublicAccessOptions')).toBe(true);
  });

  it('do not keep backups from being copied to the recovery vault', () => {
    expect(denied('backup:CopyIntoBackupVault')).toBe(false);
  });

  it('refuse a list that AWS would not take', () => {
    expect(() =>
      make({ production: { deployers: Array.from({ length: 120 }, (_, index) => `arn:aws:iam::*:role/deployer-${index}`) } }),
    ).toThrow(/production\/organisation\/(Membership|Records): has \d+ characters, AWS takes 5120/);
  });
});

describe('the settings', () => {
  it('may be given as JSON, and complete the examples', () => {
    const { production: settings, staging: other } = landingZoneSettings('{"production":{"region":"eu-north-1"}}');
    expect(settings).toEqual({ ...EXAMPLES.production, region: 'eu-north-1' });
    expect(other).toEqual(EXAMPLES.staging);
  });

  it.each([
    ['{', /landingZone is no JSON/],
    [[], /landingZone is no object/],
    [{ test: {} }, /there is no setting "test"; write one of staging, production/],
    [{ production: { regions: [] } }, /landingZone\.production: there is no setting "regions"; write one of/],
    [{ production: { accounts: { ...EXAMPLES.production.accounts, security: '12' } } }, /"12" is no account; write the twelve digits/],
    [{ production: { accounts: { ...EXAMPLES.production.accounts, security: '777788889999' } } }, /777788889999 stands twice/],
    [{ production: { accounts: EXAMPLES.staging.accounts } }, /stands in both environments/],
    [{ production: { administers: 'no' } }, /landingZone\.production\.administers is "no"; write true or false/],
    [{ production: { unitId: 'workloads' } }, /unitId is "workloads"; write an organisational unit/],
    [{ production: { recoveryRegion: 'eu-central-1' } }, /copies that survive the loss of a region lie in another/],
  ])('%j is refused in one line', (given, message) => {
    expect(() => landingZoneSettings(given)).toThrow(message);
  });
});
