/** What keeps events and messages on Azure: captures, dead letters, copies. */

import { valueAt } from '../reading';
import { keepsDeadEvents } from '../wiring/ways';
import { type Guard, truth, turned } from './parts';

export const AZURE_MESSAGING: readonly Guard[] = [
  {
    on: /^azure-native:eventhub:EventHub$/,
    aspect: 'data',
    parts: [
      turned(
        'captureDescription',
        (properties) =>
          valueAt(properties, 'captureDescription') === undefined ? false : truth(valueAt(properties, 'captureDescription.enabled'), false),
        'its events are no longer kept: the capture is turned off',
        'its events are kept now',
      ),
    ],
  },
  {
    on: /^azure-native:eventgrid:\w*EventSubscription$/,
    aspect: 'data',
    parts: [
      turned(
        'deadLetterDestination',
        keepsDeadEvents,
        'events that cannot be delivered are no longer kept',
        'events that cannot be delivered are kept now',
      ),
    ],
  },
  {
    on: /^azure-native:storage:ObjectReplicationPolicy$/,
    aspect: 'data',
    ends: 'its blobs are no longer copied to the other account',
  },
];
