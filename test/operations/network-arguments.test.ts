import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import type { NicIdentity } from '../../src/identity/identity.ts'
import { nicNames } from '../../src/operations/nic-names.ts'
import { identityOf, nicOf, run, surveyOf } from '../support/clone.ts'

const macChange = { from: ['00:0c:29:aa:bb:cc'], to: '00:50:56:01:02:03' }
const moved: Partial<NicIdentity> = { macChange }
const fixed: Partial<NicIdentity> = {
  addressing: { ipv4: { method: 'static', address: '10.0.9.6', prefix: 24 } },
}

describe('kernel arguments', () => {
  it.each<[string, string, Partial<NicIdentity>, string]>([
    [
      '/etc/default/grub',
      'GRUB_CMDLINE_LINUX="quiet ifname=lan0:00:0C:29:AA:BB:CC"\n',
      moved,
      'ifname=lan0:00:0C:29:AA:BB:CC',
    ],
    [
      '/boot/loader/entries/a.conf',
      'options ro BOOTIF=01-00-0c-29-aa-bb-cc\n',
      moved,
      'BOOTIF=01-00-0c-29-aa-bb-cc',
    ],
    [
      '/etc/kernel/cmdline',
      'ip=10.0.9.5::10.0.9.1:255.255.255.0:tpl:ens33:none',
      fixed,
      'ip=10.0.9.5::10.0.9.1:255.255.255.0:tpl:ens33:none',
    ],
    ['/etc/kernel/cmdline', 'ip=10.0.9.6::10.0.9.1:255.255.255.0:tpl:ens33:none', fixed, ''],
    ['/etc/kernel/cmdline', 'ip=dhcp rd.neednet=1', fixed, ''],
    ['/etc/kernel/cmdline', 'ip=10.0.9.5', moved, ''],
    ['/etc/kernel/cmdline', 'ifname=lan0:00:50:56:01:02:03', moved, ''],
    ['/etc/default/grub', '# ifname=lan0:00:0c:29:aa:bb:cc\n', moved, ''],
  ])('are told of where they are the template’s: %s %j', (path, text, nic, told) => {
    const { changes, notices } = run(
      surveyOf([guestFile(path, text)]),
      identityOf({ nics: [nicOf(nic)] }),
      nicNames,
    )
    expect(changes).toEqual([])
    expect(notices.map(({ code, message }) => [code, message])).toEqual(
      told === '' ? [] : [['kernel-cmdline-network', expect.stringContaining(`has ${told} (${path})`)]],
    )
  })

  it('make one notice, however many files repeat them', () => {
    const nodes = ['a', 'b'].map((name) =>
      guestFile(`/boot/loader/entries/${name}.conf`, 'options ifname=lan0:00:0c:29:aa:bb:cc\n'),
    )
    expect(run(surveyOf(nodes), identityOf({ nics: [nicOf(moved)] }), nicNames).notices).toHaveLength(1)
  })
})
