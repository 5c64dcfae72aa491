/** What host names say: which service of Azure answers there, and to whom all others belong. */

/** Services of Azure by how the names of their hosts end, with the types that a name before that may be of. */
const SERVICES: readonly (readonly [ending: RegExp, types: RegExp])[] = [
  [
    /\.(blob|queue|table|file|dfs|web)\.(core|storage)\.(windows\.net|chinacloudapi\.cn|usgovcloudapi\.net|azure\.net)$/,
    /^azure-native:storage:StorageAccount$/,
  ],
  [/\.vault(core)?\.(azure\.(net|cn)|usgovcloudapi\.net)$/, /^azure-native:keyvault:Vault$/],
  [/\.managedhsm\.azure\.net$/, /^azure-native:keyvault:ManagedHsm$/],
  [/\.database\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/, /^azure-native:sql:(Server|ManagedInstance)$/],
  [/\.postgres\.(cosmos\.)?(database\.)?azure\.com$/, /^azure-native:dbforpostgresql:/],
  [/\.mysql\.database\.azure\.com$/, /^azure-native:dbformysql:/],
  [/\.mariadb\.database\.azure\.com$/, /^azure-native:dbformariadb:/],
  [/\.servicebus\.(windows\.net|usgovcloudapi\.net|chinacloudapi\.cn)$/, /^azure-native:(servicebus|eventhub|relay|notificationhubs):/],
  [/\.(documents|(mongo|cassandra|gremlin|table)\.cosmos)\.azure\.(com|cn|us)$/, /^azure-native:cosmosdb:DatabaseAccount$/],
  [/\.redis\.cache\.windows\.net$/, /^azure-native:redis:Redis$/],
  [/\.(redisenterprise\.cache|redis)\.azure\.net$/, /^azure-native:redisenterprise:/],
  [/\.search\.windows\.net$/, /^azure-native:search:Service$/],
  [/\.(openai|cognitiveservices|services\.ai)\.azure\.(com|us)$/, /^azure-native:cognitiveservices:Account$/],
  [/\.azurecr\.io$/, /^azure-native:containerregistry:Registry$/],
  [/\.azconfig\.io$/, /^azure-native:appconfiguration:ConfigurationStore$/],
  [/\.eventgrid\.azure\.net$/, /^azure-native:eventgrid:/],
  [/\.azurewebsites\.(net|us)$/, /^azure-native:web:(WebApp|WebAppSlot|StaticSite)$/],
  [/\.azure-api\.net$/, /^azure-native:apimanagement:ApiManagementService$/],
  [/\.azurefd\.net$/, /^azure-native:(cdn:AFDEndpoint|frontdoor:FrontDoor)$/],
  [/\.azureedge\.net$/, /^azure-native:cdn:Endpoint$/],
  [/\.kusto\.windows\.net$/, /^azure-native:kusto:Cluster$/],
  [/\.azuresynapse\.net$/, /^azure-native:synapse:Workspace$/],
  [/\.azure-devices\.net$/, /^azure-native:iothub:/],
  [/\.service\.signalr\.net$/, /^azure-native:signalrservice:SignalR$/],
  [/\.webpubsub\.azure\.com$/, /^azure-native:webpubsub:WebPubSub$/],
  [/\.azurecontainerapps\.io$/, /^azure-native:app:(ContainerApp|ManagedEnvironment)$/],
  [/\.trafficmanager\.net$/, /^azure-native:trafficmanager:Profile$/],
  [/\.communication\.azure\.com$/, /^azure-native:communication:CommunicationService$/],
  [/\.logic\.azure\.com$/, /^azure-native:logic:Workflow$/],
  [/\.cloudapp\.azure\.com$/, /^azure-native:(network|compute|containerservice):/],
  [/\.azurestaticapps\.net$/, /^azure-native:web:StaticSite$/],
  [/\.azurecontainer\.io$/, /^azure-native:containerinstance:ContainerGroup$/],
  [/\.azuredatabricks\.net$/, /^azure-native:databricks:Workspace$/],
];

/** Clouds where everybody has names below the same ones. */
const CLOUDS = /\.(windows\.net|azure\.(com|net|us|cn)|azure-[a-z]+\.net|amazonaws\.com(\.cn)?|cloudapp\.net)$/;
/** What Microsoft itself answers, and what never is a place for data of ours: sign-in, management, telemetry. */
const PLATFORM =
  /(^|\.)(microsoftonline\.(com|us|de)|login\.windows\.net|sts\.windows\.net|graph\.microsoft\.(com|us)|management\.azure\.com|management\.core\.windows\.net|applicationinsights\.azure\.(com|us|cn)|monitor\.azure\.com|services\.visualstudio\.com|ossrdbms-aad\.database\.windows\.net|api\.loganalytics\.io)$|^(vault|storage|cognitiveservices|servicebus|eventhubs)\.azure\.(net|com)$|^database\.windows\.net$/;
/** Addresses and names that only answer inside. */
const INSIDE =
  /^(localhost|[\w-]+|0\.0\.0\.0|127(\.\d+){3}|10(\.\d+){3}|192\.168(\.\d+){2}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|169\.254(\.\d+){2}|.*\.(local|internal|localhost|lan|corp|home|svc|cluster))$/;
/** Where anybody gets a name below: two of these have nothing in common. */
const SHARED =
  /(^|\.)(cloudfront\.net|github\.io|herokuapp\.com|vercel\.app|netlify\.app|pages\.dev|workers\.dev|ngrok\.(io|app|dev)|ngrok-free\.(app|dev)|run\.app|appspot\.com|firebaseapp\.com|web\.app|onrender\.com|fly\.dev|webhook\.site|pipedream\.net|requestbin\.com|r2\.dev|digitaloceanspaces\.com|googleapis\.com)$/;

/** `co.uk`, `com.au`: names of organisations stand before both parts. */
const SECOND_LEVEL = /^(co|com|org|net|gov|ac|edu|ne|or|go)$/;

export type HostKind = 'inside' | 'platform' | 'cloud' | 'outside';

/** Whose a host is, by its name alone. */
export function kindOfHost(host: string): HostKind {
  if (INSIDE.test(host)) return 'inside';
  if (PLATFORM.test(host)) return 'platform';
  if (SERVICES.some(([ending]) => ending.test(host)) || CLOUDS.test(host)) return 'cloud';
  return 'outside';
}

/** The types of which a resource may answer at a host. */
export const typesAt = (host: string): RegExp | undefined => SERVICES.find(([ending]) => ending.test(host))?.[1];

/** What an organisation has of a host name: `example.com` of `api.example.com`; the whole name where anybody may have one. */
export function domainOf(host: string): string {
  if (SHARED.test(host) || /^[\d.]+$/.test(host)) return host;
  const parts = host.split('.');
  const [second = '', first = ''] = parts.slice(-2);
  return parts.slice(first.length === 2 && SECOND_LEVEL.test(second) ? -3 : -2).join('.');
}
