import { type Entry, outOfScope, part, same } from './entry';

export const CFN_GUARD: readonly Entry[] = [
  same('check_sns_topic_cross_account', 'LPA-10', 'LPA-16'),
  part('dynamo_db_sse_on', /SSEEnabled|SSESpecification is/, 'ENC-02', 'ENC-01'),
  same('redshift_is_not_internet_accessible', 'DID-01', 'DHC-05'),
  same('prevent_outbound_access_to_any_ip', 'EXP-05'),
  same('prevent_inbound_access_to_any_ip', 'DID-02', 'DID-12'),
  part('ensure_all_elbs_are_secure', /Protocol|ertificate/, 'TLS-02', 'TLS-01'),
  same('check_rest_api_is_private_and_has_access', 'DID-05', 'DID-16'),
  outOfScope('sns_cross_account_only_allowed_accounts', 'its list of allowed accounts is an input that the template does not hold'),
  outOfScope('assert_all_resources_have_non_empty_tags', 'asks for any tag at all; ours are those of the data profile (DHC-01)'),
  outOfScope('dynamo_db_sse_on_for_prod_only', 'which tables are production is told by names of its own'),
  outOfScope('s3_buckets_allowed_sse_algorithm', 'accepts one algorithm of two that are both encryption at rest'),
  outOfScope('ensure_elbs_are_internal', 'whether a load balancer may face the internet follows from the declared exposure'),
];
