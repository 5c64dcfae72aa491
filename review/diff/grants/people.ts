/** Who becomes a role without any policy of a role saying so: who signs in, brings a certificate, is put into a group. */
import { createHash } from 'node:crypto';
import type { Resource } from '../../../policies/resource';
import type { Plain, PlainMap } from '../plain';
import { asList, asMap, asText, type Reader } from '../reading';
import { type Grant, name, type Read, type Readers, texts } from './parts';

/** What is too long to say, told apart: `3f2a9c01`. */
const digestOf = (text: string): string => createHash('sha256').update(text.trim()).digest('hex').slice(0, 8);
const isOff = (value: Plain | undefined): boolean => asText(value)?.toLowerCase() === 'false';

// ── Identity Center ────────────────────────────────────────────────────────────────────────────────────────────────

const principal = (type: Plain | undefined, id: Plain | undefined): string =>
  `the ${(asText(type) ?? 'principal').toLowerCase()} ${asText(id) ?? 'unknown'}`;

const assignment: Read = ({ PermissionSetArn, PrincipalId, PrincipalType, TargetId }, resource, reader) => {
  const becomes = asText(PermissionSetArn);
  return [
    {
      who: principal(PrincipalType, PrincipalId),
      can: `has ${reader.words(becomes ?? 'a permission set')} in the account ${reader.words(asText(TargetId) ?? 'unknown')}`,
      by: `, by ${name(resource, reader)}`,
      severity: 'high',
      path: 'PrincipalId',
      ...(becomes === undefined ? {} : { becomes }),
    },
  ];
};
const application: Read = ({ ApplicationArn, PrincipalId, PrincipalType }, resource, reader) => [
  {
    who: principal(PrincipalType, PrincipalId),
    can: `may use ${reader.words(asText(ApplicationArn) ?? 'an application')}`,
    by: `, by ${name(resource, reader)}`,
    severity: 'high',
    path: 'PrincipalId',
  },
];
const membership: Read = ({ GroupId, MemberId }, resource, reader) => [
  {
    who: principal('user', asMap(MemberId).UserId),
    can: `belongs to ${groupIn(GroupId, reader)}`,
    by: `, by ${name(resource, reader)}`,
    severity: 'high',
    path: 'MemberId',
  },
];
function groupIn(id: Plain | undefined, reader: Reader): string {
  const words = reader.words(asText(id) ?? 'unknown');
  return words.startsWith('the ') ? words : `the group ${words}`;
}

// ── Those who sign in ──────────────────────────────────────────────────────────────────────────────────────────────

/** A pool that is in sight and knows no guests lets none in, whatever role stands ready for them. */
function poolOf(id: Plain | undefined, reader: Reader): { readonly pool?: Resource; readonly guests: boolean } {
  const pool = reader.referred(asText(id) ?? '');
  if (pool?.type !== 'AWS::Cognito::IdentityPool') return { guests: true };
  return { pool, guests: !isOff(reader.of(pool).AllowUnauthenticatedIdentities) };
}

const poolRoles: Read = ({ IdentityPoolId, RoleMappings, Roles }, resource, reader) => {
  const { guests, pool } = poolOf(IdentityPoolId, reader);
  const by = ` through ${name(resource, reader)}`;
  const roles = Object.entries(asMap(Roles)).flatMap(([kind, role]): readonly Grant[] => {
    const open = kind === 'unauthenticated';
    const becomes = asText(role) ?? 'a role';
    if (open && !guests) return [];
    return [
      {
        who: open ? 'whoever has not signed in' : 'whoever has signed in',
        can: `can become ${reader.words(becomes)}`,
        by,
        severity: open ? 'critical' : 'high',
        path: `Roles.${kind}`,
        becomes,
        ...(open ? { open, ...(pool ? { sources: [pool] } : {}) } : {}),
      },
    ];
  });
  return [...roles, ...Object.entries(asMap(RoleMappings)).flatMap(([key, mapping]) => mapped(key, asMap(mapping), by, reader))];
};

/** Which roles the claims of a provider lead to. */
function mapped(key: string, { IdentityProvider, RulesConfiguration, Type }: PlainMap, by: string, reader: Reader): readonly Grant[] {
  const who = `whoever has signed in at ${reader.words(asText(IdentityProvider) ?? key)}`;
  const path = 'RoleMappings';
  if (Type === 'Token') return [{ who, can: 'can become whatever role the token names', by, severity: 'high', path }];
  return asList(asMap(RulesConfiguration).Rules).map((rule): Grant => {
    const { Claim, MatchType, RoleARN, Value } = asMap(rule);
    const becomes = asText(RoleARN) ?? 'a role';
    const [claim, value] = [asText(Claim) ?? 'a claim', asText(Value) ?? ''];
    const [words, scope] = TESTS[asText(MatchType) ?? 'Equals']?.(value) ?? [`matches "${value}"`, value];
    return {
      who,
      can: `can become ${reader.words(becomes)} when ${claim} ${words}`,
      by,
      severity: 'high',
      path,
      becomes,
      reach: { of: `${becomes} by ${claim}`, rights: ['become'], scopes: [scope] },
    };
  });
}

/** In words, and as a pattern of what passes. */
const TESTS: Readonly<Record<string, (value: string) => readonly [words: string, scope: string]>> = {
  Equals: (value) => [`is "${value}"`, value],
  StartsWith: (value) => [`begins with "${value}"`, `${value}*`],
  Contains: (value) => [`contains "${value}"`, `*${value}*`],
  NotEqual: (value) => [`is not "${value}"`, `* but ${value}`],
};

