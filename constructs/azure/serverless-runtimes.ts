/**
 * Versions of runtimes that their makers, and with them App Service and Functions, no longer support; from the support
 * pages of Node.js, Python, PHP, .NET, Java and PowerShell (VUL-10). A version that is not named is newer than the list.
 */
const UNSUPPORTED: Readonly<Record<string, RegExp>> = {
  NODE: /^~?([4-9]|1\d|20)(\D|$)/,
  PYTHON: /^(2|3\.([0-9]|10)(\D|$))/,
  PHP: /^([5-7]|8\.[01](\D|$))/,
  DOTNET: /^v?([1-8])(\.|$)/,
  DOTNETCORE: /^v?([1-8])(\.|$)/,
  'DOTNET-ISOLATED': /^v?([1-8])(\.|$)/,
  JAVA: /^(1\.)?7(\D|$)/,
  TOMCAT: /^([1-8])(\.|$)/,
  POWERSHELL: /^([1-6]|7(\.[0-4])?$)/i,
  RUBY: /^/,
};

/** The runtime as App Service writes it: `NODE|22-lts`, `Python|3.13`. @throws RangeError for another form, or a container */
export function checkRuntime(where: string, runtime: string): void {
  if (!/^[A-Za-z-]+\|[A-Za-z0-9~.-]+$/.test(runtime ?? ''))
    throw new RangeError(`${where}: runtime is "${runtime}"; write stack and version such as NODE|24-lts`);
}

/** Whether somebody still mends the runtime. */
export function isSupportedRuntime(runtime: string): boolean {
  const [stack = '', version = ''] = runtime.split('|');
  return UNSUPPORTED[stack.toUpperCase()]?.test(version) !== true;
}
