/** What notices on Azure, whom it tells, and what silences it. */

import { asMap, asText } from '../reading';
import { at, each, enabled, exact, type Guard, ON, place } from './parts';

export const AZURE_DETECTION: readonly Guard[] = [
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
];
