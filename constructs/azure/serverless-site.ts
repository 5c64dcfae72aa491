/** What web apps and function apps have in common: who reaches them, who publishes to them, as whom they act, what is recorded. */
import * as managedidentity from '@pulumi/azure-native/managedidentity';
import * as web from '@pulumi/azure-native/web';
import * as pulumi from '@pulumi/pulumi';
import type { Claim, ControlId } from '../contract';
import { type SecureArgs, SecureComponent } from './component';
import type { VaultSecretRef } from './edge-api';
import { assignRole, type BuiltInRole } from './identity-roles';
import { diagnosticSettings, type LogSink } from './logging-diagnostics';
import { physicalName } from './naming';
import { type EndpointNetwork, privateEndpoint } from './network-endpoints';
import { type Promises, requireRelaxation } from './relax';
import { SecureAppServicePlan } from './serverless-plan';
import { checkRuntime, isSupportedRuntime } from './serverless-runtimes';
import { type SignIn, signInSettings, type UnknownCallers } from './serverless-sign-in';
import { whole } from './whole';

/** What web apps and function apps are made from. */
export interface SecureSiteArgs extends SecureArgs {
  /** Globally unique, 2 to 60 letters, digits and hyphens. @default from the component's name, the stack and a suffix */
  readonly siteName?: string;
  /** Stack and version as App Service writes them: `NODE|24-lts`, `PYTHON|3.13`. One without support needs VUL-10 to be relaxed. */
  readonly runtime: string;
  /** Plan on whose machines it runs. @default one of its own */
  readonly plan?: { readonly id: pulumi.Input<string> };
  /** Network from which it is reached; obligatory from tier moderate (DID-05). @default none: nothing reaches it */
  readonly network?: EndpointNetwork;
  /**
   * Subnet through which it reaches everything else, delegated to `Microsoft.Web/serverFarms`; obligatory from tier moderate
   * (DID-22). @default the platform's own way out
   */
  readonly subnetId?: pulumi.Input<string>;
  /** Who may call; obligatory from tier moderate (DID-16). @default everybody who reaches it */
  readonly signIn?: SignIn;
  /** Where requests are recorded; obligatory from tier moderate (LOG-19). @default nowhere but the site itself */
  readonly logs?: LogSink;
  /** Settings by name; none of them is a secret. @default none */
  readonly settings?: Readonly<Record<string, pulumi.Input<string>>>;
  /** Settings whose values are secrets of a vault, by name; the app gets the right to read each of them. @default none */
  readonly secrets?: Readonly<Record<string, VaultSecretRef>>;
  /**
   * Has callers show a certificate of their own (TLS-07); for services only, browsers have none.
   * @default false: callers show a token
   */
  readonly clientCertificates?: boolean;
  /**
   * Resource ids of further identities as which it may act, such as one for each role of its callers, so that a store refuses
   * what the role has no right to. @default none but its own
   */
  readonly identities?: readonly pulumi.Input<string>[];
  /** Path that says whether a machine works, such as `/health`; it answers without sign-in. @default none */
  readonly healthCheckPath?: string;
  /** Origins whose pages may call (DID-21). @default none */
  readonly origins?: readonly string[];
}

/** What every site promises. */
export const SITE_CLAIMS = [
  'TLS-01',
  'TLS-02',
  'TLS-10',
  'DID-12',
  'IDA-10',
  'LPA-14',
  'VUL-10',
  { control: 'DID-05', from: 'moderate' },
  { control: 'DID-16', from: 'moderate' },
  { control: 'DID-22', from: 'moderate' },
  { control: 'LOG-19', from: 'moderate' },
  { control: 'TLS-07', from: 'moderate' },
  { control: 'TLS-04', from: 'high' },
] as const satisfies readonly (ControlId | Claim)[];

/** What of it can be relaxed. */
export const SITE_RELAXABLE = {
  'VUL-10': 'runtime may be one that nobody mends any more',
} as const satisfies Promises['relaxable'];

export const SITE_FIRM = {
  'TLS-01': 'no supported client needs an older protocol',
  'LPA-14': 'publish with an identity of the directory',
  'DID-05': 'publish it by the edge',
  'DID-16': 'who may call is said in signIn; a public answer belongs on a static site',
} as const satisfies Promises['firm'];

/** Weakest cipher that is taken: with forward secrecy, and authenticated. */
const LEAST_CIPHER = 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256';

