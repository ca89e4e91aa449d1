import { describe, expect, it } from 'vitest'
import { guestFile } from '../../../../src/guest/tree.ts'
import { ifupdown } from '../../../../src/network/dialects/ifupdown.ts'
import { ifupdownGuest, MAIN, run, STATIC } from '../../../support/ifupdown-guest.ts'

describe('sources', () => {
  it.each([
    ['source /etc/network/interfaces.d/*', 'eth.cfg~'],
    ['source interfaces.d/*.cfg', 'x.cfg'],
    ['source-directory interfaces.d', 'eth1'],
    ['source interfaces', 'x', false],
    ['source-directory interfaces.d', 'x.cfg', false],
    ['source interfaces.d/*', '.hidden', false],
    ['source /run/network/interfaces.d/*', 'x', false],
    ['source ../../../../../etc/network/interfaces.d/*', 'x'],
  ])('%s: %s', (line, name, found = true) => {
    const part = guestFile(
      `/etc/network/interfaces.d/${name}`,
      'source ../interfaces\niface ens33 inet dhcp\n',
    )
    const tree = ifupdownGuest(`auto lo\niface lo inet loopback\n${line}\n`, [part])
    expect(ifupdown.profiles(tree).map((one) => one.file)).toEqual(found ? [part.path] : [])
    if (found) expect(run(tree, STATIC).changes.map((change) => change.path)).toEqual([part.path])
  })
})

describe('what is refused', () => {
  it.each([
    ['iface ens33 inet dhcp\nmapping ens33\n script x\n', 2],
    ['auto ens33=home\niface ens33 inet dhcp\n', 1],
    ['rename ens33=lan0\niface ens33 inet dhcp\n', 1],
    ['iface ens33 inet dhcp inherits base\n', 1],
    ['iface ens33\niface ens33 inet dhcp\n', 1],
  ])('%j', (text, line) => {
    const tree = ifupdownGuest(text)
    expect(() => run(tree, STATIC)).toThrow(
      expect.objectContaining({ code: 'NETWORK_UNSUPPORTED', position: { file: MAIN, line } }),
    )
    expect(() => run(tree, {})).not.toThrow()
  })

  it('two default routes', () => {
    const text = 'iface ens33 inet dhcp\niface ens33 inet static\n address 10.0.0.5/8\n gateway 10.0.0.1\n'
    expect(() => run(ifupdownGuest(text), STATIC)).toThrow(
      expect.objectContaining({ code: 'NETWORK_CONFLICT' }),
    )
  })
})
