/** The same on Azure. */
import { at, each, enabled, exact, except, type Guard, ON, place } from './guards-parts';
import { asMap, asText } from './reading';

export const AZURE_GUARDS: readonly Guard[] = [
  {
    on: /^azure-native:network:PrivateLinkService$/,
    aspect: 'exposure',
    parts: [except('autoApproval.subscriptions', 'whose connections it approves by itself', asText)],
  },
  {
    on: /^azure-native:storage:StorageAccount$/,
    aspect: 'exposure',
    parts: [except('networkRuleSet.resourceAccessRules', 'which resources get past its list of networks', at('resourceId'))],
  },
  // ── Records on Azure
  {
    on: /^azure-native:(monitor|insights):(\w*DiagnosticSetting)$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'what it collected is not collected any more',
    covers: ['LOG-03', 'LOG-04', 'LOG-05', 'LOG-13', 'LOG-17'],
    parts: [
      each('logs', 'what it collects', (item) =>
        ON.test(String(asMap(item).enabled)) ? (asText(asMap(item).categoryGroup) ?? asText(asMap(item).category)) : undefined,
      ),
      place('workspaceId', 'what it collects'),
      place('storageAccountId', 'the archive of what it collects'),
      place('eventHubAuthorizationRuleId', 'the stream of what it collects'),
      place('resourceUri', 'what it collects of'),
    ],
  },
  {
    on: /^azure-native:network:FlowLog$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'flows are not recorded any more',
    parts: [place('storageId', 'its records'), place('targetResourceId', 'what it records')],
  },
  {
    on: /^azure-native:sql:(Extended)?(Server|Database)BlobAuditingPolicy$/,
    aspect: 'logging',
    severity: 'high',
    ends: 'statements are not recorded any more',
    parts: [each('auditActionsAndGroups', 'what it records', asText), place('storageEndpoint', 'its records')],
  },
  {
    on: /^azure-native:monitor:DataCollectionRule(Association)?$/,
    aspect: 'logging',
    ends: 'the records of hosts are not collected any more',
  },
  {
    on: /^azure-native:operationalinsights:DataExport$/,
    aspect: 'logging',
    ends: 'records are not copied to the archive any more',
    parts: [each('tableNames', 'what it copies', asText)],
  },
  // ── Detection on Azure
  {
    on: /^azure-native:security:Pricing$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'the Defender plan is not asked for any more',
    parts: [each('extensions', 'what it looks at', enabled('name', 'isEnabled', ON))],
  },
  {
    on: /^azure-native:security:SecurityContact$/,
    aspect: 'detection',
    ends: 'nobody is told of alerts any more',
    parts: [place('emails', 'the news of alerts')],
  },
  {
    on: /^azure-native:security:(DefenderForStorage|AdvancedThreatProtection|SecurityConnector)$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'threats are not detected any more',
  },
  {
    on: /^azure-native:sql:\w*(SecurityAlertPolicy|ThreatProtection\w*|VulnerabilityAssessment\w*)$/,
    aspect: 'detection',
    ends: 'threats to the database are not detected any more',
  },
  {
    on: /^azure-native:(monitor|insights):(ActivityLogAlert|ScheduledQueryRule|MetricAlert)$/,
    aspect: 'detection',
    ends: 'nobody is told of what it watched any more',
    parts: [
      each('actions.actionGroups', 'whom it tells', (item) => asText(asMap(item).actionGroupId) ?? asText(item)),
      each('actions', 'whom it tells', at('actionGroupId')),
      each('scopes', 'what it watches', asText),
      exact('criteria', 'what it looks for'),
      exact('condition', 'what it looks for'),
    ],
  },
  {
    on: /^azure-native:(monitor|insights):ActionGroup$/,
    aspect: 'detection',
    ends: 'nobody is told any more',
    parts: [
      each('emailReceivers', 'whom it tells', at('emailAddress')),
      each('webhookReceivers', 'whom it tells', at('serviceUri')),
      each('smsReceivers', 'whom it tells', at('phoneNumber')),
    ],
  },
  {
    on: /^azure-native:securityinsights:(\w*AlertRule|SentinelOnboardingState|\w*DataConnector|Ueba|EntityAnalytics)$/,
    aspect: 'detection',
    severity: 'high',
    ends: 'what it detected is not detected any more',
    parts: [exact('query', 'what it looks for')],
  },
  {
    on: /^azure-native:security:AlertsSuppressionRule$/,
    aspect: 'detection',
    silences: 'alerts that match it are dismissed unseen',
    when: (one) => !/disabled/i.test(String(asMap(one).state ?? '')),
  },
  {
    on: /^azure-native:securityinsights:AutomationRule$/,
    aspect: 'detection',
    silences: 'incidents that match it are closed by themselves',
    when: (one) => /"Closed"/.test(JSON.stringify(one)),
  },
  // ── What keeps data and rules on Azure
  {
    on: /^azure-native:authorization:ManagementLock\w+$/,
    aspect: 'data',
    severity: 'high',
    ends: 'what it locked can be deleted',
    parts: [place('scope', 'what it locks')],
  },
  {
    on: /^azure-native:authorization:PolicyAssignment$/,
    aspect: 'controls',
    severity: 'high',
    ends: 'what it demanded is not demanded any more',
    parts: [
      except('notScopes', 'what it leaves out', asText),
      exact('parameters', 'what it demands'),
      place('policyDefinitionId', 'what it demands'),
      place('scope', 'where it demands'),
    ],
  },
  {
    on: /^azure-native:authorization:PolicyExemption$/,
    aspect: 'controls',
    severity: 'high',
    silences: 'a policy is not asked of its scope',
    parts: [exact('expiresOn', 'when it ends')],
  },
  {
    on: /^azure-native:recoveryservices:(ProtectedItem|ProtectionIntent)$/,
    aspect: 'data',
    severity: 'high',
    ends: 'what it backed up is not backed up any more',
    parts: [place('properties.policyId', 'its policy')],
  },
  {
    on: /^azure-native:dataprotection:BackupInstance$/,
    aspect: 'data',
    severity: 'high',
    ends: 'what it backed up is not backed up any more',
  },
  {
    on: /^azure-native:(recoveryservices:ResourceGuardProxy|dataprotection:(ResourceGuard|DppResourceGuardProxy))$/,
    aspect: 'data',
    severity: 'high',
    ends: 'backups can be removed by one person alone',
  },
  { on: /^azure-native:network:(DdosProtectionPlan)$/, aspect: 'exposure', ends: 'floods of requests are not held off any more' },
];
