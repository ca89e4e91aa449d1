import { fc, test } from '@fast-check/vitest'
import { describe, expect } from 'vitest'
import { type GuestTree, guestFile } from '../../../src/guest/tree.ts'
import type { NicAddressing } from '../../../src/network/model.ts'
import { DHCP, wholeRequest } from '../../support/addressing.ts'
import { ifcfgFile } from '../../support/ifcfg-file.ts'
import * as ifcfg from '../../support/ifcfg-guest.ts'
import { interfacesFile } from '../../support/ifupdown-file.ts'
import * as ifupdown from '../../support/ifupdown-guest.ts'
import { keyfileGuest, keyfileProfile, profileFile, runKeyfile } from '../../support/keyfile-guest.ts'
import { keyfileText } from '../../support/keyfile-text.ts'
import { netplanFiles } from '../../support/netplan-files.ts'
import * as netplan from '../../support/netplan-guest.ts'
import { networkdFile } from '../../support/networkd-file.ts'
import { networkdGuest, networkdProfile, RESOLVED, runNetworkd } from '../../support/networkd-guest.ts'

/** A guest's tree, what its dialect reads there, and an edit, which must find nothing to do the second time. */
interface Guest {
  readonly tree: GuestTree
  readonly now: (tree: GuestTree) => NicAddressing
  readonly edit: (tree: GuestTree, want: NicAddressing) => { readonly after: GuestTree }
}

const GUESTS: Readonly<Record<string, fc.Arbitrary<Guest>>> = {
  ifcfg: ifcfgFile.map(({ text, reader }) => ({
    tree: ifcfg.ifcfgGuest(text, reader),
    now: (tree) => ifcfg.profileOf(tree).now,
    edit: (tree, want) => ifcfg.run(tree, want),
  })),
  keyfile: keyfileText.map((text) => ({
    tree: keyfileGuest(profileFile('ens33', text)),
    now: (tree) => keyfileProfile(tree).now,
    edit: (tree, want) => runKeyfile(tree, want),
  })),
  netplan: netplanFiles.map(({ text, name }) => ({
    tree: netplan.netplanGuest(text),
    now: (tree) => netplan.profileOf(tree, name).now,
    edit: (tree, want) => netplan.run(tree, want, netplan.NO_MAC, name),
  })),
  ifupdown: fc.tuple(interfacesFile, fc.boolean()).map(([text, hook]) => ({
    tree: ifupdown.ifupdownGuest(text, hook ? [guestFile('/sbin/resolvconf', '')] : []),
    now: (tree) => ifupdown.profileOf(tree).now,
    edit: (tree, want) => ifupdown.run(tree, want),
  })),
  'systemd-networkd': networkdFile.map((text) => ({
    tree: networkdGuest({ '20-lan.network': text }, ...RESOLVED),
    now: (tree) => networkdProfile(tree).now,
    edit: (tree, want) => runNetworkd(tree, want),
  })),
}

describe.each(Object.entries(GUESTS))('%s', (_, guests) => {
  test.prop([guests, wholeRequest], { numRuns: 40 })(
    'all that can be asked for is read back, also after DHCP',
    ({ tree, now, edit }, want) => {
      const first = edit(tree, want).after
      const { ipv6 } = now(tree)
      expect(now(first)).toEqual({ ...(ipv6 ? { ipv6 } : {}), ...want })
      const dhcp = edit(first, DHCP).after
      expect(now(dhcp)).toMatchObject({ ipv4: DHCP.ipv4, ...(want.ipv6 ? { ipv6: want.ipv6 } : {}) })
      expect(now(edit(dhcp, want).after)).toEqual(now(first))
    },
  )
})
