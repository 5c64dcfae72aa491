import { type Entry, outOfScope, part, same } from './entry';

/** Encrypted or not: with whose key is another question. */
const NOT_THE_KEY = /^(?!.*(Kms|KMS|CMK|Key\w*) is (not set|"")).*(ncrypt|SSE|not set|false)/;

export const CFN_NAG: readonly Entry[] = [
  // Passwords, tokens and private keys as text, or as a parameter with a default or without NoEcho.
  same(
    'F74 F75 F52 F41 F50 F58 F60 F69 F53 F55 F37 F36 F31 F70 F63 F64 F65 F44 F66 F68 F45 F71 F51 F67 F61 F62 F54 F57 F56 F42 F43 F48 F49 F46 F47 F34 F23 F35 W1',
    'IDA-13',
    'IDA-12',
  ),
  // Encryption at rest, and with whose key.
  part('W87 W83 W81 F32 F1 F25 W54 F30 F26 F27 F28 W41', NOT_THE_KEY, 'ENC-01', 'ENC-02', 'ENC-10', 'ENC-11'),
  part('F29', /UserVolume/, 'ENC-01'),
  part('W53 W88 W49', /(Encryption\w*|UseAwsOwnedKey) is (not set|true|NONE)/, 'ENC-01', 'ENC-02', 'ENC-11'),
  part('W82', /names no key|KeyArn/, 'DID-15', 'ENC-02'),
  same('W80 W47 W48 W84 W32 W37 W74 W77', 'ENC-02', 'ENC-01', 'ENC-11', 'LOG-11'),
  same('F19', 'ENC-03'),
  same('W61 W63', 'ENC-01', 'ENC-02', 'TLS-06'),
  // Transport.
  part('W62 W70 W55', /TLS_1_0|TLSv1(?!\.2)|2016|TLS-1-[01]|service default|not set/, 'TLS-01'),
  same('F33', 'TLS-05', 'ENC-11', 'TLS-06'),
  same('W56', 'TLS-02'),
  same('W85', 'TLS-06', 'TLS-05'),
  // Records.
  part('W45', /Deployment|StageDescription/, 'LOG-13'),
  same('W69 W46 W10 W26 W52 W35', 'LOG-13'),
  same('W60', 'LOG-12'),
  part('W86', /is not set/, 'LOG-10', 'DHC-06'),
  part('W58', /may not write|write (logs|its records)|logs:/, 'LOG-19'),
  // Who may do what.
  same('F2 F3 F4 F5 W43', 'LPA-01', 'LPA-02'),
  same('F38 F39 F40', 'LPA-04', 'LPA-02', 'LPA-01'),
  same('W11 W12 W13', 'LPA-02', 'LPA-01', 'LPA-04'),
  same('W14 W15 W16 W17 W21 W22 W23', 'LPA-01', 'LPA-02', 'LPA-04', 'IDA-11', 'LPA-10'),
  same('W44', 'LPA-01', 'LPA-02', 'LPA-04'),
  same('F6 F13', 'IDA-11', 'LPA-10', 'LPA-16', 'DID-16'),
  part('F10 F11 F12', /attached to users|belongs to one user|policies of his own/, 'LPA-02'),
  same('F2000', 'IDA-01', 'IDA-10', 'LPA-05'),
  part('W50', /PasswordResetRequired/, 'IDA-01', 'IDA-03', 'IDA-05'),
  same('F76', 'LPA-10', 'ENC-04', 'ENC-06', 'ENC-07'),
  same('F7 F8 F9 F16 F18 F21', 'LPA-10', 'DHC-05', 'LPA-09'),
  same('F15 F20 W18 W19 W20', 'LPA-01', 'LPA-02', 'LPA-09', 'LPA-10', 'LPA-14', 'LPA-16'),
  same('W57', 'LPA-14', 'IDA-01'),
  part('F78', /"OFF"|not set/, 'IDA-02'),
  same('W59', 'DID-16'),
  same('W51', 'TLS-03', 'LPA-09', 'LPA-10'),
  same('W24', 'LPA-16', 'LPA-02', 'LPA-10'),
  // Exposure.
  same('F14 W31', 'DHC-05', 'LPA-14'),
  part('F22 W91 W90', /PubliclyAccessible|VPCOptions/, 'DID-01', 'DHC-05', 'DID-05'),
  same('W33', 'DID-04', 'DID-01', 'DID-02'),
  same('W89', 'DID-22'),
  same('W2 W42', 'DID-02', 'DID-12', 'DID-23'),
  same('W5 W40 F1000', 'EXP-05'),
  same('W66 W67', 'DID-23', 'DID-02', 'DID-12'),
  same('W34', 'DID-14'),
  // Continuity and life cycle.
  part('W78 W75', /PointInTimeRecovery|is 0/, 'BCR-01', 'BCR-07', 'BCR-02'),
  same('F80', 'DHC-10'),
  same('W79', 'VUL-04'),
  part('W92', /ReservedConcurrent/, 'DID-08', 'EXP-06', 'LOG-19'),
  outOfScope('F77', 'SimpleDB is refused by an opinion about approved services, which are the organisation’s to list'),
  outOfScope('W64 W68', 'usage plans meter customers; they protect nothing'),
  outOfScope('W73', 'how a table is billed'),
  outOfScope('F24', 'a user name is no secret'),
  outOfScope('W28', 'names, and whether they allow a replacement'),
  outOfScope('W36', 'descriptions'),
  outOfScope('W71 W72', 'entries that overlap or deny only some addresses may well be meant; what gets through is judged'),
  outOfScope('F79', 'the service refuses two entries with one number'),
  outOfScope('W9 W27 W29', 'a range of private addresses, or of ports, is not open to the world; segments are judged, their size is not'),
  outOfScope('W38 W39', 'IoT devices are not part of a system for support data'),
  outOfScope('W65', 'GameLift is not part of a system for support data'),
  outOfScope('F665', 'a web application lets requests in unless a rule refuses them; the rules are judged (DID-07)'),
];
