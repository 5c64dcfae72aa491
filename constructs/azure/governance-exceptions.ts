import * as authorization from '@pulumi/azure-native/authorization';
import * as pulumi from '@pulumi/pulumi';
import { claims, type Relaxation } from '../contract';
import { controlOf, type GuardrailName, isListed, type PolicyGuardrails } from './governance-guardrails';
import { physicalName } from './naming';
import { checkRelaxations, type Promises } from './relax';

/** What a {@link PolicyException} is made from: everything that a waiver says, and for what it holds. */
export interface PolicyExceptionArgs extends Omit<Relaxation, 'control'> {
  /** Guardrails of which one does not hold. */
  readonly guardrails: PolicyGuardrails;
  /** The one that does not hold: `storage-shared-keys`. */
  readonly guardrail: GuardrailName;
  /** Id of the one resource for which it does not hold; never a group or a subscription (GOV-04). */
  readonly resourceId: pulumi.Input<string>;
}

/**
 * An exception from one guardrail, for one resource, with a reason, an owner, somebody else who approved it, and a last day.
 *
 * Guarantees GOV-03 and GOV-04.
 *
 * @throws RangeError where something is missing, it runs too long or has ended, its owner approved it, or it is for more
 *   than one resource
 * @example
 * const guardrails = new PolicyGuardrails('guardrails', {
 *   profile, location, scope: { subscriptionId }, allowedLocations: ['westeurope'], allowedTypes: ['Microsoft.Storage/storageAccounts'],
 * });
 * new PolicyException('legacy-import', {
 *   guardrails, guardrail: 'storage-shared-keys', resourceId: account.id,
 *   reason: 'the importer cannot sign in', owner: 'import@example.com', approver: 'security@example.com',
 *   ticket: 'SEC-1201', expires: '2027-01-31',
 * });
 */
export class PolicyException extends pulumi.ComponentResource {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('PolicyException', 'GOV-03', 'GOV-04');

  /** The exemption itself. */
  readonly exemption: authorization.PolicyExemption;

  constructor(name: string, args: PolicyExceptionArgs, opts?: pulumi.ComponentResourceOptions) {
    const { approver, expires, guardrail, guardrails, owner, reason, resourceId, ticket } = args;
    const where = `PolicyException "${name}"`;
    const control = controlOf(guardrail);
    checkRelaxations(where, [{ control, reason, owner, approver, ticket, expires }], {
      ...PROMISES,
      relaxable: { [control]: 'the guardrail' },
    });
    if (typeof resourceId === 'string') checkResource(where, resourceId);
    super('palisade:azure:PolicyException', name, {}, opts);
    this.exemption = new authorization.PolicyExemption(
      `${name}-exemption`,
      {
        scope: typeof resourceId === 'string' ? resourceId : pulumi.output(resourceId).apply((id) => checkResource(where, id)),
        policyExemptionName: physicalName(name, 64, '-'),
        policyAssignmentId: guardrails.assignments[isListed(guardrail) ? guardrail : 'refuse'].id,
        ...(isListed(guardrail) ? {} : { policyDefinitionReferenceIds: [guardrail] }),
        exemptionCategory: 'Waiver',
        assignmentScopeValidation: 'Default',
        expiresOn: `${expires}T23:59:59Z`,
        displayName: `${control}: ${name}`,
        description: reason,
        metadata: { control, owner, approver, ticket },
      },
      { parent: this },
    );
    this.registerOutputs({ id: this.exemption.id });
  }
}

/** @throws RangeError for everything that holds more than one resource (GOV-04) */
function checkResource(where: string, id: string): string {
  if (!/\/providers\/[^/]+\/[^/]+\/[^/]+/.test(id) || /^\/providers\/Microsoft\.Management\//i.test(id))
    throw new RangeError(`${where}: resourceId is "${id}", which is no single resource; name the one that is excepted (GOV-04)`);
  return id;
}

const PROMISES: Promises = { claims: PolicyException.claims, families: ['governance'], relaxable: {} };
