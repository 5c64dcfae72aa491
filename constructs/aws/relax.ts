import { CfnResource, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { waiverToReason } from '../../controls';
import { type ControlId, METADATA_KEY, PLUGIN_NAME, type Relaxation, relaxed } from '../contract';
import { dayOfCheck, type Promises, checkRelaxations as shared } from '../relax';

export { type Promises, requireRelaxation } from '../relax';

/**
 * Checks the relaxations of the construct `id` beneath `scope` (GOV-03), by today or by the context value
 * `palisade:today` (`YYYY-MM-DD`).
 *
 * @throws RangeError with what is wrong and what to write instead
 */
export function checkRelaxations(scope: IConstruct, id: string, relax: readonly Relaxation[] | undefined, promises: Promises): void {
  const fixed: unknown = scope.node.tryGetContext('palisade:today');
  const today = () => dayOfCheck(fixed === undefined ? undefined : String(fixed), 'context palisade:today');
  shared(`${scope.node.path ? `${scope.node.path}/` : ''}${id}`, relax, promises, today);
}

/**
 * Records the waiver of a relaxed promise on the resources that no longer keep it: as a CDK acknowledgement in the
 * plugin-qualified form, which CDK's own report keeps with its reason, and in the metadata of the resource, where it
 * travels with the template.
 */
export function recordWaiver(
  relax: readonly Relaxation[] | undefined,
  control: ControlId,
  family: string,
  ...resources: readonly IConstruct[]
): void {
  const relaxation = relaxed(relax, control);
  if (!relaxation) return;
  const { control: _, ...fields } = relaxation;
  const rule = `${control}.${family}`;
  for (const construct of resources) {
    const resource = CfnResource.isCfnResource(construct) ? construct : (construct.node.defaultChild as CfnResource);
    Validations.of(construct).acknowledge({ id: `${PLUGIN_NAME}::${rule}`, reason: waiverToReason(fields) });
    const before = resource.getMetadata(METADATA_KEY) as { waivers?: unknown[] } | undefined;
    const waiver = { rule, resource: resource.node.path, ...fields };
    resource.addMetadata(METADATA_KEY, { ...before, waivers: [...(before?.waivers ?? []), waiver] });
  }
}
