import { CfnResource, Duration, Fn, Lazy } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AccountPrincipal, type CfnRole, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import {
  declareOrganisation,
  IncidentRunbooks,
  InvestigationGraph,
  InvestigationQueries,
  InvestigationRole,
  type SecureStack,
  SecureVpc,
} from '../constructs/aws';
import { stackOf } from './support/aws-constructs';
import { brokenBy } from './support/weaken';

const SECURITY = '444455556666';
const KEY = 'arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const ours = (tier: 'low' | 'moderate' | 'high' = 'high') => {
  const stack = stackOf(tier);
  declareOrganisation(stack, 'o-exampleorgid');
  return stack;
};
const archiveOf = (stack: SecureStack): IBucket =>
  Bucket.fromBucketAttributes(stack, 'Archive', {
    bucketName: 'org-log-archive',
    encryptionKey: Key.fromKeyArn(stack, 'ArchiveKey', KEY),
  });
const role = (stack: SecureStack) => new Role(stack, 'Responder', { assumedBy: new AccountPrincipal(SECURITY) });

interface Step {
  readonly name: string;
  readonly action: string;
  readonly inputs: { readonly Api?: string; readonly Steps?: readonly Step[]; readonly [input: string]: unknown };
}
const documentOf = (template: Template, id: string): { readonly mainSteps: readonly Step[]; readonly [key: string]: unknown } => {
  const found = Object.entries(template.findResources('AWS::SSM::Document')).find(([name]) => name.includes(id));
  return found?.[1].Properties.Content;
};
const callsOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ inputs }) => (inputs.Steps ? callsOf(inputs.Steps) : (inputs.Api ?? [])));
const rightsOf = (template: Template, id: string): readonly { Action: string | string[]; Resource: unknown; Condition?: object }[] => {
  const found = Object.entries(template.findResources('AWS::IAM::Policy')).find(([name]) => name.includes(id));
  return found?.[1].Properties.PolicyDocument.Statement ?? [];
};

