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
    [
      'Alpine without a disk of its own',
      [release('ID=alpine\nPRETTY_NAME="Alpine Linux v3.20"\n'), guestFile('/boot/web1.apkovl.tar.gz', '')],
      /Alpine Linux v3\.20.*\/boot\/web1\.apkovl\.tar\.gz/,
    ],
  ])('%s', (_, nodes, message) => {
    expect(() => surveyGuest(new GuestTree(nodes), false)).toThrow(
      expect.objectContaining({ code: 'GUEST_UNSUPPORTED', message: expect.stringMatching(message) }),
    )
  })

  it('but not their neighbours', () => {
    for (const id of ['fedora', 'alpine', 'flatcar'])
      expect(surveyGuest(new GuestTree([release(`ID=${id}\n`)]), false).os.id).toBe(id)
  })
})
