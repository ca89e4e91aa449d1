import { describe, expect, it } from 'vitest'
import { chooseProfiles, type NicToPlace } from '../../src/network/choose.ts'
import type { Profile } from '../../src/network/model.ts'

function profile(name: string, more: Partial<Profile> = {}): Profile {
  return {
    dialect: 'ifupdown',
    name,
    interfaceName: name,
    file: '/etc/network/interfaces',
    now: {},
    defaultRoute: false,
    ...more,
  }
}

function nic(device: string, more: Partial<NicToPlace> = {}): NicToPlace {
  return { device, macs: [], required: true, ...more }
}

const MAC = '00:0c:29:00:00:01'
const NEW = '00:50:56:00:00:01'

describe('chooseProfiles', () => {
  it.each<[string, NicToPlace[], Profile[], Record<string, string>]>([
    [
      'the name given',
      [nic('ethernet0', { profile: 'b', macs: [MAC] })],
      [profile('a', { mac: MAC }), profile('b')],
      { ethernet0: 'b' },
    ],
    [
      'the MAC before the slot',
      [nic('ethernet0', { macs: [MAC], pciSlotNumber: 33 })],
      [profile('ens33'), profile('lan', { mac: MAC })],
      { ethernet0: 'lan' },
    ],
    [
      'the MAC that an earlier run wrote',
      [nic('ethernet0', { macs: [MAC], newMac: NEW, pciSlotNumber: 33 })],
      [profile('ens33'), profile('lan', { mac: NEW })],
      { ethernet0: 'lan' },
    ],
    [
      'MACs that change places',
      [nic('ethernet0', { macs: [MAC], newMac: NEW }), nic('ethernet1', { macs: [NEW], newMac: MAC })],
      [profile('a', { mac: NEW }), profile('b', { mac: MAC })],
      { ethernet0: 'b', ethernet1: 'a' },
    ],
    [
      'the slot',
      [nic('ethernet0', { pciSlotNumber: 160 })],
      [profile('ens33', { defaultRoute: true }), profile('ens160')],
      { ethernet0: 'ens160' },
    ],
    [
      'the slot of a bridge’s port',
      [nic('ethernet0', { pciSlotNumber: 33 })],
      [profile('br0', { ports: ['ens33'] }), profile('x', { defaultRoute: true })],
      { ethernet0: 'br0' },
    ],
    [
      'the default route',
      [nic('ethernet0')],
      [profile('eth0'), profile('eth1', { defaultRoute: true })],
      { ethernet0: 'eth1' },
    ],
    ['the only one', [nic('ethernet0')], [profile('eth0')], { ethernet0: 'eth0' }],
    [
      'none where none is needed',
      [nic('ethernet0', { required: false })],
      [profile('eth0'), profile('eth1')],
      {},
    ],
    [
      'no profile twice',
      [nic('ethernet0', { pciSlotNumber: 33 }), nic('ethernet1')],
      [profile('ens33', { defaultRoute: true }), profile('ens34')],
      { ethernet0: 'ens33', ethernet1: 'ens34' },
    ],
    [
      'the one that needs it',
      [nic('ethernet0', { required: false }), nic('ethernet1')],
      [profile('eth0')],
      { ethernet1: 'eth0' },
    ],
  ])('%s', (_, nics, profiles, expected) => {
    const chosen = [...chooseProfiles(nics, profiles)].map(([device, one]) => [device, one.name])
    expect(Object.fromEntries(chosen)).toEqual(expected)
  })

  it('names both where it is not sure, and the option', () => {
    expect(() => chooseProfiles([nic('ethernet0')], [profile('eth0'), profile('eth1')])).toThrow(
      expect.objectContaining({
        code: 'PROFILE_AMBIGUOUS',
        message: expect.stringMatching(/eth0 .* and eth1 .* ethernet0/),
        hint: expect.stringContaining('--profile NAME, or --nic ethernet0,profile=NAME'),
      }),
    )
  })

  it('does not hand the default route to one of two', () => {
    const nics = [nic('ethernet0'), nic('ethernet1')]
    expect(() => chooseProfiles(nics, [profile('a', { defaultRoute: true }), profile('b')])).toThrow(
      expect.objectContaining({ code: 'PROFILE_AMBIGUOUS' }),
    )
  })

  it.each([
    ['a name that is not there', [nic('ethernet0', { profile: 'x' })], [profile('eth0')]],
    [
      'one name for two NICs',
      [nic('ethernet0', { profile: 'eth0' }), nic('ethernet1', { profile: 'eth0' })],
      [profile('eth0')],
    ],
    ['a guest without profiles', [nic('ethernet0')], []],
  ])('refuses %s', (_, nics, profiles) => {
    expect(() => chooseProfiles(nics, profiles)).toThrow(
      expect.objectContaining({ code: 'PROFILE_NOT_FOUND' }),
    )
  })

  it('gives a shared profile to every NIC that asks and finds no other, and to none besides', () => {
    const all = profile('all', { shared: true, defaultRoute: true })
    const own = profile('ens33', { mac: MAC })
    const nics = [nic('ethernet0', { macs: [MAC] }), nic('ethernet1'), nic('ethernet2')]
    expect([...chooseProfiles(nics, [all, own])]).toEqual([
      ['ethernet0', own],
      ['ethernet1', all],
      ['ethernet2', all],
    ])
    expect(chooseProfiles([nic('ethernet0')], [all, own]).get('ethernet0')).toBe(own)
    expect(chooseProfiles([nic('ethernet0', { required: false })], [all]).size).toBe(0)
    expect(chooseProfiles([nic('ethernet0', { profile: 'all' })], [all, own]).get('ethernet0')).toBe(all)
  })
})
