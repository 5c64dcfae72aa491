import { App, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InterfaceVpcEndpointAwsService, IpAddresses, Port } from 'aws-cdk-lib/aws-ec2';
import { describe, expect, it } from 'vitest';
import { LogArchive, SecureStack, SecureVpc, type SecureVpcProps } from '../constructs/aws';
import { TIERS, type Tier } from '../controls';
import { PROFILES, stackOf } from './support/aws-constructs';
import { relaxationOf } from './support/relaxation';

const make = (props: SecureVpcProps = {}, tier: Tier = 'high', stack = stackOf(tier)) => {
  const vpc = new SecureVpc(stack, 'Network', props);
  return { stack, vpc, template: Template.fromStack(stack) };
};
const propertiesOf = (template: Template, type: string) =>
  Object.values(template.findResources(type)).map(({ Properties }) => Properties as Record<string, unknown>);

const WAY_OUT = ['AWS::EC2::InternetGateway', 'AWS::EC2::NatGateway', 'AWS::EC2::VPCGatewayAttachment', 'AWS::EC2::Route'];

describe('a secure network', () => {
  it.each(TIERS)('has no way in or out at tier %s', (tier) => {
    const { template } = make({}, tier);
    for (const type of WAY_OUT) template.resourceCountIs(type, 0);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
  });

  it('spans three zones at high and two below, and never one', () => {
    expect(TIERS.map((tier) => make({}, tier).vpc.isolatedSubnets.length)).toEqual([4, 4, 6]);
    expect(() => make({ maxAzs: 1 })).toThrow(/Cases\/Network: maxAzs is 1; a network spans at least 2/);
  });

  it('places workloads and stores apart, with zones chosen at deployment', () => {
    const { stack, vpc, template } = make({ ipAddresses: IpAddresses.cidr('10.20.0.0/16') });
    expect(vpc.selectSubnets(SecureVpc.WORKLOAD).subnets).toHaveLength(3);
    expect(vpc.selectSubnets(SecureVpc.DATA).subnets).toHaveLength(3);
    template.hasResourceProperties('AWS::EC2::VPC', { CidrBlock: '10.20.0.0/16', EnableDnsHostnames: true, EnableDnsSupport: true });
    expect(JSON.stringify(propertiesOf(template, 'AWS::EC2::Subnet')[0])).toContain('Fn::GetAZs');
    expect(stack.node.tryGetContext('availability-zones')).toBeUndefined();
  });

  it('empties the default security group', () => {
    make().template.resourceCountIs('Custom::VpcRestrictDefaultSG', 1);
  });

  it('lets stores hear workloads and stores only', () => {
    const { template, vpc } = make({}, 'moderate');
    const inside = [...vpc.selectSubnets(SecureVpc.WORKLOAD).subnets, ...vpc.selectSubnets(SecureVpc.DATA).subnets].map(
      (each) => each.ipv4CidrBlock,
    );
    const entries = Object.entries(template.findResources('AWS::EC2::NetworkAclEntry')).filter(([id]) => id.includes('DataAcl'));
    expect(new Set(entries.map(([, { Properties }]) => Properties.CidrBlock))).toEqual(new Set(inside));
    expect(entries.every(([, { Properties }]) => Properties.Protocol === 6)).toBe(true);
  });

  it('takes nothing from anywhere into workloads but answers', () => {
    const entries = propertiesOf(make().template, 'AWS::EC2::NetworkAclEntry').filter(
      ({ CidrBlock, Egress }) => CidrBlock === '0.0.0.0/0' && !Egress,
    );
    expect(entries.map(({ PortRange }) => PortRange)).toEqual([{ From: 32_768, To: 65_535 }]);
  });

  it('blocks internet gateways for the account from the moderate tier on, once per app', () => {
    const stack = stackOf('moderate');
    for (const id of ['First', 'Second']) new SecureVpc(stack, id);
    Template.fromStack(stack).resourceCountIs('AWS::EC2::VPCBlockPublicAccessOptions', 1);
    make().template.hasResourceProperties('AWS::EC2::VPCBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-bidirectional' });
    make({}, 'low').template.resourceCountIs('AWS::EC2::VPCBlockPublicAccessOptions', 0);
    make({ blockInternetGateways: 'elsewhere' }).template.resourceCountIs('AWS::EC2::VPCBlockPublicAccessOptions', 0);
  });

  it('blocks them in each stage', () => {
    const app = new App();
    const stacks = ['Test', 'Live'].map((id) => new SecureStack(new Stage(app, id), 'Cases', { profile: PROFILES.high }));
    for (const stack of stacks) make({}, 'high', stack).template.resourceCountIs('AWS::EC2::VPCBlockPublicAccessOptions', 1);
  });
});

