import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { keepAccountSetting } from './governance-automation';
import { profileOf } from './profile';

/**
 * Blocks public access to every bucket of the account, present and future, whatever their own settings say.
 * CloudFormation has no resource for it: State Manager runs the runbook `AWSConfigRemediation-ConfigureS3PublicAccessBlock`
 * of AWS, at deployment and daily. One in each account, in one region.
 *
 * Guarantees DHC-05.
 *
 * @example
 * new AccountPublicAccessBlock(stack, 'NoPublicBuckets');
 */
export class AccountPublicAccessBlock extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('AccountPublicAccessBlock', 'DHC-05');

  constructor(scope: Construct, id: string) {
    profileOf(scope);
    super(scope, id);
    keepAccountSetting(this, {
      runbook: 'AWSConfigRemediation-ConfigureS3PublicAccessBlock',
      actions: ['s3:GetAccountPublicAccessBlock', 's3:PutAccountPublicAccessBlock'],
      parameters: {
        AccountId: Stack.of(this).account,
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  }
}
