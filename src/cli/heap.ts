import { setFlagsFromString } from 'node:v8'

/** Fewer clones do not fill a heap that matters. */
const MANY = 100

/**
 * Has V8 collect garbage when the heap has grown by half, where it would let it grow fourfold: planning many clones makes much of it, and
 * the appliances need the memory. It costs no time that could be measured. The flag is read at each collection, so that it may be set late.
 */
export function keepHeapSmall(clones: number): void {
  if (clones >= MANY) setFlagsFromString('--heap-growing-percent=50')
}
