import { CONTROLS } from '../../controls';
import { merged } from '../merge';
import { rulesOf } from '../rule';
import { ACCOUNT_PASSWORDS } from './identity/account-passwords';
import { ADMINISTRATORS } from './identity/administrators';
import { AZURE_ACCESS_PACKAGES } from './identity/azure-access-packages';
import { AZURE_APPLICATIONS } from './identity/azure-applications';
import { AZURE_CONDITIONAL_ACCESS } from './identity/azure-conditional-access';
import { AZURE_DIRECTORY } from './identity/azure-directory';
import { AZURE_EMERGENCY } from './identity/azure-emergency';
import { AZURE_GAPS } from './identity/azure-gaps';
import { AZURE_GROUPS } from './identity/azure-groups';
import { AZURE_LOCAL } from './identity/azure-local';
import { AZURE_PRIVILEGED } from './identity/azure-privileged';
import { AZURE_REVIEWS } from './identity/azure-reviews';
import { AZURE_ROLES } from './identity/azure-roles';
import { CASE_ROLES } from './identity/case-roles';
import { DIRECTORY } from './identity/directory';
import { CLIENTS } from './identity/directory-clients';
import { ESCALATION } from './identity/escalation';
import { EXPORTS } from './identity/export';
import { FEDERATION } from './identity/federation';
import { GRANTS } from './identity/grants';
import { GUARDRAILS } from './identity/guardrails';
import { REVIEWS } from './identity/reviews';
import { SUBCONTRACTORS } from './identity/subcontractors';
import { TRUST } from './identity/trust';
import { USERS } from './identity/users';

export const identity = rulesOf(
  'identity',
  CONTROLS,
  merged(
    ADMINISTRATORS,
    GRANTS,
    ESCALATION,
    FEDERATION,
    TRUST,
    USERS,
    EXPORTS,
    CASE_ROLES,
    REVIEWS,
    SUBCONTRACTORS,
    GUARDRAILS,
    DIRECTORY,
    CLIENTS,
    ACCOUNT_PASSWORDS,
    AZURE_ROLES,
    AZURE_REVIEWS,
    AZURE_LOCAL,
    AZURE_PRIVILEGED,
    AZURE_CONDITIONAL_ACCESS,
    AZURE_EMERGENCY,
    AZURE_APPLICATIONS,
    AZURE_GROUPS,
    AZURE_ACCESS_PACKAGES,
    AZURE_GAPS,
    AZURE_DIRECTORY,
  ),
);
