import { type App, Stage, type StageProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { LANDING_ZONE } from '../profile';
import { LogArchiveAccountStack } from './landing-zone-logs';
import { NetworkAccountStack } from './landing-zone-network';
import { OrganisationStack } from './landing-zone-organisation';
import { RecoveryStack, SecurityAccountStack } from './landing-zone-security';
import {
  ENVIRONMENTS,
  type Environment,
  type LandingZoneOverrides,
  type LandingZoneSettings,
  landingZoneSettings,
} from './landing-zone-settings';

export type { Environment, LandingZoneAccounts, LandingZoneOverrides, LandingZoneSettings } from './landing-zone-settings';

export interface LandingZoneStageProps extends StageProps {
  readonly environment: Environment;
  readonly settings: LandingZoneSettings;
}

/**
 * One environment of the landing zone: an organisation of its own, with a stack for each account. Nothing refers to
 * another account but by names that are fixed beforehand, so that each stack is deployed by itself.
 */
export class LandingZoneStage extends Stage {
  /** Guardrails, in the management account. */
  readonly organisation: OrganisationStack;
  readonly logArchive: LogArchiveAccountStack;
  readonly security: SecurityAccountStack;
  /** Copies of backups, in the security account and another region. */
  readonly recovery: RecoveryStack;
  readonly network: NetworkAccountStack;

  constructor(scope: Construct, id: string, { environment, settings, ...stage }: LandingZoneStageProps) {
    super(scope, id, stage);
    const { accounts, organisationId, recoveryRegion } = settings;
    const residency = [settings.region, recoveryRegion];
    const of = (account: string, description: string, region = settings.region) => ({
      env: { account, region },
      profile: { ...LANDING_ZONE, residency },
      organisationId,
      description,
      environment,
      settings,
    });
    this.organisation = new OrganisationStack(this, 'organisation', of(accounts.management, 'Guardrails of every account'));
    this.logArchive = new LogArchiveAccountStack(this, 'log-archive', of(accounts.logArchive, 'Records of every account'));
    this.security = new SecurityAccountStack(this, 'security', of(accounts.security, 'Detection, investigation and closed roles'));
    this.recovery = new RecoveryStack(this, 'recovery', of(accounts.security, 'Copies of backups', recoveryRegion));
    this.network = new NetworkAccountStack(this, 'network', of(accounts.network, 'Ways between networks, and out'));
  }
}

/**
 * The landing zone on AWS: log-archive, security and network accounts and the guardrails of the organisation, once for
 * staging and once for production. Synthesis needs no credentials and looks nothing up.
 *
 * @throws Error that names the setting that cannot be meant
 * @example
 * const { production } = landingZone(new App(), { production: { securityMailbox: 'security@example.com' } });
 * console.log(production.logArchive.archive.bucketName);
 */
export function landingZone(app: App, overrides?: LandingZoneOverrides | string): Readonly<Record<Environment, LandingZoneStage>> {
  const settings = landingZoneSettings(overrides);
  const [staging, production] = ENVIRONMENTS.map(
    (environment) => new LandingZoneStage(app, environment, { environment, settings: settings[environment] }),
  );
  return { staging, production } as Readonly<Record<Environment, LandingZoneStage>>;
}
