/**
 * What runs inside AppSync (APPSYNC_JS 1.0.0): no exceptions, no loops with counters, no regular expressions. Each piece is
 * text that begins with what it has to know, as JSON, and ends with `request` and `response`.
 */
import { RETENTION_DAYS } from '../contract';
import type { FieldCatalogue, Mask, Reach, RecordType } from '../fields';

/** The notice that people read and acknowledge before they see data (PRV-01, PRV-02, PRV-03). */
export interface DataProtectionNotice {
  /** Identifies the notice: `support-notice`. */
  readonly id: string;
  /** Changes with the text; a new version is acknowledged anew. */
  readonly version: string;
  /** What people read. */
  readonly text: string;
}

/** What one role sees of a record, with the purposes of each field. */
interface RoleView {
  readonly reach: Reach;
  readonly read: Readonly<Record<string, readonly string[]>>;
  readonly masked: Readonly<Record<string, readonly [Mask, readonly string[]]>>;
  readonly alters: readonly string[];
}

/** What the resolvers of one kind of record know. */
export interface RecordKnowledge {
  readonly type: string;
  readonly key: string;
  readonly case: string;
  readonly assignee: string;
  readonly listedBy: string;
  /** The case that the record is in, whose assignee counts. */
  readonly within: { readonly type: string; readonly key: string; readonly assignee: string } | null;
  readonly purposes: readonly string[];
  readonly roles: readonly string[];
  readonly pageSize: number;
  readonly views: Readonly<Record<string, RoleView>>;
}

/** Condenses a catalogue to what the resolvers of one kind of record have to know. */
export function knowledgeOf<R extends string>(catalogue: FieldCatalogue<R>, name: string, pageSize: number): RecordKnowledge {
  const record = catalogue.records[name] as RecordType<R>;
  const views = catalogue.roles.flatMap((role): [string, RoleView][] => {
    const reach = record.reach[role];
    if (reach === undefined) return [];
    const fields = Object.entries(record.fields);
    return [
      [
        role,
        {
          reach,
          read: Object.fromEntries(
            fields.filter(([, { read }]) => read?.includes(role)).map(([field, { purposes }]) => [field, purposes ?? record.purposes]),
          ),
          masked: Object.fromEntries(
            fields.flatMap(([field, { masked, purposes }]) =>
              masked?.[role] === undefined ? [] : [[field, [masked[role], purposes ?? record.purposes]]],
            ),
          ),
          alters: fields.filter(([, { alter }]) => alter?.includes(role)).map(([field]) => field),
        },
      ],
    ];
  });
  const { key, assignee = '', listedBy = '', purposes, within } = record;
  const parent = within === undefined ? undefined : catalogue.records[within];
  return {
    type: name,
    key,
    case: record.case ?? key,
    assignee,
    listedBy,
    within: within !== undefined && parent ? { type: within, key: parent.key, assignee: parent.assignee ?? '' } : null,
    purposes,
    roles: catalogue.roles,
    pageSize,
    views: Object.fromEntries(views),
  };
}

/** Seconds for which an acknowledgement holds: a year (PRV-02). */
export const ACKNOWLEDGED_SECONDS = 365 * 24 * 60 * 60;
/** Most minutes for which somebody is let into a case (LPA-07). */
export const LONGEST_GRANT_MINUTES = 8 * 60;

export const piece = (knows: object, code: string): string =>
  `import { runtime, util } from '@aws-appsync/utils';\nconst KNOWS = ${JSON.stringify(knows)};\n${AUDIT}${code}`;

/** Seconds for which an audit record is kept: as long as records of access to data of the high tier (LOG-10). */
export const AUDIT_SECONDS = RETENTION_DAYS.high.access * 24 * 60 * 60;

/** Who did what to which record of which case, why, from where and in which request (LOG-07, FLS-08). */
const AUDIT = `
function audited(ctx, caseId, what) {
  const { identity } = ctx;
  const headers = ctx.request && ctx.request.headers ? ctx.request.headers : {};
  return {
    table: ctx.env.AUDIT_TABLE,
    operation: 'PutItem',
    key: util.dynamodb.toMapValues({ pk: caseId ? 'CASE#' + caseId : 'PERSON#' + identity.sub, sk: util.autoUlid() }),
    attributeValues: util.dynamodb.toMapValues({
      at: util.time.nowISO8601(),
      deleteAfter: util.time.nowEpochSeconds() + ${AUDIT_SECONDS},
      who: identity.sub,
      name: identity.username || '',
      role: ctx.stash.role,
      purpose: ctx.stash.purpose || '',
      from: (identity.sourceIp || []).join(','),
      request: headers['x-amzn-requestid'] || headers['x-amzn-trace-id'] || '',
      ...what,
    }),
    condition: { expression: 'attribute_not_exists(pk)' },
  };
}
`;

/** A caller has exactly one role of the closed set; whoever has two would have the rights of both (LPA-05). */
export const ROLE = `
function roleOf(ctx) {
  const identity = ctx.identity;
  const groups = identity && identity.groups ? identity.groups : [];
  const mine = KNOWS.roles.filter((role) => groups.includes(role));
  if (!identity || !identity.sub || mine.length !== 1) {
    util.unauthorized();
  }
  return mine[0];
}
`;
