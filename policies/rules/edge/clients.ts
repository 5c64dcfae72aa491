/** What clients may do: how much a query may read. */
import { allOf } from '../../outcome';
import { rule } from '../../rule';
import type { Specs } from './merge';
import { only } from './samples';

const WORK_GROUP = 'AWS::Athena::WorkGroup';

const workGroup = (WorkGroupConfiguration: object) => only(WORK_GROUP, { Name: 'w', WorkGroupConfiguration });
const byParameter = { parameters: { Value: { Type: 'String' } } };
const LIMIT = 10_737_418_240;

export const clients = {
  'EXP-06': {
    aws: rule({
      on: WORK_GROUP,
      severity: 'low',
      check: (group) => {
        const limits = group.at('WorkGroupConfiguration');
        return limits.state === 'unknown'
          ? limits.asUnknown()
          : allOf(
              limits.at('BytesScannedCutoffPerQuery').isAtLeast(1),
              limits.at('EnforceWorkGroupConfiguration').orDefault(true).isTrue(),
            );
      },
      fix: 'Set WorkGroupConfiguration.BytesScannedCutoffPerQuery, and leave EnforceWorkGroupConfiguration true.',
      pass: [workGroup({ BytesScannedCutoffPerQuery: LIMIT, EnforceWorkGroupConfiguration: true })],
      fail: [
        workGroup({ EnforceWorkGroupConfiguration: true }),
        workGroup({ BytesScannedCutoffPerQuery: LIMIT, EnforceWorkGroupConfiguration: false }),
      ],
      unknown: [{ ...byParameter, ...workGroup({ BytesScannedCutoffPerQuery: { Ref: 'Value' } }) }],
    }),
  },
} as const satisfies Specs;
