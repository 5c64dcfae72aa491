import * as pulumi from '@pulumi/pulumi';

/** An image of the marketplace, of a publisher that is approved (DID-13). */
export interface MarketplaceImage {
  /** One of {@link PUBLISHERS}. */
  readonly publisher: string;
  /** Product of the publisher: `ubuntu-24_04-lts`. */
  readonly offer: string;
  /** Variant of the product, of the second generation: `server`. */
  readonly sku: string;
  /** Exact version: `24.04.202610140`. Scale sets take the newest one when it is left out. */
  readonly version?: string;
}

/** An image of a gallery of your own, in which it was approved (DID-13). */
export interface GalleryImage {
  /** Id of an image version; scale sets also take that of a definition, and follow its newest version. */
  readonly galleryImageId: pulumi.Input<string>;
}

/** What a host starts from. */
export type HostImage = MarketplaceImage | GalleryImage;

/** Publishers whose images are maintained by the maker of the system; everything else goes through a gallery of your own. */
export const PUBLISHERS = [
  'almalinux',
  'Canonical',
  'Debian',
  'MicrosoftCBLMariner',
  'MicrosoftWindowsServer',
  'Oracle',
  'RedHat',
  'resf',
  'SUSE',
] as const;

const APPROVED = new Set<string>(PUBLISHERS.map((publisher) => publisher.toLowerCase()));
const COMMUNITY = /^\/?CommunityGalleries\//i;
const VERSIONED = /\/versions\/[^/]+$/i;

/**
 * Whether the service may replace the image by a newer one: it does so only where no version is named. An id that only deployment
 * tells is taken for that of a definition, and refused then if it is not.
 */
export function followsNewest(image: HostImage): boolean {
  if ('galleryImageId' in image) return !(typeof image.galleryImageId === 'string' && VERSIONED.test(image.galleryImageId));
  return image.version === undefined;
}

/**
 * The reference of an image as the service takes it.
 *
 * @throws RangeError for a publisher that is not approved, an image of strangers, or a version that moves where it must not
 */
export function imageReference(where: string, image: HostImage, pinned: boolean) {
  if (!image) throw new RangeError(`${where}: image is missing; write { publisher, offer, sku, version } or { galleryImageId } (DID-13)`);
  if ('galleryImageId' in image) {
    const id = image.galleryImageId;
    if (typeof id === 'string') return { id: checkedId(where, id, pinned) };
    const checked = pulumi.output(id).apply((known) => {
      if (!pinned && VERSIONED.test(known))
        throw new RangeError(`${where}: image.galleryImageId names one version, which only deployment tells; write it as text (VUL-05)`);
      return checkedId(where, known, pinned);
    });
    return { id: checked as pulumi.Input<string> };
  }
  const { offer, publisher, sku, version } = image;
  if (!APPROVED.has(publisher.toLowerCase()))
    throw new RangeError(
      `${where}: image.publisher is "${publisher}"; write one of ${PUBLISHERS.join(', ')}, or pass galleryImageId of a gallery of your own (DID-13)`,
    );
  if (version === 'latest' || (pinned && version === undefined))
    throw new RangeError(
      `${where}: image.version is ${version === undefined ? 'missing' : '"latest"'}; name one exact version, so that the same program makes the same host (SDC-14)`,
    );
  return { publisher, offer, sku, version: version ?? 'latest' };
}

function checkedId(where: string, id: string, pinned: boolean): string {
  if (COMMUNITY.test(id))
    throw new RangeError(`${where}: image.galleryImageId "${id}" is an image of strangers; take it into a gallery of your own (DID-13)`);
  if (pinned && !VERSIONED.test(id))
    throw new RangeError(`${where}: image.galleryImageId "${id}" names no version; add /versions/<version> (SDC-14)`);
  return id;
}
