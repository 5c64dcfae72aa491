import type { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { AccountPrincipal, AnyPrincipal, OrganizationPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type CfnFunction,
  CfnPermission,
  CfnUrl,
  Code,
  FunctionUrlAuthType,
  Function as LambdaFunction,
  Runtime,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { Bucket, EventType } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { describe, expect, it } from 'vitest';
import { CodeSigning, SecureFunction, type SecureFunctionProps, SecureKey, SecureVpc, share } from '../constructs/aws';
import { TIERS, type Tier } from '../controls';
import { evaluate } from '../policies/evaluate';
import { gatherConstructs } from '../policies/gather/constructs';
import { serverless } from '../policies/rules/serverless';
import { stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

const networkOf = (stack: Stack) =>
  Vpc.fromVpcAttributes(stack, 'Network', {
    vpcId: 'vpc-0123456789abcdef0',
    availabilityZones: ['eu-central-1a'],
    isolatedSubnetIds: ['subnet-0123456789abcdef0'],
  });
const archive = (stack: Stack) => Code.fromBucketV2(Bucket.fromBucketName(stack, 'Builds', 'builds'), 'cases.zip');

/** A function of a tier, in a network. */
function make(props: Partial<SecureFunctionProps> = {}, tier: Tier = 'high', stack: Stack = stackOf(tier)) {
  const fn = new SecureFunction(stack, 'Service', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: archive(stack),
    environment: { TABLE: 'cases' },
    vpc: networkOf(stack),
    ...props,
  });
  return { stack, fn, resource: fn.node.defaultChild as CfnFunction };
}
const propertiesOf = (stack: Stack) => {
  const [found] = Object.values(
    Template.fromStack(stack).findResources('AWS::Lambda::Function', { Properties: { Handler: 'index.handler' } }),
  );
  return (found as { Properties: Record<string, unknown> }).Properties;
};

/** Failures of the family's rules, by rule id. */
function broken(stack: Stack, tier: Tier = 'high'): readonly string[] {
  const { graph } = gatherConstructs(stack.node.root as App);
  const { findings } = evaluate(graph, { rules: serverless.rules, tier });
  return findings.filter(({ verdict }) => verdict === 'fail').map(({ rule }) => rule);
}

describe('a secure function', () => {
  it.each(TIERS)('traces, patches itself, writes JSON into a group of its own, and judges clean at tier %s', (tier) => {
    const { stack } = make({}, tier);
    expect(propertiesOf(stack)).toMatchObject({
      Runtime: 'nodejs22.x',
      MemorySize: 256,
      Timeout: 30,
      TracingConfig: { Mode: 'Active' },
      RuntimeManagementConfig: { UpdateRuntimeOn: 'Auto' },
      LoggingConfig: { LogFormat: 'JSON', LogGroup: { Ref: expect.stringContaining('ServiceLogs') } },
    });
    expect(broken(stack, tier)).toEqual([]);
  });

  it('encrypts its environment with the function key, and bounds itself, from the moderate tier on', () => {
    for (const tier of ['moderate', 'high'] as const)
      expect(propertiesOf(make({}, tier).stack)).toMatchObject({
        KmsKeyArn: { 'Fn::GetAtt': [expect.stringContaining('PalisadeFunctionKey'), 'Arn'] },
        ReservedConcurrentExecutions: 10,
      });
    const low = propertiesOf(make({}, 'low').stack);
    expect(low.KmsKeyArn).toBeUndefined();
    expect(low.ReservedConcurrentExecutions).toBeUndefined();
  });

  it('may decrypt its environment, write its own logs and attach itself to its network, and nothing else', () => {
    const { stack } = make();
    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy') as {
      [id: string]: { Properties: { PolicyDocument: { Statement: { Action: string | string[] }[] } } };
    };
    const own = Object.entries(policies).find(([id]) => id.startsWith('Service'))?.[1];
    const actions = own?.Properties.PolicyDocument.Statement.flatMap(({ Action }) => Action) ?? [];
    expect(actions).toEqual(
      expect.arrayContaining(['logs:PutLogEvents', 'ec2:CreateNetworkInterface', 'kms:Decrypt', 'xray:PutTraceSegments']),
    );
    expect(actions.every((action) => /^(logs:(CreateLogStream|PutLogEvents)|ec2:\w+|kms:Decrypt|xray:\w+)$/.test(action))).toBe(true);
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: Match.absent(),
      Description: Match.stringLikeRegexp('Service'),
    });
  });

  it('lets nothing in and nothing out', () => {
    Template.fromStack(make().stack).hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: Match.absent(),
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '255.255.255.255/32' })],
    });
  });

  it('runs in the workload subnets of a secure network, and reaches its endpoints', () => {
    const stack = stackOf('high');
    const vpc = new SecureVpc(stack, 'SecureNetwork');
    make({ vpc }, 'high', stack);
    const { VpcConfig } = propertiesOf(stack) as { VpcConfig: { SubnetIds: { Ref: string }[] } };
    expect(VpcConfig.SubnetIds.map(({ Ref }) => Ref)).toEqual([
      expect.stringContaining('workload'),
      expect.stringContaining('workload'),
      expect.stringContaining('workload'),
    ]);
    Template.fromStack(stack).hasResourceProperties('AWS::EC2::SecurityGroupEgress', { FromPort: 443, ToPort: 443 });
  });

  it('runs signed code only at the high tier; inline code stands in the template', () => {
    expect(propertiesOf(make().stack).CodeSigningConfigArn).toBeDefined();
    expect(propertiesOf(make({}, 'moderate').stack).CodeSigningConfigArn).toBeUndefined();
    const inline = make({ code: Code.fromInline('exports.handler = async () => {}') });
    expect(propertiesOf(inline.stack).CodeSigningConfigArn).toBeUndefined();
    expect(broken(inline.stack)).toEqual([]);
  });

  it('shares one signing configuration', () => {
    const stack = stackOf('high');
    const signing = new CodeSigning(stack, 'Signing');
    make({}, 'high', stack);
    Template.fromStack(stack).resourceCountIs('AWS::Lambda::CodeSigningConfig', 1);
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::CodeSigningConfig', {
      CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' },
    });
    expect(signing.profile.signingProfileVersionArn).toBeDefined();
    const elsewhere = stackOf('high', 'Elsewhere');
    share(elsewhere.node.root, 'code-signing', signing);
    expect(() => make({}, 'high', elsewhere)).not.toThrow();
  });

  it('takes a key, a log group of its own and a limit instead', () => {
    const stack = stackOf('high');
    const key = new SecureKey(stack, 'Key');
    make({ key, reservedConcurrentExecutions: 50 }, 'high', stack);
    expect(propertiesOf(stack)).toMatchObject({ KmsKeyArn: stack.resolve(key.keyArn), ReservedConcurrentExecutions: 50 });
  });

  it('cannot be weakened by props that the type does not have', () => {
    const { stack } = make({
      tracing: Tracing.DISABLED,
      allowPublicSubnet: true,
      logRetention: 1,
      recursiveLoop: 'Allow',
    } as Partial<SecureFunctionProps>);
    expect(propertiesOf(stack)).toMatchObject({ TracingConfig: { Mode: 'Active' } });
    expect(propertiesOf(stack).RecursiveLoop).toBeUndefined();
  });
});

