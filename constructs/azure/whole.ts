import type * as pulumi from '@pulumi/pulumi';

/**
 * Options that register these arguments exactly as they are written.
 *
 * The SDK passes nested objects through one `apply`, to merge its own defaults. In a preview, one leaf that is not known
 * yet (the id of an identity) then hides the whole object from whoever reviews it: nobody can tell whether encryption uses
 * the customer's key. The objects written here are complete, so that they need no defaults.
 *
 * @param name the name of the resource that gets the options; its children are left alone
 */
export function whole<Args extends object>(
  name: string,
  args: Args,
  keys: readonly (keyof Args & string)[],
  opts: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const written = Object.fromEntries(keys.map((key) => [key, args[key]]));
  const asWritten: pulumi.ResourceTransformation = (resource) =>
    resource.name === name ? { props: { ...resource.props, ...written }, opts: resource.opts } : undefined;
  return { ...opts, transformations: [...(opts.transformations ?? []), asWritten] };
}