/** Settings that the component writes itself. */
const RESERVED =
  /^(AzureWebJobs|WEBSITE_RUN_FROM_PACKAGE|FUNCTIONS_EXTENSION_VERSION|APPLICATIONINSIGHTS_(CONNECTION|AUTHENTICATION)_STRING)/i;

/** A deployment slot: a second site beside the first, with the same protection, that is swapped into its place. */
export interface SlotSettings {
  /** Settings that differ from those of the app. @default the same */
  readonly settings?: Readonly<Record<string, pulumi.Input<string>>>;
}

type Fixed = Readonly<Record<string, pulumi.Input<string>>>;

/** A slot, and as whom it acts: what the app is granted besides its secrets and its storage is granted to it too. */
export interface SecureSlot {
  /** The slot itself. */
  readonly slot: web.WebAppSlot;
  /** Its identity; identities stay with their slot when slots are swapped. */
  readonly identity: managedidentity.UserAssignedIdentity;
}

interface Acting {
  readonly identity: managedidentity.UserAssignedIdentity;
  readonly rights: readonly pulumi.Resource[];
}

/** What a kind of site adds to what all have in common. */
export interface SiteKind {
  /** As App Service writes it. */
  readonly kind: 'app,linux' | 'functionapp,linux';
  /** What happens to who is not known: a page sends people to the sign-in, an interface says no. */
  readonly unknownCallers: UnknownCallers;
  /** Rights of the app's identity, given before the app exists. */
  readonly rights: readonly {
    readonly part: string;
    readonly role: BuiltInRole;
    readonly scope: pulumi.Input<string>;
    readonly why: string;
  }[];
  /** Settings that it needs. */
  settings(identity: managedidentity.UserAssignedIdentity): Fixed;
}

/** The package is mounted read-only: what was published cannot be changed where it runs. */
export const RUNS_FROM_PACKAGE: Fixed = { WEBSITE_RUN_FROM_PACKAGE: '1' };

/** What the hardened sites have in common. */
export abstract class SecureSite extends SecureComponent {
  /** The site itself; every security property of it is written. */
  readonly site: web.WebApp;
  /** Resource id of the site. */
  readonly id: pulumi.Output<string>;
  /** Host under which it answers, inside the network. */
  readonly hostName: pulumi.Output<string>;
  /** As whom it acts: gets the rights that the app needs. */
  readonly identity: managedidentity.UserAssignedIdentity;
  readonly #args: SecureSiteArgs;
  readonly #kind: SiteKind;
  readonly #planId: pulumi.Input<string>;

