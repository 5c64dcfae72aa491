import { Aws } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { DataIdentifier } from 'aws-cdk-lib/aws-logs';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import {
  denyLogTampering,
  LogArchive,
  type LogArchiveProps,
  LogGuard,
  SecureLogGroup,
  type SecureLogGroupProps,
  SecureStack,
  SecureTrail,
  type SecureTrailProps,
} from '../constructs/aws';
import { TIERS, type Tier } from '../controls';
import { PROFILES, stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

const only = (template: Template, type: string, prefix = '') => {
  const found = Object.entries(template.findResources(type)).filter(([id]) => id.startsWith(prefix));
  expect(found).toHaveLength(1);
  return found[0]?.[1] as {
    Properties: Record<string, unknown>;
    DeletionPolicy?: string;
    Metadata?: { Palisade?: { waivers?: unknown[] } };
  };
};

describe('a secure log group', () => {
  const make = (props: SecureLogGroupProps = {}, tier: Tier = 'high') => {
    const stack = stackOf(tier);
    new SecureLogGroup(stack, 'Records', props);
    const template = Template.fromStack(stack);
    return { template, group: only(template, 'AWS::Logs::LogGroup') };
  };
  const days = (props: SecureLogGroupProps, tier: Tier) =>
    (make(props, tier).group.Properties as { RetentionInDays: number }).RetentionInDays;

  it('keeps records as long as the tier asks of their class', () => {
    expect(TIERS.map((tier) => days({}, tier))).toEqual([30, 90, 180]);
    expect(TIERS.map((tier) => days({ logClass: 'access' }, tier))).toEqual([90, 365, 731]);
    expect(TIERS.map((tier) => days({ logClass: 'security' }, tier))).toEqual([365, 365, 731]);
  });

  it('cannot be deleted by accident', () => {
    const { group } = make();
    expect(group).toMatchObject({ DeletionPolicy: 'Retain', Properties: { DeletionProtectionEnabled: true } });
  });

  it('is encrypted with the log key of the stack from the moderate tier on', () => {
    const stack = stackOf('moderate');
    for (const id of ['One', 'Two']) new SecureLogGroup(stack, id);
    const template = Template.fromStack(stack);
    template.allResourcesProperties('AWS::Logs::LogGroup', {
      KmsKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^PalisadeLogKey'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Principal: { Service: 'logs.eu-central-1.amazonaws.com' },
            Condition: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': Match.anyValue() } },
          }),
        ]),
      },
    });
    expect(make({}, 'low').group.Properties).not.toHaveProperty('KmsKeyId');
  });

  it('tells a key of the CDK that it is given to let CloudWatch Logs in, once', () => {
    const stack = stackOf('low');
    const key = new Key(stack, 'Mine');
    for (const id of ['One', 'Two']) new SecureLogGroup(stack, id, { key });
    const statements = only(Template.fromStack(stack), 'AWS::KMS::Key').Properties.KeyPolicy as { Statement: { Principal: object }[] };
    expect(statements.Statement.filter(({ Principal }) => 'Service' in Principal)).toHaveLength(1);
  });

  it('masks personal data and secrets, and what else it is told to', () => {
    const { group } = make({ mask: [DataIdentifier.PHONENUMBER_DE] });
    const text = JSON.stringify(group.Properties.DataProtectionPolicy);
    for (const name of ['EmailAddress', 'Name', 'CreditCardNumber', 'AwsSecretKey', 'OpenSshPrivateKey', 'PhoneNumber-DE'])
      expect(text).toContain(`data-identifier/${name}`);
    expect(text).toContain('"Deidentify":{"MaskConfig":{}}');
  });

  it('keeps records longer, and shorter only with a waiver', () => {
    expect(days({ retention: 365 }, 'high')).toBe(365);
    expect(() => make({ retention: 30 })).toThrow(
      /Cases\/Records: retention of 30 days for operations records at tier high breaks LOG-10.*at least 180/,
    );
    const { group } = make({ retention: 30, relax: [relaxationOf('LOG-10')] });
    expect(group.Properties.RetentionInDays).toBe(30);
    expect(group.Metadata?.Palisade?.waivers).toMatchObject([{ rule: 'LOG-10.logging' }]);
  });

  it('knows the periods of CloudWatch Logs', () => {
    expect(() => make({ retention: 200 })).toThrow(/retention is 200; CloudWatch Logs keeps records for 1, 3, 5/);
    expect(() => make({ retention: 9999 })).toThrow(/retention is 9999/);
  });

  it('captures raw records, or goes with its stack, only with a waiver', () => {
    const { group } = make({ relax: [relaxationOf('PRV-07'), relaxationOf('DHC-10')] });
    expect(group.Properties).not.toHaveProperty('DataProtectionPolicy');
    expect(group).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: false } });
    expect(group.Metadata?.Palisade?.waivers).toMatchObject([{ rule: 'DHC-10.logging' }, { rule: 'PRV-07.logging' }]);
  });

  it('is written to like any group of the CDK', () => {
    const stack = stackOf('high');
    const role = new Role(stack, 'Service', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    new SecureLogGroup(stack, 'Records').grantWrite(role);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] })] },
    });
  });
});

