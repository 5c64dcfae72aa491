import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { AZURE_CHANNELS } from './messaging/azure-channels';
import { AZURE_FLOWS } from './messaging/azure-flows';
import { AZURE_RULE_SETS } from './messaging/azure-rule-sets';
import {
  brokersArePatched,
  brokersArePrivate,
  brokersAreSupported,
  brokersRecord,
  brokersSurviveAZone,
  clientsProveThemselves,
  clusterTraffic,
} from './messaging/brokers';
import { encrypted, ownKeys } from './messaging/encryption';
import {
  archivesEnd,
  channelsAreClassified,
  channelsSurvive,
  connectionsUseTls,
  executionsAreRecorded,
  mailUsesTls,
  outboundIsInspected,
  payloadsStayOut,
  queriesAreCapped,
  subscriptionsUseTls,
} from './messaging/flows';
import {
  channelsAreClosed,
  channelsRefuseClearText,
  channelsStayInside,
  deliveriesStayInside,
  grantsBindServices,
  grantsNameActions,
} from './messaging/policies';

const AWS = {
  'ENC-01': { aws: encrypted },
  'ENC-11': { aws: ownKeys },
  'TLS-02': { aws: subscriptionsUseTls },
  'TLS-03': { aws: channelsRefuseClearText },
  'TLS-05': { aws: connectionsUseTls },
  'TLS-06': { aws: clusterTraffic },
  'TLS-10': { aws: mailUsesTls },
  'DHC-01': { aws: channelsAreClassified },
  'DHC-05': { aws: [channelsAreClosed, ...brokersArePrivate] },
  'DHC-06': { aws: archivesEnd },
  'DHC-10': { aws: channelsSurvive },
  'EXP-03': { aws: deliveriesStayInside },
  'EXP-06': { aws: queriesAreCapped },
  'EXP-10': { aws: outboundIsInspected },
  'LPA-02': { aws: grantsNameActions },
  'LPA-10': { aws: channelsStayInside },
  'LPA-14': { aws: clientsProveThemselves },
  'LPA-16': { aws: grantsBindServices },
  'LOG-13': { aws: brokersRecord },
  'LOG-19': { aws: executionsAreRecorded },
  'PRV-07': { aws: payloadsStayOut },
  'BCR-06': { aws: brokersSurviveAZone },
  'VUL-05': { aws: brokersArePatched },
  'VUL-10': { aws: brokersAreSupported },
};

export const messaging = rulesOf('messaging', CONTROLS, merged(AWS, AZURE_CHANNELS, AZURE_FLOWS, AZURE_RULE_SETS));
