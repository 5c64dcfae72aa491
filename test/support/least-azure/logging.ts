import { DedicatedLogCluster, SecureActivityLog, SecureDataCollection } from '../../../constructs/azure';
import type { Least } from './least';

/** The workspace and the archive are part of the surroundings. */
export const logging: Least = {
  DedicatedLogCluster: ({ common, vault }, name) => new DedicatedLogCluster(name, { ...common, key: vault.key('records') }),
  SecureDataCollection: ({ common, workspace }, name) => new SecureDataCollection(name, { ...common, workspace }),
  SecureActivityLog: ({ common, contacts, logs }, name) =>
    new SecureActivityLog(name, { ...common, subscriptionId: '22222222-2222-2222-2222-222222222222', logs, alerts: contacts.id }),
};
