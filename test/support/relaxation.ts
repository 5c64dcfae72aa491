import type { Relaxation } from '../../controls';

/** The day on which tests check relaxations. */
export const CHECK_DAY = '2026-11-22';

/** A complete relaxation of a control that holds on that day. */
export const relaxationOf = (control: string): Relaxation => ({
  control,
  reason: 'the importer cannot yet do otherwise',
  owner: 'support-data@example.com',
  approver: 'security@example.com',
  ticket: 'SEC-1201',
  expires: '2027-01-31',
});
