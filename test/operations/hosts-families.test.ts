import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import type { Identity } from '../../src/identity/identity.ts'
import { hosts } from '../../src/operations/hosts.ts'
import type { Survey } from '../../src/operations/survey.ts'
import { identityOf, nicOf, run, surveyOf } from '../support/clone.ts'

const web = { hostname: { short: 'web' } }
const profile = {
  dialect: 'ifcfg',
  name: 'ens33',
  file: '/etc/sysconfig/network-scripts/ifcfg-ens33',
  now: { ipv4: { method: 'dhcp' } },
  defaultRoute: true,
} as const
const fixed = {
  nics: [nicOf({ profile, addressing: { ipv4: { method: 'static', address: '10.0.9.6', prefix: 24 } } })],
}

describe('hosts, as families keep them', () => {
  const EL = '127.0.0.1   localhost localhost.localdomain localhost4\n::1         localhost localhost6\n'
  const family = (release: string, text: string) =>
    surveyOf([
      guestFile(release, ''),
      guestFile('/etc/hosts', text),
      guestFile('/etc/sysconfig/network', 'HOSTNAME=tpl.lan\n'),
    ])
  const edited = (survey: Survey, more: Partial<Identity>) =>
    run(survey, identityOf({ ...web, ...more }), hosts).text('/etc/hosts')

  it('adds no own line to a stock file of the Red Hat family, and renames one that is there', () => {
    expect(edited(family('/etc/redhat-release', EL), fixed)).toBe(EL)
    const own = (name: string) =>
      `127.0.0.1 ${name}.lan ${name}\n127.0.0.1 localhost4\n::1 ${name}.lan ${name}\n`
    expect(edited(family('/etc/redhat-release', own('tpl')), {})).toBe(own('web'))
  })

  it('follows Photon’s way: the name on a loopback line, or with the address', () => {
    const stock = '::1         ipv6-localhost\n127.0.0.1   localhost\n'
    expect(edited(family('/etc/photon-release', `${stock}127.0.0.1   tpl\n`), {})).toBe(
      `${stock}127.0.0.1   web\n`,
    )
    expect(edited(family('/etc/photon-release', stock), {})).toBe(`${stock}127.0.0.1   web.lan web\n`)
    expect(edited(family('/etc/photon-release', stock), fixed)).toBe(`${stock}10.0.9.6    web.lan web\n`)
  })
})
