import { ConfigurationRecorder, EventStore, LogArchive, LogGuard, SecureLogGroup, SecureTrail } from '../../../constructs/aws';
import type { Least } from './least';

export const logging: Least = {
  ConfigurationRecorder: (scope, id) => new ConfigurationRecorder(scope, id, { logs: new LogArchive(scope, `${id}Archive`) }),
  EventStore: (scope, id) => new EventStore(scope, id),
  LogArchive: (scope, id) => new LogArchive(scope, id),
  LogGuard: (scope, id) => new LogGuard(scope, id),
  SecureLogGroup: (scope, id) => {
    const group = new SecureLogGroup(scope, id);
    // Records of security are judged as evidence, and by another control.
    new SecureLogGroup(group, 'OfTrail', { logGroupName: 'cloudtrail', logClass: 'security' });
    return group;
  },
  SecureTrail: (scope, id) => new SecureTrail(scope, id),
};
