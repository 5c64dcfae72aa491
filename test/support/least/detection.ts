import {
  AlarmTopic,
  DataDiscovery,
  ExposureAnalysis,
  SecureLogGroup,
  SecurityAlarms,
  SecurityPosture,
  ThreatDetection,
  VulnerabilityScanning,
} from '../../../constructs/aws';
import type { Least } from './least';

export const detection: Least = {
  AlarmTopic: (scope, id) => new AlarmTopic(scope, id),
  DataDiscovery: (scope, id) => new DataDiscovery(scope, id),
  ExposureAnalysis: (scope, id) => new ExposureAnalysis(scope, id),
  SecurityAlarms: (scope, id) =>
    new SecurityAlarms(scope, id, { records: new SecureLogGroup(scope, `${id}Records`, { logClass: 'security' }) }),
  SecurityPosture: (scope, id) => new SecurityPosture(scope, id),
  ThreatDetection: (scope, id) => new ThreatDetection(scope, id),
  VulnerabilityScanning: (scope, id) => new VulnerabilityScanning(scope, id),
};
