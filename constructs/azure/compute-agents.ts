import type * as pulumi from '@pulumi/pulumi';

/** Which system a host runs. */
export type HostSystem = 'linux' | 'windows';

/** A part of the platform that runs on a host. */
export interface Agent {
  readonly name: string;
  readonly publisher: string;
  readonly type: string;
  readonly typeHandlerVersion: string;
  readonly autoUpgradeMinorVersion: true;
  readonly enableAutomaticUpgrade: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Where the records of a host's operating system go. */
export interface DataCollection {
  /** Id of the data collection rule, which names the records and the workspace. */
  readonly ruleId: pulumi.Input<string>;
  /** Id of the data collection endpoint, where the workspace is reached by private link only. @default none: the public endpoint */
  readonly endpointId?: pulumi.Input<string>;
}

const agent = (
  name: string,
  [publisher, type, typeHandlerVersion]: readonly [string, string, string],
  settings: Agent['settings'] = {},
  enableAutomaticUpgrade = true,
): Agent => ({ name, publisher, type, typeHandlerVersion, autoUpgradeMinorVersion: true, enableAutomaticUpgrade, settings });

/** People sign in with their account of the directory, under its own rules; the service upgrades it with the image only. */
const SIGN_IN = {
  linux: agent('sign-in', ['Microsoft.Azure.ActiveDirectory', 'AADSSHLoginForLinux', '1.0'], {}, false),
  windows: agent('sign-in', ['Microsoft.Azure.ActiveDirectory', 'AADLoginForWindows', '2.0'], { mdmId: '' }, false),
} as const;

/** Proves to Defender for Cloud that the machine started what it should. */
const ATTESTATION = {
  AttestationConfig: {
    MaaSettings: { maaEndpoint: '', maaTenantName: 'GuestAttestation' },
    AscSettings: { ascReportingEndpoint: '', ascReportingFrequency: '' },
    useCustomToken: 'false',
    disableAlerts: 'false',
  },
};

/** Malware is looked for at every access, and everywhere once a week: on Sunday, two hours after midnight. */
const ANTIMALWARE = {
  AntimalwareEnabled: true,
  RealtimeProtectionEnabled: 'true',
  ScheduledScanSettings: { isEnabled: 'true', scanType: 'Full', day: '1', time: '120' },
  Exclusions: { Extensions: '', Paths: '', Processes: '' },
};

/** What runs on every host of a system. The policies of the platform look for guest configuration under the name `AzurePolicyfor…`. */
const COMMON: Readonly<Record<HostSystem, readonly Agent[]>> = {
  linux: [
    SIGN_IN.linux,
    agent('GuestAttestation', ['Microsoft.Azure.Security.LinuxAttestation', 'GuestAttestation', '1.0'], ATTESTATION),
    agent('AzurePolicyforLinux', ['Microsoft.GuestConfiguration', 'ConfigurationforLinux', '1.0']),
  ],
  windows: [
    SIGN_IN.windows,
    agent('GuestAttestation', ['Microsoft.Azure.Security.WindowsAttestation', 'GuestAttestation', '1.0'], ATTESTATION),
    agent('AzurePolicyforWindows', ['Microsoft.GuestConfiguration', 'ConfigurationforWindows', '1.0']),
    agent('IaaSAntimalware', ['Microsoft.Azure.Security', 'IaaSAntimalware', '1.3'], ANTIMALWARE, false),
  ],
};

const COLLECTOR: Readonly<Record<HostSystem, Agent>> = {
  linux: agent('AzureMonitorLinuxAgent', ['Microsoft.Azure.Monitor', 'AzureMonitorLinuxAgent', '1.0']),
  windows: agent('AzureMonitorWindowsAgent', ['Microsoft.Azure.Monitor', 'AzureMonitorWindowsAgent', '1.0']),
};

const PROXY: Readonly<Record<HostSystem, Agent>> = {
  linux: agent('ProxyAgent', ['Microsoft.CPlat.ProxyAgent', 'ProxyAgentLinux', '1.0']),
  windows: agent('ProxyAgent', ['Microsoft.CPlat.ProxyAgent', 'ProxyAgentWindows', '1.0']),
};

/** A probe of the host's own, by which a scale set knows which hosts work. */
export interface HostHealth {
  /** https asks a path, tcp only connects. */
  readonly protocol: 'https' | 'tcp';
  /** Port that answers. */
  readonly port: number;
  /** Path that answers with 200. @default '/' with https, none with tcp */
  readonly path?: string;
}

const healthOf = (system: HostSystem, { path = '/', port, protocol }: HostHealth): Agent =>
  agent('Health', ['Microsoft.ManagedServices', system === 'linux' ? 'ApplicationHealthLinux' : 'ApplicationHealthWindows', '1.0'], {
    protocol,
    port,
    ...(protocol === 'https' ? { requestPath: path } : {}),
  });

/** The agents of a host, and no others: each one runs with every right on it. */
export function agentsOf(
  system: HostSystem,
  {
    collects,
    guardsMetadata,
    health,
  }: { readonly collects: boolean; readonly guardsMetadata: boolean; readonly health?: HostHealth | undefined },
): readonly Agent[] {
  return [
    ...COMMON[system],
    ...(guardsMetadata ? [PROXY[system]] : []),
    ...(collects ? [COLLECTOR[system]] : []),
    ...(health ? [healthOf(system, health)] : []),
  ];
}