describe('IncidentRunbooks', () => {
  const stack = stackOf('high');
  const vpc = new SecureVpc(stack, 'Network');
  const runbooks = new IncidentRunbooks(stack, 'Runbooks', { vpc, evidenceAccount: SECURITY });
  runbooks.grantRun(role(stack));
  const template = Template.fromStack(stack);

  it('takes and locks snapshots, and hands them over, before it cuts a host off on each of its interfaces', () => {
    const { mainSteps } = documentOf(template, 'IsolateHost');
    expect(callsOf(mainSteps)).toEqual([
      'DescribeInstances',
      'CreateSnapshots',
      'LockSnapshot',
      'ModifyNetworkInterfaceAttribute',
      'ModifySnapshotAttribute',
    ]);
    const [lock] = mainSteps.find(({ name }) => name === 'keepEvidence')?.inputs.Steps ?? [];
    const [share] = mainSteps.find(({ name }) => name === 'shareEvidence')?.inputs.Steps ?? [];
    expect(lock?.inputs).toMatchObject({ LockMode: 'compliance', LockDuration: 365 });
    expect(share?.inputs).toMatchObject({ Attribute: 'createVolumePermission', OperationType: 'add', UserIds: [SECURITY] });
  });

  it('cuts off by a security group that lets nothing through', () => {
    const group = Object.values(template.findResources('AWS::EC2::SecurityGroup')).find(({ Properties }) =>
      Properties.GroupDescription.startsWith('Cuts a host off'),
    );
    expect(group?.Properties.SecurityGroupIngress).toBeUndefined();
    expect(group?.Properties.SecurityGroupEgress).toEqual([expect.objectContaining({ CidrIp: '127.0.0.1/32', IpProtocol: 'icmp' })]);
    expect(documentOf(template, 'IsolateHost').parameters).toMatchObject({
      QuarantineGroup: { default: { 'Fn::GetAtt': [expect.stringMatching(/Quarantine/), 'GroupId'] } },
    });
  });

  it('has whoever isolates name the group where no network is given, and hands nothing over by itself', () => {
    const alone = stackOf('high');
    new IncidentRunbooks(alone, 'Runbooks', { evidenceDays: 30 });
    const document = documentOf(Template.fromStack(alone), 'IsolateHost');
    expect((document.parameters as { QuarantineGroup: object }).QuarantineGroup).not.toHaveProperty('default');
    expect(callsOf(document.mainSteps)).not.toContain('ModifySnapshotAttribute');
    expect(rightsOf(Template.fromStack(alone), 'IsolateHost').flatMap(({ Action }) => Action)).not.toContain('ec2:ModifySnapshotAttribute');
  });

  it('runs each runbook as a role that can do just this, and that only Systems Manager takes, for this account', () => {
    expect(rightsOf(template, 'DisableAccessKey').map(({ Action }) => Action)).toEqual(['iam:UpdateAccessKey']);
    for (const [id, policy] of [
      ['FreezeIdentity', 'Frozen'],
      ['BlockExport', 'NoExport'],
    ] as const) {
      expect(rightsOf(template, id)).toEqual([
        expect.objectContaining({
          Action: ['iam:AttachRolePolicy', 'iam:AttachUserPolicy'],
          Condition: { ArnEquals: { 'iam:PolicyARN': { Ref: expect.stringContaining(policy) } } },
        }),
      ]);
    }
    const roles = Object.values(template.findResources('AWS::IAM::Role')).filter(({ Properties }) =>
      Properties.Description?.startsWith('Runs the runbook'),
    );
    expect(roles).toHaveLength(4);
    for (const { Properties } of roles)
      expect(Properties.AssumeRolePolicyDocument.Statement[0]).toMatchObject({
        Principal: { Service: 'ssm.amazonaws.com' },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      });
  });

  it('freezes by denying everything, and blocks export by denying what carries data out', () => {
    const denials = Object.values(template.findResources('AWS::IAM::ManagedPolicy')).map(({ Properties }) => Properties);
    const of = (words: string) => denials.find(({ Description }) => Description.startsWith(words))?.PolicyDocument.Statement;
    expect(of('Freezes')).toEqual([{ Sid: 'DenyEverything', Effect: 'Deny', Action: '*', Resource: '*' }]);
    expect(of('Keeps whoever carries it from')).toEqual([
      expect.objectContaining({ Effect: 'Deny', Action: expect.arrayContaining(['rds:StartExportTask', 'ec2:ModifySnapshotAttribute']) }),
    ]);
  });

  it('lets responders start the runbooks, pass their roles to Systems Manager, and nothing else', () => {
    const rights = rightsOf(template, 'Responder');
    expect(rights.flatMap(({ Action }) => Action).sort()).toEqual([
      'iam:PassRole',
      'ssm:GetAutomationExecution',
      'ssm:StartAutomationExecution',
      'ssm:StopAutomationExecution',
    ]);
    expect(rights.find(({ Action }) => Action === 'iam:PassRole')).toMatchObject({
      Condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
    });
  });

  it('tells each run', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.ssm'], detail: { Definition: Match.arrayWith([{ Ref: Match.stringLikeRegexp('IsolateHost') }]) } },
    });
  });

  it('may take snapshots of volumes with the keys that are named', () => {
    const keyed = stackOf('high');
    new IncidentRunbooks(keyed, 'Runbooks', { volumeKeys: [Key.fromKeyArn(keyed, 'Volumes', KEY)] });
    expect(rightsOf(Template.fromStack(keyed), 'IsolateHost')).toContainEqual({
      Effect: 'Allow',
      Action: 'kms:CreateGrant',
      Resource: KEY,
      Condition: { Bool: { 'kms:GrantIsForAWSResource': 'true' } },
    });
  });

  it('refuses evidence that nobody keeps, and an account that is none', () => {
    for (const evidenceDays of [0, 1.5, 36_501])
      expect(() => new IncidentRunbooks(stackOf('low'), 'Runbooks', { evidenceDays })).toThrow(
        /Cases\/Runbooks: evidenceDays is .*from 1 to 36500 \(INC-09\)/,
      );
    expect(() => new IncidentRunbooks(stackOf('low'), 'Runbooks', { evidenceAccount: 'security' })).toThrow(/twelve digits/);
  });
});

describe('InvestigationRole', () => {
  it('lets in the security account of the organisation, with a second factor, for an hour', () => {
    const stack = ours();
    new InvestigationRole(stack, 'Investigators', { securityAccount: SECURITY });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'palisade-investigation',
      MaxSessionDuration: 3600,
      PermissionsBoundary: Match.anyValue(),
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Action: 'sts:AssumeRole',
            Condition: {
              Bool: { 'aws:MultiFactorAuthPresent': 'true' },
              NumericLessThan: { 'aws:MultiFactorAuthAge': '3600' },
              StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid' },
            },
          }),
        ],
      },
    });
  });

  it('looks, and neither alters nor reads data', () => {
    const stack = ours();
    new InvestigationRole(stack, 'Investigators', { securityAccount: SECURITY });
    const actions = rightsOf(Template.fromStack(stack), 'Investigators').flatMap(({ Action }) => Action);
    expect(actions.filter((action) => !/:(Get|List|Describe|Lookup|Select|GenerateCredentialReport|StartQuery)/.test(action))).toEqual([]);
    for (const data of ['s3:GetObject', 'dynamodb:GetItem', 'dynamodb:Query', 'secretsmanager:GetSecretValue', 'kms:Decrypt'])
      expect(actions).not.toContain(data);
  });

  it('raises an alarm each time somebody takes it', () => {
    const stack = ours();
    new InvestigationRole(stack, 'Investigators', { securityAccount: SECURITY });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      // Taking a role is a management event that reads, of which rules are told only when they ask.
      State: 'ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS',
      EventPattern: {
        detail: {
          eventName: ['AssumeRole'],
          requestParameters: { roleArn: [{ 'Fn::GetAtt': [Match.stringLikeRegexp('Investigators'), 'Arn'] }] },
        },
      },
      Targets: [Match.objectLike({ Arn: Match.anyValue() })],
    });
  });

  it('refuses long sessions, an account that is none, and a stack outside any organisation', () => {
    const securityAccount = SECURITY;
    expect(() => new InvestigationRole(ours(), 'I', { securityAccount, maxSessionDuration: Duration.hours(2) })).toThrow(
      /Cases\/I: maxSessionDuration is 2 hours; .*\(IDA-14\)/,
    );
    expect(() => new InvestigationRole(ours(), 'I', { securityAccount: '*' })).toThrow(/securityAccount is "\*"; write the twelve digits/);
    expect(() => new InvestigationRole(stackOf('low'), 'I', { securityAccount })).toThrow(/call declareOrganisation first \(LPA-10\)/);
  });
});

