import { type IPrincipal, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FunctionUrlAuthType, type FunctionUrlOptions, type Permission } from 'aws-cdk-lib/aws-lambda';

/** Keys of a principal's conditions that say on whose behalf a service calls. */
const SOURCES = ['aws:sourcearn', 'aws:sourceaccount'];

const conditionKeys = (principal: IPrincipal): readonly string[] =>
  Object.values(principal.policyFragment.conditions).flatMap((tests) => Object.keys(tests as object).map((key) => key.toLowerCase()));

/**
 * Refuses a permission that lets in everyone, or a service on behalf of anybody.
 *
 * @throws Error that says whom it lets in and what to write instead
 */
export function checkPermission(where: string, permission: Permission): void {
  const { principal, sourceAccount, sourceArn, organizationId, eventSourceToken, functionUrlAuthType } = permission;
  if (functionUrlAuthType === FunctionUrlAuthType.NONE)
    throw new Error(`${where}: functionUrlAuthType NONE lets anybody call the function; write FunctionUrlAuthType.AWS_IAM (DID-16)`);
  const named = principal.policyFragment.principalJson;
  const keys = conditionKeys(principal);
  const confined = organizationId || keys.includes('aws:principalorgid');
  const bound = sourceAccount || sourceArn || confined || keys.some((key) => SOURCES.includes(key));
  if (Object.values(named).flat().includes('*') && !confined)
    throw new Error(`${where}: a permission for "*" lets anybody call the function; name a principal, or add organizationId (LPA-10)`);
  if (named.Service && !bound && !eventSourceToken)
    throw new Error(
      `${where}: ${principal instanceof ServicePrincipal ? principal.service : 'a service'} could call the function on behalf of anybody; add sourceArn, or sourceAccount: Stack.of(this).account (LPA-16)`,
    );
}

/**
 * Refuses a URL that anybody can call.
 *
 * @throws Error that says what to write instead
 */
export function checkUrl(where: string, options: FunctionUrlOptions | undefined): void {
  if (options?.authType === FunctionUrlAuthType.NONE)
    throw new Error(`${where}: authType NONE lets anybody call the URL; leave it out, or put an API with an authoriser before it (DID-16)`);
  const { allowedOrigins = [], allowCredentials } = options?.cors ?? {};
  if (allowCredentials && allowedOrigins.some((origin) => /^(https?:\/\/)?\*$/.test(origin)))
    throw new Error(`${where}: cors.allowedOrigins "*" with credentials; list the origins (DID-21)`);
}
