import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { organisationOf } from './profile';

type Conditions = Record<string, Record<string, unknown>>;

/**
 * Refuses every principal from outside the organisation, or from outside the account where no organisation is declared
 * (LPA-10). AWS services that act for the account are let through; what they may do is bound to a source elsewhere.
 *
 * @param sharedWith account ids outside the perimeter that an exception lets in
 */
export function denyOutsiders(
  scope: IConstruct,
  actions: string[],
  resources: string[],
  sharedWith: readonly string[] = [],
): PolicyStatement {
  const organisation = organisationOf(scope);
  const accounts = [Stack.of(scope).account, ...sharedWith];
  return new PolicyStatement({
    sid: 'DenyOutsiders',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions,
    resources,
    conditions: {
      StringNotEquals: organisation
        ? { 'aws:PrincipalOrgID': organisation, ...(sharedWith.length > 0 ? { 'aws:PrincipalAccount': accounts } : {}) }
        : { 'aws:PrincipalAccount': accounts.length === 1 ? accounts[0] : accounts },
      BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
    },
  });
}

/** Conditions under which a request comes from, and goes to, what belongs to the organisation or the account (EXP-04). */
export function insidePerimeter(scope: IConstruct): Conditions {
  const organisation = organisationOf(scope);
  const { account } = Stack.of(scope);
  return {
    StringEquals: organisation
      ? { 'aws:PrincipalOrgID': organisation, 'aws:ResourceOrgID': organisation }
      : { 'aws:PrincipalAccount': account, 'aws:ResourceAccount': account },
  };
}

/** Conditions under which a request comes from what belongs to the organisation or the account, wherever it goes. */
export function ourCallers(scope: IConstruct): Conditions {
  const organisation = organisationOf(scope);
  return { StringEquals: organisation ? { 'aws:PrincipalOrgID': organisation } : { 'aws:PrincipalAccount': Stack.of(scope).account } };
}

/** Conditions under which a request goes to what belongs to the organisation or the account, wherever it comes from. */
export function ourResources(scope: IConstruct): Conditions {
  const organisation = organisationOf(scope);
  return { StringEquals: organisation ? { 'aws:ResourceOrgID': organisation } : { 'aws:ResourceAccount': Stack.of(scope).account } };
}

/** What a grant to a service is bound to. */
export interface Source {
  /** ARN, or pattern of it, of the resource for which the service calls. */
  readonly arn?: string | readonly string[] | undefined;
  /** @default the account of the scope */
  readonly accounts?: readonly string[] | undefined;
}

/** Binds a grant to a service to the accounts, and the resources, that it acts for (LPA-16). */
export function fromSource(scope: IConstruct, { arn, accounts }: Source = {}): Conditions {
  const list = accounts ?? [Stack.of(scope).account];
  return {
    StringEquals: { 'aws:SourceAccount': list.length === 1 ? list[0] : list },
    ...(arn === undefined ? {} : { ArnLike: { 'aws:SourceArn': arn } }),
  };
}