describe('InvestigationGraph', () => {
  it('takes in the accounts that join where it serves the organisation, and tells when it goes', () => {
    const stack = stackOf('high');
    new InvestigationGraph(stack, 'Graph', { organisation: true });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::Detective::Graph', { AutoEnableMembers: true });
    template.hasResourceProperties('AWS::Events::Rule', { EventPattern: { detail: { eventName: Match.arrayWith(['DeleteGraph']) } } });
    const alone = stackOf('high');
    new InvestigationGraph(alone, 'Graph');
    Template.fromStack(alone).hasResourceProperties('AWS::Detective::Graph', { AutoEnableMembers: Match.absent() });
  });
});

describe('InvestigationQueries', () => {
  const made = (props: object = {}, stack = ours()) => {
    const queries = new InvestigationQueries(stack, 'Queries', { archive: archiveOf(stack), ...props });
    queries.grantAsk(role(stack));
    return Template.fromStack(stack);
  };

  it('answers who, what, when and from where, in a window of days, to each question', () => {
    const queries = Object.values(made().findResources('AWS::Athena::NamedQuery')).map(({ Properties }) => Properties);
    expect(queries.map(({ Name }) => Name).sort()).toEqual([
      'WhatAKeyWasUsedFor',
      'WhatAnIdentityDid',
      'WhatCameFromAnAddress',
      'WhoReadInBulk',
      'WhoTouchedARecord',
      'WhoTouchedAStore',
    ]);
    for (const { QueryString } of queries) {
      for (const column of ['useridentity.arn AS who', 'sourceipaddress', 'eventname', 'eventtime']) expect(QueryString).toContain(column);
      expect(QueryString).toContain('WHERE day BETWEEN ? AND ?');
      expect(QueryString.match(/\?/g)).toHaveLength(3);
      // Words that Athena keeps for itself, and refuses as names.
      expect(QueryString).not.toMatch(/ AS (first|last|end|values|table)\b/i);
    }
  });

  it('encrypts every answer with a key, whatever the client asks for, and deletes it in time', () => {
    const template = made({ answersAtMostDays: 30 });
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        ResultConfiguration: { EncryptionConfiguration: { EncryptionOption: 'SSE_KMS', KmsKey: Match.anyValue() } },
        BytesScannedCutoffPerQuery: 1024 ** 4,
      },
    });
    template.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ ExpirationInDays: 30 })]) },
    });
  });

  it('finds the records of named accounts and regions for as long as they are kept', () => {
    const parameters = (template: Template) =>
      Object.values(template.findResources('AWS::Glue::Table'))[0]?.Properties.TableInput.Parameters as Record<string, unknown>;
    expect(parameters(made({ accounts: ['111122223333', '777788889999'], regions: ['eu-central-1'] }))).toMatchObject({
      'projection.account.values': '111122223333,777788889999',
      'projection.region.values': 'eu-central-1',
      'projection.day.range': 'NOW-731DAYS,NOW',
      'storage.location.template': 's3://org-log-archive/AWSLogs/${account}/CloudTrail/${region}/${day}',
    });
    expect(parameters(made({ organisationTrail: true }))).toMatchObject({
      'projection.region.values': 'eu-central-1,us-east-1',
      'storage.location.template': 's3://org-log-archive/AWSLogs/o-exampleorgid/${account}/CloudTrail/${region}/${day}',
    });
    expect(() => made({ organisationTrail: true }, stackOf('low'))).toThrow(/organisationTrail needs the organisation.*\(INC-10\)/);
  });

  it('lets who is granted ask, read the records and write answers down, and delete nothing', () => {
    const rights = rightsOf(made(), 'Responder');
    const actions = rights.flatMap(({ Action }) => Action);
    for (const action of ['athena:StartQueryExecution', 'glue:GetTable', 's3:PutObject', 'kms:Decrypt']) expect(actions).toContain(action);
    expect(actions.filter((action) => /Delete|:\*$|^\*$/.test(action))).toEqual([]);
    expect(JSON.stringify(rights)).toContain(':s3:::org-log-archive/AWSLogs/*');
  });
});

