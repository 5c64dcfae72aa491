import { describe, expect, it } from 'vitest';
import { ENTRY_POINTS, exportsOf } from './support/surface';

/** Names as a reviewer reads them; a change here is a change for every user, and belongs into the changelog. */
const namesOf = (path: string) => {
  const names = exportsOf(path);
  const of = (kind: string) =>
    names
      .filter((each) => each.kind === kind)
      .map(({ name }) => name)
      .join(' ');
  return { values: of('value'), types: of('type') };
};

describe('the public names', () => {
  it('of palisade', () => {
    expect(namesOf(ENTRY_POINTS.palisade)).toMatchInlineSnapshot(`
      {
        "types": "Claim Claims Control ControlId ControlKind DataProfile DecidedProfile Exposure Framework FrameworkId Interval LogClass LogProfile MissionRow Privilege Relaxation Retention Sensitivity Severity Standard StandardId Tier TierDecision Unclaimed Verification Volume Waiver",
        "values": "ANNOUNCE_DAYS CONTROLS CONTROL_IDS DAY_MS EXPOSURES FRAMEWORKS INTERVAL_DAYS LOG_CLASSES LONGEST_DAYS METADATA_KEY PLUGIN_NAME PRIVILEGES PROFILE_TYPE RECOVERY_DAYS RETENTION_DAYS SENSITIVITIES SEVERITIES STANDARDS TAGS THRESHOLDS TIERS VOLUMES WAIVER_FIELDS WAIVER_TYPE attestationDays claims dayOf decideTier decided isControlId isSelfApproved logProfileOf reaches relaxed standard standardOf tagsOf unclaimed waiverFromReason waiverToReason",
      }
    `);
  });

  it('of palisade/aws', () => {
    expect(namesOf(ENTRY_POINTS['palisade/aws'])).toMatchInlineSnapshot(`
      {
        "types": "Claim Claims DataProfile DecidedProfile EndpointService LogArchiveProps LogClass LogGuardProps Relaxation Retention SecureBucketProps SecureKeyProps SecureLogGroupProps SecureStackProps SecureTrailProps SecureVpcProps SecurityGroupOptions ServiceGrant Shared SharedThing Tier",
        "values": "AccessLogBucket AlarmTopic LogArchive LogGuard SecureBucket SecureKey SecureLogGroup SecureStack SecureTrail SecureVpc declareOrganisation declareProfile denyLogTampering organisationOf profileOf share",
      }
    `);
  });

  it('of palisade/azure', () => {
    expect(namesOf(ENTRY_POINTS['palisade/azure'])).toMatchInlineSnapshot(`
      {
        "types": "BlobGrant Claim Claims CorsRule DataProfile DecidedProfile DiagnosticArgs EncryptionKey EndpointNetwork Flow LogArchiveArgs LogClass LogSink LogsFor Principal PrivateEndpointArgs PrivateService Relaxation Retention SecureActivityLogArgs SecureArgs SecureKeyVaultArgs SecureLogWorkspaceArgs SecureStorageAccountArgs SecureVirtualNetworkArgs SecurityContactsArgs SubnetSpec Tier TrustedInstance VaultKeyArgs",
        "values": "DataProfileDeclaration LOG_CLASSES LogArchive RETENTION_DAYS SecureActivityLog SecureKeyVault SecureLogWorkspace SecureStorageAccount SecureVirtualNetwork SecurityContacts allowEncryption declareProfile diagnosticSettings privateEndpoint",
      }
    `);
  });

  it('of palisade/policies', () => {
    expect(namesOf(ENTRY_POINTS['palisade/policies'])).toMatchInlineSnapshot(`
      {
        "types": "Cloud DeclaredWaiver EvaluateOptions Evaluation Example Family Finding Location Node Outcome ResourceInit Rule RuleContext RuleSpec Scope Unit UnitTier ValueState Verdict Waiver WaiverNote",
        "values": "FAMILIES Graph PLAIN_SCOPE RULES RULE_FAMILIES Reference Resource Secret Text UNIT Unresolved Value WaiverRegister Worlds allOf anyOf evaluate every fail gap judge not notApplicable pass rule rulesOf some unknown when",
      }
    `);
  });

  it('of palisade/nag', () => {
    expect(namesOf(ENTRY_POINTS['palisade/nag'])).toMatchInlineSnapshot(`
      {
        "types": "PalisadeChecksProps",
        "values": "PalisadeChecks",
      }
    `);
  });

  it('of palisade/crossguard', () => {
    expect(namesOf(ENTRY_POINTS['palisade/crossguard'])).toMatchInlineSnapshot(`
      {
        "types": "PalisadePackOptions",
        "values": "createPolicyPack palisadePolicies",
      }
    `);
  });
});
