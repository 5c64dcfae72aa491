import { CONTROLS } from '../../controls';
import { rulesOf } from '../rule';
import { archiveReaders, archiveRetention, outOfReach, validation, writeOnce } from './logging/archives';
import { evidenceEncrypted, groupEncrypted, groupEnds, groupRetention, groupSurvives, masked } from './logging/groups';
import { controlPlane, dataReads, dataWrites, keyEvents } from './logging/trails';

export const logging = rulesOf('logging', CONTROLS, {
  'LOG-03': { aws: controlPlane },
  'LOG-04': { aws: dataReads },
  'LOG-05': { aws: dataWrites },
  'LOG-08': { aws: [writeOnce.aws, validation], azure: writeOnce.azure },
  'LOG-09': { aws: outOfReach },
  'LOG-10': { aws: [...groupRetention, archiveRetention.aws], azure: archiveRetention.azure },
  'LOG-11': { aws: [evidenceEncrypted, archiveReaders.aws], azure: archiveReaders.azure },
  'ENC-11': { aws: groupEncrypted },
  'ENC-12': { aws: keyEvents },
  'DHC-06': { aws: groupEnds },
  'DHC-10': { aws: groupSurvives },
  'PRV-07': { aws: masked },
});
