import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { AZURE_APPS } from './containers/azure-apps';
import { AZURE_CLUSTERS } from './containers/azure-clusters';
import { AZURE_GAPS } from './containers/azure-gaps';
import { AZURE_NODES } from './containers/azure-nodes';
import { AZURE_REGISTRIES } from './containers/azure-registries';
import { AZURE_SOURCES } from './containers/azure-sources';
import {
  imagesArePrivate,
  imagesAreScanned,
  imagesHaveOwnKey,
  imagesReplicateInside,
  imagesStayInside,
  tagsAreImmutable,
} from './containers/images';
import {
  clustersSurvive,
  controlPlanes,
  entriesAreNarrow,
  kubernetesVersions,
  nodesTakeNoShell,
  podsAreSeparated,
} from './containers/kubernetes';
import {
  appsAreTraced,
  appsHaveOwnKey,
  appsRunInside,
  callersProveThemselves,
  frontDoors,
  meshesEncrypt,
  meshesRecord,
} from './containers/meshes';
import {
  clustersAreObserved,
  noFaultsInjected,
  platformIsCurrent,
  servicesProveThemselves,
  shellsAreRecorded,
  storageHasOwnKey,
  tasksStayInside,
  volumesAreEncrypted,
} from './containers/services';
import { imagesAreImmutable, mountsAreEncrypted, mountsAreIdentified, tasksAreConfined, tasksRecord } from './containers/tasks';

export const containers = rulesOf(
  'containers',
  CONTROLS,
  merged(
    {
      'DID-14': { aws: [...tasksAreConfined, tagsAreImmutable] },
      'DID-15': { aws: controlPlanes },
      'DID-07': { aws: frontDoors },
      'DID-12': { aws: [nodesTakeNoShell, shellsAreRecorded, noFaultsInjected] },
      'DID-22': { aws: [tasksStayInside, appsRunInside] },
      'DID-23': { aws: podsAreSeparated },
      'TLS-06': { aws: [mountsAreEncrypted, meshesEncrypt] },
      'TLS-07': { aws: [servicesProveThemselves, ...callersProveThemselves] },
      'ENC-01': { aws: volumesAreEncrypted },
      'ENC-02': { aws: [...storageHasOwnKey, imagesHaveOwnKey, appsHaveOwnKey] },
      'DHC-05': { aws: imagesArePrivate },
      'DHC-10': { aws: clustersSurvive },
      'EXP-03': { aws: imagesReplicateInside },
      'LPA-01': { aws: entriesAreNarrow },
      'LPA-10': { aws: imagesStayInside },
      'LPA-14': { aws: mountsAreIdentified },
      'LOG-13': { aws: meshesRecord },
      'LOG-19': { aws: [tasksRecord, clustersAreObserved, appsAreTraced] },
      'SDC-14': { aws: imagesAreImmutable },
      'VUL-04': { aws: imagesAreScanned },
      'VUL-10': { aws: [...kubernetesVersions, platformIsCurrent] },
    },
    AZURE_CLUSTERS,
    AZURE_NODES,
    AZURE_REGISTRIES,
    AZURE_APPS,
    AZURE_SOURCES,
    AZURE_GAPS,
  ),
);
