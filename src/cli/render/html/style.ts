/** The page's only style sheet. Colours of text have a contrast of at least 4.5 on what they stand on, in both schemes. */
export const STYLE = `
:root { color-scheme: light dark; --paper: #fff; --card: #f5f7f9; --ink: #1b2026; --quiet: #56616d; --line: #d3dae1; --accent: #0b5cad; --accent-paper: #e4effa; --bad: #b3261e; --bad-paper: #fdecea; --good: #17652f; --good-paper: #e3f5e8; }
@media (prefers-color-scheme: dark) { :root { --paper: #14181d; --card: #1d232a; --ink: #e6eaef; --quiet: #a2aeba; --line: #38424d; --accent: #7db8f5; --accent-paper: #18304a; --bad: #ff9a91; --bad-paper: #46201d; --good: #86d79c; --good-paper: #17351f; } }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
header, main, footer { max-width: 78rem; margin: 0 auto; padding: 0 1rem; overflow-wrap: anywhere; }
header { padding-top: 2rem; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h4 { margin: 1rem 0 0; font-size: .9rem; }
p { margin: .25rem 0 .75rem; }
a { color: var(--accent); }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; } .skip:focus { left: 1rem; top: .5rem; }
code, pre, .address, .mac, .uuid, .machineId, svg text { font-family: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
code { overflow-wrap: anywhere; }
.tiles { display: flex; flex-wrap: wrap; gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .4rem .9rem; }
.tiles b { display: block; font-size: 1.35rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tiles .bad { background: var(--bad-paper); color: var(--bad); border-color: currentColor; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; padding: 0; margin: 1rem 0 0; list-style: none; }
dl.troubles { margin: 0; } .troubles dt { margin-top: .75rem; } .troubles dd { margin: 0; color: var(--quiet); }
.failures dt { color: var(--bad); }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--quiet); font-weight: 600; border-bottom: 2px solid var(--line); white-space: nowrap; }
tbody { border-bottom: 1px solid var(--line); }
thead button { font: inherit; color: inherit; background: none; border: 0; padding: 0; cursor: pointer; }
thead [aria-sort] button::after { content: " ▲"; } thead [aria-sort=descending] button::after { content: " ▼"; }
td .address, td .mac, td .uuid, td .machineId { font-size: .78rem; }
@media (min-width: 60rem) { .address, .mac { white-space: nowrap; } .wide tbody th { overflow-wrap: break-word; max-width: 14rem; } .lines tbody th, .lines td:not(:last-child) { overflow-wrap: break-word; max-width: 20rem; } }
.lines tbody th { font-weight: 400; }
.failed .written, .failed th { color: var(--bad); font-weight: 600; }
.tools { display: flex; flex-wrap: wrap; gap: .75rem; align-items: baseline; } .tools[hidden] { display: none; }
input { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--quiet); border-radius: .35rem; padding: .3rem .5rem; max-width: 100%; }
.tools output { color: var(--quiet); }
figure { margin: 0 0 2rem; } figcaption { font-weight: 600; margin-bottom: .6rem; }
svg { display: block; width: 100%; max-width: 66rem; height: auto; }
svg.narrow { display: none; max-width: 30rem; }
svg text { font-size: 11px; fill: var(--ink); } svg .name { font-weight: 700; } svg text.mac { fill: var(--quiet); }
svg .wire { fill: none; stroke: var(--quiet); stroke-width: 1.5; }
svg .clone { fill: var(--card); stroke: var(--line); } svg .end { fill: var(--paper); stroke: var(--quiet); }
svg .switch { fill: var(--accent-paper); stroke: var(--accent); } svg .label { font-weight: 700; fill: var(--accent); }
details { border: 1px solid var(--line); border-radius: .5rem; margin: 0 0 .4rem; background: var(--card); }
summary { padding: .45rem .75rem; cursor: pointer; } details.part { padding: 0 .5rem .1rem; background: none; } details.part > summary { margin: 0 -.5rem; } details section { padding: 0 .75rem; }
details p { color: var(--quiet); font-size: .875rem; margin: 0 0 .3rem; }
pre { margin: 0 0 .75rem; padding: .5rem .75rem; overflow-x: auto; font-size: .78rem; line-height: 1.45; background: var(--paper); border: 1px solid var(--line); border-radius: .35rem; }
pre i { color: var(--quiet); } pre b { color: var(--accent); font-weight: 400; }
pre ins, pre del { text-decoration: none; } pre ins { color: var(--good); background: var(--good-paper); } pre del { color: var(--bad); background: var(--bad-paper); }
.timings td:last-child, .timings th:last-child { text-align: right; font-variant-numeric: tabular-nums; } .timings table { max-width: 26rem; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2rem; color: var(--quiet); font-size: .875rem; }
@media (max-width: 60rem) {
  .wide table, .wide tbody, .wide tr, .wide td, .wide tbody th { display: block; }
  .wide thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .wide tbody { border: 1px solid var(--line); border-radius: .5rem; background: var(--card); padding: .5rem .75rem; margin-bottom: .5rem; }
  .wide tr + tr { border-top: 1px dashed var(--line); margin-top: .3rem; padding-top: .3rem; }
  .wide td, .wide tbody th { padding: .05rem 0; } .wide td:empty { display: none; } .wide tbody th { font-size: 1rem; }
  .wide td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); } .wide td::before { content: attr(data-label); color: var(--quiet); }
}
@media (min-width: 36rem) and (max-width: 60rem) { .wide table { display: grid; grid-template-columns: repeat(auto-fill, minmax(21rem, 1fr)); gap: .5rem; } .wide tbody { margin: 0; } }
@media screen and (max-width: 42rem) { svg.wide { display: none; } svg.narrow { display: block; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --quiet: #444; --line: #bbb; --accent: #0b4a8a; --accent-paper: #eef4fb; --bad: #a01810; --bad-paper: #fff; --good: #0d5426; --good-paper: #fff; }
  @page { margin: 14mm; }
  body { font-size: 10pt; } header { padding-top: 0; } nav, .tools, .skip, #changes details:not([open]) { display: none; }
  .wide table { display: table; } .wide thead { display: table-header-group; position: static; clip-path: none; } .wide tbody { display: table-row-group; border: 0; } .wide tr { display: table-row; border-top: 1px solid var(--line); }
  .wide td, .wide tbody th { display: table-cell; padding: 2pt 6pt 2pt 0; font-size: 7.5pt; } .wide td:empty { display: table-cell; } .wide td::before { content: none; } td .address, td .mac, td .uuid, td .machineId { font-size: 6pt; } td .address, td .mac, td .machineId { white-space: nowrap; }
  svg, tr, li, dt, details section { break-inside: avoid; } h2, figcaption { break-after: avoid; } pre { white-space: pre-wrap; }
}
@media screen { .on-paper { display: none; } }
`
