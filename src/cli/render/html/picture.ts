import { columnsOf, cut } from '../columns.ts'
import { visible } from '../escape.ts'
import { counted, entities, text } from './markup.ts'
import type { Member, Network } from './networks.ts'

/** A grid of boxes in units of the drawing. */
interface Grid {
  /** Tells two drawings of one network apart. */
  readonly name: 'wide' | 'narrow'
  readonly width: number
  readonly columns: number
}

const GRIDS: readonly Grid[] = [
  { name: 'wide', width: 760, columns: 5 },
  { name: 'narrow', width: 340, columns: 2 },
]

const BOX = { height: 52, gap: 10, row: 70 }

/** Left of the boxes runs the wire that they hang on. */
const LEFT = 16

/** Rows of one drawing, so that a page can be broken between two. */
const ROWS = 8

/** Beyond this a drawing tells nobody anything. */
const MOST = 1024

const MODES = { nat: 'NAT', bridged: 'bridged', hostonly: 'host-only' } as const

/** A network: the host's adapter and the gateway, the switch, and the clones on it. One drawing for wide, one for narrow screens. */
export function* networkPicture(network: Network, index: number): Generator<string> {
  const { name, members } = network
  const shown = members.slice(0, MOST)
  const left = members.length - shown.length
  yield `<figure><figcaption>${text(captionOf(network))}</figcaption>\n`
  for (const grid of GRIDS) {
    const id = `net${index}-${grid.name}`
    const size = ROWS * grid.columns
    yield drawing(
      `${id}-switch`,
      grid,
      headHeight(network),
      `${visible(name)}: switch`,
      headDescription(network),
      head(network, grid),
    )
    for (let from = 0; from < shown.length; from += size) {
      const part = shown.slice(from, from + size)
      const rows = Math.ceil(part.length / grid.columns)
      const title = `${visible(name)}: ${visible(part[0]?.clone ?? '')} to ${visible(part.at(-1)?.clone ?? '')}`
      const last = from + size >= shown.length
      yield drawing(
        `${id}-${from}`,
        grid,
        rows * BOX.row,
        title,
        `${counted(part.length, 'clone')}; the table has their addresses.`,
        boxes(part, grid, last),
      )
    }
  }
  if (left > 0) yield `<p>${counted(left, 'more clone')} on this network: see the table.</p>\n`
  yield '</figure>\n'
}

function captionOf({ name, mode, subnet, members }: Network): string {
  const facts = [...(mode === undefined ? [] : [MODES[mode]]), ...(subnet === undefined ? [] : [subnet])]
  return `${name}${facts.length === 0 ? '' : ` (${facts.join(', ')})`}: ${counted(members.length, 'network card')}`
}

function headDescription({ hostAdapter, gateway }: Network): string {
  const parts = [
    ...(hostAdapter === undefined ? [] : [`The host has ${hostAdapter}.`]),
    ...(gateway === undefined ? [] : [`The gateway is ${gateway}.`]),
  ]
  return parts.join(' ') || 'Host adapter and gateway are not known.'
}

function drawing(
  id: string,
  grid: Grid,
  height: number,
  title: string,
  description: string,
  inner: string,
): string {
  return `<svg class="${grid.name}" viewBox="0 0 ${grid.width} ${height}" role="img" aria-labelledby="${id}-t ${id}-d">
<title id="${id}-t">${entities(title)}</title><desc id="${id}-d">${entities(description)}</desc>
${inner}</svg>\n`
}

/** Where the switch begins: without a host adapter and a gateway nothing stands above it. */
function switchTop({ hostAdapter, gateway }: Network): number {
  return hostAdapter === undefined && gateway === undefined ? 1 : 61
}

function headHeight(network: Network): number {
  return switchTop(network) + 43
}

function head(network: Network, { width }: Grid): string {
  const { name, mode, subnet, hostAdapter, gateway } = network
  const [wide, top] = [150, switchTop(network)]
  const label = [
    name,
    ...(mode === undefined ? [] : [MODES[mode]]),
    ...(subnet === undefined ? [] : [subnet]),
  ].join(' · ')
  const end = (x: number, what: string, address: string) =>
    `<rect class="end" x="${x}" y="1" width="${wide}" height="40" rx="6"/><text class="name" x="${x + 10}" y="17">${what}</text><text x="${x + 10}" y="33">${text(address)}</text><path class="wire" d="M${x + wide / 2} 41v20"/>\n`
  return [
    hostAdapter === undefined ? '' : end(1, 'Host adapter', hostAdapter),
    gateway === undefined ? '' : end(width - wide - 1, 'Gateway', gateway),
    `<rect class="switch" x="1" y="${top}" width="${width - 2}" height="26" rx="6"/>`,
    `<text class="label" x="${width / 2}" y="${top + 17}" text-anchor="middle">${fitted(label, width - 30)}</text>`,
    `<path class="wire" d="M${LEFT / 2} ${top + 26}v17"/>\n`,
  ].join('')
}

function boxes(members: readonly Member[], { width, columns }: Grid, last: boolean): string {
  const wide = (width - LEFT - 1 - (columns - 1) * BOX.gap) / columns
  const rows = Math.ceil(members.length / columns)
  const x = (column: number) => LEFT + column * (wide + BOX.gap)
  const wires = Array.from({ length: rows }, (_, row) => {
    const end = Math.min(columns, members.length - row * columns) - 1
    const drops = Array.from(
      { length: end + 1 },
      (_, column) => `M${round(x(column) + wide / 2)} ${row * BOX.row + 8}v8`,
    )
    return `M${LEFT / 2} ${row * BOX.row + 8}H${round(x(end) + wide / 2)}${drops.join('')}`
  })
  const trunk = `M${LEFT / 2} 0V${last ? (rows - 1) * BOX.row + 8 : rows * BOX.row}`
  const drawn = members.map((member, index) => {
    const [left, top] = [x(index % columns), Math.floor(index / columns) * BOX.row + 16]
    return box(member, round(left), top, round(wide))
  })
  return `<path class="wire" d="${trunk}${wires.join('')}"/>\n${drawn.join('')}`
}

function box({ clone, address, mac }: Member, x: number, y: number, width: number): string {
  const room = width - 16
  return `<rect class="clone" x="${x}" y="${y}" width="${width}" height="${BOX.height}" rx="5"/><text class="name" x="${x + 8}" y="${y + 15}">${fitted(clone, room)}</text><text x="${x + 8}" y="${y + 30}">${fitted(address, room)}</text><text class="mac" x="${x + 8}" y="${y + 44}">${fitted(mac, room)}</text>\n`
}

/** A character of the drawing's type, 11 units high and of fixed width. */
const CHARACTER = 6.7

function fitted(raw: string, room: number): string {
  const shown = visible(raw)
  const columns = Math.floor(room / CHARACTER)
  return entities(columnsOf(shown) <= columns ? shown : cut(shown, columns))
}

function round(units: number): number {
  return Math.round(units * 10) / 10
}
