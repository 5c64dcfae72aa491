/** Resolvers for what stands before the data: the notice and its acknowledgement, and who is let into a case for a while. */
import { type DataProtectionNotice, LONGEST_GRANT_MINUTES, piece, ROLE } from './edge-graphql-knowledge';

/** Returns the notice to whoever has a role. */
export const showNotice = (notice: DataProtectionNotice, roles: readonly string[]): string =>
  piece(
    { notice, roles },
    `${ROLE}
export function request(ctx) {
  roleOf(ctx);
  return { payload: null };
}
export function response(ctx) {
  return KNOWS.notice;
}
`,
  );

/** Stores who acknowledged which version, and when, together with its record (PRV-02). */
export const acknowledge = ({ id, version }: DataProtectionNotice, roles: readonly string[]): string =>
  piece(
    { id, version, roles },
    `${ROLE}
export function request(ctx) {
  ctx.stash.role = roleOf(ctx);
  if (ctx.args.version !== KNOWS.version) {
    util.error('This is not the current version of the notice.', 'NoticeOutdated');
  }
  return {
    operation: 'TransactWriteItems',
    transactItems: [
      {
        table: ctx.env.ACCESS_TABLE,
        operation: 'PutItem',
        key: util.dynamodb.toMapValues({ pk: 'NOTICE#' + KNOWS.id, sk: 'PERSON#' + ctx.identity.sub }),
        attributeValues: util.dynamodb.toMapValues({
          version: KNOWS.version,
          acknowledgedAt: util.time.nowEpochSeconds(),
          name: ctx.identity.username || '',
        }),
      },
      audited(ctx, '', { action: 'acknowledge', type: 'Notice', record: KNOWS.id + '@' + KNOWS.version, fields: [], approvedBy: '' }),
    ],
  };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('The acknowledgement could not be stored.', 'Unavailable');
  }
  return { version: KNOWS.version, acknowledgedAt: util.time.nowISO8601() };
}
`,
  );

/** Opens a pipeline for those who let others in. */
export const beginningOfGrant = (grantors: readonly string[], roles: readonly string[]): string =>
  piece(
    { grantors, roles },
    `${ROLE}
export function request(ctx) {
  ctx.stash.role = roleOf(ctx);
  if (!KNOWS.grantors.includes(ctx.stash.role)) {
    util.unauthorized();
  }
  ctx.stash.case = ctx.args.case || '';
  ctx.stash.purpose = ctx.args.purpose || '';
  return {};
}
export function response(ctx) {
  return ctx.prev.result;
}
`,
  );

/** Lets somebody else into one case, for one purpose, for minutes to hours; it ends by itself (LPA-07). */
export const grantAccess = (purposes: readonly string[]): string =>
  piece(
    { purposes, minutes: LONGEST_GRANT_MINUTES },
    `
export function request(ctx) {
  const { person, minutes, purpose } = ctx.args;
  if (!ctx.stash.case || !person || person === ctx.identity.sub) {
    util.error('Somebody else is let into a case.', 'BadRequest');
  }
  if (!(minutes >= 1 && minutes <= KNOWS.minutes)) {
    util.error('Access lasts from 1 to ' + KNOWS.minutes + ' minutes.', 'BadRequest');
  }
  if (!KNOWS.purposes.includes(purpose)) {
    util.error('This purpose does not allow it.', 'PurposeRefused');
  }
  const now = util.time.nowEpochSeconds();
  ctx.stash.expiresAt = now + minutes * 60;
  return {
    operation: 'TransactWriteItems',
    transactItems: [
      {
        table: ctx.env.ACCESS_TABLE,
        operation: 'PutItem',
        key: util.dynamodb.toMapValues({ pk: 'CASE#' + ctx.stash.case, sk: 'PERSON#' + person }),
        attributeValues: util.dynamodb.toMapValues({
          purpose: purpose,
          grantedAt: now,
          expiresAt: ctx.stash.expiresAt,
          approvedBy: ctx.identity.sub,
        }),
      },
      audited(ctx, ctx.stash.case, { action: 'grant', type: 'Access', record: person, fields: [], approvedBy: ctx.identity.sub }),
    ],
  };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('The access could not be granted.', 'Unavailable');
  }
  return { case: ctx.stash.case, person: ctx.args.person, expiresAt: ctx.stash.expiresAt };
}
`,
  );

/** Ends an access before its time. */
export const endAccess = (): string =>
  piece(
    {},
    `
export function request(ctx) {
  return {
    operation: 'TransactWriteItems',
    transactItems: [
      {
        table: ctx.env.ACCESS_TABLE,
        operation: 'DeleteItem',
        key: util.dynamodb.toMapValues({ pk: 'CASE#' + ctx.stash.case, sk: 'PERSON#' + ctx.args.person }),
      },
      audited(ctx, ctx.stash.case, { action: 'end', type: 'Access', record: ctx.args.person, fields: [], approvedBy: ctx.identity.sub }),
    ],
  };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('The access could not be ended.', 'Unavailable');
  }
  return { case: ctx.stash.case, person: ctx.args.person, expiresAt: util.time.nowEpochSeconds() };
}
`,
  );
