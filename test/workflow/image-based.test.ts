import { describe, expect, it } from 'vitest'
import { type GuestNode, GuestTree, guestFile } from '../../src/guest/tree.ts'
import { surveyGuest } from '../../src/workflow/survey-guest.ts'

const directory = (path: string): GuestNode => ({
  path,
  kind: 'directory',
  mode: 0o755,
  uid: 0,
  gid: 0,
  size: 0,
})
const release = (text: string) => guestFile('/etc/os-release', text)

describe('guests whose /etc is made elsewhere', () => {
  it.each<[string, GuestNode[], RegExp]>([
    ['NixOS', [guestFile('/etc/NIXOS', '')], /NixOS.*configuration\.nix/],
    ['NixOS by name', [release('ID=nixos\nPRETTY_NAME="NixOS 24.11"\n')], /NixOS 24\.11/],
    [
      'Silverblue',
      [
        directory('/ostree'),
        directory('/ostree/repo'),
        release('ID=fedora\nPRETTY_NAME="Fedora Silverblue"\n'),
      ],
      /Silverblue.*\/ostree\/repo/,
    ],
    ['bootc', [directory('/sysroot/ostree')], /image/],
    ['CoreOS', [release('ID=rhcos\nPRETTY_NAME=RHCOS\n')], /RHCOS/],
    ['Flatcar', [release('ID=flatcar\nPRETTY_NAME=Flatcar\n')], /Flatcar.*read-only/],
  ])('%s', (_, nodes, message) => {
    expect(() => surveyGuest(new GuestTree(nodes), false)).toThrow(
      expect.objectContaining({ code: 'GUEST_UNSUPPORTED', message: expect.stringMatching(message) }),
    )
  })

  it('but not their neighbours', () => {
    expect(surveyGuest(new GuestTree([release('ID=fedora\n')]), false).os.id).toBe('fedora')
  })
})
