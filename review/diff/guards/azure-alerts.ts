/** Alerts of Azure Monitor: what they look for and when they go off, whom they tell, and what keeps them quiet. */
import { asList, asMap, asText, valueAt } from '../reading';
import { activities, criteria, windows } from './alert-conditions';
import { AZURE_MUTES } from './azure-mutes';
import { all, hoursAt, inHours, measured, places, steps, textsAt } from './azure-parts';
import { at, each, type Guard, meaning, truth, turned } from './parts';

/** Groups that an alert tells, in each of the forms of its kind. */
const told = places('actions', 'whom it tells', (alert) => [
  ...textsAt('actions', 'actionGroupId')(alert),
  ...asList(valueAt(alert, 'actions.actionGroups')).flatMap((one) => asText(one) ?? asText(asMap(one).actionGroupId) ?? []),
  ...asList(valueAt(alert, 'actionGroups.groupIds')).flatMap((one) => asText(one) ?? []),
]);
const scopes = places('scopes', 'what it watches');
const often = measured(
  'evaluationFrequency',
  'how often it looks',
  'more',
  (alert) => hoursAt(alert, 'evaluationFrequency', 0),
  (hours) => `every ${inHours(hours)}`,
);
const ENDS = 'nobody is told of what it watched any more';

export const AZURE_ALERTS: readonly Guard[] = [
  {
    on: /^azure-native:(monitor|insights):ActivityLogAlert$/,
    aspect: 'detection',
    ends: ENDS,
    parts: [told, scopes, meaning('condition', activities)],
  },
  {
    on: /^azure-native:(monitor|insights):MetricAlert$/,
    aspect: 'detection',
    ends: ENDS,
    parts: [told, scopes, often, meaning('windowSize', windows), meaning('criteria', criteria)],
  },
  {
    on: /^azure-native:(monitor|insights):ScheduledQueryRule$/,
    aspect: 'detection',
    ends: ENDS,
    parts: [
      told,
      scopes,
      often,
      meaning('windowSize', windows),
      measured(
        'muteActionsDuration',
        'how long it stays quiet after it told',
        'more',
        (alert) => hoursAt(alert, 'muteActionsDuration', 0),
        inHours,
      ),
      meaning('criteria', criteria),
    ],
  },
  {
    on: /^azure-native:alertsmanagement:SmartDetectorAlertRule$/,
    aspect: 'detection',
    ends: ENDS,
    parts: [
      told,
      places('scope', 'what it watches'),
      steps('state', 'the alert', ['Disabled', 'Enabled'], 'Enabled'),
      steps('severity', 'the severity of its alerts', ['Sev4', 'Sev3', 'Sev2', 'Sev1', 'Sev0'], undefined),
    ],
  },
  {
    on: /^azure-native:alertsmanagement:PrometheusRuleGroup$/,
    aspect: 'detection',
    ends: ENDS,
    parts: [
      turned('enabled', (one) => truth(one.enabled, true), 'its rules are off', 'its rules are on now'),
      scopes,
      all('rules', 'what it looks for', (one) =>
        asList(one.rules).flatMap((rule) => (truth(asMap(rule).enabled, true) === false ? [] : (at('expression')(rule) ?? []))),
      ),
    ],
  },
  {
    on: /^azure-native:(monitor|insights):(Tenant)?ActionGroup$/,
    aspect: 'detection',
    ends: 'nobody is told any more',
    parts: [
      ...[
        ['emailReceivers', 'emailAddress'],
        ['smsReceivers', 'phoneNumber'],
        ['voiceReceivers', 'phoneNumber'],
        ['azureAppPushReceivers', 'emailAddress'],
        ['webhookReceivers', 'serviceUri'],
        ['itsmReceivers', 'connectionId'],
        ['incidentReceivers', 'connection.id'],
        ['eventHubReceivers', 'eventHubName'],
      ].map(([list, inside]) => each(list as string, 'whom it tells', at(inside as string))),
      all('armRoleReceivers', 'whom it tells', (group) =>
        textsAt('armRoleReceivers', 'roleId')(group).map((role) => `holders of the role ${role.replace(/^.*\//, '')}`),
      ),
      places('logicAppReceivers', 'what it starts', textsAt('logicAppReceivers', 'resourceId')),
      places('azureFunctionReceivers', 'what it starts', textsAt('azureFunctionReceivers', 'functionAppResourceId')),
      places('automationRunbookReceivers', 'what it starts', textsAt('automationRunbookReceivers', 'automationAccountId')),
    ],
  },
  ...AZURE_MUTES,
];
