import { CfnPolicy } from 'aws-cdk-lib/aws-organizations';
import type { Construct } from 'constructs';
import { SecureStack } from '../../constructs/aws';
import type { LandingZoneStackProps } from './landing-zone-account';
import { AI_OPT_OUT, LONGEST_GUARDRAIL, resourceControls, serviceControls } from './landing-zone-guardrails';

/** The management account: guardrails that no account of the environment's unit can take off, and nothing else. */
export class OrganisationStack extends SecureStack {
  constructor(scope: Construct, id: string, { environment, settings, ...stack }: LandingZoneStackProps) {
    super(scope, id, stack);
    let before: CfnPolicy | undefined;
    const attach = (name: string, type: string, content: object, description: string) => {
      const length = JSON.stringify(content).length;
      if (length > LONGEST_GUARDRAIL)
        throw new Error(
          `${this.node.path}/${name}: has ${length} characters, AWS takes ${LONGEST_GUARDRAIL}; name fewer services or deployers`,
        );
      const targetIds = [settings.unitId];
      const policy = new CfnPolicy(this, name, { name: `${environment}-${name.toLowerCase()}`, type, content, description, targetIds });
      // One after the other: AWS Organizations refuses to change the policies of one target twice at a time.
      if (before) policy.node.addDependency(before);
      before = policy;
    };
    for (const [name, document] of Object.entries(serviceControls(settings)))
      attach(name, 'SERVICE_CONTROL_POLICY', document.toJSON(), `Guardrails of the environment ${environment}: ${name.toLowerCase()}`);
    attach('Perimeter', 'RESOURCE_CONTROL_POLICY', resourceControls(settings).toJSON(), 'Resources serve the organisation only');
    attach('NoTraining', 'AISERVICES_OPT_OUT_POLICY', AI_OPT_OUT, 'AI services keep nothing of what they are given');
  }
}
