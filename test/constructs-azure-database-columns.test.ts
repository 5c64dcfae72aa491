import { describe, expect, it } from 'vitest';
import { postgresColumnGrants, postgresRoles, sqlServerColumnGrants } from '../constructs/azure';
import { type FieldCatalogue, fieldCatalogue } from '../constructs/fields';
import { CASE_CATALOGUE } from './support/case-catalogue';

const groups = { agent: { name: 'case-agents' }, supportEngineer: { name: 'support' }, supervisor: { name: 'supervisors' } };
const tsql = sqlServerColumnGrants(CASE_CATALOGUE, { groups }).split('\n');
const sql = postgresColumnGrants(CASE_CATALOGUE, { groups }).split('\n');

/** One record whose one field two roles see through different masks. */
const twoMasks = fieldCatalogue({
  records: {
    Person: {
      key: 'id',
      reach: { agent: 'all', supportEngineer: 'all', supervisor: 'all' },
      purposes: ['resolveCase'],
      fields: {
        id: { type: 'id', sensitivity: 'internal', read: ['agent', 'supportEngineer', 'supervisor'] },
        email: {
          type: 'email',
          sensitivity: 'restricted',
          read: ['supervisor'],
          masked: { agent: 'domain', supportEngineer: 'initial' },
          alter: ['agent'],
        },
        born: { type: 'date', sensitivity: 'restricted', masked: { agent: 'year' } },
        country: { sensitivity: 'public' },
      },
    },
  },
});

describe('column grants of Azure SQL', () => {
  it('give a role the columns that are listed for it, and not one more', () => {
    expect(tsql.filter((line) => line.startsWith('GRANT SELECT') && line.includes('[Case]'))).toEqual([
      'GRANT SELECT ON OBJECT::[dbo].[Case] ([id], [team], [status], [subject], [phone]) TO [palisade_agent];',
      'GRANT SELECT ON OBJECT::[dbo].[Case] ([id], [subject], [phone]) TO [palisade_supportEngineer];',
      'GRANT SELECT ON OBJECT::[dbo].[Case] ([id], [owner], [team], [status]) TO [palisade_supervisor];',
    ]);
    expect(tsql.filter((line) => line.startsWith('GRANT') && line.includes('internalScore'))).toEqual([]);
  });

  it('do not let a role alter what it only reads', () => {
    expect(tsql.filter((line) => line.startsWith('GRANT UPDATE'))).toEqual([
      'GRANT UPDATE ON OBJECT::[dbo].[Case] ([status]) TO [palisade_agent];',
      'GRANT UPDATE ON OBJECT::[dbo].[Case] ([owner]) TO [palisade_supervisor];',
      'GRANT UPDATE ON OBJECT::[dbo].[Note] ([text]) TO [palisade_supportEngineer];',
    ]);
    expect(tsql.join('\n')).not.toMatch(/GRANT (INSERT|DELETE|ALTER|CONTROL|REFERENCES|EXECUTE)/);
  });

  it('take every earlier right away before they give one', () => {
    const agent = tsql.filter((line) => line.includes('[Case]') && line.includes('[palisade_agent]'));
    const [first, second] = agent;
    expect(first).toMatch(
      /^REVOKE SELECT, INSERT, UPDATE, DELETE, .*UNMASK ON OBJECT::\[dbo\]\.\[Case\] FROM \[palisade_agent\] CASCADE;$/,
    );
    expect(second).toMatch(/^REVOKE SELECT, UPDATE, REFERENCES, UNMASK ON OBJECT::\[dbo\]\.\[Case\] \(\[id\], .*\[internalScore\]\) FROM/);
    expect(agent.findIndex((line) => line.startsWith('GRANT'))).toBe(2);
  });

  it('mask a column for whoever sees it in part, and unmask it for nobody else than its readers', () => {
    expect(tsql).toContain(`ALTER TABLE [dbo].[Case] ALTER COLUMN [phone] ADD MASKED WITH (FUNCTION = 'partial(0, "***", 4)');`);
    expect(tsql.filter((line) => /^(GRANT|DENY) UNMASK/.test(line))).toEqual([
      'GRANT UNMASK ON OBJECT::[dbo].[Case] ([phone]) TO [palisade_agent];',
      'DENY UNMASK ON OBJECT::[dbo].[Case] ([phone]) TO [palisade_supportEngineer];',
    ]);
    expect(tsql.filter((line) => line.startsWith('REVOKE UNMASK FROM'))).toHaveLength(3);
  });

  it('hide everything where roles see different masks, or the engine has no such mask', () => {
    const script = sqlServerColumnGrants(twoMasks, { groups });
    expect(script).toContain(`ALTER COLUMN [email] ADD MASKED WITH (FUNCTION = 'default()')`);
    expect(script).toContain(`ALTER COLUMN [born] ADD MASKED WITH (FUNCTION = 'default()')`);
    expect(script).not.toContain('ALTER COLUMN [id] ADD MASKED');
  });

  it('can be run again: what exists is not made twice, and each mask is taken off before one is put on', () => {
    expect(tsql.filter((line) => /^CREATE/.test(line))).toEqual([]);
    const off = tsql.findIndex((line) => line.endsWith('ALTER COLUMN [phone] DROP MASKED;'));
    const on = tsql.findIndex((line) => line.includes('ALTER COLUMN [phone] ADD MASKED'));
    expect(off).toBeGreaterThan(0);
    expect(on).toBe(off + 1);
  });

  it('change rights as a whole or not at all', () => {
    const [begin, end] = [tsql.indexOf('BEGIN TRANSACTION;'), tsql.indexOf('COMMIT TRANSACTION;')];
    expect(tsql).toContain('SET XACT_ABORT ON;');
    const outside = tsql.filter(
      (line, index) => (index < begin || index > end) && /^(GRANT|DENY|ALTER TABLE|REVOKE (?!UNMASK FROM))/.test(line),
    );
    expect(outside).toEqual([]);
  });

  it('label every column that is more than public', () => {
    const script = sqlServerColumnGrants(twoMasks, { groups });
    expect(script).toContain("[Person].[email] WITH (LABEL = 'Restricted', INFORMATION_TYPE = 'Contact Info', RANK = CRITICAL);");
    expect(script).not.toContain('SENSITIVITY CLASSIFICATION TO [dbo].[Person].[country]');
  });

  it('mean one group by its object id', () => {
    const objectId = '22222222-2222-2222-2222-222222222222';
    const script = sqlServerColumnGrants(CASE_CATALOGUE, { groups: { ...groups, agent: { name: 'case-agents', objectId } } });
    expect(script).toContain(`CREATE USER [case-agents] FROM EXTERNAL PROVIDER WITH OBJECT_ID = '${objectId}';`);
  });
});

