/** Resolvers of records: who asks, under which notice and grant, what is read, recorded and altered. */
import {
  ACKNOWLEDGED_SECONDS,
  type DataProtectionNotice,
  LONGEST_GRANT_MINUTES,
  piece,
  type RecordKnowledge,
  ROLE,
} from './edge-graphql-knowledge';

/** Opens a pipeline: role, reach, purpose and the case that is asked about. */
export const beginning = (knows: RecordKnowledge): string =>
  piece(
    knows,
    `${ROLE}
export function request(ctx) {
  const role = roleOf(ctx);
  const view = KNOWS.views[role];
  if (!view) {
    util.unauthorized();
  }
  if (!KNOWS.purposes.includes(ctx.args.purpose)) {
    util.error('This purpose does not allow it.', 'PurposeRefused');
  }
  ctx.stash.role = role;
  ctx.stash.reach = view.reach;
  ctx.stash.purpose = ctx.args.purpose;
  ctx.stash.record = ctx.args.id || '';
  ctx.stash.case = KNOWS.case === KNOWS.key ? ctx.stash.record : ctx.args.case || '';
  return {};
}
export function response(ctx) {
  return ctx.prev.result;
}
`,
  );

/** Nothing is shown before the current notice has been acknowledged, within the last year (PRV-01, PRV-02). */
export const noticeCheck = ({ id, version }: DataProtectionNotice): string =>
  piece(
    { id, version, seconds: ACKNOWLEDGED_SECONDS },
    `
export function request(ctx) {
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ pk: 'NOTICE#' + KNOWS.id, sk: 'PERSON#' + ctx.identity.sub }),
    consistentRead: true,
  };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('Whether the notice was acknowledged could not be read.', 'Unavailable');
  }
  const found = ctx.result;
  const since = util.time.nowEpochSeconds() - KNOWS.seconds;
  if (!found || found.version !== KNOWS.version || !(found.acknowledgedAt > since)) {
    util.error('Read the data-protection notice and acknowledge it first.', 'NoticeNotAcknowledged');
  }
  return {};
}
`,
  );

/** Whoever is let in case by case shows a live grant: for this case, this purpose, approved by somebody else, and short (LPA-07). */
export const grantCheck = (): string =>
  piece(
    { seconds: LONGEST_GRANT_MINUTES * 60 },
    `
export function request(ctx) {
  if (ctx.stash.reach !== 'granted') {
    runtime.earlyReturn({});
  }
  if (!ctx.stash.case) {
    util.unauthorized();
  }
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues({ pk: 'CASE#' + ctx.stash.case, sk: 'PERSON#' + ctx.identity.sub }),
    consistentRead: true,
  };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('Whether access was granted could not be read.', 'Unavailable');
  }
  const grant = ctx.result;
  const now = util.time.nowEpochSeconds();
  const live = grant && grant.expiresAt > now && grant.grantedAt <= now && grant.expiresAt - grant.grantedAt <= KNOWS.seconds;
  if (!live || grant.purpose !== ctx.stash.purpose || !grant.approvedBy || grant.approvedBy === ctx.identity.sub) {
    util.unauthorized();
  }
  ctx.stash.approvedBy = grant.approvedBy;
  return {};
}
`,
  );

/** Whoever reaches what is assigned is assigned to the case, now: a record within it has no assignee of its own (LPA-06). */
export const assignmentCheck = (knows: RecordKnowledge): string =>
  piece(
    { within: knows.within },
    `
export function request(ctx) {
  if (ctx.stash.reach !== 'assigned') {
    runtime.earlyReturn({});
  }
  if (!ctx.stash.case) {
    util.unauthorized();
  }
  const key = {};
  key[KNOWS.within.key] = ctx.stash.case;
  return {
    operation: 'GetItem',
    key: util.dynamodb.toMapValues(key),
    projection: { expression: '#key, #assignee', expressionNames: { '#key': KNOWS.within.key, '#assignee': KNOWS.within.assignee } },
    consistentRead: true,
  };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('To whom the case is assigned could not be read.', 'Unavailable');
  }
  if (!ctx.result || ctx.result[KNOWS.within.assignee] !== ctx.identity.sub) {
    util.error('There is no such record.', 'NotFound');
  }
  return {};
}
`,
  );

