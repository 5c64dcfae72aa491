/** Deployments of Azure in complete mode: whatever stands in their resource group and not in their template is deleted. */
import type { Resource } from '../../../policies/resource';
import { type Pairing, resourcesOf, type Side, type Told } from '../side';
import { keepingLine, ofProgram } from './parts';

const DEPLOYMENT = /^azure-native:resources:Deployment(AtScope|AtSubscriptionScope|AtManagementGroupScope|AtTenantScope)?$/;
/** What stands in a deployment is called after its name; the deployment itself by its type too, where it has no symbol. */
const UNNAMED = /Microsoft\.Resources\/deployments\//i;
const MODE = 'properties.mode';

const isComplete = (deployment: Resource): boolean => deployment.at(MODE).string?.toLowerCase() === 'complete';
const deploymentsOf = (side: Side): readonly Resource[] => [...resourcesOf(side)].filter(({ type }) => DEPLOYMENT.test(type));

/** Whether something of a template leaves it while the deployment that it is written in deletes what its template does not hold. */
export function completeDeployments(after: Side): (resource: Resource) => boolean {
  const complete = deploymentsOf(after).filter((deployment) => isComplete(deployment) && !ofProgram(deployment));
  const insides = complete.map((deployment) => `${deployment.logicalId.replace(UNNAMED, '')}/`);
  return ({ logicalId }) => insides.some((inside) => logicalId.startsWith(inside));
}

/** Deployments that newly delete what they do not name. */
export function completions(after: Side, pairing: Pairing): readonly Told[] {
  const lines: Told[] = [];
  const line = (at: Resource, direction: 'weaker' | 'stronger' | 'undecided', words: string) =>
    lines.push(keepingLine({ direction, severity: 'high', words, topic: 'complete mode', at, side: 'after', path: MODE }, pairing));
  for (const deployment of deploymentsOf(after)) {
    const other = pairing.other(deployment);
    const [was, is] = [other !== undefined && isComplete(other), isComplete(deployment)];
    const name = pairing.name(deployment);
    if (is && !was)
      line(deployment, 'weaker', `${name} runs in complete mode now: what its resource group holds and its template does not is deleted`);
    if (was && !is) line(deployment, 'stronger', `${name} no longer deletes what its template does not hold`);
    const { missing } = deployment.at(MODE);
    if (missing !== undefined && missing !== other?.at(MODE).missing)
      line(
        deployment,
        'undecided',
        `whether ${name} deletes what its template does not hold cannot be told: its mode is what ${missing} says`,
      );
  }
  return lines;
}
