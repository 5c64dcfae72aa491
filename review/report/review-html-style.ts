/** How the page of a review looks: on a screen, light or dark, and on paper. */
export const STYLE = `
:root{color-scheme:light dark;--back:#fff;--ink:#1b1f24;--dim:#57606a;--line:#d0d7de;--soft:#f6f8fa;--card:#fff;--new:#c1121f;--unsure:#9a6700;--lost:#57606a;--same:#6e7781;--good:#1a7f37;--out:#fff1f0;--other:#fff8e6}
@media (prefers-color-scheme:dark){:root{--back:#0d1117;--ink:#e6edf3;--dim:#9da7b3;--line:#30363d;--soft:#161b22;--card:#0d1117;--new:#ff7b72;--unsure:#e3b341;--lost:#9da7b3;--same:#8b949e;--good:#56d364;--out:#2d1517;--other:#2b2211}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:75rem;margin:0 auto;padding:1.5rem 1.25rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 .25rem}
h2{font-size:1.15rem;margin:2.25rem 0 .5rem}
p{margin:.35rem 0}
a{color:inherit}
code,.mono{font:.875em/1.45 ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.dim{color:var(--dim)}
.verdict{border-left:.4rem solid var(--unsure);padding:.75rem 1rem;background:var(--soft);border-radius:.25rem}
.verdict.blocked{border-color:var(--new)}
.verdict.passes{border-color:var(--good)}
ol.lines,ul.lines{list-style:none;margin:0;padding:0}
ol.lines>li,ul.lines>li{border-top:1px solid var(--line);padding:.7rem 0}
ol.lines>li:last-child,ul.lines>li:last-child{border-bottom:1px solid var(--line)}
.sentence{overflow-wrap:anywhere}
ol.lines .sentence{font-weight:600}
.tag{display:inline-block;min-width:5.6rem;text-align:center;font-size:.8rem;font-weight:600;border:1px solid currentColor;border-radius:1rem;padding:.05rem .6rem;margin-right:.6rem;white-space:nowrap}
.tag.blocks{color:var(--back);background:var(--new);border-color:var(--new)}
.tag.critical,.tag.high{color:var(--new)}
.tag.medium,.tag.low,.tag.undecided{color:var(--unsure)}
.tag.stronger{color:var(--good)}
.tag.neutral{color:var(--dim)}
.crosses{color:var(--new);white-space:nowrap}
ul.evidence{margin:.35rem 0 0;padding-left:1.2rem;color:var(--dim);font-size:.9rem}
ul.evidence li{overflow-wrap:anywhere}
.tables{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.35rem .75rem .35rem 0;border-bottom:1px solid var(--line)}
td{overflow-wrap:anywhere}
th.number,td.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
details{border:1px solid var(--line);border-radius:.375rem;margin:.75rem 0;padding:0 1rem}
summary{cursor:pointer;padding:.6rem 0;font-weight:600}
details[open]{padding-bottom:.75rem}
:focus-visible{outline:3px solid var(--unsure);outline-offset:2px}
.picture{width:fit-content;max-width:100%;overflow-x:auto;border:1px solid var(--line);border-radius:.375rem}
.picture svg{display:block}
svg text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
.lane-0{fill:var(--soft)}.lane-1{fill:var(--back)}
.lane-name{font-size:13px;font-weight:600;fill:var(--dim)}
.node rect{fill:var(--card);stroke:var(--dim);stroke-width:1.2}
.node.internet rect{fill:var(--out);stroke:var(--new)}
.node.outside rect{fill:var(--other);stroke:var(--unsure)}
.node.end rect{stroke:var(--ink);stroke-width:2}
.node text{font-size:13px}
.edge{fill:none;stroke-width:1.6}
.edge.new{stroke:var(--new);stroke-width:2.6}.head.new{fill:var(--new)}
.edge.unsure{stroke:var(--unsure);stroke-width:2.2;stroke-dasharray:2 4}.head.unsure{fill:var(--unsure)}
.edge.lost{stroke:var(--lost);stroke-dasharray:8 5}.head.lost{fill:var(--lost)}
.edge.same{stroke:var(--same)}.head.same{fill:var(--same)}
.label-back{fill:var(--back);opacity:.92}
g.label text{font-size:11px;fill:var(--dim)}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.5rem;list-style:none;padding:0;margin:.5rem 0;font-size:.9rem}
.legend svg{vertical-align:middle;margin-right:.4rem}
footer{margin-top:3rem;color:var(--dim);font-size:.85rem}
@media print{body{font-size:10pt;background:#fff}main{max-width:none;padding:0}.picture{overflow:visible;break-inside:avoid}.picture svg{max-width:100%;height:auto}li,tr{break-inside:avoid}h2{break-after:avoid}details{border:0;padding:0}details::details-content{content-visibility:visible;display:block;height:auto}summary{list-style:none}}
`;

/** SHA-256 of the style: the page's own policy lets in this one and no other. */
export const STYLE_HASH = 'sha256-mwBfage989/VkeBdcIRCJ38Nhjdrnf5O4OS7C5+9xSQ=';
