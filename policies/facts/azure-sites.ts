/** Web apps of Azure: App Service, Functions and their slots, and the settings that stand beside them. */
import type { Graph } from '../graph';
import type { Resource } from '../resource';
import type { Value } from '../value';

export const WEB_APP = 'azure-native:web:WebApp';
export const WEB_SLOT = 'azure-native:web:WebAppSlot';
export const SITES = [WEB_APP, WEB_SLOT] as const;
/** `Microsoft.Web/sites/config` called `web`: all of `siteConfig` as a resource of its own, in ARM only. */
const SITE_CONFIG = /^Microsoft\.Web\/sites\/(slots\/)?config$/i;

/** A setting of `siteConfig`: written in it, or in the configuration beside it, which is applied later and wins. */
export function siteSetting(site: Resource, path: string, graph: Graph): Value {
  const name = path.replace('siteConfig.', '');
  for (const child of graph.childrenOf(site)) {
    if (!SITE_CONFIG.test(child.type) || !/(^|\/)web$/i.test(child.at('name').shape ?? '') || !graph.exists(child)) continue;
    const value = child.at(name);
    if (value.state !== 'absent') return value;
  }
  return site.at(`siteConfig.${name}`);
}

/** Resources of a type that belong to the site: by its name, by reference, or as its children. */
export function ofSite(site: Resource, type: string, graph: Graph): readonly Resource[] {
  const own = site.type === WEB_SLOT ? `${type}Slot` : type;
  const children = graph.childrenOf(site).filter((child) => child.type === own && graph.exists(child));
  if (site.type === WEB_SLOT) return [...new Set([...graph.pointingAt(site, own, 'slot'), ...namesSlot(site, own, graph), ...children])];
  return [...new Set([...graph.pointingAt(site, own, 'name'), ...children])];
}

/** A slot is named by two texts: the name of the app, which may be a reference, and its own. */
function namesSlot(slot: Resource, type: string, graph: Graph): readonly Resource[] {
  const [name, own] = [slot.at('name').shape, slot.at('slot').string?.toLowerCase()];
  if (name === undefined || own === undefined) return [];
  return graph
    .ofType(type)
    .filter((beside) => beside.at('slot').string?.toLowerCase() === own && beside.at('name').shape === name && graph.exists(beside));
}

/** Whether the site runs functions. */
export const isFunctionApp = (site: Resource): boolean => /functionapp/i.test(site.at('kind').string ?? '');
