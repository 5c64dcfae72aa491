import { Stack } from 'aws-cdk-lib';
import { CfnMalwareProtectionPlan } from 'aws-cdk-lib/aws-guardduty';
import { AnyPrincipal, Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { rightsOf } from './identity-rights';

/** Tag that GuardDuty puts on what it has scanned, and its value for what is clean. */
const VERDICT = 'GuardDutyMalwareScanStatus';
const CLEAN = 'NO_THREATS_FOUND';

const SERVICE = 'malware-protection-plan.guardduty.amazonaws.com';
const READ = ['s3:GetObject', 's3:GetObjectVersion'];
const TAG = ['s3:GetObjectTagging', 's3:GetObjectVersionTagging', 's3:PutObjectTagging', 's3:PutObjectVersionTagging'];

/**
 * Scans what arrives in a bucket for malware, and keeps it in quarantine until it is found clean: nobody but the scanner
 * reads an object before, and nobody but the scanner says that it is (DID-19).
 */
export function scanUploads(bucket: Bucket, key: IKey | undefined): void {
  bucket.enableEventBridgeNotification();
  const role = scannerOf(bucket, key);
  const except = { ArnNotEquals: { 'aws:PrincipalArn': role.roleArn } };
  const deny = (sid: string, actions: string[], conditions: Record<string, Record<string, unknown>>) =>
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions,
        resources: [bucket.arnForObjects('*')],
        conditions: { ...except, ...conditions },
      }),
    );
  deny('QuarantineUntilScanned', READ, { StringNotEquals: { [`s3:ExistingObjectTag/${VERDICT}`]: CLEAN } });
  deny('OnlyTheScannerSays', ['s3:PutObject', 's3:PutObjectTagging', 's3:PutObjectVersionTagging'], {
    'ForAnyValue:StringEquals': { 's3:RequestObjectTagKeys': [VERDICT] },
  });
  const plan = new CfnMalwareProtectionPlan(bucket, 'Scan', {
    role: role.roleArn,
    protectedResource: { s3Bucket: { bucketName: bucket.bucketName } },
    actions: { tagging: { status: 'ENABLED' } },
  });
  plan.node.addDependency(rightsOf(role));
}

function scannerOf(bucket: Bucket, key: IKey | undefined): Role {
  const stack = Stack.of(bucket);
  // AWS documents no source condition for this service, and a role that it cannot assume scans nothing.
  const role = new Role(bucket, 'Scanner', {
    description: `GuardDuty scans what arrives in ${bucket.node.path}`,
    assumedBy: new ServicePrincipal(SERVICE),
  });
  const may = (actions: string[], resources: string[], conditions?: Record<string, Record<string, unknown>>) =>
    role.addToPolicy(new PolicyStatement({ actions, resources, ...(conditions ? { conditions } : {}) }));
  const rule = stack.formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: 'DO-NOT-DELETE-AmazonGuardDutyMalwareProtectionS3*',
  });
  may(['events:DeleteRule', 'events:PutRule', 'events:PutTargets', 'events:RemoveTargets'], [rule], {
    StringEquals: { 'events:ManagedBy': SERVICE },
  });
  may(['events:DescribeRule', 'events:ListTargetsByRule'], [rule]);
  may(['s3:GetBucketNotification', 's3:ListBucket', 's3:PutBucketNotification'], [bucket.bucketArn]);
  may([...READ, ...TAG], [bucket.arnForObjects('*')]);
  may(['s3:PutObject'], [bucket.arnForObjects('malware-protection-resource-validation-object')]);
  if (key)
    may(['kms:Decrypt', 'kms:GenerateDataKey'], [key.keyArn], { StringEquals: { 'kms:ViaService': `s3.${stack.region}.amazonaws.com` } });
  return role;
}
