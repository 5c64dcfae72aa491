import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { SecureSecret } from '../../../constructs/aws';
import type { Least } from './least';

/** A function that rotates secrets, made elsewhere. */
export const rotator = (scope: Construct, id = 'Rotator') =>
  LambdaFunction.fromFunctionArn(scope, id, 'arn:aws:lambda:eu-central-1:111122223333:function:rotator');

export const secrets: Least = {
  SecureSecret: (scope, id) => new SecureSecret(scope, id, { rotation: { rotationLambda: rotator(scope) } }),
};
