import { SecureActivityLog } from '../../../constructs/azure';
import type { Least } from './least';

/** The workspace and the archive are part of the surroundings. */
export const logging: Least = {
  SecureActivityLog: ({ common, contacts, logs }, name) =>
    new SecureActivityLog(name, { ...common, subscriptionId: '22222222-2222-2222-2222-222222222222', logs, alerts: contacts.id }),
};
