import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { netplan } from '../../src/network/dialects/netplan.ts'
import { cloudInit } from '../../src/operations/cloud-init.ts'
import { findCloudInit } from '../../src/operations/cloud-init-found.ts'
import { identityOf, nicOf, run, surveyOf } from '../support/clone.ts'
import { link } from '../support/ifupdown-guest.ts'

const GUARD = '/etc/cloud/cloud.cfg.d/zz-vmclone-fix.cfg'
const NETPLAN = 'network:\n  ethernets:\n    ens33: {dhcp4: true}\n'

function nodes(files: Readonly<Record<string, string>> = {}, more: readonly GuestNode[] = []): GuestNode[] {
  const all = {
    '/etc/cloud/cloud.cfg': 'preserve_hostname: false\nsystem_info: {distro: ubuntu}\n',
    '/usr/bin/cloud-init': '',
    '/usr/sbin/netplan': '',
    '/etc/netplan/50-cloud-init.yaml': NETPLAN,
    ...files,
  }
  return [...Object.entries(all).map(([path, text]) => guestFile(path, text)), ...more]
}

function identity(tree: readonly GuestNode[]) {
  const [profile] = netplan.profiles(new GuestTree(tree))
  const ipv4 = { method: 'static', address: '10.0.0.9', prefix: 24, gateway: '10.0.0.1' } as const
  const nic = nicOf({
    addressing: { ipv4 },
    macChange: { from: ['00:0c:29:00:00:01'], to: '00:50:56:00:00:01' },
    ...(profile && { profile }),
  })
  return identityOf({ nics: [nic], hostname: { short: 'node1' }, sshKeys: { policy: 'set', pairs: [] } })
}

function plan(files: Readonly<Record<string, string>>, more: readonly GuestNode[] = []) {
  const before = nodes(files, more)
  const outcome = run(surveyOf(before), identity(before), cloudInit)
  const again = run(surveyOf(outcome.after.guest.tree.nodes()), identity(before), cloudInit)
  expect(again.changes).toEqual([])
  return { ...outcome, codes: outcome.notices.map(({ code }) => code) }
}

