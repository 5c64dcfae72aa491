/** What a type is called by people: `AWS::S3::Bucket` is a bucket, `azure-native:signalrservice:SignalR` a SignalR. */

/** Names with capitals inside, in the spelling of types, and as they are written. */
const BRANDS: Readonly<Record<string, string>> = {
  AddOn: 'add-on',
  AzureAD: 'Azure AD',
  B2C: 'B2C',
  BigQuery: 'BigQuery',
  CloudFormation: 'CloudFormation',
  CloudFront: 'CloudFront',
  CloudHsm: 'CloudHSM',
  CloudTrail: 'CloudTrail',
  CloudWatch: 'CloudWatch',
  CosmosDb: 'Cosmos DB',
  CosmosDB: 'Cosmos DB',
  DevOps: 'DevOps',
  DotNet: '.NET',
  DynamoDB: 'DynamoDB',
  DynamoDb: 'DynamoDB',
  EventBridge: 'EventBridge',
  ExpressRoute: 'ExpressRoute',
  FSx: 'FSx',
  GitHub: 'GitHub',
  GitLab: 'GitLab',
  GraphQL: 'GraphQL',
  GuardDuty: 'GuardDuty',
  HyperV: 'Hyper-V',
  IPs: 'IPs',
  IPv4: 'IPv4',
  IPv6: 'IPv6',
  IoT: 'IoT',
  KeyVault: 'Key Vault',
  MongoDB: 'MongoDB',
  MongoDb: 'MongoDB',
  MySQL: 'MySQL',
  MySql: 'MySQL',
  OAuth2: 'OAuth 2',
  OAuth: 'OAuth',
  OTel: 'OpenTelemetry',
  OpenAI: 'OpenAI',
  OpenID: 'OpenID',
  OpenId: 'OpenID',
  OpenSearch: 'OpenSearch',
  OpenZFS: 'OpenZFS',
  P2s: 'point-to-site',
  PostgreSQL: 'PostgreSQL',
  PostgreSql: 'PostgreSQL',
  PowerBI: 'Power BI',
  PowerShell: 'PowerShell',
  PowerShell72: 'PowerShell 7.2',
  PubSub: 'PubSub',
  Python2: 'Python 2',
  Python3: 'Python 3',
  SageMaker: 'SageMaker',
  ServiceNow: 'ServiceNow',
  SharePoint: 'SharePoint',
  SignalR: 'SignalR',
  VCenter: 'vCenter',
  VCore: 'vCore',
  VMware: 'VMware',
  VMs: 'VMs',
  VNet: 'virtual network',
  WebPubSub: 'Web PubSub',
  VPCDHCP: 'VPC DHCP',
  vCore: 'vCore',
};

/** Abbreviations that some types write like words. */
const ABBREVIATIONS = new Set(
  `aad acl acm acme adls aes afd ai aks ami aml ams apac api apm apns arm ase asn avs aws bgp bi bmc ca cdn ci cidr cis cli cmk
cors cpu crl css csv dax db dhcp dlp dns dnssec dps dsc dscp ebs ec2 ecr ecs efs eip eks emr esu etl faq fhir fpga fqdn ftp
gpu ha hana hci hcx hdfs hpc hsm html http https iam ike ip ipam isp jit json jwt kms kpi lag lan lb lun macc mcc mdm mfa
mhsm ml mq mqtt msi msk nat nfs nic nsg nsp oidc os otel ou pim pki qldb ram rai rbac rds s3 saml san sap sas scim scm scp
sdk ses sip sku sla sli slo smb sms smtp sns sql sqs ssh ssl ssm sso sts tcp ti tls tpm ueba udp ui uri url vdi vdm vm vmm
vmss vod vpc vpce vpn wan waf wcf xml xss zfs`.split(/\s+/),
);

/** Words that are written otherwise than they read. */
const WRITTEN: Readonly<Record<string, string>> = {
  acls: 'ACLs',
  afd: 'Front Door',
  apis: 'APIs',
  azure: 'Azure',
  dapr: 'Dapr',
  ddos: 'DDoS',
  git: 'Git',
  graphql: 'GraphQL',
  id: 'ID',
  ids: 'IDs',
  iot: 'IoT',
  ips: 'IPs',
  iscsi: 'iSCSI',
  kubernetes: 'Kubernetes',
  lustre: 'Lustre',
  microsoft: 'Microsoft',
  mysql: 'MySQL',
  oracle: 'Oracle',
  postgres: 'PostgreSQL',
  rest: 'REST',
  saas: 'SaaS',
  skus: 'SKUs',
  vms: 'VMs',
  vnet: 'virtual network',
  voip: 'VoIP',
  wafv2: 'WAF',
};

/** How a client finds it is no part of what it is. */
const FOUND_BY = /(?<=[a-z])By(Name|Id|Scope)$|(?<=IotHub|IotDps)Resource$/;
const BRAND = new RegExp(
  `^(${Object.keys(BRANDS)
    .sort((a, b) => b.length - a.length)
    .join('|')})(?![a-z])`,
);
/** Capitals up to the last that begins a word; else a word with its digits. */
const WORD = /^(?:[A-Z]+\d*(?![a-z])|[A-Z]?[a-z]+(?:\d(?![A-Za-z]))*\d*|[A-Z]?\d+|.)/;

/** `IPv6FirewallRule` reads IPv6 firewall rule, `userAssignedIdentityId` user assigned identity ID. */
export function wordsIn(camelCase: string): string {
  const words: string[] = [];
  for (let left = camelCase; left !== ''; ) {
    const [brand] = BRAND.exec(left) ?? [];
    const [word = left] = brand === undefined ? (WORD.exec(left) ?? []) : [brand];
    words.push(brand === undefined ? spelled(word) : (BRANDS[brand] as string));
    left = left.slice(word.length).replace(/^[_\-. ]+/, '');
  }
  return words.join(' ');
}

function spelled(word: string): string {
  const lower = word.toLowerCase();
  if (Object.hasOwn(WRITTEN, lower)) return WRITTEN[lower] as string;
  if (ABBREVIATIONS.has(lower)) return lower.toUpperCase();
  return /^[A-Z0-9]{2,}$/.test(word) ? word : lower;
}

/** `AWS::S3::Bucket` is a bucket, `azure-native:storage:StorageAccount` a storage account. */
export function kindOf(type: string): string {
  const known = kinds.get(type);
  if (known !== undefined) return known;
  const kind = wordsIn((type.split(/::|[:/]/).pop() ?? type).replace(FOUND_BY, ''));
  kinds.set(type, kind);
  return kind;
}

/** Every resource is called by its kind, on both sides. */
const kinds = new Map<string, string>();
