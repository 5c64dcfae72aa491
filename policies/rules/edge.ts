import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { api } from './edge/api';
import { azureApim } from './edge/azure-apim';
import { azureApimPolicies } from './edge/azure-apim-policies';
import { AZURE_GAPS } from './edge/azure-gaps';
import { azureGateways } from './edge/azure-gateways';
import { azureGuards } from './edge/azure-guards';
import { certificates } from './edge/certificates';
import { classic } from './edge/classic';
import { distributionGuards } from './edge/distribution-guards';
import { distributions } from './edge/distributions';
import { firewall } from './edge/firewall';
import { graphql } from './edge/graphql';
import { graphqlSchema } from './edge/graphql-schema';
import { listeners } from './edge/listeners';
import { loadBalancers } from './edge/load-balancers';
import { otherEntries } from './edge/other-entries';
import { surfaces } from './edge/surfaces';
import { transfer } from './edge/transfer';

export const edge = rulesOf(
  'edge',
  CONTROLS,
  merged(
    api,
    graphql,
    graphqlSchema,
    surfaces,
    distributions,
    distributionGuards,
    listeners,
    loadBalancers,
    classic,
    firewall,
    certificates,
    otherEntries,
    transfer,
    azureGateways,
    azureGuards,
    azureApim,
    azureApimPolicies,
    AZURE_GAPS,
  ),
);