describe('a log archive', () => {
  const make = (props: LogArchiveProps = {}, tier: Tier = 'high', stack = stackOf(tier)) => {
    new LogArchive(stack, 'Archive', props);
    const template = Template.fromStack(stack);
    const statements = (type: string, document: string) =>
      (only(template, type, 'Archive').Properties[document] as { Statement: Record<string, unknown>[] }).Statement;
    return {
      template,
      bucket: only(template, 'AWS::S3::Bucket', 'Archive'),
      policy: statements('AWS::S3::BucketPolicy', 'PolicyDocument'),
      keyPolicy: statements('AWS::KMS::Key', 'KeyPolicy'),
    };
  };
  const retention = (bucket: { Properties: Record<string, unknown> }) =>
    (bucket.Properties.ObjectLockConfiguration as { Rule: { DefaultRetention: { Mode: string; Days: number } } }).Rule.DefaultRetention;

  it('is write-once for as long as the tier keeps security records', () => {
    expect(TIERS.map((tier) => retention(make({}, tier).bucket))).toEqual([
      { Mode: 'COMPLIANCE', Days: 365 },
      { Mode: 'COMPLIANCE', Days: 365 },
      { Mode: 'COMPLIANCE', Days: 731 },
    ]);
    expect(retention(make({ retention: 2557 }).bucket).Days).toBe(2557);
    expect(() => make({ retention: 90 })).toThrow(
      /retention is 90 days; security records of tier high are kept for at least 731 \(LOG-10\)/,
    );
  });

  it('has a key of its own at every tier, and is logged, kept and private', () => {
    for (const tier of TIERS)
      expect(make({}, tier).bucket).toMatchObject({
        DeletionPolicy: 'Retain',
        Properties: {
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [
              { ServerSideEncryptionByDefault: { KMSMasterKeyID: { 'Fn::GetAtt': [expect.stringMatching(/^ArchiveKey/), 'Arn'] } } },
            ],
          },
          LoggingConfiguration: { DestinationBucketName: { Ref: expect.stringContaining('AccessLogs') } },
          PublicAccessBlockConfiguration: { BlockPublicPolicy: true },
        },
      });
  });

  it('lets nobody delete or shorten', () => {
    expect(make().policy).toContainEqual(
      expect.objectContaining({
        Sid: 'DenyDeletion',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: expect.arrayContaining(['s3:DeleteObjectVersion', 's3:PutObjectRetention', 's3:BypassGovernanceRetention']),
      }),
    );
  });

  it('takes records of the named accounts only, from the services that deliver them', () => {
    const { policy, keyPolicy } = make({ accounts: ['111122223333', '444455556666'] });
    const allowed = [...policy, ...keyPolicy].filter((each) => each.Effect === 'Allow' && 'Service' in (each.Principal as object));
    const services = new Set(allowed.map((each) => (each.Principal as { Service: string }).Service));
    expect(services).toEqual(new Set(['cloudtrail.amazonaws.com', 'delivery.logs.amazonaws.com']));
    for (const each of allowed)
      expect(each.Condition).toMatchObject({ StringEquals: { 'aws:SourceAccount': ['111122223333', '444455556666'] } });
    expect(allowed.filter((each) => each.Action === 's3:PutObject')).toHaveLength(2);
  });

  it('is decrypted by its readers only, where they are named', () => {
    const stack = stackOf('high');
    const reader = new Role(stack, 'Investigator', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const { template, keyPolicy } = make({ readers: [reader] }, 'high', stack);
    expect(keyPolicy.find((each) => each.Sid === 'OnlyReadersDecrypt')).toMatchObject({
      Effect: 'Deny',
      Action: ['kms:Decrypt', 'kms:ReEncryptFrom'],
      Condition: { ArnNotLike: { 'aws:PrincipalArn': [{ 'Fn::GetAtt': [expect.stringMatching(/^Investigator/), 'Arn'] }] } },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['kms:Decrypt']) })]) },
    });
    expect(make().keyPolicy.some((each) => each.Sid === 'OnlyReadersDecrypt')).toBe(false);
  });

  it('can be taken down in governance mode, waived', () => {
    const { bucket } = make({ relax: [relaxationOf('LOG-08')] });
    expect(retention(bucket).Mode).toBe('GOVERNANCE');
    expect(bucket.Metadata?.Palisade?.waivers).toMatchObject([{ rule: 'LOG-08.logging', resource: 'Cases/Archive/Resource' }]);
    expect(() => make({ relax: [relaxationOf('LOG-10')] })).toThrow(
      /LOG-10 cannot be relaxed on LogArchive: an archive is where records outlive/,
    );
  });

  it('can name readers of another account before they exist, and only they decrypt', () => {
    const stack = stackOf('high');
    const reader = 'arn:aws:iam::444455556666:role/palisade-investigation';
    new LogArchive(stack, 'Archive', { readersElsewhere: [reader] });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: Match.arrayWith(['s3:GetObject*']),
            Condition: { ArnEquals: { 'aws:PrincipalArn': reader } },
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: Match.objectLike({ ArnNotLike: { 'aws:PrincipalArn': [reader] } }) }),
        ]),
      },
    });
    for (const wrong of ['arn:aws:iam::444455556666:root', 'arn:aws:iam::444455556666:role/*'])
      expect(() => new LogArchive(stackOf('high'), 'Archive', { readersElsewhere: [wrong] })).toThrow(
        /write the ARN of a role, without wildcards/,
      );
  });
});

