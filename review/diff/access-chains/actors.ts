/** The identities of a side with what they may do themselves, and how policies name them. */
import { append } from '../../../policies/collect';
import type { Resource } from '../../../policies/resource';
import { grantedRegions } from '../access/compare';
import { HOLDER } from '../access/principal-forms';
import { type Region, type ResourceForm, withActions } from '../access/regions';
import { hole, show } from '../access/text';
import type { Holder } from '../access-holders-parts';
import { asText, type Reader } from '../reading';
import { type Actor, partitionOf, unbound } from './model';
import { KINDS, type Kind } from './moves';

const NAMES: Readonly<Record<Kind, string>> = { role: 'RoleName', user: 'UserName', group: 'GroupName', 'permission set': 'Name' };

export class Actors {
  readonly #byKey = new Map<string, Actor>();
  /** By every way to write its ARN, for people. */
  readonly #byArn = new Map<string, Actor>();

  constructor(
    readonly holders: ReadonlyMap<string, Holder>,
    readonly reader: Reader,
  ) {
    const granted = this.#grantedByResources();
    for (const holder of holders.values()) {
      const kind = KINDS[holder.resource.type];
      if (holder.kind !== 'identity' || !kind) continue;
      const key = reader.pairing.identity(holder.resource);
      const arns = arnsOf(holder, kind, key, reader);
      const by = [...new Set(arns)].flatMap((arn) => granted.get(show(arn)) ?? []);
      this.#add({
        key,
        kind,
        resource: holder.resource,
        account: holder.account,
        arns,
        regions: [...grantedRegions(holder.rights), ...by.map(({ region }) => region)],
        carriers: [holder.resource, ...holder.sources, ...new Set(by.flatMap(({ carriers }) => carriers))],
      });
    }
  }

  #add(actor: Actor): void {
    this.#byKey.set(actor.key, actor);
    for (const arn of actor.arns) if (!this.#byArn.has(show(arn))) this.#byArn.set(show(arn), actor);
  }

  get all(): Iterable<Actor> {
    return this.#byKey.values();
  }

  get(key: string): Actor | undefined {
    return this.#byKey.get(key);
  }

  /** The identity that an ARN names, also by one of its sessions. */
  named(arn: string): Actor | undefined {
    const text = show(arn);
    const [, account, role] = /^arn:[^:]*:sts::([^:]*):assumed-role\/([^/]+)\//.exec(text) ?? [];
    return this.#byArn.get(text) ?? (role === undefined ? undefined : this.#byArn.get(`arn:aws:iam::${account}:role/${role}`));
  }

  /** Somebody who is none of the input; the same for the same name. */
  outside(actor: Actor): Actor {
    const known = this.#byKey.get(actor.key);
    if (known) return known;
    this.#byKey.set(actor.key, actor);
    return actor;
  }

  /** An identity that was given every right, as far as its boundary lets it. */
  unboundOf(actor: Actor): Actor {
    const key = unbound(actor.key);
    const limits = this.holders.get(`identity ${actor.key}`)?.rights.limits;
    const everything = { name: 'every right', document: { Statement: { Effect: 'Allow', Action: '*', Resource: '*' } } };
    return this.outside({ ...actor, key, unbound: true, regions: grantedRegions({ grants: [everything], limits }) });
  }

  /** What policies of resources grant, by the ARN that they name. */
  #grantedByResources(): ReadonlyMap<string, readonly { readonly region: Region; readonly carriers: readonly Resource[] }[]> {
    const found = new Map<string, { region: Region; carriers: readonly Resource[] }[]>();
    for (const { kind, resource, rights, sources } of this.holders.values()) {
      if (kind !== 'resource') continue;
      const own = this.reader.pairing.identity(resource);
      for (const region of grantedRegions(rights)) {
        const { principal } = region;
        if (principal.kind !== 'entry' || principal.entry.kind !== 'AWS') continue;
        const about = { ...region, principal: HOLDER, resource: ofResource(region.resource, own) };
        append(found, show(principal.entry.value), { region: withActions(about, region.actions), carriers: [resource, ...sources] });
      }
    }
    return found;
  }
}

/** `*` in the policy of a resource is that resource. */
const ofResource = (form: ResourceForm, identity: string): ResourceForm =>
  form.text === '*' ? { pattern: [hole(`${identity}.Arn`)], except: [], text: `\${${identity}.Arn}` } : form;

function arnsOf({ account, resource }: Holder, kind: Kind, key: string, reader: Reader): readonly string[] {
  const properties = reader.of(resource);
  const name = asText(properties[NAMES[kind]]) ?? hole(key);
  const partition = partitionOf(resource);
  if (kind === 'permission set') {
    const folder = `arn:${partition}:iam::${account}:role/aws-reserved/sso.amazonaws.com/`;
    const places = ['', ...(resource.unit.region === undefined ? [] : [`${resource.unit.region}/`])];
    return [
      ...places.map((place) => `${folder}${place}AWSReservedSSO_${name}_${hole(`${key}.Suffix`)}`),
      hole(`${key}.PermissionSetArn`),
      hole(key),
    ];
  }
  const path = asText(properties.Path) ?? '/';
  return [`arn:${partition}:iam::${account}:${kind}${path}${name}`, hole(`${key}.Arn`)];
}
