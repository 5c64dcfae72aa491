import * as dnsresolver from '@pulumi/azure-native/dnsresolver';
import type * as pulumi from '@pulumi/pulumi';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';

/** Names under which Azure answers, each with everything below it: services, sign-in, and the platform's own machines. */
const AZURE_NAMES = ['azure.com', 'azure.net', 'azure-automation.net', 'internal.cloudapp.net', 'microsoftonline.com', 'windows.net'];
/** First and last priority that the service knows: what is allowed is looked at first. */
const FIRST = 100;
const LAST = 65_000;

interface NamesArgs {
  readonly resourceGroupName: pulumi.Input<string>;
  readonly location: pulumi.Input<string>;
  readonly tags: Readonly<Record<string, pulumi.Input<string>>>;
  readonly networkId: pulumi.Input<string>;
  readonly logs: LogSink;
  /** Names that may be resolved besides those of Azure; undefined where every name may. */
  readonly allowed: readonly string[] | undefined;
}

/**
 * Records every name that a network looks up, and refuses those that are not listed. A policy that is linked to the
 * network records all queries; it needs no rule for that.
 */
export function watchNames(name: string, args: NamesArgs, opts: pulumi.CustomResourceOptions): void {
  const { allowed, location, logs, networkId, resourceGroupName, tags } = args;
  const common = { resourceGroupName, location, tags };
  const policy = new dnsresolver.DnsResolverPolicy(name, common, opts);
  new dnsresolver.DnsResolverPolicyVirtualNetworkLink(
    `${name}-link`,
    { ...common, dnsResolverPolicyName: policy.name, virtualNetwork: { id: networkId } },
    opts,
  );
  diagnosticSettings(`${name}-diagnostics`, { resourceId: policy.id, logs, categories: ['DnsResponse'], metrics: [] }, opts);
  if (allowed === undefined) return;

  const rule = (
    part: string,
    priority: number,
    domains: readonly string[],
    action: { readonly actionType: string; readonly blockResponseCode?: string },
  ) => {
    const list = new dnsresolver.DnsResolverDomainList(`${name}-${part}-names`, { ...common, domains: [...domains] }, opts);
    new dnsresolver.DnsSecurityRule(
      `${name}-${part}`,
      {
        ...common,
        dnsResolverPolicyName: policy.name,
        dnsResolverDomainLists: [{ id: list.id }],
        dnsSecurityRuleState: 'Enabled',
        priority,
        action,
      },
      opts,
    );
  };
  rule('allowed', FIRST, [...AZURE_NAMES, ...allowed].map(absolute), { actionType: 'Allow' });
  rule('refused', LAST, ['.'], { actionType: 'Block', blockResponseCode: 'SERVFAIL' });
}

/** `cases.internal` and `*.cases.internal` as the service writes a name with all below it: `cases.internal.` */
const absolute = (name: string): string => `${name.replace(/^\*\./, '').replace(/\.$/, '')}.`;

/** @throws RangeError for a name that would allow every name */
export function checkNames(where: string, names: readonly string[]): void {
  for (const name of names)
    if (!/^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)+\.?$/i.test(name))
      throw new RangeError(`${where}: allowedNames lists "${name}"; write a domain of at least two parts, such as cases.internal`);
}
