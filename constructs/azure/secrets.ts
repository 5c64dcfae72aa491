import * as keyvault from '@pulumi/azure-native/keyvault';
import * as pulumi from '@pulumi/pulumi';
import { DAY_MS, dayOf } from '../../controls';
import { claims, unclaimed } from '../contract';
import { dayOfCheck } from '../relax';
import { type SecureArgs, SecureComponent } from './component';
import { assignRole, type Principal } from './identity-roles';
import type { SecureKeyVault } from './keys';
import type { Promises } from './relax';
import type { SecretRotation } from './secrets-rotation';
import { whole } from './whole';

/** Longest time between two rotations, in days (IDA-12); the same as on the other cloud. */
const LONGEST_DAYS = 90;

/** What a {@link SecureSecret} is made from. */
export interface SecureSecretArgs extends SecureArgs {
  /**
   * The value: a secret of the configuration, or what another resource generates. A text in the program is refused; an
   * output that is no secret becomes one.
   */
  readonly value: pulumi.Output<string>;
  /** What kind of value it is, for whoever rotates it: `password`, `connection-string`, `application/json`. */
  readonly contentType: string;
  /** Last day on which the value can be read, `YYYY-MM-DD`: at most 90 days from today (IDA-12). */
  readonly expires: string;
  /** What tells people, and whatever rotates, before the value ends. Without it IDA-12 has to be relaxed. @default none */
  readonly rotation?: SecretRotation;
  /** Vault that keeps the secret. @default the one of `rotation` */
  readonly vault?: SecureKeyVault;
  /** 1 to 127 letters, digits and hyphens. @default the component's name */
  readonly secretName?: string;
}

/**
 * A secret in a vault that is not written in the program, ends, and has somebody told before it does.
 *
 * Where the rotation has a rotator, the program makes the first version only: what is rotated later is left alone.
 *
 * Guarantees IDA-12 and IDA-13.
 *
 * @throws RangeError for a value in the program, an end that is more than 90 days away or past, or a secret that nothing rotates
 * @example
 * import * as pulumi from '@pulumi/pulumi';
 * const rotation = new SecretRotation('rotation', { profile, resourceGroupName, location, vault, alerts: contacts.id });
 * const apiKey = new SecureSecret('partner-api-key', {
 *   profile, resourceGroupName, location, rotation,
 *   value: new pulumi.Config('partner').requireSecret('apiKey'), contentType: 'api-key', expires: '2027-01-31',
 * });
 * apiKey.grantRead('case-service', { principalId, principalType: 'ServicePrincipal' });
 */
export class SecureSecret extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims(
    'SecureSecret',
    'IDA-12',
    'IDA-13',
    unclaimed('ENC-02', 'a secret has the protection of its vault; Key Vault takes no key of the customer'),
    unclaimed('ENC-07', 'the vault is private and role-based: claimed by SecureKeyVault'),
    unclaimed('LPA-10', 'a vault takes callers of its own directory only'),
    unclaimed('DHC-10', 'deleted secrets stay in the vault for 90 days: claimed by SecureKeyVault'),
  );

  /** The secret itself. */
  readonly secret: keyvault.Secret;
  /** Resource id of the secret; the scope of the right to read it. */
  readonly id: pulumi.Output<string>;
  /** `https://….vault.azure.net/secrets/…`, without a version, so that readers follow the newest one. */
  readonly uri: pulumi.Output<string>;

  constructor(name: string, args: SecureSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecureSecret', PROMISES, name, args, opts);
    const { contentType, resourceGroupName, rotation, secretName = name, value } = args;
    const vault = args.vault ?? rotation?.vault;
    if (!vault) throw new RangeError(`${this.where}: vault is missing; pass a SecureKeyVault, or a rotation, which brings one along`);
    if (!pulumi.Output.isInstance(value))
      throw new RangeError(
        `${this.where}: value is written in the program; take it from the configuration, config.requireSecret("…"), or from what generates it (IDA-13)`,
      );
    if (!rotation && !this.relaxes('IDA-12'))
      throw new RangeError(`${this.where}: nothing rotates it; pass the SecretRotation of its vault, or relax IDA-12`);

    const child = `${name}-secret`;
    const secretArgs: keyvault.SecretArgs = {
      resourceGroupName,
      vaultName: vault.vault.name,
      secretName,
      properties: {
        value: pulumi.secret(value),
        contentType,
        attributes: { enabled: true, ...(this.relaxes('IDA-12') ? {} : lifetime(this.where, args)) },
      },
      tags: this.tags,
    };
    this.secret = new keyvault.Secret(
      child,
      secretArgs,
      whole(child, secretArgs, ['properties'], {
        parent: this,
        dependsOn: [...(rotation?.listening ?? [])],
        ...(rotation?.rotatesItself ? { ignoreChanges: ['properties'] } : {}),
      }),
    );
    this.id = this.secret.id;
    this.uri = pulumi.interpolate`${vault.uri}/secrets/${secretName}`;
    this.waive('IDA-12', this.secret);
    this.registerOutputs({ id: this.id, uri: this.uri });
  }

  /** Lets one principal read this secret, and no other of the vault. */
  grantRead(name: string, principal: Principal): void {
    assignRole(
      `${this.label}-grant-${name}`,
      { role: 'Key Vault Secrets User', principal, scope: this.id, why: 'Reads one secret' },
      { parent: this },
    );
  }
}

/** From when until when the value can be read, in seconds since 1970. A rotator follows its own calendar later. */
function lifetime(where: string, { expires, rotation }: SecureSecretArgs): { readonly notBefore: number; readonly expires: number } {
  const end = dayOf(expires);
  if (end === undefined) throw new RangeError(`${where}: expires is "${expires}"; write a date as YYYY-MM-DD`);
  const today = Date.parse(dayOfCheck(new pulumi.Config('palisade').get('today'), 'configuration palisade:today'));
  const days = Math.round((end - today) / DAY_MS);
  if (days > LONGEST_DAYS)
    throw new RangeError(`${where}: expires in ${days} days; secrets rotate at least every ${LONGEST_DAYS} (IDA-12)`);
  if (days < 0 && !rotation?.rotatesItself)
    throw new RangeError(`${where}: expired on ${expires}; set a new value, and write the day on which that one ends (IDA-12)`);
  return { notBefore: (end - LONGEST_DAYS * DAY_MS) / 1000, expires: end / 1000 };
}

const PROMISES: Promises = {
  claims: SecureSecret.claims,
  families: ['secrets'],
  relaxable: { 'IDA-12': 'the end of the value, and whatever rotates it' },
  firm: { 'IDA-13': 'put the value into the configuration as a secret, or let it be generated' },
};
