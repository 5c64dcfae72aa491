/** What runs: supported runtimes that are patched, code that is signed and cannot change, configuration that is encrypted. */
import type { ControlId } from '../../../controls';
import { FUNCTION, FUNCTIONS, SAM_FUNCTION, servesDeployment, written } from '../../facts/functions';
import { isOwnKey } from '../../facts/keys';
import { unsupportedSince } from '../../facts/runtimes';
import type { Graph } from '../../graph';
import { fail, notApplicable, type Outcome, pass } from '../../outcome';
import type { Resource } from '../../resource';
import { type PerCloud, rule } from '../../rule';

const SIGNING = 'AWS::Lambda::CodeSigningConfig';
const HELPER = 'only CloudFormation calls it, while it deploys';

function isSupported(fn: Resource): Outcome {
  const runtime = fn.at('Runtime');
  if (runtime.state === 'absent') return notApplicable('runs a container image');
  if (runtime.string === undefined) return runtime.asUnknown();
  const since = unsupportedSince(runtime.string);
  return since === undefined ? pass() : fail(`${runtime.describe()}, which AWS has not supported since ${since}`, runtime.path);
}

/** A pinned patch version stays as it is, whatever is found in it. */
function takesPatches(fn: Resource): Outcome {
  const mode = fn.at('RuntimeManagementConfig.UpdateRuntimeOn');
  return mode.state === 'absent' ? notApplicable('patches arrive by themselves') : mode.isOneOf(['Auto', 'FunctionUpdate']);
}

/** Inline code stands in the template and is reviewed with it; an image is fixed by its digest. Everything else is signed. */
function isSigned(fn: Resource, graph: Graph): Outcome {
  if (servesDeployment(fn, graph)) return notApplicable(HELPER);
  if (written(fn, 'inline').state !== 'absent') return notApplicable('its code stands in the template');
  if (written(fn, 'image').state !== 'absent') return isFixed(fn);
  if (fn.at('Runtime').state === 'absent') return notApplicable('runs an image that packaging names');
  const signing = fn.at('CodeSigningConfigArn');
  return signing.isSet().verdict === 'pass' ? pass() : signing.asFailure();
}

/** By digest, or by the hash of what it was built from, which is how the CDK tags. */
function isFixed(fn: Resource): Outcome {
  const image = written(fn, 'image');
  if (image.shape === undefined) return image.asUnknown();
  if (/(@sha256:|:)[0-9a-f]{64}$/.test(image.shape)) return pass();
  return /\}$/.test(image.shape) ? image.asUnknown() : fail(`${image.describe()}: a tag can be moved to another image`, image.path);
}

function environmentHasOwnKey(fn: Resource, graph: Graph): Outcome {
  const variables = fn.at('Environment.Variables');
  if (variables.isSet().verdict === 'fail' || (variables.isMap && variables.entries().length === 0))
    return notApplicable('has no environment');
  return servesDeployment(fn, graph) ? notApplicable(HELPER) : isOwnKey(fn.at('KmsKeyArn'));
}

const fn = (properties: object, Type: string = FUNCTION) => ({
  Fn: { Type, Properties: { Runtime: 'nodejs22.x', Handler: 'index.handler', ...properties } },
});
const BUNDLE = { Code: { S3Bucket: 'builds', S3Key: 'cases.zip' } };
const image = (ImageUri: unknown) => ({ Fn: { Type: FUNCTION, Properties: { PackageType: 'Image', Code: { ImageUri } } } });
const custom = (properties: object) => ({
  resources: {
    ...fn(properties),
    Custom: { Type: 'Custom::Setup', Properties: { ServiceToken: { 'Fn::GetAtt': ['Fn', 'Arn'] } } },
  },
});
const KEY = 'arn:aws:kms:eu-west-1:111122223333:key/12345678-1234-1234-1234-123456789012';
const ENVIRONMENT = { Environment: { Variables: { TABLE: 'cases' } } };
const DIGEST = 'a'.repeat(64);
const REPOSITORY = '111122223333.dkr.ecr.eu-west-1.amazonaws.com/cases';