describe('private endpoints', () => {
  it('lead to the usual services, S3 and DynamoDB, and only to what belongs to the account', () => {
    const { template } = make();
    const endpoints = propertiesOf(template, 'AWS::EC2::VPCEndpoint');
    const names = endpoints.map(({ ServiceName }) => JSON.stringify(ServiceName).replace(/.*\.([a-z0-9]+)"?.*/, '$1'));
    expect(names.sort()).toEqual(['dynamodb', 'kms', 'logs', 's3', 'secretsmanager', 'sts']);
    for (const { PolicyDocument, VpcEndpointType, PrivateDnsEnabled } of endpoints) {
      const inside = (PolicyDocument as { Statement: { Sid: string }[] }).Statement.filter(({ Sid }) => Sid !== 'RolesOfOurs');
      expect(inside).toEqual([
        expect.objectContaining({
          Effect: 'Allow',
          Condition: {
            StringEquals: { 'aws:PrincipalAccount': { Ref: 'AWS::AccountId' }, 'aws:ResourceAccount': { Ref: 'AWS::AccountId' } },
          },
        }),
      ]);
      if (VpcEndpointType === 'Interface') expect(PrivateDnsEnabled).toBe(true);
    }
  });

  it('lead to the whole organisation, where one is declared', () => {
    const stack = new SecureStack(new App(), 'Cases', { profile: PROFILES.high, organisationId: 'o-exampleorgid' });
    make({}, 'high', stack).template.allResourcesProperties('AWS::EC2::VPCEndpoint', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorgid', 'aws:ResourceOrgID': 'o-exampleorgid' } },
          }),
        ]),
      },
    });
  });

  it('are those that are named, each once, and are found by name', () => {
    const { vpc, template } = make({ endpoints: [InterfaceVpcEndpointAwsService.SQS, InterfaceVpcEndpointAwsService.SQS] });
    expect([...vpc.interfaces.keys()]).toEqual(['sqs']);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 3);
  });

  it('let callers with a token reach the interfaces of the account, and nothing else without a signature', () => {
    const { template } = make({
      endpoints: [InterfaceVpcEndpointAwsService.APIGATEWAY, InterfaceVpcEndpointAwsService.APP_SYNC, InterfaceVpcEndpointAwsService.KMS],
    });
    const open = propertiesOf(template, 'AWS::EC2::VPCEndpoint').flatMap(({ PolicyDocument }) =>
      (PolicyDocument as { Statement: { Sid?: string; Action: string; Resource: unknown; Condition?: object }[] }).Statement.filter(
        ({ Condition }) => Condition === undefined,
      ),
    );
    expect(open.map(({ Sid, Action, Resource }) => [Sid, Action, JSON.stringify(Resource)])).toEqual([
      ['CallersWithTokens', 'execute-api:Invoke', expect.stringMatching(/:execute-api:eu-central-1:.*:\*"/)],
      ['CallersWithTokens', 'appsync:GraphQL', expect.stringMatching(/:appsync:eu-central-1:.*:apis\/\*"/)],
    ]);
    expect(JSON.stringify(open)).toContain('AWS::AccountId');
  });

  it('let federated workloads take roles of ours', () => {
    make().template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      ServiceName: 'com.amazonaws.eu-central-1.sts',
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: ['sts:AssumeRoleWithSAML', 'sts:AssumeRoleWithWebIdentity'],
            Condition: { StringEquals: { 'aws:ResourceAccount': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  it('let container images in, where ECR is named', () => {
    make({ endpoints: [InterfaceVpcEndpointAwsService.ECR_DOCKER] }).template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Gateway',
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Sid: 'ImageLayers', Action: 's3:GetObject' })]) },
    });
  });

  it('let hosts fetch agents, patches and packages, where Systems Manager is named, and nothing else of anybody', () => {
    const { template } = make({ endpoints: [InterfaceVpcEndpointAwsService.SSM] });
    const gateways = Object.values(template.findResources('AWS::EC2::VPCEndpoint')).filter(
      ({ Properties }) => Properties.VpcEndpointType === 'Gateway',
    );
    const statements: { Sid: string; Action: unknown; Resource: unknown }[] = gateways.flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const [fetching, ...others] = statements.filter(({ Sid }) => Sid !== 'InsideThePerimeter');
    expect(others).toEqual([]);
    expect(fetching?.Action).toBe('s3:GetObject');
    const buckets = JSON.stringify(fetching?.Resource);
    for (const bucket of ['patch-baseline-snapshot-eu-central-1', 'al2023-repos-eu-central-1-de612dc2', 'eu-central-1-birdwatcher-prod'])
      expect(buckets).toContain(`:s3:::${bucket}/*`);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Interface',
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Sid: 'DocumentsOfAws',
            Action: Match.arrayWith(['ssm:GetDocument']),
            Condition: { StringEquals: { 'aws:PrincipalAccount': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  it('answer on 443 to the network only', () => {
    make().template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupIngress: [{ IpProtocol: 'tcp', FromPort: 443, ToPort: 443, CidrIp: '10.0.0.0/16' }],
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '127.0.0.1/32', IpProtocol: 'icmp' })],
    });
  });
});

