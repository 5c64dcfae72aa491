/** What `pulumi preview --policy-pack <this folder>` loads. `PALISADE_GATE` sets the lowest severity that is mandatory. */
import { SEVERITIES, type Severity } from '../../../../controls';
import { createPolicyPack } from '../../crossguard.js';

const gate = process.env.PALISADE_GATE;
if (gate === undefined || isSeverity(gate)) createPolicyPack(gate === undefined ? {} : { gate });
else {
  // The engine shows what a pack prints before it ends, and nothing of what it throws.
  console.error(`PALISADE_GATE is "${gate}": write one of ${SEVERITIES.join(', ')}`);
  process.exit(1);
}

function isSeverity(text: string): text is Severity {
  return (SEVERITIES as readonly string[]).includes(text);
}
