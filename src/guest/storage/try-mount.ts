import type { Answer, Session } from '../session.ts'

/** Mounts a file system, whatever becomes of it. `options`: as mount(8) takes them. */
export async function tryMount(
  session: Session,
  {
    device,
    type,
    mountpoint,
  }: { readonly device: string; readonly type: string; readonly mountpoint: string },
  options: readonly string[],
): Promise<Answer> {
  const mount = (): Promise<Answer> => session.attempt('mount-options', options.join(','), device, mountpoint)
  const answer = await mount()
  if (answer.ok || type !== 'btrfs' || !/File exists/.test(answer.error)) return answer
  // The kernel knows another copy of this file system by a later generation, and would not have the earlier one.
  await session.attempt('debug', 'sh', 'btrfs device scan --forget')
  return mount()
}