describe('records of the network', () => {
  it.each(TIERS)('hold accepted and rejected flows, and name queries, at tier %s', (tier) => {
    const { template } = make({}, tier);
    template.hasResourceProperties('AWS::EC2::FlowLog', {
      TrafficType: 'ALL',
      ResourceType: 'VPC',
      LogDestinationType: 'cloud-watch-logs',
      MaxAggregationInterval: tier === 'low' ? 600 : 60,
      LogFormat: Match.stringLikeRegexp('pkt-srcaddr.*flow-direction.*action'),
    });
    template.resourceCountIs('AWS::Route53Resolver::ResolverQueryLoggingConfigAssociation', 1);
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: tier === 'high' ? 731 : 365 });
    template.resourceCountIs('AWS::Logs::LogGroup', 2);
  });

  it('are written by the services for this account only', () => {
    const { template } = make();
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'vpc-flow-logs.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } }, ArnLike: Match.anyValue() },
          }),
        ],
      },
    });
    const [policy] = propertiesOf(template, 'AWS::Logs::ResourcePolicy');
    expect(JSON.stringify(policy)).toMatch(
      /delivery\.logs\.amazonaws\.com.*aws:SourceAccount|aws:SourceAccount.*delivery\.logs\.amazonaws\.com/,
    );
  });

  it('can go straight to an archive', () => {
    const stack = stackOf('high');
    const logs = new LogArchive(stack, 'Archive');
    const { template } = make({ logs }, 'high', stack);
    const arn = stack.resolve(logs.bucketArn);
    template.hasResourceProperties('AWS::EC2::FlowLog', { LogDestinationType: 's3', LogDestination: arn });
    template.hasResourceProperties('AWS::Route53Resolver::ResolverQueryLoggingConfig', { DestinationArn: arn });
    template.resourceCountIs('AWS::Logs::LogGroup', 0);
  });
});

describe('names', () => {
  it('resolve when they are listed, and no others do, from the moderate tier on', () => {
    const { template } = make({ allowedNames: ['*.cases.internal'], refusedNameLists: ['rslvr-fdl-0123456789abcdef'] }, 'moderate');
    template.hasResourceProperties('AWS::Route53Resolver::FirewallDomainList', {
      Domains: Match.arrayWith(['*.amazonaws.com', '*.cases.internal']),
    });
    template.hasResourceProperties('AWS::Route53Resolver::FirewallRuleGroup', {
      FirewallRules: [
        Match.objectLike({ Priority: 100, Action: 'BLOCK', FirewallDomainListId: 'rslvr-fdl-0123456789abcdef' }),
        Match.objectLike({ Priority: 200, Action: 'ALLOW' }),
        Match.objectLike({ Priority: 300, Action: 'BLOCK', BlockResponse: 'NXDOMAIN' }),
      ],
    });
    template.resourceCountIs('AWS::Route53Resolver::FirewallRuleGroupAssociation', 1);
    template.resourceCountIs('AWS::Route53Resolver::ResolverDNSSECConfig', 1);
  });

  it('are free at low, unless names are listed', () => {
    make({}, 'low').template.resourceCountIs('AWS::Route53Resolver::FirewallRuleGroup', 0);
    make({ allowedNames: ['example.com'] }, 'low').template.resourceCountIs('AWS::Route53Resolver::FirewallRuleGroup', 1);
  });

  it('are left to a central firewall with a waiver', () => {
    const { template } = make({ relax: [relaxationOf('DID-10')] });
    template.resourceCountIs('AWS::Route53Resolver::FirewallRuleGroup', 0);
    template.hasResource('AWS::EC2::VPC', { Metadata: { Palisade: { waivers: [Match.objectLike({ rule: 'DID-10.network' })] } } });
  });
});

