import { CodeSigningConfig, type ICodeSigningConfig, UntrustedArtifactOnDeployment } from 'aws-cdk-lib/aws-lambda';
import { Platform, SigningProfile } from 'aws-cdk-lib/aws-signer';
import type { Construct } from 'constructs';
import { claims } from '../contract';
import { profileOf } from './profile';
import { share, sharedIn } from './shared';

/**
 * Lets a function run only code that the build has signed: a signing profile, and a configuration that refuses anything
 * else on deployment. Functions beneath the same scope find it by themselves.
 *
 * Guarantees from the moderate tier on SDC-14. The build signs each archive with the profile (`aws signer start-signing-job`) and uploads the
 * signed one under the key that the template names; an archive that is not signed fails its deployment.
 *
 * @example
 * const signing = new CodeSigning(stack, 'Signing');
 * signing.profile.signingProfileVersionArn; // for the build
 */
export class CodeSigning extends CodeSigningConfig {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('CodeSigning', { control: 'SDC-14', from: 'moderate' });

  /** With which the build signs. */
  readonly profile: SigningProfile;

  constructor(scope: Construct, id: string) {
    profileOf(scope);
    const profile = new SigningProfile(scope, `${id}Profile`, { platform: Platform.AWS_LAMBDA_SHA384_ECDSA });
    super(scope, id, {
      description: `Signed code only, ${scope.node.path}`,
      signingProfiles: [profile],
      untrustedArtifactOnDeployment: UntrustedArtifactOnDeployment.ENFORCE,
    });
    this.profile = profile;
    share(scope, 'code-signing', this);
  }
}

/** The configuration shared nearest above, else one made for the stack. */
export const signingOf = (scope: Construct, given?: ICodeSigningConfig): ICodeSigningConfig =>
  given ?? sharedIn(scope, 'code-signing', (stack) => new CodeSigning(stack, 'PalisadeCodeSigning'));