const userGroup: Read = ({ GroupName, RoleArn }, resource, reader) => {
  const becomes = asText(RoleArn);
  if (becomes === undefined) return [];
  const who = `members of the user group ${reader.words(asText(GroupName) ?? resource.logicalId)}`;
  return [
    { who, can: `can become ${reader.words(becomes)}`, by: `, by ${name(resource, reader)}`, severity: 'high', path: 'RoleArn', becomes },
  ];
};
const userToGroup: Read = ({ GroupName, Username }, resource, reader) => [
  {
    who: principal('user', Username),
    can: `belongs to ${groupIn(GroupName, reader).replace(/^the group /, 'the user group ')}`,
    by: `, by ${name(resource, reader)}`,
    severity: 'high',
    path: 'Username',
  },
];

const issuer: Read = ({ ClientIdList, Url }, resource, reader) => {
  const who = `identities of ${asText(Url) ?? 'another issuer'}`;
  const by = ` as soon as a role names ${name(resource, reader)}`;
  return [
    { who, can: 'are trusted', by, severity: 'high', path: 'Url' },
    ...texts(ClientIdList).map(
      (audience): Grant => ({
        who,
        can: `are trusted with tokens for ${reader.words(audience)}`,
        by,
        severity: 'high',
        path: 'ClientIdList',
      }),
    ),
  ];
};
/** The metadata hold the keys of whoever signs for others: other metadata may be somebody else. */
const samlIssuer: Read = ({ SamlMetadataDocument }, resource, reader) => {
  const metadata = asText(SamlMetadataDocument);
  const whose = metadata === undefined ? '' : ` by its metadata ${digestOf(metadata)}`;
  return [
    {
      who: `identities of ${name(resource, reader)}`,
      can: `are trusted${whose}`,
      by: ' as soon as a role names it',
      severity: 'high',
      path: 'SamlMetadataDocument',
    },
  ];
};

// ── Certificates and keys ──────────────────────────────────────────────────────────────────────────────────────────

const profile: Read = ({ Enabled, RoleArns }, resource, reader) =>
  isOff(Enabled)
    ? []
    : texts(RoleArns).map((becomes) => ({
        who: 'whoever holds a certificate of a trusted authority',
        can: `can become ${reader.words(becomes)}`,
        by: `, by ${name(resource, reader)}`,
        severity: 'critical',
        path: 'RoleArns',
        becomes,
      }));
const anchor: Read = ({ Enabled, Source }, resource, reader) => {
  if (isOff(Enabled)) return [];
  const { AcmPcaArn, X509CertificateData } = asMap(asMap(Source).SourceData);
  const authority = asText(AcmPcaArn);
  const certificates = asText(X509CertificateData);
  const whose = authority === undefined ? `the authority with the certificate ${digestOf(certificates ?? '')}` : reader.words(authority);
  return [
    {
      who: `whoever holds a certificate of ${whose}`,
      can: 'can ask for roles that trust certificates',
      by: `, by ${name(resource, reader)}`,
      severity: 'critical',
      path: 'Source',
    },
  ];
};
const alias: Read = ({ RoleAlias, RoleArn }, resource, reader) => {
  const becomes = asText(RoleArn);
  if (becomes === undefined) return [];
  const who = `things that may use the role alias ${reader.words(asText(RoleAlias) ?? resource.logicalId)}`;
  return [
    { who, can: `can become ${reader.words(becomes)}`, by: `, by ${name(resource, reader)}`, severity: 'high', path: 'RoleArn', becomes },
  ];
};
/** Until something runs with it, a profile gives nobody its role. */
const instances: Read = ({ Roles }, resource, reader) =>
  texts(Roles).map((becomes) => ({
    who: `instances with ${name(resource, reader)}`,
    can: `can become ${reader.words(becomes)}`,
    severity: 'high',
    path: 'Roles',
    becomes,
    lasting: true,
  }));
const transferUser: Read = ({ HomeDirectory, HomeDirectoryMappings, Role, ServerId, SshPublicKeys, UserName }, _resource, reader) => {
  const who = `the transfer user ${reader.words(asText(UserName) ?? 'unknown')}`;
  const server = reader.words(asText(ServerId) ?? 'a server');
  const becomes = asText(Role);
  const places = [...texts(HomeDirectory), ...asList(HomeDirectoryMappings).flatMap((mapping) => asText(asMap(mapping).Target) ?? [])];
  return [
    ...(becomes === undefined
      ? []
      : [{ who, can: `acts on ${server} as ${reader.words(becomes)}`, severity: 'high' as const, path: 'Role', becomes }]),
    ...places.map((place): Grant => ({ who, can: `sees ${reader.words(place)} on ${server}`, severity: 'medium', path: 'HomeDirectory' })),
    ...texts(SshPublicKeys).map(
      (key): Grant => ({ who, can: `can sign in to ${server} with the key ${digestOf(key)}`, severity: 'high', path: 'SshPublicKeys' }),
    ),
  ];
};

export const PEOPLE: Readers = [
  [/^AWS::SSO::Assignment$/, assignment],
  [/^AWS::SSO::ApplicationAssignment$/, application],
  [/^AWS::IdentityStore::GroupMembership$/, membership],
  [/^AWS::Cognito::IdentityPoolRoleAttachment$/, poolRoles],
  [/^AWS::Cognito::UserPoolGroup$/, userGroup],
  [/^AWS::Cognito::UserPoolUserToGroupAttachment$/, userToGroup],
  [/^AWS::IAM::OIDCProvider$/, issuer],
  [/^AWS::IAM::SAMLProvider$/, samlIssuer],
  [/^AWS::IAM::InstanceProfile$/, instances],
  [/^AWS::RolesAnywhere::Profile$/, profile],
  [/^AWS::RolesAnywhere::TrustAnchor$/, anchor],
  [/^AWS::IoT::RoleAlias$/, alias],
  [/^AWS::Transfer::User$/, transferUser],
];
