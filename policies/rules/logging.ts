import { CONTROLS } from '../../controls';
import { gap, rulesOf } from '../rule';
import { archiveReaders, archiveRetention, outOfReach, validation, writeOnce } from './logging/archives';
import { databaseAccess, serviceLogs } from './logging/azure-completeness';
import { profileRecords, profileRetention } from './logging/azure-profiles';
import { namedGroups, outsiders } from './logging/grants';
import { evidenceEncrypted, groupEncrypted, groupEnds, groupRetention, groupSurvives, masked } from './logging/groups';
import { alerts, guardrails, loss } from './logging/guards';
import { logProfile } from './logging/profile';
import { activityLog, directoryLog, gateLogs, storeReads, storeWrites, vaultEvents } from './logging/sources';
import { controlPlane, dataReads, dataWrites, keyEvents } from './logging/trails';
import {
  addressesMasked,
  flowRetention,
  workspaceIdentity,
  workspaceKey,
  workspaceReach,
  workspaceRetention,
  workspaceSurvives,
} from './logging/workspaces';

export const logging = rulesOf('logging', CONTROLS, {
  'LOG-01': logProfile,
  'LOG-03': { aws: controlPlane, azure: [activityLog, profileRecords] },
  'LOG-04': { aws: dataReads, azure: [...storeReads, databaseAccess] },
  'LOG-05': { aws: dataWrites, azure: [storeWrites, databaseAccess] },
  'LOG-08': { aws: [writeOnce.aws, validation], azure: writeOnce.azure },
  'LOG-09': { aws: outOfReach, azure: workspaceReach },
  'LOG-10': {
    aws: [...groupRetention, archiveRetention.aws],
    azure: [...workspaceRetention, flowRetention, archiveRetention.azure, profileRetention],
  },
  'LOG-11': { aws: [...evidenceEncrypted, archiveReaders.aws], azure: [...workspaceKey, archiveReaders.azure] },
  'LOG-13': { azure: [...gateLogs, ...serviceLogs] },
  'LOG-14': { aws: loss.aws, azure: loss.azure },
  'LOG-15': { aws: guardrails.aws, azure: guardrails.azure },
  'LOG-17': {
    aws: gap(
      'Sign-ins to the console, Identity Center and STS are management events, judged as LOG-03; user pools record in their own settings.',
    ),
    azure: directoryLog,
  },
  'ENC-11': {
    aws: groupEncrypted,
    azure: gap("Log Analytics always encrypts; a key of one's own needs a dedicated cluster and is judged as LOG-11."),
  },
  'ENC-12': { aws: keyEvents, azure: vaultEvents },
  'MON-04': { aws: alerts.aws, azure: alerts.azure },
  'LPA-02': { aws: namedGroups, azure: gap('Rights over a workspace are roles and their assignments, judged in the family identity.') },
  'LPA-10': { aws: outsiders, azure: gap('A workspace has no policy of its own that could let other tenants in.') },
  'LPA-14': { azure: workspaceIdentity },
  'DHC-06': {
    aws: groupEnds,
    azure: gap('Every table of a workspace ends its records by itself; that they are kept long enough is judged as LOG-10.'),
  },
  'DHC-10': { aws: groupSurvives, azure: workspaceSurvives },
  'PRV-07': { aws: masked, azure: addressesMasked },
});