describe('bad props', () => {
  it.each([
    [{ runtime: Runtime.NODEJS_16_X }, /Cases\/Service: runtime nodejs16.x breaks VUL-10.*write a supported one, such as nodejs24.x/],
    [{ vpc: undefined }, /Cases\/Service: no vpc at tier high breaks DID-22.*pass vpc/],
    [{ reservedConcurrentExecutions: -1 }, /Cases\/Service: reservedConcurrentExecutions is -1; write a whole number \(DID-08\)/],
  ] as const)('give one clear line: %o', (props, message) => {
    expect(() => make(props as Partial<SecureFunctionProps>)).toThrow(message);
  });

  it('are refused in permissions and URLs', () => {
    const { fn } = make();
    expect(() => fn.addFunctionUrl({ authType: FunctionUrlAuthType.NONE })).toThrow(
      /Cases\/Service: authType NONE lets anybody call the URL.*\(DID-16\)/,
    );
    expect(() => fn.addFunctionUrl({ cors: { allowedOrigins: ['*'], allowCredentials: true } })).toThrow(/list the origins \(DID-21\)/);
    expect(() => fn.addPermission('All', { principal: new AnyPrincipal() })).toThrow(
      /Cases\/Service: All: a permission for "\*".*\(LPA-10\)/,
    );
    expect(() => fn.addPermission('Url', { principal: new AccountPrincipal('1'), functionUrlAuthType: FunctionUrlAuthType.NONE })).toThrow(
      /DID-16/,
    );
    expect(() => fn.addPermission('Topic', { principal: new ServicePrincipal('sns.amazonaws.com') })).toThrow(
      /Topic: sns.amazonaws.com could call the function on behalf of anybody; add sourceArn.*\(LPA-16\)/,
    );
    expect(() => fn.grantInvoke(new ServicePrincipal('sns.amazonaws.com'))).toThrow(/LPA-16/);
  });

  it('are told from good ones', () => {
    const { fn, stack } = make();
    // An event of the topic that is not handled has nowhere to go: the advice to add a dead-letter queue is right.
    fn.addFunctionUrl();
    fn.addPermission('Everyone', { principal: new AnyPrincipal(), organizationId: 'o-exampleorgid' });
    fn.addPermission('Organisation', { principal: new OrganizationPrincipal('o-exampleorgid') });
    fn.addPermission('Topic', { principal: new ServicePrincipal('sns.amazonaws.com'), sourceAccount: stack.account });
    fn.grantInvoke(
      new ServicePrincipal('sns.amazonaws.com', {
        conditions: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:eu-central-1:111122223333:cases' } },
      }),
    );
    expect(broken(stack)).toEqual(['LOG-19.serverless']);
  });

  it('do not keep the CDK from wiring notifications', () => {
    const { fn, stack } = make();
    const bucket = new Bucket(stack, 'Uploads');
    bucket.addEventNotification(EventType.OBJECT_CREATED, new LambdaDestination(fn));
    expect(broken(stack)).toEqual(['LOG-19.serverless']);
  });
});