describe('a declared edge', () => {
  it('has an internet gateway, and no block of it', () => {
    const { template, vpc } = make({ edge: true });
    template.resourceCountIs('AWS::EC2::InternetGateway', 1);
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::VPCBlockPublicAccessOptions', 0);
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    expect(vpc.selectSubnets(SecureVpc.EDGE).subnets).toHaveLength(3);
    expect(vpc.selectSubnets(SecureVpc.WORKLOAD).subnets.every((subnet) => vpc.isolatedSubnets.includes(subnet))).toBe(true);
  });

  it('is not cut off by another network of the app', () => {
    const { stack } = make();
    expect(() => new SecureVpc(stack, 'Edge', { edge: true })).toThrow(
      /Cases\/Network: blocks the internet gateways.*would cut off the edge of Cases\/Edge/,
    );
    const other = make({ edge: true }).stack;
    expect(() => new SecureVpc(other, 'Inner')).toThrow(/blocks the internet gateways/);
    expect(() => new SecureVpc(make({ edge: true }).stack, 'Inner', { blockInternetGateways: 'elsewhere' })).not.toThrow();
  });
});

describe('a way out', () => {
  it('needs a waiver', () => {
    expect(() => make({ egress: true })).toThrow(/Cases\/Network: egress breaks EXP-05.*add the services to endpoints/);
  });

  it('leads workloads through NAT, keeps stores isolated and blocks the way in', () => {
    const stack = stackOf('high');
    const vpc = new SecureVpc(stack, 'Network', { egress: true, relax: [relaxationOf('EXP-05')] });
    const group = vpc.securityGroup('Crawler', { description: 'Calls partners', internet: true });
    const template = Template.fromStack(stack);
    template.resourceCountIs('AWS::EC2::NatGateway', 3);
    template.hasResourceProperties('AWS::EC2::VPCBlockPublicAccessOptions', { InternetGatewayBlockMode: 'block-ingress' });
    expect(vpc.selectSubnets(SecureVpc.DATA).subnets.every((subnet) => vpc.isolatedSubnets.includes(subnet))).toBe(true);
    template.hasResource('AWS::EC2::SecurityGroup', {
      Metadata: { Palisade: { waivers: [Match.objectLike({ rule: 'EXP-05.network', resource: `${group.node.path}/Resource` })] } },
      Properties: { SecurityGroupEgress: Match.arrayWith([Match.objectLike({ CidrIp: '0.0.0.0/0', FromPort: 443, ToPort: 443 })]) },
    });
  });
});

describe('a security group of the network', () => {
  it('lets nothing out but HTTPS to the endpoints', () => {
    const stack = stackOf('high');
    const vpc = new SecureVpc(stack, 'Network', { prefixLists: { s3: 'pl-6ea54007' } });
    const service = vpc.securityGroup('Service', { description: 'Case service' });
    const store = vpc.securityGroup('Cases', { description: 'Case database', endpoints: false });
    service.addEgressRule(store, Port.tcp(5432), 'Case database');
    const template = Template.fromStack(stack);
    const id = stack.getLogicalId(service.node.defaultChild as never);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Case service',
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '127.0.0.1/32', IpProtocol: 'icmp' })],
    });
    const separate = propertiesOf(template, 'AWS::EC2::SecurityGroupEgress').filter(({ GroupId }) => JSON.stringify(GroupId).includes(id));
    expect(separate.map(({ FromPort }) => FromPort).sort()).toEqual([443, 443, 5432]);
    expect(separate.some(({ DestinationPrefixListId }) => DestinationPrefixListId === 'pl-6ea54007')).toBe(true);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      GroupDescription: 'Case database',
      SecurityGroupEgress: [Match.objectLike({ CidrIp: '127.0.0.1/32', IpProtocol: 'icmp' })],
    });
  });

  it('reaches the internet only in a network with a way out', () => {
    const { vpc } = make();
    expect(() => vpc.securityGroup('Crawler', { description: 'Calls partners', internet: true })).toThrow(
      /Crawler: internet needs a network with inspectedEgress, or with egress: true and EXP-05 relaxed/,
    );
  });
});
