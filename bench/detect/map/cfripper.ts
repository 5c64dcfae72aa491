import { type Entry, outOfScope, part, same } from './entry';

const WILDCARD_PRINCIPAL =
  'FullWildcardPrincipalRule GenericResourceFullWildcardPrincipalRule GenericResourceWildcardPrincipalRule GenericWildcardPrincipalRule';

export const CFRIPPER: readonly Entry[] = [
  same('CloudFormationAuthenticationRule HardcodedRDSPasswordRule', 'IDA-13', 'IDA-12'),
  same('CrossAccountTrustRule GenericCrossAccountTrustRule S3CrossAccountTrustRule S3BucketPolicyPrincipalRule', 'LPA-10', 'IDA-11'),
  same('EBSVolumeHasSSERule StorageEncryptedRule', 'ENC-01'),
  same(
    'EC2SecurityGroupIngressOpenToWorldRule EC2SecurityGroupOpenToWorldRule RDSSecurityGroupIngressOpenToWorldRule',
    'DID-02',
    'DID-12',
    'DID-01',
  ),
  part('EC2SecurityGroupMissingEgressRule', /not set|every/, 'EXP-05'),
  same(WILDCARD_PRINCIPAL, 'LPA-10', 'IDA-11', 'DHC-05', 'LPA-09', 'ENC-04'),
  same('KMSKeyWildcardPrincipalRule', 'LPA-10', 'ENC-04', 'ENC-06', 'ENC-07'),
  same('IAMRoleWildcardActionOnPolicyRule', 'LPA-01', 'LPA-02'),
  same('IAMRolesOverprivilegedRule', 'LPA-01', 'LPA-02', 'LPA-04'),
  part('ManagedPolicyOnUserRule PolicyOnUserRule', /attached to users|belongs to one user|policies of his own/, 'LPA-02'),
  same('PrivilegeEscalationRule', 'LPA-04', 'LPA-01'),
  same('S3BucketPublicReadAclRule S3BucketPublicReadWriteAclRule', 'DHC-05', 'LPA-14'),
  same('S3LifecycleConfigurationRule', 'DHC-06'),
  same('S3ObjectVersioningRule', 'BCR-07'),
  same('SNSTopicDangerousPolicyActionsRule SQSDangerousPolicyActionsRule', 'LPA-10', 'DHC-05', 'LPA-02', 'LPA-09', 'LPA-14', 'LPA-16'),
  same('SNSTopicPolicyNotPrincipalRule SQSQueuePolicyNotPrincipalRule SQSQueuePolicyPublicRule', 'LPA-10', 'DHC-05'),
  same(
    'S3BucketPolicyWildcardActionRule SQSQueuePolicyWildcardActionRule SNSTopicPolicyWildcardActionRule',
    'LPA-01',
    'LPA-02',
    'LPA-09',
    'LPA-10',
    'LPA-14',
    'LPA-16',
  ),
  same('WildcardResourceRule', 'LPA-02', 'LPA-01', 'LPA-04'),
  outOfScope(
    'GenericResourcePartialWildcardPrincipalRule PartialWildcardPrincipalRule',
    'the root of an account stands for that account; whether it is a foreign one is judged (LPA-10)',
  ),
  outOfScope('PublicELBCheckerRule', 'whether a load balancer may face the internet follows from the declared exposure'),
];
