/** API Gateway: REST, HTTP and WebSocket APIs, and those that SAM writes. */

import { merged } from '../../merge';
import { apiBackends } from './api-backends';
import { apiCors } from './api-cors';
import { apiNames } from './api-names';
import { apiRoutes } from './api-routes';
import { apiStages } from './api-stages';

export const api = merged(apiRoutes, apiCors, apiStages, apiNames, apiBackends);
