/** What changes in the networks of Azure besides the paths from outside. */
import type { Told } from '../side';
import { groups } from './azure-groups';
import { peerings } from './azure-peerings';
import { privateWays } from './azure-private';
import { routes } from './azure-routes';
import { scripts } from './azure-scripts';
import { waysOfSending } from './azure-senders-lines';
import type { AzureSide } from './azure-sides';
import type { Consequence } from './fold';
import type { Direction, Speech } from './lines';

/** What the later side lets through, and the earlier does not; whatever a line of `said` tells already is not said again. */
export function* azureNetworks(
  speech: Speech,
  before: AzureSide,
  after: AzureSide,
  direction: Direction,
  said: readonly Told[],
): Iterable<Consequence> {
  if (before.networks.length === 0 || after.networks.length === 0) return;
  const lines = said.filter((line): line is Consequence => 'along' in line);
  yield* waysOfSending(speech, before, after, direction);
  yield* routes(speech, before, after, direction, lines);
  yield* peerings(speech, before, after, direction);
  // Endpoints and settings protect: what is lost weakens.
  yield* privateWays(speech, before, after, direction, lines);
  yield* scripts(speech, before, after, direction);
  yield* groups(speech, before, after, direction, lines);
}
