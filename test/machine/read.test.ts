import { execFileSync } from 'node:child_process'
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readVmx } from '../../src/machine/read.ts'
import { scratchDirectory } from '../support/scratch.ts'

const scratch = scratchDirectory()

describe('readVmx', () => {
  it('reads a .vmx', async () => {
    const path = join(scratch, 'a.vmx')
    writeFileSync(path, 'displayName = "a"\n')
    expect((await readVmx(path)).get('displayname')).toBe('a')
  })

  it('names the .vmx of a directory that was given instead', async () => {
    const directory = join(scratch, 'vm')
    mkdirSync(directory)
    writeFileSync(join(directory, 'node1.vmx'), '')
    await expect(readVmx(directory)).rejects.toMatchObject({
      code: 'VMX_NOT_FOUND',
      message: expect.stringContaining('is a directory'),
      hint: expect.stringContaining(join(directory, 'node1.vmx')),
    })
  })

  it('does not wait on a pipe', async () => {
    const path = join(scratch, 'pipe.vmx')
    execFileSync('mkfifo', [path])
    await expect(readVmx(path)).rejects.toMatchObject({ code: 'VMX_NOT_FOUND' })
  })

  it('does not load a disk of many gigabytes', async () => {
    const path = join(scratch, 'huge.vmx')
    writeFileSync(path, '')
    truncateSync(path, 2 ** 40)
    await expect(readVmx(path)).rejects.toMatchObject({ code: 'VMX_MALFORMED' })
  })
})
