/** What watches, sets and scans across the accounts and regions of an AWS organisation. */
import type { PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { type Compared, each, found, type Guard, ladder, meaning, truth, turned } from './parts';
import { leavesThatDiffer, unordered } from './patterns';

/** What a runbook does, by the calls it makes: names of steps are only names. */
const steps = (document: PlainMap): readonly string[] =>
  asList(valueAt(document, 'Content.mainSteps')).map((step) => {
    const { action, inputs } = asMap(step);
    const { Api, DocumentName, Service } = asMap(inputs);
    const called = Api === undefined ? asText(DocumentName) : `${asText(Service)}:${asText(Api)}`;
    return called ?? String(action).replace(/^aws:/, '');
  });

/** What is set again and again: another value may protect less. */
const settings: Compared = (before, after, words) => {
  const [was, is] = [before.Parameters, after.Parameters];
  if (was === is || (was !== undefined && is !== undefined && unordered(was) === unordered(is))) return [];
  const differs = leavesThatDiffer(was, is, words).join(', ');
  return [{ direction: 'undecided', words: `what it sets changes (${differs}): read whether that protects as much as before` }];
};

/** Repositories that are scanned, by how often. */
const scans = (registry: PlainMap): readonly string[] =>
  asList(registry.Rules).flatMap((rule) =>
    asList(asMap(rule).RepositoryFilters).map((filter) => {
      const often = asText(asMap(rule).ScanFrequency) ?? 'SCAN_ON_PUSH';
      return `${asText(asMap(filter).Filter)} ${often === 'CONTINUOUS_SCAN' ? 'all the time' : often === 'MANUAL' ? 'by hand' : 'on push'}`;
    }),
  );

/** Where objects that keys of KMS encrypt are copied as well. */
const copied = (bucket: PlainMap): readonly string[] =>
  asList(valueAt(bucket, 'ReplicationConfiguration.Rules')).flatMap((rule) => {
    if (asMap(rule).Status !== 'Enabled') return [];
    const to = asText(valueAt(rule, 'Destination.Bucket')) ?? '';
    const encrypted = valueAt(rule, 'SourceSelectionCriteria.SseKmsEncryptedObjects.Status') === 'Enabled';
    return encrypted ? [`to ${to}`] : [];
  });
/** Where deletions are repeated. */
const deleted = (bucket: PlainMap): readonly string[] =>
  asList(valueAt(bucket, 'ReplicationConfiguration.Rules')).flatMap((rule) =>
    asMap(rule).Status === 'Enabled' && valueAt(rule, 'DeleteMarkerReplication.Status') === 'Enabled'
      ? [`in ${asText(valueAt(rule, 'Destination.Bucket')) ?? ''}`]
      : [],
  );
/** Prefixes of what is copied; everything is copied by the empty one. A rule with tags copies less, by what only it knows. */
const prefixes = (bucket: PlainMap): ReadonlyMap<string, readonly string[]> => {
  const below = new Map<string, string[]>();
  for (const rule of asList(valueAt(bucket, 'ReplicationConfiguration.Rules'))) {
    if (asMap(rule).Status !== 'Enabled') continue;
    const to = asText(valueAt(rule, 'Destination.Bucket')) ?? '';
    const prefix =
      ['Filter.And.Prefix', 'Filter.Prefix', 'Prefix'].map((path) => asText(valueAt(rule, path))).find((one) => one !== undefined) ?? '';
    below.set(to, [...(below.get(to) ?? []), prefix]);
  }
  return below;
};
const lessCopied: Compared = (before, after, words) => {
  const [was, is] = [prefixes(before), prefixes(after)];
  return [...was].flatMap(([to, old]) => {
    const now = is.get(to);
    const missed = now === undefined ? [] : old.filter((prefix) => !now.some((one) => prefix.startsWith(one)));
    return missed.length === 0
      ? []
      : [{ direction: 'weaker', words: `only objects below ${now?.join(', ')} are copied to ${words.after(to)} now` }];
  });
};

/** Regions count where a list of them is what is gathered. */
const fewerRegions: Compared = (before, after) => {
  const [was, is] = [before, after].map(({ RegionLinkingMode, Regions }) =>
    RegionLinkingMode === 'SPECIFIED_REGIONS' ? asList(Regions).map(String) : undefined,
  );
  const lost = was?.filter((region) => is && !is.includes(region)) ?? [];
  return lost.length === 0
    ? []
    : [{ direction: 'weaker', words: `the regions whose findings it gathers: no longer ${lost.sort().join(', ')}` }];
};

const FREQUENCY = ['SIX_HOURS', 'ONE_HOUR', 'FIFTEEN_MINUTES'];

export const AWS_ESTATE: readonly Guard[] = [
  {
    on: /^AWS::SSM::Association$/,
    aspect: 'controls',
    severity: 'high',
    ends: 'what it set again and again is not set any more',
    parts: [
      meaning('Parameters', settings),
      each(
        'Targets',
        'what it is set on',
        (target) => asText(asMap(target).Key) && `${asMap(target).Key} ${asList(asMap(target).Values).join(', ')}`,
      ),
    ],
  },
  {
    on: /^AWS::SSM::Document$/,
    aspect: 'controls',
    parts: [found('each', 'Content.mainSteps', 'what it does', steps, 'only where it weakens')],
  },
  {
    on: /^AWS::SecurityHub::OrganizationConfiguration$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'accounts that join are not watched by themselves any more',
    covers: ['MON-02'],
    parts: [
      turned(
        'AutoEnable',
        (one) => truth(one.AutoEnable, false),
        'accounts that join are not watched by themselves any more',
        'accounts that join are watched by themselves now',
      ),
      ladder('AutoEnableStandards', 'the standards that joining accounts are checked by', ['NONE', 'DEFAULT'], 'DEFAULT'),
    ],
  },
  {
    on: /^AWS::SecurityHub::(FindingAggregator|AggregatorV2)$/,
    aspect: 'detection',
    ends: 'findings of other regions are not seen in one place any more',
    parts: [
      meaning('Regions', fewerRegions),
      ladder(
        'RegionLinkingMode',
        'the regions whose findings it gathers',
        ['NO_REGIONS', 'SPECIFIED_REGIONS', 'ALL_REGIONS_EXCEPT_SPECIFIED', 'ALL_REGIONS'],
        'ALL_REGIONS',
      ),
    ],
  },
  {
    on: /^AWS::Config::(ConfigurationAggregator|AggregationAuthorization)$/,
    aspect: 'logging',
    ends: 'the configuration of other accounts is not seen in one place any more',
    parts: [
      found('each', 'AccountAggregationSources', 'the accounts whose configuration it gathers', (one) =>
        asList(one.AccountAggregationSources).flatMap((source) => asList(asMap(source).AccountIds).map(String)),
      ),
    ],
  },
  {
    on: /^AWS::Macie::Session$/,
    aspect: 'detection',
    severity: 'low',
    parts: [ladder('FindingPublishingFrequency', 'how often it reports', FREQUENCY, 'FIFTEEN_MINUTES')],
  },
  {
    on: /^AWS::ECR::RegistryScanningConfiguration$/,
    aspect: 'detection',
    ends: 'images are not scanned by the rules of the registry any more',
    parts: [
      ladder('ScanType', 'how images are scanned', ['BASIC', 'ENHANCED'], 'BASIC'),
      found('each', 'Rules', 'the repositories that it scans', scans),
    ],
  },
  {
    on: /^AWS::EC2::TransitGateway$/,
    aspect: 'exposure',
    severity: 'high',
    parts: [
      turned(
        'AutoAcceptSharedAttachments',
        (gateway) => asText(gateway.AutoAcceptSharedAttachments) !== 'enable',
        'networks of others attach to it without anybody accepting them',
        'networks of others attach to it only once somebody accepts them',
      ),
    ],
  },
  {
    on: /^AWS::NetworkFirewall::FirewallPolicy$/,
    aspect: 'exposure',
    parts: [
      ladder(
        'FirewallPolicy.StatefulEngineOptions.StreamExceptionPolicy',
        'what it does with connections that it lost track of',
        ['CONTINUE', 'REJECT', 'DROP'],
        'DROP',
      ),
    ],
  },
  {
    on: /^AWS::S3::Bucket$/,
    aspect: 'data',
    severity: 'high',
    parts: [
      meaning('ReplicationConfiguration.Rules', lessCopied),
      found('each', 'ReplicationConfiguration.Rules', 'where objects under keys of KMS are copied', copied, 'only where it weakens'),
    ],
  },
  {
    on: /^AWS::S3::Bucket$/,
    aspect: 'data',
    severity: 'low',
    parts: [found('except', 'ReplicationConfiguration.Rules', 'where what is deleted here is deleted as well', deleted)],
  },
];
