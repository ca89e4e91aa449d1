import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { runDoctor } from '../../src/guest/doctor.ts'
import { recallAccelerator, rememberAccelerator } from '../../src/guest/finding.ts'
import { kvmUsable } from '../../src/guest/launch.ts'

const cacheDirectory = mkdtempSync(join(tmpdir(), 'vmclone-fix-cache-'))
const finding = join(cacheDirectory, 'accelerator.json')
afterAll(() => rmSync(cacheDirectory, { recursive: true, force: true }))

/** No settings of the tester’s own: KVM is tried. */
const environment = { ...process.env, LIBGUESTFS_BACKEND: '', LIBGUESTFS_BACKEND_SETTINGS: '' }

test('doctor starts an appliance with whatever works here, and the finding is kept', async () => {
  const checks = await runDoctor({ environment, cacheDirectory })
  expect(checks.filter(({ ok }) => ok === 'no')).toEqual([])
  expect(checks.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['guestfish', 'qemu-img', 'appliance', 'KVM', 'ext4', 'free space']),
  )
  const kvm = checks.find(({ name }) => name === 'KVM')
  const kept = await recallAccelerator(cacheDirectory)
  if (await kvmUsable()) expect(kept).toBe(kvm?.ok === 'yes' ? 'kvm' : 'tcg')
  else expect([kvm?.ok, existsSync(finding)]).toEqual(['limited', false])
})

test('a host without the tools is told what to install', async () => {
  const checks = await runDoctor({ environment: { ...environment, PATH: '/nowhere' } })
  const missing = checks.filter(({ ok }) => ok === 'no')
  expect(missing.map(({ name }) => name)).toEqual(['guestfish', 'qemu-img', 'qemu-io'])
  const served = checks.filter(({ name }) => name === 'qemu-storage-daemon')
  expect(served.map(({ ok }) => ok)).toEqual(['limited'])
  for (const { remedy } of [...missing, ...served]) expect(remedy).toMatch(/Install /)
})

test('a finding is forgotten when it is old, of another host, or damaged', async () => {
  await rememberAccelerator(cacheDirectory, 'tcg')
  expect(await recallAccelerator(cacheDirectory)).toBe('tcg')
  const kept: unknown = JSON.parse(readFileSync(finding, 'utf8'))
  const changed = (more: object): string => JSON.stringify({ ...(kept as object), ...more })
  for (const text of [
    changed({ at: Date.now() - 31 * 86_400_000 }),
    changed({ host: 'other' }),
    '{',
    'null',
  ]) {
    writeFileSync(finding, text)
    expect(await recallAccelerator(cacheDirectory)).toBeUndefined()
  }
  await rememberAccelerator(join(finding, 'below-a-file'), 'kvm')
})
