/**
 * The ids of several series, given the last id of each: `series('AC-25 AT-6')` matches AC-1 to AC-25 and AT-1 to AT-6.
 * `digits` is the least number of digits: 2 where the framework writes `IAM-02`.
 */
function series(lastIds: string, digits = 1): string {
  const each = lastIds.split(' ').map((lastId) => {
    const number = /\d+$/.exec(lastId)?.[0] ?? '';
    const prefix = lastId.slice(0, lastId.length - number.length).replaceAll('.', '\\.');
    const numbers = Array.from({ length: Number(number) }, (_, i) => `${i + 1}`.padStart(digits, '0'));
    return `${prefix}(?:${numbers.join('|')})`;
  });
  return `(?:${each.join('|')})`;
}

const whole = (...alternatives: string[]) => new RegExp(`^(?:${alternatives.join('|')})$`);

/** An external framework that controls point at. */
export interface Framework {
  readonly title: string;
  readonly version: string;
  readonly publisher: string;
  /** Where the publisher presents it. */
  readonly url: string;
  /** Matches the ids that the numbering of this version has, whole, and nothing else. */
  readonly pattern: RegExp;
}

/** The external frameworks, keyed as in `Control.frameworks`. */
export const FRAMEWORKS = {
  nist80053r5: {
    title: 'NIST SP 800-53, Security and Privacy Controls for Information Systems and Organizations',
    version: 'Revision 5',
    publisher: 'National Institute of Standards and Technology',
    url: 'https://csrc.nist.gov/pubs/sp/800/53/r5/upd1/final',
    // Enhancements are numbered per control; the longest list, of AC-4, ends at (32).
    pattern: whole(
      `${series('AC-25 AT-6 AU-16 CA-9 CM-14 CP-13 IA-12 IR-10 MA-7 MP-8 PE-23 PL-11 PM-32 PS-9 PT-8 RA-10 SA-23 SC-51 SI-23 SR-12')}(?:\\(${series('32')}\\))?`,
    ),
  },
  iso27001_2022: {
    title: 'ISO/IEC 27001, Annex A',
    version: '2022',
    publisher: 'International Organization for Standardization',
    url: 'https://www.iso.org/standard/27001',
    pattern: whole(series('A.5.37 A.6.8 A.7.14 A.8.34')),
  },
  soc2_tsc: {
    title: 'SOC 2 Trust Services Criteria',
    version: '2017, with the points of focus of 2022',
    publisher: 'American Institute of Certified Public Accountants',
    url: 'https://www.aicpa-cima.com/resources/download/2017-trust-services-criteria-with-revised-points-of-focus-2022',
    // P1.0 to P8.0 head the series of privacy criteria; a control that serves a whole series names its head.
    pattern: whole(
      series('CC1.5 CC2.3 CC3.4 CC4.2 CC5.3 CC6.8 CC7.5 CC8.1 CC9.2 A1.3 C1.2 PI1.5'),
      series('P1.1 P2.1 P3.2 P4.3 P5.2 P6.7 P7.1 P8.1'),
      'P[1-8]\\.0',
    ),
  },
  cis_aws_v5_0: {
    title: 'CIS Amazon Web Services Foundations Benchmark',
    version: '5.0',
    publisher: 'Center for Internet Security',
    url: 'https://www.cisecurity.org/benchmark/amazon_web_services',
    pattern: whole(series('1.21 2.1.4 2.2.4 2.3.1 3.9 4.16 5.1.2'), '5\\.[2-7]'),
  },
  mcsb_v1: {
    title: 'Microsoft cloud security benchmark',
    version: '1',
    publisher: 'Microsoft',
    url: 'https://learn.microsoft.com/security/benchmark/azure/overview',
    pattern: whole(series('NS-10 IM-9 PA-8 DP-8 AM-5 LT-7 IR-7 PV-7 ES-3 BR-4 DS-7 GS-11')),
  },
  cis_azure_v6_0: {
    title: 'CIS Microsoft Azure Foundations Benchmark',
    version: '6.0',
    publisher: 'Center for Internet Security',
    url: 'https://www.cisecurity.org/benchmark/azure',
    pattern: /^[2-9](?:\.[1-9]\d?){1,3}$/,
  },
  pci_dss_v4_0: {
    title: 'Payment Card Industry Data Security Standard',
    version: '4.0',
    publisher: 'PCI Security Standards Council',
    url: 'https://www.pcisecuritystandards.org/document_library/',
    pattern: whole(
      series('1.1.2 1.2.8 1.3.3 1.4.5 1.5.1 2.1.2 2.2.7 2.3.2 3.1.2 3.2.1 3.3.3 3.4.2 3.5.1 3.6.1 3.7.9 4.1.2 4.2.2'),
      series('5.1.2 5.2.3 5.3.5 5.4.1 6.1.2 6.2.4 6.3.3 6.4.3 6.5.6 7.1.2 7.2.6 7.3.3 8.1.2 8.2.8 8.3.11 8.4.3 8.5.1 8.6.3'),
      series('9.1.2 9.2.4 9.3.4 9.4.7 9.5.1 10.1.2 10.2.2 10.3.4 10.4.3 10.5.1 10.6.3 10.7.3 11.1.2 11.2.2 11.3.2 11.4.7 11.5.2 11.6.1'),
      series('12.1.4 12.2.1 12.3.4 12.4.2 12.5.3 12.6.3 12.7.1 12.8.5 12.9.2 12.10.7'),
    ),
  },
  csa_ccm_v4: {
    title: 'Cloud Controls Matrix',
    version: '4.0',
    publisher: 'Cloud Security Alliance',
    url: 'https://cloudsecurityalliance.org/research/cloud-controls-matrix',
    pattern: whole(
      series('A&A-06 AIS-07 BCR-11 CCC-09 CEK-21 DCS-15 DSP-19 GRC-08 HRS-13 IAM-16 IPY-04 IVS-09 LOG-13 SEF-08 STA-14 TVM-10 UEM-14', 2),
    ),
  },
  iso27018_2019: {
    title: 'ISO/IEC 27018, Annex A',
    version: '2019',
    publisher: 'International Organization for Standardization',
    url: 'https://www.iso.org/standard/76559.html',
    pattern: whole(series('A.2.1 A.3.2 A.5.1 A.6.2 A.8.1 A.10.3 A.11.13 A.12.2')),
  },
} as const satisfies Record<string, Framework>;

export type FrameworkId = keyof typeof FRAMEWORKS;
