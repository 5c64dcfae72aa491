import { CfnAnalyzer } from 'aws-cdk-lib/aws-accessanalyzer';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { claims } from '../contract';
import { alarmsOf } from './detection';
import { tellOf, watchCalls } from './detection-alerts';
import { profileOf } from './profile';

/** Props of {@link ExposureAnalysis}. */
export interface ExposureAnalysisProps {
  /**
   * Analyse the whole organisation; the stack then belongs into the management or delegated account.
   * @default false: the account is the zone of trust
   */
  readonly organisation?: boolean;
  /**
   * Days after which a permission that nobody used is reported, from 1 to 365.
   * @default 90
   */
  readonly unusedAfterDays?: number;
  /** Where alarms go. @default the alarm topic shared nearest above, else one made for the stack */
  readonly alarms?: ITopic;
}

/**
 * Access analysers for what is reachable from outside and for permissions that nobody uses. Each new finding of outside
 * access raises an alarm, and so does whoever deletes an analyser; unused permissions go to the access review.
 *
 * Guarantees MON-09, MON-11 and UAR-04. Nothing of it can be relaxed.
 *
 * @throws Error when `unusedAfterDays` is longer than 90 days
 * @example
 * new ExposureAnalysis(securityStack, 'Exposure', { organisation: true });
 */
export class ExposureAnalysis extends Construct {
  /** The controls that it makes true. */
  static readonly claims = claims('ExposureAnalysis', 'MON-09', 'MON-11', 'UAR-04');

  constructor(scope: Construct, id: string, props: ExposureAnalysisProps = {}) {
    profileOf(scope);
    super(scope, id);
    const { organisation = false, unusedAfterDays = 90 } = props;
    if (!Number.isInteger(unusedAfterDays) || unusedAfterDays < 1 || unusedAfterDays > 90)
      throw new Error(`${this.node.path}: unusedAfterDays is ${unusedAfterDays}; write whole days from 1 to 90 (UAR-04)`);
    const zone = organisation ? 'ORGANIZATION' : 'ACCOUNT';
    new CfnAnalyzer(this, 'Outside', { type: zone });
    new CfnAnalyzer(this, 'Unused', {
      type: `${zone}_UNUSED_ACCESS`,
      analyzerConfiguration: { unusedAccessConfiguration: { unusedAccessAge: unusedAfterDays } },
    });
    const alarms = alarmsOf(this, props.alarms);
    tellOf(alarms, 'ExposureFindings', 'Something can newly be reached from outside', {
      source: ['aws.access-analyzer'],
      detailType: ['Access Analyzer Finding'],
      detail: { status: ['ACTIVE'] },
    });
    watchCalls(alarms, 'ExposureAnalysisOff', 'An access analyser is deleted or made quiet', {
      'access-analyzer.amazonaws.com': ['CreateArchiveRule', 'DeleteAnalyzer', 'UpdateArchiveRule'],
    });
  }
}
