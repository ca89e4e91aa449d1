import type { GuestNode, GuestTree } from '../../guest/tree.ts'
import type { Change } from '../../transaction/change.ts'
import { type Purpose, removal } from '../edit.ts'

/** Where runlevels' links lie: RHEL 6, SLES 11, Debian. */
const PLACES = ['/etc/rc.d', '/etc/init.d', '/etc']
const USUAL = { levels: '2345', start: '50' }

/** The links that start an init script in the runlevels that it is meant for, in place of those that end it there. */
export function sysvLinks(tree: GuestTree, script: GuestNode, purpose: Purpose): Change[] {
  const place = PLACES.find((path) => tree.glob(`${path}/rc3.d/*`).length > 0)
  if (place === undefined) return []
  const name = script.path.slice(script.path.lastIndexOf('/') + 1)
  const { levels, start } = meantFor(tree.text(script.path) ?? '')
  return [...levels].flatMap((level): Change[] => {
    const directory = `${place}/rc${level}.d`
    const ends = tree.glob(`${directory}/K??${name}`).map((node) => removal(node, purpose))
    const target = place === '/etc/init.d' ? `../${name}` : `../init.d/${name}`
    return [...ends, { at: 'guest', kind: 'link', path: `${directory}/S${start}${name}`, target, ...purpose }]
  })
}

/** What the script's head says: chkconfig's line, or LSB's. */
function meantFor(text: string): { levels: string; start: string } {
  const [, levels, start] = /^#\s*chkconfig:\s*([0-6]+)\s+(\d\d?)\s/m.exec(text) ?? []
  if (levels !== undefined && start !== undefined) return { levels, start: start.padStart(2, '0') }
  const lsb = /^#\s*Default-Start:\s*([0-6 \t]+)$/m.exec(text)?.[1]?.replace(/\s/g, '')
  return { ...USUAL, ...(lsb === undefined ? {} : { levels: lsb }) }
}
