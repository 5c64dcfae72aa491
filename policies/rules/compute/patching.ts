/** Patches in the promised time, images that are built again and scanned, clocks that agree, records that leave the host. */
import type { ControlId } from '../../../controls';
import { CONFIGURATION, INSTANCE, TEMPLATE } from '../../facts/hosts';
import { type Graph, UNIT } from '../../graph';
import { allOf, every, fail, notApplicable, type Outcome, pass, some, unknown } from '../../outcome';
import type { Resource } from '../../resource';
import { type Example, type PerCloud, rule } from '../../rule';
import type { Value } from '../../value';

const BASELINE = 'AWS::SSM::PatchBaseline';
const WINDOW = 'AWS::SSM::MaintenanceWindow';
const TASK = 'AWS::SSM::MaintenanceWindowTask';
const ASSOCIATION = 'AWS::SSM::Association';
const PIPELINE = 'AWS::ImageBuilder::ImagePipeline';
const BEANSTALK = ['AWS::ElasticBeanstalk::Environment', 'AWS::ElasticBeanstalk::ConfigurationTemplate'] as const;

/** VUL-05 promises critical fixes within 7 days, high ones within 30. */
const CRITICAL_DAYS = 7;
const HIGH_DAYS = 30;

// ── Baselines ──────────────────────────────────────────────────────────────────────────────────────────────────────

const GRADES = ['SEVERITY', 'MSRC_SEVERITY', 'PRIORITY'];
/** Words with which the operating systems grade what is critical. */
const CRITICAL = /^(\*|critical|required|security)$/i;

/** Whether a rule approves critical patches: it names that grade, or does not tell grades apart. */
function approvesCritical(patchRule: Value): boolean {
  const filters = patchRule.at('PatchFilterGroup.PatchFilters').items();
  const graded = filters.filter((filter) => GRADES.includes(filter.at('Key').string ?? ''));
  return graded.every((filter) =>
    filter
      .at('Values')
      .items()
      .some((value) => CRITICAL.test(value.string ?? '')),
  );
}

/** A rule with a fixed date approves nothing that appears later. */
const approvedWithin = (patchRule: Value, days: number): Outcome =>
  patchRule.at('ApproveUntilDate').state === 'absent'
    ? patchRule.at('ApproveAfterDays').orDefault(0).isAtMost(days)
    : fail(`${patchRule.at('ApproveUntilDate').describe()}: nothing newer is ever approved`, patchRule.at('ApproveUntilDate').path);

function approvesInTime(baseline: Resource): Outcome {
  const rules = baseline.at('ApprovalRules.PatchRules').items();
  if (rules.length === 0) return fail('ApprovalRules is not set: patches are approved one by one, or never', 'ApprovalRules');
  const critical = rules.filter(approvesCritical);
  return allOf(
    some(
      critical,
      (patchRule) => approvedWithin(patchRule, CRITICAL_DAYS),
      `no rule approves critical patches within ${CRITICAL_DAYS} days`,
    ),
    every(rules, (patchRule) => approvedWithin(patchRule, HIGH_DAYS)),
  );
}

// ── Installing ─────────────────────────────────────────────────────────────────────────────────────────────────────

