import { CfnResource, Validations } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import {
  AlarmTopic,
  DataDiscovery,
  ExposureAnalysis,
  SecureLogGroup,
  type SecureStack,
  SecureTrail,
  SecurityAlarms,
  SecurityPosture,
  ThreatDetection,
  VulnerabilityScanning,
} from '../constructs/aws';
import { stackOf } from './support/aws-constructs';
import { brokenBy, failingRules } from './support/weaken';

const eventNames = (template: Template, id: string): readonly string[] => {
  const [rule] = Object.entries(template.findResources('AWS::Events::Rule')).find(([name]) => name.includes(id)) ? [id] : [];
  const found = Object.entries(template.findResources('AWS::Events::Rule')).find(([name]) => name.includes(rule ?? id))?.[1];
  return found?.Properties.EventPattern.detail.eventName;
};

describe('ThreatDetection', () => {
  it('names every protection plan, runtime monitoring with its agents', () => {
    const stack = stackOf('low');
    new ThreatDetection(stack, 'Threats');
    Template.fromStack(stack).hasResourceProperties('AWS::GuardDuty::Detector', {
      Enable: true,
      Features: Match.arrayWith([
        { Name: 'S3_DATA_EVENTS', Status: 'ENABLED' },
        Match.objectLike({
          Name: 'RUNTIME_MONITORING',
          AdditionalConfiguration: Match.arrayWith([{ Name: 'EC2_AGENT_MANAGEMENT', Status: 'ENABLED' }]),
        }),
      ]),
    });
  });

  it('alarms from the severity that is asked for, and refuses one that there is not', () => {
    const stack = stackOf('low');
    new ThreatDetection(stack, 'Threats', { alarmFrom: 7 });
    Template.fromStack(stack).hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.guardduty'], detail: { severity: [{ numeric: ['>=', 7] }] } },
    });
    for (const alarmFrom of [0, 11, Number.NaN])
      expect(() => new ThreatDetection(stackOf('low'), 'Threats', { alarmFrom })).toThrow(/Cases\/Threats: alarmFrom is .*from 1 to 10/);
  });

  it('tells when it is switched off, on the topic that is given', () => {
    const stack = stackOf('low');
    const topic = new Topic(stack, 'Mine');
    new ThreatDetection(stack, 'Threats', { alarms: topic });
    const template = Template.fromStack(stack);
    expect(eventNames(template, 'ThreatDetectionOff')).toContain('DeleteDetector');
    template.hasResourceProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ Arn: stack.resolve(topic.topicArn) })] });
  });
});

describe('SecurityPosture', () => {
  it('enables its standards one after the other', () => {
    const stack = stackOf('low');
    new SecurityPosture(stack, 'Posture', { standards: ['nist-800-53/v/5.0.0', 'pci-dss/v/4.0.1'] });
    const standards = Object.values(Template.fromStack(stack).findResources('AWS::SecurityHub::Standard'));
    expect(standards).toHaveLength(2);
    expect(JSON.stringify(standards[0]?.Properties.StandardsArn)).toContain('::standards/nist-800-53/v/5.0.0');
    expect(standards[1]?.DependsOn).toEqual([expect.stringMatching(/nist/)]);
  });

  it('can leave the findings of other regions there, but judges by at least one standard', () => {
    const stack = stackOf('low');
    new SecurityPosture(stack, 'Posture', { aggregateRegions: false });
    Template.fromStack(stack).resourceCountIs('AWS::SecurityHub::FindingAggregator', 0);
    expect(() => new SecurityPosture(stackOf('low'), 'Posture', { standards: [] })).toThrow(/standards is empty/);
  });
});

