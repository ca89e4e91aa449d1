import { describe, expect, test } from 'vitest'
import { VmcloneError } from '../../../src/errors/index.ts'
import { RowFaults } from '../../../src/workflow/batch/row-faults.ts'
import { row } from './facts.ts'

const ROWS = [row(2, 'one'), row(3, 'two'), row(4, 'three')]
const KNOWN = { line: 3, column: 'ip', message: 'address 10.0.0.5 is that of the template', hint: 'Another.' }

/** What becomes of rows of which these cannot be planned. */
function refused(faults: RowFaults, errors: Readonly<Record<string, string>>): unknown {
  for (const one of ROWS)
    faults.around(one, () => {
      const message = errors[one.name]
      if (message !== undefined) throw new VmcloneError('GATEWAY_UNKNOWN', message)
    })
  try {
    return faults.refuse(ROWS.length)
  } catch (error) {
    return error
  }
}

describe('rows that cannot be planned', () => {
  test('are told together, by line, with what was wrong with them before', () => {
    expect(refused(new RowFaults([KNOWN]), { three: 'no gateway', one: 'no gateway' })).toMatchObject({
      code: 'TABLE_INVALID',
      faults: [{ line: 2, message: 'one: no gateway' }, KNOWN, { line: 4, message: 'three: no gateway' }],
    })
  })

  test('refuse the table also if all could be planned', () => {
    expect(refused(new RowFaults([KNOWN]), {})).toMatchObject({ code: 'TABLE_INVALID', faults: [KNOWN] })
  })

  test('that all have the same fault have one error', () => {
    const all = { one: 'no gateway', two: 'no gateway', three: 'no gateway' }
    expect(refused(new RowFaults(), all)).toMatchObject({ code: 'GATEWAY_UNKNOWN', message: 'no gateway' })
  })

  test('are none', () => {
    expect(refused(new RowFaults(), {})).toBeUndefined()
  })
})
