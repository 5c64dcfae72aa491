import type { CheckDocument } from '../schema';

/** The document itself, one per run; `schema/check.schema.json` describes it. */
export const toJson = (document: CheckDocument): string => `${JSON.stringify(document, null, 2)}\n`;