describe('ExposureAnalysis', () => {
  it('analyses the organisation when asked, for outside and for unused access', () => {
    const stack = stackOf('low');
    new ExposureAnalysis(stack, 'Exposure', { organisation: true, unusedAfterDays: 30 });
    const types = Object.values(Template.fromStack(stack).findResources('AWS::AccessAnalyzer::Analyzer')).map(
      ({ Properties }) => Properties.Type,
    );
    expect(types.sort()).toEqual(['ORGANIZATION', 'ORGANIZATION_UNUSED_ACCESS']);
  });

  it('refuses to wait longer than a quarter', () => {
    for (const unusedAfterDays of [0, 91, 1.5])
      expect(() => new ExposureAnalysis(stackOf('low'), 'Exposure', { unusedAfterDays })).toThrow(/from 1 to 90 \(UAR-04\)/);
  });
});

describe('AlarmTopic', () => {
  it('keeps the events that it could not be told, and tells of them by another way', () => {
    const stack = stackOf('low');
    new AlarmTopic(stack, 'Alarms');
    const template = Template.fromStack(stack);
    const queue = Match.stringLikeRegexp('^AlarmsUndelivered');
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({ Arn: { Ref: Match.stringLikeRegexp('^Alarms') }, DeadLetterConfig: { Arn: { 'Fn::GetAtt': [queue, 'Arn'] } } }),
      ],
    });
    template.hasResourceProperties('AWS::SQS::Queue', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^AlarmsKey'), 'Arn'] },
      MessageRetentionPeriod: 1_209_600,
    });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { ArnLike: { 'aws:SourceArn': Match.anyValue() } },
          }),
          Match.objectLike({ Effect: 'Deny', Action: 'sqs:*', Sid: 'DenyOutsiders' }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Threshold: 1,
      AlarmActions: [{ Ref: Match.stringLikeRegexp('^Alarms') }],
    });
  });
});

describe('a topic of alarms, encrypted or not', () => {
  it.each([
    ['an AlarmTopic', (stack: SecureStack) => new AlarmTopic(stack, 'Alarms'), ['kms:Decrypt', 'kms:GenerateDataKey', 'sns:Publish']],
    ['a topic of the CDK', (stack: SecureStack) => new Topic(stack, 'Alarms'), ['sns:Publish']],
  ])('hears rules by a role of its own: EventBridge tells SNS no source by which a policy could know them (%s)', (_, make, rights) => {
    const stack = stackOf('low');
    const topic = make(stack);
    new ThreatDetection(stack, 'Threats', { alarms: topic });
    const template = Template.fromStack(stack);
    const role = { 'Fn::GetAtt': [Match.stringLikeRegexp('^AlarmsTeller'), 'Arn'] };
    template.allResourcesProperties('AWS::Events::Rule', { Targets: [Match.objectLike({ RoleArn: role })] });
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'events.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': Match.anyValue() }, ArnLike: { 'aws:SourceArn': Match.anyValue() } },
          }),
        ],
      },
    });
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual(rights);
    for (const { Properties } of Object.values(template.findResources('AWS::SNS::TopicPolicy')))
      expect(JSON.stringify(Properties)).not.toContain('events.amazonaws.com');
  });
});

describe('SecurityAlarms', () => {
  it('has an alarm that somebody hears for each event that deserves a look', () => {
    const stack = stackOf('low');
    const records = new SecureLogGroup(stack, 'Records', { logClass: 'security' });
    new SecurityAlarms(stack, 'Watch', { records });
    const template = Template.fromStack(stack);
    const filters = Object.values(template.findResources('AWS::Logs::MetricFilter'));
    const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm'));
    expect(filters).toHaveLength(16);
    const ofEvents = alarms.filter(({ Properties }) => Properties.Namespace?.startsWith('Palisade/'));
    expect(ofEvents.filter(({ Properties }) => Properties.AlarmActions?.length > 0)).toHaveLength(16);
    expect(filters.map(({ Properties }) => Properties.FilterPattern).join('\n')).toMatch(/userIdentity.type = "Root"/);
  });
});