/** The guard's settings, its header aside. */
const settings = (text: string | undefined) => text?.replace(/^#.*\n/gm, '')

describe('the guard', () => {
  it('says what was set, in a new file', () => {
    const { changes, text, codes } = plan({})
    expect(settings(text(GUARD))).toBe(
      'network:\n  config: disabled\npreserve_hostname: true\nssh_deletekeys: false\n',
    )
    expect(changes).toMatchObject([
      { path: GUARD, mode: 0o644, owner: { uid: 0, gid: 0 }, labelLike: '/etc/cloud/cloud.cfg' },
    ])
    expect(codes).toEqual(['cloud-init-guarded'])
  })

  it('says nothing that other files say already', () => {
    const { text } = plan({
      '/etc/cloud/cloud.cfg.d/subiquity-disable-cloudinit-networking.cfg': 'network: {config: disabled}\n',
      '/etc/cloud/cloud.cfg.d/90-keys.cfg': 'ssh_deletekeys: no\nmanage_etc_hosts: true\n',
    })
    expect(settings(text(GUARD))).toBe('preserve_hostname: true\nmanage_etc_hosts: false\n')
  })

  it('leaves nothing to a file that cannot be read', () => {
    const { text } = plan({
      '/etc/cloud/cloud.cfg.d/01_image.cfg': 'manage_etc_hosts: true\nshell: a\nshell: b\n',
    })
    expect(settings(text(GUARD))).toContain('manage_etc_hosts: false\n')
  })

  it('is completed where it is there', () => {
    const { text } = plan({ [GUARD]: '# mine\npreserve_hostname: true # yes\nnetwork: {}\n' })
    expect(text(GUARD)).toBe(
      '# mine\npreserve_hostname: true # yes\nnetwork: {config: disabled}\nssh_deletekeys: false\n',
    )
  })

  it.each([
    ['keep', ['ssh_deletekeys: false']],
    ['delete', []],
    ['leave', []],
  ] as const)('SSH host keys under the policy "%s"', (policy, lines) => {
    const guest = nodes()
    const { text } = run(surveyOf(guest), identityOf({ sshKeys: { policy } }), cloudInit)
    expect(settings(text(GUARD))?.split('\n').filter(Boolean) ?? []).toEqual(lines)
  })

  it('is left out where nothing was set, and where cloud-init does not run', () => {
    const still = nodes()
    expect(run(surveyOf(still), identityOf({}), cloudInit).changes).toEqual([])
    expect(plan({ '/etc/cloud/cloud-init.disabled': '' }).changes).toEqual([])
    const without = still.filter(({ path }) => path !== '/usr/bin/cloud-init')
    expect(run(surveyOf(without), identity(still), cloudInit).changes).toEqual([])
  })

  it('says where a later file wins', () => {
    expect(plan({ '/etc/cloud/cloud.cfg.d/zzz.cfg': 'preserve_hostname: false\n' }).codes).toEqual([
      'cloud-init-guarded',
      'cloud-init-overruled',
    ])
  })
})

describe('the source of the network', () => {
  const SOURCE = '/etc/cloud/cloud.cfg.d/90-installer-network.cfg'

  it('gets the same addressing, found by the name of its interface', () => {
    const { text } = plan({
      [SOURCE]:
        'network:\n  version: 2\n  ethernets:\n    lan: {match: {macaddress: "00:0C:29:00:00:01"}, set-name: ens33, dhcp4: true}\n    ens34: {dhcp4: true}\n',
    })
    expect(text(SOURCE)).toBe(
      'network:\n  version: 2\n  ethernets:\n    lan: {match: {macaddress: "00:50:56:00:00:01"}, set-name: ens33, dhcp4: false, addresses: [10.0.0.9/24], routes: [{to: 0.0.0.0/0, via: 10.0.0.1}]}\n    ens34: {dhcp4: true}\n',
    )
  })

  it.each([
    ['version 1', 'network:\n  version: 1\n  config:\n  - {type: physical, name: ens33}\n'],
    ['an alias', 'x: &x {dhcp4: true}\nnetwork: {version: 2, ethernets: {ens33: *x}}\n'],
  ])('is left, with a notice: %s', (_, text) => {
    const { codes, changes } = plan({ [SOURCE]: text })
    expect(codes).toEqual(['cloud-init-source-left', 'cloud-init-guarded'])
    expect(changes.map(({ path }) => path)).toEqual([GUARD])
  })
})

describe('the datasource', () => {
  const named = (files: Readonly<Record<string, string>>, more: readonly GuestNode[] = []) =>
    findCloudInit(new GuestTree(nodes(files, more)))?.datasource

  it('is what the last boot used', () => {
    const instance = link('/var/lib/cloud/instance', '/var/lib/cloud/instances/i-1')
    const file = {
      '/var/lib/cloud/instances/i-1/datasource': 'DataSourceVMware: DataSourceVMware [seed=imc]\n',
    }
    expect(named(file, [instance])).toBe('VMware')
  })

  it.each([
    ['a seed', { '/var/lib/cloud/seed/nocloud-net/meta-data': '' }, 'NoCloud'],
    [
      'the only one in the list',
      { '/etc/cloud/cloud.cfg.d/90_dpkg.cfg': 'datasource_list: [ VMware, None ]\n' },
      'VMware',
    ],
    ['None', { '/etc/cloud/cloud.cfg.d/99-installer.cfg': 'datasource_list: [None]\n' }, 'None'],
    ['ds-identify’s', { '/etc/cloud/ds-identify.cfg': 'policy: enabled\ndatasource: OVF\n' }, 'OVF'],
    [
      'one of many',
      { '/etc/cloud/cloud.cfg.d/90_dpkg.cfg': 'datasource_list: [ VMware, OVF, None ]\n' },
      undefined,
    ],
    ['unknown', { '/etc/cloud/cloud.cfg.d/broken.cfg': 'a: [\n' }, undefined],
  ])('else %s', (_, files, expected) => {
    expect(named(files)).toBe(expected)
  })
})