describe('column grants of PostgreSQL', () => {
  it('give nobody a right on a table, and each role its columns of a view', () => {
    expect(sql).toContain('REVOKE ALL ON "public"."Case" FROM PUBLIC, "case-agents", "support", "supervisors";');
    expect(sql.filter((line) => line.startsWith('GRANT SELECT') && line.includes('"Case"'))).toEqual([
      'GRANT SELECT ("id", "team", "status", "subject", "phone") ON "public_by_role"."Case" TO "case-agents";',
      'GRANT SELECT ("id", "subject", "phone") ON "public_by_role"."Case" TO "support";',
      'GRANT SELECT ("id", "owner", "team", "status") ON "public_by_role"."Case" TO "supervisors";',
    ]);
  });

  it('compute what a role sees in part, by who signed in and not by who one pretends to be', () => {
    const view = sql.find((line) => line.startsWith('CREATE VIEW "public_by_role"."Case" WITH (security_barrier)')) ?? '';
    expect(view).toContain(`WHEN pg_has_role(session_user, 'case-agents', 'member') THEN "phone"::text`);
    expect(view).toContain(`WHEN pg_has_role(session_user, 'support', 'member') THEN CASE WHEN length(("phone"::text)) >= 8`);
    expect(view).not.toContain('current_user');
  });

  it('let a role alter a masked column of the table, by its key', () => {
    const script = postgresColumnGrants(twoMasks, { groups });
    expect(script).toContain('GRANT SELECT ("id"), UPDATE ("email") ON "public"."Person" TO "case-agents";');
    expect(script).not.toMatch(/UPDATE \("email"\) ON "public_by_role"/);
  });

  it('make the groups users of the server, none of them an administrator', () => {
    const objectId = '22222222-2222-2222-2222-222222222222';
    const roles = postgresRoles(CASE_CATALOGUE, { groups: { ...groups, agent: { name: 'case-agents', objectId } } });
    expect(roles).toContain(`pgaadauth_create_principal_with_oid('case-agents', '${objectId}', 'group', false, false)`);
    expect(roles).toContain("pgaadauth_create_principal('support', false, false)");
  });
});

