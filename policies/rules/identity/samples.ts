/** Small worlds that several rules of this family are judged in. */
import { PERMISSION_SET, POLICY, ROLE } from '../../facts/iam-permissions';

export const allow = (Action: unknown, Resource: unknown = '*', rest: object = {}) => ({ Effect: 'Allow', Action, Resource, ...rest });
export const deny = (Action: unknown, Resource: unknown = '*', rest: object = {}) => ({ Effect: 'Deny', Action, Resource, ...rest });

export const document = (...Statement: readonly object[]) => ({ Version: '2012-10-17', Statement });

/** A policy of its own, attached to a role that is elsewhere. */
export const policy = (...statements: readonly object[]) => ({
  Policy: { Type: POLICY, Properties: { PolicyName: 'p', Roles: ['app'], PolicyDocument: document(...statements) } },
});

export const trust = (Principal: unknown, rest: object = {}) => document({ Effect: 'Allow', Principal, Action: 'sts:AssumeRole', ...rest });
export const FOR_LAMBDA = trust({ Service: 'lambda.amazonaws.com' });
export const BY_SAML = document({
  Effect: 'Allow',
  Principal: { Federated: 'arn:aws:iam::111122223333:saml-provider/idp' },
  Action: 'sts:AssumeRoleWithSAML',
  Condition: { StringEquals: { 'SAML:aud': 'https://signin.aws.amazon.com/saml' } },
});

export const role = (properties: object = {}) => ({
  Role: { Type: ROLE, Properties: { AssumeRolePolicyDocument: FOR_LAMBDA, ...properties } },
});
export const permissionSet = (properties: object) => ({
  Set: { Type: PERMISSION_SET, Properties: { Name: 'operators', InstanceArn: 'arn:aws:sso:::instance/ssoins-1', ...properties } },
});
export const inline = (...statements: readonly object[]) => [{ PolicyName: 'p', PolicyDocument: document(...statements) }];
