/** Whether events of Azure are kept: by captures, and where nobody takes them. */
import type { Resource } from '../../../policies/resource';
import { keepsDeadEvents } from '../wiring/ways';
import { type Row, row, type Strength } from './parts';

/** A capture that is written keeps events only once it is turned on. */
function captures(hub: Resource): number | undefined {
  const capture = hub.at('captureDescription');
  if (capture.state === 'unknown') return undefined;
  const on = capture.at('enabled').orDefault(false).boolean;
  return on === undefined ? undefined : Number(on);
}

const kept = (read: (resource: Resource) => number | undefined, weaker: string, stronger: string): Row => ({
  order: { more: 'stronger' },
  read,
  turns: [weaker, stronger],
});

export const AZURE_MESSAGING: readonly Strength[] = [
  row(/^azure-native:eventhub:EventHub$/, 'captureDescription', 'the keeping of its events', 'data', {
    ...kept(captures, 'its events are no longer kept: the capture is turned off', 'its events are kept now'),
  }),
  row(/^azure-native:eventgrid:\w*EventSubscription$/, 'deadLetterDestination', 'the keeping of events that nobody takes', 'data', {
    ...kept(keepsDeadEvents, 'events that cannot be delivered are no longer kept', 'events that cannot be delivered are kept now'),
  }),
];
