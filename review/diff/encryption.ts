/** Stores that are no longer encrypted, or no longer with a key of the customer: in plain words, from what the rules say of both states. */
import type { ControlId } from '../../controls';
import type { Finding } from '../../policies/finding';
import type { Resource } from '../../policies/resource';
import { HOLDS } from './data';
import { isStore } from './exposure/model';
import { placeOf, shownAs } from './reading';
import type { Aspected, Pairing, Side, Told } from './side';

/** Controls that ask for encryption at rest. */
export const AT_REST: readonly ControlId[] = ['ENC-01', 'ENC-02', 'ENC-11'];
/** What one line of a store is about. */
export const TOPIC = 'encryption at rest';

const STREAMS = /^AWS::(SNS::Topic|KinesisFirehose::DeliveryStream|EC2::Volume)$/;
const SWITCHES = /^azure-native:(sql:TransparentDataEncryption|synapse:SqlPoolTransparentDataEncryption)$/;
const keeps = (resource: Resource): boolean =>
  HOLDS.test(resource.type) || STREAMS.test(resource.type) || SWITCHES.test(resource.type) || isStore(resource);

/** Encrypted by the service whatever anybody writes: of these only the key can be lost. */
const ALWAYS =
  /^(AWS::(S3\w*|DynamoDB|Logs|MSK|AmazonMQ|SecretsManager|Backup|ECR|CloudTrail)::|azure-native:(?!sql:TransparentDataEncryption|synapse:SqlPool))/;
/** Rules of these paths ask for a second layer beneath the first. */
const SECOND_LAYER = /[iI]nfrastructure|[dD]ouble|^encryptionType|[eE]ncryptionAtHost|enableDiskEncryption|encryptDataDisks/;

/** From the weakest: what the rules of one state say of one store. */
const LEVELS = ['not encrypted', 'encrypted with the key of the service', 'encrypted with a customer key'] as const;
type Level = 0 | 1 | 2;

interface Reading {
  readonly level: Level;
  /** What the level follows from. */
  readonly why: readonly Finding[];
  /** Controls that ask something of this store: what others ask for later was not there before either, for all that is known. */
  readonly asked: ReadonlySet<ControlId>;
}

/** One line for each store whose encryption at rest is weaker or stronger than before. */
export const encryption: Aspected = (before, after, pairing) => {
  const [old, now] = [readingsOf(before, pairing), readingsOf(after, pairing)];
  return [...now].flatMap(([identity, { resource, reading }]) => {
    const was = old.get(identity)?.reading;
    return was && reading && was.level !== reading.level && !isNewlyAsked(was, reading) ? [line(resource, was, reading, pairing)] : [];
  });
};

/** Nothing of the store got weaker: a control that asked nothing of it asks for more now. */
const isNewlyAsked = (was: Reading, now: Reading): boolean =>
  now.level < was.level && now.why.every(({ control }) => !was.asked.has(control));

function readingsOf({ targets }: Side, pairing: Pairing): ReadonlyMap<string, { readonly resource: Resource; readonly reading?: Reading }> {
  const findings = new Map<Resource, Finding[]>();
  for (const { strictest } of targets)
    for (const finding of strictest.findings) {
      const { control, resource } = finding;
      if (!AT_REST.includes(control) || SECOND_LAYER.test(finding.at ?? '') || !keeps(resource)) continue;
      const known = findings.get(resource);
      if (known) known.push(finding);
      else findings.set(resource, [finding]);
    }
  return new Map(
    [...findings].map(([resource, some]) => {
      const reading = readingOf(resource, some);
      return [pairing.identity(resource), { resource, ...(reading ? { reading } : {}) }];
    }),
  );
}

/** Undefined where it cannot be told, or where somebody accepted it. */
function readingOf(resource: Resource, findings: readonly Finding[]): Reading | undefined {
  const judged = findings.filter(({ verdict }) => verdict !== 'not-applicable');
  if (judged.length === 0 || judged.some(({ verdict, waiver }) => verdict === 'unknown' || waiver !== undefined)) return undefined;
  const asked = new Set(judged.map(({ control }) => control));
  const broken = judged.filter(({ verdict }) => verdict !== 'pass');
  if (broken.length === 0) return { level: 2, why: judged, asked };
  const off = broken.filter((finding) => !ALWAYS.test(resource.type) && switchesOff(finding));
  return { level: off.length > 0 ? 0 : 1, why: broken, asked };
}

/** Rules of ENC-11 ask for keys, except where a cache has a switch. */
const switchesOff = ({ at = '', control }: Finding): boolean =>
  control === 'ENC-01' || (control === 'ENC-11' && !/key/i.test(at) && /Encrypt|SSE/.test(at));

function line(resource: Resource, was: Reading, now: Reading, pairing: Pairing): Told {
  const weaker = now.level < was.level;
  const name = nameOf(resource, pairing);
  const sentence =
    now.level === 0
      ? `${name} is no longer encrypted`
      : now.level === 1
        ? weaker
          ? `${name} is no longer encrypted with a customer key`
          : `${name} is encrypted now`
        : `${name} is encrypted with a customer key now`;
  return {
    aspect: 'encryption',
    direction: weaker ? 'weaker' : 'stronger',
    severity: now.level === 0 ? 'high' : 'medium',
    sentence,
    subject: pairing.identity(resource),
    topic: TOPIC,
    ...(weaker ? { approver: 'security' as const } : {}),
    evidence: [
      { resource: shownAs(resource), side: 'after', ...placeOf(resource), saw: `${LEVELS[now.level]}; before, ${LEVELS[was.level]}` },
    ],
    causes: now.why.map(({ at }) => ({ resource: pairing.identity(resource), ...(at === undefined || at === '' ? {} : { path: at }) })),
    tells: AT_REST,
  };
}

/** The switch of a database is a resource of its own. */
function nameOf(resource: Resource, pairing: Pairing): string {
  const path = ['databaseName', 'sqlPoolName'].find((one) => SWITCHES.test(resource.type) && resource.at(one).state !== 'absent');
  const database = path === undefined ? undefined : resource.at(path).shape;
  return database === undefined ? pairing.name(resource) : `the database ${database}`;
}