  protected constructor(
    token: string,
    promises: Promises,
    name: string,
    args: SecureSiteArgs,
    kind: SiteKind,
    opts?: pulumi.ComponentResourceOptions,
  ) {
    super(token, promises, name, args, opts);
    this.#args = args;
    this.#kind = kind;
    this.#check();
    const { logs, network, plan, resourceGroupName } = args;
    const common = { resourceGroupName, location: this.location };
    const own = this.#identityOf(name);
    this.identity = own.identity;
    this.#planId =
      plan?.id ??
      new SecureAppServicePlan(`${name}-machines`, { ...common, profile: args.profile, ...(logs ? { logs } : {}) }, { parent: this }).id;
    this.site = this.#createSite(own);
    this.id = this.site.id;
    this.hostName = this.site.defaultHostName;
    this.#refusePasswords();
    this.#signIn();
    if (network)
      privateEndpoint(
        `${name}-endpoint`,
        { ...common, tags: this.tags, network, resourceId: this.id, service: 'app-service' },
        { parent: this },
      );
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: this.id, logs }, { parent: this });
    for (const control of Object.keys(promises.relaxable) as ControlId[]) this.waive(control, this.site);
  }

  /** An identity, with the rights that the kind of site and its secrets need, one by one. */
  #identityOf(name: string): Acting {
    const { resourceGroupName, secrets = {} } = this.#args;
    const identity = new managedidentity.UserAssignedIdentity(
      `${name}-identity`,
      { resourceGroupName, location: this.location, tags: this.tags },
      { parent: this },
    );
    const principal = { principalId: identity.principalId, principalType: 'ServicePrincipal' } as const;
    const reads = Object.entries(secrets).map(([setting, { secretId }]) => ({
      part: `secret-${setting}`,
      role: 'Key Vault Secrets User' as const,
      scope: secretId,
      why: 'Reads one secret that a setting names',
    }));
    const rights = [...this.#kind.rights, ...reads].map(({ part, ...right }) =>
      assignRole(`${name}-${part}`, { principal, ...right }, { parent: this }),
    );
    return { identity, rights };
  }

  /**
   * A deployment slot with the protection of the app and an identity of its own. Nothing reaches it but what is inside the
   * plan; it is warmed up and swapped into the place of the app.
   * @param slotName 2 to 40 small letters, digits and hyphens
   */
  slot(slotName: string, args: SlotSettings = {}): SecureSlot {
    if (!/^[a-z][a-z0-9-]{1,39}$/.test(slotName) || slotName === 'production')
      throw new RangeError(`${this.where}: slot "${slotName}" is no name; write 2 to 40 small letters, digits and hyphens, not production`);
    this.#checkSettings(args.settings ?? {});
    const name = `${this.label}-slot-${slotName}`;
    const { signIn, logs, resourceGroupName } = this.#args;
    const own = this.#identityOf(name);
    const slotArgs: web.WebAppSlotArgs = { ...this.#siteArgs(own, args.settings), name: this.site.name, slot: slotName };
    const slot = new web.WebAppSlot(
      name,
      slotArgs,
      whole(name, slotArgs, ['siteConfig', 'identity', 'outboundVnetRouting'], { parent: this, dependsOn: [...own.rights] }),
    );
    const beside = { resourceGroupName, name: this.site.name, slot: slotName };
    const child = { parent: this, dependsOn: [slot] };
    new web.WebAppScmAllowedSlot(`${name}-scm`, { ...beside, allow: false }, child);
    new web.WebAppFtpAllowedSlot(`${name}-ftp`, { ...beside, allow: false }, child);
    if (signIn) new web.WebAppAuthSettingsV2Slot(`${name}-sign-in`, { ...beside, ...this.#signInSettings(signIn) }, child);
    if (logs) diagnosticSettings(`${name}-diagnostics`, { resourceId: slot.id, logs }, { parent: this });
    this.waive('VUL-10', slot);
    return { slot, identity: own.identity };
  }

  #check(): void {
    const {
      healthCheckPath,
      logs,
      network,
      origins = [],
      relax,
      runtime,
      secrets = {},
      settings = {},
      signIn,
      siteName,
      subnetId,
    } = this.#args;
    checkRuntime(this.where, runtime);
    if (!isSupportedRuntime(runtime))
      requireRelaxation(this.where, relax, 'VUL-10', `runtime ${runtime}`, 'write a supported one, such as NODE|24-lts');
    this.need(network, 'network', 'moderate', 'DID-05', 'pass the SecureVirtualNetwork from which it is reached');
    this.need(subnetId, 'subnetId', 'moderate', 'DID-22', 'pass a subnet that is delegated to Microsoft.Web/serverFarms');
    this.need(signIn, 'signIn', 'moderate', 'DID-16', 'write the directory and the application id under which the app is registered');
    this.need(logs, 'logs', 'moderate', 'LOG-19', 'pass the sink of a SecureLogWorkspace');
    if (siteName !== undefined && !/^[A-Za-z0-9][A-Za-z0-9-]{0,58}[A-Za-z0-9]$/.test(siteName))
      throw new RangeError(`${this.where}: siteName is "${siteName}"; write 2 to 60 letters, digits and hyphens`);
    if (healthCheckPath !== undefined && !/^\/[^\s*]*$/.test(healthCheckPath))
      throw new RangeError(`${this.where}: healthCheckPath is "${healthCheckPath}"; write one path such as /health`);
    for (const origin of origins)
      if (!/^https:\/\/[a-z0-9.-]+(:\d+)?$/i.test(origin))
        throw new RangeError(`${this.where}: origins lists "${origin}"; write exact origins such as https://cases.example.com (DID-21)`);
    this.#checkSettings(settings);
    this.#checkSettings(secrets);
    const twice = Object.keys(secrets).find((setting) => Object.hasOwn(settings, setting));
    if (twice !== undefined) throw new RangeError(`${this.where}: "${twice}" stands in settings and in secrets; keep one`);
  }

  #checkSettings(settings: object): void {
    for (const setting of Object.keys(settings)) {
      if (RESERVED.test(setting)) throw new RangeError(`${this.where}: setting "${setting}" is written by the component; leave it out`);
      if (!/^[A-Za-z_][A-Za-z0-9_.:]*$/.test(setting))
        throw new RangeError(`${this.where}: setting "${setting}" is no name; write letters, digits, underscores, periods and colons`);
    }
  }

  #siteArgs({ identity }: Acting, differing: Fixed = {}): web.WebAppArgs {
    const args = this.#args;
    const references = Object.fromEntries(
      Object.entries(args.secrets ?? {}).map(([setting, { secretUri }]) => [
        setting,
        pulumi.interpolate`@Microsoft.KeyVault(SecretUri=${secretUri})`,
      ]),
    );
    const settings: Fixed = { ...args.settings, ...differing, ...references, ...this.#kind.settings(identity) };
    const inside = args.subnetId !== undefined;
    return {
      resourceGroupName: args.resourceGroupName,
      location: this.location,
      kind: this.#kind.kind,
      reserved: true,
      serverFarmId: this.#planId,
      httpsOnly: true,
      endToEndEncryptionEnabled: true,
      publicNetworkAccess: 'Disabled',
      clientCertEnabled: args.clientCertificates === true,
      clientCertMode: 'Required',
      clientAffinityEnabled: false,
      hostNamesDisabled: false,
      hyperV: false,
      isXenon: false,
      scmSiteAlsoStopped: false,
      sshEnabled: false,
      storageAccountRequired: false,
      identity: { type: 'UserAssigned', userAssignedIdentities: [identity.id, ...(args.identities ?? [])] },
      keyVaultReferenceIdentity: identity.id,
      ...(inside
        ? {
            virtualNetworkSubnetId: args.subnetId,
            outboundVnetRouting: {
              allTraffic: true,
              applicationTraffic: true,
              backupRestoreTraffic: true,
              contentShareTraffic: true,
              imagePullTraffic: true,
            },
          }
        : {}),
      siteConfig: {
        linuxFxVersion: args.runtime,
        alwaysOn: true,
        minTlsVersion: '1.2',
        minTlsCipherSuite: LEAST_CIPHER,
        scmMinTlsVersion: '1.2',
        ftpsState: 'Disabled',
        http20Enabled: true,
        remoteDebuggingEnabled: false,
        httpLoggingEnabled: true,
        detailedErrorLoggingEnabled: false,
        requestTracingEnabled: false,
        publicNetworkAccess: 'Disabled',
        ipSecurityRestrictionsDefaultAction: 'Deny',
        scmIpSecurityRestrictionsDefaultAction: 'Deny',
        scmIpSecurityRestrictionsUseMain: true,
        vnetRouteAllEnabled: inside,
        localMySqlEnabled: false,
        webSocketsEnabled: false,
        scmType: 'None',
        ...(args.healthCheckPath === undefined ? {} : { healthCheckPath: args.healthCheckPath }),
        ...(args.origins === undefined ? {} : { cors: { allowedOrigins: [...args.origins], supportCredentials: false } }),
        appSettings: Object.entries(settings).map(([name, value]) => ({ name, value })),
      },
      tags: this.tags,
    };
  }

  #createSite(own: Acting): web.WebApp {
    const name = `${this.label}-site`;
    const siteArgs: web.WebAppArgs = { ...this.#siteArgs(own), name: this.#args.siteName ?? physicalName(this.label, 60, '-') };
    const opts = { parent: this, dependsOn: [...own.rights] };
    return new web.WebApp(name, siteArgs, whole(name, siteArgs, ['siteConfig', 'identity', 'outboundVnetRouting'], opts));
  }

  /** Nobody publishes with a user name and a password. */
  #refusePasswords(): void {
    const beside = { resourceGroupName: this.#args.resourceGroupName, name: this.site.name, allow: false };
    new web.WebAppScmAllowed(`${this.label}-scm`, beside, { parent: this });
    new web.WebAppFtpAllowed(`${this.label}-ftp`, beside, { parent: this });
  }

  #signIn(): void {
    const { resourceGroupName, signIn } = this.#args;
    if (!signIn) return;
    new web.WebAppAuthSettingsV2(
      `${this.label}-sign-in`,
      { resourceGroupName, name: this.site.name, ...this.#signInSettings(signIn) },
      { parent: this },
    );
  }

  #signInSettings(signIn: SignIn) {
    return signInSettings(signIn, this.#kind.unknownCallers, this.#args.healthCheckPath);
  }
}
