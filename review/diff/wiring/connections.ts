/** How settings say that what they lead to is spoken to: encrypted or not, and whether anybody looks whose certificate it is. */
import { holesIn, isHole } from '../access/text';
import type { Told } from '../side';
import { type Both, base } from './parts';
import type { Wire, Wires } from './wires';

/** Connections that are less, or more, protected than before. */
export function* connections(before: Wires, after: Wires, both: Both): Iterable<Told> {
  for (const [owner, wires] of after) {
    const earlier = before.get(owner);
    if (!earlier) continue;
    for (const wire of wires.values()) {
      const was = earlier.get(wire.key);
      if (!was || was.value === wire.value || wire.kept || was.kept) continue;
      const told = compared(was, wire, both);
      if (told) yield told;
    }
  }
}

/** Undefined where nothing says it. */
interface Protection {
  readonly encrypts?: boolean | undefined;
  /** Whoever answers is believed. */
  readonly trusts?: boolean | undefined;
  /** By its mode, of drivers that know several. */
  readonly proves?: boolean | undefined;
}

function compared(was: Wire, is: Wire, both: Both): Told | undefined {
  const [old, now] = [protectionOf(was), protectionOf(is)];
  const connection = `the connection of ${is.name}`;
  const lost = [
    ...(old.encrypts === true && now.encrypts === false ? ['is no longer encrypted'] : []),
    ...((now.trusts === true && old.trusts !== true) || (old.proves === true && now.proves === false && now.encrypts !== false)
      ? ['no longer asks whose certificate it is']
      : []),
  ];
  if (lost.length > 0) return line(is, both, 'weaker', `${connection} ${lost.join(', and ')}`);
  if (old.encrypts === true && now.encrypts === undefined && isText(is.value) && saysMore(is.value))
    return line(is, both, 'undecided', `nothing says any more that ${connection} is encrypted: the driver decides`);
  const got = [
    ...(old.encrypts === false && now.encrypts === true ? ['is encrypted now'] : []),
    ...((old.trusts === true && now.trusts === false) || (old.proves === false && now.proves === true)
      ? ['asks whose certificate it is now']
      : []),
  ];
  return got.length > 0 ? line(is, both, 'stronger', `${connection} ${got.join(', and ')}`) : undefined;
}

const isText = (value: string): boolean =>
  value !== '' && !isHole(value) && !/^@Microsoft\./i.test(value) && !holesIn(value).includes('secret');
/** Another connection string, of which something could be said. */
const saysMore = (value: string): boolean => /=.*;|\?\w+=/.test(value);

// ── What a text says ───────────────────────────────────────────────────────────────────────────────────────────────

const SECURE_SCHEME = /(^|[\s="';,])(https|amqps|rediss|wss|mqtts|ldaps|ftps|sftp|smtps|ssl|tls|mongodb\+srv|sb)(?=:\/\/)/i;
const OPEN_SCHEME = /(^|[\s="';,])(http|amqp|redis|ws|mqtt|ldap|ftp|smtp)(?=:\/\/)/i;
/** What is spoken to on the same machine, or beside it in the same cluster. */
const NEAR = /^[a-z+]+:\/\/(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0|[\w-]+|[+*]|169\.254\.\d+\.\d+)(:\d+)?([/?]|$)/i;

const YES = /^(true|yes|1|on|required?|require|mandatory|strict|enabled|verify[-_]?(ca|full|identity)|https)$/i;
const NO = /^(false|no|0|off|none|disabled?|optional|prefer(red)?|allow|http)$/i;
const meaning = (value: string | undefined): boolean | undefined =>
  value === undefined ? undefined : YES.test(value) ? true : NO.test(value) ? false : undefined;

/** Of pairs `key=value` in a text, the value of the first whose key is called so. */
function keyed(text: string, name: string): string | undefined {
  return new RegExp(`(?:^|[;,?&\\s"'])(?:${name})\\s*=\\s*([^;,&\\s"']+)`, 'i').exec(text)?.[1];
}
const ENCRYPTS = 'encrypt|ssl ?mode|use ?ssl|ssl|tls|use ?tls|use ?encryption|require ?ssl|DefaultEndpointsProtocol';
const TRUSTS =
  'trust ?server ?certificate|tls_?insecure|tls_?allow_?invalid_?certificates|tls_?allow_?invalid_?hostnames|ssl_?insecure|insecure_?skip_?verify';
const VERIFIES = 'verify ?server ?certificate|ssl_?verify|tls_?verify';

/** Names of settings that are a switch themselves. */
const SWITCH = /(^|[_:-])(USE_?)?(SSL|TLS|HTTPS)(_?(ENABLED|MODE|REQUIRED))?$|SSLMODE$|_ENCRYPT(ION)?$/i;
const CHECKS = /(SSL|TLS|HTTPS|CERT(IFICATE)?S?)_?(VERIFY|VERIFICATION|VALIDATION)$|TLS_REJECT_UNAUTHORIZED$|HTTPSVERIFY$/i;
const SKIPS = /(INSECURE|SKIP_?(TLS_?|SSL_?|CERT\w*_?)?VERIF\w*|TRUST_?SERVER_?CERTIFICATE|SSL_NO_VERIFY|ALLOW_?INVALID_?CERT\w*)$/i;

function protectionOf({ key, value }: Wire): Protection {
  const text = value.trim();
  const name = key.replace(/^.* /, '');
  const mode = keyed(text, 'ssl ?mode') ?? (/SSLMODE$/i.test(name) ? text : undefined);
  return {
    encrypts: meaning(keyed(text, ENCRYPTS)) ?? (SWITCH.test(name) ? meaning(text) : undefined) ?? byScheme(text),
    trusts:
      meaning(keyed(text, TRUSTS)) ??
      not(meaning(keyed(text, VERIFIES))) ??
      (SKIPS.test(name) ? meaning(text) : CHECKS.test(name) ? not(meaning(text)) : undefined),
    proves: mode === undefined || isHole(mode) ? undefined : /^verify/i.test(mode),
  };
}
const not = (one: boolean | undefined): boolean | undefined => (one === undefined ? undefined : !one);

/** By how the address begins; what stands beside the workload needs no encryption. */
function byScheme(text: string): boolean | undefined {
  if (SECURE_SCHEME.test(text)) return true;
  return OPEN_SCHEME.test(text) && !NEAR.test(text) ? false : undefined;
}

function line({ name, path, resource }: Wire, { pairing }: Both, direction: Told['direction'], words: string): Told {
  return {
    ...base(resource, pairing, direction, path),
    aspect: 'encryption',
    severity: direction === 'weaker' ? 'high' : direction === 'undecided' ? 'medium' : 'low',
    sentence: `${pairing.name(resource)}: ${words}`,
    topic: `connection of ${name}`,
    ...(direction === 'stronger' ? {} : { approver: 'security' as const }),
    causes: [{ resource: pairing.identity(resource), path }],
    tells: [],
  };
}
