import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { keyfile } from '../../../../src/network/dialects/keyfile.ts'
import { DHCP, nameServers, staticIpv4 } from '../../../support/addressing.ts'
import {
  DIRECTORY,
  keyfileGuest,
  keyfileProfile,
  profileFile,
  runKeyfile,
} from '../../../support/keyfile-guest.ts'
import { keyfileText } from '../../../support/keyfile-text.ts'

const guest = (text: string) => keyfileGuest(profileFile('ens33', text))
const textOf = (tree: ReturnType<typeof guest>) => tree.text(`${DIRECTORY}/ens33`) ?? ''

/** All lines but those that an addressing is written in. */
function others(text: string): string[] {
  const changed = /^(method|address(es)?\d*|gateway|dns|ignore-auto-dns|never-default)\s*=|^\[ipv4\]$|^$/
  return text.split(/\r?\n/).filter((line) => !changed.test(line))
}

describe('any profile', () => {
  test.prop([keyfileText, staticIpv4, nameServers])(
    'takes a static address, reads it back, and keeps every other line',
    (text, want, dns) => {
      const { after } = runKeyfile(guest(text), { ...want, dns })
      expect(keyfileProfile(after).now).toMatchObject({ ...want, dns })
      expect(others(textOf(after))).toEqual(others(text))
    },
  )

  test.prop([keyfileText, staticIpv4])('static, DHCP and static again is the same', (text, want) => {
    const first = runKeyfile(guest(text), want).after
    const dhcp = runKeyfile(first, DHCP).after
    expect(keyfileProfile(dhcp).now.ipv4).toEqual(DHCP.ipv4)
    expect(textOf(dhcp)).not.toMatch(/^(address|gateway)/m)
    expect(keyfileProfile(runKeyfile(dhcp, want).after).now.ipv4).toEqual(want.ipv4)
  })

  test.prop([fc.uint8Array({ maxLength: 200 })])('of arbitrary bytes is read, or passed over', (bytes) => {
    const text = Buffer.from(bytes).toString('latin1')
    const file = profileFile('a', `[connection]\ntype=ethernet\n${text}`)
    expect(keyfile.profiles(keyfileGuest(file)).length).toBeGreaterThan(0)
  })
})
