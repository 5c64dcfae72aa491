/** Draws the picture of a review; dagre says where everything goes. */
import { type EdgeState, LANES, type Lane, type Picture, type PictureEdge } from './review-picture';
import { counted, plainLine } from './words';

// Its declarations only speak of the ES module; what is loaded here is its CommonJS twin.
const { Graph, layout } = require('@dagrejs/dagre') as typeof import('@dagrejs/dagre', { with: { 'resolution-mode': 'import' }});

interface Point {
  readonly x: number;
  readonly y: number;
}
interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** For text and attributes of HTML and SVG. */
export const escaped = (words: string): string => plainLine(words).replaceAll(/[&<>"'`]/g, (found) => `&#${found.charCodeAt(0)};`);

const NODE: Lettering = { letters: 26, lines: 3, side: 12, top: 9, size: 13 };
const LABEL: Lettering = { letters: 24, lines: 2, side: 4, top: 2, size: 11 };
const MARGIN = 16;
/** Above the lanes, for their names. */
const HEAD = 34;
const LANE_NAMES: Readonly<Record<Lane, string>> = {
  internet: 'Internet',
  outside: 'Other accounts and tenants',
  ours: 'Ours',
};
export const STATE_WORDS: Readonly<Record<EdgeState, string>> = {
  new: 'new',
  unsure: 'may be new, cannot be told',
  lost: 'no longer there',
  same: 'as before',
};

/** An SVG that stands in a page with the classes of the page's style; empty where there is no path. */
export function toReviewSvg(picture: Picture): string {
  if (picture.edges.length === 0) return '';
  const lanes = LANES.filter((lane) => picture.nodes.some((node) => node.lane === lane));
  const graph = laidOut(picture, lanes);
  const boxOf = (id: string): Box => graph.node(id) as unknown as Box;
  const { height = 0, width = 0 } = graph.graph() as { width?: number; height?: number };
  const bands = bandsOf(picture, lanes, boxOf, width);
  const wide = Math.ceil(Math.max(width, ...bands.map(({ name, left }) => left + unitsOf(name) * 13 + 24)) + 1);
  const tall = Math.ceil(height + HEAD);
  const states = [...new Set(picture.edges.map(({ state }) => state))];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="picture-title picture-desc" width="${wide}" height="${tall}" viewBox="0 0 ${wide} ${tall}">`,
    '<title id="picture-title">Paths before and after the change</title>',
    `<desc id="picture-desc">${escaped(described(picture))}</desc>`,
    `<defs>${states.map(arrowHead).join('')}</defs>`,
    ...bands.map(
      ({ left, name, right }, at) =>
        `<rect class="lane lane-${at % 2}" x="${round(left)}" y="0" width="${round((at === bands.length - 1 ? wide : right) - left)}" height="${tall}"/><text class="lane-name" x="${round(left + 12)}" y="22">${escaped(name)}</text>`,
    ),
    `<g transform="translate(0 ${HEAD})">`,
    ...picture.edges.map((edge) => drawnEdge(edge, pointsOf(graph, edge, picture))),
    ...picture.edges.map((edge) => drawnLabel(edge, labelBox(graph, edge, picture))),
    ...picture.nodes.map(({ end, id, lane, text }) => drawnNode(text, end, lane, boxOf(id))),
    '</g></svg>',
  ].join('');
}

function described({ edges, paths, more }: Picture): string {
  const count = (state: EdgeState) => paths.filter((path) => path.state === state).length;
  const parts = (['new', 'unsure', 'lost', 'same'] as const)
    .filter((state) => count(state) > 0)
    .map((state) => `${count(state)} ${STATE_WORDS[state]}`);
  return `${counted(paths.length, 'path')} over ${counted(edges.length, 'arrow')}: ${parts.join(', ')}${more.length > 0 ? `; ${more.length} more are only listed` : ''}. The same stands below in words.`;
}

// ── Layout ─────────────────────────────────────────────────────────────────────────────────────────────────────────

/** What holds the nodes of a lane to the right of the lane before. */
const anchor = (at: number): string => `\u0000lane ${at}`;
/** Against every other wish. */
const FIRM = 1000;

function laidOut(picture: Picture, lanes: readonly Lane[]) {
  const graph = new Graph({ multigraph: true })
    .setGraph({ rankdir: 'LR', nodesep: 18, ranksep: 48, edgesep: 8, marginx: MARGIN, marginy: MARGIN / 2 })
    .setDefaultEdgeLabel(() => ({}));
  for (const { id, text } of picture.nodes) graph.setNode(id, sizeOf(text, NODE));
  const laneAt = new Map(picture.nodes.map(({ id, lane }) => [id, lanes.indexOf(lane)]));
  const led = new Set<string>();
  for (const edge of picture.edges) {
    const size = edge.label === '' ? { width: 0, height: 0 } : { ...sizeOf(edge.label, LABEL), labelpos: 'c' };
    const [start, stop] = ordered(edge, picture);
    const apart = (laneAt.get(stop) ?? 0) - (laneAt.get(start) ?? 0);
    if (start !== stop) led.add(stop);
    graph.setEdge(start, stop, { ...size, minlen: Math.max(1, apart) }, nameOf(edge));
  }
  if (lanes.length > 1) {
    for (const at of lanes.keys()) {
      graph.setNode(anchor(at), { width: 0, height: 0 });
      if (at > 0) graph.setEdge(anchor(at - 1), anchor(at), { width: 0, height: 0, weight: FIRM });
    }
    // Ours that something leads to come after it; everything else begins where its lane does.
    for (const { id, lane } of picture.nodes)
      if (lane !== 'ours' || !led.has(id)) graph.setEdge(anchor(lanes.indexOf(lane)), id, { width: 0, height: 0, weight: FIRM });
  }
  layout(graph);
  return graph;
}

/** Tells arrows between the same two apart; a name that is empty gets lost in the layout. */
const nameOf = ({ label }: PictureEdge): string => `arrow ${label}`;

/** From the outer lane to the inner one, whatever way the path goes: what leaves us is drawn backwards. */
function ordered({ from, to }: PictureEdge, { nodes }: Picture): [string, string] {
  const laneOf = (id: string) => LANES.indexOf(nodes.find((node) => node.id === id)?.lane ?? 'ours');
  return laneOf(from) > laneOf(to) ? [to, from] : [from, to];
}

function pointsOf(graph: ReturnType<typeof laidOut>, edge: PictureEdge, picture: Picture): readonly Point[] {
  const [start, stop] = ordered(edge, picture);
  const { points = [] } = graph.edge(start, stop, nameOf(edge)) as unknown as { points?: readonly Point[] };
  return start === edge.from ? points : [...points].reverse();
}

const labelBox = (graph: ReturnType<typeof laidOut>, edge: PictureEdge, picture: Picture): Box =>
  graph.edge(...ordered(edge, picture), nameOf(edge)) as unknown as Box;

/** Where each lane begins and ends: halfway between its nodes and those of the next. */
function bandsOf({ nodes }: Picture, lanes: readonly Lane[], boxOf: (id: string) => Box, width: number) {
  const boxes = (lane: Lane) => nodes.filter((node) => node.lane === lane).map(({ id }) => boxOf(id));
  const cuts = lanes.slice(1).map((lane, at) => {
    const right = Math.max(...boxes(lanes[at] as Lane).map((box) => box.x + box.width / 2));
    const left = Math.min(...boxes(lane).map((box) => box.x - box.width / 2));
    return (right + left) / 2;
  });
  return lanes.map((lane, at) => ({ name: LANE_NAMES[lane], left: cuts[at - 1] ?? 0, right: cuts[at] ?? width }));
}

// ── Words ──────────────────────────────────────────────────────────────────────────────────────────────────────────

interface Lettering {
  readonly letters: number;
  readonly lines: number;
  readonly side: number;
  readonly top: number;
  readonly size: number;
}

const lineOf = ({ size }: Lettering): number => size + 4;

function sizeOf(text: string, lettering: Lettering): { width: number; height: number } {
  const { side, size, top } = lettering;
  const rows = wrapped(text, lettering);
  return {
    width: Math.ceil(Math.max(...rows.map((row) => unitsOf(row) * size))) + 2 * side,
    height: rows.length * lineOf(lettering) + 2 * top,
  };
}

/** How wide letters are, in sizes of the font: wider than most fonts draw them, so that nothing sticks out. */
function unitsOf(text: string): number {
  let units = 0;
  for (const letter of text) units += /[\u1100-\uffff]|[^\0-\uffff]/u.test(letter) ? 1.05 : /[A-Zmw@%…→]/.test(letter) ? 0.78 : 0.58;
  return units;
}

/** Lines that are not wider than so many letters; what does not fit is cut in the last. */
function wrapped(text: string, { letters, lines }: Lettering): readonly string[] {
  const most = letters * 0.62;
  const rows: string[] = [];
  let row = '';
  for (const word of text.split(' ').flatMap((one) => pieces(one, most))) {
    if (row !== '' && unitsOf(`${row} ${word}`) > most) {
      rows.push(row);
      row = word;
    } else row = row === '' ? word : `${row} ${word}`;
  }
  rows.push(row);
  return rows.length <= lines ? rows : [...rows.slice(0, lines - 1), `${rows[lines - 1] as string}…`];
}

/** A word, cut where it is too wide for a line. */
function pieces(word: string, most: number): readonly string[] {
  const found: string[] = [];
  let piece = '';
  for (const letter of word) {
    if (unitsOf(piece + letter) > most) {
      found.push(piece);
      piece = '';
    }
    piece += letter;
  }
  return [...found, piece];
}

// ── Drawing ────────────────────────────────────────────────────────────────────────────────────────────────────────

const round = (value: number): number => Math.round(value * 10) / 10;

const arrowHead = (state: EdgeState): string =>
  `<marker id="head-${state}" class="head ${state}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8Z"/></marker>`;

function drawnEdge({ from, state, to }: PictureEdge, points: readonly Point[]): string {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const [first, ...rest] = points;
  if (!first) return '';
  const bends = rest.slice(0, -1).map((point, index) => `Q${at(point)} ${at(middle(point, rest[index + 1] as Point))}`);
  const start = rest[0] && rest.length > 1 ? `L${at(middle(first, rest[0]))}` : '';
  const words = `${from.split('\n').at(-1) as string} → ${to.split('\n').at(-1) as string}: ${STATE_WORDS[state]}`;
  return `<path class="edge ${state}" d="M${at(first)}${start}${bends.join('')}L${at(rest.at(-1) ?? first)}" marker-end="url(#head-${state})"><title>${escaped(words)}</title></path>`;
}

function drawnLabel({ label, places }: PictureEdge, { height, width, x, y }: Box): string {
  if (label === '') return '';
  const rows = wrapped(label, LABEL);
  const box = `<rect class="label-back" x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="3"/>`;
  return `<g class="label"><title>${escaped([label, ...places.filter((place) => place !== label)].join('; '))}</title>${box}${textOf(rows, x, y, lineOf(LABEL))}</g>`;
}

function drawnNode(text: string, end: boolean, lane: Lane, { height, width, x, y }: Box): string {
  const shape = `<rect x="${round(x - width / 2)}" y="${round(y - height / 2)}" width="${round(width)}" height="${round(height)}" rx="${end ? 3 : 10}"/>`;
  return `<g class="node ${lane}${end ? ' end' : ''}"><title>${escaped(text)}</title>${shape}${textOf(wrapped(text, NODE), x, y, lineOf(NODE))}</g>`;
}

/** Lines of text around a middle. */
const textOf = (rows: readonly string[], x: number, y: number, line: number): string =>
  `<text text-anchor="middle">${rows
    .map((row, at) => `<tspan x="${round(x)}" y="${round(y + (at - (rows.length - 1) / 2) * line + line * 0.28)}">${escaped(row)}</tspan>`)
    .join('')}</text>`;
