import * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { SecureKeyVault } from './keys';
import type { BlobTarget } from './messaging-floor';
import type { EventReceiver } from './messaging-grid-subscriptions';
import { SecureEventGridSystemTopic } from './messaging-system-topic';
import type { Promises } from './relax';

/** What a {@link SecretRotation} is made from. */
export interface SecretRotationArgs extends Omit<SecureArgs, 'relax'> {
  /** Vault whose secrets, keys and certificates end; each vault has one rotation at most. */
  readonly vault: SecureKeyVault;
  /** Action group that is told 30 days before something expires, and when it has expired. */
  readonly alerts: pulumi.Input<string>;
  /**
   * What makes the new value: it gets an event 30 days before a secret expires, and keeps what it could not take as a dead
   * letter. @default nothing: people rotate when they are told
   */
  readonly rotator?: { readonly to: EventReceiver; readonly deadLetters: BlobTarget };
}

/** Events of a vault, 30 days before a version ends and when it has ended. */
const ENDS = ['Secret', 'Key', 'Certificate'].flatMap((kind) => [
  `Microsoft.KeyVault.${kind}NearExpiry`,
  `Microsoft.KeyVault.${kind}Expired`,
]);

/**
 * Tells people, and whatever rotates, that a secret of a vault is about to end. The vault publishes only for versions that
 * are made after somebody listens, so that it stands before the first `SecureSecret`.
 *
 * Guarantees from the moderate tier on LOG-13.
 *
 * @example
 * const rotation = new SecretRotation('rotation', { profile, resourceGroupName, location, vault, alerts: contacts.id });
 */
export class SecretRotation extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecretRotation', { control: 'LOG-13', from: 'moderate' });

  /** What listens to the vault. */
  readonly events: SecureEventGridSystemTopic;
  /** Vault whose secrets rotate. */
  readonly vault: SecureKeyVault;
  /** Whether something rotates secrets by itself. */
  readonly rotatesItself: boolean;
  /** What has to stand before a secret is made. */
  readonly listening: readonly pulumi.Resource[];

  constructor(name: string, args: SecretRotationArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecretRotation', PROMISES, name, args, opts);
    const { alerts, location, profile, resourceGroupName, rotator, tags, vault } = args;
    this.vault = vault;
    this.rotatesItself = rotator !== undefined;
    this.events = new SecureEventGridSystemTopic(
      `${name}-events`,
      {
        profile,
        resourceGroupName,
        location,
        ...(tags ? { tags } : {}),
        logs: vault.logs,
        source: vault.id,
        topicType: 'Microsoft.KeyVault.vaults',
      },
      { parent: this },
    );
    this.listening = [
      this.events.alert('alert', {
        events: ENDS,
        alerts,
        description: 'A secret, a key or a certificate expires within 30 days, or has expired.',
      }),
      ...(rotator ? [this.events.subscribe('rotate', { ...rotator, events: ['Microsoft.KeyVault.SecretNearExpiry'] })] : []),
    ];
    this.registerOutputs({ vault: pulumi.output(vault.id) });
  }
}

const PROMISES: Promises = { claims: SecretRotation.claims, families: ['secrets'], relaxable: {} };
