import { describe, expect, it } from 'vitest';
import { evaluate } from '../policies';
import { graphOfTemplates } from '../policies/gather/cloudformation';
import type { Node } from '../policies/node';
import { compareSides, type Side, sideOf } from '../review/diff';
import { exposure } from '../review/diff/exposure';
import { pair } from '../review/diff/pairing';
import type { ReviewChange } from '../review/schema-review';
import { azureGraphOf } from './support/examples';

const occasion = { today: new Date('2026-11-22T00:00:00Z') };
// biome-ignore lint/suspicious/noExplicitAny: templates of every shape
type Template = any;
const side = (which: Side['which'], Resources: Template): Side =>
  sideOf(
    which,
    [{ path: 't', graph: graphOfTemplates([{ id: 't', template: { Resources } as unknown as Record<string, Node> }]).graph, waivers: [] }],
    occasion,
  );
/** Exposure asks no rule. */
const nothing = evaluate(azureGraphOf({}), { rules: [] });
const unjudged = (which: Side['which'], Resources: Template): Side => ({
  which,
  targets: [
    {
      path: 't',
      graph: graphOfTemplates([{ id: 't', template: { Resources } as unknown as Record<string, Node> }]).graph,
      evaluation: nothing,
      strictest: nothing,
      waivers: [],
    },
  ],
});
const ref = (Ref: string) => ({ Ref });
const att = (id: string, name: string) => ({ 'Fn::GetAtt': [id, name] });
const is = (Type: string, Properties: object = {}) => ({ Type, Properties });
const TCP = (port: number, more: object) => ({ IpProtocol: 'tcp', FromPort: port, ToPort: port, ...more });
const ANY = { CidrIp: '0.0.0.0/0' };
const subnet = (CidrBlock: string) => is('AWS::EC2::Subnet', { VpcId: ref('Vpc'), CidrBlock });
const associated = (one: string, table: string) =>
  is('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref(one), RouteTableId: ref(table) });

/** A web shop window: a balancer in public subnets, a service and a function behind it, a database in isolated subnets. */
const BASE = {
  Vpc: is('AWS::EC2::VPC', { CidrBlock: '10.0.0.0/16' }),
  Gateway: is('AWS::EC2::InternetGateway'),
  Attachment: is('AWS::EC2::VPCGatewayAttachment', { VpcId: ref('Vpc'), InternetGatewayId: ref('Gateway') }),
  Public: subnet('10.0.0.0/24'),
  App: subnet('10.0.1.0/24'),
  Data: subnet('10.0.2.0/24'),
  PublicTable: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  AppTable: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  DataTable: is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') }),
  PublicRoute: is('AWS::EC2::Route', { RouteTableId: ref('PublicTable'), DestinationCidrBlock: '0.0.0.0/0', GatewayId: ref('Gateway') }),
  InPublic: associated('Public', 'PublicTable'),
  InApp: associated('App', 'AppTable'),
  InData: associated('Data', 'DataTable'),
  Acl: is('AWS::EC2::NetworkAcl', { VpcId: ref('Vpc') }),
  AclIn: is('AWS::EC2::NetworkAclEntry', {
    NetworkAclId: ref('Acl'),
    RuleNumber: 100,
    Protocol: 6,
    RuleAction: 'allow',
    CidrBlock: '10.0.0.0/16',
    PortRange: { From: 5432, To: 5432 },
  }),
  AclOut: is('AWS::EC2::NetworkAclEntry', {
    NetworkAclId: ref('Acl'),
    RuleNumber: 100,
    Protocol: 6,
    RuleAction: 'allow',
    Egress: true,
    CidrBlock: '10.0.0.0/16',
    PortRange: { From: 1024, To: 65535 },
  }),
  AclData: is('AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: ref('Data'), NetworkAclId: ref('Acl') }),
  Partners: is('AWS::EC2::PrefixList', { PrefixListName: 'partners', AddressFamily: 'IPv4', Entries: [{ Cidr: '203.0.113.0/24' }] }),
  FrontGroup: is('AWS::EC2::SecurityGroup', {
    GroupDescription: 'front',
    VpcId: ref('Vpc'),
    SecurityGroupIngress: [TCP(443, { SourcePrefixListId: ref('Partners') })],
    SecurityGroupEgress: [TCP(8443, { DestinationSecurityGroupId: att('AppGroup', 'GroupId') })],
  }),
  AppGroup: is('AWS::EC2::SecurityGroup', {
    GroupDescription: 'app',
    VpcId: ref('Vpc'),
    SecurityGroupIngress: [TCP(8443, { CidrIp: '10.0.0.0/24' })],
    SecurityGroupEgress: [TCP(443, ANY)],
  }),
  DataGroup: is('AWS::EC2::SecurityGroup', {
    GroupDescription: 'data',
    VpcId: ref('Vpc'),
    SecurityGroupIngress: [TCP(5432, { SourceSecurityGroupId: att('AppGroup', 'GroupId') })],
    SecurityGroupEgress: [TCP(443, { CidrIp: '10.0.0.0/16' })],
  }),
  OpenGroup: is('AWS::EC2::SecurityGroup', {
    GroupDescription: 'open',
    VpcId: ref('Vpc'),
    SecurityGroupIngress: [TCP(5432, ANY)],
    SecurityGroupEgress: [TCP(443, { CidrIp: '10.0.0.0/16' })],
  }),
  Front: is('AWS::ElasticLoadBalancingV2::LoadBalancer', {
    Type: 'application',
    Scheme: 'internal',
    Subnets: [ref('Public')],
    SecurityGroups: [att('FrontGroup', 'GroupId')],
  }),
  Listener: is('AWS::ElasticLoadBalancingV2::Listener', {
    LoadBalancerArn: ref('Front'),
    Port: 443,
    Protocol: 'HTTPS',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
  }),
  Redirect: is('AWS::ElasticLoadBalancingV2::Listener', {
    LoadBalancerArn: ref('Front'),
    Port: 80,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', StatusCode: 'HTTP_301' } }],
  }),
  Targets: is('AWS::ElasticLoadBalancingV2::TargetGroup', { TargetType: 'ip', Protocol: 'HTTPS', Port: 8443, VpcId: ref('Vpc') }),
  Shield: is('AWS::WAFv2::WebACL', { Scope: 'REGIONAL', DefaultAction: { Allow: {} } }),
  Shielded: is('AWS::WAFv2::WebACLAssociation', { ResourceArn: ref('Front'), WebACLArn: att('Shield', 'Arn') }),
  Web: is('AWS::ECS::Service', {
    LoadBalancers: [{ TargetGroupArn: ref('Targets'), ContainerName: 'web', ContainerPort: 8443 }],
    NetworkConfiguration: {
      AwsvpcConfiguration: { Subnets: [ref('App')], SecurityGroups: [att('AppGroup', 'GroupId')], AssignPublicIp: 'DISABLED' },
    },
  }),
  Key: is('AWS::KMS::Key', { EnableKeyRotation: true }),
  DataSubnets: is('AWS::RDS::DBSubnetGroup', { DBSubnetGroupDescription: 'data', SubnetIds: [ref('Data')] }),
  PublicSubnets: is('AWS::RDS::DBSubnetGroup', { DBSubnetGroupDescription: 'public', SubnetIds: [ref('Public')] }),
  Cases: is('AWS::RDS::DBInstance', {
    Engine: 'postgres',
    PubliclyAccessible: false,
    StorageEncrypted: true,
    KmsKeyId: att('Key', 'Arn'),
    DBSubnetGroupName: ref('DataSubnets'),
    VPCSecurityGroups: [att('DataGroup', 'GroupId')],
  }),
  Worker: is('AWS::Lambda::Function', {
    Runtime: 'nodejs20.x',
    Handler: 'index.handler',
    Code: {},
    Role: 'arn:aws:iam::111122223333:role/w',
  }),
  Url: is('AWS::Lambda::Url', { TargetFunctionArn: att('Worker', 'Arn'), AuthType: 'AWS_IAM' }),
  Search: is('AWS::OpenSearchService::Domain', {
    AccessPolicies: {
      Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:role/w' }, Action: 'es:*', Resource: '*' }],
    },
  }),
  Api: is('AWS::ApiGateway::RestApi', { Name: 'cases', EndpointConfiguration: { Types: ['REGIONAL'] } }),
  Files: is('AWS::ApiGateway::Resource', { RestApiId: ref('Api'), ParentId: att('Api', 'RootResourceId'), PathPart: 'files' }),
  Method: is('AWS::ApiGateway::Method', {
    RestApiId: ref('Api'),
    ResourceId: ref('Files'),
    HttpMethod: 'GET',
    AuthorizationType: 'AWS_IAM',
    Integration: { Type: 'AWS_PROXY', Uri: att('Worker', 'Arn') },
  }),
  Records: is('AWS::S3::Bucket', {
    PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
  }),
};

const changed = (change: (resources: Template) => void, from: Template = BASE): Template => {
  const copy = structuredClone(from);
  change(copy);
  return copy;
};
const base = side('before', BASE);
const whole = (after: Template): readonly ReviewChange[] => compareSides(base, side('after', after), occasion);
/** What exposure says by itself. */
function compared(before: Template, after: Template): readonly ReviewChange[] {
  const [old, now] = [unjudged('before', before), unjudged('after', after)];
  return exposure(old, now, pair(old, now), occasion);
}
const line = ({ boundary, direction, sentence, severity }: ReviewChange): string =>
  [direction, severity, ...(boundary ? [boundary] : []), sentence].join(', ');
/** What is said of exposure when the resources are changed so. */
const said = (change: (resources: Template) => void): readonly string[] => compared(BASE, changed(change)).map(line);
/** What the whole review asks somebody to approve. */
const asked = (change: (resources: Template) => void): readonly string[] =>
  whole(changed(change))
    .filter(({ approver, topic }) => approver !== undefined && topic !== 'replaced')
    .map(line);

const internetFacing = (resources: Template) => {
  resources.Front.Properties.Scheme = 'internet-facing';
};

const openFront = (resources: Template) => {
  internetFacing(resources);
  resources.FrontGroup.Properties.SecurityGroupIngress = [TCP(443, ANY)];
};
const toGateway = (table: string, DestinationCidrBlock: string) =>
  is('AWS::EC2::Route', { RouteTableId: ref(table), DestinationCidrBlock, GatewayId: ref('Gateway') });
const withFunction = (resources: Template) => {
  resources.Worker.Properties.VpcConfig = { SubnetIds: [ref('App')], SecurityGroupIds: [att('AppGroup', 'GroupId')] };
};

describe('a new path from the internet', () => {
  it('to a load balancer is told with what stands behind it, and by whom it is reached', () => {
    expect(asked(openFront)).toEqual([
      'weaker, critical, internet, the internet now reaches the load balancer Front on tcp 443, and through it the service Web, and nothing on the way asks who calls',
    ]);
    expect(asked(internetFacing)).toEqual([
      'weaker, high, internet, 203.0.113.0/24 on the internet now reaches the load balancer Front on tcp 443, and through it the service Web, and nothing on the way asks who calls',
    ]);
  });

  it('is milder where the balancer asks who calls', () => {
    const signedIn = changed(({ Listener }) => Listener.Properties.DefaultActions.unshift({ Type: 'authenticate-oidc', Order: 1 }));
    expect(compared(signedIn, changed(openFront, signedIn)).map(line)).toEqual([
      'weaker, medium, internet, the internet now reaches the load balancer Front on tcp 443, and through it the service Web, where callers must authenticate',
    ]);
  });

  it('has the shortest chain as evidence', () => {
    const [change] = compared(BASE, changed(openFront));
    expect(change?.evidence[0]?.chain).toEqual([
      'the internet',
      'the internet gateway Gateway',
      'the subnet Public',
      'the security group FrontGroup',
      'the load balancer Front',
    ]);
  });

  it('to a database needs an address, a route, and a group that lets it in', () => {
    const open = (resources: Template) => {
      resources.Cases.Properties.PubliclyAccessible = true;
      resources.PublicSubnets.Properties.SubnetIds = [ref('Public')];
      resources.DataSubnets.Properties.SubnetIds = [ref('Public')];
      resources.DataGroup.Properties.SecurityGroupIngress.push(TCP(5432, ANY));
    };
    expect(said(open)).toEqual([
      'weaker, critical, internet, the internet now reaches the DB instance Cases on tcp 5432; 2 of 6 layers are left: authentication, a key of its own',
    ]);
  });

  it('to a database on a port that it does not answer on is none: only the group is told of', () => {
    expect(said(({ DataGroup }) => DataGroup.Properties.SecurityGroupIngress.push(TCP(22, ANY)))).toEqual([
      'weaker, high, the security group DataGroup now lets in anyone on tcp 22',
    ]);
  });

  it('to a host by an elastic address', () => {
    const host = changed((resources) => {
      resources.Host = is('AWS::EC2::Instance', { SubnetId: ref('Public'), SecurityGroupIds: [att('OpenGroup', 'GroupId')] });
    });
    const addressed = changed((resources) => {
      resources.Address = is('AWS::EC2::EIP', { InstanceId: ref('Host') });
    }, host);
    expect(compared(host, addressed).map(line)).toEqual([
      'weaker, critical, internet, the internet now reaches the instance Host on tcp 5432, and nothing on the way asks who calls',
    ]);
  });

  it('to a bucket that nothing blocks any more, where its policy was public before', () => {
    const loose = changed((resources) => {
      resources.Policy = is('AWS::S3::BucketPolicy', {
        Bucket: ref('Records'),
        PolicyDocument: {
          Statement: [
            { Sid: 'Read', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: { 'Fn::Sub': '${Records.Arn}/*' } },
          ],
        },
      });
    });
    const unblocked = changed(({ Records }) => {
      Records.Properties.PublicAccessBlockConfiguration = { BlockPublicAcls: true, IgnorePublicAcls: true };
    }, loose);
    const [told] = compared(loose, unblocked).map(line);
    expect(told).toBe(
      'weaker, critical, internet, the internet now reaches the bucket Records, and nothing on the way asks who calls; no layer protects it',
    );
  });
});

describe('a new path from somebody else', () => {
  it('by a peering connection whose other end is not ours', () => {
    const peered = (resources: Template) => {
      resources.Support = is('AWS::EC2::VPCPeeringConnection', { VpcId: ref('Vpc'), PeerVpcId: 'vpc-0abc', PeerOwnerId: '999988887777' });
      resources.Way = is('AWS::EC2::Route', {
        RouteTableId: ref('AppTable'),
        DestinationCidrBlock: '10.0.0.0/25',
        VpcPeeringConnectionId: ref('Support'),
      });
    };
    expect(said(peered)).toEqual([
      'weaker, critical, organisation, the network behind the VPC peering connection Support now reaches the service Web on tcp 8443, and nothing on the way asks who calls',
    ]);
  });

  it('by a share with another account, and not with our own', () => {
    const shared = (principal: string) => (resources: Template) => {
      resources.Share = is('AWS::RAM::ResourceShare', { Name: 's', ResourceArns: [att('Public', 'Arn')], Principals: [principal] });
    };
    expect(said(shared('999988887777'))).toEqual(['weaker, high, organisation, the account 999988887777 now reaches the subnet Public']);
    expect(said(shared('arn:aws:organizations::111122223333:organization/o-abc'))).toEqual([]);
  });
});

describe('a path gets wider', () => {
  const facing = changed(internetFacing);
  it('by addresses: a prefix list', () => {
    const wider = changed(({ Partners }) => {
      Partners.Properties.Entries = [{ Cidr: '203.0.0.0/16' }];
    }, facing);
    expect(compared(facing, wider).map(line)).toEqual([
      'weaker, medium, internet, the load balancer Front now takes tcp 443 from 203.0.0.0/16; before, tcp 443 from 203.0.113.0/24',
    ]);
  });

  it('by ports: another listener', () => {
    const wider = changed((resources) => {
      resources.FrontGroup.Properties.SecurityGroupIngress.push(TCP(8080, ANY));
      resources.Other = is('AWS::ElasticLoadBalancingV2::Listener', {
        LoadBalancerArn: ref('Front'),
        Port: 8080,
        Protocol: 'HTTPS',
        DefaultActions: [{ Type: 'forward', TargetGroupArn: ref('Targets') }],
      });
    }, facing);
    expect(compared(facing, wider).map(line)).toEqual([
      'weaker, high, internet, the load balancer Front now takes tcp 8080 from anyone; before, tcp 443 from 203.0.113.0/24',
    ]);
  });
});

describe('authentication is removed', () => {
  it('from a function URL, an API and a search domain', () => {
    expect(
      asked(({ Url }) => {
        Url.Properties.AuthType = 'NONE';
      }),
    ).toEqual(['weaker, critical, internet, the internet reaches the function Worker, and nothing on the way asks any more who calls']);
    expect(
      asked(({ Method }) => {
        Method.Properties.AuthorizationType = 'NONE';
      }),
    ).toEqual(['weaker, critical, internet, the internet can now call GET /files of the REST API Api, and nothing asks who calls']);
    expect(
      asked(({ Search }) => {
        Search.Properties.AccessPolicies.Statement[0].Principal = '*';
      }),
    ).toEqual(['weaker, critical, internet, everyone can now list, read, write and delete the domain Search']);
  });
});

describe('a store loses a layer', () => {
  it('by a default route to an internet gateway', () => {
    expect(
      asked((resources) => {
        resources.Default = toGateway('DataTable', '0.0.0.0/0');
      }),
    ).toEqual([
      'weaker, high, the DB instance Cases lost a layer, isolated subnets: 5 of 6 remain: the network ACL, the security group, no public address, authentication, a key of its own',
    ]);
  });

  it('by a network ACL that lets everything in', () => {
    expect(
      asked(({ AclIn }) => {
        AclIn.Properties = { NetworkAclId: ref('Acl'), RuleNumber: 100, Protocol: -1, RuleAction: 'allow', CidrBlock: '0.0.0.0/0' };
      }),
    ).toEqual([
      'weaker, high, the DB instance Cases lost a layer, the network ACL: 5 of 6 remain: isolated subnets, the security group, no public address, authentication, a key of its own',
    ]);
  });

  it('by a public address, with the rule as evidence', () => {
    const [change] = whole(
      changed(({ Cases }) => {
        Cases.Properties.PubliclyAccessible = true;
      }),
    );
    expect(line(change as ReviewChange)).toBe(
      'weaker, critical, the DB instance Cases lost a layer, no public address: 5 of 6 remain: isolated subnets, the network ACL, the security group, authentication, a key of its own',
    );
    expect(change?.evidence.map(({ rule }) => rule)).toEqual([undefined, 'DHC-05.database']);
  });

  it('by moving to an open security group, or to public subnets', () => {
    expect(
      asked(({ Cases }) => {
        Cases.Properties.VPCSecurityGroups = [att('OpenGroup', 'GroupId')];
      }),
    ).toEqual([
      'weaker, high, the DB instance Cases lost a layer, the security group: 5 of 6 remain: isolated subnets, the network ACL, no public address, authentication, a key of its own',
    ]);
    expect(
      said(({ Cases }) => {
        Cases.Properties.DBSubnetGroupName = ref('PublicSubnets');
      }),
    ).toEqual([
      'weaker, high, the DB instance Cases lost 2 layers, isolated subnets and the network ACL: 4 of 6 remain: the security group, no public address, authentication, a key of its own',
    ]);
  });

  it('and a public entry by losing its web application firewall', () => {
    expect(
      asked((resources) => {
        delete resources.Shielded;
      }),
    ).toEqual(['weaker, high, no web application firewall stands before the load balancer Front any more']);
  });
});

it('another workload may connect to a store', () => {
  expect(said(withFunction)).toEqual(['weaker, medium, the function Worker can now connect to the DB instance Cases on tcp 5432']);
});

it('what may connect to a store can send to the internet', () => {
  expect(
    said((resources) => {
      resources.Out = is('AWS::EC2::Route', { RouteTableId: ref('AppTable'), DestinationCidrBlock: '0.0.0.0/0', NatGatewayId: 'nat-1' });
    }),
  ).toEqual(['weaker, medium, internet, the service Web can now send to the internet (tcp 443), through a NAT gateway']);
});

describe('nothing changes', () => {
  const open = changed((resources) => {
    openFront(resources);
    resources.FrontGroup.Properties.SecurityGroupIngress.push(TCP(443, { CidrIp: '192.0.2.0/24' }), TCP(8080, { CidrIp: '192.0.2.0/24' }));
    resources.AppGroup.Properties.SecurityGroupIngress.push(TCP(8443, { CidrIpv6: '::/0' }));
  });
  const HARMLESS: Readonly<Record<string, (resources: Template) => void>> = {
    'the same twice': () => undefined,
    'rules in another order': ({ FrontGroup }) => FrontGroup.Properties.SecurityGroupIngress.reverse(),
    'a rule in two halves': ({ FrontGroup }) => {
      FrontGroup.Properties.SecurityGroupIngress.splice(0, 1, TCP(443, { CidrIp: '0.0.0.0/1' }), TCP(443, { CidrIp: '128.0.0.0/1' }));
    },
    'a port range in two': (resources) => {
      const { SecurityGroupIngress } = resources.DataGroup.Properties;
      SecurityGroupIngress.splice(0, 1, { ...SecurityGroupIngress[0], FromPort: 5432, ToPort: '5432', IpProtocol: '6' });
    },
    'a rule that another one covers, removed': ({ FrontGroup }) => FrontGroup.Properties.SecurityGroupIngress.splice(1, 1),
    'inline rules as resources of their own': (resources) => {
      const [rule] = resources.DataGroup.Properties.SecurityGroupIngress;
      delete resources.DataGroup.Properties.SecurityGroupIngress;
      resources.FromApp = is('AWS::EC2::SecurityGroupIngress', { GroupId: att('DataGroup', 'GroupId'), ...rule });
    },
    'a group split in two': (resources) => {
      const { SecurityGroupIngress } = resources.FrontGroup.Properties;
      resources.SecondGroup = is('AWS::EC2::SecurityGroup', {
        GroupDescription: 'second',
        VpcId: ref('Vpc'),
        SecurityGroupIngress: [SecurityGroupIngress.pop()],
        SecurityGroupEgress: [TCP(8443, { DestinationSecurityGroupId: att('AppGroup', 'GroupId') })],
      });
      resources.Front.Properties.SecurityGroups.push(att('SecondGroup', 'GroupId'));
    },
    'a range instead of the prefix list that holds it': ({ Redirect, FrontGroup }) => {
      FrontGroup.Properties.SecurityGroupIngress[1] = TCP(443, { SourcePrefixListId: ref('Partners') });
      Redirect.Properties.Port = '80';
    },
    'a default route in two halves': (resources) => {
      delete resources.PublicRoute;
      resources.Lower = toGateway('PublicTable', '0.0.0.0/1');
      resources.Upper = toGateway('PublicTable', '128.0.0.0/1');
    },
    'a subnet of the same kind beside it': (resources) => {
      resources.Data2 = subnet('10.0.3.0/24');
      resources.InData2 = associated('Data2', 'DataTable');
      resources.AclData2 = is('AWS::EC2::SubnetNetworkAclAssociation', { SubnetId: ref('Data2'), NetworkAclId: ref('Acl') });
      resources.DataSubnets.Properties.SubnetIds.push(ref('Data2'));
    },
    'an entry of the network ACL in two': (resources) => {
      resources.AclIn.Properties.CidrBlock = '10.0.0.0/17';
      resources.AclIn2 = is('AWS::EC2::NetworkAclEntry', { ...resources.AclIn.Properties, CidrBlock: '10.0.128.0/17', RuleNumber: 110 });
    },
    'a route table for each subnet': (resources) => {
      resources.DataTable2 = is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') });
      resources.InData.Properties.RouteTableId = ref('DataTable2');
    },
    'a route table that nothing uses': (resources) => {
      resources.Unused = is('AWS::EC2::RouteTable', { VpcId: ref('Vpc') });
      resources.UnusedRoute = toGateway('Unused', '0.0.0.0/0');
    },
    'a security group of another name': (resources) => {
      resources.DatabaseGroup = resources.DataGroup;
      delete resources.DataGroup;
      resources.Cases.Properties.VPCSecurityGroups = [att('DatabaseGroup', 'GroupId')];
    },
    'a private address in place of a group whose members have it': ({ DataGroup }) => {
      DataGroup.Properties.SecurityGroupIngress.push(TCP(5432, { CidrIp: '10.0.1.0/32' }));
      DataGroup.Properties.SecurityGroupIngress.pop();
    },
  };
  for (const [name, change] of Object.entries(HARMLESS))
    it(name, () => {
      const lines = compared(open, changed(change, open));
      expect(lines.map(line)).toEqual([]);
    });

  it('a range becomes the prefix list that holds it', () => {
    const listed = changed(internetFacing);
    const written = changed(({ FrontGroup }) => {
      FrontGroup.Properties.SecurityGroupIngress = [TCP(443, { CidrIp: '203.0.113.0/25' }), TCP(443, { CidrIp: '203.0.113.128/25' })];
    }, listed);
    expect(compared(written, listed)).toEqual([]);
    expect(compared(listed, written)).toEqual([]);
  });
});

describe('what gets stronger mirrors what gets weaker', () => {
  const WEAKENINGS: readonly ((resources: Template) => void)[] = [
    openFront,
    withFunction,
    (resources) => {
      resources.Default = toGateway('DataTable', '0.0.0.0/0');
    },
    ({ Url }) => {
      Url.Properties.AuthType = 'NONE';
    },
    ({ Method }) => {
      Method.Properties.AuthorizationType = 'NONE';
    },
    (resources) => {
      delete resources.Shielded;
    },
    ({ Cases }) => {
      Cases.Properties.PubliclyAccessible = true;
    },
    ({ AclIn, DataGroup }) => {
      AclIn.Properties.CidrBlock = '10.0.0.0/8';
      DataGroup.Properties.SecurityGroupIngress.push(TCP(5432, { CidrIp: '10.0.0.0/8' }));
    },
  ];
  it('with the same subject and topic', () => {
    const marks = (changes: readonly ReviewChange[], wanted: string) =>
      changes
        .filter(({ direction }) => direction === wanted)
        .map(({ subject, topic }) => `${subject} ${topic}`)
        .sort();
    for (const weaken of WEAKENINGS) {
      const weak = changed(weaken);
      const [there, back] = [compared(BASE, weak), compared(weak, BASE)];
      expect(marks(there, 'weaker')).not.toEqual([]);
      expect(marks(back, 'stronger')).toEqual(marks(there, 'weaker'));
      expect(marks(back, 'weaker')).toEqual(marks(there, 'stronger'));
    }
  });
});

it('what cannot be told any more is undecided', () => {
  const closed = {
    Group: is('AWS::EC2::SecurityGroup', { GroupDescription: 'g', SecurityGroupIngress: [TCP(443, { CidrIp: '10.0.0.0/8' })] }),
    Subnet: BASE.Public,
    Vpc: BASE.Vpc,
    Gateway: BASE.Gateway,
    Table: BASE.PublicTable,
    Route: { ...BASE.PublicRoute, Properties: { ...BASE.PublicRoute.Properties, RouteTableId: ref('Table') } },
    In: is('AWS::EC2::SubnetRouteTableAssociation', { SubnetId: ref('Subnet'), RouteTableId: ref('Table') }),
    Balancer: is('AWS::ElasticLoadBalancingV2::LoadBalancer', { Subnets: [ref('Subnet')], SecurityGroups: [att('Group', 'GroupId')] }),
  };
  const imported = changed(({ Group }) => {
    Group.Properties.SecurityGroupIngress = [TCP(443, { CidrIp: { 'Fn::ImportValue': 'range' } })];
  }, closed);
  const [told] = compared(closed, imported);
  expect(told?.direction).toBe('undecided');
});
