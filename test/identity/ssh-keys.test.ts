import { expect, it } from 'vitest'
import { fingerprintOf } from '../../src/identity/ssh-keys.ts'

it('has no fingerprint for what is no key', () => {
  expect(fingerprintOf('nonsense')).toBeUndefined()
  expect(fingerprintOf('')).toBeUndefined()
})