/** Fields of a role for a purpose, and a record cut down to them: what is not asked of the store cannot leak. */
const VIEW = `
function hide(value, mask) {
  if (value === null || value === undefined) {
    return null;
  }
  if (typeof value !== 'string') {
    return '•••';
  }
  if (mask === 'lastFour' && value.length >= 8) {
    return '•••' + value.slice(value.length - 4);
  }
  if (mask === 'initial' && value.length > 1) {
    return value.slice(0, 1) + '•••';
  }
  const parts = value.split('@');
  if (mask === 'domain' && parts.length === 2) {
    return '•••@' + parts[1];
  }
  if (mask === 'year' && value.length >= 10 && value.split('-')[0].length === 4) {
    return value.slice(0, 4);
  }
  return '•••';
}
function viewOf(ctx) {
  const view = KNOWS.views[ctx.stash.role];
  const purpose = ctx.stash.purpose;
  return {
    plain: Object.keys(view.read).filter((field) => view.read[field].includes(purpose)),
    veiled: Object.keys(view.masked).filter((field) => view.masked[field][1].includes(purpose)),
    masks: view.masked,
  };
}
function projectionOf(ctx) {
  const { plain, veiled } = viewOf(ctx);
  const wanted = [KNOWS.key, KNOWS.case].concat(plain, veiled);
  const names = {};
  wanted.forEach((field) => {
    names['#' + field + '_'] = field;
  });
  return { expression: Object.keys(names).join(', '), expressionNames: names };
}
function cutDown(ctx, item) {
  const { plain, veiled, masks } = viewOf(ctx);
  const seen = {};
  plain.forEach((field) => {
    seen[field] = item[field];
  });
  veiled.forEach((field) => {
    seen[field] = hide(item[field], masks[field][0]);
  });
  return seen;
}
`;

/** Reads one record: by the caller as leading key where it has to be assigned itself, by its own key otherwise. */
export const readOne = (knows: RecordKnowledge): string =>
  piece(
    knows,
    `${VIEW}
export function request(ctx) {
  if (ctx.stash.reach === 'assigned' && !KNOWS.within) {
    return {
      operation: 'Query',
      index: 'byAssignee',
      select: 'SPECIFIC_ATTRIBUTES',
      query: {
        expression: '#assignee = :caller AND #key = :id',
        expressionNames: { '#assignee': KNOWS.assignee, '#key': KNOWS.key },
        expressionValues: util.dynamodb.toMapValues({ ':caller': ctx.identity.sub, ':id': ctx.stash.record }),
      },
      projection: projectionOf(ctx),
      limit: 1,
    };
  }
  const key = {};
  key[KNOWS.key] = ctx.stash.record;
  return { operation: 'GetItem', key: util.dynamodb.toMapValues(key), projection: projectionOf(ctx), consistentRead: true };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('The record could not be read.', 'Unavailable');
  }
  const item = ctx.stash.reach === 'assigned' && !KNOWS.within ? ctx.result.items[0] : ctx.result;
  const bound = ctx.stash.reach === 'granted' || !!KNOWS.within;
  if (!item || (bound && item[KNOWS.case] !== ctx.stash.case)) {
    util.error('There is no such record.', 'NotFound');
  }
  ctx.stash.audit = [{ case: item[KNOWS.case] || '', record: item[KNOWS.key] }];
  ctx.stash.seen = cutDown(ctx, item);
  return {};
}
`,
  );

/** Reads a page, of at most as many records as the catalogue's API allows, whatever is asked for (EXP-06). */
export const readPage = (knows: RecordKnowledge): string =>
  piece(
    knows,
    `${VIEW}
export function request(ctx) {
  const mine = ctx.stash.reach === 'assigned' && !KNOWS.within;
  const by = KNOWS.within ? KNOWS.case : mine ? KNOWS.assignee : KNOWS.listedBy;
  const value = KNOWS.within ? ctx.stash.case : mine ? ctx.identity.sub : KNOWS.listedBy ? ctx.args[KNOWS.listedBy] : '';
  if (!value || (!KNOWS.within && !mine && ctx.stash.reach !== 'all')) {
    util.unauthorized();
  }
  const name = KNOWS.within ? 'case' : mine ? 'assignee' : KNOWS.listedBy;
  const asked = ctx.args.limit;
  return {
    operation: 'Query',
    index: 'by' + name.slice(0, 1).toUpperCase() + name.slice(1),
    select: 'SPECIFIC_ATTRIBUTES',
    query: {
      expression: '#by = :value',
      expressionNames: { '#by': by },
      expressionValues: util.dynamodb.toMapValues({ ':value': value }),
    },
    projection: projectionOf(ctx),
    limit: asked > 0 && asked < KNOWS.pageSize ? asked : KNOWS.pageSize,
    nextToken: ctx.args.nextToken,
  };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('The records could not be read.', 'Unavailable');
  }
  const items = ctx.result.items.slice(0, KNOWS.pageSize);
  ctx.stash.audit = items.map((item) => ({ case: item[KNOWS.case] || '', record: item[KNOWS.key] }));
  ctx.stash.seen = { items: items.map((item) => cutDown(ctx, item)), nextToken: ctx.result.nextToken };
  return {};
}
`,
  );

