/** Sign-in in front of apps: whom it takes, by whose tokens, and what it leaves out. */
import { belongingTo } from '../../../../policies/facts/azure';
import { ofSite, SITES } from '../../../../policies/facts/azure-sites';
import type { Resource } from '../../../../policies/resource';
import type { Value } from '../../../../policies/value';
import { type Doors, type Fact, type Item, items, type View } from './facts';
import { below } from './sites';

/** Stands for whoever no list names. */
const ANY = '*';
const anyCovers = (wide: Item): boolean => wide.text === ANY;

/** Who is taken: those of the list, or everybody where there is none. */
function limited(list: Value, what: string, everybody: string, view: View, on: Resource): Fact {
  const listed = view.texts(list);
  return {
    kind: 'lets',
    what,
    on,
    path: list.path,
    aspect: 'access',
    severity: 'high',
    items: listed.length === 0 ? [{ text: ANY, words: everybody }] : items(listed),
    covers: anyCovers,
  };
}

/** Issuers for accounts of every directory. */
const EVERY_TENANT = /login\.microsoftonline\.[a-z]+\/(common|organizations|consumers)(\/|$)/i;

function issuer(value: Value, view: View, on: Resource): readonly Fact[] {
  if (value.state === 'absent') return [];
  const text = view.text(value).replace(/\/(v2\.0\/?)?$/i, '');
  const everyone = EVERY_TENANT.test(view.text(value));
  return [
    {
      kind: 'lets',
      what: 'whose accounts may sign in',
      on,
      path: value.path,
      aspect: 'access',
      severity: 'high',
      boundary: 'tenant',
      items: [everyone ? { text: ANY, words: 'those of every directory' } : { text, words: `those of ${view.words(text)}` }],
      covers: anyCovers,
    },
  ];
}

const PROVIDERS: Readonly<Record<string, string>> = {
  apple: 'Apple',
  azureActiveDirectory: 'the directory',
  azureStaticWebApps: 'Static Web Apps',
  facebook: 'Facebook',
  gitHub: 'GitHub',
  google: 'Google',
  legacyMicrosoftAccount: 'Microsoft accounts',
  twitter: 'X',
};

/** Who can prove who he is: providers that are there and not switched off. */
function providers(auth: Resource): readonly Item[] {
  const all = auth.at('identityProviders');
  const custom = all.at('customOpenIdConnectProviders').entries();
  return [...all.entries().filter(([name]) => name in PROVIDERS), ...custom]
    .filter(([, one]) => one.at('enabled').boolean !== false)
    .map(([name]) => ({ text: name, words: PROVIDERS[name] ?? name }));
}

function signIn(auth: Resource, view: View): readonly Fact[] {
  const directory = auth.at('identityProviders.azureActiveDirectory');
  const validation = directory.at('validation');
  const policy = validation.at('defaultAuthorizationPolicy');
  const excluded = auth.at('globalValidation.excludedPaths');
  const who = { on: auth, aspect: 'access', severity: 'high' } as const;
  return [
    {
      kind: 'lets',
      what: 'the paths that nobody has to sign in for',
      ...who,
      path: excluded.path,
      boundary: 'internet',
      items: items(view.texts(excluded)),
      covers: (wide, narrow) => below(narrow.text, wide.text),
    },
    { kind: 'lets', what: 'by whom callers may sign in', ...who, path: 'identityProviders', boundary: 'tenant', items: providers(auth) },
    ...(directory.state === 'absent'
      ? []
      : [
          ...issuer(directory.at('registration.openIdIssuer'), view, auth),
          {
            kind: 'lets',
            what: 'for whom tokens may be made',
            ...who,
            path: validation.at('allowedAudiences').path,
            items: items(view.texts(validation.at('allowedAudiences'))),
          } as const,
          limited(policy.at('allowedPrincipals.groups'), 'the groups that may sign in', 'every group', view, auth),
          limited(
            policy.at('allowedPrincipals.identities'),
            'the identities that may sign in',
            'every identity of the directory',
            view,
            auth,
          ),
          limited(policy.at('allowedApplications'), 'the applications whose tokens it takes', 'every application', view, auth),
          limited(validation.at('jwtClaimChecks.allowedGroups'), 'the groups that tokens must name', 'every group', view, auth),
          limited(
            validation.at('jwtClaimChecks.allowedClientApplications'),
            'the clients that tokens must name',
            'every client',
            view,
            auth,
          ),
        ]),
  ];
}

const only = (auths: readonly Resource[], view: View): readonly Fact[] => auths.slice(0, 1).flatMap((auth) => signIn(auth, view));

export const SIGN_IN_DOORS: readonly Doors[] = [
  { on: [...SITES], facts: (site, view) => only(ofSite(site, 'azure-native:web:WebAppAuthSettingsV2', view.graph), view) },
  {
    on: ['azure-native:app:ContainerApp'],
    facts: (app, view) => only(belongingTo(app, 'azure-native:app:ContainerAppsAuthConfig', 'containerAppName', view.graph), view),
  },
];