describe('names that mean harm', () => {
  const named = (name: string) => ({ groups: { ...groups, agent: { name } } });
  const catalogueOf = (table: string, column: string): FieldCatalogue => ({
    roles: ['agent', 'supportEngineer', 'supervisor'],
    records: {
      [table]: {
        key: column,
        reach: { agent: 'all' },
        purposes: ['resolveCase'],
        fields: { [column]: { type: 'id', sensitivity: 'internal', read: ['agent'] } },
      },
    },
  });

  it.each([
    ['a]; DROP TABLE [dbo].[Case]; --', '[a]]; DROP TABLE [dbo]]'],
    ["x'); EXEC xp_cmdshell('dir'); --", "N'x''); EXEC xp_cmdshell(''dir''); --'"],
  ])('stay names on Azure SQL: %s', (name, quoted) => {
    const script = sqlServerColumnGrants(CASE_CATALOGUE, named(name));
    expect(script).toContain(quoted);
    expect(unquoted(script, '[', ']')).not.toMatch(/DROP TABLE|xp_cmdshell/);
  });

  it.each([
    ['a" TO PUBLIC; DROP TABLE "Case"; --', '"a"" TO PUBLIC; DROP TABLE ""Case""; --"'],
    ["x', 'member') OR true OR pg_has_role('y", "'x'', ''member'') OR true OR pg_has_role(''y'"],
  ])('stay names on PostgreSQL: %s', (name, quoted) => {
    const script = postgresColumnGrants(CASE_CATALOGUE, named(name));
    expect(script).toContain(quoted);
    expect(unquoted(script, '"', '"')).not.toMatch(/DROP TABLE|OR true/);
  });

  it('stay names also as tables, columns and schemas', () => {
    const catalogue = catalogueOf('T]; DROP TABLE x; --', 'c"]; DROP TABLE y; --');
    const script = sqlServerColumnGrants(catalogue, { groups, schema: 's].t; DROP TABLE z; --' });
    expect(unquoted(script, '[', ']')).not.toContain('DROP TABLE');
    expect(unquoted(postgresColumnGrants(catalogue, { groups, schema: 's"; DROP TABLE z; --' }), '"', '"')).not.toContain('DROP TABLE');
  });

  it.each(['a\nGO\nDROP TABLE x', 'a\r', 'a\u0000', '$(secret)', '', 'x'.repeat(129), 'a\u2028b'])(
    'are refused where a client could run them: %j',
    (name) => {
      if (name !== '') expect(() => sqlServerColumnGrants(CASE_CATALOGUE, named(name))).toThrow(/cannot stand as a name/);
      else expect(() => sqlServerColumnGrants(CASE_CATALOGUE, named(name))).toThrow(/groups has no group for the role agent/);
    },
  );

  it('are refused where PostgreSQL would cut them into another name', () => {
    expect(() => postgresColumnGrants(CASE_CATALOGUE, named('x'.repeat(64)))).toThrow(/write 1 to 63 bytes/);
  });

  it('of groups stand behind one role only, and each role has one', () => {
    expect(() => sqlServerColumnGrants(CASE_CATALOGUE, named('SUPPORT'))).toThrow('the group "support" stands behind two roles');
    // biome-ignore lint/suspicious/noExplicitAny: what a JavaScript program could pass
    expect(() => postgresRoles(CASE_CATALOGUE, { groups: { agent: { name: 'a' } } as any })).toThrow(
      'groups has no group for the role supportEngineer',
    );
    expect(() => sqlServerColumnGrants(CASE_CATALOGUE, { groups: { ...groups, agent: { name: 'a', objectId: "x' --" } } })).toThrow(
      'write the object id of a group',
    );
  });

  /** What of a script stands in no quotes: neither in a text nor in a name. */
  function unquoted(script: string, open: string, close: string): string {
    const pattern = open === close ? /"(?:[^"]|"")*"|'(?:[^']|'')*'/g : /\[(?:[^\]]|\]\])*\]|'(?:[^']|'')*'/g;
    return script.replaceAll(pattern, '');
  }
});
