import type { Exception } from './verdict';

const CDK_NAG = /^(AwsSolutions|NIST\.800\.53\.R5|HIPAA\.Security|PCI\.DSS\.321|Serverless)-/.source;
/** A rule of cdk-nag, in whichever of its packs. */
const nag = (rules: string): RegExp => new RegExp(`${CDK_NAG}(${rules})`);

/** What we disagree with, one entry per disagreement; reviewed like code. An entry that matches nothing any more fails. */
export const EXCEPTIONS: readonly Exception[] = [
  {
    rules: { 'cdk-nag': nag('IAMNoInlinePolicy$') },
    resource: /(DefaultPolicy|Monitoring)\/Resource$/,
    reason:
      'Grants of the CDK write what a role may do into the role. Such a policy cannot be attached to anybody else and goes with ' +
      'its role; a managed one could be, and would stay. Nobody is given it by hand: users and groups have no inline policy.',
  },
  {
    rules: {
      'cdk-nag': nag('IAM5\\[(Action|Resource)::\\*|IAMPolicyNoStatementsWith(Admin|Full)Access$'),
      'cfn-guard': /^CT\.IAM\.PR\.[23]$/,
      checkov: /^CKV_AWS_(10[789]|11[01])$/,
    },
    resource: /Boundary\/Resource$/,
    reason:
      'It is a permission boundary: it grants nothing. "Everything" is where it starts from; the statements after it deny what no ' +
      'role beneath it may ever do, and the policy of each role says what it may.',
  },
  {
    rules: { 'cdk-nag': nag('IAM5\\[(Resource|Action::s3:)'), checkov: /^CKV_AWS_111$/ },
    resource: /(DefaultPolicy|Monitoring)\/Resource$/,
    reason:
      'The star stands for what has no name yet or can have none: objects of one bucket, streams of one log group, versions and runs ' +
      'of one runbook, hosts and people of the account in an incident; or the service takes no resource for the action at all ' +
      '(network interfaces of Lambda, X-Ray, channels of Systems Manager, settings of the account). Actions are listed one by ' +
      "one, but for the CDK's grants on the one bucket of a delivery.",
  },
  {
    rules: { 'cdk-nag': nag('IAM4\\[Policy::arn:<AWS::Partition>:iam::aws:policy/') },
    resource: /\/(BackupRole|RestoreRole|AggregatorRole|CloudWatchRole|SecureKubernetesCluster\/(Node)?Role)\/Resource$/,
    reason:
      'The policies that AWS keeps for Backup, Config, EKS and the log writer of API Gateway name what these services call, and AWS ' +
      'extends them as the services grow. A copy falls behind unnoticed: backups and restores then fail. Only the service ' +
      'itself can take on these roles.',
  },
  {
    rules: {
      'cdk-nag': nag('S3BucketReplicationEnabled$'),
      'cfn-guard': /^CT\.S3\.PR\.(4|9)$/,
    },
    resource: /./,
    reason:
      'Not every bucket is to have it. Copying is a right of its own that nobody has by default (EXP, LOC); versions bring objects back ' +
      '(BCR-07), and backups where the tier asks for them. Object Lock forbids the erasure that personal data needs (DHC-06), and is on ' +
      'where records must not change. Who reads and alters is recorded by data events from the moderate tier on (LOG-04, LOG-05), so that ' +
      'notifications would tell the same twice.',
  },
  {
    rules: {
      'cdk-nag': nag('S3DefaultEncryptionKMS$|S3BucketLoggingEnabled$|S1$'),
      'cfn-guard': /^CT\.S3\.PR\.(2|10)$/,
      checkov: /^CKV_AWS_18$/,
    },
    resource: /AccessLogs?(Bucket)?\/Resource$/,
    reason:
      'It takes the access logs of the other buckets. S3 delivers them to buckets with keys of its own only, not with keys of KMS, and ' +
      'a bucket that logs into itself never comes to rest. Who reads it is recorded by the trail.',
  },
  {
    rules: {
      'cdk-nag': nag('CloudWatchLogGroupEncrypted$|S3DefaultEncryptionKMS$|LambdaConcurrency$|COG8$'),
      'cfn-guard': /^CT\.(CLOUDWATCH\.PR\.3|S3\.PR\.10|LAMBDA\.PR\.3)$/,
      checkov: /^CKV_AWS_(115|158|173)$/,
    },
    resource: /^case-management-low\/|\/case-management-web\//,
    reason:
      'The system is of the low tier: internal data of few people, or a client that everybody may download. Keys of its own, ' +
      'bounded concurrency and risk-based sign-in begin at the moderate tier; below, everything is encrypted with keys of AWS.',
  },
  {
    rules: { 'cfn-guard': /^CT\.CLOUDWATCH\.PR\.2$/ },
    resource: /./,
    reason:
      'How long records are kept follows from what they are and from the tier (LOG-10): those of security for one or two years, those of ' +
      'access for 90 days to two years, those that only help to run the system for 30 to 180 days, because nothing is kept for longer ' +
      'than it is needed (DHC-06).',
  },
  {
    rules: { 'cdk-nag': nag('VPC3$') },
    resource: /Acl\//,
    reason:
      'Network ACLs are the second layer that defence in depth asks for (DID-01): whoever opens a security group by mistake has not ' +
      'opened the data subnets. They are written by one small table, which is tested, so that the mistakes that AWS warns of are not made.',
  },
  {
    rules: { 'cdk-nag': nag('VPCNoUnrestrictedRouteToIGW$'), 'cfn-guard': /^CT\.EC2\.PR\.5$/ },
    resource: /^landing-zone\/\w+\/network\/Egress\/(edgeSubnet\d\/DefaultRoute|EdgeAcl\/)/,
    reason:
      'It is the one declared way out of the organisation: gateways that translate addresses, behind a firewall that lets through named ' +
      'sites. They need a route to the internet, and take answers on every port above 1023. Nothing there listens to anybody.',
  },
  {
    rules: {
      'cdk-nag': nag('SQSRedrivePolicy$|SQS3$|LambdaDLQ$'),
      'cfn-guard': /^CT\.SQS\.PR\.1$/,
      checkov: /^CKV_AWS_116$/,
    },
    resource: /(Undelivered|DeadLetters|Links|SecureFunction|Handler)(\/Resource)?$/,
    reason:
      'A dead-letter queue needs none itself. Nor does a function whose caller waits for the answer, as API Gateway and CloudFormation ' +
      'do: it is only used for events that nobody waits for, and then deadLetterQueue or onFailure is given.',
  },
  {
    rules: { 'cfn-guard': /^CT\.LAMBDA\.PR\.3$/, 'cfn-lint': /^W3005$/, checkov: /^CKV_AWS_117$/ },
    resource: /(VpcRestrictDefaultSGCustomResourceProvider\/Handler|(Links|SecureFunction|SecureStateMachine)\/Resource)$/,
    reason:
      'The CDK writes it. Its function empties the default security group while the stack is deployed, calls EC2 only and holds no ' +
      'data, so that it needs no network; waiting for a role that is referred to anyway changes nothing. Functions of ours are in the ' +
      'network from the high tier on, and where the subnets come from another stack this judge cannot read them.',
  },
  {
    rules: {
      'cdk-nag': nag('EC26$|EC2InstancesInVPC$|CFR3$|DOC[35]|(RDS|EFS)InBackupPlan$'),
      'cfn-guard':
        /^CT\.(AUTOSCALING\.PR\.1|CLOUDFRONT\.PR\.5|CLOUDTRAIL\.PR\.1|ECS\.PR\.7|GUARDDUTY\.PR\.1|LAMBDA\.PR\.2|OPENSEARCH\.PR\.16|REDSHIFT\.PR\.3|S3\.PR\.2)$/,
      checkov: /^CKV_AWS_(32|33|71|86)$/,
    },
    resource:
      /(ASG|SecureInstance|Edge|SecureDistribution|SecureDocumentDatabase|Trail|Task|Threat(s|Detection)|SecureSearchDomain|SecureWarehouse|Files|SecureRepository|(Template|People|UserDirectory)Key|SecureFileSystem|SecureDatabase\w+|Writer|Reader)(\/Resource)?$|\/ApiPermission\./,
    reason:
      'What is asked for is there, in a form that the judge does not read: logs of CloudFront and Redshift by the deliveries that replaced ' +
      'buckets; subnets and groups in network interfaces; zones by subnets; keys, buckets and sources of another stack or joined to an ' +
      'ARN; protection of S3 as a feature of GuardDuty; the memory of a Fargate task as a whole; TLS 1.2 with forward secrecy; passwords ' +
      'kept by AWS itself; backups by tag; everyone in a statement that denies, or that conditions narrow to one role or service; launch templates ' +
      'of other hosts. DocumentDB has one audit log, not three.',
  },
  {
    rules: {
      'cdk-nag': nag(
        'ASC3$|APIG3$|APIGWAssociatedWithWAF$|ALBWAFEnabled$|APIGWCacheEnabledAndEncrypted$|COG4$|CFR1$|AS3$|AEC6$|OS3$|KDS3$',
      ),
      'cloudformation-validate': /^W9009$/,
      'cfn-guard': /^CT\.(CLOUDFRONT\.PR\.4|AUTOSCALING\.PR\.6)$/,
      checkov: /^(CKV2_AWS_33|CKV_AWS_120)$/,
    },
    resource:
      /\/(Api|LinkApi|FieldSecuredApi|SecureGraphqlApi|SecureRestApi|SecureLoadBalancer|Edge|SecureDistribution|SecureAutoScalingGroup|SecureCache|SecureSearchDomain|SecureStream|SecureKubernetesCluster)\/(Resource|ASG|Default\/GET\/Resource|DeploymentStage\.live\/Resource)$/,
    reason:
      'Something stronger, or better for those who use it, stands in its place: interfaces that only the network reaches need no web ' +
      'firewall; requests are recorded without the content of cases; nothing is cached that not everybody may see; IAM signs in instead ' +
      'of passwords and addresses; keys are ours. People travel, so that countries are not refused; one origin is in several zones by ' +
      'itself; scaling is recorded, and told to nobody whom it would only teach to ignore alarms. EKS: two other judges ask for it.',
  },
];
