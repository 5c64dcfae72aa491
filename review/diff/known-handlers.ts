/**
 * Functions that the CDK adds by itself to make what CloudFormation cannot: known by what they are called, by the code that they hold in
 * the template, and by doing nothing else.
 */
import type { Resource } from '../../policies/resource';

interface Handler {
  /** How the CDK calls it. */
  readonly name: RegExp;
  /** What its code calls, where it stands in the template. */
  readonly code: RegExp;
  /** All that it needs. */
  readonly actions: RegExp;
}

const HANDLERS: readonly Handler[] = [
  {
    name: /BucketNotificationsHandler050a0587b7544547bf325f094a3db834/,
    code: /put_bucket_notification_configuration/,
    actions: /^s3:(Put|Get)BucketNotification$/,
  },
];

/** Whether a role is there for a handler of the CDK only, and what it is granted is what that needs. */
export function isForHandler(role: Resource, users: readonly Resource[], actions: readonly string[]): boolean {
  return HANDLERS.some(
    (handler) =>
      users.length > 0 &&
      [role, ...users].every(({ logicalId, path }) => handler.name.test(path ?? logicalId)) &&
      users.every((user) => user.type === 'AWS::Lambda::Function' && handler.code.test(user.at('Code.ZipFile').string ?? '')) &&
      actions.every((action) => handler.actions.test(action)),
  );
}