/** Records each record that was read, before anything is returned; what cannot be recorded is not returned (LOG-04, LOG-07). */
export const recordReads = (knows: RecordKnowledge): string =>
  piece(
    knows,
    `${VIEW}
export function request(ctx) {
  if (ctx.stash.audit.length === 0) {
    runtime.earlyReturn(ctx.stash.seen);
  }
  const { plain, veiled } = viewOf(ctx);
  return {
    operation: 'TransactWriteItems',
    transactItems: ctx.stash.audit.map((each) =>
      audited(ctx, each.case, {
        action: 'read',
        type: KNOWS.type,
        record: each.record,
        fields: plain.concat(veiled),
        approvedBy: ctx.stash.approvedBy || '',
      }),
    ),
  };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('The access could not be recorded.', 'Unavailable');
  }
  return ctx.stash.seen;
}
`,
  );

/** Alters the fields that the role may alter, and no other, together with its record in one transaction (FLS-07, LOG-05). */
export const alter = (knows: RecordKnowledge): string =>
  piece(
    knows,
    `
export function request(ctx) {
  const view = KNOWS.views[ctx.stash.role];
  const change = ctx.args.change || {};
  const fields = Object.keys(change);
  if (fields.length === 0) {
    util.error('Nothing is to be altered.', 'BadRequest');
  }
  if (!fields.every((field) => view.alters.includes(field))) {
    util.unauthorized();
  }
  const binding = [KNOWS.case, KNOWS.assignee, KNOWS.listedBy];
  if (fields.some((field) => binding.includes(field) && !change[field])) {
    util.error('A field that binds the record cannot be emptied.', 'BadRequest');
  }
  const names = {};
  const values = {};
  fields.forEach((field) => {
    names['#' + field + '_'] = field;
    values[':' + field + '_'] = change[field];
  });
  const conditions = ['attribute_exists(#key)'];
  const bindingNames = { '#key': KNOWS.key };
  const bindingValues = {};
  if (ctx.stash.reach === 'assigned' && !KNOWS.within) {
    conditions.push('#assignee = :caller');
    bindingNames['#assignee'] = KNOWS.assignee;
    bindingValues[':caller'] = ctx.identity.sub;
  }
  if (KNOWS.case !== KNOWS.key) {
    conditions.push('#case = :case');
    bindingNames['#case'] = KNOWS.case;
    bindingValues[':case'] = ctx.stash.case;
  }
  const bound = { expression: conditions.join(' AND '), expressionNames: bindingNames };
  if (Object.keys(bindingValues).length > 0) {
    bound.expressionValues = util.dynamodb.toMapValues(bindingValues);
  }
  const key = {};
  key[KNOWS.key] = ctx.stash.record;
  const items = [
    {
      table: ctx.env['TABLE_' + KNOWS.type],
      operation: 'UpdateItem',
      key: util.dynamodb.toMapValues(key),
      update: {
        expression: 'SET ' + fields.map((field) => '#' + field + '_ = :' + field + '_').join(', '),
        expressionNames: names,
        expressionValues: util.dynamodb.toMapValues(values),
      },
      condition: bound,
    },
    audited(ctx, ctx.stash.case, {
      action: 'alter',
      type: KNOWS.type,
      record: ctx.stash.record,
      fields: fields,
      approvedBy: ctx.stash.approvedBy || '',
    }),
  ];
  if (ctx.stash.reach === 'assigned' && KNOWS.within) {
    const parent = {};
    parent[KNOWS.within.key] = ctx.stash.case;
    items.push({
      table: ctx.env['TABLE_' + KNOWS.within.type],
      operation: 'ConditionCheck',
      key: util.dynamodb.toMapValues(parent),
      condition: {
        expression: '#assignee = :caller',
        expressionNames: { '#assignee': KNOWS.within.assignee },
        expressionValues: util.dynamodb.toMapValues({ ':caller': ctx.identity.sub }),
      },
    });
  }
  if (ctx.stash.reach === 'granted') {
    items.push({
      table: ctx.env.ACCESS_TABLE,
      operation: 'ConditionCheck',
      key: util.dynamodb.toMapValues({ pk: 'CASE#' + ctx.stash.case, sk: 'PERSON#' + ctx.identity.sub }),
      condition: {
        expression: 'expiresAt > :now',
        expressionValues: util.dynamodb.toMapValues({ ':now': util.time.nowEpochSeconds() }),
      },
    });
  }
  return { operation: 'TransactWriteItems', transactItems: items };
}
export function response(ctx) {
  if (ctx.error) {
    util.error('There is no such record, or it could not be altered.', 'NotAltered');
  }
  return { id: ctx.stash.record, altered: Object.keys(ctx.args.change), at: util.time.nowISO8601() };
}
`,
  );
