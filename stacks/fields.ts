import { type CaseRole, type FieldCatalogue, fieldCatalogue } from '../constructs/fields';

/**
 * The records of case management, field by field, for both clouds: who reads, who sees a masked variant, who alters. What
 * stands in nobody's list exists for nobody. An agent reaches assigned cases and what is in them, a support engineer the
 * case to which a live grant leads, a supervisor every case of a team, without what customers wrote.
 */
export const CASE_FIELDS: FieldCatalogue<CaseRole> = fieldCatalogue({
  records: {
    Case: {
      description: 'What a customer asked for help with.',
      key: 'id',
      assignee: 'assignee',
      listedBy: 'team',
      reach: { agent: 'assigned', supportEngineer: 'granted', supervisor: 'all' },
      purposes: ['resolveCase', 'overseeWork'],
      fields: {
        id: { type: 'id', sensitivity: 'internal', read: ['agent', 'supportEngineer', 'supervisor'] },
        assignee: { sensitivity: 'internal', read: ['supervisor'], alter: ['supervisor'], purposes: ['overseeWork'] },
        team: { sensitivity: 'internal', read: ['agent', 'supervisor'] },
        status: { sensitivity: 'internal', read: ['agent', 'supportEngineer', 'supervisor'], alter: ['agent'] },
        priority: { sensitivity: 'internal', read: ['agent', 'supervisor'], alter: ['supervisor'] },
        openedAt: { type: 'time', sensitivity: 'internal', read: ['agent', 'supportEngineer', 'supervisor'] },
        subject: { sensitivity: 'confidential', read: ['agent', 'supportEngineer'], purposes: ['resolveCase'] },
        description: { sensitivity: 'restricted', read: ['agent', 'supportEngineer'], purposes: ['resolveCase'] },
        resolution: { sensitivity: 'confidential', read: ['agent'], alter: ['agent'], purposes: ['resolveCase'] },
        diagnosis: { sensitivity: 'restricted', read: ['supportEngineer'], alter: ['supportEngineer'], purposes: ['resolveCase'] },
        customerName: { sensitivity: 'confidential', read: ['agent'], masked: { supportEngineer: 'initial', supervisor: 'initial' } },
        customerMail: { type: 'email', sensitivity: 'confidential', masked: { agent: 'domain' } },
        customerPhone: { type: 'phone', sensitivity: 'confidential', masked: { agent: 'lastFour' } },
        deleteAfter: { type: 'integer', sensitivity: 'internal' },
      },
    },
    Message: {
      description: 'What a customer and an agent wrote to each other in a case.',
      key: 'id',
      case: 'caseId',
      within: 'Case',
      reach: { agent: 'assigned', supportEngineer: 'granted' },
      purposes: ['resolveCase'],
      fields: {
        id: { type: 'id', sensitivity: 'internal', read: ['agent', 'supportEngineer'] },
        caseId: { type: 'id', sensitivity: 'internal', read: ['agent', 'supportEngineer'] },
        sentAt: { type: 'time', sensitivity: 'internal', read: ['agent', 'supportEngineer'] },
        text: { sensitivity: 'restricted', read: ['agent', 'supportEngineer'] },
        deleteAfter: { type: 'integer', sensitivity: 'internal' },
      },
    },
    Attachment: {
      description: 'A file of a case; its content is fetched by a link that lives for minutes.',
      key: 'id',
      case: 'caseId',
      within: 'Case',
      reach: { agent: 'assigned', supportEngineer: 'granted' },
      purposes: ['resolveCase'],
      fields: {
        id: { type: 'id', sensitivity: 'internal', read: ['agent', 'supportEngineer'] },
        caseId: { type: 'id', sensitivity: 'internal', read: ['agent', 'supportEngineer'] },
        fileName: { sensitivity: 'confidential', read: ['agent', 'supportEngineer'] },
        bytes: { type: 'integer', sensitivity: 'internal', read: ['agent', 'supportEngineer'] },
        deleteAfter: { type: 'integer', sensitivity: 'internal' },
      },
    },
  },
});

/** What people read and acknowledge before they see data (PRV-01). A new text is a new version, acknowledged anew. */
export const CASE_NOTICE = {
  id: 'case-management',
  version: '1',
  text: [
    'You are about to see data of customers. Use it for the case and the purpose that you name, and for nothing else.',
    'What you read and change is recorded: who, which record, when, from where, and for what purpose.',
    'Do not copy data out of this system. Report what you should not have seen to the data-protection office.',
  ].join('\n'),
} as const;
