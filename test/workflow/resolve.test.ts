import { expect, test } from 'vitest'
import { guestFile } from '../../src/guest/tree.ts'
import { systemDraw } from '../../src/identity/draw.ts'
import { fixedIdentity } from '../../src/identity/fixed.ts'
import type { CloneRequest } from '../../src/identity/request.ts'
import { VmxDocument } from '../../src/machine/vmx/document.ts'
import { resolveIdentity } from '../../src/workflow/resolve.ts'
import { surveyOf } from '../support/clone.ts'
import { vmOf } from '../support/machine.ts'

const NAMED = [
  guestFile('/etc/hostname', 'web1\n'),
  guestFile('/etc/hosts', '127.0.0.1 localhost\n127.0.1.1 web1.example.test web1\n'),
]
const { machine } = vmOf(VmxDocument.parse(Buffer.from('displayName = "x"\n'), 'x.vmx'))

/** Codes of the notices for a VM whose .vmx is called so. */
function codes(vmx: string, request: Partial<CloneRequest> = {}, nodes = NAMED, again = false): string[] {
  const survey = { ...surveyOf(nodes), ...(machine && { machine: { ...machine, name: vmx } }) }
  const made = { draw: systemDraw, fixed: undefined, sshKeys: { policy: 'keep' } } as const
  const whole = { nics: [], hosts: [], enable: [], disable: [], ...request }
  const { identity, notices } = resolveIdentity(survey, whole, made)
  if (!again) return notices.map(({ code }) => code)
  const fixed = fixedIdentity(identity, { oldKeys: [], storageIds: [], resets: [] })
  return resolveIdentity(survey, whole, { ...made, fixed }).notices.map(({ code }) => code)
}

test.each<[string, string[], string[]]>([
  ['its .vmx is called as its guest', codes('web1'), ['hostname-unchanged']],
  ['so is it asked for', codes('web1', { hostname: 'auto' }), ['hostname-unchanged']],
  ['its .vmx is called otherwise', codes('web2'), []],
  ['somebody gave that name', codes('web1', { hostname: 'web1' }), []],
  ['the name is to stay', codes('web1', { hostname: 'keep' }), []],
  ['its guest has no name', codes('web1', {}, []), []],
  ['it was fixed before', codes('web1', {}, NAMED, true), []],
])('notices of a clone where %s: %j', (_when, found, wanted) => {
  expect(found).toEqual(wanted)
})
