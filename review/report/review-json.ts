import type { ReviewDocument } from '../schema-review';

/** The document itself; `schema/review.schema.json` describes it. */
export const toReviewJson = (document: ReviewDocument): string => `${JSON.stringify(document, null, 2)}\n`;
