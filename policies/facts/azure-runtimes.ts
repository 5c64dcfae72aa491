/**
 * Runtimes of App Service and Functions by the day on which their makers, and with them Azure, end support: from the support
 * pages of Node.js, Python, PHP, .NET, Java and PowerShell, and the language support policy of App Service. A version that is
 * not named here is newer than the table.
 */
const SUPPORT_ENDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  node: {
    '4': '2018-04-30',
    '6': '2019-04-30',
    '8': '2019-12-31',
    '9': '2018-06-30',
    '10': '2021-04-30',
    '12': '2022-04-30',
    '14': '2023-04-30',
    '16': '2023-09-11',
    '18': '2025-04-30',
    '20': '2026-04-30',
    '22': '2027-04-30',
    '24': '2028-04-30',
  },
  python: {
    '2.7': '2020-01-01',
    '3.4': '2019-03-18',
    '3.5': '2020-09-13',
    '3.6': '2021-12-23',
    '3.7': '2023-06-27',
    '3.8': '2024-10-07',
    '3.9': '2025-10-31',
    '3.10': '2026-10-31',
    '3.11': '2027-10-31',
    '3.12': '2028-10-31',
    '3.13': '2029-10-31',
  },
  php: {
    '5.5': '2016-07-21',
    '5.6': '2018-12-31',
    '7.0': '2019-01-10',
    '7.1': '2019-12-01',
    '7.2': '2020-11-30',
    '7.3': '2021-12-06',
    '7.4': '2022-11-28',
    '8.0': '2023-11-26',
    '8.1': '2025-12-31',
    '8.2': '2026-12-31',
    '8.3': '2027-12-31',
    '8.4': '2028-12-31',
  },
  dotnet: {
    '1.0': '2019-06-27',
    '1.1': '2019-06-27',
    '2.0': '2018-10-01',
    '2.1': '2021-08-21',
    '2.2': '2019-12-23',
    '3.0': '2020-03-03',
    '3.1': '2022-12-13',
    '5.0': '2022-05-10',
    '6.0': '2024-11-12',
    '7.0': '2024-05-14',
    '8.0': '2026-11-10',
    '9.0': '2026-11-10',
    '10.0': '2028-11-14',
  },
  java: { '7': '2022-07-29', '8': '2030-11-30', '11': '2027-09-30', '17': '2027-09-30', '21': '2028-09-30' },
  powershell: { '6': '2022-09-30', '6.2': '2022-09-30', '7': '2022-12-03', '7.0': '2022-12-03', '7.2': '2024-11-08', '7.4': '2026-11-10' },
  ruby: { '2.3': '2019-03-31', '2.4': '2020-03-31', '2.5': '2021-03-31', '2.6': '2022-03-31', '2.7': '2023-03-31' },
};

/** By which name each property of siteConfig speaks of a language. */
const PROPERTIES: Readonly<Record<string, string>> = {
  nodeVersion: 'node',
  phpVersion: 'php',
  pythonVersion: 'python',
  javaVersion: 'java',
  powerShellVersion: 'powershell',
  netFrameworkVersion: 'dotnet',
};
const STACKS: Readonly<Record<string, string>> = {
  node: 'node',
  python: 'python',
  php: 'php',
  dotnet: 'dotnet',
  dotnetcore: 'dotnet',
  'dotnet-isolated': 'dotnet',
  java: 'java',
  powershell: 'powershell',
  ruby: 'ruby',
};

/** Rules are pure: the day moves with a release of the rules, never with the clock. */
const JUDGED_ON = '2026-11-22';

/** Since when a runtime has no support; undefined where it has, or where its version is left to the platform. */
export function unsupportedStack(property: string, text: string): string | undefined {
  const [stack = '', version = ''] = /^\w*FxVersion$/.test(property) ? text.split('|') : [PROPERTIES[property], text];
  const language = PROPERTIES[property] ?? STACKS[stack.toLowerCase()];
  const [, number = ''] = /^[~v]?(\d+(?:\.\d+)?)/i.exec(version) ?? [];
  if (language === undefined || number === '') return undefined;
  // .NET Framework 4.x calls itself v4.0 and is supported with Windows; Java 8 calls itself 1.8.
  const written = language === 'java' ? number.replace(/^1\./, '') : number;
  const ends = SUPPORT_ENDS[language] ?? {};
  const end = ends[written] ?? ends[written.split('.')[0] ?? ''] ?? (language === 'dotnet' ? ends[`${written}.0`] : undefined);
  return end !== undefined && end < JUDGED_ON ? end : undefined;
}

/** Minor versions of Kubernetes by the end of their standard support on AKS, from its release calendar; older ones ended before. */
const KUBERNETES_ENDS: Readonly<Record<number, string>> = {
  27: '2024-07-31',
  28: '2025-01-31',
  29: '2025-03-31',
  30: '2025-07-31',
  31: '2025-11-01',
  32: '2026-03-31',
  33: '2026-06-30',
};

/** Since when AKS no longer supports a version; undefined where it does, or where the version is newer than the table. */
export function kubernetesEndedOn(version: string): string | undefined {
  const [, minor = ''] = /^v?1\.(\d+)/.exec(version) ?? [];
  if (minor === '') return undefined;
  if (Number(minor) < 27) return '2024-07-31 or earlier';
  const end = KUBERNETES_ENDS[Number(minor)];
  return end !== undefined && end < JUDGED_ON ? end : undefined;
}