export const code = {
  'VUL-10': {
    aws: rule({
      on: FUNCTIONS,
      check: isSupported,
      fix: 'Set Runtime to a supported one: nodejs22.x or nodejs24.x, python3.12 or later, java21, dotnet10, ruby3.4, provided.al2023.',
      pass: [{ resources: fn({}) }, { resources: fn({ Runtime: 'python3.13' }, SAM_FUNCTION) }],
      fail: [{ resources: fn({ Runtime: 'nodejs16.x' }) }, { resources: fn({ Runtime: 'python3.8' }, SAM_FUNCTION) }],
      unknown: [{ parameters: { Runtime: { Type: 'String' } }, resources: fn({ Runtime: { Ref: 'Runtime' } }) }],
      skip: [{ resources: image(`${REPOSITORY}:latest`) }],
    }),
  },

  'VUL-05': {
    aws: rule({
      on: FUNCTION,
      check: takesPatches,
      fix: "Leave out RuntimeManagementConfig, or set UpdateRuntimeOn to 'Auto'; 'Manual' pins a runtime that is never patched.",
      severity: 'medium',
      pass: [{ resources: fn({ RuntimeManagementConfig: { UpdateRuntimeOn: 'Auto' } }) }],
      fail: [{ resources: fn({ RuntimeManagementConfig: { UpdateRuntimeOn: 'Manual' } }) }],
      skip: [{ resources: fn({}) }],
    }),
  },

  'SDC-14': {
    aws: [
      rule({
        on: FUNCTIONS,
        from: 'high',
        check: isSigned,
        fix: 'Use SecureFunction, or set CodeSigningConfigArn; name a container image by its digest (@sha256:…).',
        pass: [
          { resources: fn({ ...BUNDLE, CodeSigningConfigArn: 'arn:aws:lambda:eu-west-1:111122223333:code-signing-config:csc-1' }) },
          { resources: image(`${REPOSITORY}@sha256:${DIGEST}`) },
          { name: 'tagged by the hash of its source', resources: image(`${REPOSITORY}:${DIGEST}`) },
        ],
        fail: [
          { resources: fn(BUNDLE) },
          { resources: fn({ CodeUri: 's3://builds/cases.zip' }, SAM_FUNCTION) },
          { resources: image(`${REPOSITORY}:latest`) },
        ],
        unknown: [{ parameters: { Image: { Type: 'String' } }, resources: image({ Ref: 'Image' }) }],
        skip: [
          { resources: fn({ Code: { ZipFile: 'exports.handler = async () => {}' } }) },
          custom(BUNDLE),
          { resources: { Fn: { Type: SAM_FUNCTION, Properties: { PackageType: 'Image' } } } },
        ],
      }),
      rule({
        on: SIGNING,
        check: (signing) => signing.at('CodeSigningPolicies.UntrustedArtifactOnDeployment').orDefault('Warn').is('Enforce'),
        fix: "Set CodeSigningPolicies.UntrustedArtifactOnDeployment to 'Enforce'.",
        pass: [
          { resources: { Signing: { Type: SIGNING, Properties: { CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Enforce' } } } } },
        ],
        fail: [
          { resources: { Signing: { Type: SIGNING, Properties: { CodeSigningPolicies: { UntrustedArtifactOnDeployment: 'Warn' } } } } },
          { resources: { Signing: { Type: SIGNING, Properties: {} } } },
        ],
      }),
    ],
  },

  'ENC-11': {
    // Lambda encrypts environments with a key of its own in any case, so that this costs control, not secrecy.
    aws: rule({
      on: FUNCTIONS,
      severity: 'low',
      check: environmentHasOwnKey,
      fix: 'Use SecureFunction, or set KmsKeyArn (environmentEncryption) to a key of your own.',
      pass: [{ resources: fn({ ...ENVIRONMENT, KmsKeyArn: KEY }) }],
      fail: [{ resources: fn(ENVIRONMENT) }, { resources: fn({ ...ENVIRONMENT, KmsKeyArn: 'alias/aws/lambda' }) }],
      unknown: [{ parameters: { Key: { Type: 'String' } }, resources: fn({ ...ENVIRONMENT, KmsKeyArn: { Ref: 'Key' } }) }],
      skip: [{ resources: fn({}) }, { resources: fn({ Environment: { Variables: {} } }) }, custom(ENVIRONMENT)],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
