import { Stack, Stage } from 'aws-cdk-lib';
import { CfnVPCBlockPublicAccessOptions, type Vpc } from 'aws-cdk-lib/aws-ec2';
import type { IConstruct } from 'constructs';

const BLOCKS = Symbol.for('palisade.internet-gateways');

/** Which network of the app blocks, and which open, the internet gateways of one account and region. */
interface Environment {
  blocker?: IConstruct;
  edge?: IConstruct;
}
type Root = IConstruct & { [BLOCKS]?: Map<string, Environment> };

/**
 * Blocks internet gateways for the whole account and region (DID-04): in both directions, or inwards only where NAT
 * gateways are waived. The setting exists once per account and region, so that only the first network of an app (or stage)
 * there makes it.
 *
 * @throws Error when one network of the app declares an edge that the block of another would cut off
 */
export function blockInternetGateways(vpc: Vpc, { edge, egress, blocks }: { edge: boolean; egress: boolean; blocks: boolean }): void {
  const environment = environmentOf(vpc);
  if (edge) environment.edge ??= vpc;
  else if (blocks && !environment.blocker) {
    environment.blocker = vpc;
    new CfnVPCBlockPublicAccessOptions(vpc, 'BlockInternetGateways', {
      internetGatewayBlockMode: egress ? 'block-ingress' : 'block-bidirectional',
    });
  }
  if (environment.edge && environment.blocker)
    throw new Error(
      `${environment.blocker.node.path}: blocks the internet gateways of the account and region, and would cut off the edge of ` +
        `${environment.edge.node.path}; put them into different accounts or regions, or pass blockInternetGateways: 'elsewhere' (DID-04)`,
    );
}

function environmentOf(vpc: Vpc): Environment {
  const root = (Stage.of(vpc) ?? vpc.node.root) as Root;
  if (!root[BLOCKS]) Object.defineProperty(root, BLOCKS, { value: new Map() });
  const { environment } = Stack.of(vpc);
  const known = root[BLOCKS]?.get(environment) ?? {};
  root[BLOCKS]?.set(environment, known);
  return known;
}
