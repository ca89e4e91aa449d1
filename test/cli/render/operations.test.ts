import { expect, it } from 'vitest'
import { renderOperations } from '../../../src/cli/render/operations.ts'
import { OPERATIONS } from '../../../src/operations/index.ts'

it('lists operations one a line, and says what a group names', () => {
  const text = renderOperations(OPERATIONS, { width: 120, paint: (_, words) => words })
  expect(text).toMatch(/^machine-id +on {3}Give the guest/m)
  expect(text).toMatch(/^reset-tailscale +off {2}Reset Tailscale$/m)
  expect(text).toContain('\nreset-agents names all from reset-rhsm to reset-cockpit.\n')
})
