import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ALL_PORTS,
  adminPorts,
  blockOf,
  clearTextProtocols,
  coverMostOfTheInternet,
  describeTraffic,
  exposureOf,
  isAllPorts,
  isPrivate,
  isWide,
  type PortRange,
  peerOf,
  subtract,
  type Traffic,
} from '../policies/facts/network';

const tcp = (...ranges: readonly PortRange[]): Traffic => ({ protocol: 'tcp', ranges });
const block = (text: string) => {
  const found = blockOf(text);
  if (!found) throw new Error(`${text} is no block`);
  return found;
};

describe('an address as written', () => {
  it.each([
    '0.0.0.0/0',
    '::/0',
    '0.0.0.0/1',
    '128.0.0.0/1',
    '64.0.0.0/2',
    '172.0.0.0/8',
    '11.0.0.0/8',
    '2000::/3',
    '10.0.0.5/0',
    '*',
    'Any',
    'INTERNET',
    '0.0.0.0',
  ])('%s is anyone', (text) => expect(peerOf(text).kind).toBe('anyone'));

  it.each([
    '10.0.0.0/8',
    '172.16.0.0/12',
    '192.168.0.0/16',
    '203.0.113.0/24',
    '203.0.113.7',
    '52.94.0.0/16',
    'fd00::/8',
    '2001:db8::/32',
    '10.0.0.1-10.0.0.9',
  ])('%s is a block of its own', (text) => expect(peerOf(text).kind).toBe('block'));

  it('tells service tags apart', () => {
    expect(peerOf('VirtualNetwork').kind).toBe('network');
    expect(peerOf('AzureCloud.WestEurope').kind).toBe('cloud');
    expect(peerOf('AzureLoadBalancer').kind).toBe('named');
    expect(peerOf('Storage').kind).toBe('named');
  });

  it('knows private space, and that more than private space is not private', () => {
    expect(isPrivate(block('172.31.0.0/16'))).toBe(true);
    expect(isPrivate(block('172.0.0.0/8'))).toBe(false);
    expect(isPrivate(block('fd12::/16'))).toBe(true);
    expect(isPrivate(block('8.8.8.8'))).toBe(false);
  });

  it('calls a /16 wide and a /17 not', () => {
    expect(isWide(block('10.0.0.0/16'))).toBe(true);
    expect(isWide(block('10.0.0.0/17'))).toBe(false);
    expect(isWide(block('fd00::/48'))).toBe(true);
    expect(isWide(block('fd00::/49'))).toBe(false);
  });

  it('reads any text without throwing', () => {
    fc.assert(fc.property(fc.string(), (text) => typeof peerOf(text).kind === 'string'));
  });

  it('reads every IPv4 range as itself, whatever the bits behind the prefix are', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 0, max: 32 }), (address, length) => {
        const found = block(`${address}/${length}`);
        expect(found.last - found.first + 1n).toBe(1n << BigInt(32 - length));
        expect(block(address).first >= found.first && block(address).first <= found.last).toBe(true);
      }),
    );
  });
});

describe('the internet cut into pieces', () => {
  const cut = (length: number) =>
    Array.from({ length: 2 ** length }, (_, index) => block(`${(index * 256) / 2 ** length}.0.0.0/${length}`));

  it('is still the internet', () => {
    expect(coverMostOfTheInternet(cut(8))).toBe(true);
    expect(coverMostOfTheInternet([block('0.0.0.0/2'), block('64.0.0.0/2')])).toBe(true);
    expect(coverMostOfTheInternet([block('2000::/4')])).toBe(true);
  });

  it('is not made of the networks that organisations list', () => {
    expect(coverMostOfTheInternet([block('203.0.113.0/24'), block('198.51.100.0/24'), block('10.0.0.0/8')])).toBe(false);
    expect(coverMostOfTheInternet([])).toBe(false);
  });

  it('counts what overlaps once', () => {
    expect(coverMostOfTheInternet([block('0.0.0.0/2'), block('0.0.0.0/2'), block('0.0.0.0/3')])).toBe(false);
  });
});

describe('what traffic exposes', () => {
  it.each([
    ['administration', tcp([22, 22])],
    ['administration', tcp([3380, 3400])],
    ['administration', { protocol: 'any', ranges: [ALL_PORTS] }],
    ['administration', { protocol: 'udp', ranges: [[3389, 3389]] }],
    ['clear-text', tcp([21, 21])],
    ['clear-text', { protocol: 'udp', ranges: [[161, 161]] }],
    ['web', tcp([443, 443], [80, 80])],
    ['other', tcp([80, 443])],
    ['other', tcp([5432, 5432])],
    ['other', { protocol: 'udp', ranges: [[53, 53]] }],
    ['other', { protocol: '47', ranges: [] }],
    ['nothing', { protocol: 'icmp', ranges: [] }],
    ['nothing', { protocol: '50', ranges: [] }],
    ['undecided', { protocol: 'tcp', ranges: [ALL_PORTS], missing: 'FromPort depends on parameter Port' }],
  ] as const)('is %s for %j', (exposure, traffic) => expect(exposureOf(traffic as Traffic)).toBe(exposure));

  it('names no clear-text protocol in a range that names none', () => {
    expect(clearTextProtocols(tcp([0, 65535]))).toEqual([]);
    expect(clearTextProtocols(tcp([20, 25]))).toEqual(['FTP', 'Telnet']);
  });

  it('names each administration protocol once', () => {
    expect(adminPorts(tcp([5985, 5986]))).toEqual(['WinRM']);
    expect(adminPorts({ protocol: 'udp', ranges: [[22, 22]] })).toEqual([]);
  });

  it('takes 1-65535 for every port', () => {
    expect(isAllPorts(tcp([1, 65535]))).toBe(true);
    expect(isAllPorts(tcp([1024, 65535]))).toBe(false);
    expect(isAllPorts({ protocol: 'icmp', ranges: [ALL_PORTS] })).toBe(false);
    expect(isAllPorts({ protocol: 'any', ranges: [] })).toBe(true);
    expect(isAllPorts({ protocol: 'any', ranges: [[8080, 8080]] })).toBe(false);
  });

  it('is told in words that name ports and protocols', () => {
    expect(describeTraffic(tcp([22, 22]))).toBe('tcp 22 (SSH)');
    expect(describeTraffic(tcp([0, 65535]))).toBe('all tcp ports');
    expect(describeTraffic({ protocol: 'any', ranges: [ALL_PORTS] })).toBe('all traffic');
    expect(describeTraffic({ protocol: 'udp', ranges: [[1000, 2000]] })).toBe('udp 1000-2000');
  });
});

describe('taking ports out of ranges', () => {
  it('leaves what is beside them', () => {
    expect(subtract([[0, 100]], [[22, 22]])).toEqual([
      [0, 21],
      [23, 100],
    ]);
    expect(subtract([[22, 22]], [[0, 65535]])).toEqual([]);
  });

  it('leaves a port exactly where it was in and is not taken', () => {
    const port = fc.integer({ min: 0, max: 60 });
    const range = fc.tuple(port, port).map(([a, b]): PortRange => [Math.min(a, b), Math.max(a, b)]);
    const within = (ranges: readonly PortRange[], one: number) => ranges.some(([from, to]) => from <= one && one <= to);
    fc.assert(
      fc.property(fc.array(range), fc.array(range), port, (ranges, taken, one) => {
        expect(within(subtract(ranges, taken), one)).toBe(within(ranges, one) && !within(taken, one));
      }),
    );
  });
});