describe('runtimes', () => {
  it('are refused exactly where the rule finds them unsupported', () => {
    const stack = stackOf('low');
    const archives = archive(stack);
    const names = Runtime.ALL.filter((runtime) => runtime !== Runtime.FROM_IMAGE).map(({ name }) => name);
    const functions = [...new Set(names)].map((name, index) => {
      const props = { runtime: new Runtime(name), handler: 'index.handler', code: archives };
      const refused = refusal(() => new SecureFunction(stack, `Refused${index}`, props));
      return { name, refused, plain: new LambdaFunction(stack, `Plain${index}`, props) };
    });
    const { graph } = gatherConstructs(stack.node.root as App);
    const rules = serverless.rules.filter(({ id }) => id === 'VUL-10.serverless');
    const found = new Set(evaluate(graph, { rules, tier: 'low' }).findings.map(({ resource }) => resource.path));
    expect(functions.filter(({ refused }) => refused).length).toBeGreaterThan(20);
    expect(functions.filter(({ refused, plain }) => refused !== found.has(`${plain.node.path}/Resource`)).map(({ name }) => name)).toEqual(
      [],
    );
  });
});

/** Whether VUL-10 is why it throws. */
function refusal(work: () => void): boolean {
  try {
    work();
    return false;
  } catch (error) {
    if (!/breaks VUL-10/.test(String(error))) throw error;
    return true;
  }
}

describe('weakened', () => {
  it.each([
    ['VUL-10', (resource: CfnFunction) => resource.addPropertyOverride('Runtime', 'python3.8')],
    ['DHC-06', (resource: CfnFunction) => resource.addPropertyDeletionOverride('LoggingConfig.LogGroup')],
    ['DID-08', (resource: CfnFunction) => resource.addPropertyDeletionOverride('ReservedConcurrentExecutions')],
    ['DID-08', (resource: CfnFunction) => resource.addPropertyOverride('RecursiveLoop', 'Allow')],
    ['ENC-11', (resource: CfnFunction) => resource.addPropertyDeletionOverride('KmsKeyArn')],
    ['LOG-19', (resource: CfnFunction) => resource.addPropertyOverride('TracingConfig.Mode', 'PassThrough')],
    ['DID-22', (resource: CfnFunction) => resource.addPropertyDeletionOverride('VpcConfig')],
    ['SDC-14', (resource: CfnFunction) => resource.addPropertyDeletionOverride('CodeSigningConfigArn')],
    ['VUL-05', (resource: CfnFunction) => resource.addPropertyOverride('RuntimeManagementConfig.UpdateRuntimeOn', 'Manual')],
    ['DID-16', ({ stack, ref }: CfnFunction) => new CfnUrl(stack, 'Url', { targetFunctionArn: ref, authType: 'NONE' })],
    [
      'LPA-10',
      ({ stack, ref }: CfnFunction) =>
        new CfnPermission(stack, 'P', { functionName: ref, action: 'lambda:InvokeFunction', principal: '*' }),
    ],
    [
      'LPA-16',
      ({ stack, ref }: CfnFunction) =>
        new CfnPermission(stack, 'P', { functionName: ref, action: 'lambda:InvokeFunction', principal: 's3.amazonaws.com' }),
    ],
    [
      'LPA-02',
      ({ stack, ref }: CfnFunction) => new CfnPermission(stack, 'P', { functionName: ref, action: 'lambda:*', principal: stack.account }),
    ],
  ] as const)('%s names it', (control, weaken) => {
    const { stack, resource } = make();
    weaken(resource);
    expect(broken(stack)).toContain(`${control}.serverless`);
  });

  it('is named on the signing configuration as well', () => {
    const { stack } = make();
    const signing = stack.node.findChild('PalisadeCodeSigning') as CodeSigning;
    (signing.node.defaultChild as CfnFunction).addPropertyOverride('CodeSigningPolicies.UntrustedArtifactOnDeployment', 'Warn');
    expect(broken(stack)).toEqual(['SDC-14.serverless']);
  });
});

describe('relaxing', () => {
  it.each([
    ['DID-22', { vpc: undefined }],
    ['SDC-14', {}],
    ['DID-08', {}],
    ['VUL-10', { runtime: Runtime.NODEJS_16_X }],
  ] as const)('%s lets the one thing go, and leaves a waiver', (control, props) => {
    const { stack, resource } = make({ ...(props as Partial<SecureFunctionProps>), relax: [relaxationOf(control)] });
    expect(resource.getMetadata('Palisade')).toMatchObject({ waivers: [{ rule: `${control}.serverless`, ticket: 'SEC-1201' }] });
    expect(broken(stack)).toEqual([`${control}.serverless`]);
  });

  it('refuses what is firm', () => {
    expect(() => make({ relax: [relaxationOf('LOG-19')] })).toThrow(
      /LOG-19 cannot be relaxed on SecureFunction: tracing needs nothing from the code/,
    );
  });
});
