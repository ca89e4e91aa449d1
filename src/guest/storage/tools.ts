import { VmcloneError } from '../../errors/index.ts'
import type { Session } from '../session.ts'

/** What the appliance may lack, by libguestfs's name of it. */
const TOOLS = {
  lvm2: ['LVM', 'lvm2 (Debian, Ubuntu, Fedora, RHEL)'],
  mdadm: ['software RAID', 'mdadm (Debian, Ubuntu, Fedora, RHEL)'],
  gdisk: ['a GUID partition table', 'gdisk (Debian, Ubuntu, Fedora, RHEL)'],
  luks: ['LUKS encryption', 'cryptsetup-bin (Debian, Ubuntu) or cryptsetup (Fedora, RHEL)'],
} as const

/** Throws FILESYSTEM_TOOL_MISSING, with the package, if the appliance cannot handle what a device holds. */
export async function requireTool(session: Session, tool: keyof typeof TOOLS, device: string): Promise<void> {
  const { ok } = await session.attempt('available', tool)
  if (ok) return
  const [what, packages] = TOOLS[tool]
  throw new VmcloneError(
    'FILESYSTEM_TOOL_MISSING',
    `${device} holds ${what}, for which the appliance has no tools`,
    { hint: `Install ${packages} on this host.` },
  )
}
