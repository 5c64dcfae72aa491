import type { DataProtectionNotice } from '../../constructs/aws/edge-graphql-knowledge';
import { type CaseRole, type FieldCatalogue, fieldCatalogue } from '../../constructs/fields';

/** Records of case management: a case, and notes that belong to one. */
export const CASE_CATALOGUE: FieldCatalogue<CaseRole> = fieldCatalogue({
  records: {
    Case: {
      description: 'What a customer asked for help with.',
      key: 'id',
      assignee: 'owner',
      listedBy: 'team',
      reach: { agent: 'assigned', supportEngineer: 'granted', supervisor: 'all' },
      purposes: ['resolveCase', 'overseeWork'],
      fields: {
        id: { type: 'id', sensitivity: 'internal', read: ['agent', 'supportEngineer', 'supervisor'] },
        owner: { sensitivity: 'internal', read: ['supervisor'], alter: ['supervisor'] },
        team: { sensitivity: 'internal', read: ['agent', 'supervisor'] },
        status: { sensitivity: 'internal', read: ['agent', 'supervisor'], alter: ['agent'] },
        subject: { sensitivity: 'confidential', read: ['agent', 'supportEngineer'], purposes: ['resolveCase'] },
        phone: { type: 'phone', sensitivity: 'confidential', read: ['agent'], masked: { supportEngineer: 'lastFour' } },
        internalScore: { type: 'integer', sensitivity: 'restricted' },
      },
    },
    Note: {
      key: 'id',
      case: 'caseId',
      reach: { supportEngineer: 'granted', supervisor: 'all' },
      purposes: ['resolveCase'],
      fields: {
        id: { type: 'id', sensitivity: 'internal', read: ['supportEngineer', 'supervisor'] },
        caseId: { type: 'id', sensitivity: 'internal', read: ['supervisor'] },
        text: { sensitivity: 'confidential', read: ['supportEngineer'], alter: ['supportEngineer'] },
      },
    },
  },
});

export const NOTICE: DataProtectionNotice = {
  id: 'support-notice',
  version: '3',
  text: 'You see customer data for your case only.\n"Ask" first.',
};
