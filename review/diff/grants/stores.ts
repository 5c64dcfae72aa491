/** Rights on stores that these keep by themselves: grants of S3, policies of search collections. */

import type { Plain } from '../plain';
import { asList, asMap, asText, type Reader } from '../reading';
import { type Grant, listed, name, type Read, type Readers, sorted, texts } from './parts';

// ── S3 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

const PERMISSIONS: Readonly<Record<string, readonly string[]>> = { READ: ['read'], WRITE: ['write'], READWRITE: ['read', 'write'] };
const GRANTEES: Readonly<Record<string, string>> = { DIRECTORY_USER: 'the directory user ', DIRECTORY_GROUP: 'the directory group ' };

/** The scope of a location that is registered: `s3://records/cases/*`. */
function locationIn(id: Plain | undefined, reader: Reader): string {
  const text = asText(id) ?? 'unknown';
  const registered = reader.referred(text);
  const scope = registered && asText(reader.of(registered).LocationScope);
  return scope ?? (text === 'default' ? 's3://*' : text);
}

/** The bucket where the prefix is its own, else the prefix under the location. */
const placeOf = (location: string, prefix: string, exact: boolean): string => {
  const whole = `${location.replace(/\/?\*$/, '')}${prefix === '' ? '/*' : `/${prefix.replace(/^\//, '')}`}`;
  return exact || whole.endsWith('*') ? whole : `${whole}*`;
};

const accessGrant: Read = (
  { AccessGrantsLocationConfiguration, AccessGrantsLocationId, ApplicationArn, Grantee, Permission, S3PrefixType },
  resource,
  reader,
) => {
  const { GranteeIdentifier, GranteeType } = asMap(Grantee);
  const identifier = asText(GranteeIdentifier);
  const rights = PERMISSIONS[asText(Permission) ?? ''] ?? ['use'];
  if (identifier === undefined) return [];
  const prefix = asText(asMap(AccessGrantsLocationConfiguration).S3SubPrefix) ?? '';
  const place = placeOf(locationIn(AccessGrantsLocationId, reader), prefix, asText(S3PrefixType) === 'Object');
  const application = asText(ApplicationArn);
  const only = application === undefined || application === 'ALL' ? '' : ` through ${reader.words(application)}`;
  return [
    {
      who: `${GRANTEES[asText(GranteeType) ?? ''] ?? ''}${identifier}`,
      can: `can ${rights.join(' and ')} ${reader.words(place)}${only}`,
      by: `, by ${name(resource, reader)}`,
      severity: 'high',
      path: 'Permission',
      reach: { of: `S3${only}`, rights, scopes: [place] },
    },
  ];
};

// ── Search ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const SEARCH: readonly (readonly [permission: string, verb: string])[] = [
  ['aoss:ReadDocument', 'read'],
  ['aoss:WriteDocument', 'write'],
  ['aoss:CreateIndex', 'create'],
  ['aoss:UpdateIndex', 'alter'],
  ['aoss:DeleteIndex', 'delete'],
  ['aoss:DescribeIndex', 'list'],
  ['aoss:CreateCollectionItems', 'create'],
  ['aoss:UpdateCollectionItems', 'alter'],
  ['aoss:DeleteCollectionItems', 'delete'],
  ['aoss:DescribeCollectionItems', 'list'],
  ['aoss:CreateMLResource', 'create'],
  ['aoss:UpdateMLResource', 'alter'],
  ['aoss:DeleteMLResource', 'delete'],
  ['aoss:DescribeMLResource', 'list'],
  ['aoss:ExecuteMLResource', 'run'],
];
const HEAVY = new Set(['alter', 'delete', 'write', 'read']);

/** Permissions that a pattern stands for; one that is not known stands for itself. */
function permissionsIn(pattern: string): readonly string[] {
  const wanted = new RegExp(`^${pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`, 'i');
  const known = SEARCH.filter(([permission]) => wanted.test(permission)).map(([permission]) => permission);
  return known.length > 0 ? known : [pattern];
}

/** The policy is a text that holds a list of rules, each with those that it lets in. */
const collections: Read = ({ Policy }, resource, reader) =>
  rulesIn(Policy).flatMap((item) => {
    const { Principal, Rules } = asMap(item);
    return texts(Principal).flatMap((who) =>
      asList(Rules).flatMap((rule): readonly Grant[] => {
        const { Permission, Resource } = asMap(rule);
        const rights = [...new Set(texts(Permission).flatMap(permissionsIn))];
        const verbs = [...new Set(rights.map((right) => SEARCH.find(([known]) => known === right)?.[1] ?? right))];
        const scopes = texts(Resource);
        if (rights.length === 0 || scopes.length === 0) return [];
        return [
          {
            who,
            can: `can ${listed(verbs.sort())} ${reader.words(sorted(scopes))}`,
            by: `, by ${name(resource, reader)}`,
            severity: verbs.some((verb) => HEAVY.has(verb)) ? 'high' : 'medium',
            path: 'Policy',
            reach: { of: 'search collections', rights, scopes },
          },
        ];
      }),
    );
  });

function rulesIn(policy: Plain | undefined): readonly Plain[] {
  if (typeof policy !== 'string') return asList(policy);
  try {
    return asList(JSON.parse(policy) as Plain);
  } catch {
    return [];
  }
}

export const STORES: Readers = [
  [/^AWS::S3::AccessGrant$/, accessGrant],
  [/^AWS::OpenSearchServerless::AccessPolicy$/, collections],
];
