import { parentPort } from 'node:worker_threads'
import { GuestTree } from '../../guest/tree.ts'
import { givenTo } from '../../identity/taken.ts'
import { readTemplate } from '../../machine/clone/template.ts'
import { selectOperations } from '../select.ts'
import { surveyGuest } from '../survey-guest.ts'
import { loadDigester } from './digest.ts'
import { planRow } from './draft-all.ts'
import { groundOf } from './ground.ts'
import type { ApartGround, Outline } from './plan-threads.ts'
import type { BatchRow } from './types.ts'

/** Plans rows on ground that is described first, and says of each what a report needs. */
type Planner = (rows: readonly BatchRow[]) => (Outline | undefined)[]

let planner: Promise<Planner> | undefined

parentPort?.on('message', (message: ApartGround | readonly BatchRow[]) => {
  if ('vmx' in message) {
    planner = plannerOn(message)
    return
  }
  void planner
    ?.then((plan) => plan(message))
    .catch(() => message.map(() => undefined))
    .then((outlines) => parentPort?.postMessage(outlines, outlines.flatMap(ownMemory)))
})

/** The memory of bytes in a digest that is theirs alone: it is handed over and not copied. */
function ownMemory(outline: Outline | undefined): ArrayBuffer[] {
  return Object.values(outline?.digest ?? {}).flatMap((part) =>
    part instanceof Uint8Array && part.buffer instanceof ArrayBuffer && part.buffer.byteLength === part.length
      ? [part.buffer]
      : [],
  )
}

async function plannerOn(given: ApartGround): Promise<Planner> {
  const { vmx, clone, force, guest, vmnets, select, digest, ...same } = given
  const { template } = await readTemplate(vmx, clone, { force })
  const { nodes, selinux, storage } = guest
  const surveyed = surveyGuest(new GuestTree(nodes), selinux)
  const survey = {
    machine: template,
    guest: { ...surveyed, ...(storage === undefined ? {} : { storage }) },
    vmnets,
  }
  const ground = groundOf(template, survey, { ...same, operations: selectOperations(select) })
  const make = await loadDigester(digest)
  return (rows) =>
    rows.map((row) => {
      try {
        const { draft, planned } = planRow(ground, row)
        const { was, card, notices, changes } = planned
        return { given: givenTo(draft.identity), was, card, notices, digest: make?.(row.name, changes) }
      } catch {
        // It is planned once more where its error can be told.
        return undefined
      }
    })
}
