import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { parseNic } from '../../../src/cli/options/nic.ts'
import { PARSERS } from '../../../src/cli/options/parse.ts'

const byte = fc.integer({ min: 0, max: 255 })
const ipv4 = fc.tuple(byte, byte, byte, byte).map((parts) => parts.join('.'))
const device = fc.integer({ min: 0, max: 9 }).map((index) => `ethernet${index}`)
const prefix = fc.integer({ min: 1, max: 32 })
const servers = fc.array(ipv4, { minLength: 1, maxLength: 4 })

describe('--nic', () => {
  test.prop({ device, ip: ipv4, prefix, gateway: ipv4, dns: servers })(
    'gives back what was written, whatever the order of its parts',
    (nic) => {
      const parts = [`gateway=${nic.gateway}`, `dns=${nic.dns.join(';')}`, `ip=${nic.ip}/${nic.prefix}`]
      const backwards = [...parts].reverse()
      expect(parseNic([nic.device, ...parts].join(','))).toEqual(nic)
      expect(parseNic([nic.device, ...backwards].join(', '))).toEqual(nic)
    },
  )

  test.prop([fc.string()])('refuses or reads any text, and fails in no other way', (text) => {
    try {
      expect(parseNic(text).device).toMatch(/^ethernet\d+$/)
    } catch (error) {
      expect(error).toMatchObject({ name: 'VmcloneError', exit: 2 })
    }
  })

  test('takes DHCP, a MAC, a profile and names of search domains', () => {
    expect(parseNic('ethernet1,dhcp,mac=vmware,profile=Wired connection 1,search=lab;example.org')).toEqual({
      device: 'ethernet1',
      dhcp: true,
      mac: 'vmware',
      profile: 'Wired connection 1',
      search: ['lab', 'example.org'],
    })
  })

  test('takes the MAC that a card had', () => {
    expect(parseNic('ethernet0,old-mac=00-0C-29-3A-5B-7C,mac=new').oldMac).toBe('00:0c:29:3a:5b:7c')
  })

  test.each([
    ['eth0,ip=10.0.0.5', '"eth0" is no network card'],
    ['ethernet0,10.0.0.5', '"10.0.0.5" is neither dhcp nor a part'],
    ['ethernet0,ipp=10.0.0.5', '"ipp" is no part'],
    ['ethernet0,constructor=1', '"constructor" is no part'],
    ['ethernet0,ip=10.0.0.5,ip=10.0.0.6', 'two values for ip'],
    ['ethernet0,ip=10.0.0.5/24,prefix=16', 'two values for prefix'],
    ['ethernet0,dhcp,ip=10.0.0.5', 'both dhcp and ip'],
    ['ethernet0,netmask=255.0.255.0', 'is no netmask'],
    ['ethernet0,dns=1.1.1.1;;8.8.8.8', '"" is no IP address'],
  ])('refuses %s', (text, fact) => {
    expect(() => parseNic(text)).toThrow(fact)
  })
})

test.prop([servers, fc.constantFrom(',', ', ', ' , ')])('--dns reads comma lists', (list, separator) => {
  expect(PARSERS.dns(list.join(separator))).toEqual(list)
})
