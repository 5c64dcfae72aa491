/** The plans of Microsoft Defender for Cloud, each with what belongs to it. */

/** A part of a plan. */
interface Extension {
  readonly name: string;
  readonly more?: Readonly<Record<string, string>>;
}

/** A plan as the service calls it. */
interface Plan {
  readonly subPlan?: string;
  readonly extensions?: readonly Extension[];
  /** The setting of the subscription counts for each machine; nobody takes one out. */
  readonly enforced?: boolean;
}

const VULNERABILITIES = { name: 'ContainerRegistriesVulnerabilityAssessments' };
const CLUSTERS = { name: 'AgentlessDiscoveryForKubernetes' };
const MACHINES = { name: 'AgentlessVmScanning' };
const SENSITIVE_DATA = { name: 'SensitiveDataDiscovery' };
/** No upload is left unscanned because others were large. */
const UPLOADS = { name: 'OnUploadMalwareScanning', more: { CapGBPerMonthPerStorageAccount: '-1' } };

/**
 * Every plan that is alive. DNS is part of the plan for servers since 2023; permissions management and the agent that
 * records were retired. Evidence of prompts (AI) is left out: it would copy what customers wrote into alerts.
 */
export const PLANS: Readonly<Record<string, Plan>> = {
  VirtualMachines: { subPlan: 'P2', extensions: [MACHINES], enforced: true },
  SqlServers: {},
  SqlServerVirtualMachines: {},
  StorageAccounts: { subPlan: 'DefenderForStorageV2', extensions: [UPLOADS, SENSITIVE_DATA] },
  KeyVaults: { subPlan: 'PerKeyVault' },
  Arm: { subPlan: 'PerSubscription' },
  AppServices: {},
  Containers: { extensions: [VULNERABILITIES, CLUSTERS, { name: 'ContainerSensor' }, MACHINES] },
  CosmosDbs: {},
  OpenSourceRelationalDatabases: {},
  Api: { subPlan: 'P1' },
  AI: {},
  CloudPosture: { extensions: [MACHINES, CLUSTERS, SENSITIVE_DATA, VULNERABILITIES] },
};
