import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { AZURE_DISKS } from './compute/azure-disks';
import { AZURE_GAPS } from './compute/azure-gaps';
import { AZURE_JOBS } from './compute/azure-jobs';
import { AZURE_MACHINES } from './compute/azure-machines';
import { AZURE_RECORDS } from './compute/azure-records';
import { AZURE_SERVICES } from './compute/azure-services';
import { hosts } from './compute/hosts';
import { jobEncryption } from './compute/job-encryption';
import { jobs } from './compute/jobs';
import { patching } from './compute/patching';
import { sessions } from './compute/sessions';
import { volumes } from './compute/volumes';

export const compute = rulesOf(
  'compute',
  CONTROLS,
  merged(
    {
      ...hosts,
      ...volumes,
      ...sessions,
      ...patching,
      ...jobs,
      ...jobEncryption,
      'ENC-01': { aws: [...volumes['ENC-01'].aws, ...jobEncryption['ENC-01'].aws] },
      'ENC-02': { aws: [...volumes['ENC-02'].aws, ...jobEncryption['ENC-02'].aws] },
      'DHC-10': { aws: [hosts['DHC-10'].aws, volumes['DHC-10'].aws] },
      'DID-04': { aws: [...hosts['DID-04'].aws, jobs['DID-04'].aws] },
      'DID-11': { aws: [...hosts['DID-11'].aws, sessions['DID-11'].aws, ...jobs['DID-11'].aws] },
      'DID-12': { aws: [...hosts['DID-12'].aws, ...sessions['DID-12'].aws] },
      'DID-13': { aws: [hosts['DID-13'].aws, patching['DID-13'].aws] },
      'LOG-18': { aws: [patching['LOG-18'].aws, jobs['LOG-18'].aws] },
      'LOG-19': { aws: [hosts['LOG-19'].aws, jobs['LOG-19'].aws] },
    },
    AZURE_MACHINES,
    AZURE_DISKS,
    AZURE_JOBS,
    AZURE_RECORDS,
    AZURE_SERVICES,
    AZURE_GAPS,
  ),
);
