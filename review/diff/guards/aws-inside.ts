/** Who may do what inside of stores, and by which other way they are reached: users, roots, ways past the network. */
import type { PlainMap } from '../plain';
import { asText, valueAt } from '../reading';
import { type Compared, type Guard, meaning, type Part, type Said, truth, turned } from './parts';

/** What a user of a cache is given: keys, channels and commands. What begins with `-` is taken away, and order counts for nothing here. */
const tokens = (user: PlainMap): readonly string[] => (asText(user.AccessString) ?? '').split(/\s+/).filter((token) => token !== '');
const TAKES = /^(-|off$|resetkeys$|resetchannels$|nocommands$)/;

const accessString: Compared = (before, after): readonly Said[] => {
  const [old, now] = [tokens(before), tokens(after)];
  const come = now.filter((token) => !old.includes(token));
  const gone = old.filter((token) => !now.includes(token));
  const more = [...come.filter((token) => !TAKES.test(token)), ...gone.filter((token) => TAKES.test(token)).map((token) => `no ${token}`)];
  if (more.length > 0) return [{ direction: 'weaker', words: `what the user may do: now ${more.join(', ')}` }];
  if (come.length + gone.length === 0) return [];
  return [{ direction: 'stronger', words: `what the user may do: less than before, ${now.join(' ')}` }];
};

/** Undefined where whoever mounts it says who he is. */
const userOf = (point: PlainMap): string | undefined => asText(valueAt(point, 'PosixUser.Uid'));
const posix: Compared = (before, after): readonly Said[] => {
  const [was, is] = [userOf(before), userOf(after)];
  const [old, now] = [was, is].map((uid) => (uid === undefined ? 0 : Number(uid) === 0 ? 1 : 2)) as [number, number];
  const words = ['whoever mounts it says himself who he is', 'whoever mounts it acts as root', `whoever mounts it acts as the user ${is}`][
    now
  ];
  return old === now || words === undefined ? [] : [{ direction: now < old ? 'weaker' : 'stronger', words }];
};

const rootOf = (point: PlainMap): string => `${(asText(valueAt(point, 'RootDirectory.Path')) ?? '/').replace(/\/+$/, '')}/`;
const root: Compared = (before, after): readonly Said[] => {
  const [was, is] = [rootOf(before), rootOf(after)];
  if (was === is) return [];
  const words = `what whoever mounts it sees: ${is} instead of ${was}`;
  if (was.startsWith(is)) return [{ direction: 'weaker', words }];
  return [{ direction: is.startsWith(was) ? 'stronger' : 'undecided', words }];
};

/** A switch that lets more in while it is on. */
const opening = (path: string, weaker: string, stronger: string): Part =>
  turned(
    path,
    (properties) => {
      const on = truth(valueAt(properties, path), false);
      return on === undefined ? undefined : !on;
    },
    weaker,
    stronger,
  );

const MULTI = 'BrokerNodeGroupInfo.ConnectivityInfo.VpcConnectivity.ClientAuthentication';
const fromOtherNetworks = (way: string): Part =>
  opening(`${MULTI}.${way}.Enabled`, 'it is reached from networks of others now', 'it is no longer reached from networks of others');

export const AWS_INSIDE: readonly Guard[] = [
  { on: /^AWS::(ElastiCache|MemoryDB)::User$/, aspect: 'access', severity: 'high', parts: [meaning('AccessString', accessString)] },
  {
    on: /^AWS::EFS::AccessPoint$/,
    aspect: 'access',
    severity: 'high',
    parts: [meaning('PosixUser', posix), meaning('RootDirectory', root)],
  },
  {
    on: /^AWS::RDS::DBCluster$/,
    aspect: 'exposure',
    parts: [
      opening(
        'EnableHttpEndpoint',
        'it takes statements past its network now, by the Data API',
        'it takes no statements past its network any more',
      ),
    ],
  },
  {
    on: /^AWS::(OpenSearchService|Elasticsearch)::Domain$/,
    aspect: 'access',
    severity: 'high',
    parts: [
      opening(
        'AdvancedSecurityOptions.InternalUserDatabaseEnabled',
        'users of its own sign in by password now',
        'users of its own no longer sign in by password',
      ),
    ],
  },
  {
    on: /^AWS::MSK::Cluster$/,
    aspect: 'access',
    severity: 'high',
    parts: [
      opening('ClientAuthentication.Sasl.Scram.Enabled', 'clients sign in by password now', 'clients no longer sign in by password'),
      ...['Sasl.Iam', 'Sasl.Scram', 'Tls'].map(fromOtherNetworks),
    ],
  },
];
