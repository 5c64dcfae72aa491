import { Stack } from 'aws-cdk-lib';
import { CfnRegistryScanningConfiguration } from 'aws-cdk-lib/aws-ecr';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { tellOf, watchCalls } from './detection-alerts';
import { keepAccountSetting } from './governance-automation';
import { profileOf } from './profile';

/** What Inspector scans: hosts, images, and functions with their packages and their code. */
const SCANNED = ['EC2', 'ECR', 'LAMBDA', 'LAMBDA_CODE'];

/** Props of {@link VulnerabilityScanning}. */
export interface VulnerabilityScanningProps {
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * Inspector scans hosts, images and functions, on every change and continuously; the registry scans every image. Findings
 * of high and critical severity raise an alarm, and so does whoever switches it off. CloudFormation has no resource that
 * enables Inspector: State Manager runs a runbook for it, at deployment and daily. One in each account and region; where a
 * delegated administrator enables it, leave this out.
 *
 * Guarantees from the high tier on VUL-04.
 *
 * @example
 * new VulnerabilityScanning(securityStack, 'Scanning');
 */
export class VulnerabilityScanning extends Construct {
  /** The controls that it makes true, and from which tier on. */
  static readonly claims = claims('VulnerabilityScanning', { control: 'VUL-04', from: 'high' });

  constructor(scope: Construct, id: string, props: VulnerabilityScanningProps = {}) {
    profileOf(scope);
    super(scope, id);
    new CfnRegistryScanningConfiguration(this, 'Registry', {
      scanType: 'ENHANCED',
      rules: [{ scanFrequency: 'CONTINUOUS_SCAN', repositoryFilters: [{ filter: '*', filterType: 'WILDCARD' }] }],
    });
    const { account, partition } = Stack.of(this);
    const runbook = new CfnDocument(this, 'Runbook', {
      documentType: 'Automation',
      updateMethod: 'NewVersion',
      content: {
        schemaVersion: '0.3',
        description: 'Switches Inspector on for hosts, images and functions',
        assumeRole: '{{ AutomationAssumeRole }}',
        parameters: { AutomationAssumeRole: { type: 'AWS::IAM::Role::Arn', description: 'What the runbook runs as' } },
        mainSteps: [
          {
            name: 'Enable',
            action: 'aws:executeAwsApi',
            isEnd: true,
            inputs: { Service: 'inspector2', Api: 'Enable', accountIds: ['{{ global:ACCOUNT_ID }}'], resourceTypes: SCANNED },
          },
        ],
      },
    });
    keepAccountSetting(this, {
      runbook: runbook.ref,
      ownRunbook: true,
      actions: ['inspector2:Enable'],
      parameters: {},
      // Hosts without an agent are scanned from snapshots, as a role of its own.
      serviceRoles: [
        'inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2',
        'agentless.inspector2.amazonaws.com/AWSServiceRoleForAmazonInspector2Agentless',
      ].map((name) => `arn:${partition}:iam::${account}:role/aws-service-role/${name}`),
    });
    const alarms = alarmsOf(this, props.alarms);
    tellOf(alarms, 'VulnerabilityFindings', 'Inspector found a vulnerability of high or critical severity', {
      source: ['aws.inspector2'],
      detailType: ['Inspector2 Finding'],
      detail: { severity: ['HIGH', 'CRITICAL'], status: ['ACTIVE'] },
    });
    watchCalls(alarms, 'ScanningOff', 'Inspector is switched off, or made quiet', {
      'inspector2.amazonaws.com': ['CreateFilter', 'Disable', 'DisassociateMember', 'UpdateFilter'],
    });
  }
}