describe('what weakens the response to incidents', () => {
  const build = (stack: SecureStack) => {
    declareOrganisation(stack, 'o-exampleorgid');
    new IncidentRunbooks(stack, 'Runbooks');
    new InvestigationRole(stack, 'Investigators', { securityAccount: SECURITY });
    new InvestigationGraph(stack, 'Graph', { organisation: true });
    new InvestigationQueries(stack, 'Queries', { archive: archiveOf(stack) });
  };
  const resource = (stack: SecureStack, type: string, path: RegExp): CfnResource => {
    const found = stack.node
      .findAll()
      .find((each) => CfnResource.isCfnResource(each) && each.cfnResourceType === type && path.test(each.node.path));
    return found as CfnResource;
  };
  const overridden = (type: string, path: RegExp, property: string, value: unknown) =>
    brokenBy('high', build, (stack) => resource(stack, type, path).addPropertyOverride(property, value));
  const DOCUMENT = 'AWS::SSM::Document';

  it('a runbook without a role of its own', () => {
    expect(overridden(DOCUMENT, /FreezeIdentity$/, 'Content.assumeRole', '')).toEqual(['INC-03.response']);
  });

  it('a host that is isolated before evidence is taken, or whose evidence is not locked', () => {
    const reordered = (order: (steps: Step[]) => Step[]) =>
      brokenBy('high', build, (stack) => {
        const document = resource(stack, DOCUMENT, /IsolateHost$/) as CfnResource & { content: object };
        const content = stack.resolve(document.content);
        document.content = { ...content, mainSteps: order(content.mainSteps) };
      });
    expect(reordered((all) => all.filter(({ name }) => name !== 'snapshot' && name !== 'keepEvidence'))).toEqual(['INC-09.response']);
    expect(reordered((all) => [...all].reverse())).toEqual(['INC-09.response']);
    expect(reordered((all) => all.filter(({ name }) => name !== 'keepEvidence'))).toEqual(['INC-09.response']);
  });

  it('investigators who alter, stay long, or come from anywhere', () => {
    const later = brokenBy('high', build, (stack) =>
      (stack.node.findChild('Investigators') as InvestigationRole).addToPolicy(
        new PolicyStatement({ actions: ['s3:DeleteObject'], resources: ['*'] }),
      ),
    );
    expect(later).toContain('INC-11.response');
    expect(overridden('AWS::IAM::Role', /Investigators/, 'MaxSessionDuration', 43_200)).toEqual(['IDA-14.identity']);
    const open = brokenBy('high', build, (stack) => {
      const trust = (resource(stack, 'AWS::IAM::Role', /Investigators/) as CfnRole).assumeRolePolicyDocument;
      (resource(stack, 'AWS::IAM::Role', /Investigators/) as CfnRole).assumeRolePolicyDocument = Lazy.any({
        produce: () => ({
          Version: '2012-10-17',
          Statement: [{ ...stack.resolve(trust).Statement[0], Principal: { AWS: '*' }, Condition: undefined }],
        }),
      });
    });
    expect(open).toContain('LPA-10.identity');
  });

  it('a role of investigators that nobody hears of', () => {
    expect(overridden('AWS::Events::Rule', /Investigation/, 'State', 'DISABLED')).toEqual(['INC-11.response']);
  });

  it('a graph that leaves out new accounts', () => {
    expect(overridden('AWS::Detective::Graph', /Graph/, 'AutoEnableMembers', false)).toEqual(['INC-13.response']);
  });

  it('a question whose answer does not say from where, and answers in clear text', () => {
    expect(
      overridden(
        'AWS::Athena::NamedQuery',
        /WhoTouchedARecord/,
        'QueryString',
        'SELECT useridentity.arn, requestparameters, eventtime FROM records',
      ),
    ).toEqual(['INC-10.response']);
    const workgroup = overridden('AWS::Athena::WorkGroup', /Workgroup/, 'WorkGroupConfiguration.EnforceWorkGroupConfiguration', false);
    expect(workgroup.length).toBeGreaterThan(0);
    const clear = overridden(
      'AWS::Athena::WorkGroup',
      /Workgroup/,
      'WorkGroupConfiguration.ResultConfiguration.EncryptionConfiguration',
      Fn.ref('AWS::NoValue'),
    );
    expect(clear).toContain('ENC-01.messaging');
  });
});
