import type { GuestTree } from '../guest/tree.ts'
import { filesMatching } from './edit.ts'

/** Where a guest's boot loaders, and the tools that configure them, keep the kernel command line. */
export const KERNEL_ARGUMENT_READS: readonly string[] = [
  '/etc/default/grub',
  '/etc/default/grub.d/*.cfg',
  '/etc/kernel/cmdline',
  '/boot/grub/grub.cfg',
  '/boot/grub/grub.conf',
  '/boot/grub/menu.lst',
  '/boot/grub2/grub.cfg',
  '/boot/grub2/grubenv',
  '/boot/efi/EFI/*/grub.cfg',
  '/boot/efi/EFI/*/grubenv',
  '/boot/extlinux/extlinux.conf',
  '/boot/loader/entries/*.conf',
]

/** The words on the lines of one such file that are no comments, among them its kernel arguments. */
export interface KernelArguments {
  readonly path: string
  readonly words: readonly string[]
}

export function kernelArguments(tree: GuestTree): readonly KernelArguments[] {
  return tree.recall(readKernelArguments)
}

function readKernelArguments(tree: GuestTree): KernelArguments[] {
  return filesMatching(tree, KERNEL_ARGUMENT_READS).map(({ path }) => ({
    path,
    words: (tree.text(path) ?? '')
      .split('\n')
      .filter((line) => !/^\s*#/.test(line))
      .flatMap((line) => line.split(/[\s"'\\]+/)),
  }))
}