const PATCHES = /AWS-(RunPatchBaseline|RunPatchBaselineAssociation|ApplyPatchBaseline|PatchInstanceWithRollback)/;
/** Days between two runs; undefined where the schedule cannot be read. */
function daysBetween(schedule: string): number | undefined {
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule) ?? [];
  if (count !== undefined) return unit === 'day' ? Number(count) : 1;
  const [, inside] = /^cron\((.*)\)$/.exec(schedule) ?? [];
  if (inside === undefined) return undefined;
  const fields = inside.trim().split(/\s+/);
  // Five to seven fields: the days stand after the hours, which come before the last four (day, month, weekday, year).
  const [day = '', month = '', weekday = ''] = fields.length === 7 ? fields.slice(3) : fields.slice(2);
  if (!/^(\*|\?)$/.test(month)) return 365;
  if (/[#L]/.test(weekday) || /^(\d+|L|\d*W)$/.test(day)) return 31;
  const [, step] = /^(?:\*|\d+)\/(\d+)$/.exec(day) ?? [];
  if (step !== undefined) return Number(step);
  return /^[*?]$/.test(weekday) ? 1 : 7;
}

function runsInTime(schedule: Value): Outcome {
  if (schedule.state === 'absent') return fail('there is no schedule: it runs once', schedule.path);
  if (schedule.string === undefined) return schedule.asUnknown();
  const days = daysBetween(schedule.string);
  if (days === undefined) return unknown(`how often ${schedule.describe()} runs`, schedule.path);
  return days <= CRITICAL_DAYS
    ? pass()
    : fail(`${schedule.describe()}: critical fixes wait longer than ${CRITICAL_DAYS} days`, schedule.path);
}

/** Scanning alone finds what is missing and installs nothing. */
const installs = (operation: Value): Outcome =>
  operation.state === 'absent'
    ? fail('Operation is not set to Install', operation.path)
    : every(operation.items(), (one) => one.is('Install'));

function taskPatches(task: Resource, graph: Graph): Outcome {
  if (task.at('TaskArn').matches(PATCHES).verdict !== 'pass') return notApplicable('does something else');
  const window = graph.target(task.at('WindowId'), WINDOW);
  return allOf(
    installs(task.at('TaskInvocationParameters.MaintenanceWindowRunCommandParameters.Parameters.Operation')),
    window ? runsInTime(window.at('Schedule')) : unknown('when the task runs: its maintenance window is declared elsewhere', 'WindowId'),
  );
}

function associationPatches(association: Resource): Outcome {
  if (association.at('Name').matches(PATCHES).verdict !== 'pass') return notApplicable('does something else');
  return allOf(installs(association.at('Parameters.Operation')), runsInTime(association.at('ScheduleExpression')));
}

// ── Elastic Beanstalk ──────────────────────────────────────────────────────────────────────────────────────────────

const MANAGED = 'aws:elasticbeanstalk:managedactions';

/** An option of an environment; the last entry counts. */
const optionOf = (environment: Resource, namespace: string, name: string): Value | undefined =>
  environment
    .at('OptionSettings')
    .items()
    .filter((option) => option.at('Namespace').string === namespace && option.at('OptionName').string === name)
    .at(-1)
    ?.at('Value');

function updatesItself(environment: Resource): Outcome {
  if (environment.at('OptionSettings').state === 'unknown') return environment.at('OptionSettings').asUnknown();
  if (environment.type === BEANSTALK[0] && environment.at('TemplateName').state !== 'absent')
    return notApplicable('takes its options from a template');
  return (
    optionOf(environment, MANAGED, 'ManagedActionsEnabled')?.isTrue() ??
    fail(`OptionSettings does not set ManagedActionsEnabled of ${MANAGED}`, 'OptionSettings')
  );
}

// ── Records of hosts ───────────────────────────────────────────────────────────────────────────────────────────────

const AGENT = /amazon-?cloudwatch-?(manage)?agent|CloudWatchAgentServerPolicy/i;

/** Where the agent that ships records is installed: an association, the start-up script, or the right that only it needs. */
function shipsRecords(graph: Graph): Outcome {
  const written: readonly Value[] = [
    ...graph.ofType(ASSOCIATION).flatMap((one) => [one.at('Name'), ...one.at('Parameters.name').items()]),
    ...graph.ofType(INSTANCE, CONFIGURATION).map((one) => one.at('UserData')),
    ...graph.ofType(TEMPLATE).map((one) => one.at('LaunchTemplateData.UserData')),
    ...graph.ofType('AWS::IAM::Role').flatMap((role) => role.at('ManagedPolicyArns').items()),
  ].filter((value) => value.state !== 'absent');
  return written.some((value) => AGENT.test(value.shape ?? ''))
    ? pass()
    : fail('hosts are started, and nothing here installs the agent that ships their records');
}

const baseline = (...PatchRules: readonly object[]): Example['resources'] => ({
  Baseline: { Type: BASELINE, Properties: { Name: 'hosts', ApprovalRules: { PatchRules } } },
});
const graded = (grade: string, rest: object, Key = 'SEVERITY') => ({
  PatchFilterGroup: { PatchFilters: [{ Key, Values: [grade] }] },
  ...rest,
});
const task = (Operation: unknown, Schedule: unknown, TaskArn = 'AWS-RunPatchBaseline'): Example['resources'] => ({
  Task: {
    Type: TASK,
    Properties: {
      TaskArn,
      WindowId: { Ref: 'Window' },
      TaskInvocationParameters: { MaintenanceWindowRunCommandParameters: { Parameters: Operation ? { Operation: [Operation] } : {} } },
    },
  },
  Window: { Type: WINDOW, Properties: { Name: 'patches', Schedule } },
});
const association = (properties: object): Example['resources'] => ({
  Association: { Type: ASSOCIATION, Properties: { Name: 'AWS-RunPatchBaseline', ...properties } },
});
const INSTALL = { Parameters: { Operation: ['Install'] } };
const option = (Namespace: string, OptionName: string, Value: unknown): Example['resources'] => ({
  Environment: { Type: BEANSTALK[0], Properties: { OptionSettings: [{ Namespace, OptionName, Value }] } },
});
const pipeline = (properties: object): Example['resources'] => ({
  Pipeline: { Type: PIPELINE, Properties: { Name: 'hosts', ...properties } },
});
const clocks = (...NtpServers: readonly unknown[]): Example['resources'] => ({
  Options: { Type: 'AWS::EC2::DHCPOptions', Properties: { NtpServers } },
});
const withHost = (resources: object): Example['resources'] => ({
  Host: { Type: INSTANCE, Properties: { ImageId: 'ami-1' } },
  ...resources,
});
const ON = { parameters: { On: { Type: 'String' } } } as const;

export const patching = {
  'VUL-05': {
    aws: [
      rule({
        on: BASELINE,
        check: approvesInTime,
        fix: 'Use PatchManagement, or approve critical patches with ApproveAfterDays of at most 7 and all others within 30.',
        pass: [
          { resources: baseline({ ApproveAfterDays: 7 }) },
          { resources: baseline(graded('Critical', { ApproveAfterDays: 0 }), graded('Medium', { ApproveAfterDays: 30 })) },
          { resources: baseline(graded('*', { ApproveAfterDays: '3' }, 'PRIORITY')) },
        ],
        fail: [
          { resources: { Baseline: { Type: BASELINE, Properties: { Name: 'hosts' } } } },
          { resources: baseline({ ApproveAfterDays: 14 }) },
          { resources: baseline(graded('Low', { ApproveAfterDays: 1 })) },
          { resources: baseline({ ApproveAfterDays: 1 }, graded('Medium', { ApproveAfterDays: 60 })) },
          { resources: baseline({ ApproveUntilDate: '2026-01-01' }) },
        ],
        unknown: [{ ...ON, resources: baseline({ ApproveAfterDays: { Ref: 'On' } }) }],
      }),
      rule({
        on: TASK,
        check: taskPatches,
        fix: "Use PatchManagement, or give the task the Operation ['Install'] and its window a Schedule of at least once a week.",
        pass: [{ resources: task('Install', 'rate(7 days)') }, { resources: task('Install', 'cron(0 3 ? * SUN *)') }],
        fail: [
          { resources: task('Scan', 'rate(1 day)') },
          { resources: task(undefined, 'rate(1 day)') },
          { resources: task('Install', 'rate(30 days)') },
          { name: 'the second Tuesday of the month', resources: task('Install', 'cron(0 0 3 ? * TUE#2 *)') },
        ],
        unknown: [{ ...ON, resources: task('Install', { Ref: 'On' }) }, { resources: task('Install', 'at(2026-01-01T00:00:00)') }],
        skip: [{ resources: task('Install', 'rate(1 day)', 'AWS-RunShellScript') }],
      }),
      rule({
        on: ASSOCIATION,
        check: associationPatches,
        fix: "Use PatchManagement, or give the association the Operation ['Install'] and a ScheduleExpression of at least once a week.",
        pass: [{ resources: association({ ...INSTALL, ScheduleExpression: 'cron(0 2 ? * SUN *)' }) }],
        fail: [
          { resources: association({ ...INSTALL }) },
          { resources: association({ ...INSTALL, ScheduleExpression: 'cron(0 2 1 * ? *)' }) },
          { resources: association({ Parameters: { Operation: ['Scan'] }, ScheduleExpression: 'rate(1 day)' }) },
        ],
        skip: [{ resources: { Agent: { Type: ASSOCIATION, Properties: { Name: 'AWS-UpdateSSMAgent' } } } }],
      }),
      rule({
        on: BEANSTALK,
        severity: 'medium',
        check: updatesItself,
        fix: `Set the option ManagedActionsEnabled of ${MANAGED} to true, with PreferredStartTime and UpdateLevel.`,
        pass: [{ resources: option(MANAGED, 'ManagedActionsEnabled', 'true') }],
        fail: [
          { resources: option(MANAGED, 'ManagedActionsEnabled', 'false') },
          { resources: option(MANAGED, 'PreferredStartTime', 'Sun:03:00') },
          { resources: option('aws:ec2:vpc', 'ManagedActionsEnabled', 'true') },
        ],
        unknown: [{ ...ON, resources: option(MANAGED, 'ManagedActionsEnabled', { Ref: 'On' }) }],
        skip: [{ resources: { Environment: { Type: BEANSTALK[0], Properties: { TemplateName: { Ref: 'Template' } } } } }],
      }),
    ],
  },

  'DID-13': {
    aws: rule({
      on: PIPELINE,
      check: (one) =>
        allOf(
          one.at('Status').orDefault('ENABLED').is('ENABLED'),
          one.at('Schedule.ScheduleExpression').isSet().verdict === 'pass'
            ? pass()
            : fail('Schedule is not set: images are built only when somebody asks for them', 'Schedule'),
        ),
      fix: 'Set Schedule.ScheduleExpression to at least once in 60 days, and Status to ENABLED.',
      pass: [{ resources: pipeline({ Schedule: { ScheduleExpression: 'cron(0 0 ? * SUN *)' } }) }],
      fail: [
        { resources: pipeline({}) },
        { resources: pipeline({ Status: 'DISABLED', Schedule: { ScheduleExpression: 'cron(0 0 ? * SUN *)' } }) },
      ],
    }),
  },

  'VUL-04': {
    aws: rule({
      on: [PIPELINE, 'AWS::ImageBuilder::Image'],
      severity: 'low',
      check: (one) => one.at('ImageScanningConfiguration.ImageScanningEnabled').orDefault(false).isTrue(),
      fix: 'Set ImageScanningConfiguration.ImageScanningEnabled to true.',
      pass: [{ resources: pipeline({ ImageScanningConfiguration: { ImageScanningEnabled: true } }) }],
      fail: [{ resources: pipeline({}) }, { resources: pipeline({ ImageScanningConfiguration: { ImageScanningEnabled: false } }) }],
    }),
  },

  'LOG-16': {
    aws: rule({
      on: 'AWS::EC2::DHCPOptions',
      check: (options) => {
        const servers = options.at('NtpServers').items();
        return servers.length === 0
          ? notApplicable('hosts use the time service of AWS')
          : every(servers, (server) => server.isOneOf(['169.254.169.123', 'fd00:ec2::123']));
      },
      fix: 'Leave out NtpServers, or set it to 169.254.169.123, the time service of AWS.',
      pass: [{ resources: clocks('169.254.169.123') }],
      fail: [{ resources: clocks('169.254.169.123', '203.0.113.7') }],
      unknown: [{ ...ON, resources: clocks({ Ref: 'On' }) }],
      skip: [{ resources: clocks() }],
    }),
  },

  'LOG-18': {
    aws: rule({
      // Agents are often installed in the image, or by one place for a whole organisation: advice, not a gate.
      on: UNIT,
      severity: 'low',
      check: (unit, graph) => {
        const hosts = graph.ofType(INSTANCE, CONFIGURATION).some((host) => host.unit === unit.unit);
        return hosts ? shipsRecords(graph) : notApplicable('starts no hosts');
      },
      fix: 'Install the CloudWatch agent with an association (AWS-ConfigureAWSPackage), and give the role CloudWatchAgentServerPolicy.',
      pass: [
        {
          resources: withHost({
            Agent: {
              Type: ASSOCIATION,
              Properties: { Name: 'AWS-ConfigureAWSPackage', Parameters: { action: ['Install'], name: ['AmazonCloudWatchAgent'] } },
            },
          }),
        },
        { resources: withHost({ Agent: { Type: ASSOCIATION, Properties: { Name: 'AmazonCloudWatch-ManageAgent' } } }) },
        {
          resources: withHost({
            Role: { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy'] } },
          }),
        },
      ],
      fail: [{ resources: withHost({}) }],
      skip: [{ resources: { Queue: { Type: 'AWS::SQS::Queue' } } }],
    }),
  },
} as const satisfies { readonly [Id in ControlId]?: PerCloud };
