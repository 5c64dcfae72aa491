import { type Entry, outOfScope, same } from './entry';

export const TEMPLATE_ANALYZER: readonly Entry[] = [
  same('TA-000001', 'LOG-13', 'LOG-19'),
  same('TA-000003 TA-000015', 'TLS-10', 'TLS-02'),
  same('TA-000004 TA-000010 TA-000016 TA-000029', 'TLS-02'),
  same('TA-000006 TA-000012 TA-000018', 'DID-21'),
  same('TA-000007 TA-000013 TA-000019', 'IDA-10'),
  same('TA-000021 TA-000035', 'IDA-13', 'IDA-12', 'ENC-01'),
  same('TA-000022', 'TLS-05'),
  same('TA-000023', 'DID-15'),
  same('TA-000025', 'VUL-10'),
  same('TA-000028', 'LOG-10', 'LOG-06'),
  same('TA-000032', 'TLS-04', 'TLS-07', 'TLS-08'),
  same('TA-000033', 'DID-24', 'DID-16', 'LPA-14'),
  same('TA-000036', 'DID-05', 'DID-22'),
  same('TA-000037', 'DID-16', 'LPA-02'),
  same('TA-000038', 'TLS-07', 'IDA-10', 'TLS-04'),
  same('TA-000034', 'VUL-10', 'IDA-13'),
  outOfScope('TA-000030 TA-000031', 'the classic deployment model no longer exists'),
];
