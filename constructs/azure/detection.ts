import * as monitor from '@pulumi/azure-native/monitor';
import type * as pulumi from '@pulumi/pulumi';
import { claims } from '../contract';
import { type SecureArgs, SecureComponent } from './component';

/** A service that is told, and that knows by a token of the directory that Azure Monitor is who tells it. */
export interface SecureWebhook {
  /** Where alerts are sent; starts with https. */
  readonly serviceUri: string;
  /** Object id of the application that stands for the service in the directory. */
  readonly objectId: pulumi.Input<string>;
  /** Identifier of that application: `api://…`. */
  readonly identifierUri: pulumi.Input<string>;
  /** Directory that issues the token. */
  readonly tenantId: pulumi.Input<string>;
}

/** What {@link SecurityContacts} are made from. */
export interface SecurityContactsArgs extends Omit<SecureArgs, 'relax'> {
  /** Mailboxes of the people who answer, by name; at least one. */
  readonly emails: Readonly<Record<string, pulumi.Input<string>>>;
  /** Services that are told as well, by name. @default none */
  readonly webhooks?: Readonly<Record<string, SecureWebhook>>;
}

/**
 * Who is told when a control is weakened or a record goes missing: what the other components take as `alerts`.
 *
 * Guarantees MON-05. Nothing of it can be relaxed.
 *
 * @throws RangeError without a mailbox, or where a webhook would be told in clear text
 * @example
 * const contacts = new SecurityContacts('contacts', { profile, resourceGroupName, location, emails: { soc: 'soc@example.com' } });
 */
export class SecurityContacts extends SecureComponent {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('SecurityContacts', 'MON-05');

  /** The group itself, for further kinds of receivers. */
  readonly actionGroup: monitor.ActionGroup;
  /** Resource id of the action group; what other components take as `alerts`. */
  readonly id: pulumi.Output<string>;

  constructor(name: string, args: SecurityContactsArgs, opts?: pulumi.ComponentResourceOptions) {
    super('palisade:azure:SecurityContacts', { claims: SecurityContacts.claims, families: ['detection'], relaxable: {} }, name, args, opts);
    const emails = Object.entries(args.emails ?? {});
    if (emails.length === 0)
      throw new RangeError(`${this.where}: emails is empty; name at least one mailbox that is read around the clock`);
    const webhooks = Object.entries(args.webhooks ?? {});
    for (const [receiver, { serviceUri }] of webhooks)
      if (!/^https:\/\//i.test(serviceUri))
        throw new RangeError(`${this.where}: serviceUri of the webhook "${receiver}" is "${serviceUri}"; write one that starts with https`);
    this.actionGroup = new monitor.ActionGroup(
      `${name}-group`,
      {
        resourceGroupName: args.resourceGroupName,
        location: 'global',
        enabled: true,
        groupShortName: name.slice(0, 12),
        emailReceivers: emails.map(([receiver, emailAddress]) => ({ name: receiver, emailAddress, useCommonAlertSchema: true })),
        webhookReceivers: webhooks.map(([receiver, webhook]) => ({
          name: receiver,
          ...webhook,
          useAadAuth: true,
          useCommonAlertSchema: true,
        })),
        tags: this.tags,
      },
      { parent: this },
    );
    this.id = this.actionGroup.id;
    this.registerOutputs({ id: this.id });
  }
}