describe('VulnerabilityScanning', () => {
  it('scans every image continuously, and has Inspector switched on by a role that can do nothing else', () => {
    const stack = stackOf('high');
    new VulnerabilityScanning(stack, 'Scanning');
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::ECR::RegistryScanningConfiguration', {
      ScanType: 'ENHANCED',
      Rules: [{ ScanFrequency: 'CONTINUOUS_SCAN', RepositoryFilters: [{ Filter: '*', FilterType: 'WILDCARD' }] }],
    });
    template.hasResourceProperties('AWS::SSM::Document', {
      DocumentType: 'Automation',
      Content: Match.objectLike({ mainSteps: [Match.objectLike({ inputs: Match.objectLike({ Service: 'inspector2', Api: 'Enable' }) })] }),
    });
    const runner = Object.entries(template.findResources('AWS::IAM::Policy')).find(([id]) => id.startsWith('ScanningRunner'))?.[1];
    const statements: readonly { Action: string | string[]; Resource: unknown }[] = runner?.Properties.PolicyDocument.Statement;
    const serviceRoles = JSON.stringify(statements.find(({ Action }) => Action === 'iam:CreateServiceLinkedRole')?.Resource);
    for (const role of ['AWSServiceRoleForAmazonInspector2', 'AWSServiceRoleForAmazonInspector2Agentless'])
      expect(serviceRoles).toContain(`${role}"`);
    expect(statements.flatMap(({ Action }) => Action).sort()).toEqual([
      'iam:CreateServiceLinkedRole',
      'inspector2:Enable',
      'ssm:GetAutomationExecution',
      'ssm:StartAutomationExecution',
    ]);
    template.hasResourceProperties('AWS::SSM::Association', {
      Name: { Ref: Match.stringLikeRegexp('Runbook') },
      ScheduleExpression: 'rate(1 day)',
    });
  });
});

describe('what weakens detection', () => {
  const weakened = (property: string, value: unknown, type: string) =>
    brokenBy(
      'high',
      (stack) => {
        const trail = new SecureTrail(stack, 'Trail');
        new SecurityAlarms(stack, 'Watch', { records: trail.logGroup });
        new ThreatDetection(stack, 'Threats');
        new SecurityPosture(stack, 'Posture');
        new ExposureAnalysis(stack, 'Exposure');
        new DataDiscovery(stack, 'Discovery');
        new VulnerabilityScanning(stack, 'Scanning');
      },
      (stack) => {
        const found = stack.node
          .findAll()
          .find((node): node is CfnResource => CfnResource.isCfnResource(node) && node.cfnResourceType === type);
        found?.addPropertyOverride(property, value);
      },
    );

  it.each([
    ['AWS::GuardDuty::Detector', 'Enable', false, 'MON-01.detection'],
    ['AWS::GuardDuty::Detector', 'Features.0.Status', 'DISABLED', 'MON-01.detection'],
    ['AWS::SecurityHub::Hub', 'AutoEnableControls', false, 'MON-02.detection'],
    ['AWS::AccessAnalyzer::Analyzer', 'ArchiveRules', [{ RuleName: 'all', Filter: [] }], 'MON-09.detection'],
    ['AWS::ECR::RegistryScanningConfiguration', 'ScanType', 'BASIC', 'VUL-04.containers'],
    ['AWS::Macie::Session', 'Status', 'PAUSED', 'DHC-03.detection'],
    ['AWS::CloudWatch::Alarm', 'ActionsEnabled', false, 'MON-05.detection'],
    ['AWS::CloudTrail::Trail', 'IsLogging', false, 'LOG-03.logging'],
  ])('%s with %s = %j is named by its rule', (type, property, value, rule) => {
    expect(weakened(property, value, type)).toContain(rule);
  });

  it('is not excused by an acknowledgement without fields', () => {
    const stack = stackOf('high');
    const threats = new ThreatDetection(stack, 'Threats');
    Validations.of(threats).acknowledge({ id: 'Palisade::MON-01.detection', reason: 'later' });
    (threats.node.defaultChild as CfnResource).addPropertyOverride('Enable', false);
    expect(failingRules(stack)).toContain('MON-01.detection');
  });
});
