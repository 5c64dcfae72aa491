/** What a distribution of CloudFront answers to whom: paths that need a signed link, where it fetches, what runs on its requests. */
import type { PlainMap } from '../plain';
import { asList, asMap, asText, valueAt } from '../reading';
import { at, type Compared, each, except, found, type Guard, meaning, type Said } from './parts';

interface Behaviour {
  readonly path: string;
  readonly signed: boolean;
  /** Domain of the origin that it fetches from. */
  readonly origin: string;
  readonly cached: string | undefined;
}

const EVERY_OTHER = 'paths without a rule of their own';

function behavioursOf(distribution: PlainMap): readonly Behaviour[] {
  const config = asMap(distribution.DistributionConfig);
  const domains = new Map(asList(config.Origins).map((one) => [asText(asMap(one).Id), asText(asMap(one).DomainName) ?? '']));
  // The first whose path matches answers, the default one what is left.
  return [...asList(config.CacheBehaviors), ...asList(config.DefaultCacheBehavior)].map((item) => {
    const one = asMap(item);
    return {
      path: asText(one.PathPattern) ?? EVERY_OTHER,
      signed: asList(one.TrustedKeyGroups).length > 0 || asList(one.TrustedSigners).length > 0,
      origin: domains.get(asText(one.TargetOriginId)) ?? asText(one.TargetOriginId) ?? '',
      cached: asText(one.CachePolicyId),
    };
  });
}

/** Whether every path of the one is a path of the other: `/docs/a/*` is one of `/docs/*`. */
function holds(pattern: string, path: string): boolean {
  if (pattern === EVERY_OTHER || pattern === '*' || pattern === '/*') return true;
  const [head, ...rest] = pattern.split('*');
  return rest.length === 1 && rest[0] === '' ? path.startsWith(head as string) : pattern === path;
}

/** Who gets an answer to a path now that was answered to signed links only. */
const signedLinks: Compared = (before, after) => {
  const [was, is] = [behavioursOf(before), behavioursOf(after)];
  const answers = (path: string) => is.find((one) => holds(one.path, path));
  const bare = was
    .filter((one) => one.signed)
    .filter(({ origin, path }) => {
      const now = answers(path);
      return now !== undefined && !now.signed && now.origin === origin;
    });
  const closed = new Set(was.filter(({ signed }) => signed).map(({ origin }) => origin));
  for (const { origin, signed } of was) if (!signed) closed.delete(origin);
  const opened = is.filter(({ origin, path, signed }) => !signed && closed.has(origin) && !bare.some((one) => one.path === path));
  const paths = [...new Set([...bare, ...opened].map(({ path }) => path))].sort();
  const kept = is.filter(({ path, signed }) => signed && was.some((one) => one.path === path && !one.signed));
  return [
    ...(paths.length > 0
      ? [{ direction: 'weaker', words: `what needed a signed link is answered to everybody now: ${paths.join(', ')}` } as const]
      : []),
    ...(kept.length > 0
      ? [{ direction: 'stronger', words: `only signed links are answered now: ${kept.map(({ path }) => path).join(', ')}` } as const]
      : []),
  ];
};

const fetched: Compared = (before, after, words) => {
  const domains = (distribution: PlainMap) =>
    new Map(
      asList(valueAt(distribution, 'DistributionConfig.Origins')).map((one) => [asText(asMap(one).Id), asText(asMap(one).DomainName)]),
    );
  const [was, is] = [domains(before), domains(after)];
  return [...was].flatMap(([id, domain]): readonly Said[] => {
    const now = is.get(id);
    // Websites of buckets are told for what they are.
    if (domain === undefined || now === undefined || domain === now || /\.s3-website[.-]/.test(now)) return [];
    return [{ direction: 'weaker', words: `where it fetches ${id}: ${words.after(now)} instead of ${words.before(domain)}` }];
  });
};

/** The managed policy that keeps nothing. https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/using-managed-cache-policies.html */
const NEVER = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const cached: Compared = (before, after) => {
  const is = new Map(behavioursOf(after).map((one) => [one.path, one.cached]));
  const paths = behavioursOf(before).flatMap(({ cached: was, path }) => {
    const now = is.get(path);
    return was === NEVER && now !== undefined && now !== NEVER ? [path] : [];
  });
  return paths.length === 0
    ? []
    : [{ direction: 'weaker', words: `answers to ${paths.join(', ')} are kept now: one caller may get what another asked for` }];
};

/** Functions that are written out; those of the same input are part of it. */
const atTheEdge = (distribution: PlainMap): readonly string[] => {
  const config = asMap(distribution.DistributionConfig);
  return [...asList(config.DefaultCacheBehavior), ...asList(config.CacheBehaviors)].flatMap((behaviour) =>
    asList(asMap(behaviour).LambdaFunctionAssociations).flatMap((one) => {
      const arn = asText(asMap(one).LambdaFunctionARN) ?? '';
      return arn.startsWith('arn:') ? [arn.replace(/:\d+$/, '')] : [];
    }),
  );
};

export const AWS_CDN: readonly Guard[] = [
  {
    on: /^AWS::CloudFront::Distribution$/,
    aspect: 'exposure',
    severity: 'critical',
    parts: [meaning('DistributionConfig.CacheBehaviors', signedLinks)],
  },
  {
    on: /^AWS::CloudFront::Distribution$/,
    aspect: 'exposure',
    severity: 'high',
    parts: [meaning('DistributionConfig.Origins', fetched), found('except', 'DistributionConfig', 'what runs on its requests', atTheEdge)],
  },
  {
    on: /^AWS::CloudFront::Distribution$/,
    aspect: 'exposure',
    parts: [meaning('DistributionConfig.CacheBehaviors', cached), meaning('DistributionConfig.Origins', fetched)],
  },
  {
    on: /^AWS::CloudFront::KeyGroup$/,
    aspect: 'access',
    severity: 'high',
    parts: [except('KeyGroupConfig.Items', 'whose signed links it takes', asText)],
  },
  {
    on: /^AWS::CloudFront::RealtimeLogConfig$/,
    aspect: 'logging',
    parts: [each('EndPoints', 'where its records go', at('KinesisStreamConfig.StreamArn'))],
  },
];