describe('a secure trail', () => {
  const make = (props: SecureTrailProps = {}, tier: Tier = 'high', stack = stackOf(tier)) => {
    new SecureTrail(stack, 'Trail', props);
    const template = Template.fromStack(stack);
    return { template, trail: only(template, 'AWS::CloudTrail::Trail') };
  };
  type Selector = {
    Name: string;
    FieldSelectors: { Field: string; Equals?: string[]; StartsWith?: unknown[]; NotStartsWith?: unknown[] }[];
  };
  const selectors = (tier: Tier, props?: SecureTrailProps) => make(props, tier).trail.Properties.AdvancedEventSelectors as Selector[];
  const typesOf = (list: Selector[]) =>
    list.flatMap(({ FieldSelectors }) => FieldSelectors.filter(({ Field }) => Field === 'resources.type').flatMap(({ Equals }) => Equals));

  it.each(TIERS)('records the control plane of every region, validated and encrypted, at tier %s', (tier) => {
    const { trail } = make({}, tier);
    expect(trail.Properties).toMatchObject({
      IsLogging: true,
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
      KMSKeyId: { 'Fn::GetAtt': [expect.stringContaining('ArchiveKey'), 'Arn'] },
      CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': [expect.stringContaining('Records'), 'Arn'] },
    });
    expect(selectors(tier)[0]).toMatchObject({ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] });
  });

  it('records reads and alterations of data from the moderate tier on', () => {
    expect(selectors('low')).toHaveLength(1);
    for (const tier of ['moderate', 'high'] as const) {
      const list = selectors(tier);
      expect(typesOf(list)).toEqual(
        expect.arrayContaining(['AWS::S3::Object', 'AWS::DynamoDB::Table', 'AWS::Lambda::Function', 'AWS::SQS::Queue']),
      );
      expect(list.filter(({ FieldSelectors }) => FieldSelectors.some(({ Field }) => Field === 'readOnly')).map(({ Name }) => Name)).toEqual(
        ['Reads of the log archive'],
      );
    }
    expect(make({}, 'low').trail.Properties).not.toHaveProperty('InsightSelectors');
    expect(make().trail.Properties.InsightSelectors).toEqual([
      { InsightType: 'ApiCallRateInsight' },
      { InsightType: 'ApiErrorRateInsight' },
    ]);
  });

  it('does not record its own deliveries, and does record reads of the archive', () => {
    const [, objects, archive] = selectors('high');
    const prefix = { 'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringContaining('Archive'), 'Arn'] }, '/']] };
    expect(objects?.FieldSelectors).toContainEqual({ Field: 'resources.ARN', NotStartsWith: [prefix] });
    expect(archive?.FieldSelectors).toContainEqual({ Field: 'resources.ARN', StartsWith: [prefix] });
    expect(archive?.FieldSelectors).toContainEqual({ Field: 'readOnly', Equals: ['true'] });
  });

  it('records further types on demand, each once', () => {
    const types = typesOf(selectors('high', { dataResources: ['AWS::Cognito::IdentityPool', 'AWS::SQS::Queue'] }));
    expect(types).toContain('AWS::Cognito::IdentityPool');
    expect(types.filter((type) => type === 'AWS::SQS::Queue')).toHaveLength(1);
  });

  it('raises an alarm on tampering and on silence', () => {
    const { template } = make();
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        detail: {
          eventSource: Match.arrayWith(['cloudtrail.amazonaws.com', 'ec2.amazonaws.com', 'monitoring.amazonaws.com']),
          eventName: Match.arrayWith(['PutEventSelectors', 'StopLogging', 'DeleteFlowLogs', 'DeleteLogGroup', 'DisableAlarmActions']),
        },
      },
      Targets: [{ Arn: { Ref: Match.stringLikeRegexp('Alarms') } }],
    });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'IncomingLogEvents',
      TreatMissingData: 'breaching',
      Period: 300,
      EvaluationPeriods: 3,
      AlarmActions: [{ Ref: Match.stringLikeRegexp('Alarms') }],
    });
    template.hasResourceProperties('AWS::SNS::Topic', { KmsMasterKeyId: Match.anyValue() });
  });

  it('lets CloudTrail do no more than write, without asking for a source that it does not name', () => {
    const { template } = make();
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'cloudtrail.amazonaws.com' } }],
      },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: { Statement: [Match.objectLike({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'] })] },
    });
  });

  it('delivers to an archive in another stack, which does not depend on it', () => {
    const security = stackOf('high', 'Security');
    const archive = new LogArchive(security, 'Archive');
    const workload = new SecureStack(security.node.root as never, 'Workload', { env: { region: 'eu-central-1' }, profile: PROFILES.high });
    const { template } = make({ logs: archive }, 'high', workload);
    template.hasResourceProperties('AWS::CloudTrail::Trail', { S3BucketName: { 'Fn::ImportValue': Match.stringLikeRegexp('^Security:') } });
    expect(JSON.stringify(Template.fromStack(security).toJSON())).not.toContain('ImportValue');
    expect(security.dependencies).toEqual([]);
  });

  it('delivers to an imported archive that comes with its key, and to no other', () => {
    const stack = stackOf('high');
    const bare = Bucket.fromBucketName(stack, 'Bare', 'org-archive');
    expect(() => new SecureTrail(stack, 'Trail', { logs: bare })).toThrow(/Cases\/Trail: the archive has no key.*fromBucketAttributes/);
    const encryptionKey = Key.fromKeyArn(
      stack,
      'Key',
      `arn:aws:kms:eu-central-1:${Aws.ACCOUNT_ID}:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
    );
    const whole = Bucket.fromBucketAttributes(stack, 'Whole', { bucketName: 'org-archive', encryptionKey });
    new SecureTrail(stack, 'Other', { logs: whole, organisationTrail: true });
    Template.fromStack(stack).hasResourceProperties('AWS::CloudTrail::Trail', { S3BucketName: 'org-archive', IsOrganizationTrail: true });
  });

  it('of an organisation belongs to the management account, wherever it is made', () => {
    const stack = stackOf('high');
    new SecureTrail(stack, 'Trail', { organisationTrail: true, managementAccount: '123456789012' });
    const template = Template.fromStack(stack);
    template.hasResourceProperties('AWS::CloudTrail::Trail', { IsOrganizationTrail: true });
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: 's3:PutObject',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Condition: Match.objectLike({
              StringEquals: Match.objectLike({ 'aws:SourceAccount': ['123456789012', { Ref: 'AWS::AccountId' }] }),
            }),
          }),
        ]),
      },
    });
  });
});

describe('the guard of logs', () => {
  it('denies stopping, narrowing, shortening and silencing', () => {
    const stack = stackOf('low');
    new LogGuard(stack, 'Guard');
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::ManagedPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({
            Effect: 'Deny',
            Resource: '*',
            Action: Match.arrayWith(['cloudtrail:StopLogging', 'ec2:DeleteFlowLogs', 'logs:DeleteLogGroup', 'cloudwatch:DeleteAlarms']),
            Condition: Match.absent(),
          }),
        ],
      },
    });
  });

  it('lets the logging pipeline through', () => {
    const statement = denyLogTampering(['arn:aws:iam::111122223333:role/log-pipeline']).toStatementJson();
    expect(statement.Condition).toEqual({ ArnNotLike: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/log-pipeline'] } });
  });
});
