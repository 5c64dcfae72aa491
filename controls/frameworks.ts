/**
 * Matches the ids of several series: `series('AT-1..4 AT-6 A&A-01..06')` matches AT-1 to AT-4, AT-6, and A&A-01 to A&A-06.
 * A range that starts with a zero is padded to that width.
 */
function series(ranges: string): string {
  const each = ranges.split(' ').map((range) => {
    const [, prefix = '', first = '', last = first] = /^(.*?)(\d+)(?:\.\.(\d+))?$/.exec(range) ?? [];
    const numbers = Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => `${Number(first) + i}`.padStart(first.length, '0'));
    return `${prefix.replaceAll('.', '\\.')}(?:${numbers.join('|')})`;
  });
  return `(?:${each.join('|')})`;
}

const whole = (...alternatives: string[]) => new RegExp(`^(?:${alternatives.join('|')})$`);

/** An external framework that controls point at. */
export interface Framework {
  /** Its name, as its publisher writes it. */
  readonly title: string;
  /** The version whose ids are meant. */
  readonly version: string;
  /** Who publishes it. */
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
    // Without the controls that this revision withdrew; with IA-13 of release 5.1.1 and SA-24 of release 5.2.0. Enhancements are
    // numbered per control; the longest list, of AC-4, ends at (32).
    pattern: whole(
      `(?:${[
        series('AC-1..12 AC-14 AC-16..25 AT-1..4 AT-6 AU-1..14 AU-16 CA-1..3 CA-5..9 CM-1..14 CP-1..4 CP-6..13 IA-1..13 IR-1..9'),
        series('MA-1..7 MP-1..8 PE-1..6 PE-8..23 PL-1..2 PL-4 PL-7..11 PM-1..32 PS-1..9 PT-1..8 RA-1..3 RA-5..10'),
        series('SA-1..5 SA-8..11 SA-15..17 SA-20..24 SC-1..8 SC-10..13 SC-15..18 SC-20..32 SC-34..51 SI-1..8 SI-10..23 SR-1..12'),
      ].join('|')})(?:\\(${series('1..32')}\\))?`,
    ),
  },
  iso27001_2022: {
    title: 'ISO/IEC 27001, Annex A',
    version: '2022',
    publisher: 'International Organization for Standardization',
    url: 'https://www.iso.org/standard/27001',
    pattern: whole(series('A.5.1..37 A.6.1..8 A.7.1..14 A.8.1..34')),
  },
  soc2_tsc: {
    title: 'SOC 2 Trust Services Criteria',
    version: '2017, with the points of focus of 2022',
    publisher: 'American Institute of Certified Public Accountants',
    url: 'https://www.aicpa-cima.com/resources/download/2017-trust-services-criteria-with-revised-points-of-focus-2022',
    // P1.0 to P8.0 head the series of privacy criteria; a control that serves a whole series names its head.
    pattern: whole(
      series('CC1.1..5 CC2.1..3 CC3.1..4 CC4.1..2 CC5.1..3 CC6.1..8 CC7.1..5 CC8.1 CC9.1..2 A1.1..3 C1.1..2 PI1.1..5'),
      series('P1.0..1 P2.0..1 P3.0..2 P4.0..3 P5.0..2 P6.0..7 P7.0..1 P8.0..1'),
    ),
  },
  cis_aws_v5_0: {
    title: 'CIS Amazon Web Services Foundations Benchmark',
    version: '5.0',
    publisher: 'Center for Internet Security',
    url: 'https://www.cisecurity.org/benchmark/amazon_web_services',
    pattern: whole(series('1.1..21 2.1.1..4 2.2.1..4 2.3.1 3.1..9 4.1..16 5.1.1..2 5.2..7')),
  },
  mcsb_v1: {
    title: 'Microsoft cloud security benchmark',
    version: '1',
    publisher: 'Microsoft',
    url: 'https://learn.microsoft.com/security/benchmark/azure/overview',
    pattern: whole(series('NS-1..10 IM-1..9 PA-1..8 DP-1..8 AM-1..5 LT-1..7 IR-1..7 PV-1..7 ES-1..3 BR-1..4 DS-1..7 GS-1..11')),
  },
  cis_azure_v6_0: {
    title: 'CIS Microsoft Azure Foundations Benchmark',
    version: '6.0',
    publisher: 'Center for Internet Security',
    url: 'https://www.cisecurity.org/benchmark/azure',
    pattern: whole(
      series('2.1.1..12 3.1.1 5.1.1..4 5.3.1..7 5.4..7 6.1.1.1..9 6.1.2.1..11 6.1.3.1 6.1.4..5 6.2 7.1..16 8.1.1.1 8.1.2.1 8.1.3.1..5'),
      series('8.1.4.1 8.1.5.1..2 8.1.6.1 8.1.7.1..4 8.1.8.1 8.1.9.1 8.1.10..16 8.2.1 8.3.1..11 8.4.1 8.5'),
      series('9.1.1..3 9.2.1..3 9.3.1.1..3 9.3.2.1..3 9.3.3.1 9.3.4..11'),
    ),
  },
  pci_dss_v4_0: {
    title: 'Payment Card Industry Data Security Standard',
    version: '4.0',
    publisher: 'PCI Security Standards Council',
    url: 'https://www.pcisecuritystandards.org/document_library/',
    pattern: whole(
      series(
        '1.1.1..2 1.2.1..8 1.3.1..3 1.4.1..5 1.5.1 2.1.1..2 2.2.1..7 2.3.1..2 3.1.1..2 3.2.1 3.3.1..3 3.4.1..2 3.5.1 3.6.1 3.7.1..9 4.1.1..2 4.2.1..2',
      ),
      series(
        '5.1.1..2 5.2.1..3 5.3.1..5 5.4.1 6.1.1..2 6.2.1..4 6.3.1..3 6.4.1..3 6.5.1..6 7.1.1..2 7.2.1..6 7.3.1..3 8.1.1..2 8.2.1..8 8.3.1..11 8.4.1..3 8.5.1 8.6.1..3',
      ),
      series(
        '9.1.1..2 9.2.1..4 9.3.1..4 9.4.1..7 9.5.1 10.1.1..2 10.2.1..2 10.3.1..4 10.4.1..3 10.5.1 10.6.1..3 10.7.1..3 11.1.1..2 11.2.1..2 11.3.1..2 11.4.1..7 11.5.1..2 11.6.1',
      ),
      series('12.1.1..4 12.2.1 12.3.1..4 12.4.1..2 12.5.1..3 12.6.1..3 12.7.1 12.8.1..5 12.9.1..2 12.10.1..7'),
    ),
  },
  csa_ccm_v4: {
    title: 'Cloud Controls Matrix',
    version: '4.0',
    publisher: 'Cloud Security Alliance',
    url: 'https://cloudsecurityalliance.org/research/cloud-controls-matrix',
    pattern: whole(
      series(
        'A&A-01..06 AIS-01..07 BCR-01..11 CCC-01..09 CEK-01..21 DCS-01..15 DSP-01..19 GRC-01..08 HRS-01..13 IAM-01..16 IPY-01..04 IVS-01..09 LOG-01..13 SEF-01..08 STA-01..14 TVM-01..10 UEM-01..14',
      ),
    ),
  },
  iso27018_2019: {
    title: 'ISO/IEC 27018, Annex A',
    version: '2019',
    publisher: 'International Organization for Standardization',
    url: 'https://www.iso.org/standard/76559.html',
    pattern: whole(series('A.2.1 A.3.1..2 A.5.1 A.6.1..2 A.8.1 A.10.1..3 A.11.1..13 A.12.1..2')),
  },
} as const satisfies Record<string, Framework>;

export type FrameworkId = keyof typeof FRAMEWORKS;
