import * as pulumi from '@pulumi/pulumi';
import { type Relaxation, WAIVER_TYPE } from '../contract';
import { dayOfCheck, type Promises, checkRelaxations as shared } from '../relax';

export { type Promises, requireRelaxation } from '../relax';

/**
 * Checks the relaxations of a component (GOV-03), by today or by the configuration value `palisade:today` (`YYYY-MM-DD`).
 *
 * @throws RangeError with what is wrong and what to write instead
 */
export function checkRelaxations(where: string, relax: readonly Relaxation[] | undefined, promises: Promises): void {
  shared(where, relax, promises, () => dayOfCheck(new pulumi.Config('palisade').get('today'), 'configuration palisade:today'));
}

/** Records an exception where checks find it, below the component whose promise it relaxes. It names what the user named. */
export class WaiverRecord extends pulumi.ComponentResource {
  constructor(name: string, resource: pulumi.Input<string>, relaxation: Relaxation, parent: pulumi.Resource) {
    const { control: rule, reason, owner, approver, ticket, expires } = relaxation;
    super(WAIVER_TYPE, name, { rule, resource, reason, owner, approver, ticket, expires }, { parent });
    this.registerOutputs();
  }
}
