import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  declareOrganisation,
  IncidentRunbooks,
  InvestigationGraph,
  InvestigationQueries,
  InvestigationRole,
} from '../../../constructs/aws';
import type { Least } from './least';

const KEY = 'arn:aws:kms:eu-central-1:444455556666:key/1234abcd-12ab-34cd-56ef-1234567890ab';

export const response: Least = {
  IncidentRunbooks: (scope, id) => new IncidentRunbooks(scope, id),
  InvestigationGraph: (scope, id) => new InvestigationGraph(scope, id),
  InvestigationQueries: (scope, id) =>
    new InvestigationQueries(scope, id, {
      archive: Bucket.fromBucketAttributes(scope, `${id}Archive`, {
        bucketName: 'org-log-archive',
        encryptionKey: Key.fromKeyArn(scope, `${id}ArchiveKey`, KEY),
      }),
    }),
  InvestigationRole: (scope, id) => {
    declareOrganisation(scope, 'o-exampleorgid');
    return new InvestigationRole(scope, id, { securityAccount: '444455556666' });
  },
};
