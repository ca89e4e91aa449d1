import { fc, test } from '@fast-check/vitest'
import { describe, expect, it } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import type { MacChange } from '../../src/network/model.ts'
import { nicNames } from '../../src/operations/nic-names.ts'
import { identityOf, nicOf, type Outcome, run, surveyOf } from '../support/clone.ts'

const OLD = '00:0c:29:aa:bb:cc'
const NEW = '00:50:56:01:02:03'
const RULES = '/etc/udev/rules.d/70-persistent-net.rules'
const LINK = '/etc/systemd/network/10-lan.link'
const set: MacChange = { from: [OLD, '00:0c:29:aa:bb:dd'], to: NEW }
const unpin: MacChange = { from: [OLD] }

function plan(path: string, text: string, mac: MacChange): Outcome {
  return run(surveyOf([guestFile(path, text)]), identityOf({ nics: [nicOf({ macChange: mac })] }), nicNames)
}

describe('nic-names', () => {
  it.each([
    [
      RULES,
      `# ${OLD}\nSUBSYSTEM=="net", ATTR{address}=="${OLD}", NAME="eth0"\n`,
      `# ${OLD}\nSUBSYSTEM=="net", ATTR{address}=="${NEW}", NAME="eth0"\n`,
    ],
    [RULES, `ATTR{address}=="00:0c:29:aa:bb:ce"\r\n`, `ATTR{address}=="00:0c:29:aa:bb:ce"\r\n`],
    [RULES, `ATTR{address}=="${OLD}:ee"\n`, `ATTR{address}=="${OLD}:ee"\n`],
    [
      LINK,
      '[Match]\nMACAddress=00-0C-29-AA-BB-CC  52:54:00:00:00:01 00:0c:29:aa:bb:dd\n[Link]\nName=lan0\n',
      '[Match]\nMACAddress=00-50-56-01-02-03  52:54:00:00:00:01 00:50:56:01:02:03\n[Link]\nName=lan0\n',
    ],
    [
      LINK,
      `[Match]\nPermanentMACAddress=${OLD.toUpperCase()}\n`,
      `[Match]\nPermanentMACAddress=${NEW.toUpperCase()}\n`,
    ],
    [
      '/etc/systemd/network/10-lan.link.d/mac.conf',
      `[Match]\nMACAddress=${OLD}\n`,
      `[Match]\nMACAddress=${NEW}\n`,
    ],
    ['/etc/iftab', `lan0 mac ${OLD}\n`, `lan0 mac ${NEW}\n`],
  ])('ties %s to the new address: %j', (path, before, after) => {
    expect(plan(path, before, set).text(path)).toBe(after)
  })

  it('leaves one name to an interface that was booted under another address before', () => {
    const rule = (mac: string, name: string) =>
      `# PCI device 0x15ad:0x07b0\nSUBSYSTEM=="net", ATTR{address}=="${mac}", KERNEL=="eth*", NAME="${name}"\n`
    const text = rule(OLD, 'eth0') + rule('00:0c:29:aa:bb:dd', 'eth1') + rule('00:0c:29:00:00:01', 'eth2')
    const profile = {
      dialect: 'ifcfg',
      name: 'eth0',
      interfaceName: 'eth0',
      file: '/x',
      now: {},
      defaultRoute: true,
    }
    const nics = [nicOf({ macChange: set, profile })]
    const after = run(surveyOf([guestFile(RULES, text)]), identityOf({ nics }), nicNames).text(RULES)
    const comment = '# PCI device 0x15ad:0x07b0\n'
    expect(after).toBe(rule(NEW, 'eth0') + comment + rule('00:0c:29:00:00:01', 'eth2'))
  })

  it('leaves other files alone', () => {
    expect(plan('/etc/dnsmasq.conf', OLD, set).changes).toEqual([])
  })

  it.each([
    [
      RULES,
      `KERNELS=="0000:02:01.0", ATTR{address}=="${OLD}", NAME="lan0"\n`,
      'KERNELS=="0000:02:01.0", NAME="lan0"\n',
    ],
    [
      LINK,
      `[Match]\nPath=pci-0000:02:01.0\nMACAddress=${OLD}\n[Link]\nName=lan0\n`,
      '[Match]\nPath=pci-0000:02:01.0\n[Link]\nName=lan0\n',
    ],
    [LINK, `[Match]\nOriginalName=*\n[Link]\nMACAddress=${OLD}\n`, '[Match]\nOriginalName=*\n[Link]\n'],
  ])('cuts the tie of %s where the name does not depend on it', (path, before, after) => {
    const { text, notices } = plan(path, before, unpin)
    expect(text(path)).toBe(after)
    expect(notices).toEqual([])
  })

  it.each([
    [RULES, `ATTR{address}=="${OLD}", NAME="lan0"\n`],
    [LINK, `[Match]\nMACAddress=${OLD}\n[Link]\nName=lan0\n`],
  ])('tells of a tie that cannot be cut: %s', (path, text) => {
    const { changes, notices } = plan(path, text, unpin)
    expect([changes, notices.map(({ code }) => code)]).toEqual([[], ['mac-pin-left']])
  })

  it('tells of an address that the guest puts over that of the .vmx', () => {
    const { changes, notices } = plan(
      LINK,
      '[Match]\nOriginalName=en*\n[Link]\nMACAddress=02:00:00:00:00:01\n',
      set,
    )
    expect([changes, notices.map(({ code }) => code)]).toEqual([[], ['mac-override']])
  })

  it('tells of a copy in the initramfs, if there is one and the file changed', () => {
    const image = guestFile('/boot/initrd.img-6.1.0-13-amd64', '')
    const survey = surveyOf([image, guestFile(LINK, `[Match]\nMACAddress=${OLD}\n`)])
    const identity = identityOf({ nics: [nicOf({ macChange: set })] })
    const once = run(survey, identity, nicNames)
    expect(once.notices.map(({ code }) => code)).toEqual(['initramfs-copy'])
    expect(run(once.after, identity, nicNames)).toMatchObject({ changes: [], notices: [] })
  })

  const part = fc.constantFrom(
    OLD,
    NEW,
    '00:0c:29:aa:bb:cd',
    'ATTR{address}=="',
    '"',
    ', ',
    '\n',
    '#',
    ' ',
    '-',
    ':',
    'a',
    '\xff',
    '[Link]\n',
    'MACAddress=',
  )
  test.prop([fc.constantFrom(RULES, LINK), fc.array(part).map((parts) => parts.join(''))])(
    'changes addresses only, and twice is once',
    (path, text) => {
      const once = plan(path, text, set).text(path) ?? ''
      expect(mask(once)).toBe(mask(text))
      expect(plan(path, once, set).changes).toEqual([])
    },
  )
})

/** Both addresses look the same: what differs then is no address. */
function mask(text: string): string {
  return text.replaceAll(OLD, '@').replaceAll(NEW, '@')
}
