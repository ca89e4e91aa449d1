/** True in `scripts/test long`: cases that a usual run samples are then all run. */
export const LONG: boolean = process.env.VMCLONE_FIX_LONG_TESTS === '1'
