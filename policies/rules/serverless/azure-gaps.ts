/** Controls that are judged on AWS in this family and elsewhere, or not at all, on Azure. */
import type { ControlId } from '../../../controls';
import { gap, type PerCloud } from '../../rule';

export const AZURE_GAPS = {
  'LPA-10': { azure: gap('an app is called over the network only; who is let in is judged by DID-16') },
  'LPA-16': { azure: gap('no resource grants a service the right to call an app') },
  'LPA-02': { azure: gap('the rights of an app are assignments to its identity, judged with identity') },
  'VUL-05': { azure: gap('the platform patches what apps run on') },
  'SDC-14': { azure: gap('the platform verifies no signature of code; images are judged with containers') },
  'ENC-11': {
    azure: gap('the platform encrypts the settings of apps and takes no key for them; credentials among them are judged with secrets'),
  },
  'DID-08': { azure: gap('calls are limited at the edge, judged there') },
  'DHC-06': { azure: gap('what an app logs is kept by the workspace, judged with logging') },
  'TLS-06': { azure: gap('mounts of an app are shares, judged with object storage') },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
